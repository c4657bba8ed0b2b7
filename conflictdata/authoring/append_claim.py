"""Append a claim to an existing source file, without changing the rest of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path

from conflictdata._utils.paths import display_path
from conflictdata.findings import UsageError
from conflictdata.readers.text import decode_text, read_bytes
from conflictdata.readers.yaml import Block, Node, Scalar, parse_yaml

_EMPTY = re.compile(r"^(claims:)[ ]*\{[ ]*\}", re.MULTILINE)


def add_claim(path: Path, source_id: str, retired: Iterable[str], lines: Callable[[int], list[str]]) -> tuple[int, str]:
    """Append a claim to a source file. Nothing is written.

    Args:
        path: The file.
        source_id: Id of its page.
        retired: Withdrawn ids. Their numbers are not used again.
        lines: Returns the lines of the claim with a given number, without indentation.

    Returns:
        The number of the claim, and the new text of the file.

    Raises:
        UsageError: If the file cannot be read, or no claim can be appended to it.
    """
    text, root = _read_source(path)
    claims = root.get("claims")
    number = 1 + max([0, *_list_numbers(claims), *_list_withdrawn_numbers(source_id, retired)])
    new_text = _add_lines(text, root, claims, lines(number))
    new_root, troubles = parse_yaml(new_text, display_path(path)) if new_text else (None, [])
    if troubles or not isinstance(new_root, Block) or not _has_only_new_claim(root, new_root, str(number)):
        raise UsageError(
            f"no claim can be put at the end of {display_path(path)} as it is written; run `conflictdata fmt {display_path(path)}` first"
        )
    return number, new_text


def _read_source(path: Path) -> tuple[str, Block]:
    data, faults = read_bytes(path, display_path(path))
    text, text_faults = decode_text(data, display_path(path)) if data is not None else (None, [])
    root, troubles = parse_yaml(text, display_path(path)) if text is not None else (None, [])
    if text is None or troubles or faults or text_faults or not isinstance(root, Block):
        raise UsageError(
            f"{display_path(path)} has faults: mend them first, see `conflictdata validate {display_path(path)}`"
        )
    return text, root


def _list_numbers(claims: Node | None) -> list[int]:
    keys = [key.text for key, _ in claims.pairs] if isinstance(claims, Block) else []
    return [int(key) for key in keys if re.fullmatch("[1-9][0-9]{0,3}", key)]


def _list_withdrawn_numbers(source_id: str, retired: Iterable[str]) -> list[int]:
    numbers = (id_.removeprefix(f"{source_id}.") for id_ in retired if id_.startswith(f"{source_id}."))
    return [int(number) for number in numbers if number.isdecimal()]


def _add_lines(text: str, root: Block, claims: Node | None, lines: list[str]) -> str:
    """Append the lines of a claim. Returns "" if `claims` is not the last key."""
    margin = 2
    if claims is None:
        text = f"{text.rstrip()}\n\nclaims:"
    elif isinstance(claims, Block) and claims.pairs:
        margin = claims.pairs[0][0].column - 1
    elif isinstance(claims, Block):
        text = _EMPTY.sub(r"\1", text)
    elif not (isinstance(claims, Scalar) and not claims.text):
        return ""
    last = root.pairs[-1][0].text if claims is not None else "claims"
    return "\n".join([text.rstrip(), *(" " * margin + line for line in lines), ""]) if last == "claims" else ""


def _has_only_new_claim(old: Block, new: Block, number: str) -> bool:
    """Return whether the new tree is the old one plus one claim."""
    claims = new.get("claims")
    if not isinstance(claims, Block) or not claims.pairs or claims.pairs[-1][0].text != number:
        return False
    claims.pairs.pop()
    before, after = _convert_block(old), _convert_block(new)
    return {**before, "claims": before.get("claims") or {}} == after


def _convert_block(block: Block) -> dict[str, object]:
    return {key.text: _convert_node(value) for key, value in block.pairs}


def _convert_node(node: Node) -> object:
    if isinstance(node, Scalar):
        return node.text
    return _convert_block(node) if isinstance(node, Block) else [_convert_node(item) for item in node.items]
