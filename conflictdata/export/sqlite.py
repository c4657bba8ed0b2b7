"""Export to SQLite: all tables with keys and references, two views, and a dictionary.

Dates are ISO text, because SQLite has no date type.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from conflictdata.export.bundle import Bundle
from conflictdata.export.sql_views import list_views

# Only the lower byte of an error code: the rest is the operation.
DISK_ERRORS = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN}
TYPES = {"string": "TEXT", "date": "TEXT", "integer": "INTEGER", "number": "REAL"}


def write(bundle: Bundle, file: Path, tables: list[str]) -> list[str]:
    """Write a database.

    Raises:
        OSError: If the file cannot be written.
    """
    chosen = tables or bundle.tables
    with _translate_disk_errors(), contextlib.closing(sqlite3.connect(file)) as database:
        for table in chosen:
            database.execute(_create_table(bundle, table, set(chosen)))
            frame = bundle[table].with_columns(pl.col(pl.Date).cast(pl.String))
            _insert_rows(database, table, frame.columns, frame.iter_rows())
            for column, target, _ in bundle.list_references(table):
                if target in chosen:
                    database.execute(f'CREATE INDEX "{table}_{column}" ON "{table}" ("{column}")')
        for statement in list_views(bundle, chosen):
            database.execute(statement)
        _write_notes(database, bundle, chosen)
        database.commit()
    return []


@contextlib.contextmanager
def _translate_disk_errors() -> Iterator[None]:
    """Raise OSError for SQLite errors about the disk.

    Errors about statements are bugs of ours, so they are not translated.
    """
    try:
        yield
    except sqlite3.OperationalError as fault:
        if getattr(fault, "sqlite_errorcode", 0) & 0xFF not in DISK_ERRORS:
            raise
        raise OSError(str(fault)) from fault


def _create_table(bundle: Bundle, table: str, chosen: set[str]) -> str:
    lines = [_define_column(item) for item in bundle.list_fields(table)]
    lines.append(f"PRIMARY KEY ({_quote_columns(bundle.get_key(table))})")
    lines += [
        f'FOREIGN KEY ("{column}") REFERENCES "{target}" ("{theirs}")'
        for column, target, theirs in bundle.list_references(table)
        if target in chosen
    ]
    return f'CREATE TABLE "{table}" (\n  ' + ",\n  ".join(lines) + "\n)"


def _define_column(item: Mapping[str, Any]) -> str:
    limits = item.get("constraints", {})
    required = " NOT NULL" if limits.get("required") else ""
    words = ", ".join(f"'{word}'" for word in limits.get("enum", ()))
    check = f' CHECK ("{item["name"]}" IN ({words}))' if words else ""
    return f'"{item["name"]}" {TYPES[item["type"]]}{required}{check}'


def _quote_columns(columns: Iterable[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


def _insert_rows(database: sqlite3.Connection, table: str, columns: list[str], rows: Iterable[tuple[Any, ...]]) -> None:
    marks = ", ".join("?" * len(columns))
    database.executemany(f'INSERT INTO "{table}" ({_quote_columns(columns)}) VALUES ({marks})', rows)


def _write_notes(database: sqlite3.Connection, bundle: Bundle, chosen: list[str]) -> None:
    """Add the tables `dictionary` and `package`.

    They contain the meaning of each column, and the version.
    """
    words = [row for row in bundle.build_dictionary() if row["table"] in chosen]
    columns = list(words[0])
    typed = ", ".join(f'"{column}" TEXT' for column in columns)
    database.execute(f"CREATE TABLE dictionary ({typed})")
    _insert_rows(database, "dictionary", columns, (tuple(row.values()) for row in words))
    about = {k: bundle.package[k] for k in ("name", "title", "version", "created", "description")}
    about["licence"] = bundle.package["licenses"][0]["name"]
    database.execute('CREATE TABLE package ("key" TEXT PRIMARY KEY, "value" TEXT)')
    _insert_rows(database, "package", ["key", "value"], about.items())
