"""Append a claim to an existing source file, without changing the rest of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path

from conflictdata._utils.paths import display_path
from conflictdata.authoring.compose import convert_to_data
from conflictdata.findings import UsageError
from conflictdata.readers.text import read_text
from conflictdata.readers.yaml import Block, Node, Scalar, parse_yaml

_EMPTY = re.compile(r"^(claims:)[ ]*\{[ ]*\}", re.MULTILINE)
_NUMBER = re.compile(r"[1-9][0-9]{0,3}\Z")


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
    text, root = read_source(path)
    claims = root.get("claims")
    used = [key.text for key, _ in claims.pairs] if isinstance(claims, Block) else []
    used += [id_.removeprefix(f"{source_id}.") for id_ in retired if id_.startswith(f"{source_id}.")]
    number = 1 + max([0, *(int(text) for text in used if _NUMBER.match(text))])
    new_text = _add_lines(text, root, claims, lines(number))
    if not new_text or not _has_only_new_claim(root, new_text, str(number)):
        file = display_path(path)
        raise UsageError(f"cannot append a claim to {file} as it is written; first run `conflictdata fmt {file}`")
    return number, new_text


def read_source(path: Path) -> tuple[str, Block]:
    """Read a source file: its text and its tree.

    Raises:
        UsageError: If it cannot be read without errors.
    """
    file = display_path(path)
    text, faults = read_text(path, file)
    root, troubles = parse_yaml(text, file) if text is not None else (None, [])
    if text is None or troubles or faults or not isinstance(root, Block):
        raise UsageError(f"{file} has errors; to see them, run `conflictdata validate {file}`")
    return text, root


def _add_lines(text: str, root: Block, claims: Node | None, lines: list[str]) -> str:
    """Append the lines of a claim. Returns "" if `claims` is not the last key."""
    margin = 2
    if claims is None:
        text = f"{text.rstrip()}\n\nclaims:"
    elif isinstance(claims, Block) and claims.pairs:
        margin = claims.pairs[0][0].column - 1
    elif isinstance(claims, Block):
        text = _EMPTY.sub(r"\1", text)
    elif not isinstance(claims, Scalar) or claims.text:
        return ""
    last = root.pairs[-1][0].text if claims is not None else "claims"
    if last != "claims":
        return ""
    return "\n".join([text.rstrip(), *(" " * margin + line for line in lines), ""])


def _has_only_new_claim(old: Block, new_text: str, number: str) -> bool:
    """Return whether a text is the old tree plus one claim."""
    new, troubles = parse_yaml(new_text, "")
    claims = new.get("claims") if isinstance(new, Block) and not troubles else None
    if new is None or not isinstance(claims, Block) or not claims.pairs or claims.pairs[-1][0].text != number:
        return False
    claims.pairs.pop()
    old_claims = old.get("claims")
    kept = convert_to_data(old_claims) if isinstance(old_claims, Block) else {}
    return bool(convert_to_data(new) == {**convert_to_data(old), "claims": kept})
