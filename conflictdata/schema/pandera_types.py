"""Physical types of the tables, as pandera types that report single cells.

With `coerce=True`, pandera 0.35 reports every row of a column if one cell is unreadable. These types read cell
by cell and report only the cells that failed.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pandera.pandas as pa
from pandera import errors
from pandera.config import get_config_context
from pandera.dtypes import immutable
from pandera.engines import pandas_engine

from conflictdata.schema.cell_forms import ISO_DAY, REAL, WHOLE
from conflictdata.schema.quantities import LARGEST_COUNT

# Python writes the end of a text as \Z, the engines as \z.
_DAY, _COUNT, _NUMBER = (re.compile(form.replace(r"\z", r"\Z")) for form in (ISO_DAY, WHOLE, REAL))

UNREAD = object()  # result of a reader for a cell that is filled but unreadable


def read_text(value: Any) -> Any:
    """Return text unchanged, and UNREAD for any other type."""
    return value if isinstance(value, str) else UNREAD


def read_count(value: Any) -> Any:
    """Return a whole number as int, else UNREAD.

    Accepts an int, a float without a fraction, or canonical text.
    """
    if isinstance(value, str):
        return int(value) if _COUNT.match(value) else UNREAD
    if isinstance(value, (bool, np.bool_)):
        return UNREAD
    if isinstance(value, (int, np.integer)):
        return int(value) if abs(int(value)) <= LARGEST_COUNT else UNREAD
    if isinstance(value, (float, np.floating)) and float(value).is_integer() and abs(float(value)) < 2**53:
        return int(value)
    return UNREAD


def read_number(value: Any) -> Any:
    """Return a finite number as float, else UNREAD. Accepts canonical text."""
    if isinstance(value, str):
        return float(value) if _NUMBER.match(value) else UNREAD
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, float, np.integer, np.floating)):
        return UNREAD
    return float(value) if np.isfinite(value) else UNREAD


def read_day(value: Any) -> Any:
    """Return a day as datetime64[s], else UNREAD.

    Accepts a date, a datetime at midnight without a time zone, or ISO text. Other forms are not guessed.
    """
    if isinstance(value, str):
        if not _DAY.match(value):
            return UNREAD
        try:
            return np.datetime64(dt.date.fromisoformat(value), "s")
        except ValueError:
            return UNREAD
    if isinstance(value, dt.datetime):  # includes pandas' Timestamp
        whole_day = value.tzinfo is None and value == type(value)(value.year, value.month, value.day)
        return np.datetime64(value.date(), "s") if whole_day else UNREAD
    if isinstance(value, dt.date):
        return np.datetime64(value, "s")
    return UNREAD


class _CellType(pandas_engine.DataType):
    """Base class of types that read cell by cell. Subclasses define `read`."""

    read: Callable[[Any], Any]
    missing: Any = pd.NA

    def read_cells(self, series: pd.Series[Any]) -> tuple[pd.Series[Any], list[int]]:
        """Convert a column to this type.

        Returns:
            The column, in which unreadable cells are missing, and the positions of the unreadable cells.
        """
        if series.dtype == self.type:
            return series, []
        if isinstance(series.dtype, pd.StringDtype) and isinstance(self.type, pd.StringDtype):
            return series.astype(self.type), []  # another variant of the same type
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
            cases = list_failure_cases(data_container, unread)
            raise errors.ParserError(f"could not read {len(unread)} cell(s) as {self}", failure_cases=cases)
        return column

    def try_coerce(self, data_container: Any) -> Any:
        return self.coerce(data_container)

    def check(self, pandera_dtype: Any, data_container: Any = None) -> bool:
        """Compare with the dtype of the column itself.

        pandera 0.35 would compare with the pandera type that it registers for that dtype: the NaN variant of `string`,
        and nanoseconds. Both differ from ours.
        """
        if data_container is None:
            return isinstance(pandera_dtype, type(self))
        return bool(data_container.dtype == self.type)

    def __str__(self) -> str:
        return type(self).__name__.lower()


def list_failure_cases(series: pd.Series[Any], positions: list[int]) -> pd.DataFrame:
    """Return the cells at some positions in pandera's form: row label and text."""
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


Unread = dict[str, list[int]]  # positions of the unreadable cells, by column


