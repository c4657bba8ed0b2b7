"""Asking the rules: all rules over all records, on polars or pandas.

Row rules that read one frame are asked in one pass over it. Whatever the engine, the
answers come back as small polars frames: how often each verdict fell, and the rows that failed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import narwhals.stable.v1 as nw
import polars as pl

from conflictdata.findings import Tally
from conflictdata.schema.physical import key
from conflictdata.schema.rules.base import VERDICT, Row, Rule
from conflictdata.schema.views import views

Engine = Literal["polars", "pandas"]
Tables = Mapping[str, pl.DataFrame]


def wrap(frame: pl.DataFrame, engine: Engine) -> nw.LazyFrame[Any]:
    """A frame as rules see it, on an engine."""
    if engine == "polars":
        return nw.from_native(frame.lazy())
    import pandas as pd

    # Default pandas types turn missing counts into floats; Arrow types keep them.
    native = pd.DataFrame({c: pd.Series(pd.arrays.ArrowExtensionArray(frame[c].to_arrow())) for c in frame.columns})
    return nw.from_native(native).lazy()


class Frames(Mapping[str, "nw.LazyFrame[Any]"]):
    """What rules see: the tables, the views of them and the release, as lazy frames of one engine.

    A view is computed once, when the first rule asks for it.

    Attributes:
        used: the names that have been asked for since this was last emptied.
    """

    def __init__(self, tables: Tables, released_on: dt.date, engine: Engine = "polars") -> None:
        release = pl.DataFrame({"released_on": [released_on]}, schema={"released_on": pl.Date})
        self._frames = {name: wrap(frame, engine) for name, frame in {**tables, "release": release}.items()}
        self._views = views(self._frames)
        self.used: set[str] = set()

    def __getitem__(self, name: str) -> nw.LazyFrame[Any]:
        self.used.add(name)
        if name not in self._frames:
            self._frames[name] = self._views[name].collect().lazy()
        return self._frames[name]

    def __iter__(self) -> Iterator[str]:
        return iter([*self._frames, *(v for v in self._views if v not in self._frames)])

    def __len__(self) -> int:
        return len(set(self._frames) | set(self._views))


@dataclass(frozen=True)
class Answer:
    """What one rule said: its tally, and the rows that failed (counted or not) with the columns its message needs."""

    rule: Rule
    tally: Tally
    failed: pl.DataFrame


def explain(answer: Answer, frames: Frames) -> list[Row]:
    """Return the rows that failed a rule, with the columns that its texts name."""
    rows = list(answer.failed.iter_rows(named=True))
    return answer.rule.explain(rows, frames) if answer.rule.explain and rows else rows


def _answer(rule: Rule, judged: pl.DataFrame, counted: pl.DataFrame, verdict: str) -> Answer:
    """What a rule said, from the rows that it judged and those of them that are counted."""
    verdicts = counted[verdict]
    valid, invalid = int(verdicts.sum()), int((~verdicts).sum())
    tally = Tally(valid, invalid, len(verdicts) - valid - invalid)
    # Most rules find nothing: each step over a frame that is saved here is saved more than a hundred times.
    fails = ~judged[verdict]
    if not fails.any():
        return Answer(rule, tally, judged.clear())
    # In a fixed order: what is told first puts in doubt what comes later.
    return Answer(rule, tally, judged.filter(fails).sort(*key(rule.table)))


def _as_truths(judged: pl.DataFrame, verdicts: Iterable[str]) -> pl.DataFrame:
    # pandas gives a column of nothing but nulls the type Null, and whole numbers to some nullable truths.
    others = [name for name in verdicts if judged.schema[name] != pl.Boolean]
    return judged.with_columns(pl.col(others).cast(pl.Boolean)) if others else judged


def _counted(judged: pl.DataFrame, table: str, of: Tables | None) -> pl.DataFrame:
    """The rows that judge the records with these keys."""
    if of is None:
        return judged
    keys = of[table]
    if not keys.height:
        return judged.clear()
    typed = judged.lazy().with_columns(pl.col(name).cast(dtype) for name, dtype in keys.schema.items())
    return typed.join(keys.lazy(), on=keys.columns, how="semi", nulls_equal=True).collect()


def _row_answers(frame: nw.LazyFrame[Any], rules: list[Rule], of: Tables | None) -> Iterator[Answer]:
    names = {rule.id: f"{VERDICT}:{rule.id}" for rule in rules}
    lazy = frame.with_columns(*(rule.check.alias(names[rule.id]) for rule in rules))  # type: ignore[union-attr]
    judged = _as_truths(lazy.collect().to_polars(), names.values())
    counted = _counted(judged, rules[0].table, of)
    for rule in rules:
        yield _answer(rule, judged, counted, names[rule.id])


def askable(rules: Iterable[Rule], present: Iterable[str]) -> list[Rule]:
    """The rules whose tables are all present."""
    there = set(present)
    return [rule for rule in rules if {rule.table, *rule.needs} <= there]


def ask(rules: Iterable[Rule], frames: Frames, of: Tables | None = None) -> Iterator[Answer]:
    """Ask every rule; row rules of one frame share a pass.

    Args:
        rules: the rules.
        frames: what they see.
        of: by table, the keys of the records that are counted; None: all that are seen.
    """
    by_frame: dict[str, list[Rule]] = {}
    for rule in rules:
        if rule.is_row_rule:
            by_frame.setdefault(rule.over or rule.table, []).append(rule)
        else:
            judged = _as_truths(rule.check(frames).collect().to_polars(), [VERDICT])  # type: ignore[operator]
            yield _answer(rule, judged, _counted(judged, rule.table, of), VERDICT)
    for name, group in by_frame.items():
        yield from _row_answers(frames[name], group, of)


def judge(rule: Rule, tables: Tables, released_on: dt.date, engine: Engine = "polars") -> pl.DataFrame:
    """One rule over the tables: the judged records' key columns, `verdict`, and what the message needs."""
    frames = Frames(tables, released_on, engine)
    if rule.is_row_rule:
        lazy = frames[rule.over or rule.table].with_columns(rule.check.alias(VERDICT))  # type: ignore[union-attr]
    else:
        lazy = rule.check(frames)  # type: ignore[operator]
    return lazy.collect().to_polars()


def record_of(rule: Rule, row: Mapping[str, Any]) -> str:
    """The key of a judged row, as findings write it."""
    return "|".join(str(row[column]) for column in key(rule.table))


def pointed(rule: Rule, row: Mapping[str, Any]) -> tuple[str, ...]:
    """The columns at which a finding points: the one that the row names (`spot`), then those of the rule."""
    spot = row.get("spot")
    if spot == "":
        return ()  # the record itself
    return (str(spot), *rule.fields) if spot else rule.fields


def told(rule: Rule, row: Mapping[str, Any]) -> tuple[str, str]:
    """The message and the hint of a rule for a row that failed it."""
    values = _Shown(row)
    return rule.message.format_map(values), rule.hint.format_map(values)


class _Shown(dict[str, Any]):
    """A row as messages show it, looked up as they name it: of many columns a message names few."""

    def __getitem__(self, name: str) -> Any:
        value = super().__getitem__(name)
        return "empty" if value is None else value
