"""CSV as it comes: any separator, quoting, line ends; with the tags of HXL; lines within cells. Each cell keeps its place."""

from __future__ import annotations

import csv
from array import array
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import polars as pl

from conflictdata.findings import Finding, Place
from conflictdata.readers.sheet import SourceTable, make_broken_table
from conflictdata.readers.text import LONGEST_LINE, LineTooLongError, TextFile, allow_long_cells
from conflictdata.rules.file_rules import make_file_finding

if TYPE_CHECKING:
    from _csv import Reader

SEPARATORS = ",;\t|"
CHUNK_ROWS = 20_000  # rows
_TOO_LONG = f"the line has more than {LONGEST_LINE:,} characters, which no table has"


def detect_separator(line: str) -> str:
    """The separator that stands most often in a header, outside quotes."""
    plain = "".join(line.split('"')[::2])
    return max(SEPARATORS, key=lambda sign: plain.count(sign) or line.count(sign) / 1000)


def _open_reader(text: TextFile) -> Reader:
    allow_long_cells()
    first = next(text.iterate_lines(), "")
    return csv.reader(text.iterate_lines(), delimiter=detect_separator(first), strict=True)


def read_header(text: TextFile) -> list[str]:
    """The names in the first row; none where it cannot be read."""
    try:
        return _name_columns(next(_open_reader(text), []))
    except (csv.Error, LineTooLongError):
        return []


