"""Older names, joined tables, yearly datasets, pages of APIs, zips: what makers and programs give beside the plain release."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import commands
import pandas as pd
import polars as pl
import pytest
from feed_files import count_by_rule, validate_together
from import_results import make_ged_row, read_table, run_import, write_csv

import conflictdata as cd
from conflictdata.cli import _run_guarded, app
from conflictdata.datasets import detect_profile, get_profile
from conflictdata.datasets.profile import ProfileTable
from conflictdata.findings import UsageError
from conflictdata.importer.run import import_files
from conflictdata.readers import open_table
from conflictdata.readers.normalize import list_missing
from conflictdata.schema.columns import Constraint

BRD = """conflict_id,dyad_id,location_inc,side_a,side_a_id,side_b,side_b_id,incompatibility,territory_name,year,bd_best,bd_low,bd_high,type_of_conflict,battle_location,version
330,730,Sampleland,Government of Sampleland,152,Front,410,1,North,1999,30,30,45,3,Sampleland,24.1
330,731,Sampleland,Government of Sampleland,152,Union,411,1,North,1999,30,30,45,3,Sampleland,24.1
330,730,Sampleland,Government of Sampleland,152,Front,410,1,North,2000,90,70,85,3,"Nowhere, Sampleland",24.1
"""
ONE_SIDED = """ActorId,Year,CoalitionComponents,ActorName,BestFatalityEstimate,LowFatalityEstimate,HighFatalityEstimate,IsGovernmentActor,Location,GWNOLocation,Region,Version
152,1999,,Government of Sampleland,40,35,60,1,Sampleland,850,3,14
410,2000,,Front,55,55,55,0,"Nowhere, Sampleland","850, 860",3,14
"""
NON_STATE = """conflict_id,dyad_id,org,side_a_name,side_a_id,side_b_name,side_b_id,start_date,year,best_fatality_estimate,low_fatality_estimate,high_fatality_estimate,location,region
9488,10098,3,Herders,607,Farmers,701,1998-01-18,2021,41,41,81,Sampleland,4
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("profile", "text", "columns"),
    [
        ("ucdp-brd", BRD, ("bd_low", "bd_best", "bd_high")),
        ("ucdp-onesided", ONE_SIDED, ("LowFatalityEstimate", "BestFatalityEstimate", "HighFatalityEstimate")),
        ("ucdp-nonstate", NON_STATE, ("low_fatality_estimate", "best_fatality_estimate", "high_fatality_estimate")),
    ],
)
def test_sums_of_a_yearly_dataset_are_the_same_after_import(profile, text, columns, tmp_path: Path) -> None:
    path = tmp_path / "any.csv"
    path.write_text(text, encoding="utf-8")

    run_import(profile, tmp_path / "out", path)

    rows, figures = pl.read_csv(path), read_table(tmp_path / "out", "figures")
    assert [figures[c].sum() for c in ("low", "best", "high")] == [rows[c].sum() for c in columns]
    assert figures.height == rows.height
    claims = read_table(tmp_path / "out", "claims")
    assert set(claims["period_start"].dt.strftime("%m-%d")) == {"01-01"}
    assert set(claims["period_end"].dt.strftime("%m-%d")) == {"12-31"}


# Release 17.1: names without signs, a table by conflict with lists of dyads, places left empty in lists, -99.
BRD_17 = """ConflictID,DyadID,Year,LocationInc,SideA,SideA2nd,SideB,SideBID,Incompatibility,TerritoryName,BdBest,BdLow,BdHigh,TypeOfConflict,BattleLocation,GWNoA,GWNoA2nd,GwNoB,GWNoLoc,GWNoBattle,Region,Version
330,"730, 731",1999,Sampleland,Government of Sampleland,,"Front, Union","410, 411",2,,60,60,90,"3, 4","Nowhere, Sampleland",850,", 2, , 200",,850,850,3,17
330,730,2000,Sampleland,Government of Sampleland,,Front,410,2,,80,-99,95,3,Sampleland,850,,,850,850,3,17
"""
NON_STATE_17 = """conflictid,dyadid,org,sideaname,sideaid,sideacomponents,sidebname,sidebid,sidebcomponents,startdate,startprec,startdate2,startprec2,epend,ependdate,ependprec,year,fatbest,fatlow,fathigh,location,gwnoloc,region,version
9488,10098,3,Herders,607,,Farmers,701,,1998-01-18,1,2015-06-05,1,0,,,2015,41,41,81,Sampleland,850,4,17.1
9488,10098,3,Herders,607,,Farmers,701,,1998-01-18,1,2016-06-05,1,-99,,,2016,30,30,30,Sampleland,850,4,17.1
"""


