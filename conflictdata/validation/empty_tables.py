"""Tables without rows: the finding `file.empty`, and what follows from it."""

from __future__ import annotations

from collections.abc import Mapping

from conflictdata.findings import Finding, Place, Report
from conflictdata.readers.sheet import LocatedTable
from conflictdata.rules.file_rules import make_file_finding
from conflictdata.schema.columns import list_tables, load_constraints


def make_empty_finding(place: Place, *, is_own: bool = False, has_header: bool = True) -> Finding:
    """Make the finding on a table without rows: a warning for a table of ours, an error for one of another dataset.

    Args:
        place: The file, or its header.
        is_own: Whether it is a table of ours.
        has_header: Whether the file has a header.
    """
    message = "the table has a header and no rows" if has_header else "the file holds no records"
    if is_own:
        return make_file_finding("file.empty", message, place, severity="warning")
    return make_file_finding("file.empty", message, place, hint="Check that the download is complete.")


def report_empty_tables(report: Report, sheets: Mapping[str, LocatedTable]) -> None:
    """Put one `file.empty` in place of the dangling keys that a table without rows causes."""
    for table, sheet in sheets.items():
        if sheet.frame.height:
            continue
        dangling = [f for f in report.findings if f.rule.endswith("-resolves") and _find_referenced(f) == table]
        if not dangling:
            continue
        report.findings = [f for f in report.findings if f not in dangling]
        cells = "1 cell names" if len(dangling) == 1 else f"{len(dangling):,} cells name"
        name = getattr(sheet, "file", "") or f"reference/{table}.csv"
        message = f"{table} has no rows, and {cells} its records"
        report.add([make_file_finding("file.empty", message, Place(name), hint="Give the table with its records.")])


def _find_referenced(finding: Finding) -> str:
    """Return the table whose key the first column of a finding holds."""
    limits = load_constraints(finding.table) if finding.table in list_tables() else ()
    return next((c.references for c in limits if c.column in finding.fields[:1]), "")
