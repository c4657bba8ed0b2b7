"""Conditions on rows, as `show --where` takes them: `claimant_id=sohr`, `as_of>=2024-12-04`, `high=`."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conflictdata._utils.suggest import ask_whether, find_close
from conflictdata.findings import UsageError

if TYPE_CHECKING:
    import polars as pl

_FORM = re.compile(r"\s*(?P<column>\w+)\s*(?P<sign>!=|>=|<=|=|>|<)\s*(?P<value>.*?)\s*\Z", re.DOTALL)


@dataclass(frozen=True)
class Condition:
    """A condition on one column.

    Attributes:
        column: Name of the column.
        sign: `=`, `!=`, `>`, `>=`, `<` or `<=`.
        value: Text to compare with. Empty, with `=` or `!=`: whether the cell is empty.
    """

    column: str
    sign: str
    value: str


def parse_condition(text: str) -> Condition:
    """Parse a condition.

    Raises:
        UsageError: If the text does not have the form.
    """
    hit = _FORM.match(text)
    if hit is None:
        raise UsageError(f"--where {text[:80]!r}: write COLUMN=VALUE, such as claimant_id=sohr or as_of>=2024-12-04")
    condition = Condition(hit["column"], hit["sign"], hit["value"])
    if not condition.value and condition.sign not in ("=", "!="):
        raise UsageError(f"--where {text[:80]!r}: write a value after {condition.sign}")
    return condition


def select_rows(frame: pl.DataFrame, conditions: Sequence[Condition]) -> pl.DataFrame:
    """Return the rows that meet all conditions. An empty cell meets `=` and `!=` without a value, and no comparison.

    Raises:
        UsageError: If a column does not exist, or a value cannot be compared with its cells.
    """
    for condition in conditions:
        if condition.column not in frame.columns:
            guess = ask_whether(*find_close(condition.column, frame.columns, least=0.6))
            raise UsageError(f"--where: there is no column {condition.column!r}. {guess}".rstrip())
        frame = frame.filter(_make_expression(frame, condition))
    return frame


def _make_expression(frame: pl.DataFrame, condition: Condition) -> pl.Expr:
    import polars as pl

    column = pl.col(condition.column)
    if not condition.value:
        return column.is_null() if condition.sign == "=" else column.is_not_null()
    value = _convert_value(frame.schema[condition.column], condition)
    compared = {
        "=": column == value, "!=": column != value,
        ">": column > value, ">=": column >= value, "<": column < value, "<=": column <= value,
    }  # fmt: skip
    return compared[condition.sign]


def _convert_value(kind: pl.DataType, condition: Condition) -> str | int | float | dt.date:
    import polars as pl

    try:
        if kind == pl.Date:
            return dt.date.fromisoformat(condition.value)
        if kind.is_integer():
            return int(condition.value.replace(",", ""))
        if kind.is_float():
            return float(condition.value)
    except ValueError:
        form = "a day such as 2024-12-04" if kind == pl.Date else "a number"
        raise UsageError(f"--where: {condition.column} holds {form}, not {condition.value[:40]!r}") from None
    return condition.value


def suggest_values(frame: pl.DataFrame, conditions: Sequence[Condition]) -> list[str]:
    """Return a remark for each condition whose text is in no cell of its column, with the nearest words."""
    import polars as pl

    remarks = []
    for condition in conditions:
        cells = frame[condition.column]
        if condition.sign != "=" or not condition.value or cells.dtype != pl.String:
            continue
        words = cells.unique().drop_nulls().to_list()
        if condition.value not in words:
            guess = ask_whether(*find_close(condition.value, words, least=0.6))
            remarks.append(f"no cell of {condition.column} is {condition.value[:40]!r}. {guess}".rstrip())
    return remarks
