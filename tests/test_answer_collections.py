"""Answers over the collections: the makers' numbers, the collection named in each answer, no quadratic work."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
from commands import run

import conflictdata as cd
from conflictdata import loading
from conflictdata.analysis import records
from conflictdata.loading import DATA

GAZA, UKRAINE = "gaza_moh.gaza_2023.2023-10-07", "ukraine_genstaff.ukraine_2022.2022-02-24.russia"
IN_GAZA, IN_UKRAINE = {"collection": "gaza_daily"}, {"collection": "ukraine_daily"}
LOSSES = {"outcome": "losses_unspecified", **IN_UKRAINE}
BELLIGERENT = "as claimed by a belligerent"
ANSWERS: dict[str, Callable[[], pd.DataFrame]] = {
    "timeline": lambda: cd.timeline(GAZA, **IN_GAZA),
    "children": lambda: cd.timeline(GAZA, group="children", **IN_GAZA),
    "tolls": lambda: cd.timeline(conflict="gaza_2023", **IN_GAZA),
    "losses": lambda: cd.timeline(UKRAINE, **LOSSES),
    "window": lambda: cd.window(GAZA, "2024-01-01", "2024-12-31", **IN_GAZA),
    "captured": lambda: cd.window(UKRAINE, "2022-04-01", "2022-04-30", outcome="captured", **IN_UKRAINE),
    "compare": lambda: cd.compare(place="gaza_strip", since="2023-10-07", until="2026-12-31", **IN_GAZA),
    "compare children": lambda: cd.compare(place="gaza_strip", since="2023-10-07", until="2026-12-31", group="children", **IN_GAZA),
    "compare losses": lambda: cd.compare(place="ukraine", since="2022-02-24", until="2026-12-31", **LOSSES),
    "as_of": lambda: cd.as_of("2026-12-31", **IN_GAZA),
    "rollup": lambda: cd.rollup("claim", {"relation": "total", "qualifier": "exact"}, **IN_GAZA),
    "union": lambda: cd.rollup(where={"claimant": "gaza_moh", "scope": "period", "relation": "total"}, on_overlap="union", **IN_GAZA),
    "explain": lambda: cd.rollup(where={"relation": "total"}, explain=True, **IN_GAZA),
    "refused": lambda: refuse("conflict", **IN_GAZA),
    "revisions": lambda: cd.revisions(GAZA, **IN_GAZA),
    "revised losses": lambda: cd.revisions(UKRAINE, **LOSSES),
}  # fmt: skip


def refuse(*arguments: Any, **options: Any) -> pd.DataFrame:
    with pytest.raises(cd.Refused) as refused:
        cd.rollup(*arguments, **options)
    assert refused.value.reasons[:2] == ("basis", "same-toll")
    return pd.DataFrame([{**options, "caution": "."}])


QUICK = ("children", "window", "captured", "refused")


@pytest.mark.parametrize(
    "question", [one if one in QUICK else pytest.param(one, marks=pytest.mark.slow) for one in ANSWERS]
)
def test_every_row_of_an_answer_names_the_collection_and_its_caution(question: str) -> None:
    answer = ANSWERS[question]()
    name = loading.read_package(None, answer.collection.iloc[0])["collection"]
    assert set(answer.collection) == {name}
    assert answer.caution.str.endswith(".").all()
    assert answer.caution.str.contains(BELLIGERENT).all() == (name == "ukraine_daily" and question != "refused")


@pytest.mark.slow
@pytest.mark.parametrize("question", ANSWERS)
def test_no_answer_looks_at_every_pair(question: str) -> None:
    """The limit is 0.2 s of CPU on a machine at rest. A look at every pair took 17 s."""
    ANSWERS[question]()  # loads the tables
    costs = []
    for _ in range(3):
        start = time.process_time()
        ANSWERS[question]()
        costs.append(time.process_time() - start)
    assert min(costs) < 1


def test_answers_of_the_curated_records_name_no_collection() -> None:
    answer = cd.window("sohr.syria_2024_offensive.2024-11-27", "2024-12-01", "2024-12-04")
    assert answer[["collection", "caution"]].isna().all(axis=None)
    assert cd.as_of("2024-12-04")[["collection", "caution"]].isna().all(axis=None)


def read_numbers(name: str, toll: str, outcome: str) -> dict[str, int]:
    """Return the number of each day of a toll, without our code."""
    file = DATA / f"collections/{name}/csv/casualties.csv"
    rows = duckdb.sql(f"""SELECT CAST(as_of AS VARCHAR), coalesce(best, low) FROM read_csv('{file}', sample_size = -1)
        WHERE toll_id = '{toll}' AND outcome = '{outcome}' AND current = 'yes' AND parent_id IS NULL
        AND coalesce(best, low) IS NOT NULL""").fetchall()
    assert len(rows) == len({day for day, _ in rows})
    return dict(rows)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "toll", "outcome"),
    [("gaza_daily", GAZA, "killed"), ("gaza_daily", GAZA, "injured"), ("ukraine_daily", UKRAINE, "losses_unspecified")],
)
def test_a_timeline_has_the_makers_numbers(name: str, toll: str, outcome: str) -> None:
    answer = cd.timeline(toll, outcome=outcome, collection=name).dropna(subset="n")
    assert {f"{row.as_of:%Y-%m-%d}": row.n for row in answer.itertuples()} == read_numbers(name, toll, outcome)


def test_a_window_is_the_difference_of_the_makers_numbers() -> None:
    numbers = read_numbers("gaza_daily", GAZA, "killed")
    answer = cd.window(GAZA, "2024-11-01", "2024-11-30", **IN_GAZA).iloc[0]
    before, last = (max(day for day in numbers if day <= end) for end in ("2024-10-31", "2024-11-30"))
    assert answer.best == answer.low == answer.high == numbers[last] - numbers[before] > 0


def test_about_leaves_no_bound_and_no_other_reading_is_offered() -> None:
    with pytest.raises(cd.Refused, match="no-bound") as refused:
        cd.window(UKRAINE, "2024-01-01", "2024-01-31", **LOSSES)
    assert refused.value.choices == []


def test_corrections_of_the_general_staff_are_revisions() -> None:
    steps = cd.revisions(UKRAINE, **LOSSES)
    revised = steps[steps.kind == "revision"]
    assert len(revised) == 2
    assert revised.reason.notna().all()


# --- Names and bad input


@pytest.mark.slow
def test_names_are_looked_up_in_the_collection_and_in_the_registers_that_it_shares() -> None:
    answer = cd.timeline(conflict="gaza_2023", claimant="Gaza Health Ministry", **IN_GAZA)
    assert set(answer.claimant) == {"gaza_moh"}
    answer = cd.timeline("Ministry of Health in Gaza: everybody in Gaza Strip since 2023-10-07", **IN_GAZA)
    assert set(answer.toll) == {GAZA}


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: cd.timeline(GAZA, collection="gaza_dayly"), r"no collection 'gaza_dayly'. Did you mean 'gaza_daily'\?"),
        (lambda: cd.as_of("2024-01-01", collection=""), "no collection ''. There are: gaza_daily, ukraine_daily"),
        (lambda: cd.rollup(collection=["gaza_daily"]), "write one name"),
        (lambda: cd.timeline(GAZA, data={}, **IN_GAZA), "a collection belongs to a version"),
        (lambda: cd.timeline(UKRAINE, **IN_GAZA), "in the collection gaza_daily. It has: gaza_gmo"),
        (lambda: cd.compare("2024-12-01-idlib-strikes", **IN_GAZA), "It has none at all"),
        (lambda: cd.revisions("telesur_english-2024-12-05.1", **IN_GAZA), "in the collection gaza_daily"),
        (lambda: cd.plots.timeline(GAZA, collection="gaza"), "no collection 'gaza'"),
        (lambda: cd.plots.compare("x", collection="gaza"), "no collection 'gaza'"),
    ],
)  # fmt: skip
def test_bad_input_is_a_clear_error(call: Callable[[], Any], message: str) -> None:
    with pytest.raises(cd.UsageError, match=message):
        call()


@pytest.fixture
def broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Install the data with a collection of which one table was changed."""
    folder = tmp_path / "data/collections/gaza_daily"
    folder.parent.mkdir(parents=True)
    (tmp_path / "data/datapackage.json").symlink_to(DATA / "datapackage.json")
    (tmp_path / "data/parquet").symlink_to(DATA / "parquet")
    for file in (DATA / "collections/gaza_daily").rglob("*"):
        if file.is_file() and file.suffix != ".csv":
            to = folder / file.relative_to(DATA / "collections/gaza_daily")
            to.parent.mkdir(parents=True, exist_ok=True)
            to.write_bytes(file.read_bytes() + (b"x" if file.name == "claims.parquet" else b""))
    monkeypatch.setattr(loading, "DATA", tmp_path / "data")
    loading.read_package.cache_clear()
    records._read_version.cache_clear()
    yield
    loading.read_package.cache_clear()
    records._read_version.cache_clear()


