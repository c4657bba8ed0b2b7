"""The four physical types of the tables, as pandera types that blame the cell and not the column.

pandera 0.35 with `coerce=True` reports every row of a column in which one date cannot be
read; these types read cell by cell and report just the cells that failed.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from pandera import errors
from pandera.dtypes import immutable
from pandera.engines import pandas_engine

from conflictdata.schema.quantities import LARGEST_COUNT

ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
WHOLE = re.compile(r"(?:0|-?[1-9][0-9]{0,17})\Z")
REAL = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?\Z")

UNREAD = object()  # what a reader gives for a cell that is there and cannot be read


def read_text(value: Any) -> Any:
    """Text stays text; nothing else is turned into it."""
    return value if isinstance(value, str) else UNREAD


def read_count(value: Any) -> Any:
    """A whole number: an int, a float without a fraction, or its canonical text."""
    if isinstance(value, str):
        return int(value) if WHOLE.match(value) else UNREAD
    if isinstance(value, (bool, np.bool_)):
        return UNREAD
    if isinstance(value, (int, np.integer)):
        return int(value) if abs(int(value)) <= LARGEST_COUNT else UNREAD
    if isinstance(value, (float, np.floating)) and float(value).is_integer() and abs(float(value)) < 2**53:
        return int(value)
    return UNREAD


def read_number(value: Any) -> Any:
    """A finite real number, or its canonical text."""
    if isinstance(value, str):
        return float(value) if REAL.match(value) else UNREAD
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, float, np.integer, np.floating)):
        return UNREAD
    return float(value) if np.isfinite(value) else UNREAD


def read_day(value: Any) -> Any:
    """A day: a date, a datetime at midnight without a time zone, or ISO text. Nothing is guessed from other forms."""
    if isinstance(value, str):
        if not ISO_DAY.match(value):
            return UNREAD
        try:
            return np.datetime64(dt.date.fromisoformat(value), "s")
        except ValueError:
            return UNREAD
    if isinstance(value, dt.datetime):  # pandas' Timestamp too
        whole_day = value.tzinfo is None and value == type(value)(value.year, value.month, value.day)
        return np.datetime64(value.date(), "s") if whole_day else UNREAD
    if isinstance(value, dt.date):
        return np.datetime64(value, "s")
    return UNREAD


class _CellType(pandas_engine.DataType):
    """A type that is read cell by cell; subclasses name the reader."""

    read: Callable[[Any], Any]
    missing: Any = pd.NA

    def read_cells(self, series: pd.Series[Any]) -> tuple[pd.Series[Any], list[int]]:
        """The column in its type, and the positions of the cells that could not be read, which are missing in it."""
        if series.dtype == self.type:
            return series, []
        if isinstance(series.dtype, pd.StringDtype) and isinstance(self.type, pd.StringDtype):
            return series.astype(self.type), []  # another flavour of the same type
        empty = series.isna().to_numpy(dtype=bool)
        read = type(self).read
        cells = [self.missing if gone else read(v) for v, gone in zip(series.astype(object), empty, strict=True)]
        unread = [i for i, cell in enumerate(cells) if cell is UNREAD]
        for i in unread:
            cells[i] = self.missing
        return pd.Series(cells, index=series.index, dtype=self.type, name=series.name), unread

    def coerce(self, data_container: Any) -> Any:
        column, unread = self.read_cells(data_container)
        if unread:
            cases = failure_cases(data_container, unread)
            raise errors.ParserError(f"could not read {len(unread)} cell(s) as {self}", failure_cases=cases)
        return column

    def try_coerce(self, data_container: Any) -> Any:
        return self.coerce(data_container)

    def check(self, pandera_dtype: Any, data_container: Any = None) -> bool:
        """Compare the column's own dtype.

        pandera 0.35 would compare the pandera type that it registers for that dtype: the NaN flavour of
        `string`, and nanoseconds, which are not ours.
        """
        if data_container is None:
            return isinstance(pandera_dtype, type(self))
        return bool(data_container.dtype == self.type)

    def __str__(self) -> str:
        return type(self).__name__.lower()


def failure_cases(series: pd.Series[Any], positions: list[int]) -> pd.DataFrame:
    """Cells by position, as pandera lists them: the label of the row, and the cell as text."""
    labels = [series.index[i] for i in positions]
    return pd.DataFrame({"index": labels, "failure_case": [str(series.iloc[i]) for i in positions]})


@pandas_engine.Engine.register_dtype
@immutable
class Text(_CellType):
    """Text."""

    type = pd.StringDtype()
    read = staticmethod(read_text)


@pandas_engine.Engine.register_dtype
@immutable
class Count(_CellType):
    """A whole number, nullable."""

    type = pd.Int64Dtype()
    read = staticmethod(read_count)


@pandas_engine.Engine.register_dtype
@immutable
class Number(_CellType):
    """A real number, nullable."""

    type = pd.Float64Dtype()
    read = staticmethod(read_number)


@pandas_engine.Engine.register_dtype
@immutable
class Day(_CellType):
    """A calendar day."""

    type = np.dtype("datetime64[s]")
    missing = np.datetime64("NaT", "s")
    read = staticmethod(read_day)
