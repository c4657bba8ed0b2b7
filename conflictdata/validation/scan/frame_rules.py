"""Rules that look at several rows of a big table: asked lazily, and only what failed comes into memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import narwhals.stable.v1 as nw
import polars as pl

from conflictdata.findings import Tally
from conflictdata.rules.base import TIMES, VERDICT, Rule
from conflictdata.validation.plan import Plan
from conflictdata.validation.scan.base import PART, ROW, Engine, raw
from conflictdata.validation.scan.files import Part
from conflictdata.validation.scan.verdicts import rows_of

_NAMES = 10_000  # keys whose rows are looked up at once
_IN_MEMORY = 200_000  # rows that are held at once


@dataclass(frozen=True)
class Answer:
    """What a rule said: its tally, and the records that failed, with `PART` and `ROW`."""

    tally: Tally
    failed: pl.DataFrame
    rule: Rule
    frames: Mapping[str, nw.LazyFrame[Any]]

    def rows(self, most: int | None) -> Iterator[dict[str, Any]]:
        """The rows that failed, in order, as the message needs them; the first `most` of them."""
        if not self.failed.height:
            return
        rows = rows_of(self.failed.sort(PART, ROW).head(most or self.failed.height))
        if self.rule.explain is not None:
            rows = self.rule.explain(rows, self.frames)
        yield from rows


def whole(engine: Engine, parts: Sequence[Part], plan: Plan, starts: Sequence[int]) -> nw.LazyFrame[Any]:
    """All files as one lazy frame, typed, with `ROW` counted on from file to file.

    Args:
        engine: what reads them.
        parts: the files.
        plan: what they hold. A column that only some of them have is empty in the others.
        starts: the rows before each file.
    """
    if (together := getattr(engine, "together", None)) is not None:
        return cast("nw.LazyFrame[Any]", together(parts, plan, starts))
    each = []
    for part, start in zip(parts, starts, strict=True):
        rows = engine.rows(part, plan.seen(part.all_columns)).with_columns(nw.col(ROW) + start)
        each.append((rows, rows.collect_schema()))
    names = [ROW, *(n for c in plan.columns for n in (c.column, raw(c.column)))]
    types = {n: schema[n] for _, schema in each for n in schema}
    full = [
        rows.select(*(nw.col(n) if n in schema else nw.lit(None, types[n]).alias(n) for n in names if n in types))
        for rows, schema in each
    ]
    return full[0] if len(full) == 1 else nw.concat(full)


def ask(rule: Rule, engine: Engine, parts: Sequence[Part], plan: Plan, starts: Sequence[int], total: int) -> Answer:
    """Ask a rule that is a function of the frames.

    Args:
        rule: the rule.
        engine: what it runs on.
        parts: the files.
        plan: what they hold.
        starts: the rows before each file.
        total: the rows of all files.
    """
    frame, left_out = whole(engine, parts, plan, starts), 0
    if rule.alike:
        rows = _in_all(engine.alike(parts, plan, rule.alike), parts, starts)
        frame, left_out = _those(frame, rows, rule, engine, plan), total - rows.height
    frames = {name: engine.wrapped(other) for name, other in plan.frames.items()} | {plan.table: frame}
    if rule.grouped is not None and not (tally := _counted(rule.grouped(frames), engine, nw.col(TIMES))).invalid:
        return Answer(tally, pl.DataFrame(), rule, frames)
    judged = rule.check(frames)  # type: ignore[operator]
    tally = _counted(judged, engine, nw.lit(1))
    tally.valid += left_out
    failed = engine.collected(judged.filter(~nw.col(VERDICT))) if tally.invalid else pl.DataFrame()
    if tally.invalid and ROW not in failed.columns:
        failed = _placed(failed, engine, frame, plan)
    failed = _in_parts(failed, parts, starts) if tally.invalid else failed
    return Answer(tally, failed, rule, frames)


def _counted(judged: nw.LazyFrame[Any], engine: Engine, times: nw.Expr) -> Tally:
    """How often each verdict fell, where each counts so many times."""
    verdict, each = nw.col(VERDICT), times.cast(nw.Int64)
    sides = {"valid": verdict, "invalid": ~verdict, "unknown": verdict.is_null()}
    counted = judged.select(**{name: nw.when(side).then(each) for name, side in sides.items()})
    sums = engine.collected(counted.select(*(nw.col(name).sum() for name in sides)))
    return Tally(*(int(n or 0) for n in sums.row(0)))


def _placed(failed: pl.DataFrame, engine: Engine, frame: nw.LazyFrame[Any], plan: Plan) -> pl.DataFrame:
    """The records with the rows that they stand in: the first where a key stands twice."""
    key = plan.key[0]
    found = []
    for block in failed.iter_slices(_NAMES):
        named = frame.filter(nw.col(key).is_in(block[key].to_list())).select(ROW, *plan.key)
        places = engine.collected(named).sort(ROW).unique(list(plan.key), keep="first", maintain_order=True)
        found.append(block.join(places, on=list(plan.key), how="inner"))
    return pl.concat(found)


def _those(frame: nw.LazyFrame[Any], rows: pl.DataFrame, rule: Rule, engine: Engine, plan: Plan) -> nw.LazyFrame[Any]:
    """Some rows of a frame with the columns that a rule needs, in memory where they are few."""
    named = {c for name in (*plan.key, *rule.fields, *rule.alike) for c in (name, raw(name))}
    columns = [name for name in frame.collect_schema().names() if name in named]
    some = frame.select(ROW, *columns)
    if rows.height > _IN_MEMORY:
        return some.join(engine.wrapped(rows), on=ROW, how="semi")
    if some.implementation.is_polars():  # which reads the other columns of these rows alone, as it does for no join
        found = some.filter(nw.col(ROW).is_in(rows[ROW].to_list()))
    else:
        found = some.join(engine.wrapped(rows), on=ROW, how="semi")
    return engine.wrapped(engine.collected(found))


def _in_all(rows: pl.DataFrame, parts: Sequence[Part], starts: Sequence[int]) -> pl.DataFrame:
    """The rows (`ROW`) as they are counted from file to file."""
    numbers = pl.DataFrame(
        {PART: [part.number for part in parts], "start": starts}, schema={PART: pl.Int64, "start": pl.Int64}
    )
    return rows.join(numbers, on=PART).select((pl.col(ROW) + pl.col("start")).alias(ROW))


def _in_parts(failed: pl.DataFrame, parts: Sequence[Part], starts: Sequence[int]) -> pl.DataFrame:
    """The rows with the file that each is of, and its row there."""
    at = pl.Series(starts).search_sorted(failed[ROW], side="right").cast(pl.Int64) - 1
    numbers = pl.Series(PART, [part.number for part in parts], dtype=pl.Int64)[at]
    return failed.with_columns(numbers, failed[ROW] - pl.Series(starts, dtype=pl.Int64)[at])


def filled_cells(engine: Engine, part: Part, plan: Plan, column: str) -> int:
    """How many cells of a column are filled."""
    rows = engine.rows(part, plan.seen(part.all_columns))
    return int(engine.collected(rows.select(n=nw.col(column).count())).item())
