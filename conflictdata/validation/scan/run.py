"""Checking one big table: the files one after the other, then its keys, then what joins must say."""

from __future__ import annotations

import pkgutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from pathlib import Path
from typing import Any, TypeVar

from conflictdata._utils.paths import shown
from conflictdata._utils.suggest import suggest
from conflictdata.findings import Finding, Place, Report, Tally, UsageError
from conflictdata.readers.csv_lines import Shape
from conflictdata.readers.seed_csv import shortened
from conflictdata.rules.base import Rule
from conflictdata.rules.file_rules import problem
from conflictdata.validation.findings_file import FindingsFile
from conflictdata.validation.incomplete import incomplete
from conflictdata.validation.plan import Plan
from conflictdata.validation.scan import ENGINES, csv_structure, strict_integers
from conflictdata.validation.scan.base import PART, ROW, Engine, Repeated, Unreadable, joined, raw
from conflictdata.validation.scan.csv_locations import Places
from conflictdata.validation.scan.files import Part, found, part, workspace
from conflictdata.validation.scan.frame_rules import ask, filled_cells
from conflictdata.validation.scan.polars import texts_of
from conflictdata.validation.scan.verdicts import Hit, OtherForm, Verdicts, finding_of, key_rule, resolving

KEPT = 10_000  # findings of each severity that a report holds; all are counted, and a findings file holds all

TOGETHER = 10_000  # findings that are placed in one go
WAITING = 100_000  # findings that wait for their places

Item = TypeVar("Item")
Watch = Callable[[int, int], None]  # told how many rows are done, and how many files of all


def check_table(
    paths: Sequence[str | Path],
    plan: Plan,
    *,
    engine: str | Engine = "auto",
    memory: int | None = None,
    findings: Path | None = None,
    watch: Watch | None = None,
    spark_master: str | None = None,
) -> Report:
    """Check the files of one table.

    Args:
        paths: CSV or Parquet files, packed (.gz, .zst) or not, folders of them (`year=2024/` gives a column), patterns.
        plan: what they are checked for.
        engine: polars, duckdb, pandas or spark; or `auto`, which is polars; or an engine.
        memory: bytes that may be used; what does not fit goes to disk. On Spark: of each executor.
        findings: a Parquet file that all findings are written to.
        watch: called while the work goes on.
        spark_master: for the engine spark, the address of the master, such as `spark://host:7077`; this machine without it.

    Returns:
        The report. It holds at most `KEPT` findings of each severity and counts the others in `unlisted`.

    Raises:
        UsageError: a file is not there or cannot be read, or the engine is not installed.
    """
    files = found(paths)
    with ExitStack() as stack:
        work = stack.enter_context(workspace())
        out = stack.enter_context(FindingsFile(findings)) if findings else None
        runs_on = _engine(engine, memory, work, spark_master)
        if runs_on is not engine:
            stack.callback(getattr(runs_on, "close", _unclosed))
        run = _Run(plan, runs_on, work, _Kept(out), watch or _unwatched)
        run.name_unasked([path for path, _ in files])
        for given in _told(runs_on, (part(n, path, root, plan, work) for n, (path, root) in enumerate(files))):
            run.file(given)
        run.keys()
        run.references()
        run.frames()
    return run.report(len(files))


def _engine(engine: str | Engine, memory: int | None, work: Path, spark_master: str | None) -> Engine:
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
    made: Engine = pkgutil.resolve_name(ENGINES[name])(memory=memory, work=work, **more)
    return made


def _unclosed() -> None:
    """Most engines have nothing to close."""


def _told(engine: Engine, parts: Iterator[Part]) -> Iterator[Part]:
    """The files one after the other. An engine that judges several in one go (`expect`) is told of all before."""
    expect = getattr(engine, "expect", None)
    if expect is not None:
        known = list(parts)
        expect(known)
        parts = iter(known)
    yield from parts


def _unwatched(rows: int, files: int) -> None:
    """Nobody is told."""


