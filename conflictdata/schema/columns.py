"""Constraints of each column as plain data.

Exporters and validation use this module instead of pandera, and normally get the constraints from `compiled.json`
without loading pandera. The arguments of a check are those that its constructor put into the column's metadata. An
unknown type or check raises an exception, so that no constraint is lost on the way to a schema.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
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


def make_constraint(stored: Mapping[str, Any]) -> Constraint:
    """Return the constraints of a column from the form that `describe_columns` gives."""
    plain = {"required": False, "unique": False, "description": "", "example": ""}
    return Constraint(**{**plain, **stored, "terms": tuple(stored.get("terms", ()))})


def describe_columns(model: Any) -> list[dict[str, Any]]:
    """Return the columns of a pandera model as plain data. Constraints that are as by default are left out."""
    plain = asdict(make_constraint({"column": "", "kind": ""}))
    columns = [asdict(read_constraint(name, column)) for name, column in model.to_schema().columns.items()]
    return [{k: v for k, v in c.items() if v != plain[k] or type(v) is not type(plain[k])} for c in columns]


@dataclass(frozen=True)
class CompiledModels:
    """Models as plain data in a JSON file, which loads without pandera.

    Attributes:
        file: The file, `compiled.json`.
        sources: Patterns of the modules that the models are made from, relative to the folder of the file.
        about: Note at the head of the file.
        describe_models: Returns the definition of every table, by name.
    """

    file: Path
    sources: tuple[str, ...]
    about: str
    describe_models: Callable[[], dict[str, Any]]

    def hash_sources(self) -> str:
        """Return the SHA-256 of the modules that define the columns."""
        digest = hashlib.sha256()
        for path in sorted(path for pattern in self.sources for path in self.file.parent.glob(pattern)):
            digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
        return digest.hexdigest()

    def render_files(self) -> dict[str, str]:
        """Return the text of the file, made from the models, by its path in the repository."""
        content = {"about": self.about, "made_from": self.hash_sources(), "tables": self.describe_models()}
        path = self.file.relative_to(Path(__file__).parents[2]).as_posix()
        return {path: json.dumps(content, indent=1, ensure_ascii=False) + "\n"}

    def load(self) -> dict[str, Any]:
        """Return the definition of every table: from the file if it is up to date, else from the models."""
        try:
            stored = json.loads(self.file.read_bytes())
            if stored["made_from"] == self.hash_sources():
                tables: dict[str, Any] = stored["tables"]
                return tables
        except (OSError, ValueError, KeyError, TypeError):
            pass
        return self.describe_models()


def compile_models() -> dict[str, Any]:
    """Return the definition of every table by name, derived tables first: `key`, `derived` and `columns`."""
    from conflictdata.schema.tables import DERIVED, TABLES

    return {
        table: {
            "key": list(model.Config.metadata["key"]),
            "derived": table in DERIVED,
            "columns": describe_columns(model),
        }
        for table, model in TABLES.items()
    }


COMPILED = CompiledModels(
    Path(__file__).with_name("compiled.json"),
    ("tables.py", "fields.py", "columns.py", "vocabularies.py"),
    "Generated by `conflictdata publish --repository` from conflictdata/schema/tables.py; not edited by hand.",
    compile_models,
)


@cache
def load_compiled() -> dict[str, Any]:
    """Return the definition of every table."""
    return COMPILED.load()


@cache
def load_constraints(table: str) -> tuple[Constraint, ...]:
    """Return the constraints of each column of a table, in order."""
    return tuple(make_constraint(column) for column in load_compiled()[table]["columns"])


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
