"""Statements: the numbers of pages that carry the same claim, and the gap between claimants.

What is one number, what it leaves possible, which number of a day is the last and how far two claimants are apart is
decided by `conflictdata.analysis`, so that a page and an answer never differ.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from conflictdata.analysis.bounds import Bounds, gap
from conflictdata.analysis.records import Records
from conflictdata.analysis.statements import Statement, choose_last, is_unnamed, merge_numbers, read_number
from conflictdata.site.records import Row, group_rows
from conflictdata.site.wording import PrintedNumber, describe_quantity


@dataclass(frozen=True)
class Gap:
    """The largest distance between two claimants that their words leave.

    Attributes:
        low: Upper end of the lower claim.
        high: Lower end of the higher claim.
        open: Whether the higher claim is open above, so that the gap is at least this large.
    """

    low: int
    high: int
    open: bool

    @property
    def size(self) -> int:
        """The distance."""
        return self.high - self.low

    def __str__(self) -> str:
        return f"at least {self.size:,}" if self.open else f"{self.size:,}"


@dataclass(frozen=True)
class PrintedStatement:
    """The figures of all pages with one claimant, day and number, and those that round the number.

    Attributes:
        claimant_id: Who says it.
        as_of: Day up to which the claimant counts.
        rows: Its figures, one per page, those with the shown form first.
        merged: The statement of the answers.
    """

    claimant_id: str
    as_of: dt.date | None
    rows: tuple[Row, ...]
    merged: Statement

    @cached_property
    def quantity(self) -> PrintedNumber:
        """The number with its words, in the form that leaves most open."""
        return describe_quantity(self.rows[0])

    @property
    def size(self) -> int | None:
        """The number to sort by."""
        return self.quantity.size

    @property
    def mark(self) -> str:
        """Name of its mark."""
        return self.quantity.mark

    @property
    def bounds(self) -> Bounds:
        """What it leaves possible, if the claimant is right."""
        return self.merged.bounds

    @cached_property
    def pages(self) -> list[Row]:
        """One figure per page, in order."""
        seen: dict[str, Row] = {}
        for row in self.rows:
            seen.setdefault(row["source_id"], row)
        return list(seen.values())

    @cached_property
    def other_forms(self) -> list[tuple[int, str]]:
        """Other forms of the number, with the number of pages that print each."""
        forms: dict[str, int] = {}
        for row in self.rows:
            words = str(describe_quantity(row))
            if words != str(self.quantity):
                forms[words] = forms.get(words, 0) + 1
        return [(count, words) for words, count in forms.items()]

    @property
    def shown_pages(self) -> int:
        """Number of pages that print the shown form."""
        return len({row["source_id"] for row in self.rows if str(describe_quantity(row)) == str(self.quantity)})


def group_statements(records: Records, rows: Iterable[Row]) -> list[PrintedStatement]:
    """Group figures about the same people to statements, sorted by number; those without a number last.

    Pages of a claimant that may be several, such as *local sources*, are not merged.

    Args:
        records: The rows in the form of the answers: `SiteTables.counts`.
        rows: The figures.
    """

    def key(row: Row) -> tuple[object, ...]:
        page = row["source_id"] if is_unnamed(records, row["claimant_id"]) else ""
        return row["claimant_id"], page, row["as_of"]

    statements = []
    for (claimant, _, as_of), members in group_rows(rows, key).items():
        known = {row["figure_id"]: row for row in members}
        for merged in merge_numbers(read_number(records, records.by_id[id_], "stated") for id_ in known):
            ordered = sorted(merged.items, key=lambda item: (item.qualifier != merged.lead, item.row.source_id))
            figures = tuple(known[item.row.figure_id] for item in [*ordered, *merged.rounds])
            statements.append(PrintedStatement(claimant, as_of, figures, merged))
    return sorted(statements, key=_order_by_size)


def _order_by_size(statement: PrintedStatement) -> tuple[bool, int, dt.date, str]:
    return (statement.size is None, statement.size or 0, statement.as_of or dt.date.min, statement.claimant_id)


def order_by_day(statements: Iterable[PrintedStatement]) -> list[PrintedStatement]:
    """Sort statements by day, then by number; of one day, those without a number last."""
    return sorted(statements, key=lambda s: (s.as_of or dt.date.min, s.size is None, s.size or 0))


def find_gap(statements: Iterable[PrintedStatement]) -> Gap | None:
    """Return the largest gap between two claimants that count the same people. None if their words leave none."""
    numbered = [s for s in statements if s.size is not None]
    best: Gap | None = None
    for lower in numbered:
        for higher in numbered:
            a, b = lower.bounds, higher.bounds
            if lower.claimant_id == higher.claimant_id or a.least > b.least or a.high is None or not gap(a, b):
                continue
            found = Gap(a.high, b.least, b.high is None)
            if best is None or (found.size, found.open) > (best.size, best.open):
                best = found
    return best


def find_last(records: Records, statements: Iterable[PrintedStatement]) -> PrintedStatement | None:
    """Return the last number of a toll, as the answers choose it. None if there is no number.

    Args:
        records: The rows in the form of the answers: `SiteTables.counts`.
        statements: The statements about the toll.
    """
    by_day = groupby(order_by_day(statements), key=lambda s: s.as_of)
    for of_day in reversed([list(day) for _, day in by_day]):
        last, _ = choose_last(records, [s.merged for s in of_day])
        if last is not None:
            return next(s for s in of_day if s.merged is last)
    return None
