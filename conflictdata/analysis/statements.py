"""Statements: what one claimant says of one thing on one day, on however many pages.

Two readings, which are never mixed. `stated`: what the words leave possible, if the claimant is right. `counted`: what
the claimant had on its list, so that *at least 704* and *704* are both a list of 704 people.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from conflictdata.analysis.bounds import Bounds
from conflictdata.analysis.records import CountRow, Records
from conflictdata.analysis.words import join, write_number

UNNAMED = frozenset(("unspecified", "unnamed"))  # kinds of actors that may be several claimants
_OPEN_ABOVE = ("at_least", "more_than")
_ROUNDINGS = ("more_than", "about", "nearly")
_COUNTS = ("exact", "at_least")
# What a number with this qualifier leaves possible, by the number and the upper end of a range.
_STATED: dict[str, Callable[[int, int | None], Bounds]] = {
    "exact": lambda n, _: Bounds(n, n, n),
    "at_least": lambda n, _: Bounds(low=n),
    "more_than": lambda n, _: Bounds(low=n),
    "range": Bounds,
    "about": lambda n, _: Bounds(best=n),
    "nearly": lambda n, _: Bounds(high=n),
    "up_to": lambda n, _: Bounds(high=n),
}


@dataclass(slots=True, eq=False)
class PageNumber:
    """A number on one page.

    Attributes:
        row: The figure; of a sum of parts, the total of the page.
        n: The number itself; the lower one of a range. None: no number.
        bounds: What it leaves possible.
        qualifier: Its qualifier.
        opened_by: The nearest figure above it that is open above.
        parts: The figures that were added up, if the page prints no number for the group.
    """

    row: CountRow
    n: int | None
    bounds: Bounds
    qualifier: str
    opened_by: CountRow | None = None
    parts: Sequence[CountRow] = ()


@dataclass(slots=True, eq=False)
class Statement:
    """The same number of one claimant for one day, on all its pages.

    Attributes:
        items: Its numbers on the pages.
        bounds: What it leaves possible.
        rounds: Numbers on other pages of the day that are this one, rounded.
        fits: The numbers of the day that a rounded number may mean, if there are several.
        n: The number. None: no number.
    """

    items: list[PageNumber]
    bounds: Bounds
    n: int | None
    rounds: list[PageNumber] = field(default_factory=list)
    fits: tuple[int, ...] = ()

    @property
    def row(self) -> CountRow:
        """Return its first figure."""
        return self.items[0].row

    @property
    def as_of(self) -> dt.date:
        """Return the day up to which the claimant counted."""
        return self.row.as_of

    @property
    def everything(self) -> list[PageNumber]:
        """Return its numbers on all pages, the rounded ones last."""
        return [*self.items, *self.rounds]

    @property
    def qualifiers(self) -> list[str]:
        """Return its qualifiers, those of most pages first."""
        if len(self.items) == 1:
            return [self.items[0].qualifier]
        words = [item.qualifier for item in self.items]
        return sorted(set(words), key=lambda word: (-words.count(word), word))

    @property
    def is_rounding(self) -> bool:
        """Return whether no page gives the number without rounding."""
        return all(item.qualifier in _ROUNDINGS for item in self.items)

    @property
    def claims(self) -> list[str]:
        """Return the ids of its claims, sorted."""
        return sorted({item.row.claim_id for item in self.everything})

    @property
    def pages(self) -> int:
        """Return the number of pages that carry it."""
        return len({item.row.source_id for item in self.everything})

    @property
    def lead(self) -> str:
        """Return the qualifier that speaks for all pages: one that is open above, else that of most pages."""
        words = self.qualifiers
        if len(words) > 1 and self.n is not None:
            words = [word for word in words if word != "about"]
        return next((word for word in _OPEN_ABOVE if word in words), words[0])

    @property
    def wording(self) -> str:
        """Return the number with its word: that of the pages, or what all of them leave if they differ."""
        high = max((item.row.high for item in self.items if item.row.high is not None), default=None)
        return write_number(self.lead, self.n, high, self.row.share)

    def describe(self) -> dict[str, object]:
        """Return the columns that all results have in common."""
        opened = next((item.opened_by.figure_id for item in self.items if item.opened_by), None)
        return {
            "as_of": self.as_of,
            "wording": self.wording,
            "n": self.n,
            "low": self.bounds.low,
            "high": self.bounds.high,
            "best": self.bounds.best,
            "qualifiers": join(self.qualifiers),
            "opened_by": opened,
            "rounds": join(sorted(write_number(item.qualifier, item.n) for item in self.rounds)),
            "fits": join(map(str, self.fits)),
            "pages": self.pages,
            "agencies": join(sorted(item.row.relayed_via for item in self.everything if item.row.relayed_via)),
            "claims": join(self.claims),
        }


def get_number(row: CountRow) -> int | None:
    """Return the number of a figure, whatever its qualifier; the lower one of a range."""
    return next((n for n in (row.low, row.best, row.high) if n is not None), None)


def read_bounds(qualifier: str, n: int | None, high: int | None, reading: str, *, opened: bool) -> Bounds:
    """Return what a number leaves possible.

    Args:
        qualifier: Its qualifier.
        n: The number, the lower one of a range.
        high: The upper end of a range.
        reading: `stated` or `counted`.
        opened: Whether a total above it is open above.
    """
    if n is None or (reading == "counted" and qualifier not in _COUNTS):
        return Bounds()
    if reading == "counted":
        return Bounds(n, n, n)
    make = _STATED.get(qualifier)
    stated = make(n, high) if make else Bounds()
    return stated._replace(high=None) if opened else stated


def find_opener(records: Records, row: CountRow) -> CountRow | None:
    """Return the nearest figure above a figure that is open above: the people of the figure may be more, too."""
    if row.relation == "additional":
        return None
    above = (up for up in records.iterate_ancestors(row) if up.outcome == row.outcome and up.unit == row.unit)
    return next((up for up in above if up.qualifier in _OPEN_ABOVE), None)


def read_number(records: Records, row: CountRow, reading: str) -> PageNumber:
    """Return the number of a figure with what it leaves possible."""
    opened_by = find_opener(records, row)
    n = get_number(row)
    bounds = read_bounds(row.qualifier, n, row.high, reading, opened=opened_by is not None)
    return PageNumber(row, n, bounds, row.qualifier, opened_by)


def is_unnamed(records: Records, claimant: str) -> bool:
    """Return whether a claimant may be several, such as `unspecified` or `local_sources`."""
    return claimant == "local_sources" or records.actors.get(claimant, {}).get("kind") in UNNAMED


def merge_numbers(items: Iterable[PageNumber]) -> list[Statement]:
    """Merge the numbers of one claimant, thing and day into statements, the smallest first.

    The same number on several pages is one statement. A rounded number belongs to the one number of the day that
    rounds to it; if there are several or none, it is a statement of its own.
    """
    listed = list(items)
    if len(listed) == 1:
        return [Statement(listed, listed[0].bounds, listed[0].n)]
    by_number: dict[tuple[object, ...], list[PageNumber]] = defaultdict(list)
    for item in listed:
        ends = (item.n, item.row.high) if item.qualifier == "range" else (item.n, None)
        key = ends if item.n is not None else (None, item.qualifier, item.row.share)
        by_number[key].append(item)
    statements = [Statement(found, _merge_bounds(found), found[0].n) for found in by_number.values()]
    firm = [one for one in statements if not one.is_rounding and one.n is not None]
    kept = []
    for one in statements:
        fitting = [other for other in firm if one.n is not None and _rounds_to(one, other)] if one.is_rounding else []
        if len(fitting) == 1:
            fitting[0].rounds += one.items
        else:
            one.fits = tuple(sorted(other.n for other in fitting if other.n is not None))
            kept.append(one)
    for one in kept:
        one.items.sort(key=lambda item: item.row.figure_id)
    return sorted(kept, key=lambda one: (one.n is None, one.n or 0, one.claims))


def _merge_bounds(items: Sequence[PageNumber]) -> Bounds:
    """Return what all pages of a statement leave: a page with *at least* opens it; *about* counts only by itself."""
    firm = [item for item in items if item.qualifier != "about"] or list(items)
    lows = [item.bounds.low for item in firm if item.bounds.low is not None]
    highs = [item.bounds.high for item in firm]
    bests = {item.bounds.best for item in firm if item.bounds.best is not None}
    closed = [high for high in highs if high is not None]
    return Bounds(
        max(lows, default=None),
        max(closed) if closed and len(closed) == len(highs) else None,
        bests.pop() if len(bests) == 1 else None,
    )


def _rounds_to(rounding: Statement, other: Statement) -> bool:
    """Return whether a rounded number is another number, rounded to as many digits as it has."""
    k, n = rounding.n, other.n
    if k is None or n is None or k == 0:
        return False
    step = 1
    while k % (step * 10) == 0:
        step *= 10
    fits = {
        "more_than": n > k and n // step * step == k,
        "nearly": n < k and -(-n // step) * step == k,
        "about": abs(n - k) * 2 <= step and n != k,
    }
    return all(fits[word] for word in rounding.qualifiers)


def choose_last(
    records: Records, statements: Sequence[Statement], *, bounded: bool = False
) -> tuple[Statement | None, str]:
    """Return the last of the statements of one day, and how that is known.

    Args:
        records: The records.
        statements: The statements of one day about one toll.
        bounded: Only statements that close an end.

    Returns:
        The statement, None if there is none; and `only`, `known` (the pages give their order) or `assumed` (a running
        toll does not fall: the largest that is not rounded, unless a rounded *more than* is larger).
    """
    numbered = [one for one in statements if one.n is not None and (one.bounds.is_bounded or not bounded)]
    firm = [one for one in numbered if not one.is_rounding]
    largest = max((one.n or 0 for one in firm), default=-1)
    # "More than 200" comes after "at least 130", but "more than 300" may come before 327.
    later = [
        one for one in numbered if one.is_rounding and (one.bounds.low or 0) >= largest and one.bounds.low is not None
    ]
    candidates = numbered if bounded else (later or firm or numbered)
    if not candidates:
        return None, ""
    if len(candidates) == 1:
        return candidates[0], "only"
    orders = {id(one): _read_order(records, one) for one in candidates}
    if not bounded and all(order is not None for order in orders.values()):
        return max(candidates, key=lambda one: orders[id(one)] or 0), "known"
    return max(candidates, key=lambda one: one.n or 0), "assumed"


def _read_order(records: Records, statement: Statement) -> int | None:
    orders = [records.claims.get(item.row.claim_id, {}).get("as_of_order") for item in statement.items]
    return max((order for order in orders if order is not None), default=None)
