"""Tables that are none of those that are known: why, and which one comes nearest."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from conflictdata.datasets import NAMES, detect_profile, list_profiles
from conflictdata.datasets.profile import Profile
from conflictdata.readers import read_columns
from conflictdata.validation.persons import REASON, is_names_list

_NAMELESS = re.compile(r"column [0-9]+")  # how the reader of CSV calls a column without a name
_MAX_NAMED = 8  # columns named in a message


def suggest_dataset(path: Path) -> str:
    """Return which dataset of others a file that is none of ours comes nearest to; "" if it comes near to none."""
    columns = read_columns(path)
    if is_names_list(columns):
        return f"It {REASON}."
    return describe_nearest(columns, list_profiles()) if columns else ""


def format_unknown_table(file: str, columns: Sequence[str], candidates: Sequence[Profile], name: str | None) -> str:
    """Say that a file is not a table of these profiles, and the nearest one with what is missing if most columns fit it.

    Args:
        file: Name of the file.
        columns: Its columns.
        candidates: The profiles.
        name: The profile that was asked for. None: any.
    """
    columns = [column for column in columns if not _NAMELESS.fullmatch(column)]
    if len(columns) == 1 and columns[0].count(",") > 1:
        fix = "Take away the outer quotes, or export the table again"
        return f"{file} has one column, {columns[0][:40]!r}: each of its lines is in quotes as a whole. {fix}"
    if name is None:
        start = f"the columns of {file} are those of no dataset that is known: {format_names(columns)}."
        return f"{start} {describe_nearest(columns, candidates)}".strip()
    other = detect_profile(columns, file=file)
    fix = f"Its columns are those of {other[0].name}: --profile {other[0].name}" if other else _format_profiles()
    parts = [f"{file} is not a table of {name}.", "" if other else describe_nearest(columns, candidates), fix]
    return " ".join(filter(None, parts))


def _format_profiles() -> str:
    return f"Profiles: {', '.join(NAMES)}."


def describe_nearest(columns: Sequence[str], candidates: Iterable[Profile]) -> str:
    """Return which dataset most of the columns are of, and what is missing; "" if there is none."""
    pairs = [(p, table) for p in candidates for table in p.tables]
    nearest, table = max(pairs, key=lambda pair: pair[1].measure_fit(columns))
    known = table.map_columns(columns)
    if 2 * len(known) <= len(columns):
        return ""
    parts = [f"Nearest is {nearest.name} ({table.name}), which has {len(known)} of its {len(columns)} columns"]
    if others := [column for column in columns if column not in known]:
        parts.append(f"but not {format_names(others)}")
    missing = [c.column for c in table.columns if c.column not in known.values()]
    if needed := [name for name in table.needs if name in missing]:
        parts.append(f"and which needs {format_names(needed)}")
    elif missing:
        parts.append(f"and which has {format_names(missing)} too")
    return ", ".join(parts) + "."


def format_names(columns: Sequence[str]) -> str:
    """Return the first names of columns in words, and how many more there are."""
    more = f" and {len(columns) - _MAX_NAMED} more" if len(columns) > _MAX_NAMED else ""
    return ", ".join(repr(name[:40]) for name in columns[:_MAX_NAMED]) + more
