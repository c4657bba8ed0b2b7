"""Files of other datasets: tables in any form, and the real files if available."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from conflictdata.findings import Finding, Report
from conflictdata.validation.table_files import validate_files

HERE = Path(__file__).parent / "data" / "feeds"
REAL = Path(__file__).parents[2] / "shared" / "data"

needs_real = pytest.mark.skipif(not REAL.is_dir(), reason="the real files of other datasets are not here")

Table = list[dict[str, str]]


def read_rows(name: str) -> Table:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@dataclass(frozen=True)
class Form:
    """The format of a table."""

    columns: Sequence[str]
    encoding: str = "utf-8"
    separator: str = ","
    ends: Sequence[str] = ("\n",)  # used in turn
    quoting: int = csv.QUOTE_MINIMAL
    tags: bool = False  # a row of HXL tags under the header
    capitals: bool = False  # in the names of columns
    blank_lines: bool = False  # between rows
    last_end: bool = True  # after the last row


def format_table(rows: Table, form: Form) -> tuple[bytes, dict[int, int]]:
    """Return the bytes of a table and the line at which each row begins.

    Counts the lines while writing.
    """
    lines = [[name.upper() if form.capitals else name for name in form.columns]]
    lines += [["#" + name.replace("_", "+") for name in form.columns]] if form.tags else []
    above = len(lines)
    lines += [[row[name] for name in form.columns] for row in rows]
    text, starts, at = [], {}, 1
    for number, cells in enumerate(lines):
        starts[number - above] = at
        out = io.StringIO()
        csv.writer(out, delimiter=form.separator, quoting=form.quoting, lineterminator="\r\n").writerow(cells)
        piece = out.getvalue().removesuffix("\r\n") + form.ends[number % len(form.ends)]
        if form.blank_lines and number >= above:
            piece += form.ends[0]
        text.append(piece)
        at += piece.replace("\r\n", "\n").count("\n")
    whole = "".join(text)
    return (whole if form.last_end else whole.rstrip("\r\n")).encode(form.encoding), starts


def validate_together(*paths: Path, profile: str = "auto") -> Report:
    """Validate files together and return their only report."""
    (report,) = validate_files(paths, profile)
    return report


Fact = tuple[str, str, str, str]


def list_facts(findings: Sequence[Finding]) -> set[Fact]:
    """Return rule, record, column and message of each finding, without its place."""
    return {(f.rule, f.record, f.fields[0] if f.fields else "", f.message) for f in findings}


def count_by_rule(report: Report) -> dict[str, int]:
    counts: dict[str, int] = {}
    for finding in report.findings:
        counts[finding.rule] = counts.get(finding.rule, 0) + 1
    return counts
