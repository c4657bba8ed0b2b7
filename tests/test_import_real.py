"""The real files of other datasets, if available.

Exact counts, sums by a third-party reader, time.
"""

import json
import subprocess
import sys

import duckdb
import polars as pl
import pytest
from feed_files import REAL, needs_real
from import_results import read_table, run_import

import conflictdata as cd
from conflictdata.rules.notes import hide_names

pytestmark = needs_real

SYRIA = REAL / "ucdp_ged" / "ged_syria.csv"
GAZA = REAL / "tfp" / "casualties_daily.json"
PERSONNEL = REAL / "ukraine" / "russia_losses_personnel.json"
CORRECTIONS = REAL / "ukraine" / "russia_losses_equipment_correction.json"
RADFORD = REAL / "radford" / "replication-data-pnas.csv"


def add_totals(out, **cells):
    frame = read_table(out, "casualties").filter(pl.col("relation") == "total")
    for column, value in cells.items():
        frame = frame.filter(pl.col(column) == value)
    return frame


def check_clean(out, *expected):
    """Check that the package passes our rules, with warnings of these rules only."""
    report = cd.validate(out)
    assert [f.message for f in report.errors] == []
    assert {f.rule for f in report.findings} == set(expected)


@pytest.mark.slow
def test_ukraine_is_one_claim_a_day_and_two_corrections(tmp_path):
    out = tmp_path / "out"
    run_import("ukraine", out, PERSONNEL, CORRECTIONS)
    claims, days = read_table(out, "claims"), json.loads(PERSONNEL.read_text(encoding="utf-8"))
    assert claims.height == len(days) == 1626
    assert claims["supersedes"].drop_nulls().len() == 2
    assert set(claims.filter(pl.col("supersedes").is_not_null())["as_of"].cast(pl.String)) == {
        "2025-02-28",
        "2025-04-22",
    }
    losses = add_totals(out, outcome="losses_unspecified")
    assert dict(losses["qualifier"].value_counts().iter_rows()) == {"about": 1620, "more_than": 6}
    assert losses.select(pl.coalesce("best", "low").sum()).item() == sum(day["personnel"] for day in days)
    assert add_totals(out, outcome="captured").height == 62
    check_clean(out)


@pytest.mark.slow
def test_gaza_is_what_was_reported_and_nothing_else(tmp_path):
    out = tmp_path / "out"
    run_import("palestine", out, GAZA)
    days = json.loads(GAZA.read_text(encoding="utf-8"))
    columns_by_word = {":so_far": ("killed_cum", "injured_cum", "press_killed_cum", "med_killed_cum", "civdef_killed_cum", "killed_children_cum",
                        "killed_women_cum", "aid_seeker_killed_cum", "aid_seeker_injured_cum"),
            ":of_hunger_so_far": ("famine_cum", "child_famine_cum"),
            ":of_the_day": ("killed", "injured", "killed_recovered", "killed_succumbed", "killed_committee", "killed_truce_new")}  # fmt: skip
    expected = {word: sum(any(c in day for c in columns) for day in days) for word, columns in columns_by_word.items()}
    keys = read_table(out, "crosswalk")["external_id"]
    assert {word: int(keys.str.ends_with(word).sum()) for word in columns_by_word} == expected
    assert read_table(out, "claims").height == sum(expected.values()) == 2379
    columns = [c for names in columns_by_word.values() for c in names]
    exact_figures = read_table(out, "figures").filter(pl.col("qualifier") == "exact")
    assert exact_figures.height == sum(c in day for day in days for c in columns)
    assert exact_figures["best"].sum() == sum(day.get(c, 0) for day in days for c in columns)
    by_day = add_totals(out, basis="recorded", outcome="killed")
    assert (by_day.height, by_day["best"].sum()) == (1013, sum(day.get("killed", 0) for day in days))
    assert {r["claimant_id"] for r in by_day.to_dicts()} == {"gaza_moh", "gaza_gmo", "unspecified"}
    of_hunger = read_table(out, "casualties").filter((pl.col("cause") == "indirect") & (pl.col("relation") == "total"))
    assert (of_hunger["population"].unique().to_list(), of_hunger["toll_id"].null_count()) == (
        ["singled_out"],
        of_hunger.height,
    )
    check_clean(out, "figures.round-number-exact")


@pytest.mark.slow
def test_radford_is_its_rows_of_people_each_once(tmp_path):
    out = tmp_path / "out"
    done = run_import("radford", out, RADFORD)
    read = pl.read_csv(RADFORD, infer_schema=False)
    people = read.filter(pl.col("loss_type").str.contains("Deaths|Injuries|Casualties")).unique()
    assert (read_table(out, "claims").height, done.rejected_count) == (people.height, 252) == (845, 252)
    found = add_totals(out)
    expected = people["loss_count"].cast(pl.Float64).cast(pl.Int64).sum()
    assert found.select(pl.coalesce("best", "low", "high").sum()).item() == expected
    assert dict(found["qualifier"].value_counts().iter_rows()) == {
        "exact": people.filter((pl.col("minimum") == "0") & (pl.col("maximum") == "0")).height,
        "at_least": people.filter(pl.col("minimum") == "1").height, "up_to": people.filter(pl.col("maximum") == "1").height,
    }  # fmt: skip


@pytest.mark.parametrize(("name", "rows"), [("ged_myanmar", 7374), ("ged_sample1000", 1000)])
@pytest.mark.slow
def test_other_parts_of_ged(name, rows, tmp_path):
    file, out = REAL / "ucdp_ged" / f"{name}.csv", tmp_path / "out"
    run_import("auto", out, file)
    read = pl.read_csv(file, infer_schema=False)
    assert read_table(out, "claims").height == read.height == rows
    assert add_totals(out)["best"].sum() == read["best"].cast(pl.Int64).sum()
    notes = read_table(out, "claims")["note"].drop_nulls().to_list()
    assert sum("[name]" in note for note in notes) == 1
    assert all(note == hide_names(note) for note in notes)


@pytest.mark.hand
@pytest.mark.slow
def test_syria_to_the_last_number(tmp_path):
    out = tmp_path / "out"
    run_import("ucdp-ged", out, SYRIA)
    query = f"SELECT count(*), sum(low), sum(best), sum(high), sum(deaths_civilians) FROM read_csv('{SYRIA}')"
    rows, low, best, high, civilians = duckdb.sql(query).fetchall()[0]
    found = add_totals(out)
    assert found.height == read_table(out, "claims").height == read_table(out, "events").height == rows == 16566
    assert [found[c].sum() for c in ("low", "best", "high")] == [low, best, high]
    parts = read_table(out, "casualties").filter(
        (pl.col("relation") == "part") & (pl.col("person_status") == "civilian")
    )
    assert parts["best"].sum() == civilians
    assert found.filter(pl.col("qualifier") == "range").height == rows - 14518
    check_clean(out, "figures.bounds-in-order", "events.possible-duplicate")
    command = [sys.executable, "-m", "frictionless", "validate", "datapackage.json"]
    assert subprocess.run(command, cwd=out, capture_output=True, timeout=600, check=False).returncode == 0
