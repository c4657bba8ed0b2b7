"""Arithmetic of counts with open ends.

A bound that is None is open: nothing was said. All results hold *if the claimant is right*, and are as narrow as the
words allow. Nothing here is an estimate: there is no tolerance for *about* and no number for *dozens*.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple


class ContradictionError(ValueError):
    """Bounds that cannot all hold."""


class Bounds(NamedTuple):
    """What a claim leaves possible.

    Attributes:
        low: The least number. None: nothing was said; as a count it is 0.
        high: The largest number. None: open above.
        best: The number itself, where one was said.
    """

    low: int | None = None
    high: int | None = None
    best: int | None = None

    @property
    def least(self) -> int:
        """Return the lower bound as a number: 0 if nothing was said."""
        return self.low or 0

    @property
    def is_bounded(self) -> bool:
        """Return whether one end is closed."""
        return self.low is not None or self.high is not None


_NOBODY = Bounds(0, 0, 0)


def add(parts: Iterable[Bounds]) -> Bounds:
    """Add counts of different people."""
    items = list(parts)
    lows = [item.low for item in items if item.low is not None]
    highs = [item.high for item in items if item.high is not None]
    bests = [item.best for item in items if item.best is not None]
    complete = len(items)
    return Bounds(
        sum(lows) if lows else None,
        sum(highs) if items and len(highs) == complete else None,
        sum(bests) if items and len(bests) == complete else None,
    )


def subtract(whole: Bounds, part: Bounds) -> Bounds:
    """Return the people of a whole outside a part of it: the growth from an earlier count to a later one.

    Raises:
        ContradictionError: If the part is certainly larger than the whole.
    """
    if whole.high is not None and whole.high < part.least:
        raise ContradictionError(f"at most {whole.high} cannot hold at least {part.least}")
    low = None if whole.low is None or part.high is None else max(0, whole.low - part.high)
    high = None if whole.high is None else whole.high - part.least
    best = None if whole.best is None or part.best is None or whole.best < part.best else whole.best - part.best
    return Bounds(low, high, best)


def meet(items: Iterable[Bounds]) -> Bounds:
    """Return what several statements about the same people leave possible if all are true.

    Raises:
        ContradictionError: If they contradict each other.
    """
    listed = list(items)
    low = max((item.low for item in listed if item.low is not None), default=None)
    high = min((item.high for item in listed if item.high is not None), default=None)
    if low is not None and high is not None and high < low:
        raise ContradictionError(f"at least {low} and at most {high}")
    bests = {item.best for item in listed if item.best is not None}
    return Bounds(low, high, bests.pop() if len(bests) == 1 else None)


def union(items: Iterable[Bounds]) -> Bounds:
    """Return the people counted by at least one of several counts, if nobody knows how far these overlap."""
    listed = list(items)
    lows = [item.low for item in listed if item.low is not None]
    highs = [item.high for item in listed]
    closed = [high for high in highs if high is not None]
    return Bounds(max(lows, default=None), sum(closed) if listed and len(closed) == len(highs) else None)


class Node(NamedTuple):
    """A number in the tree of a total.

    Attributes:
        bounds: What the number itself leaves possible.
        parent: Key of the number above it. None: the total.
        axis: The division that it is a part of: all parts of one axis make up the number above them. None: some of the
            people above it.
    """

    bounds: Bounds
    parent: str | None = None
    axis: str | None = None


def close_tree(nodes: Mapping[str, Node]) -> dict[str, Bounds]:
    """Return what all numbers of a tree together leave possible for each of them.

    The parts of a division add up to the number above them, and nobody is a part twice. A subset is not larger than the
    number above it. One walk up and one walk down are enough: the ends are those of all completions of the tree.

    Args:
        nodes: The numbers by key, each after the number above it.

    Raises:
        ContradictionError: If the numbers cannot all hold.
    """
    closed = {key: node.bounds for key, node in nodes.items()}
    divisions: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for key, node in nodes.items():
        if node.parent is not None and node.axis is not None:
            divisions[node.parent][node.axis].append(key)
    for key in reversed(list(nodes)):
        for parts in divisions[key].values():
            closed[key] = meet([closed[key], add(closed[part] for part in parts)._replace(best=None)])
        node = nodes[key]
        if node.parent is not None and node.axis is None:
            closed[node.parent] = meet([closed[node.parent], Bounds(low=closed[key].low)])
    for key, node in nodes.items():
        if node.parent is None:
            continue
        others = [closed[part] for part in divisions[node.parent][node.axis] if part != key] if node.axis else []
        left = _leave_rest(closed[node.parent], add([_NOBODY, *others]))
        closed[key] = meet([closed[key], left if node.axis else left._replace(low=None)])
    return closed


def _leave_rest(whole: Bounds, others: Bounds) -> Bounds:
    """Return what a whole and its other parts leave for one part.

    Raises:
        ContradictionError: If the others are certainly larger than the whole.
    """
    rest = subtract(whole, others)
    return Bounds(rest.low or None, rest.high)


def gap(one: Bounds, other: Bounds) -> int:
    """Return the distance that two statements about the same people leave between them; 0 if they may agree."""
    below = 0 if one.high is None else other.least - one.high
    above = 0 if other.high is None else one.least - other.high
    return max(0, below, above)
