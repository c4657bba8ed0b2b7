"""CSV with places: cells of text with line and column, and a finding for each fault of form (RFC 4180)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from conflictdata.findings import Finding, Place
from conflictdata.schema.physical import kinds
from conflictdata.seeds.problems import problem
from conflictdata.seeds.records import Cell, Record
from conflictdata.seeds.text import TABLE_LIMIT, read_text
from conflictdata.seeds.walk import nearest


def rows(text: str) -> Iterator[list[Cell]]:
    """The rows of a CSV text, cell by cell with places. Raises `csv.Error` with the line on a stray quote."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    lines = text.split("\n")
    while True:
        first = reader.line_num + 1
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error as fault:
            raise csv.Error(f"{fault}", reader.line_num) from None
        if values:
            yield list(_located(values, lines, first))


def _located(values: list[str], lines: list[str], line: int) -> Iterator[Cell]:
    column = 1
    for value in values:
        yield Cell(value, line, column)
        source = lines[line - 1] if line <= len(lines) else ""
        quoted = source[column - 1 : column] == '"'
        width = len(value) + (value.count('"') + 2 if quoted else 0)
        breaks = value.count("\n") if quoted else 0
        if breaks:
            line += breaks
            tail = value.rsplit("\n", 1)[1]
            column = len(tail) + tail.count('"') + 3
        else:
            column += width + 1


def _header(header: list[Cell], table: str, file: str) -> tuple[list[str], list[Finding]]:
    """The names of the header, and what is wrong with it."""
    known = kinds(table)
    names = [cell.text for cell in header]
    findings = []
    for number, cell in enumerate(header):
        place = Place(file, cell.line, cell.column)
        if cell.text not in known:
            hint = nearest(cell.text, known) or f"The columns are: {', '.join(known)}."
            message = f"{table} has no column {cell.text!r}"
            findings.append(problem("seed.unknown-key", message, place, value=cell.text, hint=hint))
        elif cell.text in names[:number]:
            findings.append(
                problem("yaml.duplicate-key", f"the column {cell.text!r} stands twice", place, value=cell.text)
            )
    return names, findings


def read_table(path: Path, file: str, table: str) -> tuple[list[Record], list[Finding]]:
    """A CSV of one table as records, and what is wrong with it."""
    text, findings = read_text(path, file, limit=TABLE_LIMIT, tabs=True)
    if text is None:
        return [], findings
    records: list[Record] = []
    try:
        lines = rows(text)
        names, faults = _header(next(lines, []), table, file)
        findings += faults
        for cells in lines:
            line = cells[0].line
            if len(cells) != len(names):
                message = f"{len(cells)} cell(s), but the header has {len(names)}"
                findings.append(problem("csv.width", message, Place(file, line, 0)))
            filled = {name: cell for name, cell in zip(names, cells, strict=False) if cell.text}
            records.append(Record(table, filled, file, line, 1))
    except csv.Error as fault:
        findings.append(problem("csv.syntax", f"not CSV: {fault.args[0]}", Place(file, fault.args[1], 0)))
    return records, findings
