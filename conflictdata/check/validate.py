"""Checking: files to text, text to typed tables, tables to findings. Stage after stage, all findings of each at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from conflictdata.check import waivers
from conflictdata.check.cells import check_cells
from conflictdata.check.doubt import TREE, Doubt
from conflictdata.check.engine import Answer, Engine, Frames, ask, askable, record_of, told
from conflictdata.check.sheets import RecordSheet, Sheet
from conflictdata.findings import Finding, Report, Tally
from conflictdata.schema.derived import series_id
from conflictdata.schema.models import MODELS
from conflictdata.schema.physical import empty, key
from conflictdata.schema.rules import rules
from conflictdata.schema.rules.base import Rule
from conflictdata.seeds import REFERENCE, Progress, read_seeds
from conflictdata.seeds.records import Draft


@dataclass
class Subject:
    """What is to be checked: sheets by table, what reading them found, and the draft where they come from seeds."""

    sheets: dict[str, Sheet]
    findings: list[Finding] = field(default_factory=list)
    draft: Draft | None = None
    files: int = 0
    derive: bool = False  # seeds leave derived columns out
    only: frozenset[str] | None = None  # files whose findings are wanted; None: all


@dataclass
class Checked:
    """The outcome: the report, and the typed tables (whose cells may be null where they could not be read)."""

    report: Report
    tables: dict[str, pl.DataFrame]


def seeds_subject(folder: Path, *, only: frozenset[str] | None = None, progress: Progress = iter) -> Subject:
    """A folder of seeds, or (`only`) some of its files in the light of the others."""
    draft = read_seeds(folder, progress=progress)
    lost = {f"reference/{table}.csv" for table in REFERENCE}
    missing = {f.place.file for f in draft.findings if f.rule == "seed.missing-table" and f.place}
    gone = {Path(m).stem for m in missing if any(m.endswith(name) for name in lost)}
    sheets: dict[str, Sheet] = {table: RecordSheet(draft, table) for table in MODELS if table not in gone}
    return Subject(sheets, draft.findings, draft, len(draft.files), derive=True, only=only)


def check(subject: Subject, *, engine: Engine = "polars", released_on: dt.date | None = None) -> Checked:
    """Check a subject.

    Args:
        subject: the sheets.
        engine: what the rules run on: polars or pandas. The verdicts are the same.
        released_on: the day up to which things may have happened; today where it is not given.
    """
    report = Report(files=subject.files)
    report.add(subject.findings)
    doubt = Doubt(subject.draft, subject.findings)
    tables = {table: _read_cells(table, sheet, report, doubt) for table, sheet in subject.sheets.items()}
    if subject.derive and "claims" in tables:
        tables["claims"] = _with_series(tables["claims"])
    report.counts = {table: tables[table].height for table in MODELS if table in tables}
    _ask_rules(report, subject, tables, doubt, engine, released_on or dt.date.today())
    if "flags" in subject.sheets:
        waivers.apply(report, subject.sheets["flags"], tables)
    if subject.only is not None:
        report.findings = [f for f in report.findings if f.place and f.place.file in subject.only]
        report.waived = [f for f in report.waived if f.place and f.place.file in subject.only]
    report.sort()
    return Checked(report, tables)


def _with_series(claims: pl.DataFrame) -> pl.DataFrame:
    import narwhals.stable.v1 as nw

    derived: pl.DataFrame = nw.from_native(claims).with_columns(series_id()).to_native()
    return derived


def _read_cells(table: str, sheet: Sheet, report: Report, doubt: Doubt) -> pl.DataFrame:
    frame, faults, tallies = check_cells(table, sheet.frame)
    for rule, tally in tallies.items():
        _tally(report, rule, tally)
    for fault in faults:
        row = frame.row(fault.row, named=True)
        record = "|".join(str(row[c]) for c in key(table))
        place = sheet.place(fault.row, (fault.column,))
        doubt.add_cell(table, record, fault.column, fault.value, row)
        # What the YAML reader has reported as a missing key is not reported again as an empty cell.
        if fault.rule == "cells.required" and _reported(report.findings, place.file):
            continue
        report.add(
            [
                Finding(
                    fault.rule, "error", fault.message, fault.hint, table, record, (fault.column,), fault.value, place
                )
            ]
        )
    return frame


def _reported(findings: Iterable[Finding], file: str) -> bool:
    return any(f.place and f.place.file == file and f.rule.startswith("seed.") for f in findings)


def _tally(report: Report, rule: str, tally: Tally) -> None:
    total = report.evaluated.setdefault(rule, Tally())
    total.valid += tally.valid
    total.invalid += tally.invalid
    total.unknown += tally.unknown


def _ask_rules(
    report: Report,
    subject: Subject,
    tables: Mapping[str, pl.DataFrame],
    doubt: Doubt,
    engine: Engine,
    released_on: dt.date,
) -> None:
    asked = askable(rules().values(), tables)
    frames = Frames({table: tables.get(table, empty(table)) for table in MODELS}, released_on, engine)
    rows = {table: _row_numbers(frame, table) for table, frame in tables.items()}
    for stage in ([r for r in asked if r.id in TREE], [r for r in asked if r.id not in TREE]):
        for answer in ask(stage, frames):
            rule, tally = answer.rule, answer.tally
            findings, doubted = _findings(answer, subject.sheets[rule.table], rows[rule.table], doubt, frames)
            _tally(report, rule.id, Tally(tally.valid, tally.invalid - doubted, tally.unknown + doubted))
            report.add(findings)
            if rule.id in TREE:
                for row in answer.failed.iter_rows(named=True):
                    doubt.add_tree(row)


def _row_numbers(frame: pl.DataFrame, table: str) -> dict[str, int]:
    columns = [pl.col(c).cast(pl.String).fill_null("None") for c in key(table)]
    keys = frame.select(pl.concat_str(columns, separator="|").alias("k"))["k"]
    return {k: n for n, k in enumerate(keys)}


def _findings(
    answer: Answer, sheet: Sheet, rows: Mapping[str, int], doubt: Doubt, frames: Frames
) -> tuple[list[Finding], int]:
    """The findings of one rule, and how many failures follow from what is broken already."""
    rule = answer.rule
    failed = list(answer.failed.iter_rows(named=True))
    sure = [row for row in failed if not doubt.covers(rule, record_of(rule, row), row)]
    if rule.explain and sure:
        sure = rule.explain(sure, frames)
    return [_finding(rule, row, sheet, rows) for row in sure], len(failed) - len(sure)


def _finding(rule: Rule, row: Mapping[str, Any], sheet: Sheet, rows: Mapping[str, int]) -> Finding:
    record = record_of(rule, row)
    # A sum is wrong at its total, unless one part is plainly the culprit.
    spot = rows.get(str(row.get("culprit") or record))
    place = sheet.place(spot, rule.fields) if spot is not None else None
    value = row.get(rule.fields[0]) if rule.fields else None
    message, hint = told(rule, row)
    shown = "" if value is None else str(value)
    return Finding(rule.id, rule.severity, message, hint, rule.table, record, rule.fields, shown, place)
