"""How two claims lie to each other: by place, time, people and event."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import Any, Literal

from conflictdata.analysis.groups import ATTRIBUTES
from conflictdata.analysis.records import CountRow, Records

# `inside`: the first lies inside the second. `holds`: the second lies inside the first.
Relation = Literal["same", "inside", "holds", "apart", "overlap", "unknown"]

_NARROWER = {"combatant": ("armed_forces", "fighter")}  # a status that holds others


def relate_times(one: tuple[Any, Any], other: tuple[Any, Any]) -> Relation:
    """Return how two windows, each a first and a last day, lie to each other. A missing day makes it unknown."""
    if None in (*one, *other):
        return "unknown"
    if one == other:
        return "same"
    if one[1] < other[0] or other[1] < one[0]:
        return "apart"
    if other[0] <= one[0] and one[1] <= other[1]:
        return "inside"
    return "holds" if one[0] <= other[0] and other[1] <= one[1] else "overlap"


def relate_people(one: CountRow, other: CountRow) -> Relation:
    """Return how the people of two figures lie to each other, by the words for them.

    Two actors may share people, so they are unknown unless they are the same.
    """
    found = {_relate_terms(getattr(one, column), getattr(other, column), column) for column in ATTRIBUTES}
    if one.label != other.label:
        found.add("unknown")
    if "apart" in found:
        return "apart"
    if "unknown" in found:
        return "unknown"
    found.discard("same")
    return found.pop() if len(found) == 1 else "overlap" if found else "same"


def _relate_terms(one: str | None, other: str | None, column: str) -> Relation:
    if one == other:
        return "same"
    if one is None or other is None:
        return "holds" if one is None else "inside"
    if "unknown" in (one, other) or column in ("actor_id", "role"):
        return "unknown"
    if other in _NARROWER.get(one, ()):
        return "holds"
    return "inside" if one in _NARROWER.get(other, ()) else "apart"


class PlaceRelations:
    """How places lie to each other, by their parents and the members of loose areas.

    Args:
        records: The records.
    """

    def __init__(self, records: Records) -> None:
        self._records = records
        self._known: dict[tuple[str | None, str | None], Relation] = {}

    def relate(self, one: str | None, other: str | None) -> Relation:
        """Return how two places lie to each other."""
        if one == other:
            return "same"
        key = (one, other)
        if key not in self._known:
            self._known[key] = self._compute(one, other)
        return self._known[key]

    def _compute(self, one: str | None, other: str | None) -> Relation:
        if one is None or other is None:
            return "unknown"
        if other in self._list_holders(one):
            return "inside"
        if one in self._list_holders(other):
            return "holds"
        first, first_whole = self._list_extent(one)
        second, second_whole = self._list_extent(other)
        relations = {self._relate_points(a, b) for a in first for b in second}
        if relations == {"apart"}:
            return "apart"
        if first_whole and second_whole and not relations & {"unknown"}:
            return "overlap"
        return "unknown"

    def _list_holders(self, place: str) -> set[str]:
        """Return the places that hold a place for certain."""
        found: set[str] = set()
        todo = [place]
        while todo:
            for up in self._records.list_chain("locations", todo.pop()):
                if up in found:
                    continue
                found.add(up)
                todo += self._areas.get(up, [])
        return found - {place}

    @cached_property
    def _areas(self) -> dict[str, list[str]]:
        """Return the loose areas that hold the whole of each place."""
        found: dict[str, list[str]] = {}
        for row in self._records.tables["location_members"]:
            if row["whole"] == "yes":
                found.setdefault(row["member_id"], []).append(row["area_id"])
        return found

    def _list_extent(self, place: str, depth: int = 0) -> tuple[list[str], bool]:
        """Return what a place is made of, and whether that is known."""
        members = self._records.list_members(place)
        if members and depth < 9:
            parts = [self._list_extent(member, depth + 1) for member, _ in members]
            whole = all(whole for _, whole in members) and all(known for _, known in parts)
            return [unit for units, _ in parts for unit in units], whole
        return [place], self._records.places.get(place, {}).get("kind") != "area"

    def _relate_points(self, one: str, other: str) -> Relation:
        """Return how two places with borders lie to each other; a loose area without members is unknown."""
        first, second = (self._records.list_chain("locations", place) for place in (one, other))
        if one in second or other in first:
            return "same"
        shared = next((place for place in first if place in second), None)
        if shared is None:
            countries = {self._records.places.get(place, {}).get("country") for place in (one, other)}
            return "apart" if len(countries) == 2 and None not in countries else "unknown"
        loose = any(self._records.places.get(p, {}).get("kind") == "area" for p in (one, other))
        return "unknown" if loose else "apart"


def get_place(records: Records, row: CountRow) -> str | None:
    """Return the place of a figure: that of its event, if it is about one and names no other place than its total."""
    root = records.find_root(row)
    if len(row.events) == 1 and row.location_id == root.location_id:
        return records.events.get(row.events[0], {}).get("location_id") or row.location_id
    return row.location_id


def get_window(row: CountRow) -> tuple[dt.date | None, dt.date | None]:
    """Return the first and the last day that a figure covers."""
    return row.period_start, row.period_end


def resolve_event(records: Records, event: str) -> str:
    """Return the event that an event was merged into, or the event itself."""
    return records.events.get(event, {}).get("merged_into") or event


def relate_events(records: Records, one: CountRow, other: CountRow) -> Relation:
    """Return how the events of two claims lie to each other; unknown if one is about none."""
    first, second = ({resolve_event(records, event) for event in row.events} for row in (one, other))
    if not first or not second:
        return "unknown"
    if first == second:
        return "same"
    if not first & second:
        return "apart"
    return "inside" if first < second else "holds" if second < first else "overlap"
