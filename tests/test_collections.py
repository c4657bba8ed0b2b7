"""The collections of the data: equal to their makers' tables, licensed, and named wherever they are used."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from commands import run
from feed_files import REAL, needs_real

import conflictdata as cd
from conflictdata import loading
from conflictdata.loading import DATA

ROOT = Path(__file__).parents[1]
NAMES = ("gaza_daily", "ukraine_daily")
# By makers' table and column: the word of the claim's key, and the end of the figure's id.
CARRIED = {
    ("palestine_gaza", "killed_cum"): (":so_far", "killed"),
    ("palestine_gaza", "injured_cum"): (":so_far", "injured"),
    ("palestine_gaza", "killed_children_cum"): (":so_far", "killed.children"),
    ("palestine_gaza", "killed_women_cum"): (":so_far", "killed.women"),
    ("palestine_gaza", "med_killed_cum"): (":so_far", "killed.health_workers"),
    ("palestine_gaza", "press_killed_cum"): (":so_far", "killed.journalists"),
    ("palestine_gaza", "civdef_killed_cum"): (":so_far", "killed.rescuers"),
    ("palestine_gaza", "aid_seeker_killed_cum"): (":so_far", "killed.aid_seekers"),
    ("palestine_gaza", "aid_seeker_injured_cum"): (":so_far", "injured.aid_seekers"),
    ("palestine_gaza", "famine_cum"): (":of_hunger_so_far", "killed"),
    ("palestine_gaza", "child_famine_cum"): (":of_hunger_so_far", "killed.children"),
    ("palestine_gaza", "killed"): (":of_the_day", "killed"),
    ("palestine_gaza", "injured"): (":of_the_day", "injured"),
    ("palestine_gaza", "killed_recovered"): (":of_the_day", "killed.recovered"),
    ("palestine_gaza", "killed_succumbed"): (":of_the_day", "killed.succumbed"),
    ("palestine_gaza", "killed_committee"): (":of_the_day", "killed.approved"),
    ("palestine_gaza", "killed_truce_new"): (":of_the_day", "killed.in_truce"),
    ("ukraine_personnel", "personnel"): (":so_far", "losses_unspecified"),
    ("ukraine_personnel", "POW"): (":so_far", "captured"),
}
FILES = {
    "palestine_gaza": ("tfp/casualties_daily.json", "report_date"),
    "ukraine_personnel": ("ukraine/russia_losses_personnel.json", "date"),
}
CORRECTIONS = "ukraine/russia_losses_equipment_correction.json"


def choose_collection(table: str) -> str:
    return "gaza_daily" if table == "palestine_gaza" else "ukraine_daily"


def select_numbers(table: str, column: str) -> str:
    """Return a query for the numbers of a makers' column in our Parquet files, as `day` and `n`."""
    word, path = CARRIED[table, column]
    folder = f"{DATA}/collections/{choose_collection(table)}/parquet"
    return f"""
        SELECT split_part(x.external_id, ':', 1) AS day, coalesce(f.best, f.low) AS n
        FROM '{folder}/figures.parquet' f JOIN '{folder}/crosswalk.parquet' x ON f.claim_id = x.entity_id
        WHERE x.scheme = '{table}' AND ends_with(x.external_id, '{word}') AND f.qualifier <> 'unstated'
          AND substr(f.figure_id, length(f.claim_id) + 2) = '{path}'"""


def read_columns(name: str) -> dict[tuple[str, str], dict[str, Any]]:
    manifest = json.loads((ROOT / f"seeds/collections/{name}/records.json").read_text(encoding="utf-8"))
    return {(c["table"], c["column"]): c for c in manifest["columns"]}


# --- The makers' tables


@pytest.mark.parametrize("name", NAMES)
def test_every_carried_column_has_the_sum_that_was_measured_in_the_makers_table(name: str) -> None:
    columns = read_columns(name)
    carried = {key for key, column in columns.items() if column["carried"]} - {("ukraine_correction", "personnel")}
    assert carried == {key for key in CARRIED if choose_collection(key[0]) == name}
    for table, column in carried:
        filled, total = duckdb.sql(f"SELECT count(n), sum(n) FROM ({select_numbers(table, column)})").fetchall()[0]
        assert (filled, total) == (columns[table, column]["filled"], columns[table, column]["sum"]), column


@pytest.mark.parametrize("name", NAMES)
def test_columns_that_are_not_carried_count_no_people_or_are_nobodys_claim(name: str) -> None:
    left_out = {column for (table, column), item in read_columns(name).items() if not item["carried"]}
    gaza = {c for c in left_out if c.startswith("ext_")} | {"massacres_cum", "report_period"}
    equipment = {
        "day", "aircraft", "helicopter", "tank", "APC", "field artillery", "MRL", "drone", "naval ship", "submarines",
        "anti-aircraft warfare", "special equipment", "vehicles and fuel tanks", "cruise missiles",
    }  # fmt: skip
    assert left_out <= (gaza if name == "gaza_daily" else equipment)


