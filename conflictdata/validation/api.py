"""`validate` for whatever a path may be: seeds, one seed file, a table as CSV or Parquet, or a built package."""

from __future__ import annotations

import datetime as dt
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Any, cast, overload

from conflictdata._utils.paths import display_path
from conflictdata.findings import Place, Report, UsageError
from conflictdata.readers import detect_format, open_table
from conflictdata.readers.packing import UnpackError
from conflictdata.rules import load_rules
from conflictdata.rules.file_rules import make_file_finding
from conflictdata.schema.columns import list_tables as names
from conflictdata.seeds import Progress, is_seeds
from conflictdata.seeds.collections import describe_collections, is_collection
from conflictdata.seeds.unread_files import explain_unread
from conflictdata.validation.collections import check_folder
from conflictdata.validation.evaluate import Engine, FrameEngine
from conflictdata.validation.not_evaluated import describe_missing_tables
from conflictdata.validation.pipeline import ValidationResult, ValidationTarget, read_seeds_target, validate_target
from conflictdata.validation.published_flags import apply_flags
from conflictdata.validation.scan import ENGINES, ScanOptions
from conflictdata.validation.table_files import (
    STDIN,
    FileGroup,
    check_datasets,
    explain_unknown,
    find_table_files,
    group_files,
    identify_files,
    is_compared,
    is_large,
    is_table_folder,
    make_table_target,
    make_target,
    report_empty_tables,
    report_large_json,
    summarize_by_rule,
)

if TYPE_CHECKING:
    from conflictdata.readers.frames import Frame

_YAML = {".yaml", ".yml"}
_KNOWN_HINT = "Give a file the name of its table, or all columns of one."
CACHE_NOTICE = "`{}` has no effect: every check reads all files"


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


@overload
def validate(
    *paths: str | Path,
    engine: str = ...,
    released_on: dt.date | None = ...,
    progress: Progress = ...,
    cache: bool | None = ...,
    profile: str | None = ...,
    memory: int | None = ...,
    findings: Path | None = ...,
    watch: Callable[[int, int], None] | None = ...,
    spark_master: str | None = ...,
    second_reader: bool = ...,
    flags: Frame | str | Path | None = ...,
) -> Report: ...
@overload
def validate(
    *paths: Frame | Mapping[str, Frame],
    engine: FrameEngine = ...,
    released_on: dt.date | None = ...,
    progress: Progress = ...,
    profile: str | None = ...,
    findings: Path | None = ...,
    table: str | None = ...,
    flags: Frame | str | Path | None = ...,
) -> Report: ...
def validate(
    *paths: str | Path | Frame | Mapping[str, Frame],
    engine: str = "polars",
    released_on: dt.date | None = None,
    progress: Progress = iter,
    cache: bool | None = None,
    profile: str | None = None,
    memory: int | None = None,
    findings: Path | None = None,
    watch: Callable[[int, int], None] | None = None,
    spark_master: str | None = None,
    second_reader: bool = False,
    table: str | None = None,
    flags: Frame | str | Path | None = None,
) -> Report:
    """Check seeds, single seed files, tables, a built package, or files of other people's datasets.

    Args:
        paths: Paths, or DataFrames. Default: `seeds`. A seed file is checked with the seeds around it. Tables are checked together.
        engine: Engine of the rules: `polars`, `pandas` or, for tables, `duckdb` or `spark` (`report.incomplete`).
        released_on: Day up to which things may have happened. Default: today.
        progress: Wraps the source files and the batches of rules, to show a bar.
        cache: Deprecated, has no effect. Every check reads all files.
        profile: A dataset of others (`conflictdata.datasets.NAMES`), or `auto`. Default: our own tables and `auto`.
        memory: Bytes that may be used. A table that needs more is scanned in parts.
        findings: A Parquet file for all findings.
        watch: Called with the numbers of finished rows and files, while a table is scanned.
        spark_master: For the engine spark, the address of the master (docs/spark.md). Default: this machine.
        second_reader: Read data packages with the library frictionless too (`package.frictionless`).
        table: Name of the table of a DataFrame. Default: the table that has exactly these columns.
        flags: Flags that cover findings, for tables without flags: a DataFrame or a file. Default: the file
            `flags` next to the table, else the flags of the installed release, for records that equal the published ones.

    Returns:
        The report: `.ok`, `.findings`, `.counts`, `.to_frame()`, `.raise_if_errors()`.

    Raises:
        UsageError: If a path does not exist, or holds nothing that can be checked.
    """
    if cache is not None:
        warnings.warn(CACHE_NOTICE.format("cache"), FutureWarning, stacklevel=2)
    if spark_master is not None and engine != "spark":
        raise UsageError("--spark-master is for --engine spark")
    named = [path for path in paths if isinstance(path, str | Path)]
    if table is not None or len(named) < len(paths):
        about = {"table": table, "flags": flags, "profile": profile, "engine": engine, "released_on": released_on}
        return _save_findings(_validate_frames(paths, memory, progress=progress, **about), findings)
    options = ValidationOptions(cast("Engine", engine), released_on, progress, second_reader, flags)
    return _validate_paths(named, profile, options, ScanOptions(memory, findings, watch, spark_master, flags))


