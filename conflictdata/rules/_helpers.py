"""What the rules of several tables need: days between dates, texts that compare groups, windows in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import narwhals.stable.v1 as nw

from conflictdata.rules.base import Frames

Lazy = nw.LazyFrame[Any]

# Columns of a figure that say which people it counts. Two figures of one outcome and unit that differ in none of
# these count the same group.
GROUP = (
    "person_status", "actor_id", "label", "role", "sex", "age", "location_id", "perpetrator_id", "cause",
    "period_start", "period_end",
)  # fmt: skip

# Rules that hold a day against that of the release, and what to do. `validate` asks them of today, `publish` of the day in
# `release.yaml`: a day may be right and the release be old.
BY_RELEASE = frozenset({"sources.published-by-release", "events.over-by-release"})
LATER_RELEASE = (
    "If the day is right, set a later `date` in seeds/release.yaml. If not, correct the day, often the year."
)


def is_filled(column: str) -> nw.Expr:
    """True where the column has a value."""
    return ~nw.col(column).is_null()


def count_days(first: str, last: str) -> nw.Expr:
    """Days from the day in `first` to the day in `last`; negative where `last` is the earlier one."""
    # Two dates differ by a duration on polars and pandas but by a whole number on DuckDB; two datetimes by a duration
    # everywhere. Minutes, because narwhals has no `total_days`.
    gap = nw.col(last).cast(nw.Datetime) - nw.col(first).cast(nw.Datetime)
    return (gap.dt.total_minutes() // 1440).cast(nw.Int64)


def format_days(count: nw.Expr) -> nw.Expr:
    """A number of days in words: `1 day`, `12 days`."""
    word = nw.when(count == 1).then(nw.lit(" day")).otherwise(nw.lit(" days"))
    return nw.concat_str([count.cast(nw.String), word])


def join_columns(columns: Iterable[str]) -> nw.Expr:
    """One text that is equal where all the columns are equal; an empty cell equals an empty cell."""
    # Joins and groups treat nulls differently from engine to engine: empty text does not.
    return nw.concat_str([nw.col(c).cast(nw.String).fill_null("") for c in columns], separator="|")


def format_span(start: str, end: str) -> nw.Expr:
    """Two days in words: `2024-11-27 to 2024-12-05`, or the one day that both are."""
    first, last = nw.col(start).cast(nw.String), nw.col(end).cast(nw.String)
    both = nw.concat_str([first, last], separator=" to ")
    return nw.when(nw.col(start) == nw.col(end)).then(first).otherwise(both)


def overlap(start: str, end: str, other_start: str, other_end: str) -> nw.Expr:
    """True where two spans of days have a day in common."""
    return (nw.col(start) <= nw.col(other_end)) & (nw.col(other_start) <= nw.col(end))


def select_with_suffix(frame: Lazy, columns: Iterable[str], suffix: str) -> Lazy:
    """The columns alone, each with `suffix` after its name: a frame to be joined to itself."""
    return frame.select(*(nw.col(c).alias(c + suffix) for c in columns))


def find_unresolved_ancestry(frames: Frames, table: str, key: str) -> Lazy:
    """Records of a tree whose wider records end in a key that the table lacks: nobody knows what holds them."""
    known = frames[table].select(_known=nw.col(key)).unique()
    pairs = frames[f"{key.removesuffix('_id')}_ancestors"]
    return pairs.join(known, left_on="ancestor_id", right_on="_known", how="anti").select(key).unique()
