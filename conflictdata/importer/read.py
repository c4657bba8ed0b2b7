"""Read files to typed rows, and report each row that is left out with its line."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from conflictdata import datasets
from conflictdata._utils.paths import display_path
from conflictdata.datasets._helpers import ROW
from conflictdata.datasets.converter import Dataset, SourceFile, TableConversion, check_columns, make_row_key
from conflictdata.datasets.profile import Profile, ProfileTable
from conflictdata.findings import Finding, UsageError
from conflictdata.importer.repeated_rows import find_differing
from conflictdata.readers import SourceTable, open_table
from conflictdata.validation.dataset_files import MappedTable, find_unreadable_rows
from conflictdata.validation.odd_columns import list_findings
from conflictdata.validation.table_files import AUTO
from conflictdata.validation.unknown_tables import suggest_dataset

_TYPES = {"date": pl.Date, "count": pl.Int64, "number": pl.Float64}
# After these faults, the rest of a file is not read. Unread records would be mistaken for removed ones.
_CUT = ("csv.syntax", "json.syntax", "file.size", "file.unreadable", "file.binary", "file.empty")


class RefusedFile(Exception):
    """Raised if a file must not be imported. `findings` has the reasons."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__()
        self.findings = findings


@dataclass(frozen=True)
class ImportedRows:
    """The rows of a file.

    Attributes:
        name: File name in findings.
        page: The file as a source.
        frame: Accepted rows, typed, with all columns of the table.
        rejected_keys: Keys of rejected rows. The state of these records is unknown.
        rejected: The reason for each rejected row.
        rejected_count: Number of rejected rows.
        left_out: Number of rows that are left out, by the rule that they break or the reason in words.
        is_whole: Whether the keys of all rejected rows are known.
    """

    name: str
    page: SourceFile
    frame: pl.DataFrame
    rejected_keys: pl.Series
    rejected: list[Finding]
    rejected_count: int
    is_whole: bool
    left_out: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class OpenedFile:
    """A file after reading, with its table in the profile."""

    path: Path
    sheet: SourceTable
    feed: ProfileTable


def open_files(paths: Sequence[Path], name: str) -> tuple[Profile, list[OpenedFile]]:
    """Read files and detect their dataset and tables.

    Raises:
        UsageError: If the profile is unknown, or a path is not a file, is cut off, or is not a table of the profile.
    """
    if not paths:
        raise UsageError("there is no file to import")
    among = datasets.list_profiles() if name == AUTO else (datasets.get_profile(name),)
    recognized = [_recognize_file(path, among, name) for path in paths]
    names = {profile.name for profile, _ in recognized}
    if len(names) > 1:
        raise UsageError(
            f"the files are of several datasets ({', '.join(sorted(names))}); import each into its own folder"
        )
    return recognized[0][0], [file for _, file in recognized]


def _recognize_file(path: Path, among: Iterable[Profile], name: str) -> tuple[Profile, OpenedFile]:
    if not path.exists():
        raise UsageError(f"{display_path(path)} does not exist")
    if not path.is_file():
        raise UsageError(f"{display_path(path)} is not a file; name the files of the dataset")
    sheet = open_table(path)
    _refuse_broken(path, sheet.findings, is_unread=not sheet.columns)
    detected = datasets.detect_profile(sheet.columns, among, path.name)
    if detected is None:
        known = "any dataset that is known" if name == AUTO else name
        raise UsageError(f"{display_path(path)} is not a table of {known}. {suggest_dataset(path)}".strip())
    return detected[0], OpenedFile(path, sheet, detected[1])


def _refuse_broken(path: Path, findings: Iterable[Finding], *, is_unread: bool) -> None:
    for finding in findings:
        if finding.rule in _CUT or (is_unread and finding.severity == "error"):
            raise UsageError(f"{finding.place or display_path(path)}: {finding.message}. {finding.hint}".strip())


