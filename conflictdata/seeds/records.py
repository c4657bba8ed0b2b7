"""Records as they were read: cells of text that know their place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from conflictdata.findings import Finding, Place
from conflictdata.schema.models import MODELS
from conflictdata.schema.physical import key, kinds, text_schema

if TYPE_CHECKING:
    from conflictdata.seeds.ledgers import ReleaseNote


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
        """The text of a cell; empty where there is none."""
        cell = self.cells.get(column)
        return cell.text if cell else ""

    @property
    def id(self) -> str:
        """The record's key, several columns joined by `|`."""
        return "|".join(self.text(column) for column in key(self.table))

    def place(self, fields: Iterable[str] = ()) -> Place:
        """Where the first of these fields stands that is written, else the record."""
        for name in fields:
            cell = self.cells.get(name)
            if cell and cell.line:
                return Place(self.file, cell.line, cell.column)
        return Place(self.file, self.line, self.column)


@dataclass
class Draft:
    """Everything that was read: records by table, in order of reading, and what was wrong with the files."""

    records: dict[str, list[Record]] = field(default_factory=lambda: {table: [] for table in MODELS})
    findings: list[Finding] = field(default_factory=list)
    release: ReleaseNote | None = None
    files: list[str] = field(default_factory=list)

    def add(self, record: Record) -> None:
        """Add a record."""
        self.records[record.table].append(record)

    def frame(self, table: str) -> pl.DataFrame:
        """The records of a table as text, in the table's columns; a cell that is not written is null."""
        records = self.records[table]
        data = {name: [r.text(name) or None for r in records] for name in kinds(table)}
        return pl.DataFrame(data, schema=text_schema(table))
