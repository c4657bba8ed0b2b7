"""Format a CSV table of the seeds in canonical form.

Columns have the order of the model, rows that of their keys. Cells are quoted only if necessary.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path

from conflictdata.authoring.canonical import FIXABLE_RULES, FormattedText, clean_text, find_ambiguous_day
from conflictdata.findings import Finding, Place
from conflictdata.readers.records import Cell
from conflictdata.readers.seed_csv import read_rows
from conflictdata.readers.text import decode_text
from conflictdata.rules.file_rules import make_file_finding
from conflictdata.schema.columns import list_column_kinds, list_key_columns
from conflictdata.seeds import REFERENCE

_RETIRED = {"id": "id", "replaced_by": "id", "on": "date", "reason": "text"}
TABLES = (*REFERENCE, "retired")


def detect_table(path: Path) -> str:
    """Return the table in a CSV file of the seeds, or "" if it is none of them."""
    return path.stem if path.stem in TABLES else ""


def format_table(data: bytes, file: str, table: str) -> FormattedText:
    """Format a table in canonical form.

    Args:
        data: The bytes of its CSV file.
        file: Its name, for findings.
        table: Name of the table.

    Returns:
        The canonical text, or the findings that prevent it.
    """
    text, faults = decode_text(data, file)
    barriers = [f for f in faults if f.rule not in FIXABLE_RULES]
    if text is None or barriers:
        return FormattedText(None, barriers or faults)
    try:
        header, *body = read_rows(text)
    except csv.Error as fault:
        return FormattedText(
            None, [make_file_finding("csv.syntax", f"not CSV: {fault.args[0]}", Place(file, fault.args[1], 0))]
        )
    columns = _RETIRED if table == "retired" else list_column_kinds(table)
    names = [cell.text.strip() for cell in header]
    misfits = [*_find_misnamed(header, names, columns, table, file), *_find_misfitting(body, len(names), file)]
    if misfits:
        return FormattedText(None, misfits)
    written = _render_table(names, body, columns, ("id",) if table == "retired" else list_key_columns(table))
    days = [(name, cell) for row in body for name, cell in zip(names, row, strict=True) if columns[name] == "date"]
    return FormattedText(written, [finding for _, cell in days for finding in find_ambiguous_day(cell, file)])


def _find_misnamed(
    header: list[Cell], names: list[str], columns: Mapping[str, str], table: str, file: str
) -> Iterator[Finding]:
    for number, (cell, name) in enumerate(zip(header, names, strict=True)):
        place = Place(file, cell.line, cell.column)
        if name not in columns:
            hint = f"The columns are: {', '.join(columns)}."
            yield make_file_finding("seed.unknown-key", f"{table} has no column {name!r}", place, value=name, hint=hint)
        elif name in names[:number]:
            yield make_file_finding("yaml.duplicate-key", f"the column {name!r} is duplicated", place, value=name)


def _find_misfitting(body: list[list[Cell]], width: int, file: str) -> Iterator[Finding]:
    for row in body:
        if len(row) != width:
            message = f"{len(row)} cell(s), but the header has {width}"
            yield make_file_finding("csv.width", message, Place(file, row[0].line, 0))


def _render_table(names: list[str], body: list[list[Cell]], columns: Mapping[str, str], order: tuple[str, ...]) -> str:
    lines = [
        {
            n: clean_text(c.text, day=columns[n] == "date", free=columns[n] == "text")
            for n, c in zip(names, row, strict=True)
        }
        for row in body
    ]
    lines.sort(key=lambda line: [line.get(name, "") for name in order])
    text = io.StringIO()
    writer = csv.DictWriter(text, [name for name in columns if name in names], lineterminator="\n")
    writer.writeheader()
    writer.writerows(lines)
    return text.getvalue()
