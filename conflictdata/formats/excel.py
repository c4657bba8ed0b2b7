"""Excel: a dictionary sheet and a sheet a table. Text stays text, counts are numbers, dates are dates."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from conflictdata.findings import UsageError
from conflictdata.formats.bundle import Bundle

MAX_ROWS = 1_048_576  # Excel's own limits, the heading included
MAX_TEXT = 32_767
WIDTHS = {"date": 11, "integer": 10, "number": 10}
EPOCH = dt.date(1900, 3, 1)  # Excel counts a day too many before it


def write(bundle: Bundle, file: Path, tables: list[str]) -> list[str]:
    """Write a workbook.

    Raises:
        UsageError: a table is longer than a sheet, or a text longer than a cell.
        OSError: the file cannot be written.
    """
    chosen = tables or bundle.tables
    for table in chosen:
        _check(bundle, table)
    # The zip is made in memory: where a disk ends in the middle of it, the library complains a second time when it is gone.
    packed = io.BytesIO()
    book = xlsxwriter.Workbook(
        packed, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    day = dt.datetime.fromisoformat(bundle.day)
    book.set_properties(
        {"title": str(bundle.package["title"]), "comments": f"Version {bundle.version}", "created": day}
    )
    heading, date = (
        book.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
        book.add_format({"num_format": "yyyy-mm-dd"}),
    )
    words = [row for row in bundle.dictionary() if row["table"] in chosen]
    _sheet(
        book.add_worksheet("dictionary"),
        list(words[0]),
        [tuple(row.values()) for row in words],
        [18, 22, 9, 9, 9, 60, 60, 24],
        heading,
        date,
    )
    for table in chosen:
        widths = [WIDTHS.get(f["type"], 24) for f in bundle.fields(table)]
        frame = bundle[table]
        _sheet(book.add_worksheet(table), frame.columns, frame.iter_rows(), widths, heading, date)
    try:
        book.close()
    except FileCreateError as fault:  # its word for a fault of the system
        raise OSError(str(fault)) from fault
    file.write_bytes(packed.getvalue())
    return []


def _check(bundle: Bundle, table: str) -> None:
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


def _sheet(
    sheet: Worksheet, columns: Sequence[str], rows: Any, widths: Sequence[int], heading: Format, date: Format
) -> None:
    sheet.freeze_panes(1, 1)
    for i, (column, width) in enumerate(zip(columns, widths, strict=True)):
        sheet.set_column(i, i, width)
        sheet.write_string(0, i, column, heading)
    last = 0
    for last, row in enumerate(rows, start=1):
        for i, value in enumerate(row):
            _cell(sheet, last, i, value, date)
    sheet.autofilter(0, 0, last, len(columns) - 1)


def _cell(sheet: Worksheet, row: int, column: int, value: Any, date: Format) -> None:
    if value is None or value == "":
        return
    if isinstance(value, dt.date) and value >= EPOCH:
        sheet.write_datetime(row, column, dt.datetime(value.year, value.month, value.day), date)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value)
    else:
        sheet.write_string(row, column, str(value))
