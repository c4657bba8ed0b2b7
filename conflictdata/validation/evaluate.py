"""Asking the rules: all rules over all records, on polars or pandas.

Row rules that read one frame are asked in one pass over it. Whatever the engine, the
answers come back as small polars frames: how often each verdict fell, and the rows that failed.
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


Tables = Mapping[str, pl.DataFrame]


def wrap_frame(frame: pl.DataFrame, engine: Engine) -> nw.LazyFrame[Any]:
    """A frame as rules see it, on an engine."""
    if engine != "pandas":
        return nw.from_native(frame.lazy())
    import pandas as pd

    # Default pandas types turn missing counts into floats; Arrow types keep them.
    native = pd.DataFrame({c: pd.Series(pd.arrays.ArrowExtensionArray(frame[c].to_arrow())) for c in frame.columns})
    return nw.from_native(native).lazy()


class RuleContext(Mapping[str, "nw.LazyFrame[Any]"]):
    """Tables, views and the release, as lazy frames of one engine.

    A view is computed once, on first access.

    Attributes:
        shared: Results that several rules use, by function (`rules.base.share`).
    """

    def __init__(self, tables: Tables, released_on: dt.date, engine: Engine = "polars") -> None:
        release = pl.DataFrame({"released_on": [released_on]}, schema={"released_on": pl.Date})
        self._frames = {name: wrap_frame(frame, engine) for name, frame in {**tables, "release": release}.items()}
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
    """What one rule said: its tally, and the rows that failed (counted or not) with the columns its message needs."""

    rule: Rule
    tally: Tally
    failed: pl.DataFrame


def explain(result: RuleResult, context: RuleContext) -> list[Row]:
    """Return the rows that failed a rule, with the columns that its texts name."""
    rows = list(result.failed.iter_rows(named=True))
    return result.rule.explain(rows, context) if result.rule.explain and rows else rows


def _make_result(rule: Rule, judged: pl.DataFrame, counted: pl.DataFrame, verdict: str) -> RuleResult:
    """What a rule said, from the rows that it judged and those of them that are counted."""
    verdicts = counted[verdict]
    valid, invalid = int(verdicts.sum()), int((~verdicts).sum())
    tally = Tally(valid, invalid, len(verdicts) - valid - invalid)
    # Most rules find nothing: each step over a frame that is saved here is saved more than a hundred times.
    fails = ~judged[verdict]
    if not fails.any():
        return RuleResult(rule, tally, judged.clear())
    # In a fixed order: what is told first puts in doubt what comes later.
    return RuleResult(rule, tally, judged.filter(fails).sort(*list_key_columns(rule.table)))


def _cast_verdicts(judged: pl.DataFrame, verdicts: Iterable[str]) -> pl.DataFrame:
    # pandas gives a column of nothing but nulls the type Null, and whole numbers to some nullable truths.
    others = [name for name in verdicts if judged.schema[name] != pl.Boolean]
    return judged.with_columns(pl.col(others).cast(pl.Boolean)) if others else judged


def _select_counted(judged: pl.DataFrame, table: str, of: Tables | None) -> pl.DataFrame:
    """The rows that judge the records with these keys."""
    if of is None:
        return judged
    keys = of[table]
    if not keys.height:
        return judged.clear()
    typed = judged.lazy().with_columns(pl.col(name).cast(dtype) for name, dtype in keys.schema.items())
    return typed.join(keys.lazy(), on=keys.columns, how="semi", nulls_equal=True).collect()


def _evaluate_row_rules(frame: nw.LazyFrame[Any], rules: list[Rule], of: Tables | None) -> Iterator[RuleResult]:
    names = {rule.id: f"{VERDICT}:{rule.id}" for rule in rules}
    lazy = frame.with_columns(*(rule.check.alias(names[rule.id]) for rule in rules))  # type: ignore[union-attr]
    judged = _cast_verdicts(lazy.collect().to_polars(), names.values())
    counted = _select_counted(judged, rules[0].table, of)
    for rule in rules:
        yield _make_result(rule, judged, counted, names[rule.id])


def select_applicable_rules(rules: Iterable[Rule], present: Iterable[str]) -> list[Rule]:
    """The rules whose tables are all present."""
    available = set(present)
    return [rule for rule in rules if {rule.table, *rule.requires_tables} <= available]


def evaluate_rules(rules: Iterable[Rule], context: RuleContext, of: Tables | None = None) -> Iterator[RuleResult]:
    """Ask every rule; row rules of one frame share a pass.

    Args:
        rules: the rules.
        context: what they see.
        of: by table, the keys of the records that are counted; None: all that are seen.
    """
    by_frame: dict[str, list[Rule]] = {}
    for rule in rules:
        if rule.is_row_rule:
            by_frame.setdefault(rule.view or rule.table, []).append(rule)
        else:
            judged = _cast_verdicts(rule.check(context).collect().to_polars(), [VERDICT])  # type: ignore[operator]
            yield _make_result(rule, judged, _select_counted(judged, rule.table, of), VERDICT)
    for name, group in by_frame.items():
        yield from _evaluate_row_rules(context[name], group, of)


def evaluate_rule(rule: Rule, tables: Tables, released_on: dt.date, engine: Engine = "polars") -> pl.DataFrame:
    """One rule over the tables: the judged records' key columns, `verdict`, and what the message needs."""
    context = RuleContext(tables, released_on, engine)
    if rule.is_row_rule:
        lazy = context[rule.view or rule.table].with_columns(rule.check.alias(VERDICT))  # type: ignore[union-attr]
    else:
        lazy = rule.check(context)  # type: ignore[operator]
    return lazy.collect().to_polars()


def format_record_key(rule: Rule, row: Mapping[str, Any]) -> str:
    """The key of a judged row, as findings write it."""
    return "|".join(str(row[column]) for column in list_key_columns(rule.table))


def select_highlighted_columns(rule: Rule, row: Mapping[str, Any]) -> tuple[str, ...]:
    """The columns at which a finding points: the one that the row names (`spot`), then those of the rule."""
    spot = row.get("spot")
    if spot == "":
        return ()  # the record itself
    return (str(spot), *rule.fields) if spot else rule.fields


def format_message(rule: Rule, row: Mapping[str, Any]) -> tuple[str, str]:
    """The message and the hint of a rule for a row that failed it."""
    values = _MessageValues(row)
    return rule.message.format_map(values), rule.hint.format_map(values)


class _MessageValues(dict[str, Any]):
    """A row as messages show it, looked up as they name it: of many columns a message names few."""

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
        for batch in self._progress(Work(self._make_batches(), "Asking rules", "rules")):
            for result in evaluate_rules(batch, self._context, self._keys):
                yield self._context, result

    def is_selected(self, table: str, record: str) -> bool:
        """Return whether a record is counted and reported."""
        if self._keys is None:
            return True
        if table not in self._records:
            self._records[table] = {"|".join(map(str, row)) for row in self._keys[table].iter_rows()}
        return record in self._records[table]

    def _make_batches(self) -> list[list[Rule]]:
        """Return one batch per frame rule, and one per frame for its row rules, which share a pass."""
        batches: list[list[Rule]] = []
        passes: dict[str, list[Rule]] = {}
        for rule in select_applicable_rules(self._rules.values(), self._tables):
            if rule.is_row_rule:
                passes.setdefault(rule.view or rule.table, []).append(rule)
            else:
                batches.append([rule])
        return [*batches, *passes.values()]


def _add_empty_tables(tables: Tables) -> dict[str, pl.DataFrame]:
    """The tables, and an empty one for each that is not there."""
    return {table: tables[table] if table in tables else make_empty_frame(table) for table in names()}
