"""Constructors of third-party columns, one per kind, like `schema.fields`.

A file may lack any column, because releases differ and people cut files down. `required` means that the column must not
have empty cells if it exists. Third-party text is `prose`: it may have line breaks, be long, or start with a sign.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pandera.pandas as pa
from pandera.typing import Series

from conflictdata.schema.pandera_types import Count, Day, Number, Text
from conflictdata.schema.tables import TableModel

_SERIES: dict[str, Any] = {
    "id": Series[Text], "term": Series[Text], "prose": Series[Text], "date": Series[Day],
    "count": Series[Count], "number": Series[Number],
}  # fmt: skip


def _make_field(kind: str, description: str, example: str, required: bool, **checks: Any) -> Any:
    metadata = {"kind": kind, "example": example, "checks": checks}
    return pa.Field(description=description, nullable=not required, coerce=True, metadata=metadata, **checks)


def prose(description: str, example: str, *, required: bool = False) -> Any:
    """Define a column of text, as its publisher writes it."""
    return _make_field("prose", description, example, required)


def code(pattern: str, description: str, example: str, *, required: bool = False) -> Any:
    """Define a column of keys or codes that match `pattern`."""
    return _make_field("id", description, example, required, str_matches=pattern + r"\Z")


def choice(words: Sequence[str], description: str, *, required: bool = False) -> Any:
    """Define a column of a few words or codes."""
    return _make_field("term", description, words[0], required, isin=list(words))


def day(description: str, example: str, *, required: bool = False) -> Any:
    """Define a column of calendar days."""
    return _make_field("date", description, example, required, ge="1900-01-01")


def count(description: str, example: str, *, low: int = 0, high: int | None = None, required: bool = False) -> Any:
    """Define a column of whole numbers, at least `low` and at most `high`."""
    checks = {"ge": low} if high is None else {"in_range": {"min_value": low, "max_value": high}}
    return _make_field("count", description, example, required, **checks)


def number(description: str, example: str, low: float, high: float, *, required: bool = False) -> Any:
    """Define a column of real numbers between `low` and `high`."""
    return _make_field("number", description, example, required, in_range={"min_value": low, "max_value": high})


def make_model(name: str, key: Sequence[str], columns: Mapping[str, Any], about: str) -> type[TableModel]:
    """Make a pandera model of a table.

    The names of columns need not be Python names, such as `field artillery`.

    Args:
        name: Name of the table.
        key: Columns that identify a record.
        columns: Fields by the column's name in the file.
        about: Description of the table, in a sentence.
    """
    members: dict[str, Any] = {}
    annotations: dict[str, Any] = {}
    for column, field in columns.items():
        attribute = re.sub(r"\W", "_", column)
        field.alias = column
        members[attribute] = field
        annotations[attribute] = _SERIES[field.metadata["kind"]] | None
    config = type("Config", (TableModel.Config,), {"name": name, "strict": False, "metadata": {"key": tuple(key)}})
    body = {"__annotations__": annotations, "__doc__": about, "__module__": __name__, "Config": config, **members}
    return type(name, (TableModel,), body)