@pytest.mark.slow
@pytest.mark.usefixtures("broken")
def test_a_collection_with_a_broken_hash_gives_no_answer() -> None:
    for ask in (cd.timeline, cd.revisions, cd.plots.timeline):
        with pytest.raises(cd.UsageError, match=r"claims\.parquet is not as it was published"):
            ask(GAZA, **IN_GAZA)


# --- Pictures


@pytest.mark.parametrize(("toll", "options"), [(GAZA, IN_GAZA), (UKRAINE, LOSSES)])
def test_a_picture_names_the_collection(toll: str, options: dict[str, str]) -> None:
    picture = cd.plots.timeline(toll, **options)
    drawn = json.dumps(picture.spec)
    name = options["collection"]
    assert f"Collection {name}: " in picture.description
    assert f"--collection {name}" in drawn
    assert ("--outcome losses_unspecified" in drawn) == (toll == UKRAINE)
    assert (BELLIGERENT in picture.description) == (BELLIGERENT in drawn) == (toll == UKRAINE)
    assert loading.read_package(None, name)["licenses"][0]["name"] in drawn
    assert set(picture.table.collection) == {name}


def test_rival_claims_of_a_collection_name_it() -> None:
    picture = cd.plots.compare(place="gaza_strip", since="2023-10-07", until="2023-12-31", **IN_GAZA)
    assert "Collection gaza_daily: " in picture.description
    assert "--until 2023-12-31 --collection gaza_daily --cite" in json.dumps(picture.spec)


