"""`validate` for whatever a path may be: seeds, one seed file, a table as CSV or Parquet, or a built package."""

from __future__ import annotations

import datetime as dt
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Any, cast, overload

from conflictdata._utils.paths import STDIN, display_path
from conflictdata.findings import Report, UsageError
from conflictdata.readers import detect_format, open_table
from conflictdata.schema.columns import list_tables as names
from conflictdata.seeds import Progress, is_seeds
from conflictdata.seeds.collections import describe_collections, is_collection
from conflictdata.seeds.unread_files import explain_unread
from conflictdata.validation.collections import check_folder
from conflictdata.validation.evaluate import Engine, FrameEngine
from conflictdata.validation.pipeline import ValidationResult, ValidationTarget
from conflictdata.validation.scan import ENGINES, ScanOptions
from conflictdata.validation.table_files import is_table_folder, make_table_target
from conflictdata.validation.table_sets import ValidationOptions, merge_reports, validate_tables

if TYPE_CHECKING:
    from conflictdata.readers.frames import Frame

_YAML = {".yaml", ".yml"}
CACHE_NOTICE = "`{}` has no effect: every check reads all files"


@overload
def validate(
    *paths: str | Path,
    engine: str = ...,
    released_on: dt.date | None = ...,
    progress: Progress = ...,
    cache: bool | None = ...,
    profile: str | None = ...,
    memory: int | str | None = ...,
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
    memory: int | str | None = None,
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
        memory: Bytes that may be used, or a size such as `2GB`. A table that needs more is scanned in parts.
        findings: A Parquet file for all findings.
        watch: Called with the numbers of finished rows and files, while a table is scanned.
        spark_master: Address of the master for spark (docs/spark.md). Default: this machine.
        second_reader: Read data packages with the library frictionless too (`package.frictionless`).
        table: Name of the table of a DataFrame. Default: the table that has exactly these columns.
        flags: Flags for tables without: a DataFrame or a file. Default: `flags` next to the table, else those of the installed release.

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
    return _validate_paths(
        named, profile, options, ScanOptions(_read_size(memory), findings, watch, spark_master, flags)
    )


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
            reports.append(validate_tables(tables, profile, options, scan, is_alone=not others))
    report = reports[0] if len(reports) == 1 else merge_reports(reports)
    return report if scan.is_written else _save_findings(report, scan.findings)


def _validate_frames(frames: Sequence[Any], memory: int | str | None, **options: Any) -> Report:
    from conflictdata.validation.frames import validate_frames

    if memory is not None:
        raise UsageError("memory= is for files; a DataFrame is in memory already")
    return merge_reports(validate_frames(frames, **options))


def _read_size(memory: int | str | None) -> int | None:
    """Return a size in bytes."""
    if not isinstance(memory, str):
        return memory
    from conflictdata.validation.scan.api import parse_size

    return parse_size(memory)


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
