"""The form of a CSV: which lines are records, and which are malformed.

A line with as many cells as the header is a record; a record may run over several lines inside quotes. What is neither
is a finding with its line and column, and is left out of a copy that the engines read, so that no program guesses at it.
"""

from __future__ import annotations

import mmap
import re
from bisect import bisect_right
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

from conflictdata.engines.source import Part
from conflictdata.findings import Finding, Place
from conflictdata.seeds.problems import problem

LONGEST = 500  # lines that one record may run over
_CELL = rb'(?:[^",\r\n]*|"(?:[^"]|"")*")'
# The same on one line, and never gone back into: a run of such records is passed over at the speed of the machine's memory.
_PLAIN = rb'(?:"[^"\r\n]*+(?:""[^"\r\n]*+)*+"|[^",\r\n]*+)'
_NOTHING = ("", "", 0)  # instead of a fault: the line holds nothing at all
_BLOCK = 1 << 22
_KEPT = 1 << 26  # bytes of a file that stay in memory while it is read


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
    with path.open("rb") as file:
        return any(b'"' in block for block in iter(lambda: file.read(_BLOCK), b""))


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
    """Go through a CSV: by runs of records that are one line each, and record by record where one is not."""
    reader = _Reader(part)
    with part.path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        start, freed = sum(len(file.readline()) for _ in range(part.skipped)), 0
        while start < len(data):
            start = reader.run(data, start) or reader.record(data, start)
            freed = _free(data, freed, start)
    return reader.shape if reader.shape.breaks else replace(reader.shape, breaks=[(0, part.skipped + 1)])


def _free(data: mmap.mmap, freed: int, upto: int) -> int:
    """Give back the memory of what has been read, which the system would keep as long as there is room; how far that is."""
    if upto - freed < _KEPT or not hasattr(data, "madvise"):
        return freed
    edge = upto - upto % mmap.ALLOCATIONGRANULARITY
    data.madvise(mmap.MADV_DONTNEED, freed, edge - freed)
    return edge


class _Reader:
    """Goes through the records of a CSV and writes down where they stand."""

    def __init__(self, part: Part) -> None:
        self.part, self.shape = part, Shape()
        self._line, self._row, self._expected = part.skipped + 1, 0, 0
        width = len(part.columns)
        self._whole = re.compile(_CELL + rb"(?:," + _CELL + rb"){%d}\r?\n?\Z" % (width - 1))
        filled = rb"(?![,\r]*\n)" if width > 1 else b""  # a line without a filled cell is no record
        self._run = re.compile(rb"(?:" + filled + _PLAIN + rb"(?:," + _PLAIN + rb"){%d}+\r?\n)*+" % (width - 1))

    def run(self, data: mmap.mmap, start: int) -> int:
        """Pass over as many records of one line each as there are; the byte after them, 0 where there is none."""
        hit = self._run.match(data, start, min(start + _BLOCK, len(data)))
        text = hit[0] if hit else b""
        try:
            text.decode("utf-8")
        except UnicodeDecodeError as error:
            text = text[: text.rfind(b"\n", 0, error.start) + 1]
        if not text:
            return 0
        self._sound(text.count(b"\n"), text.count(b"\n"))
        return start + len(text)

    def record(self, data: mmap.mmap, start: int) -> int:
        """Pass over one record, or a line that begins none; the byte after it."""
        text = self._text(data, start)
        lines = max(1, text.count(b"\n"))
        width = len(self.part.columns)
        fault = _fault(text, self._whole, width) if text.strip(b",\r\n") or width == 1 else _NOTHING
        if fault is None:
            self._sound(1, lines)
            return start + len(text)
        self.shape.spans.append((start, start + len(text)))
        if fault is not _NOTHING:
            place = Place(self.part.name, self._line, fault[2])
            self.shape.malformed.append(problem(fault[0], fault[1], place, value=_shown(text)))
        self._line += lines
        return start + len(text)

    def _sound(self, rows: int, lines: int) -> None:
        """Count records; they follow on one another, a line each, or are one."""
        if self._line != self._expected:
            self.shape.breaks.append((self._row, self._line))
        # After a record of several lines the next one does not stand on the line after its first.
        self._expected = self._line + rows
        self._row, self._line = self._row + rows, self._line + lines

    def _text(self, data: mmap.mmap, start: int) -> bytes:
        """The record that begins at a byte, if it ends within `LONGEST` lines; else the line alone."""
        end = _end_of_line(data, start)
        first = text = data[start:end]
        if b'"' not in first or self._whole.match(first):
            return first
        for _ in range(LONGEST):
            if text.count(b'"') % 2 == 0 or end == len(data):
                break
            start, end = end, _end_of_line(data, end)
            text += data[start:end]
        return text if self._whole.match(text) else first


def _end_of_line(data: mmap.mmap, start: int) -> int:
    return data.find(b"\n", start) + 1 or len(data)


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
