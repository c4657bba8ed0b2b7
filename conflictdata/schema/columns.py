"""Constraints of each column as plain data.

Exporters and validation use this module instead of pandera, and normally get the constraints from `compiled.json`
without loading pandera. The arguments of a check are those that its constructor put into the column's metadata. An
unknown type or check raises an exception, so that no constraint is lost on the way to a schema.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

_TYPES = {
    "id": "Text",
    "term": "Text",
    "text": "Text",
    "prose": "Text",  # free text of an imported dataset
    "url": "Text",
    "date": "Day",
    "count": "Count",
    "number": "Number",
}


@dataclass(frozen=True)
class Constraint:
    """Constraints of one column.

    Attributes:
        column: Name of the column.
        kind: id, term, text, prose, url, date, count or number.
        required: Whether the cell must be filled.
        unique: Whether values must be unique. (The table declares keys; they are not marked here.)
        description: Meaning of the column.
        example: A valid cell, as text.
        unit: Unit of measurement of a quantity.
        vocabulary: Name of the closed vocabulary of the column.
        references: Table whose key the column holds.
        terms: The allowed words.
        pattern: Regular expression that matches the whole cell, without anchors.
        shortest: Minimum number of characters.
        longest: Maximum number of characters; 0 means no limit.
        low: Minimum value.
        high: Maximum value.
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


# Names of the checks that the constructors of columns use, as pandera reports them.
_CHECKS = {
    "isin": "isin",
    "str_matches": "str_matches",
    "str_length": "str_length",
    "ge": "greater_than_or_equal_to",
    "in_range": "in_range",
}


def _read_check(name: str, argument: Any) -> dict[str, Any]:
    match name:
        case "isin":
            return {"terms": tuple(argument)}
        case "str_matches":
            if not argument.endswith(r"\Z"):
                raise NotImplementedError(f"a pattern that is not anchored at the end: {argument}")
            return {"pattern": argument.removesuffix(r"\Z")}
        case "str_length":
            return {"shortest": argument["min_value"], "longest": argument["max_value"]}
        case "ge":
            return {"low": argument}
        case "in_range":
            return {"low": argument["min_value"], "high": argument["max_value"]}
    raise NotImplementedError(f"a check that the schemas cannot say: {name}")


def read_constraint(name: str, column: Any) -> Constraint:
    """Return the constraints of one pandera column.

    Raises:
        NotImplementedError: If the column has a type or a check that is unknown here.
    """
    from conflictdata.schema import fields, pandera_types

    info = fields.read_info(column)
    kind = info.get("kind", "")
    if kind not in _TYPES or not isinstance(column.dtype, getattr(pandera_types, _TYPES[kind])):
        raise NotImplementedError(f"{name}: a column of kind {kind!r} and type {column.dtype}")
    arguments = info.get("checks", {})
    checks: dict[str, Any] = {}
    for check, argument in arguments.items():
        checks |= _read_check(check, argument)
    if unknown := {str(check.name) for check in column.checks} - {_CHECKS[check] for check in arguments}:
        raise NotImplementedError(f"{name}: checks that no constructor of columns made: {', '.join(sorted(unknown))}")
    return Constraint(
        name, kind, not column.nullable, bool(column.unique), column.description or "", info["example"],
        unit=info.get("unit", ""), vocabulary=info.get("vocabulary", ""), references=info.get("references", ""), **checks,
    )  # fmt: skip


@cache
def load_constraints(table: str) -> tuple[Constraint, ...]:
    """Return the constraints of each column of a table, in order."""
    plain = {"required": False, "unique": False, "description": "", "example": ""}
    columns = [{**plain, **column} for column in load_compiled()[table]["columns"]]
    return tuple(Constraint(**{**column, "terms": tuple(column.get("terms", ()))}) for column in columns)


_HERE = Path(__file__).parent


FILE = _HERE / "compiled.json"


_MADE_FROM = ("schema/tables.py", "schema/fields.py", "schema/columns.py", "schema/vocabularies.py")


def hash_sources() -> str:
    """Return the SHA-256 of the modules that define the columns."""
    digest = hashlib.sha256()
    for name in _MADE_FROM:
        digest.update((_HERE.parent / name).read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()


def compile_models() -> dict[str, Any]:
    """Return the definition of every table by name, derived tables first.

    Returns:
        Per table `key`, `derived` and `columns`. A column lists only constraints that differ from the default.
    """
    from conflictdata.schema.tables import DERIVED, TABLES

    plain = asdict(Constraint("", "", required=False, unique=False, description="", example=""))
    tables = {}
    for table, model in TABLES.items():
        columns = [asdict(read_constraint(name, column)) for name, column in model.to_schema().columns.items()]
        tables[table] = {
            "key": list(model.Config.metadata["key"]),
            "derived": table in DERIVED,
            # Leave out default values.
            "columns": [
                {k: v for k, v in c.items() if v != plain[k] or type(v) is not type(plain[k])} for c in columns
            ],
        }
    return tables


def render_compiled() -> str:
    """Return the text of `compiled.json`, generated from the models."""
    note = "Generated by `conflictdata publish --repository` from conflictdata/schema/tables.py; not edited by hand."
    content = {"about": note, "made_from": hash_sources(), "tables": compile_models()}
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def render_compiled_files() -> dict[str, str]:
    """Return the text of `compiled.json` by its path in the repository."""
    return {f"conflictdata/schema/{FILE.name}": render_compiled()}


@cache
def load_compiled() -> dict[str, Any]:
    """Return the table definitions, from `compiled.json` if it is up to date.

    Otherwise they are generated from the models, which is slower because it loads pandera.
    """
    try:
        stored = json.loads(FILE.read_bytes())
        if stored["made_from"] == hash_sources():
            tables: dict[str, Any] = stored["tables"]
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
    """Return the names of the tables in order, without derived tables."""
    return tuple(name for name, described in load_compiled().items() if not described["derived"])


@cache
def list_pandera_columns(table: str) -> dict[str, Any]:
    """Return the pandera columns of a table by name, in order."""
    from conflictdata.schema.tables import TABLES

    return dict(TABLES[table].to_schema().columns)


@cache
def list_column_kinds(table: str) -> dict[str, str]:
    """Return the kind of each column: id, term, text, url, date, count or number."""
    return {c.column: c.kind for c in load_constraints(table)}


@cache
def list_key_columns(table: str) -> tuple[str, ...]:
    """Return the columns of a table's primary key."""
    return tuple(load_compiled()[table]["key"])


@cache
def list_references(table: str) -> dict[str, str]:
    """Return the foreign keys of a table: column to the table it references."""
    return {c.column: c.references for c in load_constraints(table) if c.references}


def make_polars_schema(table: str) -> dict[str, Any]:
    """Return the polars type of each column of a table, in order."""
    import polars as pl

    return {name: getattr(pl, _POLARS[kind]) for name, kind in list_column_kinds(table).items()}


def make_text_schema(table: str) -> dict[str, Any]:
    """Return the columns of a table with type String, as before its cells are parsed."""
    import polars as pl

    return dict.fromkeys(list_column_kinds(table), pl.String)


def make_empty_frame(table: str) -> pl.DataFrame:
    """Return a table without rows."""
    import polars as pl

    return pl.DataFrame(schema=make_polars_schema(table))
