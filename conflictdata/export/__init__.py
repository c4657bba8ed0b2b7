"""Export the published tables to the formats of other tools.

CSV and Parquet are part of the package; exports are made from it.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from conflictdata._utils.atomic_write import check_name, open_new_folder, remove_leftovers
from conflictdata.export.bundle import Bundle
from conflictdata.findings import UsageError

Holds = Literal["tables", "one table", "events"]


@dataclass(frozen=True)
class ExportFormat:
    """A format.

    Attributes:
        ending: File name extension.
        title: Description for `--help`.
        holds: Contents: "tables" (all or the selected ones), "one table" or "events".
        module: Module with the function `write(bundle, file, tables)`, which returns remarks for the user.
        library: Library to install. Empty if none is needed.
    """

    ending: str
    title: str
    holds: Holds
    module: str
    library: str = ""


FORMATS: dict[str, ExportFormat] = {
    "sqlite": ExportFormat("sqlite", "SQLite, with keys and a dictionary; opens in Datasette", "tables", "sqlite"),
    "duckdb": ExportFormat("duckdb", "DuckDB, with keys and comments", "tables", "duckdb", "duckdb"),
    "excel": ExportFormat("xlsx", "Excel, one sheet per table and a dictionary", "tables", "excel", "XlsxWriter"),
    "stata": ExportFormat("dta", "Stata, one table, with labels", "one table", "stata"),
    "jsonl": ExportFormat("jsonl", "JSON Lines: one claim per line with its tree of figures, or one table", "one table", "jsonl"),
    "geojson": ExportFormat("geojson", "GeoJSON of the events, with a summary of the claims", "events", "geojson"),
    "geoparquet": ExportFormat("parquet", "GeoParquet of the events, with a summary of the claims", "events", "geoparquet", "geopandas"),
    "ged": ExportFormat("csv", "one row per event in the columns of UCDP GED", "events", "ucdp_ged"),
    "acled": ExportFormat("csv", "one row per event in the columns and words of ACLED", "events", "acled"),
    "plover": ExportFormat("jsonl", "JSON Lines of the events in the words of PLOVER", "events", "plover"),
}  # fmt: skip


def export(name: str, file: Path, bundle: Bundle, *, tables: Sequence[str] = (), force: bool = False) -> list[str]:
    """Write tables in another format, completely or not at all.

    Args:
        name: A key of `FORMATS`.
        file: File to write.
        bundle: The tables.
        tables: Names of the tables. Empty: all. Formats with one table take at most one name; formats of events none.
        force: Replace an existing file.

    Returns:
        Remarks for the user: what the format cannot express, and what was left out.

    Raises:
        UsageError: If the format or a table is unknown, a library is missing, or the file exists or cannot be written.
    """
    check_name(file)
    form = FORMATS[name]
    chosen = _choose_tables(name, form, bundle, tables)
    if file.is_dir():
        raise UsageError(f"{file} is a folder; name a file in it, such as {file / ('conflictdata.' + form.ending)}")
    if file.exists() and not force:
        raise UsageError(f"{file} is there already; --force replaces it")
    write = _load_writer(name, form)
    return _write_whole(file, lambda fresh: write(bundle, fresh, chosen))


def _choose_tables(name: str, form: ExportFormat, bundle: Bundle, tables: Sequence[str]) -> list[str]:
    for table in tables:
        bundle.require_known(table)
    if form.holds == "events" and list(tables) not in ([], ["events"]):
        raise UsageError(f"{name} holds the events, and no other table")
    if form.holds == "one table" and len(tables) > 1:
        raise UsageError(f"a file of {name} holds one table; export each into a file of its own")
    return list(tables)


def _load_writer(name: str, form: ExportFormat) -> Callable[[Bundle, Path, list[str]], list[str]]:
    try:
        module = importlib.import_module(f"conflictdata.export.{form.module}")
        write: Callable[[Bundle, Path, list[str]], list[str]] = module.write
    except ImportError:
        if not form.library:
            raise
        raise UsageError(f"{name} needs {form.library}: pip install {form.library}") from None
    return write


def _write_whole(file: Path, write: Callable[[Path], list[str]]) -> list[str]:
    """Write the file in a new folder next to it, with the journals of databases, then move it. Clear killed runs first."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        remove_leftovers(file)
        with open_new_folder(file) as folder:
            remarks = write(folder / file.name)
            (folder / file.name).replace(file)
    except OSError as fault:
        reason = os.strerror(fault.errno) if fault.errno else str(fault)  # Arrow wraps the message of the system
        raise UsageError(f"{file} cannot be written: {reason[:1].lower()}{reason[1:]}") from fault
    return remarks
