"""From the text of a cell as its makers write it to the text that the checks read: data of the table, no rule."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from conflictdata.feeds import days
from conflictdata.feeds.profile import FeedTable
from conflictdata.schema.constraints import Constraint

RAW = "raw:"  # before the name of a column: its text as it stands in the file

_WHOLE = r"^(-?[0-9]+)\.0+$"


def canonical(table: FeedTable, columns: Sequence[Constraint], frame: pl.DataFrame) -> pl.DataFrame:
    """The cells of a table in canonical form.

    Days that fit exactly one form of their maker become ISO days, `299.0` becomes `299` in keys, codes and counts, numbers
    in the forms that the table allows become digits. What is in no known form stays as it is, and is found by the checks.

    Args:
        table: the table.
        columns: those that the frame has.
        frame: their texts; missing cells null.
    """
    return frame.lazy().select(_read(table, c).alias(c.column) for c in columns).collect()


def drop_missing(table: FeedTable, c: Constraint) -> pl.Expr:
    """The texts of a column; null for what means that nothing is known. Outer space is dropped where it means nothing."""
    text = pl.col(c.column)
    if table.missing:
        text = pl.when(text.str.strip_chars().is_in(list(table.missing))).then(None).otherwise(text)
    if c.kind == "prose":
        return text
    text = text.str.strip_chars()
    return pl.when(text != "").then(text)


def _read(table: FeedTable, c: Constraint) -> pl.Expr:
    text = drop_missing(table, c)
    if c.kind == "prose":
        return text
    if c.kind == "date":
        return days.read(text, table.day_forms)
    if c.kind in ("count", "number"):
        text = _number(table, text)
    return text.str.replace(_WHOLE, "${1}") if c.kind in ("id", "term", "count") else text


def _number(table: FeedTable, text: pl.Expr) -> pl.Expr:
    for form in table.number_forms:
        read = pl.when(text.str.contains(form)).then(text).cast(pl.Float64, strict=False)
        whole = pl.when(read == read.round()).then(read).cast(pl.Int64, strict=False).cast(pl.String)
        text = pl.coalesce(whole, text)
    return text
