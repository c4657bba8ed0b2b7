"""Columns of an event export of ACLED. Source: ACLED Codebook.

The package contains no row of it.
"""

from __future__ import annotations

from conflictdata.datasets._acled_terms import OLD_TYPES, SUB_EVENTS
from conflictdata.datasets.models import fields as c

_EVENT_ID = r"(?:[A-Z]{3}[0-9]+|[0-9]+[A-Z]{3})"  # until 2018 the number came first

Acled = c.make_model(
    "acled",
    ("event_id_cnty",),
    {
        "event_id_cnty": c.code(_EVENT_ID, "Key of the event: letters of the country and number.", "ABC1", required=True),
        "event_date": c.day("Day of the event.", "28 December 2022", required=True),
        "year": c.count("Year of the event.", "2022", low=1900, high=2200),
        "time_precision": c.choice(("1", "2", "3"), "Day 1, week 2, month 3."),
        "disorder_type": c.prose("Kind of disorder.", "Political violence"),
        "event_type": c.choice((*SUB_EVENTS, *OLD_TYPES), "Type of event.", required=True),
        "sub_event_type": c.choice(tuple(s for subs in SUB_EVENTS.values() for s in subs), "Type within the type."),
        "actor1": c.prose("First actor.", "Made-up Front", required=True),
        "assoc_actor_1": c.prose("Actors on the side of the first.", ""),
        "inter1": c.prose("Kind of the first actor.", "2"),
        "actor2": c.prose("Second actor.", "Military Forces of Nowhere"),
        "assoc_actor_2": c.prose("Actors on the side of the second.", ""),
        "inter2": c.prose("Kind of the second actor.", "1"),
        "interaction": c.prose("Kinds of both actors.", "12"),
        "civilian_targeting": c.prose("Whether civilians were the main target.", ""),
        "iso": c.code(r"[0-9]{1,3}", "Country, ISO 3166-1 numeric.", "760"),
        "region": c.prose("Region of the world.", "Middle East"),
        "country": c.prose("Name of the country.", "Nowhere"),
        "admin1": c.prose("First-order division.", "North"),
        "admin2": c.prose("Second-order division.", "North East"),
        "admin3": c.prose("Third-order division.", ""),
        "location": c.prose("Name of the place.", "Sometown"),
        "latitude": c.number("Latitude, WGS 84, degrees.", "35.1", -90, 90),
        "longitude": c.number("Longitude, WGS 84, degrees.", "36.7", -180, 180),
        "geo_precision": c.choice(("1", "2", "3"), "Place 1, part of a region 2, region 3."),
        "source": c.prose("Sources, separated by semicolons.", "Some Paper"),
        "source_scale": c.prose("How near the sources are.", "National"),
        "notes": c.prose("What happened.", "Forces clashed."),
        "fatalities": c.count("Reported deaths.", "3", required=True),
        "tags": c.prose("Further tags.", ""),
        "timestamp": c.count("When the row was last written, in seconds since 1970.", "1700000000"),
        "event_id_no_cnty": c.count("Number of the event, older exports.", "1"),
        "iso3": c.code(r"[A-Z]{3}", "Country, ISO 3166-1 alpha-3.", "ABC"),
        "data_id": c.count("Number of the row, older exports.", "1"),
        "population_1km": c.prose("People who live near.", ""),
        "population_2km": c.prose("People who live near.", ""),
        "population_5km": c.prose("People who live near.", ""),
        "population_best": c.prose("People who live near.", ""),
    },
    "One row an event; `fatalities` is a best estimate.",
)  # fmt: skip

MODELS = (Acled,)
