"""What Spark says of the rows of some files in one job: the counts, and the rows that failed.

Both come out of one look at the rows. They are grouped by file and, where a row fails, by the row itself: what is right is
one group, in which verdicts are counted, and each row that failed is a group of its own. Such a table of groups goes to disk
where it does not fit, is counted once however often a task is repeated, and is as small as what is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import polars as pl
from pyspark import StorageLevel
from pyspark.sql import functions as F  # noqa: N812 - its usual name
from pyspark.sql.types import DoubleType, FloatType

from conflictdata.validation.scan.base import BROKEN, FLAGGED, PART, ROW, Batch
from conflictdata.validation.scan.spark.cells import get_column
from conflictdata.validation.scan.spark.files import BLOCK, EXTRA, SHORT

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

_FAILED = "failed:"
_TOGETHER = 200_000  # rows that failed which come into memory at once
_ADDED_COLUMNS = (PART, BLOCK, EXTRA, SHORT, FLAGGED, BROKEN)


class EvaluatedRows:
    """The answer of one job for some files.

    Args:
        rows: the frame of `base.judged`, with `PART`.
        names: the columns of verdicts.
    """

    def __init__(self, rows: DataFrame, names: Sequence[str]) -> None:
        self._names = names
        self._is_csv = BLOCK in rows.columns
        self._keys = [PART, BLOCK] if self._is_csv else [PART]
        self._columns = [f for f in rows.schema.fields if f.name not in _ADDED_COLUMNS]
        self._floats = [f.name for f in self._columns if isinstance(f.dataType, (DoubleType, FloatType))]
        self._groups = self._group_rows(rows).persist(StorageLevel.MEMORY_AND_DISK)
        self._counts = self._count_groups()
        self._few: pl.DataFrame | None = None

    def _group_rows(self, rows: DataFrame) -> DataFrame:
        # A number that is a key loses the sign of a zero, so that it goes as text.
        cells = [
            (get_column(f.name).cast("string") if f.name in self._floats else get_column(f.name)).alias(f.name)
            for f in self._columns
        ]
        failed = F.when(get_column(FLAGGED), F.struct(*cells)).alias(_FAILED)
        return rows.groupBy(*map(get_column, self._keys), failed).agg(*self._make_counters())

    def _make_counters(self) -> Iterator[Column]:
        yield F.count("*").alias("rows")
        for number, verdict in enumerate(self._names):
            yield F.count_if(get_column(verdict)).alias(f"valid {number}")
            yield F.count(get_column(verdict)).alias(f"known {number}")
        if self._is_csv:
            yield F.count_if(get_column(EXTRA)).alias("extra")
            yield F.count_if(get_column(SHORT)).alias("short")
            yield F.max(get_column(ROW)).alias("last")

    def _count_groups(self) -> pl.DataFrame:
        numbers = [c for c in self._groups.columns if c not in (*self._keys, _FAILED, "last")]
        last = [F.max("last").alias("last")] if self._is_csv else []
        total = self._groups.groupBy(*map(get_column, self._keys)).agg(
            F.count(get_column(_FAILED)).alias("failed"), *(F.sum(get_column(n)).alias(n) for n in numbers), *last
        )
        counts = pl.DataFrame(pl.from_arrow(total.toArrow()))
        assert not counts[PART].has_nulls(), "each row is of a file that was asked for"
        return counts

    def count_lines(self) -> dict[tuple[int, int], tuple[int, int]]:
        """Count the rows of CSV files by part and split, with the number of the last."""
        return {(p, b): (n, last) for p, b, n, last in self._counts.select(PART, BLOCK, "rows", "last").iter_rows()}

    def iterate_batches(self, part: int, before: Sequence[int]) -> Iterator[Batch]:
        """Yield the rows of a file.

        Args:
            part: its number.
            before: what is added to the number of a row in its split, by split; nothing for a Parquet file.
        """
        counts = self._counts.filter(pl.col(PART) == part)
        sums = counts.select(pl.exclude(*self._keys, "last").sum()).row(0, named=True)
        valid = {verdict: sums[f"valid {n}"] for n, verdict in enumerate(self._names)}
        unknown = {verdict: sums["rows"] - sums[f"known {n}"] for n, verdict in enumerate(self._names)}
        pieces = self._iterate_failed(part, counts, before) if sums["failed"] else iter(())
        first = next(pieces, pl.DataFrame())
        yield Batch(sums["rows"], valid, unknown, first, sums.get("extra", 0), sums.get("short", 0))
        nothing = dict.fromkeys(self._names, 0)
        yield from (Batch(0, nothing, nothing, piece) for piece in pieces)

    def _iterate_failed(self, part: int, counts: pl.DataFrame, before: Sequence[int]) -> Iterator[pl.DataFrame]:
        """The rows of a file that failed, in order, in pieces that fit into memory."""
        if int(self._counts["failed"].sum()) <= _TOGETHER:
            if self._few is None:
                self._few = self._collect_failed(F.lit(True))
            in_part = self._few.filter(pl.col(PART) == part)
            yield self._restore_row_numbers(in_part, before)
            return
        for block in counts.filter(pl.col("failed") > 0).sort(self._keys).iter_rows(named=True):
            this = get_column(PART) == part
            this = this & (get_column(BLOCK) == block[BLOCK]) if self._is_csv else this
            row = get_column(_FAILED).getField(ROW)
            most = int(self._groups.where(this).select(F.max(row)).collect()[0][0])
            step = max(1, (most + 1) * _TOGETHER // block["failed"])
            for start in range(0, most + 1, step):
                piece = self._collect_failed(this & (row >= start) & (row < start + step))
                if piece.height:
                    yield self._restore_row_numbers(piece, before)

    def _collect_failed(self, which: Column) -> pl.DataFrame:
        keys = [get_column(key) for key in self._keys]
        found = self._groups.where(get_column(_FAILED).isNotNull() & which).select(*keys, get_column(_FAILED))
        frame = pl.DataFrame(pl.from_arrow(found.toArrow())).unnest(_FAILED)
        return frame.with_columns(pl.col(n).cast(self._get_type(n)) for n in self._floats)

    def _get_type(self, column: str) -> Any:
        field = next(f for f in self._columns if f.name == column)
        return pl.Float32 if isinstance(field.dataType, FloatType) else pl.Float64

    def _restore_row_numbers(self, rows: pl.DataFrame, before: Sequence[int]) -> pl.DataFrame:
        if self._is_csv:
            start = pl.Series(before, dtype=pl.Int64)[rows[BLOCK].cast(pl.Int64)]
            rows = rows.with_columns((rows[ROW] + start).alias(ROW))
        return rows.drop(*self._keys).sort(ROW)

    def drop(self) -> None:
        """Let Spark forget what was kept."""
        self._groups.unpersist()
