"""The events of a conflict: one file to rows of `events`, `event_actors`, `event_sources` and crosswalk."""

from __future__ import annotations

import datetime as dt

from conflictdata.readers.records import Cell, Draft, Record
from conflictdata.readers.yaml import Node, Text
from conflictdata.seeds.sources import read_ids
from conflictdata.seeds.walker import Walker
from conflictdata.seeds.window import span

EVENT = {
    "type": "event_type", "date_precision": "date_precision", "location": "location_id", "summary": "summary",
    "status": "status", "merged_into": "merged_into", "note": "note",
}  # fmt: skip
ROLES = ("initiator", "target", "party")
STANCES = {"said": "asserts", "denied": "denies"}
_KEYS = {*EVENT, *ROLES, *STANCES, "date", "ids"}
NEEDS = ("type", "date", "location", "summary")

# UCDP date_prec by the inclusive number of days: the first entry whose limit holds.
_PRECISION_OF_DAYS = ((1, "1"), (6, "2"), (7, "3"), (31, "4"), (366, "5"))


def _precision(start: str, end: str) -> str:
    try:
        days = (dt.date.fromisoformat(end) - dt.date.fromisoformat(start)).days + 1
    except ValueError:
        return "1"  # the day that cannot be read is the finding; the precision is not
    return next((code for limit, code in _PRECISION_OF_DAYS if days <= limit), "5")


class EventReader:
    """Reads event files into a draft."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft

    def read(self, root: Node | None, file: str, conflict: str) -> None:
        """One file: its tree, its name for findings, and the conflict that it is named after."""
        self.walker = Walker(file, self.draft.findings)
        block = self.walker.block(root, "an event file") if root else None
        last = ""
        for key, node in block.pairs if block else []:
            if key.text < last:
                message = f"{key.text} stands after {last}"
                self.walker.report("seed.order", message, key, value=key.text)
            last = max(last, key.text)
            self._event(key, node, conflict)

    def _event(self, key: Text, node: Node, conflict: str) -> None:
        walker = self.walker
        block = walker.block(node, f"the event {key.text}")
        if block is None:
            return
        given = {word: value for word, _, value in walker.pairs(block, _KEYS, "an event")}
        walker.require(given, NEEDS, key, f"the event {key.text}", "events", **EVENT, date="date_start")
        cells = {
            "event_id": Cell(key.text, key.line, key.column),
            "conflict_id": Cell(conflict),
            "status": Cell("active"),
        }
        for word, column in EVENT.items():
            if word in given and (cell := walker.cell(given[word], word)):
                cells[column] = cell
        if "date" in given and (cell := walker.cell(given["date"], "date")):
            cells["date_start"], cells["date_end"] = span(cell)
            precision = _precision(cells["date_start"].text, cells["date_end"].text)
            cells.setdefault("date_precision", cell._replace(text=precision))
        self.draft.add(Record("events", cells, walker.file, key.line, key.column))
        self._actors(key.text, given)
        self._said(key.text, given)
        read_ids(self.draft, walker, key.text, given.get("ids"))

    def _actors(self, event: str, given: dict[str, Node]) -> None:
        for role in ROLES:
            for cell in self.walker.cells(given[role], role) if role in given else []:
                row = {"event_id": Cell(event), "actor_id": cell, "role": Cell(role)}
                self.draft.add(Record("event_actors", row, self.walker.file, cell.line, cell.column))

    def _said(self, event: str, given: dict[str, Node]) -> None:
        for word, stance in STANCES.items():
            block = self.walker.block(given[word], f"`{word}`") if word in given else None
            for page, node in block.pairs if block else []:
                source = Cell(page.text, page.line, page.column)
                for claimant in self.walker.cells(node, f"who {word} it on {page.text}"):
                    row = {
                        "event_id": Cell(event),
                        "source_id": source,
                        "claimant_id": claimant,
                        "stance": Cell(stance),
                    }
                    self.draft.add(Record("event_sources", row, self.walker.file, page.line, page.column))
