"""Validate a target: text to typed tables, tables to findings. Each stage reports all its findings."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import polars as pl

from conflictdata.findings import Finding, Place, Report, Tally
from conflictdata.readers.normalize import convert_to_text
from conflictdata.readers.records import RecordDraft
from conflictdata.readers.tables import LocatedTable, RecordTable
from conflictdata.rules import load_imported_rules, load_rules
from conflictdata.rules._compared_values import make_found
from conflictdata.rules.base import Frames, Row, Rule
from conflictdata.rules.cell_rules import MIXED
from conflictdata.schema.columns import list_key_columns, load_constraints, make_empty_frame
from conflictdata.schema.columns import list_tables as names
from conflictdata.schema.derived import fill_figures
from conflictdata.seeds import REFERENCE, Progress, read_seeds
from conflictdata.validation import waivers
from conflictdata.validation.cells import CellFault
from conflictdata.validation.checked_table import CheckedTable, report_cells, report_result
from conflictdata.validation.evaluate import (
    Engine,
    evaluate_rules,
    format_record_key,
    list_record_keys,
    make_context,
    make_rule_finding,
    select_applicable_rules,
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

    @cached_property
    def incomplete_files(self) -> set[str]:
        """The files in which the reader has already reported missing keys."""
        return {f.place.file for f in self.findings if f.place and f.rule.startswith(("seed.", "csv."))}


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
    checked = {table: _RecordCheck(table, subject, suppressor, selection) for table in subject.sheets}
    for table, check in checked.items():
        report_cells(check, load_constraints(table), check.sheet.frame, report)
    tables = {table: check.values for table, check in checked.items()}
    if subject.derive and {"claims", "figures"} <= set(tables):
        kept = {t: make_empty_frame(t) for t in ("tolls", "toll_places") if t not in tables}
        tables["figures"] = checked["figures"].values = fill_figures({**tables, **kept})
    counts = selection.counts if selection else {table: frame.height for table, frame in tables.items()}
    report.counts = {table: counts[table] for table in names() if table in tables}
    rules = load_imported_rules() if subject.imported else load_rules()
    context = make_context(tables, released_on or dt.date.today(), engine)
    keys = selection.select_keys(tables) if selection else None
    results = evaluate_rules(select_applicable_rules(rules.values(), tables), context, keys, progress)
    for result in sort_by_priority(results):
        report_result(result, context, checked[result.rule.table], report)
    if "flags" in subject.sheets:
        given = waivers.WaiverTexts.read(subject.draft, is_released=subject.released) if subject.draft else None
        waivers.apply_waivers(report, subject.sheets["flags"], tables, suppressor, given)
    if subject.only is not None:
        report.findings = [f for f in report.findings if f.place and f.place.file in subject.only]
        report.waived = [f for f in report.waived if f.place and f.place.file in subject.only]
    report.findings = _merge_places(_merge_repeated(report.findings), checked)
    report.sort()
    return ValidationResult(report, tables)


MIN_REPEATED = 3  # so many references to one missing record are one slip: of the record, not of each reference
# References that the name of a folder or file gives to all its records: two of them are one slip already. Nobody types such a
# reference per record. Which they are depends on the layout of the seeds, so it is not an attribute of `Rule`.
_NAMED_BY_FILE = frozenset({"claims.conflict-id-resolves", "events.conflict-id-resolves"})


def _merge_repeated(findings: list[Finding]) -> list[Finding]:
    """Keep the first of many references to the same missing record, such as a page that was renamed."""
    repeated: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in findings:
        if is_reference_rule(finding.rule) and finding.value and finding.place:
            repeated[finding.rule, finding.value].append(finding)
    first: dict[int, Finding] = {}
    for (rule, _), same in repeated.items():
        is_named_by_file = rule in _NAMED_BY_FILE and len({f.place for f in same}) > 1
        if len(same) < MIN_REPEATED and not is_named_by_file:
            continue
        same.sort(key=lambda f: (f.place.file, f.place.line, f.place.row, f.place.column) if f.place else ("",))
        note = f"; it is named in {len(same)} places"
        first |= dict.fromkeys(map(id, same), replace(same[0], message=same[0].message + note))
    kept = {id(merged): merged for merged in first.values()}
    return [f for f in findings if id(f) not in first] + list(kept.values())


_PLACE_RULE = "figures.child-within-place"


def _merge_places(findings: list[Finding], checked: Mapping[str, _RecordCheck]) -> list[Finding]:
    """Report the place of a claim once if all of its figures with a place of their own lie outside it."""
    outside: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.rule == _PLACE_RULE and (hit := CLAIM_OF_FIGURE.match(finding.record)):
            outside[hit[0]].append(finding)
    if not outside or "claims" not in checked:
        return findings
    claims = checked["claims"]
    placed = checked["figures"].values.filter(pl.col("parent_id").is_not_null() & pl.col("location_id").is_not_null())
    placed = placed.filter(pl.col("relation") != "additional")
    expected = dict(placed.group_by("claim_id").len().iter_rows())
    for claim, same in outside.items():
        at = claims.find_row(claim)
        if len(same) < 2 or expected.get(claim) != len(same) or at is None:
            continue
        stated = claims.values["location_id"][at]
        message = (
            f"all {len(same)} figures of {claim} with a place of their own lie outside {stated}, the place of the claim"
        )
        hint = "Correct `location:` of the claim, or name an area that holds all of them."
        place = claims.place(at, ("location_id",))
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


# Rules of files that report one character of a cell.
_CHARACTER_RULES = frozenset({"file.normal-form", "file.control-character", "file.bidi", "file.tab"})


class _RecordCheck(CheckedTable):
    """The check of one of our tables.

    Args:
        table: Its name.
        target: The tables that are validated together.
        suppressor: Records with findings.
        selection: The records to report. None: all.
    """

    def __init__(
        self, table: str, target: ValidationTarget, suppressor: Suppressor, selection: Selection | None
    ) -> None:
        self.sheet, self.naming = target.sheets[table], TableNaming(table, target.sheets, target.draft is not None)
        self._table, self._target = table, target
        self._suppressor, self._selection = suppressor, selection
        self._noted: set[tuple[str, Place, str]] = set()  # cells that have a finding

    @property
    def name(self) -> str:
        """Return the name of the table."""
        return self._table

    @cached_property
    def _rows(self) -> dict[str, int]:
        """The rows of the records, built on the first finding of a rule."""
        return {key: row for row, key in enumerate(list_record_keys(self.name, self.values, "None"))}

    @cached_property
    def _selected(self) -> set[str]:
        """The keys of the selected records."""
        keys = self._selection.select_keys({self.name: self.values})[self.name] if self._selection else pl.DataFrame()
        return {"|".join(map(str, row)) for row in keys.iter_rows()}

    def format_key(self, row: int) -> str:
        """Return the key of a row."""
        return "|".join(str(self.values[column][row]) for column in list_key_columns(self.name))

    def find_row(self, record: str) -> int | None:
        """Return the row of a record, or None."""
        return self._rows.get(record)

    def place(self, row: int, columns: Sequence[str]) -> Place:
        """Return the place of the first filled one of these columns of a row, else of the row."""
        return self.sheet.place(row, tuple(columns))

    def select_tallies(self, tallies: Mapping[str, Tally], faults: Sequence[CellFault]) -> Mapping[str, Tally]:
        """Return the tallies of the selected cells."""
        return self._selection.select_tallies(self.name, tallies, faults) if self._selection else tallies

    def note_fault(self, fault: CellFault) -> Place | None:
        """Note an unreadable cell. Return its place; None if another finding tells of it."""
        if self._target.imported and fault.rule == MIXED:
            return None
        row = self.values.row(fault.row, named=True)
        self._suppressor.add_cell(self.name, self.format_key(fault.row), fault.column, fault.value, row)
        place = self.place(fault.row, (fault.column,))
        is_reported = self._is_missing(fault, place) or self._is_character_reported(place, fault.value)
        if is_reported or (place.column and (fault.rule, place, fault.value) in self._noted):
            return None  # the days of `during` are one text
        self._noted.add((fault.rule, place, fault.value))
        return place

    def _is_missing(self, fault: CellFault, place: Place) -> bool:
        """Return whether an empty cell has been reported as a missing key or column."""
        if fault.rule != "cells.required":
            return False
        missing = self._target.missing_columns.get(self.name)
        return place.file in self._target.incomplete_files if missing is None else fault.column in missing

    def _is_character_reported(self, place: Place, value: str) -> bool:
        """Return whether a character of a cell is an error of the file already."""
        inside = range(place.column, place.column + len(value) + 2)  # and its quotes
        return any(
            f.place.line == place.line and f.place.column in inside and f.place.file == place.file
            for f in self._target.findings
            if f.rule in _CHARACTER_RULES and f.place
        )

    def filter_unsuppressed(self, rule: Rule, failed: Iterable[Row], frames: Frames) -> list[Row]:
        """Return the failures that do not follow from an earlier finding, explained."""
        return self._suppressor.filter_unsuppressed(rule, failed, frames)

    def make_finding(self, rule: Rule, row: Row) -> Finding:
        """Make the finding of a rule for a row that failed it."""
        record = format_record_key(rule, row)
        # The total of a sum, unless one part is plainly the error.
        shown = str(row.get("likely_error") or record)
        # A finding that is not selected needs no place, but a waiver may name it.
        at = self.find_row(shown) if self._is_selected(shown) else None
        place = self.place(at, select_highlighted_columns(rule, row)) if at is not None else None
        value = row.get(rule.fields[0]) if rule.fields else None
        found = make_found(rule, row) if self._target.draft else ""
        return make_rule_finding(rule, row, record, rule.fields, "" if value is None else str(value), place, found)

    def is_counted(self, rule: Rule, row: Row) -> bool:
        """Return whether the record of a row is selected."""
        return self._is_selected(format_record_key(rule, row))

    def _is_selected(self, record: str) -> bool:
        return self._selection is None or record in self._selected


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
