"""What frame rules share: columns that a file may lack, rows held against the rows before them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import narwhals.stable.v1 as nw

from conflictdata.rules.base import TIMES, VERDICT

Frame = nw.LazyFrame[Any]

ROW = "row:"  # the number of a row in its file, from 0
SPOT = "spot"  # the column at which a finding points


def count_days(first: nw.Expr, last: nw.Expr) -> nw.Expr:
    """How many days lie between two days. Engines differ in what a difference of dates is, not in that of times."""
    return ((last.cast(nw.Datetime) - first.cast(nw.Datetime)).dt.total_minutes() // 1440).cast(nw.Int64)


def list_present(frame: Frame, names: Iterable[str]) -> list[str]:
    """Those of the names that the frame has as columns, in their order."""
    existing = frame.collect_schema().names()
    return [name for name in names if name in existing]


def make_empty_result(frame: Frame) -> Frame:
    """No row judged: the answer of a rule that cannot be asked of this file."""
    return frame.head(0).with_columns(nw.lit(True).alias(VERDICT))


def mark_duplicates(frame: Frame, key: Sequence[str]) -> Frame:
    """`times`: how many rows have the same values in these columns; the verdict: whether a row is the first of them."""
    counted = frame.with_columns(
        nw.col(ROW).count().over(*key).alias("times"), nw.col(ROW).min().over(*key).alias("first")
    )
    return counted.with_columns((nw.col("first") == nw.col(ROW)).alias(VERDICT))


def mark_most_common(frame: Frame, of: str, by: str) -> Frame:
    """Whether `of` is what most rows with the same `by` have; `others` has how many, `usual` what it is there."""
    known, pairs = _count_pairs(frame, of, by)
    return _compare_with_most_common(known, pairs, of, by)


def mark_most_common_grouped(frame: Frame, of: str, by: str) -> Frame:
    """The same of each pair of the two (`Rule.grouped`)."""
    _, pairs = _count_pairs(frame, of, by)
    return _compare_with_most_common(pairs, pairs, of, by)


def _count_pairs(frame: Frame, of: str, by: str) -> tuple[Frame, Frame]:
    known = frame.filter(~nw.col(of).is_null() & ~nw.col(by).is_null())
    return known, known.group_by(by, of).agg(nw.col(ROW).count().alias(TIMES))


def _compare_with_most_common(judged: Frame, pairs: Frame, of: str, by: str) -> Frame:
    most = pairs.with_columns(nw.col(TIMES).max().over(by).alias("others")).filter(nw.col(TIMES) == nw.col("others"))
    best = most.group_by(by).agg(nw.col(of).min().alias("usual"), nw.col("others").max())
    return judged.join(best, on=by, how="left").with_columns((nw.col(of) == nw.col("usual")).alias(VERDICT))


def make_consecutive_pairs(frame: Frame, columns: Sequence[str], order: str) -> Frame | None:
    """One row for each number of each column that has an earlier one: `value`, `earlier`, `earlier_on`, `spot`.

    Args:
        frame: a table of running tolls, one row a day.
        columns: the tolls; those that the frame lacks are left out.
        order: the column with the day.

    Returns:
        None where the frame has none of them.
    """
    parts = []
    for name in list_present(frame, columns):
        known = frame.select(ROW, order, nw.col(name).alias("value")).filter(~nw.col("value").is_null())
        parts.append(
            known.with_columns(
                nw.col("value").shift(1).over(order_by=[order, ROW]).alias("earlier"),
                nw.col(order).shift(1).over(order_by=[order, ROW]).alias("earlier_on"),
                nw.lit(name).alias(SPOT),
            ).filter(~nw.col("earlier").is_null())
        )
    return nw.concat(parts) if parts else None
