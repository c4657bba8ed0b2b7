"""Descriptions of tables, as returned by `describe`."""

from __future__ import annotations

import html
import shutil
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from conflictdata.schema.sums import HOW_NOT_TO_ADD_UP

if TYPE_CHECKING:
    import pandas as pd

_TYPES = {"string": "text", "integer": "whole number", "number": "number", "date": "date"}


@dataclass(frozen=True)
class Column:
    """A column.

    Attributes:
        name: Name of the column.
        type: "text", "term" (one of `terms`), "whole number", "number" or "date".
        description: Meaning.
        required: Whether every row has a value.
        unit: Unit of measurement. Empty if the column is not a quantity.
        references: Table whose key the column contains. Empty if there is none.
        example: A value, as text.
        terms: The allowed words, with their definitions.
    """

    name: str
    type: str
    description: str
    required: bool
    unit: str
    references: str
    example: str
    terms: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, repr=False)
class Description:
    """A description of a table. Print it, or read its attributes.

    Attributes:
        name: Name of the table.
        title: Description, in one sentence.
        text: Description.
        rows: Number of rows.
        key: Columns that identify a row.
        columns: The columns, in order.
        warnings: For a table of numbers: how not to add them up.
    """

    name: str
    title: str
    text: str
    rows: int
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    warnings: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Return the columns as a pandas DataFrame, one row per column.

        The words in `terms` are joined by spaces.
        """
        import pandas as pd

        names = ("name", "type", "description", "required", "unit", "references", "example")
        rows = [{n: getattr(c, n) for n in names} | {"terms": " ".join(c.terms)} for c in self.columns]
        return pd.DataFrame(rows, columns=[*names, "terms"])

    def select_column(self, name: str) -> Description:
        """Return the description with this column alone."""
        return replace(self, columns=tuple(column for column in self.columns if column.name == name))

    def __str__(self) -> str:
        width = max(60, min(shutil.get_terminal_size().columns, 120))
        count = len(self.columns)
        number = f"{count} column{'' if count == 1 else 's'}"
        about = f"{self.name}: {self.rows:,} rows, {number}, key {', '.join(self.key)}"
        lines = [about, "", *textwrap.wrap(self.text, width), ""]
        lines += [
            part
            for text in self.warnings
            for part in textwrap.wrap(text, width, initial_indent="! ", subsequent_indent="  ")
        ]
        lines += [""] * bool(self.warnings) + ["* always filled", ""]
        for column in self.columns:
            lines += _render_column(column, width)
        return "\n".join(lines)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        names = ("name", "type", "description", "unit", "references")
        head = "".join(f"<th>{name}</th>" for name in names)
        rows = ("".join(f"<td>{html.escape(getattr(c, name))}</td>" for name in names) for c in self.columns)
        body = "".join(f"<tr>{row}</tr>" for row in rows)
        about = f"{self.name}: {self.rows:,} rows, key {', '.join(self.key)}"
        table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        warnings = "".join(f"<li>{html.escape(text)}</li>" for text in self.warnings)
        listed = f"<ul>{warnings}</ul>" if warnings else ""
        return f"<div><p><b>{html.escape(about)}</b></p><p>{html.escape(self.text)}</p>{listed}{table}</div>"


_NAMES, _KINDS, _INDENT = 24, 14, 38


def _render_column(column: Column, width: int) -> Iterator[str]:
    head = f"{column.name}{' *' if column.required else ''}".ljust(_NAMES) + column.type.ljust(_KINDS)
    unit = f" In {column.unit}." if column.unit else ""
    target = f" Key of {column.references}." if column.references else ""
    yield from textwrap.wrap(
        column.description + unit + target, width, initial_indent=head.ljust(_INDENT), subsequent_indent=" " * _INDENT
    )
    margin = max(map(len, column.terms), default=0) + 2
    for term, meaning in column.terms.items():
        first = " " * _INDENT + term.ljust(margin)
        yield from textwrap.wrap(
            meaning, max(width, len(first) + 20), initial_indent=first, subsequent_indent=" " * len(first)
        )


def make_description(resource: Mapping[str, Any], schema: Mapping[str, Any]) -> Description:
    """Build a description from a resource of `datapackage.json` and its schema."""
    targets = {fk["fields"][0]: fk["reference"].get("resource", resource["name"]) for fk in schema["foreignKeys"]}
    columns = tuple(_read_column(item, targets.get(item["name"], "")) for item in schema["fields"])
    text = schema["description"]
    first = text.partition(". ")[0].rstrip(".") + "."
    return Description(
        resource["name"], first, text, resource["rows"], tuple(schema["primaryKey"]), columns, _list_warnings(columns)
    )


def _list_warnings(columns: tuple[Column, ...]) -> tuple[str, ...]:
    names = {column.name for column in columns}
    return HOW_NOT_TO_ADD_UP if {"low", "best", "high"} <= names else ()


def _read_column(item: Mapping[str, Any], target: str) -> Column:
    terms = {c["value"]: c["description"] for c in item.get("categories", [])}
    return Column(
        item["name"],
        "term" if terms else _TYPES[item["type"]],
        item["description"],
        required=item.get("constraints", {}).get("required", False),
        unit=item.get("unit", ""),
        references=target,
        example=item["example"],
        terms=terms,
    )
