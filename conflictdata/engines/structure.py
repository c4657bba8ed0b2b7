"""The form of a CSV: which lines are records, and which are malformed.

A line with as many cells as the header is a record; a record may run over several lines inside quotes. What is neither
is a finding with its line and column, and is left out of a copy that the engines read, so that no program guesses at it.
"""

from __future__ import annotations

import mmap
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

from conflictdata.engines.source import Part
from conflictdata.findings import Finding, Place
from conflictdata.seeds.problems import problem

LONGEST = 500  # lines that one record may run over
_CELL = rb'(?:[^",\r\n]*|"(?:[^"]|"")*")'
_BLOCK = 1 << 22


@dataclass
class Shape:
    """Where the records of a CSV stand.

    Attributes:
        malformed: what is wrong with lines that are no record.
        breaks: rows after which the line is no longer the row's number and a constant: (row, its line).
        spans: bytes of the lines that are no record.
    """

    malformed: list[Finding] = field(default_factory=list)
    breaks: list[tuple[int, int]] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)

    def line(self, row: int) -> int:
        """The first line of a row, from 1."""
        at = bisect_right(self.breaks, (row, 1 << 62)) - 1
        first, line = self.breaks[at]
        return line + row - first


def plain(part: Part) -> Shape:
    """The shape of a CSV in which every line is a record."""
    return Shape(breaks=[(0, part.skipped + 1)])


def has_quotes(path: Path) -> bool:
    """Whether a quotation mark stands anywhere in a file."""
    if not path.stat().st_size:
        return False
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        return data.find(b'"') >= 0


def is_plain(part: Part) -> bool:
    """Whether every line is a record and no cell is quoted: the quick look, which settles nothing where it says no."""
    import polars as pl

    if has_quotes(part.path):
        return False
    lines = pl.scan_csv(
        part.path, has_header=False, skip_lines=part.skipped, separator="\x01", quote_char=None, glob=False,
        schema={"line": pl.String}, truncate_ragged_lines=True, empty_string_is_null=False,
    )  # fmt: skip
    good = pl.col("line").str.count_matches(",", literal=True) == len(part.columns) - 1
    good = good & (pl.col("line").str.len_bytes() >= len(part.columns))  # else no cell is filled
    try:
        return bool(lines.select((~good).any()).collect(engine="streaming").item()) is False
    except pl.exceptions.PolarsError:
        return False


def read(part: Part) -> Shape:
    """Go through a CSV line by line."""
    width = len(part.columns)
    whole = re.compile(_CELL + rb"(?:," + _CELL + rb"){%d}\r?\n?\Z" % (width - 1))
    shape = Shape()
    row, expected = 0, 0
    for line, start, text in _records(part, whole):
        # A line without a filled cell is nothing.
        fault = None if text.strip(b",\r\n") or width == 1 else ("", "", 0)
        fault = fault or _fault(text, whole, width)
        if fault is not None:
            shape.spans.append((start, start + len(text)))
            id_, message, column = fault
            if id_:
                place = Place(part.name, line, column)
                shape.malformed.append(problem(id_, message, place, value=_shown(text)))
            continue
        if line != expected:
            shape.breaks.append((row, line))
        row, expected = row + 1, line + 1
    shape.breaks = shape.breaks or [(0, part.skipped + 1)]
    return shape


def _records(part: Part, whole: re.Pattern[bytes]) -> Iterator[tuple[int, int, bytes]]:
    """Line, first byte and bytes of each record; of each line where it begins none."""
    with part.path.open("rb") as file:
        start, line = sum(len(file.readline()) for _ in range(part.skipped)), part.skipped + 1
        ahead = _Ahead(file)
        while text := ahead.next():
            if b'"' in text and not whole.match(text):
                text = ahead.joined(text, whole)
            yield line, start, text
            start, line = start + len(text), line + max(1, text.count(b"\n"))


class _Ahead:
    """The lines of a file, some of which may be put back."""

    def __init__(self, file: object) -> None:
        self._lines = iter(file)  # type: ignore[call-overload]
        self._back: list[bytes] = []

    def next(self) -> bytes:
        """The next line; empty at the end."""
        return self._back.pop() if self._back else next(self._lines, b"")

    def joined(self, first: bytes, whole: re.Pattern[bytes]) -> bytes:
        """The record that begins with a line, if it ends within `LONGEST` lines; else the line alone."""
        taken, text = [first], first
        while text.count(b'"') % 2 and len(taken) <= LONGEST and (line := self.next()):
            taken.append(line)
            text += line
        if whole.match(text):
            return text
        self._back += reversed(taken[1:])
        return first


def _fault(text: bytes, whole: re.Pattern[bytes], width: int) -> tuple[str, str, int] | None:
    """What is wrong with the bytes of a record: id, message, column; None where nothing is."""
    try:
        decoded = text.decode("utf-8")
    except UnicodeDecodeError as error:
        column = len(text[: error.start].decode("utf-8", "replace")) + 1
        return "file.encoding", f"byte 0x{text[error.start]:02x} is not UTF-8", column
    if b'"' not in text:
        return _width_fault(decoded, decoded.count(",") + 1, width)
    if whole.match(text):
        return None
    return _quote_fault(decoded, width)


def _width_fault(text: str, cells: int, width: int) -> tuple[str, str, int] | None:
    if cells == width:
        return None
    column = len(text.rstrip("\r\n")) + 1 if cells < width else _nth(text, width)
    noun = "cell" if cells == 1 else "cells"
    return "csv.width", f"the row has {cells} {noun}, and the header {width}", column


def _nth(text: str, number: int) -> int:
    """The column of the comma with this number, from 1."""
    at = -1
    for _ in range(number):
        at = text.index(",", at + 1)
    return at + 1


_GOOD_CELL = re.compile(r'"(?:[^"]|"")*"|(?!")[^",\r\n]*')


def _quote_fault(text: str, width: int) -> tuple[str, str, int]:
    """The first place at which a line with quotes is no record."""
    body, at, cells = text.rstrip("\r\n"), 0, 0
    while True:
        hit = _GOOD_CELL.match(body, at)
        cells += 1
        if hit is None:
            return "csv.syntax", "a quoted cell does not end", at + 1
        at = hit.end()
        if at == len(body):
            break
        if body[at] != ",":
            return "csv.syntax", "a quotation mark stands inside a cell", at + 1
        if cells == width:
            return "csv.width", f"the row has more cells than the header, which has {width}", at + 1
        at += 1
    noun = "cell" if cells == 1 else "cells"
    return "csv.width", f"the row has {cells} {noun}, and the header {width}", len(body) + 1


def _shown(text: bytes) -> str:
    return text.decode("utf-8", "replace").rstrip("\r\n")[:200]


def without(part: Part, shape: Shape, work: Path) -> Part:
    """The CSV without the lines that are no record, as a copy."""
    target = work / f"{part.number}-clean.csv"
    with part.path.open("rb") as source, target.open("wb") as copy:
        edges = [(0, 0), *shape.spans, (part.path.stat().st_size,) * 2]
        for (_, kept), (until, _) in pairwise(edges):
            source.seek(kept)
            left = until - kept
            while left > 0:
                block = source.read(min(left, _BLOCK))
                copy.write(block)
                left -= len(block)
    return replace(part, path=target)