def test_many_days_have_marks_at_their_labels_alone() -> None:
    (layers,) = [
        block["layer"] for block in cd.plots.timeline(GAZA, **IN_GAZA).spec["vconcat"] if block.get("height") == 360
    ]
    line, *others = layers
    assert len(line["data"]["values"]) > 900
    assert [len(layer["data"]["values"]) for layer in others if layer["mark"]["type"] == "point"] == [4]


# --- The command line


def test_a_command_names_the_collection_and_cites_its_makers() -> None:
    done = run("ask", "timeline", "--toll", UKRAINE, "--outcome", "captured", "--collection", "ukraine_daily", "--cite")
    assert done.returncode == 0
    assert "[collection ukraine_daily]" in done.stdout.splitlines()[0]
    assert "are as claimed by a belligerent" in done.stdout
    assert "conflictdata collection ukraine_daily" in done.stdout
    assert max(map(len, done.stdout.splitlines())) < 400  # not the ids of all days
    done = run(
        "ask",
        "timeline",
        "--toll",
        UKRAINE,
        "--outcome",
        "captured",
        "--collection",
        "ukraine_daily",
        "--format",
        "json",
    )
    assert {row["collection"] for row in json.loads(done.stdout)} == {"ukraine_daily"}
    assert "are as claimed by a belligerent" in done.stderr


@pytest.mark.slow
def test_a_refusal_and_an_empty_answer_name_the_collection() -> None:
    done = run("ask", "rollup", "--by", "conflict", "--collection", "gaza_daily")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("refused (collection gaza_daily): ")
    done = run("ask", "timeline", "--toll", UKRAINE, "--collection", "ukraine_daily")
    assert done.returncode == 1
    assert "The collection has: losses_unspecified (persons: 1,626 numbers), captured" in done.stdout
    done = run("ask", "as-of", "2024-12-05", "--collection", "gaza_daily")
    assert "--known cut_off" in done.stdout
    assert run("ask", "as-of", "2024-12-05", "--collection", "gaza_daily", "--known", "cut_off").returncode == 0
    done = run("ask", "timeline", "--toll", GAZA, "--collection", "gaza_dayly")
    assert (done.returncode, "Did you mean 'gaza_daily'" in done.stderr) == (2, True)


@pytest.mark.slow
def test_a_picture_by_command(tmp_path: Path) -> None:
    out = tmp_path / "losses.svg"
    options = ("--outcome", "losses_unspecified", "--collection", "ukraine_daily", "--out", out)
    assert run("plot", "timeline", "--toll", UKRAINE, *options).returncode == 0
    assert BELLIGERENT in out.read_text("utf-8")
    assert run("plot", "timeline", "--toll", UKRAINE, *options, "--collection", "nowhere").returncode == 2
