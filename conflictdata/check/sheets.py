"""Tables as they came: the text of a table, and where each of its cells stands."""

from __future__ import annotations

import csv
import io
from functools import cached_property
from pathlib import Path
from typing import Protocol

import polars as pl

from conflictdata.findings import Finding, Place, UsageError
from conflictdata.schema.compiled import compiled
from conflictdata.schema.physical import kinds, tables
from conflictdata.seeds import shown
from conflictdata.seeds.likeness import nearest
from conflictdata.seeds.problems import problem
from conflictdata.seeds.records import Cell, Draft
from conflictdata.seeds.tables import read_table, rows
from conflictdata.seeds.text import TABLE_LIMIT, read_text

from conflictdata.check.cells import text_of  # isort: skip


class Sheet(Protocol):
    """A table as text, with places."""

    frame: pl.DataFrame

    def place(self, row: int, fields: tuple[str, ...] = ()) -> Place:
        """Where the first written one of these fields of a row stands, else the row."""
        ...


class RecordSheet:
    """The records of one table that a folder of seeds yields."""

    def __init__(self, draft: Draft, table: str) -> None:
        self.frame = draft.frame(table)
        self._records = draft.records[table]

    def place(self, row: int, fields: tuple[str, ...] = ()) -> Place:
        """Where the first written one of these fields of a row stands, else the row."""
        return self._records[row].place(fields)


class CsvSheet:
    """A CSV of one table. Places are worked out only when a finding asks for one."""

    def __init__(self, frame: pl.DataFrame, text: str, file: str) -> None:
        self.frame = frame
        self._text = text
        self._file = file

    @cached_property
    def _cells(self) -> tuple[dict[str, int], list[list[Cell]]]:
        lines = list(rows(self._text))
        return {cell.text: number for number, cell in enumerate(lines[0])}, lines[1:]

    def place(self, row: int, fields: tuple[str, ...] = ()) -> Place:
        """Where the first written one of these fields of a row stands, else the row."""
        names, cells = self._cells
        for field in fields:
            cell = cells[row][names[field]] if field in names else Cell("")
            if cell.text:
                return Place(self._file, cell.line, cell.column)
        return Place(self._file, cells[row][0].line, 1)


class ParquetSheet:
    """A Parquet file of one table; its cells have no lines."""

    def __init__(self, frame: pl.DataFrame, file: str) -> None:
        self.frame = frame
        self._file = file

    def place(self, row: int, fields: tuple[str, ...] = ()) -> Place:  # noqa: ARG002 - a Parquet file has no lines
        """The file."""
        return Place(self._file)


def _missing_columns(present: list[str], table: str, file: str) -> list[Finding]:
    missing = [name for name in kinds(table) if name not in present]
    if not missing:
        return []
    message = f"{table} lacks the column(s) {', '.join(missing)}"
    return [
        problem(
            "seed.missing-key",
            message,
            Place(file, 1, 0),
            hint="Add the columns; leave their cells empty where nothing is known.",
        )
    ]


def read_csv(path: Path, table: str) -> tuple[Sheet | None, list[Finding]]:
    """A CSV of one table; None where it cannot be read as one."""
    file = shown(path)
    text, findings = read_text(path, file, limit=TABLE_LIMIT, tabs=False)
    if text is None:
        return None, findings
    header = next(csv.reader(io.StringIO(text.split("\n", 1)[0])), [])
    findings += _missing_columns(header, table, file)
    if set(header) <= set(kinds(table)) and len(set(header)) == len(header):
        try:
            frame = pl.read_csv(io.BytesIO(text.encode()), infer_schema=False, truncate_ragged_lines=False)
            full = frame.select(
                (pl.col(n) if n in frame.columns else pl.lit(None, dtype=pl.String)).alias(n) for n in kinds(table)
            )
            return CsvSheet(full, text, file), findings
        except pl.exceptions.PolarsError:
            pass  # the slow reader below says at which line
    records, faults = read_table(path, file, table)
    draft = Draft()
    draft.records[table] = records
    seen = {(f.rule, f.place) for f in findings}
    return RecordSheet(draft, table), findings + [f for f in faults if (f.rule, f.place) not in seen]


def read_parquet(path: Path, table: str) -> tuple[Sheet | None, list[Finding]]:
    """A Parquet file of one table; None where it cannot be read as one."""
    file = shown(path)
    try:
        frame = pl.read_parquet(path, glob=False)
    except (OSError, pl.exceptions.PolarsError) as fault:
        reason = str(fault).splitlines()[0]
        return None, [problem("file.unreadable", f"not a Parquet file: {reason}", Place(file))]
    findings = _missing_columns(frame.columns, table, file)
    known = set(kinds(table))
    for name in frame.columns:
        if name not in known:
            hint = nearest(name, known)
            findings.append(
                problem("seed.unknown-key", f"{table} has no column {name!r}", Place(file), value=name, hint=hint)
            )
    if findings:
        return None, findings
    return ParquetSheet(text_of(frame, table).select(pl.all().cast(pl.String)), file), findings


def table_of(path: Path) -> str:
    """The table that a file holds, by its name, else by its columns.

    Raises:
        UsageError: it is none of the tables.
    """
    if path.stem in tables():
        return path.stem
    if path.stem in compiled():
        raise UsageError(
            f"{shown(path)} is derived and has no rules of its own; check the package, or the tables it is made from"
        )
    present = _columns_of(path)
    for table in tables():
        if set(kinds(table)) == present:
            return table
    hint = nearest(path.stem, tables())
    raise UsageError(f"{shown(path)} is none of the tables: {', '.join(tables())}. {hint}".strip())


def _columns_of(path: Path) -> set[str]:
    try:
        if path.suffix == ".parquet":
            # `read_parquet_schema` takes a bracket in a name for a pattern.
            return set(pl.scan_parquet(path, glob=False, hive_partitioning=False).collect_schema())
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as handle:
            return set(next(csv.reader(handle), []))
    except (OSError, csv.Error, pl.exceptions.PolarsError):
        return set()
