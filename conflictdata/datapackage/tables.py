"""Write a table as CSV and Parquet, and read it back.

The same table always gives the same bytes. Both files are written in one pass over batches, so memory use does not
grow with the table.
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

BATCH = 1 << 17  # rows per batch and per row group


def order_rows(table: str, frame: pl.DataFrame | pl.LazyFrame) -> pl.LazyFrame:
    """Order columns like the model and rows by key, and cast the types."""
    typed = frame.lazy().select(pl.col(name).cast(dtype) for name, dtype in make_polars_schema(table).items())
    return (
        typed if _is_ordered(typed, list_key_columns(table)) else typed.sort(*list_key_columns(table)).collect().lazy()
    )


def _is_ordered(frame: pl.LazyFrame, columns: tuple[str, ...]) -> bool:
    """Return whether the rows are sorted by these columns.

    False if any of the cells is missing. This check streams; sorting would need the whole table in memory.
    """
    after = pl.lit(value=True)
    for name in reversed(columns):
        column = pl.col(name)
        after = (column > column.shift()) | ((column == column.shift()) & after)
    compared = frame.select(after=after, first=pl.int_range(pl.len()) == 0)
    return bool(compared.select((pl.col("after").fill_null(pl.col("first"))).all()).collect(engine="streaming").item())


def iterate_batches(frame: pl.LazyFrame) -> Iterator[pl.DataFrame]:
    """Yield the rows in batches of equal size, in order.

    An empty frame gives one empty batch. Uses slices, because polars' `collect_batches` reads ahead of a slow disk
    until the whole table is in memory.
    """
    start, height = 0, BATCH
    while height == BATCH:
        batch = frame.slice(start, BATCH).collect(engine="streaming")
        height = batch.height
        if height or not start:
            yield batch
        start += BATCH


def write_table(table: str, frames: Iterable[pl.DataFrame], csv: Path, parquet: Path) -> int:
    """Write a table as CSV and as Parquet.

    Args:
        table: Name of the table.
        frames: Its batches, in order. All but the last have `BATCH` rows.
        csv: Path of the CSV.
        parquet: Path of the Parquet file.

    Returns:
        The number of rows.

    Raises:
        pyarrow.ArrowInvalid: If a required column has a missing cell.
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
            # This thread writes the CSV; two others write the Parquet file and compute the next batch.
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
    """Format a number without exponent and trailing zeros: 62, 35.13, 0.00001."""
    return f"{Decimal(repr(number + 0.0)).normalize():f}"  # -0.0 becomes 0


def _format_numbers(column: pl.Series) -> pl.Series:
    """Format a column of numbers as text, each distinct number once."""
    numbers = column.unique().drop_nulls()
    return column.replace_strict(
        numbers, pl.Series([_format_number(n) for n in numbers], dtype=pl.String), default=None, return_dtype=pl.String
    )


def _write_csv(frame: pl.DataFrame, out: IO[bytes], *, heading: bool) -> None:
    r"""Write CSV by RFC 4180: `\n`, UTF-8, ISO dates, empty cell for missing."""
    numbers = [_format_numbers(frame[name]) for name, dtype in frame.schema.items() if dtype == pl.Float64]
    frame.with_columns(numbers).write_csv(
        out, include_header=heading, line_terminator="\n", date_format="%Y-%m-%d", null_value=""
    )


def encode_csv(frame: pl.DataFrame) -> bytes:
    """Return a table as CSV."""
    out = io.BytesIO()
    _write_csv(frame, out, heading=True)
    return out.getvalue()


def convert_to_arrow(table: str, frame: pl.DataFrame) -> pa.Table:
    """Convert a table to the Arrow types of its schema, with descriptions.

    Raises:
        pyarrow.ArrowInvalid: If a required column has a missing cell.
    """
    schema = build_arrow_schema(table)
    arrow = frame.to_arrow()
    return pa.table([arrow[field.name].cast(field.type) for field in schema], schema=schema)


def read_csv(types: Mapping[str, Any], path: Path) -> pl.DataFrame:
    """Read a published CSV, typed.

    Args:
        types: Polars type per column.
        path: The file.

    Raises:
        polars.exceptions.PolarsError: If the file does not have these columns in these types.
    """
    source: Path | io.BytesIO = path
    with path.open("rb") as file:
        if path.stat().st_size > 1 and file.seek(-2, io.SEEK_END) and file.read() == b"\n\n":
            # polars takes a blank last line for a row.
            source = io.BytesIO(path.read_bytes().rstrip(b"\n"))
    # Named columns in the file's own order: polars would otherwise assign the names by position.
    names = pl.read_csv(source, n_rows=0, glob=False).columns
    schema = {name: types.get(name, pl.String) for name in names}
    return pl.read_csv(source, schema=schema, encoding="utf8", glob=False)


def read_parquet(path: Path) -> pl.DataFrame:
    """Read a published Parquet file, unchanged."""
    return pl.read_parquet(path, glob=False)
