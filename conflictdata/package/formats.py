"""One table as a CSV and a Parquet file, and back. The same table always gives the same bytes.

Both files are written in one pass over batches, so that a table of any length takes little memory.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from conflictdata.schema.physical import key, polars_schema
from conflictdata.schema.tableschema import arrow_schema

BATCH = 1 << 18  # rows of a batch, and of a row group


def ordered(table: str, frame: pl.DataFrame | pl.LazyFrame) -> pl.LazyFrame:
    """The columns of the model in its order, typed, and the rows in order of the key."""
    typed = frame.lazy().select(pl.col(name).cast(dtype) for name, dtype in polars_schema(table).items())
    return typed if _is_ordered(typed, key(table)) else typed.sort(*key(table))


def _is_ordered(frame: pl.LazyFrame, columns: tuple[str, ...]) -> bool:
    """Whether the rows are in order already: looking takes no memory, sorting takes all of it."""
    if len(columns) > 1:
        return False
    column = pl.col(columns[0])
    return bool(frame.select((column >= column.shift()).all()).collect(engine="streaming").item())


def batches(frame: pl.LazyFrame) -> Iterator[pl.DataFrame]:
    """The rows in batches of one size, in their order; one empty batch where there are none."""
    rest: list[pl.DataFrame] = []
    for piece in frame.collect_batches(maintain_order=True, chunk_size=BATCH, engine="streaming"):
        rest.append(piece)
        while sum(p.height for p in rest) >= BATCH:
            whole = pl.concat(rest)
            yield whole.head(BATCH)
            rest = [whole.slice(BATCH)]
    last = pl.concat(rest) if rest else frame.head(0).collect()
    if last.height or not rest:
        yield last


def write(table: str, frames: Iterable[pl.DataFrame], csv: Path, parquet: Path) -> int:
    """Write a table as CSV and as Parquet.

    Args:
        table: its name.
        frames: its batches, in order, of `BATCH` rows but for the last.
        csv: where the CSV goes.
        parquet: where the Parquet file goes.

    Returns:
        The number of rows.

    Raises:
        pyarrow.ArrowInvalid: a column that must be filled holds a missing cell.
    """
    rows = 0
    schema = arrow_schema(table)
    with (
        csv.open("wb") as text,
        pq.ParquetWriter(parquet, schema, compression="snappy") as binary,
        ThreadPoolExecutor(1) as other,
    ):
        for number, frame in enumerate(frames):
            # Two cores: one writes the text while the other packs the columns.
            packing = other.submit(binary.write_table, to_arrow(table, frame), BATCH)
            _write_csv(frame, text, heading=number == 0)
            packing.result()
            rows += frame.height
    return rows


def _plain(number: float) -> str:
    """A number without an exponent and without zeros that say nothing: 62, 35.13, 0.00001."""
    return f"{Decimal(repr(number + 0.0)).normalize():f}"  # -0.0 becomes 0


def _plainly(column: pl.Series) -> pl.Series:
    """A column of numbers as text; each number is written out once."""
    numbers = column.unique().drop_nulls()
    return column.replace_strict(
        numbers, pl.Series([_plain(n) for n in numbers], dtype=pl.String), default=None, return_dtype=pl.String
    )


def _write_csv(frame: pl.DataFrame, out: IO[bytes], *, heading: bool) -> None:
    r"""RFC 4180 with `\n`, UTF-8, ISO dates; an empty cell is missing."""
    numbers = [_plainly(frame[name]) for name, dtype in frame.schema.items() if dtype == pl.Float64]
    frame.with_columns(numbers).write_csv(
        out, include_header=heading, line_terminator="\n", date_format="%Y-%m-%d", null_value=""
    )


def csv_bytes(frame: pl.DataFrame) -> bytes:
    """A table as CSV."""
    out = io.BytesIO()
    _write_csv(frame, out, heading=True)
    return out.getvalue()


def to_arrow(table: str, frame: pl.DataFrame) -> pa.Table:
    """The table in the Arrow types of its schema, descriptions included.

    Raises:
        pyarrow.ArrowInvalid: a column that must be filled holds a missing cell.
    """
    schema = arrow_schema(table)
    arrow = frame.to_arrow()
    return pa.table([arrow[field.name].cast(field.type) for field in schema], schema=schema)


def read_csv(types: Mapping[str, Any], path: Path) -> pl.DataFrame:
    """A published CSV, typed.

    Args:
        types: the polars type of each column.
        path: the file.

    Raises:
        polars.exceptions.PolarsError: the file does not hold these columns in their types.
    """
    # Named columns in the file's own order: polars would otherwise put the names over whatever stands there.
    names = pl.read_csv(path, n_rows=0).columns
    return pl.read_csv(path, schema={name: types.get(name, pl.String) for name in names}, encoding="utf8")


def read_parquet(path: Path) -> pl.DataFrame:
    """A published Parquet file as it is."""
    return pl.read_parquet(path)
