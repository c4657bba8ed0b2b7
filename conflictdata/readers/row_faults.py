"""Rows of a table without a CSV's lines that are not records: the HXL tags, a repeated header, a row with a NUL.

In a CSV the lines themselves are judged (`csv_lines`). Here the same faults are found in the cells of JSON, Parquet and DataFrames,
with the same words, so that one table gives one report in any form.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from conflictdata.findings import Finding, Place
from conflictdata.readers.footers import LAST_ROWS, find_footer, make_footer_finding
from conflictdata.readers.hxl import find_tag_row
from conflictdata.readers.seed_csv import shorten_cell
from conflictdata.readers.sheet import SourceTable
from conflictdata.rules.file_rules import make_file_finding

NUMBER = "number of row:"
HEADER_MESSAGE = "the row repeats the header"
HEADER_HINT = "Two files may have been joined; the row is skipped."
_LEAST = 3  # cells of a repeated header

# From the number of a row and a column to its place.
LocateRow = Callable[[int, str], Place]


@dataclass(frozen=True)
class FalseRows:
    """The rows of a table that are not records.

    Attributes:
        tags: Numbers of rows of HXL tags, which are not a fault.
        headers: Numbers of rows that repeat the header.
        nuls: Number of each row with a NUL, and the first column that holds it.
        footers: Number of each row below the table, and its text.
    """

    tags: Sequence[int]
    headers: Sequence[int]
    nuls: dict[int, str]
    footers: dict[int, str] = field(default_factory=dict)

    @property
    def numbers(self) -> list[int]:
        """Return the numbers of all these rows, in order."""
        return sorted({*self.tags, *self.headers, *self.nuls, *self.footers})

    def list_findings(self, locate: LocateRow) -> list[Finding]:
        """Return a finding for each row with a NUL, and one for all rows that repeat the header."""
        findings = [make_nul_finding(locate(row, column), column) for row, column in self.nuls.items()]
        if self.headers:
            findings.append(make_header_finding(len(self.headers), locate(self.headers[0], "")))
        if self.footers:
            findings.append(make_footer_finding(list(self.footers.values()), locate(min(self.footers), "")))
        return findings


def make_nul_finding(place: Place, column: str = "") -> Finding:
    """Make the finding on a row that holds a NUL, in any form of table.

    Args:
        place: Place of the cell.
        column: Its column as the file names it; empty if the cells of the row cannot be distinguished.
    """
    message = f"{shorten_cell(column) or 'the row'} holds a NUL, a byte of zeros; {'its' if column else 'the'} row is not read"
    return make_file_finding("file.control-character", message, place, value=repr("\0"))


def make_header_finding(number: int, place: Place) -> Finding:
    """Make the finding on the rows of a table of others that repeat the header.

    Args:
        number: Number of these rows.
        place: Place of the first of them.
    """
    message = f"{number} rows repeat the header; the first is here" if number > 1 else HEADER_MESSAGE
    return replace(make_file_finding("csv.header", message, place, hint=HEADER_HINT), severity="warning")


def find_false_rows(rows: pl.LazyFrame, columns: Sequence[str]) -> FalseRows:
    """Find the rows that are not records.

    Args:
        rows: A table, with the number of each row as `NUMBER`.
        columns: Its columns of text.
    """
    if not columns:
        return FalseRows((), (), {})
    texts = rows.select(NUMBER, *(pl.col(name).cast(pl.String) for name in columns))
    equal = pl.sum_horizontal((pl.col(name) == name).fill_null(value=False) for name in columns)
    header = (equal >= _LEAST) & (equal * 2 > len(columns))
    nul = pl.any_horizontal(pl.col(name).str.contains("\0", literal=True) for name in columns).fill_null(value=False)
    odd = texts.filter(header | nul).with_columns(header.alias("header:")).collect(engine="streaming").sort(NUMBER)
    headers = odd.filter("header:")[NUMBER].to_list()
    nuls = {
        row[NUMBER]: next(name for name in columns if "\0" in (row[name] or ""))
        for row in odd.filter(~pl.col("header:")).iter_rows(named=True)
    }
    last = texts.tail(LAST_ROWS).collect().sort(NUMBER)
    found = {number: find_footer(cells) for number, *cells in last.iter_rows() if number not in {*headers, *nuls}}
    return FalseRows((), headers, nuls, {number: text for number, text in found.items() if text})


def drop_false_rows(source: SourceTable) -> SourceTable:
    """Return a table of others without the rows that are not records, and with findings on them.

    Args:
        source: A table as text, whose places are those of its rows. Without places, a finding has the number of its row.
    """
    numbered = source.frame.lazy().with_row_index(NUMBER)
    tags = find_tag_row(source.frame)
    found = replace(find_false_rows(numbered, source.columns), tags=() if tags is None else (tags,))
    if not found.numbers:
        return source

    def locate_false(row: int, column: str) -> Place:
        return Place(source.file, row=row) if source.locate is None else source.place(row, (column,))

    kept = numbered.filter(~pl.col(NUMBER).is_in(found.numbers)).collect()
    rows, locate = kept[NUMBER].to_list(), source.locate
    return replace(
        source,
        frame=kept.drop(NUMBER),
        findings=[*source.findings, *found.list_findings(locate_false)],
        locate=None if locate is None else lambda row, fields: locate(rows[row], fields),
        skipped=source.skipped + len(found.nuls),
    )
