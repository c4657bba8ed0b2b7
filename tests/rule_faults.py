"""A small war without errors (`war.yaml`), and faults for each rule.

A fault breaks its rule and no other.
"""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from strategies import Rows, Tables, join_worlds, make_frames

from conflictdata.schema.columns import list_column_kinds, list_key_columns

Fault = Callable[[Rows], None]

WAR = Path(__file__).parent / "war.yaml"
_DEFAULTS: dict[str, dict[str, Any]] = {
    "sources": {"published_basis": "page", "language": "en", "access": "full_text"},
    "events": {"conflict_id": "w0_war", "summary": "What happened.", "status": "active"},
    "event_sources": {"stance": "asserts"},
    "claims": {
        "claimant_id": "w0_observatory", "conflict_id": "w0_war", "basis": "occurred", "period_precision": "day",
        "as_of_precision": "day", "status": "active",
    },
}  # fmt: skip


def _complete_figure(row: dict[str, Any]) -> dict[str, Any]:
    """Complete a figure from its id: claim, parent and relation.

    `n` is an exact number.
    """
    count = row.pop("n", None)
    parts = row["figure_id"].split(".")
    claim, parent = ".".join(parts[:2]), ".".join(parts[:-1])
    exact = {} if count is None else {"qualifier": "exact", "low": count, "best": count, "high": count}
    relation = "total" if len(parts) == 3 else "part" if "axis" in row else "subset"
    known = {"claim_id": claim, "parent_id": parent if len(parts) > 3 else None, "relation": relation}
    return {"outcome": "killed", "unit": "persons", **known, **exact, **row}


@cache
def _read_war() -> Rows:
    rows: Rows = yaml.safe_load(WAR.read_text(encoding="utf-8"))
    for table, defaults in _DEFAULTS.items():
        rows[table] = [{**defaults, **row} for row in rows[table]]
    rows["figures"] = [_complete_figure(dict(row)) for row in rows["figures"]]
    return rows


def build_war(*faults: Fault) -> Tables:
    """Return the war as tables, with these faults."""
    rows = copy.deepcopy(_read_war())
    for fault in faults:
        fault(rows)
    return make_frames(rows)


def _find(rows: Rows, table: str, record: str) -> dict[str, Any]:
    (found,) = (row for row in rows[table] if "|".join(str(row[c]) for c in list_key_columns(table)) == record)
    return found


def _convert_cells(table: str, cells: dict[str, Any]) -> dict[str, Any]:
    """Convert days to dates and, for figures, `n` to an exact number."""
    n = cells.pop("n", None)
    exact = {} if n is None else {"qualifier": "exact", "low": n, "best": n, "high": n}
    days = {c: dt.date.fromisoformat(v) for c, v in cells.items() if v and list_column_kinds(table).get(c) == "date"}
    return {**exact, **cells, **days}


def change(table: str, record: str, **cells: Any) -> Fault:
    """Return a fault that changes cells of one record."""
    return lambda rows: _find(rows, table, record).update(_convert_cells(table, dict(cells)))


def remove(table: str, record: str) -> Fault:
    """Return a fault that removes one record."""
    return lambda rows: rows[table].remove(_find(rows, table, record))


def duplicate(table: str, record: str, **cells: Any) -> Fault:
    """Return a fault that copies a record, with some cells changed."""
    return lambda rows: rows[table].append({**_find(rows, table, record), **_convert_cells(table, dict(cells))})


def add(table: str, **cells: Any) -> Fault:
    """Return a fault that adds a record."""

    def fault(rows: Rows) -> None:
        row = {**_DEFAULTS.get(table, {}), **_convert_cells(table, dict(cells))}
        rows[table].append(_complete_figure(row) if table == "figures" else row)

    return fault


def add_war(countries: str) -> Fault:
    """Return a fault that adds a second war, of the same days, in these countries."""
    other = {"conflict_id": "w0_other", "countries": countries}
    return lambda rows: rows["conflicts"].append({**rows["conflicts"][0], **other})


PAPER = "w0_paper-2024-06-"  # and the day
AGENCY = "w0_agency-2024-06-05"
TOLL, LAST = f"{PAPER}02.1.killed", f"{PAPER}08.1.killed"  # a total by party, and one with many subsets
RAID, SIEGE, FIRE = "2024-06-01-w0-raid", "2024-05-20-w0-siege", "2024-05-29-w0-fire"
COUNT = "w0_observatory.w0_war.2024-05-01"  # a toll
LATE = "2024-06-03-w0-late"
NOBODY, NOTHING = "w0_nobody", "2024-05-01-w0-nothing"
_DEEP = [f"{PAPER}04.1.killed" + "".join(f".level_{n}" for n in range(1, depth + 1)) for depth in range(1, 10)]


