"""Records as they were read: cells of text that know their place."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import polars as pl

from conflictdata.findings import Finding, Place
from conflictdata.schema.columns import list_column_kinds, list_key_columns, list_tables, make_text_schema


class Cell(NamedTuple):
    """One value as written, with its line and column."""

    text: str
    line: int = 0
    column: int = 0


@dataclass(slots=True)
class Record:
    """One row of a table: its cells by column, the file, and the place of the record itself."""

    table: str
    cells: dict[str, Cell]
    file: str
    line: int = 0
    column: int = 0

    def text(self, column: str) -> str:
        """Return the text of a cell; empty where there is none."""
        cell = self.cells.get(column)
        return cell.text if cell else ""

    @property
    def id(self) -> str:
        """The record's key, several columns joined by `|`."""
        return "|".join(self.text(column) for column in list_key_columns(self.table))

    def place(self, fields: Iterable[str] = ()) -> Place:
        """Return the place of the first of these fields that is written, else of the record."""
        for name in fields:
            cell = self.cells.get(name)
            if cell and cell.line:
                return Place(self.file, cell.line, cell.column)
        return Place(self.file, self.line, self.column)


@dataclass
class RecordDraft:
    """Everything that was read: records by table, in order of reading, and what was wrong with the files."""

    records: dict[str, list[Record]] = field(default_factory=lambda: {table: [] for table in list_tables()})
    findings: list[Finding] = field(default_factory=list)
    release: ReleaseNote | None = None
    files: list[str] = field(default_factory=list)

    def add(self, record: Record) -> None:
        """Add a record."""
        self.records[record.table].append(record)

    def build_frame(self, table: str) -> pl.DataFrame:
        """Return the records of a table as text, in the table's columns; a cell that is not written is null."""
        cells = [record.cells for record in self.records[table]]
        data = {
            name: [cell.text or None if (cell := row.get(name)) else None for row in cells]
            for name in list_column_kinds(table)
        }
        return pl.DataFrame(data, schema=make_text_schema(table))

    def is_in_files(self, files: Collection[str], table: str) -> pl.Series:
        """Return for each record of a table whether it is in one of these files."""
        return pl.Series([record.file in files for record in self.records[table]], dtype=pl.Boolean)

    def keys(self, table: str) -> Iterator[tuple[str, str, int]]:
        """Return for each record of a table its key, its file and its line."""
        return ((record.id, record.file, record.line) for record in self.records[table])


_TODO = re.compile(r"\s*TODO\b")


def is_todo(text: str) -> bool:
    """Return whether a value is one that a scaffold leaves to a person: `TODO`, whatever follows it."""
    return _TODO.match(text) is not None


@dataclass(frozen=True)
class ReleaseNote:
    """What `release.yaml` says: the version that the seeds are published as, and its day, as text."""

    version: Cell
    date: Cell
