"""Numbers that may not be added are counted without a look at every pair, and come out as if there were one."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations
from typing import Any

import pytest
from answerworld import TOLL, claim, day, figure, make_records
from hypothesis import given, settings
from hypothesis import strategies as st

import conflictdata as cd
from conflictdata.analysis import clashes, rollup
from conflictdata.analysis.overlaps import SHARING, OverlapJudge
from conflictdata.analysis.records import Records, read_records
from conflictdata.analysis.statements import Statement

Found = dict[str, tuple[int, tuple[int, ...], set[int]]]


def look_at_every_pair(judge: OverlapJudge, items: list[Statement]) -> tuple[Found, set[frozenset[int]]]:
    """Return by code the times, the first pair and all items; and what hangs together."""
    facts = [judge.collect_facts(item) for item in items]
    pairs: dict[str, list[tuple[int, int]]] = defaultdict(list)
    parts = [{i} for i in range(len(items))]
    for i, j in combinations(range(len(items)), 2):
        code = judge.find_code(facts[i], facts[j])
        if code:
            pairs[code].append((i, j))
        if code in SHARING:
            together = [part for part in parts if part & {i, j}]
            parts = [part for part in parts if part not in together] + [set().union(*together)]
    found = {code: (len(mine), mine[0], {i for pair in mine for i in pair}) for code, mine in pairs.items()}
    return found, {frozenset(part) for part in parts}


def check(records: Records, items: list[Statement]) -> int:
    """Compare both ways for each set of numbers of one claimant, conflict, outcome and unit; return the pairs."""
    judge = OverlapJudge(records)
    groups: dict[tuple[Any, ...], list[Statement]] = defaultdict(list)
    for one in items:
        facts = judge.collect_facts(one)
        groups[facts.claimant, one.row.conflict_id, one.row.outcome, one.row.unit].append(one)
    seen = 0
    for group in groups.values():
        expected, parts = look_at_every_pair(judge, group)
        own = {code for one in group for code in judge.list_own_codes(one)}
        found = {
            c.code: (c.times, c.where, set(c.items)) for c in clashes.find_clashes(judge, group) if len(c.where) > 1
        }
        assert found == expected, own
        assert {frozenset(part) for part in clashes.list_components(judge, group)} == parts
        seen += sum(times for times, _, _ in expected.values())
    return seen


def list_items(records: Records, **where: Any) -> list[Statement]:
    plan = rollup.plan_rollup(
        records, (), where or None, None, None, None, "stated", "refuse", current=False, additional=False
    )
    return rollup.list_cells(records, plan)[0].items


def test_the_installed_data_give_the_same_both_ways() -> None:
    records = read_records()
    assert check(records, list_items(records)) > 500


@pytest.mark.slow
@pytest.mark.parametrize("name", ["gaza_daily", "ukraine_daily"])
def test_a_collection_gives_the_same_both_ways(name: str) -> None:
    records = read_records(None, name)
    items = [*_list_all(records, "everybody"), *_list_all(records, "people")]
    assert check(records, [*items[:250], *items[-250:]]) > 500


@st.composite
def worlds(draw: st.DrawFn) -> Records:
    """Return claims of one claimant, with parts, on days, at places and in tolls that may meet."""
    claims = []
    for number in range(1, draw(st.integers(2, 9)) + 1):
        first = draw(st.integers(1, 8))
        scope = draw(st.sampled_from(["cumulative", "event", "period"]))
        about: dict[str, Any] = {
            "as_of": day(9), "scope": scope, "toll_id": TOLL if scope == "cumulative" else None,
            "period_start": draw(st.sampled_from([day(first), None])), "period_end": day(min(9, first + draw(st.integers(0, 4)))),
            "location_id": draw(st.sampled_from(["town", "land", "village"])), "basis": draw(st.sampled_from(["occurred", "recorded"])),
            "event_ids": draw(st.sampled_from(["2024-01-01-strike", "2024-01-02-strike", "2024-01-01-strike 2024-01-02-strike"]))
            if scope == "event" else None,
        }  # fmt: skip
        tree = [figure("killed", str(draw(st.integers(20, 40))))]
        if draw(st.booleans()):
            tree += [
                figure("civilians", "3", above="killed", person_status="civilian"),
                figure("army", "4", above="killed", actor_id="army"),
            ]
        if draw(st.booleans()):
            tree.append(figure("children", "2", above="killed", relation="subset", age="child"))
        claims.append(claim(number, *tree, **about))
    ids = [rows[0]["claim_id"] for rows in claims]
    links = draw(st.lists(st.tuples(st.sampled_from(ids), st.sampled_from(ids)), max_size=3))
    return make_records(
        *claims, claim_links=[{"claim_id": a, "other_id": b, "kind": "part_of"} for a, b in links if a != b]
    )


@pytest.mark.slow
@given(worlds())
@settings(max_examples=60, deadline=None)
def test_any_world_gives_the_same_both_ways(records: Records) -> None:
    items = [item for key in ("everybody", "people") for item in _list_all(records, key)]
    check(records, items)


def _list_all(records: Records, key: str) -> list[Statement]:
    """Return the totals, or the parts that name people, as numbers to add."""
    chosen = [row for row in records.rows if (row.parent_id is None) == (key == "everybody")]
    return rollup._merge_rows(records, chosen, "stated")


def test_a_sum_of_thousands_of_days_is_a_union() -> None:
    where = {"claimant": "gaza_moh", "scope": "period", "relation": "total"}
    answer = cd.rollup(where=where, on_overlap="union", collection="gaza_daily")
    assert answer.how.item() == "union"
    assert answer.n_items.item() > 900
    assert answer.collection.item() == "gaza_daily"
