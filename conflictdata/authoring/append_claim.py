"""One more claim in a source file that is there: its text grows at the end, and nothing else in it changes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path

from conflictdata._utils.paths import shown
from conflictdata.findings import UsageError
from conflictdata.readers.text import as_text, read_bytes
from conflictdata.readers.yaml import Block, Node, Text, parse

_EMPTY = re.compile(r"^(claims:)[ ]*\{[ ]*\}", re.MULTILINE)


def with_claim(
    path: Path, source_id: str, retired: Iterable[str], lines: Callable[[int], list[str]]
) -> tuple[int, str]:
    """A source file with one claim more.

    Args:
        path: the file.
        source_id: the id of its page.
        retired: withdrawn ids, whose numbers are not used again.
        lines: the lines of the claim with this number, without margin.

    Returns:
        The claim's number, and the new text of the file.

    Raises:
        UsageError: the file cannot be read, or a claim cannot be put at its end.
    """
    text, root = _read(path)
    claims = root.get("claims")
    number = 1 + max([0, *_numbers(claims), *_withdrawn(source_id, retired)])
    grown = _grown(text, root, claims, lines(number))
    again, troubles = parse(grown, shown(path)) if grown else (None, [])
    if troubles or not isinstance(again, Block) or not _is_grown(root, again, str(number)):
        raise UsageError(
            f"no claim can be put at the end of {shown(path)} as it is written; run `conflictdata fmt {shown(path)}` first"
        )
    return number, grown


def _read(path: Path) -> tuple[str, Block]:
    data, faults = read_bytes(path, shown(path))
    text, more = as_text(data, shown(path)) if data is not None else (None, [])
    root, troubles = parse(text, shown(path)) if text is not None else (None, [])
    if text is None or troubles or faults or more or not isinstance(root, Block):
        raise UsageError(f"{shown(path)} has faults: mend them first, see `conflictdata validate {shown(path)}`")
    return text, root


def _numbers(claims: Node | None) -> list[int]:
    keys = [key.text for key, _ in claims.pairs] if isinstance(claims, Block) else []
    return [int(key) for key in keys if re.fullmatch("[1-9][0-9]{0,3}", key)]


def _withdrawn(source_id: str, retired: Iterable[str]) -> list[int]:
    numbers = (id_.removeprefix(f"{source_id}.") for id_ in retired if id_.startswith(f"{source_id}."))
    return [int(number) for number in numbers if number.isdecimal()]


def _grown(text: str, root: Block, claims: Node | None, lines: list[str]) -> str:
    """The text with the claim at its end; empty where the claims do not stand there."""
    margin = 2
    if claims is None:
        text = f"{text.rstrip()}\n\nclaims:"
    elif isinstance(claims, Block) and claims.pairs:
        margin = claims.pairs[0][0].column - 1
    elif isinstance(claims, Block):
        text = _EMPTY.sub(r"\1", text)
    elif not (isinstance(claims, Text) and not claims.text):
        return ""
    last = root.pairs[-1][0].text if claims is not None else "claims"
    return "\n".join([text.rstrip(), *(" " * margin + line for line in lines), ""]) if last == "claims" else ""


def _is_grown(old: Block, new: Block, number: str) -> bool:
    """True where the new tree is the old one with one claim more."""
    claims = new.get("claims")
    if not isinstance(claims, Block) or not claims.pairs or claims.pairs[-1][0].text != number:
        return False
    claims.pairs.pop()
    before, after = _plain(old), _plain(new)
    return {**before, "claims": before.get("claims") or {}} == after


def _plain(block: Block) -> dict[str, object]:
    return {key.text: _value(value) for key, value in block.pairs}


def _value(node: Node) -> object:
    if isinstance(node, Text):
        return node.text
    return _plain(node) if isinstance(node, Block) else [_value(item) for item in node.items]
