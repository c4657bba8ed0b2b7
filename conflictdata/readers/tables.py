"""Tables as they were read: the text of a table, and the place of each of its cells."""

from __future__ import annotations

import contextlib
import csv
import io
from collections.abc import Sequence
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Protocol

import polars as pl

from conflictdata._utils.paths import display_path
from conflictdata._utils.suggest import suggest
from conflictdata.findings import Finding, Place, UsageError
from conflictdata.readers.csv_lines import MAX_LINES, CsvLayout, Grammar, read_layout
from conflictdata.readers.records import RecordDraft
from conflictdata.readers.seed_csv import make_reader, read_header, read_rows
from conflictdata.readers.text import TABLE_LIMIT, read_text
from conflictdata.rules.file_rules import make_file_finding
from conflictdata.schema.columns import list_column_kinds, list_tables, load_compiled

from conflictdata.readers.normalize import convert_to_text  # isort: skip


class LocatedTable(Protocol):
    """A table as text, with places."""

    frame: pl.DataFrame

    def place(self, row: int, fields: tuple[str, ...] = ()) -> Place:
        """Return the place of the first filled one of these fields of a row, else of the row."""
        ...


class RecordTable:
    """The records of one table that a folder of seeds yields."""

    def __init__(self, draft: RecordDraft, table: str) -> None:
        self.frame = draft.build_frame(table)
        self._records = draft.records[table]

    def place(self, row: int, fields: tuple[str, ...] = ()) -> Place:
        """Return the place of the first filled one of these fields of a row, else of the row."""
        return self._records[row].place(fields)


class CsvTable:
    """A CSV of one table. Places are computed only for findings.

    Attributes:
        frame: its records.
        missing_columns: the columns of the table that it lacks.
    """

    def __init__(self, table: str, names: Sequence[str], data: bytes, start: int, shape: CsvLayout, file: str) -> None:
        self.frame = _build_frame(table, names, data, start, shape)
        self.missing_columns = frozenset(list_column_kinds(table)) - set(names)
        self._names, self._data, self._shape, self._file = names, data, shape, file

    @property
    def malformed_lines(self) -> list[list[str]]:
        """The cells of the lines that are not a record, split at commas."""
        texts = (self._data[start:end].decode().rstrip("\n") for start, end in self._shape.spans)
        return [[cell.strip('"') for cell in text.split(",")] for text in texts if text]

    @cached_property
    def _lines(self) -> list[str]:
        return self._data.decode().split("\n")

    def place(self, row: int, fields: tuple[str, ...] = ()) -> Place:
        """Where the first of these fields that is written begins, else the first of them, else the row."""
        line = self._shape.find_line(row)
        known = [field for field in fields if field in self._names]
        if not known:
            return Place(self._file, line, 1)
        texts = iter(self._lines[line - 1 : line + MAX_LINES])
        record = next(texts)
        while record.count('"') % 2:
            record = f"{record}\n{next(texts)}"
        cells = dict(zip(reversed(self._names), reversed(next(read_rows(record))), strict=True))
        cell = next((cells[field] for field in known if cells[field].text), cells[known[0]])
        return Place(self._file, line + cell.line - 1, cell.column)


def _build_frame(table: str, names: Sequence[str], data: bytes, start: int, shape: CsvLayout) -> pl.DataFrame:
    """The records of a CSV as text, in the columns of the table; a cell that is empty or missing is null."""
    body = b"".join(data[begin:end] for begin, end in shape.list_kept_spans(start, len(data)))
    frame = pl.DataFrame()
    if body and len(set(names)) == len(names):
        with contextlib.suppress(pl.exceptions.PolarsError):
            schema = dict.fromkeys(names, pl.String())
            frame = pl.read_csv(io.BytesIO(body), has_header=False, schema=schema, truncate_ragged_lines=False)
    if frame.height != shape.rows or not frame.width:
        cells = [[cell or None for cell in row] for row in make_reader(io.StringIO(body.decode(), newline="")) if row]
        columns = zip(*cells, strict=True) if cells else [()] * len(names)
        frame = pl.DataFrame({n: pl.Series(c, dtype=pl.String) for n, c in zip(names, columns, strict=True)})
    absent = [pl.lit(None, dtype=pl.String).alias(n) for n in list_column_kinds(table) if n not in frame.columns]
    return frame.with_columns(absent).select(*list_column_kinds(table))


