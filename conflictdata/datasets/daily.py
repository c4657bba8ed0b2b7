"""Convert tables with one row per day and one column per number.

A list of `Toll`, which is data, defines the claims.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from conflictdata.schema.derived import SINGLED_OUT


@dataclass(frozen=True)
class CountColumn:
    """A column that counts people, as a figure.

    Attributes:
        path: End of the figure's id, such as `killed.children`. A path without a dot is a total.
        column: Name of the column.
        outcome: What happened to the people.
        unit: What is counted.
        attributes: Columns of `figures` that say who the people are, with their text, or an expression over the row.
        qualifier: Expression over the row that gives the qualifier.
    """

    path: str
    column: str
    outcome: str
    unit: str = "persons"
    attributes: Mapping[str, str] = field(default_factory=dict)
    qualifier: pl.Expr = field(default_factory=lambda: pl.lit("exact"))


@dataclass(frozen=True)
class Toll:
    """The numbers of a row with the same window. They become one claim per row.

    Attributes:
        word: Word that identifies the toll in keys.
        numbers: Totals first, then their parts.
        is_running: True if it counts since the first day; False if it counts the days that the row covers.
        basis: Value of the column `basis`: how people are assigned to the window.
        claimant: Expression over the row that gives the claimant's id. None: the claimant of the series.
        note: Note of each claim.
        is_singled_out: Whether it counts some people out of a total that is counted elsewhere. Such a toll is not a point of
            the toll that counts everybody.
    """

    word: str
    numbers: tuple[CountColumn, ...]
    is_running: bool = True
    basis: str = "occurred"
    claimant: pl.Expr | None = None
    note: str = ""
    is_singled_out: bool = False


@dataclass(frozen=True)
class TollSeries:
    """The properties that all tolls of a table share.

    Attributes:
        day: Column with the day.
        start: First day of the running tolls.
        conflict: Id of the conflict.
        place: Id of the place.
        claimant: Expression over the row that gives the claimant's id.
        hours: Column with the number of hours that a row covers. Empty: each row covers one day.
    """

    day: str
    start: dt.date
    conflict: str
    place: str
    claimant: pl.Expr
    hours: str = ""


# Numbers of claims are computed from their day, so that they are the same in every file.
_NUMBERED_FROM = dt.date(2020, 1, 1)

_COUNTS = {
    # The qualifiers with which low, best and high contain the number.
    "low": ("exact", "at_least", "more_than"), "best": ("exact", "about"), "high": ("exact", "up_to", "nearly"),
}  # fmt: skip


def split_bounds(number: pl.Expr, qualifier: pl.Expr) -> dict[str, pl.Expr]:
    """Return low, best and high of a number with this qualifier."""
    return {name: pl.when(qualifier.is_in(list(words))).then(number) for name, words in _COUNTS.items()}


def build_claims(rows: pl.DataFrame, tolls: Sequence[Toll], series: TollSeries) -> pl.DataFrame:
    """Return one claim per row and toll for which the row has a number."""
    return pl.concat([_build_toll_claims(rows, n, toll, tolls, series) for n, toll in enumerate(tolls, 1)])


def build_figures(rows: pl.DataFrame, tolls: Sequence[Toll]) -> pl.DataFrame:
    """Return one figure per number.

    An empty total is `unstated` if the row has parts of it.
    """
    frames = [_build_column_figures(rows, toll, number) for toll in tolls for number in toll.numbers]
    return pl.concat([frame for frame in frames if frame.height] or [frames[0]], how="diagonal_relaxed")


def _make_key(toll: Toll) -> pl.Expr:
    return pl.concat_str([pl.col("row_key"), pl.lit(":" + toll.word)])


def _has_any(toll: Toll) -> pl.Expr:
    return pl.any_horizontal(pl.col(number.column).is_not_null() for number in toll.numbers)


def _find_window(toll: Toll, series: TollSeries) -> tuple[pl.Expr, pl.Expr]:
    """Return the first day of the window, and whether its length is known."""
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
    population = SINGLED_OUT if toll.is_singled_out and root else None
    below = [n.column for n in toll.numbers if n.path.startswith(f"{number.path}.")]
    needed = pl.any_horizontal(pl.col(c).is_not_null() for c in (number.column, *(below if root else ())))
    is_filled = pl.col(number.column).is_not_null()
    words = pl.when(is_filled).then(number.qualifier).otherwise(pl.lit("unstated"))
    chosen = rows.filter(needed).with_columns(_words=words)
    return chosen.select(
        key=_make_key(toll), path=pl.lit(number.path), relation=pl.lit("total" if root else "subset"),
        outcome=pl.lit(number.outcome), unit=pl.lit(number.unit), qualifier="_words", population=pl.lit(population, pl.String),
        **{column: pl.lit(text) for column, text in number.attributes.items()},
        **split_bounds(pl.col(number.column), pl.col("_words")),
    )  # fmt: skip
