"""Page files of seeds, read into `sources`, `claims`, `figures` and others."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from conflictdata.readers.records import Cell, Record, RecordDraft
from conflictdata.readers.yaml import Block, Items, Node, Scalar
from conflictdata.schema.fields import SOURCE_ID
from conflictdata.schema.vocabularies import OUTCOME, UNIT
from conflictdata.seeds import figures
from conflictdata.seeds.figures import FigureReader, Register
from conflictdata.seeds.walker import Walker
from conflictdata.seeds.window import KEYS as WINDOW_KEYS
from conflictdata.seeds.window import read_window

PAGE = {  # key of the file: column of `sources`
    "publisher": "publisher_id", "kind": "kind", "title": "title", "url": "url", "archive_url": "archive_url", "copied_from": "copied_from",
    "published": "published_on", "published_basis": "published_basis", "accessed": "accessed_on", "language": "language",
    "access": "access", "sha256": "sha256", "read_sha256": "read_sha256", "read_chars": "read_chars", "coverage": "coverage",
    "licence": "licence", "note": "note",
}  # fmt: skip
CLAIM = {  # key of a claim: column of `claims`
    "claimant": "claimant_id", "via": "relayed_via", "conflict": "conflict_id", "as_of": "as_of",
    "period_precision": "period_precision", "as_of_precision": "as_of_precision", "as_of_order": "as_of_order", "basis": "basis",
    "location": "location_id", "certainty": "perpetrator_certainty", "method": "method", "status": "status",
    "supersedes": "supersedes", "reason": "revision_reason", "note": "note",
}  # fmt: skip
PAGE_DEFAULTS = {"kind": "article", "published_basis": "page"}
CLAIM_DEFAULTS = {"period_precision": "day", "as_of_precision": "day", "basis": "occurred", "status": "active"}
PAGE_NEEDS = ("publisher", "url", "published", "language", "access")
CLAIM_NEEDS = ("claimant", "as_of", "location")
LISTS = {"perpetrator": ("claim_perpetrators", "actor_id"), "event": ("claim_events", "event_id")}  # key: table, column
LINKS = ("repeats", "conflicts_with", "part_of")
_KNOWN_KEYS = {*CLAIM, *WINDOW_KEYS, *LINKS, *LISTS, *OUTCOME.values, "ids"}
_NUMBER = re.compile(r"[1-9][0-9]{0,3}\Z")
_ID = re.compile(SOURCE_ID + r"\Z")
# Other words for the units.
_UNIT_WORDS = {
    "bodies": ("body", "corpse", "corpses", "remains", "dead bodies"), "cases": ("case", "treatment", "treatments"),
    "admissions": ("admission", "hospitalised", "patients"), "families": ("family", "household", "households"),
    "strikes": ("strike", "air strikes", "airstrikes", "raids", "attacks"), "persons": ("person", "people", "individuals"),
}  # fmt: skip


def _suggest_unit(key: str) -> str:
    """Return the hint for an outcome whose unit is another word for a known one, or ""."""
    outcome, _, unit = key.partition("(")
    word = unit.strip(" )").lower()
    known = next((one for one, others in _UNIT_WORDS.items() if word == one or word in others), "")
    if outcome.strip() not in OUTCOME or not known:
        return ""
    return f"Write `{outcome.strip()}`." if known == "persons" else f"Write `{outcome.strip()} ({known})`."


class SourceReader:
    """Reader that adds the records of source files to a draft."""

    def __init__(self, draft: RecordDraft, register: Register) -> None:
        self.draft = draft
        self.register = register

    def read(self, root: Node | None, file: str, conflict: str) -> None:
        """Read one source file.

        Args:
            root: The YAML tree, or None if the file could not be parsed.
            file: Name of the file in findings.
            conflict: Id of the conflict, from the folder of the file.
        """
        self.walker = Walker(file, self.draft.findings)
        block = self.walker.read_block(root, "a source file") if root else None
        if block is None:
            return
        source_id = PurePosixPath(file).stem
        if not _ID.match(source_id):
            # Every id of the page starts with the file name, so all of them would be wrong.
            message = f"{source_id!r} is not a source id"
            self.walker.report("seed.file-name", message, Scalar("", 1, 0), value=source_id)
            return
        nodes = self.walker.read_nodes(block, {*PAGE, "claims"}, "a source file")
        self.walker.require(nodes, PAGE_NEEDS, block, "the page", "sources", **PAGE)
        cells = self.walker.fill_cells(nodes, PAGE, **PAGE_DEFAULTS)
        cells["source_id"] = Cell(source_id)
        self.draft.add(Record("sources", cells, file, 1, 0))
        if "claims" in nodes and (claims := self.walker.read_block(nodes["claims"], "`claims`")):
            for key, node in claims.pairs:
                self._read_claim(source_id, conflict, key, node)

    def _read_claim(self, source_id: str, conflict: str, key: Scalar, node: Node) -> None:
        walker = self.walker
        if not _NUMBER.match(key.text):
            walker.report("seed.claim-number", f"{key.text!r} is not a claim's number", key, value=key.text)
            return
        block = walker.read_block(node, f"claim {key.text}")
        if block is None:
            return
        claim_id = f"{source_id}.{key.text}"
        before = len(walker.findings)
        nodes, outcomes = self._split_outcomes(block)
        clear = len(walker.findings) == before  # else a misspelt key may be an outcome
        walker.require(nodes, CLAIM_NEEDS, key, f"claim {key.text}", "claims", **CLAIM)
        cells = walker.fill_cells(nodes, CLAIM, **CLAIM_DEFAULTS)
        cells |= read_window(walker, nodes, "event" in nodes, cells.get("as_of"), key)
        cells["claim_id"] = Cell(claim_id, key.line, key.column)
        cells["source_id"] = Cell(source_id)
        cells.setdefault("conflict_id", Cell(conflict))
        self._read_lists(claim_id, nodes)
        if "perpetrator" in nodes:
            cells.setdefault("perpetrator_certainty", Cell("stated"))
        self._read_links(claim_id, nodes)
        read_ids(self.draft, walker, claim_id, nodes.get("ids"))
        self.draft.add(Record("claims", cells, walker.file, key.line, key.column))
        if not outcomes and clear:
            walker.report("seed.no-figures", f"claim {key.text} has no figures", key)
        reader = FigureReader(walker, self.register, claim_id)
        for name, value in outcomes:
            reader.read_root(name, value)
        for record in reader.records:
            self.draft.add(record)

    def _split_outcomes(self, block: Block) -> tuple[dict[str, Node], list[tuple[Scalar, Node]]]:
        outcomes: list[tuple[Scalar, Node]] = []
        rest = Block(block.line, block.column)
        for key, value in block.pairs:
            if figures.is_outcome(key.text):
                outcomes.append((key, value))
            elif "(" in key.text:
                every = f"Outcomes: {', '.join(OUTCOME.values)}; units: {', '.join(UNIT.values)}."
                hint = _suggest_unit(key.text) or (
                    self.walker.suggest(key.text, [f"{o} ({u})" for o in OUTCOME.values for u in UNIT.values]) or every
                )
                self.walker.report(
                    "seed.outcome", f"{key.text!r} is not an outcome with a unit", key, value=key.text, hint=hint
                )
            else:
                rest.pairs.append((key, value))
        return self.walker.read_nodes(rest, _KNOWN_KEYS, "a claim"), outcomes

    def _read_lists(self, claim_id: str, nodes: dict[str, Node]) -> None:
        for word, (table, column) in LISTS.items():
            for cell in self.walker.read_cells(nodes[word], word) if word in nodes else []:
                row = {"claim_id": Cell(claim_id), column: cell}
                self.draft.add(Record(table, row, self.walker.file, cell.line, cell.column))

    def _read_links(self, claim_id: str, nodes: dict[str, Node]) -> None:
        for kind in LINKS:
            for cell in self.walker.find_cells(nodes, kind):
                row = {"claim_id": Cell(claim_id), "other_id": cell, "kind": Cell(kind)}
                self.draft.add(Record("claim_links", row, self.walker.file, cell.line, cell.column))


def read_ids(draft: RecordDraft, walker: Walker, entity: str, node: Node | None) -> None:
    """Read the `ids` of a record, its keys in other schemes, into rows of `crosswalk`."""
    block = walker.read_block(node, "`ids`") if node else None
    for key, value in block.pairs if block else []:
        members = value.items if isinstance(value, Items) else [value]
        if not members:
            walker.report("seed.empty-value", f"{key.text} is an empty list", value)
        for member in members:
            match = Cell("exact")
            target: Node | None = member
            if isinstance(member, Block):
                what = f"the {key.text} key"
                nodes = walker.read_nodes(member, ("id", "match"), what)
                walker.require(nodes, ["id"], member, what)
                target = nodes.get("id")
                match = walker.find_cell(nodes, "match") or match
            if target is not None and (cell := walker.read_cell(target, key.text)):
                row = {
                    "entity_id": Cell(entity),
                    "scheme": Cell(key.text, key.line, key.column),
                    "external_id": cell,
                    "match": match,
                }
                draft.add(Record("crosswalk", row, walker.file, key.line, key.column))