@needs_real
@pytest.mark.parametrize(("table", "column"), CARRIED)
def test_every_day_has_the_makers_number(table: str, column: str) -> None:
    file, day = FILES[table]
    theirs = f"""SELECT CAST("{day}" AS VARCHAR) AS day, CAST("{column}" AS BIGINT) AS n
        FROM read_json('{REAL / file}', sample_size = -1) WHERE "{column}" IS NOT NULL"""
    ours = select_numbers(table, column)
    for one, other in ((theirs, ours), (ours, theirs)):
        assert duckdb.sql(f"({one}) EXCEPT ALL ({other})").fetchall() == []
    assert (
        duckdb.sql(f"SELECT sum(n) FROM ({ours})").fetchall() == duckdb.sql(f"SELECT sum(n) FROM ({theirs})").fetchall()
    )


@needs_real
def test_the_words_and_the_corrections_of_the_general_staff_are_carried() -> None:
    folder = f"{DATA}/collections/ukraine_daily/parquet"
    words = f"""SELECT "personnel*", count(*) FROM read_json('{REAL / FILES["ukraine_personnel"][0]}', sample_size = -1) GROUP BY 1"""
    ours = f"SELECT qualifier, count(*) FROM '{folder}/figures.parquet' WHERE outcome = 'losses_unspecified' GROUP BY 1"
    assert dict(duckdb.sql(ours).fetchall()) == {
        {"about": "about", "more": "more_than"}[word]: count for word, count in duckdb.sql(words).fetchall()
    }
    corrected = f"SELECT CAST(date AS VARCHAR), personnel FROM read_json('{REAL / CORRECTIONS}') WHERE personnel <> 0"
    reasons = f"""SELECT CAST(as_of AS VARCHAR), CAST(regexp_extract(revision_reason, 'by ([+-][0-9]+)', 1) AS BIGINT)
        FROM '{folder}/claims.parquet' WHERE supersedes IS NOT NULL"""
    assert sorted(duckdb.sql(reasons).fetchall()) == sorted(duckdb.sql(corrected).fetchall())


def test_a_toll_has_one_number_per_day_and_deaths_of_hunger_are_no_point_of_it() -> None:
    toll = cd.load(collection="gaza_daily", engine="polars").filter(pl.col("toll_id").is_not_null())
    assert set(toll["toll_id"]) == {f"{who}.gaza_2023.2023-10-07" for who in ("gaza_moh", "gaza_gmo")}
    assert toll.select(pl.struct("toll_id", "outcome", "as_of").is_duplicated().any()).item() is False
    assert toll["cause"].null_count() == toll.height
    rises = toll.filter(pl.col("outcome") == "killed").sort("as_of")
    assert all(part["best"].drop_nulls().is_sorted() for part in rises.partition_by("toll_id"))


# --- The packages


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_collection_is_clean_and_each_warning_is_explained(name: str) -> None:
    report = cd.validate(DATA / "collections" / name)
    assert report.findings == []
    flags = cd.load("flags", collection=name)
    assert len(flags) == len(report.waived) == {"gaza_daily": 93, "ukraine_daily": 0}[name]
    assert flags["reason"].notna().all()


@pytest.mark.parametrize(("name", "spdx"), [("gaza_daily", "Unlicense"), ("ukraine_daily", "MIT")])
def test_package_and_resources_name_the_licence_of_the_makers(name: str, spdx: str) -> None:
    package = json.loads((DATA / f"collections/{name}/datapackage.json").read_text(encoding="utf-8"))
    assert {item["licenses"][0]["name"] for item in (package, *package["resources"])} == {spdx}
    assert (package["collection"], package["version"]) == (name, loading.read_package()["version"])
    assert package["imported"]["files"][0]["sha256"]
    assert package["imported"]["origin"].startswith("https://github.com/")
    licence = (DATA / f"collections/{name}/LICENSE.txt").read_text(encoding="utf-8")
    assert licence == (ROOT / f"seeds/collections/{name}/LICENSE.txt").read_text(encoding="utf-8")
    assert ("Copyright (c) 2022" in licence) == (spdx == "MIT")


def test_the_wheel_names_the_licences_and_carries_their_texts() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["license"].split(" AND ") == ["MIT", "CC-BY-4.0", "Unlicense"]
    named = {path for pattern in project["license-files"] for path in ROOT.glob(pattern)}
    assert {ROOT / f"seeds/collections/{name}/LICENSE.txt" for name in NAMES} <= named
    curated = json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))
    assert {r["licenses"][0]["name"] for r in curated["resources"]} == {"CC-BY-4.0"}


def test_title_and_readme_say_that_a_belligerent_claims_the_losses() -> None:
    package = loading.read_package(None, "ukraine_daily")
    readme = (DATA / "collections/ukraine_daily/README.md").read_text(encoding="utf-8")
    for text in (package["title"], package["description"], readme.splitlines()[2], readme.splitlines()[4]):
        assert "as claimed by a belligerent" in text
    assert "as claimed by a belligerent" in (DATA / "README.md").read_text(encoding="utf-8")


# --- Loading


