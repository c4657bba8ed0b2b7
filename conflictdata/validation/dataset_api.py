"""From paths to a report: which dataset each file is, which files are judged together."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from conflictdata._utils.paths import shown
from conflictdata.datasets import NAMES, profile, profiles, recognised
from conflictdata.datasets.profile import FeedTable, Profile
from conflictdata.findings import Place, Report, UsageError
from conflictdata.readers import FeedSheet, columns_of, read
from conflictdata.rules.file_rules import problem
from conflictdata.validation.dataset_files import check
from conflictdata.validation.evaluate import Engine

AUTO = "auto"
_MANY = 8  # columns named in a message


@dataclass
class _File:
    path: Path
    sheet: FeedSheet
    profile: Profile | None = None
    table: FeedTable | None = None


def is_known(path: Path) -> bool:
    """True where a file is a table of one of the profiles, by its columns."""
    columns = columns_of(path)
    return bool(columns) and recognised(columns) is not None


def is_compared(path: Path) -> bool:
    """Tell whether a file is a table that a rule compares with another table of its dataset."""
    found = recognised(columns_of(path))
    if found is None:
        return False
    profile_, table = found
    return any(table.name in (rule.table, *rule.needs) for rule in profile_.rules if rule.needs)


def hint(path: Path) -> str:
    """Which dataset of others a file that is none of ours comes nearest to; empty where it cannot be read."""
    columns = columns_of(path)
    return f"{_nearest(columns, profiles())} {_listed()}" if columns else ""


def reports(
    paths: Sequence[Path], name: str = AUTO, *, engine: Engine = "polars", released_on: dt.date | None = None
) -> list[Report]:
    """Judge files as tables of profiles. Files of one dataset in one folder are judged together, one of each table.

    Args:
        paths: CSV, JSON or Parquet files.
        name: a profile, or `auto`: each file by its columns.
        engine: what the rules run on.
        released_on: the day up to which things may have happened; today where it is not given.

    Returns:
        A report for each group of files, with a note on what each file is.

    Raises:
        UsageError: there is no such profile, a path is no file, or a file is no table of the profile.
    """
    among = profiles() if name == AUTO else (profile(name),)
    for path in paths:
        if not path.is_file():
            raise UsageError(f"{shown(path)} is no file; name the files of the dataset")
    files = [_File(path, read(path)) for path in paths]
    for file in files:
        found = recognised(file.sheet.columns, among)
        # Of a file that is broken, what is broken is said first.
        if found is None and not file.sheet.findings and file.sheet.columns:
            raise UsageError(_unknown(file, among, name))
        file.profile, file.table = found or (None, None)
    return [_report(group, engine, released_on) for group in _groups(files)]


def _unknown(file: _File, among: Sequence[Profile], name: str) -> str:
    """That a file is no table of these profiles, with the nearest one and what was missing."""
    columns = file.sheet.columns
    if name == AUTO:
        start = f"the columns of {shown(file.path)} are those of no dataset that is known."
        return f"{start} {_nearest(columns, among)} {_listed()}"
    other = recognised(columns)
    way_out = f"Its columns are those of {other[0].name}: --profile {other[0].name}" if other else _listed()
    return f"{shown(file.path)} is no table of {name}. {_nearest(columns, among)} {way_out}"


def _listed() -> str:
    return f"Profiles: {', '.join(NAMES)}."


def _nearest(columns: Sequence[str], among: Iterable[Profile]) -> str:
    pairs = [(p, table) for p in among for table in p.tables]
    nearest, table = max(pairs, key=lambda pair: pair[1].fit(columns))
    known = table.canonical(columns)
    if not known:
        return f"No dataset that is known has a column {_names(columns)}."
    parts = [f"Nearest is {nearest.name} ({table.name}), which has {len(known)} of its {len(columns)} columns"]
    if others := [column for column in columns if column not in known]:
        parts.append(f"but not {_names(others)}")
    lacking = [c.column for c in table.columns if c.column not in known.values()]
    if needed := [name for name in table.needs if name in lacking]:
        parts.append(f"and which needs {_names(needed)}")
    elif lacking:
        parts.append(f"and which has {_names(lacking)} too")
    return ", ".join(parts) + "."


def _names(columns: Sequence[str]) -> str:
    more = f" and {len(columns) - _MANY} more" if len(columns) > _MANY else ""
    return ", ".join(repr(name[:40]) for name in columns[:_MANY]) + more


def _groups(files: Sequence[_File]) -> list[list[_File]]:
    """Files of one profile in one folder, with at most one of each table; every other file alone."""
    groups: list[list[_File]] = []
    for file in files:
        for group in groups:
            beside = group[0]
            fits = file.profile is not None and beside.profile is file.profile
            if fits and beside.path.parent == file.path.parent and all(g.table is not file.table for g in group):
                group.append(file)
                break
        else:
            groups.append([file])
    return groups


def _report(group: Sequence[_File], engine: Engine, released_on: dt.date | None) -> Report:
    for file in group:
        if not file.sheet.frame.height and not file.sheet.findings:
            message = "the table has a header and no rows" if file.sheet.columns else "the file holds no records"
            file.sheet.findings.append(
                problem("file.empty", message, Place(file.sheet.file), hint="Check that the download is complete.")
            )
    known = [(file.table, file.sheet) for file in group if file.table is not None]
    report = check(known, engine=engine, released_on=released_on)
    for file in group:
        if file.table is None:
            report.files += 1
            report.add(file.sheet.findings)
    report.notes += [_note(file) for file in group if file.table]
    return report


def _note(file: _File) -> str:
    assert file.profile is not None
    rows = file.sheet.frame.height
    size = f"{rows:,} row{'' if rows == 1 else 's'} of {len(file.sheet.columns)} columns"
    return f"{file.sheet.file}: {file.profile.name}, {file.profile.title} ({file.profile.licence}): {size}"


def by_rule(report: Report) -> list[str]:
    """How many findings each rule gives, in lines, the most first."""
    found = Counter((f.rule, f.severity) for f in report.findings)
    return [f"{n:,} {severity}{'s' if n != 1 else ''} {rule}" for (rule, severity), n in found.most_common()]
