"""Rules of the days of an event."""

from __future__ import annotations

import narwhals.stable.v1 as nw

from conflictdata.rules import _typos
from conflictdata.rules._helpers import (
    LATER_RELEASE,
    Lazy,
    count_days,
    format_days,
    format_span,
)
from conflictdata.rules.base import Example, Frames, Row, rule

# UCDP date_prec: the shortest and the longest span of each code, in days.
SPANS = {"1": (1, 1), "2": (2, 6), "3": (7, 7), "4": (8, 31), "5": (32, 366)}


def _describe_code(code: str) -> str:
    shortest, longest = SPANS[code]
    return f"{shortest} to {longest} days" if shortest < longest else f"{shortest} day{'s' * (shortest > 1)}"


def _describe_fitting_code(days: nw.Expr) -> nw.Expr:
    """Return the code that fits a number of days, in words."""
    fitting = nw.lit("no code fits")
    for code, (shortest, longest) in SPANS.items():
        fitting = nw.when((days >= shortest) & (days <= longest)).then(nw.lit(f"{code} would fit")).otherwise(fitting)
    return fitting


def _explain_id(rows: list[Row], frames: Frames) -> list[Row]:  # noqa: ARG001 - the row is enough
    """Add `day`, the day in the id, and `slip`."""
    days = [(row, row["event_id"][:10]) for row in rows]
    return [row | {"day": day, "slip": _typos.describe_day_slip(row["date_start"], day)} for row, day in days]


@rule(
    "events.id-is-day",
    "error",
    ("date_start", "event_id"),
    message="the id says {day}, and the event starts on {date_start}{slip}",
    hint="Correct `date:`. If the id is wrong, give the event a new one, and withdraw the old one in seeds/retired.csv.",
    why=(
        "The id is read as the first day and some words, and pages are coded by it. Where the two differ, one of them was "
        "mistyped, and every claim about the event lies at the wrong time."
    ),
    explain=_explain_id,
    after=("events.dates-in-order",),
    invalidates=("date_start", "date_end"),
    example=Example(
        "An event's id begins with its first day",
        bad={
            "events": """
                2024-06-02-siege:
                  type: battle
                  date: 2024-05-31
                  location: town
                  summary: The army closes the roads to the town.
                  said: {paper-2024-06-02: observatory}
                """,
        },
        good={
            "events": """
                2024-06-02-siege:
                  type: battle
                  date: 2024-06-02
                  location: town
                  summary: The army closes the roads to the town.
                  said: {paper-2024-06-02: observatory}
                """,
        },
    ),
)
def _has_day_in_id() -> nw.Expr:
    return nw.col("event_id").str.slice(0, 10) == nw.col("date_start").cast(nw.String)


@rule(
    "events.dates-in-order",
    "error",
    ("date_start", "date_end"),
    message="the event starts on {date_start}, after its end on {date_end}",
    hint="Write the days in order: `date: <first>/<last>`.",
    why=(
        "An event that ends before it starts is found by no selection by date, and its length comes out below zero in "
        "everything that counts days."
    ),
    after=("*.key-unique", "*-resolves"),
    invalidates=("date_start", "date_end"),
    example=Example(
        "An event starts before it ends",
        bad={
            "events": """
                2024-06-02-siege:
                  type: battle
                  date: 2024-06-02/2024-05-30
                  location: town
                  summary: The army closes the roads to the town.
                  said: {paper-2024-06-02: observatory}
                """,
        },
        good={
            "events": """
                2024-05-30-siege:
                  type: battle
                  date: 2024-05-30/2024-06-02
                  location: town
                  summary: The army closes the roads to the town.
                  said: {paper-2024-06-02: observatory}
                """,
        },
    ),
)
def _check_dates_in_order() -> nw.Expr:
    return nw.col("date_start") <= nw.col("date_end")


@rule(
    "events.over-by-release",
    "error",
    ("date_end",),
    message="the event ends on {date_end}, {late} after the release of {released_on}",
    hint=f"{LATER_RELEASE} An event that goes on ends, for now, on the last day that the page covers.",
    why="A dataset of what happened cannot hold what has not happened yet; a date to come is a wrong year nearly always.",
    example=Example(
        "An event is over when the data are published",
        bad={
            "events": """
                2024-06-02-march:
                  type: battle
                  date: 2024-06-02/2024-12-31
                  location: village
                  summary: The army marches on the village.
                  said: {paper-2024-06-02: observatory}
                """,
        },
        good={
            "events": """
                2024-06-02-march:
                  type: battle
                  date: 2024-06-02/2024-06-20
                  location: village
                  summary: The army marches on the village.
                  said: {paper-2024-06-02: observatory}
                """,
        },
    ),
)
def _check_over_by_release(frames: Frames) -> Lazy:
    events = frames["events"].select("event_id", "date_start", "date_end").join(frames["release"], how="cross")
    late = count_days("released_on", "date_end")
    return events.with_columns(late=format_days(late), verdict=late <= 0)


@rule(
    "events.precision-fits-span",
    "error",
    ("date_precision", "date_start", "date_end"),
    message="date_precision {date_precision} means {stands_for}, and {window} is {days}: {fitting}",
    hint="Leave date_precision out: it follows from the dates. Write it only where the dates are right and the code is not.",
    why=(
        "Users keep exact days and drop vague ones by this code. A span of a month coded as an exact day puts its first "
        "day into daily series; an exact day coded as a month drops out of them."
    ),
    imported_severity="warning",  # ACLED gives one day, with a code that only the week is known
    example=Example(
        "The precision of an event's dates fits their number",
        bad={
            "events": """
                2024-06-01-march:
                  type: battle
                  date: 2024-06-01/2024-06-04
                  date_precision: 1
                  location: village
                  summary: The army marches on the village.
                  said: {paper-2024-06-02: observatory}
                """,
        },
        good={
            "events": """
                2024-06-01-march:
                  type: battle
                  date: 2024-06-01/2024-06-04
                  location: village
                  summary: The army marches on the village.
                  said: {paper-2024-06-02: observatory}
                """,
        },
    ),
)
def _check_precision(frames: Frames) -> Lazy:
    days = count_days("date_start", "date_end") + 1
    code = nw.col("date_precision")
    shortest, longest = (
        code.replace_strict({c: ends[i] for c, ends in SPANS.items()}, default=None, return_dtype=nw.Int64)
        for i in (0, 1)
    )
    stands_for = code.replace_strict({c: _describe_code(c) for c in SPANS}, default=None, return_dtype=nw.String)
    events = frames["events"].filter(~(nw.col("date_end") < nw.col("date_start")))  # reported by another rule
    return events.select(
        "event_id", "date_precision", days=format_days(days), window=format_span("date_start", "date_end"), stands_for=stands_for,
        fitting=_describe_fitting_code(days), verdict=(days >= shortest) & (days <= longest),
    )  # fmt: skip
