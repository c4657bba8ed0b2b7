"""Helpers of frame rules: optional columns, and comparison with other rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import narwhals.stable.v1 as nw

from conflictdata.rules.base import TIMES, VERDICT, Frames

Frame = nw.LazyFrame[Any]

ROW = "row:"  # number of the row in its file, from 0
IN_FUTURE = "day-not-in-future"  # end of the id of that rule
SPOT = "spot"  # column that the finding highlights


_col = nw.col


def count_days(first: nw.Expr, last: nw.Expr) -> nw.Expr:
    """Return the number of days from the first day to the last.

    Engines differ in the type of a difference of dates, but not of times.
    """
    return ((last.cast(nw.Datetime) - first.cast(nw.Datetime)).dt.total_minutes() // 1440).cast(nw.Int64)


def select_dated(frames: Frames, table: str, day: str) -> Frame:
    """Return the rows with a day that is known and not in the future.

    A day in the future has its own finding. Its row is of another day, so that it is compared with no other row.
    """
    rows = frames[table].filter(~_col(day).is_null()).join(frames["release"], how="cross")
    return rows.filter(_col(day) <= _col("released_on")).drop("released_on")


def list_present(frame: Frame, names: Iterable[str]) -> list[str]:
    """Return the names that are columns of the frame, in their order."""
    existing = frame.collect_schema().names()
    return [name for name in names if name in existing]


def make_empty_result(frame: Frame) -> Frame:
    """Return a result without rows, for a rule that does not apply to this file."""
    return frame.head(0).with_columns(nw.lit(True).alias(VERDICT))


def make_empty_like(column: str) -> nw.Expr:
    """Return an empty column of the type of another one: pandas cannot cast a literal of nothing."""
    empty: nw.Expr = nw.when(_col(column).is_null()).then(_col(column))
    return empty


def mark_duplicates(frame: Frame, key: Sequence[str]) -> Frame:
    """Mark rows with the same values in these columns.

    Adds `times`, the number of such rows, and the verdict, which is true for the first of them.
    """
    counted = frame.with_columns(
        nw.col(ROW).count().over(*key).alias("times"), nw.col(ROW).min().over(*key).alias("first")
    )
    return counted.with_columns((nw.col("first") == nw.col(ROW)).alias(VERDICT))


def mark_near_duplicates(frame: Frame, columns: Sequence[str], id_: str) -> Frame:
    """Mark rows that are equal in all of these columns that the frame has, but not in the id.

    Rows with the same id are valid: another rule reports them. Adds `times`, and `first_id`, the id of the first of them.
    """
    judged = mark_duplicates(frame, list_present(frame, columns))
    ids = frame.select(nw.col(ROW).alias("first"), nw.col(id_).alias("first_id"))
    is_copy = nw.col(id_) == nw.col("first_id")
    return judged.join(ids, on="first", how="left").with_columns((nw.col(VERDICT) | is_copy).alias(VERDICT))


def mark_most_common(frame: Frame, of: str, by: str) -> Frame:
    """Mark rows whose `of` is the most common one among rows with the same `by`.

    Adds `usual`, the most common value, `others`, the number of rows that have it, and the verdict.
    """
    known, pairs = _count_pairs(frame, of, by)
    return _compare_with_most_common(known, pairs, of, by)


def mark_most_common_grouped(frame: Frame, of: str, by: str) -> Frame:
    """Do the same for each distinct pair of the two (`Rule.group_check`)."""
    _, pairs = _count_pairs(frame, of, by)
    return _compare_with_most_common(pairs, pairs, of, by)


def _count_pairs(frame: Frame, of: str, by: str) -> tuple[Frame, Frame]:
    known = frame.filter(~nw.col(of).is_null() & ~nw.col(by).is_null())
    return known, known.group_by(by, of).agg(nw.col(ROW).count().alias(TIMES))


def _compare_with_most_common(judged: Frame, pairs: Frame, of: str, by: str) -> Frame:
    most = pairs.with_columns(nw.col(TIMES).max().over(by).alias("others")).filter(nw.col(TIMES) == nw.col("others"))
    best = most.group_by(by).agg(nw.col(of).min().alias("usual"), nw.col("others").max())
    return judged.join(best, on=by, how="left").with_columns((nw.col(of) == nw.col("usual")).alias(VERDICT))


def describe_broken_bounds(row: Mapping[str, Any], bounds: tuple[str, str, str]) -> str:
    """Say which of the low, the best and the high estimate of a row are out of order."""
    low, best, high = bounds
    pairs = ((low, best), (best, high))
    return " and ".join(f"{a} {row[a]:,} is above {b} {row[b]:,}" for a, b in pairs if row[a] > row[b])
