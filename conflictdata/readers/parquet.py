"""Parquet as it comes: its values as text in canonical form. Its cells have no lines."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from conflictdata._utils.paths import display_path
from conflictdata.readers.sheet import SourceTable, make_broken_table


def read_parquet_columns(path: Path) -> list[str]:
    """The columns of a file; none where it is no Parquet file."""
    try:
        # `read_parquet_schema` takes a bracket in a name for a pattern.
        return pl.scan_parquet(path, glob=False, hive_partitioning=False).collect_schema().names()
    except (OSError, pl.exceptions.PolarsError):
        return []


def read_parquet(path: Path) -> SourceTable:
    """A Parquet file as a sheet."""
    try:
        frame = pl.read_parquet(path, glob=False)
    except (OSError, pl.exceptions.PolarsError) as fault:
        return make_broken_table(
            display_path(path), "file.unreadable", f"not a Parquet file: {str(fault).splitlines()[0]}"
        )
    return SourceTable(
        display_path(path), frame.select(_convert_to_text(name, dtype) for name, dtype in frame.schema.items())
    )


def _convert_to_text(name: str, dtype: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    if isinstance(dtype, pl.Date):
        return column.dt.strftime("%Y-%m-%d")
    if isinstance(dtype, pl.Datetime):
        # 23:00 is not a day: it may be one in another time zone.
        midnight = column == column.dt.truncate("1d")
        return pl.when(midnight).then(column.dt.strftime("%Y-%m-%d")).otherwise(column.cast(pl.String)).alias(name)
    if dtype.is_float():
        whole = (column == column.round()) & (column.abs() < 1e15)
        return (
            pl.when(whole).then(column.cast(pl.Int64, strict=False).cast(pl.String)).otherwise(column.cast(pl.String))
        ).alias(name)
    if isinstance(dtype, pl.Struct | pl.List | pl.Array | pl.Object):
        return pl.lit(None, dtype=pl.String).alias(name)
    return column.cast(pl.String, strict=False)
