"""The models as Table Schema (Data Package v2) and as Arrow schemas.

The files in `schemas/` are generated, never edited. A test fails if one is out of date.
"""

from __future__ import annotations

import inspect
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conflictdata.schema import vocabularies
from conflictdata.schema.columns import Constraint, list_key_columns, load_constraints
from conflictdata.schema.quantities import LARGEST_COUNT
from conflictdata.schema.tables import TABLES

if TYPE_CHECKING:
    import pyarrow as pa

PROFILE = "https://datapackage.org/profiles/2.0/tableschema.json"

# Kind of column: type in Table Schema, type in Arrow, type and dtype in the pandas metadata.
_TEXT = ("string", "string", "unicode", "string")
_KINDS: dict[str, tuple[str, str, str, str]] = {
    "id": _TEXT,
    "term": _TEXT,
    "text": _TEXT,
    "url": _TEXT,
    "date": ("date", "date32", "date", "object"),
    "count": ("integer", "int64", "int64", "Int64"),
    "number": ("number", "float64", "float64", "Float64"),
}


def format_title(table: str) -> str:
    """Return the name of a table as a heading."""
    return table.replace("_", " ").capitalize()


def read_description(table: str) -> str:
    """Return the description of a table on one line."""
    return " ".join((inspect.getdoc(TABLES[table]) or "").split())


def _build_constraints(c: Constraint) -> dict[str, Any]:
    # XSD regular expressions match the whole cell and have no `(?:`. frictionless adds `^` and `$`.
    pattern = c.pattern.replace("(?:", "(")
    bounds = {"minLength": c.shortest, "maxLength": c.longest} if c.longest else {}
    high = LARGEST_COUNT if c.kind == "count" and c.high is None else c.high
    return {
        **({"required": True} if c.required else {}),
        **({"unique": True} if c.unique else {}),
        **({"enum": list(c.terms)} if c.terms else {}),
        **({"pattern": pattern} if pattern else {}),
        **bounds,
        **({"minimum": c.low} if c.low is not None else {}),
        **({"maximum": high} if high is not None else {}),
    }


def _build_categories(vocabulary: str) -> list[dict[str, str]]:
    terms = vocabularies.VOCABULARIES[vocabulary].terms
    return [{"value": t.term, "label": t.label, "description": t.definition} for t in terms]


def _build_field(c: Constraint) -> dict[str, Any]:
    field: dict[str, Any] = {"name": c.column, "type": _KINDS[c.kind][0]}
    if c.kind == "date":
        field["format"] = "default"
    field["description"] = c.description
    field["example"] = c.example
    if c.unit:
        field["unit"] = c.unit
    if constraints := _build_constraints(c):
        field["constraints"] = constraints
    if c.vocabulary:  # frictionless checks `enum`; `categories` add the meaning and are not checked
        field["vocabulary"] = c.vocabulary
        field["categories"] = _build_categories(c.vocabulary)
    return field


def _build_foreign_key(table: str, c: Constraint) -> dict[str, Any]:
    reference: dict[str, Any] = {"fields": list(list_key_columns(c.references))}
    if c.references != table:  # a reference to the same table names no resource
        reference = {"resource": c.references, **reference}
    return {"fields": [c.column], "reference": reference}


def build_table_schema(table: str) -> dict[str, Any]:
    """Return the Table Schema (Data Package v2) of a table.

    It has three properties beyond the standard: `unit` of a quantity, `vocabulary` (its name), and a `description`
    in each category.

    Raises:
        NotImplementedError: If Table Schema cannot express the type or a check of a column.
    """
    columns = load_constraints(table)
    return {
        "$schema": PROFILE,
        "name": table,
        "title": format_title(table),
        "description": read_description(table),
        "fields": [_build_field(c) for c in columns],
        "primaryKey": list(list_key_columns(table)),
        "foreignKeys": [_build_foreign_key(table, c) for c in columns if c.references],
        "missingValues": [""],
    }


def render_json(descriptor: Any) -> str:
    """Return JSON in the form of all generated files.

    It has an indent of two spaces, and one newline at the end.
    """
    return json.dumps(descriptor, indent=2, ensure_ascii=False) + "\n"


def render_schemas() -> dict[str, str]:
    """Return all Table Schemas as JSON, by file name."""
    return {f"{table}.json": render_json(build_table_schema(table)) for table in TABLES}


def write_schemas(folder: Path) -> list[Path]:
    """Write the Table Schema of every table to `<folder>/<table>.json`.

    Returns:
        The paths of the files.
    """
    folder.mkdir(parents=True, exist_ok=True)
    texts = render_schemas()
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    return [folder / name for name in texts]


def _build_pandas_metadata(columns: tuple[Constraint, ...]) -> bytes:
    """Return metadata that make pandas use nullable Int64, Float64 and string.

    Without them pandas reads float and object columns.
    """
    described = [
        {
            "name": c.column,
            "field_name": c.column,
            "pandas_type": _KINDS[c.kind][2],
            "numpy_type": _KINDS[c.kind][3],
            "metadata": None,
        }
        for c in columns
    ]
    return json.dumps({"index_columns": [], "column_indexes": [], "columns": described}).encode()


def build_arrow_schema(table: str) -> pa.Schema:
    """Return the Arrow schema of a table, with descriptions in the metadata.

    The types are string, date32, int64 and double.
    """
    import pyarrow as pa

    columns = load_constraints(table)
    fields = [
        pa.field(c.column, getattr(pa, _KINDS[c.kind][1])(), not c.required, {"description": c.description})
        for c in columns
    ]
    about = {"name": table, "title": format_title(table), "description": read_description(table)}
    return pa.schema(fields, {**about, "pandas": _build_pandas_metadata(columns)})
