"""Results of each rule: verdicts per record, and messages for failed records."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from typing import Any

import narwhals.stable.v1 as nw
import pandas as pd
import polars as pl
from pandera.errors import SchemaErrors, SchemaWarning
from strategies import RELEASED

from conflictdata.readers.frames import convert_frame
from conflictdata.rules import load_rules
from conflictdata.rules.base import VERDICT, Rule
from conflictdata.schema.columns import list_key_columns
from conflictdata.schemas import SCHEMAS, RuledSchema, TableSet
from conflictdata.validation.evaluate import (
    Engine,
    RuleContext,
    Tables,
    explain_rows,
    format_message,
    format_record_key,
)

Verdicts = list[tuple[str, bool | None]]  # record and verdict, sorted
Failures = list[tuple[str, str, str]]  # record, message and hint; sorted


def evaluate_rule(rule: Rule, frames: RuleContext) -> pl.DataFrame:
    """Evaluate one rule on frames shared with other rules."""
    if isinstance(rule.check, nw.Expr):
        return frames[rule.view or rule.table].with_columns(rule.check.alias(VERDICT)).collect().to_polars()
    return rule.check(frames).collect().to_polars()


def list_verdicts(rule: Rule, rows: pl.DataFrame) -> Verdicts:
    """Return the verdict per evaluated record, sorted."""
    found = [(format_record_key(rule, row), row[VERDICT]) for row in rows.iter_rows(named=True)]
    return sorted(found, key=str)


def format_failures(rule: Rule, rows: pl.DataFrame, frames: RuleContext) -> Failures:
    """Return record, message and hint of each failed record, sorted."""
    # pandas gives a column of nothing but nulls the type Null.
    failed: list[dict[str, Any]] = list(rows.filter(~pl.col(VERDICT).cast(pl.Boolean)).iter_rows(named=True))
    explained = explain_rows(rule, failed, frames)
    return sorted((format_record_key(rule, row), *format_message(rule, row)) for row in explained)


def collect_results(
    tables: Tables, engine: Engine, asked: Iterable[Rule] | None = None
) -> dict[str, tuple[Verdicts, Failures]]:
    """Return verdicts and failures per rule; by default of all rules."""
    frames = RuleContext(tables, RELEASED, engine)
    found = {}
    for rule in load_rules().values() if asked is None else asked:
        rows = evaluate_rule(rule, frames)
        found[rule.id] = list_verdicts(rule, rows), format_failures(rule, rows, frames)
    return found


def convert_to_pandas(frame: pl.DataFrame) -> pd.DataFrame:
    """Convert a typed table to a user's DataFrame: object columns, days as text."""
    days = [pl.col(c).cast(pl.String) for c, t in frame.schema.items() if t == pl.Date]
    return pd.DataFrame(frame.with_columns(days).to_dict(as_series=False), dtype=object)


def collect_pandera_failures(tables: Tables, table: str) -> dict[str, set[str]]:
    """Return the records that the schema of a table, next to the others, rejects or warns about, per rule."""
    texts = {name: convert_frame(frame, name) for name, frame in tables.items()}
    schema = RuledSchema(SCHEMAS[table].to_schema().columns, name=table, strict=True)
    schema.tables = TableSet(texts, RELEASED)
    given = convert_to_pandas(tables[table])
    found: dict[str, set[str]] = {}
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            schema.validate(given, lazy=True)
        except SchemaErrors as refused:
            for error in refused.schema_errors:
                rows = error.failure_cases["index"]
                records = {"|".join(str(given[c][row]) for c in list_key_columns(table)) for row in rows}
                found.setdefault(str(error.check.name), set()).update(records)
    for warning in caught:
        assert issubclass(warning.category, SchemaWarning), warning.message
        rule, record, _ = str(warning.message).split(": ", 2)
        found.setdefault(rule, set()).add(record)
    return {rule: records for rule, records in found.items() if rule in load_rules()}
