"""Judging files of a profile: cells against its model, then its rules, by the engine that judges our own tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import narwhals.stable.v1 as nw
import polars as pl

from conflictdata.datasets._helpers import IN_FUTURE, ROW, SPOT
from conflictdata.datasets.profile import ProfileTable
from conflictdata.findings import Finding, Place, Report, Tally
from conflictdata.readers import day_forms
from conflictdata.readers.normalize import RAW, drop_missing, normalize_cells
from conflictdata.readers.sheet import SourceTable
from conflictdata.rules.base import VERDICT, Rule, add_optional_columns
from conflictdata.schema.columns import Constraint
from conflictdata.validation.cells import check_columns
from conflictdata.validation.day_columns import DAY_COLUMN, OddColumn, is_odd, judge_days
from conflictdata.validation.evaluate import Engine, format_message, make_release, wrap_frame
from conflictdata.validation.joined_files import find_joined
from conflictdata.validation.not_evaluated import describe_missing_columns, find_core_gaps
from conflictdata.validation.whole_columns import CellCount, make_whole_finding


@dataclass
class MappedTable:
    """A file that is judged as a table of a profile.

    Attributes:
        table: the table.
        sheet: the file.
        names: the file's own name of each of its columns that the table knows, by ours.
        values: its cells in their types, with `ROW`, once they have been read.
        faulty: for each row, the columns whose cells could not be read.
        odd: columns of days with cells that are not in a form that the makers publish, or in two, and columns most of whose
            cells break one rule.
        reasons: for each row that is not sound, the rule that it breaks first.
    """

    table: ProfileTable
    sheet: SourceTable
    names: dict[str, str]
    values: pl.DataFrame
    faulty: dict[int, set[str]]
    odd: list[OddColumn] = field(default_factory=list)
    reasons: dict[int, str] = field(default_factory=dict)

    @property
    def columns(self) -> tuple[Constraint, ...]:
        """What the columns that the file has may hold."""
        return tuple(c for c in self.table.columns if c.column in self.names)

    @property
    def lost(self) -> list[str]:
        """Return the columns of which no cell is read."""
        return [odd.column for odd in self.odd if odd.is_whole]

    def format_key(self, row: int) -> str:
        """Return the key of a row as the file has it; its number, from 1, if the file has no key."""
        if not set(self.table.key) <= set(self.names):
            return f"row {row + 1}"
        return "|".join(str(self.sheet.frame[self.names[column]][row]) for column in self.table.key)

    def get_text(self, row: int, column: str) -> str:
        """Return the text of a cell as the file has it."""
        return str(self.sheet.frame[self.names[column]][row] or "") if column in self.names else ""

    def place(self, row: int, column: str) -> Place:
        """Return the place of a cell, or of the row if the file lacks the column."""
        return self.sheet.place(row, (self.names.get(column, ""),))


def check_tables(
    sheets: Iterable[tuple[ProfileTable, SourceTable]], *, engine: Engine = "polars", released_on: dt.date | None = None
) -> Report:
    """Judge files of one profile together, at most one of each table.

    Args:
        sheets: the files, each with the table that it is.
        engine: what the rules run on.
        released_on: the day up to which things may have happened; today where it is not given.
    """
    report = Report()
    files = [_map_table(table, sheet) for table, sheet in sheets]
    report.files = len(files)
    for mapped in files:
        report.add(mapped.sheet.findings)
        if mapped.sheet.columns:
            _report_missing_columns(mapped, report)
        _check_cells(mapped, report)
        report.counts[mapped.table.name] = mapped.sheet.frame.height
    _evaluate_rules(files, report, engine, released_on or dt.date.today())
    _report_joined_files(report)
    report.sort()
    return report


def _report_joined_files(report: Report) -> None:
    """Put one finding in place of those that follow from a line that repeats the header."""
    for joined in find_joined(report.findings):
        others = joined.take(report.findings)
        report.findings = [joined.make_finding() if f is joined.header else f for f in others]
        for rule, number in joined.repeats.items():
            report.add_tally(rule, Tally(invalid=-number, unknown=number))


def cast_table(table: ProfileTable, sheet: SourceTable) -> pl.DataFrame:
    """A file in its types, as the rules see it: `ROW`, the columns that the table knows, `raw:` texts next to numbers and days.

    A cell that cannot be read is null.
    """
    mapped = _map_table(table, sheet)
    _check_cells(mapped, Report())
    return mapped.values


def find_unreadable_rows(
    table: ProfileTable, sheet: SourceTable, released_on: dt.date | None = None
) -> tuple[MappedTable, list[Finding], set[int]]:
    """A file in its types, and what is wrong with single rows of it. Its columns of days may be `odd`.

    Args:
        table: the table.
        sheet: the file.
        released_on: the day up to which things may have happened; today where it is not given.

    Returns:
        The file; a finding for each cell that cannot be read, and for each row that breaks a rule which no release breaks;
        the numbers of these rows. Rules that hold rows against one another are not asked.
    """
    mapped, report = _map_table(table, sheet), Report()
    _check_cells(mapped, report)
    bad = set(mapped.faulty)
    rules = [r for r in table.rules if r.severity == "error" and r.is_applicable(mapped.names.keys())]
    frames = {table.name: wrap_frame(mapped.values, "polars"), "release": _make_release(released_on, "polars")}
    future = [r for r in rules if r.id.endswith(f".{IN_FUTURE}") and not set(mapped.lost) & set(r.fields)]
    judged_rules = [
        *_evaluate_row_rules([r for r in rules if r.is_row_rule], mapped, frames),
        *((r, r.check(frames).collect().to_polars()) for r in future),  # type: ignore[operator]
    ]
    for rule, judged in judged_rules:
        if found := _make_findings(rule, judged, mapped, frames, report):
            report.add(found)
            rows = judged.filter(~pl.col(VERDICT).cast(pl.Boolean))[ROW]
            mapped.reasons = {**dict.fromkeys(rows, rule.id), **mapped.reasons}
            bad |= set(rows)
    return mapped, report.findings, bad


def _make_release(released_on: dt.date | None, engine: Engine) -> nw.LazyFrame[Any]:
    return wrap_frame(make_release(released_on or dt.date.today()), engine)


def _map_table(table: ProfileTable, sheet: SourceTable) -> MappedTable:
    names = {ours: theirs for theirs, ours in table.map_columns(sheet.columns).items()}
    return MappedTable(table, sheet, names, pl.DataFrame(), {})


def _report_missing_columns(mapped: MappedTable, report: Report) -> None:
    """Report the rules that the file lacks a column for."""
    rules, names = mapped.table.rules, mapped.names
    unknown = [name for name in mapped.sheet.columns if name not in names.values()]
    report.add(find_core_gaps(rules, mapped.table.core, unknown, names, mapped.sheet.file, mapped.sheet.noun))
    report.not_evaluated += describe_missing_columns(rules, names)


def _check_cells(mapped: MappedTable, report: Report) -> None:
    frame = mapped.sheet.frame.rename({theirs: ours for ours, theirs in mapped.names.items() if theirs != ours})
    mapped.odd = [odd for c in mapped.columns if c.kind == "date" and (odd := _find_odd_days(mapped, c, frame))]
    no_days = mapped.lost
    columns = tuple(c for c in mapped.columns if c.column not in no_days)
    texts = normalize_cells(mapped.table, columns, frame) if columns else pl.DataFrame()
    values, faults, tallies = check_columns(columns, texts, report=partial(_report_whole_column, mapped))
    reported = [odd for odd in mapped.odd if not odd.is_single]
    report.add([odd.finding for odd in reported])
    for odd in reported:
        report.add_tally(odd.finding.rule, Tally(invalid=1))
    # The cells of a lost column are not known: the rules that need them return unknown.
    empty = [pl.Series(name, [None] * frame.height, dtype=pl.Date) for name in no_days]
    values = pl.concat([values, pl.DataFrame(empty)], how="horizontal").select(c.column for c in mapped.columns)
    if lost := mapped.lost:
        mapped.faulty.update({row: set(lost) for row in range(frame.height)})
    numbers = [c.column for c in mapped.columns if c.kind in ("count", "number", "date")]
    raw = frame.select(pl.col(name).alias(RAW + name) for name in numbers)
    mapped.values = pl.concat([values, raw], how="horizontal").with_row_index(ROW)
    for rule, tally in tallies.items():
        report.add_tally(rule, tally)
    partly = {odd.column for odd in reported if odd.finding.rule == DAY_COLUMN}
    for fault in faults:
        mapped.faulty.setdefault(fault.row, set()).add(fault.column)
        mapped.reasons.setdefault(fault.row, fault.rule)
        if fault.column in partly and fault.rule == "cells.date" and is_odd(fault.value, tuple(mapped.table.day_forms)):
            report.add_tally(fault.rule, Tally(invalid=-1, unknown=1))
            continue  # the finding on the column tells of it
        # The finding shows the cell as the file has it.
        place = mapped.place(fault.row, fault.column)
        record = mapped.format_key(fault.row)
        report.add([
            Finding(fault.rule, "error", fault.message, fault.hint, mapped.table.name, record, (fault.column,), fault.value, place)
        ])  # fmt: skip


def _report_whole_column(mapped: MappedTable, c: Constraint, texts: pl.Series, judged: pl.Series) -> bool:
    """Report a column most of whose cells break one rule as one finding; return whether it is one."""
    count = CellCount()
    count.add(texts, judged)
    if not (rule := count.find_common_rule()):
        return False
    row = count.first[rule][0]
    finding = make_whole_finding(
        c, count, table=mapped.table.name, record=mapped.format_key(row), place=mapped.place(row, c.column)
    )
    mapped.odd.append(OddColumn(c.column, is_whole=True, is_single=False, finding=finding))
    return True


def _find_odd_days(mapped: MappedTable, c: Constraint, frame: pl.DataFrame) -> OddColumn | None:
    """Find what is wrong with a column of days."""
    texts = frame.select(drop_missing(mapped.table, c)).to_series()
    found = day_forms.find_odd(texts, mapped.table.day_forms)
    if not found:
        return None
    return judge_days(
        c.column, found, texts.len() - texts.null_count(), forms=mapped.table.day_forms, table=mapped.table.name,
        record=mapped.format_key(found[0].rows[0]), locate=lambda row: mapped.place(row, c.column),
    )  # fmt: skip


def _evaluate_rules(files: Sequence[MappedTable], report: Report, engine: Engine, released_on: dt.date) -> None:
    frames = {mapped.table.name: wrap_frame(mapped.values, engine) for mapped in files if mapped.values.width > 1}
    frames["release"] = _make_release(released_on, engine)
    for mapped in files:
        if mapped.table.name in frames:
            for rule, judged in _iterate_evaluated(mapped, frames):
                report.add(_make_findings(rule, judged, mapped, frames, report))


def _iterate_evaluated(
    mapped: MappedTable, frames: Mapping[str, nw.LazyFrame[Any]]
) -> Iterator[tuple[Rule, pl.DataFrame]]:
    """What each rule says of each row; row rules share a pass."""
    rules = [
        r for r in mapped.table.rules if r.is_applicable(mapped.names.keys()) and set(r.requires_tables) <= set(frames)
    ]
    yield from _evaluate_row_rules([rule for rule in rules if rule.is_row_rule], mapped, frames)
    for rule in rules:
        if not rule.is_row_rule and set(mapped.lost) & set(rule.fields):
            yield rule, mapped.values.select(ROW, pl.lit(None, dtype=pl.Boolean).alias(VERDICT))
        elif not rule.is_row_rule:
            judged = rule.check(frames).collect().to_polars()  # type: ignore[operator]
            yield rule, judged.with_columns(pl.col(VERDICT).cast(pl.Boolean))


def _evaluate_row_rules(
    rules: Sequence[Rule], mapped: MappedTable, frames: Mapping[str, nw.LazyFrame[Any]]
) -> Iterator[tuple[Rule, pl.DataFrame]]:
    if not rules:
        return
    verdicts = [rule.check.alias(f"{VERDICT}:{rule.id}") for rule in rules]  # type: ignore[union-attr]
    frame = add_optional_columns(frames[mapped.table.name], rules, mapped.names.keys())
    whole = frame.with_columns(*verdicts).collect().to_polars()
    for rule in rules:
        yield rule, whole.with_columns(pl.col(f"{VERDICT}:{rule.id}").cast(pl.Boolean).alias(VERDICT))


def _make_findings(
    rule: Rule, judged: pl.DataFrame, mapped: MappedTable, frames: Mapping[str, nw.LazyFrame[Any]], report: Report
) -> list[Finding]:
    verdicts = judged[VERDICT]
    failed = judged.filter(~pl.col(VERDICT))
    order = [ROW, SPOT] if SPOT in failed.columns else [ROW]
    rows = failed.sort(order).rows(named=True)
    # A failure that follows from a cell that cannot be read is unknown: one fault gives one finding.
    sure = [row for row in rows if not mapped.faulty.get(row[ROW], set()) & set(rule.fields)]
    valid = int(verdicts.sum())
    report.add_tally(rule.id, Tally(valid, len(sure), len(verdicts) - valid - len(sure)))
    explained = rule.explain(sure, frames) if rule.explain and sure else sure
    return [_make_finding(rule, row, mapped) for row in explained]


def _make_finding(rule: Rule, row: Mapping[str, Any], mapped: MappedTable) -> Finding:
    message, hint = format_message(rule, row)
    spot = str(row.get(SPOT) or "")
    fields = (spot, *(f for f in rule.fields if f != spot)) if spot else rule.fields
    at = row[ROW]
    first = fields[0] if fields else ""
    record, value = mapped.format_key(at), mapped.get_text(at, first)
    return Finding(
        rule.id, rule.severity, message, hint, mapped.table.name, record, fields, value, mapped.place(at, first)
    )
