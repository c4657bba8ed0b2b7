"""Rows that are alike: eight bytes a row for each set of columns, sorted once; in memory while they fit, else in files.

A key of whole numbers is its own eight bytes; another is hashed, and the rows that share a hash are compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from conflictdata.validation.scan.base import PART, ROW, DuplicateKey
from conflictdata.validation.scan.row_groups import collect_streaming

if TYPE_CHECKING:
    from conflictdata.validation.plan import Plan
    from conflictdata.validation.scan.files import Part
    from conflictdata.validation.scan.polars import PolarsEngine

CODE = "code:"  # the eight bytes of a row
BYTES_PER_CODE = 32  # bytes of memory for a code while codes are compared: its eight, two copies, and flags
MEMORY_SHARE = 4  # of the memory that may be used, a quarter is for codes; the rest is the engine's
_OTHERS = 100  # codes to one that is not larger than all before it: a table in order of its key, but for a few rows
_FILES = 64  # that codes are spread over where they do not fit
_NO_CODE = 1 << 63  # the code of a key with an empty cell
_HASH_MULTIPLIER = 0x9E3779B97F4A7C15  # the upper bits of a product with an odd number spread neighbours


class RowCodes:
    """The codes of all rows, in order, and which of them are equal.

    Args:
        name: of the files for what does not fit.
        memory: bytes that may be used; None: as many as are needed.
        work: the folder for these files.

    Attributes:
        empty: how many rows have no code, once `twice` was asked.
    """

    def __init__(self, name: str, memory: int | None, work: Path | None) -> None:
        self._name = name
        self._most = memory // MEMORY_SHARE // BYTES_PER_CODE if memory and work else None
        self._work = work
        self._held: list[pl.Series] = []
        self._starts: list[tuple[int, int]] = []  # the number of each file's first row among all, and its part
        self._dropped: list[tuple[int, int]] = []  # numbers of rows that are forgotten: first, end
        self._count = 0
        self._spilled = 0  # the rows before this one lie in files
        self.empty = 0

    def forget(self, part: Part) -> None:
        """Forget the rows of a file, the last one, which is read again."""
        if self._starts and self._starts[-1][1] == part.number:
            first, _ = self._starts.pop()
            self._dropped.append((first, self._count))

    def add(self, part: Part, codes: pl.Series) -> None:
        """Remember the codes of some rows, which come in order."""
        if not self._starts or self._starts[-1][1] != part.number:
            self._starts.append((self._count, part.number))
        self._held.append(codes)
        self._count += len(codes)
        if self._most and self._count - self._spilled > self._most:
            self._spill()

    def _spill(self) -> None:
        """Move the codes that are held into files, each with its number; equal ones into the same file."""
        import numpy as np

        first = self._spilled
        for codes in (held.to_numpy() for held in self._held):
            spread = (codes * np.uint64(_HASH_MULTIPLIER)) >> np.uint64(58)
            bucket = spread.astype(np.uint8)  # which numpy sorts by digits, not by comparing
            order = np.argsort(bucket, kind="stable")
            numbered = np.stack([codes[order], (order + first).astype(np.uint64)], axis=1)
            ends = np.cumsum(np.bincount(bucket, minlength=_FILES))
            for number, some in enumerate(np.split(numbered, ends[:-1])):
                with self._get_file(number).open("ab") as file:
                    some.tofile(file)
            first += len(codes)
        self._held, self._spilled = [], first

    def _get_file(self, number: int) -> Path:
        assert self._work is not None
        return self._work / f"{self._name}-{number}"

    def _iterate_groups(self) -> Iterator[tuple[pl.Series, pl.Series]]:
        """Codes and their numbers, in groups such that equal codes are in one."""
        if not self._spilled:
            self._held = [pl.concat(self._held, rechunk=True)]
            yield self._held[0], pl.arange(self._count, dtype=pl.UInt64, eager=True)
            return
        import numpy as np

        self._spill()
        for number in range(_FILES):
            numbered = np.fromfile(self._get_file(number), dtype=np.uint64).reshape(-1, 2)
            yield pl.Series(np.ascontiguousarray(numbered[:, 0])), pl.Series(np.ascontiguousarray(numbered[:, 1]))

    def find_duplicate_codes(self) -> pl.DataFrame:
        """Find the rows whose code is that of another one: `PART`, `ROW`, `CODE`."""
        found = [_find_duplicates(codes, numbers) for codes, numbers in self._iterate_kept()] if self._starts else []
        rows = pl.concat(found) if found else pl.DataFrame(schema={CODE: pl.UInt64, ROW: pl.UInt64})
        numbers = rows[ROW].cast(pl.Int64)
        starts = pl.Series([first for first, _ in self._starts], dtype=pl.Int64)
        file = starts.search_sorted(numbers, side="right").cast(pl.Int64) - 1
        part = pl.Series([part for _, part in self._starts], dtype=pl.Int64)[file]
        return pl.DataFrame({PART: part, ROW: numbers - starts[file], CODE: rows[CODE]})

    def _iterate_kept(self) -> Iterator[tuple[pl.Series, pl.Series]]:
        """The groups without the rows that are forgotten, and without those that have no code, which are counted."""
        self.empty = 0
        for all_codes, all_numbers in self._iterate_groups():
            kept = self._select_remembered(all_numbers)
            codes, numbers = (
                (all_codes, all_numbers) if kept is None else (all_codes.filter(kept), all_numbers.filter(kept))
            )
            named = codes != _NO_CODE
            self.empty += len(codes) - int(named.sum())
            yield (codes, numbers) if named.all() else (codes.filter(named), numbers.filter(named))

    def _select_remembered(self, numbers: pl.Series) -> pl.Series | None:
        """Which of the rows are not forgotten; None where none is."""
        kept = None
        for first, end in self._dropped:
            outside = (numbers < first) | (numbers >= end)
            kept = outside if kept is None else kept & outside
        return kept


def _find_duplicates(codes: pl.Series, numbers: pl.Series) -> pl.DataFrame:
    """Of some codes and their numbers those that are not alone."""
    at = _find_in_nearly_sorted(codes)
    if at is None:
        ordered = codes.sort()
        again = ordered.filter((ordered == ordered.shift(1)).fill_null(value=False)).unique()
        at = codes.is_in(again.implode()).arg_true()
    return pl.DataFrame({CODE: codes[at], ROW: numbers[at]})


def _find_in_nearly_sorted(codes: pl.Series) -> pl.Series | None:
    """Where the codes stand that are not alone, if nearly all are larger than any before them; else None.

    Those that are larger are all different, so that only a few others have to be looked for among them.
    """
    most = codes.cum_max()
    others = (codes <= most.shift(1)).fill_null(value=False).arg_true()
    if len(others) > len(codes) // _OTHERS:
        return None
    # Where the largest so far became as large as one of the others, the same code remains, or none does.
    values = codes[others]
    first = most.search_sorted(values, side="left")
    at = pl.concat([others, first.filter(most[first] == values)]).unique().sort()
    return at.filter(codes[at].is_duplicated())


def hash_keys(rows: pl.DataFrame, plan: Plan) -> pl.Series:
    """Return a code for each key."""
    keys = rows.select(plan.key)
    if is_whole(plan):
        return keys.to_series().fill_null(-_NO_CODE).reinterpret(signed=False)
    empty = keys.select(pl.any_horizontal(pl.all().is_null())).to_series()
    codes = keys.hash_rows(seed=7)
    return codes.set(empty, _NO_CODE) if empty.any() else codes


def hash_rows(rows: pl.DataFrame, columns: Sequence[str]) -> pl.Series:
    """Return a code for what each row has in some columns; a column that is not there is empty."""
    nothing = pl.lit(None, pl.String)
    return rows.select(pl.col(c) if c in rows.columns else nothing.alias(c) for c in columns).hash_rows(seed=7)


def find_duplicate_keys(
    codes: RowCodes, parts: Sequence[Part], plan: Plan, engine: PolarsEngine
) -> Iterator[DuplicateKey]:
    """Yield the rows whose key is in an earlier row, in order."""
    rows = codes.find_duplicate_codes()
    if is_whole(plan):
        candidates = rows.select(PART, ROW, pl.col(CODE).reinterpret(signed=True).alias(plan.key[0]))
    else:
        candidates = _look_up_keys(engine, parts, plan, rows)
    yield from select_later(candidates, plan)


def is_whole(plan: Plan) -> bool:
    """Return whether the key is one column of whole numbers."""
    return [c.kind for c in plan.columns if c.column in plan.key] == ["count"]


def select_later(candidates: pl.DataFrame, plan: Plan) -> Iterator[DuplicateKey]:
    """Return, of rows with `PART`, `ROW` and their keys in any order, those whose key is in an earlier one, in order."""
    first = [pl.col(name).first().over(plan.key).alias(f"first {name}") for name in (PART, ROW)]
    ordered = candidates.sort(PART, ROW).with_columns(pl.len().over(plan.key).alias("times"), *first)
    others = ordered.filter((pl.col(PART) != pl.col(f"first {PART}")) | (pl.col(ROW) != pl.col(f"first {ROW}")))
    columns = others.select(*plan.key, "times", f"first {PART}", f"first {ROW}", PART, ROW)
    for *key, times, first_part, first_row, part, row in columns.iter_rows():
        yield DuplicateKey(tuple(key), times, (first_part, first_row), (part, row))


def _look_up_keys(engine: PolarsEngine, parts: Sequence[Part], plan: Plan, places: pl.DataFrame) -> pl.DataFrame:
    """The keys of some rows."""
    found = [pl.DataFrame(schema={PART: pl.Int64, ROW: pl.Int64, **dict.fromkeys(plan.key, pl.String)})]
    for part in parts:
        rows = places.filter(pl.col(PART) == part.number)[ROW]
        if len(rows):
            frame: Any = engine.scan_rows(part, plan.restrict_to(part.all_columns)).to_native()
            frame = frame.select(pl.lit(part.number, pl.Int64).alias(PART), ROW, *plan.key)
            found.append(collect_streaming(frame.filter(pl.col(ROW).is_in(rows.implode()))))
    return pl.concat(found[1:] or found)
