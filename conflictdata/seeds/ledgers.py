"""The ledgers beside the seeds: waivers (published as flags), withdrawn ids, and the release that is being made."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from conflictdata.findings import Place
from conflictdata.seeds.nodes import Items, Node
from conflictdata.seeds.problems import problem
from conflictdata.seeds.records import Cell, Draft, Record
from conflictdata.seeds.tables import rows
from conflictdata.seeds.text import read_text
from conflictdata.seeds.walk import Walker

WAIVER = {"rule": "rule_id", "record": "record_id", "reason": "reason", "note": "note", "by": "by", "on": "on"}
WAIVER_NEEDS = ("rule", "record", "reason", "by", "on")
FOUND = (
    "found"  # the key that says what a waiver covers: `check.waivers` holds it against the findings; no column has it
)
RELEASE = ("version", "date")


def read_waivers(root: Node | None, file: str, draft: Draft) -> None:
    """`waivers.yaml`: a list of waivers to rows of `flags`."""
    if root is None:
        return
    walker = Walker(file, draft.findings)
    if not isinstance(root, Items):
        walker.report("seed.shape", "waivers.yaml is a list: each waiver starts with `- rule: ...`", root)
        return
    for node in root.items:
        block = walker.block(node, "a waiver")
        if block is None:
            continue
        columns = {**WAIVER, FOUND: FOUND}
        given = {key: value for key, _, value in walker.pairs(block, columns, "a waiver")}
        walker.require(given, WAIVER_NEEDS, block, "the waiver")
        cells = {columns[word]: cell for word, value in given.items() if (cell := walker.cell(value, word))}
        draft.add(Record("flags", cells, file, block.line, block.column))


def check_retired(path: Path, file: str, draft: Draft) -> None:
    """`retired.csv`: a finding for each withdrawn id that is used again."""
    text, findings = read_text(path, file)
    draft.findings += findings
    if text is None:
        return
    try:
        lines = list(rows(text))
    except csv.Error as fault:
        draft.findings.append(problem("csv.syntax", f"not CSV: {fault.args[0]}", Place(file, fault.args[1], 0)))
        return
    retired = {cells[0].text: cells[0].line for cells in lines[1:]}
    for table in ("actors", "locations", "conflicts", "sources", "events", "claims", "figures"):
        for number, (record, _, _) in enumerate(draft.keys(table)):
            if record in retired:
                message = f"the id {record} was withdrawn ({file}:{retired[record]})"
                place = draft.records[table][number].place()
                draft.findings.append(problem("seed.retired-id", message, place, value=record))


@dataclass(frozen=True)
class ReleaseNote:
    """What `release.yaml` says: the version that the seeds are published as, and its day, as text."""

    version: Cell
    date: Cell


def read_release(root: Node | None, file: str, draft: Draft) -> ReleaseNote | None:
    """`release.yaml`: version and date of the data."""
    walker = Walker(file, draft.findings)
    block = walker.block(root, "release.yaml") if root else None
    if block is None:
        return None
    given = {key: value for key, _, value in walker.pairs(block, RELEASE, "release.yaml")}
    walker.require(given, RELEASE, block, "release.yaml")
    cells = {word: cell for word, value in given.items() if (cell := walker.cell(value, word))}
    return ReleaseNote(cells["version"], cells["date"]) if set(cells) == set(RELEASE) else None
