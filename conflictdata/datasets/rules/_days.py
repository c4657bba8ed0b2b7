"""The rule that nothing happened after the day of the release, made for a table from its column of days or years."""

from __future__ import annotations

from typing import Any

import narwhals.stable.v1 as nw

from conflictdata.datasets._helpers import IN_FUTURE, ROW
from conflictdata.rules.base import TIMES, VERDICT, Example, Frames, Rule, rule

Frame = nw.LazyFrame[Any]

_col = nw.col

_REPORT = Example(
    "No report is of a day in the future",
    bad={
        "gaza.json": """
            [{"report_date": "2091-05-01", "killed": 5, "killed_cum": 1005, "killed_women_cum": 300}]
            """,
    },
    good={
        "gaza.json": """
            [{"report_date": "2024-05-01", "killed": 5, "killed_cum": 1005, "killed_women_cum": 300}]
            """,
    },
    of="palestine_gaza.day-not-in-future",
)


def make_not_in_future_rule(table: str, day: str, *, example: Example = _REPORT) -> Rule:
    """Make the rule that nothing happened after the day of the release; without one, after the day of the check."""

    def judge(days: Frame) -> Frame:
        return days.with_columns((_col(day) <= _col("released_on")).alias(VERDICT))

    def group_check(frames: Frames) -> Frame:
        known = frames[table].filter(~_col(day).is_null())
        return judge(known.group_by(day).agg(_col(ROW).count().alias(TIMES)).join(frames["release"], how="cross"))

    @rule(
        f"{table}.{IN_FUTURE}",
        "error",
        (day,),
        message=f"{day} is {{{day}}}, after {{released_on}}",
        hint="Check the year. If the file is newer, give the day of its release.",
        why="Nothing is counted before it happens. A year mistyped puts the event at the end of every series.",
        group_check=group_check,
        example=example,
    )
    def check(frames: Frames) -> Frame:
        return judge(frames[table].filter(~_col(day).is_null()).join(frames["release"], how="cross"))

    return check


_YEAR = Example(
    "No year is in the future",
    bad={
        "brd.csv": """
            dyad_id,conflict_id,year,bd_best,bd_low,bd_high
            730,330,2091,30,30,45
            """,
    },
    good={
        "brd.csv": """
            dyad_id,conflict_id,year,bd_best,bd_low,bd_high
            730,330,1999,30,30,45
            """,
    },
    of="ucdp_brd.day-not-in-future",
)


def make_year_not_in_future_rule(table: str, year: str, *, hint: str = "Check the year.") -> Rule:
    """Make the rule that the year has begun on the day of the release; without one, on the day of the check."""

    @rule(
        f"{table}.{IN_FUTURE}",
        "error",
        (year,),
        message=f"{year} is {{{year}}}, after {{released_on}}",
        hint=hint,
        why="Nothing is counted before it happens.",
        example=_YEAR,
    )
    def check(frames: Frames) -> Frame:
        known = frames[table].filter(~_col(year).is_null()).join(frames["release"], how="cross")
        return known.with_columns((_col(year) <= _col("released_on").dt.year()).alias(VERDICT))

    return check
