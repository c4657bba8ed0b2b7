"""The course of a check in memory: first the cells of each table, then the rules.

A subclass says where the cells of a table are and which of its findings follow from others. Our own tables (`pipeline`)
and those of other datasets (`dataset_files`) take this course. A scan (`scan.verdicts`) takes its steps for suspicious rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from conflictdata.findings import Finding, Place, Report, Tally
from conflictdata.rules.base import Frames, Row, Rule
from conflictdata.schema.columns import Constraint
from conflictdata.validation.cells import CellFault, Naming, check_columns
from conflictdata.validation.evaluate import RuleResult
from conflictdata.validation.odd_rows import ROW_UNREADABLE


class CheckedTable:
    """A table in the course of a check.

    Attributes:
        values: Its cells in their types, once they are checked. Unreadable cells are null.
        naming: How messages on cells name columns and records.
    """

    values: pl.DataFrame
    naming: Naming | None = None

    @property
    def name(self) -> str:
        """Return its name, as findings print it."""
        raise NotImplementedError

    def format_key(self, row: int) -> str:
        """Return the key of a row, as findings print it."""
        raise NotImplementedError

    def report_column(self, column: Constraint, texts: pl.Series, judged: pl.Series) -> bool:  # noqa: ARG002
        """Report the cells of a column as one finding; return whether it is one (`cells.check_columns`)."""
        return False

    def note_fault(self, fault: CellFault) -> Place | None:
        """Note an unreadable cell. Return its place; None if another finding tells of it."""
        raise NotImplementedError

    def select_tallies(self, tallies: Mapping[str, Tally], faults: Sequence[CellFault]) -> Mapping[str, Tally]:  # noqa: ARG002
        """Return what is counted of the cells."""
        return tallies

    def join_faults(self, faults: Sequence[CellFault], texts: pl.DataFrame) -> tuple[list[CellFault], list[CellFault]]:  # noqa: ARG002
        """Return the faults to report, and those that they replace (`odd_rows.join_faults`)."""
        return list(faults), []

    def note_odd_rows(self, rows: set[int]) -> None:
        """Note rows of which no cell is read."""

    def filter_unsuppressed(self, rule: Rule, failed: Iterable[Row], frames: Frames) -> list[Row]:
        """Return the failures to report, explained, without those that follow from an earlier finding."""
        raise NotImplementedError

    def make_finding(self, rule: Rule, row: Row) -> Finding:
        """Make the finding of a rule for a row that failed it."""
        raise NotImplementedError

    def is_counted(self, rule: Rule, row: Row) -> bool:  # noqa: ARG002
        """Return whether a row that failed a rule is counted."""
        return True


def report_cells(table: CheckedTable, columns: tuple[Constraint, ...], texts: pl.DataFrame, report: Report) -> None:
    """Check the cells of a table, and report what is wrong with them.

    Args:
        table: The table. Its `values` are set.
        columns: What its columns may hold.
        texts: Its cells as text; missing ones null.
        report: Takes the findings and the tallies.
    """
    table.values, faults, tallies = check_columns(columns, texts, table.naming, report=table.report_column)
    for rule, tally in table.select_tallies(tallies, faults).items():
        report.add_tally(rule, tally)
    reported, replaced = table.join_faults(faults, texts)
    for fault in reported:
        if (place := table.note_fault(fault)) is not None:
            report.add([fault.make_finding(table.name, table.format_key(fault.row), place)])
    for fault in replaced:
        report.add_tally(fault.rule, Tally(invalid=-1, unknown=1))
    if rows := {fault.row for fault in replaced}:
        table.note_odd_rows(rows)
        report.add_tally(ROW_UNREADABLE, Tally(invalid=len(rows)))


def report_result(result: RuleResult, frames: Frames, table: CheckedTable, report: Report) -> list[Finding]:
    """Report the failures of a rule, without those that follow from an earlier finding.

    Args:
        result: The result of the rule.
        frames: The frames it was evaluated on.
        table: The table whose records it checks.
        report: Takes the findings and the tally.

    Returns:
        The findings.
    """
    rule, tally = result.rule, result.tally
    rows = table.filter_unsuppressed(rule, result.failed.iter_rows(named=True), frames)
    findings = [table.make_finding(rule, row) for row in rows]
    report.add(findings)
    invalid = sum(table.is_counted(rule, row) for row in rows)
    # A failure that follows from an earlier finding counts as unknown.
    report.add_tally(rule.id, Tally(tally.valid, invalid, tally.unknown + tally.invalid - invalid))
    return findings