def read_rows(file: OpenedFile, dataset: Dataset, released: dt.date | None) -> ImportedRows:
    """Return the rows of a file.

    Args:
        file: The file.
        dataset: Conversion of the dataset.
        released: Day of the release, if given.

    Raises:
        UsageError: If the file has no readable row, or lacks a required column.
        RefusedFile: If a column of days is in a form that its publisher does not use, or two rows with the same key differ.
    """
    path, sheet, feed = file.path, file.sheet, file.feed
    mapped, faults, numbers = find_unreadable_rows(feed, sheet)
    table = dataset.tables.get(feed.name)
    refused = list_findings(mapped.odd)
    refused += find_differing(mapped, table.key if table else feed.key, table.aside if table else (), numbers)
    if refused:
        raise RefusedFile(refused)
    if table is None:
        page = _make_source_file(path, feed.name, dt.date.min, is_release_date=False)
        values, no_keys = _complete_columns(mapped.values, feed), pl.Series([], dtype=pl.String)
        return ImportedRows(display_path(path), page, values, no_keys, faults, 0, is_whole=True)
    values = table.prepare(_complete_columns(mapped.values, feed))
    check_columns(table, feed.name, display_path(path), [*mapped.values.columns, *values.columns[len(feed.columns) :]])
    values = values.with_columns(make_row_key(table.key).alias("row_key"))
    bad = values[ROW].is_in(list(numbers))
    accepted, duplicates = _split_duplicates(values.filter(~bad), table, mapped)
    if accepted.is_empty():
        raise UsageError(
            f"{display_path(path)} holds no row that can be read" + (f": {faults[0].message}" if faults else "")
        )
    keyless = sheet.skipped or not mapped.faulty_columns.isdisjoint(table.key)
    page = _make_source_file(
        path, feed.name, released or _find_last_day(accepted, table), is_release_date=released is not None
    )
    last = _find_last_day(accepted, table)
    if released is not None and released < last:
        raise UsageError(
            f"{display_path(path)} has numbers of {last}, which is after --released {released}; correct the day or leave it out"
        )
    rejected = [*sheet.findings, *faults, *duplicates]
    rejected_count = sheet.frame.height - accepted.height + sheet.skipped
    left_out = _count_reasons(sheet, mapped, numbers, duplicates) + Counter(table.count_omitted(accepted))
    return ImportedRows(
        display_path(path), page, accepted, values.filter(bad)["row_key"], rejected, rejected_count, not keyless,
        dict(left_out.most_common()),
    )  # fmt: skip


def _count_reasons(
    sheet: SourceTable, mapped: MappedTable, numbers: set[int], duplicates: Sequence[Finding]
) -> Counter[str]:
    """Count the rows that are left out by the rule that they break first."""
    lines = Counter(finding.rule for finding in sheet.findings if finding.severity == "error")
    shown = sum(lines.values())
    if shown != sheet.skipped:  # findings on the file itself, not on its lines
        lines = Counter({"lines that are not read": sheet.skipped}) if sheet.skipped else Counter()
    rows = Counter(mapped.reasons.get(row, "cells that are not read") for row in numbers)
    return lines + rows + Counter(finding.rule for finding in duplicates)


def _make_source_file(path: Path, table: str, day: dt.date, *, is_release_date: bool) -> SourceFile:
    with path.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    return SourceFile(table, path.name, digest, day, is_release_date)


def _complete_columns(values: pl.DataFrame, feed: ProfileTable) -> pl.DataFrame:
    """Add the missing columns of the table, empty."""
    lacking = [c for c in feed.columns if c.column not in values.columns]
    return values.with_columns(pl.lit(None, dtype=_TYPES.get(c.kind, pl.String)).alias(c.column) for c in lacking)


def _split_duplicates(
    values: pl.DataFrame, table: TableConversion, mapped: MappedTable
) -> tuple[pl.DataFrame, list[Finding]]:
    """Return each row once, and a finding for each repetition."""
    first = pl.col(ROW) == pl.col(ROW).min().over("row_key")
    duplicates = values.filter(~first)
    findings = [
        Finding(table.duplicate_rule, "warning", "the row repeats an earlier one of the same key; it is left out",
                "Keep the one that is right.", mapped.table.name, key, table.key, key, mapped.sheet.place(row))
        for row, key in duplicates.select(ROW, "row_key").iter_rows()
    ]  # fmt: skip
    return values.filter(first), findings


def _find_last_day(values: pl.DataFrame, table: TableConversion) -> dt.date:
    last: dt.date = values.select(pl.max_horizontal(pl.col(c).max() for c in table.days)).item()
    return last
