"""One cause, one finding: columns whose cells break one rule, two files in one, forms of older releases."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from import_results import FEEDS, make_ged_row, read_table, run_import, write_csv

import conflictdata as cd
from conflictdata.findings import Report, UsageError
from conflictdata.importer.run import import_files

ROADS: dict[str, dict[str, Any]] = {
    "polars": {}, "pandas": {"engine": "pandas"}, "duckdb": {"engine": "duckdb"}, "memory": {"memory": 10**9},
}  # fmt: skip
# Every road gives the same; two of them are enough for most runs.
each_road = pytest.mark.parametrize(
    "road", [pytest.param(name, marks=[pytest.mark.slow] if name in ("pandas", "duckdb") else []) for name in ROADS]
)
# Columns of GED, how a program changes each cell of them, and the rule of the one finding.
BROKEN = {
    "a decimal comma": ("latitude", lambda text: text.replace(".", ","), "cells.number"),
    "a unit": ("best", lambda text: f"{text} people", "cells.whole"),
    "words for codes": ("type_of_violence", lambda text: {"1": "state-based", "3": "one-sided"}.get(text, "other"), "cells.term"),
    "a key of another form": ("id", lambda text: f"GED-{text}", "cells.pattern"),
    "nothing": ("id", lambda text: "", "cells.required"),
    "a number beyond its range": ("longitude", lambda text: "361.5", "cells.range"),
}  # fmt: skip
each_fault = pytest.mark.parametrize("fault", BROKEN)


def make_rows(number: int = 9) -> list[dict[str, str]]:
    return [make_ged_row(n, deaths_a=n, adm_1=f"North {n}") for n in range(1, number + 1)]


def list_findings(report: Report) -> list[tuple[str, str, str, int]]:
    return sorted((f.rule, f.message, f.record, f.place.line) for f in report.findings if f.place)


def count_rules(report: Report) -> Counter[str]:
    return Counter(finding.rule for finding in report.findings)


@each_road
@each_fault
def test_a_column_whose_cells_break_one_rule_is_one_finding(fault: str, road: str, tmp_path: Path) -> None:
    column, change, rule = BROKEN[fault]
    path = write_csv(tmp_path / "ged.csv", [row | {column: change(row[column])} for row in make_rows()])

    report = cd.validate(path, **ROADS[road])

    assert count_rules(report) == {rule: 1}
    (finding,) = report.findings
    assert finding.message.startswith(f"{column} is not read: ")
    assert finding.message.endswith(f" (9 of 9 {'rows' if rule == 'cells.required' else 'cells'})")
    assert finding.fields == (column,)
    assert finding.place
    assert finding.place.line == 2


@each_road
def test_single_cells_and_a_minority_are_findings_of_their_own(road: str, tmp_path: Path) -> None:
    rows = [row | ({"best": f"{row['best']} people"} if int(row["id"]) in (2, 4, 5) else {}) for row in make_rows()]

    report = cd.validate(write_csv(tmp_path / "ged.csv", rows), **ROADS[road])

    assert count_rules(report) == {"cells.whole": 3}
    assert [finding.record for finding in report.findings] == ["2", "4", "5"]


@each_road
def test_two_broken_columns_are_two_findings_and_other_columns_are_checked(road: str, tmp_path: Path) -> None:
    rows = [row | {"latitude": "35,5", "date_prec": "day"} for row in make_rows(12)]
    rows[3]["best"] = "99"
    rows[3]["high"] = "99"

    report = cd.validate(write_csv(tmp_path / "ged.csv", rows), **ROADS[road])

    assert count_rules(report) == {"cells.number": 1, "cells.term": 1, "ucdp_ged.parts-sum-to-best": 1}


def test_columns_of_parquet_and_frames_are_counted_too(tmp_path: Path) -> None:
    path = tmp_path / "ged.parquet"
    frame = pl.DataFrame(make_rows()).with_columns(best=pl.lit(0.5))
    frame.write_parquet(path)

    for report in (cd.validate(path), cd.validate(path, memory=10**9), cd.validate(frame, profile="ucdp-ged")):
        assert count_rules(report) == {"cells.whole": 1}
        assert "(9 of 9 cells)" in report.findings[0].message


@pytest.mark.parametrize("fault", ["a unit", pytest.param("nothing", marks=pytest.mark.slow)])
def test_an_import_refuses_such_a_column_and_writes_nothing(fault: str, tmp_path: Path) -> None:
    column, change, rule = BROKEN[fault]
    path = write_csv(tmp_path / "ged.csv", [row | {column: change(row[column])} for row in make_rows()])

    done = import_files("ucdp-ged", [path], tmp_path / "out")

    assert [finding.rule for finding in done.refused] == [rule]
    assert not done.written
    assert not (tmp_path / "out").exists()


def test_a_finding_on_a_column_is_in_each_file_of_several(tmp_path: Path) -> None:
    sound, broken = make_rows(4), [row | {"id": f"1{row['id']}", "best": "many"} for row in make_rows(5)]
    write_csv(tmp_path / "a.csv", sound)
    write_csv(tmp_path / "b.csv", broken)

    report = cd.validate(tmp_path / "*.csv", profile="ucdp-ged", memory=10**9)

    assert [Path(f.place.file).name for f in report.findings if f.place] == ["b.csv"]
    assert "(5 of " in report.findings[0].message


def join_files(path: Path, *parts: list[dict[str, str]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        for rows in parts:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    return path


@each_road
@pytest.mark.parametrize(("first", "severity", "rule"), [(1, "error", "id-unique"), (101, "warning", "no-look-alike")])
def test_two_files_in_one_are_one_finding(first: int, severity: str, rule: str, road: str, tmp_path: Path) -> None:
    """The second file has the same ids, or others for the same events."""
    rows = make_rows(6)
    again = [row | {"id": str(int(row["id"]) + first - 1)} for row in rows]
    path = join_files(tmp_path / "ged.csv", rows, again)

    report = cd.validate(path, **ROADS[road])

    (finding,) = report.findings
    assert (finding.rule, finding.severity) == ("csv.header", severity)
    assert f"6 rows below it repeat rows above (6 ucdp_ged.{rule})" in finding.message
    assert finding.place
    assert finding.place.line == 8
    assert report.ok == (severity == "warning")


@each_road
def test_repeated_rows_without_a_second_header_are_findings_of_their_own(road: str, tmp_path: Path) -> None:
    rows = make_rows(3)
    path = write_csv(tmp_path / "ged.csv", [*rows, rows[0], rows[1]])

    assert count_rules(cd.validate(path, **ROADS[road])) == {"ucdp_ged.id-unique": 2}


@pytest.mark.slow
@each_road
def test_two_daily_tables_in_one_are_one_finding(road: str, tmp_path: Path) -> None:
    rows = [
        {"report_date": f"2023-11-{n:02}", "report_period": "24", "killed": "10", "killed_cum": str(n * 10), "injured_cum": str(n * 20)}
        for n in range(1, 9)
    ]  # fmt: skip

    report = cd.validate(join_files(tmp_path / "gaza.csv", rows, rows), profile="palestine", **ROADS[road])

    (finding,) = report.findings
    assert (finding.rule, finding.severity) == ("csv.header", "error")


@pytest.mark.parametrize("road", ["pandas", "duckdb"])
@pytest.mark.parametrize(
    "name",
    ["ukraine_personnel.json", pytest.param("palestine_gaza.json", marks=pytest.mark.slow), "ukraine_correction.json"],
)
def test_daily_tables_give_the_same_findings_by_each_road(name: str, road: str) -> None:
    path = FEEDS / name

    assert list_findings(cd.validate(path, **ROADS[road])) == list_findings(cd.validate(path))


def make_acled_rows() -> list[dict[str, str]]:
    plain = {
        "EVENT_DATE": "01-January-2015", "YEAR": "2015", "TIME_PRECISION": "1", "ACTOR1": "Made-up Front", "INTER1": "2", "ACTOR2": "",
        "INTER2": "0", "INTERACTION": "20", "COUNTRY": "Nowhere", "ADMIN1": "North", "LOCATION": "Sometown", "LATITUDE": "10.5",
        "LONGITUDE": "20.5", "GEO_PRECISION": "1", "SOURCE": "Some Paper", "NOTES": "Made up.",
    }  # fmt: skip
    types = ["Battle-No change of territory", "Riots/Protests", "Remote violence", "Violence against civilians", "Strategic development",
             "Battle-Government regains territory", "Headquarters or base established", "Non-violent transfer of territory"]  # fmt: skip
    return [
        {"EVENT_ID_CNTY": f"{n}NOW", **plain, "EVENT_TYPE": kind, "FATALITIES": str(n)}
        for n, kind in enumerate(types, 1)
    ]


def test_releases_of_acled_until_2018_are_read(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "acled.csv", make_acled_rows())

    report = cd.validate(path)
    run_import("acled", tmp_path / "out", path)

    assert (report.ok, report.findings) == (True, [])
    assert read_table(tmp_path / "out", "figures")["best"].sum() == 36
    events = read_table(tmp_path / "out", "events").sort("event_id")["event_type"].to_list()
    assert Counter(events) == {
        "battle": 1, "political": 3, "shelling": 1, "attack_on_civilians": 1, "territory_capture": 2,
    }  # fmt: skip


def test_a_made_up_type_and_id_of_acled_are_found(tmp_path: Path) -> None:
    rows = make_acled_rows()
    rows[0]["EVENT_TYPE"] = "Battle-Change"
    rows[1]["EVENT_ID_CNTY"] = "2NOWHERE"

    assert count_rules(cd.validate(write_csv(tmp_path / "acled.csv", rows))) == {"cells.term": 1, "cells.pattern": 1}


def test_an_index_without_a_name_is_no_column_that_is_not_known(tmp_path: Path) -> None:
    rows = [{"": str(n), "country": "Nowhere", "year": "2022", "event_date": "2022-09-23", "source": "a", "admin1": "b", "admin2": "c",
             "location": "d", "event_type": "Battles", "sub_event_type": "Armed clash", "fatalities": "0"} for n in range(3)]  # fmt: skip

    with pytest.raises(UsageError, match="10 of its 10 columns, and which needs 'event_id_cnty'"):
        cd.validate(write_csv(tmp_path / "cut.csv", rows))


@pytest.mark.parametrize(
    ("country", "point", "found"),
    [
        ("United States", ("18.39", "-66.06"), 0),  # San Juan, Puerto Rico
        ("France", ("16.24", "-61.53"), 0),  # Pointe-a-Pitre, Guadeloupe
        ("United States", ("-66.06", "18.39"), 1),  # exchanged
        ("Mexico", ("18.39", "-66.06"), 1),
    ],
)
def test_a_point_in_a_territory_is_in_its_state(
    country: str, point: tuple[str, str], found: int, tmp_path: Path
) -> None:
    row = {
        "eventid": "197001010001", "iyear": "1970", "imonth": "1", "iday": "1", "country": "1", "country_txt": country,
        "latitude": point[0], "longitude": point[1], "nkill": "0.0", "nkillus": "1.0",
    }  # fmt: skip

    report = cd.validate(write_csv(tmp_path / "gtd.csv", [row]), profile="gtd")

    assert count_rules(report)["gtd.point-in-country"] == found
    assert [f.message for f in report.findings if "nkill" in f.rule] == ["nkillus is 1, more than nkill, 0"]


def test_an_object_with_one_value_is_no_table(tmp_path: Path) -> None:
    path = tmp_path / "any.json"
    path.write_text(json.dumps({"status": 200}), encoding="utf-8")

    assert not cd.validate(path, profile="ucdp-ged").ok
