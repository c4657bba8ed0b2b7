"""Judging files of a profile: cells against its model, then its rules, by the engine that judges our own tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import narwhals.stable.v1 as nw
import polars as pl

from conflictdata.datasets._helpers import ROW, SPOT
from conflictdata.datasets.profile import FeedTable
from conflictdata.findings import Finding, Place, Report, Tally
from conflictdata.readers import day_forms
from conflictdata.readers.normalize import RAW, canonical, drop_missing
from conflictdata.readers.sheet import FeedSheet
from conflictdata.rules.base import VERDICT, Rule, with_optional
from conflictdata.rules.file_rules import problem
from conflictdata.schema.columns import Constraint
from conflictdata.validation.cells import judge_cells
from conflictdata.validation.evaluate import Engine, told, wrap

DAY_COLUMN = "feed.day-column"


@dataclass(frozen=True)
class OddDays:
    """A column of days with cells that are not in a form that the makers publish, or in two.

    Attributes:
        column: the column.
        is_whole: whether the column is one finding: a cell fits two forms, or most cells fit none. Else each cell is.
        finding: what is wrong with it.
    """

    column: str
    is_whole: bool
    finding: Finding


@dataclass
class Given:
    """A file that is judged as a table of a profile.

    Attributes:
        table: the table.
        sheet: the file.
        names: the file's own name of each of its columns that the table knows, by ours.
        values: its cells in their types, with `ROW`, once they have been read.
        faulty: for each row, the columns whose cells could not be read.
        odd: columns of days with cells that are not in a form that the makers publish, or in two.
    """

    table: FeedTable
    sheet: FeedSheet
    names: dict[str, str]
    values: pl.DataFrame
    faulty: dict[int, set[str]]
    odd: list[OddDays] = field(default_factory=list)

    @property
    def columns(self) -> tuple[Constraint, ...]:
        """What the columns that the file has may hold."""
        return tuple(c for c in self.table.columns if c.column in self.names)

    def record(self, row: int) -> str:
        """The key of a row, as it stands in the file; its number, from 1, where the file has no key."""
        if not set(self.table.key) <= set(self.names):
            return f"row {row + 1}"
        return "|".join(str(self.sheet.frame[self.names[column]][row]) for column in self.table.key)

    def text(self, row: int, column: str) -> str:
        """The text of a cell as it stands in the file."""
        return str(self.sheet.frame[self.names[column]][row] or "") if column in self.names else ""

    def place(self, row: int, column: str) -> Place:
        """Where a cell stands, or the row where the file has no such column."""
        return self.sheet.place(row, self.names.get(column, ""))


def check(
    sheets: Iterable[tuple[FeedTable, FeedSheet]], *, engine: Engine = "polars", released_on: dt.date | None = None
) -> Report:
    """Judge files of one profile together, at most one of each table.

    Args:
        sheets: the files, each with the table that it is.
        engine: what the rules run on.
        released_on: the day up to which things may have happened; today where it is not given.
    """
    report = Report()
    files = [_given(table, sheet) for table, sheet in sheets]
    report.files = len(files)
    for given in files:
        report.add(given.sheet.findings)
        _unknown_columns(given, report)
        _cells(given, report)
        report.counts[given.table.name] = given.sheet.frame.height
    _rules(files, report, engine, released_on or dt.date.today())
    report.sort()
    return report


def typed(table: FeedTable, sheet: FeedSheet) -> pl.DataFrame:
    """A file in its types, as the rules see it: `ROW`, the columns that the table knows, `raw:` texts beside numbers and days.

    A cell that cannot be read is null.
    """
    given = _given(table, sheet)
    _cells(given, Report())
    return given.values


def readable(table: FeedTable, sheet: FeedSheet) -> tuple[Given, list[Finding], set[int]]:
    """A file in its types, and what is wrong with single rows of it. Its columns of days may be `odd`.

    Returns:
        The file; a finding for each cell that cannot be read, and for each row that breaks a rule which no release breaks;
        the numbers of these rows. Rules that hold rows against one another are not asked.
    """
    given, report = _given(table, sheet), Report()
    _cells(given, report)
    bad = set(given.faulty)
    asked = [r for r in table.rules if r.is_row_rule and r.severity == "error" and r.is_for(given.names.keys())]
    frames = {table.name: wrap(given.values, "polars")}
    for rule, judged in _of_rows(asked, given, frames):
        if found := _findings(rule, judged, given, frames, report):
            report.add(found)
            bad |= set(judged.filter(~pl.col(VERDICT))[ROW])
    return given, report.findings, bad


def _given(table: FeedTable, sheet: FeedSheet) -> Given:
    names = {ours: theirs for theirs, ours in table.canonical(sheet.columns).items()}
    return Given(table, sheet, names, pl.DataFrame(), {})


def _unknown_columns(given: Given, report: Report) -> None:
    """A column that is nearly one of the table's is a slip; any other is the user's own."""
    import difflib

    free = [c.column for c in given.table.columns if c.column not in given.names]
    for name in set(given.sheet.columns) - set(given.names.values()):
        if close := difflib.get_close_matches(name.strip().lower(), free, n=1, cutoff=0.85):
            place = Place(given.sheet.file, 1)
            hint = f"Did you mean {close[0]!r}? What the column holds is not judged."
            report.add([problem("feed.unknown-column", f"there is no column {name!r}", place, value=name, hint=hint)])


def _cells(given: Given, report: Report) -> None:
    frame = given.sheet.frame.rename({theirs: ours for ours, theirs in given.names.items() if theirs != ours})
    given.odd = [odd for c in given.columns if c.kind == "date" and (odd := _find_odd_days(given, c, frame))]
    lost = [odd.column for odd in given.odd if odd.is_whole]
    columns = tuple(c for c in given.columns if c.column not in lost)
    texts = canonical(given.table, columns, frame) if columns else pl.DataFrame()
    values, faults, tallies = judge_cells(columns, texts)
    if lost:
        # Their days are not known: the rules that need them return unknown.
        report.add([odd.finding for odd in given.odd if odd.is_whole])
        _add_tally(report, DAY_COLUMN, Tally(invalid=len(lost)))
        empty = [pl.Series(name, [None] * frame.height, dtype=pl.Date) for name in lost]
        names = [c.column for c in given.columns]
        values = pl.concat([values, pl.DataFrame(empty)], how="horizontal").select(names)
        given.faulty.update({row: set(lost) for row in range(frame.height)})
    numbers = [c.column for c in given.columns if c.kind in ("count", "number", "date")]
    raw = frame.select(pl.col(name).alias(RAW + name) for name in numbers)
    given.values = pl.concat([values, raw], how="horizontal").with_row_index(ROW)
    for rule, tally in tallies.items():
        _add_tally(report, rule, tally)
    for fault in faults:
        given.faulty.setdefault(fault.row, set()).add(fault.column)
        # The finding shows the cell as it stands in the file.
        place = given.place(fault.row, fault.column)
        record = given.record(fault.row)
        report.add([
            Finding(fault.rule, "error", fault.message, fault.hint, given.table.name, record, (fault.column,), fault.value, place)
        ])  # fmt: skip


def _find_odd_days(given: Given, c: Constraint, frame: pl.DataFrame) -> OddDays | None:
    """Find what is wrong with a column of days."""
    texts = frame.select(drop_missing(given.table, c)).to_series()
    found = day_forms.find_odd(texts, given.table.day_forms)
    if not found:
        return None
    filled, number = texts.len() - texts.null_count(), sum(len(odd.rows) for odd in found)
    first = found[0].rows[0]
    message = f"{c.column} is not read: {'; '.join(_put_in_words(odd, given, c.column, first) for odd in found)}"
    if filled > 1:
        message += f" ({number:,} of {filled:,} cells)"
    forms = " or ".join(form.shown for form in given.table.day_forms if form is not day_forms.MIDNIGHT)
    hint = (
        f"The makers publish days such as {forms}. Give the file as they publish it, or write each day as YYYY-MM-DD."
    )
    if any(odd.kind == day_forms.TIME for odd in found):
        hint += " A day has no hour; a time may be of another day where it was written."
    is_whole = number > filled / 2 or any(odd.kind == day_forms.TWO_WAYS for odd in found)
    finding = Finding(
        DAY_COLUMN, "error", message, hint, given.table.name, given.record(first), (c.column,), found[0].value,
        given.place(first, c.column),
    )  # fmt: skip
    return OddDays(c.column, is_whole, finding)


def _put_in_words(odd: day_forms.OddCells, given: Given, column: str, first: int) -> str:
    """Say why cells of a column of days are not read, by the first of them."""
    row = odd.rows[0]
    line = given.place(row, column).line
    where = f" in row {row + 1}" if not line else "" if row == first else f" on line {line}"
    seems = day_forms.describe(odd.value)
    if odd.kind == day_forms.OTHER:
        seems = f"is not in a form that the makers publish{' and ' if seems else ''}{seems}"
    return f"{odd.value!r}{where} {seems}"


def _add_tally(report: Report, rule: str, tally: Tally) -> None:
    total = report.evaluated.setdefault(rule, Tally())
    total.valid, total.invalid, total.unknown = (
        total.valid + tally.valid, total.invalid + tally.invalid, total.unknown + tally.unknown,
    )  # fmt: skip


def _rules(files: Sequence[Given], report: Report, engine: Engine, released_on: dt.date) -> None:
    release = pl.DataFrame({"released_on": [released_on]}, schema={"released_on": pl.Date})
    frames = {given.table.name: wrap(given.values, engine) for given in files if given.values.width > 1}
    frames["release"] = wrap(release, engine)
    for given in files:
        if given.table.name in frames:
            for rule, judged in _judged(given, frames):
                report.add(_findings(rule, judged, given, frames, report))


def _judged(given: Given, frames: Mapping[str, nw.LazyFrame[Any]]) -> Iterator[tuple[Rule, pl.DataFrame]]:
    """What each rule says of each row; row rules share a pass."""
    asked = [r for r in given.table.rules if r.is_for(given.names.keys()) and set(r.needs) <= set(frames)]
    yield from _of_rows([rule for rule in asked if rule.is_row_rule], given, frames)
    for rule in asked:
        if not rule.is_row_rule:
            judged = rule.check(frames).collect().to_polars()  # type: ignore[operator]
            yield rule, judged.with_columns(pl.col(VERDICT).cast(pl.Boolean))


def _of_rows(
    asked: Sequence[Rule], given: Given, frames: Mapping[str, nw.LazyFrame[Any]]
) -> Iterator[tuple[Rule, pl.DataFrame]]:
    if not asked:
        return
    verdicts = [rule.check.alias(f"{VERDICT}:{rule.id}") for rule in asked]  # type: ignore[union-attr]
    frame = with_optional(frames[given.table.name], asked, given.names.keys())
    whole = frame.with_columns(*verdicts).collect().to_polars()
    for rule in asked:
        yield rule, whole.with_columns(pl.col(f"{VERDICT}:{rule.id}").cast(pl.Boolean).alias(VERDICT))


def _findings(
    rule: Rule, judged: pl.DataFrame, given: Given, frames: Mapping[str, nw.LazyFrame[Any]], report: Report
) -> list[Finding]:
    verdicts = judged[VERDICT]
    failed = judged.filter(~pl.col(VERDICT))
    order = [ROW, SPOT] if SPOT in failed.columns else [ROW]
    rows = failed.sort(order).rows(named=True)
    # A failure that follows from a cell that cannot be read is unknown: one fault gives one finding.
    sure = [row for row in rows if not given.faulty.get(row[ROW], set()) & set(rule.fields)]
    valid = int(verdicts.sum())
    _add_tally(report, rule.id, Tally(valid, len(sure), len(verdicts) - valid - len(sure)))
    told_of = rule.explain(sure, frames) if rule.explain and sure else sure
    return [_finding(rule, row, given) for row in told_of]


def _finding(rule: Rule, row: Mapping[str, Any], given: Given) -> Finding:
    message, hint = told(rule, row)
    spot = str(row.get(SPOT) or "")
    fields = (spot, *(f for f in rule.fields if f != spot)) if spot else rule.fields
    at = row[ROW]
    first = fields[0] if fields else ""
    record, value = given.record(at), given.text(at, first)
    return Finding(
        rule.id, rule.severity, message, hint, given.table.name, record, fields, value, given.place(at, first)
    )
