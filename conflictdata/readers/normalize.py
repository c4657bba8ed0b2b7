"""From the text of a cell as its makers write it to the text that the checks read: data of the table, no rule."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Protocol

import polars as pl

from conflictdata.readers import day_forms
from conflictdata.schema.cell_forms import NUMBER_KEY
from conflictdata.schema.columns import Constraint, list_column_kinds


class CellForms(Protocol):
    """How the makers of a table write its cells, apart from our own form."""

    @property
    def missing(self) -> Sequence[str]:
        """Words for an empty cell."""
        ...

    @property
    def day_forms(self) -> Sequence[day_forms.DayForm]:
        """Forms of a day."""
        ...

    @property
    def number_forms(self) -> Sequence[str]:
        """Patterns of numbers."""
        ...


RAW = "raw:"  # before the name of a column: its text as in the file


_LARGEST_WHOLE = 1e15  # a float beyond it is not sure of its last digit
_WHOLE = r"^(-?[0-9]+)\.0+$"
_ZEROS = r"(^|[, ])0+([0-9])"  # before a number, alone or in a list
EXPONENT = r"^-?[0-9]+(?:\.[0-9]+)?[eE][+-]?[0-9]{1,2}$"  # R writes 100000 as 1e+05

# Words that programs write for a missing value. In a text only those are read that no person writes there.
MISSING_TEXTS = ("NA", "<NA>", "NaN", "NULL", "\\N", "#N/A", "#NULL!")  # R, pandas, SQL, spreadsheets, SPSS
MISSING_CODES = (
    *MISSING_TEXTS, "nan", "NaT", "null", "None", "N/A", "n/a",
    ".", *(f".{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"),  # Stata, with the reasons that it tells apart
)  # fmt: skip


def normalize_cells(table: CellForms, columns: Sequence[Constraint], frame: pl.DataFrame) -> pl.DataFrame:
    """Return the cells of a table in canonical form.

    Days that fit exactly one form of their maker become ISO days, `299.0` becomes `299` in keys, codes and counts, `0330`
    becomes `330` in keys that are whole numbers, numbers in the forms that the table allows become digits. What is in no known form stays as it is, and is found by the checks.

    Args:
        table: the table.
        columns: those that the frame has.
        frame: their texts; missing cells null.
    """
    return frame.lazy().select(_normalize_column(table, c).alias(c.column) for c in columns).collect()


def drop_missing(table: CellForms, c: Constraint) -> pl.Expr:
    """Return the texts of a column; null for what means that nothing is known. Outer space is dropped where it means nothing."""
    text = pl.col(c.column)
    if words := list_missing(table, c):
        text = pl.when(~text.str.strip_chars().is_in(words)).then(text)
    if c.kind == "prose":
        return text
    text = text.str.strip_chars()
    return pl.when(text != "").then(text)


def list_missing(table: CellForms, c: Constraint) -> list[str]:
    """Return the words for an empty cell of a column.

    A word that the column may hold is not one of them: in a column of two-letter country codes, NA is Namibia.
    """
    words = (*(MISSING_TEXTS if c.kind == "prose" else MISSING_CODES), *table.missing)
    return [w for w in words if w not in c.terms and not (c.pattern and re.fullmatch(c.pattern, w))]


def _normalize_column(table: CellForms, c: Constraint) -> pl.Expr:
    text = drop_missing(table, c)
    if c.kind == "prose":
        return text
    if c.kind == "date":
        return day_forms.read_days(text, table.day_forms)
    if c.kind in ("count", "number"):
        text = _normalize_number(table, text)
    if c.kind in ("id", "term", "count"):
        text = text.str.replace(_WHOLE, "${1}")
    return text.str.replace_all(_ZEROS, "${1}${2}") if NUMBER_KEY in c.pattern else text


def _normalize_number(table: CellForms, text: pl.Expr) -> pl.Expr:
    for form in (EXPONENT, *table.number_forms):
        read = pl.when(text.str.contains(form)).then(text).cast(pl.Float64, strict=False)
        exact = pl.when(read.abs() < _LARGEST_WHOLE).then(read)
        whole = pl.when(exact == exact.round()).then(exact).cast(pl.Int64, strict=False).cast(pl.String)
        text = pl.coalesce(whole, text)
    return text


def convert_to_text(frame: pl.DataFrame, table: str) -> pl.DataFrame:
    """Return the columns of a table of ours in a typed frame as text in canonical form."""
    kinds = list_column_kinds(table)
    return convert_frame(frame.select(list(kinds)), kinds)


def convert_frame(frame: pl.DataFrame, kinds: Mapping[str, str] = MappingProxyType({})) -> pl.DataFrame:
    """Return a typed frame as text in canonical form, so that Parquet, DataFrames and CSV go through the same checks.

    Args:
        frame: The frame.
        kinds: Kinds of the columns (`schema.columns.list_column_kinds`), if they are known. A column of numbers keeps `35.0`,
            any other column of floats has `35`.
    """
    return frame.select(_convert_column(name, dtype, kinds.get(name, "")) for name, dtype in frame.schema.items())


def _convert_column(name: str, dtype: pl.DataType, kind: str) -> pl.Expr:
    column = pl.col(name)
    if isinstance(dtype, pl.Date):
        return column.dt.strftime("%Y-%m-%d")
    if isinstance(dtype, pl.Datetime):
        # 23:00 is not a day: it may be one in another time zone.
        midnight = column == column.dt.truncate("1d")
        return pl.when(midnight).then(column.dt.strftime("%Y-%m-%d")).otherwise(column.cast(pl.String)).alias(name)
    if dtype.is_float() and kind != "number":
        whole = (column == column.round()) & (column.abs() < _LARGEST_WHOLE)
        integer = column.cast(pl.Int64, strict=False).cast(pl.String)
        return pl.when(whole).then(integer).otherwise(column.cast(pl.String)).alias(name)
    if isinstance(dtype, pl.Struct | pl.List | pl.Array | pl.Object):
        return pl.lit(None, dtype=pl.String).alias(name)
    return column.cast(pl.String, strict=False)
