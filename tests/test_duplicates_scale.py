"""Claims that repeat each other are found without comparing them in pairs: as a comparison in pairs finds them."""

from __future__ import annotations

import narwhals.stable.v1 as nw
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from conflictdata.rules import duplicates

CLAIMS = st.lists(st.tuples(st.sampled_from("xy"), st.sets(st.sampled_from("abcd"), min_size=1)), max_size=9)


def compare_pairs(claims: list[tuple[str, set[str]]]) -> dict[str, str]:
    """The first earlier claim with the same target and the same totals, by claim."""
    found = {}
    for number, claim in enumerate(claims):
        same = [other for other in range(number) if claims[other] == claim]
        if same:
            found[f"c{number}"] = f"c{same[0]}"
    return found


@settings(max_examples=60, deadline=None)
@given(CLAIMS)
def test_twins_are_those_of_a_comparison_in_pairs(claims: list[tuple[str, set[str]]]) -> None:
    rows = [(f"c{n}", target, total) for n, (target, totals) in enumerate(claims) for total in totals]
    frame = pl.DataFrame(rows, schema={"claim_id": pl.String, "target": pl.String, "total": pl.String}, orient="row")
    assert duplicates._find_twins(nw.from_native(frame.lazy())) == compare_pairs(claims)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from("xy"), max_size=40))
def test_the_first_totals_of_the_same_people_are_compared(people: list[str]) -> None:
    frame = pl.DataFrame(
        {"people": people, "figure_id": [f"f{n:03}" for n in range(len(people))]},
        schema={"people": pl.String, "figure_id": pl.String},
    )
    late = duplicates._list_late_totals(nw.from_native(frame.lazy()))
    expected = [f"f{n:03}" for n, name in enumerate(people) if people[:n].count(name) >= duplicates._COMPARED]
    assert sorted(late) == expected
