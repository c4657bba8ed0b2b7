"""Rules that need a column or a table that was not given. They are named, and do not change the exit code."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Protocol

from conflictdata._utils.suggest import find_close
from conflictdata.findings import Finding, Place
from conflictdata.rules.base import Rule
from conflictdata.rules.file_rules import make_file_finding


class ColumnNames(Protocol):
    """A table that knows its columns under the names that files give them."""

    @property
    def name(self) -> str:
        """Name of the table."""
        ...

    def map_columns(self, columns: Iterable[str]) -> Mapping[str, str]:
        """Map column names of a file to those of the table."""
        ...


def describe_missing_tables(rules: Iterable[Rule], tables: Collection[str]) -> list[str]:
    """Return one line on the rules of these tables that need another one, such as "5 rules need the table claims"."""
    own = (rule for rule in rules if rule.table in tables)
    return _describe([sorted(set(rule.requires_tables) - set(tables)) for rule in own], "table")


def describe_missing_columns(rules: Iterable[Rule], columns: Collection[str]) -> list[str]:
    """Return one line on the rules that need a column that a file lacks; no line if there are none."""
    return _describe([[name for name in rule.fields if name not in columns] for rule in rules], "column")


_SHOWN = 8  # columns that a note names
_NAMELESS = re.compile(r"column [0-9]+|Unnamed: [0-9]+|__index_level_0__|")


def describe_own_columns(table: ColumnNames, columns: Sequence[str], file: str) -> list[str]:
    """Return a note on the columns of a file that its dataset does not have, which are left alone; no note if there are none."""
    known = table.map_columns(columns)
    own = [name for name in columns if name not in known and not _NAMELESS.fullmatch(name)]
    if not own:
        return []
    shown = ", ".join(name[:40] for name in own[:_SHOWN]) + (
        f" and {len(own) - _SHOWN} more" if len(own) > _SHOWN else ""
    )
    number = "1 column that is not" if len(own) == 1 else f"{len(own)} columns that are not"
    return [f"{file}: not checked: {number} of {table.name}: {shown}"]


def _describe(missing: Sequence[Sequence[str]], noun: str) -> list[str]:
    """Return a line on what rules lack, given the names that each of them lacks."""
    number = sum(map(bool, missing))
    names = list(dict.fromkeys(name for found in missing for name in found))
    if not number:
        return []
    subject = "1 rule needs" if number == 1 else f"{number} rules need"
    which = f"the {noun}" if len(names) == 1 else f"the {noun}s" if number == 1 else f"one or more of the {noun}s"
    return [f"{subject} {which} {_join(names)}"]


def _join(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


_WHOLE = "Give the {} with the columns that its makers publish."


def find_core_gaps(
    rules: Iterable[Rule],
    core: Collection[str],
    columns: Sequence[str],
    names: Collection[str],
    file: str,
    noun: str = "file",
) -> list[Finding]:
    """Return a warning for the rules that a profile calls core and that a file lacks a column for.

    Args:
        rules: The rules of the table.
        core: Ids of the rules that are core.
        columns: Columns of the file that the table does not know, as the file names them.
        names: Columns of the table that the file has.
        file: Name of the file.
        noun: What it is, in messages.
    """
    gaps = [rule for rule in rules if rule.id in core and not set(rule.fields) <= set(names)]
    missing = list(dict.fromkeys(name for rule in gaps for name in rule.fields if name not in names))
    if not missing:
        return []
    ids = _join([rule.id for rule in gaps])
    verb = "was" if len(gaps) == 1 else "were"
    near = {name: find_close(name, columns, least=0.6) for name in missing}
    pairs = [f"{close[0]} (for {name})" for name, close in near.items() if close]
    hint = f"Rename {_join(pairs)}, if that is what they hold." if pairs else _WHOLE.format(noun)
    columns_ = "column" if len(missing) == 1 else "columns"
    message = f"the {noun} has no {columns_} {_join(missing)}, so {ids} {verb} not evaluated"
    place = Place(file, 1)
    return [make_file_finding("feed.missing-column", message, place, hint=hint, value=missing[0], severity="warning")]
