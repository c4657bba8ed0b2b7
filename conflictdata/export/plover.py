"""Export to JSON Lines in the vocabulary of PLOVER: one record per event.

Source: the PLOVER manual of the Open Event Data Alliance, whose names of fields are used. In PLOVER, all parties of two-sided violence are actors and there is no
recipient. Our events are one-sided if a page says who acted and who was hit: initiators become actors, targets
recipients.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from conflictdata.export._collapse import CHOICE, choose_numbers
from conflictdata.export._events import select_active_events, select_pages
from conflictdata.export.bundle import Bundle
from conflictdata.schema.countries import load_countries

# PLOVER's type and mode per event type.
TYPES: dict[str, tuple[str, str]] = {
    "battle": ("ASSAULT", "firearms"),
    "shelling": ("ASSAULT", "heavy-weapons"),
    "airstrike": ("ASSAULT", "aerial"),
    "drone_strike": ("ASSAULT", "drone"),
    "explosive_device": ("ASSAULT", "explosives"),
    "suicide_attack": ("ASSAULT", "suicide-attack"),
    "chemical_attack": ("ASSAULT", "unconventional"),
    "attack_on_civilians": ("ASSAULT", "targeted"),
    "execution": ("ASSAULT", "targeted"),
    "abduction": ("ASSAULT", "abduct"),
    "detention": ("COERCE", "arrest"),
    "deployment": ("MOBILIZE", "troops"),
}
OMITTED = ("territory_capture", "withdrawal", "release", "displacement", "political", "humanitarian")

# Sector per kind of actor.
_SECTORS = {
    "state": "GOV", "armed_forces": "MIL", "security_forces": "COP", "armed_group": "REB", "militia": "PRM",
    "coalition": "MIL", "community": "CVL", "government_body": "GOV",
}  # fmt: skip

LOSSES = (
    "size.dead and size.injured hold one number each, an integer; bounds and breakdowns are lost",
    "execution and attack on civilians are both `targeted`; a battle is `firearms`, whatever the weapons",
    "sectors follow from the kind of actor: an armed group is REB, a militia PRM, whatever its cause",
)

Row = Mapping[str, Any]
Actors = Mapping[str, Row]


def write(bundle: Bundle, file: Path, tables: list[str]) -> list[str]:  # noqa: ARG001 - one signature for all formats
    """Write one record per line, sorted by event id."""
    events = select_active_events(bundle)
    chosen = events.filter(pl.col("event_type").is_in(list(TYPES)))
    actors = {row["actor_id"]: row for row in bundle["actors"].iter_rows(named=True)}
    sizes = {"dead": choose_numbers(bundle, "killed"), "injured": choose_numbers(bundle, "injured")}
    pages = _collect_addresses(bundle)
    with file.open("w", encoding="utf-8", newline="\n") as out:
        for event in chosen.iter_rows(named=True):
            record = _build_record(event, actors, sizes, pages.get(event["event_id"], []))
            out.write(json.dumps(record, ensure_ascii=False) + "\n")
    kinds = ", ".join(OMITTED).replace("_", " ")
    chosen_by = CHOICE.format(outcome="killed (and of the injured)", column="`size.dead` (`size.injured`)")
    omitted = f"{events.height - chosen.height} events that PLOVER has no mode for are left out: {kinds}"
    return [chosen_by, *LOSSES, omitted]


def _collect_addresses(bundle: Bundle) -> dict[str, list[str]]:
    """Return, per event, the addresses of its pages."""
    addresses = bundle["sources"].select("source_id", "url")
    joined = select_pages(bundle).join(addresses, on="source_id")
    return dict(joined.group_by("event_id").agg(pl.col("url").unique().sort()).iter_rows())


def _build_record(
    event: Row, actors: Actors, sizes: Mapping[str, Mapping[str, int]], pages: list[str]
) -> dict[str, Any]:
    kind, mode = TYPES[event["event_type"]]
    size = {name: numbers[event["event_id"]] for name, numbers in sizes.items() if event["event_id"] in numbers}
    record = {
        "id": event["event_id"],
        "date": event["date_start"].isoformat(),
        "enddate": event["date_end"].isoformat(),
        "event": [kind],
        "mode": [mode],
        "context": ["military"],
        "actor": [_build_actor(actors[a]) for a in str(event["initiators"] or "").split()],
        "recipient": [_build_actor(actors[a]) for a in str(event["targets"] or "").split()],
        "event_loc": _build_place(event),
        "size": size,
        "cite_info": [{"url": url} for url in pages],
        "text": event["summary"],
    }
    return {name: value for name, value in record.items() if value not in ({}, [])}


def _build_actor(actor: Row) -> dict[str, str]:
    """Return an entity object: country, sector and name, without unknown fields."""
    fields = {"code": actor["country"], "sector": _SECTORS.get(actor["kind"]), "entity_text": actor["name"]}
    return {name: value for name, value in fields.items() if value}


def _build_place(event: Row) -> dict[str, Any]:
    """Return a location object, without unknown fields."""
    country = load_countries().get(event["country"] or "")
    fields = {
        "resolved_place": event["location"], "province": event["admin1"], "country": country.name if country else None,
        "country_code": event["country"], "lat": event["latitude"], "lon": event["longitude"],
    }  # fmt: skip
    return {name: value for name, value in fields.items() if value is not None}
