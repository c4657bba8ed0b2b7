"""Rules of the days of UCDP GED: their order, their precision, and the end of the release."""

from __future__ import annotations

import datetime as dt
from typing import Any

import narwhals.stable.v1 as nw

from conflictdata.datasets._helpers import ROW, count_days
from conflictdata.datasets.rules._days import make_not_in_future_rule
from conflictdata.rules.base import TIMES, VERDICT, Example, Frames, Row, rule

_col = nw.col

# Smallest and largest number of days per date_prec.
SPANS = {"1": (1, 1), "2": (2, 6), "3": (7, 7), "4": (8, 31), "5": (32, 366)}
BUSY = 50  # events in a month, after which a few events of the next month are errors, not its beginning


@rule(
    "ucdp_ged.dates-in-order",
    "error",
    ("date_start", "date_end"),
    message="date_start {date_start} is after date_end {date_end}",
    hint="Check whether day and month were exchanged when the file was converted.",
    why=(
        "An event ends on the day it starts or later. Programs that read days in the order of another country "
        "break this first."
    ),
    example=Example(
        "An event ends on the day it starts, or later",
        bad={
            "ged.csv": """
                id,date_start,date_end,best
                141,2020-03-15,2020-03-14,3
                """,
        },
        good={
            "ged.csv": """
                id,date_start,date_end,best
                141,2020-03-14,2020-03-15,3
                """,
        },
    ),
)
def _check_order() -> nw.Expr:
    return _col("date_start") <= _col("date_end")


@rule(
    "ucdp_ged.year-of-dates",
    "error",
    ("year", "date_start", "date_end"),
    message="year is {year}, but the event lasted from {date_start} to {date_end}",
    hint="UCDP splits events at the turn of the year; take the row from the release again.",
    why="Yearly sums are made by this column. An event counted in a year in which it did not happen shifts them.",
    example=Example(
        "The year is that of both dates",
        bad={
            "ged.csv": """
                id,year,date_start,date_end
                141,2019,2020-03-07,2020-03-07
                """,
        },
        good={
            "ged.csv": """
                id,year,date_start,date_end
                141,2020,2020-03-07,2020-03-07
                """,
        },
    ),
)
def _check_year() -> nw.Expr:
    return (_col("date_start").dt.year() == _col("year")) & (_col("date_end").dt.year() == _col("year"))


def _measure_span() -> nw.Expr:
    return count_days(_col("date_start"), _col("date_end")) + 1


def _explain_span(rows: list[Row], _: Frames) -> list[Row]:
    for row in rows:
        days = (row["date_end"] - row["date_start"]).days + 1
        least, most = SPANS[row["date_prec"]]
        row |= {"days": days, "wanted": str(least) if least == most else f"{least} to {most}"}
    return rows


@rule(
    "ucdp_ged.precision-fits-span",
    "warning",
    ("date_prec", "date_start", "date_end"),
    message="date_prec {date_prec} means {wanted} day(s), but {date_start} to {date_end} is {days}",
    hint="Trust the dates; date_prec says no more than how long the span is.",
    why="date_prec is how users leave out events whose day is not known. A wrong one lets a guess pass as a day.",
    explain=_explain_span,
    example=Example(
        "date_prec says how long the span is",
        bad={
            "ged.csv": """
                id,date_prec,date_start,date_end
                141,2,2020-03-10,2020-03-18
                """,
        },
        good={
            "ged.csv": """
                id,date_prec,date_start,date_end
                141,4,2020-03-10,2020-03-18
                """,
        },
    ),
)
def _check_precision() -> nw.Expr:
    fits = (
        (_col("date_prec") == word) & (_measure_span() >= least) & (_measure_span() <= most)
        for word, (least, most) in SPANS.items()
    )
    is_known = ~_col("date_prec").is_null() & (_measure_span() > 0)
    return nw.when(is_known).then(nw.any_horizontal(*fits, ignore_nulls=False))


_NOT_IN_FUTURE = make_not_in_future_rule(
    "ucdp_ged",
    "date_end",
    example=Example(
        "No event is in the future",
        bad={
            "ged.csv": """
                id,date_start,date_end,best
                1,2020-03-01,2020-03-02,3
                2,2091-03-01,2091-03-02,3
                """,
        },
        good={
            "ged.csv": """
                id,date_start,date_end,best
                1,2020-03-01,2020-03-02,3
                2,2021-03-01,2021-03-02,3
                """,
        },
    ),
)


def _add_month(frames: Frames) -> nw.LazyFrame[Any]:
    month = (_col("date_end").dt.year() * 12 + _col("date_end").dt.month()).alias("month")
    return frames["ucdp_ged"].filter(~_col("date_end").is_null()).with_columns(month)


def _group_release_months(frames: Frames) -> nw.LazyFrame[Any]:
    return _check_months(_add_month(frames))


def _check_months(dated: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Check that the last month is not a few stray events after the release's end.

    Returns one row per month, with its number of events as `TIMES`.
    """
    months = dated.group_by("month").agg(_col(ROW).count().alias(TIMES)).with_columns(nw.lit(1).alias("one"))
    last = months.group_by("one").agg(_col("month").max().alias("last"))
    both = months.join(last, on="one").with_columns(
        nw.when(_col("month") == _col("last")).then(_col(TIMES)).alias("in_last"),
        nw.when(_col("month") == _col("last") - 1).then(_col(TIMES)).alias("in_busy"),
    )
    ends = both.group_by("one").agg(_col("last").max(), _col("in_last").max(), _col("in_busy").max())
    straggles = (_col("in_busy") >= BUSY) & (_col("in_last") * BUSY <= _col("in_busy"))
    return months.join(ends, on="one").with_columns((~(straggles & (_col("month") == _col("last")))).alias(VERDICT))


def _explain_release_end(rows: list[Row], _: Frames) -> list[Row]:
    for row in rows:
        row["release_end"] = row["date_end"].replace(day=1) - dt.timedelta(days=1)
    return rows


@rule(
    "ucdp_ged.within-release",
    "warning",
    ("date_end",),
    message=(
        "date_end {date_end} lies after the release's end, {release_end}: {in_last} row(s) in that month, "
        "{in_busy} in the month before"
    ),
    hint="Leave the row out of sums by month and year.",
    why=(
        "A release covers whole months. What lies beyond is a straggler, and a month that holds it alone looks "
        "like peace."
    ),
    group_check=_group_release_months,
    explain=_explain_release_end,
    example=Example(
        "No row straggles into a month after the release",
        unseen="A file shows this only with 50 events or more in the month before; then one event in the month after it is reported.",
    ),
)
def _check_release_end(frames: Frames) -> nw.LazyFrame[Any]:
    dated = _add_month(frames)
    ends = _check_months(dated).select("month", "in_last", "in_busy", VERDICT)
    return dated.join(ends, on="month")
