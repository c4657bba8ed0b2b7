"""Helpers of frame rules: optional columns, and comparison with other rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import narwhals.stable.v1 as nw

from conflictdata.rules.base import TIMES, VERDICT, Frames, Rule

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


def make_not_in_future_rule(table: str, day: str) -> Rule:
    """Make the rule that nothing happened after the day of the release; without one, after the day of the check."""

    def judge(days: Frame) -> Frame:
        return days.with_columns((_col(day) <= _col("released_on")).alias(VERDICT))

    def check(frames: Frames) -> Frame:
        return judge(frames[table].filter(~_col(day).is_null()).join(frames["release"], how="cross"))

    def group_check(frames: Frames) -> Frame:
        known = frames[table].filter(~_col(day).is_null())
        return judge(known.group_by(day).agg(_col(ROW).count().alias(TIMES)).join(frames["release"], how="cross"))

    return Rule(
        id=f"{table}.{IN_FUTURE}", number=20, table=table, severity="error", fields=(day,), check=check, group_check=group_check,
        message=f"{day} is {{{day}}}, after {{released_on}}", hint="Check the year. If the file is newer, give the day of its release.",
        why="Nothing is counted before it happens. A year mistyped puts the event at the end of every series.",
    )  # fmt: skip


def make_one_value_rule(
    table: str,
    rule: str,
    by: str,
    of: str,
    what: str,
    *,
    unless: Mapping[tuple[str, ...], nw.Expr] = MappingProxyType({}),
) -> Rule:
    """Make the rule that rows with the same value in one column have the same value in another.

    Args:
        table: Name of the table.
        rule: End of the rule's id.
        by: Column with the id.
        of: Column that follows from it.
        what: What the id is an id of.
        unless: Rows that another rule reports, by the columns that show it.
    """

    def select(frames: Frames) -> Frame:
        frame = frames[table]
        for columns, reported in unless.items():
            if len(list_present(frame, columns)) == len(columns):
                frame = frame.filter(~reported.fill_null(False))
        return frame

    return Rule(
        id=f"{table}.{rule}", number=37, table=table, severity="error", fields=(of, by),
        check=lambda frames: mark_most_common(select(frames), of, by),
        group_check=lambda frames: mark_most_common_grouped(select(frames), of, by),
        message=f"{by} {{{by}}} has {of} {{usual!r}} in {{others}} row(s), and {{{of}!r}} here", hint="Take the row from the release again; one of the two was changed.",
        why=f"In a release each {what} has one {of}. With two of them it is two to every program that groups by one column, and joined wrongly by the other.",
    )  # fmt: skip
