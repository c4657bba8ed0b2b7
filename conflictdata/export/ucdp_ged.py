"""Events in the columns of UCDP GED, one row per event.

For tools that read GED. Several claims are collapsed into one row by the rule in COLLAPSE, which every export prints.
Ids are not UCDP's: `id` is the CRC-32 of our event id, and `relid` is our event id. UCDP's numbers of conflicts, dyads
and sides are empty, because our data do not have them.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from conflictdata.export._collapse import CHOICE, Row, choose_claim, get_number, group_claims_by_event, list_numbers
from conflictdata.export._events import select_active_events
from conflictdata.export.bundle import Bundle
from conflictdata.schema.countries import load_countries, load_gleditsch_ward

COLLAPSE = CHOICE.format(outcome="killed", column="`best`") + (
    " `low` is the smallest and `high` the largest number that any of them gives. The four "
    "deaths_ columns divide `best` by that claim's own parts: civilians, the initiator's people (a), the target's (b), and the rest unknown; where the "
    "parts do not fit into `best`, all of it is unknown. An event that nobody puts a number to is left out."
)

GOVERNMENTS = (
    "UCDP names the forces of a state `Government of <Country>`, and so does this file, where we know the country; type_of_violence is 1 for "
    "an event with such a side, 3 for one against civilians, else 2."
)

COLUMNS = """
    id relid year active_year code_status type_of_violence conflict_dset_id conflict_new_id conflict_name dyad_dset_id
    dyad_new_id dyad_name side_a_dset_id side_a_new_id side_a side_b_dset_id side_b_new_id side_b number_of_sources
    source_article source_office source_date source_headline source_original where_prec where_coordinates
    where_description adm_1 adm_2 latitude longitude geom_wkt priogrid_gid country country_id region event_clarity
    date_prec date_start date_end deaths_a deaths_b deaths_civilians deaths_unknown best high low gwnoa gwnob
