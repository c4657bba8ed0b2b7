"""Files that hold tables: which table of ours or which dataset each one is, and which are checked together."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from conflictdata._utils.paths import display_path
from conflictdata.datasets import detect_profile, get_profile, list_profiles
from conflictdata.datasets.profile import Profile, ProfileTable
from conflictdata.findings import Finding, Place, Report, UsageError
from conflictdata.readers import SourceTable, detect_format, open_table, read_columns
from conflictdata.readers.packing import estimate_size, find_files, is_part, parse_constants, strip_suffixes
from conflictdata.readers.sheet import join_tables
from conflictdata.readers.tables import OwnTable, identify_table
from conflictdata.rules.file_rules import make_file_finding
from conflictdata.schema.columns import list_column_kinds, list_tables, load_compiled
from conflictdata.validation.dataset_files import check_tables
from conflictdata.validation.empty_tables import make_empty_finding
from conflictdata.validation.evaluate import Engine
from conflictdata.validation.not_evaluated import describe_own_columns
from conflictdata.validation.persons import REASON, is_names_list
from conflictdata.validation.pipeline import ValidationTarget
from conflictdata.validation.unknown_tables import format_unknown_table

AUTO = "auto"
# Bytes of files that are scanned instead of read into memory. A Parquet file unpacks to many times its size.
LARGE_OWN = {"csv": 64_000_000, "parquet": 32_000_000}
LARGE_DATASET = {"csv": 32_000_000, "parquet": 4_000_000}
MEMORY_PER_BYTE_OF_JSON = 9  # measured with GED on one line
_MEMORY_PER_BYTE = 20  # bytes of memory for a byte of a CSV that is checked in memory


@dataclass
class TableFile:
    """A file that holds a table.

    Attributes:
        path: The file.
        root: The folder that it was found from.
        argument: Number of the argument that named it: a pattern or folder names the parts of one table.
        own: Our table that it holds; empty for others.
        profile: The dataset of others that it belongs to.
        table: The table of that dataset.
        name: Its name in findings.
    """

    path: Path
    root: Path
    argument: int
    own: str = ""
    profile: Profile | None = None
    table: ProfileTable | None = None
    name: str = ""

    @property
    def key(self) -> str:
        """Return the name of the table."""
        return self.own or (self.table.name if self.table else "")


@dataclass
class FileGroup:
    """Files that are checked together: tables of ours, or tables of one dataset in one folder.

    Attributes:
        files: The files by table; several files of a table are its parts.
    """

    files: dict[str, list[TableFile]] = field(default_factory=dict)

    @property
    def profile(self) -> Profile | None:
        """Return the dataset; None for tables of ours."""
        return next(iter(self.files.values()))[0].profile

    @property
    def paths(self) -> list[Path]:
        """Return the paths of all files."""
        return [file.path for files in self.files.values() for file in files]


def is_large(files: Sequence[TableFile], memory: int | None) -> bool:
    """Return whether the files of one table are scanned rather than read into memory.

    Args:
        files: The parts of the table.
        memory: Bytes that may be used; None for no limit.
    """
    share = 0.0
    for file in files:
        limit = (LARGE_OWN if file.own else LARGE_DATASET).get(detect_format(file.path))
        if limit is None:
            continue
        if memory is not None:
            limit = min(limit, memory // _MEMORY_PER_BYTE)
        share += estimate_size(file.path) / max(limit, 1)
    return share >= 1


def report_large_json(group: FileGroup, memory: int | None) -> list[Finding]:
    """Report the JSON files of a group that do not fit into the memory that may be used: JSON is not scanned in parts."""
    findings = []
    for file in (file for files in group.files.values() for file in files):
        needed = estimate_size(file.path) * MEMORY_PER_BYTE_OF_JSON
        if memory is not None and needed > memory and detect_format(file.path) == "json":
            message = (
                f"JSON is read as a whole, and needs about {needed // 10**6:,} MB; {memory // 10**6:,} MB may be used"
            )
            hint = "Give the table as CSV or Parquet, which are read in parts, or allow more with --memory."
            findings.append(make_file_finding("file.size", message, Place(file.name), hint=hint))
    return findings


def find_table_files(paths: Sequence[str | Path]) -> list[TableFile]:
    """Find the files that paths, folders and patterns mean (`readers.packing.find_files`).

    Raises:
        UsageError: Nothing is there.
    """
    return [
        TableFile(path, root, number, name=display_path(path))
        for number, target in enumerate(paths)
        for path, root in find_files(target)
    ]


def is_table_folder(path: Path) -> bool:
    """Return whether a folder holds the parts of a table: tables next to texts, or folders named `column=value`."""
    if not path.is_dir():
        return False
    inside = [
        p for p in path.iterdir() if not p.name.startswith((".", "_")) and p.suffix.lower() not in (".md", ".txt")
    ]
    return bool(inside) and all("=" in p.name if p.is_dir() else is_part(p) for p in inside)


def identify_files(files: Sequence[TableFile], profile: str | None) -> list[TableFile]:
    """Fill in which table each file is.

    Args:
        files: The files.
        profile: A dataset of others; `auto`: any, by the columns; None: our tables too.

    Returns:
        The files that hold no known table.

    Raises:
        UsageError: The profile does not exist.
    """
    candidates = list_profiles() if profile in (None, AUTO) else (get_profile(profile),)
    unknown = []
    for file in files:
        if profile is None and (own := _identify_own(file.path)):
            file.own = own
            continue
        found = detect_profile(read_columns(file.path), candidates, file.path.name)
        file.profile, file.table = found or (None, None)
        if found is None:
            unknown.append(file)
    return unknown


def _identify_own(path: Path) -> str:
    """Return our table that a file holds; "" if it holds none."""
    try:
        return identify_table(path)
    except UsageError:
        return ""


def explain_unknown(file: TableFile, profile: str | None) -> list[Finding] | str:
    """Return what is wrong with a file that holds no known table: what its reading found, else why no table fits."""
    source = open_table(file.path, name=file.name, only_head=True)
    if not source.columns:
        return source.findings or [make_empty_finding(Place(file.name), has_header=False)]
    if headless := [
        f for f in source.findings if f.rule == "csv.header" and f.message.startswith("there is no header")
    ]:
        return headless
    if is_names_list(source.columns):
        return f"{file.name} {REASON}."
    if profile is None and (strip_suffixes(file.path).lower() in load_compiled() or _is_near_own(source.columns)):
        try:
            identify_table(file.path, source.columns)
        except UsageError as fault:
            return str(fault)
    candidates = list_profiles() if profile in (None, AUTO) else (get_profile(profile),)
    text = format_unknown_table(file.name, source.columns, candidates, None if profile == AUTO else profile)
    return f"{file.name} is none of our tables, and {text}" if profile is None else text


def _is_near_own(columns: Sequence[str]) -> bool:
    """Return whether most columns of a file are those of one of our tables."""
    return any(2 * len(set(columns) & set(list_column_kinds(table))) > len(columns) for table in list_tables())


def group_files(files: Sequence[TableFile]) -> list[FileGroup]:
    """Group files that are checked together: all tables of ours; of a dataset, those of one folder.

    Raises:
        UsageError: A file is named twice.
    """
    groups: list[FileGroup] = []
    seen: set[Path] = set()
    for file in files:
        if file.path.resolve() in seen:
            raise UsageError(f"{file.name} is given twice")
        seen.add(file.path.resolve())
        group = next((group for group in groups if _belongs(file, group)), None)
        if group is None:
            groups.append(group := FileGroup())
        group.files.setdefault(file.key, []).append(file)
    return groups


def _belongs(file: TableFile, group: FileGroup) -> bool:
    others = [other for files in group.files.values() for other in files]
    if file.own:
        return bool(others[0].own)
    if file.profile is not others[0].profile or others[0].own:
        return False
    parts = group.files.get(file.key)
    if parts:  # the parts of one table
        return all(part.argument == file.argument for part in parts)
    return any(other.root == file.root or other.path.parent == file.path.parent for other in others)


def read_group(group: FileGroup) -> dict[str, SourceTable]:
    """Read the files of a group into memory: a table for each name, its parts joined."""
    return {table: join_tables(*zip(*map(_read_part, files), strict=True)) for table, files in group.files.items()}


def _read_part(file: TableFile) -> tuple[SourceTable, dict[str, str]]:
    constants = parse_constants(file.path, file.root)
    return open_table(file.path, file.own, file.name, constants), constants


def make_target(group: FileGroup, *, is_alone: bool = True) -> tuple[ValidationTarget, list[str]]:
    """Return tables of ours as a target of the validation, and notes on forms that were read.

    Args:
        group: The tables.
        is_alone: Whether they are given alone: in a package a table without rows is nothing.
    """
    return make_table_target(read_group(group), len(group.paths), is_alone=is_alone)


def make_table_target(
    sources: Mapping[str, SourceTable], files: int, *, is_alone: bool = True
) -> tuple[ValidationTarget, list[str]]:
    """Return tables of ours that were read as a target of the validation, and notes on forms that were read."""
    target, notes = ValidationTarget({}, files=files), []
    for table, source in sources.items():
        target.findings += source.findings
        notes += source.format_remarks()
        if not source.columns:
            if not source.findings:
                target.findings.append(make_empty_finding(Place(source.file), has_header=False))
            continue
        if is_alone and not source.frame.height and not source.findings:
            target.findings.append(make_empty_finding(Place(source.file, 1), is_own=True))
        sheet = OwnTable(table, source)
        target.sheets[table] = sheet
        target.malformed_lines[table], target.missing_columns[table] = sheet.malformed_lines, sheet.missing_columns
    return target, notes


def check_datasets(group: FileGroup, engine: Engine, released_on: dt.date | None) -> Report:
    """Check the tables of one dataset of others in memory."""
    sources = read_group(group)
    profile = group.profile
    assert profile is not None
    known = [(files[0].table, sources[name]) for name, files in group.files.items() if files[0].table is not None]
    report = check_sources(profile, known, engine, released_on)
    report.files = len(group.paths)
    return report


def check_sources(
    profile: Profile, sources: Sequence[tuple[ProfileTable, SourceTable]], engine: Engine, released_on: dt.date | None
) -> Report:
    """Check tables of one dataset of others that have been read, at most one of each."""
    for _, source in sources:
        if not source.frame.height and not source.findings:
            source.findings.append(make_empty_finding(Place(source.file), has_header=bool(source.columns)))
    report = check_tables(sources, engine=engine, released_on=released_on)
    for table, source in sources:
        rows = source.frame.height
        size = f"{rows:,} row{'' if rows == 1 else 's'} of {len(source.columns)} columns"
        report.notes.append(f"{source.file}: {profile.name}, {profile.title} ({profile.licence}): {size}")
        report.notes += [*source.format_remarks(), *describe_own_columns(table, source.columns, source.file)]
    return report


def validate_sources(
    sources: Sequence[SourceTable], name: str = AUTO, *, engine: Engine = "polars", released_on: dt.date | None = None
) -> list[Report]:
    """Check tables of datasets of others that have been read.

    Args:
        sources: The tables.
        name: A profile, or `auto`: each table by its columns.
        engine: What the rules run on.
        released_on: The day up to which things may have happened; today if None.

    Returns:
        A report for each dataset; a second table of one kind has a report for itself.

    Raises:
        UsageError: The profile does not exist, or a table is none of it.
    """
    candidates = list_profiles() if name == AUTO else (get_profile(name),)
    sets: list[tuple[Profile, list[tuple[ProfileTable, SourceTable]]]] = []
    for source in sources:
        found = detect_profile(source.columns, candidates, source.file)
        if found is None:
            raise UsageError(
                format_unknown_table(source.file, source.columns, candidates, None if name == AUTO else name)
            )
        profile, table = found
        fitting = (pairs for owner, pairs in sets if owner is profile and all(other is not table for other, _ in pairs))
        pairs = next(fitting, None)
        if pairs is None:
            sets.append((profile, pairs := []))
        pairs.append((table, source))
    return [check_sources(profile, pairs, engine, released_on) for profile, pairs in sets]


def is_compared(file: TableFile) -> bool:
    """Return whether a rule compares the table of a file with another table of its dataset."""
    if file.profile is None or file.table is None:
        return False
    name = file.table.name
    return any(name in (rule.table, *rule.requires_tables) for rule in file.profile.rules if rule.requires_tables)


def summarize_by_rule(report: Report) -> list[str]:
    """Return how many findings each rule has, in lines, the most first."""
    found = Counter((f.rule, f.severity) for f in report.findings)
    return [f"{n:,} {severity}{'s' if n != 1 else ''} {rule}" for (rule, severity), n in found.most_common()]


def validate_files(
    paths: Sequence[Path], name: str = AUTO, *, engine: Engine = "polars", released_on: dt.date | None = None
) -> list[Report]:
    """Check files as tables of datasets of others, in memory.

    Args:
        paths: CSV, JSON or Parquet files.
        name: A profile, or `auto`: each file by its columns.
        engine: What the rules run on.
        released_on: The day up to which things may have happened; today if None.

    Returns:
        A report for each group of files, with a note on what each file is.

    Raises:
        UsageError: The profile does not exist, a path is not a file, or a file is not a table of the profile.
    """
    for path in paths:
        if not path.is_file():
            raise UsageError(f"{display_path(path)} is not a file; name the files of the dataset")
    files = find_table_files(paths)
    unknown = identify_files(files, name)
    reports = []
    for file in unknown:
        problem = explain_unknown(file, name)
        if isinstance(problem, str):
            raise UsageError(problem)
        reports.append(Report(problem, files=1))
    known = [file for file in files if file.table is not None]
    return [*reports, *(check_datasets(group, engine, released_on) for group in group_files(known))]
