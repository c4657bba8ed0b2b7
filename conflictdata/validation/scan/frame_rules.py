"""Rules that look at several rows of a big table: asked lazily, and only what failed comes into memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import narwhals.stable.v1 as nw
import polars as pl

from conflictdata.findings import Tally
from conflictdata.rules.base import TIMES, VERDICT, Rule
from conflictdata.validation.evaluate import explain_rows
from conflictdata.validation.plan import Plan
from conflictdata.validation.scan.base import PART, ROW, ScanEngine, name_raw_column
from conflictdata.validation.scan.files import Part
from conflictdata.validation.scan.verdicts import list_rows

_KEYS_PER_LOOKUP = 10_000  # keys whose rows are looked up at once
_IN_MEMORY = 200_000  # rows that are held at once


@dataclass(frozen=True)
class FrameRuleResult:
    """What a rule said: its tally, and the records that failed, with `PART` and `ROW`."""

    tally: Tally
    failed: pl.DataFrame
    rule: Rule
    frames: Mapping[str, nw.LazyFrame[Any]]

    def iterate_rows(self, most: int | None) -> Iterator[dict[str, Any]]:
        """Yield the rows that failed, in order, as the message needs them; the first `most` of them."""
        if not self.failed.height:
            return
        rows = list_rows(self.failed.sort(PART, ROW).head(most or self.failed.height))
        yield from explain_rows(self.rule, rows, self.frames)


def combine_files(engine: ScanEngine, parts: Sequence[Part], plan: Plan, starts: Sequence[int]) -> nw.LazyFrame[Any]:
    """Return all files as one lazy frame of typed rows. `ROW` counts on from file to file.

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
        rows = engine.scan_rows(part, plan.restrict_to(part.all_columns)).with_columns(nw.col(ROW) + start)
        each.append((rows, rows.collect_schema()))
    names = [ROW, *(n for c in plan.columns for n in (c.column, name_raw_column(c.column)))]
    types = {n: schema[n] for _, schema in each for n in schema}
    full = [
        rows.select(*(nw.col(n) if n in schema else nw.lit(None, types[n]).alias(n) for n in names if n in types))
        for rows, schema in each
    ]
    return full[0] if len(full) == 1 else nw.concat(full)


def evaluate_frame_rule(
    rule: Rule, engine: ScanEngine, parts: Sequence[Part], plan: Plan, starts: Sequence[int], total: int
) -> FrameRuleResult:
    """Ask a rule that is a function of the frames.

    Args:
        rule: the rule.
        engine: what it runs on.
        parts: the files.
        plan: what they hold.
        starts: the rows before each file.
        total: the rows of all files.
    """
    frame, skipped = combine_files(engine, parts, plan, starts), 0
    if rule.key_columns:
        rows = _number_across_files(engine.find_near_duplicates(parts, plan, rule.key_columns), parts, starts)
        frame, skipped = _select_rows(frame, rows, rule, engine, plan), total - rows.height
    frames = {name: engine.wrap_frame(other) for name, other in plan.frames.items()} | {plan.table: frame}
    if (
        rule.group_check is not None
        and not (tally := _count_verdicts(rule.group_check(frames), engine, nw.col(TIMES))).invalid
    ):
        return FrameRuleResult(tally, pl.DataFrame(), rule, frames)
    judged = rule.check(frames)  # type: ignore[operator]
    tally = _count_verdicts(judged, engine, nw.lit(1))
    tally.valid += skipped
    failed = engine.collect_frame(judged.filter(~nw.col(VERDICT))) if tally.invalid else pl.DataFrame()
    if tally.invalid and ROW not in failed.columns:
        failed = _add_row_numbers(failed, engine, frame, plan)
    failed = _assign_parts(failed, parts, starts) if tally.invalid else failed
    return FrameRuleResult(tally, failed, rule, frames)


def _count_verdicts(judged: nw.LazyFrame[Any], engine: ScanEngine, times: nw.Expr) -> Tally:
    """How often each verdict fell, where each counts so many times."""
    verdict, each = nw.col(VERDICT), times.cast(nw.Int64)
    sides = {"valid": verdict, "invalid": ~verdict, "unknown": verdict.is_null()}
    counted = judged.select(**{name: nw.when(side).then(each) for name, side in sides.items()})
    sums = engine.collect_frame(counted.select(*(nw.col(name).sum() for name in sides)))
    return Tally(*(int(n or 0) for n in sums.row(0)))


def _add_row_numbers(failed: pl.DataFrame, engine: ScanEngine, frame: nw.LazyFrame[Any], plan: Plan) -> pl.DataFrame:
    """The records with their rows: the first, if a key occurs twice."""
    key = plan.key[0]
    found = []
    for block in failed.iter_slices(_KEYS_PER_LOOKUP):
        named = frame.filter(nw.col(key).is_in(block[key].to_list())).select(ROW, *plan.key)
        places = engine.collect_frame(named).sort(ROW).unique(list(plan.key), keep="first", maintain_order=True)
        found.append(block.join(places, on=list(plan.key), how="inner"))
    return pl.concat(found)


def _select_rows(
    frame: nw.LazyFrame[Any], rows: pl.DataFrame, rule: Rule, engine: ScanEngine, plan: Plan
) -> nw.LazyFrame[Any]:
    """Some rows of a frame with the columns that a rule needs, in memory where they are few."""
    named = {c for name in (*plan.key, *rule.fields, *rule.key_columns) for c in (name, name_raw_column(name))}
    columns = [name for name in frame.collect_schema().names() if name in named]
    some = frame.select(ROW, *columns)
    if rows.height > _IN_MEMORY:
        return some.join(engine.wrap_frame(rows), on=ROW, how="semi")
    if some.implementation.is_polars():  # which reads the other columns of these rows alone, as it does for no join
        found = some.filter(nw.col(ROW).is_in(rows[ROW].to_list()))
    else:
        found = some.join(engine.wrap_frame(rows), on=ROW, how="semi")
    return engine.wrap_frame(engine.collect_frame(found))


def _number_across_files(rows: pl.DataFrame, parts: Sequence[Part], starts: Sequence[int]) -> pl.DataFrame:
    """The rows (`ROW`) as they are counted from file to file."""
    numbers = pl.DataFrame(
        {PART: [part.number for part in parts], "start": starts}, schema={PART: pl.Int64, "start": pl.Int64}
    )
    return rows.join(numbers, on=PART).select((pl.col(ROW) + pl.col("start")).alias(ROW))


def _assign_parts(failed: pl.DataFrame, parts: Sequence[Part], starts: Sequence[int]) -> pl.DataFrame:
    """The rows with the file that each is of, and its row there."""
    at = pl.Series(starts).search_sorted(failed[ROW], side="right").cast(pl.Int64) - 1
    numbers = pl.Series(PART, [part.number for part in parts], dtype=pl.Int64)[at]
    return failed.with_columns(numbers, failed[ROW] - pl.Series(starts, dtype=pl.Int64)[at])


def count_filled(engine: ScanEngine, part: Part, plan: Plan, column: str) -> int:
    """Count the filled cells of a column."""
    rows = engine.scan_rows(part, plan.restrict_to(part.all_columns))
    return int(engine.collect_frame(rows.select(n=nw.col(column).count())).item())
