"""The limits of rules: the last value that passes, and the first that fails."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import narwhals.stable.v1 as nw
import polars as pl
import pytest
from casefiles import make_frame
from rule_results import collect_results

from conflictdata.rules import (
    _typos,
    claims,
    events,
    figures_bounds,
    figures_sides,
    figures_windows,
    load_rules,
    series,
)
from conflictdata.rules.claims_running import MOST_IN_DAYS
from conflictdata.schema.tables import MODELS

PAGE = "paper-2024-06-02"


def judge(rule_id: str, **rows: list[dict[str, Any]]) -> dict[str, bool | None]:
    """Return the verdict of a rule per record, on rows by table."""
    tables = {table: make_frame(table, rows.get(table, [])) for table in MODELS}
    verdicts, _ = collect_results(tables, "polars", [load_rules()[rule_id]])[rule_id]
    return dict(verdicts)


def read_hint(rule_id: str, **rows: list[dict[str, Any]]) -> str:
    """Return the hint of the one finding of a rule."""
    tables = {table: make_frame(table, rows.get(table, [])) for table in MODELS}
    ((_, _, hint),) = collect_results(tables, "polars", [load_rules()[rule_id]])[rule_id][1]
    return hint


@pytest.mark.parametrize(
    ("start", "end", "published", "clue"),
    [
        ("2024-06-01", "2023-06-02", "2024-06-02", "2024-06-02 for 2023-06-02 would fit"),  # the end is near the page
        ("2024-05-01", "2023-05-02", "2024-06-02", "2024-05-02 for 2023-05-02 would fit"),  # 31 days before it
        ("2024-05-01", "2023-05-02", "2024-06-03", "2023-05-01 for 2024-05-01 would fit"),  # 32 days: the start
        ("2024-06-12", "2024-05-12", "2024-06-12", ""),  # 31 days apart: exchanged
        ("2024-12-05", "2024-05-12", "2024-05-12", "2024-05-12 for 2024-12-05 would fit"),  # month and day of the start
    ],
)
def test_of_two_days_in_the_wrong_order_the_one_with_a_slip_is_named(
    start: str, end: str, published: str, clue: str
) -> None:
    hint = read_hint(
        "claims.window-in-order",
        sources=[{"published_on": published}],
        claims=[{"period_start": start, "period_end": end}],
    )
    assert hint.startswith(clue)
    assert bool(clue) == ("would fit" in hint)


@pytest.mark.parametrize(
    ("phrase", "passes"),
    [
        ("1 2 3 4 5 6", True),
        ("1 2 3 4 5 6 7", False),
        (" 1  2 3 4 5 6 ", True),
        ("...", True),
        ("1 2 3 4 5 6 ...", False),
    ],
)
def test_a_phrase_has_six_words_at_most(phrase: str, passes: bool) -> None:
    (verdict,) = judge("figures.printed-is-short", figures=[{"printed": phrase}]).values()
    assert verdict is passes


@pytest.mark.parametrize(
    ("born", "gone", "passes"),
    [
        ("2024-06-02", None, True),  # on the last day of the event
        ("2024-06-03", None, False),
        (None, "2024-05-30", True),  # on its first day
        (None, "2024-05-29", False),
        ("2024-05-31", "2024-06-01", True),  # within it
        ("2024-06-03", "2024-06-02", None),  # in no order, which another rule reports
    ],
)
def test_an_actor_is_active_on_one_day_of_an_event_at_least(
    born: str | None, gone: str | None, passes: bool | None
) -> None:
    found = judge(
        "event_actors.actor-active",
        actors=[{"actor_id": "rebels", "active_from": born, "active_to": gone}],
        events=[{"date_start": "2024-05-30", "date_end": "2024-06-02"}],
        event_actors=[{}],
    )
    assert list(found.values()) == ([] if passes is None else [passes])


def make_child(parent: dict[str, Any], **child: Any) -> list[dict[str, Any]]:
    """Return a total and a part of it."""
    total = f"{PAGE}.1.killed"
    return [parent, {"figure_id": f"{total}.part", "parent_id": total, "relation": "subset", **child}]


@pytest.mark.parametrize(
    ("above", "cause", "passes"),
    [
        ("unknown", "airstrike", False),
        ("unknown", "unknown", True),
        ("airstrike", "shelling", False),
        ("airstrike", "airstrike", True),
        ("indirect", "airstrike", False),
        ("airstrike", "indirect", False),
        ("indirect", "indirect", True),
    ],
)
def test_a_part_has_a_cause_that_fits_its_whole(above: str, cause: str, passes: bool) -> None:
    found = judge("figures.child-narrows-parent", claims=[{}], figures=make_child({"cause": above}, cause=cause))
    assert found[f"{PAGE}.1.killed.part"] is passes


def test_two_additional_figures_may_have_one_description() -> None:
    total = f"{PAGE}.1.killed"
    twins = [
        {"figure_id": f"{total}.{name}", "parent_id": total, "sex": "female"} for name in ("one", "other")
    ]  # fmt: skip
    for relation, expected in (("additional", set()), ("subset", {False})):
        rows = [{**twin, "relation": relation} for twin in twins]
        found = judge("figures.siblings-distinct", claims=[{}], figures=[{}, *rows])
        assert {found[twin["figure_id"]] for twin in twins if twin["figure_id"] in found} - {True, None} == expected


def make_totals(number: int, *outcomes: str) -> list[dict[str, Any]]:
    """Return the totals of a claim."""
    claim = f"{PAGE}.{number}"
    return [{"figure_id": f"{claim}.{outcome}", "claim_id": claim, "outcome": outcome} for outcome in outcomes]


@pytest.mark.parametrize(
    ("one", "other", "passes"),
    [
        (("killed", "injured"), ("killed", "injured"), False),
        (("killed", "injured"), ("killed",), True),  # one total of two
        (("killed",), ("killed", "injured"), True),
    ],
)
def test_a_claim_is_repeated_if_all_its_totals_are(one: tuple[str, ...], other: tuple[str, ...], passes: bool) -> None:
    found = judge(
        "claims.said-once",
        claims=[{"claim_id": f"{PAGE}.1"}, {"claim_id": f"{PAGE}.2"}],
        figures=[*make_totals(1, *one), *make_totals(2, *other)],
    )
    assert found == {f"{PAGE}.1": True, f"{PAGE}.2": passes}


@pytest.mark.parametrize(("odd", "passes"), [(1, False), (2, True)])
def test_a_start_that_two_tolls_share_is_no_slip(odd: int, passes: bool) -> None:
    days = ["2024-05-27"] * 3 + ["2023-05-27"] * odd
    claims = [
        {"claim_id": f"{PAGE}.{n}", "scope": "cumulative", "period_start": day} for n, day in enumerate(days, 1)
    ]  # fmt: skip
    found = judge("claims.start-fits-series", claims=claims)
    assert {found[f"{PAGE}.{n}"] for n in (1, 2, 3)} == {True}
    assert {found[f"{PAGE}.{n}"] for n in range(4, 4 + odd)} == {passes}


@pytest.mark.parametrize(("tolls", "passes"), [(2, None), (3, False)])
def test_a_start_is_common_if_three_tolls_have_it(tolls: int, passes: bool | None) -> None:
    days = ["2024-05-27"] * tolls + ["2023-05-27"]
    claims = [{"claim_id": f"{PAGE}.{n}", "scope": "cumulative", "period_start": day} for n, day in enumerate(days, 1)]
    assert judge("claims.start-fits-series", claims=claims).get(f"{PAGE}.{tolls + 1}") is passes


@pytest.mark.parametrize(
    ("as_of", "published", "passes"),
    [
        # month and day exchanged: 6 May for 5 June
        ("2024-05-06", "2024-07-05", True),  # 60 days before the page
        ("2024-05-06", "2024-07-06", False),  # 61 days, and 31 after the exchange
        ("2024-05-06", "2024-07-07", True),  # 32 days after the exchange
        ("2023-01-06", "2023-05-31", False),  # the exchanged day is the one after the page
        ("2023-01-06", "2023-05-30", True),
        ("2024-01-12", "2024-12-02", False),
        ("2024-01-13", "2024-12-02", True),  # there is no month 13
        # one year too early
        ("2023-06-15", "2024-06-12", True),  # 363 days before the page
        ("2023-06-15", "2024-06-13", False),
        ("2023-06-15", "2024-07-16", False),  # 397 days
        ("2023-06-15", "2024-07-17", True),
    ],
)
def test_a_day_is_a_slip_if_the_corrected_one_is_near_its_page(as_of: str, published: str, passes: bool) -> None:
    window = {"scope": "event", "period_start": None, "period_end": None}
    found = judge("claims.days-near-page", sources=[{"published_on": published}], claims=[{**window, "as_of": as_of}])
    assert list(found.values()) == [passes]


def test_a_waiver_may_cover_every_warning_and_the_errors_that_allow_it() -> None:
    rules = load_rules()
    assert rules["figures.printed-holds-number"].may_be_waived  # a warning that says nothing of waivers
    assert rules["figures.parts-cover-parent"].may_be_waived
    assert not rules["figures.count-is-possible"].may_be_waived
    assert not rules["claims.key-unique"].may_be_waived


def test_first_and_last_day_may_be_one() -> None:
    days = {"active_from": "2024-06-01", "active_to": "2024-06-01"}
    assert judge("actors.days-in-order", actors=[days]) == {"observatory": True}


@pytest.mark.parametrize(("day", "passes"), [("2023-12-31", False), ("2024-01-01", True)])
def test_a_window_of_one_day_is_in_its_conflict(day: str, passes: bool) -> None:
    claims = [{"period_start": day, "period_end": day}]
    assert list(judge("claims.window-in-conflict", conflicts=[{}], claims=claims).values()) == [passes]


@pytest.mark.parametrize(
    ("latitude", "longitude", "slip"),
    [(14.7, 17.4, "sign of the longitude"), (-14.7, -17.4, "sign of the latitude"), (-17.4, 14.7, "latitude")],
)
def test_a_point_outside_its_country_is_tried_with_each_slip(latitude: float, longitude: float, slip: str) -> None:
    place = {"country": "SEN", "latitude": latitude, "longitude": longitude}
    assert slip in read_hint("locations.point-in-country", locations=[place])


@pytest.mark.parametrize(
    ("counts", "passes"),
    [
        ({"low": 5, "best": None, "high": 5}, True),
        ({"low": 5, "best": None, "high": 4}, False),
        ({"low": None, "best": 5, "high": 4}, False),
        ({"low": 5, "best": 4, "high": None}, False),
        ({"low": None, "best": None, "high": None}, None),  # nothing to compare
        ({"low": -4, "best": None, "high": -5}, None),  # a negative count, which another rule reports
        ({"low": -5, "best": None, "high": 4}, None),
    ],
)
def test_bounds_are_in_order_or_another_rule_reports_them(counts: dict[str, int | None], passes: bool | None) -> None:
    assert list(judge("figures.bounds-in-order", figures=[counts]).values()) == [passes]


def make_list(axis: str, **numbers: int) -> list[dict[str, Any]]:
    """Return the exact parts of a total."""
    total = f"{PAGE}.1.killed"
    return [
        {"figure_id": f"{total}.{name}", "parent_id": total, "relation": "part", "axis": axis, "qualifier": "exact"}
        | dict.fromkeys(("low", "best", "high"), number)
        for name, number in numbers.items()
    ]


def test_only_a_list_that_holds_a_number_confirms_it() -> None:
    total = {"figure_id": f"{PAGE}.1.killed", "qualifier": "exact", "low": 100, "best": 100, "high": 100}
    party, sex = make_list("party", rebels=20, army=17, civilians=9), make_list("sex", men=60, women=40)
    # The list of men and women is right, and so is the total. It says nothing of the army's number.
    hint = read_hint("figures.parts-cover-parent", claims=[{}], figures=[total, *party, *sex])
    assert hint.startswith("With 71 for `army` it comes out")


@pytest.mark.parametrize(
    ("as_of", "published", "meant"),
    [
        ("2023-06-15", "2024-06-14", "2024-06-15"),  # the corrected day is the one after the page
        ("2023-06-15", "2024-06-15", "2024-06-15"),  # the day of the page
        ("2023-06-15", "2024-07-16", "2024-06-15"),  # 31 days before it
        ("2024-05-06", "2024-07-06", "2024-06-05"),  # month and day exchanged, 31 days before it
        ("2023-01-06", "2023-05-31", "2023-06-01"),
    ],
)
def test_the_hint_names_the_corrected_day(as_of: str, published: str, meant: str) -> None:
    window = {"scope": "event", "period_start": None, "period_end": None}
    hint = read_hint(
        "claims.days-near-page", sources=[{"published_on": published}], claims=[{**window, "as_of": as_of}]
    )
    assert hint == f"Write {meant} if the page gives that day. If it gives {as_of}, leave it."


@pytest.mark.parametrize(
    ("country", "above", "passes"),
    [("SYR", "SYR", True), ("LBN", "SYR", False), (None, "SYR", None), ("SYR", None, None), (None, None, None)],
)
def test_only_places_with_a_country_are_held_to_the_one_above(
    country: str | None, above: str | None, passes: bool | None
) -> None:
    places = [
        {"location_id": "hama", "country": above, "parent_id": None},
        {"location_id": "ford", "country": country, "parent_id": "hama"},
    ]
    found = judge("locations.country-fits-parent", locations=places)
    assert found == ({} if passes is None else {"ford": passes})


@pytest.mark.parametrize(
    ("coded", "candidates", "chosen"),
    [
        (132, [100, 123, 130], "123"),  # two digits exchanged
        (1000, [99, 100, 120], "100"),  # a 0 too many
        (132, [100, 122, 130], "130"),  # one digit does not beat the nearest number
        (100, [99, 1000], "1000"),
    ],
)
def test_the_number_meant_is_one_with_digits_exchanged_or_without_a_zero(
    coded: int, candidates: list[int], chosen: str
) -> None:
    assert series._choose_number(coded, candidates) == chosen


@pytest.mark.parametrize(
    ("latitude", "longitude", "passes"),
    [
        (90.0, 36.0, False),  # the pole
        (-90.0, 36.0, False),
        (90.1, 36.0, None),  # not a point, which another rule reports
        (35.0, 180.0, False),
        (35.0, 180.1, None),
        (35.0, 36.0, True),
        (0.0, 0.0, None),
        (35.0, None, None),
        (None, 36.0, None),
    ],
)
def test_a_possible_point_is_held_to_its_country(
    latitude: float | None, longitude: float | None, passes: bool | None
) -> None:
    place = {"country": "SYR", "latitude": latitude, "longitude": longitude}
    found = judge("locations.point-in-country", locations=[place])
    assert list(found.values()) == ([] if passes is None else [passes])
    assert judge("locations.point-in-country", locations=[{**place, "country": None}]) == {}


@pytest.mark.parametrize(("low", "passes"), [(99, True), (100, True), (101, False)])
def test_people_singled_out_are_at_most_as_many_as_the_printed_number(low: int, passes: bool) -> None:
    whole = {"qualifier": "at_least", "low": 100, "best": None, "high": None}
    found = judge("figures.subset-within-printed", claims=[{}], figures=make_child(whole, low=low, best=low, high=low))
    assert found[f"{PAGE}.1.killed.part"] is passes


@pytest.mark.parametrize(("day", "passes"), [("2024-06-01", True), ("2024-06-02", True), ("2024-06-03", False)])
def test_a_correction_is_as_of_the_same_day_or_a_later_one(day: str, passes: bool) -> None:
    old = {"claim_id": f"{PAGE}.1", "as_of": day}
    new = {"claim_id": f"{PAGE}.2", "as_of": "2024-06-02", "supersedes": f"{PAGE}.1"}
    assert judge("claims.supersedes-older", claims=[old, new])[f"{PAGE}.2"] is passes


def fall(*numbers: int, peak: int = 910) -> dict[str, Any]:
    """Return what is said of a toll of 700 that rises to a peak and then falls to some numbers."""
    points = [
        {"toll": "t", "claim_id": f"c{n}", "figure_id": f"c{n}.killed", "as_of": dt.date(2024, 6, n), "n": number}
        for n, number in enumerate((700, peak, *numbers), 1)
    ]
    before = {"before": peak, "earlier": "c2", "earlier_on": dt.date(2024, 6, 2)}
    return series._find_wrong_peak([{**point, **before} for point in points[2:]], points)


def test_a_peak_is_the_slip_if_two_later_days_lie_below_it_and_one_slip_explains_it() -> None:
    assert fall(826) == {"clue": "", "likely_error": None}
    found = fall(826, 830)
    assert found["likely_error"] == "c2.killed"
    assert found["clue"].startswith("2 later points lie below 910, and one slip may have made it: ")
    assert fall(705, 708) == {"clue": "So does 1 later one. ", "likely_error": None}  # no slip fits between 700 and 705
    assert fall(705, 708, 709)["clue"] == "So do 2 later ones. "


@pytest.mark.parametrize(
    ("counts", "passes"),
    [
        ({"low": 1, "best": 1, "high": 1}, False),  # one person, with sex, age and day
        ({"low": 1, "best": None, "high": 2}, None),
        ({"low": 0, "best": None, "high": 1}, None),
        ({"low": 1, "best": None, "high": None}, None),
    ],
)
def test_only_a_count_of_one_shows_a_person(counts: dict[str, int | None], passes: bool | None) -> None:
    day = "2024-06-01"
    found = judge(
        "figures.one-person-hidden",
        locations=[{"location_id": "town", "kind": "settlement"}],
        claims=[{"location_id": "town", "period_start": day, "period_end": day}],
        figures=[{**counts, "sex": "female", "age": "child"}],
    )
    assert list(found.values()) == ([] if passes is None else [passes])


@pytest.mark.parametrize(
    ("coded", "meant", "words"),
    [
        (1, 10, _typos.SHORTER),
        (10, 1, _typos.LONGER),
        (0, 10, ""),  # nobody types a 0 for a count of none
        (10, 0, ""),
        (7, 8, ""),  # of a single digit nothing is left that could be right
        (17, 18, _typos.OTHER),
        (17, 71, _typos.EXCHANGED),
        (123, 321, ""),  # not neighbours
        (123, 132, _typos.EXCHANGED),
        (123, 143, _typos.OTHER),
        (123, 145, ""),
        (123, 1230, _typos.SHORTER),
        (123, 1234, ""),
        (12, 12, ""),
    ],
)
def test_a_slip_of_digits_is_one_error(coded: int, meant: int, words: str) -> None:
    assert _typos.describe_digit_slip(coded, meant) == words


@pytest.mark.parametrize(
    ("cells", "numbers"),
    [
        ({"low": None, "best": None, "high": None}, "no number"),
        ({"low": None, "best": None, "high": None, "share": 12.5}, "a share of 12.5% of nothing: there is no figure above it"),
        ({"low": 5, "best": None, "high": None, "share": 12.5}, "low 5, a share of 12.5%"),
        ({"low": 5, "best": None, "high": 7}, "low 5, high 7"),
        ({"low": None, "best": None, "high": None, "share": 12.5, "parent_id": "x"}, "a share of 12.5%"),
    ],
)  # fmt: skip
def test_the_message_on_a_qualifier_lists_what_is_filled(cells: dict[str, Any], numbers: str) -> None:
    row = {"qualifier": "exact", "share": None, "parent_id": None, **cells}
    (explained,) = figures_bounds._explain_qualifier([row], {})
    assert explained["numbers"] == numbers
    assert explained["way"].startswith(
        "Write the number of people" if row["share"] else "`exact` fills low, best and high"
    )


@pytest.mark.parametrize(
    ("killed", "sex", "passes"),
    [
        (10, "female", True),
        (11, "female", False),  # more than the killed and injured women together
        (11, "male", None),  # other people
    ],
)
def test_the_killed_alone_are_at_most_the_killed_and_injured_of_their_group(
    killed: int, sex: str, passes: bool | None
) -> None:
    joint = {"figure_id": f"{PAGE}.1.killed_or_injured", "outcome": "killed_or_injured", "sex": "female"}
    one = {"figure_id": f"{PAGE}.1.killed", "sex": sex, **dict.fromkeys(("low", "best", "high"), killed)}
    found = judge(
        "figures.joint-outcome-covers-both",
        claims=[{}],
        figures=[
            {**joint, **dict.fromkeys(("low", "best", "high"), 10), "qualifier": "exact"},
            {**one, "qualifier": "exact"},
        ],
    )
    assert found[f"{PAGE}.1.killed_or_injured"] is passes


@pytest.mark.parametrize(
    ("kind", "via", "publisher", "passes"),
    [
        ("news_agency", None, "other", False),  # an agency carries the words of others
        ("broadcaster", None, "other", False),
        ("news_media", None, "other", True),  # a paper may count by itself
        ("news_media", None, "one", False),  # and is not the claimant of its page
        ("news_media", "army", "other", False),  # exchanged: the army says it, and the paper carries it
        ("news_media", "agency", "other", True),
        ("monitor", None, "one", True),
        ("monitor", "agency", "other", True),
    ],
)
def test_who_carries_a_number_is_not_its_claimant(kind: str, via: str | None, publisher: str, passes: bool) -> None:
    found = judge(
        "claims.claimant-no-outlet",
        actors=[
            {"actor_id": "one", "kind": kind},
            {"actor_id": "army", "kind": "armed_forces"},
            {"actor_id": "agency", "kind": "news_agency"},
            {"actor_id": "other", "kind": "news_media"},
        ],
        sources=[{"publisher_id": publisher}],
        claims=[{"claimant_id": "one", "relayed_via": via}],
    )
    assert list(found.values()) == [passes]


def test_a_record_without_its_key_is_not_the_first_of_its_name() -> None:
    actors = [{"actor_id": None, "name": "A Front"}, {"actor_id": "front", "name": "A front"}]
    assert judge("actors.name-once", actors=actors) == {"front": True}
    assert judge("actors.name-once", actors=[{**actors[0], "actor_id": "a"}, actors[1]]) == {"a": True, "front": False}
    assert judge("actors.name-once", actors=[{"actor_id": "a", "name": None}]) == {}


def test_only_places_with_a_point_and_a_kind_are_compared() -> None:
    point = {"latitude": 35.0, "longitude": 36.0, "kind": "site"}
    places = [{**point, "location_id": "a"}, {**point, "location_id": "b"}]
    assert judge("locations.point-once", locations=places) == {"a": True, "b": False}
    for column in point:
        found = judge("locations.point-once", locations=[{**places[0], column: None}, places[1]])
        assert found == {"b": True}
    assert judge("locations.point-once", locations=[{**places[0], "location_id": None}, places[1]]) == {"b": True}
    assert judge("locations.point-once", locations=[{**places[0], "kind": "area"}, places[1]]) == {"a": True, "b": True}


def read_message(rule_id: str, **rows: list[dict[str, Any]]) -> str:
    """Return the message of the one finding of a rule."""
    tables = {table: make_frame(table, rows.get(table, [])) for table in MODELS}
    ((_, message, _),) = collect_results(tables, "polars", [load_rules()[rule_id]])[rule_id][1]
    return message


def make_total(number: int, **cells: Any) -> dict[str, Any]:
    """Return the killed of a claim, as an exact number."""
    exact = dict.fromkeys(("low", "best", "high"), number)
    return {"figure_id": f"{PAGE}.1.killed", "qualifier": "exact", **exact, **cells}


def make_subset(name: str, **cells: Any) -> dict[str, Any]:
    """Return a group among the killed of a claim."""
    total = f"{PAGE}.1.killed"
    return {"figure_id": f"{total}.{name}", "parent_id": total, "relation": "subset", **cells}


@pytest.mark.parametrize(
    ("cells", "passes"),
    [
        ({"qualifier": "about", "low": None, "best": 62, "high": None}, False),
        ({"qualifier": "exact", "low": 62, "best": 62, "high": 62}, True),
        ({"qualifier": "range", "low": 40, "best": None, "high": 62}, None),  # two numbers
        ({"qualifier": "about", "low": None, "best": 62, "high": None, "share": 62.0}, None),  # coded as a share
        ({"qualifier": "about", "low": None, "best": 0, "high": None}, None),
        ({"qualifier": "dozens", "low": None, "best": None, "high": None}, None),
    ],
)
def test_only_a_count_of_one_number_may_be_a_share(cells: dict[str, Any], passes: bool | None) -> None:
    women = make_subset("women", printed=None, **cells)
    found = judge("figures.part-is-count", claims=[{}], figures=[make_total(5087), women])
    assert list(found.values()) == ([] if passes is None else [passes])


SIDES = [
    {"actor_id": "ministry", "name": "A ministry", "kind": "government_body", "country": "SYR"},
    {"actor_id": "army", "name": "The troops", "kind": "armed_forces", "country": "SYR"},
    {"actor_id": "neighbour", "name": "The other troops", "kind": "armed_forces", "country": "TUR"},
    {"actor_id": "clan", "name": "Mountain", "kind": "armed_group", "country": "SYR"},
    {"actor_id": "guard", "name": "Mountain Guard", "kind": "armed_group", "country": None},
    {"actor_id": "river", "name": "River", "kind": "armed_group", "country": None},
]


def judge_side(
    actor: str,
    printed: str | None,
    claimant: str = "ministry",
    *,
    more: tuple[dict[str, Any], ...] = (),
    accused: tuple[str | None, ...] = (),
    together: tuple[str, ...] = (),
) -> bool:
    """Return the verdict on the side of a figure of a claimant. The guard is not listed among the actors of the war.

    Args:
        actor: Whose people the figure counts.
        printed: The words.
        claimant: Who says it.
        more: More actors.
        accused: Perpetrators of the claim.
        together: Perpetrators of another claim.
    """
    perpetrators = [{"actor_id": one} for one in accused]
    (verdict,) = judge(
        "figures.side-fits-words",
        actors=[*SIDES, *more],
        conflict_actors=[{"actor_id": one} for one in ("army", "neighbour", "clan", "river", "old_army")],
        claims=[{"claimant_id": claimant}],
        claim_perpetrators=[*perpetrators, *({"claim_id": f"{PAGE}.2", "actor_id": one} for one in together)],
        figures=[make_total(8, actor_id=actor, printed=printed)],
    ).values()
    assert verdict is not None
    return verdict


@pytest.mark.parametrize(
    ("claimant", "actor", "passes"),
    [
        ("ministry", "army", True),  # the forces of its state
        ("ministry", "neighbour", False),  # those of another one
        ("ministry", "clan", False),  # fighters of its country who are no forces of the state
        ("clan", "clan", True),
        ("clan", "army", False),
    ],
)
def test_who_speaks_for_a_state_has_its_forces_for_its_own(claimant: str, actor: str, passes: bool) -> None:
    assert judge_side(actor, "eight of its men", claimant) is passes


def test_whose_side_an_actor_with_two_records_is_on_is_left_open() -> None:
    assert not judge_side("neighbour", "eight of its men")
    assert judge_side("neighbour", "eight of its men", more=({**SIDES[2], "country": "SYR"},))


@pytest.mark.parametrize(
    ("actor", "printed", "passes"),
    [
        ("river", "eight people of Mountain", False),  # the words name another force
        ("clan", "eight people of Mountain", True),
        ("army", "eight people of Mountain and River", True),  # two others: nobody knows which
        ("river", "eight people of Mountain and River", True),  # the one coded is named, too
        ("guard", "eight of the Mountain Guard", True),  # its name holds that of another
        ("river", "eight people", True),
    ],
)
def test_the_words_of_a_figure_name_its_actor_or_none_or_several(actor: str, printed: str, passes: bool) -> None:
    assert judge_side(actor, printed, "nobody") is passes


def test_groups_that_exclude_one_another_are_counted_against_their_whole() -> None:
    women = make_subset("women", sex="female", qualifier="exact", low=30, best=30, high=30)
    men = make_subset("men", sex="male", qualifier="exact", low=16, best=16, high=16)
    message = read_message("figures.exclusive-groups-fit", claims=[{}], figures=[make_total(45), women, men])
    assert message == "by sex and age the subsets (women 30, men 16) hold at least 46, but the whole is 45 (1 over)"
    found = judge("figures.exclusive-groups-fit", claims=[{}], figures=[make_total(46), women, men])
    assert found == {f"{PAGE}.1.killed": True}


def test_a_group_without_a_least_number_is_not_counted() -> None:
    women = make_subset("women", sex="female", qualifier="exact", low=30, best=30, high=30)
    men = make_subset("men", sex="male", qualifier="up_to", low=None, best=None, high=20)
    assert judge("figures.exclusive-groups-fit", claims=[{}], figures=[make_total(45), women, men]) == {}


@pytest.mark.parametrize(
    ("scopes", "starts", "passes"),
    [
        (("cumulative", "cumulative"), ("2024-05-20", "2024-05-20"), True),
        (
            ("cumulative", "cumulative"),
            ("2024-05-20", "2024-05-21"),
            False,
        ),  # two counts, though most days are the same
        (("period", "cumulative"), ("2024-05-20", "2024-05-21"), True),
        (("cumulative", "period"), ("2024-05-20", "2024-05-21"), True),
        (("period", "period"), ("2024-05-20", "2024-06-02"), False),
    ],
)
def test_a_corrected_toll_begins_on_the_same_day_and_other_windows_meet(
    scopes: tuple[str, str], starts: tuple[str, str], passes: bool
) -> None:
    claims = [
        {"claim_id": f"{PAGE}.{n}", "scope": scope, "period_start": start, "period_end": end}
        for n, scope, start, end in zip((1, 2), scopes, starts, ("2024-06-01", "2024-06-02"), strict=True)
    ]
    found = judge("claims.supersedes-window", claims=[claims[0], {**claims[1], "supersedes": f"{PAGE}.1"}])
    assert found == {f"{PAGE}.2": passes}


@pytest.mark.parametrize(
    ("new", "old", "passes"),
    [
        ("army", "observatory", False),
        ("army", "army", True),
        ("lost", "observatory", None),  # not in the register, which another rule reports
        ("army", "lost", None),
        ("lost", "lost", True),
    ],
)
def test_only_claimants_of_the_register_are_of_two_families(new: str, old: str, passes: bool | None) -> None:
    found = judge(
        "claims.supersedes-family",
        actors=[{"actor_id": "army"}, {"actor_id": "observatory"}],
        claims=[
            {"claim_id": f"{PAGE}.1", "claimant_id": old},
            {"claim_id": f"{PAGE}.2", "claimant_id": new, "supersedes": f"{PAGE}.1"},
        ],
    )
    assert found == {f"{PAGE}.2": passes}


@pytest.mark.parametrize(
    ("above", "own", "words"),
    [
        ({"sex": "female"}, {"sex": "male"}, "the sex of `part` is male, and that of `killed` above it female"),
        ({"age": "child"}, {"age": "adult"}, "the age of `part` is adult, and that of `killed` above it child"),
        (
            {"person_status": "civilian"},
            {"person_status": "fighter"},
            "the person status of `part` is fighter, and that of `killed` above it civilian",
        ),
        ({"cause": "airstrike"}, {"cause": "gunfire"}, "the cause of `part` is gunfire, and that of `killed` above it airstrike"),
        (
            {"period_start": "2024-05-20", "period_end": "2024-06-01"},
            {"period_start": "2024-05-19", "period_end": "2024-06-01"},
            "the first day of `part` is 2024-05-19, and that of `killed` above it 2024-05-20",
        ),
        (
            {"period_start": "2024-05-20", "period_end": "2024-06-01"},
            {"period_start": "2024-05-20", "period_end": "2024-06-02"},
            "the last day of `part` is 2024-06-02, and that of `killed` above it 2024-06-01",
        ),
    ],
)  # fmt: skip
def test_a_part_that_contradicts_its_whole_is_reported_with_both_terms(
    above: dict[str, str], own: dict[str, str], words: str
) -> None:
    figures = [make_total(9, **above), make_subset("part", **own)]
    assert read_message("figures.child-narrows-parent", claims=[{}], figures=figures) == words


@pytest.mark.parametrize(
    ("column", "day", "clue"),
    [
        ("period_start", "2023-05-28", "(2024-05-28 would fit: another year)"),
        ("period_end", "2025-05-28", "(2024-05-28 would fit: another year)"),
        ("period_start", "2023-06-02", ""),  # the corrected day lies outside, too
        ("period_end", "2024-12-31", ""),
        ("period_end", "2024-06-05", "(2024-05-06 would fit: month and day exchanged)"),
    ],
)
def test_the_day_of_a_part_that_fits_its_whole_is_named(column: str, day: str, clue: str) -> None:
    window = {"period_start": "2024-05-06", "period_end": "2024-06-01"}
    part = make_subset("part", **{**window, column: day})
    hint = read_hint("figures.child-narrows-parent", claims=[window], figures=[make_total(9, **window), part])
    assert hint.startswith(f"Correct the day of `part`{' ' if clue else ''}{clue}, or")


@pytest.mark.parametrize(
    ("one", "other", "passes"),
    [
        (("SYR", "2024-01-01", None), ("SYR IRQ", "2023-01-01", "2024-01-01"), True),  # one day in common
        (("SYR", "2024-01-02", None), ("SYR IRQ", "2023-01-01", "2024-01-01"), False),
        (("SYR", "2024-01-01", None), ("YEM", "2024-01-01", None), False),
        (("SYR", "2024-01-01", None), (None, "2024-01-01", None), None),  # nobody knows where
        ((None, "2024-01-01", None), ("SYR", "2024-01-01", None), None),
        ((None, "2024-01-02", None), ("SYR", "2023-01-01", "2024-01-01"), False),
    ],
)
def test_conflicts_of_linked_claims_share_a_country_and_a_day(
    one: tuple[str | None, ...], other: tuple[str | None, ...], passes: bool | None
) -> None:
    names = ("countries", "date_start", "date_end")
    conflicts = [dict(zip(names, cells, strict=True)) for cells in (one, other)]
    claims = [{"claim_id": f"{PAGE}.{n}", "conflict_id": conflict} for n, conflict in ((1, "war"), (2, "other"))]
    found = judge(
        "claim_links.conflicts-meet",
        conflicts=[{**conflicts[0], "conflict_id": "war"}, {**conflicts[1], "conflict_id": "other"}],
        claims=claims,
        claim_links=[{}],
    )
    assert list(found.values()) == [passes]


@pytest.mark.parametrize(("n", "passes"), [(3000, True), (3001, False), (100_000_000, False), (100_000_001, None)])
def test_a_day_has_at_most_as_many_people_as_any_few_days(n: int, passes: bool | None) -> None:
    found = judge("claims.days-are-possible", claims=[{}], figures=[make_total(n)])
    assert list(found.values()) == ([] if passes is None else [passes])
    assert (passes is None) != judge("figures.count-is-possible", figures=[make_total(n)])[f"{PAGE}.1.killed"]


def make_points(*points: tuple[str, int]) -> dict[str, list[dict[str, Any]]]:
    """Return a toll since 1 May 2024 with a number as of each day."""
    toll = "observatory.war.2024-05-01"
    running = {"scope": "cumulative", "period_start": "2024-05-01", "location_id": "land"}
    claims = [{**running, "claim_id": f"paper-{day}.9", "as_of": day, "period_end": day} for day, _ in points]
    figures = [
        make_total(n, figure_id=f"paper-{day}.9.killed", claim_id=f"paper-{day}.9", toll_id=toll) for day, n in points
    ]
    return {
        "tolls": [{"toll_id": toll, "date_start": "2024-05-01"}],
        "toll_places": [{"toll_id": toll}],
        "claims": claims,
        "figures": figures,
    }


@pytest.mark.parametrize(
    ("reached", "passes"),
    [
        (("2024-05-31", 750), False),  # as of the day itself: it rose by 46
        (("2024-05-31", 754), True),
        (("2024-06-09", 750), False),
        (("2024-05-30", 704), True),  # no later point
    ],
)
def test_a_day_has_at_most_as_many_people_as_the_toll_rose_up_to_its_end(
    reached: tuple[str, int], passes: bool
) -> None:
    rows = make_points(*dict.fromkeys((("2024-05-30", 704), reached)))
    day = {"claim_id": f"{PAGE}.1", "location_id": "land", "period_start": "2024-05-31", "period_end": "2024-05-31"}
    rows["claims"].append({**day, "as_of": "2024-05-31"})
    rows["figures"].append(make_total(50))
    assert judge("claims.day-fits-toll", **rows) == {f"{PAGE}.1": passes}


@pytest.mark.parametrize(
    ("before", "n", "passes"), [(1, 10, True), (1, 11, False), (72, 720, True), (72, 721, False), (0, 5, None)]
)
def test_a_toll_may_rise_tenfold(before: int, n: int, passes: bool | None) -> None:
    found = judge("figures.toll-does-not-jump", **make_points(("2024-05-30", before), ("2024-05-31", n)))
    assert list(found.values()) == ([] if passes is None else [passes])


def test_the_fall_of_a_toll_is_reported_in_people() -> None:
    message = read_message("figures.toll-does-not-fall", **make_points(("2024-05-30", 910), ("2024-05-31", 826)))
    assert message.endswith("falls from 910 (paper-2024-05-30.9, as of 2024-05-30) to 826 as of 2024-05-31: 84 fewer")


def test_exchanged_digits_are_likelier_than_a_changed_one() -> None:
    # 9 too many: 12 for 21 has two digits exchanged, and 10 for 19 has one changed.
    parts = make_list("party", army=21, civilians=19, rebels=60)
    hint = read_hint("figures.parts-cover-parent", claims=[{}], figures=[make_total(91), *parts])
    assert hint.startswith("With 12 for `army` it comes out, and 21 is that with two digits exchanged.")
    hint = read_hint(
        "figures.parts-cover-parent", claims=[{}], figures=[make_total(81), *make_list("sex", men=49, women=39)]
    )
    assert hint.startswith("It comes out with 42 for `men`, 32 for `women` or 88 for `killed`.")


def test_a_list_of_one_part_is_no_sum() -> None:
    figures = [make_total(91), *make_list("party", army=21)]
    message = read_message("figures.parts-cover-parent", claims=[{}], figures=figures)
    assert message.startswith("by party: 21, but the total is 91 (70 short)")


@pytest.mark.parametrize(("latitude", "passes"), [(35.008, False), (35.0089, False), (35.009, True)])
def test_two_events_are_one_if_their_places_are_near(latitude: float, passes: bool) -> None:
    rows = make_twins(latitude)
    assert judge("events.possible-duplicate", **rows) == {"2024-06-01-a": True, "2024-06-01-b": passes}


def make_twins(latitude: float) -> dict[str, list[dict[str, Any]]]:
    """Return two alike events, one of them on latitude 35."""
    return {
        "locations": [{"location_id": "a", "latitude": 35.0}, {"location_id": "b", "latitude": latitude}],
        "events": [{"event_id": f"2024-06-01-{name}", "location_id": name} for name in ("a", "b")],
    }


def test_places_at_the_greatest_distance_are_near(monkeypatch: pytest.MonkeyPatch) -> None:
    points = pl.LazyFrame({"north": [35.0], "other": [35.1], "east": [36.75]})
    distance = events._compute_distance_km("north", "east", "other", "east")
    kilometres = nw.from_native(points).select(km=distance).collect()["km"].item()
    for limit, passes in ((kilometres, False), (math.nextafter(kilometres, 0), True)):
        monkeypatch.setattr(events, "NEAR_KM", limit)
        assert judge("events.possible-duplicate", **make_twins(35.1))["2024-06-01-b"] is passes


@pytest.mark.parametrize(
    ("claimant", "place", "clue"),
    [
        ("observatory", "land", "A toll of observatory there has `since: 2024-05-01` or `since: 2024-05-20`: "),
        ("observatory", "town", ""),
        ("rebels", "land", ""),
    ],
)
def test_the_tolls_of_a_claimant_in_a_place_are_named(claimant: str, place: str, clue: str) -> None:
    starts = ("2024-05-01", "2024-05-20")
    hint = read_hint(
        "figures.has-toll",
        actors=[{"actor_id": "observatory"}, {"actor_id": "rebels"}],
        locations=[{"location_id": "land"}, {"location_id": "town"}],
        tolls=[{"toll_id": f"observatory.war.{day}", "date_start": day} for day in starts],
        toll_places=[{"toll_id": f"observatory.war.{day}"} for day in starts],
        claims=[{"claimant_id": claimant, "location_id": place, "scope": "cumulative", "period_start": "2024-05-02"}],
        figures=[{}],
    )
    assert hint.startswith(f"{clue}write that if the page counts from there. Add the toll" if clue else "Add the toll")


@pytest.mark.parametrize(
    ("typed", "passes"),
    [
        (("everybody", None), True),
        (("civilians", None), False),
        (("everybody", "men"), False),  # right, with a wrong detail
        ((None, "men"), False),
        ((None, None), None),
    ],
)
def test_whom_a_total_counts_is_compared_with_its_detail(typed: tuple[str | None, ...], passes: bool | None) -> None:
    names = ("population", "population_detail")
    found = judge("figures.population-derived", figures=[dict(zip(names, typed, strict=True))])
    assert list(found.values()) == ([] if passes is None else [passes])


def test_only_documents_with_a_hash_are_compared() -> None:
    pages = [{"source_id": "paper-2024-06-02"}, {"source_id": "paper-2024-06-03"}]
    assert judge("sources.document-once", sources=pages) == {}
    hashed = [{**page, "sha256": "b3b428d4"} for page in pages]
    assert judge("sources.document-once", sources=hashed) == {"paper-2024-06-02": True, "paper-2024-06-03": False}
    assert judge("sources.document-once", sources=[pages[0], hashed[1]]) == {"paper-2024-06-03": True}


def test_a_message_says_what_kind_of_record_there_is_not() -> None:
    said = {
        (table, rule.message.rpartition("there is no such ")[2])
        for rule in load_rules().values()
        if "there is no such " in rule.message
        for table in rule.requires_tables or (rule.table,)
    }
    assert said == {(table, table.removesuffix("s")) for table in dict(said) if table != "sources"} | {
        ("sources", "page")
    }
    assert len(said) == 8


@pytest.mark.parametrize(("coded", "meant"), [(-5, -50), (-50, -5), (-17, -18), (-12, -21), (0, 0), (17, -17)])
def test_a_count_below_zero_has_no_slip(coded: int, meant: int) -> None:
    assert _typos.describe_digit_slip(coded, meant) == ""


@pytest.mark.parametrize(
    ("accused", "together", "passes"),
    [
        (("river",), (), False),  # the ministry accuses its enemies, so the hurt are hardly those of the clan
        (("river",), ("river", "army"), True),  # the river fights on the side of the ministry, says another claim
        (("river",), ("river", "neighbour"), False),
        (("army",), (), True),
        (("river", "army"), (), True),
        (("ministry",), (), True),  # nobody who fights
        (("river", None), (), False),  # a row without an actor, which another rule reports
        ((), (), True),
    ],
)
def test_people_of_others_are_hit_by_others_than_their_enemies(
    accused: tuple[str | None, ...], together: tuple[str, ...], passes: bool
) -> None:
    assert judge_side("clan", None, accused=accused, together=together) is passes


@pytest.mark.parametrize(
    ("accused", "passes"), [(("army",), True), (("army", "river"), False), (("army", None), True), (("river",), True)]
)
def test_of_several_perpetrators_none_is_of_the_side_that_was_hit(
    accused: tuple[str | None, ...], passes: bool
) -> None:
    assert judge_side("army", None, accused=accused) is passes


@pytest.mark.parametrize(
    ("born", "gone", "passes"),
    [
        (None, None, True),
        ("2024-06-01", None, True),  # founded on the day of the claim
        ("2024-06-02", None, False),
        (None, "2024-06-01", True),  # dissolved on it
        (None, "2024-05-31", False),
        ("2024-05-01", "2024-07-01", True),
    ],
)
def test_only_forces_of_the_day_are_on_the_side_of_their_state(
    born: str | None, gone: str | None, passes: bool
) -> None:
    army = {"actor_id": "old_army", "kind": "armed_forces", "country": "SYR", "active_from": born, "active_to": gone}
    assert judge_side("old_army", "eight of its men", more=({**army, "name": "Guards"},)) is passes


@pytest.mark.parametrize(
    ("scope", "as_of", "spot"),
    [
        ("cumulative", "2024-06-13", "period_end"),  # a toll that runs up to its as-of day, and not to another one
        ("cumulative", "2024-06-12", "period_end"),
        ("cumulative", "2024-06-11", None),
        ("cumulative", None, None),
        ("period", "2024-06-13", None),
    ],
)
def test_the_end_of_a_toll_that_precedes_its_start_is_pointed_at(
    scope: str, as_of: str | None, spot: str | None
) -> None:
    row = {"scope": scope, "period_start": dt.date(2024, 6, 12), "period_end": dt.date(2024, 6, 10)}
    row["as_of"] = dt.date.fromisoformat(as_of) if as_of else None
    assert claims._guess_order(row, dt.date(2024, 6, 14)) == {"clue": "", "spot": spot}


@pytest.mark.parametrize("outcome", MOST_IN_DAYS)
def test_each_outcome_has_its_greatest_number_of_a_few_days(outcome: str) -> None:
    most = 3000 if outcome in ("killed", "abducted") else 8000
    for n, passes in ((most, True), (most + 1, False)):
        found = judge("claims.days-are-possible", claims=[{}], figures=[make_total(n, outcome=outcome)])
        assert list(found.values()) == [passes]


def test_only_pages_with_an_address_are_compared() -> None:
    pages = [{"source_id": "paper-2024-06-02", "url": None}, {"source_id": "paper-2024-06-03", "url": None}]
    assert judge("sources.url-once", sources=pages) == {}
    placed = [{**page, "url": "https://example.org/1"} for page in pages]
    assert judge("sources.url-once", sources=placed) == {"paper-2024-06-02": True, "paper-2024-06-03": False}
    assert judge("sources.url-once", sources=[{**placed[0], "source_id": None}, placed[1]]) == {
        "paper-2024-06-03": True
    }


def test_a_toll_falls_from_an_earlier_day() -> None:
    rows = make_points(("2024-05-29", 910), ("2024-05-31", 910))
    rows["claims"].append({**rows["claims"][1], "claim_id": f"{PAGE}.1"})
    rows["figures"].append({**rows["figures"][1], **make_total(826, claim_id=f"{PAGE}.1")})
    # Another page has 910 on the same day, too.
    message = read_message("figures.toll-does-not-fall", **rows)
    assert message.endswith("falls from 910 (paper-2024-05-29.9, as of 2024-05-29) to 826 as of 2024-05-31: 84 fewer")


@pytest.mark.parametrize(
    ("claimant", "actor", "printed", "passes"),
    [
        ("ministry", "clan", "eight soldiers", False),  # a state has soldiers
        ("ministry", "clan", "eight fighters", True),
        ("ministry", "clan", "eight soldiers and fighters", True),
        ("ministry", "neighbour", "eight soldiers", True),  # another state
        ("ministry", "army", "eight terrorists", False),  # nobody calls its own people so
        ("ministry", "clan", "eight terrorists", True),
        ("clan", "army", "eight fighters", False),  # a clan has fighters
        ("clan", "army", "eight soldiers", True),
        ("clan", "river", "eight fighters", True),  # another group
        ("clan", "clan", "eight enemy fighters", False),
    ],
)
def test_the_words_for_soldiers_and_fighters_tell_the_side(
    claimant: str, actor: str, printed: str, passes: bool
) -> None:
    assert judge_side(actor, printed, claimant) is passes


def judge_repeats(*told: dict[str, Any], linked: bool = False) -> list[bool | None]:
    """Return the verdicts on the sides of figures, each of a claim of its own."""
    claims = [{"claim_id": f"{PAGE}.{n}", "as_of": row.get("as_of", "2024-06-01")} for n, row in enumerate(told, 1)]
    figures = [
        make_total(row.get("n", 20), figure_id=f"{PAGE}.{n}.killed", claim_id=f"{PAGE}.{n}", actor_id=row["actor"])
        | {"outcome": row.get("outcome", "killed")}
        for n, row in enumerate(told, 1)
    ]
    links = [{"claim_id": f"{PAGE}.2", "other_id": f"{PAGE}.1"}] if linked else []
    found = judge("figures.side-fits-words", actors=SIDES, claims=claims, claim_links=links, figures=figures)
    return list(found.values())


def test_one_number_of_a_claimant_is_of_the_people_of_one_side() -> None:
    clan, river = {"actor": "clan"}, {"actor": "river"}
    assert judge_repeats(clan, river) == [True, False]
    assert judge_repeats(clan, clan) == [True, True]
    assert judge_repeats(clan, river, river) == [False, True, True]  # most others say otherwise
    assert judge_repeats(river, clan, river, clan) == [True, False, False, False]  # as many: the first is right
    assert judge_repeats(clan, river, linked=True) == [True, True]  # the two are known to differ
    assert judge_repeats(clan, {"actor": "ministry"}) == [True, True]  # nobody who fights


@pytest.mark.parametrize(
    ("other", "passes"),
    [
        ({"as_of": "2024-06-04"}, False),  # three days later
        ({"as_of": "2024-06-05"}, True),
        ({"as_of": "2024-05-29"}, False),
        ({"as_of": "2024-05-28"}, True),
        ({"as_of": None}, True),
        ({"outcome": "injured"}, True),
        ({"n": 21}, True),
    ],
)
def test_a_repeated_number_is_of_about_one_day_and_one_outcome(other: dict[str, Any], passes: bool) -> None:
    assert judge_repeats({"actor": "clan"}, {"actor": "river", **other}) == [True, passes]


def test_small_numbers_are_equal_by_chance() -> None:
    assert judge_repeats({"actor": "clan", "n": 19}, {"actor": "river", "n": 19}) == [True, True]


@pytest.mark.parametrize(
    ("claim", "passes"),
    [
        ({"period_start": "2024-05-30", "period_end": "2024-06-01"}, False),  # three days
        ({"period_start": "2024-05-29", "period_end": "2024-06-01"}, None),  # four may be a count of their own
        ({"scope": "event", "period_start": "2024-05-01", "period_end": "2024-06-01"}, False),
        ({"scope": "cumulative"}, None),
        ({"status": "withdrawn"}, None),
    ],
)
def test_a_few_days_and_events_have_no_words_of_a_toll(claim: dict[str, Any], passes: bool | None) -> None:
    for printed, verdict in (("80 people since 1 May", passes), ("80 people", None if passes is None else True)):
        found = judge("claims.words-fit-window", claims=[claim], figures=[make_total(80, printed=printed)])
        assert list(found.values()) == ([] if verdict is None else [verdict])


@pytest.mark.parametrize(
    ("printed", "passes"),
    [
        ("80 so far", False),
        ("80, the deadliest day since the war began", True),  # how rare it is
        ("80 people", True),
        (None, None),
    ],
)
def test_words_of_a_toll_are_none_of_how_rare_a_day_is(printed: str | None, passes: bool | None) -> None:
    found = judge("claims.words-fit-window", claims=[{}], figures=[make_total(80, printed=printed)])
    assert list(found.values()) == ([] if passes is None else [passes])


def judge_day(
    n: int, *points: tuple[str, int], first: str = "2024-05-31", last: str = "2024-05-31", **cells: Any
) -> bool | None:
    """Return the verdict on the killed of a few days, next to the points of a toll since 1 May."""
    rows = make_points(*points)
    window = {"period_start": first, "period_end": last, "as_of": last}
    rows["claims"].append({"claim_id": f"{PAGE}.1", "location_id": "land", **window, **cells})
    rows["figures"].append(make_total(n))
    return judge("claims.day-fits-toll", **rows).get(f"{PAGE}.1")


@pytest.mark.parametrize(
    ("n", "points", "passes"),
    [
        (20, (("2024-05-30", 704), ("2024-06-10", 710)), False),
        (19, (("2024-05-30", 704), ("2024-06-10", 710)), None),  # small numbers are equal by chance
        (704, (("2024-05-30", 704), ("2024-06-10", 5000)), False),  # the toll itself, a day before
        (704, (("2024-05-29", 704), ("2024-06-10", 5000)), True),  # two days before
        (704, (("2024-06-01", 704),), False),  # a day after
        (704, (("2024-06-02", 704),), True),
        (700, (("2024-05-29", 700),), False),  # as many as in all the days until then
        (699, (("2024-05-29", 700),), True),
        (50, (("2024-05-28", 9040), ("2024-05-29", 704), ("2024-05-31", 754)), True),  # a peak that is a slip is no point
        (51, (("2024-05-28", 9040), ("2024-05-29", 704), ("2024-05-31", 754)), False),
        (50, (("2024-05-30", 704), ("2024-05-31", 704)), False),  # a toll that has not risen
        (50, (("2024-05-30", 704), ("2024-05-31", 750), ("2024-06-01", 760)), False),  # the first after it counts
        (50, (("2024-05-20", 710), ("2024-05-30", 720), ("2024-05-31", 765)), False),  # and the last before it
    ],
)  # fmt: skip
def test_a_day_fits_between_the_points_of_its_toll(
    n: int, points: tuple[tuple[str, int], ...], passes: bool | None
) -> None:
    assert judge_day(n, *points) is passes


@pytest.mark.parametrize(
    ("first", "last", "passes"),
    [
        ("2024-05-31", "2024-06-02", False),  # three days
        ("2024-05-31", "2024-06-03", True),  # a longer window may be a count of its own
        ("2024-05-02", "2024-05-02", True),  # before all points
        ("2024-05-01", "2024-05-01", None),  # the first day of the toll
    ],
)
def test_few_days_have_fewer_people_than_all_before(first: str, last: str, passes: bool | None) -> None:
    assert judge_day(750, ("2024-05-29", 700), first=first, last=last) is passes


@pytest.mark.parametrize(
    "cells",
    [
        {"claimant_id": "ministry"},
        {"location_id": "town"},
        {"conflict_id": "other"},
        {"status": "withdrawn"},
        {"as_of": None},
        {"scope": "cumulative"},
    ],
)
def test_only_a_claim_of_the_people_of_a_toll_is_compared_with_it(cells: dict[str, Any]) -> None:
    assert judge_day(700, ("2024-05-29", 700)) is False
    assert judge_day(700, ("2024-05-29", 700), **cells) is None


@pytest.mark.parametrize(
    ("n", "other", "passes"),
    [
        (200, 20, False),  # ten times as many
        (199, 20, True),
        (199, 19, True),  # less than ten times a telling number
        (200, 21, True),
        (200, 0, True),
    ],
)
def test_claims_of_one_event_differ_less_than_tenfold(n: int, other: int, passes: bool) -> None:
    event = {"scope": "event", "period_start": None, "period_end": None}
    found = judge(
        "claims.days-are-possible",
        events=[{}],
        claim_events=[{"claim_id": f"{PAGE}.{k}"} for k in (1, 2)],
        claims=[{**event, "claim_id": f"{PAGE}.{k}"} for k in (1, 2)],
        figures=[make_total(n), make_total(other, figure_id=f"{PAGE}.2.killed", claim_id=f"{PAGE}.2")],
    )
    assert found == {f"{PAGE}.1": passes, f"{PAGE}.2": True}


@pytest.mark.parametrize(("days", "passes"), [(6, False), (7, None)])
def test_a_week_may_have_more_people_than_a_few_days(days: int, passes: bool | None) -> None:
    claims = [{"period_start": "2024-05-01", "period_end": f"2024-05-0{days}"}]
    found = judge("claims.days-are-possible", claims=claims, figures=[make_total(5000)])
    assert list(found.values()) == ([] if passes is None else [passes])


@pytest.mark.parametrize(
    ("toll", "population", "passes"),
    [
        ("observatory.war.2024-01-01", "everybody", True),
        ("observatory.war.2024-01-01.land", "everybody", True),  # next to a wider one
        ("observatory.war.2024-01-01.town", "everybody", False),
        ("observatory.war.2024-01-02", "everybody", False),
        ("observatory.war.2024-01-01.civilians", "civilians", True),
        ("observatory.war.2024-01-01.civilians.land", "civilians", True),
        ("observatory.war.2024-01-01", "civilians", False),
        ("observatory.war.2024-01-01.everybody", "everybody", False),
    ],
)
def test_the_id_of_a_toll_is_made_of_its_columns(toll: str, population: str, passes: bool) -> None:
    assert judge("tolls.id-is-toll", tolls=[{"toll_id": toll, "population": population}]) == {toll: passes}


@pytest.mark.parametrize(
    ("tolls", "named", "passes"),
    [
        (("land",), None, True),
        (("land", "land"), None, False),  # two with no other place
        (("land", "land town"), None, True),  # one has no other place
        (("land town", "land town"), None, False),
        (("land town", "land town"), "observatory.0", True),
        (("town",), None, None),  # fits none, which another rule reports
    ],
)
def test_a_total_fits_one_toll_or_names_it(tolls: tuple[str, ...], named: str | None, passes: bool | None) -> None:
    found = judge(
        "figures.one-toll",
        actors=[{}],
        locations=[{"location_id": "land"}],
        tolls=[{"toll_id": f"observatory.{n}"} for n in range(len(tolls))],
        toll_places=[
            {"toll_id": f"observatory.{n}", "location_id": place}
            for n, places in enumerate(tolls)
            for place in places.split()
        ],
        claims=[{"scope": "cumulative", "period_start": "2024-01-01", "location_id": "land"}],
        figures=[make_total(8, toll_id=named)],
    )
    assert list(found.values()) == ([] if passes is None else [passes])


@pytest.mark.parametrize(
    ("corrected", "passes"),
    [
        ({2: 1, 3: 2}, {2: True, 3: True}),
        ({1: 2, 2: 1}, {1: False, 2: None}),  # a circle is one finding, at its first claim
        ({1: 1}, {1: False}),
        ({1: 2, 2: 1, 3: 1}, {1: False, 2: None, 3: None}),  # a claim that leads into the circle
        ({1: 2, 2: 3, 3: 1, 4: 3}, {1: False, 2: None, 3: None, 4: None}),
        ({2: 3, 3: 2, 1: 2}, {1: None, 2: False, 3: None}),
        ({1: 2, 2: 9}, {1: True, 2: True}),  # a claim that is missing, which another rule reports
    ],
)
def test_corrections_in_a_circle_are_one_finding(corrected: dict[int, int], passes: dict[int, bool | None]) -> None:
    claims = [{"claim_id": f"{PAGE}.{new}", "supersedes": f"{PAGE}.{old}"} for new, old in corrected.items()]
    found = judge("claims.supersedes-no-circle", claims=[*claims, {"claim_id": f"{PAGE}.8"}])
    assert found == {f"{PAGE}.{n}": verdict for n, verdict in passes.items()}


@pytest.mark.parametrize(("length", "passes"), [(16, True), (17, False)])
def test_a_line_of_corrections_ends_within_its_limit(length: int, passes: bool) -> None:
    claims = [{"claim_id": f"{PAGE}.{n}", "supersedes": f"{PAGE}.{n - 1}"} for n in range(1, length + 1)]
    found = judge("claims.supersedes-no-circle", claims=claims)
    assert found.pop(f"{PAGE}.{length}") is passes
    assert set(found.values()) == {True}


def count_held(rule_id: str, *groups: dict[str, Any], **rows: list[dict[str, Any]]) -> int | None:
    """Return how many people the groups hold together by a rule. None if they fit into a whole of the largest of them."""
    subsets = [
        make_subset(f"g{n}", **{"qualifier": "exact", "best": group["low"], "high": group["low"], **group})
        for n, group in enumerate(groups)
    ]
    figures = [make_total(max(group["low"] for group in groups)), *subsets]
    tables = {table: make_frame(table, {**rows, "claims": [{}], "figures": figures}.get(table, [])) for table in MODELS}
    found = collect_results(tables, "polars", [load_rules()[rule_id]])[rule_id][1]
    return int(found[0][1].partition("hold at least ")[2].partition(",")[0]) if found else None


@pytest.mark.parametrize(
    ("groups", "held"),
    [
        ([{"sex": "female", "low": 30}, {"sex": "male", "low": 16}], 46),
        ([{"sex": "female", "low": 30}, {"sex": "female", "label": "guests", "low": 16}], None),  # may be the same
        ([{"sex": "female", "low": 30}, {"age": "child", "low": 16}], None),  # girls are both
        ([{"age": "adult", "low": 30}, {"age": "elderly", "low": 16}], None),  # the elderly are adults
        ([{"age": "child", "low": 30}, {"age": "elderly", "low": 16}], 46),
        # 20 children, and 12 boys and 10 girls: 22 at least
        (
            [
                {"age": "child", "low": 20},
                {"age": "child", "sex": "male", "low": 12},
                {"age": "child", "sex": "female", "low": 10},
                {"age": "adult", "low": 24},
            ],
            46,
        ),
        # 23 children, of whom 12 are boys and 10 girls
        (
            [
                {"age": "child", "low": 23},
                {"age": "child", "sex": "male", "low": 12},
                {"age": "child", "sex": "female", "low": 10},
                {"age": "adult", "low": 24},
            ],
            47,
        ),
        ([{"person_status": "civilian", "low": 30}, {"person_status": "fighter", "low": 16}], 46),
        ([{"person_status": "combatant", "low": 30}, {"person_status": "fighter", "low": 16}], None),
        (
            [
                {"person_status": "combatant", "low": 30},
                {"person_status": "fighter", "low": 20},
                {"person_status": "armed_forces", "low": 20},
                {"person_status": "civilian", "low": 6},
            ],
            46,
        ),
        ([{"sex": "female", "low": 30}, {"sex": "male", "outcome": "injured", "low": 16}], None),
        ([{"sex": "female", "low": 30}, {"sex": "male", "relation": "additional", "low": 16}], None),
    ],
)
def test_groups_of_one_kind_hold_the_fewest_people_that_can_be_true(
    groups: list[dict[str, Any]], held: int | None
) -> None:
    assert count_held("figures.exclusive-groups-fit", *groups) == held


@pytest.mark.parametrize("column", ["actor_id", "perpetrator_id"])
def test_parties_inside_one_another_are_counted_once(column: str) -> None:
    def count(*parties: tuple[str, int]) -> int | None:
        groups = [{column: party, "low": low} for party, low in parties]
        return count_held("figures.exclusive-parties-fit", *groups, actors=actors)

    actors: list[dict[str, Any]] = [
        {"actor_id": "army", "parent_id": None},
        {"actor_id": "guard", "parent_id": "army"},
        {"actor_id": "squad", "parent_id": "guard"},
        {"actor_id": "rebels", "parent_id": None},
        {"actor_id": "lost", "parent_id": "nowhere"},
    ]
    assert count(("army", 20), ("rebels", 10)) == 30
    assert count(("army", 20), ("guard", 15), ("rebels", 10)) == 30
    assert count(("army", 20), ("squad", 15), ("rebels", 10)) == 30
    assert count(("guard", 20), ("rebels", 10)) == 30
    assert count(("army", 20), ("guard", 15)) is None
    assert count(("army", 20), ("lost", 15)) is None  # whose people these are nobody knows


def test_places_inside_one_another_are_counted_once() -> None:
    def count(*places: tuple[str, int]) -> int | None:
        groups = [{"location_id": place, "low": low} for place, low in places]
        return count_held("figures.exclusive-places-fit", *groups, locations=locations)

    locations: list[dict[str, Any]] = [
        {"location_id": "land", "kind": "country", "parent_id": None},
        {"location_id": "town", "parent_id": "land"},
        {"location_id": "market", "parent_id": "town"},
        {"location_id": "village", "parent_id": "land"},
        {"location_id": "north", "kind": "area", "parent_id": None},
        {"location_id": "lost", "parent_id": "nowhere"},
    ]
    assert count(("town", 20), ("village", 10)) == 30
    assert count(("town", 20), ("market", 15), ("village", 10)) == 30
    assert count(("land", 20), ("market", 15)) is None
    assert count(("town", 20), ("north", 15)) is None  # an area without borders
    assert count(("town", 20), ("lost", 15)) is None


@pytest.mark.parametrize(
    ("low", "whole", "clue"),
    [
        (200, 20, "Is it 20, with one 0 too many? "),
        (200, 19, ""),
        (201, 20, ""),
        (190, 20, "Is it 19, with one 0 too many? "),
    ],
)
def test_a_subset_with_a_zero_too_many_is_named(low: int, whole: int, clue: str) -> None:
    part = make_subset("part", sex="female", **dict.fromkeys(("low", "best", "high"), low))
    hint = read_hint("figures.subset-within-parent", claims=[{}], figures=[make_total(whole), part])
    assert hint.startswith(f"{clue}Compare both numbers")


@pytest.mark.parametrize(("said", "passes"), [(34, False), (35, True), (36, True)])
def test_a_group_has_as_many_people_as_its_members_in_a_list(said: int, passes: bool) -> None:
    parts = make_list("perpetrator", army=90, rebels=10)
    below = [
        make_subset(f"{name}.children", parent_id=f"{PAGE}.1.killed.{name}", age="child", low=n, best=n, high=n)
        for name, n in (("army", 33), ("rebels", 2))
    ]
    children = make_subset("children", age="child", low=said, best=said, high=said)
    found = judge("figures.group-covers-list", claims=[{}], figures=[make_total(100), *parts, *below, children])
    assert found == {f"{PAGE}.1.killed.children": passes}


@pytest.mark.parametrize(
    ("start", "passes"),
    [
        ("2023-05-04", False),  # a year before the others
        ("2025-05-04", False),
        ("2022-05-04", True),
        ("2024-04-05", False),  # month and day exchanged
        ("2023-04-05", True),
        ("2024-05-05", True),
        ("2024-06-04", True),
        ("2023-05-05", True),
    ],
)
def test_the_start_of_a_toll_is_compared_with_that_of_most(start: str, passes: bool) -> None:
    days = ["2024-05-04"] * 3 + [start]
    claims = [{"claim_id": f"{PAGE}.{n}", "scope": "cumulative", "period_start": day} for n, day in enumerate(days, 1)]
    assert judge("claims.start-fits-series", claims=claims)[f"{PAGE}.4"] is passes
    for column in ("claimant_id", "conflict_id", "location_id"):
        assert (
            judge("claims.start-fits-series", claims=[*claims[:3], {**claims[3], column: "other"}]).get(f"{PAGE}.4")
            is None
        )


@pytest.mark.parametrize(
    ("n", "whole", "cells", "passes"),
    [
        (100, 5087, {}, False),
        (101, 5087, {}, None),  # no share is more than the whole
        (16, 500, {}, False),  # less than one in 30
        (17, 500, {}, True),
        (16, 499, {}, True),  # small parts of few people are usual
        (1, 5087, {}, True),  # nobody rounds to one
        (2, 5087, {}, False),
        (62, 62, {}, None),  # no smaller than the whole
        (62, 5087, {"printed": "about 62 people"}, None),
        (62, 5087, {"relation": "additional"}, None),
        (62, 5087, {"parent_id": None}, None),
        (62, 5087, {"qualifier": "at_least", "low": 62, "best": None}, True),
    ],
)
def test_a_small_rounded_part_of_many_people_may_be_a_share(
    n: int, whole: int, cells: dict[str, Any], passes: bool | None
) -> None:
    part = make_subset("part", **{"qualifier": "about", "low": None, "best": n, "high": None, **cells})
    found = judge("figures.part-is-count", claims=[{}], figures=[make_total(whole), part])
    assert list(found.values()) == ([] if passes is None else [passes])


@pytest.mark.parametrize(
    ("note", "passes"),
    [
        ("Of the dead 62% were women.", False),
        ("Of the dead 63% were women.", True),
        ("Of the dead 62% were women, and 62 were children.", True),  # a count, too
        (None, True),
    ],
)
def test_a_number_that_the_record_has_as_a_share_may_be_one(note: str | None, passes: bool) -> None:
    part = make_subset("part", **dict.fromkeys(("low", "best", "high"), 62))
    for rows in ({"claims": [{"note": note}], "sources": [{}]}, {"claims": [{}], "sources": [{"note": note}]}):
        found = judge("figures.part-is-count", figures=[make_total(90), part], **rows)
        assert list(found.values()) == [passes]


def test_numbers_that_would_fit_a_joint_number_are_named() -> None:
    figures = [
        make_total(n, figure_id=f"{PAGE}.1.{outcome}", outcome=outcome)
        for outcome, n in (("killed", 20), ("injured", 50), ("killed_or_injured", 60))
    ]
    hint = read_hint("figures.joint-outcome-covers-both", claims=[{}], figures=figures)
    assert hint.startswith("It comes out with 10 for `killed`, 40 for `injured` or 70 for `killed_or_injured`. ")


@pytest.mark.parametrize(
    ("cells", "passes"),
    [
        ({"qualifier": "exact", "low": 41, "best": 41, "high": 41}, False),
        ({"qualifier": "exact", "low": 40, "best": 40, "high": 40}, True),
        ({"qualifier": "about", "low": None, "best": 41, "high": None}, None),  # nobody has added that up
        ({"qualifier": "range", "low": 40, "best": None, "high": 41}, None),
    ],
)
def test_only_exact_parts_add_up_to_the_printed_number(cells: dict[str, Any], passes: bool | None) -> None:
    whole = {"qualifier": "at_least", "low": 100, "best": None, "high": None}
    men, women = make_list("sex", men=60, women=40)
    found = judge("figures.parts-sum-as-printed", claims=[{}], figures=[whole, men, {**women, **cells}])
    assert list(found.values()) == ([] if passes is None else [passes])


@pytest.mark.parametrize(
    ("windows", "passes"),
    [
        ((("2024-05-20", "2024-05-26"), ("2024-05-27", "2024-05-31")), False),
        ((("2024-05-20", "2024-05-26"),), True),  # one alone may have a wrong day itself
        ((("2024-05-20", "2024-05-26"), ("2024-05-27", "2024-05-31"), ("2024-06-01", "2024-06-01")), True),
        ((("2024-05-20", "2024-06-01"), ("2024-06-01", "2024-06-02")), False),  # a day too early, a day too late
        ((("2024-06-01", "2024-06-01"), ("2024-06-01", "2024-06-01")), True),
    ],
)
def test_a_window_is_wrong_if_all_of_several_figures_lie_outside(
    windows: tuple[tuple[str, str], ...], passes: bool
) -> None:
    parts = [
        make_subset(f"g{n}", period_start=first, period_end=last) for n, (first, last) in enumerate(windows)
    ]  # fmt: skip
    found = judge("claims.window-holds-figures", claims=[{}], figures=[make_total(80), *parts])
    assert found == {f"{PAGE}.1": passes}


@pytest.mark.parametrize(
    ("own", "passes"),
    [
        (("2024-05-27", "2024-06-01"), True),
        (("2024-05-26", "2024-06-01"), False),
        (("2024-05-27", "2024-06-02"), False),
        (("2024-05-27", None), True),
        (("2024-05-26", None), False),
        ((None, "2024-06-01"), True),
        ((None, "2024-06-02"), False),
        (("2024-06-02", "2024-05-26"), None),  # in no order, which another rule reports
        ((None, None), None),
    ],
)
def test_a_total_has_the_days_of_its_claim(own: tuple[str | None, ...], passes: bool | None) -> None:
    total = make_total(8, **dict(zip(("period_start", "period_end"), own, strict=True)))
    claims = [{"period_start": "2024-05-27", "period_end": "2024-06-01"}]
    found = judge("figures.window-within-claim", claims=claims, figures=[total])
    assert list(found.values()) == ([] if passes is None else [passes])


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [("2024-04-26", "2024-04-27", "2024-04-26/2024-04-27"), ("2024-04-27", None, "2024-04-27"), (None, "2024-04-27", "2024-04-27")],
)  # fmt: skip
def test_a_waiver_of_other_days_holds_for_both_windows(first: str | None, last: str | None, days: str) -> None:
    cells = {"period_start": first, "period_end": last, "first": "2024-05-27", "last": "2024-06-02"}
    row = {name: dt.date.fromisoformat(day) if day else None for name, day in cells.items()}
    assert figures_windows._write_both_days(row) == f"{days} under 2024-05-27/2024-06-02"


def test_a_day_is_no_slip_for_itself() -> None:
    day = dt.date(2024, 5, 5)
    assert _typos.find_day_slip(day, day, day) is None
    assert _typos.describe_day_slip(day, str(day)) == ""
    assert _typos.find_day_slip(dt.date(2024, 5, 12), day, dt.date(2024, 12, 31)) == (
        dt.date(2024, 12, 5),
        "month and day exchanged",
    )
    assert _typos.find_day_slip(dt.date(2024, 5, 13), dt.date(2024, 5, 14), dt.date(2024, 12, 31)) is None
    assert _typos.find_day_slip(dt.date(2024, 2, 29), dt.date(2023, 1, 1), dt.date(2023, 12, 31)) is None


@pytest.mark.parametrize(
    ("days", "code", "fitting"),
    [
        (1, "1", None),
        (2, "1", "2 would fit"),
        (1, "2", "1 would fit"),
        (2, "2", None),
        (6, "2", None),
        (7, "2", "3 would fit"),
        (6, "3", "2 would fit"),
        (7, "3", None),
        (8, "3", "4 would fit"),
        (7, "4", "3 would fit"),
        (8, "4", None),
        (31, "4", None),
        (32, "4", "5 would fit"),
        (31, "5", "4 would fit"),
        (32, "5", None),
        (366, "5", None),
        (367, "5", "no code fits"),
    ],
)
def test_the_precision_of_an_event_is_that_of_its_days(days: int, code: str, fitting: str | None) -> None:
    start = dt.date(2024, 1, 1)
    event = {"date_start": start, "date_end": start + dt.timedelta(days=days - 1), "date_precision": code}
    found = judge("events.precision-fits-span", events=[event])
    assert list(found.values()) == [fitting is None]
    if fitting:
        assert read_message("events.precision-fits-span", events=[event]).endswith(f": {fitting}")


def test_an_event_in_no_order_has_no_precision() -> None:
    event = {"date_start": "2024-06-02", "date_end": "2024-06-01"}
    assert judge("events.precision-fits-span", events=[event]) == {}
    assert list(judge("events.dates-in-order", events=[event]).values()) == [False]
    assert list(judge("events.dates-in-order", events=[{}]).values()) == [True]


@pytest.mark.parametrize(
    "cells",
    [
        {"parent_id": f"{PAGE}.1.injured", "relation": "part"},  # a part of a total
        {"unit": "families"},
        {"population": "singled_out"},  # one group out of others
        {"outcome": "displaced"},  # a war may displace so many on a day
    ],
)
def test_only_totals_of_persons_are_as_many_as_a_day_can_have(cells: dict[str, Any]) -> None:
    assert list(judge("claims.days-are-possible", claims=[{}], figures=[make_total(8001)]).values()) == [False]
    assert set(judge("claims.days-are-possible", claims=[{}], figures=[make_total(8001, **cells)]).values()) <= {True}


def test_days_of_a_toll_that_are_a_month_apart_are_exchanged() -> None:
    row = {"scope": "cumulative", "period_end": dt.date(2024, 5, 12), "as_of": dt.date(2024, 6, 14)}
    near = claims._guess_order({**row, "period_start": dt.date(2024, 6, 12)}, dt.date(2024, 6, 14))
    assert near == {"clue": "", "spot": "period_end"}
    far = claims._guess_order({**row, "period_start": dt.date(2024, 6, 13)}, dt.date(2024, 6, 14))
    assert far["spot"] == "period_start"  # another year


@pytest.mark.parametrize(
    ("contradiction", "printed", "words", "advice"),
    [
        ("own|army", "its men", " ('its men')", "Write `actor: army` if these are its people. "),
        ("own|army", None, " (label 'its guards')", "Write `actor: army` if these are its people. "),
        ("others|", "the enemy", " ('the enemy')", "Name the other side if these are its people. "),
        ("soldiers|army", "8 soldiers", " ('8 soldiers')", "Write `actor: army` if these are its people. "),
        ("fighters|clan", "8 fighters", " ('8 fighters')", "Write `actor: clan` if these are its people. "),
        ("named|river", "8 of River", " ('8 of River')", "Write `actor: river` if these are its people. "),
        ("accused|army", "8 people", "", "Write `actor: army` if these are its people. "),
        ("both|army", "8 people", "", "Name the other side if these are its people. "),
        ("repeated|river paper-2024-06-01.1", "8 people", "", "Write `actor: river` if these are its people. "),
    ],
)
def test_a_doubtful_side_is_reported_with_its_words_and_what_to_write(
    contradiction: str, printed: str | None, words: str, advice: str
) -> None:
    row = {"contradiction": contradiction, "printed": printed, "label": "its guards", "claimant_id": "ministry"}
    (explained,) = figures_sides._explain([row], {})
    assert (explained["words"], explained["advice"]) == (words, advice)
    assert "{" not in explained["reason"]
    assert ("paper-2024-06-01.1" in explained["reason"]) == (" " in contradiction)


@pytest.mark.parametrize(
    ("first", "last", "gap"),
    [
        ("2024-05-10", "2024-05-12", "18 days"),  # before the event
        ("2024-05-20", "2024-05-29", "1 day"),
        ("2024-05-20", "2024-05-30", None),  # its first day
        ("2024-06-02", "2024-06-09", None),  # its last day
        ("2024-06-03", "2024-06-09", "1 day"),
        ("2024-06-05", "2024-06-09", "3 days"),  # after it
    ],
)
def test_a_window_and_its_event_have_a_day_in_common(first: str, last: str, gap: str | None) -> None:
    rows = {
        "events": [{"date_start": "2024-05-30", "date_end": "2024-06-02"}],
        "claim_events": [{}],
        "claims": [{"period_start": first, "period_end": last}],
    }
    assert list(judge("claims.window-meets-event", **rows).values()) == [gap is None]
    if gap:
        message = read_message("claims.window-meets-event", **rows)
        assert message.startswith(f"the claim covers {first} to {last}, and")
        assert message.endswith(f"2024-05-30 to 2024-06-02: {gap} apart")


@pytest.mark.parametrize("countries", ["SYR", None])
def test_claims_of_one_conflict_may_be_linked_wherever_it_is(countries: str | None) -> None:
    claims = [{"claim_id": f"{PAGE}.1"}, {"claim_id": f"{PAGE}.2"}]
    conflicts = [{"countries": countries, "date_start": "2024-02-01", "date_end": "2024-01-01"}]
    found = judge("claim_links.conflicts-meet", conflicts=conflicts, claims=claims, claim_links=[{}])
    assert list(found.values()) == [True]


@pytest.mark.parametrize(
    ("total", "parts", "clue"),
    [
        (5000, {"men": 62, "women": 38}, "The parts add up to 100: if they are shares, "),
        (5000, {"men": 62, "women": 36}, "The parts add up to 98: if they are shares, "),  # shares are rounded
        (5000, {"men": 62, "women": 40}, "The parts add up to 102: if they are shares, "),
        (5000, {"men": 62, "women": 35}, ""),
        (5000, {"men": 62, "women": 41}, ""),
        (200, {"men": 62, "women": 38}, "The parts add up to 100: if they are shares, "),
        (199, {"men": 62, "women": 38}, ""),
        (5000, {"men": 100}, ""),
    ],
)
def test_parts_that_add_up_to_a_hundred_may_be_shares(total: int, parts: dict[str, int], clue: str) -> None:
    figures = [make_total(total), *make_list("sex", **parts)]
    hint = read_hint("figures.parts-cover-parent", claims=[{}], figures=figures)
    assert hint.startswith(clue)
    assert ("shares" in hint) == bool(clue)


def test_a_day_without_a_number_is_not_judged() -> None:
    numberless = make_total(8, qualifier="dozens", low=None, best=None, high=None)
    assert judge("claims.days-are-possible", claims=[{}], figures=[numberless]) == {}
