"""Columns of other datasets of which no cell is read, and one finding for those that have the same cause."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from conflictdata.findings import Finding


@dataclass(frozen=True)
class OddColumn:
    """A column whose cells are not read: days in another form than the makers publish, or cells that break one rule.

    Attributes:
        column: the column.
        is_whole: whether no cell of the column is read: a day fits two forms, or most cells cannot be read.
        is_single: whether it is a single cell, which is a slip of its own and not a form of the column.
        finding: what is wrong with it.
        reason: the same in words, without the column and the numbers.
        cause: what its cells have in common with those of other columns, such as a decimal comma; empty if nothing shows it.
        number: how many cells are not read.
        judged: out of how many.
        noun: what they are: cells or rows.
        row: the row of the first of them.
    """

    column: str
    is_whole: bool
    is_single: bool
    finding: Finding
    reason: str = ""
    cause: str = ""
    number: int = 0
    judged: int = 0
    noun: str = "cells"
    row: int = -1


def join_columns(columns: Iterable[OddColumn]) -> list[OddColumn]:
    """Give the whole columns that have one cause one finding, at the first of them. It names each of the columns."""
    listed = list(columns)
    alike: dict[str, list[OddColumn]] = {}
    for odd in listed:
        if odd.is_whole and odd.cause:
            alike.setdefault(odd.cause, []).append(odd)
    joined = {cause: _join_findings(group) for cause, group in alike.items() if len(group) > 1}
    return [replace(odd, finding=joined.get(odd.cause, odd.finding)) if odd.is_whole else odd for odd in listed]


def list_findings(columns: Iterable[OddColumn]) -> list[Finding]:
    """Return the findings on columns, each once."""
    return list(dict.fromkeys(odd.finding for odd in columns))


def format_message(columns: Sequence[OddColumn]) -> str:
    """Say which columns are not read, why, and how many of their cells."""
    first, *others = columns
    names = [odd.column for odd in columns]
    listed = f"{', '.join(names[:-1])} and {names[-1]} are" if others else f"{names[0]} is"
    message = f"{listed} not read: {first.reason}"
    if others:
        message += f"; the other {len(others)} columns alike" if len(others) > 1 else f"; {names[1]} alike"
    number, judged = sum(odd.number for odd in columns), sum(odd.judged for odd in columns)
    return f"{message} ({number:,} of {judged:,} {first.noun})" if judged > 1 else message


def _join_findings(columns: Sequence[OddColumn]) -> Finding:
    return replace(columns[0].finding, message=format_message(columns), fields=tuple(odd.column for odd in columns))
