"""Columns of days of other datasets: a column that is not in a form of its makers is one finding, whatever its length."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache

import polars as pl

from conflictdata.findings import Finding, Place
from conflictdata.readers import day_forms
from conflictdata.readers.day_forms import DayForm, OddCells
from conflictdata.validation.odd_columns import OddColumn, format_message

DAY_COLUMN = "feed.day-column"


def judge_days(
    column: str,
    found: Sequence[OddCells],
    filled: int,
    *,
    forms: Sequence[DayForm],
    table: str,
    record: str,
    locate: Callable[[int], Place],
) -> OddColumn:
    """Judge the cells of a column of days that are not read.

    Args:
        column: The column.
        found: The cells, by reason; the first of them first. There is at least one.
        filled: Number of cells of the column that are filled.
        forms: Forms in which the makers publish days.
        table: Name of the table.
        record: Key of the row of the first cell.
        locate: Returns the place of the cell of a row.
    """
    first = found[0].rows[0]
    number = sum(odd.number for odd in found)
    reason = "; ".join(_describe(odd, first, locate) for odd in found)
    shown = " or ".join(form.shown for form in forms if form is not day_forms.MIDNIGHT)
    hint = (
        f"The makers publish days such as {shown}. Give the file as they publish it, or write each day as YYYY-MM-DD."
    )
    if any(odd.kind == day_forms.TIME for odd in found):
        hint += " A day has no hour; a time may be of another day where it was written."
    is_whole = number > filled / 2 or any(odd.kind == day_forms.TWO_WAYS for odd in found)
    finding = Finding(DAY_COLUMN, "error", "", hint, table, record, (column,), found[0].value, locate(first))
    odd = OddColumn(
        column, is_whole, number == 1 and not is_whole, finding, reason, _find_form(found[0].value), number, filled,
        row=first,
    )  # fmt: skip
    return replace(odd, finding=replace(finding, message=format_message([odd])))


def _find_form(text: str) -> str:
    """Return the form of a day: `9/9/9` for `3/14/2025`, `9 a 9` for `28 Dez 2022`."""
    return re.sub(r"[^\W\d_]+", "a", re.sub(r"[0-9]+", "9", text))


def _describe(odd: OddCells, first: int, locate: Callable[[int], Place]) -> str:
    """Say why cells of a column of days are not read, by the first of them."""
    row = odd.rows[0]
    line = locate(row).line
    where = f" in row {row + 1}" if not line else "" if row == first else f" on line {line}"
    seems = day_forms.describe(odd.value)
    if odd.kind == day_forms.OTHER:
        seems = f"is not in a form that the makers publish{' and ' if seems else ''}{seems}"
    return f"{odd.value!r}{where} {seems}"


@lru_cache(maxsize=10_000)
def is_odd(text: str, forms: tuple[DayForm, ...]) -> bool:
    """Return whether a text that is not a day is in no form of the makers, or in two; a day that does not exist is not."""
    return bool(day_forms.find_odd(pl.Series([text], dtype=pl.String), forms))
