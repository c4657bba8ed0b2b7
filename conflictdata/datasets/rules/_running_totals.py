"""Rules of daily tables of running tolls, made for a table from its columns.

They check days, decreases, restarts, differences and subsets. A number that does not fit between its neighbours is one
finding (`_spikes`); the rules that compare it with its neighbours leave it out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import narwhals.stable.v1 as nw

from conflictdata.datasets._helpers import ROW, count_days, make_empty_result, mark_duplicates, select_dated
from conflictdata.datasets.rules._spikes import (
    DAY_BEFORE,
    EARLIER,
    IS_NEAR_SPIKE,
    OTHER,
    list_columns,
    mark_spikes,
)
from conflictdata.rules.base import VERDICT, Example, Explain, Frames, Row, Rule, rule

Frame = nw.LazyFrame[Any]

RESTART = 2  # a toll that falls below one half has restarted

_col = nw.col

_DAY_UNIQUE = Example(
    "Each day is one row",
    bad={
        "gaza.json": """
            [{"report_date": "2024-01-01", "killed_cum": 10, "ext_press_killed_cum": 1},
             {"report_date": "2024-01-01", "killed_cum": 12, "ext_press_killed_cum": 1}]
            """,
    },
    good={
        "gaza.json": """
            [{"report_date": "2024-01-01", "killed_cum": 10, "ext_press_killed_cum": 1},
             {"report_date": "2024-01-02", "killed_cum": 12, "ext_press_killed_cum": 1}]
            """,
    },
    of="palestine_gaza.day-unique",
)


def make_day_unique_rule(table: str, day: str) -> Rule:
    """Make the rule that there is one row per day."""

    @rule(
        f"{table}.day-unique",
        "error",
        (day,),
        message=f"{{times}} rows are of {{{day}}}",
        hint="Keep the one that the makers publish.",
        why="A day that occurs twice has two tolls, and the difference between them belongs to neither.",
        example=_DAY_UNIQUE,
    )
    def check(frames: Frames) -> Frame:
        return mark_duplicates(frames[table].filter(~_col(day).is_null()), [day])

    return check


_IN_ORDER = Example(
    "The rows are in the order of their days",
    bad={
        "gaza.json": """
            [{"report_date": "2024-01-02", "killed_cum": 12, "ext_press_killed_cum": 1},
             {"report_date": "2024-01-01", "killed_cum": 10, "ext_press_killed_cum": 1}]
            """,
    },
    good={
        "gaza.json": """
            [{"report_date": "2024-01-01", "killed_cum": 10, "ext_press_killed_cum": 1},
             {"report_date": "2024-01-02", "killed_cum": 12, "ext_press_killed_cum": 1}]
            """,
    },
    of="palestine_gaza.days-in-order",
)


def make_days_in_order_rule(table: str, day: str) -> Rule:
    """Make the rule that rows are sorted by day."""

    @rule(
        f"{table}.days-in-order",
        "warning",
        (day,),
        message=f"{{{day}}} comes after {{earlier}}",
        hint="Sort the file by day before taking differences.",
        why="Most programs take the row above as the day before.",
        example=_IN_ORDER,
    )
    def check(frames: Frames) -> Frame:
        known = select_dated(frames, table, day)
        earlier = known.with_columns(_col(day).shift(1).over(order_by=ROW).alias("earlier"))
        return earlier.filter(~_col("earlier").is_null()).with_columns((_col(day) >= _col("earlier")).alias(VERDICT))

    return check


_DECREASE = Example(
    "A running toll does not fall",
    bad={
        "gaza.json": """
            [{"report_date": "2024-01-01", "killed_women_cum": 1032, "ext_press_killed_cum": 1},
             {"report_date": "2024-01-02", "killed_women_cum": 1000, "ext_press_killed_cum": 1}]
            """,
    },
    good={
        "gaza.json": """
            [{"report_date": "2024-01-01", "killed_women_cum": 1000, "ext_press_killed_cum": 1},
             {"report_date": "2024-01-02", "killed_women_cum": 1032, "ext_press_killed_cum": 1}]
            """,
    },
    of="palestine_gaza.toll-does-not-fall",
)


def make_decrease_rule(
    table: str, columns: Sequence[str], day: str, *, explain: Explain | None = None, hint: str = ""
) -> Rule:
    """Make the rule that a running toll does not fall.

    A fall to less than one half is a restart, which another rule reports.
    """

    @rule(
        f"{table}.toll-does-not-fall",
        "warning",
        (day,),
        message="{spot} falls from {earlier} ({earlier_on}) to {value}" + ("{correction}" if explain else ""),
        hint=hint
        or "Take it as a correction of earlier days by its makers; a difference across it is not a count of people.",
        why=(
            "Nobody who was counted comes back. A running toll that falls was corrected, and daily numbers taken as "
            "differences are negative there."
        ),
        explain=explain,
        example=_DECREASE,
    )
    def check(frames: Frames) -> Frame:
        return _check_steps(select_dated(frames, table, day), columns, day, restart=False)

    return check


_RESTART = Example(
    "A running toll does not begin again",
    bad={
        "gaza.json": """
            [{"report_date": "2024-01-01", "famine_cum": 104, "ext_press_killed_cum": 1},
             {"report_date": "2024-01-02", "famine_cum": 3, "ext_press_killed_cum": 1}]
            """,
    },
    good={
        "gaza.json": """
            [{"report_date": "2024-01-01", "famine_cum": 104, "ext_press_killed_cum": 1},
             {"report_date": "2024-01-02", "famine_cum": 107, "ext_press_killed_cum": 1}]
            """,
    },
    of="palestine_gaza.toll-does-not-restart",
)


def make_reset_rule(table: str, columns: Sequence[str], day: str) -> Rule:
    """Make the rule that a running toll does not restart."""

    @rule(
        f"{table}.toll-does-not-restart",
        "warning",
        (day,),
        message="{spot} begins again: {value} after {earlier} ({earlier_on})",
        hint="Split the series here; the two parts count from different days.",
        why=(
            "A toll that begins again counts from another day, or another group. Sums and differences across the break "
            "mean nothing."
        ),
        example=_RESTART,
    )
    def check(frames: Frames) -> Frame:
        return _check_steps(select_dated(frames, table, day), columns, day, restart=True)

    return check


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


_NO_GAP = Example(
    "No day is missing",
    bad={
        "gaza.json": """
            [{"report_date": "2024-05-01", "killed": 5, "killed_cum": 1005, "killed_women_cum": 300},
             {"report_date": "2024-05-02", "killed": 7, "killed_cum": 1012, "killed_women_cum": 300},
             {"report_date": "2024-05-04", "killed": 7, "killed_cum": 1019, "killed_women_cum": 300}]
            """,
    },
    good={
        "gaza.json": """
            [{"report_date": "2024-05-01", "killed": 5, "killed_cum": 1005, "killed_women_cum": 300},
             {"report_date": "2024-05-02", "killed": 7, "killed_cum": 1012, "killed_women_cum": 300},
             {"report_date": "2024-05-03", "killed": 3, "killed_cum": 1015, "killed_women_cum": 300},
             {"report_date": "2024-05-04", "killed": 4, "killed_cum": 1019, "killed_women_cum": 300}]
            """,
    },
    of="palestine_gaza.no-day-missing",
)


def make_gap_rule(table: str, day: str, period: str = "") -> Rule:
    """Make the rule that no day is missing.

    Args:
        table: Name of the table.
        day: Column with the day.
        period: Column with the hours that a row covers. A row may cover the days before it.
    """

    def explain(rows: list[Row], _: Frames) -> list[Row]:
        for row in rows:
            first, last = row[DAY_BEFORE] + dt.timedelta(days=1), row[day] - dt.timedelta(days=1)
            row["missing"] = f"{first} is" if first == last else f"{row['gap']} days, {first} to {last}, are"
        return rows

    @rule(
        f"{table}.no-day-missing",
        "warning",
        (day,),
        message=f"{{missing}} missing before {{{day}}}",
        hint="Take the rows from the release again; do not fill them in by a guess.",
        why="The table has a row for each day. Differences across a missing row count several days as one.",
        explain=explain,
        example=_NO_GAP,
    )
    def check(frames: Frames) -> Frame:
        frame = _count_undated(frames, table, day)
        order = [day, ROW]
        earlier = frame.with_columns(
            _col(day).shift(1).over(order_by=order).alias(DAY_BEFORE),
            (count_days(_col(day).shift(1).over(order_by=order), _col(day)) - 1).alias("gap"),
            (_col(_UNDATED) - _col(_UNDATED).shift(1).over(order_by=order)).abs().alias("between"),
        )
        known = earlier.filter(~_col(DAY_BEFORE).is_null())
        # A row without a day that can be is that of the gap: the day has its own finding.
        follows = _col("gap") <= _col("between")
        if period and period in frame.collect_schema().names():
            follows = follows | (_col(period) >= (_col("gap") + 1) * 24).fill_null(False)
        return known.with_columns(follows.alias(VERDICT))

    return check


_UNDATED = "rows without a day:"


def _count_undated(frames: Frames, table: str, day: str) -> Frame:
    """Return the rows with a day that can be, each with the number of rows above it whose day is missing or in the future."""
    dated = select_dated(frames, table, day)
    has_day = dated.select(ROW, nw.lit(value=0).alias("undated:"))
    rows = frames[table].select(ROW).join(has_day, on=ROW, how="left")
    rows = rows.with_columns(_col("undated:").fill_null(1).cast(nw.Int64))
    above = rows.with_columns(_col("undated:").cum_sum().over(order_by=ROW).alias(_UNDATED))
    return dated.join(above.select(ROW, _UNDATED), on=ROW, how="left")