def _validate_paths(
    paths: Sequence[str | Path], profile: str | None, options: ValidationOptions, scan: ScanOptions
) -> Report:
    """Check files and folders: seeds, packages and tables.

    Raises:
        UsageError: A path does not exist or cannot be checked, or an option does not fit it.
    """
    if options.engine not in ENGINES:
        raise UsageError(f"there is no engine {options.engine!r}; there are: {', '.join(ENGINES)}")
    if options.second_reader and not any(_find_descriptor(Path(path)) for path in paths):
        raise UsageError("--second-reader is for a data package (a folder with datapackage.json)")
    with _accept_stdin(paths or ["seeds"]) as targets:
        tables = list(targets) if profile is not None else [path for path in targets if _is_table(path)]
        others = [Path(path) for path in targets if path not in tables]
        if others and (options.engine in ("duckdb", "spark") or scan.memory is not None):
            raise UsageError(
                "--engine duckdb, --engine spark and --memory are for tables (CSV, Parquet), not for seeds"
            )
        reports = [_validate_group(group, options).report for group in _group_paths(others)]
        if tables:
            reports.append(_validate_tables(tables, profile, options, scan, is_alone=not others))
    report = reports[0] if len(reports) == 1 else merge_reports(reports)
    return report if scan.is_written else _save_findings(report, scan.findings)


def _validate_frames(frames: Sequence[Any], memory: int | None, **options: Any) -> Report:
    from conflictdata.validation.frames import validate_frames

    if memory is not None:
        raise UsageError("memory= is for files; a DataFrame is in memory already")
    return merge_reports(validate_frames(frames, **options))


def _save_findings(report: Report, file: Path | None) -> Report:
    if file is not None:
        from conflictdata.validation.findings_file import write_findings

        write_findings(file, [*report.findings, *report.waived])
    return report


@contextmanager
def _accept_stdin(paths: Sequence[str | Path]) -> Iterator[list[str | Path]]:
    """Yield the paths, with a copy of standard input for `-`."""
    if STDIN not in map(str, paths):
        yield list(paths)
        return
    import shutil

    from conflictdata._utils.work_folder import open_work_folder

    with open_work_folder() as folder:
        copy = folder / STDIN
        with copy.open("wb") as opened:
            shutil.copyfileobj(_open_stdin(), opened)
        yield [copy if str(path) == STDIN else path for path in paths]


def _open_stdin() -> IO[bytes]:
    import sys

    if sys.stdin is None:
        raise UsageError("standard input is closed, so - names nothing; name a file, or pipe a table into the command")
    return sys.stdin.buffer


def _is_table(path: str | Path) -> bool:
    """Return whether a path names tables: it is not seeds, a page of seeds or a package."""
    file = Path(path)
    if not file.exists():
        return True  # a pattern, or nothing
    if (
        _find_seeds_folder(file)
        or is_seeds(file)
        or is_collection(file)
        or _find_descriptor(file)
        or file.suffix in _YAML
    ):
        return False
    return bool(detect_format(file)) or is_table_folder(file) or file.is_file()


