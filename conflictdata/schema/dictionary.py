"""The data dictionary: every table, column and word of the data, as Markdown."""

from __future__ import annotations

import inspect

from conflictdata.schema import vocabularies
from conflictdata.schema.columns import Constraint, constraints, key
from conflictdata.schema.tables import TABLES
from conflictdata.schema.tableschema import title

TYPES = {
    "id": "text",
    "term": "term",
    "text": "text",
    "url": "text",
    "date": "date",
    "count": "whole number",
    "number": "number",
}


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", r"\|")


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _takes(c: Constraint) -> str:
    """What a cell of the column may hold, beyond its type."""
    if c.vocabulary:
        return f"[{c.vocabulary}](#{c.vocabulary}): " + ", ".join(f"`{term}`" for term in c.terms)
    if c.references:
        return f"key of [{c.references}](#{c.references})"
    if c.kind == "number":
        return f"{c.low:g} to {c.high:g}, {c.unit}"
    return c.unit


def _column(c: Constraint) -> str:
    name = f"**`{c.column}`**" if c.required else f"`{c.column}`"
    return _row(name, TYPES[c.kind], _cell(c.description), _cell(_takes(c)), f"`{_cell(c.example)}`")


def _table(table: str) -> list[str]:
    about = inspect.getdoc(TABLES[table]) or ""
    return [
        f"### {table}",
        "",
        f"*{title(table)}.* {' '.join(about.split())}",
        "",
        "Key: " + ", ".join(f"`{column}`" for column in key(table)),
        "",
        _row("column", "type", "meaning", "takes", "example"),
        "|---|---|---|---|---|",
        *map(_column, constraints(table)),
        "",
    ]


def _vocabulary(vocabulary: vocabularies.Vocabulary) -> list[str]:
    source = [f"Source: {vocabulary.source}.", ""] if vocabulary.source else []
    terms = [_row(f"`{t.term}`", _cell(t.label), _cell(t.definition)) for t in vocabulary.terms]
    return [
        f"### {vocabulary.name}",
        "",
        f"{vocabulary.title}.",
        "",
        *source,
        _row("term", "label", "definition"),
        "|---|---|---|",
        *terms,
        "",
    ]


def dictionary() -> str:
    """All tables with their columns, then all vocabularies with their terms. Columns in bold are always filled."""
    lines = ["## Tables", "", "A column in bold is always filled. An empty cell is never zero.", ""]
    for table in TABLES:
        lines += _table(table)
    lines += ["## Vocabularies", "", "The words that columns of type *term* may hold; there are no others.", ""]
    for vocabulary in vocabularies.VOCABULARIES.values():
        lines += _vocabulary(vocabulary)
    return "\n".join(lines)
