"""The header of a file of a big table: columns that it lacks, and columns that the table does not have."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence

from conflictdata._utils.suggest import suggest
from conflictdata.findings import Finding, Place
from conflictdata.readers.seed_csv import shorten_cell
from conflictdata.rules.file_rules import make_file_finding
from conflictdata.validation.plan import Plan
from conflictdata.validation.scan.files import Part


def find_header_faults(original: Part, plan: Plan) -> tuple[list[Finding], bool]:
    """What is wrong with the columns of a file, and whether it can be judged all the same."""
    names = [c.column for c in plan.columns]
    present = original.all_columns
    place = Place(original.name, 1 if original.is_csv else 0)
    if plan.partial:
        return list(_find_column_slips(original, [name for name in names if name not in present], names)), True
    found = []
    if missing := [name for name in names if name not in present]:
        hint = "Add the columns; leave their cells empty where nothing is known."
        message = f"{plan.table} lacks the column(s) {', '.join(missing)}"
        found.append(make_file_finding("seed.missing-key", message, place, hint=hint))
    for name in present:
        if name not in names:
            hint = suggest(name, names) or f"The columns are: {', '.join(names)}."
            message, value = f"{plan.table} has no column {shorten_cell(name)!r}", shorten_cell(name)
            found.append(make_file_finding("seed.unknown-key", message, place, value=value, hint=hint))
    return found, not found


def _find_column_slips(original: Part, free: Sequence[str], names: Sequence[str]) -> Iterator[Finding]:
    """A column that is nearly one that the file lacks is a slip; any other is the user's own."""
    for name in original.all_columns:
        if name not in names and (close := difflib.get_close_matches(name.strip().lower(), free, n=1, cutoff=0.85)):
            hint = f"Did you mean {close[0]!r}? What the column holds is not judged."
            place = Place(original.name, 1)
            yield make_file_finding("feed.unknown-column", f"there is no column {name!r}", place, value=name, hint=hint)