def _validate_tables(
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
            damaged = make_file_finding("file.unreadable", str(fault), Place(files[0].name))
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


def check_seeds(folder: Path, *, released_on: dt.date | None = None, progress: Progress = iter) -> ValidationResult:
    """A folder of seeds, checked: the report and the typed tables, for publishing. Every file is read."""
    return validate_target(read_seeds_target(folder, progress=progress), released_on=released_on, progress=progress)


def _group_paths(paths: Sequence[Path]) -> list[tuple[Path, ...]]:
    """Group the seed files of one folder of seeds, and those of a collection; all else is a group of its own."""
    groups: dict[Path, list[Path]] = {}
    for path in dict.fromkeys(p.parent if p.is_file() and is_collection(p.parent) else p for p in paths):
        root = _find_seeds_folder(path) if path.is_file() else None
        groups.setdefault(root or path, []).append(path)
    return [tuple(group) for group in groups.values()]


def _validate_group(group: tuple[Path, ...], options: ValidationOptions) -> ValidationResult:
    path = group[0]
    root = _find_seeds_folder(path) if path.is_file() else None
    if root is not None:
        selected = frozenset(display_path(p) for p in group)
        target = options.read_seeds_target(root, selected)
        _refuse_unread(root, selected, target)
        target.files = len(selected)
        return options.check(target)
    if path.is_dir() and is_seeds(path):
        result = options.check(options.read_seeds_target(path))
        result.report.notes += describe_collections(path)
        return result
    if path.is_dir() and is_collection(path):
        return check_folder(path, options.released_on, options.progress)
    if (descriptor := _find_descriptor(path)) is not None:
        return _validate_package(descriptor, options)
    if path.is_file() and path.suffix in _YAML:
        raise UsageError(f"{display_path(path)} lies in no folder of seeds (one with reference/ and sources/)")
    raise UsageError(
        f"{display_path(path)} is neither a folder of seeds, a seed file, a table (CSV, Parquet) nor a data package"
    )


def _refuse_unread(root: Path, selected: Iterable[str], target: ValidationTarget) -> None:
    """Refuse files that were named and are not read: nothing can be said of them.

    Raises:
        UsageError: If there are any.
    """
    read = set(target.draft.files) if target.draft else set()
    lines = []
    for name in sorted(set(selected) - read):
        inside = PurePosixPath(Path(name).resolve().relative_to(root).as_posix())
        reason, hint = explain_unread(root, inside)
        lines.append(f"{name} is not read: {reason}. {hint}")
    if lines:
        raise UsageError(*lines)


def _find_seeds_folder(path: Path) -> Path | None:
    """The folder of seeds that a file lies in, or None."""
    return next((folder for folder in path.resolve().parents if is_seeds(folder) and folder.name != "reference"), None)


def _find_descriptor(path: Path) -> Path | None:
    if path.is_dir() and (path / "datapackage.json").is_file():
        return path / "datapackage.json"
    return path if path.name == "datapackage.json" else None


def _validate_package(descriptor: Path, options: ValidationOptions) -> ValidationResult:
    from conflictdata.datapackage.descriptor import list_collection_descriptors, list_csv_files, read_descriptor
    from conflictdata.datapackage.verify import verify_package

    paths = {table: path for table, path in list_csv_files(descriptor).items() if table in names() and path.exists()}
    sources = {table: open_table(path, table) for table, path in paths.items()}
    target, _ = make_table_target(sources, len(sources), is_alone=False)
    target.imported = bool(read_descriptor(descriptor).get("imported"))
    result = options.check(target)
    result.report.add(verify_package(descriptor.parent))
    result.report.sort()
    if options.second_reader:
        from conflictdata.validation.second_reader import add_second_opinion

        add_second_opinion(result.report, descriptor.parent)
    parts = [_validate_package(path, options).report for path in list_collection_descriptors(descriptor)]
    return ValidationResult(merge_reports([result.report, *parts]), result.tables) if parts else result


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
