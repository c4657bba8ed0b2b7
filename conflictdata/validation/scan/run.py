"""Checking one big table: the files one after the other, then its keys, then what joins must say."""

from __future__ import annotations

import pkgutil
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from conflictdata._utils.paths import display_path
from conflictdata.findings import Finding, Place, Report, Severity, Tally, UsageError
from conflictdata.readers.csv import report_layout
from conflictdata.readers.csv_lines import CsvLayout
from conflictdata.readers.packing import find_files
from conflictdata.readers.parquet import find_unknown_columns
from conflictdata.readers.sheet import SourceTable
from conflictdata.rules.base import Rule
from conflictdata.rules.file_rules import make_file_finding
from conflictdata.schema.columns import Constraint
from conflictdata.validation.day_columns import DAY_COLUMN
from conflictdata.validation.findings_file import FindingsFile
from conflictdata.validation.incomplete import make_incomplete_finding
from conflictdata.validation.joined_files import JoinedFile, find_joined
from conflictdata.validation.not_evaluated import describe_missing_columns, describe_own_columns, find_core_gaps
from conflictdata.validation.plan import ColumnMap, Plan
from conflictdata.validation.scan import EMBEDDED, ENGINES, csv_structure, strict_integers
from conflictdata.validation.scan.base import (
    PART,
    ROW,
    DuplicateKey,
    ReadError,
    ScanEngine,
    select_joined,
)
from conflictdata.validation.scan.canonical_copy import (
    clear_columns,
    judge_day_columns,
    judge_whole_columns,
    write_canonical_copy,
    write_slim_copy,
)
from conflictdata.validation.scan.csv_locations import CellLocator
from conflictdata.validation.scan.files import Part, has_missing_text, open_workspace, prepare_part
from conflictdata.validation.scan.frame_rules import count_filled, evaluate_frame_rule
from conflictdata.validation.scan.own_tables import OwnTableRun, choose_rows
from conflictdata.validation.scan.prefilter import TEXT_KINDS
from conflictdata.validation.scan.sink import FindingSink
from conflictdata.validation.scan.verdicts import (
    BrokenColumn,
    NonCanonicalCell,
    PendingFinding,
    Verdicts,
    make_key_rule,
    make_reference_rule,
    make_rule_finding,
)

LOCATE_BATCH = 10_000  # findings that are placed in one go
MANY_RULES = 4  # rules on all rows from which on a copy of their columns pays
MAX_PENDING = 100_000  # findings that wait for their places

