"""One cause, one finding: columns whose cells break one rule, two files in one, forms of older releases."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Callable
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


# Columns of GED with one cause: what is done to their cells, the rule of the one finding, and the end of its message.
JOINED: dict[str, tuple[tuple[str, ...], Callable[[str], str], str, str]] = {
    "two decimal commas": (
        ("latitude", "longitude"), lambda text: text.replace(".", ","), "cells.number",
        "latitude and longitude are not read: '35,5' in latitude is not a number in canonical form; longitude alike (18 of 18 cells)",
    ),
    "decimal commas in counts too": (
        ("latitude", "longitude", "low", "best", "high"), lambda text: text.replace(".", ",") if "." in text else f"{text},0",
        "cells.number", "latitude, longitude, low, best and high are not read: ",
    ),
    "errors of a spreadsheet": (
        ("latitude", "longitude"), lambda text: "#DIV/0!" if text == "35.5" else "#REF!", "cells.number", "; longitude alike (18 of 18 cells)",
    ),
    "a minus of typesetters": (("latitude", "longitude"), lambda text: f"\u2212{text}", "cells.number", "; longitude alike (18 of 18 cells)"),
    "digits of another script": (
        ("low", "best", "high"), lambda text: text.translate(str.maketrans("0123456789", "\u0660\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0669")),
        "cells.whole", "; the other 2 columns alike (27 of 27 cells)",
    ),
    "a word of databases": (("deaths_a", "deaths_b"), lambda _: "(null)", "cells.whole", "; deaths_b alike (18 of 18 cells)"),
    "one word for a missing value": (("deaths_a", "deaths_b"), lambda _: "n.a.", "cells.whole", "; deaths_b alike (18 of 18 cells)"),
    "American days": (
        ("date_start", "date_end"), lambda text: f"{int(text[5:7])}/{int(text[8:])}/{text[:4]}", "feed.day-column",
        "; date_end alike (18 of 18 cells)",
    ),
}  # fmt: skip


@each_road
@pytest.mark.parametrize("cause", JOINED)
def test_columns_that_have_one_cause_are_one_finding(cause: str, road: str, tmp_path: Path) -> None:
    columns, change, rule, message = JOINED[cause]
    path = write_csv(tmp_path / "ged.csv", [row | {c: change(row[c]) for c in columns} for row in make_rows()])

    report = cd.validate(path, **ROADS[road])

    assert count_rules(report) == {rule: 1}
    (finding,) = report.findings
    assert message in finding.message
    assert finding.fields == columns
    assert finding.place
    assert finding.place.line == 2
    assert report.evaluated[rule].invalid == 1


def test_columns_of_two_causes_are_two_findings(tmp_path: Path) -> None:
    rows = [row | {"latitude": "35,5", "longitude": "36,5", "deaths_b": "n.a."} for row in make_rows()]

    report = cd.validate(write_csv(tmp_path / "ged.csv", rows))

    assert [f.fields for f in report.findings] == [("latitude", "longitude"), ("deaths_b",)]


def test_an_import_refuses_columns_of_one_cause_with_one_finding(tmp_path: Path) -> None:
    rows = [row | {"latitude": "35,5", "longitude": "36,5"} for row in make_rows()]

    done = import_files("ucdp-ged", [write_csv(tmp_path / "ged.csv", rows)], tmp_path / "out")

    assert [f.fields for f in done.refused] == [("latitude", "longitude")]


# --- Rows of which most cells cannot be read

NAMES = list(make_rows(1)[0])
ODD_ROWS = {
    "labels": {name: name.replace("_", " ").title() for name in NAMES},
    "dashes": dict.fromkeys(NAMES, "---"),
    "units": {name: "people" if name in ("low", "best", "high") or name.startswith("deaths") else "text" for name in NAMES},
    "moved cells": dict(zip(NAMES, ["", *make_rows(1)[0].values()], strict=False)),
}  # fmt: skip


@each_road
@pytest.mark.parametrize("what", ODD_ROWS)
@pytest.mark.parametrize("at", [0, 4])
def test_a_row_of_which_most_cells_cannot_be_read_is_one_finding(what: str, at: int, road: str, tmp_path: Path) -> None:
    rows = make_rows()
    rows.insert(at, ODD_ROWS[what])

    report = cd.validate(write_csv(tmp_path / "ged.csv", rows), **ROADS[road])

    assert count_rules(report) == {"feed.row-unreadable": 1}
    (finding,) = report.findings
    assert finding.place
    assert finding.place.line == at + 2
    assert finding.message.startswith("the row is not read: ")
    assert report.evaluated["feed.row-unreadable"].invalid == 1
    assert sum(tally.invalid for tally in report.evaluated.values()) == 1


def test_three_cells_that_cannot_be_read_are_findings_of_their_own(tmp_path: Path) -> None:
    rows = make_rows()
    rows[3] |= {"best": "some", "latitude": "north", "date_prec": "day"}

    report = cd.validate(write_csv(tmp_path / "ged.csv", rows))

    assert count_rules(report) == {"cells.whole": 1, "cells.number": 1, "cells.term": 1}


def test_an_import_leaves_out_such_a_row_by_its_reason(tmp_path: Path) -> None:
    done = run_import("ucdp-ged", tmp_path / "out", write_csv(tmp_path / "a.csv", [ODD_ROWS["labels"], *make_rows()]))

    assert done.left_out == {"feed.row-unreadable": 1}
    assert done.counts["new"] == 9


# --- Keys of UCDP are whole numbers


@each_road
def test_a_key_with_zeros_before_it_is_the_same_key(road: str, tmp_path: Path) -> None:
    rows = make_rows()
    rows[2] |= {"conflict_new_id": "0077", "side_a_new_id": "011"}
    assert not cd.validate(write_csv(tmp_path / "ged.csv", rows), **ROADS[road]).findings

    rows[3] |= {"conflict_new_id": "077", "conflict_name": "Elsewhere: Government"}
    report = cd.validate(write_csv(tmp_path / "ged.csv", rows), **ROADS[road])
    assert count_rules(report) == {"ucdp_ged.conflict-name-fits": 1}
    assert report.findings[0].record == "4"

    rows[3] = rows[2] | {"deaths_a": "3", "id": "03"}
    report = cd.validate(write_csv(tmp_path / "ged.csv", rows), **ROADS[road])
    assert count_rules(report) == {"ucdp_ged.id-unique": 1}


def test_two_ways_to_write_a_conflict_are_one_conflict_after_the_import(tmp_path: Path) -> None:
    rows = make_rows(4)
    rows[1] |= {"conflict_new_id": "0077", "side_b_new_id": "0012", "id": "0002"}
    run_import("ucdp-ged", tmp_path / "out", write_csv(tmp_path / "ged.csv", rows))

    conflicts, actors = read_table(tmp_path / "out", "conflicts"), read_table(tmp_path / "out", "actors")
    assert conflicts["conflict_id"].to_list() == ["ucdp_77"]
    assert conflicts["ucdp_id"].to_list() == ["77"]
    assert sorted(actors["actor_id"]) == ["ucdp", "ucdp_11", "ucdp_12"]
    assert set(read_table(tmp_path / "out", "claims")["conflict_id"]) == {"ucdp_77"}

    done = import_files("ucdp-ged", [write_csv(tmp_path / "b.csv", make_rows(4))], tmp_path / "out")
    assert done.counts["same"] == 4


YEARLY = {
    "ucdp-brd": {"conflict_id": "330", "dyad_id": "730", "location_inc": "Sampleland", "side_a": "Government of Sampleland", "side_b": "Made-up Front", "incompatibility": "2", "bd_best": "40", "bd_low": "30", "bd_high": "50", "battle_location": "Syria"},
    "ucdp-nonstate": {"conflict_id": "330", "dyad_id": "730", "side_a_name": "Some Front", "side_b_name": "Other Front", "best_fatality_estimate": "40", "low_fatality_estimate": "30", "high_fatality_estimate": "50", "location": "Syria"},
    "ucdp-onesided": {"conflict_id": "330", "dyad_id": "730", "actor_id": "12", "actor_name": "Some Front", "best_fatality_estimate": "40", "low_fatality_estimate": "30", "high_fatality_estimate": "50", "is_government_actor": "0", "location": "Syria"},
}  # fmt: skip


@pytest.mark.parametrize("profile", YEARLY)
def test_two_ways_to_write_a_conflict_of_a_yearly_dataset_are_one(profile: str, tmp_path: Path) -> None:
    row = {**YEARLY[profile], "region": "2", "version": "24.1"}
    rows = [row | {"year": "2019"}, row | {"year": "2020", "conflict_id": "0330", "dyad_id": "0730"}]
    run_import(profile, tmp_path / "out", write_csv(tmp_path / "rows.csv", rows))

    assert read_table(tmp_path / "out", "conflicts")["conflict_id"].to_list() == ["ucdp_330"]


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
