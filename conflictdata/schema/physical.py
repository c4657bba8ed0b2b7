"""How a table lies in memory: the frame types of each engine, read off the models."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from conflictdata.schema.compiled import compiled
from conflictdata.schema.constraints import constraints

if TYPE_CHECKING:
    import polars as pl

_POLARS = {
    "id": "String",
    "term": "String",
    "text": "String",
    "url": "String",
    "date": "Date",
    "count": "Int64",
    "number": "Float64",
}


@cache
def tables() -> tuple[str, ...]:
    """The names of the tables that are written and checked, in order; derived ones are left out."""
    return tuple(name for name, said in compiled().items() if not said["derived"])


@cache
def columns(table: str) -> dict[str, Any]:
    """The pandera columns of a table, by name, in order."""
    from conflictdata.schema.models import TABLES

    return dict(TABLES[table].to_schema().columns)


@cache
def kinds(table: str) -> dict[str, str]:
    """The kind of each column of a table: id, term, text, url, date, count or number."""
    return {c.column: c.kind for c in constraints(table)}


@cache
def key(table: str) -> tuple[str, ...]:
    """The primary key of a table."""
    return tuple(compiled()[table]["key"])


@cache
def references(table: str) -> dict[str, str]:
    """The foreign keys of a table: column to the table whose key it holds."""
    return {c.column: c.references for c in constraints(table) if c.references}


def polars_schema(table: str) -> dict[str, Any]:
    """The polars types of a table, by column, in order."""
    import polars as pl

    return {name: getattr(pl, _POLARS[kind]) for name, kind in kinds(table).items()}


def text_schema(table: str) -> dict[str, Any]:
    """The same columns, all as text: a table as it was written, before its cells are read."""
    import polars as pl

    return dict.fromkeys(kinds(table), pl.String)


def empty(table: str) -> pl.DataFrame:
    """A table without rows."""
    import polars as pl

    return pl.DataFrame(schema=polars_schema(table))
