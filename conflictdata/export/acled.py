"""Events in the columns of an ACLED export, one row per event.

For tools that read ACLED. The file contains no row of ACLED. Claims are collapsed into `fatalities` by the rule of
`export._collapse`. Ids are not ACLED's: `event_id_cnty` is the country code and the CRC-32 of our event id. Columns
without a counterpart in our data are empty.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from conflictdata.export._collapse import CHOICE, choose_numbers
from conflictdata.export._events import select_active_events, select_pages
from conflictdata.export.bundle import Bundle
from conflictdata.schema.countries import load_countries

COLUMNS = """
    event_id_cnty event_date year time_precision disorder_type event_type sub_event_type actor1 assoc_actor_1 inter1 actor2
    assoc_actor_2 inter2 interaction civilian_targeting iso region country admin1 admin2 admin3 location latitude longitude
    geo_precision source source_scale notes fatalities tags timestamp
""".split()

_BATTLE, _REMOTE = "Battles", "Explosions/Remote violence"
_CIVILIANS, _STRATEGIC = "Violence against civilians", "Strategic developments"

# ACLED's type and sub-event per event type. For the capture of territory, they depend on who captured it.
TYPES: dict[str, tuple[str, str]] = {
    "battle": (_BATTLE, "Armed clash"),
    "shelling": (_REMOTE, "Shelling/artillery/missile attack"),
    "airstrike": (_REMOTE, "Air/drone strike"),
    "drone_strike": (_REMOTE, "Air/drone strike"),
    "explosive_device": (_REMOTE, "Remote explosive/landmine/IED"),
    "suicide_attack": (_REMOTE, "Suicide bomb"),
    "chemical_attack": (_REMOTE, "Chemical weapon"),
    "attack_on_civilians": (_CIVILIANS, "Attack"),
    "execution": (_CIVILIANS, "Attack"),
    "abduction": (_CIVILIANS, "Abduction/forced disappearance"),
    "detention": (_STRATEGIC, "Arrests"),
    "territory_capture": (_BATTLE, "Non-state actor overtakes territory"),
    "deployment": (_STRATEGIC, "Change to group/activity"),
    "withdrawal": (_STRATEGIC, "Non-violent transfer of territory"),
    "release": (_STRATEGIC, "Other"),
    "political": (_STRATEGIC, "Other"),
}
_BY_STATE = "Government regains territory"
OMITTED = ("displacement", "humanitarian")  # ACLED has no such events

_STATES = {"state", "armed_forces", "security_forces"}
_KINDS = {
    **dict.fromkeys(_STATES, "State forces"), "armed_group": "Rebel group", "militia": "Political militia",
    "community": "Identity militia", "coalition": "External/Other forces", "unnamed": "External/Other forces",
}  # fmt: skip
_NOBODY = "Unidentified Armed Group ({country})"  # ACLED's word for an actor that nobody names
SAYS_NOBODY = "The pages name nobody who took part; actor1 is ACLED's word for that."
SAYS_NO_ATTACKER = "The pages do not name the attacker; actor1 is ACLED's word for that."
SAYS_NO_DIRECTION = "The pages do not say who began; actor1 is the first of those who took part by id."
_COUNTED = {
    SAYS_NOBODY: "name nobody who took part: their actor1 is `Unidentified Armed Group (<Country>)`",
    SAYS_NO_ATTACKER: "name a target and no attacker: their actor1 is `Unidentified Armed Group (<Country>)`, and actor2 the target",
    SAYS_NO_DIRECTION: "name who took part and not who began: their actor1 is the first of them by id",
}
_TIME = {"1": "1", "2": "2", "3": "2", "4": "3", "5": "3"}  # date_precision
_PLACE = {"1": "1", "2": "2", "3": "2", "4": "3", "5": "3", "6": "3", "7": "3"}  # location precision

LOSSES = (
    "ACLED gives one day, one number and two actors an event: here the first day of the event, the number that speaks for it, "
    "and the first initiator and target by id, the others as associated actors. Where nobody is said to have begun, those who took part are both "
    "actors, and `notes` says so. ACLED leaves no actor1 empty: an event of which no attacker is named has its `Unidentified Armed Group (<Country>)`, "
    "and `notes` says that the pages name none",
    "time_precision 1 is a day, 2 up to a week, 3 more; geo_precision 1 is an exact place, 2 a part of a region, 3 a region or less: "
    "both are coarser than ours",
    "execution and attack on civilians are both `Attack`, air and drone strikes both `Air/drone strike`; the kind of weapon of a battle "
    "is not said. fatalities is 0 where nobody puts a number to it, as ACLED has it: its 0 is not a count",
)

Row = Mapping[str, Any]


def write(bundle: Bundle, file: Path, tables: list[str]) -> list[str]:  # noqa: ARG001 - one signature for all formats
    """Write the CSV, sorted by event id."""
    events = select_active_events(bundle)
    chosen = events.filter(~pl.col("event_type").is_in(OMITTED))
    names = dict(bundle["actors"].select("actor_id", "name").iter_rows())
    kinds = dict(bundle["actors"].select("actor_id", "kind").iter_rows())
    numbers, pages, parties = choose_numbers(bundle), _collect_publishers(bundle), _collect_parties(bundle)
    complete = [{**event, "parties": parties.get(event["event_id"], "")} for event in chosen.iter_rows(named=True)]
    rows = [_build_row(event, names, kinds, numbers.get(event["event_id"]), pages) for event in complete]
    pl.DataFrame(rows, schema=dict.fromkeys(COLUMNS, pl.String)).write_csv(file, line_terminator="\n")
    omitted = events.height - chosen.height
    unnamed = Counter(map(_describe_unnamed_side, complete))
    counted = [
        f"{unnamed[sentence]} of {len(rows)} events {what}" for sentence, what in _COUNTED.items() if unnamed[sentence]
    ]
    return [
        CHOICE.format(outcome="killed", column="`fatalities`"),
        *LOSSES,
        *counted,
        f"{omitted} events of displacement and of the humanitarian situation are left out",
    ]


def _collect_parties(bundle: Bundle) -> dict[str, str]:
    """Return, per event, the ids of actors without a direction, joined by a space."""
    took_part = bundle["event_actors"].filter(pl.col("role") == "party")
    return dict(took_part.group_by("event_id").agg(pl.col("actor_id").sort().str.join(" ")).iter_rows())


def _order_actors(event: Row) -> tuple[list[str], list[str]]:
    """Return the actors of side 1 and those of side 2.

    Side 1 is the initiators. Without initiators, it is the first of the other parties by id; without these, it is empty.
    """
    initiators, targets, parties = (str(event[side] or "").split() for side in ("initiators", "targets", "parties"))
    if initiators:
        return initiators, [*targets, *parties]
    if parties:
        return parties[:1], [*targets, *parties[1:]]
    return [], targets


def _describe_unnamed_side(event: Row) -> str:
    """Return a sentence on what the pages do not say of the actors; "" if they name who began."""
    if event["initiators"]:
        return ""
    if event["parties"]:
        return SAYS_NO_DIRECTION
    return SAYS_NO_ATTACKER if event["targets"] else SAYS_NOBODY


def _collect_publishers(bundle: Bundle) -> dict[str, str]:
    """Return, per event, the names of the publishers of its pages."""
    publishers = bundle["sources"].select("source_id", actor_id="publisher_id").join(bundle["actors"], on="actor_id")
    joined = select_pages(bundle).join(publishers.select("source_id", "name"), on="source_id")
    grouped = joined.group_by("event_id").agg(pl.col("name").unique().sort().str.join("; "))
    return dict(grouped.iter_rows())


def _build_row(
    event: Row, names: Mapping[str, str], kinds: Mapping[str, str], number: int | None, pages: Mapping[str, str]
) -> dict[str, str | None]:
    first, second = _order_actors(event)
    country = load_countries().get(event["country"] or "")
    kind, sub = _choose_type(event, first, kinds)
    return {
        **dict.fromkeys(COLUMNS),
        "event_id_cnty": f"{event['country'] or 'XXX'}{zlib.crc32(event['event_id'].encode())}",
        "event_date": event["date_start"].isoformat(),
        "year": str(event["date_start"].year),
        "time_precision": _TIME[event["date_precision"]],
        "disorder_type": "Strategic developments" if kind == _STRATEGIC else "Political violence",
        "event_type": kind,
        "sub_event_type": sub,
        **_build_actor_columns(
            first,
            second,
            names,
            kinds,
            {"actor1": _NOBODY.format(country=country.name if country else "Unknown"), "inter1": _KINDS["unnamed"]},
        ),
        "civilian_targeting": "Civilian targeting" if kind == _CIVILIANS else None,
        "country": country.name if country else None,
        "admin1": event["admin1"],
        "location": event["location"],
        "latitude": None if event["latitude"] is None else str(event["latitude"]),
        "longitude": None if event["longitude"] is None else str(event["longitude"]),
        "geo_precision": _PLACE[event["location_precision"]],
        "source": pages.get(event["event_id"]),
        "notes": " ".join(filter(None, (event["summary"], _describe_unnamed_side(event)))),
        "fatalities": str(number or 0),
    }


def _choose_type(event: Row, initiators: list[str], kinds: Mapping[str, str]) -> tuple[str, str]:
    kind, sub = TYPES[event["event_type"]]
    if event["event_type"] == "territory_capture" and any(kinds.get(actor) in _STATES for actor in initiators):
        return kind, _BY_STATE
    return kind, sub


def _build_actor_columns(
    initiators: list[str],
    targets: list[str],
    names: Mapping[str, str],
    kinds: Mapping[str, str],
    nobody: Mapping[str, str],
) -> dict[str, str | None]:
    columns: dict[str, str | None] = {}
    for number, side in (("1", initiators), ("2", targets)):
        columns[f"actor{number}"] = names[side[0]] if side else None
        columns[f"assoc_actor_{number}"] = "; ".join(names[a] for a in side[1:]) or None
        columns[f"inter{number}"] = _KINDS.get(kinds[side[0]], "External/Other forces") if side else None
    return columns if initiators else {**columns, **nobody}
