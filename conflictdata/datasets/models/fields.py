"""How a column of somebody else's dataset is described: one constructor for each kind of column, as in `schema.fields`.

Every column may be missing from a file, since releases differ and people cut files down. What must not be empty where the
column is there says `required`. The text of others is `prose`: it may hold line breaks, run long, or start with a sign.
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
    metadata = {"kind": kind, "example": example}
    return pa.Field(description=description, nullable=not required, coerce=True, metadata=metadata, **checks)


def prose(description: str, example: str, *, required: bool = False) -> Any:
    """Text, as its makers write it."""
    return _make_field("prose", description, example, required)


def code(pattern: str, description: str, example: str, *, required: bool = False) -> Any:
    """A key or code, shaped by `pattern`."""
    return _make_field("id", description, example, required, str_matches=pattern + r"\Z")


def choice(words: Sequence[str], description: str, *, required: bool = False) -> Any:
    """One of a few words or codes."""
    return _make_field("term", description, words[0], required, isin=list(words))


def day(description: str, example: str, *, required: bool = False) -> Any:
    """A calendar day."""
    return _make_field("date", description, example, required, ge="1900-01-01")


def count(description: str, example: str, *, low: int = 0, high: int | None = None, required: bool = False) -> Any:
    """A whole number, at least `low` and at most `high`."""
    checks = {"ge": low} if high is None else {"in_range": {"min_value": low, "max_value": high}}
    return _make_field("count", description, example, required, **checks)


def number(description: str, example: str, low: float, high: float, *, required: bool = False) -> Any:
    """A real number between `low` and `high`."""
    return _make_field("number", description, example, required, in_range={"min_value": low, "max_value": high})


def make_model(name: str, key: Sequence[str], columns: Mapping[str, Any], about: str) -> type[TableModel]:
    """A pandera model of a table whose columns may have names that Python cannot write, such as `field artillery`.

    Args:
        name: name of the table.
        key: the columns that name a record.
        columns: what each column holds, by its name in the file.
        about: what the table holds, in a sentence.
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
