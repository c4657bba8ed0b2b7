"""From the rows that failed to tallies and findings: the exact judgement of the few, in the words of the rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import accumulate
from typing import Any

import narwhals.stable.v1 as nw
import polars as pl

from conflictdata.findings import Finding, Tally
from conflictdata.rules.base import Rule
from conflictdata.schema.columns import Constraint
from conflictdata.validation.cells import Fault, judge_cells, judged_rules
from conflictdata.validation.evaluate import pointed, told
from conflictdata.validation.plan import Plan, Reference
from conflictdata.validation.scan.base import ROW, Batch, listed, raw, verdict
from conflictdata.validation.scan.files import Part
from conflictdata.validation.scan.polars import as_text, positional
from conflictdata.validation.scan.prefilter import TEXT_KINDS

_WHY_RESOLVES = "A name that no record has is a typing error, or a record that was never written."


class OtherForm(Exception):
    """A cell is written in a form that has to be read first (`Plan.canonical`)."""


@dataclass(frozen=True)
class Hit:
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
    """

    plan: Plan
    rows: int = 0
    waiting: int = 0
    tallies: dict[str, Tally] = field(default_factory=dict)
    _flagged: list[pl.DataFrame] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._rules = [*self.plan.row_rules, *(resolving(self.plan, r) for r in listed(self.plan))]
        self._cell_rules = {rule: len(columns) for rule, columns in judged_rules(self.plan.columns).items()}
        for rule in (*self._cell_rules, *(r.id for r in self._rules)):
            self.tallies.setdefault(rule, Tally())

    def take(self, batch: Batch) -> None:
        """Count a batch, and keep the rows that failed for `judged`."""
        self.rows += batch.rows
        for rule, columns in self._cell_rules.items():
            self.tallies[rule].valid += batch.rows * columns
        for rule_ in self._rules:
            valid, unknown = batch.valid[verdict(rule_.id)], batch.unknown[verdict(rule_.id)]
            tally = self.tallies[rule_.id]
            tally.valid, tally.unknown = tally.valid + valid, tally.unknown + unknown
            tally.invalid += batch.rows - valid - unknown
        if batch.flagged.height:
            self._flagged.append(batch.flagged)
            self.waiting += batch.flagged.height

    def judged(self, part: Part, wanted: frozenset[str]) -> list[Hit]:
        """Judge the rows that were kept, exactly.

        Args:
            part: their file.
            wanted: the severities whose findings are to be worded.

        Returns:
            The findings, in order of row.
        """
        if not self._flagged:
            return []
        flagged, self._flagged, self.waiting = pl.concat(self._flagged), [], 0
        broken = self._cells(part, flagged)
        hits = [_cell_hit(self.plan, part, flagged, fault) for fault in broken] if "error" in wanted else []
        by_row: dict[int, set[str]] = {}
        for fault in broken:
            by_row.setdefault(fault.row, set()).add(fault.column)
        for rule in self._rules:
            hits += self._rule(rule, part, flagged, by_row, worded=rule.severity in wanted)
        if part.typed:
            begins = _begins(self.plan, part, flagged)
            hits = [replace(hit, character=begins[hit.row].get(hit.column, 1)) for hit in hits]
        return sorted(hits, key=lambda hit: hit.row)

    def _cells(self, part: Part, flagged: pl.DataFrame) -> list[Fault]:
        texts = flagged.select(_text(c, part).alias(c.column) for c in self.plan.columns)
        if self.plan.canonical is not None:
            read = self.plan.canonical(self.plan.columns, texts)
            if not part.has_raw and not read.equals(texts, null_equal=True):
                raise OtherForm
            texts = read
        faults = judge_cells(self.plan.columns, texts)[1]
        for rule, number in Counter(fault.rule for fault in faults).items():
            self.tallies[rule].valid -= number
            self.tallies[rule].invalid += number
        return faults

    def _rule(
        self, rule: Rule, part: Part, flagged: pl.DataFrame, broken: Mapping[int, set[str]], *, worded: bool
    ) -> Iterator[Hit]:
        at = (~flagged[verdict(rule.id)].fill_null(value=True)).arg_true().to_list()
        # A failure that follows from a cell that is wrong already is unknown: one fault gives one finding.
        sure = [row for row in at if not broken.get(row, set()) & set(rule.fields)]
        tally = self.tallies[rule.id]
        tally.invalid -= len(at) - len(sure)
        tally.unknown += len(at) - len(sure)
        if sure and worded:
            yield from _rule_hits(rule, self.plan, part, flagged[sure])


def _rule_hits(rule: Rule, plan: Plan, part: Part, failed: pl.DataFrame) -> Iterator[Hit]:
    rows = rows_of(failed)
    if rule.explain is not None:
        rows = rule.explain(rows, {plan.table: nw.from_native(failed.lazy())})
    for row in rows:
        finding = finding_of(rule, plan, row)
        yield Hit(part.number, row[ROW], _column_of(rule, plan, row), finding)