class _Kept:
    """The findings: all written to a file if one is wanted, and so many of each severity kept."""

    def __init__(self, out: FindingsFile | None) -> None:
        self.out = out
        self.listed: list[Finding] = []
        self._room = {"error": KEPT, "warning": KEPT}

    def wanted(self) -> frozenset[str]:
        """The severities whose findings are to be worded; the others are only counted."""
        return frozenset(name for name, left in self._room.items() if left > 0 or self.out is not None)

    def add(self, findings: Sequence[Finding]) -> None:
        """Take findings, in order."""
        if self.out is not None:
            self.out.write(findings)
        for finding in findings:
            if self._room[finding.severity] > 0:
                self._room[finding.severity] -= 1
                self.listed.append(finding)


@dataclass
class _Run:
    """One check of one table."""

    plan: Plan
    engine: Engine
    work: Path
    kept: _Kept
    watch: Watch
    parts: list[Part] = field(default_factory=list)
    places: dict[int, Places] = field(default_factory=dict)
    tallies: dict[str, Tally] = field(default_factory=dict)
    rows: int = 0
    starts: list[int] = field(default_factory=list)  # the rows before each of the files
    uncounted: int = 0  # errors in no tally

    def name_unasked(self, files: Sequence[Path]) -> None:
        """Report the rules that a scan does not ask, before all else: no limit of findings leaves this one out."""
        if self.plan.unasked:
            place = Place(shown(files[0])) if len(files) == 1 else None
            self._found([incomplete(self.plan.table, self.plan.unasked, place)])

    def file(self, given: Part) -> None:
        """Judge one file."""
        faults, judgeable = header_faults(given, self.plan)
        self._found(faults)
        if not judgeable:
            return
        shape = None
        quoted = given.is_csv and csv_structure.has_quotes(given.path)
        if given.is_csv and not quoted and self._quickly(given):
            return
        if given.is_csv and (quoted or not (self.engine.counts_cells or self._is_sound(given))):
            shape = csv_structure.read(given)
        while shape is not None or not self._judged(given, given, None):
            shape = shape or csv_structure.read(given)
            self._found(shape.malformed)
            read = csv_structure.without(given, shape, self.work) if shape.spans else given
            if self._judged(given, read, shape):
                return

    def _quickly(self, given: Part) -> bool:
        """Judge a CSV whose whole numbers its reader reads as such; false where a cell may be other than it was understood."""
        read = strict_integers.typed(given, self.plan)
        if not (self.engine.weighs and read.typed) or self.plan.always:
            return False
        try:
            return self._judge(given, read, None)
        except OtherForm:
            self.engine.forget(read)
            return False

    def _judged(self, given: Part, read: Part, shape: Shape | None) -> bool:
        """Judge the records of a file; false where lines are malformed that were not known to be, and nothing is counted.

        Args:
            given: the file as it was given.
            read: the file that is read.
            shape: where its records stand; None where every line seems to be one.
        """
        if not self.plan.always:
            try:
                return self._judge(given, read, shape)
            except OtherForm:
                self.engine.forget(read)
        if shape is None and not self._is_sound(given):
            return False
        return self._judge(given, canonical_copy(read, self.plan, self.work), shape or csv_structure.plain(given))

    def _found(self, faults: Sequence[Finding]) -> None:
        self.uncounted += len(faults)
        self.kept.add(faults)

    def _judge(self, given: Part, read: Part, shape: Shape | None) -> bool:
        """The same, in one form of the cells."""
        verdicts = Verdicts(self.plan.seen(read.all_columns))
        places = Places(given, shape or csv_structure.plain(given))
        waiting: list[Hit] = []
        odd, weighed, weight = False, False, 0
        try:
            for batch in self.engine.batches(read, verdicts.plan):
                odd = odd or bool(batch.extra or batch.short)
                weighed, weight = batch.weight is not None, weight + (batch.weight or 0)
                verdicts.take(batch)
                if verdicts.waiting >= TOGETHER:
                    waiting += verdicts.judged(read, self.kept.wanted())
                if len(waiting) >= WAITING and read.typed:
                    raise Unreadable("what was found may not be kept before all is weighed")
                if len(waiting) >= WAITING and (shape is not None or self._is_sound(given)):
                    waiting = self._placed(waiting, places)
                self.watch(self.rows + verdicts.rows, len(self.parts))
        except Unreadable as fault:
            self.engine.forget(read)
            if not read.typed and (shape is not None or self._is_sound(given)):
                raise UsageError(f"{given.name} cannot be read: {fault}") from fault
            return False
        # An empty cell beyond the last column is told by the weight alone.
        off = shape is None and weighed and weight != strict_integers.body(given)
        if (off and read.typed) or ((odd or off) and shape is None and not self._is_sound(given)):
            self.engine.forget(read)
            return False
        self._placed([*waiting, *verdicts.judged(read, self.kept.wanted())], places)
        self._count(read, places, verdicts)
        return True

    def _is_sound(self, given: Part) -> bool:
        """Whether every line of a file is a record."""
        return not given.is_csv or csv_structure.is_plain(given) or not csv_structure.read(given).spans

    def _placed(self, hits: list[Hit], places: Places) -> list[Hit]:
        """Keep findings, with their places; nothing is left waiting."""
        read = places.of((hit.row, hit.column) for hit in hits if not hit.character)
        found = [places.at(hit.row, hit.character) if hit.character else read[hit.row, hit.column] for hit in hits]
        self.kept.add([replace(hit.finding, place=place) for hit, place in zip(hits, found, strict=True)])
        return []

    def _count(self, read: Part, places: Places, verdicts: Verdicts) -> None:
        self.parts.append(read)
        self.starts.append(self.rows)
        self.places[read.number] = places
        self.rows += verdicts.rows
        for rule, tally in verdicts.tallies.items():
            self.tally(rule, tally.valid, tally.invalid, tally.unknown)

    def tally(self, rule: str, valid: int, invalid: int, unknown: int) -> None:
        """Add to the tally of a rule."""
        total = self.tallies.setdefault(rule, Tally())
        total.valid, total.invalid, total.unknown = (
            total.valid + valid,
            total.invalid + invalid,
            total.unknown + unknown,
        )

    def keys(self) -> None:
        """Look for keys that stand twice."""
        parts = [p for p in self.parts if set(self.plan.key) <= set(p.all_columns)]
        if not (self.plan.key and self.plan.is_unique and parts):
            return
        rule, later = self.plan.key_rule or key_rule(self.plan), 0
        for some in batched(self.engine.repeated(parts, self.plan), TOGETHER):
            later += len(some)
            if rule.severity in self.kept.wanted():
                self.kept.add(self._repeats(rule, some))
        empty = self.engine.empty_keys()
        self.tally(rule.id, self.rows - empty - later, later, 0)

    def _repeats(self, rule: Rule, repeats: Sequence[Repeated]) -> list[Finding]:
        """The findings of rows whose key stands in an earlier row."""
        key = self.plan.key
        at = self._places([(*place, key[0]) for repeat in repeats for place in (repeat.first, repeat.here)])
        found = []
        for repeat in repeats:
            first, here = at[*repeat.first, key[0]], at[*repeat.here, key[0]]
            where = f"line {first.line}" if first.line else f"row {repeat.first[1] + 1}"
            where += f" of {first.file}" if first.file != here.file else ""
            row = dict(zip(key, repeat.key, strict=True)) | {"times": repeat.times, "first": where}
            found.append(replace(finding_of(rule, self.plan, row), place=here))
        return found

    def _places(self, cells: Sequence[tuple[int, int, str]]) -> dict[tuple[int, int, str], Place]:
        """The places of cells by part, row and column."""
        found: dict[tuple[int, int, str], Place] = {}
        for number in {number for number, _, _ in cells}:
            here = [(row, column) for n, row, column in cells if n == number]
            found |= {(number, *cell): place for cell, place in self.places[number].of(here).items()}
        return found

    def references(self) -> None:
        """Look up names that are too many for a list."""
        for reference in joined(self.plan):
            parts = [p for p in self.parts if reference.column in p.all_columns]
            rule, missing = resolving(self.plan, reference), 0
            for some in batched(self.engine.unresolved(parts, self.plan, reference), TOGETHER):
                missing += len(some)
                self._failed(rule, some)
            named = sum(filled_cells(self.engine, p, self.plan, reference.column) for p in parts)
            self.tally(rule.id, named - missing, missing, self.rows - named)

    def frames(self) -> None:
        """Ask the rules that look at several rows."""
        for rule in self.plan.seen(c for p in self.parts for c in p.all_columns).frame_rules:
            answer = ask(rule, self.engine, self.parts, self.plan, self.starts, self.rows)
            self.tally(rule.id, answer.tally.valid, answer.tally.invalid, answer.tally.unknown)
            rows = answer.rows(KEPT if self.kept.out is None else None)
            for some in batched(((row[PART], row) for row in rows), TOGETHER):
                self._failed(rule, some)

    def _failed(self, rule: Rule, rows: Sequence[tuple[int, dict[str, Any]]]) -> None:
        """Keep the findings of a rule for rows that failed it, each with the number of its part."""
        if rule.severity not in self.kept.wanted():
            return
        found = [(number, row[ROW], finding_of(rule, self.plan, row)) for number, row in rows]
        spots = [(number, row, f.fields[0] if f.fields else "") for number, row, f in found]
        at = self._places(spots)
        self.kept.add([replace(f, place=at[spot]) for (_, _, f), spot in zip(found, spots, strict=True)])

    def report(self, files: int) -> Report:
        """What was found."""
        report = Report(list(self.kept.listed), files=files, counts={self.plan.table: self.rows})
        report.evaluated = {name: tally for name, tally in self.tallies.items() if tally != Tally()}
        severity = {rule.id: rule.severity for rule in self.plan.rules}
        found_ = Counter({"error": self.uncounted})
        for name, tally in self.tallies.items():
            found_[severity.get(name, "error")] += tally.invalid
        found_.subtract(finding.severity for finding in self.kept.listed)
        report.unlisted = {name: number for name, number in found_.items() if number}
        report.sort()
        return report


