"""Safe sums: one minimal world per refusal, disjoint worlds that never refuse, unions that hold every overlap."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from answerworld import claim, day, figure, make_records, make_tables
from hypothesis import given, settings
from hypothesis import strategies as st

import conflictdata as cd
from conflictdata.analysis.overlaps import SHARING
from conflictdata.analysis.refused import CODES
from conflictdata.analysis.rollup import list_cells, plan_rollup, sum_cells

EVENT = {"scope": "event", "toll_id": None}
STRIKE = {**EVENT, "event_ids": "2024-01-01-strike", "location_id": "town"}


def period(first: int, last: int, **columns: Any) -> dict[str, Any]:
    """Return the columns of a claim about some days."""
    return {
        "scope": "period",
        "toll_id": None,
        "period_start": day(first),
        "period_end": day(last),
        "as_of": day(last),
        **columns,
    }


TOTAL = figure("killed", "9")
# One minimal world per code: the claims, and the arguments of `rollup`.
WORLDS: dict[str, tuple[list[Any], dict[str, Any]]] = {
    "part-with-total": ([claim(1, TOTAL, figure("east", "4", above="killed", location_id="east"))], {}),
    "subset-added": ([claim(1, TOTAL, figure("east", "4", above="killed", relation="subset", location_id="east"))], {}),
    "two-axes": (
        [claim(1, TOTAL, figure("east", "4", above="killed", axis="location", location_id="east"), figure("shells", "5", above="killed", axis="cause", cause="shelling"))],
        {"where": {"relation": "part"}},
    ),
    "additional": ([claim(1, TOTAL, figure("more", "4", above="killed", relation="additional"))], {"where": {"relation": "additional"}}),
    "same-toll": ([claim(1, "5"), claim(2, "7", as_of=day(2))], {}),
    "overlapping-windows": ([claim(1, "5", **period(1, 3)), claim(2, "7", **period(2, 4))], {}),
    "place-inside-place": ([claim(1, "5", **period(1, 3)), claim(2, "4", **period(1, 3, location_id="east"))], {}),
    "place-unknown": ([claim(1, "5", **period(1, 3, location_id="border")), claim(2, "4", **period(1, 3, location_id="east"))], {}),
    "two-claimants": ([claim(1, "5", **period(1, 1)), claim(2, "7", **period(3, 3, claimant_id="rival"))], {}),
    "two-conflicts": ([claim(1, "5", **period(1, 1)), claim(2, "7", **period(3, 3, conflict_id="feud"))], {}),
    "same-event": ([claim(1, "5", **STRIKE), claim(2, "7", **STRIKE, as_of=day(2))], {}),
    "part-of": ([claim(1, "5", **period(1, 1)), claim(2, "7", **period(3, 3))], {}),
    "unit": ([claim(1, "5", **period(1, 1)), claim(2, "7", **period(3, 3), unit="bodies")], {"unit": None}),
    "outcome": ([claim(1, "5", **period(1, 1)), claim(2, "7", **period(3, 3), outcome="injured")], {"outcome": None}),
    "basis": ([claim(1, "5", **period(1, 1)), claim(2, "7", **period(3, 3, basis="recorded"))], {}),
    "scope": ([claim(1, "5", scope="stock", toll_id=None)], {}),
    "superseded": ([claim(1, "5", current="no")], {"current": False}),
    "retracted": ([claim(1, "5", current="no", status="retracted")], {"current": False}),
    "no-number": ([claim(1, "dozens")], {}),
    "outside-conflict": ([claim(1, "5", **period(-3, 1))], {}),
}  # fmt: skip
LINKS = {"part-of": [{"claim_id": "paper-2024-01-01.1", "other_id": "paper-2024-01-02.1", "kind": "part_of"}]}
OF_TOLLS = {
    "old-version", "impossible-window", "no-group", "no-start", "no-end", "no-bound", "toll-fell",
}  # fmt: skip


def test_each_code_has_a_world() -> None:
    assert set(WORLDS) | OF_TOLLS == set(CODES)
    assert set(SHARING) < set(WORLDS)


@pytest.mark.parametrize("code", WORLDS)
def test_each_code_alone(code: str) -> None:
    claims, arguments = WORLDS[code]
    data = make_tables(*claims, claim_links=LINKS.get(code, []))
    with pytest.raises(cd.Refused) as refused:
        cd.rollup(**arguments, data=data)
    assert refused.value.reasons == (code,)
    (row,) = refused.value.rows
    assert (row["code"], row["meaning"]) == (code, CODES[code])
    assert refused.value.choices
    explained = cd.rollup(**arguments, explain=True, data=data)
    assert not explained.used.any()
    assert explained.why.str.contains(code).any()


@pytest.mark.parametrize("code", sorted(SHARING))
def test_a_union_answers_what_may_overlap(code: str) -> None:
    claims, arguments = WORLDS[code]
    row = cd.rollup(**arguments, on_overlap="union", data=make_tables(*claims, claim_links=LINKS.get(code, []))).iloc[0]
    numbers = [int(one["best"]) for rows in claims for one in rows if not arguments or one["relation"] == "part"]
    assert (row.low, row.high, row.how) == (max(numbers), sum(numbers), "union")
    assert pd.isna(row.best)


@pytest.mark.parametrize("code", sorted(set(WORLDS) - SHARING))
def test_a_union_is_no_way_round_the_others(code: str) -> None:
    claims, arguments = WORLDS[code]
    with pytest.raises(cd.Refused) as refused:
        cd.rollup(**arguments, on_overlap="union", data=make_tables(*claims))
    assert refused.value.reasons == (code,)


def test_figures_outside_a_total_are_added_on_request() -> None:
    data = make_tables(claim(1, TOTAL, figure("more", "4", above="killed", relation="additional")))
    assert cd.rollup(additional=True, data=data).best.item() == 13


def test_the_parts_of_one_list_are_added() -> None:
    parts = [
        figure(name, n, above="killed", axis="location", location_id=name)
        for name, n in (("east", "4"), ("west", "at least 5"))
    ]
    row = cd.rollup(where={"relation": "part"}, data=make_tables(claim(1, TOTAL, *parts))).iloc[0]
    assert (row.low, row.n_items, row.how) == (9, 2, "sum")
    assert pd.isna(row.high)


def test_relays_are_one_number_and_a_victim_singled_out_is_none() -> None:
    alone = figure("killed", "1", age="child", population="singled_out")
    data = make_tables(claim(1, "5", **STRIKE), claim(2, "at least 5", **STRIKE), claim(3, alone, **STRIKE))
    row = cd.rollup("event", data=data).iloc[0]
    assert (row.event, row.low, row.n_items, row.pages) == ("2024-01-01-strike", 5, 1, 2)
    why = cd.rollup("event", explain=True, data=data).set_index("claim_id").why
    assert why["paper-2024-01-02.1"] == "relay"
    assert why["paper-2024-01-03.1"] == "singled_out"


def test_two_pages_without_a_named_claimant_are_two_claimants() -> None:
    unnamed = {"claimant_id": "unspecified"}
    with pytest.raises(cd.Refused, match="two-claimants"):
        cd.rollup(data=make_tables(claim(1, "5", **period(1, 1, **unnamed)), claim(2, "7", **period(3, 3, **unnamed))))


def test_the_members_of_an_area_decide_its_place() -> None:
    claims = [claim(1, "5", **period(1, 3, location_id="border")), claim(2, "4", **period(1, 3, location_id="town"))]
    inside = [{"area_id": "border", "member_id": "east", "whole": "yes"}]
    with pytest.raises(cd.Refused, match="place-inside-place"):
        cd.rollup(data=make_tables(*claims, location_members=inside))
    apart = [{"area_id": "border", "member_id": "west", "whole": "yes"}]
    assert cd.rollup(data=make_tables(*claims, location_members=apart)).best.item() == 9
    part = [{"area_id": "border", "member_id": "east", "whole": "part"}]
    with pytest.raises(cd.Refused, match="place-unknown"):
        cd.rollup(data=make_tables(*claims, location_members=part))


# ---- generated worlds ------------------------------------------------------------------------------------------------


def roll(claims: list[Any], on_overlap: str = "refuse") -> dict[str, Any]:
    records = make_records(*claims)
    plan = plan_rollup(records, (), {"relation": "total"}, None, "killed", "persons", "stated", on_overlap)
    return sum_cells(records, list_cells(records, plan), plan)[0]


@settings(max_examples=60)
@given(st.data())
def test_disjoint_worlds_never_refuse_and_equal_the_plain_sum(data: st.DataObject) -> None:
    spots = [(place, first) for place in ("east", "west") for first in range(1, 8)]
    chosen = data.draw(st.lists(st.sampled_from(spots), unique=True, min_size=1))
    numbers = data.draw(st.lists(st.integers(0, 40), min_size=len(chosen), max_size=len(chosen)))
    relayed = data.draw(st.lists(st.booleans(), min_size=len(chosen), max_size=len(chosen)))
    claims = []
    for (place, first), n, twice in zip(chosen, numbers, relayed, strict=True):
        for _ in range(1 + twice):
            claims.append(claim(len(claims) + 1, str(n), **period(first, first, location_id=place)))
    row = roll(claims)
    assert (row["low"], row["high"], row["best"], row["how"]) == (sum(numbers), sum(numbers), sum(numbers), "sum")
    assert row["n_items"] == len(chosen)


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(st.integers(1, 5), st.integers(0, 3), st.sets(st.integers(0, 30), max_size=12)),
        min_size=1,
        max_size=5,
        unique_by=lambda count: count[:2],  # the same claimant, place and days: the same statement
    )
)
def test_a_union_holds_the_people_of_any_world(counts: list[tuple[int, int, set[int]]]) -> None:
    """Claims count sets of people; people counted on days that do not overlap are different ones."""
    claims = []
    people = set()
    for number, (first, length, dead) in enumerate(counts, start=1):
        died = {(one, min(first + length, max(first, one % 8))) for one in dead}
        people |= died
        claims.append(claim(number, str(len(died)), **period(first, first + length)))
    row = roll(claims, "union")
    assert row["low"] <= len(people) <= row["high"]


@settings(max_examples=30)
@given(st.lists(st.integers(0, 30), min_size=1, max_size=5), st.integers(0, 30))
def test_another_row_never_narrows_a_union(numbers: list[int], more: int) -> None:
    claims = [claim(i, str(n), **period(i, i + 1)) for i, n in enumerate(numbers, start=1)]
    before = roll(claims, "union")
    after = roll([*claims, claim(9, str(more), **period(1, 9))], "union")
    assert after["high"] >= before["high"]


# ---- the installed data ----------------------------------------------------------------------------------------------


def test_no_sum_over_the_conflicts() -> None:
    with pytest.raises(cd.Refused) as refused:
        cd.rollup("conflict")
    assert {"two-claimants", "overlapping-windows", "part-with-total"} <= set(refused.value.reasons)
    codes = [row["code"] for row in refused.value.rows]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"by": "conflit"}, "Did you mean 'conflict'"),
        ({"where": {"claimant": "nobody at all"}}, "there is no actor"),
        ({"where": {"relation": "totl"}}, "Did you mean 'total'"),
        ({"where": {"colour": "red"}}, "there is no column 'colour'"),
        ({"on_overlap": "ignore"}, "There are: refuse, union"),
        ({"group": "childs"}, "there is no group"),
        ({"outcome": "dead"}, "Did you mean 'killed'"),
    ],
)
def test_bad_input_is_a_clear_error(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(cd.UsageError, match=message):
        cd.rollup(**arguments)


def test_an_empty_sum_has_its_columns() -> None:
    empty = cd.rollup(["event", "claimant"], {"claimant": "sohr"}, outcome="abducted")
    assert len(empty) == 0
    assert list(empty.columns[:3]) == ["event", "claimant", "low"]


def test_a_refusal_survives_pickling() -> None:
    import pickle

    with pytest.raises(cd.Refused) as refused:
        cd.rollup("conflict")
    copy = pickle.loads(pickle.dumps(refused.value))
    assert (copy.reasons, str(copy), copy.rows) == (refused.value.reasons, str(refused.value), refused.value.rows)
