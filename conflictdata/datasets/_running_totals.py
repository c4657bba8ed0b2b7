"""Rules of daily tables of running tolls, made for a table from its columns.

They check days, decreases, restarts, differences and subsets. A number that does not fit between its neighbours is one
finding (`_spikes`); the rules that compare it with its neighbours leave it out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import narwhals.stable.v1 as nw

from conflictdata.datasets._helpers import ROW, count_days, make_empty_result, mark_duplicates
from conflictdata.datasets._spikes import DAY_BEFORE, EARLIER, IS_NEAR_SPIKE, IS_SPIKE, OTHER, list_columns, mark_spikes
from conflictdata.rules.base import VERDICT, Explain, Frames, Row, Rule

Frame = nw.LazyFrame[Any]

RESTART = 2  # a toll that falls below one half has restarted

_col = nw.col


def make_day_unique_rule(table: str, day: str) -> Rule:
    """Make the rule that there is one row per day."""
    return Rule(
        id=f"{table}.day-unique", number=46, table=table, severity="error", fields=(day,),
        check=lambda frames: mark_duplicates(frames[table].filter(~_col(day).is_null()), [day]),
        message=f"{{times}} rows are of {{{day}}}", hint="Keep the one that the makers publish.",
        why="A day that occurs twice has two tolls, and the difference between them belongs to neither.",
    )  # fmt: skip


def make_days_in_order_rule(table: str, day: str) -> Rule:
    """Make the rule that rows are sorted by day."""

    def check(frames: Frames) -> Frame:
        known = frames[table].filter(~_col(day).is_null())
        earlier = known.with_columns(_col(day).shift(1).over(order_by=ROW).alias("earlier"))
        return earlier.filter(~_col("earlier").is_null()).with_columns((_col(day) >= _col("earlier")).alias(VERDICT))

    return Rule(
        id=f"{table}.days-in-order", number=0, table=table, severity="warning", fields=(day,), check=check,
        message=f"{{{day}}} comes after {{earlier}}", hint="Sort the file by day before taking differences.",
        why="Most programs take the row above as the day before.",
    )  # fmt: skip


def make_decrease_rule(
    table: str, columns: Sequence[str], day: str, *, explain: Explain | None = None, hint: str = ""
) -> Rule:
    """Make the rule that a running toll does not fall.

    A fall to less than one half is a restart, which another rule reports.
    """
    return Rule(
        id=f"{table}.toll-does-not-fall", number=22, table=table, severity="warning", fields=(day,), explain=explain,
        check=lambda frames: _check_steps(frames[table], columns, day, restart=False),
        message="{spot} falls from {earlier} ({earlier_on}) to {value}" + ("{correction}" if explain else ""),
        hint=hint or "Take it as a correction of earlier days by its makers; a difference across it is not a count of people.",
        why="Nobody who was counted comes back. A running toll that falls was corrected, and daily numbers taken as differences are negative there.",
    )  # fmt: skip


def make_reset_rule(table: str, columns: Sequence[str], day: str) -> Rule:
    """Make the rule that a running toll does not restart."""
    return Rule(
        id=f"{table}.toll-does-not-restart", number=22, table=table, severity="warning", fields=(day,),
        check=lambda frames: _check_steps(frames[table], columns, day, restart=True),
        message="{spot} begins again: {value} after {earlier} ({earlier_on})",
        hint="Split the series here; the two parts count from different days.",
        why="A toll that begins again counts from another day, or another group. Sums and differences across the break mean nothing.",
    )  # fmt: skip


def _check_steps(frame: Frame, columns: Sequence[str], day: str, *, restart: bool) -> Frame:
    """Check the steps between numbers, without those to and from a number that is a slip."""
    found = []
    for name in list_columns(frame, columns):
        marked = mark_spikes(frame, name, day)
        found.append(
            marked.filter(~_col(EARLIER).is_null() & ~_col(IS_NEAR_SPIKE)).select(
                ROW, day, "spot", value=_col(OTHER), earlier=_col(EARLIER), earlier_on=_col(DAY_BEFORE)
            )
        )
    if not found:
        return make_empty_result(frame)
    each = nw.concat(found)
    resets = _col("value") * RESTART < _col("earlier")
    if restart:
        return each.with_columns((~resets).alias(VERDICT))
    return each.with_columns((resets | (_col("value") >= _col("earlier"))).alias(VERDICT))


def make_gap_rule(table: str, day: str, period: str = "") -> Rule:
    """Make the rule that no day is missing.

    Args:
        table: Name of the table.
        day: Column with the day.
        period: Column with the hours that a row covers. A row may cover the days before it.
    """

    def check(frames: Frames) -> Frame:
        frame = frames[table].filter(~_col(day).is_null())
        earlier = frame.with_columns(
            _col(day).shift(1).over(order_by=[day, ROW]).alias(DAY_BEFORE),
            (count_days(_col(day).shift(1).over(order_by=[day, ROW]), _col(day)) - 1).alias("gap"),
        )
        known = earlier.filter(~_col(DAY_BEFORE).is_null())
        follows = _col("gap") <= 0
        if period and period in frame.collect_schema().names():
            follows = follows | (_col(period) >= (_col("gap") + 1) * 24).fill_null(False)
        return known.with_columns(follows.alias(VERDICT))

    def explain(rows: list[Row], _: Frames) -> list[Row]:
        for row in rows:
            first, last = row[DAY_BEFORE] + dt.timedelta(days=1), row[day] - dt.timedelta(days=1)
            row["missing"] = f"{first} is" if first == last else f"{row['gap']} days, {first} to {last}, are"
        return rows

    return Rule(
        id=f"{table}.no-day-missing", number=0, table=table, severity="warning", fields=(day,), check=check, explain=explain,
        message=f"{{missing}} missing before {{{day}}}", hint="Take the rows from the release again; do not fill them in by a guess.",
        why="The table has a row for each day. Differences across a missing row count several days as one.",
    )  # fmt: skip


def _make_explain(**columns: str) -> Explain:
    """Copy cells to names that a message can use.

    Some column names have a dot, so a message cannot use them.
    """

    def explain(rows: list[Row], _: Frames) -> list[Row]:
        return [row | {name: row[column] for name, column in columns.items()} for row in rows]

    return explain


def make_difference_rule(table: str, daily: str, total: str, day: str, period: str = "") -> Rule:
    """Make the rule that a daily number is the difference of its running toll.

    It is evaluated if the row before covers the time until the row.

    Args:
        table: Name of the table.
        daily: Column with the daily number.
        total: Column with the running toll.
        day: Column with the day.
        period: Column with the hours that a row covers. If given, rows may be several days apart.
    """

    def check(frames: Frames) -> Frame:
        marked = (
            mark_spikes(frames[table], total, day).filter(_col(IS_NEAR_SPIKE)).select(ROW, near=_col(IS_NEAR_SPIKE))
        )
        frame = (
            frames[table]
            .filter(~_col(day).is_null())
            .join(marked, on=ROW, how="left")
            .with_columns(
                _col(total).shift(1).over(order_by=[day, ROW]).alias("earlier"),
                _col(day).shift(1).over(order_by=[day, ROW]).alias("earlier_on"),
            )
        )
        gap = count_days(_col("earlier_on"), _col(day))
        near = gap == 1  # a day that is there twice has its own finding
        if period and period in frame.collect_schema().names():
            near = near | (_col(period) == gap * 24).fill_null(False)
        known = frame.filter(
            near & _col("near").is_null() & ~_col(daily).is_null() & ~_col(total).is_null() & ~_col("earlier").is_null()
        )
        step = known.with_columns((_col(total) - _col("earlier")).alias("step"))
        return step.with_columns((_col(daily) == _col("step")).alias(VERDICT))

    return Rule(
        id=f"{table}.{daily.replace('_', '-').replace('.', '-')}-is-difference", number=24, table=table, severity="warning",
        fields=(daily, total, day), check=check,
        explain=_make_explain(daily=daily, total=total),
        message=f"{daily} is {{daily}}, but {total} goes from {{earlier}} ({{earlier_on}}) to {{total}}, by {{step}}",
        hint="Use the running toll, or the daily number, and do not mix them.",
        why="The makers print both the day's number and the toll. Where they differ, late records, recovered bodies or corrections went into one of them.",
    )  # fmt: skip


def make_subset_rule(table: str, part: str, whole: str) -> Rule:
    """Make the rule that a part of a toll is not above the toll."""
    return Rule(
        id=f"{table}.{part.replace('_', '-').replace('.', '-')}-within-{whole.rpartition('.')[2].replace('_', '-')}",
        number=7, table=table, severity="warning", fields=(part, whole), check=_col(part) <= _col(whole),
        explain=_make_explain(part=part, whole=whole), message=f"{part} is {{part}}, more than {whole}, {{whole}}", hint="Compare with the report of that day.",
        why="A part of the people who were counted cannot be more than all of them.",
    )  # fmt: skip


def make_disjoint_groups_rule(table: str, parts: Sequence[str], whole: str) -> Rule:
    """Make the rule that disjoint groups together are not above the toll."""
    total: Any = sum((_col(part) for part in parts[1:]), _col(parts[0]))

    def explain(rows: list[Row], _: Frames) -> list[Row]:
        for row in rows:
            numbers = [row[part] for part in parts]
            row["arithmetic"] = f"{' + '.join(map(str, numbers))} = {sum(numbers)}"
        return rows

    return Rule(
        id=f"{table}.{'-and-'.join(part.split('_')[-2] for part in parts)}-within-{whole.replace('_', '-')}",
        number=6, table=table, severity="warning", fields=(*parts, whole), check=total <= _col(whole), explain=explain,
        message=f"{' and '.join(parts)}: {{arithmetic}}, more than {whole}, {{{whole}}}", hint="Compare with the report of that day.",
        why="Nobody belongs to both groups, so that together they cannot be more than all who were counted.",
    )  # fmt: skip


def make_equal_rule(table: str, one: str, other: str, day: str) -> Rule:
    """Make the rule that a filled-in number equals the reported number. Numbers that are slips are left out."""

    def check(frames: Frames) -> Frame:
        frame = frames[table]
        for name in (one, other):
            slips = (
                mark_spikes(frame, name, day)
                .filter(_col(IS_SPIKE))
                .select(ROW, nw.lit(value=True).alias(f"slip:{name}"))
            )
            frame = frame.join(slips, on=ROW, how="left")
        both = ~_col(one).is_null() & ~_col(other).is_null()
        sound = frame.filter(both & _col(f"slip:{one}").is_null() & _col(f"slip:{other}").is_null())
        return sound.with_columns((_col(one) == _col(other)).alias(VERDICT))

    return Rule(
        id=f"{table}.{one.replace('_', '-').replace('.', '-')}-as-reported", number=0, table=table, severity="warning", fields=(one, other), check=check,
        explain=_make_explain(one=one, other=other), message=f"{one} is {{one}}, but {other}, which was reported, is {{other}}",
        hint="Use the reported number; the other was filled in by the makers.",
        why="The filled-in columns are meant to repeat what was reported and to bridge what was not.",
    )  # fmt: skip
