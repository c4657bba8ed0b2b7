"""A pandera schema that reports each cell that cannot be read exactly once.

pandera 0.35 coerces a whole column or none of it. After a failed coercion it goes on with the
raw column: the type check reports the cell a second time, and the column's other checks crash on
it (CHECK_ERROR), which hides what else is wrong there. This schema reads the cells first, judges
the rest of the column without the unreadable ones, and adds these to what was found.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
import pandera.pandas as pa
from pandera import errors
from pandera.config import get_config_context

from conflictdata.schema.dtypes import failure_cases

Unread = dict[str, list[int]]  # by column, the positions of the cells that could not be read


def _read(frame: pd.DataFrame, schema: pa.DataFrameSchema) -> Unread:
    """Put each column of the frame into its type; what could not be read is missing in it, and listed."""
    unread: Unread = {}
    for name, column in schema.columns.items():
        if name in frame.columns:
            series, positions = column.dtype.read_cells(frame[name])
            if series is not frame[name]:
                frame[name] = series
            if positions:
                unread[name] = positions
    return unread


def _unread_error(schema: pa.DataFrameSchema, raw: pd.Series[Any], positions: list[int]) -> errors.SchemaError:
    column = schema.columns[raw.name]
    cases = failure_cases(raw, positions)
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


def _relabelled(error: errors.SchemaError, unread: Unread, index: pd.Index[Any]) -> errors.SchemaError | None:
    """An error with the caller's row labels and without the unread cells; None where nothing is left of it.

    The positions of the rows stand in for their labels until here, since labels need not be unique.
    """
    cases = error.failure_cases
    if not isinstance(cases, pd.DataFrame):
        return error
    of_column = unread.get(error.schema.name)
    # A check of the whole row cannot be answered for a row with a cell that was not read: unknown, not broken.
    skip = set(of_column) if of_column is not None else set()
    if isinstance(error.schema, pa.DataFrameSchema):
        skip = {i for positions in unread.values() for i in positions}
    kept = cases[~cases["index"].isin(skip)]
    error.failure_cases = kept.assign(index=[index[i] for i in kept["index"]])
    return error if len(kept) else None


class CellwiseSchema(pa.DataFrameSchema):
    """A `DataFrameSchema` whose columns have the types of `schema.dtypes`."""

    @classmethod
    def get_backend(cls, check_obj: Any = None, check_type: Any = None) -> Any:
        """The backend of `DataFrameSchema`: pandera registers backends by exact class."""
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
        """Check a DataFrame and return it in the types of the table.

        Args:
            check_obj: the frame; text in canonical form is read, other types are taken as they are.
            head: check the first rows only.
            tail: check the last rows only.
            sample: check a random sample only.
            random_state: seed of the sample.
            lazy: collect every failure before raising.
            inplace: change the caller's frame.

        Returns:
            The frame with columns of dtype `string`, `Int64`, `Float64` and `datetime64[s]`.

        Raises:
            pandera.errors.SchemaError: the first failure (where not lazy).
            pandera.errors.SchemaErrors: all failures (where lazy); each failing cell is listed once.
        """
        part = (head, tail, sample, random_state)
        enabled = get_config_context().validation_enabled
        if not enabled or not isinstance(check_obj, pd.DataFrame) or not check_obj.columns.is_unique:
            return super().validate(check_obj, *part, lazy=lazy, inplace=inplace)
        frame = check_obj if inplace else check_obj.copy(deep=False)
        raw = check_obj.copy(deep=False)
        unread = _read(frame, self)
        if not unread:
            return super().validate(frame, *part, lazy=lazy, inplace=True)
        found = [_unread_error(self, raw[name], positions) for name, positions in unread.items()]
        if not lazy:
            raise found[0]
        try:
            super().validate(frame.reset_index(drop=True), *part, lazy=True, inplace=True)
        except errors.SchemaErrors as others:
            relabelled = (_relabelled(e, unread, raw.index) for e in others.schema_errors)
            found += [e for e in relabelled if e is not None]
        raise errors.SchemaErrors(self, found, check_obj)
