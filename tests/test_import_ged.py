"""UCDP GED to claims: expectations by hand, on made-up rows."""

import datetime as dt
import json
import subprocess
import sys

import duckdb
import pandas as pd
import polars as pl
import pytest
from import_results import find_row, find_rows, make_ged_row, read_table, read_tree, run_import, write_csv

import conflictdata as cd
from conflictdata.seeds.quantity import format_quantity

ROWS = (
    make_ged_row(1, deaths_a=1, deaths_b=2),
    make_ged_row(2, deaths_a=1, deaths_b=2, deaths_unknown=2, low=4, high=7, date_start="2020-03-02", date_end="2020-03-08", date_prec=3),
    make_ged_row(3, deaths_b=3, low=4, high=3, date_start="2020-03-03", date_end="2020-03-03"),
    make_ged_row(
        4, type_of_violence=3, side_b="Civilians", side_b_new_id="9999", deaths_civilians=5, where_prec=4, where_coordinates="North",
        date_start="2020-03-04", date_end="2020-03-04",
    ),
)  # fmt: skip
PAGE = "ucdp-2020-03-08"


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ged")
    run_import("ucdp-ged", folder / "out", write_csv(folder / "ged.csv", ROWS))
    return folder / "out"


@pytest.mark.slow
def test_a_row_is_one_claim_by_ucdp_about_one_event(out):
    claim = find_row(out, "claims", claim_id=f"{PAGE}.1")
    assert (claim["claimant_id"], claim["scope"]) == ("ucdp", "event")
    assert find_row(out, "claim_events", claim_id=f"{PAGE}.1")["event_id"] == "2020-03-01-ucdp-1"
    assert (claim["as_of"], claim["status"], claim["conflict_id"]) == (dt.date(2020, 3, 8), "active", "ucdp_77")
    assert claim["note"] == "UCDP's sources: Some Paper; their informants: army."
    assert read_table(out, "claims").height == 4


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (1, {"killed": ("exact", 3, 3, 3), "killed.side_a": ("exact", 1, 1, 1), "killed.side_b": ("exact", 2, 2, 2),
             "killed.civilians": ("exact", 0, 0, 0), "killed.unknown": ("exact", 0, 0, 0)}),
        (2, {"killed": ("range", 4, 5, 7), "killed.side_a": ("exact", 1, 1, 1), "killed.side_b": ("exact", 2, 2, 2),
             "killed.civilians": ("exact", 0, 0, 0), "killed.unknown": ("exact", 2, 2, 2)}),
        (3, {"killed": ("range", 4, 3, 3), "killed.side_a": ("exact", 0, 0, 0), "killed.side_b": ("exact", 3, 3, 3),
             "killed.civilians": ("exact", 0, 0, 0), "killed.unknown": ("exact", 0, 0, 0)}),
        (4, {"killed": ("exact", 5, 5, 5), "killed.side_a": ("exact", 0, 0, 0),
             "killed.civilians": ("exact", 5, 5, 5), "killed.unknown": ("exact", 0, 0, 0)}),
    ],
    ids=["one number", "bounds", "bounds as printed, out of order", "one-sided"],
)  # fmt: skip
def test_the_dead_as_printed(out, number, expected):
    assert read_tree(out, f"{PAGE}.{number}") == expected


def test_whose_people_the_parts_are(out):
    found = {
        f["figure_id"].rpartition(".")[2]: (f["relation"], f["axis"], f["actor_id"], f["person_status"])
        for f in find_rows(out, "figures", claim_id=f"{PAGE}.1")
    }
    assert found == {
        "killed": ("total", None, None, None), "side_a": ("part", "party", "ucdp_11", None),
        "side_b": ("part", "party", "ucdp_12", None), "civilians": ("part", "party", None, "civilian"),
        "unknown": ("part", "party", None, "unknown"),
    }  # fmt: skip


def test_actors_conflict_and_place_are_registered_once(out):
    actors = {r["actor_id"]: (r["name"], r["kind"], r["ucdp_id"]) for r in find_rows(out, "actors")}
    assert actors == {
        "ucdp": ("Uppsala Conflict Data Program", "monitor", None), "ucdp_11": ("Government of Sampleland", "state", "11"),
        "ucdp_12": ("Made-up Front", "armed_group", "12"),
    }  # fmt: skip
    (conflict,) = find_rows(out, "conflicts")
    assert (conflict["conflict_id"], conflict["date_start"], conflict["countries"]) == (
        "ucdp_77",
        dt.date(2020, 3, 1),
        "SYR",
    )
    places = {(r["name"], r["kind"], r["precision"], r["country"]) for r in find_rows(out, "locations")}
    assert places == {("Sometown", "settlement", "1", "SYR"), ("North", "admin1", "4", "SYR")}


