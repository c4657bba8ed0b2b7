"""Helpers for the rules of several tables: days, spans, and group texts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import narwhals.stable.v1 as nw

from conflictdata.rules.base import Frames

Lazy = nw.LazyFrame[Any]

# Columns that describe the people a figure counts. Two figures with the same outcome and unit count the same group
# if all of these are equal.
GROUP = (
    "person_status", "actor_id", "label", "role", "sex", "age", "location_id", "perpetrator_id", "cause",
    "period_start", "period_end",
)  # fmt: skip

# Rules that compare a day with the day of the release, and their additional hint. `validate` compares with today,
# `publish` with the day in `release.yaml`, which may be out of date.
BY_RELEASE = frozenset({"sources.published-by-release", "sources.accessed-by-release", "events.over-by-release"})
LATER_RELEASE = (
    "If the day is right, set a later `date` in seeds/release.yaml. If not, correct the day, often the year."
)

LEAST_UNLIKELY = 20  # smaller numbers are often equal by chance


def count_days(first: str, last: str) -> nw.Expr:
    """Return the number of days from `first` to `last`, negative if `last` is earlier."""
    # The difference of two dates is a duration in polars and pandas, but an integer in DuckDB. That of two datetimes
    # is a duration everywhere. narwhals has no `total_days`, so count minutes.
    gap = nw.col(last).cast(nw.Datetime) - nw.col(first).cast(nw.Datetime)
    return (gap.dt.total_minutes() // 1440).cast(nw.Int64)


def format_days(count: nw.Expr) -> nw.Expr:
    """Return a number of days in words: `1 day`, `12 days`."""
    word = nw.when(count == 1).then(nw.lit(" day")).otherwise(nw.lit(" days"))
    return nw.concat_str([count.cast(nw.String), word])


def join_columns(columns: Iterable[str]) -> nw.Expr:
    """Return one text that is equal if all columns are equal. Empty equals empty."""
    # Engines treat nulls differently in joins and groups, but not empty text.
    return nw.concat_str([nw.col(c).cast(nw.String).fill_null("") for c in columns], separator="|")


def format_span(start: str, end: str) -> nw.Expr:
    """Return two days in words, `2024-11-27 to 2024-12-05`, or one day if equal."""
    first, last = nw.col(start).cast(nw.String), nw.col(end).cast(nw.String)
    both = nw.concat_str([first, last], separator=" to ")
    return nw.when(nw.col(start) == nw.col(end)).then(first).otherwise(both)


def overlap(start: str, end: str, other_start: str, other_end: str) -> nw.Expr:
    """Return whether two spans of days have a day in common."""
    return (nw.col(start) <= nw.col(other_end)) & (nw.col(other_start) <= nw.col(end))


def select_with_suffix(frame: Lazy, columns: Iterable[str], suffix: str) -> Lazy:
    """Select columns with a suffix added to their names, for a self join."""
    return frame.select(*(nw.col(c).alias(c + suffix) for c in columns))


def find_unresolved_ancestry(frames: Frames, table: str, key: str) -> Lazy:
    """Return the records of a tree with an ancestor that is missing from the table.

    What contains these records is unknown.
    """
    known = frames[table].select(_known=nw.col(key)).unique()
    pairs = frames[f"{key.removesuffix('_id')}_ancestors"]
    return pairs.join(known, left_on="ancestor_id", right_on="_known", how="anti").select(key).unique()
