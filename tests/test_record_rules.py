"""Rules of keys, claims, events, places and sources.

Their limits, and the records that they accept.
"""

import datetime as dt
import itertools
from importlib import import_module

import pytest
from casefiles import make_frame
from rule_results import evaluate_rule

from conflictdata.rules import find_rules
from conflictdata.rules.base import VERDICT
from conflictdata.schema.columns import list_key_columns, list_references
from conflictdata.schema.tables import MODELS
from conflictdata.validation.evaluate import RuleContext

RELEASED_ON = dt.date(2026, 11, 23)
MODULES = (
    "claims",
    "claims_parts",
    "country_codes",
    "duplicates",
    "events",
    "events_days",
    "integrity",
    "locations",
    "locations_hierarchy",
    "periods",
    "revision_reasons",
    "revisions",
    "series",
    "series_days",
    "sources",
    "sources_addresses",
    "sources_days",
    "tolls",
)
RULES = {rule.id: rule for name in MODULES for rule in find_rules(import_module(f"conflictdata.rules.{name}"))}


def evaluate(rule_id, tables, engine="polars"):
    full = {table: tables.get(table, make_frame(table, [])) for table in MODELS}
    return evaluate_rule(RULES[rule_id], RuleContext(full, RELEASED_ON, engine))


def list_verdicts(rule_id, tables):
    found = evaluate(rule_id, tables)
    return dict(zip(found[list_key_columns(RULES[rule_id].table)[0]], found[VERDICT], strict=True))


@pytest.mark.parametrize("rule_id", RULES)
def test_rule_judges_tables_without_rows(rule_id):
    assert evaluate(rule_id, {}).height == 0


def test_every_key_and_every_foreign_key_has_its_rule():
    keys = {f"{table}.key-unique" for table in MODELS}
    foreign = {f"{table}.{column.replace('_', '-')}-resolves" for table in MODELS for column in list_references(table)}
    assert keys | foreign <= set(RULES)


TOLL = "observatory.war.2024-06-01"


def make_series(*points):
    """Return a running toll.

    Each point is (number, as-of day, further cells of the claim, further cells of the figure).
    """
    claims, figures = [], []
    for n, (number, day, *more) in enumerate(points, 1):
        claim, figure = [*more, {}, {}][:2]
        claim_id = f"paper-2024-06-02.{n}"
        claims.append({"claim_id": claim_id, "scope": "cumulative", "as_of": day, **claim})
        counts = {"low": number, "best": number, "high": number}
        figures.append({"figure_id": f"{claim_id}.killed", "claim_id": claim_id, "toll_id": TOLL, **counts, **figure})
    return {"claims": make_frame("claims", claims), "figures": make_frame("figures", figures)}


FALL = "figures.toll-does-not-fall"


def make_killed(n):
    return f"paper-2024-06-02.{n}.killed"


def test_toll_is_held_against_the_highest_earlier_day_and_not_the_last():
    tables = make_series((500, "2024-06-01"), (300, "2024-06-02"), (400, "2024-06-03"), (500, "2024-06-04"))
    assert list_verdicts(FALL, tables) == {make_killed(2): False, make_killed(3): False, make_killed(4): True}


def test_pages_of_one_day_are_not_held_against_each_other():
    tables = make_series((500, "2024-06-01"), (300, "2024-06-01"))
    assert list_verdicts(FALL, tables) == {}


@pytest.mark.parametrize(
    ("claim", "figure"),
    [
        ({"as_of_precision": "approximate"}, {}),
        ({"status": "retracted"}, {}),
        ({"period_start": "2024-05-27"}, {"toll_id": "observatory.war.2024-05-27"}),
        ({"basis": "recorded"}, {}),
        ({"scope": "period"}, {"toll_id": None}),
        ({}, {"qualifier": "about", "low": None, "high": None}),
        ({}, {"qualifier": "more_than", "best": None, "high": None}),
        ({}, {"person_status": "civilian"}),
        ({}, {"unit": "bodies"}),
        ({}, {"location_id": "village"}),
    ],
    ids=lambda cells: "-".join(cells) or "same",
)
def test_toll_of_another_kind_is_another_toll(claim, figure):
    tables = make_series((500, "2024-06-01"), (300, "2024-06-02", claim, figure))
    assert list_verdicts(FALL, tables) == {}


def test_order_of_rows_does_not_matter_to_a_toll():
    tables = make_series((500, "2024-06-01"), (300, "2024-06-02"), (700, "2024-06-03"), (600, "2024-06-04"))
    turned = {table: rows.reverse() for table, rows in tables.items()}
    assert (
        list_verdicts(FALL, tables)
        == list_verdicts(FALL, turned)
        == {make_killed(2): False, make_killed(3): True, make_killed(4): False}
    )


def test_long_circle_is_found_and_long_line_is_not_taken_for_one():
    names = [f"p{n}" for n in range(8)]
    line = [
        {"location_id": names[0]},
        *({"location_id": b, "parent_id": a} for a, b in itertools.pairwise(names)),
    ]
    assert set(list_verdicts("locations.parent-cycle", {"locations": make_frame("locations", line)}).values()) == {True}
    circle = [*line[1:], {"location_id": names[0], "parent_id": names[-1]}]
    found = list_verdicts("locations.parent-cycle", {"locations": make_frame("locations", circle)})
    assert [name for name, verdict in found.items() if verdict is False] == ["p0"]


def test_tree_that_is_too_deep_does_not_pass():
    names = [f"p{n}" for n in range(12)]
    line = [{"location_id": b, "parent_id": a} for a, b in itertools.pairwise(names)]
    found = list_verdicts("locations.parent-cycle", {"locations": make_frame("locations", line)})
    assert found["p11"] is False
    assert found["p8"] is True


@pytest.mark.parametrize(
    ("north", "expected"), [(0.0089, False), (0.0091, True)], ids=["990-metres", "1012-metres"]
)  # fmt: skip
def test_events_are_near_within_a_kilometre(north, expected):
    tables = {
        "locations": make_frame("locations", [{"latitude": 35.0}, {"location_id": "camp", "latitude": 35.0 + north}]),
        "events": make_frame("events", [{}, {"event_id": "2024-06-01-raid-on-camp", "location_id": "camp"}]),
    }
    assert list_verdicts("events.possible-duplicate", tables)["2024-06-01-raid-on-camp"] is expected


@pytest.mark.parametrize(
    ("country", "latitude", "longitude", "expected"),
    [
        ("SYR", 37.65, 40.0, True),
        ("SYR", 37.8, 40.0, False),
        ("RUS", 65.0, -172.0, True),
        ("RUS", 65.0, -150.0, False),
        ("KIR", -1.0, 172.0, True),
        ("KIR", -1.0, 160.0, False),
    ],
)
def test_point_may_lie_a_margin_outside_and_across_180_degrees(country, latitude, longitude, expected):
    place = {"country": country, "latitude": latitude, "longitude": longitude}
    assert list_verdicts("locations.point-in-country", {"locations": make_frame("locations", [place])}) == {
        "town": expected
    }


def test_unknown_country_leaves_the_box_unknown():
    assert list_verdicts(
        "locations.point-in-country", {"locations": make_frame("locations", [{"country": "YUG"}])}
    ) == {"town": None}


def test_missing_page_leaves_the_as_of_day_unknown():
    assert list_verdicts("claims.as-of-before-page", {"claims": make_frame("claims", [{}])}) == {
        "paper-2024-06-02.1": None
    }