Item = TypeVar("Item")
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
        run = _TableRun(plan, opened, work, sink, watch or _ignore_progress, needs_normalizing=plan.needs_normalizing)
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
class _TableRun:
    """One check of one table."""

    plan: Plan
    engine: ScanEngine
    work: Path
    sink: FindingSink
    watch: ProgressCallback
    parts: list[Part] = field(default_factory=list)
    locators: dict[int, CellLocator] = field(default_factory=dict)
    tallies: dict[str, Tally] = field(default_factory=dict)
    rows: int = 0
    starts: list[int] = field(default_factory=list)  # the rows before each of the files
    uncounted: Counter[str] = field(default_factory=Counter)  # findings in no tally, by severity
    not_evaluated: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)  # of the files
    needs_normalizing: bool = False
    lost: set[str] = field(default_factory=set)  # columns of which no cell is read
    lost_in: dict[int, set[str]] = field(default_factory=dict)  # the same by the number of the file
    joined: list[JoinedFile] = field(default_factory=list)  # files with a line that repeats the header
    counted: set[int] = field(
        default_factory=set
    )  # files whose columns have been looked at for cells that break one rule

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
        broken = judge_whole_columns(copy, seen, plan, CellLocator(original, layout))
        self.sink.add(broken.values())
        for finding in broken.values():
            self.add_tally(finding.rule, 0, 1, 0)
        lost |= set(broken)
        self.lost |= set(broken)
        self.counted.add(copy.number)
        numbers = [c.column for c in seen if c.column in broken and c.kind not in TEXT_KINDS]
        return clear_columns(copy, numbers) if numbers else copy

    def _make_copy(self, original: Part, read: Part, layout: CsvLayout) -> Part:
        """Make a copy in canonical form, and report the columns of days that are not read."""
        copy, counters = write_canonical_copy(read, self.plan, self.work)
        odd = judge_day_columns(copy, counters, self.plan, CellLocator(original, layout))
        reported = [days for days in odd if not days.is_single]
        self.sink.add([days.finding for days in reported])
        if reported:
            self.add_tally(DAY_COLUMN, 0, len(reported), 0)
        lost = [days.column for days in reported if days.is_whole]
        self.lost |= set(lost)
        self.lost_in[copy.number] = set(lost)
        columns = tuple(replace(c, required=c.required and c.column not in lost) for c in self.plan.columns)
        self.plan = replace(
            self.plan, columns=columns, odd_days=self.plan.odd_days | {days.column for days in reported}
        )
        return clear_columns(copy, lost) if lost else copy

    def _add_file_findings(self, findings: Sequence[Finding]) -> None:
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
        verdicts = Verdicts(replace(plan, rules=tuple(r for r in plan.rules if r not in undecided)), counts_columns)
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

    def add_tally(self, rule: str, valid: int, invalid: int, unknown: int) -> None:
        """Add to the tally of a rule."""
        self.tallies.setdefault(rule, Tally()).add(Tally(valid, invalid, unknown))

    def check_table(self) -> None:
        """Check what several rows say together: keys, references, rules of several records."""
        if not self.rows:
            self._report_empty()
            return
        self.check_keys()
        self.check_references()
        self.check_frame_rules()

    def _report_empty(self) -> None:
        """Report a table without rows, of which nothing can be said."""
        if self.sink.listed or not self.names:
            return
        severity: Severity = "error" if self.plan.partial else "warning"
        hint, line = ("Check that the download is complete.", 0) if self.plan.partial else ("", 1)
        message, place = "the table has a header and no rows", Place(self.names[0], line)
        self._add_uncounted([make_file_finding("file.empty", message, place, hint=hint, severity=severity)])

    def check_keys(self) -> None:
        """Look for keys that stand twice."""
        parts = [p for p in self.parts if set(self.plan.key) <= set(p.all_columns)]
        if not (self.plan.key and self.plan.is_unique and parts):
            return
        rule, later = self.plan.key_rule or make_key_rule(self.plan), 0
        for some in split_into_batches(self.engine.find_duplicate_keys(parts, self.plan), LOCATE_BATCH):
            later += len(some)
            if rule.severity in self.sink.select_severities():
                self.sink.add(self._make_duplicate_findings(rule, some))
        empty = self.engine.count_empty_keys()
        self.add_tally(rule.id, self.rows - empty - later, later, 0)

    def _make_duplicate_findings(self, rule: Rule, repeats: Sequence[DuplicateKey]) -> list[Finding]:
        """Make the findings of rows whose key an earlier row has."""
        key = self.plan.key
        at = self._locate_cells(
            [(*place, key[0]) for repeat in repeats for place in (repeat.first_location, repeat.location)]
        )
        found = []
        for repeat in repeats:
            first, location = at[*repeat.first_location, key[0]], at[*repeat.location, key[0]]
            where = f"line {first.line}" if first.line else f"row {repeat.first_location[1] + 1}"
            where += f" of {first.file}" if first.file != location.file else ""
            row = dict(zip(key, repeat.key, strict=True)) | {"times": repeat.times, "first": where}
            found.append(replace(make_rule_finding(rule, self.plan, row), place=location))
        return found

    def _locate_cells(self, cells: Sequence[tuple[int, int, str]]) -> dict[tuple[int, int, str], Place]:
        """The places of cells by part, row and column."""
        found: dict[tuple[int, int, str], Place] = {}
        for number in {number for number, _, _ in cells}:
            in_part = [(row, column) for n, row, column in cells if n == number]
            found |= {(number, *cell): place for cell, place in self.locators[number].locate_cells(in_part).items()}
        return found

    def check_references(self) -> None:
        """Look up names that are too many for a list."""
        for reference in select_joined(self.plan):
            parts = [p for p in self.parts if reference.column in p.all_columns]
            rule, missing = make_reference_rule(self.plan, reference), 0
            for some in split_into_batches(self.engine.find_unresolved(parts, self.plan, reference), LOCATE_BATCH):
                missing += len(some)
                self._add_failures(rule, some)
            named = sum(count_filled(self.engine, p, self.plan, reference.column) for p in parts)
            self.add_tally(rule.id, named - missing, missing, self.rows - named)

    def check_frame_rules(self) -> None:
        """Ask the rules that look at several rows."""
        rules = self.plan.restrict_to(c for p in self.parts for c in p.all_columns).frame_rules
        slim = self._make_slim_parts(rules)
        for rule in rules:
            if self.lost & set(rule.fields):
                self.add_tally(rule.id, 0, 0, self.rows)
                continue
            result = evaluate_frame_rule(
                rule, self.engine, self.parts if rule.key_columns else slim, self.plan, self.starts, self.rows
            )
            self.add_tally(rule.id, result.tally.valid, result.tally.invalid, result.tally.unknown)
            has_limit = self.sink.out is None and not self.joined
            rows = result.iterate_rows(self.sink.limit if has_limit else None)
            for some in split_into_batches(((row[PART], row) for row in rows), LOCATE_BATCH):
                self._add_failures(rule, some)

    def _make_slim_parts(self, rules: Sequence[Rule]) -> list[Part]:
        """Return the files with the columns of many rules alone, so that a CSV is not read again for each of them."""
        each = [rule for rule in rules if not rule.key_columns]
        if len(each) < MANY_RULES or not self.plan.partial or not hasattr(self.engine, "iterate_blocks"):
            return self.parts
        needed = {*self.plan.key, *(name for rule in each for name in (*rule.fields, *rule.optional))}
        slim = tuple(c for c in self.plan.columns if c.column in needed or c.kind != "prose")
        plan = replace(self.plan, columns=slim, rules=())
        return [write_slim_copy(part, plan, self.work) if part.is_csv else part for part in self.parts]

    def _add_failures(self, rule: Rule, rows: Sequence[tuple[int, dict[str, Any]]]) -> None:
        """Keep the findings of a rule for rows that failed it, each with the number of its part."""
        if rule.severity not in self.sink.select_severities():
            return
        found = [(number, row[ROW], make_rule_finding(rule, self.plan, row)) for number, row in rows]
        spots = [(number, row, f.fields[0] if f.fields else "") for number, row, f in found]
        at = self._locate_cells(spots)
        findings = [replace(f, place=at[spot]) for (_, _, f), spot in zip(found, spots, strict=True)]
        for joined in self.joined:
            others = joined.take(findings)
            self.add_tally(rule.id, 0, len(others) - len(findings), len(findings) - len(others))
            findings = others
        self.sink.add(findings)

    def build_report(self, files: int) -> Report:
        """What was found."""
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


def split_into_batches(items: Iterator[Item], size: int) -> Iterator[tuple[Item, ...]]:
    """The items in blocks (`itertools.batched` of Python 3.12)."""
    while block := tuple(islice(items, size)):
        yield block


def find_column_gaps(original: Part, plan: Plan) -> tuple[list[Finding], list[str]]:
    """Return what the columns of a file of others lack: a warning for rules that are core, and words for all others."""
    names = [c.column for c in plan.columns if c.column in original.all_columns]
    unknown = [name for name in original.all_columns if name not in names]
    gaps = find_core_gaps(plan.rules, plan.core, unknown, names, original.name)
    return gaps, describe_missing_columns(plan.rules, names)
