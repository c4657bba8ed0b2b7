"""Parquet as it comes: its values as text in canonical form. Its cells have no lines."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

import polars as pl

from conflictdata._utils.paths import display_path
from conflictdata._utils.suggest import suggest
from conflictdata.findings import Finding, Place
from conflictdata.readers.normalize import convert_frame
from conflictdata.readers.row_faults import drop_false_rows
from conflictdata.readers.seed_csv import shorten_cell
from conflictdata.readers.sheet import SourceTable, make_broken_table
from conflictdata.rules.file_rules import make_file_finding
from conflictdata.schema.columns import list_column_kinds


def read_parquet_columns(path: Path) -> list[str]:
    """Read the columns of a file; none where it is not a Parquet file."""
    try:
        # `read_parquet_schema` takes a bracket in a name for a pattern.
        return pl.scan_parquet(path, glob=False, hive_partitioning=False).collect_schema().names()
    except (OSError, pl.exceptions.PolarsError):
        return []


def read_parquet(path: Path, table: str = "", file: str = "", constants: Collection[str] = ()) -> SourceTable:
    """Read a Parquet file.

    Args:
        path: The file.
        table: Our table that it holds; empty for files of others.
        file: Name of the file, for findings, if it is not that of the path.
        constants: Columns that the names of folders give.
    """
    file = file or display_path(path)
    try:
        frame = pl.read_parquet(path, glob=False)
    except (OSError, pl.exceptions.PolarsError) as fault:
        reason = (str(fault).splitlines() or ["it is damaged"])[0]
        return make_broken_table(file, "file.unreadable", f"not a Parquet file: {reason}")
    if not table:
        return drop_false_rows(SourceTable(file, convert_frame(frame)))
    findings = find_unknown_columns([*frame.columns, *constants], table, file)
    return SourceTable(file, convert_frame(frame, list_column_kinds(table)), findings)


def find_unknown_columns(columns: Sequence[str], table: str, file: str, known: Collection[str] = ()) -> list[Finding]:
    """Return a finding for each column that a table does not have, and one for all that it lacks.

    Args:
        columns: Columns of the file.
        table: Name of the table.
        file: Name of the file.
        known: Columns of the table, if it is none of ours.
    """
    known = known or list_column_kinds(table)
    findings = []
    if missing := [name for name in known if name not in columns]:
        hint = "Add the columns; leave their cells empty where nothing is known."
        message = f"{table} lacks the column(s) {', '.join(missing)}"
        findings.append(make_file_finding("seed.missing-key", message, Place(file), hint=hint))
    for name in columns:
        if name not in known:
            hint = suggest(name, known) or f"The columns are: {', '.join(known)}."
            message, value = f"{table} has no column {shorten_cell(name)!r}", shorten_cell(name)
            findings.append(make_file_finding("seed.unknown-key", message, Place(file), value=value, hint=hint))
    return findings
