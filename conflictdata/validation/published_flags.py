"""The flags of the installed release, for a table that comes without flags of its own.

A flag says that somebody compared a record with its page. So it covers the rows that were published, and no other number under
the same id.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import polars as pl

from conflictdata.rules import load_rules
from conflictdata.rules._compared_values import make_found
from conflictdata.rules.base import Row, Rule
from conflictdata.schema.columns import list_key_columns, make_empty_frame, make_polars_schema
from conflictdata.schema.tables import MODELS
from conflictdata.validation.evaluate import RuleContext, evaluate_rules, explain, format_record_key

_TABLES = Path(__file__).parents[1] / "data" / "parquet"


def find_covered_records(rule: Rule, rows: Iterable[Row], frame: pl.DataFrame, beside: Iterable[str]) -> set[str]:
    """Return the records that a flag of the installed release covers.

    Args:
        rule: The rule.
        rows: The rows that failed it, explained.
        frame: The table of the rule. A record is covered if its rows are the published ones.
        beside: Names of the tables that the rule was asked of.

    Returns:
        Keys of records. A record that says the same as published, of values that were changed elsewhere, is not among them.
    """
    now = _group_by_record(rule, rows)
    flagged = {record for record, name in _read_flags() if name == rule.id and record in now}
    if not flagged:
        return set()
    then = _evaluate_published(rule.id, frozenset(beside))
    return {record for record in flagged if now[record] == then.get(record) and _is_published(rule, record, frame)}


def _group_by_record(rule: Rule, rows: Iterable[Row]) -> dict[str, list[str]]:
    texts: dict[str, list[str]] = {}
    for row in rows:
        texts.setdefault(format_record_key(rule, row), []).append(make_found(rule, row))
    return {record: sorted(found) for record, found in texts.items()}


@cache
def _evaluate_published(rule_id: str, beside: frozenset[str]) -> dict[str, list[str]]:
    """What the rule finds in the published tables of these names, by record."""
    rule = load_rules()[rule_id]
    frames = RuleContext(
        {name: _read_published(name) if name in beside else make_empty_frame(name) for name in MODELS}, dt.date.today()
    )
    (answer,) = evaluate_rules([rule], frames)
    return _group_by_record(rule, explain(answer, frames))


def _is_published(rule: Rule, record: str, frame: pl.DataFrame) -> bool:
    """Whether the record's rows are those that were published: of a figure all figures of its claim, else its own row."""
    columns = ["claim_id"] if rule.table == "figures" else list(list_key_columns(rule.table))
    names = pl.concat_str([pl.col(column).cast(pl.String) for column in list_key_columns(rule.table)], separator="|")
    selected = frame.filter(names == record).select(columns).unique()
    rows = frame.join(selected, on=columns, how="semi")
    return rows.join(_read_published(rule.table), on=frame.columns, how="anti", nulls_equal=True).is_empty()


@cache
def _read_published(table: str) -> pl.DataFrame:
    """A table of the installed release; empty where none is installed."""
    file = _TABLES / f"{table}.parquet"
    if not file.is_file():
        return make_empty_frame(table)
    return pl.read_parquet(file, glob=False).select(
        pl.col(name).cast(kind) for name, kind in make_polars_schema(table).items()
    )


@cache
def _read_flags() -> frozenset[tuple[str, str]]:
    return frozenset(_read_published("flags").select("record_id", "rule_id").iter_rows())