# Per rule, the faults (nearly always one) that break only this rule.
def _count_day(place: str, number: int) -> tuple[Fault, ...]:
    """Return a claim of the observatory that counts one day at a place, between two points of its toll."""
    claim = f"{PAPER}08.4"
    return (
        add(
            "claims", claim_id=claim, source_id=f"{PAPER}08", claimant_id="w0_observatory", conflict_id="w0_war", location_id=place,
            scope="period", period_start="2024-06-05", period_end="2024-06-05", as_of="2024-06-05", basis="occurred",
            period_precision="day", as_of_precision="day", status="active",
        ),
        add("figures", figure_id=f"{claim}.killed", n=number),
    )  # fmt: skip


FAULTS: dict[str, tuple[Fault, ...]] = {
    # Claims.
    "claims.event-scope-names-event": (remove("claim_events", f"{PAPER}02.2|{RAID}"),),
    "claims.window-meets-event": (change("claims", f"{PAPER}02.2", period_start="2024-05-27", period_end="2024-05-28"),),
    "claims.window-in-conflict": (change("conflicts", "w0_war", date_start="2024-05-15"),),
    "claims.window-filled": (change("claims", f"{PAPER}02.3", period_start=None),),
    "claims.window-in-order": (change("claims", f"{AGENCY}.1", period_start="2024-06-05"),),
    "claims.days-near-page": (
        change("claims", f"{AGENCY}.2", period_start="2023-06-04", period_end="2023-06-04"),
    ),
    "claims.start-fits-series": (change("claims", f"{PAPER}08.1", period_start="2023-05-01"),),
    "claims.claimant-no-outlet": (change("claims", f"{AGENCY}.2", claimant_id="w0_agency"),),
    "claims.stock-is-one-day": (change("claims", f"{PAPER}04.2", period_start="2024-06-01"),),
    "claims.as-of-after-window": (change("claims", f"{AGENCY}.1", as_of="2024-06-03"),),
    "claims.as-of-before-page": (change("claims", f"{AGENCY}.1", as_of="2024-06-07"),),
    "figures.population-derived": (change("figures", f"{PAPER}02.3.killed", population="civilians"),),
    "figures.has-toll": (change("claims", f"{PAPER}02.1", location_id="w0_province"),),
    "figures.one-toll": (
        add("toll_places", toll_id=f"{COUNT}.w0_area", location_id="w0_country"),
        add("toll_places", toll_id=f"{COUNT}.w0_area", location_id="w0_area"),
        change("figures", f"{PAPER}02.1.killed", toll_id=COUNT),
        *(change("figures", f"{PAPER}{n}.killed", toll_id=COUNT) for n in ("04.1", "06.1", "08.3")),
        duplicate("tolls", COUNT, toll_id=f"{COUNT}.w0_area", location_id="w0_area"),
    ),
    "figures.toll-fits": (change("figures", f"{PAPER}02.3.killed", toll_id=COUNT),),
    "figures.toll-id-resolves": (change("figures", f"{PAPER}02.1.killed", toll_id=f"{NOBODY}.w0_war.2024-05-01"),),
    "tolls.id-is-toll": (change("tolls", f"{COUNT}.civilians", population="unknown"),),
    "tolls.place-listed": (remove("toll_places", f"{COUNT}.civilians|w0_country"),),
    "tolls.claimant-is-somebody": (
        add("actors", actor_id="unspecified", name="Nobody", kind="unspecified"),
        duplicate("tolls", COUNT, toll_id="unspecified.w0_war.2024-05-01", claimant_id="unspecified"),
        add("toll_places", toll_id="unspecified.w0_war.2024-05-01", location_id="w0_country"),
    ),
    "tolls.claimant-id-resolves": (
        duplicate("tolls", COUNT, toll_id=f"{NOBODY}.w0_war.2024-05-01", claimant_id=NOBODY),
        add("toll_places", toll_id=f"{NOBODY}.w0_war.2024-05-01", location_id="w0_country"),
    ),
    "tolls.conflict-id-resolves": (
        duplicate("tolls", COUNT, toll_id=f"w0_observatory.{NOBODY}.2024-05-01", conflict_id=NOBODY),
        add("toll_places", toll_id=f"w0_observatory.{NOBODY}.2024-05-01", location_id="w0_country"),
    ),
    "tolls.location-id-resolves": (change("tolls", "w0_observatory.w0_war.2024-05-02", location_id=NOBODY),),
    "toll_places.toll-id-resolves": (
        add("toll_places", toll_id=f"{NOBODY}.w0_war.2024-05-01", location_id="w0_country"),
    ),
    "toll_places.location-id-resolves": (add("toll_places", toll_id=COUNT, location_id=NOBODY),),
    "tolls_1_1.toll-id-resolves": (
        change("tolls_1_1", f"w0_observatory.w0_war.w0_country.2024-05-01|{COUNT}", toll_id=f"{NOBODY}.w0_war.2024-05-01"),
    ),
    "claims.has-figures": (duplicate("claims", f"{AGENCY}.2", claim_id=f"{AGENCY}.3"),),
    "claims.perpetrator-has-certainty": (change("claims", f"{PAPER}02.2", perpetrator_certainty=None),),
    "claims.certainty-has-perpetrator": (change("claims", f"{PAPER}02.3", perpetrator_certainty="stated"),),
    "claims.id-is-page": (change("claims", f"{AGENCY}.2", source_id=f"{PAPER}06"),),
    "claims.said-once": (
        duplicate("claims", f"{AGENCY}.2", claim_id=f"{AGENCY}.3"), add("figures", figure_id=f"{AGENCY}.3.killed", n=7),
    ),
    "claims.tree-said-once": (
        duplicate("claims", f"{AGENCY}.2", claim_id=f"{AGENCY}.3", as_of="2024-06-05"),
        add("figures", figure_id=f"{AGENCY}.3.killed", n=7),
    ),
    "figures.one-value-a-page": (
        duplicate("claims", f"{AGENCY}.2", claim_id=f"{AGENCY}.3"), add("figures", figure_id=f"{AGENCY}.3.killed", n=8),
    ),
    "claim_links.two-claims": (change("claim_links", f"{AGENCY}.2|{AGENCY}.1|part_of", other_id=f"{AGENCY}.2"),),
    "claims.supersedes-family": (change("claims", f"{PAPER}06.1", claimant_id="w0_army"),),
    "claims.supersedes-older": (change("claims", f"{PAPER}06.1", as_of="2024-06-03", period_end="2024-06-03"),),
    "claims.supersedes-window": (change("claims", f"{PAPER}06.1", period_start="2024-05-02"),),
    "claims.supersedes-no-circle": (
        change("claims", f"{PAPER}04.1", supersedes=f"{PAPER}06.1", revision_reason="Recounted."),
    ),
    "claims.supersedes-once": (
        change("claims", f"{PAPER}08.1", supersedes=f"{PAPER}04.1", revision_reason="Recounted."),
    ),
    "claims.correction-has-reason": (change("claims", f"{PAPER}06.1", revision_reason=None),),
    "claims.retraction-has-reason": (change("claims", f"{AGENCY}.1", revision_reason=None),),
    "figures.toll-does-not-fall": tuple(change("figures", f"{PAPER}{n}.killed", n=990) for n in ("06.1", "08.3")),
    "figures.toll-does-not-jump": (
        change("figures", f"{PAPER}06.1.killed", n=8260),
        *(change("claims", f"{PAPER}08.{n}", as_of_precision="month") for n in (1, 3)),
    ),
    # Events.
    "events.dates-in-order": (change("events", SIEGE, date_end="2024-05-19"),),
    "events.over-by-release": (change("events", SIEGE, date_end="2024-07-02", date_precision="5"),),
    "events.precision-fits-span": (change("events", SIEGE, date_precision="1"),),
    "events.merged-names-target": (change("events", "2024-06-01-w0-same", merged_into=None),),
    "events.merged-into-live": (change("events", "2024-06-01-w0-same", merged_into="2024-06-01-w0-same"),),
    "events.has-source": (remove("event_sources", f"{FIRE}|{PAPER}06|w0_army"),),
    "events.id-is-day": (change("events", SIEGE, date_start="2024-05-19", date_precision="4"),),
    "events.possible-duplicate": (
        duplicate("events", FIRE, event_id=f"{FIRE}-again"),
        add("event_actors", event_id=f"{FIRE}-again", actor_id="w0_army", role="initiator"),
        add("event_sources", event_id=f"{FIRE}-again", source_id=f"{PAPER}06", claimant_id="w0_army"),
    ),
    "event_actors.one-side": (add("event_actors", event_id=RAID, actor_id="w0_rebels", role="target"),),
    "event_actors.actor-active": (change("actors", "w0_rebels", active_from="2024-06-15"),),
    # Figures: one by itself.
    "figures.count-not-negative": (change("figures", f"{AGENCY}.2.killed", low=-7),),
    "figures.bounds-in-order": (change("figures", f"{PAPER}04.2.families", low=200, high=100),),
    "figures.qualifier-fits-bounds": (change("figures", f"{PAPER}04.2.families", qualifier="at_least"),),
    "figures.round-number-exact": (change("figures", f"{AGENCY}.2.killed", n=3000),),
    "figures.printed-holds-number": (change("figures", TOLL, printed="at least 772 people"),),
    "figures.printed-holds-qualifier": (change("figures", TOLL, n=727, qualifier="exact"),),
    "figures.total-has-phrase": (change("figures", f"{PAPER}06.1.killed", printed=None),),
    "figures.printed-fits-status": (change("figures", f"{TOLL}.civilians", printed="111 soldiers"),),
    "figures.printed-fits-outcome": (change("figures", f"{PAPER}02.2.injured", printed="12 people killed"),),
    "figures.count-is-possible": (change("figures", f"{AGENCY}.2.killed", n=170_679_001),),
    "figures.one-person-hidden": (add("figures", figure_id=f"{PAPER}02.2.killed.boy", sex="male", age="child", n=1),),
    "figures.printed-is-count": (change("figures", f"{AGENCY}.2.killed", printed="7% of the people"),),
    "figures.part-is-count": (
        add("figures", figure_id=f"{PAPER}04.3.displaced.women", outcome="displaced", sex="female", qualifier="more_than", low=51),
    ),
    "figures.side-fits-words": (change("figures", f"{AGENCY}.2.killed", actor_id="w0_rebels", printed="7 of its soldiers"),),
    "figures.window-within-claim": (change("figures", f"{AGENCY}.2.killed", period_start="2024-06-02", period_end="2024-06-02"),),
    "claims.words-fit-window": (change("figures", f"{AGENCY}.2.killed", printed="7 people since 1 May"),),
    "claims.days-are-possible": (change("figures", f"{AGENCY}.2.killed", n=3007),),
    "claims.day-fits-toll": _count_day("w0_area", 853),
    "claims.toll-keeps-point": _count_day("w0_country", 70),
    "figures.parts-counted-once": (
        change("figures", f"{TOLL}.rebels", n=308), change("figures", f"{TOLL}.army", n=308),
    ),
    "figures.printed-is-short": (change("figures", TOLL, printed="at least 727 people died since May began"),),
    "figures.days-in-order": (change("figures", f"{PAPER}02.3.killed.first", period_end="2024-05-29"),),
    # Figures: the tree.
    "figures.parent-in-claim": (change("figures", f"{PAPER}02.3.killed.first", parent_id=f"{PAPER}04.1.killed"),),
    "figures.parent-not-in-cycle": (change("figures", f"{TOLL}.army.officers", parent_id=f"{TOLL}.army.officers"),),
    "figures.depth-within-limit": tuple(add("figures", figure_id=path, label="Some of them", n=9) for path in _DEEP),
    "figures.same-outcome-as-parent": (change("figures", f"{PAPER}02.3.killed.first", outcome="injured"),),
    "figures.axis-on-parts": (change("figures", f"{TOLL}.army.officers", axis="rank"),),
    "figures.total-is-root": (change("figures", f"{TOLL}.army.officers", relation="total"),),
    "figures.siblings-distinct": (duplicate("figures", f"{TOLL}.minors", figure_id=f"{TOLL}.kids"),),
    "figures.says-who": (change("figures", f"{TOLL}.army.officers", role=None),),
    "figures.id-is-path": (
        add("figures", figure_id=f"{TOLL}.army.medics", parent_id=TOLL, role="health_worker", n=5),
    ),
    "figures.one-root": (add("figures", figure_id=f"{PAPER}02.3.dead", n=9),),
    "figures.child-narrows-parent": (change("figures", f"{TOLL}.army.officers", person_status="civilian"),),
    "figures.child-within-party": (change("figures", f"{TOLL}.rebels.faction", actor_id="w0_army"),),
    "figures.child-within-perpetrator": (change("figures", f"{PAPER}02.2.killed.by_faction", perpetrator_id="w0_army"),),
    "figures.child-within-place": (change("figures", f"{LAST}.in_village", location_id="w0_abroad"),),
    # Figures: numbers against numbers.
    "figures.parts-cover-parent": (change("figures", f"{TOLL}.rebels", n=317),),
    "figures.parts-sum-as-printed": (change("figures", f"{TOLL}.rebels", n=372),),
    "figures.subset-within-parent": (change("figures", f"{TOLL}.army.officers", n=246),),
    "figures.subset-within-printed": (change("figures", f"{TOLL}.minors", n=728),),
    "figures.group-covers-list": (change("figures", f"{TOLL}.minors", n=34),),
    "figures.exclusive-groups-fit": (
        add("figures", figure_id=f"{LAST}.children", age="child", n=500),
        add("figures", figure_id=f"{LAST}.grown_ups", age="adult", n=500),
    ),
    "figures.exclusive-parties-fit": (
        add("conflict_actors", conflict_id="w0_war", actor_id="w0_spare"),
        add("figures", figure_id=f"{LAST}.spare", actor_id="w0_spare", n=300),
    ),
    "figures.exclusive-places-fit": (change("figures", f"{LAST}.in_village", n=700),),
    "figures.joint-outcome-covers-both": (change("figures", f"{PAPER}02.2.hurt", n=21),),
    # Places, actors, conflicts.
    "locations.point-whole": (change("locations", "w0_town", longitude=None),),
    "locations.point-not-zero": (change("locations", "w0_town", latitude=0.0, longitude=0.0),),
    "locations.point-in-country": (change("locations", "w0_town", latitude=36.75, longitude=35.13),),
    "locations.precision-fits-kind": (change("locations", "w0_town", precision="6"),),
    "locations.country-is-code": (change("locations", "w0_village", country="QQQ"),),
    "locations.division-fits-parent": (change("locations", "w0_town", admin1="Another province"),),
    "locations.country-fits-parent": (change("locations", "w0_province", country="LBN"),),
    "locations.parent-cycle": (change("locations", "w0_country", parent_id="w0_town"),),
    "actors.country-is-code": (change("actors", "w0_state", country="QQQ"),),
    "actors.parent-cycle": (change("actors", "w0_rebels", parent_id="w0_faction"),),
    "actors.days-in-order": (change("actors", "w0_rebels", active_from="2025-06-01"),),
    "conflicts.countries-are-codes": (change("conflicts", "w0_war", countries="SYR,LBN"),),
    "conflicts.days-in-order": (change("conflicts", "w0_war", date_end="2021-12-08"),),
    # Sources.
    "sources.published-by-release": (
        duplicate("sources", f"{PAPER}08", source_id="w0_paper-2024-07-02", published_on="2024-07-02", url="https://example.org/w0/5"),
        add("event_sources", event_id=SIEGE, source_id="w0_paper-2024-07-02", claimant_id="w0_army"),
    ),
    "sources.used": (
        duplicate("sources", f"{PAPER}08", source_id=f"{PAPER}09", published_on="2024-06-09", url="https://example.org/w0/5"),
    ),
    "sources.url-is-address": (change("sources", f"{PAPER}02", url="example.org/w0/1"),),
    "sources.archive-url-is-address": (change("sources", AGENCY, archive_url="archive.example.org/w0"),),
    "sources.url-without-tracking": (change("sources", f"{PAPER}02", url="https://example.org/w0/1?utm_source=x"),),
    "sources.url-is-page": (change("sources", f"{PAPER}08", url="https://example.org/"),),
    "sources.url-without-login": (change("sources", f"{PAPER}02", url="https://me:secret@example.org/w0/1"),),
    "sources.published-before-access": (change("sources", f"{PAPER}02", accessed_on="2024-06-01"),),
    "sources.published-after-events": (
        duplicate("events", SIEGE, event_id=LATE, date_start="2024-06-03", date_end="2024-06-03", date_precision="1"),
        add("event_sources", event_id=LATE, source_id=f"{PAPER}02", claimant_id="w0_army"),
    ),
    "sources.selection-has-note": (change("sources", AGENCY, coverage="selected"),),
    "sources.post-archived": (change("sources", AGENCY, archive_url=None),),
    "sources.url-once": (change("sources", f"{PAPER}04", url="http://www.example.org/w0/1/"),),
    "sources.document-once": (change("sources", f"{PAPER}04", sha256="0000" + "a" * 60),),
    "sources.language-is-code": (change("sources", f"{PAPER}02", language="ua"),),
    "aliases.language-is-code": (change("aliases", "actor|w0_rebels|The opposition of w0", language="eng"),),
    "sources.id-is-page": (change("sources", f"{PAPER}08", publisher_id="w0_agency"),),
    "sources.accessed-by-release": (change("sources", f"{PAPER}02", accessed_on="2042-06-20"),),
    "sources.copied-from-another": (change("sources", f"{PAPER}06", copied_from="w0_paper"),),
    # Conflicts and parties.
    "claim_events.same-conflict": (add_war("SYR"), change("claims", f"{PAPER}02.2", conflict_id="w0_other")),
    "claim_links.conflicts-meet": (
        add_war("TUR"), change("claims", f"{AGENCY}.2", conflict_id="w0_other", location_id="w0_abroad"),
    ),
    "claim_events.place-fits": (change("claims", f"{PAPER}02.2", location_id="w0_village"),),
    "claims.place-in-conflict": (change("claims", f"{PAPER}04.3", location_id="w0_abroad"),),
    "events.place-in-conflict": (change("events", SIEGE, location_id="w0_abroad"),),
    "claim_perpetrators.actor-in-conflict": (
        change("claims", f"{PAPER}02.3", perpetrator_certainty="stated"),
        add("claim_perpetrators", claim_id=f"{PAPER}02.3", actor_id="w0_spare"),
    ),
    "event_actors.actor-in-conflict": (add("event_actors", event_id=SIEGE, actor_id="w0_spare", role="party"),),
    "figures.actor-in-conflict": (change("figures", f"{LAST}.fighters", actor_id="w0_spare"),),
    "event_actors.sides-unrelated": (add("event_actors", event_id=RAID, actor_id="w0_faction", role="target"),),
    "event_actors.one-role": (add("event_actors", event_id=RAID, actor_id="w0_army", role="party"),),
    "claims.relay-is-another": (change("claims", f"{PAPER}02.1", relayed_via="w0_paper"),),
    "claim_perpetrators.own-people": tuple(
        change("figures", f"{PAPER}02.2.{outcome}", actor_id="w0_rebels") for outcome in ("killed", "injured", "hurt")
    ),
    "figures.execution-has-perpetrator": (add("figures", figure_id=f"{PAPER}02.3.killed.shot", cause="execution", n=2),),
    "locations.point-once": (change("locations", "w0_village", latitude=35.13, longitude=36.75),),
    "actors.name-once": (change("actors", "w0_spare", name="The rebels of w0"),),
    "aliases.one-actor": (add("aliases", entity_kind="actor", entity_id="w0_spare", alias="The opposition of w0"),),
    "figures.day-of-toll-does-not-fall": (change("figures", f"{PAPER}08.3.killed", n=800),),
    # Notes.
    **{
        f"{table}.{rule}": (change(table, record, note=note),)
        for table, record in (("sources", f"{PAPER}08"), ("events", SIEGE), ("claims", f"{AGENCY}.2"))
        for rule, note in (
            ("note-without-count", "The headline has 12 people killed."),
            ("note-without-name", "Jane Doe, 34, is one of them."),
        )
    },
    # Foreign keys.
    "actors.parent-id-resolves": (change("actors", "w0_faction", parent_id=NOBODY),),
    "locations.parent-id-resolves": (change("locations", "w0_site", parent_id=NOBODY),),
    "sources.publisher-id-resolves": (
        duplicate("sources", f"{PAPER}04", source_id=f"{NOBODY}-2024-06-04", publisher_id=NOBODY, url="https://example.org/w0/5"),
        add("event_sources", event_id=SIEGE, source_id=f"{NOBODY}-2024-06-04", claimant_id="w0_army"),
    ),
    "sources.copied-from-resolves": (change("sources", f"{PAPER}06", copied_from=NOBODY),),
    "events.conflict-id-resolves": (change("events", SIEGE, conflict_id=NOBODY),),
    "events.location-id-resolves": (change("events", SIEGE, location_id=NOBODY),),
    "events.merged-into-resolves": (change("events", "2024-06-01-w0-same", merged_into=NOTHING),),
    "event_actors.event-id-resolves": (add("event_actors", event_id=NOTHING, actor_id="w0_army", role="party"),),
    "event_actors.actor-id-resolves": (change("event_actors", f"{RAID}|w0_army|target", actor_id=NOBODY),),
    "event_sources.event-id-resolves": (
        add("event_sources", event_id=NOTHING, source_id=f"{PAPER}02", claimant_id="w0_army"),
    ),
    "event_sources.source-id-resolves": (
        add("event_sources", event_id=SIEGE, source_id=f"{PAPER}09", claimant_id="w0_army"),
    ),
    "event_sources.claimant-id-resolves": (
        change("event_sources", f"{SIEGE}|{PAPER}02|w0_army", claimant_id=NOBODY),
    ),
    "claims.source-id-resolves": (
        duplicate("claims", f"{AGENCY}.2", claim_id=f"{PAPER}09.1", source_id=f"{PAPER}09"),
        add("figures", figure_id=f"{PAPER}09.1.killed", n=7),
    ),
    "claims.claimant-id-resolves": (change("claims", f"{PAPER}06.1", claimant_id=NOBODY),),
    "claims.relayed-via-resolves": (change("claims", f"{PAPER}02.1", relayed_via=NOBODY),),
    "claims.conflict-id-resolves": (change("claims", f"{PAPER}02.2", conflict_id=NOBODY),),
    "location_members.area-id-resolves": (change("location_members", "w0_area|w0_site", area_id=NOBODY),),
    "location_members.member-id-resolves": (change("location_members", "w0_area|w0_site", member_id=NOBODY),),
    "location_members.no-circle": (add("location_members", area_id="w0_village", member_id="w0_area", whole="yes"),),
    "location_members.no-overlap": (change("location_members", "w0_area|w0_village", member_id="w0_town"),),
    "conflict_actors.conflict-id-resolves": (change("conflict_actors", "w0_war|w0_observatory", conflict_id=NOBODY),),
    "conflict_actors.actor-id-resolves": (change("conflict_actors", "w0_war|w0_observatory", actor_id=NOBODY),),
    "common_names.conflict-id-resolves": (change("common_names", "w0_war|insurgents", conflict_id=NOBODY),),
    "common_names.actor-id-resolves": (change("common_names", "w0_war|insurgents", actor_id=NOBODY),),
    "claim_events.claim-id-resolves": (add("claim_events", claim_id=f"{PAPER}09.1", event_id=RAID),),
    "claim_events.event-id-resolves": (change("claim_events", f"{PAPER}02.2|{RAID}", event_id=NOTHING),),
    "claims.location-id-resolves": (change("claims", f"{PAPER}08.1", location_id=NOBODY),),
    "claims.supersedes-resolves": (
        change("claims", f"{AGENCY}.2", supersedes=f"{PAPER}09.1", revision_reason="Recounted."),
    ),
    "claim_perpetrators.claim-id-resolves": (add("claim_perpetrators", claim_id=f"{PAPER}09.1", actor_id="w0_rebels"),),
    "claim_perpetrators.actor-id-resolves": (
        change("claim_perpetrators", f"{PAPER}02.2|w0_rebels", actor_id=NOBODY),
    ),
    "claim_links.claim-id-resolves": (change("claim_links", f"{AGENCY}.2|{AGENCY}.1|part_of", claim_id=f"{AGENCY}.9"),),
    "claim_links.other-id-resolves": (change("claim_links", f"{AGENCY}.2|{AGENCY}.1|part_of", other_id=f"{AGENCY}.9"),),
    "figures.claim-id-resolves": (add("figures", figure_id=f"{PAPER}09.1.killed", n=7),),
    "figures.parent-id-resolves": (change("figures", f"{PAPER}02.3.killed.first", parent_id=f"{PAPER}02.3.injured"),),
    "figures.actor-id-resolves": (change("figures", f"{TOLL}.rebels", actor_id=NOBODY),),
    "figures.location-id-resolves": (change("figures", f"{LAST}.in_village", location_id=NOBODY),),
    "figures.perpetrator-id-resolves": (change("figures", f"{PAPER}02.2.killed.by_faction", perpetrator_id=NOBODY),),
    "aliases.entity-id-resolves": (change("aliases", "actor|w0_rebels|The opposition of w0", entity_id=NOBODY),),
    "crosswalk.entity-id-resolves": (change("crosswalk", "w0_rebels|w0_scheme|1", entity_id=NOBODY),),
    # Duplicate keys.
    "conflicts.key-unique": (duplicate("conflicts", "w0_war"),),
    "actors.key-unique": (duplicate("actors", "w0_army"),),
    "locations.key-unique": (duplicate("locations", "w0_town"),),
    "aliases.key-unique": (duplicate("aliases", "actor|w0_rebels|The opposition of w0"),),
    "sources.key-unique": (duplicate("sources", f"{PAPER}02"),),
    "events.key-unique": (duplicate("events", RAID),),
    "event_actors.key-unique": (duplicate("event_actors", f"{RAID}|w0_army|target"),),
    "event_sources.key-unique": (duplicate("event_sources", f"{SIEGE}|{PAPER}02|w0_army"),),
    "claims.key-unique": (duplicate("claims", f"{PAPER}02.2"),),
    "location_members.key-unique": (duplicate("location_members", "w0_area|w0_site"),),
    "conflict_actors.key-unique": (duplicate("conflict_actors", "w0_war|w0_rebels"),),
    "common_names.key-unique": (duplicate("common_names", "w0_war|insurgents", actor_id="w0_faction"),),
    "tolls.key-unique": (duplicate("tolls", "w0_observatory.w0_war.2024-05-02", name="Once more"),),
    "toll_places.key-unique": (duplicate("toll_places", f"{COUNT}.civilians|w0_country"),),
    "tolls_1_1.key-unique": (duplicate("tolls_1_1", f"w0_observatory.w0_war.w0_country.2024-05-01|{COUNT}"),),
    "claim_events.key-unique": (duplicate("claim_events", f"{PAPER}02.2|{RAID}"),),
    "claim_perpetrators.key-unique": (duplicate("claim_perpetrators", f"{PAPER}02.2|w0_rebels"),),
    "claim_links.key-unique": (duplicate("claim_links", f"{AGENCY}.2|{AGENCY}.1|part_of"),),
    "figures.key-unique": (duplicate("figures", f"{TOLL}.army"),),
    "flags.key-unique": (duplicate("flags", f"{PAPER}04.3.displaced|figures.round-number-exact"),),
    "crosswalk.key-unique": (duplicate("crosswalk", "w0_rebels|w0_scheme|1"),),
}  # fmt: skip

