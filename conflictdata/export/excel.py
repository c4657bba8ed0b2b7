"""Export to Excel: how not to add up, a dictionary, and one sheet per table.

Text stays text, counts are numbers, dates are dates.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from conflictdata.export.bundle import Bundle
from conflictdata.findings import UsageError
from conflictdata.schema.sums import HOW_NOT_TO_ADD_UP

MAX_ROWS = 1_048_576  # limits of Excel, including the heading
MAX_TEXT = 32_767
WIDTHS = {"date": 11, "integer": 10, "number": 10}
EPOCH = dt.date(1900, 3, 1)  # before this day, Excel is off by one


def write(bundle: Bundle, file: Path, tables: list[str]) -> list[str]:
    """Write a workbook.

    Raises:
        UsageError: If a table exceeds a sheet, or a text exceeds a cell.
        OSError: If the file cannot be written.
    """
    chosen = tables or bundle.tables
    for table in chosen:
        _check_limits(bundle, table)
    book = _Book(str(bundle.package["title"]), bundle.version, bundle.day)
    book.add_page("read_me", list(_write_page(bundle)))
    words = [row for row in bundle.build_dictionary() if row["table"] in chosen]
    book.add_sheet("dictionary", list(words[0]), [tuple(row.values()) for row in words], [18, 22, 9, 9, 9, 60, 60, 24])
    for table in chosen:
        widths = [WIDTHS.get(f["type"], 24) for f in bundle.list_fields(table)]
        frame = bundle[table]
        book.add_sheet(table, frame.columns, frame.iter_rows(), widths)
    file.write_bytes(book.pack())
    return []


def _write_page(bundle: Bundle) -> Iterator[str]:
    """Yield the lines of the first sheet: what the workbook is, and how not to add up."""
    licence = bundle.package["licenses"][0]["title"] if bundle.package.get("licenses") else ""
    yield str(bundle.package["title"])
    yield ". ".join(filter(None, [f"Version {bundle.version}, {bundle.day}", licence])) + "."
    if caution := bundle.package.get("caution"):
        yield str(caution)
    yield from (line.replace("`", "") for line in HOW_NOT_TO_ADD_UP)
    yield "An empty cell is missing, never zero. The sheet dictionary explains each column."


def _check_limits(bundle: Bundle, table: str) -> None:
    import polars as pl

    frame = bundle[table]
    if frame.height + 1 > MAX_ROWS:
        raise UsageError(
            f"{table} has {frame.height:,} rows, and a sheet of Excel holds {MAX_ROWS - 1:,}; choose CSV or Parquet"
        )
    for column in frame.select(pl.col(pl.String)).columns:
        longest = int(frame.select(pl.col(column).str.len_chars().max().fill_null(0)).item())
        if longest > MAX_TEXT:
            raise UsageError(
                f"{table}.{column} has a text of {longest:,} characters, and a cell of Excel holds {MAX_TEXT:,}"
            )


class _Book:
    """A workbook with one style for all sheets. The same content gives the same bytes.

    It is made in memory: if the disk is full, the library would report the error a second time when the object is
    deleted.
    """

    def __init__(self, title: str, version: str, day: str) -> None:
        self._zip = io.BytesIO()
        how = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self._book = xlsxwriter.Workbook(self._zip, how)
        created = dt.datetime.fromisoformat(day)
        self._book.set_properties({"title": title, "comments": f"Version {version}", "created": created})
        self._heading = self._book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self._date = self._book.add_format({"num_format": "yyyy-mm-dd"})

    def add_sheet(
        self, name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], widths: Sequence[int]
    ) -> None:
        """Add a sheet with a frozen heading and a filter."""
        sheet = self._book.add_worksheet(name)
        sheet.freeze_panes(1, 1)
        for i, (column, width) in enumerate(zip(columns, widths, strict=True)):
            sheet.set_column(i, i, width)
            sheet.write_string(0, i, column, self._heading)
        last = 0
        for last, row in enumerate(rows, start=1):
            for i, value in enumerate(row):
                _write_cell(sheet, last, i, value, self._date)
        sheet.autofilter(0, 0, last, len(columns) - 1)

    def add_page(self, name: str, lines: Sequence[str]) -> None:
        """Add a sheet of text, the first line as its heading."""
        sheet = self._book.add_worksheet(name)
        sheet.set_column(0, 0, 120)
        wrapped = self._book.add_format({"text_wrap": True, "valign": "top"})
        for i, line in enumerate(lines):
            sheet.write_string(i, 0, line, wrapped if i else self._heading)

    def pack(self) -> bytes:
        """Return the file. Nothing can be added afterwards."""
        try:
            self._book.close()
        except FileCreateError as fault:  # wraps an error of the system
            raise OSError(str(fault)) from fault
        return self._zip.getvalue()


def _write_cell(sheet: Worksheet, row: int, column: int, value: Any, date: Format) -> None:
    if value is None or value == "":
        return
    if isinstance(value, dt.date) and value >= EPOCH:
        sheet.write_datetime(row, column, dt.datetime(value.year, value.month, value.day), date)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value)
    else:
        sheet.write_string(row, column, str(value))