def _column_of(rule: Rule, plan: Plan, row: Mapping[str, Any]) -> str:
    """The column at which a finding points; of our own tables the first one that is filled, as for a check in memory."""
    if plan.partial:
        return next(iter(pointed_at(rule, row)), "")
    fields = pointed(rule, row)
    return next((name for name in fields if written(row, name)), next(iter(fields), ""))


def rows_of(frame: pl.DataFrame) -> list[dict[str, Any]]:
    """The rows as dictionaries. Python has no year 0, which polars has; and not every engine has a zero below zero."""
    days = [pl.when(pl.col(n).dt.year() > 0).then(pl.col(n)).alias(n) for n, t in frame.schema.items() if t == pl.Date]
    zeros = [
        pl.when(pl.col(n) == 0).then(0.0).otherwise(pl.col(n)).alias(n) for n, t in frame.schema.items() if t.is_float()
    ]
    return frame.with_columns(*days, *zeros).rows(named=True)


def finding_of(rule: Rule, plan: Plan, row: Mapping[str, Any]) -> Finding:
    """The finding of a rule for a row that failed it, without its place."""
    message, hint = told(rule, row)
    fields = pointed_at(rule, row)
    value = written(row, fields[0]) if fields else ""
    return Finding(rule.id, rule.severity, message, hint, plan.table, record_of(plan, row), fields, value)


def pointed_at(rule: Rule, row: Mapping[str, Any]) -> tuple[str, ...]:
    """The columns at which a finding points: the one that the row names (`spot`), then those of the rule."""
    spot = str(row.get("spot") or "")
    return (spot, *(name for name in rule.fields if name != spot)) if spot else rule.fields


def record_of(plan: Plan, row: Mapping[str, Any]) -> str:
    """The key of a row as it is written; the number of the row, from 1, where there is none."""
    if not plan.key:
        return f"row {row[ROW] + 1}"
    return "|".join(written(row, name, "None") for name in plan.key)


def written(row: Mapping[str, Any], name: str, empty: str = "") -> str:
    """The text of a cell as it stands in the file, as far as the row has it."""
    value = row.get(raw(name))
    value = row.get(name) if value is None else value
    if value is None:
        return empty
    return positional(value) if isinstance(value, float) else str(value)


def _cell_hit(plan: Plan, part: Part, flagged: pl.DataFrame, fault: Fault) -> Hit:
    wanted = [n for key in (*plan.key, fault.column) for n in (key, raw(key)) if n in flagged.columns]
    names = list(dict.fromkeys([ROW, *wanted]))
    row = dict(
        zip(names, flagged.select(names).with_columns(pl.col(pl.Date).cast(pl.String)).row(fault.row), strict=True)
    )
    record = record_of(plan, row)
    finding = Finding(fault.rule, "error", fault.message, fault.hint, plan.table, record, (fault.column,), fault.value)
    return Hit(part.number, row[ROW], fault.column, finding)


def _begins(plan: Plan, part: Part, flagged: pl.DataFrame) -> dict[int, dict[str, int]]:
    """By row and column, the character of the line at which the cell begins, from 1; no cell of the file is quoted."""
    named = {c.column: c for c in plan.columns}
    lengths = flagged.select(ROW, *(_text(named[name], part).str.len_chars().alias(name) for name in part.columns))
    found = {}
    for row, *cells in lengths.iter_rows():
        starts = accumulate((length or 0) + 1 for length in cells[:-1])
        found[row] = dict(zip(part.columns, (1, *(start + 1 for start in starts)), strict=True))
    return found


def _text(c: Constraint, part: Part) -> pl.Expr:
    """The text of a column of rows that were flagged, as it stands in the file."""
    if c.kind in TEXT_KINDS:
        return pl.col(raw(c.column) if part.has_raw else c.column)
    if c.column in part.typed:
        return pl.col(c.column).cast(pl.String)
    own = part.types.get(c.column, pl.String())
    if own == pl.String:
        return pl.col(raw(c.column))
    name = raw(c.column) if c.column in part.is_text else c.column
    return as_text(replace(c, column=name), own)


def resolving(plan: Plan, reference: Reference) -> Rule:
    """The rule of a reference."""
    column = reference.column
    return Rule(
        id=reference.rule(plan.table), number=46, table=plan.table, severity="error", fields=(column,),
        check=nw.lit(True),
        message=f"{column} is {{{column}}}, and there is no such {reference.target}",
        hint=reference.hint.replace("{", "{{").replace("}", "}}"), why=_WHY_RESOLVES,
    )  # fmt: skip


def key_rule(plan: Plan) -> Rule:
    """The rule that a key stands once."""
    shown = " | ".join(f"{{{name}}}" for name in plan.key)
    return Rule(
        id=f"{plan.table}.key-unique", number=46, table=plan.table, severity="error", fields=plan.key,
        check=nw.lit(True),  # the engines look for them
        message=f"{{times}} rows have the {' | '.join(plan.key)} {shown}; the first is {{first}}",
        hint="Keep one of them, or give each its own key.",
        why="A key names one record; where two share it, every join counts their rows twice.",
    )  # fmt: skip
