"""Tables of ours as text with places: the columns of the table, each absent one empty."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from conflictdata._utils.paths import display_path
from conflictdata._utils.suggest import suggest
from conflictdata.findings import Place, UsageError
from conflictdata.readers.packing import strip_suffixes
from conflictdata.readers.records import RecordDraft
from conflictdata.readers.sheet import LocatedTable, SourceTable
from conflictdata.readers.source import read_columns
from conflictdata.schema.columns import list_column_kinds, list_tables, load_compiled

__all__ = ["LocatedTable", "OwnTable", "RecordTable", "identify_table"]


class RecordTable:
    """Records of one table that a folder of seeds yields."""

    def __init__(self, draft: RecordDraft, table: str) -> None:
        self.frame = draft.build_frame(table)
        self._records = draft.records[table]

    def place(self, row: int, fields: tuple[str, ...] = ()) -> Place:
        """Return the place of the first filled one of these fields of a row, else of the row."""
        return self._records[row].place(fields)


class OwnTable:
    """A table of ours that was read from files.

    Attributes:
        frame: Its columns as text; a column that the files lack is empty.
        file: Name of its file; of the first one if there are several.
        missing_columns: Columns that the files lack.
        malformed_lines: Cells of the lines that are not a record.
    """

    def __init__(self, table: str, source: SourceTable) -> None:
        kinds = list_column_kinds(table)
        absent = [pl.lit(None, dtype=pl.String).alias(name) for name in kinds if name not in source.columns]
        self.frame = source.frame.with_columns(absent).select(list(kinds))
        if not source.columns:
            self.frame = self.frame.clear()
        self.missing_columns = frozenset(kinds) - set(source.columns) if source.columns else frozenset()
        self.file, self.malformed_lines = source.file, source.malformed_lines
        self._source = source

    def place(self, row: int, fields: tuple[str, ...] = ()) -> Place:
        """Return the place of the first filled one of these fields of a row, else of the row."""
        return self._source.place(row, fields)


def identify_table(path: Path, columns: Sequence[str] | None = None) -> str:
    """Return the table of ours that a file holds, by its name, else by its columns.

    Raises:
        UsageError: It is none of the tables.
    """
    name = strip_suffixes(path).lower()
    if name in list_tables():
        return name
    if name in load_compiled():
        raise UsageError(
            f"{display_path(path)} is derived and has no rules of its own; check the package, or the tables it is made from"
        )
    present = set(read_columns(path) if columns is None else columns)
    for table in list_tables():
        if set(list_column_kinds(table)) == present:
            return table
    hint = suggest(name, list_tables())
    raise UsageError(f"{display_path(path)} is none of the tables: {', '.join(list_tables())}. {hint}".strip())
