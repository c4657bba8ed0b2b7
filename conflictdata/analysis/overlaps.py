"""Why two numbers may not be added: the codes of `rollup`, pair by pair."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from conflictdata.analysis.groups import ATTRIBUTES
from conflictdata.analysis.records import CountRow, Records
from conflictdata.analysis.relate import (
    PlaceRelations,
    get_place,
    get_window,
    relate_events,
    relate_people,
    relate_times,
    resolve_event,
)
from conflictdata.analysis.statements import Statement, is_unnamed

# Codes of numbers that may share people: `union` has bounds for them.
SHARING = frozenset((
    "part-with-total", "subset-added", "two-axes", "same-toll", "overlapping-windows", "place-inside-place",
    "place-unknown", "same-event", "part-of",
))  # fmt: skip


@dataclass(slots=True, eq=False)
class SummandFacts:
    """What is compared of a number.

    Attributes:
        row: Its first figure.
        figures: Its figure on each of its claims.
        claimant: Its claimant; of nobody in particular, its page.
        place: Its place.
        window: First and last day.
        toll: Its running toll.
    """

    row: CountRow
    figures: dict[str, CountRow]
    claimant: str
    place: str | None
    window: tuple[dt.date | None, dt.date | None]
    toll: str | None


class OverlapJudge:
    """Tells which numbers may not be added.

    Args:
        records: The records.
        additional: Whether figures outside the total of their page may be added to it.

    Attributes:
        linked_claims: The pairs of claims of which the first is a part of the second.
    """

    def __init__(self, records: Records, *, additional: bool = False) -> None:
        self._records = records
        self._additional = additional
        self._places = PlaceRelations(records)
        self.linked_claims = records.links["part_of"]

    def list_own_codes(self, one: Statement) -> list[str]:
        """Return why a number may not be in any sum."""
        row = one.row
        conflict = self._records.conflicts.get(row.conflict_id, {})
        start, end = conflict.get("date_start"), conflict.get("date_end")
        first, last = get_window(row)
        outside = (start and first and first < start) or (end and last and last > end)
        found = {
            "retracted": row.status == "retracted",
            "superseded": row.status != "retracted" and row.current != "yes",
            "scope": row.scope in ("stock", "projection"),
            "no-number": one.n is None,
            "outside-conflict": bool(outside),
            "additional": row.relation == "additional" and not self._additional,
        }
        return [code for code, holds in found.items() if holds]

    def collect_facts(self, one: Statement) -> SummandFacts:
        """Return what is compared of a number."""
        row = one.row
        return SummandFacts(
            row,
            {item.row.claim_id: item.row for item in one.everything},
            row.claim_id if is_unnamed(self._records, row.claimant_id) else row.claimant_id,
            get_place(self._records, row),
            get_window(row),
            self._records.toll_of_claim.get((row.claim_id, row.outcome, row.unit)),
        )

    def find_code(self, one: SummandFacts, other: SummandFacts) -> str:
        """Return why two numbers of one claimant, conflict, outcome and unit may not be added.

        Args:
            one: A number.
            other: Another.

        Returns:
            The code; "" if they count different people for certain.
        """
        if shared := next((claim for claim in one.figures if claim in other.figures), None):
            return self._judge_tree(one.figures[shared], other.figures[shared])
        if one.row.basis != other.row.basis:
            return "basis"
        if any(
            (x, y) in self.linked_claims or (y, x) in self.linked_claims for x in one.figures for y in other.figures
        ):
            return "part-of"
        return "" if relate_times(one.window, other.window) == "apart" else self.find_kind_code(one, other)

    def read_kind(self, one: SummandFacts) -> tuple[object, ...]:
        """Return all that `find_kind_code` compares of a number."""
        row = one.row
        events = frozenset(resolve_event(self._records, event) for event in row.events)
        people = tuple(getattr(row, column) for column in ATTRIBUTES)
        return row.basis, one.place, one.toll, events, row.label, *people

    def find_kind_code(self, one: SummandFacts, other: SummandFacts) -> str:
        """Return why two numbers on unlinked claims, whose days meet, may not be added; "" if they may."""
        if one.row.basis != other.row.basis:
            return "basis"
        if relate_people(one.row, other.row) == "apart":
            return ""
        place = self._places.relate(one.place, other.place)
        events = relate_events(self._records, one.row, other.row)
        if "apart" in (place, events):
            return ""
        if one.toll and one.toll == other.toll:
            return "same-toll"
        if events != "unknown":
            return "same-event"
        if place == "same":
            return "overlapping-windows"
        return "place-inside-place" if place in ("inside", "holds") else "place-unknown"

    def _judge_tree(self, a: CountRow, b: CountRow) -> str:
        """Return why two figures of one claim may not be added."""
        up_a, up_b = ([row, *self._records.iterate_ancestors(row)] for row in (a, b))
        if a in up_b or b in up_a:
            lower, upper = (b, a) if a in up_b else (a, b)
            chain = up_b[: up_b.index(a)] if lower is b else up_a[: up_a.index(upper)]
            return self._judge_chain([row.relation for row in chain])
        top = next((row for row in up_a if row in up_b), None)
        if top is None:
            return "" if relate_people(a, b) == "apart" else "place-unknown"
        left, right = up_a[up_a.index(top) - 1], up_b[up_b.index(top) - 1]
        relations = {left.relation, right.relation}
        if "additional" in relations:
            return "" if self._additional else "additional"
        if relations == {"part"}:
            return "" if left.axis == right.axis or relate_people(a, b) == "apart" else "two-axes"
        return "" if relate_people(a, b) == "apart" else "subset-added"

    def _judge_chain(self, relations: Sequence[str]) -> str:
        if "additional" in relations:
            return "" if self._additional else "additional"
        return "part-with-total" if set(relations) == {"part"} else "subset-added"