@dataclass
class _CsvRows:
    """The rows read so far: their cells by chunk, and the line at which each begins."""

    names: list[str]
    file: str
    starts: array[int] = field(default_factory=lambda: array("q"))
    frames: list[pl.DataFrame] = field(default_factory=list)
    waiting: list[list[str]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    ragged: dict[int, tuple[int, int]] = field(default_factory=dict)  # by finding: the line and the cells of its row

    def add_row(self, cells: list[str], line: int) -> None:
        if not any(cells):
            return
        if len(cells) != len(self.names):
            self.ragged[len(self.findings)] = line, len(cells)
            self.findings.append(_make_width_finding(cells, self.names, self.file, line))
            return
        self.starts.append(line)
        self.waiting.append(cells)
        if len(self.waiting) == CHUNK_ROWS:
            self.flush()

    def flush(self) -> None:
        columns = zip(*self.waiting, strict=True) if self.waiting else [()] * len(self.names)
        # An empty cell is a missing one.
        cells = ([cell or None for cell in column] for column in columns)
        self.frames.append(
            pl.DataFrame([pl.Series(n, c, dtype=pl.String) for n, c in zip(self.names, cells, strict=True)])
        )
        self.waiting = []

    def build_frame(self) -> pl.DataFrame:
        if self.waiting or not self.frames:
            self.flush()
        return pl.concat(self.frames)


def read_csv(text: TextFile) -> SourceTable:
    """A CSV file as a sheet.

    A row with another number of cells than the header is left out, with a finding: its cells cannot be told apart. Where
    quotes do not match, what comes after cannot be told apart either.
    """
    file = text.file
    try:
        reader = _open_reader(text)
        names = _name_columns(next(reader, []))
    except LineTooLongError as fault:
        return make_broken_table(file, "file.size", _TOO_LONG, fault.args[0], hint="Check that the file is a table.")
    except csv.Error as fault:
        return make_broken_table(file, "csv.syntax", f"not CSV: {fault}", 1)
    if twice := sorted(name for name, times in Counter(names).items() if times > 1):
        return make_broken_table(
            file,
            "csv.syntax",
            f"the header has {_format_names(twice)} twice",
            1,
            hint="Rename or remove one of the two.",
        )
    rows = _CsvRows(names, file)
    _add_all_rows(rows, reader)
    _place_ragged(rows, text)
    return SourceTable(
        file, rows.build_frame(), rows.findings, _CsvLocator(text, names, rows.starts), len(rows.findings)
    )


def _name_columns(names: list[str]) -> list[str]:
    """The names of the columns; one without a name is called by its number, as R and pandas leave it for row numbers."""
    return [name if name.strip() else f"column {number}" for number, name in enumerate(names, 1)]


def _add_all_rows(rows: _CsvRows, reader: Reader) -> None:
    start = reader.line_num + 1
    try:
        for number, cells in enumerate(reader):
            if number or not _is_tag_row(cells):
                rows.add_row(cells, start)
            start = reader.line_num + 1
    except csv.Error as fault:
        message = f"not CSV from here on: {fault}"
        rows.findings.append(make_file_finding("csv.syntax", message, Place(rows.file, start, 0)))
    except LineTooLongError as fault:
        rows.findings.append(
            make_file_finding(
                "file.size", _TOO_LONG, Place(rows.file, fault.args[0]), hint="What comes after it is not read."
            )
        )


def _is_tag_row(cells: list[str]) -> bool:
    """Whether a row holds the tags of HXL."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    return bool(filled) and all(cell.startswith("#") for cell in filled)


def _format_names(names: list[str]) -> str:
    return ", ".join(repr(name) for name in names)


def _make_width_finding(cells: list[str], names: list[str], file: str, line: int) -> Finding:
    count = "1 cell" if len(cells) == 1 else f"{len(cells)} cells"
    message = f"the row has {count}, and the header {len(names)}; it is left out"
    hint = "A text with a separator or a line break in it stands in quotes; an empty cell still has its separator."
    return make_file_finding("csv.width", message, Place(file, line, 1), value=cells[0], hint=hint)


def _place_ragged(rows: _CsvRows, text: TextFile) -> None:
    """Give rows with too many or too few cells their place: the separator before the first cell too many, or the end of the row."""
    if not rows.ragged:
        return
    begins = array("q", sorted({*rows.starts, *(line for line, _ in rows.ragged.values())}))
    locate = _CsvLocator(text, rows.names, begins)
    for number, (line, cells) in rows.ragged.items():
        below, column = locate.edge(line, min(cells, len(rows.names)), is_end=cells < len(rows.names))
        rows.findings[number] = replace(rows.findings[number], place=Place(rows.file, below, column))


class _CsvLocator:
    """Line and column of a cell, found by reading the lines of its row again; all rows in one pass, when one is asked for."""

    def __init__(self, text: TextFile, names: list[str], starts: array[int]) -> None:
        self._text = text
        self._index = {name: number for number, name in enumerate(names)}
        self._starts = starts
        self._rows: dict[int, str] = {}

    def __call__(self, row: int, column: str) -> tuple[int, int]:
        line = self._starts[row]
        if not column:
            return line, 1
        self._rows = self._rows or self._read_row_texts()
        return _locate_cell(self._rows[line], detect_separator(self._rows[1]), self._index[column], line)

    def edge(self, line: int, index: int, *, is_end: bool) -> tuple[int, int]:
        """Line and column of the separator before a cell of the row that begins at a line, or of the end of the row."""
        self._rows = self._rows or self._read_row_texts()
        body = self._rows[line].rstrip("\r\n")
        if is_end:
            lines = body.split("\n")
            return line + len(lines) - 1, len(lines[-1]) + 1
        below, column = _locate_cell(body, detect_separator(self._rows[1]), index, line)
        return below, column - 1

    def _read_row_texts(self) -> dict[int, str]:
        found: dict[int, list[str]] = {1: []}
        begins = set(self._starts)
        current = found[1]
        try:
            for number, line in enumerate(self._text.iterate_lines(), 1):
                if number in begins:
                    current = found.setdefault(number, [])
                current.append(line)
        except LineTooLongError:
            pass
        return {number: "".join(lines) for number, lines in found.items()}


def _locate_cell(text: str, sign: str, index: int, line: int) -> tuple[int, int]:
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