class ParquetTable:
    """A Parquet file of one table; its cells have no lines."""

    def __init__(self, frame: pl.DataFrame, file: str) -> None:
        self.frame = frame
        self._file = file

    def place(self, row: int, fields: tuple[str, ...] = ()) -> Place:  # noqa: ARG002 - a Parquet file has no lines
        """The file."""
        return Place(self._file)


def _find_missing_columns(present: list[str], table: str, file: str) -> list[Finding]:
    missing = [name for name in list_column_kinds(table) if name not in present]
    if not missing:
        return []
    message = f"{table} lacks the column(s) {', '.join(missing)}"
    return [
        make_file_finding(
            "seed.missing-key",
            message,
            Place(file, 1, 0),
            hint="Add the columns; leave their cells empty where nothing is known.",
        )
    ]


def read_csv(path: Path, table: str) -> tuple[LocatedTable | None, list[Finding]]:
    """A CSV of one table; None where it cannot be read as one."""
    file = display_path(path)
    text, findings = read_text(path, file, limit=TABLE_LIMIT, tabs=False)
    if text is None:
        return None, findings
    lines = make_reader(io.StringIO(text, newline=""), strict=True)
    try:
        next(lines, None)
        head = "".join(islice(io.StringIO(text), lines.line_num))
        names, faults = read_header(next(read_rows(head), []), table, file)
    except csv.Error as fault:
        return None, [*findings, make_file_finding("csv.syntax", f"not CSV: {fault.args[0]}", Place(file, 1, 0))]
    findings += [*_find_missing_columns(names, table, file), *faults]
    if not names:
        return None, findings
    data, start = text.encode(), len(head.encode())
    shape = read_layout(data, start, lines.line_num + 1, Grammar(file, tuple(names), table))
    return CsvTable(table, names, data, start, shape, file), findings + shape.malformed


def read_parquet(path: Path, table: str) -> tuple[LocatedTable | None, list[Finding]]:
    """A Parquet file of one table; None where it cannot be read as one."""
    file = display_path(path)
    try:
        frame = pl.read_parquet(path, glob=False)
    except (OSError, pl.exceptions.PolarsError) as fault:
        reason = str(fault).splitlines()[0]
        return None, [make_file_finding("file.unreadable", f"not a Parquet file: {reason}", Place(file))]
    findings = _find_missing_columns(frame.columns, table, file)
    known = set(list_column_kinds(table))
    for name in frame.columns:
        if name not in known:
            hint = suggest(name, known)
            findings.append(
                make_file_finding(
                    "seed.unknown-key", f"{table} has no column {name!r}", Place(file), value=name, hint=hint
                )
            )
    if findings:
        return None, findings
    return ParquetTable(convert_to_text(frame, table).select(pl.all().cast(pl.String)), file), findings


def identify_table(path: Path) -> str:
    """The table that a file holds, by its name, else by its columns.

    Raises:
        UsageError: it is none of the tables.
    """
    if path.stem in list_tables():
        return path.stem
    if path.stem in load_compiled():
        raise UsageError(
            f"{display_path(path)} is derived and has no rules of its own; check the package, or the tables it is made from"
        )
    present = _read_columns(path)
    for table in list_tables():
        if set(list_column_kinds(table)) == present:
            return table
    hint = suggest(path.stem, list_tables())
    raise UsageError(f"{display_path(path)} is none of the tables: {', '.join(list_tables())}. {hint}".strip())


def _read_columns(path: Path) -> set[str]:
    try:
        if path.suffix == ".parquet":
            # `read_parquet_schema` takes a bracket in a name for a pattern.
            return set(pl.scan_parquet(path, glob=False, hive_partitioning=False).collect_schema())
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as handle:
            return set(next(make_reader(handle), []))
    except (OSError, csv.Error, pl.exceptions.PolarsError):
        return set()
