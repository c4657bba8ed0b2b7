"""Files as frames of Spark: all parts that are alike are one frame, and each row knows its file and its number there.

Parquet: Spark numbers the rows of a file (`_metadata.row_index`). CSV: it does not, and is asked for the lines as text. It
reads a file in splits of `SPLIT` bytes, each a task of its own, in which lines are counted by `monotonically_increasing_id`;
a line that begins in a split belongs to it. So a line is known by its split and its number there, whatever worker reads it,
and its number in the file by the lines that the splits before it have. A file with quotes does not go by lines: polars
reads it here, and Spark gets a Parquet copy.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import polars as pl
from pyspark.sql import functions as F  # noqa: N812 - its usual name

from conflictdata.findings import UsageError
from conflictdata.validation.plan import Plan
from conflictdata.validation.scan import csv_structure
from conflictdata.validation.scan.base import PART, ROW, ReadError
from conflictdata.validation.scan.files import Part
from conflictdata.validation.scan.spark.cells import build_columns, get_column

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame, SparkSession

SPLIT = 32 * 2**20  # bytes of a CSV that one task reads
BLOCK = "block:"  # the number of the split of a line
EXTRA = "extra:"  # true for a line with more cells than the header
SHORT = "short:"  # true for a line with fewer, with none that is filled, or with bytes that are not UTF-8
_FILE = "file:"
_CELLS = "cells:"
_LINE = "line:"
_IN_TASK = (1 << 33) - 1  # the bits of an id of Spark's that count in a task


@dataclass(frozen=True)
class FileKind:
    """What parts must have in common to be one frame."""

    columns: tuple[str, ...]
    original_names: tuple[str, ...]
    types: tuple[tuple[str, str], ...]
    constants: tuple[str, ...]
    skipped: int
    is_text: frozenset[str]
    has_raw: bool


def derive_kind(part: Part) -> FileKind:
    """Return what a part has in common with those that are read with it."""
    types = tuple((column, repr(dtype)) for column, dtype in part.types.items())
    return FileKind(
        part.columns, part.original_names, types, tuple(part.constants), part.skipped, part.is_text, part.has_raw
    )


class SparkFiles:
    """The files of a table on Spark.

    Args:
        session: the session that reads them.
        work: the folder for copies.
        split: bytes of a CSV that one task reads.
    """

    def __init__(self, session: SparkSession, work: Path, split: int = SPLIT) -> None:
        self._session, self._work, self._split = session, work, split
        # Lines are read by a session of their own, in which no task gets two splits and the size of one does not follow
        # from the number of workers, of which one may die.
        self._lines = session.newSession()
        for setting, value in session.conf.getAll.items():
            if setting.startswith("spark.sql.") and self._lines.conf.isModifiable(setting):
                self._lines.conf.set(setting, value)
        for setting in ("maxPartitionBytes", "openCostInBytes"):
            self._lines.conf.set(f"spark.sql.files.{setting}", str(split))
        self._lines.conf.set("spark.sql.files.minPartitionNum", "1")
        self._lines.conf.set("spark.sql.files.maxPartitionNum", str(2**31 - 1))
        self._copies: dict[Path, Part] = {}
        self._before: dict[Path, list[int]] = {}  # the lines before each split of a CSV

    def group_parts(self, parts: Sequence[Part]) -> Iterator[list[Part]]:
        """Yield the parts as they are read, those that are alike together, in order."""
        yield from (list(group) for _, group in groupby(map(self.prepare, parts), derive_kind))

    def prepare(self, part: Part) -> Part:
        """Prepare a part to be read: a Parquet copy of a CSV with quotes, which may run over lines."""
        if not part.is_csv or not csv_structure.has_quotes(part.path):
            return part
        if part.path not in self._copies:
            self._copies[part.path] = self._write_copy(part)
        return self._copies[part.path]

    def _write_copy(self, part: Part) -> Part:
        import pyarrow as pa
        import pyarrow.parquet as pq

        target = self._work / f"{part.number}-{len(self._copies)}-rows.parquet"
        schema = pa.schema([(column, pa.large_string()) for column in part.columns])
        try:
            with pq.ParquetWriter(target, schema, compression="lz4") as writer:
                for batch in _iterate_texts(part):
                    writer.write_table(batch.to_arrow(compat_level=pl.CompatLevel.oldest()).cast(schema))
        except pl.exceptions.PolarsError as fault:
            raise ReadError(str(fault).splitlines()[0]) from fault
        types: dict[str, Any] = dict.fromkeys(part.columns, pl.String())
        return replace(part, path=target, types=types, original_names=part.columns, skipped=0)

    def read_frame(self, parts: Sequence[Part], plan: Plan, *, placed: bool = True) -> DataFrame:
        """Parts that are alike as one frame: `PART`, `ROW`, the columns in their types, and their texts.

        Args:
            parts: one of the groups.
            plan: what they hold.
            placed: whether `ROW` is the number in the file. Without, it is the number in the split for a CSV, which has
                `BLOCK`, `EXTRA` and `SHORT` too: so it can be asked before the lines of the splits are counted.
        """
        if dotted := [c.column for c in plan.columns if "." in c.column]:
            raise UsageError(f"the engine spark cannot read the column {dotted[0]!r}, whose name has a dot")
        first = parts[0]
        cells = [column for c in plan.columns for column in build_columns(c, first)]
        if not first.is_csv:
            return self._read_parquet(parts).select(get_column(PART), get_column(ROW), *cells)
        lines = self._read_csv(parts)
        if placed:
            return lines.select(get_column(PART), self._build_row_column(parts), *cells)
        return lines.select(
            get_column(PART), get_column(ROW), get_column(BLOCK), get_column(EXTRA), get_column(SHORT), *cells
        )

    def _read_parquet(self, parts: Sequence[Part]) -> DataFrame:
        first = parts[0]
        rows = self._session.read.parquet(*(_format_uri(part.path) for part in parts))
        renamed = [get_column(old).alias(new) for old, new in zip(first.original_names, first.columns, strict=True)]
        at = [F.col("_metadata.row_index").alias(ROW), F.col("_metadata.file_path").alias(_FILE)]
        return self._add_part_numbers(rows.select(*at, *renamed), parts)

    def _add_part_numbers(self, rows: DataFrame, parts: Sequence[Part]) -> DataFrame:
        """The rows with `PART` and what the folders say, for the file that each is of."""
        first = parts[0]
        names = [constant for constant in first.constants if constant not in first.columns]
        if len(parts) == 1:
            constants = {constant: F.lit(first.constants[constant]) for constant in names}
            return rows.withColumns({PART: F.lit(first.number).cast("bigint"), **constants}).drop(_FILE)
        known = {unquote(urlsplit(uri).path): urlsplit(uri).path for uri in rows.inputFiles()}
        uris = [known[str(part.path.absolute())] for part in parts]
        table = pl.DataFrame(
            {_FILE: uris, PART: [part.number for part in parts]}
            | {constant: [part.constants[constant] for part in parts] for constant in names}
        )
        # Spark writes one file in two ways.
        both = pl.concat(
            table.with_columns((pl.lit(slashes) + pl.col(_FILE)).alias(_FILE)) for slashes in ("file:", "file://")
        )
        return rows.join(F.broadcast(convert_to_spark(self._session, both)), on=_FILE, how="left")

    def _read_csv(self, parts: Sequence[Part]) -> DataFrame:
        """The lines behind the header, each with its cells, `ROW` being its number in its split."""
        first = parts[0]
        width = len(first.columns)
        lines = self._lines.read.text([_format_uri(part.path) for part in parts], lineSep="\n")
        at = F.monotonically_increasing_id().bitwiseAND(F.lit(_IN_TASK))
        block = F.floor(F.col("_metadata.file_block_start") / self._split).cast("int")
        rows = lines.select(
            at.alias(ROW), block.alias(BLOCK), F.col("_metadata.file_path").alias(_FILE),
            F.when(F.endswith("value", F.lit("\r")), F.expr("left(value, length(value) - 1)")).otherwise(F.col("value")).alias(_LINE),
        ).where((get_column(BLOCK) > 0) | (get_column(ROW) >= first.skipped))  # fmt: skip
        rows = rows.withColumn(_CELLS, F.split(get_column(_LINE), ",", -1))
        number = F.size(get_column(_CELLS))
        is_short = (number < width) | (F.octet_length(get_column(_LINE)) < width) | ~F.is_valid_utf8(get_column(_LINE))
        cells = {column: _clear_empty(F.get(get_column(_CELLS), F.lit(n))) for n, column in enumerate(first.columns)}
        marked = rows.select(
            get_column(ROW), get_column(BLOCK), get_column(_FILE), (number > width).alias(EXTRA), is_short.alias(SHORT),
            *(cell.alias(column) for column, cell in cells.items()),
        )  # fmt: skip
        return self._add_part_numbers(marked, parts)

    def record_line_counts(self, parts: Sequence[Part], lines: Mapping[tuple[int, int], tuple[int, int]]) -> None:
        """Remember how many rows the splits of CSV files have.

        Args:
            parts: the files.
            lines: by part and split, how many rows it has, and the number of the last.
        """
        for part in parts:
            blocks = sorted(block for number, block in lines if number == part.number)
            before = [-part.skipped]
            for block in range(blocks[-1] + 1 if blocks else 0):
                rows, last = lines.get((part.number, block), (0, -1))
                assert last + 1 == rows + (part.skipped if block == 0 else 0) or not rows, (
                    "a split has a task of its own"
                )
                before.append(max(before[-1], 0) + rows)
            self._before[part.path] = before

    def get_offsets(self, part: Part) -> list[int]:
        """Return what is added to a number in a split of a CSV to get the row in the file, by split."""
        return self._before[part.path]

    def _build_row_column(self, parts: Sequence[Part]) -> Column:
        """The row of a line in its file."""
        at = F.lit(None).cast("bigint")
        for part in parts:
            if part.path not in self._before:
                self._count_lines(part)
            before = F.array(*(F.lit(n).cast("bigint") for n in self._before[part.path]))
            at = F.when(get_column(PART) == part.number, F.get(before, get_column(BLOCK))).otherwise(at)
        return (at + get_column(ROW)).alias(ROW)

    def _count_lines(self, part: Part) -> None:
        """Count the lines of a file, which no verdict has counted."""
        rows = self._read_csv([part]).groupBy(get_column(BLOCK)).agg(F.count("*"), F.max(get_column(ROW)))
        self.record_line_counts([part], {(part.number, block): (n, last) for block, n, last in rows.collect()})


def _iterate_texts(part: Part) -> Iterator[pl.DataFrame]:
    """All columns of a CSV as polars reads them."""
    from conflictdata.validation.scan.polars import PolarsEngine

    scan = PolarsEngine().scan(part).select(part.columns)
    yield from scan.collect_batches(chunk_size=1 << 17, maintain_order=True, engine="streaming")


def _clear_empty(cell: Column) -> Column:
    """A cell; null where it is empty."""
    return F.when(cell != "", cell)


def _format_uri(path: Path) -> str:
    """A path as Spark takes it: of this file system, and no letter of it a pattern."""
    return "file://" + re.sub(r"([\[\]{}*?\\])", r"\\\1", str(path.absolute()))


def convert_to_spark(session: SparkSession, frame: pl.DataFrame) -> DataFrame:
    """Return a frame of polars on Spark, which has no unsigned numbers and no column without a type.

    It goes as an Arrow table: what Spark makes of a list is made by Python on the workers.
    """
    kinds: dict[Any, Any] = {
        name_: pl.Int64 if dtype.is_integer() else pl.String if dtype == pl.Null else dtype
        for name_, dtype in frame.schema.items()
    }
    table = frame.cast(kinds).to_arrow(compat_level=pl.CompatLevel.oldest())
    return session.createDataFrame(table)
