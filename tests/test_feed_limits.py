"""The limits of the rules for datasets, and of the numbers that the engines read."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import narwhals.stable.v1 as nw
import polars as pl
import pytest
from feed_files import scan, validate_together
from import_results import make_ged_row, write_csv

import conflictdata as cd
from conflictdata.datasets import _event_records, _places, _text, get_dataset, get_profile, ucdp_ged
from conflictdata.datasets._country_boxes import MARGIN
from conflictdata.datasets._helpers import ROW
from conflictdata.datasets.rules import _points, _spikes, ucdp_ged_days
from conflictdata.importer.draft import build_draft
from conflictdata.importer.read import open_files, read_rows
from conflictdata.rules.base import VERDICT
from conflictdata.schema.countries import Box


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
        (999, 120, 140, 141, "a number from 120 to 140 fits"),  # the day's number does not fit
        (213, 120, 140, None, "123 fits, with two digits exchanged"),
        (132, 120, 140, None, "123 fits, with two digits exchanged"),  # the number itself does not correct it
        (1293, 120, 125, None, "123 fits, with a digit too many or too few"),
        (4123, 120, 125, None, "123 fits, with a digit too many or too few"),
        (1423, 120, 150, None, "a number from 120 to 150 fits"),  # 123, 143 and 142
        (1423, 123, 123, None, "123 fits, with a digit too many or too few"),
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
