"""Rows below a table that are not records: totals, sources, notes. Makers and spreadsheets put them into the last rows."""

from __future__ import annotations

import re
from collections.abc import Sequence

from conflictdata.findings import Finding, Place
from conflictdata.readers.seed_csv import shorten_cell
from conflictdata.rules.file_rules import make_file_finding

LAST_ROWS = 10  # in which such a row may be
_TOTAL = re.compile(r"(?:grand |sub)?-?totals?|sum", re.IGNORECASE)
_NOTE = re.compile(
    r"\W*(?:sources?|notes?|copyright|©|licen[cs]e|citation|last updated|updated|downloaded|generated|end of (?:file|data))\b",
    re.IGNORECASE,
)
_HINT = "Delete the rows below the table."


def find_footer(cells: Sequence[str | None]) -> str:
    """Return the text by which a row is a total or a note; "" if it may be a record.

    Args:
        cells: The cells of one of the last rows.
    """
    filled = [cell.strip() for cell in cells if cell and cell.strip()]
    if not filled:
        return ""
    first = filled[0]
    if _TOTAL.fullmatch(first.strip(" :*")):
        return first
    return first if _NOTE.match(first) and len(filled) * 2 <= max(2, len(cells)) else ""


def make_footer_finding(texts: Sequence[str], place: Place) -> Finding:
    """Make the finding on the rows below a table.

    Args:
        texts: The text of each of them; at least one.
        place: Place of the first.
    """
    shown = repr(shorten_cell(texts[0]))
    below = f"{shown} is below the table and not a record; the row is left out"
    if len(texts) > 1:
        below = f"{len(texts)} rows below the table are not records and are left out; the first is {shown}"
    return make_file_finding("csv.width", below, place, value=shorten_cell(texts[0]), hint=_HINT, severity="warning")
