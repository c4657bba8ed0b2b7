"""Monthly counts of ACLED's events on HDX and in its API HAPI: recognised and checked; they hold no event and no claim."""

from __future__ import annotations

from typing import Any

import narwhals.stable.v1 as nw

from conflictdata.datasets._helpers import list_present, make_not_in_future_rule, mark_duplicates
from conflictdata.datasets.profile import Profile, ProfileTable
from conflictdata.rules.base import VERDICT, Frames, Rule

HAPI, HDX = "hapi_conflict_events", "hdx_acled_counts"

_col = nw.col

_HAPI_ROW = (
    "location_code", "admin1_code", "admin2_code", "provider_admin1_name", "provider_admin2_name", "admin_level", "event_type",
    "reference_period_start",
)  # fmt: skip
_HDX_ROW = ("Country", "ISO3", "Admin1", "Admin2", "Admin1 Pcode", "Admin2 Pcode", "Year", "Month")


def _make_row_rule(table: str, columns: tuple[str, ...], fields: tuple[str, ...], shown: str) -> Rule:
    return Rule(
        id=f"{table}.row-unique", number=46, table=table, severity="error", fields=fields,
        check=lambda frames: mark_duplicates(frames[table], list_present(frames[table], columns)),
        message=f"{{times}} rows are of {shown}", hint="Remove the copy, or check whether two files were joined.",
        why="A month that is there twice is counted twice.",
    )  # fmt: skip


def _check_year(frames: Frames) -> nw.LazyFrame[Any]:
    known = frames[HDX].filter(~_col("Year").is_null()).join(frames["release"], how="cross")
    return known.with_columns((_col("Year") <= _col("released_on").dt.year()).alias(VERDICT))


_HAPI = (
    _make_row_rule(HAPI, _HAPI_ROW, ("reference_period_start", "location_code", "event_type"), "{location_code}, {event_type}, {reference_period_start}"),
    make_not_in_future_rule(HAPI, "reference_period_start"),
    Rule(
        id="hapi_conflict_events.period-in-order", number=29, table=HAPI, severity="error", fields=("reference_period_end", "reference_period_start"),
        check=_col("reference_period_start") <= _col("reference_period_end"),
        message="the period runs from {reference_period_start} to {reference_period_end}", hint="Take the row from HDX again.",
        why="A month ends after it starts. Days and months exchanged by a spreadsheet break this first.",
    ),
    Rule(
        id="hapi_conflict_events.deaths-need-events", number=0, table=HAPI, severity="warning", fields=("fatalities", "events"),
        check=~((_col("events") == 0) & (_col("fatalities") > 0)),
        message="{fatalities} deaths in 0 events", hint="Take the row from HDX again.", why="Deaths are counted by event; without one there are none.",
    ),
)  # fmt: skip

_HDX = (
    _make_row_rule(HDX, _HDX_ROW, ("Year", "Month", "Country"), "{Country}, {Month} {Year}"),
    Rule(
        id="hdx_acled_counts.day-not-in-future", number=20, table=HDX, severity="error", fields=("Year",), check=_check_year,
        message="Year is {Year}, after {released_on}", hint="Check the year.", why="Nothing is counted before it happens.",
    ),
    Rule(
        id="hdx_acled_counts.deaths-need-events", number=0, table=HDX, severity="warning", fields=("Fatalities", "Events"),
        check=~((_col("Events") == 0) & (_col("Fatalities") > 0)),
        message="{Fatalities} deaths in 0 events", hint="Take the row from HDX again.", why="Deaths are counted by event; without one there are none.",
    ),
)  # fmt: skip

PROFILE = Profile(
    name="acled-counts",
    title="Monthly counts of ACLED's events on HDX and HAPI",
    licence="ACLED's terms of use: not to be used to build a similar dataset",
    citation="ACLED, by way of the Humanitarian Data Exchange (HDX), https://data.humdata.org/organization/acled",
    url="https://hdx-hapi.readthedocs.io/",
    tables=(
        ProfileTable(HAPI, _HAPI, needs=("location_code", "event_type", "events", "reference_period_start")),
        ProfileTable(HDX, _HDX, needs=("Country", "Month", "Year", "Events")),
    ),
    note="The files count events and deaths per division and month. They hold no event, no actor and no source, so that nothing in "
    "them is a claim: import an export of ACLED's events instead. A demonstration has no fatalities column, which is not zero.",
)  # fmt: skip
