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

from conflictdata.schema.columns import list_key_columns, make_polars_schema
from conflictdata.schema.tableschema import build_arrow_schema

BATCH = 1 << 17  # rows of a batch, and of a row group


def order_rows(table: str, frame: pl.DataFrame | pl.LazyFrame) -> pl.LazyFrame:
    """The columns of the model in its order, typed, and the rows in order of the key."""
    typed = frame.lazy().select(pl.col(name).cast(dtype) for name, dtype in make_polars_schema(table).items())
    return (
        typed if _is_ordered(typed, list_key_columns(table)) else typed.sort(*list_key_columns(table)).collect().lazy()
    )


def _is_ordered(frame: pl.LazyFrame, columns: tuple[str, ...]) -> bool:
    """Whether the rows are in order already: looking takes no memory, sorting takes all of it.

    Where a cell of the key is missing, the answer is no.
    """
    after = pl.lit(value=True)
    for name in reversed(columns):
        column = pl.col(name)
        after = (column > column.shift()) | ((column == column.shift()) & after)
    compared = frame.select(after=after, first=pl.int_range(pl.len()) == 0)
    return bool(compared.select((pl.col("after").fill_null(pl.col("first"))).all()).collect(engine="streaming").item())


def iterate_batches(frame: pl.LazyFrame) -> Iterator[pl.DataFrame]:
    """The rows in batches of one size, in their order; one empty batch where there are none.

    Slices, and not polars' `collect_batches`: that reads ahead of a slow disk until the whole table lies in memory.
    """
    at, height = 0, BATCH
    while height == BATCH:
        batch = frame.slice(at, BATCH).collect(engine="streaming")
        height = batch.height
        if height or not at:
            yield batch
        at += BATCH


def write_table(table: str, frames: Iterable[pl.DataFrame], csv: Path, parquet: Path) -> int:
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
    schema = build_arrow_schema(table)
    coming = iter(frames)
    with (
        csv.open("wb") as text,
        pq.ParquetWriter(parquet, schema, compression="snappy") as binary,
        ThreadPoolExecutor(2) as other,
    ):
        frame = next(coming, None)
        while frame is not None:
            # While one writes the text, one packs the columns and one works out the next batch.
            following = other.submit(next, coming, None)
            packing = other.submit(_write_parquet, table, frame, binary)
            _write_csv(frame, text, heading=not rows)
            packing.result()
            rows += frame.height
            frame = following.result()
    return rows


def _write_parquet(table: str, frame: pl.DataFrame, binary: pq.ParquetWriter) -> None:
    binary.write_table(convert_to_arrow(table, frame), BATCH)


def _format_number(number: float) -> str:
    """A number without an exponent and without zeros that say nothing: 62, 35.13, 0.00001."""
    return f"{Decimal(repr(number + 0.0)).normalize():f}"  # -0.0 becomes 0


def _format_numbers(column: pl.Series) -> pl.Series:
    """A column of numbers as text; each number is written out once."""
    numbers = column.unique().drop_nulls()
    return column.replace_strict(
        numbers, pl.Series([_format_number(n) for n in numbers], dtype=pl.String), default=None, return_dtype=pl.String
    )


def _write_csv(frame: pl.DataFrame, out: IO[bytes], *, heading: bool) -> None:
    r"""RFC 4180 with `\n`, UTF-8, ISO dates; an empty cell is missing."""
    numbers = [_format_numbers(frame[name]) for name, dtype in frame.schema.items() if dtype == pl.Float64]
    frame.with_columns(numbers).write_csv(
        out, include_header=heading, line_terminator="\n", date_format="%Y-%m-%d", null_value=""
    )


def encode_csv(frame: pl.DataFrame) -> bytes:
    """A table as CSV."""
    out = io.BytesIO()
    _write_csv(frame, out, heading=True)
    return out.getvalue()


def convert_to_arrow(table: str, frame: pl.DataFrame) -> pa.Table:
    """The table in the Arrow types of its schema, descriptions included.

    Raises:
        pyarrow.ArrowInvalid: a column that must be filled holds a missing cell.
    """
    schema = build_arrow_schema(table)
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
    source: Path | io.BytesIO = path
    with path.open("rb") as file:
        if path.stat().st_size > 1 and file.seek(-2, io.SEEK_END) and file.read() == b"\n\n":
            # polars takes a blank last line for a row.
            source = io.BytesIO(path.read_bytes().rstrip(b"\n"))
    # Named columns in the file's own order: polars would otherwise put the names over whatever stands there.
    names = pl.read_csv(source, n_rows=0, glob=False).columns
    schema = {name: types.get(name, pl.String) for name in names}
    return pl.read_csv(source, schema=schema, encoding="utf8", glob=False)


def read_parquet(path: Path) -> pl.DataFrame:
    """A published Parquet file as it is."""
    return pl.read_parquet(path, glob=False)