@pytest.mark.parametrize(
    ("profile", "text", "sums"),
    [("ucdp-brd", BRD_17, (60 + 80, 60 + 80, 90 + 95)), ("ucdp-nonstate", NON_STATE_17, (71, 71, 111))],
)
def test_release_17_1_of_a_yearly_dataset_is_clean_and_imported(
    profile: str, text: str, sums: tuple[int, ...], tmp_path: Path
) -> None:
    path = tmp_path / "any.csv"
    path.write_text(text, encoding="utf-8")

    for options in ({}, {"memory": 10**9}, {"engine": "duckdb"}):
        report = cd.validate(path, **options)
        assert not report.findings
        assert report.notes[0].split(": ")[1].startswith(profile)
    done = run_import(profile, tmp_path / "out", path)

    figures = read_table(tmp_path / "out", "figures")
    assert tuple(figures[c].sum() for c in ("low", "best", "high")) == sums
    assert read_table(tmp_path / "out", "conflicts").height == 1
    assert done.report is not None
    assert not done.report.findings


def test_a_part_of_the_gtd_without_the_year_is_recognised(tmp_path: Path) -> None:
    row = {
        "eventid": "202101010004", "imonth": "1", "iday": "1", "country": "60", "country_txt": "Egypt", "region": "10",
        "region_txt": "Middle East & North Africa", "city": "Sometown", "attacktype1_txt": "Armed Assault", "gname": "Unknown",
    }  # fmt: skip
    rows = [row, row | {"eventid": "202101010005", "country_txt": "Elsewhere"}, row | {"eventid": "202101010006"}]

    report = cd.validate(write_csv(tmp_path / "a.csv", rows))

    assert count_by_rule(report) == {"gtd.country-name-fits": 1}
    assert detect_profile(["eventid", "country", "city", "latitude", "longitude", "summary"]) is None


def test_features_of_geojson_are_read_by_their_properties(tmp_path: Path) -> None:
    rows = [make_ged_row(n, deaths_a=n, adm_1=f"North {n}") for n in range(1, 5)]
    rows[2] |= {"best": "9", "high": "9"}
    features = [
        {"type": "Feature", "geometry": {"type": "Point", "coordinates": [36.5, 35.5]}, "properties": r} for r in rows
    ]
    path = tmp_path / "ged.json"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}, indent=1), encoding="utf-8")

    report = cd.validate(path)

    assert count_by_rule(report) == {"ucdp_ged.parts-sum-to-best": 1}
    assert "read with the list under 'features', the properties of GeoJSON" in "".join(report.notes)
    place = report.findings[0].place
    assert place
    assert '"best": "9"' in path.read_text(encoding="utf-8").splitlines()[place.line - 1]


def test_a_file_whose_lines_are_in_quotes_as_a_whole_says_so(tmp_path: Path) -> None:
    lines = (
        write_csv(tmp_path / "a.csv", [make_ged_row(1), make_ged_row(2, deaths_a=1)])
        .read_text(encoding="utf-8")
        .splitlines()
    )
    path = tmp_path / "quoted.csv"
    path.write_text("".join(f'"{line}"\n' for line in lines), encoding="utf-8")

    with pytest.raises(UsageError, match="each of its lines is in quotes as a whole"):
        cd.validate(path)
    with pytest.raises(UsageError, match="each line of its file is in quotes as a whole"):
        cd.validate(pd.read_csv(path))
    again = pd.read_csv(io.StringIO("\n".join(pd.read_csv(path, header=None)[0])))  # as the message says
    assert not cd.validate(again).findings


def test_persons_in_a_frame_are_refused_with_the_reason() -> None:
    frame = pd.DataFrame({"name": ["A B"], "en_name": ["A B"], "age": [23], "sex": ["m"]})

    for options in ({}, {"profile": "palestine"}):
        with pytest.raises(UsageError, match="holds a list of persons by name, and is not read"):
            cd.validate(frame, **options)  # type: ignore[call-overload]


def test_standard_input_is_named_so() -> None:
    done = commands.run("validate", "-", given="a,b,c\n1,2,3\n")
    assert done.stderr.startswith("error: standard input is none of our tables")

    rows = [make_ged_row(n, best="many") for n in range(1, 3)]
    table = ",".join(rows[0]) + "\n" + "".join(",".join(row.values()) + "\n" for row in rows)
    assert "standard input:2:" in commands.run("validate", "-", "--concise", given=table).stdout


