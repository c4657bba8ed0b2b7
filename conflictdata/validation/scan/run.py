"""Checking one big table: the files one after the other, then its keys, then what joins must say."""

from __future__ import annotations

import pkgutil
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from conflictdata._utils.paths import display_path
from conflictdata.findings import Finding, Place, Report, Tally, UsageError
from conflictdata.readers.csv import report_layout
from conflictdata.readers.csv_lines import CsvLayout
from conflictdata.readers.packing import find_files
from conflictdata.readers.parquet import find_unknown_columns
from conflictdata.readers.sheet import SourceTable
from conflictdata.schema.columns import Constraint
from conflictdata.validation.day_columns import DAY_COLUMN
from conflictdata.validation.empty_tables import make_empty_finding
from conflictdata.validation.findings_file import FindingsFile
from conflictdata.validation.incomplete import make_incomplete_finding
from conflictdata.validation.joined_files import find_joined
from conflictdata.validation.not_evaluated import describe_missing_columns, describe_own_columns, find_core_gaps
from conflictdata.validation.odd_columns import list_findings
from conflictdata.validation.plan import ColumnMap, Plan
from conflictdata.validation.scan import EMBEDDED, ENGINES, csv_structure, strict_integers
from conflictdata.validation.scan.base import ReadError, ScanEngine
from conflictdata.validation.scan.canonical_copy import (
    clear_columns,
    judge_day_columns,
    judge_whole_columns,
    write_canonical_copy,
)
from conflictdata.validation.scan.csv_locations import CellLocator
from conflictdata.validation.scan.files import Part, has_missing_text, open_workspace, prepare_part
from conflictdata.validation.scan.own_tables import OwnTableRun, choose_rows
from conflictdata.validation.scan.prefilter import TEXT_KINDS
from conflictdata.validation.scan.scanned_table import LOCATE_BATCH, ScannedTable
from conflictdata.validation.scan.sink import FindingSink
from conflictdata.validation.scan.verdicts import BrokenColumn, NonCanonicalCell, PendingFinding, Verdicts

MAX_PENDING = 100_000  # findings that wait for their places

ProgressCallback = Callable[[int, int], None]  # called with the rows that are done, and how many files of all


def check_table(
    paths: Sequence[str | Path | tuple[Path, Path]],
    plan: Plan,
    *,
    engine: str | ScanEngine = "auto",
    memory: int | None = None,
    findings: Path | None = None,
    watch: ProgressCallback | None = None,
    spark_master: str | None = None,
    flags: Any = None,
) -> Report:
    """Check the files of one table.

    Args:
        paths: CSV or Parquet files, packed (.gz, .zst) or not, folders of them (`year=2024/` gives a column), patterns.
        plan: what they are checked for.
        engine: polars, duckdb, pandas or spark; or `auto`, which is polars; or an engine.
        memory: bytes that may be used; what does not fit goes to disk. On Spark: of each executor.
        findings: a Parquet file that all findings are written to.
        watch: called while the work goes on.
        flags: flags that cover findings of a table of ours; None: those next to the file, else those of the installed release.
        spark_master: for the engine spark, the address of the master, such as `spark://host:7077`; this machine without it.

    Returns:
        The report. It holds at most `KEPT` findings of each severity and counts the others in `unlisted`.

    Raises:
        UsageError: a file is not there or cannot be read, or the engine is not installed.
    """
    files = [pair for path in paths for pair in ([path] if isinstance(path, tuple) else find_files(path))]
    with ExitStack() as stack:
        work = stack.enter_context(open_workspace())
        out = stack.enter_context(FindingsFile(findings)) if findings else None
        opened = _open_engine(engine, memory, work, spark_master)
        if opened is not engine:
            stack.callback(getattr(opened, "close", _skip_close))
        sink = FindingSink(out)
        parts = (prepare_part(n, path, root, plan, work) for n, (path, root) in enumerate(files))
        if plan.is_own and opened.name in EMBEDDED:
            from conflictdata.validation.published_flags import apply_flags  # loads pandas

            cover = partial(apply_flags, flags=flags, paths=[path for path, _ in files])
            own = OwnTableRun(plan, opened, work, sink, watch or _ignore_progress, choose_rows(memory), cover)
            return own.check(list(parts))
        run = _TableRun(plan, opened, work, sink, watch=watch or _ignore_progress)
        run.report_skipped_rules([path for path, _ in files])
        for original in _notify_engine(opened, parts):
            run.check_file(original)
        run.check_table()
    return run.build_report(len(files))


