"""From the rows that failed to tallies and findings: the exact judgement of the few, in the words of the rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate
from typing import Any

import narwhals.stable.v1 as nw
import polars as pl

from conflictdata.findings import Finding, Tally
from conflictdata.rules.base import Rule
from conflictdata.schema.columns import Constraint
from conflictdata.validation.cells import CellFault, check_columns, map_rules_to_columns
from conflictdata.validation.day_columns import is_odd
from conflictdata.validation.evaluate import (
    explain_rows,
    make_rule_finding,
    name_verdict_column,
    select_highlighted_columns,
)
from conflictdata.validation.id_hints import TableNaming
from conflictdata.validation.odd_rows import ROW_UNREADABLE, join_faults
from conflictdata.validation.plan import Plan, Reference
from conflictdata.validation.scan.base import ROW, Batch, name_raw_column, select_short_references
from conflictdata.validation.scan.files import Part
from conflictdata.validation.scan.polars import cast_to_text, format_number
from conflictdata.validation.scan.prefilter import TEXT_KINDS
from conflictdata.validation.suppression import FaultyCells
from conflictdata.validation.whole_columns import LEAST

_WHY_RESOLVES = "A name that no record has is a typing error, or a record that was never written."


class NonCanonicalCell(Exception):
    """A cell is written in a form that has to be read first (`Plan.canonical`)."""


class BrokenColumn(Exception):
    """Several cells of a column break one rule, so its cells have to be counted first (`Plan.forms`)."""


@dataclass(frozen=True)
class PendingFinding:
    """A finding before its place is known.

    Attributes:
        part: the number of its file.
        row: its row.
        column: the column at which it points.
        finding: the finding.
        character: of its line, from 1, at which the cell begins, where a CSV has its cells in their one form; 0: not known.
    """

    part: int
    row: int
    column: str
    finding: Finding
    character: int = 0


@dataclass
class Verdicts:
    """What is known of one table so far.

    Attributes:
        plan: what it is checked for.
        rows: how many rows were counted.
        waiting: how many of them failed and are not judged yet.
        tallies: by rule.
        counts_columns: whether columns most of whose cells break one rule have still to be looked for.
        lost: columns of which no cell is read: one finding tells of their cells, and they are in no tally.
    """

    plan: Plan
    counts_columns: bool = False
    lost: frozenset[str] = frozenset()
    rows: int = 0
    pending: int = 0
    tallies: dict[str, Tally] = field(default_factory=dict)
    _flagged: list[pl.DataFrame] = field(default_factory=list)
    _broken: Counter[tuple[str, str]] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._rules = [
            *self.plan.row_rules,
            *(make_reference_rule(self.plan, r) for r in select_short_references(self.plan)),
        ]
        # Messages name records as a check in memory does; in datasets of others there is nothing to look up.
        self._naming = None if self.plan.partial else TableNaming(self.plan.table, {}, is_seed=False)
        counted = tuple(c for c in self.plan.columns if c.column not in self.lost)
        self._cell_rules = {rule: len(columns) for rule, columns in map_rules_to_columns(counted).items()}
        for rule in (*self._cell_rules, *(r.id for r in self._rules)):
            self.tallies.setdefault(rule, Tally())

    def add_batch(self, batch: Batch) -> None:
        """Count a batch, and keep the rows that failed for `judged`."""
        self.rows += batch.rows
        for rule, columns in self._cell_rules.items():
            self.tallies[rule].valid += batch.rows * columns
        for rule_ in self._rules:
            valid, unknown = batch.valid[name_verdict_column(rule_.id)], batch.unknown[name_verdict_column(rule_.id)]
            tally = self.tallies[rule_.id]
            tally.valid, tally.unknown = tally.valid + valid, tally.unknown + unknown
            tally.invalid += batch.rows - valid - unknown
        if batch.flagged.height:
            self._flagged.append(batch.flagged)
            self.pending += batch.flagged.height

    def evaluate_flagged(self, part: Part, severities: frozenset[str]) -> list[PendingFinding]:
        """Judge the rows that were kept, exactly.

        Args:
            part: their file.
            severities: the severities whose findings are to be worded.

        Returns:
            The findings, in order of row.
        """
        if not self._flagged:
            return []
        flagged, self._flagged, self.pending = pl.concat(self._flagged), [], 0
        broken, texts = self._check_cells(part, flagged)
        faulty: FaultyCells[int] = FaultyCells()
        listed = [fault for fault in broken if not self._is_reported(fault)]
        if self.plan.forms is not None:
            listed = self._join_rows(listed, texts, faulty)
        listed = listed if "error" in severities else []
        hits = [_make_cell_finding(self.plan, part, flagged, fault) for fault in listed]
        for fault in broken:
            faulty.add(fault.row, (fault.column,))
        for rule in self._rules:
            hits += self._evaluate_rule(rule, part, flagged, faulty, worded=rule.severity in severities)
        if part.typed:
            begins = _compute_cell_starts(self.plan, part, flagged)
            hits = [replace(hit, character=begins[hit.row].get(hit.column, 1)) for hit in hits]
        return sorted(hits, key=lambda hit: hit.row)

    def _join_rows(self, faults: Sequence[CellFault], texts: pl.DataFrame, faulty: FaultyCells[int]) -> list[CellFault]:
        """Put one fault in place of those of a row many of whose cells cannot be read; no cell of it is read."""
        joined, replaced = join_faults(faults, self.plan.columns, texts)
        for fault in replaced:
            faulty.add(fault.row, texts.columns)
            self.tallies[fault.rule].add(Tally(invalid=-1, unknown=1))
        if replaced:
            odd = self.tallies.setdefault(ROW_UNREADABLE, Tally())
            odd.invalid += len({fault.row for fault in replaced})
        return joined

    def _check_cells(self, part: Part, flagged: pl.DataFrame) -> tuple[list[CellFault], pl.DataFrame]:
        texts = flagged.select(_select_text(c, part).alias(c.column) for c in self.plan.columns)
        if self.plan.normalize is not None:
            read = self.plan.normalize(self.plan.columns, texts)
            if not part.has_raw and not read.equals(texts, null_equal=True):
                raise NonCanonicalCell
            texts = read
        faults = check_columns(self.plan.columns, texts, self._naming)[1]
        odd = [fault for fault in faults if self._is_odd_day(fault)]
        if odd and not part.has_raw:
            raise NonCanonicalCell
        if self.counts_columns:
            self._broken.update((fault.column, fault.rule) for fault in faults if fault not in odd)
            if max(self._broken.values(), default=0) >= LEAST:
                raise BrokenColumn if part.has_raw else NonCanonicalCell
        for rule, number in Counter(fault.rule for fault in faults).items():
            self.tallies[rule].valid -= number
            self.tallies[rule].invalid += number
        reported = sum(map(self._is_reported, odd))
        if reported:
            self.tallies["cells.date"].invalid -= reported
            self.tallies["cells.date"].unknown += reported
        return faults, texts

    def _is_reported(self, fault: CellFault) -> bool:
        """Return whether one finding on the whole column tells of a cell."""
        return fault.column in self.plan.odd_days and self._is_odd_day(fault)

    def _is_odd_day(self, fault: CellFault) -> bool:
        forms = self.plan.forms
        return forms is not None and fault.rule == "cells.date" and is_odd(fault.value, tuple(forms.day_forms))

    def _evaluate_rule(
        self, rule: Rule, part: Part, flagged: pl.DataFrame, faulty: FaultyCells[int], *, worded: bool
    ) -> Iterator[PendingFinding]:
        at = (~flagged[name_verdict_column(rule.id)].fill_null(value=True)).arg_true().to_list()
        sure = [row for row in at if not faulty.is_read(row, rule.fields)]
        tally = self.tallies[rule.id]
        tally.invalid -= len(at) - len(sure)
        tally.unknown += len(at) - len(sure)
        if sure and worded:
            yield from _make_rule_findings(rule, self.plan, part, flagged[sure])


def _make_rule_findings(rule: Rule, plan: Plan, part: Part, failed: pl.DataFrame) -> Iterator[PendingFinding]:
    for row in explain_rows(rule, list_rows(failed), {plan.table: nw.from_native(failed.lazy())}):
        yield PendingFinding(part.number, row[ROW], _choose_column(rule, plan, row), make_row_finding(rule, plan, row))


def _choose_column(rule: Rule, plan: Plan, row: Mapping[str, Any]) -> str:
    """The column at which a finding points; of our own tables the first one that is filled, as for a check in memory."""
    columns = select_highlighted_columns(rule, row)
    filled = () if plan.partial else (name for name in columns if format_cell(row, name))
    return next(iter(filled), next(iter(columns), ""))


def list_rows(frame: pl.DataFrame) -> list[dict[str, Any]]:
    """Return the rows as dictionaries. Python has no year 0, which polars has; and not every engine has a zero below zero."""
    days = [pl.when(pl.col(n).dt.year() > 0).then(pl.col(n)).alias(n) for n, t in frame.schema.items() if t == pl.Date]
    zeros = [
        pl.when(pl.col(n) == 0).then(0.0).otherwise(pl.col(n)).alias(n) for n, t in frame.schema.items() if t.is_float()
    ]
    return frame.with_columns(*days, *zeros).rows(named=True)


def make_row_finding(rule: Rule, plan: Plan, row: Mapping[str, Any]) -> Finding:
    """Return the finding of a rule for a row that failed it, without its place."""
    columns = select_highlighted_columns(rule, row)
    value = format_cell(row, columns[0]) if columns else ""
    return make_rule_finding(rule, row, format_record_key(plan, row), columns, value)


def format_record_key(plan: Plan, row: Mapping[str, Any]) -> str:
    """Return the key of a row as it is written; the number of the row, from 1, where there is none."""
    cells = [format_cell(row, name) for name in plan.key]
    return "|".join(cells) if cells and all(cells) else f"row {row[ROW] + 1}"


def format_cell(row: Mapping[str, Any], name: str) -> str:
    """Return the text of a cell as in the file, as far as the row has it."""
    value = row.get(name_raw_column(name))
    value = row.get(name) if value is None else value
    if value is None:
        return ""
    return format_number(value) if isinstance(value, float) else str(value)


def _make_cell_finding(plan: Plan, part: Part, flagged: pl.DataFrame, fault: CellFault) -> PendingFinding:
    columns = [n for key in (*plan.key, fault.column) for n in (key, name_raw_column(key)) if n in flagged.columns]
    names = list(dict.fromkeys([ROW, *columns]))
    row = dict(
        zip(names, flagged.select(names).with_columns(pl.col(pl.Date).cast(pl.String)).row(fault.row), strict=True)
    )
    finding = fault.make_finding(plan.table, format_record_key(plan, row))
    return PendingFinding(part.number, row[ROW], fault.column, finding)


def _compute_cell_starts(plan: Plan, part: Part, flagged: pl.DataFrame) -> dict[int, dict[str, int]]:
    """By row and column, the character of the line at which the cell begins, from 1; no cell of the file is quoted."""
    named = {c.column: c for c in plan.columns}
    lengths = flagged.select(
        ROW, *(_select_text(named[name], part).str.len_chars().alias(name) for name in part.columns)
    )
    found = {}
    for row, *cells in lengths.iter_rows():
        starts = accumulate((length or 0) + 1 for length in cells[:-1])
        found[row] = dict(zip(part.columns, (1, *(start + 1 for start in starts)), strict=True))
    return found


def _select_text(c: Constraint, part: Part) -> pl.Expr:
    """The text of a column of rows that were flagged, as in the file."""
    if c.kind in TEXT_KINDS:
        return pl.col(name_raw_column(c.column) if part.has_raw else c.column)
    if c.column in part.typed:
        return pl.col(c.column).cast(pl.String)
    dtype = part.types.get(c.column, pl.String())
    if dtype == pl.String:
        return pl.col(name_raw_column(c.column))
    name = name_raw_column(c.column) if c.column in part.is_text else c.column
    return cast_to_text(replace(c, column=name), dtype)


def make_reference_rule(plan: Plan, reference: Reference) -> Rule:
    """Return the rule of a reference."""
    column = reference.column
    return Rule(
        id=reference.format_rule_id(plan.table), table=plan.table, severity="error", fields=(column,),
        check=nw.lit(True),
        message=f"{column} is {{{column}}}, and there is no such {reference.target}",
        hint=reference.hint.replace("{", "{{").replace("}", "}}"), why=_WHY_RESOLVES,
    )  # fmt: skip


def make_key_rule(plan: Plan) -> Rule:
    """Return the rule that a key is unique."""
    shown = " | ".join(f"{{{name}}}" for name in plan.key)
    return Rule(
        id=f"{plan.table}.key-unique", table=plan.table, severity="error", fields=plan.key,
        check=nw.lit(True),  # the engines look for them
        message=f"{{times}} rows have the {' | '.join(plan.key)} {shown}; the first is {{first}}",
        hint="Keep one of them, or give each its own key.",
        why="A key names one record; where two share it, every join counts their rows twice.",
    )  # fmt: skip