def test_the_tables_of_a_collection_load_like_the_others() -> None:
    assert cd.collections() == list(NAMES)
    assert cd.tables(collection="gaza_daily") == cd.tables()
    claims = cd.load("claims", collection="ukraine_daily", columns=["claim_id", "claimant_id"])
    assert set(claims["claimant_id"]) == {"ukraine_genstaff"}
    assert len(claims) == 1626
    assert len(cd.load(collection="ukraine_daily", current=True)) < len(cd.load(collection="ukraine_daily"))
    assert cd.describe("claims", collection="gaza_daily").rows == 2379
    assert cd.path("claims", "csv", collection="gaza_daily").parts[-4:] == (
        "collections",
        "gaza_daily",
        "csv",
        "claims.csv",
    )
    assert not set(cd.load("claims")["claim_id"]) & set(cd.load("claims", collection="gaza_daily")["claim_id"])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: cd.load(collection="gaza_dayly"), r"no collection 'gaza_dayly'. Did you mean 'gaza_daily'\?"),
        (lambda: cd.load("claim", collection="gaza_daily"), r"no table 'claim'. Did you mean 'claims'\?"),
        (lambda: cd.load("claims", collection="gaza_daily", columns=["as_off"]), "no column 'as_off'"),
        (lambda: cd.cite(collection="gaza_daily", subset=["telesur_english-2024-12-05.1"]), "ids are keys within it"),
        (lambda: cd.cite(subset=["tech_for_palestine-2026-08-22.4000"]), "no claim 'tech_for_palestine"),
    ],
)
def test_a_wrong_name_is_refused(call: Any, message: str) -> None:
    with pytest.raises(cd.UsageError, match=message):
        call()


def test_a_citation_names_makers_and_collection() -> None:
    claim = cd.load("claims", collection="gaza_daily")["claim_id"][0]
    text = cd.cite("apa", collection="gaza_daily", subset=[claim])
    assert text.startswith("Tech for Palestine. (")
    assert "conflictdata collection gaza_daily" in text
    assert claim in text


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a copy of a collection that is installed as the data's, for a test to break."""
    folder = tmp_path / "data"
    for name in ("datapackage.json", "collections/ukraine_daily"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).symlink_to(DATA / name) if name.endswith("json") else _copy(DATA / name, folder / name)
    monkeypatch.setattr(loading, "DATA", folder)
    loading.read_package.cache_clear()
    yield folder / "collections/ukraine_daily"
    loading.read_package.cache_clear()


def _copy(source: Path, to: Path) -> None:
    for file in (p for p in source.rglob("*") if p.is_file() and p.suffix != ".csv"):
        (to / file.relative_to(source)).parent.mkdir(parents=True, exist_ok=True)
        (to / file.relative_to(source)).write_bytes(file.read_bytes())


def test_a_changed_table_of_a_collection_is_not_loaded(copied: Path) -> None:
    with (copied / "parquet/claims.parquet").open("ab") as file:
        file.write(b"x")
    with pytest.raises(cd.UsageError, match=r"claims\.parquet is not as it was published: its hash is sha256:"):
        cd.load("claims", collection="ukraine_daily")
    assert len(cd.load("figures", collection="ukraine_daily")) == 1688


def test_a_changed_descriptor_of_a_collection_is_not_believed(copied: Path) -> None:
    file = copied / "datapackage.json"
    file.write_text(file.read_text(encoding="utf-8").replace('"MIT"', '"CC0-1.0"'), encoding="utf-8")
    with pytest.raises(cd.UsageError, match=r"datapackage\.json is not as it was published"):
        cd.tables(collection="ukraine_daily")


def test_a_collection_without_its_licence_is_not_loaded(copied: Path) -> None:
    (copied / "LICENSE.txt").unlink()
    with pytest.raises(cd.UsageError, match="ukraine_daily has no licence, and is not loaded"):
        cd.load("claims", collection="ukraine_daily")


# --- The command line


def test_list_and_show_name_the_collection() -> None:
    listed = run("list")
    assert all(name in listed.stdout for name in NAMES)
    one = run("list", "--collection", "ukraine_daily")
    assert "as claimed by a belligerent" in one.stdout
    shown = run("show", "claims", "--collection", "ukraine_daily", "-n", "2", "--columns", "claim_id,as_of")
    assert "2 of 1,626 rows of the collection ukraine_daily" in shown.stdout
    assert "as claimed by a belligerent" in shown.stdout
    assert run("show", "claims", "--collection", "nowhere").returncode == 2


@pytest.mark.slow
def test_an_export_holds_the_collection_and_says_its_caution(tmp_path: Path) -> None:
    done = run("export", "sqlite", "--collection", "ukraine_daily", "--to", str(tmp_path / "x.sqlite"))
    assert done.returncode == 0, done.stderr
    assert "as claimed by a belligerent" in done.stderr
    import sqlite3

    with sqlite3.connect(tmp_path / "x.sqlite") as database:
        assert database.execute("SELECT count(*) FROM claims").fetchone() == (1626,)
