"""Rules of monthly counts of ACLED's events on HDX and in its API HAPI."""

from __future__ import annotations

from typing import Any

import narwhals.stable.v1 as nw

from conflictdata.datasets._helpers import list_present, mark_duplicates
from conflictdata.datasets.rules._days import make_not_in_future_rule, make_year_not_in_future_rule
from conflictdata.rules.base import Example, Frames, Rule, rule

HAPI, HDX = "hapi_conflict_events", "hdx_acled_counts"

_col = nw.col

_HAPI_ROW = (
    "location_code", "admin1_code", "admin2_code", "provider_admin1_name", "provider_admin2_name", "admin_level", "event_type",
    "reference_period_start",
)  # fmt: skip
_HDX_ROW = ("Country", "ISO3", "Admin1", "Admin2", "Admin1 Pcode", "Admin2 Pcode", "Year", "Month")

_ROW_UNIQUE = Example(
    "A month of a division is one row",
    bad={
        "hapi.csv": """
            location_code,admin1_code,event_type,events,fatalities,reference_period_start,reference_period_end
            ABC,AB1,political_violence,3,4,2024-01-01,2024-01-31
            ABC,AB1,political_violence,3,4,2024-01-01,2024-01-31
            """,
    },
    good={
        "hapi.csv": """
            location_code,admin1_code,event_type,events,fatalities,reference_period_start,reference_period_end
            ABC,AB1,political_violence,3,4,2024-01-01,2024-01-31
            ABC,AB2,political_violence,3,4,2024-01-01,2024-01-31
            """,
    },
    of="hapi_conflict_events.row-unique",
)


def _make_row_rule(table: str, columns: tuple[str, ...], fields: tuple[str, ...], shown: str) -> Rule:
    """Make the rule that there is one row per division and month."""

    @rule(
        f"{table}.row-unique",
        "error",
        fields,
        message=f"{{times}} rows are of {shown}",
        hint="Remove the copy, or check whether two files were joined.",
        why="A month that is there twice is counted twice.",
        example=_ROW_UNIQUE,
    )
    def check(frames: Frames) -> nw.LazyFrame[Any]:
        return mark_duplicates(frames[table], list_present(frames[table], columns))

    return check


_DEATHS_NEED_EVENTS = Example(
    "Deaths are of events",
    bad={
        "hapi.csv": """
            location_code,admin1_code,event_type,events,fatalities,reference_period_start,reference_period_end
            ABC,AB1,political_violence,0,4,2024-01-01,2024-01-31
            """,
    },
    good={
        "hapi.csv": """
            location_code,admin1_code,event_type,events,fatalities,reference_period_start,reference_period_end
            ABC,AB1,political_violence,3,4,2024-01-01,2024-01-31
            """,
    },
    of="hapi_conflict_events.deaths-need-events",
)


def _make_deaths_rule(table: str, deaths: str, events: str) -> Rule:
    """Make the rule that a row with deaths has events."""

    @rule(
        f"{table}.deaths-need-events",
        "warning",
        (deaths, events),
        message=f"{{{deaths}}} deaths in 0 events",
        hint="Take the row from HDX again.",
        why="Deaths are counted by event; without one there are none.",
        example=_DEATHS_NEED_EVENTS,
    )
    def check() -> nw.Expr:
        return ~((_col(events) == 0) & (_col(deaths) > 0))

    return check


_HAPI_ROW_UNIQUE = _make_row_rule(
    HAPI,
    _HAPI_ROW,
    ("reference_period_start", "location_code", "event_type"),
    "{location_code}, {event_type}, {reference_period_start}",
)
_HAPI_NOT_IN_FUTURE = make_not_in_future_rule(HAPI, "reference_period_start")


@rule(
    "hapi_conflict_events.period-in-order",
    "error",
    ("reference_period_end", "reference_period_start"),
    message="the period runs from {reference_period_start} to {reference_period_end}",
    hint="Take the row from HDX again.",
    why="A month ends after it starts. Days and months exchanged by a spreadsheet break this first.",
    example=Example(
        "A period ends after it starts",
        bad={
            "hapi.csv": """
                location_code,admin1_code,event_type,events,fatalities,reference_period_start,reference_period_end
                ABC,AB1,political_violence,3,4,2024-01-31,2024-01-01
                """,
        },
        good={
            "hapi.csv": """
                location_code,admin1_code,event_type,events,fatalities,reference_period_start,reference_period_end
                ABC,AB1,political_violence,3,4,2024-01-01,2024-01-31
                """,
        },
    ),
)
def _check_period() -> nw.Expr:
    return _col("reference_period_start") <= _col("reference_period_end")


_HAPI_DEATHS_NEED_EVENTS = _make_deaths_rule(HAPI, "fatalities", "events")
_HDX_ROW_UNIQUE = _make_row_rule(HDX, _HDX_ROW, ("Year", "Month", "Country"), "{Country}, {Month} {Year}")
_HDX_NOT_IN_FUTURE = make_year_not_in_future_rule(HDX, "Year")
_HDX_DEATHS_NEED_EVENTS = _make_deaths_rule(HDX, "Fatalities", "Events")