# Further faults that must give exactly one finding, although other rules read the same cells.
MORE: dict[str, tuple[str, tuple[Fault, ...]]] = {
    "a wider group of a claimant is unknown": ("actors.parent-id-resolves", (change("actors", "w0_branch", parent_id=NOBODY),)),
    "a wider place of a town is unknown": ("locations.parent-id-resolves", (change("locations", "w0_town", parent_id=NOBODY),)),
    "a soldier under rebels, by kind of actor": (
        "figures.child-within-party", (change("figures", f"{TOLL}.rebels.faction", actor_id="w0_state"),),
    ),
    "soldiers and fighters are too many, and so are their parties": (
        "figures.exclusive-groups-fit", (change("figures", f"{LAST}.soldiers", n=600),),
    ),
    "a part's number is missing a digit": ("figures.parts-cover-parent", (change("figures", f"{TOLL}.army", n=24),)),
    "a number and its qualifier": (
        "figures.qualifier-fits-bounds", (change("figures", f"{TOLL}.rebels", low=371, best=None, high=None),),
    ),
    "bounds of a part exchanged": (
        "figures.bounds-in-order", (change("figures", f"{TOLL}.rebels", qualifier="range", low=400, best=None, high=300),),
    ),
    "a list inside a circle of parents": (
        "figures.parent-not-in-cycle",
        (
            add("figures", figure_id=f"{PAPER}02.3.killed.first.some", axis="other", label="Some", n=5),
            add("figures", figure_id=f"{PAPER}02.3.killed.first.others", axis="other", label="Others", n=2),
            change("figures", f"{PAPER}02.3.killed.first", parent_id=f"{PAPER}02.3.killed.first.some"),
        ),
    ),
    "parties that may be one, since a wider group is unknown": (
        "actors.parent-id-resolves",
        (
            change("actors", "w0_faction", parent_id=NOBODY),
            add("figures", figure_id=f"{LAST}.faction", actor_id="w0_faction", n=300),
        ),
    ),
    "a page of a claim is unknown": ("claims.source-id-resolves", (remove("sources", f"{PAPER}08"),)),
    "a register lacks an actor": ("figures.actor-id-resolves", (remove("actors", "w0_spare"), change("figures", f"{TOLL}.rebels.faction", actor_id="w0_spare"))),
}  # fmt: skip

CASES = {**{rule: (rule, faults) for rule, faults in FAULTS.items()}, **MORE}


@cache
def build_broken_war() -> Tables:
    """Return one world per case, in order, in one set of tables."""
    return join_worlds([build_war(*faults) for _, faults in CASES.values()])