def test_a_list_in_an_object_of_a_page_is_read(tmp_path: Path) -> None:
    path = tmp_path / "page.json"
    path.write_text(json.dumps({"meta": {"count": 1}, "data": {"rows": [make_ged_row(1, deaths_a=2)]}}))

    assert cd.validate(path).counts == {"ucdp_ged": 1}


def test_an_answer_without_data_gives_its_reason(tmp_path: Path) -> None:
    path = tmp_path / "page.json"
    path.write_text(json.dumps({"status": 403, "success": False, "error": [{"id": 4, "message": "denied"}]}))

    (finding,) = cd.validate(path, profile="acled").findings
    assert finding.rule == "json.shape"
    assert '"message": "denied"' in finding.message


def test_an_empty_zip_is_reported(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w"):
        pass

    (finding,) = cd.validate(tmp_path / "a.zip").findings
    assert finding.message.endswith("holds no file")


@pytest.mark.parametrize("options", [{}, {"memory": 10**9}, {"engine": "duckdb"}])
def test_a_row_without_a_key_is_named_by_its_number(options: dict[str, object], tmp_path: Path) -> None:
    rows = [make_ged_row(n, deaths_a=n, adm_1=f"North {n}") for n in range(1, 10)]
    rows[2] |= {"id": "", "best": "99", "high": "99"}

    report = cd.validate(write_csv(tmp_path / "a.csv", rows), **options)  # type: ignore[arg-type]

    assert {finding.record for finding in report.findings} == {"row 3"}
    assert count_by_rule(report) == {"cells.required": 1, "ucdp_ged.parts-sum-to-best": 1}


@pytest.mark.slow
def test_older_names_of_columns_are_read(tmp_path: Path) -> None:
    rows = [{"report_date": f"2023-10-0{n}", "martyred_cum": n * 10, "ext_martyred_cum": n * 10, "ext_med_martyred_cum": n, "injured_cum": 5 * n} for n in range(7, 10)]  # fmt: skip
    rows[2]["martyred_cum"] = 60
    path = tmp_path / "gaza.json"
    path.write_text(json.dumps(rows), encoding="utf-8")

    report = validate_together(path)

    assert set(count_by_rule(report)) == {
        "palestine_gaza.toll-does-not-fall",
        "palestine_gaza.ext-killed-cum-as-reported",
    }


OTHER_NAMES = ("date", "tanks", "apv", "mlrs", "uav", "helicopters", "personnel_units")


def test_the_ukrainian_losses_are_known_under_their_other_names() -> None:
    found = detect_profile(OTHER_NAMES)

    assert found == (get_profile("ukraine"), found[1])
    assert found[1].map_columns(OTHER_NAMES) == {
        "date": "date", "tanks": "tank", "apv": "APC", "mlrs": "MRL", "uav": "drone", "helicopters": "helicopter",
        "personnel_units": "personnel",
    }  # fmt: skip


@pytest.mark.slow
def test_a_joined_table_of_losses_gives_the_people(tmp_path: Path) -> None:
    path = tmp_path / "joined.csv"
    days = [f"2025-03-0{n},{1101 + n},{875_000 + 1_200 * n},{10_200 + n}" for n in range(1, 5)]
    path.write_text("date,day,personnel,tank\n" + "\n".join(days) + "\n", encoding="utf-8")

    run_import("ukraine", tmp_path / "out", path)

    assert sorted(read_table(tmp_path / "out", "figures")["best"]) == [876_200, 877_400, 878_600, 879_800]


@pytest.mark.slow
def test_rows_left_out_are_counted_by_reason(tmp_path: Path) -> None:
    rows = [
        make_ged_row(1, deaths_a=1),
        make_ged_row(2, deaths_a=1, best=7),
        make_ged_row(3, deaths_a=1, best=8),
        make_ged_row(4, deaths_a=1, date_start="2091-01-01", date_end="2091-01-01"),
        make_ged_row(5, deaths_a="x", best=1),
    ]
    path = write_csv(tmp_path / "ged.csv", rows)

    done = import_files("ucdp-ged", [path], tmp_path / "out")

    reasons = {"ucdp_ged.parts-sum-to-best": 2, "ucdp_ged.day-not-in-future": 1, "cells.whole": 1}
    assert done.left_out == reasons
    described = json.loads((tmp_path / "out" / "datapackage.json").read_text(encoding="utf-8"))
    assert described["imported"]["files"][0]["reasons"] == reasons
    readme = (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    assert "| ged.csv | `ucdp_ged.parts-sum-to-best` | 2 |" in readme


def test_pages_of_an_api_are_one_table(tmp_path: Path) -> None:
    pages = [
        {"TotalPages": 2, "Result": [make_ged_row(n, deaths_a=1), make_ged_row(n + 1, deaths_b=2)]} for n in (1, 3)
    ]
    for number, text in enumerate((json.dumps(pages), "\n".join(map(json.dumps, pages)))):
        path = tmp_path / f"{number}.json"
        path.write_text(text, encoding="utf-8")
        source = open_table(path)
        assert (source.frame.height, source.remarks) == (4, ["the list under 'Result' of 2 pages"])
        assert not source.findings


def test_what_an_api_says_in_place_of_data_is_in_the_finding(tmp_path: Path) -> None:
    path = tmp_path / "page.json"
    path.write_text('{"status": 403, "success": false, "error": "no access"}', encoding="utf-8")

    assert '"no access"' in open_table(path).findings[0].message


def test_a_zip_may_hold_documents_beside_its_table(tmp_path: Path) -> None:
    table = write_csv(tmp_path / "ged.csv", [make_ged_row(1, deaths_a=1)])
    packed = tmp_path / "ged241-csv.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(table, "GEDEvent_v24_1.csv")
        archive.writestr("codebook.pdf", "%PDF")
        archive.writestr("__MACOSX/._GEDEvent_v24_1.csv", "x")
    assert cd.validate(packed).counts == {"ucdp_ged": 1}

    with zipfile.ZipFile(packed, "a") as archive:
        archive.write(table, "GEDEvent_v23_1.csv")
    (finding,) = cd.validate(packed).findings
    assert "holds 2 tables (GEDEvent_v24_1.csv, GEDEvent_v23_1.csv)" in finding.message


def test_namibia_is_not_missing() -> None:
    table = ProfileTable("ucdp_ged", "UCDP GED")
    country = Constraint("country", "id", False, False, "Country.", "SY", pattern=r"[A-Z]{2}")
    assert "NA" not in list_missing(table, country)
    assert {"NULL", r"\N", "."} <= set(list_missing(table, country))


def test_counts_of_events_are_recognised_and_not_imported(tmp_path: Path) -> None:
    path = tmp_path / "hapi.csv"
    path.write_text(
        "location_code,admin1_code,event_type,events,fatalities,reference_period_start\n"
        "#country+code,#adm1+code,#event+type,#event+num,#affected+killed,#date+start\n"
        "NAM,NA1,political_violence,3,4,2024-01-01\n",
        encoding="utf-8",
    )
    assert cd.validate(path).ok
    with pytest.raises(UsageError, match="nothing in them is a claim"):
        import_files("auto", [path], tmp_path / "out")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("country", "point", "found"),
    [
        ("625", "4.9147,29.4769", 0),  # Yei, in Sudan until 2011
        ("530", "15.33,38.93", 0),  # Asmara, in Ethiopia until 1993
        ("625", "29.4769,4.9147", 1),  # exchanged
        ("626", "15.5,32.5", 1),  # Khartoum was never in South Sudan
    ],
)
def test_a_point_in_a_state_that_left_later_is_in_its_country(
    country: str, point: str, found: int, tmp_path: Path
) -> None:
    path = tmp_path / "ged.csv"
    path.write_text(f"id,country_id,latitude,longitude,best\n141,{country},{point},1\n", encoding="utf-8")

    report = cd.validate(path, profile="ucdp-ged")

    assert sum(f.rule == "ucdp_ged.point-in-country" for f in report.findings) == found


def test_a_name_with_an_age_is_replaced_and_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [
        make_ged_row(1, deaths_a=1, source_original="Jane Doe, 34, a witness"),
        make_ged_row(2, deaths_a=1, source_original="army"),
        make_ged_row(3, deaths_a=1, source_original="a 19-year-old John Doe; police"),
        make_ged_row(4, deaths_a=1, source_original="Made-up Front, 34 of its fighters"),
    ]
    out = tmp_path / "out"

    code = _run_guarded(
        lambda: app(["import", "ucdp-ged", str(write_csv(tmp_path / "ged.csv", rows)), "--out", str(out)])
    )

    assert code == 0
    sentence = "2 notes have `[name]` in place of a person's name with an age"
    assert sentence in capsys.readouterr().out
    assert sentence in (out / "README.md").read_text(encoding="utf-8")
    described = json.loads((out / "datapackage.json").read_text(encoding="utf-8"))
    assert described["imported"]["files"][0]["hidden_names"] == 2
    notes = read_table(out, "claims")["note"].to_list()
    assert sum("[name]" in note for note in notes) == 2
    assert not [note for note in notes if "Doe" in note]
