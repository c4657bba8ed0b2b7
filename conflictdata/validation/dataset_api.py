"""From paths to a report: which dataset each file is, which files are judged together."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from conflictdata._utils.paths import display_path
from conflictdata.datasets import NAMES, detect_profile, get_profile, list_profiles
from conflictdata.datasets.profile import Profile, ProfileTable
from conflictdata.findings import Place, Report, UsageError
from conflictdata.readers import SourceTable, read_columns, read_file
from conflictdata.rules.file_rules import make_file_finding
from conflictdata.validation.dataset_files import check_tables
from conflictdata.validation.evaluate import Engine

AUTO = "auto"
_MAX_NAMED = 8  # columns named in a message


@dataclass
class _DatasetFile:
    folder: Path | None
    sheet: SourceTable
    profile: Profile | None = None
    table: ProfileTable | None = None


def is_known_dataset(path: Path) -> bool:
    """True where a file is a table of one of the profiles, by its columns."""
    columns = read_columns(path)
    return bool(columns) and detect_profile(columns) is not None


def is_compared(path: Path) -> bool:
    """Tell whether a file is a table that a rule compares with another table of its dataset."""
    found = detect_profile(read_columns(path))
    if found is None:
        return False
    profile_, table = found
    return any(table.name in (rule.table, *rule.requires_tables) for rule in profile_.rules if rule.requires_tables)


def suggest_dataset(path: Path) -> str:
    """Which dataset of others a file that is none of ours comes nearest to; empty where it cannot be read."""
    columns = read_columns(path)
    return f"{_describe_nearest(columns, list_profiles())} {_format_profiles()}" if columns else ""


def validate_files(
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
    for path in paths:
        if not path.is_file():
            raise UsageError(f"{display_path(path)} is no file; name the files of the dataset")
    folders = [path.parent for path in paths]
    return validate_sheets([read_file(path) for path in paths], name, folders, engine=engine, released_on=released_on)


def validate_sheets(
    sheets: Sequence[SourceTable],
    name: str = AUTO,
    folders: Sequence[Path] = (),
    *,
    engine: Engine = "polars",
    released_on: dt.date | None = None,
) -> list[Report]:
    """Validate tables that have been read. Arguments, result and errors are those of `validate_files`.

    Args:
        sheets: The tables.
        name: A profile, or `auto`.
        folders: The folder of each table. Default: the same for all.
        engine: Engine that evaluates the rules.
        released_on: Last day on which an event may have happened. Default: today.
    """
    candidates = list_profiles() if name == AUTO else (get_profile(name),)
    files = [_DatasetFile(*pair) for pair in zip_longest(folders, sheets)]
    for file in files:
        found = detect_profile(file.sheet.columns, candidates)
        # Of a file that is broken, what is broken is said first.
        if found is None and not file.sheet.findings and file.sheet.columns:
            raise UsageError(_format_unknown_file(file, candidates, name))
        file.profile, file.table = found or (None, None)
    return [_validate_group(group, engine, released_on) for group in _group_files(files)]


def _format_unknown_file(file: _DatasetFile, candidates: Sequence[Profile], name: str) -> str:
    """That a file is no table of these profiles, with the nearest one and what was missing."""
    columns = file.sheet.columns
    if name == AUTO:
        start = f"the columns of {file.sheet.file} are those of no dataset that is known."
        return f"{start} {_describe_nearest(columns, candidates)} {_format_profiles()}"
    other = detect_profile(columns)
    fix = f"Its columns are those of {other[0].name}: --profile {other[0].name}" if other else _format_profiles()
    return f"{file.sheet.file} is no table of {name}. {_describe_nearest(columns, candidates)} {fix}"


def _format_profiles() -> str:
    return f"Profiles: {', '.join(NAMES)}."


def _describe_nearest(columns: Sequence[str], candidates: Iterable[Profile]) -> str:
    pairs = [(p, table) for p in candidates for table in p.tables]
    nearest, table = max(pairs, key=lambda pair: pair[1].measure_fit(columns))
    known = table.map_columns(columns)
    if not known:
        return f"No dataset that is known has a column {_format_names(columns)}."
    parts = [f"Nearest is {nearest.name} ({table.name}), which has {len(known)} of its {len(columns)} columns"]
    if others := [column for column in columns if column not in known]:
        parts.append(f"but not {_format_names(others)}")
    missing = [c.column for c in table.columns if c.column not in known.values()]
    if needed := [name for name in table.needs if name in missing]:
        parts.append(f"and which needs {_format_names(needed)}")
    elif missing:
        parts.append(f"and which has {_format_names(missing)} too")
    return ", ".join(parts) + "."


def _format_names(columns: Sequence[str]) -> str:
    more = f" and {len(columns) - _MAX_NAMED} more" if len(columns) > _MAX_NAMED else ""
    return ", ".join(repr(name[:40]) for name in columns[:_MAX_NAMED]) + more


def _group_files(files: Sequence[_DatasetFile]) -> list[list[_DatasetFile]]:
    """Files of one profile in one folder, with at most one of each table; every other file alone."""
    groups: list[list[_DatasetFile]] = []
    for file in files:
        for group in groups:
            first = group[0]
            fits = file.profile is not None and first.profile is file.profile
            if fits and first.folder == file.folder and all(g.table is not file.table for g in group):
                group.append(file)
                break
        else:
            groups.append([file])
    return groups


def _validate_group(group: Sequence[_DatasetFile], engine: Engine, released_on: dt.date | None) -> Report:
    for file in group:
        if not file.sheet.frame.height and not file.sheet.findings:
            message = "the table has a header and no rows" if file.sheet.columns else "the file holds no records"
            file.sheet.findings.append(
                make_file_finding(
                    "file.empty", message, Place(file.sheet.file), hint="Check that the download is complete."
                )
            )
    known = [(file.table, file.sheet) for file in group if file.table is not None]
    report = check_tables(known, engine=engine, released_on=released_on)
    for file in group:
        if file.table is None:
            report.files += 1
            report.add(file.sheet.findings)
    report.notes += [_format_note(file) for file in group if file.table]
    return report


def _format_note(file: _DatasetFile) -> str:
    assert file.profile is not None
    rows = file.sheet.frame.height
    size = f"{rows:,} row{'' if rows == 1 else 's'} of {len(file.sheet.columns)} columns"
    return f"{file.sheet.file}: {file.profile.name}, {file.profile.title} ({file.profile.licence}): {size}"


def summarize_by_rule(report: Report) -> list[str]:
    """How many findings each rule gives, in lines, the most first."""
    found = Counter((f.rule, f.severity) for f in report.findings)
    return [f"{n:,} {severity}{'s' if n != 1 else ''} {rule}" for (rule, severity), n in found.most_common()]
