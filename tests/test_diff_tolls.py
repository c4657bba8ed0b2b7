"""Running tolls, before and after: the days that differ, and the last point."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from casefiles import make_frame

from conflictdata.comparison import TollChange, diff

TOLL = "observatory.war.2024-06-01"
Row = tuple[str, str, str, int | None, int | None, int | None]


def make_tables(*rows: Row, **cells: object) -> dict[str, pl.DataFrame]:
    """Return the claims of one toll.

    Each point is (number, as-of day in June, qualifier, low, best, high). Further cells go into the last claim.
    """
    claims, figures = [], []
    for number, day, qualifier, low, best, high in rows:
        claim = f"paper-2024-06-30.{number}"
        more = cells if (number, day) == rows[-1][:2] else {}
        claims.append({"claim_id": claim, "scope": "cumulative", "as_of": f"2024-06-{day}", **more})
        bounds = {"qualifier": qualifier, "low": low, "best": best, "high": high}
        figures.append({"figure_id": f"{claim}.killed", "claim_id": claim, "toll_id": TOLL, **bounds})
    return {"claims": make_frame("claims", claims), "figures": make_frame("figures", figures)}


def get_only_toll(old: dict[str, pl.DataFrame], new: dict[str, pl.DataFrame]) -> TollChange:
    (toll,) = diff(old, new).tolls
    return toll


EIGHT: Row = ("1", "08", "exact", 8, 8, 8)
NINE: Row = ("2", "09", "at_least", 9, None, None)


def test_a_later_point_moves_the_toll() -> None:
    toll = get_only_toll(make_tables(EIGHT), make_tables(EIGHT, NINE))
    assert (toll.toll_id, toll.what) == (TOLL, "killed")
    assert (str(toll.old), str(toll.new)) == ("8", "at least 9")
    assert toll.new is not None
    assert (toll.new.low, toll.new.best, toll.new.high) == (9, None, None)
    (point,) = toll.points
    assert (point.kind, point.as_of, point.old) == ("added", dt.date(2024, 6, 9), None)


def test_an_earlier_point_that_is_corrected_leaves_the_last_one() -> None:
    toll = get_only_toll(make_tables(EIGHT, NINE), make_tables(("1", "08", "exact", 7, 7, 7), NINE))
    assert toll.old == toll.new
    assert [(p.kind, str(p.old), str(p.new)) for p in toll.points] == [("changed", "8", "7")]


def test_a_toll_that_is_gone() -> None:
    toll = get_only_toll(make_tables(EIGHT), make_tables(EIGHT, status="retracted"))
    assert (str(toll.old), toll.new) == ("8", None)
    assert [p.kind for p in toll.points] == ["removed"]


def test_a_corrected_claim_is_no_point_any_more() -> None:
    again: Row = ("2", "08", "exact", 6, 6, 6)
    toll = get_only_toll(make_tables(EIGHT), make_tables(EIGHT, again, supersedes="paper-2024-06-30.1"))
    assert [(p.kind, str(p.old), str(p.new)) for p in toll.points] == [("changed", "8", "6")]


def test_another_page_with_the_same_number_moves_nothing() -> None:
    assert diff(make_tables(EIGHT), make_tables(EIGHT, ("2", "08", "exact", 8, 8, 8))).tolls == ()


@pytest.mark.parametrize(
    ("second", "expected", "said"),
    [
        (("2", "08", "exact", 5, 5, 5), (5, None, 8), ("5", "8")),
        (("2", "08", "at_least", 9, None, None), (8, 8, None), ("8", "at least 9")),
        (("2", "08", "up_to", None, None, 11), (None, 8, 11), ("8", "up to 11")),
        (("2", "08", "dozens", None, None, None), (None, 8, None), ("8", "dozens")),
        (("2", "08", "range", 6, None, 9), (6, 8, 9), ("6 to 9", "8")),
    ],
    ids=["two numbers", "open above", "open below", "no number", "range"],
)
def test_bounds_of_a_day_cover_all_claims(second: Row, expected: tuple[int | None, ...], said: tuple[str, ...]) -> None:
    point = get_only_toll(make_tables(EIGHT), make_tables(EIGHT, second)).new
    assert point is not None
    assert (point.low, point.best, point.high) == expected
    assert sorted(point.said) == sorted(said)
    assert point.claims == ("paper-2024-06-30.1", "paper-2024-06-30.2")


def test_parts_and_claims_without_a_series_are_no_tolls() -> None:
    old, new = make_tables(EIGHT), make_tables(EIGHT)
    part = make_frame(
        "figures",
        [{"figure_id": "paper-2024-06-30.1.killed.men", "claim_id": "paper-2024-06-30.1", "relation": "part"}],
    )
    new["figures"] = pl.concat([new["figures"], part])
    assert diff(old, new).tolls == ()
    single = make_tables(NINE)
    single["figures"] = single["figures"].with_columns(toll_id=pl.lit(None, pl.String))
    assert diff({}, single).tolls == ()


def test_groups_and_units_are_tolls_of_their_own() -> None:
    old = make_tables(EIGHT)
    new = {**old, "figures": old["figures"].with_columns(age=pl.lit("child"), unit=pl.lit("bodies"))}
    assert [(t.what, t.old is None) for t in diff(old, new).tolls] == [
        ("killed", False),
        ("killed (bodies), child", True),
    ]
