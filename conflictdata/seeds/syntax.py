"""What a fault of YAML syntax means to somebody who has never read the standard: place, message and way out.

The parser names the place where it could go no further, which is often not the place of the slip.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import yaml

from conflictdata.findings import Finding, Place
from conflictdata.seeds.problems import problem

_PAIR = re.compile(r"\s*(?:- )?[^\s#][^:]*:\s+(?P<value>\S.*)\Z")
_OPENS_BLOCK = re.compile(r"[|>{\[]")
_SHOWN = 40  # characters of a line that a message shows


class _Told(NamedTuple):
    line: int
    column: int
    message: str
    hint: str


def syntax_problem(fault: yaml.YAMLError, text: str, file: str) -> Finding:
    """The finding for a text that could not be read as YAML.

    Args:
        fault: what the parser raised.
        text: the text.
        file: its name, for the finding.
    """
    what = getattr(fault, "problem", None) or str(fault).splitlines()[0]
    context = getattr(fault, "context", None) or ""
    at, since = getattr(fault, "problem_mark", None), getattr(fault, "context_mark", None)
    mark = at or since
    if mark is None:
        return problem("yaml.syntax", f"not YAML: {what}", Place(file))
    lines = text.split("\n")
    told = _open_quote(lines, mark.line) or _known(what, mark, since, lines)
    if told is None:
        message = f"not YAML: {what}" + (f" ({context})" if context else "")
        told = _Told(mark.line, mark.column, message, "")
    return problem("yaml.syntax", told.message, Place(file, told.line + 1, told.column + 1), hint=told.hint)


def _open_quote(lines: list[str], until: int) -> _Told | None:
    """The first line that opens a quote and does not close it."""
    for number, line in enumerate(lines[: until + 1]):
        if line.replace('\\"', "").count('"') % 2:
            hint = 'Close it with ". A " inside the text is written \\".'
            return _Told(number, line.index('"'), "the quote that opens here is not closed on its line", hint)
    return None


def _known(what: str, mark: Any, since: Any, lines: list[str]) -> _Told | None:
    if "mapping values are not allowed" in what:
        return _second_colon(mark, lines)
    if since is not None and ("',' or '}'" in what or "',' or ']'" in what):
        sign, close = ("{", "}") if "}" in what else ("[", "]")
        hint = f"Close it with {close}, and put a comma between two entries."
        return _Told(since.line, since.column, f"the {sign} that opens here is not closed, or a comma is missing", hint)
    if since is not None and "could not find expected ':'" in what:
        word = lines[since.line][since.column :].strip()[:_SHOWN]
        return _Told(since.line, since.column, f"{word!r} is no `key: value`", "Put `: ` with a space after the key.")
    if "cannot start any token" in what:
        sign = lines[mark.line][mark.column : mark.column + 1]
        return _Told(mark.line, mark.column, f"a text cannot start with {sign!r}", "Put the text in quotes.")
    if "did not find expected key" in what or "expected '-' indicator" in what or "expected <block end>" in what:
        return _indent(mark.line, lines)
    return None


def _second_colon(mark: Any, lines: list[str]) -> _Told:
    """A colon where none may stand: a missing comma, an indent that is off, or a text with a colon."""
    line, before = lines[mark.line], lines[mark.line][: mark.column]
    if before.count("{") > before.count("}"):
        word = before.rsplit(" ", 1)[-1]
        hint = f"Write `, {word}:`; a text with `: ` in it stands in quotes."
        return _Told(mark.line, mark.column - len(word), f"a comma is missing before `{word}:`", hint)
    above = _above(mark.line, lines)
    if above is not None and _spaces(line) > _spaces(lines[above]) and _has_value(lines[above]):
        return _indent(mark.line, lines)
    key, _, value = line.strip().partition(":")
    message = "the text holds `: `, which starts a new value in YAML"
    return _Told(mark.line, mark.column, message, f'Put the text in quotes: {key}: "{value.strip()[:_SHOWN]}...".')


def _has_value(line: str) -> bool:
    found = _PAIR.match(line)
    return bool(found and not _OPENS_BLOCK.match(found["value"]))


def _above(number: int, lines: list[str]) -> int | None:
    return next((n for n in range(number - 1, -1, -1) if lines[n].strip()), None)


def _spaces(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _indent(number: int, lines: list[str]) -> _Told:
    """Of a line and the one above it, the one that is indented by an odd number of spaces; else the line itself."""
    above = _above(number, lines)
    odd = above is not None and _spaces(lines[above]) % 2 == 1 and _spaces(lines[number]) % 2 == 0
    wrong, other = (above, number) if odd and above is not None else (number, above)
    spaces = _spaces(lines[wrong])
    message = f"{spaces} space(s) before `{lines[wrong].strip()[:_SHOWN]}`, which fit no block"
    if other is not None:
        message += f"; line {other + 1} has {_spaces(lines[other])}"
    hint = "Keys of one block start at one column; a block inside another starts two spaces further in."
    return _Told(wrong, spaces, message, hint)
