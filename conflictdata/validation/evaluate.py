"""Evaluate rules, and word their findings.

Row rules of one frame share a pass. In memory, with polars or pandas, a result is a tally and a polars frame of the failed rows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import narwhals.stable.v1 as nw
import polars as pl

from conflictdata.datasets._helpers import ROW, SPOT
from conflictdata.findings import Finding, Place, Tally
from conflictdata.rules.base import VERDICT, Frames, Row, Rule, add_optional_columns
from conflictdata.schema.columns import list_key_columns, make_empty_frame
from conflictdata.schema.columns import list_tables as names
from conflictdata.schema.views import make_views
from conflictdata.seeds import Progress, Work
from conflictdata.validation.id_hints import TableFinder

Engine = Literal["polars", "pandas", "duckdb", "spark"]
FrameEngine = Literal["polars", "pandas"]  # those that evaluate DataFrames

Tables = Mapping[str, pl.DataFrame]

_FEW_ROWS = 20_000  # rows whose keys are looked up one by one


def wrap_frame(frame: pl.DataFrame, engine: Engine) -> nw.LazyFrame[Any]:
    """Return a frame for the rules, on an engine."""
    if engine != "pandas":
        return nw.from_native(frame.lazy())
    import pandas as pd

    # Default pandas types turn missing counts into floats; Arrow types keep them.
    native = pd.DataFrame({c: pd.Series(pd.arrays.ArrowExtensionArray(frame[c].to_arrow())) for c in frame.columns})
    return nw.from_native(native).lazy()


def make_release(released_on: dt.date) -> pl.DataFrame:
    """Return the frame `release` of the rules: one row with the last day on which an event may have happened."""
    return pl.DataFrame({"released_on": [released_on]}, schema={"released_on": pl.Date})


class RuleContext(Mapping[str, "nw.LazyFrame[Any]"]):
    """Tables, views and the release, as lazy frames of one engine.

    A view is computed once, on first access.

    Attributes:
        shared: Results that several rules use, by function (`rules.base.share`).
    """

    def __init__(self, tables: Tables, released_on: dt.date, engine: Engine = "polars") -> None:
        frames = {**tables, "release": make_release(released_on)}
        self._frames = {name: wrap_frame(frame, engine) for name, frame in frames.items()}
        self._views = make_views(self._frames)
        self.find_id = TableFinder(tables).guess_id  # for the rules that suggest which record a text means
        self.shared: dict[Callable[..., Any], nw.LazyFrame[Any]] = {}

    def __getitem__(self, name: str) -> nw.LazyFrame[Any]:
        if name not in self._frames:
            self._frames[name] = self._views[name].collect().lazy()
        return self._frames[name]

    def __iter__(self) -> Iterator[str]:
        return iter([*self._frames, *(v for v in self._views if v not in self._frames)])

    def __len__(self) -> int:
        return len(set(self._frames) | set(self._views))


@dataclass(frozen=True)
class RuleResult:
    """Result of one rule: its tally, and all failed rows, counted or not, with the columns that its message needs."""

    rule: Rule
    tally: Tally
    failed: pl.DataFrame


def explain_rows(rule: Rule, rows: list[Row], frames: Frames) -> list[Row]:
    """Return rows that failed a rule, with the columns that its texts name."""
    return rule.explain(rows, frames) if rule.explain and rows else rows


def _make_result(rule: Rule, judged: pl.DataFrame, counted: pl.Series | None, verdict: str) -> RuleResult:
    """Return a rule's result from its evaluated rows, of which some are counted."""
    verdicts = judged[verdict] if counted is None else judged[verdict].filter(counted)
    valid, invalid = int(verdicts.sum()), int((~verdicts).sum())
    tally = Tally(valid, invalid, len(verdicts) - valid - invalid)
    # Most rules find nothing, so spare the work on frames: it would be done more than a hundred times.
    fails = ~judged[verdict]
    if not fails.any():
        return RuleResult(rule, tally, judged.clear())
    # In a fixed order: a finding suppresses its consequences, which come later.
    return RuleResult(rule, tally, judged.filter(fails).sort(_choose_order(rule, judged.columns)))


def _choose_order(rule: Rule, columns: Sequence[str]) -> list[str]:
    """Return the columns that sort the rows of a result: the number of the row if there is one, else the key."""
    numbered = [name for name in (ROW, SPOT) if name in columns]
    return numbered if ROW in columns else list(list_key_columns(rule.table))


def _cast_verdicts(judged: pl.DataFrame, verdicts: Iterable[str]) -> pl.DataFrame:
    # pandas gives a column of nulls the type Null, and some nullable booleans an integer type.
    others = [name for name in verdicts if judged.schema[name] != pl.Boolean]
    return judged.with_columns(pl.col(others).cast(pl.Boolean)) if others else judged


def _mark_counted(judged: pl.DataFrame, table: str, of: Tables | None) -> pl.Series | None:
    """Return for each row whether it is about a record with these keys. None: all rows are counted."""
    if of is None:
        return None
    keys = of[table]
    typed = [judged[name].cast(dtype) for name, dtype in keys.schema.items()]
    if judged.height <= _FEW_ROWS:  # quicker than a join, which is planned for each rule
        counted_keys = set(keys.iter_rows())
        return pl.Series([row in counted_keys for row in zip(*typed, strict=True)], dtype=pl.Boolean)
    rows = pl.DataFrame(typed).with_row_index("number of the row")
    counted = rows.join(keys, on=keys.columns, how="semi", nulls_equal=True)["number of the row"]
    return rows["number of the row"].is_in(counted.implode())


