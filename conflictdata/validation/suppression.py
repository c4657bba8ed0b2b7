"""Suppress findings that follow from an earlier one, so that one fault gives one finding.

If a rule fails on a cell with an earlier finding, its result is unknown: a sum with an unreadable number is not wrong.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from operator import itemgetter
from pathlib import PurePosixPath
from typing import Any, Generic, TypeVar

from conflictdata.findings import Finding
from conflictdata.readers.records import RecordDraft
from conflictdata.rules import rank_rules
from conflictdata.rules.base import Frames, Row, Rule
from conflictdata.schema.columns import list_references
from conflictdata.schema.fields import CLAIM_ID
from conflictdata.validation.evaluate import RuleResult, explain_rows, format_record_key


def is_reference_rule(rule: str) -> bool:
    """Return whether the rule checks that the record named by a column exists."""
    return rule.endswith("-resolves")


def sort_by_priority(results: Iterable[RuleResult]) -> list[RuleResult]:
    """Sort the results so that a rule comes after the rules that it names (`Rule.after`)."""
    ranks = rank_rules()
    return sorted(results, key=lambda result: -ranks.get(result.rule.id, 0))


CLAIM_OF_FIGURE = re.compile(CLAIM_ID)


# Faults of a file that leave its text readable, so that its records are reliable.
_HARMLESS = {
    "file.byte-order-mark",
    "file.line-ending",
    "file.tab",
    "file.control-character",
    "file.bidi",
    "file.normal-form",
    "csv.order",
    "seed.order",
    "seed.file-name",
}


def normalize_key(key: str) -> str:
    """Return a key without the slips that cell rules report, to recognise the target of a reference."""
    return "".join(key.split()).casefold()


RecordId = TypeVar("RecordId", bound=Hashable)  # a table and a key, or the number of a row


class FaultyCells(Generic[RecordId]):
    """Cells with a finding. A rule that reads one of them returns unknown, so that one fault gives one finding.

    Attributes:
        columns: The columns by record: a key, or the number of a row.
    """

    def __init__(self) -> None:
        self.columns: dict[RecordId, set[str]] = defaultdict(set)

    def add(self, record: RecordId, columns: Iterable[str]) -> None:
        """Note cells of a record."""
        self.columns[record].update(columns)

    def is_read(self, record: RecordId, columns: Collection[str]) -> bool:
        """Return whether one of these columns of a record has a finding."""
        return record in self.columns and not self.columns[record].isdisjoint(columns)


class Suppressor:
    """Records and files with findings of an earlier stage."""

    def __init__(self, draft: RecordDraft | None, findings: list[Finding]) -> None:
        self.claims: set[str] = set()
        self.sources: set[str] = set()
        self.incomplete_tables: set[str] = set()  # pages, tables and `events` that may lack records
        self.trees: set[str] = set()
        self.cells: FaultyCells[tuple[str, str]] = FaultyCells()
        self.doubtful_cells: FaultyCells[tuple[str, str]] = FaultyCells()  # those of warnings, and of errors
        self.keys: dict[str, set[str]] = defaultdict(set)
        self.all_keys: set[str] = set()  # those of all tables
        self.intended_keys: set[str] = set()  # keys that mistyped names meant
        self.bad_numbers: set[str] = set()  # figures whose number is reported
        self.misnumbered: dict[str, list[int]] = defaultdict(list)  # by claim: numbers of figures under a wrong parent
        if draft is not None:
            self._read_findings(draft, findings)

    def _read_findings(self, draft: RecordDraft, findings: list[Finding]) -> None:
        starts: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for claim, file, line in draft.keys("claims"):
            starts[file].append((line, claim))
        for claims in starts.values():
            claims.sort()
        page = {file: source for source, file, _ in draft.keys("sources")}
        sources = set(page.values())
        for finding in findings:
            place = finding.place
            if place is None or finding.severity != "error":
                continue
            path = PurePosixPath(place.file)
            name = page.get(place.file, path.stem)
            if finding.rule == "file.not-read":
                if name not in sources and path.suffix.lower() in (".yaml", ".yml"):
                    self.incomplete_tables.add("events" if "events" in path.parts[-3:-1] else name)
                continue
            # If a file with a harmless fault gave no record, it has other faults.
            if finding.rule in _HARMLESS and (place.file in page or path.parent.parent.name != "sources"):
                continue
            self.incomplete_tables.add("events" if path.parent.name == "events" else name)
            claims = starts.get(place.file, [])
            index = bisect_right(claims, place.line, key=itemgetter(0))
            if index:
                self.claims.add(claims[index - 1][1])
            else:
                self.sources.add(name)

    def is_unreliable(self, record: str) -> bool:
        """Return whether a part of the record's claim or page is unreadable."""
        claim = record[: hit.end()] if (hit := CLAIM_OF_FIGURE.match(record)) else ""
        return claim in self.claims or claim in self.trees or self._is_in_broken_file(claim or record)

    def add_cell(self, table: str, record: str, column: str, value: str, row: Mapping[str, Any]) -> None:
        """Note an unreadable cell."""
        self._note_cells("error", table, record, (column,))
        if row.get("claim_id"):
            self.claims.add(str(row["claim_id"]))
        self.keys[table].add(normalize_key(value))
        self.all_keys.add(normalize_key(value))

    def add_malformed_line(self, table: str, cells: Sequence[str]) -> None:
        """Note a line that is not a record. References to it, and records of its claim or page, are unreliable.

        Args:
            table: The table.
            cells: The line, split at its commas.
        """
        record = cells[0]
        self.keys[table].add(normalize_key(record))
        self.all_keys.add(normalize_key(record))
        self.intended_keys.update(cell for cell in cells if cell)
        if hit := CLAIM_OF_FIGURE.match(record):
            self.claims.add(hit[0])
        if table == "sources":
            self.sources.add(record)

    def filter_unsuppressed(self, rule: Rule, failed: Iterable[Row], frames: Frames) -> list[Row]:
        """Return the failures to report, explained, without those caused by an earlier finding.

        Also notes what the reported failures make unreliable. Call it once per rule, in the order of `sort_by_priority`.

        Args:
            rule: The rule.
            failed: The rows that failed it.
            frames: The frames it was evaluated on.
        """
        rows = list(failed)
        if rule.affects == "tree":
            for row in rows:
                self._note_tree(row)
        remaining = [row for row in rows if not self.is_suppressed(rule, format_record_key(rule, row), row)]
        reported = []
        for row in explain_rows(rule, remaining, frames):
            if not self._is_consequence(rule, row):
                self._note_failure(rule, row)
                reported.append(row)
        return reported

    def _note_tree(self, row: Row) -> None:
        """Note a figure under a wrong parent: the trees of its claim and of its parent's claim are unreliable."""
        figure = str(row.get("figure_id") or "")
        by_id = figure[: hit.end()] if (hit := CLAIM_OF_FIGURE.match(figure)) else ""
        self.trees |= {str(c) for c in (row.get("claim_id"), row.get("parent_claim_id"), by_id) if c}

    def _note_failure(self, rule: Rule, row: Row) -> None:
        """Note what a reported failure makes unreliable."""
        record = format_record_key(rule, row)
        if is_reference_rule(rule.id):
            self._note_cells(rule.severity, rule.table, record, rule.fields[:1])
            self.intended_keys.add(str(row.get("meant") or ""))
        self._note_cells(rule.severity, rule.table, record, rule.invalidates)
        for table, column, columns in rule.invalidates_other:
            self._note_cells(rule.severity, table, str(row.get(column)), columns)
        if rule.affects == "page":
            self.incomplete_tables.add(str(row.get("expected")))
        if rule.affects == "position" and row.get("number") is not None:
            self.misnumbered[str(row["claim_id"])].append(int(row["number"]))
        if rule.affects == "number":
            self.bad_numbers.add(str(row.get("likely_error") or record) if not row.get("spot") else record)

    def _note_cells(self, severity: str, table: str, record: str, columns: Iterable[str]) -> None:
        """Note unreliable cells. A warning makes them unreliable for other warnings only: it never hides an error."""
        if severity == "error":
            self.cells.add((table, record), columns)
        self.doubtful_cells.add((table, record), columns)

    def _is_read(self, rule: Rule, table: str, record: str, columns: Collection[str]) -> bool:
        """Return whether the rule reads an unreliable cell in these columns of a record."""
        cells = self.cells if rule.severity == "error" else self.doubtful_cells
        return cells.is_read((table, record), columns)

    def is_suppressed(self, rule: Rule, record: str, row: Mapping[str, Any]) -> bool:
        """Return whether a failure of the rule may follow from an earlier finding."""
        if self._is_read(rule, rule.table, record, rule.fields):
            return True
        claim = str(row.get("claim_id") or "")
        source = str(row.get("source_id") or "") or claim.rpartition(".")[0]
        if claim in self.claims or source in self.sources:
            return True
        if rule.table == "figures" and rule.affects != "tree" and claim in self.trees:
            return True
        return self._is_dangling(rule, row) or self._is_dependent(rule, row) or self._has_bad_number(rule, record, row)

    def _is_dangling(self, rule: Rule, row: Mapping[str, Any]) -> bool:
        """Return whether the row refers to a record with an unreadable key, or in an unreadable file."""
        targets = list_references(rule.table)
        for column in rule.fields:
            # The target of an alias or a crosswalk may be in several tables, so look in all.
            target, value = targets.get(column, ""), str(row.get(column) or "")
            if not value or (not target and not is_reference_rule(rule.id)):
                continue
            known = self.keys[target] if target else self.all_keys
            if normalize_key(value) in known or target in self.incomplete_tables or self._is_in_broken_file(value):
                return True
        return False

    def _is_in_broken_file(self, value: str) -> bool:
        return value in self.incomplete_tables or value.rpartition(".")[0] in self.incomplete_tables

    def _is_dependent(self, rule: Rule, row: Mapping[str, Any]) -> bool:
        """Return whether the rule read a cell already reported, or misses the record that a mistyped name meant."""
        for table, column, read in rule.depends_on:
            if self._is_read(rule, table, str(row.get(column)), read):
                return True
        return str(row.get(rule.reverse_reference)) in self.intended_keys

    def _has_bad_number(self, rule: Rule, record: str, row: Mapping[str, Any]) -> bool:
        """Return whether its number, or the earlier one it is compared with, is already reported."""
        if rule.affects != "number":
            return False
        earlier = f"{row.get('earlier')}.{record.rpartition('.')[2]}"
        return record in self.bad_numbers or earlier in self.bad_numbers

    def _is_consequence(self, rule: Rule, row: Row) -> bool:
        """Return whether a reported number, or a figure under a wrong parent, causes the explained failure."""
        if row.get("follows"):
            return True
        if rule.affects != "number":
            return False
        taking_part = {str(row.get("likely_error") or ""), *str(row.get("at") or "").split("|")} - {""}
        if taking_part & self.bad_numbers:
            return True
        return row.get("missing") is not None and row["missing"] in self.misnumbered.get(str(row.get("claim_id")), ())
