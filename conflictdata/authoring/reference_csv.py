"""The canonical form of a table that people write: the columns of the model, rows in order of their key, few quotes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path

from conflictdata.authoring.canonical import MENDED, Formatted, doubtful_day
from conflictdata.authoring.scalars import cleaned
from conflictdata.findings import Finding, Place
from conflictdata.readers.records import Cell
from conflictdata.readers.seed_csv import rows
from conflictdata.readers.text import as_text
from conflictdata.rules.file_rules import problem
from conflictdata.schema.columns import key, kinds

_RETIRED = {"id": "id", "replaced_by": "id", "on": "date", "reason": "text"}
TABLES = ("actors", "aliases", "locations", "conflicts", "retired")


def table_of(path: Path) -> str:
    """The table that a CSV among the seeds holds; empty where it is none of them."""
    return path.stem if path.stem in TABLES else ""


def canonical(data: bytes, file: str, table: str) -> Formatted:
    """The canonical form of a table.

    Args:
        data: the bytes of its CSV.
        file: its name, for the findings.
        table: which table it is.
    """
    text, faults = as_text(data, file)
    barriers = [f for f in faults if f.rule not in MENDED]
    if text is None or barriers:
        return Formatted(None, barriers or faults)
    try:
        header, *body = rows(text)
    except csv.Error as fault:
        return Formatted(None, [problem("csv.syntax", f"not CSV: {fault.args[0]}", Place(file, fault.args[1], 0))])
    columns = _RETIRED if table == "retired" else kinds(table)
    names = [cell.text.strip() for cell in header]
    misfits = [*_misnamed(header, names, columns, table, file), *_misfitting(body, len(names), file)]
    if misfits:
        return Formatted(None, misfits)
    written = _written(names, body, columns, ("id",) if table == "retired" else key(table))
    days = [(name, cell) for row in body for name, cell in zip(names, row, strict=True) if columns[name] == "date"]
    return Formatted(written, [doubt for _, cell in days for doubt in doubtful_day(cell, file)])


def _misnamed(
    header: list[Cell], names: list[str], columns: Mapping[str, str], table: str, file: str
) -> Iterator[Finding]:
    for number, (cell, name) in enumerate(zip(header, names, strict=True)):
        place = Place(file, cell.line, cell.column)
        if name not in columns:
            hint = f"The columns are: {', '.join(columns)}."
            yield problem("seed.unknown-key", f"{table} has no column {name!r}", place, value=name, hint=hint)
        elif name in names[:number]:
            yield problem("yaml.duplicate-key", f"the column {name!r} stands twice", place, value=name)


def _misfitting(body: list[list[Cell]], width: int, file: str) -> Iterator[Finding]:
    for row in body:
        if len(row) != width:
            message = f"{len(row)} cell(s), but the header has {width}"
            yield problem("csv.width", message, Place(file, row[0].line, 0))


def _written(names: list[str], body: list[list[Cell]], columns: Mapping[str, str], order: tuple[str, ...]) -> str:
    lines = [
        {
            n: cleaned(c.text, day=columns[n] == "date", free=columns[n] == "text")
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
