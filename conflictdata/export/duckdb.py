"""Export to DuckDB: typed tables with keys, a comment on every column, and two views."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb

from conflictdata.export.bundle import Bundle
from conflictdata.export.sql_views import list_views

TYPES = {"string": "VARCHAR", "date": "DATE", "integer": "BIGINT", "number": "DOUBLE"}


def write(bundle: Bundle, file: Path, tables: list[str]) -> list[str]:
    """Write a database.

    Raises:
        OSError: If the file cannot be written.
    """
    chosen = _order_tables(bundle, tables or bundle.tables)
    with _translate_disk_errors(), contextlib.closing(duckdb.connect(str(file))) as database:
        for table in chosen:
            database.execute(_create_table(bundle, table, set(chosen)))
            database.register("frame", bundle[table].to_arrow())
            database.execute(f'INSERT INTO "{table}" SELECT * FROM frame')
            database.unregister("frame")
            _write_comment(database, f'TABLE "{table}"', str(bundle.schemas[table]["description"]))
            for item in bundle.list_fields(table):
                _write_comment(database, f'COLUMN "{table}"."{item["name"]}"', str(item["description"]))
        for statement in list_views(bundle, chosen):
            database.execute(statement)
    return ["DuckDB stamps its files: two exports hold the same tables, not the same bytes"]


@contextlib.contextmanager
def _translate_disk_errors() -> Iterator[None]:
    """Raise OSError for DuckDB errors about the disk.

    The last part of DuckDB's message is the message of the system.
    """
    try:
        yield
    except duckdb.Error as fault:  # the class depends on the operation: writing, committing, closing
        if ' file "' not in str(fault):
            raise
        raise OSError(str(fault).splitlines()[0].rsplit(": ", 1)[-1]) from fault


def _order_tables(bundle: Bundle, tables: list[str]) -> list[str]:
    """Sort tables after those that they refer to.

    DuckDB checks references when it inserts rows.
    """
    placed: list[str] = []

    def place(table: str) -> None:
        if table in placed or table not in tables:
            return
        for _, target, _ in bundle.list_references(table):
            if target != table:
                place(target)
        placed.append(table)

    for table in tables:
        place(table)
    return placed


def _create_table(bundle: Bundle, table: str, chosen: set[str]) -> str:
    lines = [_define_column(item) for item in bundle.list_fields(table)]
    required = {f["name"] for f in bundle.list_fields(table) if f.get("constraints", {}).get("required")}
    key = bundle.get_key(table)
    # A primary key must not have missing cells, but an alias may lack a language.
    word = "PRIMARY KEY" if set(key) <= required else "UNIQUE"
    quoted = ", ".join(f'"{column}"' for column in key)
    lines.append(f"{word} ({quoted})")
    lines += [
        f'FOREIGN KEY ("{column}") REFERENCES "{target}" ("{theirs}")'
        for column, target, theirs in bundle.list_references(table)
        # DuckDB 2 checks row by row, so references of a table to itself would fail.
        if target in chosen and target != table
    ]
    return f'CREATE TABLE "{table}" ({", ".join(lines)})'


def _define_column(item: Mapping[str, Any]) -> str:
    required = " NOT NULL" if item.get("constraints", {}).get("required") else ""
    return f'"{item["name"]}" {TYPES[item["type"]]}{required}'


def _write_comment(database: duckdb.DuckDBPyConnection, what: str, text: str) -> None:
    quoted = text.replace("'", "''")
    database.execute(f"COMMENT ON {what} IS '{quoted}'")
