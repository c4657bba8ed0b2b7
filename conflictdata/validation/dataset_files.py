"""Check files of other datasets: each table under the names of its profile, its columns of days, then the course of every check."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import narwhals.stable.v1 as nw
import polars as pl

from conflictdata.datasets._helpers import IN_FUTURE, ROW
from conflictdata.datasets.profile import ProfileTable
from conflictdata.findings import Finding, Place, Report, Tally
from conflictdata.readers import day_forms
from conflictdata.readers.normalize import RAW, drop_missing, normalize_cells
from conflictdata.readers.sheet import SourceTable
from conflictdata.rules.base import Frames, Row, Rule
from conflictdata.schema.columns import Constraint
from conflictdata.validation.cells import CellFault
from conflictdata.validation.checked_table import CheckedTable, report_cells, report_result
from conflictdata.validation.day_columns import DAY_COLUMN, is_odd, judge_days
from conflictdata.validation.evaluate import (
    Engine,
    evaluate_rules,
    explain_rows,
    make_release,
    make_rule_finding,
    select_applicable_rules,
    select_highlighted_columns,
    wrap_frame,
)
from conflictdata.validation.joined_files import find_joined
from conflictdata.validation.not_evaluated import describe_missing_columns, find_core_gaps
from conflictdata.validation.odd_columns import OddColumn, join_columns, list_findings
from conflictdata.validation.odd_rows import join_faults
from conflictdata.validation.suppression import FaultyCells
from conflictdata.validation.whole_columns import CellCount, make_whole_column


@dataclass
class MappedTable(CheckedTable):
    """A file that is checked as a table of a profile.

    Attributes:
        table: The table.
        sheet: The file.
        names: The file's own name of each of its columns that the table knows, by ours.
        values: Its cells in their types, with `ROW`, once they are checked.
        faulty: The cells that could not be read, by row.
        odd: Columns of days with cells that are not in a form that the makers publish, or in two, and columns most of whose
            cells break one rule.
        reasons: For each row that is not sound, the rule that it breaks first.
    """

    table: ProfileTable
    sheet: SourceTable
    names: dict[str, str]
    values: pl.DataFrame = field(default_factory=pl.DataFrame)
    faulty: FaultyCells[int] = field(default_factory=FaultyCells)
    odd: list[OddColumn] = field(default_factory=list)
    reasons: dict[int, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Return the name of the table."""
        return self.table.name

    @property
    def columns(self) -> tuple[Constraint, ...]:
        """Return what the columns that the file has may hold."""
        return tuple(c for c in self.table.columns if c.column in self.names)

    @property
    def lost(self) -> set[str]:
        """Return the columns of which no cell is read."""
        return {odd.column for odd in self.odd if odd.is_whole}

    @property
    def faulty_rows(self) -> set[int]:
        """Return the rows with a cell that could not be read."""
        return set(range(self.sheet.frame.height)) if self.lost else set(self.faulty.columns)

    @property
    def faulty_columns(self) -> set[str]:
        """Return the columns with a cell that could not be read."""
        return self.lost.union(*self.faulty.columns.values())

    def format_key(self, row: int) -> str:
        """Return the key of a row as the file has it; its number, from 1, if the row has no key."""
        cells = [self.get_text(row, column) for column in self.table.key]
        return "|".join(cells) if cells and all(cells) else f"row {row + 1}"

    def get_text(self, row: int, column: str) -> str:
        """Return the text of a cell as the file has it."""
        return str(self.sheet.frame[self.names[column]][row] or "") if column in self.names else ""

    def place(self, row: int, columns: Sequence[str]) -> Place:
        """Return the place of a cell, or of the row if the file lacks the column."""
        return self.sheet.place(row, [self.names.get(column, "") for column in columns])

    def report_column(self, column: Constraint, texts: pl.Series, judged: pl.Series) -> bool:
        """Report a column most of whose cells break one rule as one finding; return whether it is one."""
        count = CellCount()
        count.add(texts, judged)
        if not (rule := count.find_common_rule()):
            return False
        row = count.first[rule][0]
        record, place = self.format_key(row), self.place(row, (column.column,))
        self.odd.append(make_whole_column(column, count, table=self.name, record=record, place=place))
        return True

    def note_fault(self, fault: CellFault) -> Place | None:
        """Note an unreadable cell. Return its place; None if another finding tells of it."""
        self.faulty.add(fault.row, (fault.column,))
        self.reasons.setdefault(fault.row, fault.rule)
        return None if self._is_reported(fault) else self.place(fault.row, (fault.column,))

    def select_tallies(self, tallies: Mapping[str, Tally], faults: Sequence[CellFault]) -> Mapping[str, Tally]:
        """Count the days of which one finding on the column tells as unknown."""
        if number := sum(map(self._is_reported, faults)):
            tallies["cells.date"].add(Tally(invalid=-number, unknown=number))
        return tallies

    def join_faults(self, faults: Sequence[CellFault], texts: pl.DataFrame) -> tuple[list[CellFault], list[CellFault]]:
        """Return the faults with one for each row most of whose cells cannot be read, and the faults that these replace."""
        open_faults = [fault for fault in faults if not self._is_reported(fault)]
        joined, replaced = join_faults(open_faults, [c for c in self.columns if c.column in texts.columns], texts)
        return [*joined, *(fault for fault in faults if self._is_reported(fault))], replaced

    def note_odd_rows(self, rows: set[int]) -> None:
        """Note rows of which no cell is read, neither by another rule nor as the form of a column of days."""
        for row in rows:
            self.faulty.add(row, self.names)
        self.odd = [odd for odd in self.odd if not (odd.is_single and odd.row in rows)]

    def _is_reported(self, fault: CellFault) -> bool:
        """Return whether one finding on a column of days tells of a cell."""
        if fault.rule != "cells.date" or not is_odd(fault.value, tuple(self.table.day_forms)):
            return False
        return any(
            odd.column == fault.column and odd.finding.rule == DAY_COLUMN and not odd.is_single for odd in self.odd
        )

    def filter_unsuppressed(self, rule: Rule, failed: Iterable[Row], frames: Frames) -> list[Row]:
        """Return the failures that do not follow from a cell that could not be read, explained."""
        if not self.lost.isdisjoint(rule.fields):
            return []
        return explain_rows(rule, [row for row in failed if not self.faulty.is_read(row[ROW], rule.fields)], frames)

    def make_finding(self, rule: Rule, row: Row) -> Finding:
        """Make the finding of a rule for a row that failed it. It shows the cell as the file has it."""
        at, columns = row[ROW], select_highlighted_columns(rule, row)
        value = self.get_text(at, columns[0]) if columns else ""
        return make_rule_finding(rule, row, self.format_key(at), columns, value, self.place(at, columns[:1]))


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
        report.counts[mapped.name] = mapped.sheet.frame.height
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
    """Return a file in its types, as the rules see it: `ROW`, the columns that the table knows, `raw:` texts next to numbers and days.

    A cell that cannot be read is null.
    """
    mapped = _map_table(table, sheet)
    _check_cells(mapped, Report())
    return mapped.values


