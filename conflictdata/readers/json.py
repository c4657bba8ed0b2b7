"""JSON: a list of objects, or one object per line. Objects within them become columns `outer.inner`."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import polars as pl

from conflictdata.findings import Finding, Place
from conflictdata.readers.sheet import SourceTable, make_broken_table
from conflictdata.rules.file_rules import make_file_finding

_BLANK = re.compile(r"[\s,]*")
LARGEST_JSON = 200_000_000  # characters
_LIST_HINT = "Give the table itself: a JSON list of objects, or one object per line."


class _DuplicateKeyError(ValueError):
    """A key that is twice in one object."""


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


def read_json(content: str, file: str) -> SourceTable:
    """Read JSON: a list of objects, JSON lines, or an object that holds one list of objects, such as a page of UCDP's API.

    Args:
        content: The text.
        file: Name of the file.
    """
    if len(content) > LARGEST_JSON:
        message = f"the file has more than {LARGEST_JSON:,} characters"
        return make_broken_table(file, "file.size", message, hint="Give it as CSV or Parquet.")
    lines = [0, *(hit.end() for hit in re.finditer(r"\r\n|\n|\r", content))]
    at = len(content) - len(content.lstrip())
    is_lines, remarks = False, []
    if content[at : at + 1] == "[":
        at += 1
    elif content[at : at + 1] == "{":
        found = _find_list(content, at)
        if isinstance(found, str):
            return make_broken_table(file, "json.shape", found, bisect_right(lines, at), 1, hint=_LIST_HINT)
        is_lines = found is None
        if found is not None:
            at, remark = found
            remarks.append(remark)
    else:
        message = "the file holds no JSON object, and a list of objects is expected"
        return make_broken_table(file, "json.shape", message, bisect_right(lines, at), 1, hint=_LIST_HINT)
    rows, starts, findings = _parse_objects(content, at, file, lines, is_lines=is_lines)
    locate = _JsonLocator(content, starts, lines, file)
    return SourceTable(file, _build_frame(rows), findings, remarks, locate, len(findings))


def _find_list(content: str, at: int) -> tuple[int, str] | str | None:
    """Return where the list of an object begins, and a remark; None if the text is JSON lines; else what is wrong."""
    try:
        value, end = _DECODER.raw_decode(content, at)
    except (ValueError, RecursionError):
        # A line that is cut off is told where it is; an object of many lines is no JSON lines.
        return None if "\n{" in content else "the file holds one JSON object that does not end, and a list is expected"
    if content[end:].lstrip().startswith("{"):
        return None
    lists = [k for k, v in value.items() if isinstance(v, list) and v and all(isinstance(entry, dict) for entry in v)]
    if len(lists) == 1:
        pages = value.get("TotalPages")
        part = f" (one page of {pages})" if pages not in (None, "1", "0") else ""
        return _find_value(content, at, lists) + 1, f"the list under {lists[0]!r}{part}"
    if lists:
        return f"the file holds one JSON object with the lists {', '.join(map(repr, lists))}, and one list is expected"
    return "the file holds one JSON object, and a list of objects is expected"


def _parse_objects(
    content: str, at: int, file: str, lines: list[int], *, is_lines: bool
) -> tuple[list[dict[str, str | None]], list[int], list[Finding]]:
    rows: list[dict[str, str | None]] = []
    starts: list[int] = []
    findings: list[Finding] = []

    def add(id_: str, message: str, where: int, hint: str = "") -> None:
        line = bisect_right(lines, where)
        findings.append(make_file_finding(id_, message, Place(file, line, where - lines[line - 1] + 1), hint=hint))

    while True:
        at = _BLANK.match(content, at).end()  # type: ignore[union-attr]
        if is_lines and at >= len(content):
            break
        if content[at : at + 1] == "]" or (at >= len(content) and not rows and not findings):
            break
        if at >= len(content):
            add("json.syntax", "the list does not end; the file may have been cut off", max(0, len(content) - 1))
            break
        try:
            value, end = _DECODER.raw_decode(content, at)
        except _DuplicateKeyError as fault:
            add("json.syntax", f"the key {fault.args[0]!r} is twice in one object; what follows is not read", at)
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
    """Places of objects, and of values in them."""

    def __init__(self, content: str, starts: list[int], lines: list[int], file: str) -> None:
        self._content, self._starts, self._lines, self._file = content, starts, lines, file

    def __call__(self, row: int, fields: Sequence[str] = ()) -> Place:
        """Return the place of the first of these values that an object has, else of the object."""
        start = self._starts[row]
        found = (_find_value(self._content, start, name.split(".")) for name in fields)
        at = next((at for at in found if at != start), start)
        line = bisect_right(self._lines, at)
        return Place(self._file, line, at - self._lines[line - 1] + 1)


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