def batched(items: Iterator[Item], size: int) -> Iterator[tuple[Item, ...]]:
    """The items in blocks (`itertools.batched` of Python 3.12)."""
    while block := tuple(islice(items, size)):
        yield block


def header_faults(given: Part, plan: Plan) -> tuple[list[Finding], bool]:
    """What is wrong with the columns of a file, and whether it can be judged all the same."""
    names = [c.column for c in plan.columns]
    there = given.all_columns
    place = Place(given.name, 1 if given.is_csv else 0)
    if plan.partial:
        return list(_slips(given, [name for name in names if name not in there], names)), True
    found = []
    if missing := [name for name in names if name not in there]:
        hint = "Add the columns; leave their cells empty where nothing is known."
        message = f"{plan.table} lacks the column(s) {', '.join(missing)}"
        found.append(problem("seed.missing-key", message, place, hint=hint))
    for name in there:
        if name not in names:
            hint = suggest(name, names) or f"The columns are: {', '.join(names)}."
            message, value = f"{plan.table} has no column {shortened(name)!r}", shortened(name)
            found.append(problem("seed.unknown-key", message, place, value=value, hint=hint))
    return found, not found


def _slips(given: Part, free: Sequence[str], names: Sequence[str]) -> Iterator[Finding]:
    """A column that is nearly one that the file lacks is a slip; any other is the user's own."""
    import difflib

    for name in given.all_columns:
        if name not in names and (close := difflib.get_close_matches(name.strip().lower(), free, n=1, cutoff=0.85)):
            hint = f"Did you mean {close[0]!r}? What the column holds is not judged."
            place = Place(given.name, 1)
            yield problem("feed.unknown-column", f"there is no column {name!r}", place, value=name, hint=hint)


def canonical_copy(part: Part, plan: Plan, work: Path) -> Part:
    """A file with its cells in canonical form, and beside them as they were: a Parquet copy, made in batches."""
    import polars as pl
    import pyarrow.parquet as pq

    assert plan.canonical is not None
    target, seen = work / f"{part.number}-canonical.parquet", plan.seen(part.all_columns)
    writer = None
    empty = pl.DataFrame(
        schema={c.column: pl.String() for c in seen.columns}
    )  # a file may have no row that is a record
    for batch in chain(texts_of(part, seen), [empty]):
        cells = plan.canonical(seen.columns, batch)
        table = pl.concat([cells, batch.rename(raw)], how="horizontal").to_arrow()
        writer = writer or pq.ParquetWriter(target, table.schema, compression="lz4")
        writer.write_table(table)
    assert writer is not None
    writer.close()
    names = [c.column for c in seen.columns]
    columns = (*names, *map(raw, names))
    types = dict.fromkeys(columns, pl.String())
    made = Part(part.number, target, part.name, columns, columns, types, has_raw=True)
    return replace(made, is_text=frozenset(names))
