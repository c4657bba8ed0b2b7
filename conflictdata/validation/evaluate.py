"""Evaluate rules on tables in memory, with polars or pandas.

Row rules of one frame share a pass. With either engine, a result is a tally and a polars frame of the failed rows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import narwhals.stable.v1 as nw
import polars as pl

from conflictdata.findings import Tally
from conflictdata.rules import load_imported_rules, load_rules
from conflictdata.rules.base import VERDICT, Row, Rule
from conflictdata.schema.columns import list_key_columns, make_empty_frame
from conflictdata.schema.columns import list_tables as names
from conflictdata.schema.views import make_views
from conflictdata.seeds import Progress, Work
from conflictdata.validation.id_hints import TableFinder
from conflictdata.validation.selection import Selection

Engine = Literal["polars", "pandas", "duckdb", "spark"]
FrameEngine = Literal["polars", "pandas"]  # those that evaluate DataFrames


Tables = Mapping[str, pl.DataFrame]


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


def explain(result: RuleResult, context: RuleContext) -> list[Row]:
    """Return the rows that failed a rule, with the columns that its texts name."""
    rows = list(result.failed.iter_rows(named=True))
    return result.rule.explain(rows, context) if result.rule.explain and rows else rows


def _make_result(rule: Rule, judged: pl.DataFrame, counted: pl.DataFrame, verdict: str) -> RuleResult:
    """Return a rule's result from its evaluated and its counted rows."""
    verdicts = counted[verdict]
    valid, invalid = int(verdicts.sum()), int((~verdicts).sum())
    tally = Tally(valid, invalid, len(verdicts) - valid - invalid)
    # Most rules find nothing, so spare the work on frames: it would be done more than a hundred times.
    fails = ~judged[verdict]
    if not fails.any():
        return RuleResult(rule, tally, judged.clear())
    # In a fixed order: a finding suppresses its consequences, which come later.
    return RuleResult(rule, tally, judged.filter(fails).sort(*list_key_columns(rule.table)))


def _cast_verdicts(judged: pl.DataFrame, verdicts: Iterable[str]) -> pl.DataFrame:
    # pandas gives a column of nulls the type Null, and some nullable booleans an integer type.
    others = [name for name in verdicts if judged.schema[name] != pl.Boolean]
    return judged.with_columns(pl.col(others).cast(pl.Boolean)) if others else judged


def _select_counted(judged: pl.DataFrame, table: str, of: Tables | None) -> pl.DataFrame:
    """Return the rows about the records with these keys."""
    if of is None:
        return judged
    keys = of[table]
    if not keys.height:
        return judged.clear()
    typed = judged.lazy().with_columns(pl.col(name).cast(dtype) for name, dtype in keys.schema.items())
    return typed.join(keys.lazy(), on=keys.columns, how="semi", nulls_equal=True).collect()


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


def evaluate_rules(rules: Iterable[Rule], context: RuleContext, of: Tables | None = None) -> Iterator[RuleResult]:
    """Evaluate rules, and yield their results.

    Args:
        rules: The rules.
        context: The frames.
        of: Keys of the records to count, by table. None: all.
    """
    for batch in group_rules(rules):
        names = {rule.id: f"{VERDICT}:{rule.id}" if rule.is_row_rule else VERDICT for rule in batch}
        judged = _cast_verdicts(_apply_rules(context, names, batch).collect().to_polars(), names.values())
        counted = _select_counted(judged, batch[0].table, of)
        for rule in batch:
            yield _make_result(rule, judged, counted, names[rule.id])


def _apply_rules(context: RuleContext, names: Mapping[str, str], batch: list[Rule]) -> nw.LazyFrame[Any]:
    """Return the checked records of one batch, with one column of verdicts per rule."""
    rule = batch[0]
    if not isinstance(rule.check, nw.Expr):
        return rule.check(context)
    checks = (row_rule.check.alias(names[row_rule.id]) for row_rule in batch)  # type: ignore[union-attr]
    return context[rule.view or rule.table].with_columns(*checks)


def evaluate_rule(rule: Rule, tables: Tables, released_on: dt.date, engine: Engine = "polars") -> pl.DataFrame:
    """Return the checked records of one rule: key columns, `verdict`, and the columns that its message needs."""
    context = RuleContext(tables, released_on, engine)
    return _apply_rules(context, {rule.id: VERDICT}, [rule]).collect().to_polars()


def format_record_key(rule: Rule, row: Mapping[str, Any]) -> str:
    """Return the key of a checked row, as findings write it."""
    return "|".join(str(row[column]) for column in list_key_columns(rule.table))


def select_highlighted_columns(rule: Rule, row: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the columns to highlight: the one that the row names (`spot`), then those of the rule."""
    spot = row.get("spot")
    if spot == "":
        return ()  # the record itself
    return (str(spot), *rule.fields) if spot else rule.fields


def format_message(rule: Rule, row: Mapping[str, Any]) -> tuple[str, str]:
    """Return the message and the hint of a rule for a failed row."""
    values = _MessageValues(row)
    return rule.message.format_map(values), rule.hint.format_map(values)


class _MessageValues(dict[str, Any]):
    """Values of a row in messages, formatted on access: a message uses few of the many columns."""

    def __getitem__(self, name: str) -> Any:
        value = super().__getitem__(name)
        return "empty" if value is None else value


class RuleRunner:
    """Runner of all rules that can be evaluated on some tables.

    Args:
        tables: The tables, typed.
        selection: The records to count. None: all.
        engine: Engine of the rules.
        released_on: Day up to which things may have happened.
        progress: Wraps the batches of rules, to show a progress bar.
        imported: Whether the records are those of an imported dataset.
    """

    def __init__(
        self,
        tables: Tables,
        selection: Selection | None,
        engine: Engine,
        released_on: dt.date,
        progress: Progress = iter,
        imported: bool = False,
    ) -> None:
        self._tables = tables
        self._rules = load_imported_rules() if imported else load_rules()
        self._progress = progress
        self._keys = selection.select_keys(tables) if selection else None
        self._records: dict[str, set[str]] = {}
        self._context = RuleContext(_add_empty_tables(tables), released_on, engine)

    def iterate_results(self) -> Iterator[tuple[RuleContext, RuleResult]]:
        """Yield the result of each rule, with the frames it was evaluated on."""
        applicable = select_applicable_rules(self._rules.values(), self._tables)
        for batch in self._progress(Work(group_rules(applicable), "Asking rules", "rules")):
            for result in evaluate_rules(batch, self._context, self._keys):
                yield self._context, result

    def is_selected(self, table: str, record: str) -> bool:
        """Return whether a record is counted and reported."""
        if self._keys is None:
            return True
        if table not in self._records:
            self._records[table] = {"|".join(map(str, row)) for row in self._keys[table].iter_rows()}
        return record in self._records[table]


def _add_empty_tables(tables: Tables) -> dict[str, pl.DataFrame]:
    """Return all tables, with an empty one for each that is missing."""
    return {table: tables[table] if table in tables else make_empty_frame(table) for table in names()}