def test_only_one_sided_violence_has_a_perpetrator(out):
    cast = {(r["event_id"][-1], r["actor_id"], r["role"]) for r in find_rows(out, "event_actors")}
    assert {c for c in cast if c[0] == "1"} == {("1", "ucdp_11", "party"), ("1", "ucdp_12", "party")}
    assert {c for c in cast if c[0] == "4"} == {("4", "ucdp_11", "initiator")}
    assert find_rows(out, "claim_perpetrators") == [{"claim_id": f"{PAGE}.4", "actor_id": "ucdp_11"}]
    assert find_row(out, "events", event_id="2020-03-04-ucdp-4")["event_type"] == "attack_on_civilians"


def test_the_crosswalk_leads_from_ucdps_id_to_event_and_claim(out):
    assert {r["entity_id"] for r in find_rows(out, "crosswalk", scheme="ucdp_ged", external_id="2")} == {
        "2020-03-02-ucdp-2", f"{PAGE}.2",
    }  # fmt: skip


def test_licence_and_citation_are_carried_along(out):
    package = json.loads((out / "datapackage.json").read_text(encoding="utf-8"))
    assert package["licenses"][0]["name"] == "CC-BY-4.0"
    assert "Sundberg" in package["imported"]["citation"]
    readme = (out / "README.md").read_text(encoding="utf-8")
    assert "Sundberg" in readme
    assert "source_headline" in readme  # left out, with the reason
    assert find_row(out, "sources", source_id=PAGE)["licence"] == "CC BY 4.0"
    assert "Some headline" not in "".join(p.read_text(encoding="utf-8") for p in (out / "csv").glob("*.csv"))


def test_the_package_is_clean_to_validate_and_to_frictionless(out):
    report = cd.validate(out)
    assert report.ok
    assert {(f.rule, f.severity) for f in report.findings} == {("figures.bounds-in-order", "warning")}
    command = [sys.executable, "-m", "frictionless", "validate", "datapackage.json"]
    found = subprocess.run(command, cwd=out, capture_output=True, text=True, timeout=120, check=False)
    assert found.returncode == 0, found.stdout


def test_pandas_polars_and_duckdb_read_one_table(out):
    by_pandas = pd.read_parquet(out / "parquet" / "casualties.parquet")
    totals = by_pandas[by_pandas.relation == "total"]
    query = f"SELECT sum(best) FROM '{out / 'csv' / 'casualties.csv'}' WHERE relation = 'total'"
    assert totals.best.sum() == 16 == duckdb.sql(query).fetchall()[0][0]
    assert read_table(out, "casualties").filter(pl.col("relation") == "total")["best"].sum() == 16
    assert set(totals.period_start.astype(str)) == {"2020-03-01", "2020-03-02", "2020-03-03", "2020-03-04"}


@pytest.mark.slow
def test_the_day_of_the_release_can_be_given(tmp_path):
    file = write_csv(tmp_path / "ged.csv", ROWS)
    run_import("ucdp-ged", tmp_path / "out", file, released=dt.date(2021, 6, 1))
    page = find_row(tmp_path / "out", "sources")
    assert (page["source_id"], page["published_basis"]) == ("ucdp-2021-06-01", "page")
    assert find_row(tmp_path / "out", "claims", claim_id="ucdp-2021-06-01.1")["as_of_precision"] == "day"


@pytest.mark.slow
def test_a_file_without_ids_and_bounds_gets_ids_from_names(tmp_path):
    few = ("id", "type_of_violence", "side_a", "side_b", "country", "date_start", "date_end", "best")
    file = write_csv(tmp_path / "ged.csv", [{c: r[c] for c in few} for r in ROWS[:1]])
    run_import("ucdp-ged", tmp_path / "out", file)
    assert {r["actor_id"] for r in find_rows(tmp_path / "out", "actors")} == {
        "ucdp",
        "ucdp_government_of_sampleland",
        "ucdp_made_up_front",
    }
    assert read_tree(tmp_path / "out", "ucdp-2020-03-01.1") == {"killed": ("exact", 3, 3, 3)}


def test_the_same_rule_stays_an_error_for_our_own_records(out, tmp_path):
    """The same tables without the mark of another dataset."""
    copied = [tmp_path / f"{name}.csv" for name in ("figures", "claims", "events", "actors")]
    for file in copied:
        file.write_bytes((out / "csv" / file.name).read_bytes())
    found = {(f.rule, f.severity) for f in cd.validate(*copied).findings if f.table == "figures"}
    assert ("figures.bounds-in-order", "error") in found
    assert ("figures.qualifier-fits-bounds", "error") in found


def test_a_range_with_an_estimate_in_words():
    assert format_quantity("range", 4, 5, 7) == "4 to 7 (best estimate 5)"
    assert format_quantity("range", 4, None, 7) == "4 to 7"
