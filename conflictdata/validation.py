"""`validate` for whatever a path may be: seeds, one seed file, a table as CSV or Parquet, or a built package."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from conflictdata.check.engine import Engine
from conflictdata.check.sheets import Sheet, read_csv, read_parquet, table_of
from conflictdata.check.validate import Checked, Subject, check, seeds_subject
from conflictdata.findings import Report, UsageError
from conflictdata.package.verify import verify
from conflictdata.schema.models import MODELS
from conflictdata.seeds import Progress, is_seeds, shown

_TABLES = {".csv", ".parquet"}
_YAML = {".yaml", ".yml"}


def validate(
    *paths: str | Path, engine: Engine = "polars", released_on: dt.date | None = None, progress: Progress = iter
) -> Report:
    """Check seeds, single seed files, tables or a built package.

    Args:
        paths: what to check; `seeds` where none is given. A seed file is checked in the light of the seeds
            around it. Several tables given together are checked together.
        engine: what the rules run on: `polars` or `pandas`; the verdicts are the same.
        released_on: the day up to which things may have happened; today where it is not given.
        progress: wraps the source files while they are read, to show a bar.

    Returns:
        The report: `.ok`, `.findings`, `.counts`, `.to_frame()`, `.raise_if_errors()`.

    Raises:
        UsageError: a path is not there, or is nothing that can be checked.
    """
    given = [Path(p) for p in paths] or [Path("seeds")]
    for path in given:
        if not path.exists():
            raise UsageError(f"{path} does not exist")
    tables = [p for p in given if p.is_file() and p.suffix in _TABLES and not _inside_seeds(p)]
    if tables and len(tables) == len(given):
        return check(_tables_subject(tables), engine=engine, released_on=released_on).report
    reports = [_one(group, engine, released_on, progress).report for group in _grouped(given)]
    return reports[0] if len(reports) == 1 else _joined(reports)


def check_seeds(folder: Path, *, released_on: dt.date | None = None, progress: Progress = iter) -> Checked:
    """A folder of seeds, checked: the report and the typed tables, for publishing."""
    return check(seeds_subject(folder, progress=progress), released_on=released_on)


def _grouped(paths: Sequence[Path]) -> list[tuple[Path, ...]]:
    """Seed files of one folder of seeds are read together; everything else stands alone."""
    groups: dict[Path, list[Path]] = {}
    for path in paths:
        root = _inside_seeds(path) if path.is_file() else None
        groups.setdefault(root or path, []).append(path)
    return [tuple(group) for group in groups.values()]


def _one(group: tuple[Path, ...], engine: Engine, released_on: dt.date | None, progress: Progress) -> Checked:
    path = group[0]
    root = _inside_seeds(path) if path.is_file() else None
    if root is not None:
        wanted = frozenset(shown(p) for p in group)
        subject = seeds_subject(root, only=wanted, progress=progress)
        subject.files = len(wanted)
        return check(subject, engine=engine, released_on=released_on)
    if path.is_dir() and is_seeds(path):
        return check(seeds_subject(path, progress=progress), engine=engine, released_on=released_on)
    if (descriptor := _descriptor(path)) is not None:
        return _package(descriptor, engine, released_on)
    if path.is_file() and path.suffix in _TABLES:
        return check(_tables_subject([path]), engine=engine, released_on=released_on)
    if path.is_file() and path.suffix in _YAML:
        raise UsageError(f"{shown(path)} lies in no folder of seeds (one with reference/ and sources/)")
    raise UsageError(
        f"{shown(path)} is neither a folder of seeds, a seed file, a table (CSV, Parquet) nor a data package"
    )


def _inside_seeds(path: Path) -> Path | None:
    """The folder of seeds that a file lies in, or None."""
    return next((folder for folder in path.resolve().parents if is_seeds(folder) and folder.name != "reference"), None)


def _descriptor(path: Path) -> Path | None:
    if path.is_dir() and (path / "datapackage.json").is_file():
        return path / "datapackage.json"
    return path if path.name == "datapackage.json" else None


def _tables_subject(paths: Sequence[Path]) -> Subject:
    sheets: dict[str, Sheet] = {}
    subject = Subject(sheets, files=len(paths))
    for path in paths:
        table = table_of(path)
        if table in sheets:
            raise UsageError(f"{shown(path)}: the table {table} is given twice")
        sheet, findings = (read_parquet if path.suffix == ".parquet" else read_csv)(path, table)
        subject.findings += findings
        if sheet is not None:
            sheets[table] = sheet
    return subject


def _package(descriptor: Path, engine: Engine, released_on: dt.date | None) -> Checked:
    from conflictdata.package.descriptor import csv_files

    paths = [path for table, path in csv_files(descriptor).items() if table in MODELS and path.exists()]
    subject = _tables_subject(paths)
    checked = check(subject, engine=engine, released_on=released_on)
    checked.report.add(verify(descriptor.parent))
    checked.report.sort()
    return checked


def _joined(reports: Sequence[Report]) -> Report:
    whole = Report()
    for report in reports:
        whole.findings += report.findings
        whole.waived += report.waived
        whole.files += report.files
        for table, count in report.counts.items():
            whole.counts[table] = whole.counts.get(table, 0) + count
        for rule, tally in report.evaluated.items():
            mine = whole.evaluated.setdefault(rule, type(tally)())
            mine.valid, mine.invalid, mine.unknown = (
                mine.valid + tally.valid,
                mine.invalid + tally.invalid,
                mine.unknown + tally.unknown,
            )
    whole.sort()
    return whole
