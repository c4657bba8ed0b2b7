"""From the text of a cell as its makers write it to the text that the checks read: data of the table, no rule."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import polars as pl

from conflictdata.readers import day_forms
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


RAW = "raw:"  # before the name of a column: its text as it stands in the file


_WHOLE = r"^(-?[0-9]+)\.0+$"


def normalize_cells(table: CellForms, columns: Sequence[Constraint], frame: pl.DataFrame) -> pl.DataFrame:
    """The cells of a table in canonical form.

    Days that fit exactly one form of their maker become ISO days, `299.0` becomes `299` in keys, codes and counts, numbers
    in the forms that the table allows become digits. What is in no known form stays as it is, and is found by the checks.

    Args:
        table: the table.
        columns: those that the frame has.
        frame: their texts; missing cells null.
    """
    return frame.lazy().select(_normalize_column(table, c).alias(c.column) for c in columns).collect()


def drop_missing(table: CellForms, c: Constraint) -> pl.Expr:
    """The texts of a column; null for what means that nothing is known. Outer space is dropped where it means nothing."""
    text = pl.col(c.column)
    if table.missing:
        text = pl.when(text.str.strip_chars().is_in(list(table.missing))).then(None).otherwise(text)
    if c.kind == "prose":
        return text
    text = text.str.strip_chars()
    return pl.when(text != "").then(text)


def _normalize_column(table: CellForms, c: Constraint) -> pl.Expr:
    text = drop_missing(table, c)
    if c.kind == "prose":
        return text
    if c.kind == "date":
        return day_forms.read_days(text, table.day_forms)
    if c.kind in ("count", "number"):
        text = _normalize_number(table, text)
    return text.str.replace(_WHOLE, "${1}") if c.kind in ("id", "term", "count") else text


def _normalize_number(table: CellForms, text: pl.Expr) -> pl.Expr:
    for form in table.number_forms:
        read = pl.when(text.str.contains(form)).then(text).cast(pl.Float64, strict=False)
        whole = pl.when(read == read.round()).then(read).cast(pl.Int64, strict=False).cast(pl.String)
        text = pl.coalesce(whole, text)
    return text


def convert_to_text(frame: pl.DataFrame, table: str) -> pl.DataFrame:
    """A typed frame as text in canonical form, so that Parquet and CSV go through the same judgement."""
    out = []
    for name, kind in list_column_kinds(table).items():
        column = pl.col(name)
        if frame.schema[name] == pl.String:
            out.append(column)
        elif kind == "date" and isinstance(frame.schema[name], pl.Date | pl.Datetime):
            midnight = column == column.dt.truncate("1d")
            out.append(pl.when(midnight).then(column.dt.strftime("%Y-%m-%d")).otherwise(column.cast(pl.String)))
        elif frame.schema[name].is_float() and kind == "count":
            whole = column == column.round(0)
            out.append(
                pl.when(whole)
                .then(column.cast(pl.Int64, strict=False).cast(pl.String))
                .otherwise(column.cast(pl.String))
            )
        else:
            out.append(column.cast(pl.String))
    return frame.select(o.alias(n) for o, n in zip(out, list_column_kinds(table), strict=True))
