"""Statements: the numbers of pages that carry the same claim, and the gap between claimants."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from conflictdata.site.records import Row, group_rows
from conflictdata.site.wording import PrintedNumber, describe_quantity

# Of forms with one number: the one that the statement shows.
_ORDER = ("at_least", "exact", "more_than", "range", "up_to", "nearly", "about")
_ROUNDED = frozenset(("more_than", "about", "nearly"))


@dataclass(frozen=True)
class Bounds:
    """A number's ends. None is an open end."""

    low: int | None
    high: int | None


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
class Statement:
    """The figures of all pages with one claimant, day and number.

    Attributes:
        claimant_id: Who says it.
        as_of: Day up to which the claimant counts.
        rows: Its figures, one per page, those with the shown form first.
    """

    claimant_id: str
    as_of: dt.date | None
    rows: tuple[Row, ...]

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

    @cached_property
    def bounds(self) -> Bounds:
        """Its ends: open above if a page leaves it open."""
        lows = [row["low"] for row in self.rows if row["low"] is not None]
        is_open = any(row["low"] is not None and row["high"] is None for row in self.rows)
        highs = [row["high"] for row in self.rows if row["high"] is not None]
        return Bounds(min(lows, default=None), None if is_open else max(highs, default=None))

    @property
    def is_rounded(self) -> bool:
        """Whether all of its pages round: *more than*, *about*, *nearly*."""
        return all(row["qualifier"] in _ROUNDED for row in self.rows)

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


def group_statements(rows: Iterable[Row]) -> list[Statement]:
    """Group figures to statements, sorted by number; those without a number last."""

    def key(row: Row) -> tuple[Any, ...]:
        quantity = describe_quantity(row)
        number = quantity.number or str(quantity)
        return (
            row["claimant_id"],
            row["as_of"],
            number if row["qualifier"] == "range" or quantity.size is None else quantity.size,
        )

    statements = []
    for (claimant, as_of, _), members in group_rows(rows, key).items():
        ordered = sorted(members, key=lambda row: (_rank_form(row["qualifier"]), row["source_id"]))
        statements.append(Statement(claimant, as_of, tuple(ordered)))
    return sorted(statements, key=_order_by_size)


def _rank_form(qualifier: str) -> int:
    return _ORDER.index(qualifier) if qualifier in _ORDER else len(_ORDER)


def _order_by_size(statement: Statement) -> tuple[bool, int, dt.date, str]:
    return (statement.size is None, statement.size or 0, statement.as_of or dt.date.min, statement.claimant_id)


def order_by_day(statements: Iterable[Statement]) -> list[Statement]:
    """Sort statements by day, then by number; of one day, those without a number last."""
    return sorted(statements, key=lambda s: (s.as_of or dt.date.min, s.size is None, s.size or 0))


def find_gap(statements: Iterable[Statement]) -> Gap | None:
    """Return the largest gap between two claimants that count the same people. None if their words leave none."""
    ends = [(s.claimant_id, s.bounds) for s in statements if s.size is not None]
    best: Gap | None = None
    for lower, a in ends:
        for higher, b in ends:
            if lower == higher or a.high is None or b.low is None or b.low <= a.high:
                continue
            gap = Gap(a.high, b.low, b.high is None)
            if best is None or (gap.size, gap.open) > (best.size, best.open):
                best = gap
    return best


def find_last(statements: Iterable[Statement]) -> Statement | None:
    """Return the last number of a toll: of its last day, the largest that is not a rounding."""
    numbered = [s for s in statements if s.size is not None]
    if not numbered:
        return None
    last_day = max(s.as_of or dt.date.min for s in numbered)
    of_day = [s for s in numbered if (s.as_of or dt.date.min) == last_day]
    return max(of_day, key=lambda s: (not s.is_rounded, s.size or 0))
