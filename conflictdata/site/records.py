"""The records of one version, joined once for all pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from conflictdata.analysis.records import COLUMNS, Records

if TYPE_CHECKING:
    from conflictdata.export.bundle import Bundle

Row = dict[str, Any]

_KEYS = {
    "conflicts": "conflict_id",
    "actors": "actor_id",
    "locations": "location_id",
    "sources": "source_id",
    "events": "event_id",
    "tolls": "toll_id",
    "claims": "claim_id",
}


def group_rows(rows: Iterable[Row], key: str | Callable[[Row], Any]) -> dict[Any, list[Row]]:
    """Return the rows by the value of a column, in order. Rows without a value are left out."""
    grouped: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        value = row[key] if isinstance(key, str) else key(row)
        if value is not None:
            grouped[value].append(row)
    return dict(grouped)


def split_ids(text: str | None) -> list[str]:
    """Return the ids in a cell of `casualties` that holds several."""
    return [part for part in (text or "").replace("|", " ").split() if part]


class SiteTables:
    """The tables of one version, with the groups of rows that pages need.

    The input is a set of tables, so a collection is built in the same way as the curated records. A table that is
    missing counts as empty.

    Args:
        bundle: The tables.
    """

    def __init__(self, bundle: Bundle) -> None:
        self.bundle = bundle
        self.version = bundle.version
        self.day = bundle.day
        self._rows: dict[str, list[Row]] = {}
        self._indexes: dict[str, dict[str, Row]] = {}
        self.sentences: dict[str, str] = {}  # claims in words, by id

    def list_rows(self, table: str) -> list[Row]:
        """Return the rows of a table. Of a missing table, none."""
        if table not in self._rows:
            self._rows[table] = self.bundle[table].to_dicts() if table in self.bundle.tables else []
        return self._rows[table]

    def index_rows(self, table: str) -> Mapping[str, Row]:
        """Return the rows of a table by their id."""
        if table not in self._indexes:
            self._indexes[table] = {row[_KEYS[table]]: row for row in self.list_rows(table)}
        return self._indexes[table]

    def find_row(self, table: str, id_: str | None) -> Row | None:
        """Return a row by its id. None if there is no such row."""
        return self.index_rows(table).get(id_) if id_ is not None else None

    def find_name(self, table: str, id_: str | None, *, short: bool = False) -> str:
        """Return the name of an actor, a place or a conflict. Without a row, the id."""
        row = self.find_row(table, id_)
        if row is None:
            return id_ or ""
        return str((short and row.get("short_name")) or row["name"])

    @cached_property
    def counts(self) -> Records:
        """The tables in the form that `conflictdata.analysis` reads. Those of a collection have no version there."""
        tables = {table: self._list_cells(table, columns) for table, columns in COLUMNS.items()}
        return Records(tables, "" if "collection" in self.bundle.package else self.version)

    def _list_cells(self, table: str, columns: tuple[str, ...]) -> list[Row]:
        rows = self.list_rows(table)
        if rows and not set(columns) <= rows[0].keys():
            return [{column: row.get(column) for column in columns} for row in rows]
        return rows

    @cached_property
    def figures_by_claim(self) -> dict[str, list[Row]]:
        """Figures by claim: rows of `casualties`."""
        return group_rows(self.list_rows("casualties"), "claim_id")

    @cached_property
    def claims_by_source(self) -> dict[str, list[Row]]:
        """Claims by page, in the order of their numbers."""
        grouped = group_rows(self.list_rows("claims"), "source_id")
        return {source: sorted(claims, key=_order_claim) for source, claims in grouped.items()}

    @cached_property
    def claims_by_claimant(self) -> dict[str, list[Row]]:
        """Claims by claimant."""
        return group_rows(self.list_rows("claims"), "claimant_id")

    @cached_property
    def claims_by_conflict(self) -> dict[str, list[Row]]:
        """Claims by conflict."""
        return group_rows(self.list_rows("claims"), "conflict_id")

    @cached_property
    def claims_by_relay(self) -> dict[str, list[Row]]:
        """Claims by the agency that relays them."""
        return group_rows(self.list_rows("claims"), "relayed_via")

    @cached_property
    def claims_by_place(self) -> dict[str, list[Row]]:
        """Claims by place."""
        return group_rows(self.list_rows("claims"), "location_id")

    @cached_property
    def events_by_claim(self) -> dict[str, list[str]]:
        """Ids of the events of each claim."""
        grouped = group_rows(self.list_rows("claim_events"), "claim_id")
        return {claim: [row["event_id"] for row in rows] for claim, rows in grouped.items()}

    @cached_property
    def claims_by_event(self) -> dict[str, list[Row]]:
        """Claims by event."""
        claims = self.index_rows("claims")
        grouped = group_rows(self.list_rows("claim_events"), "event_id")
        return {
            event: [claims[r["claim_id"]] for r in rows if r["claim_id"] in claims] for event, rows in grouped.items()
        }

    @cached_property
    def events_by_conflict(self) -> dict[str, list[Row]]:
        """Events by conflict."""
        return group_rows(self.list_rows("events"), "conflict_id")

    @cached_property
    def events_by_place(self) -> dict[str, list[Row]]:
        """Events by place."""
        return group_rows(self.list_rows("events"), "location_id")

    @cached_property
    def totals_by_toll(self) -> dict[str, list[Row]]:
        """Totals by toll: rows of `casualties`."""
        return group_rows(self.list_rows("casualties"), "toll_id")

    @cached_property
    def tolls_by_conflict(self) -> dict[str, list[Row]]:
        """Tolls by conflict."""
        return group_rows(self.list_rows("tolls"), "conflict_id")

    @cached_property
    def tolls_by_claimant(self) -> dict[str, list[Row]]:
        """Tolls by claimant."""
        return group_rows(self.list_rows("tolls"), "claimant_id")

    @cached_property
    def tolls_by_place(self) -> dict[str, list[Row]]:
        """Tolls by place."""
        return group_rows(self.list_rows("tolls"), "location_id")

    @cached_property
    def places_by_toll(self) -> dict[str, list[str]]:
        """Ids of the places under which pages print each toll."""
        return {
            toll: [row["location_id"] for row in rows]
            for toll, rows in group_rows(self.list_rows("toll_places"), "toll_id").items()
        }

    @cached_property
    def flags_by_record(self) -> dict[str, list[Row]]:
        """Flags by the record that they concern."""
        return group_rows(self.list_rows("flags"), "record_id")

    @cached_property
    def links_by_claim(self) -> dict[str, list[Row]]:
        """Links by claim, in both directions: `other_id` is the other claim, `from_here` the direction."""
        links: dict[str, list[Row]] = defaultdict(list)
        for row in self.list_rows("claim_links"):
            links[row["claim_id"]].append({"other_id": row["other_id"], "kind": row["kind"], "from_here": True})
            links[row["other_id"]].append({"other_id": row["claim_id"], "kind": row["kind"], "from_here": False})
        return dict(links)

    @cached_property
    def successors(self) -> dict[str, str]:
        """Id of the claim that corrects each claim, by the corrected claim."""
        return {row["supersedes"]: row["claim_id"] for row in self.list_rows("claims") if row["supersedes"]}

    @cached_property
    def perpetrators_by_claim(self) -> dict[str, list[str]]:
        """Ids of the perpetrators that each claim names."""
        grouped = group_rows(self.list_rows("claim_perpetrators"), "claim_id")
        return {claim: [row["actor_id"] for row in rows] for claim, rows in grouped.items()}

    @cached_property
    def stances_by_event(self) -> dict[str, list[Row]]:
        """Rows of `event_sources` by event."""
        return group_rows(self.list_rows("event_sources"), "event_id")

    @cached_property
    def stances_by_claimant(self) -> dict[str, list[Row]]:
        """Rows of `event_sources` by claimant."""
        return group_rows(self.list_rows("event_sources"), "claimant_id")

    @cached_property
    def actors_by_event(self) -> dict[str, list[Row]]:
        """Rows of `event_actors` by event."""
        return group_rows(self.list_rows("event_actors"), "event_id")

    @cached_property
    def places_by_parent(self) -> dict[str, list[Row]]:
        """Places by the place that they are in."""
        return group_rows(self.list_rows("locations"), "parent_id")

    @cached_property
    def members_by_area(self) -> dict[str, list[Row]]:
        """Rows of `location_members` by area."""
        return group_rows(self.list_rows("location_members"), "area_id")

    @cached_property
    def aliases(self) -> dict[tuple[str, str], list[Row]]:
        """Other names by kind and id of the record."""
        return group_rows(self.list_rows("aliases"), lambda row: (row["entity_kind"], row["entity_id"]))

    def list_roots(self, claim_id: str) -> list[Row]:
        """Return the totals of a claim."""
        return [row for row in self.figures_by_claim.get(claim_id, ()) if row["parent_id"] is None]

    def list_enclosing_places(self, location_id: str | None) -> list[Row]:
        """Return a place and the places around it, from the inside out."""
        places: list[Row] = []
        row = self.find_row("locations", location_id)
        while row is not None and row not in places:
            places.append(row)
            row = self.find_row("locations", row["parent_id"])
        return places


def _order_claim(claim: Row) -> tuple[int, str]:
    number = claim["claim_id"].rpartition(".")[2]
    return (int(number) if number.isdecimal() else 0, claim["claim_id"])