def _open_engine(engine: str | ScanEngine, memory: int | None, work: Path, spark_master: str | None) -> ScanEngine:
    if spark_master is not None and engine != "spark":
        raise UsageError("--spark-master is for --engine spark")
    if not isinstance(engine, str):
        return engine
    name = engine
    if name == "auto":
        name = "polars"  # by measurement, with a limit and without (bench/big.md)
    if name not in ENGINES:
        raise UsageError(f"there is no engine {name!r}; there are: {', '.join(ENGINES)}")
    more = {"master": spark_master} if spark_master is not None else {}
    made: ScanEngine = pkgutil.resolve_name(ENGINES[name])(memory=memory, work=work, **more)
    return made


def _skip_close() -> None:
    """Most engines have nothing to close."""


def _notify_engine(engine: ScanEngine, parts: Iterator[Part]) -> Iterator[Part]:
    """The files one after the other. An engine that judges several in one go (`expect`) learns of all before."""
    expect = getattr(engine, "expect", None)
    if expect is not None:
        known = list(parts)
        expect(known)
        parts = iter(known)
    yield from parts


def _ignore_progress(rows: int, files: int) -> None:
    """Report nothing."""


@dataclass
class _TableRun(ScannedTable):
    """One check of one table: its files one after the other, then its rows against one another."""

    watch: ProgressCallback = _ignore_progress
    uncounted: Counter[str] = field(default_factory=Counter)  # findings in no tally, by severity
    not_evaluated: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)  # of the files
    # By number of the file, columns of which no cell is read.
    lost_in: dict[int, set[str]] = field(default_factory=dict)
    # Files whose columns have been looked at for cells that break one rule.
    counted: set[int] = field(default_factory=set)
    has_file_faults: bool = False  # whether the form or the header of a file has a finding

    def __post_init__(self) -> None:
        self.needs_normalizing = self.plan.needs_normalizing

    def report_skipped_rules(self, files: Sequence[Path]) -> None:
        """Report the rules that a scan does not ask, before all else: no limit of findings leaves this one out."""
        if self.plan.skipped_rules:
            place = Place(display_path(files[0])) if len(files) == 1 else None
            self._add_uncounted([make_incomplete_finding(self.plan.table, self.plan.skipped_rules, place)])

    def check_file(self, original: Part) -> None:
        """Judge one file."""
        self.names.append(original.name)
        self._add_file_findings(original.findings)
        self.remarks += SourceTable(original.name, remarks=list(original.remarks)).format_remarks()
        if self.plan.partial and self.plan.map_names is not None:
            known = ColumnMap(self.plan.table, self.plan.map_names)
            self.remarks += describe_own_columns(known, (*original.original_names, *original.constants), original.name)
        if self.plan.partial:
            gaps, lines = find_column_gaps(original, self.plan)
            self._add_uncounted(gaps)
            self.not_evaluated += [line for line in lines if line not in self.not_evaluated]
        names = [c.column for c in self.plan.columns]
        if not self.plan.partial and not self.plan.is_own:
            faults = find_unknown_columns(original.all_columns, self.plan.table, original.name, names)
            self._add_uncounted(faults)
            if faults:
                self.has_file_faults = True
                return
        if not set(original.all_columns) & set(names):
            return
        if self.plan.missing and _has_missing_word(original, self.plan):
            self.needs_normalizing = True
        layout = None
        quoted = original.is_csv and (original.separator != "," or csv_structure.needs_layout(original))
        if original.is_csv and not quoted and self._check_with_integers(original):
            return
        if original.is_csv and (quoted or not (self.engine.counts_cells or self._is_sound(original))):
            layout = csv_structure.read_layout(original)
        while layout is not None or not self._check_records(original, original, None):
            layout = layout or csv_structure.read_layout(original)
            source = SourceTable(original.name)
            report_layout(source, layout, original.table)
            self._add_file_findings(source.findings)
            self.remarks += [f"{original.name}: read with {text}" for text in source.remarks]
            read = (
                csv_structure.write_clean_copy(original, layout, self.work)
                if layout.spans or original.separator != ","
                else original
            )
            if self._check_records(original, read, layout):
                return

    def _check_with_integers(self, original: Part) -> bool:
        """Judge a CSV whose whole numbers its reader reads as such; false where a cell may be other than it was understood."""
        read = strict_integers.typed(original, self.plan)
        if not (self.engine.weighs and read.typed) or self.needs_normalizing:
            return False
        try:
            return self._evaluate(original, read, None)
        except NonCanonicalCell:
            self.engine.forget(read)
            return False

    def _check_records(self, original: Part, read: Part, layout: CsvLayout | None) -> bool:
        """Judge the records of a file; false where lines are malformed that were not known to be, and nothing is counted.

        Args:
            original: the file as it was given.
            read: the file that is read.
            layout: where its records stand; None where every line seems to be one.
        """
        if not self.needs_normalizing:
            try:
                return self._evaluate(original, read, layout)
            except NonCanonicalCell:
                self.engine.forget(read)
        if layout is None and not self._is_sound(original):
            return False
        layout = layout or csv_structure.make_plain_layout(original)
        copy = self._make_copy(original, read, layout)
        try:
            return self._evaluate(original, copy, layout)
        except BrokenColumn:
            self.engine.forget(copy)
        return self._evaluate(original, self._drop_broken_columns(original, copy, layout), layout)

    def _drop_broken_columns(self, original: Part, copy: Part, layout: CsvLayout) -> Part:
        """Report the columns of a copy most of whose cells break one rule, and leave them out of what is judged."""
        plan = self.plan.restrict_to(copy.all_columns)
        lost = self.lost_in.setdefault(copy.number, set())
        seen = [c for c in plan.columns if c.kind != "prose" and c.column not in lost]
        odd = judge_whole_columns(copy, seen, plan, CellLocator(original, layout))
        self.sink.add(findings := list_findings(odd))
        for finding in findings:
            self.add_tally(finding.rule, 0, 1, 0)
        broken = {column.column for column in odd}
        lost |= broken
        self.lost |= broken
        self.counted.add(copy.number)
        numbers = [c.column for c in seen if c.column in broken and c.kind not in TEXT_KINDS]
        return clear_columns(copy, numbers) if numbers else copy

    def _make_copy(self, original: Part, read: Part, layout: CsvLayout) -> Part:
        """Make a copy in canonical form, and report the columns of days that are not read."""
        copy, counters = write_canonical_copy(read, self.plan, self.work)
        odd = judge_day_columns(copy, counters, self.plan, CellLocator(original, layout))
        reported = [days for days in odd if not days.is_single]
        self.sink.add(findings := list_findings(reported))
        if findings:
            self.add_tally(DAY_COLUMN, 0, len(findings), 0)
        lost = [days.column for days in reported if days.is_whole]
        self.lost |= set(lost)
        self.lost_in[copy.number] = set(lost)
        columns = tuple(replace(c, required=c.required and c.column not in lost) for c in self.plan.columns)
        self.plan = replace(
            self.plan, columns=columns, odd_days=self.plan.odd_days | {days.column for days in reported}
        )
        return clear_columns(copy, lost) if lost else copy

    def _add_file_findings(self, findings: Sequence[Finding]) -> None:
        self.has_file_faults = self.has_file_faults or bool(findings)
        joined = find_joined(findings) if self.plan.partial else []
        self.joined += joined  # reported at the end, with the rows that follow from them
        headers = [file.header for file in joined]
        self._add_uncounted([finding for finding in findings if finding not in headers])

    def _add_uncounted(self, faults: Sequence[Finding]) -> None:
        self.uncounted.update(fault.severity for fault in faults)
        self.sink.add(faults)

    def _evaluate(self, original: Part, read: Part, layout: CsvLayout | None) -> bool:
        """The same, in one form of the cells."""
        lost = self.lost_in.get(read.number, set())
        plan = _relax_columns(self.plan.restrict_to(read.all_columns), lost)
        undecided = [r for r in plan.row_rules if lost & set(r.fields)]
        counts_columns = plan.forms is not None and read.number not in self.counted
        decided = replace(plan, rules=tuple(r for r in plan.rules if r not in undecided))
        verdicts = Verdicts(decided, counts_columns, frozenset(lost))
        locator = CellLocator(original, layout or csv_structure.make_plain_layout(original))
        pending: list[PendingFinding] = []
        has_irregular_rows, weighed, weight = False, False, 0
        try:
            for batch in self.engine.iterate_batches(read, verdicts.plan):
                has_irregular_rows = has_irregular_rows or bool(batch.extra_cells or batch.missing_cells)
                weighed, weight = batch.weight is not None, weight + (batch.weight or 0)
                verdicts.add_batch(batch)
                if verdicts.pending >= LOCATE_BATCH:
                    pending += verdicts.evaluate_flagged(read, self.sink.select_severities())
                if len(pending) >= MAX_PENDING and read.typed:
                    raise ReadError("what was found may not be kept before all is weighed")
                if len(pending) >= MAX_PENDING and (layout is not None or self._is_sound(original)):
                    pending = self._add_located(pending, locator)
                self.watch(self.rows + verdicts.rows, len(self.parts))
        except ReadError as fault:
            self.engine.forget(read)
            if not read.typed and (layout is not None or self._is_sound(original)):
                raise UsageError(f"{original.name} cannot be read: {fault}") from fault
            return False
        # An empty cell beyond the last column is found by the weight alone.
        off = layout is None and weighed and weight != strict_integers.body(original)
        if (off and read.typed) or ((has_irregular_rows or off) and layout is None and not self._is_sound(original)):
            self.engine.forget(read)
            return False
        self._add_located([*pending, *verdicts.evaluate_flagged(read, self.sink.select_severities())], locator)
        self._count(read, locator, verdicts)
        for rule in undecided:  # their days are not known
            self.add_tally(rule.id, 0, 0, verdicts.rows)
        return True

    def _is_sound(self, original: Part) -> bool:
        """Whether every line of a file is a record."""
        return not original.is_csv or csv_structure.is_plain(original) or not csv_structure.read_layout(original).spans

    def _add_located(self, hits: list[PendingFinding], locator: CellLocator) -> list[PendingFinding]:
        """Keep findings, with their places; nothing is left waiting."""
        read = locator.locate_cells((hit.row, hit.column) for hit in hits if not hit.character)
        found = [
            locator.locate_row(hit.row, hit.character) if hit.character else read[hit.row, hit.column] for hit in hits
        ]
        self.sink.add([replace(hit.finding, place=place) for hit, place in zip(hits, found, strict=True)])
        return []

    def _count(self, read: Part, locator: CellLocator, verdicts: Verdicts) -> None:
        self.parts.append(read)
        self.starts.append(self.rows)
        self.locators[read.number] = locator
        self.rows += verdicts.rows
        for rule, tally in verdicts.tallies.items():
            self.add_tally(rule, tally.valid, tally.invalid, tally.unknown)

    def check_table(self) -> None:
        """Check what several rows say together: keys, references, rules of several records."""
        if not self.rows:
            self._report_empty()
            return
        self.check_rows()

    def _report_empty(self) -> None:
        """Report a table without rows, of which nothing can be said."""
        if self.has_file_faults or not self.names:
            return
        is_own = not self.plan.partial
        self._add_uncounted([make_empty_finding(Place(self.names[0], int(is_own)), is_own=is_own)])

    def build_report(self, files: int) -> Report:
        """Return the report of what was found."""
        self._add_uncounted([joined.make_finding() for joined in self.joined])
        report = Report(list(self.sink.listed), files=files, counts={self.plan.table: self.rows})
        report.evaluated = {name: tally for name, tally in self.tallies.items() if tally != Tally()}
        severity = {rule.id: rule.severity for rule in self.plan.rules}
        found_ = Counter(self.uncounted)
        for name, tally in self.tallies.items():
            found_[severity.get(name, "error")] += tally.invalid
        found_.subtract(finding.severity for finding in self.sink.listed)
        report.not_evaluated, report.notes = self.not_evaluated, self.remarks
        report.unlisted = {name: number for name, number in found_.items() if number}
        report.sort()
        return report


def _free_column(c: Constraint) -> Constraint:
    kind = "prose" if c.kind in TEXT_KINDS else c.kind
    return replace(c, required=False, terms=(), pattern="", longest=0, low=None, high=None, kind=kind)


def _relax_columns(plan: Plan, lost: Collection[str]) -> Plan:
    """Return a plan that lets the columns of which no cell is read hold anything."""
    if not lost:
        return plan
    columns = (_free_column(c) if c.column in lost else c for c in plan.columns)
    return replace(plan, columns=tuple(columns))


def _has_missing_word(original: Part, plan: Plan) -> bool:
    if original.is_csv:
        return csv_structure.has_word(original.path, plan.missing)
    return has_missing_text(original, plan)


def find_column_gaps(original: Part, plan: Plan) -> tuple[list[Finding], list[str]]:
    """Return what the columns of a file of others lack: a warning for rules that are core, and words for all others."""
    names = [c.column for c in plan.columns if c.column in original.all_columns]
    unknown = [name for name in original.all_columns if name not in names]
    gaps = find_core_gaps(plan.rules, plan.core, unknown, names, original.name)
    return gaps, describe_missing_columns(plan.rules, names)
