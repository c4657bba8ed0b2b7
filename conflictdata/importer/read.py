"""Files to typed rows: those that can be read, and those that are left out, each with its line."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from conflictdata import datasets
from conflictdata._utils.paths import shown
from conflictdata.datasets._helpers import ROW
from conflictdata.datasets.converter import Dataset, Page, Table, check_columns, row_key
from conflictdata.datasets.profile import FeedTable, Profile
from conflictdata.findings import Finding, UsageError
from conflictdata.importer.repeated_rows import find_differing
from conflictdata.readers import FeedSheet, read
from conflictdata.validation.dataset_api import AUTO, hint
from conflictdata.validation.dataset_files import Given, readable

_TYPES = {"date": pl.Date, "count": pl.Int64, "number": pl.Float64}
# Faults after which the rest of a file is not read. To go on would take what was not read for what is gone.
_CUT = ("csv.syntax", "json.syntax", "file.size", "file.unreadable", "file.binary", "file.empty")


class Refused(Exception):
    """A file is not to be imported; `findings` say why."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__()
        self.findings = findings


@dataclass(frozen=True)
class Rows:
    """What a file holds.

    Attributes:
        name: the file, as findings print it.
        page: the file as a source.
        frame: the rows that are imported, in their types, with all columns of the table.
        keys_left: keys of rows that are left out: nothing is said of them.
        left: why each row that is left out is left out.
        rows_left: how many these are.
        is_whole: whether the key of each row that is left out is known.
    """

    name: str
    page: Page
    frame: pl.DataFrame
    keys_left: pl.Series
    left: list[Finding]
    rows_left: int
    is_whole: bool


@dataclass(frozen=True)
class Opened:
    """A file that was read, and the table that it is."""

    path: Path
    sheet: FeedSheet
    feed: FeedTable


def opened(paths: Sequence[Path], name: str) -> tuple[Profile, list[Opened]]:
    """Whose dataset some files are, and which of its tables each is.

    Raises:
        UsageError: there is no such profile; a path is no file, breaks off, or is no table of the profile.
    """
    if not paths:
        raise UsageError("there is no file to import")
    among = datasets.profiles() if name == AUTO else (datasets.profile(name),)
    found = [_recognised(path, among, name) for path in paths]
    names = {profile.name for profile, _ in found}
    if len(names) > 1:
        raise UsageError(
            f"the files are of several datasets ({', '.join(sorted(names))}); import each into its own folder"
        )
    return found[0][0], [file for _, file in found]


def _recognised(path: Path, among: Iterable[Profile], name: str) -> tuple[Profile, Opened]:
    if not path.exists():
        raise UsageError(f"{shown(path)} does not exist")
    if not path.is_file():
        raise UsageError(f"{shown(path)} is no file; name the files of the dataset")
    sheet = read(path)
    _refuse_broken(path, sheet.findings)
    found = datasets.recognised(sheet.columns, among)
    if found is None:
        known = "any dataset that is known" if name == AUTO else name
        raise UsageError(f"{shown(path)} is no table of {known}. {hint(path)}".strip())
    return found[0], Opened(path, sheet, found[1])


def _refuse_broken(path: Path, findings: Iterable[Finding]) -> None:
    for finding in findings:
        if finding.rule in _CUT:
            raise UsageError(f"{finding.place or shown(path)}: {finding.message}. {finding.hint}".strip())


def rows(file: Opened, dataset: Dataset, released: dt.date | None) -> Rows:
    """The rows of a file.

    Args:
        file: the file.
        dataset: how it becomes ours.
        released: the day of the release, where somebody says it.

    Raises:
        UsageError: the file holds no row that can be read, or lacks a column that is needed.
        Refused: If a column of days is in a form that its makers do not publish, or two rows of one key differ.
    """
    path, sheet, feed = file.path, file.sheet, file.feed
    given, faults, numbers = readable(feed, sheet)
    table = dataset.tables.get(feed.name)
    refused = [odd.finding for odd in given.odd]
    refused += find_differing(given, table.key if table else feed.key, table.aside if table else (), numbers)
    if refused:
        raise Refused(refused)
    if table is None:
        values = _complete(given.values, feed)
        page, no_keys = _page(path, feed.name, dt.date.min, said=False), pl.Series([], dtype=pl.String)
        return Rows(shown(path), page, values, no_keys, faults, 0, is_whole=True)
    values = table.prepared(_complete(given.values, feed))
    check_columns(table, feed.name, shown(path), [*given.values.columns, *values.columns[len(feed.columns) :]])
    values = values.with_columns(row_key(table.key).alias("row_key"))
    bad = values[ROW].is_in(list(numbers))
    taken, again = _once(values.filter(~bad), table, given)
    if taken.is_empty():
        raise UsageError(f"{shown(path)} holds no row that can be read" + (f": {faults[0].message}" if faults else ""))
    keyless = sheet.skipped or any(set(table.key) & columns for columns in given.faulty.values())
    page = _page(path, feed.name, released or _last_day(taken, table), said=released is not None)
    if released is not None and released < _last_day(taken, table):
        raise UsageError(f"{shown(path)} tells of {_last_day(taken, table)}, which is after --released {released}")
    left = [*sheet.findings, *faults, *again]
    rows_left = sheet.frame.height - taken.height + sheet.skipped
    return Rows(shown(path), page, taken, values.filter(bad)["row_key"], left, rows_left, not keyless)


def _page(path: Path, table: str, day: dt.date, *, said: bool) -> Page:
    with path.open("rb") as content:
        found = hashlib.file_digest(content, "sha256").hexdigest()
    return Page(table, path.name, found, day, said)


def _complete(values: pl.DataFrame, feed: FeedTable) -> pl.DataFrame:
    """All columns of the table, those that the file lacks empty."""
    lacking = [c for c in feed.columns if c.column not in values.columns]
    return values.with_columns(pl.lit(None, dtype=_TYPES.get(c.kind, pl.String)).alias(c.column) for c in lacking)


def _once(values: pl.DataFrame, table: Table, given: Given) -> tuple[pl.DataFrame, list[Finding]]:
    """Each row once, and a finding for each that stands again."""
    first = pl.col(ROW) == pl.col(ROW).min().over("row_key")
    again = values.filter(~first)
    findings = [
        Finding(table.repeated, "warning", "the row repeats an earlier one of the same key; it is left out",
                "Keep the one that is right.", given.table.name, key, table.key, key, given.sheet.place(row))
        for row, key in again.select(ROW, "row_key").iter_rows()
    ]  # fmt: skip
    return values.filter(first), findings


def _last_day(values: pl.DataFrame, table: Table) -> dt.date:
    last: dt.date = values.select(pl.max_horizontal(pl.col(c).max() for c in table.days)).item()
    return last
