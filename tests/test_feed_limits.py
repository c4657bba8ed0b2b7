"""The limits of the rules for datasets, and of the numbers that the engines read."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import os
import random
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import narwhals.stable.v1 as nw
import polars as pl
import pytest
from feed_files import scan, validate_together
from import_results import make_ged_row, write_csv

import conflictdata as cd
from conflictdata.datasets import (
    NAMES,
    _event_records,
    _places,
    _text,
    acled,
    detect_profile,
    get_dataset,
    get_profile,
    list_profiles,
    ucdp_ged,
)
from conflictdata.datasets._country_boxes import MARGIN
from conflictdata.datasets._helpers import ROW
from conflictdata.datasets.profile import Profile, ProfileTable
from conflictdata.datasets.rules import _points, _spikes, ucdp_ged_days
from conflictdata.devtools.example_world import DATASETS_RELEASED, decode_marks
from conflictdata.devtools.rule_examples import load_examples
from conflictdata.importer.draft import build_draft
from conflictdata.importer.read import open_files, read_rows
from conflictdata.readers import open_table
from conflictdata.rules.base import VERDICT, Rule
from conflictdata.schema.countries import Box
from conflictdata.validation.dataset_files import cast_table
from conflictdata.validation.evaluate import evaluate_rules, explain_rows, format_message


@pytest.mark.parametrize(
    ("count", "listed", "passes"),
    [(0, "2020-03-12", True), (-1, "2020-03-12", True), (2, "2020-03-12", False), (1, "2020-03-12", True)],
)
def test_a_count_of_sources_that_nobody_made_is_not_compared(
    count: int, listed: str, passes: bool, tmp_path: Path
) -> None:
    file = tmp_path / "ged.csv"
    file.write_text(f"id,number_of_sources,source_date\n141,{count},{listed}\n", encoding="utf-8")
    found = {finding.rule for finding in validate_together(file, profile="ucdp-ged").findings}
    assert ("ucdp_ged.sources-counted" not in found) is passes


@pytest.mark.parametrize("engine", ["polars", "pandas", "duckdb"])
@pytest.mark.parametrize(
    ("number", "passes"), [(10**18 - 1, True), (10**18, False), (2**63 - 1, False), (2**63, False)]
)
def test_every_engine_reads_counts_of_18_digits_at_most(engine: str, number: int, passes: bool, tmp_path: Path) -> None:
    file = tmp_path / "ged.csv"
    file.write_text(f"id,best,high,low\n141,{number},{number},{number}\n", encoding="utf-8")
    for report in (cd.validate(file, profile="ucdp-ged", engine=engine), scan(file, profile="ucdp-ged", engine=engine)):
        unread = {finding.fields for finding in report.findings if finding.rule in {"cells.whole", "cells.number"}}
        assert unread == (set() if passes else {("best",), ("high",), ("low",)})


@pytest.mark.parametrize(
    ("days", "code"), [(0, "1"), (1, "1"), (2, "2"), (6, "2"), (7, "3"), (8, "4"), (31, "4"), (32, "5"), (366, "5")]
)
def test_the_precision_of_ucdp_follows_from_the_days(days: int, code: str) -> None:
    first = dt.date(2020, 1, 1)
    rows = pl.DataFrame({"date_start": [first], "date_end": [first + dt.timedelta(days=days - 1)]})
    assert rows.select(ucdp_ged._derive_precision()).item() == code


SQUARE, PACIFIC = Box(30.0, 10.0, 40.0, 20.0), Box(170.0, -10.0, -170.0, 10.0)  # west, south, east, north


@pytest.mark.parametrize(
    ("country", "latitude", "longitude", "inside"),
    [
        ("square", 10 - MARGIN, 30 - MARGIN, True),  # at the outermost corners
        ("square", 20 + MARGIN, 40 + MARGIN, True),
        ("square", 10 - MARGIN - 0.01, 35, False),
        ("square", 20 + MARGIN + 0.01, 35, False),
        ("square", 15, 30 - MARGIN - 0.01, False),
        ("square", 15, 40 + MARGIN + 0.01, False),
        ("pacific", 0, 170 - MARGIN, True),  # a box over the line where the day changes
        ("pacific", 0, -170 + MARGIN, True),
        ("pacific", 0, 180, True),
        ("pacific", 0, 170 - MARGIN - 0.01, False),
        ("pacific", 0, -170 + MARGIN + 0.01, False),
        ("pacific", 15, 35, False),
        ("nowhere", 15, 35, None),
    ],
)
def test_a_point_is_in_its_country_up_to_a_margin(
    country: str, latitude: float, longitude: float, inside: bool | None
) -> None:
    frame = nw.from_native(pl.DataFrame({"country": [country], "latitude": [latitude], "longitude": [longitude]}))
    corners = nw.col("latitude"), nw.col("latitude"), nw.col("longitude"), nw.col("longitude")
    verdict = _points._is_inside("country", {"square": (SQUARE,), "pacific": (PACIFIC,)}, corners)
    assert frame.select(verdict=verdict)["verdict"].to_list() == [inside]


@pytest.mark.parametrize(
    ("latitude", "longitude", "clue"),
    [
        (35.0, 15.0, "15.0, 35.0, exchanged, lies inside. "),
        (-15.0, 35.0, "15.0, 35.0, with the sign of the latitude changed, lies inside. "),
        (15.0, -35.0, "15.0, 35.0, with the sign of the longitude changed, lies inside. "),
        (40.0, 20.0, "20.0, 40.0, exchanged, lies inside. "),  # at the corners
        (30.0, 10.0, "10.0, 30.0, exchanged, lies inside. "),
        (-20.0, 40.0, "20.0, 40.0, with the sign of the latitude changed, lies inside. "),
        (50.0, 60.0, ""),
    ],
)
def test_the_clue_of_a_point_is_the_change_that_puts_it_inside(latitude: float, longitude: float, clue: str) -> None:
    assert _points._find_clue({"latitude": latitude, "longitude": longitude}, (SQUARE,)) == clue


@pytest.mark.parametrize(
    ("value", "low", "high", "counted", "words"),
    [
        (999, 120, 140, None, "a number from 120 to 140 fits"),
        (999, 120, 140, 140, "140 fits the number of the day"),
        (999, 120, 140, 120, "120 fits the number of the day"),
        (999, 120, 140, 119, "a number from 120 to 140 fits"),
        (999, 120, 140, 141, "a number from 120 to 140 fits"),  # the day's number does not fit
        (213, 120, 140, None, "123 fits, with two digits exchanged"),
        (132, 120, 140, None, "123 fits, with two digits exchanged"),  # the number itself does not correct it
        (133, 120, 140, None, "a number from 120 to 140 fits"),  # nor does it with two equal digits exchanged
        (1293, 120, 125, None, "123 fits, with a digit too many or too few"),
        (4123, 120, 125, None, "123 fits, with a digit too many or too few"),
        (1423, 120, 150, None, "a number from 120 to 150 fits"),  # 123, 143 and 142
        (1423, 123, 123, None, "123 fits, with a digit too many or too few"),
        (41, 3, 4, None, "4 fits, with a digit too many or too few"),
        (99, 7, 7, None, "7 fits"),
        (7, 8, 8, None, "8 fits"),
    ],
)
def test_a_spike_in_a_toll_has_the_number_that_fits(
    value: int, low: int, high: int, counted: int | None, words: str
) -> None:
    row = {_spikes.OTHER: value, _spikes.EARLIER: low, _spikes.LATER: high, _spikes.FITTING: counted}
    assert _spikes._find_fitting(row) == words


def test_texts_are_cut_at_their_limit_and_cleaned() -> None:
    texts = pl.DataFrame({"text": ["a" * 10, "a" * 11, "a" * 8 + " bcd", "=1+1", " two\n lines ", "", None]})
    assert texts.select(_text.clean_text(pl.col("text"), 10))["text"].to_list() == [
        "a" * 10, "a" * 9 + "…", "a" * 8 + "…", "1+1", "two lines", None, None,
    ]  # fmt: skip


def test_a_slug_has_the_letters_of_ids() -> None:
    names = pl.DataFrame({"name": ["Foo  Bar's!", "_x_", "—", "", None, "a" * 200]})
    slugs = names.select(_text.make_slug(pl.col("name")))["name"].to_list()
    assert slugs[:-1] == ["foo_bar_s", "x", "unnamed", "unnamed", "unnamed"]
    assert slugs[-1] == "a" * _text._SLUG_LENGTH


def test_a_country_is_known_with_and_without_its_former_name() -> None:
    names = ["Syria", "Serbia (Yugoslavia)", "Yemen (North Yemen)", "Nowhere", "Nowhere (Syria)", None]
    rows = pl.DataFrame({"country": names})
    codes = rows.select(_places.find_country_by_name(rows, "country"))["country"].to_list()
    assert codes == ["SYR", "SRB", "YEM", None, None, None]


KNOWN = ["event_id_cnty", "event_date", "year"]


@pytest.mark.parametrize(
    ("name", "columns", "fits", "fits_if_named"),
    [
        ("acled", KNOWN[:2], False, False),  # two columns are too few to know a table by
        ("acled", KNOWN, True, True),
        ("acled", [*KNOWN, "x1", "x2"], True, True),  # three of five
        ("acled", [*KNOWN, "x1", "x2", "x3"], False, True),  # three of six
        ("acled", ["event_date", "year", "country"], False, False),  # without a column that the table needs
        ("ukraine_personnel", ["date", "personnel", "POW", "x1", "x2", "x3"], True, True),  # three of its five
        ("ukraine_personnel", ["date", "personnel", "POW", "tanks"], False, False),  # with one that it never has
    ],
)
def test_a_table_is_known_by_its_columns(name: str, columns: list[str], fits: bool, fits_if_named: bool) -> None:
    (table,) = (t for t in (*get_profile("ukraine").tables, *get_profile("acled").tables) if t.name == name)
    assert table.is_match(columns) is fits
    assert table.is_match(columns, is_named=True) is fits_if_named


def test_the_names_of_sides_and_places_are_cut_in_a_summary(tmp_path: Path) -> None:
    file = tmp_path / "ged.csv"
    place, one, other = "P" * 100, "A" * 80, "B" * 81
    write_csv(file, [make_ged_row(1, side_a=one, side_b=other, where_coordinates=place, deaths_b=1)])
    _, (opened,) = open_files([file], "ucdp-ged")
    tables, _ = build_draft([read_rows(opened, get_dataset("ucdp-ged"), None)], get_dataset("ucdp-ged"))
    assert tables["events"]["summary"].to_list() == [f"Fighting between {one} and {'B' * 79}…, {'P' * 80}."]


def test_actors_of_events_keep_the_order_of_the_rows_and_are_named_once() -> None:
    events = [f"e{n * 7919 % 1000}" for n in range(1000)]
    rows = pl.DataFrame({"event_id": events, "actor_1": "one", "actor_2": ["two", None] * 500})
    found = _event_records.build_event_actors(pl.concat([rows, rows]), "12", pl.lit("party")).rows()
    assert found == [(e, "one", "party") for e in events] + [(e, "two", "party") for e in events[::2]]


def evaluate_check(rule_id: str, **columns: Any) -> list[bool | None]:
    """Return the verdicts of a rule on rows, by columns."""
    rule = next(r for t in get_profile("ucdp-ged").tables for r in t.rules if r.id == rule_id)
    verdicts: list[bool | None] = nw.from_native(pl.DataFrame(columns)).select(v=rule.check)["v"].to_list()
    return verdicts


@pytest.mark.parametrize(
    ("code", "least", "most"), [("1", 1, 1), ("2", 2, 6), ("3", 7, 7), ("4", 8, 31), ("5", 32, 366)]
)
def test_the_days_of_an_event_fit_its_precision(code: str, least: int, most: int) -> None:
    first, days = dt.date(2020, 1, 1), [least - 1, least, most, most + 1]
    ends = [first + dt.timedelta(days=n - 1) for n in days]
    verdicts = evaluate_check(
        "ucdp_ged.precision-fits-span", date_start=[first] * 4, date_end=ends, date_prec=[code] * 4
    )
    # An event of no days ends before it begins, which another rule reports.
    assert verdicts[1:] == [True, True, False]
    assert verdicts[0] is not True


@pytest.mark.parametrize(
    ("before", "last", "passes"),
    [(49, 1, True), (50, 1, False), (99, 2, True), (100, 2, False), (5000, 100, False), (5000, 101, True)],
)
def test_a_month_of_a_fiftieth_of_the_events_lies_after_the_release(before: int, last: int, passes: bool) -> None:
    months = [24240] * 7 + [24241] * before + [24242] * last
    frame = nw.from_native(pl.LazyFrame({"month": months, ROW: range(len(months))}))
    verdicts = dict(ucdp_ged_days._check_months(frame).select("month", VERDICT).collect().iter_rows())
    assert verdicts == {24240: True, 24241: True, 24242: passes}


def test_a_point_without_one_of_its_coordinates_is_not_a_point() -> None:
    frame = nw.from_native(pl.LazyFrame({"latitude": [1.0, None, 2.0, None], "longitude": [3.0, 4.0, None, None]}))
    assert _points._select_points(frame).collect().rows() == [(1.0, 3.0)]


def mark_tolls(
    tolls: list[int | None], counts: list[int | None] | None = None, days: list[int] | None = None
) -> tuple[list[int], list[int]]:
    """Return at which places of a running toll a slip is found, and which places have a step to or from one.

    Args:
        tolls: The toll of each day, the first day first. The table holds the last day first.
        counts: The number of each day.
        days: Number of each day, if days are missing.
    """
    first, places = dt.date(2024, 1, 1), range(len(tolls))
    table = pl.LazyFrame(
        {
            ROW: places,
            "day": [first + dt.timedelta(days=days[n] if days else n) for n in places],
            "killed_cum": pl.Series(tolls, dtype=pl.Int64),
            **({"killed": pl.Series(counts, dtype=pl.Int64)} if counts else {}),
        }
    )
    marked = _spikes.mark_spikes(nw.from_native(table.reverse()), "killed_cum", "day").collect()
    slips, near = (
        marked.filter(nw.col(name)).sort(ROW)[ROW].to_list() for name in (_spikes.IS_SPIKE, _spikes.IS_NEAR_SPIKE)
    )
    return slips, near


def test_an_empty_cell_is_not_a_neighbour() -> None:
    assert mark_tolls([100, None, 900, None, 101]) == ([2], [2, 4])


@pytest.mark.parametrize(
    ("tolls", "slips"),
    [
        ([100, 143, 110], []),  # 33 beyond: three times a step of 10, and of one more
        ([100, 144, 110], [1]),
        ([100, 67, 110], []),
        ([100, 66, 110], [1]),
        ([100, 110, 110], []),
        ([100, 100, 110], []),
        ([100, 103, 100], []),
        ([100, 104, 100], [1]),
        ([100, 900, 99], []),  # the toll was corrected: its neighbours are not in order
        ([1000, 1200, 1100], []),  # 1020 has its digits exchanged, but the toll is not beyond by more than the step
        ([1000, 1201, 1100], [1]),  # 1021 fits
        ([1021, 1201, 1100], [1]),  # 1021 is the number before
        ([1022, 1201, 1100], []),
        ([982, 1102, 1012], [1]),  # 1012 is the number after
        ([981, 1102, 1011], []),
        ([1120, 1020, 1219], [1]),  # 1200 fits
        ([1120, 1020, 1220], []),  # the toll is as far away as the step
        ([100, 900], []),  # without a neighbour
        ([900, 100], []),
        ([None, 100, 900, 101, None], [2]),
        ([100, 200, 101, 201], [1]),  # of two side by side the first is reported
        ([1, 900, 2, 800, 3, 700, 4], [1, 3, 5]),
        ([1, 900, 2, 3, 800, 4], [1, 4]),
        ([10_000_000, 21_000_000, 15_000_000], [1]),  # 12,000,000 fits
        ([100_000_000, 210_000_000, 150_000_000], []),  # no toll has nine digits
    ],
)
def test_a_slip_in_a_toll_is_beyond_its_neighbours(tolls: list[int | None], slips: list[int]) -> None:
    steps = sorted({place for slip in slips for place in (slip, slip + 1)})
    assert mark_tolls(tolls) == (slips, steps)


@pytest.mark.parametrize(
    ("tolls", "counts", "days", "slips"),
    [
        ([1000, 1021, 1030], [5, 12, 18], None, [1]),  # 1012, by the number of the day and of the day after
        ([1000, 1012, 1030], [5, 12, 18], None, []),
        ([1000, 1011, 1030], [5, 11, 19], None, []),  # two equal digits exchanged are the same number
        ([1000, 1021, 1030], [5, 12, 9], None, []),  # the day after goes on from 1021
        ([1000, 1021, 1030], [5, 13, 17], None, []),  # 1013 is no slip of 1021
        ([1000, 1021, 1030], [5, 12, None], None, []),
        ([1000, 1021, 1030], [5, None, 18], None, []),
        ([1000, 1021, 1030], None, None, []),
        ([1000, 1021, 1030], [5, 12, 18], [0, 2, 3], []),  # a day is missing: its number would be, too
        ([1000, 1021, 1030], [5, 12, 18], [0, 1, 3], []),
        ([1000, 1021, 1030], [5, 12, 18], [0, 0, 1], [1]),  # two reports of one day
    ],
)
def test_a_slip_in_a_toll_is_known_by_the_numbers_of_the_days(
    tolls: list[int | None], counts: list[int | None] | None, days: list[int] | None, slips: list[int]
) -> None:
    assert mark_tolls(tolls, counts, days)[0] == slips


@pytest.mark.parametrize("number", [0, 7, 10, 53, 12345678, 90817263, 123456789])
def test_two_digits_beside_each_other_are_exchanged(number: int) -> None:
    digits = f"{number:010}"
    expected = [int(digits[: 8 - n] + digits[9 - n] + digits[8 - n] + digits[10 - n :]) for n in range(9)]
    frame = nw.from_native(pl.DataFrame({"toll": [number]}))
    assert [frame.select(_spikes._swap_digits(nw.col("toll"), n))["toll"].item() for n in range(9)] == expected


def exchange_digits(number: int) -> set[int]:
    digits = f"{number:08}"
    return {int(digits[:n] + digits[n + 1] + digits[n] + digits[n + 2 :]) for n in range(7)} - {number}


def find_slips(tolls: list[int], counts: list[int], days: list[int]) -> list[int]:
    """Return the places of slips, by the words of the rule."""
    found = []
    for n in range(1, len(tolls) - 1):
        before, toll, after = tolls[n - 1 : n + 2]
        step, beyond = after - before, max(toll - after, before - toll)
        exchanged, of_days = exchange_digits(toll), before + counts[n]
        is_counted = max(days[n] - days[n - 1], days[n + 1] - days[n]) <= 1 and of_days in exchanged
        leaps = beyond > 3 * (step + 1) or (beyond > step and any(before <= other <= after for other in exchanged))
        if step >= 0 and (leaps or (is_counted and of_days + counts[n + 1] == after)):
            found.append(n)
    return [n for n in found if n - 1 not in found]


@pytest.mark.parametrize("seed", range(12))
def test_the_slips_of_any_toll_are_those_of_the_words_of_the_rule(seed: int) -> None:
    chance = random.Random(seed)
    counts = [chance.randint(0, 10 ** chance.randint(0, 3)) for _ in range(300)]
    days = list(itertools.accumulate(chance.choice([0, 1, 1, 1, 1, 1, 2]) for _ in counts))
    sound = list(itertools.accumulate(counts, initial=10 ** chance.randint(0, 6)))[1:]
    # Each fifth number has two digits exchanged, or is another number.
    tolls = [
        chance.choice([*exchange_digits(toll), toll + chance.randint(-40, 40), toll // 3 + 1]) if chance.random() < 0.2 else toll
        for toll in sound
    ]  # fmt: skip
    slips = find_slips(tolls, counts, days)
    assert len(slips) > 10
    assert mark_tolls(list(tolls), list(counts), days)[0] == slips


def test_numbers_at_the_ends_of_a_toll_and_empty_ones_are_not_judged() -> None:
    rule = "ukraine_personnel.toll-fits-neighbours"
    assert list_judged(rule, personnel=[100, None, 200, 101, 102, None]) == {2: False, 3: True}
    # A table without any toll has no number to judge.
    assert list_judged(rule, other=[1, 9, 1]) == {}


def get_dataset_table(profile: str, name: str) -> ProfileTable:
    """Return a table of a dataset."""
    return next(table for table in get_profile(profile).tables if table.name == name)


def test_the_day_of_an_attack_is_the_first_eight_digits_of_its_id(tmp_path: Path) -> None:
    file = tmp_path / "gtd.csv"
    file.write_text("eventid,iyear,imonth,iday\n201501010001,2015,1,1\n201412319999,2015,1,2\n", encoding="utf-8")
    (finding,) = (f for f in validate_together(file, profile="gtd").findings if f.rule == "gtd.id-is-day")
    assert finding.message == "eventid begins with 20141231, but the day is 2015-01-02"


@pytest.mark.parametrize(
    ("low", "high", "qualifier", "bounds"),
    [
        ("", "", "exact", (7, 7)),  # a file with only the best estimates
        ("7", "7", "exact", (7, 7)),
        ("5", "", "range", (5, 7)),  # a missing bound is the best estimate
        ("", "9", "range", (7, 9)),
        ("7", "", "exact", (7, 7)),
        ("5", "7", "range", (5, 7)),
        ("7", "9", "range", (7, 9)),
    ],
)
def test_a_missing_bound_is_the_best_estimate(
    low: str, high: str, qualifier: str, bounds: tuple[int, int], tmp_path: Path
) -> None:
    file = tmp_path / "ged.csv"
    write_csv(file, [make_ged_row(1, deaths_b=7, low=low, high=high)])
    _, (opened,) = open_files([file], "ucdp-ged")
    tables, _ = build_draft([read_rows(opened, get_dataset("ucdp-ged"), None)], get_dataset("ucdp-ged"))
    (total,) = tables["figures"].filter(pl.col("relation") == "total").iter_rows(named=True)
    assert (total["best"], total["qualifier"], total["low"], total["high"]) == (7, qualifier, *bounds)


def list_judged(rule_id: str, **columns: list[Any]) -> dict[int, bool]:
    """Return the verdict per judged row of a table of the Ukrainian losses, one row per day."""
    name = rule_id.partition(".")[0]
    (rule,) = (r for r in get_dataset_table("ukraine", name).rules if r.id == rule_id)
    number = len(next(iter(columns.values())))
    days = [dt.date(2024, 1, 1) + dt.timedelta(days=n) for n in range(number)]
    frames = {
        name: nw.from_native(pl.LazyFrame({ROW: range(number), "date": days, **columns})),
        "release": nw.from_native(pl.LazyFrame({"released_on": [dt.date(2024, 12, 1)]})),
    }
    return dict(rule.check(frames).select(ROW, VERDICT).collect().iter_rows())


@pytest.mark.parametrize(
    ("rule", "verdicts"),
    [
        ("toll-fits-neighbours", {1: False, 2: True, 3: True, 4: True, 5: True, 6: True, 7: True}),
        # The steps to the slip and from it are not judged.
        ("toll-does-not-fall", {3: True, 4: False, 5: False, 6: True, 7: True, 8: True}),
        ("toll-does-not-restart", {3: True, 4: True, 5: True, 6: False, 7: True, 8: True}),
    ],
)
def test_a_slip_in_a_toll_is_one_finding_and_a_fall_to_less_than_half_a_restart(
    rule: str, verdicts: dict[int, bool]
) -> None:
    tolls = [100, 900, 101, 102, 100, 50, 24, 25, 25]  # the toll falls to 100 and to half, and restarts at 24
    assert list_judged(f"ukraine_personnel.{rule}", personnel=tolls) == verdicts


def test_a_toll_without_a_number_of_the_day_has_none_that_fits(tmp_path: Path) -> None:
    file = tmp_path / "personnel.csv"
    file.write_text("date,personnel,POW\n2024-01-01,1000,1\n2024-01-02,12,1\n2024-01-03,1020,1\n", encoding="utf-8")
    (finding,) = validate_together(file, profile="ukraine").findings
    assert finding.message.endswith("; a number from 1000 to 1020 fits")


@pytest.mark.parametrize(
    ("latitude", "longitude", "cell"),
    [
        (-90, -180, 1),
        (-89.51, -179.51, 1),
        (-89.5, -179.5, 722),  # a cell is half a degree each way
        (-90, 179.9, 720),
        (-0.25, -0.25, 129240),
        (0, 0, 129961),
        (10.25, 20.75, 144402),
        (89.75, 179.75, 259200),
    ],
)
def test_the_message_names_the_grid_cell_of_a_point(
    latitude: float, longitude: float, cell: int, tmp_path: Path
) -> None:
    file = tmp_path / "ged.csv"
    rows = "".join(f"{n},{latitude},{longitude},{found}\n" for n, found in enumerate((cell, 2), 1))
    file.write_text(f"id,latitude,longitude,priogrid_gid\n{rows}", encoding="utf-8")
    (finding,) = (
        f for f in validate_together(file, profile="ucdp-ged").findings if f.rule == "ucdp_ged.grid-cell-fits"
    )
    assert finding.record == "2"
    assert f"lies in PRIO-GRID cell {cell}, not in 2" in finding.message


@pytest.mark.parametrize(
    ("event", "sub_event", "kind"),
    [
        ("Battles", "Armed clash", "battle"),
        ("Battles", "Government regains territory", "territory_capture"),
        ("Battles", "", "battle"),  # as in releases until 2018
        ("Explosions/Remote violence", "Suicide bomb", "suicide_attack"),
        ("Explosions/Remote violence", "", "shelling"),
        ("Violence against civilians", "Abduction/forced disappearance", "abduction"),
        ("Violence against civilians", "", "attack_on_civilians"),
        ("Protests", "Excessive force against protesters", "attack_on_civilians"),
        ("Protests", "Peaceful protest", "political"),
        ("Protests", "", "political"),
    ],
)
def test_the_kind_of_an_event_is_that_of_its_sub_event(event: str, sub_event: str, kind: str) -> None:
    texts = {"event_type": event, "sub_event_type": sub_event or None, "tags": "crowd size=no report"}
    rows = pl.DataFrame(
        {"key": ["NOW1"], "event_id": ["e1"], "conflict_id": ["c1"], "location_id": ["l1"], "date_precision": ["1"],
         "event_date": [dt.date(2024, 1, 1)], "place": ["Sometown"], **{name: [text] for name, text in texts.items()}},
        schema_overrides=dict.fromkeys(texts, pl.String),
    )  # fmt: skip
    (found,) = acled._build_events(rows).iter_rows(named=True)
    assert (found["event_type"], found["summary"]) == (kind, f"{sub_event or event}, Sometown.")


MESSAGES = Path(__file__).parent / "data" / "feed_messages"


def list_results(rule: Rule, files: Mapping[str, str], profile: Profile, folder: Path) -> Iterator[str]:
    """Return how many rows of an example each verdict has, and the texts of its findings."""
    frames = {"release": nw.from_native(pl.LazyFrame({"released_on": [DATASETS_RELEASED]}))}
    for name, text in files.items():
        (folder / name).write_bytes(decode_marks(text))
        sheet = open_table(folder / name)
        fitting = detect_profile(sheet.columns, [profile], name)
        assert fitting
        frames[fitting[1].name] = nw.from_native(cast_table(fitting[1], sheet).lazy())
    (result,) = evaluate_rules([rule], frames)
    yield f"{result.tally.valid} valid, {result.tally.invalid} invalid, {result.tally.unknown} unknown"
    for row in explain_rows(rule, result.failed.to_dicts(), frames):
        yield from format_message(rule, row)


@pytest.mark.parametrize("profile", [name for name in NAMES if name != "ucdp-onesided"])
def test_the_examples_of_rules_have_the_messages_that_people_have_read(profile: str, tmp_path: Path) -> None:
    rules = [rule for table in get_profile(profile).tables for rule in table.rules]
    examples = [(rule, example) for rule in rules if (example := load_examples()[rule.id]).bad]
    lines = [
        f"{rule.id}, {case}: {line}"
        for rule, example in examples
        for case, files in (("bad", example.bad), ("good", example.good))
        for line in list_results(rule, files, get_profile(profile), tmp_path)
    ]
    golden = MESSAGES / f"{profile}.txt"
    if os.environ.get("CONFLICTDATA_GOLDEN") == "write":
        golden.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert golden.read_text(encoding="utf-8").splitlines() == lines


def build_tables(profile: str, file: Path) -> dict[str, pl.DataFrame]:
    """Return the draft tables of a file."""
    _, (opened,) = open_files([file], profile)
    dataset = get_dataset(profile)
    return dict(build_draft([read_rows(opened, dataset, None)], dataset)[0])


def test_about_nobody_is_nobody(tmp_path: Path) -> None:
    file = tmp_path / "personnel.csv"
    rows = "2022-03-01,0,about\n2022-03-02,1,about\n2022-03-03,0,more\n2022-03-04,2,more\n"
    file.write_text(f"date,personnel,personnel*\n{rows}", encoding="utf-8")
    figures = build_tables("ukraine", file)["figures"].sort("key")
    assert figures["qualifier"].to_list() == ["exact", "about", "exact", "more_than"]
    assert figures["best"].to_list() == [0, 1, 0, None]


def test_days_without_a_number_make_no_claim(tmp_path: Path) -> None:
    file = tmp_path / "west_bank.json"
    days = [{"report_date": f"2024-03-0{n}", "flash_source": "un", "killed": None, "killed_cum": None} for n in (1, 2)]
    file.write_text(json.dumps(days), encoding="utf-8")
    tables = build_tables("palestine", file)
    assert (tables["claims"].height, tables["figures"].height) == (0, 0)


def test_a_straggler_is_found_over_the_turn_of_the_year(tmp_path: Path) -> None:
    file = tmp_path / "ged.csv"
    rows = "".join(f"{n},2020-12-{n % 31 + 1:02},1\n" for n in range(50))
    file.write_text(f"id,date_end,best\n{rows}50,2021-01-03,1\n", encoding="utf-8")
    (finding,) = (
        f for f in validate_together(file, profile="ucdp-ged").findings if f.rule == "ucdp_ged.within-release"
    )
    assert finding.message == (
        "date_end 2021-01-03 lies after the release's end, 2020-12-31: 1 row(s) in that month, 50 in the month before"
    )


def test_a_country_is_known_by_its_number_then_by_its_name() -> None:
    known = {
        ("652", "Sampleland"): "SYR", ("652", None): "SYR", ("666", "Israel"): "ISR", ("666", None): "ISR",
        ("99999", "Yemen (North Yemen)"): "YEM", (None, "Sudan"): "SDN", (None, None): None, ("99999", "Sampleland"): None,
    }  # fmt: skip
    rows = pl.DataFrame(list(known), schema={"country_id": pl.String, "country": pl.String}, orient="row")
    codes = rows.select(_places.find_country_by_number(rows))
    assert codes.to_series().to_list() == list(known.values())


def test_only_numbers_that_were_read_are_judged_by_how_they_are_written(tmp_path: Path) -> None:
    file = tmp_path / "claims.csv"
    numbers = ["1e+05", "100000", "about 5", "", "2E3"]
    rows = "".join(f"{n},{number},Tanks-Russia,UA Source,Cumulative\n" for n, number in enumerate(numbers, 250))
    file.write_text(f"days,loss_count,loss_type,claim_source,time_frame\n{rows}", encoding="utf-8")
    tally = validate_together(file, profile="radford").evaluated["radford.count-in-digits"]
    assert (tally.valid, tally.invalid, tally.unknown) == (1, 2, 0)


def test_the_tables_of_datasets_can_be_keys() -> None:
    tables = [table for profile in list_profiles() for table in profile.tables]
    assert len({*tables}) == len(tables)
