"""JSON as it comes: a list of objects, one a day. Objects within them become columns `outer.inner`."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from typing import Any

import polars as pl

from conflictdata.findings import Finding, Place
from conflictdata.readers.sheet import SourceTable, make_broken_table
from conflictdata.readers.text import LARGEST_JSON, TextFile
from conflictdata.rules.file_rules import make_file_finding

_BLANK = re.compile(r"[\s,]*")
_LIST_HINT = "Give the daily table itself: a JSON list of objects."


class _DuplicateKeyError(ValueError):
    """A key that stands twice in one object."""


def _reject_duplicate_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        times = Counter(key for key, _ in pairs)
        raise _DuplicateKeyError(next(key for key, _ in pairs if times[key] > 1))
    return found


def _refuse_constant(word: str) -> Any:
    raise ValueError(f"{word} is no number of JSON")


# Numbers stay as they are written, so that 1e5, 12.0 and 007 are seen.
_DECODER = json.JSONDecoder(
    object_pairs_hook=_reject_duplicate_keys, parse_float=str, parse_int=str, parse_constant=_refuse_constant
)


def read_json(text: TextFile) -> SourceTable:
    """A JSON file as a sheet."""
    file = text.file
    if text.path.stat().st_size > LARGEST_JSON:
        return make_broken_table(
            file, "file.size", f"the file has more than {LARGEST_JSON:,} bytes", hint="Give it as CSV or Parquet."
        )
    content = text.read_all()
    lines = [0, *(hit.end() for hit in re.finditer(r"\r\n|\n|\r", content))]
    at = len(content) - len(content.lstrip())
    if content[at : at + 1] != "[":
        message = "the file holds one JSON object, and a list of objects is expected"
        return make_broken_table(file, "json.shape", message, bisect_right(lines, at), 1, hint=_LIST_HINT)
    rows, starts, findings = _parse_objects(content, at + 1, file, lines)
    frame = _build_frame(rows)
    return SourceTable(file, frame, findings, _JsonLocator(content, starts, lines), len(findings))


def _parse_objects(
    content: str, at: int, file: str, lines: list[int]
) -> tuple[list[dict[str, str | None]], list[int], list[Finding]]:
    rows: list[dict[str, str | None]] = []
    starts: list[int] = []
    findings: list[Finding] = []

    def add(id_: str, message: str, where: int, hint: str = "") -> None:
        line = bisect_right(lines, where)
        findings.append(make_file_finding(id_, message, Place(file, line, where - lines[line - 1] + 1), hint=hint))

    while True:
        at = _BLANK.match(content, at).end()  # type: ignore[union-attr]
        if content[at : at + 1] == "]" or (at >= len(content) and not rows and not findings):
            break
        if at >= len(content):
            add("json.syntax", "the list does not end; the file may have been cut off", max(0, len(content) - 1))
            break
        try:
            value, end = _DECODER.raw_decode(content, at)
        except _DuplicateKeyError as fault:
            add("json.syntax", f"the key {fault.args[0]!r} stands twice in one object; what follows is not read", at)
            break
        except (ValueError, RecursionError) as fault:
            where = fault.pos if isinstance(fault, json.JSONDecodeError) else at
            why = fault.msg if isinstance(fault, json.JSONDecodeError) else str(fault) or "too deep"
            add("json.syntax", f"not JSON from here on: {why}", min(where, len(content) - 1))
            break
        if isinstance(value, dict):
            rows.append(dict(_flatten(value)))
            starts.append(at)
        else:
            add(
                "json.shape",
                f"an entry of the list is {_describe_kind(value)}, not an object; it is left out",
                at,
                _LIST_HINT,
            )
        at = end
    return rows, starts, findings


def _describe_kind(value: Any) -> str:
    return {list: "a list", str: "a text or a number", bool: "a truth value"}.get(type(value), "empty")


def _flatten(value: dict[str, Any], before: str = "") -> Iterator[tuple[str, str | None]]:
    for key, inner in value.items():
        if isinstance(inner, dict):
            yield from _flatten(inner, f"{before}{key}.")
        elif isinstance(inner, str) or inner is None:
            yield before + key, inner or None
        else:
            yield before + key, json.dumps(inner, ensure_ascii=False)


def _build_frame(rows: list[dict[str, str | None]]) -> pl.DataFrame:
    names = list(dict.fromkeys(name for row in rows for name in row))
    return pl.DataFrame([pl.Series(name, [row.get(name) for row in rows], dtype=pl.String) for name in names])


class _JsonLocator:
    """Line and column of an object, or of a value in it."""

    def __init__(self, content: str, starts: list[int], lines: list[int]) -> None:
        self._content, self._starts, self._lines = content, starts, lines

    def __call__(self, row: int, column: str) -> tuple[int, int]:
        at = self._starts[row]
        if column:
            at = _find_value(self._content, at, column.split("."))
        line = bisect_right(self._lines, at)
        return line, at - self._lines[line - 1] + 1


_TOKEN = re.compile(r'("(?:[^"\\]|\\.)*")(\s*:\s*)?|[{}\[\]]')


def _find_value(content: str, start: int, keys: list[str]) -> int:
    """Where the value under some keys, one in the other, begins; where the object begins if it is not there."""
    depth, found = 0, 0
    for token in _TOKEN.finditer(content, start):
        text, colon = token[1], token[2]
        if text is None:
            depth += 1 if token[0] in "{[" else -1
            if depth == 0:
                break
        elif colon and depth == found + 1 and json.loads(text, strict=False) == keys[found]:
            found += 1
            if found == len(keys):
                return token.end()
    return start
