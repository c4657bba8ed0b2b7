"""The derived table: one row per figure, everything joined, nothing invented."""

import datetime as dt

import pytest
import sample

from conflictdata.datapackage.casualties import build_casualties
from conflictdata.schema.columns import make_polars_schema
from conflictdata.schema.tables import TABLES


@pytest.fixture(scope="module")
def rows():
    return {row["figure_id"]: row for row in build_casualties(sample.make_tables()).iter_rows(named=True)}


def test_casualties_has_one_row_a_figure_and_is_a_valid_table():
    frame = build_casualties(sample.make_tables())

    assert frame["figure_id"].to_list() == sorted(sample.make_tables()["figures"]["figure_id"])
    assert dict(frame.schema) == make_polars_schema("casualties")
    TABLES["casualties"].validate(frame.to_pandas(), lazy=True)


OFFICERS = "paper-2024-06-02.2.killed.army.officers"
RAID = "paper-2024-06-02.1.killed"


@pytest.mark.parametrize(
    ("figure", "expected"),
    [
        (OFFICERS, {"path": "killed > army > officers", "depth": 2, "parent_id": "paper-2024-06-02.2.killed.army"}),
        (OFFICERS, {"actor_id": "army", "actor": "The Army", "person_status": "armed_forces", "role": "officer"}),
        (OFFICERS, {"low": None, "best": None, "high": None, "share": 62.5, "qualifier": "about"}),
        (OFFICERS, {"location_id": "town", "location": "Ein Dorf, Ölberg", "country": "SYR", "latitude": 0.00001}),
        (OFFICERS, {"perpetrators": "rebels", "flags": "claims.as-of-before-end", "relayed_via": "wire"}),
        (OFFICERS, {"period_start": dt.date(2024, 1, 1), "toll_id": None, "population": None}),
        ("paper-2024-06-02.2.killed", {"toll_id": "observatory.war.2024-01-01", "population": "everybody", "topmost": None}),
        ("paper-2024-06-02.2.killed.army", {"topmost": "person_status|actor_id", "population": None, "current": "yes"}),
        (OFFICERS, {"topmost": "role"}),
        ("paper-2024-06-02.2.killed", {"flags": "claims.as-of-before-end figures.parts-cover-parent", "perpetrators": "army"}),
        (RAID, {"perpetrators": "army rebels", "perpetrator_certainty": "alleged", "cause": "airstrike", "flags": None}),
        (RAID, {"period_start": dt.date(2024, 6, 1), "period_end": dt.date(2024, 6, 1), "event_ids": "2024-06-01-raid"}),
        (RAID, {"superseded_by": "other_paper-2024-06-05.1", "current": "no", "claimant": "The Observatory", "publisher": "The Paper"}),
        ("other_paper-2024-06-05.1.killed", {"low": 0, "best": 0, "high": 0, "superseded_by": None, "claimant_id": "ministry"}),
        ("other_paper-2024-06-05.10.displaced", {"country": None, "latitude": None, "period_start": None, "period_end": dt.date(2024, 6, 4), "best": None}),
    ],
)  # fmt: skip
def test_casualties_fills_in_what_is_inherited(figure, expected, rows):
    assert {name: rows[figure][name] for name in expected} == expected


def test_casualties_adds_no_number(rows):
    figures = sample.make_tables()["figures"].select(
        "figure_id", "qualifier", "low", "best", "high", "share", "printed"
    )

    for row in figures.iter_rows(named=True):
        assert {name: rows[row["figure_id"]][name] for name in row} == row
