"""From paths to a report, for tables of any size: what the files are, and which engine judges them."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from conflictdata.findings import Report, UsageError
from conflictdata.validation.plan import Plan, make_dataset_plan, make_plan
from conflictdata.validation.scan import ScanOptions

if TYPE_CHECKING:
    from conflictdata.validation.table_files import TableFile

_SIZE = re.compile(r"([0-9]+(?:\.[0-9]+)?) ?(k|m|g|t)?i?b?\Z", re.IGNORECASE)
_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}
MIN_MEMORY = 256_000_000  # bytes; with less no engine reads a block of rows


def parse_size(text: str) -> int:
    """Parse a number of bytes, such as `2GB` or `800 MB`.

    Raises:
        UsageError: it is none, or too small to work in.
    """
    hit = _SIZE.match(text.strip())
    if hit is None:
        raise UsageError(f"--memory wants a size such as 2GB or 800MB, not {text!r}")
    bytes_ = int(float(hit[1]) * _UNITS[(hit[2] or "").lower()])
    if bytes_ < MIN_MEMORY:
        raise UsageError(f"--memory {text}: no less than {MIN_MEMORY // 10**6} MB")
    return bytes_


def validate_table(
    files: Sequence[TableFile],
    options: ScanOptions,
    *,
    engine: str = "polars",
    released_on: dt.date | None = None,
) -> Report:
    """Check the files of one table, of any size.

    Args:
        files: Parts of the table, identified.
        options: What the scan may use.
        engine: polars, duckdb, pandas or spark.
        released_on: The day up to which things may have happened; today if None.

    Raises:
        UsageError: A file cannot be read.
    """
    from conflictdata.validation.scan.run import check_table

    first = files[0]
    plan = (
        make_plan(first.own, released_on)
        if first.table is None
        else make_dataset_plan(first.table, released_on or dt.date.today())
    )
    report = check_table(
        [(file.path, file.root) for file in files], plan, engine=engine, memory=options.memory, findings=options.findings,
        watch=options.watch, spark_master=options.spark_master, flags=options.flags,
    )  # fmt: skip
    options.is_written = options.findings is not None
    many = first.name if len(files) == 1 else f"{len(files):,} files"
    dataset = first.profile
    title = f"{dataset.name}, {dataset.title} ({dataset.licence})" if dataset else plan.table
    report.notes.append(f"{many}: {title}: {report.counts[plan.table]:,} rows")
    report.notes += summarize_by_rule(report, plan)
    return report


def summarize_by_rule(report: Report, plan: Plan) -> list[str]:
    """Return how many findings each rule gives, in lines, the most first."""
    severity = {rule.id: rule.severity for rule in plan.rules}
    counts = Counter({rule: tally.invalid for rule, tally in report.evaluated.items() if tally.invalid})
    found = ((n, severity.get(rule, "error"), rule) for rule, n in counts.most_common())
    return [f"{n:,} {kind}{'s' if n != 1 else ''} {rule}" for n, kind, rule in found]
