"""`validate` for whatever a path may be: seeds, one seed file, a table as CSV or Parquet, or a built package."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, cast

from conflictdata._utils.paths import display_path
from conflictdata.findings import Report, UsageError
from conflictdata.readers.tables import CsvTable, LocatedTable, identify_table, read_csv, read_parquet
from conflictdata.schema.columns import list_tables as names
from conflictdata.schema.columns import load_compiled
from conflictdata.seeds import Memory, Progress, is_seeds
from conflictdata.seeds.cache_store import place
from conflictdata.seeds.unread_files import explain_unread
from conflictdata.validation.evaluate import Engine
from conflictdata.validation.pipeline import ValidationResult, ValidationTarget, read_seeds_target, validate_target
from conflictdata.validation.published_flags import apply_flags

if TYPE_CHECKING:
    from conflictdata.readers.frames import Frame

_TABLES = {".csv", ".parquet"}
_YAML = {".yaml", ".yml"}


@dataclass(frozen=True)
class ValidationOptions:
    """What holds for all that is checked in one call."""

    engine: Engine
    released_on: dt.date | None
    progress: Progress
    cache: bool
    flags: Any = None  # for tables without flags of their own

    def check_tables(self, paths: Sequence[Path]) -> ValidationResult:
        """Check bare tables, and apply the flags."""
        result = self.check(_read_tables_target(paths))
        apply_flags(result.report, result.tables, self.flags, paths)
        return result

    def check(self, target: ValidationTarget) -> ValidationResult:
        """Check a target with these options."""
        return validate_target(target, engine=self.engine, released_on=self.released_on, progress=self.progress)

    def read_seeds_target(self, folder: Path, only: frozenset[str] | None = None) -> ValidationTarget:
        """Read a folder of seeds; `only`: report these files alone."""
        memory = Memory(place(folder)) if self.cache else None
        return read_seeds_target(folder, only=only, progress=self.progress, memory=memory)


def validate(
    *paths: str | Path | Frame | Mapping[str, Frame],
    engine: str = "polars",
    released_on: dt.date | None = None,
    progress: Progress = iter,
    cache: bool = True,
    profile: str | None = None,
    memory: int | None = None,
    findings: Path | None = None,
    watch: Callable[[int, int], None] | None = None,
    spark_master: str | None = None,
    table: str | None = None,
    flags: Frame | str | Path | None = None,
) -> Report:
    """Check seeds, single seed files, tables, a built package, or files of other people's datasets.

    Args:
        paths: what to check; `seeds` where none is given. A seed file is checked in the light of the seeds
            around it. Several tables given together are checked together.
        engine: what the rules run on: `polars`, `pandas` or, for one table, `duckdb` or `spark`. These two scan
            the table: the rules of one of our own tables that compare records are not asked, and the error `report.incomplete`
            names them.
        released_on: the day up to which things may have happened; today where it is not given.
        progress: wraps the source files while they are read and the rules while they are asked, to show a bar.
        cache: whether source files that are as they were need not be read again. Only a folder of many files is
            remembered, under `CONFLICTDATA_HOME` or in the user's cache; the findings are the same.
        profile: whose dataset the files are (`conflictdata.datasets.NAMES`); `auto`: each by its columns. Where it is not
            given, files that are none of our tables are looked at too.
        memory: bytes that may be used: the files are one table, of any size, which is scanned (see `engine`).
        findings: a Parquet file that all findings are written to.
        watch: called with the rows and the files that are done while a table is scanned.
        spark_master: for the engine spark, the address of the master (docs/spark.md); this machine where it is not given.
        table: name of the table, if one DataFrame is given; without it, the table that has exactly these columns.
        flags: flags that cover findings, for tables without flags of their own: a DataFrame or a file. Default: the file
            `flags` next to the table, else the flags of the installed release, for records that equal the published ones.

    Returns:
        The report: `.ok`, `.findings`, `.counts`, `.to_frame()`, `.raise_if_errors()`.

    Raises:
        UsageError: a path is not there, or is nothing that can be checked.
    """
    if spark_master is not None and engine != "spark":
        raise UsageError("--spark-master is for --engine spark")
    if table is not None or not all(isinstance(path, str | Path) for path in paths):
        report = _validate_frames(
            paths,
            memory,
            table=table,
            flags=flags,
            profile=profile,
            engine=engine,
            released_on=released_on,
            progress=progress,
        )
        return _save_findings(report, findings)
    if _is_scannable(paths, engine, memory):
        from conflictdata.validation.scan import api

        return api.validate_table(
            paths, profile_name=profile, engine=engine, memory=memory, findings=findings,
            released_on=released_on, watch=watch, spark_master=spark_master,
        )  # fmt: skip
    targets = [Path(p) for p in paths] or [Path("seeds")]
    for path in targets:
        if not path.exists():
            raise UsageError(f"{path} does not exist")
    report = _validate_in_memory(
        targets, profile, ValidationOptions(cast("Engine", engine), released_on, progress, cache, flags)
    )
    return _save_findings(report, findings)


def _validate_frames(frames: Sequence[Any], memory: int | None, **options: Any) -> Report:
    from conflictdata.validation.frames import validate_frames

    if memory is not None:
        raise UsageError("memory= is for files; a DataFrame is in memory already")
    return _merge_reports(validate_frames(frames, **options))


def _save_findings(report: Report, file: Path | None) -> Report:
    if file is not None:
        from conflictdata.validation.findings_file import write_findings

        write_findings(file, [*report.findings, *report.waived])
    return report


def _is_scannable(paths: Sequence[str | Path], engine: str, memory: int | None) -> bool:
    """Whether the paths are one table, to be scanned: by what is asked for, or by what they are."""
    from conflictdata.validation.scan import api

    is_requested = engine in api.SCAN_ENGINES or memory is not None
    large = [path for path in map(Path, paths) if api.is_large(path, of_others=False) and not _find_seeds_folder(path)]
    if is_requested and any(is_seeds(Path(path)) for path in paths or ["seeds"]):
        raise UsageError("--engine duckdb, --engine spark and --memory are for one table (CSV, Parquet), not for seeds")
    return is_requested or (len(paths) == 1 and bool(large)) or any(api.is_one_table(path) for path in paths)


def _validate_in_memory(targets: list[Path], profile: str | None, options: ValidationOptions) -> Report:
    if profile is not None:
        return _validate_datasets(targets, profile, options.engine, options.released_on)
    foreign = [path for path in targets if _is_foreign(path)]
    if foreign:
        targets = [path for path in targets if path not in foreign]
        rest = [_validate_in_memory(targets, None, options)] if targets else []
        return _merge_reports([*rest, _validate_datasets(foreign, "auto", options.engine, options.released_on)])
    tables = [p for p in targets if p.is_file() and p.suffix in _TABLES and not _find_seeds_folder(p)]
    if tables and len(tables) == len(targets):
        return options.check_tables(tables).report
    reports = [_validate_group(group, options).report for group in _group_paths(targets)]
    return reports[0] if len(reports) == 1 else _merge_reports(reports)


def _is_foreign(path: Path) -> bool:
    """True for a file that is none of our tables by its name, and is one of another dataset by its columns."""
    if not path.is_file() or path.name == "datapackage.json" or _find_seeds_folder(path):
        return False
    if path.suffix in _TABLES and path.stem in {*names(), *load_compiled()}:
        return False
    from conflictdata import readers
    from conflictdata.validation import dataset_api

    # Nothing of ours but the descriptor is JSON.
    return path.suffix == ".json" or (path.suffix in readers.SUFFIXES and dataset_api.is_known_dataset(path))


def _validate_datasets(paths: Sequence[Path], profile: str, engine: Engine, released_on: dt.date | None) -> Report:
    from conflictdata.validation import dataset_api
    from conflictdata.validation.scan import api as scanning

    large = [path for path in paths if scanning.is_large(path, of_others=True)]
    if len(paths) > 1:  # what a rule compares with another of the files is read with it
        large = [path for path in large if not dataset_api.is_compared(path)]
    small = [path for path in paths if path not in large]
    report = (
        _merge_reports(dataset_api.validate_files(small, profile, engine=engine, released_on=released_on))
        if small
        else Report()
    )
    report.notes += dataset_api.summarize_by_rule(report) if small else []
    scanned = (
        scanning.validate_table([path], profile_name=profile, engine=engine, released_on=released_on) for path in large
    )
    return _merge_reports([report, *scanned])


def check_seeds(folder: Path, *, released_on: dt.date | None = None, progress: Progress = iter) -> ValidationResult:
    """A folder of seeds, checked: the report and the typed tables, for publishing. Every file is read."""
    return validate_target(read_seeds_target(folder, progress=progress), released_on=released_on, progress=progress)


def _group_paths(paths: Sequence[Path]) -> list[tuple[Path, ...]]:
    """Group the seed files of one folder of seeds; everything else is a group of its own."""
    groups: dict[Path, list[Path]] = {}
    for path in paths:
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
        return options.check(options.read_seeds_target(path))
    if (descriptor := _find_descriptor(path)) is not None:
        return _validate_package(descriptor, options)
    if path.is_file() and path.suffix in _TABLES:
        return options.check_tables([path])
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
        raise UsageError("\n".join(lines))


def _find_seeds_folder(path: Path) -> Path | None:
    """The folder of seeds that a file lies in, or None."""
    return next((folder for folder in path.resolve().parents if is_seeds(folder) and folder.name != "reference"), None)


def _find_descriptor(path: Path) -> Path | None:
    if path.is_dir() and (path / "datapackage.json").is_file():
        return path / "datapackage.json"
    return path if path.name == "datapackage.json" else None


def _identify_table(path: Path) -> str:
    """The table of ours that a file holds; where it is none, the message names the nearest dataset of others too."""
    try:
        return identify_table(path)
    except UsageError as fault:
        if path.stem in load_compiled():
            raise
        from conflictdata.validation import dataset_api

        raise UsageError(f"{fault} {dataset_api.suggest_dataset(path)}".strip()) from None


def _read_tables_target(paths: Sequence[Path]) -> ValidationTarget:
    sheets: dict[str, LocatedTable] = {}
    target = ValidationTarget(sheets, files=len(paths))
    for path in paths:
        table = _identify_table(path)
        if table in sheets:
            raise UsageError(f"{display_path(path)}: the table {table} is given twice")
        sheet, findings = (read_parquet if path.suffix == ".parquet" else read_csv)(path, table)
        target.findings += findings
        if sheet is not None:
            sheets[table] = sheet
        if isinstance(sheet, CsvTable):
            target.malformed_lines[table], target.missing_columns[table] = sheet.malformed_lines, sheet.missing_columns
    return target


def _validate_package(descriptor: Path, options: ValidationOptions) -> ValidationResult:
    from conflictdata.datapackage.descriptor import list_csv_files, read_descriptor
    from conflictdata.datapackage.verify import verify_package

    paths = [path for table, path in list_csv_files(descriptor).items() if table in names() and path.exists()]
    target = _read_tables_target(paths)
    target.imported = bool(read_descriptor(descriptor).get("imported"))
    result = options.check(target)
    result.report.add(verify_package(descriptor.parent))
    result.report.sort()
    return result


def _merge_reports(reports: Sequence[Report]) -> Report:
    merged = Report()
    for report in reports:
        merged.findings += report.findings
        merged.waived += report.waived
        merged.files += report.files
        merged.notes += report.notes
        for severity, number in report.unlisted.items():
            merged.unlisted[severity] = merged.unlisted.get(severity, 0) + number
        for table, count in report.counts.items():
            merged.counts[table] = merged.counts.get(table, 0) + count
        for rule, tally in report.evaluated.items():
            mine = merged.evaluated.setdefault(rule, type(tally)())
            mine.valid, mine.invalid, mine.unknown = (
                mine.valid + tally.valid,
                mine.invalid + tally.invalid,
                mine.unknown + tally.unknown,
            )
    merged.sort()
    return merged
