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
from conflictdata.schema.rules.base import VERDICT, Rule
from conflictdata.schema.views import views

Engine = Literal["polars", "pandas"]
Tables = Mapping[str, pl.DataFrame]


class Frames(Mapping[str, "nw.LazyFrame[Any]"]):
    """What rules see: the tables, the views of them and the release, as lazy frames of one engine.

    A view is computed once, when the first rule asks for it.
    """

    def __init__(self, tables: Tables, released_on: dt.date, engine: Engine = "polars") -> None:
        self._engine = engine
        release = pl.DataFrame({"released_on": [released_on]}, schema={"released_on": pl.Date})
        self._frames = {name: self._wrap(frame) for name, frame in {**tables, "release": release}.items()}
        self._views = views(self._frames)

    def _wrap(self, frame: pl.DataFrame) -> nw.LazyFrame[Any]:
        if self._engine == "polars":
            return nw.from_native(frame.lazy())
        import pandas as pd

        # Default pandas types turn missing counts into floats; Arrow types keep them.
        native = pd.DataFrame({c: pd.Series(pd.arrays.ArrowExtensionArray(frame[c].to_arrow())) for c in frame.columns})
        return nw.from_native(native).lazy()

    def __getitem__(self, name: str) -> nw.LazyFrame[Any]:
        if name not in self._frames:
            self._frames[name] = self._views[name].collect().lazy()
        return self._frames[name]

    def __iter__(self) -> Iterator[str]:
        return iter([*self._frames, *(v for v in self._views if v not in self._frames)])

    def __len__(self) -> int:
        return len(set(self._frames) | set(self._views))


@dataclass(frozen=True)
class Answer:
    """What one rule said: its tally, and the rows that failed with the columns its message needs."""

    rule: Rule
    tally: Tally
    failed: pl.DataFrame


def _answer(rule: Rule, judged: pl.DataFrame, verdict: str) -> Answer:
    # pandas gives a column of nothing but nulls the type Null, and whole numbers to some nullable truths.
    judged = judged.with_columns(pl.col(verdict).cast(pl.Boolean))
    column = judged[verdict]
    valid, invalid = int(column.sum()), int((~column).sum())
    tally = Tally(valid, invalid, len(column) - valid - invalid)
    return Answer(rule, tally, judged.filter(~pl.col(verdict)) if invalid else judged.clear())


def _row_answers(frame: nw.LazyFrame[Any], rules: list[Rule]) -> Iterator[Answer]:
    names = {rule.id: f"{VERDICT}:{rule.id}" for rule in rules}
    judged = frame.with_columns(*(rule.check.alias(names[rule.id]) for rule in rules))  # type: ignore[union-attr]
    native = judged.collect().to_polars()
    for rule in rules:
        yield _answer(rule, native, names[rule.id])


def askable(rules: Iterable[Rule], present: Iterable[str]) -> list[Rule]:
    """The rules whose tables are all present."""
    there = set(present)
    return [rule for rule in rules if {rule.table, *rule.needs} <= there]


def ask(rules: Iterable[Rule], frames: Frames) -> Iterator[Answer]:
    """Ask every rule; row rules of one frame share a pass."""
    by_frame: dict[str, list[Rule]] = {}
    for rule in rules:
        if rule.is_row_rule:
            by_frame.setdefault(rule.over or rule.table, []).append(rule)
        else:
            judged = rule.check(frames).collect().to_polars()  # type: ignore[operator]
            yield _answer(rule, judged, VERDICT)
    for name, group in by_frame.items():
        yield from _row_answers(frames[name], group)


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


def told(rule: Rule, row: Mapping[str, Any]) -> tuple[str, str]:
    """The message and the hint of a rule for a row that failed it."""
    values = {name: "nothing" if value is None else value for name, value in row.items()}
    return rule.message.format(**values), rule.hint.format(**values)
