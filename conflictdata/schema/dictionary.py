"""Data dictionary: every table, column and term of the data, as Markdown."""

from __future__ import annotations

import inspect

from conflictdata.schema import vocabularies
from conflictdata.schema.columns import Constraint, list_key_columns, load_constraints
from conflictdata.schema.sums import HOW_NOT_TO_ADD_UP
from conflictdata.schema.tables import TABLES
from conflictdata.schema.tableschema import format_title

TYPES = {
    "id": "text",
    "term": "term",
    "text": "text",
    "url": "text",
    "date": "date",
    "count": "whole number",
    "number": "number",
}


def _escape_cell(text: str) -> str:
    return " ".join(text.split()).replace("|", r"\|")


def _render_row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _describe_values(c: Constraint) -> str:
    """Return the allowed values of a column, beyond its type."""
    if c.vocabulary:
        return f"[{c.vocabulary}](#{c.vocabulary}): " + ", ".join(f"`{term}`" for term in c.terms)
    if c.references:
        return f"key of [{c.references}](#{c.references})"
    if c.kind == "number":
        return f"{c.low:g} to {c.high:g}, {c.unit}"
    return c.unit


def _render_column(c: Constraint) -> str:
    name = f"**`{c.column}`**" if c.required else f"`{c.column}`"
    return _render_row(
        name,
        TYPES[c.kind],
        _escape_cell(c.description),
        _escape_cell(_describe_values(c)),
        f"`{_escape_cell(c.example)}`",
    )


def _render_table(table: str) -> list[str]:
    about = inspect.getdoc(TABLES[table]) or ""
    return [
        f"### {table}",
        "",
        f"*{format_title(table)}.* {' '.join(about.split())}",
        "",
        "Key: " + ", ".join(f"`{column}`" for column in list_key_columns(table)),
        "",
        _render_row("column", "type", "meaning", "takes", "example"),
        "|---|---|---|---|---|",
        *map(_render_column, load_constraints(table)),
        "",
    ]


def _render_vocabulary(vocabulary: vocabularies.Vocabulary) -> list[str]:
    source = [f"Source: {vocabulary.source}.", ""] if vocabulary.source else []
    terms = [_render_row(f"`{t.term}`", _escape_cell(t.label), _escape_cell(t.definition)) for t in vocabulary.terms]
    return [
        f"### {vocabulary.name}",
        "",
        f"{vocabulary.title}.",
        "",
        *source,
        _render_row("term", "label", "definition"),
        "|---|---|---|",
        *terms,
        "",
    ]


def render_dictionary() -> str:
    """Return all tables and columns, then all vocabularies and terms, as Markdown.

    Required columns are in bold.
    """
    lines = ["## Tables", "", *(f"- {line}" for line in HOW_NOT_TO_ADD_UP), ""]
    lines += ["A column in bold is always filled. An empty cell is never zero.", ""]
    for table in TABLES:
        lines += _render_table(table)
    lines += ["## Vocabularies", "", "The words that columns of type *term* may hold; there are no others.", ""]
    for vocabulary in vocabularies.VOCABULARIES.values():
        lines += _render_vocabulary(vocabulary)
    return "\n".join(lines)
