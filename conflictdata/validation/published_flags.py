"""Flags for tables that are validated without them: given, next to the file, or those of the installed release.

A flag says that somebody compared a record with its page. So a flag of the installed release covers only records whose
rows equal the published ones.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from conflictdata.findings import Finding, Report, UsageError
from conflictdata.readers import open_table
from conflictdata.readers.frames import convert_frame, is_frame
from conflictdata.rules import load_rules
from conflictdata.rules.base import Rule
from conflictdata.schema.columns import list_key_columns, list_tables, make_empty_frame, make_polars_schema
from conflictdata.validation.evaluate import (
    RuleContext,
    evaluate_rules,
    explain_rows,
    format_message,
    format_record_key,
    list_record_keys,
)
from conflictdata.validation.waivers import is_waivable

if TYPE_CHECKING:
    from conflictdata.readers.frames import Frame

Tables = Mapping[str, pl.DataFrame]
Pairs = frozenset[tuple[str, str]]  # record and rule

_KEY = ("record_id", "rule_id")
_TABLES = Path(__file__).parents[1] / "data" / "parquet"


def apply_flags(report: Report, tables: Tables, flags: Frame | str | Path | None, paths: Iterable[Path] = ()) -> None:
    """Move the findings that flags cover to `report.waived`.

    Args:
        report: The report.
        tables: The validated tables, typed. If the table `flags` is among them, it has been applied already.
        flags: A DataFrame or a file with the table `flags`; None to look for them.
        paths: Files of the tables. A file `flags.csv` or `flags.parquet` next to one of them is used; without one, the
            flags of the installed release.

    Raises:
        UsageError: If `flags` is not a table of flags.
    """
    if flags is None and "flags" in tables:
        return
    pairs = _read_neighbour(paths) if flags is None else _read_given(flags)
    covered = _find_covered(report.findings, tables) if pairs is None else pairs
    waived = [f for f in report.findings if (f.record, f.rule) in covered and is_waivable(f)]
    report.waived += waived
    report.findings = [f for f in report.findings if f not in waived]
    report.sort()


def _read_given(flags: Frame | str | Path) -> Pairs:
    if is_frame(flags):
        frame, name = convert_frame(flags, "flags"), "flags"
    elif isinstance(flags, str | Path) and Path(flags).is_file():
        frame, name = _read_file(Path(flags)), str(flags)
    else:
        raise UsageError(f"flags: {flags!r} is neither a file nor a DataFrame with the columns record_id and rule_id")
    if not {*_KEY} <= set(frame.columns) or (frame.height and not _list_pairs(frame)):
        raise UsageError(f"{name} is not a table of flags: it has no filled columns record_id and rule_id")
    return _list_pairs(frame)


def _read_neighbour(paths: Iterable[Path]) -> Pairs | None:
    """Return the flags next to these files; None if there are none."""
    names = (folder / f"flags{ending}" for folder in {p.parent for p in paths} for ending in (".csv", ".parquet"))
    # A file of that name may hold other flags.
    found = [pairs for path in names if path.is_file() and (pairs := _list_pairs(_read_file(path)))]
    return frozenset().union(*found) if found else None


def _read_file(path: Path) -> pl.DataFrame:
    return open_table(path, "flags").frame


def _list_pairs(frame: pl.DataFrame) -> Pairs:
    """Return the flags of a table; none if it is another one."""
    return frozenset(frame.select(_KEY).drop_nulls().iter_rows()) if {*_KEY} <= set(frame.columns) else frozenset()


def _find_covered(findings: Iterable[Finding], tables: Tables) -> set[tuple[str, str]]:
    """Return the records and rules that a flag of the installed release covers.

    A record that has the published rows, but breaks the rule by values that were changed elsewhere, is not among them.
    """
    now: dict[tuple[str, str], list[str]] = defaultdict(list)
    for finding in findings:
        if (finding.record, finding.rule) in _read_flags():
            now[finding.record, finding.rule].append(_sort_words(finding.message))
    return {
        (record, rule_id)
        for (record, rule_id), messages in now.items()
        if sorted(messages) == _evaluate_published(rule_id, frozenset(tables)).get(record)
        and _is_published(load_rules()[rule_id], record, tables)
    }


def _sort_words(message: str) -> str:
    """Sort the words of a message: the order of its numbers is that of the rows."""
    return " ".join(sorted(message.split()))


@cache
def _make_context(names: frozenset[str]) -> RuleContext:
    tables = {name: _read_published(name) if name in names else make_empty_frame(name) for name in list_tables()}
    return RuleContext(tables, dt.date.today())


@cache
def _evaluate_published(rule_id: str, names: frozenset[str]) -> dict[str, list[str]]:
    """Return the messages of a rule on the published tables of these names, by record."""
    rule, context = load_rules()[rule_id], _make_context(names)
    (result,) = evaluate_rules([rule], context)
    messages: dict[str, list[str]] = defaultdict(list)
    for row in explain_rows(rule, list(result.failed.iter_rows(named=True)), context):
        messages[format_record_key(rule, row)].append(_sort_words(format_message(rule, row)[0]))
    return {record: sorted(found) for record, found in messages.items()}


def _is_published(rule: Rule, record: str, tables: Tables) -> bool:
    """Return whether the record has its published rows: of a figure all figures of its claim, else its own row."""
    frame, published = tables[rule.table], _read_published(rule.table)
    columns = ["claim_id"] if rule.table == "figures" else list(list_key_columns(rule.table))
    selected = frame.filter(list_record_keys(rule.table, frame) == record).select(columns).unique()
    rows = frame.join(selected, on=columns, how="semi")
    return rows.join(published, on=frame.columns, how="anti", nulls_equal=True).is_empty()


@cache
def _read_published(table: str) -> pl.DataFrame:
    """Return a table of the installed release; empty if none is installed."""
    file = _TABLES / f"{table}.parquet"
    if not file.is_file():
        return make_empty_frame(table)
    return pl.read_parquet(file, glob=False).select(
        pl.col(name).cast(kind) for name, kind in make_polars_schema(table).items()
    )


@cache
def _read_flags() -> Pairs:
    return _list_pairs(_read_published("flags"))
