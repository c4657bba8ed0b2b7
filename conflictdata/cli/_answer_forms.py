"""Print the answers of `conflictdata ask`: as tables with notes, CSV, JSON or Markdown."""

from __future__ import annotations

import io
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from conflictdata.analysis.columns import COLUMNS
from conflictdata.registers.folding import escape_hidden

if TYPE_CHECKING:
    from conflictdata.analysis.refused import Refused

FORMATS = ("table", "csv", "json", "markdown")
Row = Mapping[str, Any]


@dataclass
class Answer:
    """An answer.

    Attributes:
        operation: Name of the operation, for the columns of CSV, JSON and Markdown.
        rows: Its rows.
        title: One line above the table.
        heads: Columns of the table: their headings.
        cells: The rows of the table as text.
        notes: Lines below the table.
        first: Columns before those of the operation.
        numeric: Headings of columns that are aligned at the right.
        collection: Name of the collection. "": the curated records.
    """

    operation: str
    rows: Sequence[Row]
    title: str
    heads: Sequence[str]
    cells: Sequence[Sequence[str]]
    notes: Sequence[str] = ()
    first: Sequence[str] = ()
    numeric: frozenset[str] = field(default=frozenset(("number", "pages", "gap", "change", "bounds", "step")))
    collection: str = ""

    @property
    def claims(self) -> list[str]:
        """Return the ids of the claims behind it."""
        ids = [claim for row in self.rows for claim in str(row.get("claims") or row.get("claim_id") or "").split("|")]
        return [claim for claim in dict.fromkeys(ids) if claim]


def show(answer: Answer, form: str) -> None:
    """Print an answer; notes of forms for programs go to stderr."""
    if isinstance(sys.stdout, io.TextIOWrapper):  # a terminal may not know all letters
        sys.stdout.reconfigure(errors="backslashreplace")
    notes = [note for note in answer.notes if note]
    if form == "table":
        print(escape_hidden(answer.title))
        if answer.rows:
            print("\n".join(_lay_out(answer)))
        for note in notes:
            print(escape_hidden(note))
        return
    columns = _list_columns(answer)
    table = [[row.get(column) for column in columns] for row in answer.rows]
    print(_WRITERS[form](columns, table))
    if form != "json" or not answer.rows or answer.collection:
        for note in notes:
            print(escape_hidden(note), file=sys.stderr)


def _list_columns(answer: Answer) -> list[str]:
    if answer.operation == "as_of":
        return list(answer.rows[0]) if answer.rows else ["figure_id"]
    return [*answer.first, *(column.name for column in COLUMNS[answer.operation])]


def _lay_out(answer: Answer) -> list[str]:
    texts = [list(answer.heads), *([escape_hidden(cell) for cell in row] for row in answer.cells)]
    last = len(answer.heads) - 1
    widths = [max(len(row[i]) for row in texts) for i in range(last + 1)]
    lines = []
    for row in texts:
        padded = [
            text.rjust(width) if head in answer.numeric else text.ljust(width)
            for text, width, head in zip(row, widths, answer.heads, strict=True)
        ]  # fmt: skip
        lines.append("  ".join(padded).rstrip())
    return lines


def _write_csv(columns: Sequence[str], table: Sequence[Sequence[Any]]) -> str:
    import csv

    to = io.StringIO()
    writer = csv.writer(to, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_write_cell(cell) for cell in row] for row in table)
    return to.getvalue().rstrip("\n")


def _write_cell(cell: Any) -> str:
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return "" if cell is None else str(cell)


def _write_json(columns: Sequence[str], table: Sequence[Sequence[Any]]) -> str:
    import json

    return json.dumps([dict(zip(columns, row, strict=True)) for row in table], indent=2, default=str)  # ASCII alone


def _write_markdown(columns: Sequence[str], table: Sequence[Sequence[Any]]) -> str:
    lines = [columns, ["---"] * len(columns), *([_write_cell(cell) for cell in row] for row in table)]
    return "\n".join(
        "| " + " | ".join(escape_hidden(cell).replace("|", "\\|") for cell in line) + " |" for line in lines
    )


_WRITERS = {"csv": _write_csv, "json": _write_json, "markdown": _write_markdown}


def show_refusal(refusal: Refused, form: str, collection: str | None = None) -> None:
    """Print a refusal: to stderr as text, or to stdout as JSON. It names the collection, if there is one."""
    if form == "json":
        import json

        content = {
            "refused": refusal.reasons,
            "message": refusal.message,
            "rows": refusal.rows,
            "choices": refusal.choices,
            **({"collection": collection} if collection else {}),
        }
        print(json.dumps(content, indent=2, default=str))
        return
    where = f" (collection {collection})" if collection else ""
    print(escape_hidden(f"refused{where}: {refusal.message}"), file=sys.stderr)
    width = max((len(str(row["code"])) for row in refusal.rows if "code" in row), default=0)
    for row in refusal.rows:
        print(escape_hidden(f"  {row.get('code', ''):{width}}  {_describe_refused(row)}"), file=sys.stderr)
    if not refusal.rows:
        print(f"  {', '.join(refusal.reasons)}", file=sys.stderr)
    if refusal.choices:
        print(escape_hidden(f"instead: {'; '.join(refusal.choices)}"), file=sys.stderr)
    print("docs/refusals.md has a section for each code", file=sys.stderr)


def _describe_refused(row: Row) -> str:
    if "one" in row:
        pair = f"{row['one']} and {row['other']}" if row["other"] else row["one"]
        more = f"; {row['times']:,} times" if row["times"] > 1 else ""
        return f"{row['meaning']} {pair}{more}"
    return ", ".join(str(value) for key, value in row.items() if key != "code" and value is not None)