def _read_columns(frame: pd.DataFrame, schema: pa.DataFrameSchema) -> Unread:
    """Convert each column of the frame in place, and return the unreadable cells.

    Unreadable cells become missing.
    """
    unread: Unread = {}
    for name, column in schema.columns.items():
        if name in frame.columns:
            series, positions = column.dtype.read_cells(frame[name])
            if series is not frame[name]:
                frame[name] = series
            if positions:
                unread[name] = positions
    return unread


def _make_unread_error(schema: pa.DataFrameSchema, raw: pd.Series[Any], positions: list[int]) -> errors.SchemaError:
    column = schema.columns[raw.name]
    cases = list_failure_cases(raw, positions)
    listed = ", ".join(repr(case) for case in cases["failure_case"].head(5))
    more = f" and {len(cases) - 5} more" if len(cases) > 5 else ""
    return errors.SchemaError(
        column,
        None,
        f"column '{raw.name}' has cells that cannot be read as {column.dtype}: {listed}{more}",
        failure_cases=cases,
        check=f"coerce_dtype('{column.dtype}')",
        reason_code=errors.SchemaErrorReason.DATATYPE_COERCION,
        column_name=str(raw.name),
    )


def _restore_labels(error: errors.SchemaError, unread: Unread, index: pd.Index[Any]) -> errors.SchemaError | None:
    """Return an error with the caller's row labels and without the unreadable cells.

    Until here the labels are row positions, because the caller's labels need not be unique.

    Returns:
        The error, or None if it concerned only unreadable cells.
    """
    cases = error.failure_cases
    if not isinstance(cases, pd.DataFrame):
        return error
    of_column = unread.get(error.schema.name)
    # A check of whole rows is unknown, not failed, for a row with an unreadable cell.
    skip = set(of_column) if of_column is not None else set()
    if isinstance(error.schema, pa.DataFrameSchema):
        skip = {i for positions in unread.values() for i in positions}
    kept = cases[~cases["index"].isin(skip)]
    error.failure_cases = kept.assign(index=[index[i] for i in kept["index"]])
    return error if len(kept) else None


class CellwiseSchema(pa.DataFrameSchema):
    """A `DataFrameSchema` that reports single cells. Its columns have the types above."""

    @classmethod
    def get_backend(cls, check_obj: Any = None, check_type: Any = None) -> Any:
        """Return the backend of `DataFrameSchema`. pandera looks it up by exact class."""
        return pa.DataFrameSchema.get_backend(check_obj, check_type)

    def validate(
        self,
        check_obj: pd.DataFrame,
        head: int | None = None,
        tail: int | None = None,
        sample: int | None = None,
        random_state: int | None = None,
        lazy: bool = False,
        inplace: bool = False,
    ) -> pd.DataFrame:
        """Check a DataFrame, and return it with the types of the table.

        Args:
            check_obj: The frame. Text in canonical form is parsed; typed columns keep their values.
            head: Number of rows at the start to check; all if None.
            tail: Number of rows at the end to check; all if None.
            sample: Number of random rows to check; all if None.
            random_state: Seed of the sample.
            lazy: Whether to collect every failure before raising.
            inplace: Whether to change the caller's frame.

        Returns:
            The frame with columns of dtype `string`, `Int64`, `Float64` and `datetime64[s]`.

        Raises:
            pandera.errors.SchemaError: If a check fails and `lazy` is false. Holds the first failure.
            pandera.errors.SchemaErrors: If a check fails and `lazy` is true. Lists each failing cell once.
        """
        part = (head, tail, sample, random_state)
        enabled = get_config_context().validation_enabled
        if not enabled or not isinstance(check_obj, pd.DataFrame) or not check_obj.columns.is_unique:
            return super().validate(check_obj, *part, lazy=lazy, inplace=inplace)
        frame = check_obj if inplace else check_obj.copy(deep=False)
        raw = check_obj.copy(deep=False)
        unread = _read_columns(frame, self)
        if not unread:
            return super().validate(frame, *part, lazy=lazy, inplace=True)
        found = [_make_unread_error(self, raw[name], positions) for name, positions in unread.items()]
        if not lazy:
            raise found[0]
        try:
            super().validate(frame.reset_index(drop=True), *part, lazy=True, inplace=True)
        except errors.SchemaErrors as others:
            relabelled = (_restore_labels(e, unread, raw.index) for e in others.schema_errors)
            found += [e for e in relabelled if e is not None]
        raise errors.SchemaErrors(self, found, check_obj)
