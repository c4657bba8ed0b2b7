"""Validate a target: text to typed tables, tables to findings. Each stage reports all its findings."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl

from conflictdata.findings import Finding, Place, Report, Tally
from conflictdata.readers.normalize import convert_to_text
from conflictdata.readers.records import RecordDraft
from conflictdata.readers.tables import LocatedTable, RecordTable
from conflictdata.rules._compared_values import make_found
from conflictdata.rules.base import Rule
from conflictdata.rules.cell_rules import MIXED
from conflictdata.schema.columns import list_key_columns, make_empty_frame
from conflictdata.schema.columns import list_tables as names
from conflictdata.schema.derived import fill_figures
from conflictdata.seeds import REFERENCE, Progress, read_seeds
from conflictdata.validation import waivers
from conflictdata.validation.cells import check_cells
from conflictdata.validation.evaluate import (
    Engine,
    RuleRunner,
    format_message,
    format_record_key,
    select_highlighted_columns,
)
from conflictdata.validation.id_hints import TableNaming
from conflictdata.validation.selection import Selection
from conflictdata.validation.suppression import CLAIM_OF_FIGURE, Suppressor, is_reference_rule, sort_by_priority


@dataclass
class ValidationTarget:
    """Tables to validate, the findings of reading them, and for seeds the draft."""

    sheets: dict[str, LocatedTable]
    findings: list[Finding] = field(default_factory=list)
    draft: RecordDraft | None = None
    files: int = 0
    derive: bool = False  # whether to add the derived columns, which seeds leave out
    only: frozenset[str] | None = None  # files to report; None: all
    imported: bool = False  # whether the records are those of an imported dataset
    released: bool = False  # whether the seeds may be those of an older release
    malformed_lines: dict[str, list[list[str]]] = field(
        default_factory=dict
    )  # by table: lines left out, as they are not records
    missing_columns: dict[str, frozenset[str]] = field(default_factory=dict)  # by table


@dataclass
class ValidationResult:
    """Report, and typed tables. Unreadable cells are null."""

    report: Report
    tables: dict[str, pl.DataFrame]


def read_seeds_target(
    folder: Path,
    *,
    only: frozenset[str] | None = None,
    progress: Progress = iter,
    released: bool = False,
) -> ValidationTarget:
    """Read a folder of seeds.

    Args:
        folder: The folder.
        only: The files to report, by the names that findings print. None: all.
        progress: Wraps the files while they are read, to show a progress bar.
        released: Whether the seeds may be those of an older release (`waivers.WaiverTexts`).
    """
    draft = read_seeds(folder, progress=progress)
    lost = {f"reference/{table}.csv" for table in REFERENCE}
    missing = {f.place.file for f in draft.findings if f.rule == "seed.missing-table" and f.place}
    gone = {Path(m).stem for m in missing if any(m.endswith(name) for name in lost)}
    sheets: dict[str, LocatedTable] = {table: RecordTable(draft, table) for table in names() if table not in gone}
    files = len(draft.files)
    return ValidationTarget(sheets, draft.findings, draft, files, derive=True, only=only, released=released)


def validate_target(
    subject: ValidationTarget,
    *,
    engine: Engine = "polars",
    released_on: dt.date | None = None,
    progress: Progress = iter,
) -> ValidationResult:
    """Validate a target.

    Args:
        subject: The target.
        engine: Engine of the rules, polars or pandas. The verdicts are the same.
        released_on: Day up to which things may have happened. Default: today.
        progress: Wraps the batches of rules, to show a progress bar.
    """
    report = Report(files=subject.files)
    report.add(subject.findings)
    suppressor = Suppressor(subject.draft, subject.findings)
    for table, lines in subject.malformed_lines.items():
        for cells in lines:
            suppressor.add_malformed_line(table, cells)
    selection = _select_records(subject)
    incomplete = {f.place.file for f in report.findings if f.place and f.rule.startswith(("seed.", "csv."))}
    tables = {
        table: _check_cells(table, subject, report, suppressor, selection, incomplete) for table in subject.sheets
    }
    if subject.derive and {"claims", "figures"} <= set(tables):
        kept = {t: make_empty_frame(t) for t in ("tolls", "toll_places") if t not in tables}
        tables["figures"] = fill_figures({**tables, **kept})
    counts = selection.counts if selection else {table: frame.height for table, frame in tables.items()}
    report.counts = {table: counts[table] for table in names() if table in tables}
    runner = RuleRunner(tables, selection, engine, released_on or dt.date.today(), progress, subject.imported)
    _evaluate_rules(report, subject, tables, suppressor, runner)
    if "flags" in subject.sheets:
        given = waivers.WaiverTexts.read(subject.draft, is_released=subject.released) if subject.draft else None
        waivers.apply_waivers(report, subject.sheets["flags"], tables, suppressor, given)
    if subject.only is not None:
        report.findings = [f for f in report.findings if f.place and f.place.file in subject.only]
        report.waived = [f for f in report.waived if f.place and f.place.file in subject.only]
    report.findings = _merge_places(_merge_repeated(report.findings), subject, tables)
    report.sort()
    return ValidationResult(report, tables)


MIN_REPEATED = 3  # so many references to one missing record are one slip: of the record, not of each reference


def _merge_repeated(findings: list[Finding]) -> list[Finding]:
    """Keep the first of many references to the same missing record, such as a page that was renamed."""
    repeated: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in findings:
        if is_reference_rule(finding.rule) and finding.value and finding.place:
            repeated[finding.rule, finding.value].append(finding)
    first: dict[int, Finding] = {}
    for (rule, _), same in repeated.items():
        # A folder names the conflict of all its claims.
        if len(same) < MIN_REPEATED and (rule != "claims.conflict-id-resolves" or len({f.place for f in same}) < 2):
            continue
        same.sort(key=lambda f: (f.place.file, f.place.line, f.place.row, f.place.column) if f.place else ("",))
        note = f"; it is named in {len(same)} places"
        first |= dict.fromkeys(map(id, same), replace(same[0], message=same[0].message + note))
    kept = {id(merged): merged for merged in first.values()}
    return [f for f in findings if id(f) not in first] + list(kept.values())


_PLACE_RULE = "figures.child-within-place"


def _merge_places(
    findings: list[Finding], subject: ValidationTarget, tables: Mapping[str, pl.DataFrame]
) -> list[Finding]:
    """Report the place of a claim once if all of its figures with a place of their own lie outside it."""
    outside: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.rule == _PLACE_RULE and (hit := CLAIM_OF_FIGURE.match(finding.record)):
            outside[hit[0]].append(finding)
    if not outside or "claims" not in subject.sheets:
        return findings
    placed = tables["figures"].filter(pl.col("parent_id").is_not_null() & pl.col("location_id").is_not_null())
    placed = placed.filter(pl.col("relation") != "additional")
    expected = dict(placed.group_by("claim_id").len().iter_rows())
    rows = _RowIndex(tables)
    for claim, same in outside.items():
        at = rows.find_row("claims", claim)
        if len(same) < 2 or expected.get(claim) != len(same) or at is None:
            continue
        stated = tables["claims"]["location_id"][at]
        message = (
            f"all {len(same)} figures of {claim} with a place of their own lie outside {stated}, the place of the claim"
        )
        hint = "Correct `location:` of the claim, or name an area that holds all of them."
        place = subject.sheets["claims"].place(at, ("location_id",))
        value = str(stated)
        merged = Finding(_PLACE_RULE, "error", message, hint, "claims", claim, ("location_id",), value, place)
        findings = [f for f in findings if not any(f is one for one in same)] + [merged]
    return findings


def _select_records(subject: ValidationTarget) -> Selection | None:
    """Return the records to report, or None for all.

    A waiver file selects everything: its waivers may belong to any record.
    """
    if subject.only is None or subject.draft is None:
        return None
    selection = Selection(subject.draft, subject.only, subject.sheets)
    return None if selection.counts.get("flags") else selection


def _check_cells(
    table: str,
    target: ValidationTarget,
    report: Report,
    suppressor: Suppressor,
    selection: Selection | None,
    incomplete: Collection[str],
) -> pl.DataFrame:
    """Check the cells of a table, report its faults, and return the typed table.

    In the files of `incomplete` the reader has already reported missing keys.
    """
    sheet, naming = target.sheets[table], TableNaming(table, target.sheets, is_seed=target.draft is not None)
    frame, faults, tallies = check_cells(table, sheet.frame, naming)
    if selection:
        tallies = selection.select_tallies(table, tallies, faults)
    for rule, tally in tallies.items():
        report.add_tally(rule, tally)
    for fault in faults:
        if target.imported and fault.rule == MIXED:
            continue
        row = frame.row(fault.row, named=True)
        record = "|".join(str(row[c]) for c in list_key_columns(table))
        place = sheet.place(fault.row, (fault.column,))
        suppressor.add_cell(table, record, fault.column, fault.value, row)
        # What has been reported as a missing key or column is not reported again as an empty cell.
        missing = target.missing_columns.get(table)
        reported = place.file in incomplete if missing is None else fault.column in missing
        if fault.rule == "cells.required" and reported:
            continue
        if _is_character_reported(place, fault.value, target.findings):
            continue
        report.add(
            [
                Finding(
                    fault.rule, "error", fault.message, fault.hint, table, record, (fault.column,), fault.value, place
                )
            ]
        )
    return frame


# Rules of files that report one character of a cell.
_CHARACTER_RULES = frozenset({"file.normal-form", "file.control-character", "file.bidi", "file.tab"})


def _is_character_reported(place: Place, value: str, findings: Collection[Finding]) -> bool:
    """Return whether a character of a cell is an error of the file already."""
    inside = range(place.column, place.column + len(value) + 2)  # and its quotes
    return any(
        f.place.line == place.line and f.place.column in inside and f.place.file == place.file
        for f in findings
        if f.rule in _CHARACTER_RULES and f.place
    )


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
            # A finding that is not selected needs no place, but a waiver may name it.
            at = row_index.find_row(rule.table, record) if runner.is_selected(rule.table, record) else None
            found = make_found(rule, row) if subject.draft else ""
            report.add([_make_finding(rule, row, subject.sheets[rule.table], at, found)])
        # A failure that follows from an earlier finding counts as unknown.
        invalid = sum(runner.is_selected(rule.table, format_record_key(rule, row)) for row in unsuppressed)
        report.add_tally(rule.id, Tally(tally.valid, invalid, tally.unknown + tally.invalid - invalid))


class _RowIndex:
    """Row numbers of records, by table and key. Built for a table on its first finding."""

    def __init__(self, tables: Mapping[str, pl.DataFrame]) -> None:
        self._tables = tables
        self._rows: dict[str, dict[str, int]] = {}

    def find_row(self, table: str, record: str) -> int | None:
        """Return the row of a record, or None."""
        if table not in self._rows:
            columns = [pl.col(c).cast(pl.String).fill_null("None") for c in list_key_columns(table)]
            keys = self._tables[table].select(pl.concat_str(columns, separator="|").alias("k"))["k"]
            self._rows[table] = {k: n for n, k in enumerate(keys)}
        return self._rows[table].get(record)


def _choose_record(rule: Rule, row: Mapping[str, Any]) -> str:
    """Return the record of a finding: the total of a sum, unless one part is plainly the error."""
    return str(row.get("likely_error") or format_record_key(rule, row))


def _make_finding(rule: Rule, row: Mapping[str, Any], sheet: LocatedTable, at: int | None, found: str) -> Finding:
    """Return a finding. `at` is its row in the sheet, or None if it has no place; `found` is for its waiver."""
    record = format_record_key(rule, row)
    place = sheet.place(at, select_highlighted_columns(rule, row)) if at is not None else None
    value = row.get(rule.fields[0]) if rule.fields else None
    message, hint = format_message(rule, row)
    text = "" if value is None else str(value)
    return Finding(rule.id, rule.severity, message, hint, rule.table, record, rule.fields, text, place, found)


class _FrameTable:
    """Table without a file."""

    def __init__(self, frame: pl.DataFrame, table: str) -> None:
        self.frame = convert_to_text(frame, table)

    def place(self, row: int, fields: tuple[str, ...] = ()) -> Place:  # noqa: ARG002 - there is no file
        """Return an empty place."""
        return Place("")


def validate_imported(
    tables: Mapping[str, pl.DataFrame], released_on: dt.date, progress: Progress, files: int
) -> Report:
    """Validate tables made from other people's files.

    Args:
        tables: The tables, typed.
        released_on: Day up to which things may have happened.
        progress: Wraps the batches of rules, to show a progress bar.
        files: Number of files that the tables were made from.
    """
    sheets: dict[str, LocatedTable] = {table: _FrameTable(frame, table) for table, frame in tables.items()}
    subject = ValidationTarget(sheets, files=files, imported=True)
    return validate_target(subject, released_on=released_on, progress=progress).report
