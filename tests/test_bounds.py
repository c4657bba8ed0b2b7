"""Bounds: sound and tight, by brute force over all completions."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import numpy as np
import pytest
from depth import DEEP
from hypothesis import given, settings
from hypothesis import strategies as st

from conflictdata.analysis.bounds import Bounds, ContradictionError, Node, add, close_tree, gap, meet, subtract, union

OPEN = 13  # where an open end is cut off; no answer below depends on it
ALL = [
    Bounds(low, high)
    for low in (None, *range(4))
    for high in (None, *range(4))
    if low is None or high is None or low <= high
]


PAIRS = list(product(ALL, ALL))


def each_pair(check: Callable[[Bounds, Bounds], None]) -> Callable[[], None]:
    """Run a test on every pair of bounds; one test, because pytest takes longer for a test than the test itself."""

    def run() -> None:
        for a, b in PAIRS:
            check(a, b)

    return run


def complete(one: Bounds) -> range:
    """Return the numbers that bounds leave, cut off at a large one."""
    return range(one.least, (OPEN if one.high is None else one.high) + 1)


def expect(values: list[int], *, open_above: bool) -> tuple[int, int | None]:
    return min(values), None if open_above else max(values)


def get_ends(one: Bounds) -> tuple[int, int | None]:
    return one.least, one.high


@each_pair
def test_pairs_are_sound_and_tight(a: Bounds, b: Bounds) -> None:
    pairs = list(product(complete(a), complete(b)))
    open_above = a.high is None or b.high is None
    assert get_ends(add([a, b])) == expect([x + y for x, y in pairs], open_above=open_above)
    assert gap(a, b) == min(abs(x - y) for x, y in pairs) == gap(b, a)
    common = [x for x in complete(a) if x in complete(b)]
    if common:
        assert get_ends(meet([a, b])) == expect(common, open_above=a.high is None and b.high is None)
    else:
        with pytest.raises(ContradictionError):
            meet([a, b])


@each_pair
def test_growth_is_sound_and_tight(a: Bounds, b: Bounds) -> None:
    grown = [y - x for x, y in product(complete(a), complete(b)) if y >= x]
    if not grown:
        with pytest.raises(ContradictionError):
            subtract(b, a)
        return
    found = subtract(b, a)
    assert found.least == min(grown)
    assert found.high == (None if b.high is None else max(grown))
    assert (found.low is None) == (b.low is None or a.high is None)  # nothing said is no bound, not a zero


@each_pair
def test_a_union_holds_every_overlap(a: Bounds, b: Bounds) -> None:
    sizes = [size for x, y in product(complete(a), complete(b)) for size in range(max(x, y), x + y + 1)]
    assert get_ends(union([a, b])) == expect(sizes, open_above=a.high is None or b.high is None)


@st.composite
def draw_bounds(draw: st.DrawFn) -> Bounds:
    low = draw(st.none() | st.integers(0, 50))
    high = draw(st.none() | st.integers(low or 0, 90))
    best = low if low == high and low is not None else None
    return Bounds(low, high, best)


@given(st.lists(draw_bounds(), min_size=1, max_size=6), st.randoms())
def test_order_and_grouping_change_nothing(items: list[Bounds], random: object) -> None:
    shuffled = sorted(items, key=lambda _: random.random())  # type: ignore[attr-defined]
    for operation in (add, union):
        assert operation(items) == operation(shuffled)
        assert operation([operation(items[:2]), *items[2:]]) == operation(items)
    total = add(items)
    assert total.high is None or all(item.high is not None for item in items)
    assert all(n is None or (isinstance(n, int) and n >= 0) for n in total)


@given(draw_bounds(), draw_bounds())
def test_what_was_added_is_found_again(a: Bounds, b: Bounds) -> None:
    grown = subtract(add([a, b]), a)
    assert grown.least <= b.least
    assert grown.high is None or (b.high is not None and grown.high >= b.high)


@pytest.mark.parametrize(
    ("before", "after", "growth"),
    [
        (Bounds(327, 327, 327), Bounds(727), Bounds(400, None)),
        (Bounds(327), Bounds(727, 727, 727), Bounds(None, 400)),
        (Bounds(327), Bounds(727), Bounds()),
        (Bounds(high=100), Bounds(153, 153, 153), Bounds(53, 153)),
        (Bounds(best=600), Bounds(704, 704, 704), Bounds(None, 704, 104)),
    ],
)
def test_examples_of_growth(before: Bounds, after: Bounds, growth: Bounds) -> None:
    assert subtract(after, before) == growth


def test_nothing_added_has_no_bound() -> None:
    assert add([]) == Bounds()
    assert add([Bounds(), Bounds()]) == Bounds()
    assert add([Bounds(3, 3, 3), Bounds()]) == Bounds(3)


@st.composite
def draw_tree(draw: st.DrawFn) -> dict[str, Node]:
    """Draw a total with parts on two axes and subsets, nested."""
    nodes = {"n0": Node(draw(small_bounds))}
    for number in range(1, draw(st.integers(2, 5))):
        parent = f"n{draw(st.integers(0, number - 1))}"
        nodes[f"n{number}"] = Node(draw(small_bounds), parent, draw(st.sampled_from(["sex", "party", None])))
    return nodes


small_bounds = st.sampled_from([one for one in ALL if one.least < 3 and (one.high is None or one.high < 3)])


def list_completions(nodes: dict[str, Node], top: int) -> np.ndarray:
    """Return all numbers from 0 to a top one that hold all of a tree: a row per node, a column per completion."""
    keys = list(nodes)
    values = np.indices((top + 1,) * len(keys)).reshape(len(keys), -1)
    holds = np.ones(values.shape[1], bool)
    for key, (bounds, parent, axis) in nodes.items():
        own = values[keys.index(key)]
        holds &= (own >= bounds.least) & (own <= (top if bounds.high is None else bounds.high))
        if parent is not None and axis is None:
            holds &= own <= values[keys.index(parent)]
    for parent, axis in {(node.parent, node.axis) for node in nodes.values() if node.parent and node.axis}:
        parts = [values[keys.index(key)] for key, node in nodes.items() if node[1:] == (parent, axis)]
        holds &= sum(parts) == values[keys.index(parent)]
    return values[:, holds]


@given(draw_tree())
@settings(max_examples=500 if DEEP else 50, deadline=None)
def test_a_tree_is_sound_and_tight(nodes: dict[str, Node]) -> None:
    near, far = list_completions(nodes, 9), list_completions(nodes, 10)
    if not far.size:
        with pytest.raises(ContradictionError):
            close_tree(nodes)
        return
    closed = close_tree(nodes)
    for row, key in enumerate(nodes):
        most = far[row].max()
        assert closed[key].least == far[row].min()
        assert closed[key].high == (most if near.size and near[row].max() == most else None)


def test_a_tree_from_words() -> None:
    nodes = {
        "all": Node(Bounds(10, 10, 10)),
        "soldiers": Node(Bounds(6, 6, 6), "all", "party"),
        "civilians": Node(Bounds(), "all", "party"),
        "children": Node(Bounds(low=1), "civilians"),
    }
    closed = close_tree(nodes)
    assert closed["civilians"] == Bounds(4, 4)
    assert closed["children"] == Bounds(1, 4)
    with pytest.raises(ContradictionError):
        close_tree(nodes | {"children": Node(Bounds(5, 5, 5), "civilians")})
