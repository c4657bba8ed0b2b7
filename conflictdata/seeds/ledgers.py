"""Ledgers of a folder of seeds: waivers, withdrawn ids and the next release."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from conflictdata.findings import Place, UsageError
from conflictdata.readers.records import Record, RecordDraft, ReleaseNote
from conflictdata.readers.seed_csv import read_rows
from conflictdata.readers.text import TABLE_LIMIT, allow_long_cells, read_text
from conflictdata.readers.yaml import Items, Node
from conflictdata.rules.file_rules import make_file_finding
from conflictdata.seeds.walker import Walker

WAIVER = {"rule": "rule_id", "record": "record_id", "reason": "reason", "note": "note", "by": "by", "on": "on"}


WAIVER_NEEDS = ("rule", "record", "reason", "by", "on")


FOUND = "found"  # key of a waiver; compared with the findings, and not published as a column


RELEASE = ("version", "date")


def read_waivers(root: Node | None, file: str, draft: RecordDraft) -> None:
    """Read `waivers.yaml`, a list of waivers, into rows of `flags`."""
    if root is None:
        return
    walker = Walker(file, draft.findings)
    if not isinstance(root, Items):
        walker.report("seed.shape", "waivers.yaml is a list: each waiver starts with `- rule: ...`", root)
        return
    for node in root.items:
        block = walker.read_block(node, "a waiver")
        if block is None:
            continue
        columns = {**WAIVER, FOUND: FOUND}
        nodes = walker.read_nodes(block, columns, "a waiver")
        walker.require(nodes, WAIVER_NEEDS, block, "the waiver")
        cells = walker.fill_cells(nodes, columns)
        draft.add(Record("flags", cells, file, block.line, block.column))


def check_retired(path: Path, file: str, draft: RecordDraft, root: Path | None = None) -> None:
    """Report each withdrawn id of `retired.csv` that a record uses again."""
    text, findings = read_text(path, file, root=root)
    draft.findings += findings
    if text is None:
        return
    try:
        lines = list(read_rows(text))
    except csv.Error as fault:
        draft.findings.append(
            make_file_finding("csv.syntax", f"not CSV: {fault.args[0]}", Place(file, fault.args[1], 0))
        )
        return
    retired = {cells[0].text: cells[0].line for cells in lines[1:]}
    for table in ("actors", "locations", "conflicts", "sources", "events", "claims", "figures"):
        for number, (record, _, _) in enumerate(draft.keys(table)):
            if record in retired:
                message = f"the id {record} was withdrawn ({file}:{retired[record]})"
                place = draft.records[table][number].place()
                draft.findings.append(make_file_finding("seed.retired-id", message, place, value=record))


def read_release(root: Node | None, file: str, draft: RecordDraft) -> ReleaseNote | None:
    """Return version and date from `release.yaml`, or None after a finding."""
    walker = Walker(file, draft.findings)
    block = walker.read_block(root, "release.yaml") if root else None
    if block is None:
        return None
    nodes = walker.read_nodes(block, RELEASE, "release.yaml")
    walker.require(nodes, RELEASE, block, "release.yaml")
    cells = walker.fill_cells(nodes, dict(zip(RELEASE, RELEASE, strict=True)))
    return ReleaseNote(cells["version"], cells["date"]) if set(cells) == set(RELEASE) else None


@dataclass(frozen=True, slots=True)
class Retired:
    """Withdrawn id: the id that replaces it (or ""), and the reason."""

    replaced_by: str
    reason: str


Ledger = Mapping[str, Retired]


def read_retired(path: Path) -> dict[str, Retired]:
    """Return the withdrawn ids of a `retired.csv`. Empty if the file does not exist.

    Raises:
        UsageError: If the file is not text, or lacks one of the columns `id`, `replaced_by` and `reason`.
    """
    if not path.exists():
        return {}
    text, _ = read_text(path, str(path), limit=TABLE_LIMIT)
    if text is None:
        raise UsageError(f"{path} cannot be read as text")
    allow_long_cells()
    reader = csv.DictReader(io.StringIO(text, newline=""))
    if missing := {"id", "replaced_by", "reason"} - set(reader.fieldnames or ()):
        raise UsageError(f"{path} lacks the column(s) {', '.join(sorted(missing))}")
    return {row["id"]: Retired(row["replaced_by"] or "", row["reason"] or "") for row in reader if row["id"]}
