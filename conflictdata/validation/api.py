"""`validate` for whatever a path may be: seeds, one seed file, a table as CSV or Parquet, or a built package."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import cast

from conflictdata._utils.paths import shown
from conflictdata.findings import Report, UsageError
from conflictdata.readers.tables import Sheet, read_csv, read_parquet, table_of
from conflictdata.schema.columns import compiled
from conflictdata.schema.columns import tables as names
from conflictdata.seeds import Memory, Progress, is_seeds
from conflictdata.seeds.cache_store import place
from conflictdata.seeds.unread_files import explain_unread
from conflictdata.validation.evaluate import Engine
from conflictdata.validation.pipeline import Checked, Subject, check, seeds_subject

_TABLES = {".csv", ".parquet"}
_YAML = {".yaml", ".yml"}


@dataclass(frozen=True)
class _How:
    """What holds for all that is checked in one call."""

    engine: Engine
    released_on: dt.date | None
    progress: Progress
    cache: bool

    def check(self, subject: Subject) -> Checked:
        return check(subject, engine=self.engine, released_on=self.released_on, progress=self.progress)

    def seeds(self, folder: Path, only: frozenset[str] | None = None) -> Subject:
        memory = Memory(place(folder)) if self.cache else None
        return seeds_subject(folder, only=only, progress=self.progress, memory=memory)


def validate(
    *paths: str | Path,
    engine: str = "polars",
    released_on: dt.date | None = None,
    progress: Progress = iter,
    cache: bool = True,
    profile: str | None = None,
    memory: int | None = None,
    findings: Path | None = None,
    watch: Callable[[int, int], None] | None = None,
    spark_master: str | None = None,
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

    Returns:
        The report: `.ok`, `.findings`, `.counts`, `.to_frame()`, `.raise_if_errors()`.

    Raises:
        UsageError: a path is not there, or is nothing that can be checked.
    """
    if spark_master is not None and engine != "spark":
        raise UsageError("--spark-master is for --engine spark")
    if _is_for_engines(paths, engine, memory):
        from conflictdata.validation.scan import api

        return api.validate(
            paths, profile_name=profile, engine=engine, memory=memory, findings=findings,
            released_on=released_on, watch=watch, spark_master=spark_master,
        )  # fmt: skip
    given = [Path(p) for p in paths] or [Path("seeds")]
    for path in given:
        if not path.exists():
            raise UsageError(f"{path} does not exist")
    report = _in_memory(given, profile, _How(cast("Engine", engine), released_on, progress, cache))
    if findings is not None:
        from conflictdata.validation.findings_file import write_findings

        write_findings(findings, [*report.findings, *report.waived])
    return report


def _is_for_engines(paths: Sequence[str | Path], engine: str, memory: int | None) -> bool:
    """Whether the paths are one table, to be scanned: by what is asked for, or by what they are."""
    from conflictdata.validation.scan import api

    asked = engine in api.ENGINES_HERE or memory is not None
    large = [path for path in map(Path, paths) if api.is_large(path, of_others=False) and not _inside_seeds(path)]
    if asked and any(is_seeds(Path(path)) for path in paths or ["seeds"]):
        raise UsageError("--engine duckdb, --engine spark and --memory are for one table (CSV, Parquet), not for seeds")
    return asked or (len(paths) == 1 and bool(large)) or any(api.is_one_table(path) for path in paths)


def _in_memory(given: list[Path], profile: str | None, how: _How) -> Report:
    if profile is not None:
        return _feeds(given, profile, how.engine, how.released_on)
    foreign = [path for path in given if _is_foreign(path)]
    if foreign:
        given = [path for path in given if path not in foreign]
        rest = [_in_memory(given, None, how)] if given else []
        return _joined([*rest, _feeds(foreign, "auto", how.engine, how.released_on)])
    tables = [p for p in given if p.is_file() and p.suffix in _TABLES and not _inside_seeds(p)]
    if tables and len(tables) == len(given):
        return how.check(_tables_subject(tables)).report
    reports = [_one(group, how).report for group in _grouped(given)]
    return reports[0] if len(reports) == 1 else _joined(reports)


def _is_foreign(path: Path) -> bool:
    """True for a file that is none of our tables by its name, and is one of another dataset by its columns."""
    if not path.is_file() or path.name == "datapackage.json" or _inside_seeds(path):
        return False
    if path.suffix in _TABLES and path.stem in {*names(), *compiled()}:
        return False
    from conflictdata import readers
    from conflictdata.validation import dataset_api

    # Nothing of ours but the descriptor is JSON.
    return path.suffix == ".json" or (path.suffix in readers.SUFFIXES and dataset_api.is_known(path))


