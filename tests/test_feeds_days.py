"""Columns of days of other datasets.

They are read if every cell has one of the dataset's forms, and reported as a whole if not.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from feed_files import count_by_rule, validate_together
from import_results import make_ged_row, write_csv

import conflictdata as cd
from conflictdata.datasets.acled import DAYS
from conflictdata.readers import day_forms
from conflictdata.validation.api import validate

# By cell, the day that is read; None if there is none.
READ = {
    "2022-12-28": "2022-12-28", "2022-12-28 00:00:00.000": "2022-12-28", "2022-12-28T00:00:00Z": "2022-12-28",
    "2022-12-28 00:00:00+00:00": "2022-12-28",
    "28 December 2022": "2022-12-28", "8 december 2022": "2022-12-08", "28-December-2022": "2022-12-28",
    "28/12/2022": "2022-12-28", "3/3/2022": "2022-03-03", "3/8/2022": None, "03/08/2022": None, "12/28/2022": None,
    "28/12/22": None, "28 Dec 2022": None, "28.12.2022": None, "2022-12-28 23:00:00": None, "2022-12-28T00:00:00+01:00": None,
    "2022-1-2": None, "20221228": None, "44923": None, "2022": None, "yesterday": None, "2022-12-28\n": None,
}  # fmt: skip


@pytest.mark.parametrize("cell", READ)
def test_a_cell_is_read_if_it_fits_one_form(cell: str) -> None:
    text = pl.DataFrame({"cell": [cell]}).select(day_forms.read_days(pl.col("cell"), DAYS)).item()
    assert text == (READ[cell] or cell)
    assert bool(day_forms.find_odd(pl.Series([cell]), DAYS)) == (READ[cell] is None)


@pytest.mark.parametrize("cell", ["2022-02-30", "31 February 2022", "31/02/2022", "2022-02-30 00:00:00", "0000-00-00"])
def test_a_day_that_does_not_exist_is_no_other_form(cell: str) -> None:
    assert day_forms.find_odd(pl.Series([cell]), DAYS) == []


def test_the_message_names_what_is_odd_about_a_column() -> None:
    cells = pl.Series([None, "1 May 2022", "5/14/2022", "1/2/2022", "x", "3/4/2022", "2022-05-01 12:00"])
    assert day_forms.find_odd(cells, DAYS) == [
        day_forms.OddCells(day_forms.OTHER, (2, 4), "5/14/2022"), day_forms.OddCells(day_forms.TWO_WAYS, (3, 5), "1/2/2022"),
        day_forms.OddCells(day_forms.TIME, (6,), "2022-05-01 12:00"),
    ]  # fmt: skip


DESCRIBED = {
    "10-Mar-25": "has a year of two digits, as spreadsheets write it",
    "3/14/25": "seems to be month, day and year, with a year of two digits, as spreadsheets write it",
    "3/8/25": "may be 2025-08-03 or 2025-03-08, with a year of two digits, as spreadsheets write it",
    "14.03.2025": "seems to be day, month and year",
    "45730": "seems to be the number by which a spreadsheet keeps a day",
    "2025-03-14 23:00": "has a time of day",
    "yesterday": "",
}


@pytest.mark.parametrize("cell", DESCRIBED)
def test_the_message_says_what_a_cell_seems_to_be(cell: str) -> None:
    assert day_forms.describe(cell) == DESCRIBED[cell]


def write_acled(path: Path, *listed: str) -> Path:
    head = "event_id_cnty,event_date,year,event_type,fatalities\n"
    path.write_text(head + "".join(f"NOW{n},{day},2022,Riots,0\n" for n, day in enumerate(listed)), encoding="utf-8")
    return path


def test_a_column_with_a_day_that_may_be_two_is_one_finding(tmp_path: Path) -> None:
    report = validate_together(
        write_acled(tmp_path / "a.csv", "28/12/2022", "3/8/2022", "27/12/2022", "26/12/2022", "4/8/2022")
    )
    assert count_by_rule(report) == {"feed.day-column": 1}
    (finding,) = report.findings
    assert finding.place
    assert (finding.place.line, finding.place.column, finding.record) == (3, 6, "NOW1")
    assert finding.message.endswith("'3/8/2022' may be 2022-08-03 or 2022-03-08 (2 of 5 cells)")
    assert report.evaluated["acled.year-of-date"].unknown == 5


def test_a_column_in_another_form_is_one_finding(tmp_path: Path) -> None:
    rows = [make_ged_row(n, deaths_a=1, date_start=f"2020-03-0{n} 23:00:00") for n in range(1, 6)]
    report = validate_together(write_csv(tmp_path / "a.csv", rows))
    assert count_by_rule(report) == {"feed.day-column": 1}
    assert report.findings[0].fields == ("date_start",)


def test_single_cells_in_another_form_are_reported_one_by_one(tmp_path: Path) -> None:
    report = validate_together(
        write_acled(tmp_path / "a.csv", "28 December 2022", "27 Dec 2022", "26 December 2022", "25 December 2022")
    )
    assert [(f.rule, f.place.line) for f in report.findings if f.place] == [("cells.date", 3)]


@pytest.mark.parametrize("engine", ["polars", "duckdb", "pandas"])
def test_a_scan_reads_no_day_that_may_be_two_either(engine: str, tmp_path: Path) -> None:
    path = write_acled(tmp_path / "a.csv", "28 December 2022", "3/8/2022", "4/14/2022", "28/12/2022")
    report = validate(path, engine=engine, memory=1_000_000_000, profile="acled")
    assert [(f.rule, f.place.line) for f in report.findings if f.place] == [("feed.day-column", 3)]


@pytest.mark.slow
def test_hours_in_parquet_are_reported_by_a_scan_too(tmp_path: Path) -> None:
    rows = pl.DataFrame([make_ged_row(n, deaths_a=n) for n in range(1, 4)])
    stamp = pl.col("date_end").str.to_date().cast(pl.Datetime) + pl.duration(hours=23)
    rows.with_columns(stamp).write_parquet(tmp_path / "ged.parquet")
    assert count_by_rule(validate_together(tmp_path / "ged.parquet")) == {"feed.day-column": 1}
    assert not validate(tmp_path / "ged.parquet", memory=1_000_000_000).ok


def test_hours_in_a_table_of_our_own_are_no_days(tmp_path: Path) -> None:
    table = pl.from_pandas(cd.load("claims").head(3)).with_columns(
        pl.col("as_of").cast(pl.Datetime) + pl.duration(hours=23), pl.col("period_end").cast(pl.Datetime)
    )
    table.write_parquet(tmp_path / "claims.parquet")
    found = [f for f in validate(tmp_path / "claims.parquet").findings if f.rule == "cells.date"]
    assert [f.fields for f in found] == [("as_of",)] * 3
    assert "23:00:00" in found[0].message
