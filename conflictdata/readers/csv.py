"""CSV as it comes: any separator, quoting, line ends; with the tags of HXL; lines within cells. Each cell keeps its place."""

from __future__ import annotations

import csv
from array import array
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import polars as pl

from conflictdata.findings import Finding, Place
from conflictdata.readers.sheet import FeedSheet, broken
from conflictdata.readers.text import LONGEST_LINE, LineTooLongError, Text, allow_long_cells
from conflictdata.rules.file_rules import problem

if TYPE_CHECKING:
    from _csv import Reader

SEPARATORS = ",;\t|"
CHUNK = 20_000  # rows
_TOO_LONG = f"the line has more than {LONGEST_LINE:,} characters, which no table has"


def separator(line: str) -> str:
    """The separator that stands most often in a header, outside quotes."""
    plain = "".join(line.split('"')[::2])
    return max(SEPARATORS, key=lambda sign: plain.count(sign) or line.count(sign) / 1000)


def _reader(text: Text) -> Reader:
    allow_long_cells()
    first = next(text.lines(), "")
    return csv.reader(text.lines(), delimiter=separator(first), strict=True)


def header(text: Text) -> list[str]:
    """The names in the first row; none where it cannot be read."""
    try:
        return _named(next(_reader(text), []))
    except (csv.Error, LineTooLongError):
        return []


@dataclass
class _Rows:
    """The rows read so far: their cells by chunk, and the line at which each begins."""

    names: list[str]
    file: str
    starts: array[int] = field(default_factory=lambda: array("q"))
    frames: list[pl.DataFrame] = field(default_factory=list)
    waiting: list[list[str]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    ragged: dict[int, tuple[int, int]] = field(default_factory=dict)  # by finding: the line and the cells of its row

    def take(self, cells: list[str], line: int) -> None:
        if not any(cells):
            return
        if len(cells) != len(self.names):
            self.ragged[len(self.findings)] = line, len(cells)
            self.findings.append(_ragged(cells, self.names, self.file, line))
            return
        self.starts.append(line)
        self.waiting.append(cells)
        if len(self.waiting) == CHUNK:
            self.settle()

    def settle(self) -> None:
        columns = zip(*self.waiting, strict=True) if self.waiting else [()] * len(self.names)
        # An empty cell is a missing one.
        cells = ([cell or None for cell in column] for column in columns)
        self.frames.append(
            pl.DataFrame([pl.Series(n, c, dtype=pl.String) for n, c in zip(self.names, cells, strict=True)])
        )
        self.waiting = []

    def frame(self) -> pl.DataFrame:
        if self.waiting or not self.frames:
            self.settle()
        return pl.concat(self.frames)


def read_csv(text: Text) -> FeedSheet:
    """A CSV file as a sheet.

    A row with another number of cells than the header is left out, with a finding: its cells cannot be told apart. Where
    quotes do not match, what comes after cannot be told apart either.
    """
    file = text.file
    try:
        reader = _reader(text)
        names = _named(next(reader, []))
    except LineTooLongError as fault:
        return broken(file, "file.size", _TOO_LONG, fault.args[0], hint="Check that the file is a table.")
    except csv.Error as fault:
        return broken(file, "csv.syntax", f"not CSV: {fault}", 1)
    if twice := sorted(name for name, times in Counter(names).items() if times > 1):
        return broken(
            file, "csv.syntax", f"the header has {_listed(twice)} twice", 1, hint="Rename or remove one of the two."
        )
    rows = _Rows(names, file)
    _take_all(rows, reader)
    _place_ragged(rows, text)
    return FeedSheet(file, rows.frame(), rows.findings, _Locator(text, names, rows.starts), len(rows.findings))


def _named(names: list[str]) -> list[str]:
    """The names of the columns; one without a name is called by its number, as R and pandas leave it for row numbers."""
    return [name if name.strip() else f"column {number}" for number, name in enumerate(names, 1)]


def _take_all(rows: _Rows, reader: Reader) -> None:
    start = reader.line_num + 1
    try:
        for number, cells in enumerate(reader):
            if number or not _are_tags(cells):
                rows.take(cells, start)
            start = reader.line_num + 1
    except csv.Error as fault:
        message = f"not CSV from here on: {fault}"
        rows.findings.append(problem("csv.syntax", message, Place(rows.file, start, 0)))
    except LineTooLongError as fault:
        rows.findings.append(
            problem("file.size", _TOO_LONG, Place(rows.file, fault.args[0]), hint="What comes after it is not read.")
        )


def _are_tags(cells: list[str]) -> bool:
    """Whether a row holds the tags of HXL."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    return bool(filled) and all(cell.startswith("#") for cell in filled)


def _listed(names: list[str]) -> str:
    return ", ".join(repr(name) for name in names)


def _ragged(cells: list[str], names: list[str], file: str, line: int) -> Finding:
    count = "1 cell" if len(cells) == 1 else f"{len(cells)} cells"
    message = f"the row has {count}, and the header {len(names)}; it is left out"
    hint = "A text with a separator or a line break in it stands in quotes; an empty cell still has its separator."
    return problem("csv.width", message, Place(file, line, 1), value=cells[0], hint=hint)


def _place_ragged(rows: _Rows, text: Text) -> None:
    """Give rows with too many or too few cells their place: the separator before the first cell too many, or the end of the row."""
    if not rows.ragged:
        return
    begins = array("q", sorted({*rows.starts, *(line for line, _ in rows.ragged.values())}))
    locate = _Locator(text, rows.names, begins)
    for number, (line, cells) in rows.ragged.items():
        below, column = locate.edge(line, min(cells, len(rows.names)), is_end=cells < len(rows.names))
        rows.findings[number] = replace(rows.findings[number], place=Place(rows.file, below, column))


class _Locator:
    """Line and column of a cell, found by reading the lines of its row again; all rows in one pass, when one is asked for."""

    def __init__(self, text: Text, names: list[str], starts: array[int]) -> None:
        self._text = text
        self._index = {name: number for number, name in enumerate(names)}
        self._starts = starts
        self._rows: dict[int, str] = {}

    def __call__(self, row: int, column: str) -> tuple[int, int]:
        line = self._starts[row]
        if not column:
            return line, 1
        self._rows = self._rows or self._row_texts()
        return _located(self._rows[line], separator(self._rows[1]), self._index[column], line)

    def edge(self, line: int, index: int, *, is_end: bool) -> tuple[int, int]:
        """Line and column of the separator before a cell of the row that begins at a line, or of the end of the row."""
        self._rows = self._rows or self._row_texts()
        body = self._rows[line].rstrip("\r\n")
        if is_end:
            lines = body.split("\n")
            return line + len(lines) - 1, len(lines[-1]) + 1
        below, column = _located(body, separator(self._rows[1]), index, line)
        return below, column - 1

    def _row_texts(self) -> dict[int, str]:
        found: dict[int, list[str]] = {1: []}
        begins = set(self._starts)
        current = found[1]
        try:
            for number, line in enumerate(self._text.lines(), 1):
                if number in begins:
                    current = found.setdefault(number, [])
                current.append(line)
        except LineTooLongError:
            pass
        return {number: "".join(lines) for number, lines in found.items()}


def _located(text: str, sign: str, index: int, line: int) -> tuple[int, int]:
    """Line and column at which a cell of a row begins."""
    column, quoted, number, begins = 1, False, 0, True
    for char in text:
        if number == index and begins:
            break
        begins = False
        if char == '"':
            quoted = not quoted
        elif char == sign and not quoted:
            number, begins = number + 1, True
        line, column = (line + 1, 1) if char == "\n" else (line, column + 1)
    return line, column
