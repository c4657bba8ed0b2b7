"""The records of the registers with all their names, made from the rows of tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from conflictdata.registers.folding import read_host
from conflictdata.registers.match import NameMatch

Row = Mapping[str, str]
Rows = Sequence[Row]
Tables = Mapping[str, Rows]

# Columns that say which actors and places a conflict has, after the column that leads to the conflict.
_USES = {
    "claims": ("conflict_id", "claimant_id", "relayed_via", "location_id"),
    "claim_perpetrators": ("claim_id", "actor_id"),
    "figures": ("claim_id", "actor_id", "perpetrator_id", "location_id"),
    "sources": ("source_id", "publisher_id"),
    "events": ("conflict_id", "location_id"),
    "event_actors": ("event_id", "actor_id"),
    "event_sources": ("event_id", "claimant_id"),
    "conflict_actors": ("conflict_id", "actor_id"),
    "common_names": ("conflict_id", "actor_id"),
    "tolls": ("conflict_id", "claimant_id", "location_id"),
    "uses": ("conflict_id", "record_id"),  # of a folder of seeds
}
# Columns of each table that are read, its key first.
COLUMNS: dict[str, tuple[str, ...]] = {
    **_USES,
    "claims": ("claim_id", "source_id", *_USES["claims"]),
    "sources": ("source_id", "publisher_id", "url"),
    "events": (
        "event_id", "conflict_id", "event_type", "date_start", "date_end", "location_id", "summary",
    ),
    "common_names": ("conflict_id", "name", "actor_id"),
    "tolls": ("toll_id", "claimant_id", "conflict_id", "date_start", "date_end", "population", "location_id", "name"),
    "conflicts": ("conflict_id", "name", "date_start", "date_end", "countries"),
    "actors": ("actor_id", "name", "short_name", "kind", "country", "parent_id"),
    "locations": ("location_id", "name", "short_name", "kind", "country", "parent_id", "precision"),
    "aliases": ("entity_id", "entity_kind", "alias"),
}  # fmt: skip


class Name(NamedTuple):
    """A name of a record.

    Attributes:
        how: How it names the record: a key of `match.RANKS`.
        text: The name.
        conflict: The only conflict in which it is the record's. "": in all.
    """

    how: str
    text: str
    conflict: str = ""


@dataclass(frozen=True)
class RegisterEntry:
    """A record with its names.

    Attributes:
        record: The record.
        names: Its id, its names, aliases and hosts.
        words: Words about it that are not a name, such as the actors of an event.
    """

    record: NameMatch
    names: tuple[Name, ...]
    words: str = ""


def build_entries(tables: Tables) -> list[RegisterEntry]:
    """Return the entries of all registers.

    Args:
        tables: Rows by table, with all columns of `COLUMNS`. Missing tables count as empty.
    """
    builder = _Builder(defaultdict(list, tables))
    makers = {
        "actors": builder.make_actor,
        "locations": builder.make_place,
        "conflicts": builder.make_conflict,
        "tolls": builder.make_toll,
        "events": builder.make_event,
    }
    return [make(row) for table, make in makers.items() for row in builder.tables[table]]


class _Builder:
    """Makes the entries of the rows of tables that belong together."""

    def __init__(self, tables: defaultdict[str, Rows]) -> None:
        self.tables = tables
        self.countries = {row["conflict_id"]: row["countries"].split() for row in tables["conflicts"]}
        self.names: defaultdict[tuple[str, str], list[Name]] = defaultdict(list)
        for row in tables["aliases"]:
            self.names[row["entity_kind"], row["entity_id"]].append(Name("alias", row["alias"]))
        for row in tables["common_names"]:
            self.names["actor", row["actor_id"]].append(Name("common name", row["name"], row["conflict_id"]))
        for row in tables["sources"]:
            if host := read_host(row["url"]):
                self.names["actor", row["publisher_id"]].append(Name("host", host))
        self.uses = self._collect_uses()
        self.parties: defaultdict[str, list[str]] = defaultdict(list)
        for row in tables["event_actors"]:
            self.parties[row["event_id"]].append(row["actor_id"])

    def _collect_uses(self) -> defaultdict[str, set[str]]:
        """Return the conflicts that use a record, by the id of an actor or a place."""
        conflict_of = {row["event_id"]: row["conflict_id"] for row in self.tables["events"]}
        for row in self.tables["claims"]:
            conflict_of[row["claim_id"]] = conflict_of[row["source_id"]] = row["conflict_id"]
        uses: defaultdict[str, set[str]] = defaultdict(set)
        for table, (key, *columns) in _USES.items():
            for row in self.tables[table]:
                conflict = row[key] if key == "conflict_id" else conflict_of.get(row[key], "")
                for column in columns if conflict else ():
                    uses[row[column]].add(conflict)
        return uses

    def _make(self, row: Row, record: NameMatch, words: str = "") -> RegisterEntry:
        """Make an entry with the name, the short name and the other names of a record."""
        kind = {"place": "location"}.get(record.kind, record.kind)
        names = [Name("id", record.id), Name("name", record.name), Name("short name", row.get("short_name", ""))]
        names += self.names.get((kind, record.id), [])
        return RegisterEntry(record, tuple(dict.fromkeys(name for name in names if name.text)), words)

    def make_actor(self, row: Row) -> RegisterEntry:
        """Make the entry of an actor."""
        conflicts = tuple(sorted(self.uses[row["actor_id"]]))
        country, parent = row["country"], row["parent_id"]
        return self._make(
            row,
            NameMatch(
                "actor", row["actor_id"], row["name"], conflicts=conflicts, category=row["kind"],
                country=country, parent=parent,
            ),
        )  # fmt: skip

    def make_place(self, row: Row) -> RegisterEntry:
        """Make the entry of a place. Its conflicts are those that use it, and those of its country."""
        country = row["country"]
        of_country = {conflict for conflict, codes in self.countries.items() if country in codes}
        return self._make(
            row,
            NameMatch(
                "place", row["location_id"], row["name"], category=row["kind"], country=country,
                conflicts=tuple(sorted(self.uses[row["location_id"]] | of_country)), parent=row["parent_id"],
                precision=row["precision"],
            ),
        )  # fmt: skip

    def make_conflict(self, row: Row) -> RegisterEntry:
        """Make the entry of a conflict."""
        id_, countries = row["conflict_id"], " ".join(self.countries[row["conflict_id"]])
        record = NameMatch("conflict", id_, row["name"], conflicts=(id_,), country=countries)
        return self._make(row, _with_days(record, row))

    def make_toll(self, row: Row) -> RegisterEntry:
        """Make the entry of a toll. Its words are its claimant and its place."""
        record = NameMatch(
            "toll", row["toll_id"], row["name"], conflicts=(row["conflict_id"],),
            category=row["population"], parent=row["location_id"],
        )  # fmt: skip
        return self._make(row, _with_days(record, row), f"{row.get('claimant_id', '')} {record.parent}")

    def make_event(self, row: Row) -> RegisterEntry:
        """Make the entry of an event. Its words are its place and its actors."""
        record = NameMatch(
            "event", row["event_id"], row["summary"], conflicts=(row["conflict_id"],),
            category=row["event_type"], parent=row["location_id"],
        )  # fmt: skip
        words = " ".join([record.parent, *self.parties.get(record.id, ())])
        return self._make(row, _with_days(record, row), words)


def _with_days(record: NameMatch, row: Row) -> NameMatch:
    first, last = row["date_start"], row["date_end"]
    return replace(record, day=first if last in ("", first) or record.kind != "event" else f"{first}/{last}")
