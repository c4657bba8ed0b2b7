"""Keys that stand twice: eight bytes a row, sorted once; in memory while they fit, else in files.

A key of whole numbers is its own eight bytes; another is hashed, and the rows that share a hash are compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from conflictdata.engines.base import PART, ROW, Repeated

if TYPE_CHECKING:
    from conflictdata.engines.plan import Plan
    from conflictdata.engines.polars import PolarsEngine
    from conflictdata.engines.source import Part

_EACH = 32  # bytes of memory for a key while keys are compared: its eight, two copies, and flags
_FILES = 64  # that keys are spread over where they do not fit
_NONE = 1 << 63  # the code of a key with an empty cell
_SPREAD = 0x9E3779B97F4A7C15  # the upper bits of a product with an odd number spread neighbours


class Seen:
    """The keys of all rows seen so far.

    Args:
        memory: bytes that may be used; None: as many as are needed.
        work: the folder for what does not fit.
    """

    def __init__(self, memory: int | None, work: Path | None) -> None:
        self._most = memory // _EACH if memory and work else None
        self._work = work
        self._held: list[pl.Series] = []
        self._starts: list[tuple[int, int]] = []  # the number of each file's first key among all, and its part
        self._dropped: list[tuple[int, int]] = []  # numbers of keys that are forgotten: first, end
        self._count = 0
        self._spilled = 0  # the keys before this one lie in files
        self.empty = 0  # rows with an empty cell in their key

    def forget(self, part: Part) -> None:
        """Forget the rows of a file, the last one, which is read anew."""
        if self._starts and self._starts[-1][1] == part.number:
            first, _ = self._starts.pop()
            self._dropped.append((first, self._count))

    def add(self, part: Part, plan: Plan, batch: pl.DataFrame) -> None:
        """Remember the keys of some rows, which come in order."""
        if not plan.key:
            return
        if not self._starts or self._starts[-1][1] != part.number:
            self._starts.append((self._count, part.number))
        self._held.append(_codes(batch, plan))
        self._count += batch.height
        if self._most and self._count - self._spilled > self._most:
            self._spill()

    def _spill(self) -> None:
        """Move the keys that are held into files, each with its number; equal ones into the same file."""
        import numpy as np

        first = self._spilled
        for codes in (held.to_numpy() for held in self._held):
            keyed = np.stack([codes, np.arange(first, first + len(codes), dtype=np.uint64)], axis=1)
            bucket = (codes * np.uint64(_SPREAD)) >> np.uint64(58)
            keyed = keyed[np.argsort(bucket, kind="stable")]
            ends = np.cumsum(np.bincount(bucket.astype(np.int64), minlength=_FILES))
            for number, some in enumerate(np.split(keyed, ends[:-1])):
                with self._file(number).open("ab") as file:
                    some.tofile(file)
            first += len(codes)
        self._held, self._spilled = [], first

    def _file(self, number: int) -> Path:
        assert self._work is not None
        return self._work / f"keys-{number}"

    def _groups(self) -> Iterator[tuple[pl.Series, pl.Series]]:
        """Keys and their numbers, in groups such that equal keys are in one."""
        if not self._spilled:
            self._held = [pl.concat(self._held, rechunk=True)]
            yield self._held[0], pl.arange(self._count, dtype=pl.UInt64, eager=True)
            return
        import numpy as np

        self._spill()
        for number in range(_FILES):
            keyed = np.fromfile(self._file(number), dtype=np.uint64).reshape(-1, 2)
            yield pl.Series(np.ascontiguousarray(keyed[:, 0])), pl.Series(np.ascontiguousarray(keyed[:, 1]))

    def repeated(self, parts: Sequence[Part], plan: Plan, engine: PolarsEngine) -> Iterator[Repeated]:
        """The rows whose key stands in an earlier row, in order."""
        if not self._starts:
            return
        rows = pl.concat([self._twice(codes, numbers) for codes, numbers in self._groups()])
        starts = pl.Series([first for first, _ in self._starts], dtype=pl.Int64)
        file = starts.search_sorted(rows["number"], side="right").cast(pl.Int64) - 1
        places = pl.DataFrame(
            {
                PART: pl.Series([part for _, part in self._starts], dtype=pl.Int64)[file],
                ROW: rows["number"] - starts[file],
            }
        )
        if is_whole(plan):
            candidates = places.with_columns(rows["code"].reinterpret(signed=True).alias(plan.key[0]))
        else:
            candidates = _looked_up(engine, parts, plan, places)
        yield from later(candidates, plan)

    def _twice(self, codes: pl.Series, numbers: pl.Series) -> pl.DataFrame:
        """Of some keys and their numbers those that are not alone."""
        for first, end in self._dropped:
            kept = (numbers < first) | (numbers >= end)
            codes, numbers = codes.filter(kept), numbers.filter(kept)
        self.empty += int((codes == _NONE).sum())
        ordered = codes if codes.is_sorted() else codes.sort()
        twice = ordered.filter((ordered == ordered.shift(1)).fill_null(value=False)).unique()
        at = codes.is_in(twice.filter(twice != _NONE).implode())
        return pl.DataFrame({"code": codes.filter(at), "number": numbers.filter(at).cast(pl.Int64)})


def is_whole(plan: Plan) -> bool:
    """Whether the key is one column of whole numbers."""
    return [c.kind for c in plan.columns if c.column in plan.key] == ["count"]


def later(candidates: pl.DataFrame, plan: Plan) -> Iterator[Repeated]:
    """Of rows with `PART`, `ROW` and their keys, in any order, those whose key stands in an earlier one, in order."""
    first = [pl.col(name).first().over(plan.key).alias(f"first {name}") for name in (PART, ROW)]
    ordered = candidates.sort(PART, ROW).with_columns(pl.len().over(plan.key).alias("times"), *first)
    others = ordered.filter((pl.col(PART) != pl.col(f"first {PART}")) | (pl.col(ROW) != pl.col(f"first {ROW}")))
    columns = others.select(*plan.key, "times", f"first {PART}", f"first {ROW}", PART, ROW)
    for *key, times, first_part, first_row, part, row in columns.iter_rows():
        yield Repeated(tuple(key), times, (first_part, first_row), (part, row))


def _codes(rows: pl.DataFrame, plan: Plan) -> pl.Series:
    """Eight bytes for each key."""
    keys = rows.select(plan.key)
    if is_whole(plan):
        return keys.to_series().fill_null(-_NONE).reinterpret(signed=False)
    empty = keys.select(pl.any_horizontal(pl.all().is_null())).to_series()
    codes = keys.hash_rows(seed=7)
    return codes.set(empty, _NONE) if empty.any() else codes


def _looked_up(engine: PolarsEngine, parts: Sequence[Part], plan: Plan, places: pl.DataFrame) -> pl.DataFrame:
    """The keys of some rows."""
    found = [pl.DataFrame(schema={PART: pl.Int64, ROW: pl.Int64, **dict.fromkeys(plan.key, pl.String)})]
    for part in parts:
        rows = places.filter(pl.col(PART) == part.number)[ROW]
        if len(rows):
            frame: Any = engine.rows(part, plan.seen(part.all_columns)).to_native()
            frame = frame.select(pl.lit(part.number, pl.Int64).alias(PART), ROW, *plan.key)
            found.append(frame.filter(pl.col(ROW).is_in(rows.implode())).collect(engine="streaming"))
    return pl.concat(found[1:] or found)
