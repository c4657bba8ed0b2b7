"""What is already known to be broken, so that one fault gives one finding.

A rule that fails on a record whose own text had a fault answers unknown instead: the sum of a list
in which a number could not be read is not wrong, it is not known.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from conflictdata.findings import Finding
from conflictdata.schema.fields import CLAIM_ID
from conflictdata.schema.physical import references
from conflictdata.schema.rules.base import Rule
from conflictdata.seeds.records import Draft

_CLAIM = re.compile(CLAIM_ID)

# Faults of a file that leave its text readable cast no doubt on what it says.
_HARMLESS = {
    "file.byte-order-mark",
    "file.line-ending",
    "file.tab",
    "file.control-character",
    "file.bidi",
    "seed.file-name",
}


# Where the tree itself is broken, every other rule of the claim's figures would fail with it: these are asked first.
TREE = frozenset(
    {
        "figures.key-unique",
        "figures.parent-id-resolves",
        "figures.parent-in-claim",
        "figures.parent-not-in-cycle",
        "figures.depth-within-limit",
    }
)


def normal(key: str) -> str:
    """A key without the slips that cell rules report, to recognise what a reference meant."""
    return "".join(key.split()).casefold()


class Doubt:
    """Records and files that an earlier stage found broken."""

    def __init__(self, draft: Draft | None, findings: list[Finding]) -> None:
        self.claims: set[str] = set()
        self.sources: set[str] = set()
        self.trees: set[str] = set()
        self.cells: dict[tuple[str, str], set[str]] = defaultdict(set)
        self.keys: dict[str, set[str]] = defaultdict(set)
        if draft is not None:
            self._from_files(draft, findings)

    def _from_files(self, draft: Draft, findings: list[Finding]) -> None:
        starts: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for record in draft.records["claims"]:
            starts[record.file].append((record.line, record.text("claim_id")))
        page = {record.file: record.text("source_id") for record in draft.records["sources"]}
        for finding in findings:
            place = finding.place
            if place is None or finding.severity != "error" or finding.rule in _HARMLESS:
                continue
            claims = sorted(starts.get(place.file, []))
            index = bisect_right([line for line, _ in claims], place.line)
            if index:
                self.claims.add(claims[index - 1][1])
            else:
                name = page.get(place.file, place.file.rsplit("/", 1)[-1].removesuffix(".yaml"))
                self.sources.add(name)

    def add_cell(self, table: str, record: str, column: str, value: str, row: Mapping[str, Any]) -> None:
        """A cell that could not be read."""
        self.cells[table, record].add(column)
        if row.get("claim_id"):
            self.claims.add(str(row["claim_id"]))
        self.keys[table].add(normal(value))

    def add_tree(self, row: Mapping[str, Any]) -> None:
        """A figure that hangs wrongly: the trees of its claim, and of the claim that it hangs in, are not to be judged."""
        figure = str(row.get("figure_id") or "")
        by_id = figure[: hit.end()] if (hit := _CLAIM.match(figure)) else ""
        self.trees |= {str(c) for c in (row.get("claim_id"), row.get("parent_claim_id"), by_id) if c}

    def covers(self, rule: Rule, record: str, row: Mapping[str, Any]) -> bool:
        """True where a failure of the rule may follow from what is broken already."""
        if self.cells.get((rule.table, record), set()) & set(rule.fields):
            return True
        claim = str(row.get("claim_id") or "")
        source = str(row.get("source_id") or "") or claim.rpartition(".")[0]
        if claim in self.claims or source in self.sources:
            return True
        if rule.table == "figures" and rule.id not in TREE and claim in self.trees:
            return True
        return self._dangling(rule, row)

    def _dangling(self, rule: Rule, row: Mapping[str, Any]) -> bool:
        """A reference to a record that is there, under a broken key or in a file that could not be read."""
        for column in rule.fields:
            target, value = references(rule.table).get(column), row.get(column)
            if target and value and (normal(str(value)) in self.keys[target] or self._in_broken_file(str(value))):
                return True
        return False

    def _in_broken_file(self, value: str) -> bool:
        return value in self.sources or value.rpartition(".")[0] in self.sources