def find_unreadable_rows(
    table: ProfileTable, sheet: SourceTable, released_on: dt.date | None = None
) -> tuple[MappedTable, list[Finding], set[int]]:
    """Return a file in its types, and what is wrong with single rows of it. Its columns of days may be `odd`.

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
    bad = mapped.faulty_rows
    rules = [r for r in table.rules if r.severity == "error" and r.is_applicable(mapped.names.keys())]
    frames = {table.name: wrap_frame(mapped.values, "polars"), "release": _make_release(released_on, "polars")}
    future = [r for r in rules if r.id.endswith(f".{IN_FUTURE}") and mapped.lost.isdisjoint(r.fields)]
    for some in ([r for r in rules if r.is_row_rule], future):
        for result in evaluate_rules(some, frames):
            if report_result(result, frames, mapped, report):
                rows = result.failed[ROW]
                mapped.reasons = {**dict.fromkeys(rows, result.rule.id), **mapped.reasons}
                bad |= set(rows)
    return mapped, report.findings, bad


def _make_release(released_on: dt.date | None, engine: Engine) -> nw.LazyFrame[Any]:
    return wrap_frame(make_release(released_on or dt.date.today()), engine)


def _map_table(table: ProfileTable, sheet: SourceTable) -> MappedTable:
    names = {ours: theirs for theirs, ours in table.map_columns(sheet.columns).items()}
    return MappedTable(table, sheet, names)


def _report_missing_columns(mapped: MappedTable, report: Report) -> None:
    """Report the rules that the file lacks a column for."""
    rules, names = mapped.table.rules, mapped.names
    unknown = [name for name in mapped.sheet.columns if name not in names.values()]
    report.add(find_core_gaps(rules, mapped.table.core, unknown, names, mapped.sheet.file, mapped.sheet.noun))
    report.not_evaluated += describe_missing_columns(rules, names)


def _check_cells(mapped: MappedTable, report: Report) -> None:
    """Check the cells of a file: first the forms of its days, then each cell."""
    frame = mapped.sheet.frame.rename({theirs: ours for ours, theirs in mapped.names.items() if theirs != ours})
    mapped.odd = [odd for c in mapped.columns if c.kind == "date" and (odd := _find_odd_days(mapped, c, frame))]
    no_days = mapped.lost
    columns = tuple(c for c in mapped.columns if c.column not in no_days)
    texts = normalize_cells(mapped.table, columns, frame) if columns else pl.DataFrame()
    report_cells(mapped, columns, texts, report)
    mapped.odd = join_columns(mapped.odd)
    for finding in list_findings(odd for odd in mapped.odd if not odd.is_single):
        report.add([finding])
        report.add_tally(finding.rule, Tally(invalid=1))
    # The cells of a lost column are not known: the rules that need them return unknown.
    empty = [pl.Series(name, [None] * frame.height, dtype=pl.Date) for name in no_days]
    values = pl.concat([mapped.values, pl.DataFrame(empty)], how="horizontal")
    numbers = [c.column for c in mapped.columns if c.kind in ("count", "number", "date")]
    raw = frame.select(pl.col(name).alias(RAW + name) for name in numbers)
    ordered = values.select(c.column for c in mapped.columns)
    mapped.values = pl.concat([ordered, raw], how="horizontal").with_row_index(ROW)


def _find_odd_days(mapped: MappedTable, c: Constraint, frame: pl.DataFrame) -> OddColumn | None:
    """Find what is wrong with a column of days."""
    texts = frame.select(drop_missing(mapped.table, c)).to_series()
    found = day_forms.find_odd(texts, mapped.table.day_forms)
    if not found:
        return None
    return judge_days(
        c.column, found, texts.len() - texts.null_count(), forms=mapped.table.day_forms, table=mapped.name,
        record=mapped.format_key(found[0].rows[0]), locate=lambda row: mapped.place(row, (c.column,)),
    )  # fmt: skip


def _evaluate_rules(files: Sequence[MappedTable], report: Report, engine: Engine, released_on: dt.date) -> None:
    """Evaluate the rules of files, and report their findings."""
    frames = {mapped.name: wrap_frame(mapped.values, engine) for mapped in files if mapped.values.width > 1}
    frames["release"] = _make_release(released_on, engine)
    for mapped in files:
        rules = [r for r in mapped.table.rules if r.is_applicable(mapped.names.keys())]
        rules = select_applicable_rules(rules, frames)
        undecided = [r for r in rules if not mapped.lost.isdisjoint(r.fields)]
        for rule in undecided:
            report.add_tally(rule.id, Tally(unknown=mapped.values.height))
        for result in evaluate_rules([r for r in rules if r not in undecided], frames):
            report_result(result, frames, mapped, report)
