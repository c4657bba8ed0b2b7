"""What the models say of each column, as plain data: the one place that reads pandera's checks.

Exporters and checkers read this and nothing of pandera, which is not even loaded for them (`schema.compiled`). It is
total: a type or a check that it does not know raises, so that no constraint is lost on the way to a schema.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

if TYPE_CHECKING:
    import polars as pl

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


def _read_check(name: str | None, stats: dict[str, Any]) -> dict[str, Any]:
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


def read_constraint(name: str, column: Any) -> Constraint:
    """What one pandera column says.

    Raises:
        NotImplementedError: the column has a type or a check that is not known here.
    """
    from conflictdata.schema import fields, pandera_types

    info = fields.read_info(column)
    kind = info.get("kind", "")
    if kind not in _TYPES or not isinstance(column.dtype, getattr(pandera_types, _TYPES[kind])):
        raise NotImplementedError(f"{name}: a column of kind {kind!r} and type {column.dtype}")
    found: dict[str, Any] = {}
    for check in column.checks:
        # `statistics` is not a promised interface of pandera: its minor version is pinned.
        found |= _read_check(check.name, check.statistics or {})
    return Constraint(
        name, kind, not column.nullable, bool(column.unique), column.description or "", info["example"],
        unit=info.get("unit", ""), vocabulary=info.get("vocabulary", ""), references=info.get("references", ""), **found,
    )  # fmt: skip


@cache
def load_constraints(table: str) -> tuple[Constraint, ...]:
    """What the model of a table says of each of its columns, in order."""
    plain = {"required": False, "unique": False, "description": "", "example": ""}
    columns = [{**plain, **column} for column in load_compiled()[table]["columns"]]
    return tuple(Constraint(**{**column, "terms": tuple(column.get("terms", ()))}) for column in columns)


_HERE = Path(__file__).parent


FILE = _HERE / "compiled.json"


_MADE_FROM = ("schema/tables.py", "schema/fields.py", "schema/columns.py", "schema/vocabularies.py")


def hash_sources() -> str:
    """SHA-256 of the modules that say what a column holds."""
    digest = hashlib.sha256()
    for name in _MADE_FROM:
        digest.update((_HERE.parent / name).read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()


def compile_models() -> dict[str, Any]:
    """Every table by name, derived ones first as in the models: `key`, `derived`, and `columns` with their constraints."""
    from conflictdata.schema.tables import DERIVED, TABLES

    plain = asdict(Constraint("", "", required=False, unique=False, description="", example=""))
    found = {}
    for table, model in TABLES.items():
        columns = [asdict(read_constraint(name, column)) for name, column in model.to_schema().columns.items()]
        found[table] = {
            "key": list(model.Config.metadata["key"]),
            "derived": table in DERIVED,
            # What is as everywhere is left out.
            "columns": [
                {k: v for k, v in c.items() if v != plain[k] or type(v) is not type(plain[k])} for c in columns
            ],
        }
    return found


def render_compiled() -> str:
    """The text of `compiled.json`, from the models as they are now."""
    note = "Generated by `conflictdata publish --repository` from conflictdata/schema/tables.py; not edited by hand."
    content = {"about": note, "made_from": hash_sources(), "tables": compile_models()}
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def render_compiled_files() -> dict[str, str]:
    """The file, by its path in the repository."""
    return {f"conflictdata/schema/{FILE.name}": render_compiled()}


@cache
def load_compiled() -> dict[str, Any]:
    """What the models say, from the file where it is up to date, else from the models."""
    try:
        found = json.loads(FILE.read_bytes())
        if found["made_from"] == hash_sources():
            tables: dict[str, Any] = found["tables"]
            return tables
    except (OSError, ValueError, KeyError, TypeError):
        pass
    return compile_models()


_POLARS = {
    "id": "String",
    "term": "String",
    "text": "String",
    "url": "String",
    "date": "Date",
    "count": "Int64",
    "number": "Float64",
}


@cache
def list_tables() -> tuple[str, ...]:
    """The names of the tables that are written and checked, in order; derived ones are left out."""
    return tuple(name for name, described in load_compiled().items() if not described["derived"])


@cache
def list_pandera_columns(table: str) -> dict[str, Any]:
    """The pandera columns of a table, by name, in order."""
    from conflictdata.schema.tables import TABLES

    return dict(TABLES[table].to_schema().columns)


@cache
def list_column_kinds(table: str) -> dict[str, str]:
    """The kind of each column of a table: id, term, text, url, date, count or number."""
    return {c.column: c.kind for c in load_constraints(table)}


@cache
def list_key_columns(table: str) -> tuple[str, ...]:
    """The primary key of a table."""
    return tuple(load_compiled()[table]["key"])


@cache
def list_references(table: str) -> dict[str, str]:
    """The foreign keys of a table: column to the table whose key it holds."""
    return {c.column: c.references for c in load_constraints(table) if c.references}


def make_polars_schema(table: str) -> dict[str, Any]:
    """The polars types of a table, by column, in order."""
    import polars as pl

    return {name: getattr(pl, _POLARS[kind]) for name, kind in list_column_kinds(table).items()}


def make_text_schema(table: str) -> dict[str, Any]:
    """The same columns, all as text: a table as it was written, before its cells are read."""
    import polars as pl

    return dict.fromkeys(list_column_kinds(table), pl.String)


def make_empty_frame(table: str) -> pl.DataFrame:
    """A table without rows."""
    import polars as pl

    return pl.DataFrame(schema=make_polars_schema(table))


ISO_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}\z"


WHOLE = r"^(?:0|-?[1-9][0-9]{0,17})\z"


REAL = r"^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?\z"


HIDDEN = "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069\n\r\t]"


# Unicode's white space by name, since not every engine's \s knows more than that of ASCII.
_SPACE = "[\\s\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"


OUTER_SPACE = rf"^{_SPACE}|{_SPACE}\z"


FORMULA = r"^[=+\-@]"
