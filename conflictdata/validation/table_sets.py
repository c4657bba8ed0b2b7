"""Sets of tables that are checked together, each of them in memory or by a scan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conflictdata.findings import Place, Report, UsageError
from conflictdata.readers.packing import UnpackError
from conflictdata.rules import load_rules
from conflictdata.rules.file_rules import make_file_finding, make_unreadable_finding
from conflictdata.seeds import Progress
from conflictdata.validation.empty_tables import report_empty_tables
from conflictdata.validation.evaluate import Engine
from conflictdata.validation.not_evaluated import describe_missing_tables
from conflictdata.validation.pipeline import ValidationResult, ValidationTarget, read_seeds_target, validate_target
from conflictdata.validation.published_flags import apply_flags
from conflictdata.validation.scan import ScanOptions
from conflictdata.validation.table_files import (
    FileGroup,
    check_datasets,
    explain_unknown,
    find_table_files,
    group_files,
    identify_files,
    is_compared,
    is_large,
    make_target,
    report_large_json,
    summarize_by_rule,
)

_KNOWN_HINT = "Give a file the name of its table, or all columns of one."


@dataclass(frozen=True)
class ValidationOptions:
    """What holds for all that is checked in one call."""

    engine: Engine
    released_on: dt.date | None
    progress: Progress
    second_reader: bool = False
    flags: Any = None  # for tables without flags of their own

    def check(self, target: ValidationTarget) -> ValidationResult:
        """Check a target with these options."""
        result = validate_target(target, engine=self.engine, released_on=self.released_on, progress=self.progress)
        report_empty_tables(result.report, target.sheets)
        if target.draft is None:
            result.report.not_evaluated = describe_missing_tables(load_rules().values(), target.sheets)
        return result

    def read_seeds_target(self, folder: Path, only: frozenset[str] | None = None) -> ValidationTarget:
        """Read a folder of seeds; `only`: report these files alone."""
        return read_seeds_target(folder, only=only, progress=self.progress)


def validate_tables(
    paths: Sequence[str | Path], profile: str | None, options: ValidationOptions, scan: ScanOptions, *, is_alone: bool
) -> Report:
    """Check files that hold tables: those that are read into memory, and those that are scanned.

    Args:
        paths: The files, folders and patterns.
        profile: Whose dataset they are; None to find out.
        options: What holds for every check.
        scan: What holds for tables that are scanned.
        is_alone: Whether nothing else is checked in the same call.

    Raises:
        UsageError: A path does not exist, no file holds a known table, or the findings of several tables would be written
            to one file while one of them is scanned.
    """
    files = find_table_files(paths)
    unknown = identify_files(files, profile)
    reports, problems = [], []
    for file in unknown:
        problem = explain_unknown(file, profile)
        if isinstance(problem, str):
            problems.append((file, problem))
        else:
            reports.append(Report(problem, files=1))
    known = [file for file in files if file not in unknown]
    if problems and not known and not reports:
        raise UsageError(*dict.fromkeys(text for _, text in problems))
    not_read = [make_file_finding("file.not-read", text, Place(file.name), hint=_KNOWN_HINT) for file, text in problems]
    if not_read:
        reports.append(Report(not_read, files=len(not_read)))
    groups = group_files(known)
    if scan.findings is not None and (not is_alone or reports or sum(len(group.files) for group in groups) > 1):
        _refuse_findings(groups, options, scan)
    for group in groups:
        reports += _validate_table_group(group, options, scan)
    return merge_reports(reports)


def _refuse_findings(groups: Sequence[FileGroup], options: ValidationOptions, scan: ScanOptions) -> None:
    """Refuse one file of findings for several tables of which one is scanned: the scan writes it as it goes."""
    for group in groups:
        for name, files in group.files.items():
            if _is_scanned(group, name, options, scan):
                raise UsageError(
                    f"--findings: {files[0].name} is large and is checked by itself; check each table in a run with its own file"
                )


def _validate_table_group(group: FileGroup, options: ValidationOptions, scan: ScanOptions) -> list[Report]:
    scanned = [name for name in group.files if _is_scanned(group, name, options, scan)]
    reports = []
    for name in scanned:
        from conflictdata.validation.scan.api import validate_table

        files = group.files.pop(name)
        try:
            reports.append(validate_table(files, scan, engine=options.engine, released_on=options.released_on))
        except UnpackError as fault:
            damaged = make_unreadable_finding(fault, Place(files[0].name))
            reports.append(Report([damaged], files=len(files)))
    if not group.files:
        return reports
    if large := report_large_json(group, scan.memory):
        return [*reports, Report(large, files=len(group.paths))]
    if group.profile is not None:
        report = check_datasets(group, options.engine, options.released_on)
        report.notes += summarize_by_rule(report)
        return [*reports, report]
    target, notes = make_target(group)
    result = options.check(target)
    apply_flags(result.report, result.tables, options.flags, group.paths)
    report = result.report
    report.notes += notes
    return [*reports, report]


def _is_scanned(group: FileGroup, table: str, options: ValidationOptions, scan: ScanOptions) -> bool:
    """Return whether a table is scanned: it is on Spark, or it is large and nothing compares it with another given table."""
    if options.engine == "spark":
        return True
    files = group.files[table]
    if len(group.files) > 1 and (files[0].own or is_compared(files[0])):
        return False
    return is_large(files, scan.memory)


def merge_reports(reports: Sequence[Report]) -> Report:
    """Return one report with the findings, tallies and notes of all."""
    merged = Report()
    for report in reports:
        merged.findings += report.findings
        merged.waived += report.waived
        merged.files += report.files
        merged.notes += report.notes
        merged.not_evaluated += [line for line in report.not_evaluated if line not in merged.not_evaluated]
        for severity, number in report.unlisted.items():
            merged.unlisted[severity] = merged.unlisted.get(severity, 0) + number
        for table, count in report.counts.items():
            merged.counts[table] = merged.counts.get(table, 0) + count
        for rule, tally in report.evaluated.items():
            merged.add_tally(rule, tally)
    merged.sort()
    return merged
