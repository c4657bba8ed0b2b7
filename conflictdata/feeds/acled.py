"""ACLED event exports, as their users download them. The package ships no row of it: its terms forbid that."""

from __future__ import annotations

import datetime as dt
from typing import Any

import narwhals.stable.v1 as nw

from conflictdata.feeds.days import ISO, MIDNIGHT, MONTH_IN_WORDS, MONTH_IN_WORDS_DASHED, SLASHED
from conflictdata.feeds.judging import days, first_of_its_kind, usual
from conflictdata.feeds.profile import FeedTable, Profile
from conflictdata.schema.rules.base import Frames, Rule

TABLE = "acled"

# Sub-events by type of event, as the codebook has them.
SUB_EVENTS: dict[str, tuple[str, ...]] = {
    "Battles": ("Government regains territory", "Non-state actor overtakes territory", "Armed clash"),
    "Protests": ("Excessive force against protesters", "Protest with intervention", "Peaceful protest"),
    "Riots": ("Violent demonstration", "Mob violence"),
    "Explosions/Remote violence": (
        "Chemical weapon", "Air/drone strike", "Suicide bomb", "Shelling/artillery/missile attack",
        "Remote explosive/landmine/IED", "Grenade",
    ),
    "Violence against civilians": ("Sexual violence", "Attack", "Abduction/forced disappearance"),
    "Strategic developments": (
        "Agreement", "Arrests", "Change to group/activity", "Disrupted weapons use",
        "Headquarters or base established", "Looting/property destruction", "Non-violent transfer of territory", "Other",
    ),
}  # fmt: skip

# The export tool writes `28 December 2022`, the API `2022-12-28`; the FAQ names dd-mmmm-yyyy. Exports until 2017 have
# `28/12/2022`, which a spreadsheet set to American days writes the other way round.
DAYS = (ISO, MIDNIGHT, MONTH_IN_WORDS, MONTH_IN_WORDS_DASHED, SLASHED)

_EPOCH = dt.date(1970, 1, 1)
_col = nw.col


def _sub_event_fits() -> nw.Expr:
    fits = nw.any_horizontal(
        *(
            (_col("event_type") == event) & _col("sub_event_type").is_in(list(subs))
            for event, subs in SUB_EVENTS.items()
        ),
        ignore_nulls=False,
    )
    return nw.when(~_col("event_type").is_null() & ~_col("sub_event_type").is_null()).then(fits)


def _id_unique(frames: Frames) -> nw.LazyFrame[Any]:
    return first_of_its_kind(frames[TABLE].filter(~_col("event_id_cnty").is_null()), ["event_id_cnty"])


RULES = (
    Rule(
        id="acled.id-unique", number=46, table=TABLE, severity="error", fields=("event_id_cnty",), check=_id_unique,
        message="{times} rows have the id {event_id_cnty}", hint="Remove the copy. An export by actor (dyadic) has each event once an actor: export by event.",
        why="A row that stands twice is counted twice; exports by actor do so on purpose.",
    ),
    Rule(
        id="acled.year-of-date", number=29, table=TABLE, severity="error", fields=("year", "event_date"),
        check=_col("event_date").dt.year() == _col("year"), message="year is {year}, but event_date is {event_date}",
        hint="Check whether day and month were exchanged when the file was converted.", why="Yearly sums are made by this column.",
    ),
    Rule(
        id="acled.sub-event-fits-type", number=0, table=TABLE, severity="error", fields=("sub_event_type", "event_type"), check=_sub_event_fits(),
        message="{sub_event_type!r} is no sub-event of {event_type!r}", hint="Export the rows again; the codebook lists the sub-events of each type.",
        why="Each sub-event belongs to one type. A pair that does not exist counts the event under the wrong kind of violence.",
    ),
    Rule(
        id="acled.coordinates-real", number=36, table=TABLE, severity="error", fields=("latitude", "longitude"),
        check=(_col("latitude").is_null() == _col("longitude").is_null()) & ~((_col("latitude") == 0) & (_col("longitude") == 0)).fill_null(False),
        message="latitude {latitude} and longitude {longitude} are no place", hint="Both are given or neither is; 0, 0 lies in the sea.",
        why="A point where both are zero lands events in the Gulf of Guinea.",
    ),
    Rule(
        id="acled.country-code-fits", number=37, table=TABLE, severity="error", fields=("iso", "country"), check=lambda frames: usual(frames[TABLE], "iso", "country"),
        message="{country!r} is iso {usual} in {others} row(s), and {iso} here", hint="Use the number that the other rows have.",
        why="A country with two codes is joined to two countries in other datasets.",
    ),
    Rule(
        id="acled.country-name-fits", number=37, table=TABLE, severity="error", fields=("country", "iso"), check=lambda frames: usual(frames[TABLE], "country", "iso"),
        message="iso {iso} is {usual!r} in {others} row(s), and {country!r} here", hint="Write the country as the other rows do.",
        why="One country under two names is two countries to every program that groups by name.",
    ),
    Rule(
        id="acled.actors-counted", number=0, table=TABLE, severity="warning", fields=("inter2", "actor2"),
        check=_col("actor2").is_null() == (_col("inter2").is_null() | (_col("inter2") == "0")),
        message="actor2 is {actor2!r}, but inter2 is {inter2!r}", hint="Both are given or neither is (0 in older exports).",
        why="inter2 says what kind of actor the second is; one without the other was lost on the way.",
    ),
    Rule(
        id="acled.peaceful-without-deaths", number=0, table=TABLE, severity="warning", fields=("fatalities", "sub_event_type"),
        check=~((_col("sub_event_type") == "Peaceful protest") & (_col("fatalities") > 0)),
        message="a peaceful protest with {fatalities} death(s)", hint="Read the notes; a protest with deaths is of another sub-event.",
        why="By its definition nobody is killed in a peaceful protest.",
    ),
    Rule(
        id="acled.written-after-event", number=20, table=TABLE, severity="warning", fields=("timestamp", "event_date"),
        check=_col("timestamp") >= (days(nw.lit(_EPOCH), _col("event_date")) - 1) * 86_400,
        message="the row was last written (timestamp {timestamp}) before the event of {event_date}", hint="Check event_date: day and month may be exchanged.",
        why="Nothing is written down before it happens.",
    ),
)  # fmt: skip

PROFILE = Profile(
    name="acled",
    title="Armed Conflict Location & Event Data",
    licence="ACLED's terms of use: not to be passed on, nor used to build a similar dataset",
    citation="Raleigh, Clionadh, et al. 2010. Introducing ACLED: An Armed Conflict Location and Event Dataset. Journal of Peace Research 47 (5).",
    url="https://acleddata.com/",
    tables=(FeedTable(TABLE, RULES, needs=("event_id_cnty",), missing=("NA",), day_forms=DAYS),),
    note="The package checks and converts your own export on your machine, and ships no row of it.",
)
