"""Records as they were read: cells of text that know their place."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, overload

import polars as pl

from conflictdata.findings import Finding, Place
from conflictdata.schema.columns import list_column_kinds, list_key_columns, list_tables, make_text_schema

FILE = "@file"  # the number of the file that a record stands in


PLACES = "@places"  # line and column of the record and then of each of its cells; 0 and 0 where nothing is written


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
        return "|".join(self.text(column) for column in list_key_columns(self.table))

    def place(self, fields: Iterable[str] = ()) -> Place:
        """Where the first of these fields stands that is written, else the record."""
        for name in fields:
            cell = self.cells.get(name)
            if cell and cell.line:
                return Place(self.file, cell.line, cell.column)
        return Place(self.file, self.line, self.column)


def make_record_schema(table: str) -> dict[str, Any]:
    """The columns in which records are kept: the table's, as text, and these two."""
    return {FILE: pl.UInt32, PLACES: pl.List(pl.UInt32), **dict.fromkeys(list_column_kinds(table), pl.String)}


def build_record_frame(table: str, records: Sequence[Record], numbers: Mapping[str, int]) -> pl.DataFrame:
    """Records as columns.

    Args:
        table: the table.
        records: its records.
        numbers: the number of each file, by its name in findings.
    """
    text: dict[str, list[str | None]] = {name: [] for name in list_column_kinds(table)}
    fill = [(name, cells.append) for name, cells in text.items()]
    places = []
    for record in records:
        at = [record.line, record.column]
        for name, append in fill:
            cell = record.cells.get(name)
            append(cell.text or None if cell else None)
            at += cell[1:] if cell else (0, 0)
        places.append(at)
    files = [numbers[record.file] for record in records]
    return pl.DataFrame({FILE: files, PLACES: places, **text}, schema=make_record_schema(table))


class LazyRecords(Sequence[Record]):
    """Records of one table; each is made when it is asked for.

    Args:
        table: the table.
        kept: its records as columns.
        files: the names of the files, by number.
    """

    def __init__(self, table: str, kept: pl.DataFrame, files: Sequence[str]) -> None:
        self._table = table
        self._kept = kept
        self._files = files

    def __len__(self) -> int:
        return self._kept.height

    @overload
    def __getitem__(self, index: int) -> Record: ...

    @overload
    def __getitem__(self, index: slice) -> list[Record]: ...

    def __getitem__(self, index: int | slice) -> Record | list[Record]:
        if isinstance(index, slice):
            return [self[n] for n in range(*index.indices(len(self)))]
        text = self._kept.row(index, named=True)
        file, (line, column, *at) = self._files[text.pop(FILE)], text.pop(PLACES)
        places = zip(at[::2], at[1::2], strict=True)
        cells = {
            name: Cell(value or "", *place)
            for (name, value), place in zip(text.items(), places, strict=True)
            if value is not None or place[0]
        }
        return Record(self._table, cells, file, line, column)

    def __iter__(self) -> Iterator[Record]:
        return (self[n] for n in range(len(self)))

    def build_frame(self) -> pl.DataFrame:
        """The text of the cells, in the table's columns; a cell that is not written is null."""
        return self._kept.drop(FILE, PLACES)

    def is_in_files(self, files: Collection[str]) -> pl.Series:
        """For each record, whether it stands in one of these files."""
        return self._kept[FILE].is_in([number for number, name in enumerate(self._files) if name in files])

    def keys(self) -> Iterator[tuple[str, str, int]]:
        """For each record its key (several columns joined by `|`), its file and its line."""
        parts = [pl.col(name).fill_null("") for name in list_key_columns(self._table)]
        line = pl.col(PLACES).list.first()
        for record, file, at in self._kept.select(pl.concat_str(parts, separator="|"), FILE, line).iter_rows():
            yield record, self._files[file], at


@dataclass
class RecordDraft:
    """Everything that was read: records by table, in order of reading, and what was wrong with the files.

    The records of a table are a list, or `Rows` where they are many: then `frame` and `keys` are much the faster way to them.
    """

    records: dict[str, Sequence[Record]] = field(default_factory=lambda: {table: [] for table in list_tables()})
    findings: list[Finding] = field(default_factory=list)
    release: ReleaseNote | None = None
    files: list[str] = field(default_factory=list)

    def add(self, record: Record) -> None:
        """Add a record."""
        records = self.records[record.table]
        assert isinstance(records, list), f"{record.table} is complete"
        records.append(record)

    def build_frame(self, table: str) -> pl.DataFrame:
        """The records of a table as text, in the table's columns; a cell that is not written is null."""
        records = self.records[table]
        if isinstance(records, LazyRecords):
            return records.build_frame()
        data = {name: [r.text(name) or None for r in records] for name in list_column_kinds(table)}
        return pl.DataFrame(data, schema=make_text_schema(table))

    def is_in_files(self, files: Collection[str], table: str) -> pl.Series:
        """For each record of a table, whether it stands in one of these files."""
        records = self.records[table]
        if isinstance(records, LazyRecords):
            return records.is_in_files(files)
        return pl.Series([record.file in files for record in records], dtype=pl.Boolean)

    def keys(self, table: str) -> Iterator[tuple[str, str, int]]:
        """For each record of a table its key, its file and its line."""
        records = self.records[table]
        if isinstance(records, LazyRecords):
            return records.keys()
        return ((record.id, record.file, record.line) for record in records)


_TODO = re.compile(r"\s*TODO\b")


def is_todo(text: str) -> bool:
    """True for a value that a scaffold leaves to a person: `TODO`, whatever follows it."""
    return _TODO.match(text) is not None


@dataclass(frozen=True)
class ReleaseNote:
    """What `release.yaml` says: the version that the seeds are published as, and its day, as text."""

    version: Cell
    date: Cell
