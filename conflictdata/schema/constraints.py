"""What the models say of each column, as plain data: the one place that reads pandera's checks.

Exporters and checkers read this and nothing of pandera, which is not even loaded for them (`schema.compiled`). It is
total: a type or a check that it does not know raises, so that no constraint is lost on the way to a schema.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from conflictdata.schema.compiled import compiled

_TYPES = {
    "id": "Text",
    "term": "Text",
    "text": "Text",
    "prose": "Text",  # of another dataset, in whatever form
    "url": "Text",
    "date": "Day",
    "count": "Count",
    "number": "Number",
}


@dataclass(frozen=True)
class Constraint:
    """What a model says of one column.

    Attributes:
        column: name.
        kind: id, term, text, prose, url, date, count or number.
        required: whether the cell must be filled.
        unique: whether no value may occur twice (keys are declared by the table, not here).
        description: what it means.
        example: a valid cell, as text.
        unit: unit of measurement, where it is a quantity.
        vocabulary: name of the closed vocabulary that it takes its words from.
        references: table whose key it holds.
        terms: the words that it may hold.
        pattern: regular expression that the whole cell matches, without anchors.
        shortest: least number of characters.
        longest: greatest number of characters; 0 means no limit.
        low: least value.
        high: greatest value.
    """

    column: str
    kind: str
    required: bool
    unique: bool
    description: str
    example: str
    unit: str = ""
    vocabulary: str = ""
    references: str = ""
    terms: tuple[str, ...] = ()
    pattern: str = ""
    shortest: int = 0
    longest: int = 0
    low: Any = None
    high: Any = None


def _of_check(name: str | None, stats: dict[str, Any]) -> dict[str, Any]:
    match name:
        case "isin":
            return {"terms": tuple(stats["allowed_values"])}
        case "str_matches":
            pattern = stats["pattern"]
            text = pattern if isinstance(pattern, str) else pattern.pattern
            if not text.endswith(r"\Z"):
                raise NotImplementedError(f"a pattern that is not anchored at the end: {text}")
            return {"pattern": text.removesuffix(r"\Z")}
        case "str_length":
            return {"shortest": stats["min_value"], "longest": stats["max_value"]}
        case "greater_than_or_equal_to":
            return {"low": stats["min_value"]}
        case "in_range":
            return {"low": stats["min_value"], "high": stats["max_value"]}
    raise NotImplementedError(f"a check that the schemas cannot say: {name}")


def read(name: str, column: Any) -> Constraint:
    """What one pandera column says.

    Raises:
        NotImplementedError: the column has a type or a check that is not known here.
    """
    from conflictdata.schema import dtypes, fields

    info = fields.info(column)
    kind = info.get("kind", "")
    if kind not in _TYPES or not isinstance(column.dtype, getattr(dtypes, _TYPES[kind])):
        raise NotImplementedError(f"{name}: a column of kind {kind!r} and type {column.dtype}")
    found: dict[str, Any] = {}
    for check in column.checks:
        # `statistics` is not a promised interface of pandera: its minor version is pinned.
        found |= _of_check(check.name, check.statistics or {})
    return Constraint(
        name, kind, not column.nullable, bool(column.unique), column.description or "", info["example"],
        unit=info.get("unit", ""), vocabulary=info.get("vocabulary", ""), references=info.get("references", ""), **found,
    )  # fmt: skip


@cache
def constraints(table: str) -> tuple[Constraint, ...]:
    """What the model of a table says of each of its columns, in order."""
    plain = {"required": False, "unique": False, "description": "", "example": ""}
    columns = [{**plain, **column} for column in compiled()[table]["columns"]]
    return tuple(Constraint(**{**column, "terms": tuple(column.get("terms", ()))}) for column in columns)