def select_applicable_rules(rules: Iterable[Rule], present: Iterable[str]) -> list[Rule]:
    """Return the rules whose tables are all present."""
    available = set(present)
    return [rule for rule in rules if {rule.table, *rule.requires_tables} <= available]


def group_rules(rules: Iterable[Rule]) -> list[list[Rule]]:
    """Return one batch per frame rule, and one per frame for its row rules, which share a pass."""
    batches: list[list[Rule]] = []
    passes: dict[str, list[Rule]] = {}
    for rule in rules:
        if rule.is_row_rule:
            passes.setdefault(rule.view or rule.table, []).append(rule)
        else:
            batches.append([rule])
    return [*batches, *passes.values()]


def evaluate_rules(
    rules: Iterable[Rule], frames: Frames, of: Tables | None = None, progress: Progress = iter
) -> Iterator[RuleResult]:
    """Evaluate rules, and yield their results.

    Args:
        rules: The rules.
        frames: The frames.
        of: Keys of the records to count, by table. None: all.
        progress: Wraps the batches of rules, to show a progress bar.
    """
    for batch in progress(Work(group_rules(rules), "Asking rules", "rules")):
        names = {rule.id: name_verdict_column(rule.id) if rule.is_row_rule else VERDICT for rule in batch}
        judged = _cast_verdicts(_apply_rules(frames, batch).collect().to_polars(), names.values())
        counted = _mark_counted(judged, batch[0].table, of)
        for rule in batch:
            yield _make_result(rule, judged, counted, names[rule.id])


def _apply_rules(frames: Frames, batch: Sequence[Rule]) -> nw.LazyFrame[Any]:
    """Return the checked records of one batch, with their verdicts."""
    rule = batch[0]
    if isinstance(rule.check, nw.Expr):
        return add_row_verdicts(frames[rule.view or rule.table], batch)
    return rule.check(frames)


def add_row_verdicts(frame: nw.LazyFrame[Any], rules: Sequence[Rule]) -> nw.LazyFrame[Any]:
    """Add one column of verdicts per row rule (`name_verdict_column`) to a frame of any engine."""
    if not rules:
        return frame
    if any(rule.optional for rule in rules):
        frame = add_optional_columns(frame, rules, set(frame.collect_schema().names()))
    return frame.with_columns(*(rule.check.alias(name_verdict_column(rule.id)) for rule in rules))  # type: ignore[union-attr]


def name_verdict_column(rule: str) -> str:
    """Return the column that holds the verdicts of a row rule."""
    return f"{VERDICT}:{rule}".replace(".", "/")  # narwhals takes a dot for a field on Spark


def list_record_keys(table: str, frame: pl.DataFrame, empty: str | None = None) -> pl.Series:
    """Return the keys of the records of a table, as findings print them.

    Args:
        table: Name of the table.
        frame: Its columns.
        empty: What an empty cell is in a key. None: a record with an empty cell has no key.
    """
    columns = [pl.col(column).cast(pl.String) for column in list_key_columns(table)]
    if empty is not None:
        columns = [column.fill_null(empty) for column in columns]
    return frame.select(pl.concat_str(columns, separator="|").alias("key"))["key"]


def format_record_key(rule: Rule, row: Mapping[str, Any]) -> str:
    """Return the key of a checked row, as findings write it."""
    return "|".join(str(row[column]) for column in list_key_columns(rule.table))


def select_highlighted_columns(rule: Rule, row: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the columns to highlight: the one that the row names (`spot`), then the others of the rule."""
    spot = row.get(SPOT)
    if spot == "":
        return ()  # the record itself
    return (str(spot), *(name for name in rule.fields if name != spot)) if spot else rule.fields


def make_rule_finding(
    rule: Rule,
    row: Mapping[str, Any],
    record: str,
    columns: tuple[str, ...],
    value: str,
    place: Place | None = None,
    found: str = "",
) -> Finding:
    """Make the finding of a rule for a row that failed it.

    Args:
        rule: The rule.
        row: The row, with the columns that the message names.
        record: Key of the record.
        columns: The columns that the finding is about.
        value: Text of the first of them.
        place: Position of that value, if known.
        found: What a waiver must repeat.
    """
    message, hint = format_message(rule, row)
    return Finding(rule.id, rule.severity, message, hint, rule.table, record, columns, value, place, found)


def format_message(rule: Rule, row: Mapping[str, Any]) -> tuple[str, str]:
    """Return the message and the hint of a rule for a failed row."""
    values = _MessageValues(row)
    return rule.message.format_map(values), rule.hint.format_map(values)


class _MessageValues(dict[str, Any]):
    """Values of a row in messages, formatted on access: a message uses few of the many columns."""

    def __getitem__(self, name: str) -> Any:
        value = super().__getitem__(name)
        return "empty" if value is None else value


def make_context(tables: Tables, released_on: dt.date, engine: Engine) -> RuleContext:
    """Return the frames of the rules, with an empty table for each that is missing."""
    full = {table: tables[table] if table in tables else make_empty_frame(table) for table in names()}
    return RuleContext(full, released_on, engine)
