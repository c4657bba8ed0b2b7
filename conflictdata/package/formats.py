"""One table as the bytes of a CSV and of a Parquet file, and back. The same table always gives the same bytes."""

from __future__ import annotations

import io
from decimal import Decimal
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from conflictdata.schema.physical import key, polars_schema
from conflictdata.schema.tableschema import arrow_schema


def ordered(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """The columns of the model in its order, typed, and the rows in order of the key."""
    typed = frame.select(pl.col(name).cast(dtype) for name, dtype in polars_schema(table).items())
    return typed.sort(*key(table))


def _plain(number: float) -> str:
    """A number without an exponent and without zeros that say nothing: 62, 35.13, 0.00001."""
    return f"{Decimal(repr(number + 0.0)).normalize():f}"  # -0.0 becomes 0


def csv_bytes(frame: pl.DataFrame) -> bytes:
    r"""RFC 4180 with `\n`, UTF-8, ISO dates; an empty cell is missing."""
    numbers = [
        pl.Series(name, [None if n is None else _plain(n) for n in frame[name]], dtype=pl.String)
        for name, dtype in frame.schema.items()
        if dtype == pl.Float64
    ]
    out = io.BytesIO()
    frame.with_columns(numbers).write_csv(out, line_terminator="\n", date_format="%Y-%m-%d", null_value="")
    return out.getvalue()


def to_arrow(table: str, frame: pl.DataFrame) -> pa.Table:
    """The table in the Arrow types of its schema, descriptions included.

    Raises:
        pyarrow.ArrowInvalid: a column that must be filled holds a missing cell.
    """
    schema = arrow_schema(table)
    arrow = frame.to_arrow()
    return pa.table([arrow[field.name].cast(field.type) for field in schema], schema=schema)


def parquet_bytes(table: str, frame: pl.DataFrame) -> bytes:
    """Parquet, snappy: it decodes fastest, in a browser too, and every reader knows it."""
    out = pa.BufferOutputStream()
    pq.write_table(to_arrow(table, frame), out, compression="snappy")
    return bytes(out.getvalue())


def read_csv(table: str, path: Path) -> pl.DataFrame:
    """A published CSV, typed.

    Raises:
        polars.exceptions.PolarsError: the file does not hold the columns of the table in their types.
    """
    # Named columns in the file's own order: polars would otherwise put the names over whatever stands there.
    names = pl.read_csv(path, n_rows=0).columns
    types = polars_schema(table)
    return pl.read_csv(path, schema={name: types.get(name, pl.String) for name in names}, encoding="utf8")


def read_parquet(path: Path) -> pl.DataFrame:
    """A published Parquet file as it is."""
    return pl.read_parquet(path)
