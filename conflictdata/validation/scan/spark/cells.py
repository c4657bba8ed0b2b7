"""The cells of a file on Spark: in their types, null where they cannot be read, and as text next to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
from pyspark.sql import functions as F  # noqa: N812 - its usual name

from conflictdata.schema.cell_forms import ISO_DAY, REAL
from conflictdata.schema.columns import Constraint
from conflictdata.validation.scan.base import name_raw_column
from conflictdata.validation.scan.files import Part
from conflictdata.validation.scan.prefilter import TEXT_KINDS

if TYPE_CHECKING:
    from pyspark.sql import Column

_TYPES = {"count": "bigint", "number": "double", "date": "date"}


def get_column(column: str) -> Column:
    """Return a column by its whole name: a dot is not a field."""
    return F.col("`" + column.replace("`", "``") + "`")


def build_columns(c: Constraint, part: Part) -> list[Column]:
    """Return the column in its type, and its text where it is read from text."""
    column, dtype = get_column(c.column), part.types.get(c.column, pl.String())
    if c.column not in part.is_text:
        return [column.cast(_TYPES[c.kind]).alias(c.column)]
    written = get_column(name_raw_column(c.column)) if part.has_raw else column.alias(name_raw_column(c.column))
    if c.kind == "number" and dtype.is_float():
        finite = ~F.isnan(column) & (F.abs(column) != float("inf"))
        return [F.when(finite, column.cast("double")).alias(c.column), written]
    text = column if dtype == pl.String else _cast_to_text(c, dtype)
    if c.kind in TEXT_KINDS:
        return [text.alias(c.column), *([written] if part.has_raw else [])]
    return [_parse_value(c, text).alias(c.column), written]


def _parse_value(c: Constraint, text: Column) -> Column:
    """The value of a text; null where it cannot be read."""
    if c.kind == "date":
        return F.when(text.rlike(ISO_DAY), text.cast("date"))
    if c.kind == "number":
        return F.when(text.rlike(REAL), text.cast("double"))
    # A whole number in canonical form is what its value is written as, which takes a third of a pattern's time.
    number = text.cast("bigint")
    return F.when((number.cast("string") == text) & (F.abs(number) < 10**18), number)


def _cast_to_text(c: Constraint, dtype: Any) -> Column:
    """A column of another type as text in canonical form, where it has one."""
    column = get_column(c.column)
    if c.kind == "date" and isinstance(dtype, pl.Datetime):
        time = F.timestamp_micros(F.floor(column / 1000).cast("bigint")) if dtype.time_unit == "ns" else column
        return F.when(time == F.date_trunc("day", time), F.date_format(time, "yyyy-MM-dd")).otherwise(
            time.cast("string")
        )
    if c.kind != "number" and dtype.is_float():
        whole = column.cast("bigint").cast("string")
        return F.when(column == F.rint(column), whole).otherwise(column.cast("string"))
    return column.cast("string")
