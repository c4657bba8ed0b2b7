"""From the text of a cell as its makers write it to the text that the checks read: data of the table, no rule."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from conflictdata.feeds.profile import FeedTable
from conflictdata.schema.constraints import Constraint

RAW = "raw:"  # before the name of a column: its text as it stands in the file

_MIDNIGHT = r"^([0-9]{4}-[0-9]{2}-[0-9]{2})[ T]00:00(?::00(?:\.0+)?)?Z?$"
_WHOLE = r"^(-?[0-9]+)\.0+$"


def canonical(table: FeedTable, columns: Sequence[Constraint], frame: pl.DataFrame) -> pl.DataFrame:
    """The cells of a table in canonical form.

    Midnight after a day is dropped, `299.0` becomes `299` in keys, codes and counts, days and numbers in the forms that
    the table allows become ISO days and digits. What is in no known form stays as it is, and is found by the checks.

    Args:
        table: the table.
        columns: those that the frame has.
        frame: their texts; missing cells null.
    """
    return frame.lazy().select(_read(table, c).alias(c.column) for c in columns).collect()


def _read(table: FeedTable, c: Constraint) -> pl.Expr:
    text = pl.col(c.column)
    if table.missing:
        text = pl.when(text.str.strip_chars().is_in(list(table.missing))).then(None).otherwise(text)
    if c.kind == "prose":
        return text
    text = text.str.strip_chars()
    text = pl.when(text != "").then(text)
    if c.kind == "date":
        return _day(table, text)
    if c.kind in ("count", "number"):
        text = _number(table, text)
    return text.str.replace(_WHOLE, "${1}") if c.kind in ("id", "term", "count") else text


def _day(table: FeedTable, text: pl.Expr) -> pl.Expr:
    iso = text.str.replace(_MIDNIGHT, "${1}")
    for form in table.day_forms:
        read = text.str.to_date(form, strict=False).dt.strftime("%Y-%m-%d")
        iso = pl.coalesce(read, iso)
    return iso


def _number(table: FeedTable, text: pl.Expr) -> pl.Expr:
    for form in table.number_forms:
        read = pl.when(text.str.contains(form)).then(text).cast(pl.Float64, strict=False)
        whole = pl.when(read == read.round()).then(read).cast(pl.Int64, strict=False).cast(pl.String)
        text = pl.coalesce(whole, text)
    return text
