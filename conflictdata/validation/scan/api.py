"""From paths to a report, for tables of any size: what the files are, and which engine judges them."""

from __future__ import annotations

import datetime as dt
import glob
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from conflictdata._utils.paths import display_path
from conflictdata.datasets import detect_profile, get_profile, list_profiles
from conflictdata.datasets.profile import Profile
from conflictdata.findings import Report, UsageError
from conflictdata.readers.seed_csv import shorten_cell
from conflictdata.schema.columns import list_column_kinds, list_tables
from conflictdata.validation.incomplete import list_rules_of_other_tables
from conflictdata.validation.plan import Plan, make_dataset_plan, make_plan
from conflictdata.validation.scan.files import (
    PACKED_SUFFIXES,
    SUFFIXES,
    detect_format,
    is_folder_of_parts,
    read_csv_header,
    resolve_files,
    split_pattern,
)

if TYPE_CHECKING:
    from conflictdata.validation.scan.run import ProgressCallback

# Bytes of files that are too many to be read into memory as text, where nothing else is asked for. A Parquet file unpacks to
# many times its size, and a scan of other people's data asks all their rules; of ours it asks those of single rows.
LARGE_FILE, LARGE_DATASET = 64_000_000, {".csv": 32_000_000, ".parquet": 4_000_000}
SCAN_ENGINES = ("duckdb", "spark")  # engines that only this way of checking knows
_SIZE = re.compile(r"([0-9]+(?:\.[0-9]+)?) ?(k|m|g|t)?i?b?\Z", re.IGNORECASE)
_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}
MIN_MEMORY = 256_000_000  # bytes; with less no engine reads a block of rows


def parse_size(text: str) -> int:
    """A number of bytes as `2GB` or `800 MB`.

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


def is_one_table(path: str | Path) -> bool:
    """Whether a path can only be a table to be scanned: packed, a pattern, or a folder of parts."""
    file = Path(path)
    packed = file.suffix in PACKED_SUFFIXES and bool(detect_format(file)) and file.is_file()
    return packed or is_folder_of_parts(file) or (not file.exists() and glob.has_magic(split_pattern(file)[1]))


def is_large(path: Path, *, of_others: bool) -> bool:
    """Whether a file is so large that it is scanned rather than read into memory."""
    if not path.is_file() or path.suffix not in SUFFIXES:
        return False
    if path.stat().st_size < (LARGE_DATASET[path.suffix] if of_others else LARGE_FILE):
        return False
    return path.suffix == ".parquet" or is_plain_csv(path)


def validate_table(
    paths: Sequence[str | Path],
    *,
    profile_name: str | None = None,
    engine: str = "polars",
    memory: int | None = None,
    findings: Path | None = None,
    released_on: dt.date | None = None,
    watch: ProgressCallback | None = None,
    spark_master: str | None = None,
) -> Report:
    """Check the files of one table, of whatever size.

    Args:
        paths: files, folders or patterns, as for `check_table`.
        profile_name: whose dataset they are; `auto` or None: by their columns.
        engine: polars, duckdb, pandas or spark.
        memory: bytes that may be used.
        findings: a Parquet file for all findings.
        released_on: the day up to which things may have happened; today where it is not given.
        watch: called while the work goes on.
        spark_master: for the engine spark, the address of the master.

    Raises:
        UsageError: a path is not there, a file has another form, or the files are no table that is known.
    """
    from conflictdata.validation.scan.run import check_table

    files = [path for path, _ in resolve_files(paths)]
    plan, dataset = _choose_plan(files[0], profile_name, released_on or dt.date.today())
    for other in files[1:]:
        if _choose_plan(other, profile_name, released_on or dt.date.today())[0].table != plan.table:
            raise UsageError(
                f"{display_path(other)} is another table than {display_path(files[0])}; check one table at a time"
            )
    report = check_table(
        paths, plan, engine=engine, memory=memory, findings=findings, watch=watch, spark_master=spark_master
    )
    many = f"{display_path(files[0])}" if len(files) == 1 else f"{len(files):,} files"
    title = f"{dataset.name}, {dataset.title} ({dataset.licence})" if dataset else plan.table
    report.notes.append(f"{many}: {title}: {report.counts[plan.table]:,} rows")
    if dataset is None and (left := len(list_rules_of_other_tables(plan.table))):
        verb = "looks" if left == 1 else "look"
        report.notes.append(
            f"{left} rule{'s' if left > 1 else ''} of {plan.table} {verb} into other tables; validate the package to ask them too"
        )
    report.notes += summarize_by_rule(report, plan)
    return report


def summarize_by_rule(report: Report, plan: Plan) -> list[str]:
    """How many findings each rule gives, in lines, the most first."""
    severity = {rule.id: rule.severity for rule in plan.rules}
    counts = Counter({rule: tally.invalid for rule, tally in report.evaluated.items() if tally.invalid})
    found = ((n, severity.get(rule, "error"), rule) for rule, n in counts.most_common())
    return [f"{n:,} {kind}{'s' if n != 1 else ''} {rule}" for n, kind, rule in found]


def _choose_plan(file: Path, name: str | None, released_on: dt.date) -> tuple[Plan, Profile | None]:
    """The plan of a file, by its profile, its name or its columns."""
    columns = _read_columns(file)
    if name is None:
        stem = file.name.split(".", 1)[0]
        for table in list_tables():
            if stem == table or set(list_column_kinds(table)) == set(columns):
                return make_plan(table, released_on), None
    among = list_profiles() if name in (None, "auto") else (get_profile(name),)
    match = detect_profile(columns, among)
    if match is None:
        raise UsageError(
            f"{display_path(file)} is no table that is known by its columns: {', '.join(map(shorten_cell, columns[:8]))}"
        )
    owner, table_ = match
    return make_dataset_plan(table_, released_on), owner


def _read_columns(file: Path) -> list[str]:
    import polars as pl

    if detect_format(file) == ".csv":
        return list(read_csv_header(file)[0])
    try:
        return pl.scan_parquet(file, glob=False, hive_partitioning=False).collect_schema().names()
    except (OSError, pl.exceptions.PolarsError) as fault:
        raise UsageError(f"{display_path(file)} is not a Parquet file: {str(fault).splitlines()[0]}") from fault


def is_plain_csv(file: Path) -> bool:
    """Whether a CSV is written with commas and in UTF-8 as far as its first lines tell."""
    from conflictdata.readers.csv import detect_separator

    with file.open("rb") as opened:
        head = opened.read(4096)
    if head[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in head:
        return False
    return detect_separator(head.decode("utf-8", "replace").splitlines()[0] if head.strip() else ",") == ","