def _feeds(paths: Sequence[Path], profile: str, engine: Engine, released_on: dt.date | None) -> Report:
    from conflictdata.validation import dataset_api
    from conflictdata.validation.scan import api as scanning

    large = [path for path in paths if scanning.is_large(path, of_others=True)]
    if len(paths) > 1:  # what a rule compares with another of the files is read with it
        large = [path for path in large if not dataset_api.is_compared(path)]
    small = [path for path in paths if path not in large]
    report = _joined(dataset_api.reports(small, profile, engine=engine, released_on=released_on)) if small else Report()
    report.notes += dataset_api.by_rule(report) if small else []
    scanned = (
        scanning.validate([path], profile_name=profile, engine=engine, released_on=released_on) for path in large
    )
    return _joined([report, *scanned])


def check_seeds(folder: Path, *, released_on: dt.date | None = None, progress: Progress = iter) -> Checked:
    """A folder of seeds, checked: the report and the typed tables, for publishing. Every file is read."""
    return check(seeds_subject(folder, progress=progress), released_on=released_on, progress=progress)


def _grouped(paths: Sequence[Path]) -> list[tuple[Path, ...]]:
    """Seed files of one folder of seeds are read together; everything else stands alone."""
    groups: dict[Path, list[Path]] = {}
    for path in paths:
        root = _inside_seeds(path) if path.is_file() else None
        groups.setdefault(root or path, []).append(path)
    return [tuple(group) for group in groups.values()]


def _one(group: tuple[Path, ...], how: _How) -> Checked:
    path = group[0]
    root = _inside_seeds(path) if path.is_file() else None
    if root is not None:
        wanted = frozenset(shown(p) for p in group)
        subject = how.seeds(root, wanted)
        _refuse_unread(root, wanted, subject)
        subject.files = len(wanted)
        return how.check(subject)
    if path.is_dir() and is_seeds(path):
        return how.check(how.seeds(path))
    if (descriptor := _descriptor(path)) is not None:
        return _package(descriptor, how)
    if path.is_file() and path.suffix in _TABLES:
        return how.check(_tables_subject([path]))
    if path.is_file() and path.suffix in _YAML:
        raise UsageError(f"{shown(path)} lies in no folder of seeds (one with reference/ and sources/)")
    raise UsageError(
        f"{shown(path)} is neither a folder of seeds, a seed file, a table (CSV, Parquet) nor a data package"
    )


def _refuse_unread(root: Path, wanted: Iterable[str], subject: Subject) -> None:
    """Refuse files that were named and are not read: nothing can be said of them.

    Raises:
        UsageError: If there are any.
    """
    read = set(subject.draft.files) if subject.draft else set()
    told = []
    for name in sorted(set(wanted) - read):
        inside = PurePosixPath(Path(name).resolve().relative_to(root).as_posix())
        reason, hint = explain_unread(root, inside)
        told.append(f"{name} is not read: {reason}. {hint}")
    if told:
        raise UsageError("\n".join(told))


def _inside_seeds(path: Path) -> Path | None:
    """The folder of seeds that a file lies in, or None."""
    return next((folder for folder in path.resolve().parents if is_seeds(folder) and folder.name != "reference"), None)


def _descriptor(path: Path) -> Path | None:
    if path.is_dir() and (path / "datapackage.json").is_file():
        return path / "datapackage.json"
    return path if path.name == "datapackage.json" else None


def _table_of(path: Path) -> str:
    """The table of ours that a file holds; where it is none, the message names the nearest dataset of others too."""
    try:
        return table_of(path)
    except UsageError as fault:
        if path.stem in compiled():
            raise
        from conflictdata.validation import dataset_api

        raise UsageError(f"{fault} {dataset_api.hint(path)}".strip()) from None


def _tables_subject(paths: Sequence[Path]) -> Subject:
    sheets: dict[str, Sheet] = {}
    subject = Subject(sheets, files=len(paths))
    for path in paths:
        table = _table_of(path)
        if table in sheets:
            raise UsageError(f"{shown(path)}: the table {table} is given twice")
        sheet, findings = (read_parquet if path.suffix == ".parquet" else read_csv)(path, table)
        subject.findings += findings
        if sheet is not None:
            sheets[table] = sheet
    return subject


def _package(descriptor: Path, how: _How) -> Checked:
    from conflictdata.datapackage.descriptor import csv_files, read
    from conflictdata.datapackage.verify import verify

    paths = [path for table, path in csv_files(descriptor).items() if table in names() and path.exists()]
    subject = _tables_subject(paths)
    subject.imported = bool(read(descriptor).get("imported"))
    checked = how.check(subject)
    checked.report.add(verify(descriptor.parent))
    checked.report.sort()
    return checked


def _joined(reports: Sequence[Report]) -> Report:
    whole = Report()
    for report in reports:
        whole.findings += report.findings
        whole.waived += report.waived
        whole.files += report.files
        whole.notes += report.notes
        for severity, number in report.unlisted.items():
            whole.unlisted[severity] = whole.unlisted.get(severity, 0) + number
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
