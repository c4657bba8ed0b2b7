"""JSON: a list of objects, one object per line, or pages of an API. Objects within them become columns `outer.inner`."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from conflictdata.findings import Finding, Place
from conflictdata.readers.packing import LARGEST_JSON
from conflictdata.readers.sheet import SourceTable, make_broken_table
from conflictdata.rules.file_rules import make_file_finding

_BLANK = re.compile(r"[\s,]*")
_LIST_HINT = "Give the table itself: a JSON list of objects, or one object per line."
_PAGE_KEYS = ("result", "results", "data", "records", "rows", "items")  # under which APIs give the records of a page
ERROR_KEYS = ("error", "message", "detail", "Message")  # under which they say why there are none
_CHUNK = 20_000  # objects that are held as Python objects at once
_ONE_OBJECT = "the file holds one JSON object, and a list of objects is expected"


class _DuplicateKeyError(ValueError):
    """A key that is twice in one object."""


def _reject_duplicate_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        times = Counter(key for key, _ in pairs)
        raise _DuplicateKeyError(next(key for key, _ in pairs if times[key] > 1))
    return found


def _read_constant(word: str) -> None:
    if word != "NaN":
        raise ValueError(f"{word} is not a number of JSON")


# A NUL in a text is for the rules of rows. Numbers stay as they are written, so that 1e5, 12.0 and 007 are seen. Python writes NaN for a missing value.
_DECODER = json.JSONDecoder(
    object_pairs_hook=_reject_duplicate_keys,
    parse_float=str,
    parse_int=str,
    parse_constant=_read_constant,
    strict=False,
)


def read_json(content: str, file: str) -> SourceTable:
    """Read JSON: a list of objects, JSON lines, or an object that holds one list of objects, such as a page of UCDP's API.

    Pages one after the other, or in a list, are read as one table.

    Args:
        content: The text.
        file: Name of the file.
    """
    if len(content) > LARGEST_JSON:
        message = f"the file has more than {LARGEST_JSON:,} characters"
        return make_broken_table(file, "file.size", message, hint="Give it as CSV or Parquet.")
    reader = _Reader(content, file)
    at = len(content) - len(content.lstrip())
    first = content[at : at + 1]
    if first == "[":
        reader.read_list(at + 1)
    elif first != "{":
        message = "the file holds no JSON object, and a list of objects is expected"
        return make_broken_table(file, "json.shape", message, reader.find_line(at), 1, hint=_LIST_HINT)
    elif problem := reader.read_object(at):
        return make_broken_table(file, "json.shape", problem, reader.find_line(at), 1, hint=_LIST_HINT)
    locate = _JsonLocator(content, reader.starts, reader.lines, file)
    return SourceTable(file, reader.build_frame(), reader.findings, reader.list_remarks(), locate, len(reader.findings))


@dataclass
class _Reader:
    """The objects of a text, and what is wrong with it.

    Attributes:
        content: The text.
        file: Name of the file.
        lines: Where each line begins.
        starts: Where each object begins.
        findings: What is wrong.
        pages: For each page of an API, the key of its list and the number of pages that it says there are.
        is_geojson: Whether the objects are features of GeoJSON, whose properties are read.
    """

    content: str
    file: str
    lines: list[int] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    pages: list[tuple[str, str]] = field(default_factory=list)
    is_geojson: bool = False
    _rows: list[dict[str, str | None]] = field(default_factory=list)
    _frames: list[pl.DataFrame] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.lines = [0, *(hit.end() for hit in re.finditer(r"\r\n|\n|\r", self.content))]

    def find_line(self, at: int) -> int:
        """Return the line of a character, from 1."""
        return bisect_right(self.lines, at)

    def list_remarks(self) -> list[str]:
        """Return the forms that were read, in words."""
        remarks = []
        if self.pages:
            key, total = self.pages[0]
            number = len(self.pages)
            part = f" (one page of {total})" if number == 1 and total not in ("", "1", "0") else ""
            many = f" of {number} pages" if number > 1 else part
            remarks.append(f"the list under {key!r}{many}")
        if self.is_geojson:
            remarks.append("the properties of GeoJSON")
        if re.search(r"[:\[,]\s*NaN\b", self.content):
            remarks.append("NaN for missing values")
        return remarks

    def read_object(self, at: int) -> str:
        """Read a text that begins with an object: a page, or JSON lines. Return what is wrong; "" if nothing is."""
        try:
            value, end = _DECODER.raw_decode(self.content, at)
        except (ValueError, RecursionError):
            # A line that is cut off is reported at its place; an object of many lines is not JSON Lines.
            if "\n{" not in self.content:
                return "the file holds one JSON object that does not end, and a list is expected"
            self.read_list(at, is_lines=True)
            return ""
        if self.content[end:].lstrip().startswith("{"):
            self.read_list(at, is_lines=True)
            return ""
        keys = _find_list(value)
        if isinstance(keys, str):
            return keys
        self._read_page(value, at, keys)
        return ""

    def _read_page(self, value: dict[str, Any], at: int, keys: list[str]) -> None:
        self.pages.append((keys[-1], str(value.get("TotalPages") or "")))
        self.read_list(_find_value(self.content, at, keys) + 1)

    def read_list(self, at: int, *, is_lines: bool = False) -> None:
        """Read objects from a character on, up to the end of their list, or of the text."""
        while True:
            at = _BLANK.match(self.content, at).end()  # type: ignore[union-attr]
            if self.content[at : at + 1] == "]" or (at >= len(self.content) and is_lines):
                return None
            if at >= len(self.content):
                end = max(0, len(self.content) - 1)
                return self._add("json.syntax", "the list does not end; the file may have been cut off", end)
            try:
                value, end = _DECODER.raw_decode(self.content, at)
            except _DuplicateKeyError as fault:
                message = f"the key {fault.args[0]!r} is twice in one object; what follows is not read"
                return self._add("json.syntax", message, at)
            except (ValueError, RecursionError) as fault:
                where = fault.pos if isinstance(fault, json.JSONDecodeError) else at
                why = fault.msg if isinstance(fault, json.JSONDecodeError) else str(fault) or "too deep"
                return self._add("json.syntax", f"not JSON from here on: {why}", min(where, len(self.content) - 1))
            self._keep(value, at)
            at = end

    def _keep(self, value: Any, at: int) -> None:
        if not isinstance(value, dict):
            message = f"an entry of the list is {_describe_kind(value)}, not an object; it is left out"
            self._add("json.shape", message, at, _LIST_HINT)
        elif (key := _find_page_key(value)) is not None:
            self._read_page(value, at, [key])
        else:
            if value.get("type") == "Feature" and isinstance(value.get("properties"), dict):
                value, self.is_geojson = value["properties"], True
                at = _find_value(self.content, at, ["properties"])
            self._rows.append(dict(_flatten(value)))
            self.starts.append(at)
            if len(self._rows) == _CHUNK:
                self._frames.append(_build_frame(self._rows))
                self._rows = []

    def _add(self, id_: str, message: str, where: int, hint: str = "") -> None:
        line = self.find_line(where)
        place = Place(self.file, line, where - self.lines[line - 1] + 1)
        self.findings.append(make_file_finding(id_, message, place, hint=hint))

    def build_frame(self) -> pl.DataFrame:
        """Return the objects that were read, a row for each."""
        frames = [*self._frames, _build_frame(self._rows)] if self._rows or not self._frames else self._frames
        return pl.concat(frames, how="diagonal")


def _is_records(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(entry, dict) for entry in value)


def _find_page_key(value: dict[str, Any]) -> str | None:
    """Return the key under which an object holds the records of a page; None if it is a record itself."""
    keys = [key for key, inner in value.items() if key.lower() in _PAGE_KEYS and _is_records(inner)]
    return keys[0] if len(keys) == 1 and len(value) <= _MOST_KEYS else None


_MOST_KEYS = 12  # of a page: its list, counts, addresses of other pages


def _find_list(value: dict[str, Any]) -> list[str] | str:
    """Return the keys, one in the other, of the list of records that an object holds; else what is wrong."""
    lists = [key for key, inner in value.items() if inner and _is_records(inner) and key not in ERROR_KEYS]
    if len(lists) > 1:
        named = ", ".join(map(repr, lists))
        return f"the file holds one JSON object with the lists {named}, and one list is expected"
    key = lists[0] if lists else _find_page_key(value)
    if key is not None:
        return [key]
    inside = [(k, found) for k, inner in value.items() if isinstance(inner, dict) and (found := _find_page_key(inner))]
    if len(inside) == 1:
        return list(inside[0])
    reason = next((value[key] for key in ERROR_KEYS if value.get(key)), None)
    return _ONE_OBJECT if reason is None else f"{_ONE_OBJECT}; it says: {json.dumps(reason, ensure_ascii=False)[:160]}"


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
