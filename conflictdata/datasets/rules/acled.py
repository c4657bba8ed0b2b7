"""Rules of ACLED event exports."""

from __future__ import annotations

import datetime as dt
from typing import Any

import narwhals.stable.v1 as nw

from conflictdata.datasets._acled_terms import SUB_EVENTS
from conflictdata.datasets._country_boxes import list_names
from conflictdata.datasets._helpers import count_days, mark_duplicates, mark_near_duplicates
from conflictdata.datasets.rules._countries import make_country_name_rule, make_country_number_rule
from conflictdata.datasets.rules._days import make_not_in_future_rule
from conflictdata.datasets.rules._points import make_coordinates_rule, make_point_rule
from conflictdata.rules.base import Example, Frames, rule

_col = nw.col

_EPOCH = dt.date(1970, 1, 1)

# Two rows that share these values may be the same event. Columns that a file lacks are left out.
_DUPLICATE_COLUMNS = (
    "event_date", "event_type", "sub_event_type", "actor1", "assoc_actor_1", "actor2", "assoc_actor_2", "admin1", "location",
    "latitude", "longitude", "source", "fatalities",
)  # fmt: skip


@rule(
    "acled.no-look-alike",
    "warning",
    ("event_id_cnty", "event_date", "actor1", "latitude", "fatalities"),
    message=(
        "event {event_id_cnty} is like event {first_id}: same day, actors, place and source ({fatalities} death(s) "
        "each)"
    ),
    hint="Read the notes of both before counting the two as one: some events do repeat on one day.",
    why="An event that was coded twice counts its dead twice.",
    key_columns=_DUPLICATE_COLUMNS,
    example=Example(
        "No two events are alike",
        bad={
            "acled.csv": """
                event_id_cnty,event_date,actor1,latitude,longitude,fatalities,event_type
                NOW1,10 March 2025,Made-up Front,35.1,36.7,2,Battles
                NOW2,10 March 2025,Made-up Front,35.1,36.7,2,Battles
                """,
        },
        good={
            "acled.csv": """
                event_id_cnty,event_date,actor1,latitude,longitude,fatalities,event_type
                NOW1,10 March 2025,Made-up Front,35.1,36.7,2,Battles
                NOW2,11 March 2025,Made-up Front,35.1,36.7,2,Battles
                """,
        },
    ),
)
def _check_near_duplicates(frames: Frames) -> nw.LazyFrame[Any]:
    return mark_near_duplicates(frames["acled"], _DUPLICATE_COLUMNS, "event_id_cnty")


_NOT_IN_FUTURE = make_not_in_future_rule("acled", "event_date")
_POINT_IN_COUNTRY = make_point_rule("acled", "country", list_names())


@rule(
    "acled.id-unique",
    "error",
    ("event_id_cnty",),
    message="{times} rows have the id {event_id_cnty}",
    hint="Remove the copy. An export by actor (dyadic) has each event once an actor: export by event.",
    why="A row that occurs twice is counted twice; exports by actor do so on purpose.",
    example=Example(
        "Each event is one row",
        bad={
            "acled.csv": """
                event_id_cnty,event_date,event_type,fatalities
                NOW1,2022-12-28,Riots,0
                NOW1,2022-12-28,Riots,0
                """,
        },
        good={
            "acled.csv": """
                event_id_cnty,event_date,event_type,fatalities
                NOW1,2022-12-28,Riots,0
                NOW2,2022-12-28,Riots,0
                """,
        },
    ),
)
def _check_id_unique(frames: Frames) -> nw.LazyFrame[Any]:
    return mark_duplicates(frames["acled"].filter(~_col("event_id_cnty").is_null()), ["event_id_cnty"])


@rule(
    "acled.year-of-date",
    "error",
    ("year", "event_date"),
    message="year is {year}, but event_date is {event_date}",
    hint="Check whether day and month were exchanged when the file was converted.",
    why="Yearly sums are made by this column.",
    example=Example(
        "The year is that of the date",
        bad={
            "acled.csv": """
                event_id_cnty,event_date,year,fatalities
                NOW1,28 December 2022,2021,0
                """,
        },
        good={
            "acled.csv": """
                event_id_cnty,event_date,year,fatalities
                NOW1,28 December 2022,2022,0
                """,
        },
    ),
)
def _check_year() -> nw.Expr:
    return _col("event_date").dt.year() == _col("year")


@rule(
    "acled.sub-event-fits-type",
    "error",
    ("sub_event_type", "event_type"),
    message="{sub_event_type!r} is not a sub-event of {event_type!r}",
    hint="Export the rows again; the codebook lists the sub-events of each type.",
    why=(
        "Each sub-event belongs to one type. A pair that does not exist counts the event under the wrong kind of "
        "violence."
    ),
    example=Example(
        "The sub-event is one of its type",
        bad={
            "acled.csv": """
                event_id_cnty,event_date,event_type,sub_event_type
                NOW1,2022-12-28,Battles,Grenade
                """,
        },
        good={
            "acled.csv": """
                event_id_cnty,event_date,event_type,sub_event_type
                NOW1,2022-12-28,Battles,Armed clash
                """,
        },
    ),
)
def _check_sub_event() -> nw.Expr:
    fits = nw.any_horizontal(
        *(
            (_col("event_type") == event) & _col("sub_event_type").is_in(list(subs))
            for event, subs in SUB_EVENTS.items()
        ),
        ignore_nulls=False,
    )
    return nw.when(~_col("event_type").is_null() & ~_col("sub_event_type").is_null()).then(fits)


