"""Tables with one row a day and a column a number: each becomes claims by a list of tolls, which is data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl


@dataclass(frozen=True)
class CountColumn:
    """A column of people as a figure.

    Attributes:
        path: the end of the figure's id, such as `killed.children`; one without a point is a total.
        column: the column.
        outcome: what happened to the people.
        unit: what is counted.
        attributes: the columns of `figures` that say who they are: text, or an expression over the row.
        qualifier: over the row: what the words say of the number.
    """

    path: str
    column: str
    outcome: str
    unit: str = "persons"
    attributes: Mapping[str, str] = field(default_factory=dict)
    qualifier: pl.Expr = field(default_factory=lambda: pl.lit("exact"))


@dataclass(frozen=True)
class Toll:
    """One claim a row: the numbers that are of one window.

    Attributes:
        word: what tells it from the other tolls of a row, in keys.
        numbers: totals first, then what hangs under them.
        is_running: since the first day, or of the days that the row covers.
        basis: what puts a person into the window.
        claimant: over the row: the id of the claimant, where it is not the row's.
        note: what a reader should know of each claim.
    """

    word: str
    numbers: tuple[CountColumn, ...]
    is_running: bool = True
    basis: str = "occurred"
    claimant: pl.Expr | None = None
    note: str = ""


@dataclass(frozen=True)
class TollSeries:
    """What all tolls of a table have in common.

    Attributes:
        day: the column with the day.
        start: the first day of what counts since the first day.
        conflict: the id of the conflict.
        place: the id of the place.
        claimant: over the row: the id of the claimant.
        hours: the column that says how many hours a row covers; one day where there is none.
    """

    day: str
    start: dt.date
    conflict: str
    place: str
    claimant: pl.Expr
    hours: str = ""


_NUMBERED_FROM = dt.date(2020, 1, 1)  # the number of a claim follows from its day, so that it is the same in every file

_COUNTS = {
    # By qualifier, which of low, best and high hold the number.
    "low": ("exact", "at_least", "more_than"), "best": ("exact", "about"), "high": ("exact", "up_to", "nearly"),
}  # fmt: skip


def split_bounds(number: pl.Expr, qualifier: pl.Expr) -> dict[str, pl.Expr]:
    """Low, best and high of a number with a word before it."""
    return {name: pl.when(qualifier.is_in(list(words))).then(number) for name, words in _COUNTS.items()}


def build_claims(rows: pl.DataFrame, tolls: Sequence[Toll], series: TollSeries) -> pl.DataFrame:
    """One claim for each toll of which a row has a number."""
    return pl.concat([_build_toll_claims(rows, n, toll, tolls, series) for n, toll in enumerate(tolls, 1)])


def build_figures(rows: pl.DataFrame, tolls: Sequence[Toll]) -> pl.DataFrame:
    """One figure for each number; a total that a row does not give and that has parts in it is `unstated`."""
    frames = [_build_column_figures(rows, toll, number) for toll in tolls for number in toll.numbers]
    return pl.concat([frame for frame in frames if frame.height] or [frames[0]], how="diagonal_relaxed")


def _make_key(toll: Toll) -> pl.Expr:
    return pl.concat_str([pl.col("row_key"), pl.lit(":" + toll.word)])


def _has_any(toll: Toll) -> pl.Expr:
    return pl.any_horizontal(pl.col(number.column).is_not_null() for number in toll.numbers)


def _find_window(toll: Toll, series: TollSeries) -> tuple[pl.Expr, pl.Expr]:
    """First day of the window, and whether the row says how long it is."""
    if toll.is_running:
        return pl.lit(series.start), pl.lit(value=True)
    if not series.hours:
        return pl.col(series.day), pl.lit(value=True)
    days = (pl.col(series.hours).fill_null(24) // 24).clip(1)
    return pl.col(series.day) - pl.duration(days=days - 1), pl.col(series.hours).fill_null(0) > 0


def _build_toll_claims(
    rows: pl.DataFrame, n: int, toll: Toll, tolls: Sequence[Toll], series: TollSeries
) -> pl.DataFrame:
    start, sure = _find_window(toll, series)
    since = (pl.col(series.day) - pl.lit(_NUMBERED_FROM)).dt.total_days()
    unsure = pl.concat_str([pl.lit(toll.note), pl.lit(" The row covers 0 hours: its day is taken for the window.")])
    return rows.filter(_has_any(toll)).select(
        key=_make_key(toll), number=since * len(tolls) + n, claimant_id=series.claimant if toll.claimant is None else toll.claimant,
        conflict_id=pl.lit(series.conflict), location_id=pl.lit(series.place), event_id=pl.lit(None, pl.String),
        scope=pl.lit("cumulative" if toll.is_running else "period"), basis=pl.lit(toll.basis),
        period_start=start, period_end=pl.col(series.day), as_of=pl.col(series.day), as_of_precision=pl.lit("day"),
        period_precision=pl.when(sure).then(pl.lit("day")).otherwise(pl.lit("approximate")),
        note=pl.when(sure).then(pl.lit(toll.note or None, pl.String)).otherwise(unsure.str.strip_chars()),
    )  # fmt: skip


def _build_column_figures(rows: pl.DataFrame, toll: Toll, number: CountColumn) -> pl.DataFrame:
    root = "." not in number.path
    below = [n.column for n in toll.numbers if n.path.startswith(f"{number.path}.")]
    needed = pl.any_horizontal(pl.col(c).is_not_null() for c in (number.column, *(below if root else ())))
    is_filled = pl.col(number.column).is_not_null()
    words = pl.when(is_filled).then(number.qualifier).otherwise(pl.lit("unstated"))
    chosen = rows.filter(needed).with_columns(_words=words)
    return chosen.select(
        key=_make_key(toll), path=pl.lit(number.path), relation=pl.lit("total" if root else "subset"),
        outcome=pl.lit(number.outcome), unit=pl.lit(number.unit), qualifier="_words",
        **{column: pl.lit(text) for column, text in number.attributes.items()},
        **split_bounds(pl.col(number.column), pl.col("_words")),
    )  # fmt: skip
