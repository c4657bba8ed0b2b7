"""A scanned table whose rows are compared with one another: its keys, its references, and the rules of several records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from conflictdata.findings import Finding, Place, Tally
from conflictdata.rules.base import Rule
from conflictdata.validation.joined_files import JoinedFile
from conflictdata.validation.plan import Plan
from conflictdata.validation.scan.base import PART, ROW, DuplicateKey, ScanEngine, select_joined_references
from conflictdata.validation.scan.canonical_copy import write_slim_copy
from conflictdata.validation.scan.csv_locations import CellLocator
from conflictdata.validation.scan.files import Part
from conflictdata.validation.scan.frame_rules import count_filled, evaluate_frame_rule
from conflictdata.validation.scan.sink import FindingSink
from conflictdata.validation.scan.verdicts import make_key_rule, make_reference_rule, make_row_finding

LOCATE_BATCH = 10_000  # findings that are placed in one go
MANY_RULES = 4  # rules on all rows from which on a copy of their columns pays

Item = TypeVar("Item")


@dataclass
class ScannedTable:
    """What is known of a table whose files have been scanned.

    Attributes:
        plan: What it is checked for.
        engine: What reads its files.
        work: Folder for copies.
        sink: Takes the findings.
        parts: The files, in the form that was read.
        starts: The rows before each of them.
        locators: Finds lines and columns, by number of the file.
        tallies: By rule.
        rows: Number of rows.
        lost: Columns of which no cell is read.
        joined: Files with a line that repeats the header.
    """

    plan: Plan
    engine: ScanEngine
    work: Path
    sink: FindingSink
    parts: list[Part] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    locators: dict[int, CellLocator] = field(default_factory=dict)
    tallies: dict[str, Tally] = field(default_factory=dict)
    rows: int = 0
    lost: set[str] = field(default_factory=set)
    joined: list[JoinedFile] = field(default_factory=list)

    def add_tally(self, rule: str, valid: int, invalid: int, unknown: int) -> None:
        """Add to the tally of a rule."""
        self.tallies.setdefault(rule, Tally()).add(Tally(valid, invalid, unknown))

    def check_rows(self) -> None:
        """Check what several rows say together."""
        self.check_keys()
        self.check_references()
        self.check_frame_rules()

    def check_keys(self) -> None:
        """Look for keys that occur twice."""
        parts = [p for p in self.parts if set(self.plan.key) <= set(p.all_columns)]
        if not (self.plan.key and self.plan.is_unique and parts):
            return
        rule, later = self.plan.key_rule or make_key_rule(self.plan), 0
        if self.lost & set(self.plan.key):
            self.add_tally(rule.id, 0, 0, self.rows)
            return
        for some in split_into_batches(self.engine.find_duplicate_keys(parts, self.plan), LOCATE_BATCH):
            later += len(some)
            if rule.severity in self.sink.select_severities():
                self._add_unexplained(rule, self._make_duplicate_findings(rule, some))
        empty = self.engine.count_empty_keys()
        self.add_tally(rule.id, self.rows - empty - later, later, 0)

    def _make_duplicate_findings(self, rule: Rule, repeats: Sequence[DuplicateKey]) -> list[Finding]:
        """Make the findings of rows whose key an earlier row has."""
        key = self.plan.key
        at = self._locate_cells(
            [(*place, key[0]) for repeat in repeats for place in (repeat.first_location, repeat.location)]
        )
        found = []
        for repeat in repeats:
            first, location = at[*repeat.first_location, key[0]], at[*repeat.location, key[0]]
            where = f"line {first.line}" if first.line else f"row {repeat.first_location[1] + 1}"
            where += f" of {first.file}" if first.file != location.file else ""
            row = dict(zip(key, repeat.key, strict=True)) | {"times": repeat.times, "first": where}
            found.append(replace(make_row_finding(rule, self.plan, row), place=location))
        return found

    def _locate_cells(self, cells: Sequence[tuple[int, int, str]]) -> dict[tuple[int, int, str], Place]:
        """The places of cells by part, row and column."""
        found: dict[tuple[int, int, str], Place] = {}
        for number in {number for number, _, _ in cells}:
            in_part = [(row, column) for n, row, column in cells if n == number]
            found |= {(number, *cell): place for cell, place in self.locators[number].locate_cells(in_part).items()}
        return found

    def check_references(self) -> None:
        """Look up names that are too many for a list."""
        for reference in select_joined_references(self.plan):
            parts = [p for p in self.parts if reference.column in p.all_columns]
            rule, missing = make_reference_rule(self.plan, reference), 0
            for some in split_into_batches(self.engine.find_unresolved(parts, self.plan, reference), LOCATE_BATCH):
                missing += len(some)
                self._add_failures(rule, some)
            named = sum(count_filled(self.engine, p, self.plan, reference.column) for p in parts)
            self.add_tally(rule.id, named - missing, missing, self.rows - named)

    def check_frame_rules(self) -> None:
        """Ask the rules that look at several rows."""
        rules = self.plan.restrict_to(c for p in self.parts for c in p.all_columns).frame_rules
        slim = self._make_slim_parts(rules)
        for rule in rules:
            if self.lost & set(rule.fields):
                self.add_tally(rule.id, 0, 0, self.rows)
                continue
            result = evaluate_frame_rule(
                rule, self.engine, self.parts if rule.key_columns else slim, self.plan, self.starts, self.rows
            )
            self.add_tally(rule.id, result.tally.valid, result.tally.invalid, result.tally.unknown)
            has_limit = self.sink.out is None and not self.joined
            rows = result.iterate_rows(self.sink.limit if has_limit else None)
            for some in split_into_batches(((row[PART], row) for row in rows), LOCATE_BATCH):
                self._add_failures(rule, some)

    def _make_slim_parts(self, rules: Sequence[Rule]) -> list[Part]:
        """Return the files with the columns of many rules alone, so that a CSV is not read again for each of them."""
        each = [rule for rule in rules if not rule.key_columns]
        if len(each) < MANY_RULES or not self.plan.partial or not hasattr(self.engine, "iterate_blocks"):
            return self.parts
        needed = {*self.plan.key, *(name for rule in each for name in (*rule.fields, *rule.optional))}
        slim = tuple(c for c in self.plan.columns if c.column in needed or c.kind != "prose")
        plan = replace(self.plan, columns=slim, rules=())
        return [write_slim_copy(part, plan, self.work) if part.is_csv else part for part in self.parts]

    def _add_failures(self, rule: Rule, rows: Sequence[tuple[int, dict[str, Any]]]) -> None:
        """Keep the findings of a rule for rows that failed it, each with the number of its part."""
        if rule.severity not in self.sink.select_severities():
            return
        found = [(number, row[ROW], make_row_finding(rule, self.plan, row)) for number, row in rows]
        spots = [(number, row, f.fields[0] if f.fields else "") for number, row, f in found]
        at = self._locate_cells(spots)
        findings = [replace(f, place=at[spot]) for (_, _, f), spot in zip(found, spots, strict=True)]
        self._add_unexplained(rule, findings)

    def _add_unexplained(self, rule: Rule, findings: list[Finding]) -> None:
        """Keep the findings of a rule, but for those that a line with the header explains."""
        for joined in self.joined:
            others = joined.take(findings)
            self.add_tally(rule.id, 0, len(others) - len(findings), len(findings) - len(others))
            findings = others
        self.sink.add(findings)


def split_into_batches(items: Iterator[Item], size: int) -> Iterator[tuple[Item, ...]]:
    """Split items into blocks (`itertools.batched` of Python 3.12)."""
    while block := tuple(islice(items, size)):
        yield block
