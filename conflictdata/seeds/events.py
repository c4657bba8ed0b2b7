"""Event files of seeds, read into rows of `events` and the related tables."""

from __future__ import annotations

import datetime as dt

from conflictdata.readers.records import Cell, Record, RecordDraft
from conflictdata.readers.yaml import Node, Scalar
from conflictdata.seeds.sources import read_ids
from conflictdata.seeds.walker import Walker
from conflictdata.seeds.window import split_span

EVENT = {
    "type": "event_type", "date_precision": "date_precision", "location": "location_id", "summary": "summary",
    "status": "status", "merged_into": "merged_into", "note": "note",
}  # fmt: skip
ROLES = ("initiator", "target", "party")
STANCES = {"said": "asserts", "denied": "denies"}
_KEYS = {*EVENT, *ROLES, *STANCES, "date", "ids"}
NEEDS = ("type", "date", "location", "summary")

# UCDP date_prec by the number of days, first and last day included. The first entry with a large enough limit applies.
_PRECISION_OF_DAYS = ((1, "1"), (6, "2"), (7, "3"), (31, "4"), (366, "5"))


def _derive_precision(start: str, end: str) -> str:
    try:
        days = (dt.date.fromisoformat(end) - dt.date.fromisoformat(start)).days + 1
    except ValueError:
        return "1"  # the unreadable day gives the finding, not the precision
    return next((code for limit, code in _PRECISION_OF_DAYS if days <= limit), "5")


class EventReader:
    """Reader that adds the records of event files to a draft."""

    def __init__(self, draft: RecordDraft) -> None:
        self.draft = draft

    def read(self, root: Node | None, file: str, conflict: str) -> None:
        """Read one event file.

        Args:
            root: The YAML tree, or None if the file could not be parsed.
            file: Name of the file in findings.
            conflict: Id of the conflict, from the file name.
        """
        self.walker = Walker(file, self.draft.findings)
        block = self.walker.read_block(root, "an event file") if root else None
        last = ""
        for key, node in block.pairs if block else []:
            if key.text < last:
                message = f"{key.text} is after {last}"
                self.walker.report("seed.order", message, key, value=key.text)
            last = max(last, key.text)
            self._read_event(key, node, conflict)

    def _read_event(self, key: Scalar, node: Node, conflict: str) -> None:
        walker = self.walker
        block = walker.read_block(node, f"the event {key.text}")
        if block is None:
            return
        nodes = walker.read_nodes(block, _KEYS, "an event")
        walker.require(nodes, NEEDS, key, f"the event {key.text}", "events", **EVENT, date="date_start")
        cells = {
            "event_id": Cell(key.text, key.line, key.column),
            **walker.fill_cells(nodes, EVENT, conflict_id=conflict, status="active"),
        }
        if cell := walker.find_cell(nodes, "date"):
            cells["date_start"], cells["date_end"] = split_span(cell)
            precision = _derive_precision(cells["date_start"].text, cells["date_end"].text)
            cells.setdefault("date_precision", cell._replace(text=precision))
        self.draft.add(Record("events", cells, walker.file, key.line, key.column))
        self._read_actors(key.text, nodes)
        self._read_sources(key.text, nodes)
        read_ids(self.draft, walker, key.text, nodes.get("ids"))

    def _read_actors(self, event: str, nodes: dict[str, Node]) -> None:
        for role in ROLES:
            for cell in self.walker.find_cells(nodes, role):
                row = {"event_id": Cell(event), "actor_id": cell, "role": Cell(role)}
                self.draft.add(Record("event_actors", row, self.walker.file, cell.line, cell.column))

    def _read_sources(self, event: str, nodes: dict[str, Node]) -> None:
        for word, stance in STANCES.items():
            block = self.walker.read_block(nodes[word], f"`{word}`") if word in nodes else None
            for page, node in block.pairs if block else []:
                source = Cell(page.text, page.line, page.column)
                for claimant in self.walker.read_cells(node, f"who {word} it on {page.text}"):
                    row = {
                        "event_id": Cell(event),
                        "source_id": source,
                        "claimant_id": claimant,
                        "stance": Cell(stance),
                    }
                    self.draft.add(Record("event_sources", row, self.walker.file, page.line, page.column))
