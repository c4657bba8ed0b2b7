"""CSV with places: cells of text with line and column, and a finding for each fault of form (RFC 4180)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from conflictdata._utils.suggest import suggest
from conflictdata.findings import Finding, Place
from conflictdata.readers.records import Cell, Record, is_todo
from conflictdata.readers.text import MERGE_MARK, TABLE_LIMIT, allow_long_cells, read_text
from conflictdata.rules.file_rules import PROBLEMS, make_file_finding
from conflictdata.schema.columns import list_column_kinds, list_key_columns, list_tables, load_constraints
from conflictdata.schema.fields import ID

if TYPE_CHECKING:
    from _csv import Reader

_LONG = 80  # characters of a cell in a message
_ID = re.compile(f"{ID}\\Z")


def make_reader(lines: Iterable[str], *, strict: bool = False, separator: str = ",") -> Reader:
    """Read lines as CSV, with cells of any length."""
    allow_long_cells()
    return csv.reader(lines, strict=strict, delimiter=separator)


def read_rows(text: str, separator: str = ",") -> Iterator[list[Cell]]:
    """Yield the rows of a CSV text, cell by cell with places. Raises `csv.Error` with the line on a stray quote."""
    reader = make_reader(io.StringIO(text, newline=""), strict=True, separator=separator)
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
            yield list(_locate_cells(values, lines, first))


def _locate_cells(values: list[str], lines: list[str], line: int) -> Iterator[Cell]:
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


def shorten_cell(text: str) -> str:
    """Cut a cell to what a message can hold."""
    return text if len(text) <= _LONG else f"{text[: _LONG - 1]}…"


def read_header(cells: list[Cell], table: str, file: str) -> tuple[list[str], list[Finding]]:
    """Read the names of the header, and what is wrong with it."""
    known = list_column_kinds(table)
    names = [cell.text for cell in cells]
    findings = []
    seen: set[str] = set()
    if unnamed := [cell for cell in cells if not cell.text]:
        findings.append(_report_unnamed(unnamed, cells, file))
    for cell in cells:
        place = Place(file, cell.line, cell.column)
        if not cell.text:
            continue
        if cell.text not in known:
            hint = suggest(cell.text, known) or f"The columns are: {', '.join(known)}."
            message = f"{table} has no column {shorten_cell(cell.text)!r}"
            findings.append(
                make_file_finding("seed.unknown-key", message, place, value=shorten_cell(cell.text), hint=hint)
            )
        elif cell.text in seen:
            findings.append(
                make_file_finding(
                    "csv.header", f"the column {cell.text!r} is twice in the header", place, value=cell.text
                )
            )
        seen.add(cell.text)
    return names, findings


def _report_unnamed(unnamed: list[Cell], cells: list[Cell], file: str) -> Finding:
    """The finding for the columns without a name, as a spreadsheet leaves them at the end of every row."""
    place = Place(file, unnamed[0].line, unnamed[0].column)
    message = "a column has no name" if len(unnamed) == 1 else f"{len(unnamed)} columns have no name"
    at_end = not any(cell.text for cell in cells[cells.index(unnamed[0]) :])
    hint = "Delete the commas at the end of the header and of every row." if at_end else ""
    return make_file_finding("csv.header", message, place, hint=hint)


def _find_separator(cells: list[Cell], table: str) -> str:
    """Return the name of the mark between the names of a header that is one cell, or "".

    Tabs have been replaced by spaces.
    """
    known = set(list_column_kinds(table))
    marks = ((";", "a semicolon"), ("|", "a vertical bar"), (None, "a tab or a space"))
    return next(
        (name for mark, name in marks if len(cells) == 1 and len(known & set(cells[0].text.split(mark))) > 1), ""
    )


def _find_todo_cells(cells: dict[str, Cell], file: str) -> Iterator[Finding]:
    """A finding for each cell that is still to be filled in; it counts as empty."""
    for name, cell in list(cells.items()):
        if is_todo(cell.text):
            message, place = f"{name} is still to be filled in", Place(file, cell.line, cell.column)
            yield make_file_finding("seed.todo", message, place, value=cell.text)
            del cells[name]


def _trim_irregular_row(cells: list[Cell], names: list[str], table: str, file: str) -> tuple[list[Cell], Finding]:
    """What is sure of a row with too many or too few cells, and the finding. Its cells may stand in wrong columns."""
    message, hint = describe_misfit(cells, names, table)
    sure = len(names) if _has_commas_alone(cells, names, table) else len(list_key_columns(table))
    return cells[:sure], make_file_finding("csv.width", message, Place(file, cells[0].line, 0), hint=hint)


def describe_misfit(cells: Sequence[Cell], names: Sequence[str], table: str) -> tuple[str, str]:
    """Say what is wrong with a row that has not as many cells as the header, and how to fix it.

    Args:
        cells: the row.
        names: the header.
        table: the table; empty for one that is not ours.
    """
    if MERGE_MARK.match(cells[0].text):
        return "a merge that was not finished", PROBLEMS["file.merge-mark"].hint
    if _has_commas_alone(cells, names, table):
        surplus = len(cells) - len(names)
        extra = "one comma too many at its end" if surplus == 1 else f"{surplus} commas too many at its end"
        return f"the row has {extra}", "Delete it."
    count = "cell" if len(cells) == 1 else "cells"
    message = f"the row has {len(cells)} {count}, and the header {len(names)}"
    if odd := _find_split_cell(cells):
        message += f"; {shorten_cell(odd.text)!r} may belong to the cell before it"
    return message, "Put a text with a comma in it into quotes. An empty cell still has its comma."


def _has_commas_alone(cells: Sequence[Cell], names: Sequence[str], table: str) -> bool:
    """Whether a row has nothing but commas beyond its last column, and all else is where it belongs."""
    surplus = cells[len(names) :]
    return bool(surplus) and not any(cell.text for cell in surplus) and _is_fitting(cells, names, table)


def _is_fitting(cells: Sequence[Cell], names: Sequence[str], table: str) -> bool:
    """Whether the cells can stand in their columns: words of vocabularies and numbers are where they belong."""
    if table not in list_tables():
        return False  # nothing is known of its columns
    of = {c.column: c for c in load_constraints(table)}
    for name, cell in zip(names, cells, strict=False):
        limit = of.get(name)
        if limit is None or not cell.text:
            continue
        if limit.terms and cell.text not in limit.terms:
            return False
        if limit.kind in ("number", "count", "date") and not cell.text.lstrip("-")[:1].isdigit():
            return False
    return True


def _find_split_cell(cells: Sequence[Cell]) -> Cell | None:
    """The first cell that starts with a space, as the rest of a text does after its comma."""
    return next((cell for cell in cells[1:] if cell.text.startswith(" ")), None)


def _find_unordered_rows(records: list[Record], file: str) -> Iterator[Finding]:
    """Return a finding for each row that is out of order. A key that is not a key is another finding."""
    sound = [
        r for r in records if all(_ID.match(r.text(c)) for c in list_key_columns(r.table) if c not in ("alias", "name"))
    ]
    keys = [tuple(record.text(column) for column in list_key_columns(record.table)) for record in sound]
    for n in range(1, len(keys)):
        if keys[n] >= keys[n - 1]:
            continue
        # Without the one that has moved the others are in order.
        this = n + 1 == len(keys) or keys[n + 1] >= keys[n - 1]
        moved, other, side = (n, n - 1, "after") if this else (n - 1, n, "before")
        message = f"{sound[moved].id} is {side} {sound[other].id}"
        yield make_file_finding("csv.order", message, Place(file, sound[moved].line, 1), value=sound[moved].id)


def read_table(
    path: Path, file: str, table: str, *, ordered: bool = False, root: Path | None = None
) -> tuple[list[Record], list[Finding]]:
    """Read a CSV of one table as records, and what is wrong with it. `ordered`: its rows must be in order of their keys."""
    text, findings = read_text(path, file, limit=TABLE_LIMIT, tabs=True, root=root)
    if text is None:
        return [], findings
    records: list[Record] = []
    try:
        lines = read_rows(text)
        header = next(lines, [])
        if mark := _find_separator(header, table):
            message = f"{mark} separates the cells, not a comma"
            return [], [*findings, make_file_finding("csv.separator", message, Place(file, 1, 1))]
        names, faults = read_header(header, table, file)
        findings += faults
        for cells in lines:
            line = cells[0].line
            if len(cells) != len(names):
                cells, fault = _trim_irregular_row(cells, names, table, file)  # noqa: PLW2901 - what is left of the row
                findings.append(fault)
            filled = {name: cell for name, cell in zip(names, cells, strict=False) if cell.text}
            findings += _find_todo_cells(filled, file)
            records.append(Record(table, filled, file, line, 1))
    except csv.Error as fault:
        findings.append(make_file_finding("csv.syntax", f"not CSV: {fault.args[0]}", Place(file, fault.args[1], 0)))
    return records, [*findings, *(_find_unordered_rows(records, file) if ordered else ())]