_COORDINATES_REAL = make_coordinates_rule(
    "acled",
    why="A point where both are zero lands events in the Gulf of Guinea.",
    example=Example(
        "The coordinates are a place",
        bad={
            "acled.csv": """
                event_id_cnty,event_date,latitude,longitude
                NOW1,2022-12-28,0,0
                """,
        },
        good={
            "acled.csv": """
                event_id_cnty,event_date,latitude,longitude
                NOW1,2022-12-28,10.5,20.5
                """,
        },
    ),
)
_COUNTRY_CODE_FITS = make_country_number_rule(
    "acled.country-code-fits",
    "iso",
    "codes",
    example=Example(
        "A country has one code",
        bad={
            "acled.csv": """
                event_id_cnty,event_date,iso,country
                NOW1,2022-12-28,901,Nowhere
                NOW2,2022-12-28,901,Nowhere
                NOW3,2022-12-28,902,Nowhere
                """,
        },
        good={
            "acled.csv": """
                event_id_cnty,event_date,iso,country
                NOW1,2022-12-28,901,Nowhere
                NOW2,2022-12-28,901,Nowhere
                NOW3,2022-12-28,901,Nowhere
                """,
        },
    ),
)
_COUNTRY_NAME_FITS = make_country_name_rule(
    "acled",
    "iso",
    example=Example(
        "A code has one country",
        bad={
            "acled.csv": """
                event_id_cnty,event_date,iso,country
                NOW1,2022-12-28,901,Nowhere
                NOW2,2022-12-28,901,Nowhere
                NOW3,2022-12-28,901,No-where
                """,
        },
        good={
            "acled.csv": """
                event_id_cnty,event_date,iso,country
                NOW1,2022-12-28,901,Nowhere
                NOW2,2022-12-28,901,Nowhere
                NOW3,2022-12-28,901,Nowhere
                """,
        },
    ),
)


@rule(
    "acled.actors-counted",
    "warning",
    ("inter2", "actor2"),
    message="actor2 is {actor2!r}, but inter2 is {inter2!r}",
    hint="Both are given or neither is (0 in older exports).",
    why="inter2 says what kind of actor the second is; one without the other was lost on the way.",
    example=Example(
        "The second actor and its kind are given together",
        bad={
            "acled.csv": """
                event_id_cnty,event_date,actor1,actor2,inter2
                NOW1,2022-12-28,Made-up Front,NA,1
                """,
        },
        good={
            "acled.csv": """
                event_id_cnty,event_date,actor1,actor2,inter2
                NOW1,2022-12-28,Made-up Front,NA,0
                """,
        },
    ),
)
def _check_actors() -> nw.Expr:
    return _col("actor2").is_null() == (_col("inter2").is_null() | (_col("inter2") == "0"))


@rule(
    "acled.peaceful-without-deaths",
    "warning",
    ("fatalities", "sub_event_type"),
    message="a peaceful protest with {fatalities} death(s)",
    hint="Read the notes; a protest with deaths is of another sub-event.",
    why="By its definition nobody is killed in a peaceful protest.",
    example=Example(
        "Nobody dies in a peaceful protest",
        bad={
            "acled.csv": """
                event_id_cnty,event_date,event_type,sub_event_type,fatalities
                NOW1,2022-12-28,Protests,Peaceful protest,2
                """,
        },
        good={
            "acled.csv": """
                event_id_cnty,event_date,event_type,sub_event_type,fatalities
                NOW1,2022-12-28,Protests,Peaceful protest,0
                """,
        },
    ),
)
def _check_peaceful() -> nw.Expr:
    return ~((_col("sub_event_type") == "Peaceful protest") & (_col("fatalities") > 0))


@rule(
    "acled.written-after-event",
    "warning",
    ("timestamp", "event_date"),
    message="the row was last written (timestamp {timestamp}) before the event of {event_date}",
    hint="Check event_date: day and month may be exchanged.",
    why="Nothing is written down before it happens.",
    example=Example(
        "A row is written after its event",
        bad={
            "acled.csv": """
                event_id_cnty,event_date,timestamp
                NOW1,2022-12-28,1600000000
                """,
        },
        good={
            "acled.csv": """
                event_id_cnty,event_date,timestamp
                NOW1,2022-12-28,1700000000
                """,
        },
    ),
)
def _check_timestamp() -> nw.Expr:
    return _col("timestamp") >= (count_days(nw.lit(_EPOCH), _col("event_date")) - 1) * 86_400