""".split()

_GOVERNMENT = "Government of"
STATES = {"state", "armed_forces", "security_forces"}
REGIONS = ((200, "Americas"), (400, "Europe"), (627, "Africa"), (700, "Middle East"), (1000, "Asia"))


def write(bundle: Bundle, file: Path, tables: list[str]) -> list[str]:  # noqa: ARG001 - one signature for all formats
    """Write the CSV, sorted by event id."""
    rows = list(collapse_events(bundle))
    pl.DataFrame(rows, schema=dict.fromkeys(COLUMNS, pl.String)).write_csv(file, line_terminator="\n")
    omitted = select_active_events(bundle).height - len(rows)
    nobody = sum(row["side_a"] is None for row in rows)
    return [
        COLLAPSE,
        GOVERNMENTS,
        f"{nobody} of {len(rows)} events have no known initiator: their side_a is empty",
        f"{omitted} events without a number of people killed are left out",
    ]


def collapse_events(bundle: Bundle) -> Iterator[dict[str, str | None]]:
    """Yield one row per event, all columns as text."""
    actors = {row["actor_id"]: row for row in bundle["actors"].iter_rows(named=True)}
    claims = group_claims_by_event(bundle)
    sources = bundle["sources"]
    parts = bundle["figures"].filter(pl.col("outcome") == "killed")
    for event in select_active_events(bundle).iter_rows(named=True):
        if event_claims := claims.get(event["event_id"], []):
            chosen = choose_claim(event_claims)
            pages = sources.filter(pl.col("source_id").is_in([c["source_id"] for c in event_claims])).sort("source_id")
            below = parts.filter(pl.col("parent_id") == chosen["figure_id"])
            yield {
                **dict.fromkeys(COLUMNS),
                **_describe_event(event, chosen, actors),
                **_describe_place(event),
                **_describe_sources(pages, event_claims),
                **_describe_deaths(event, chosen, event_claims, below),
            }


def _describe_event(event: Row, claim: Row, actors: Mapping[str, Row]) -> dict[str, str | None]:
    initiators, targets = (str(event[side] or "").split() for side in ("initiators", "targets"))
    civilians = claim["person_status"] == "civilian" and not targets
    if event["event_type"] in ("attack_on_civilians", "execution") or civilians:
        side_a, side_b = _name_side(initiators, actors), "Civilians"
        violence = "3"
    else:
        side_a, side_b = (_name_side(side, actors) for side in (initiators, targets))
        if side_a == side_b:  # two forces of one state
            side_b = "; ".join(actors[actor]["name"] for actor in targets)
        violence = "1" if _GOVERNMENT in (side_a[: len(_GOVERNMENT)], side_b[: len(_GOVERNMENT)]) else "2"
    return {
        "id": str(zlib.crc32(event["event_id"].encode())),
        "relid": event["event_id"],
        "year": str(event["date_start"].year),
        "active_year": "1",
        "code_status": "Clear",
        "type_of_violence": violence,
        "conflict_name": event["conflict"],
        "side_a": side_a or None,
        "side_b": side_b or None,
        "event_clarity": "1",
        "date_prec": event["date_precision"],
        "date_start": event["date_start"].isoformat(),
        "date_end": event["date_end"].isoformat(),
    }


def _name_side(side: Sequence[str], actors: Mapping[str, Row]) -> str:
    """Return the names of the actors of a side as UCDP has them, governments first."""
    governments, others = [], []
    for actor in side:
        row = actors[actor]
        country = load_countries().get(row["country"] or "") if row["kind"] in STATES else None
        if country is None:
            others.append(row["name"])
        else:
            governments.append(f"{_GOVERNMENT} {country.name}")
    return "; ".join(dict.fromkeys([*governments, *others]))


def _describe_place(event: Row) -> dict[str, str | None]:
    latitude, longitude = event["latitude"], event["longitude"]
    number = load_gleditsch_ward().get(event["country"])
    columns: dict[str, str | None] = {
        "where_prec": event["location_precision"],
        "where_coordinates": event["location"],
        "adm_1": event["admin1"],
        "country": load_countries()[event["country"]].name if event["country"] else None,
        "country_id": None if number is None else str(number),
        "region": None if number is None else next(name for end, name in REGIONS if number < end),
    }
    if latitude is None:
        return columns
    cell = math.floor((latitude + 90) * 2) * 720 + math.floor((longitude + 180) * 2) + 1
    return {
        **columns,
        "latitude": str(latitude),
        "longitude": str(longitude),
        "geom_wkt": f"POINT ({longitude} {latitude})",
        "priogrid_gid": str(cell),
    }


def _describe_sources(pages: pl.DataFrame, claims: list[dict[str, Any]]) -> dict[str, str | None]:
    return {
        "number_of_sources": str(pages.height),
        "source_article": ";".join(pages["url"]),
        "source_office": ";".join(pages["publisher_id"]),
        "source_date": ";".join(day.isoformat() for day in pages["published_on"]),
        "source_original": "; ".join(dict.fromkeys(claim["claimant"] for claim in claims)),
    }


def _describe_deaths(
    event: Row, claim: Row, claims: list[dict[str, Any]], parts: pl.DataFrame
) -> dict[str, str | None]:
    numbers = [n for one in claims for n in list_numbers(one)]
    best = get_number(claim)
    divided = _divide_deaths(event, claim, parts, best)
    known = sum(divided.values())
    if known > best:
        divided, known = dict.fromkeys(divided, 0), 0
    return {
        **{column: str(n) for column, n in divided.items()},
        "deaths_unknown": str(best - known),
        "low": str(min(numbers)),
        "best": str(best),
        "high": str(max(numbers)),
    }


def _divide_deaths(event: Row, claim: Row, parts: pl.DataFrame, best: int) -> dict[str, int]:
    """Divide `best` into the deaths of side A, side B and civilians.

    Uses the parts of the claim that have exact numbers and are by party.
    """
    divided = {"deaths_a": 0, "deaths_b": 0, "deaths_civilians": 0}
    if claim["person_status"] == "civilian":
        return {**divided, "deaths_civilians": best}
    sides = dict.fromkeys(str(event["initiators"] or "").split(), "deaths_a")
    sides |= dict.fromkeys(str(event["targets"] or "").split(), "deaths_b")
    if claim["actor_id"] in sides:
        return {**divided, sides[claim["actor_id"]]: best}
    for part in parts.filter(pl.col("axis").fill_null("party") == "party").iter_rows(named=True):
        column = "deaths_civilians" if part["person_status"] == "civilian" else sides.get(part["actor_id"])
        if column and part["qualifier"] == "exact":
            divided[column] += part["best"]
    return divided
