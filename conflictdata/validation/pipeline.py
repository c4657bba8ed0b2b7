"""Checking: files to text, text to typed tables, tables to findings. Stage after stage, all findings of each at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from conflictdata.findings import Finding, Place, Report, Tally
from conflictdata.readers.normalize import convert_to_text
from conflictdata.readers.records import RecordDraft
from conflictdata.readers.tables import LocatedTable, RecordTable
from conflictdata.rules._compared_values import make_found
from conflictdata.rules.base import Rule
from conflictdata.schema.columns import list_key_columns, make_empty_frame
from conflictdata.schema.columns import list_tables as names
from conflictdata.schema.derived import fill_figures
from conflictdata.seeds import REFERENCE, Memory, Progress, read_seeds
from conflictdata.seeds.cache import Known
from conflictdata.validation import waivers
from conflictdata.validation.cells import CELL_RULES, check_cells
from conflictdata.validation.evaluate import (
    Engine,
    RuleRunner,
    format_message,
    format_record_key,
    select_highlighted_columns,
)
from conflictdata.validation.id_hints import TableNaming
from conflictdata.validation.incremental import Wanted, context
from conflictdata.validation.suppression import Suppressor, sort_by_priority


@dataclass
class ValidationTarget:
    """What is to be checked: sheets by table, what reading them found, and the draft where they come from seeds."""

    sheets: dict[str, LocatedTable]
    findings: list[Finding] = field(default_factory=list)
    draft: RecordDraft | None = None
    files: int = 0
    derive: bool = False  # seeds leave derived columns out
    only: frozenset[str] | None = None  # files whose findings are wanted; None: all
    memory: Memory | None = None  # of the seeds
    imported: bool = False  # the records are of somebody else's dataset
    released: bool = False  # the seeds may be those of an older release
    malformed_lines: dict[str, list[list[str]]] = field(default_factory=dict)  # by table, left out: not a record
    missing_columns: dict[str, frozenset[str]] = field(default_factory=dict)  # by table


@dataclass
class ValidationResult:
    """The outcome: the report, and the typed tables (whose cells may be null where they could not be read)."""

    report: Report
    tables: dict[str, pl.DataFrame]


def read_seeds_target(
    folder: Path,
    *,
    only: frozenset[str] | None = None,
    progress: Progress = iter,
    memory: Memory | None = None,
    released: bool = False,
) -> ValidationTarget:
    """A folder of seeds, or (`only`) some of its files in the light of the others; `memory` as in `read_seeds`.

    `released`: they may be those of an older release, whose waivers need not say what they cover (`waivers.WaiverTexts`).
    """
    draft = read_seeds(folder, progress=progress, memory=memory)
    lost = {f"reference/{table}.csv" for table in REFERENCE}
    missing = {f.place.file for f in draft.findings if f.rule == "seed.missing-table" and f.place}
    gone = {Path(m).stem for m in missing if any(m.endswith(name) for name in lost)}
    sheets: dict[str, LocatedTable] = {table: RecordTable(draft, table) for table in names() if table not in gone}
    files = len(draft.files)
    return ValidationTarget(
        sheets, draft.findings, draft, files, derive=True, only=only, memory=memory, released=released
    )


def validate_target(
    subject: ValidationTarget,
    *,
    engine: Engine = "polars",
    released_on: dt.date | None = None,
    progress: Progress = iter,
) -> ValidationResult:
    """Check a subject.

    Args:
        subject: the sheets.
        engine: what the rules run on: polars or pandas. The verdicts are the same.
        released_on: the day up to which things may have happened; today where it is not given.
        progress: wraps the rules while they are asked, to show a bar.
    """
    report = Report(files=subject.files)
    report.add(subject.findings)
    suppressor = Suppressor(subject.draft, subject.findings)
    for table, lines in subject.malformed_lines.items():
        for cells in lines:
            suppressor.add_malformed_line(table, cells)
    context_hash = _compute_context(subject)
    selection = _select_records(subject, context_hash)
    incomplete = {f.place.file for f in report.findings if f.place and f.rule.startswith(("seed.", "csv."))}
    tables = {
        table: _check_cells(table, subject, report, suppressor, selection, incomplete) for table in subject.sheets
    }
    if subject.derive and {"claims", "figures"} <= set(tables):
        kept = {t: make_empty_frame(t) for t in ("tolls", "toll_places") if t not in tables}
        tables["figures"] = fill_figures({**tables, **kept})
    heights = selection.heights if selection else {table: frame.height for table, frame in tables.items()}
    report.counts = {table: heights[table] for table in names() if table in tables}
    runner = RuleRunner(tables, selection, engine, released_on or dt.date.today(), progress, subject.imported)
    _evaluate_rules(report, subject, tables, suppressor, runner)
    _remember(subject, context_hash, runner, report)
    if "flags" in subject.sheets:
        given = waivers.WaiverTexts.read(subject.draft, is_released=subject.released) if subject.draft else None
        waivers.apply_waivers(report, subject.sheets["flags"], tables, suppressor, given)
    if subject.only is not None:
        report.findings = [f for f in report.findings if f.place and f.place.file in subject.only]
        report.waived = [f for f in report.waived if f.place and f.place.file in subject.only]
    report.sort()
    return ValidationResult(report, tables)


def _compute_context(subject: ValidationTarget) -> str:
    """Beside what the pages are checked; empty where nothing is remembered."""
    if subject.memory is None or not subject.memory.works:
        return ""
    return context({table: sheet.frame for table, sheet in subject.sheets.items()})


def _select_records(subject: ValidationTarget, context_hash: str) -> Wanted | None:
    """The records that are wanted; None where all are. Whether a waiver is used, only all findings can say."""
    if subject.only is None or subject.draft is None:
        return None
    known = subject.memory.known(context_hash) if subject.memory else Known()
    selection = Wanted(subject.draft, subject.only, known, subject.sheets)
    return None if selection.heights.get("flags") else selection


def _remember(subject: ValidationTarget, context_hash: str, runner: RuleRunner, report: Report) -> None:
    """Renew the memory of the seeds, where it is time."""
    if subject.draft is None or subject.memory is None or not subject.memory.is_due(context_hash):
        return
    of_tables = (
        (subject.draft.keys(table), records) for table, records in runner.records_with_findings.items() if records
    )
    files_with_findings = {file for keys, records in of_tables for record, file, _ in keys if record in records}
    files_with_findings |= {
        finding.place.file for finding in report.findings if finding.rule in CELL_RULES and finding.place
    }
    subject.memory.renew(context_hash, files_with_findings, runner.clean_rules)


def _check_cells(
    table: str,
    target: ValidationTarget,
    report: Report,
    suppressor: Suppressor,
    selection: Wanted | None,
    incomplete: Collection[str],
) -> pl.DataFrame:
    """Judge the cells of a table. In the files of `incomplete` the reader has reported missing keys already."""
    sheet, judge = target.sheets[table], selection.check_cells if selection else check_cells
    frame, faults, tallies = judge(
        table, sheet.frame, TableNaming(table, target.sheets, is_seed=target.draft is not None)
    )
    for rule, tally in tallies.items():
        _add_tally(report, rule, tally)
    for fault in faults:
        row = frame.row(fault.row, named=True)
        record = "|".join(str(row[c]) for c in list_key_columns(table))
        place = sheet.place(fault.row, (fault.column,))
        suppressor.add_cell(table, record, fault.column, fault.value, row)
        # What has been reported as a missing key or column is not reported again as an empty cell.
        missing = target.missing_columns.get(table)
        reported = place.file in incomplete if missing is None else fault.column in missing
        if fault.rule == "cells.required" and reported:
            continue
        report.add(
            [
                Finding(
                    fault.rule, "error", fault.message, fault.hint, table, record, (fault.column,), fault.value, place
                )
            ]
        )
    return frame


def _add_tally(report: Report, rule: str, tally: Tally) -> None:
    total = report.evaluated.setdefault(rule, Tally())
    total.valid += tally.valid
    total.invalid += tally.invalid
    total.unknown += tally.unknown


def _evaluate_rules(
    report: Report,
    subject: ValidationTarget,
    tables: Mapping[str, pl.DataFrame],
    suppressor: Suppressor,
    runner: RuleRunner,
) -> None:
    row_index = _RowIndex(tables)
    for rule_context, result in sort_by_priority(runner.iterate_results()):
        rule, tally = result.rule, result.tally
        unsuppressed = suppressor.filter_unsuppressed(rule, result.failed.iter_rows(named=True), rule_context)
        for row in unsuppressed:
            record = _choose_record(rule, row)
            # A finding that is not wanted needs no place; a waiver may still mean it.
            at = row_index.find_row(rule.table, record) if runner.is_selected(rule.table, record) else None
            found = make_found(rule, row) if subject.draft else ""
            report.add([_make_finding(rule, row, subject.sheets[rule.table], at, found)])
        # A failure that follows from what is broken already is unknown.
        invalid = sum(runner.is_selected(rule.table, format_record_key(rule, row)) for row in unsuppressed)
        _add_tally(report, rule.id, Tally(tally.valid, invalid, tally.unknown + tally.invalid - invalid))


class _RowIndex:
    """The rows of records, by table and key; looked up in tables of which something is found."""

    def __init__(self, tables: Mapping[str, pl.DataFrame]) -> None:
        self._tables = tables
        self._rows: dict[str, dict[str, int]] = {}

    def find_row(self, table: str, record: str) -> int | None:
        """The row of a record; None where there is none."""
        if table not in self._rows:
            columns = [pl.col(c).cast(pl.String).fill_null("None") for c in list_key_columns(table)]
            keys = self._tables[table].select(pl.concat_str(columns, separator="|").alias("k"))["k"]
            self._rows[table] = {k: n for n, k in enumerate(keys)}
        return self._rows[table].get(record)


def _choose_record(rule: Rule, row: Mapping[str, Any]) -> str:
    """Return the record of a finding: the total of a sum, unless one part is plainly the error."""
    return str(row.get("culprit") or format_record_key(rule, row))


def _make_finding(rule: Rule, row: Mapping[str, Any], sheet: LocatedTable, at: int | None, found: str) -> Finding:
    """A finding; `at` is the row of the sheet at which it stands, None where it has no place; `found` is for its waiver."""
    record = format_record_key(rule, row)
    place = sheet.place(at, select_highlighted_columns(rule, row)) if at is not None else None
    value = row.get(rule.fields[0]) if rule.fields else None
    message, hint = format_message(rule, row)
    text = "" if value is None else str(value)
    return Finding(rule.id, rule.severity, message, hint, rule.table, record, rule.fields, text, place, found)


class _FrameTable:
    """A table that is in no file yet."""

    def __init__(self, frame: pl.DataFrame, table: str) -> None:
        self.frame = convert_to_text(frame, table)

    def place(self, row: int, fields: tuple[str, ...] = ()) -> Place:  # noqa: ARG002 - there is no file
        """Nowhere."""
        return Place("")


def validate_imported(
    tables: Mapping[str, pl.DataFrame], released_on: dt.date, progress: Progress, files: int
) -> Report:
    """What all rules say of the tables that were made of so many files, as records of somebody else's dataset."""
    sheets: dict[str, LocatedTable] = {table: _FrameTable(frame, table) for table, frame in tables.items()}
    subject = ValidationTarget(sheets, files=files, imported=True)
    return validate_target(subject, released_on=released_on, progress=progress).report
