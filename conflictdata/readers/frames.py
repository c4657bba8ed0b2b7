"""DataFrames as text in canonical form: pandas, polars (lazy too), Arrow."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

import narwhals.stable.v1 as nw
import polars as pl

from conflictdata.findings import UsageError

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    Frame: TypeAlias = pd.DataFrame | pl.DataFrame | pl.LazyFrame | pa.Table

_EXACT = 2**53  # from here on, not every whole number is a float
_WHOLE = r"^(-?[0-9]+)\.0+$"


def is_frame(value: object) -> bool:
    """Return whether a value is a DataFrame of pandas or polars, or gives an Arrow stream with named columns."""
    if isinstance(value, pl.LazyFrame):
        return True
    return hasattr(value, "__arrow_c_stream__") and (hasattr(value, "columns") or hasattr(value, "column_names"))


def convert_frame(frame: Any, name: str) -> pl.DataFrame:
    """Convert a frame to text in canonical form: ISO days, digits without exponent, missing cells null.

    Args:
        frame: A DataFrame of pandas or polars, a LazyFrame, an Arrow table, or what gives an Arrow stream.
        name: Name of the frame in messages.

    Returns:
        The same columns and rows as text. Nothing is lost: a time of day stays with its day, and a fraction with its number.

    Raises:
        UsageError: If a column has no name of its own, or a cell is not text, a number or a day.
    """
    if nw.dependencies.is_pandas_dataframe(frame):
        _check_names(list(frame.columns), name)
        columns = [_read_pandas_column(frame[label], name) for label in frame.columns]
        return pl.DataFrame([_convert_column(column, name) for column in columns])
    if hasattr(frame, "column_names"):  # polars and pandas refuse a second column of one name
        _check_names(frame.column_names, name)
    try:
        whole = frame.collect() if isinstance(frame, pl.LazyFrame) else pl.DataFrame(frame)
    except (pl.exceptions.PolarsError, OSError) as fault:
        raise UsageError(f"{name} cannot be read: {str(fault).splitlines()[0]}") from None
    return pl.DataFrame([_convert_column(column, name) for column in whole.get_columns()])


def _check_names(labels: Sequence[Any], name: str) -> None:
    for label in labels:
        if isinstance(label, tuple):
            raise UsageError(f"{name}: the column {label!r} has several levels; give each column one name")
        if not isinstance(label, str):
            fix = f"df.rename(columns={{{label!r}: '...'}})"
            raise UsageError(f"{name}: the column {label!r} has a name that is not text; rename it: {fix}")
        if labels.count(label) > 1:
            raise UsageError(f"{name}: the column {label!r} is duplicated; keep one of the two")


def _read_pandas_column(column: pd.Series[Any], name: str) -> pl.Series:
    if column.dtype != object and not hasattr(column, "cat"):
        try:
            return pl.from_pandas(column, nan_to_null=True)
        except (TypeError, ValueError, NotImplementedError, pl.exceptions.PolarsError):
            pass  # a type that Arrow lacks, such as a sparse one
    return _read_cells(str(column.name), column.astype(object), column.isna(), name)


def _read_cells(label: str, cells: Iterable[Any], missing: Iterable[Any], name: str) -> pl.Series:
    texts: list[str | None] = []
    for row, (cell, is_missing) in enumerate(zip(cells, missing, strict=True)):
        text = None if is_missing else _format_cell(cell)
        if text is None and not is_missing:
            raise UsageError(
                f"{name}, row {row}: {label} holds {_name_type(cell)}; a cell is text, a number, a day or empty"
            )
        if text is not None and not text.isascii():
            text = _check_unicode(text, f"{name}, row {row}: {label}")
        texts.append(text)
    return pl.Series(label, texts, dtype=pl.String)


def _name_type(cell: object) -> str:
    word = type(cell).__name__
    return f"{'an' if word[0] in 'aeiouAEIOU' else 'a'} {word}"


def _check_unicode(text: str, where: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError as fault:
        raise UsageError(f"{where} holds {text[fault.start]!r}, half of a character; correct the text") from None
    return text


def _format_cell(cell: Any) -> str | None:
    """Format a cell of a column of objects; None if it has no canonical form."""
    if type(cell).__module__ == "numpy":
        cell = (cell.astype("datetime64[us]") if type(cell).__name__ == "datetime64" else cell).item()
    if isinstance(cell, str):
        return str(cell)
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, int):
        return str(cell)
    if isinstance(cell, float):
        return _format_float(cell)
    if isinstance(cell, Decimal):
        return str(int(cell)) if cell.is_finite() and cell == int(cell) else format(cell, "f")
    if isinstance(cell, dt.datetime):  # includes pandas' Timestamp
        midnight = cell.tzinfo is None and cell == type(cell)(cell.year, cell.month, cell.day)
        return cell.date().isoformat() if midnight else str(cell)
    return cell.isoformat() if isinstance(cell, dt.date) else None


def _format_float(number: float) -> str:
    if number.is_integer():
        return str(int(number)) if abs(number) < _EXACT else repr(number)  # its last digits are not known
    return format(Decimal(repr(number)), "f") if math.isfinite(number) else str(number)


def _convert_column(column: pl.Series, name: str) -> pl.Series:
    dtype = column.dtype
    if isinstance(dtype, pl.Date):
        return column.dt.strftime("%Y-%m-%d")
    if isinstance(dtype, pl.Datetime):
        return _convert_times(column)
    if dtype.is_float():
        return _convert_floats(column)
    if isinstance(dtype, pl.Object):
        return _read_cells(column.name, column, (cell is None for cell in column), name)
    if isinstance(dtype, pl.Decimal):
        return column.cast(pl.String).str.replace(_WHOLE, "${1}")
    if dtype.is_integer() or isinstance(dtype, pl.String | pl.Categorical | pl.Enum | pl.Boolean | pl.Null):
        return column.cast(pl.String)
    if column.null_count() < column.len():
        raise UsageError(f"{name}: the column {column.name!r} has the type {dtype}; cells are text, numbers or days")
    return pl.Series(column.name, [None] * column.len(), dtype=pl.String)


def _convert_times(column: pl.Series) -> pl.Series:
    # A time of day, and a midnight of another time zone, is not a day: it may be of the day before or after.
    texts = column.cast(pl.String)
    if column.dtype.time_zone is not None:  # type: ignore[attr-defined]
        return texts
    days = column.dt.strftime("%Y-%m-%d")
    return days.zip_with((column == column.dt.truncate("1d")).fill_null(value=True), texts)


def _convert_floats(column: pl.Series) -> pl.Series:
    texts = column.cast(pl.String)
    whole = column.is_finite() & (column == column.round()) & (column.abs() < _EXACT)
    texts = column.cast(pl.Int64, strict=False).cast(pl.String).zip_with(whole.fill_null(value=False), texts)
    exponents = texts.str.contains("[0-9]e").fill_null(value=False)
    if exponents.any():
        long = pl.Series([None if n is None else _format_float(n) for n in column], dtype=pl.String)
        texts = long.zip_with(exponents, texts)
    return texts.alias(column.name)
