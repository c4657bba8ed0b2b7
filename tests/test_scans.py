"""A scan of one of our tables is never reported as a complete check.

Skipped rules are an error that names them.
"""

from __future__ import annotations

import gzip
import json
import random
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import polars as pl
import pyarrow as pa
import pytest
from commands import run
from depth import count_examples
from report_readers import read_sarif

import conflictdata as cd
from conflictdata.findings import Report, Tally
from conflictdata.loading import DATA
from conflictdata.reporters import FORMS
from conflictdata.rules.file_rules import PROBLEMS
from conflictdata.schema.columns import list_tables
from conflictdata.validation.incomplete import RULE
from conflictdata.validation.plan import make_plan
from conflictdata.validation.scan import EMBEDDED, api
from conflictdata.validation.scan.run import check_table

FIGURE = "telesur_english-2024-12-05.1.killed.hts"
HERE = Path(__file__).parent / "data" / "feeds"


def change_figures(folder: Path) -> Path:
    """Return the published figures with 317 for 371, so that the parts do not add up."""
    lines = (DATA / "csv" / "figures.csv").read_text(encoding="utf-8").split("\n")
    (at,) = (n for n, line in enumerate(lines) if line.startswith(f"{FIGURE},"))
    assert lines[at].endswith(",371,371,371,")
    lines[at] = lines[at].replace("371,371,371", "317,317,317")
    path = folder / "figures.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def list_named_rules(report: Report) -> list[str]:
    """Return the skipped rules that a report names."""
    return [rule for f in report.findings if f.rule == RULE for rule in f.message.partition(": ")[2].split(", ")]


def pack(path: Path, ending: str) -> Path:
    data = path.read_bytes()
    target = path.with_name(path.name + ending)
    target.write_bytes(gzip.compress(data) if ending == ".gz" else pa.compress(data, "zstd", asbytes=True))
    path.unlink()
    return target


def split_in_parts(path: Path) -> Path:
    """Return the figures in two folders whose names give a column."""
    frame = pl.read_csv(path, infer_schema=False)
    for (outcome,), rows in frame.group_by("outcome"):
        folder = path.parent / "parts" / f"outcome={outcome}"
        folder.mkdir(parents=True)
        rows.drop("outcome").write_csv(folder / "figures.csv")
    return path.parent / "parts"


WAYS: dict[str, tuple[Callable[[Path], Path], list[str]]] = {
    "packed": (lambda path: pack(path, ".gz"), []),
    "packed otherwise": (lambda path: pack(path, ".zst"), []),
    "by a pattern": (lambda path: path.with_name("fig*.csv"), []),
    "in parts": (split_in_parts, []),
    "in little memory": (lambda path: path, ["--memory", "2GB"]),
    "on DuckDB": (lambda path: path, ["--engine", "duckdb"]),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_changed_number_that_a_scan_does_not_see_is_never_clean(way: str, tmp_path: Path) -> None:
    path = change_figures(tmp_path)
    broken = {f.rule for f in cd.validate(path).errors if f.record == "telesur_english-2024-12-05.1.killed"}
    place, options = WAYS[way]

    done = run("validate", place(path), *options)

    assert broken == {"figures.parts-cover-parent"}
    assert done.returncode == 1
    assert f"error[{RULE}] 19 rules of figures were not asked" in done.stdout
    assert "figures.parts-cover-parent" in done.stdout
    assert f"hint: {PROBLEMS[RULE].hint}" in done.stdout
    assert "clean" not in done.stdout
    assert "1 error, " in done.stdout.splitlines()[-1]


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_the_report_names_the_rules(form: str, tmp_path: Path) -> None:
    path = pack(change_figures(tmp_path), ".gz")

    done = run("validate", path, "--format", form)

    assert done.returncode == 1
    assert RULE in done.stdout
    text = "".join(ET.fromstring(done.stdout).itertext()) if form == "junit" else done.stdout
    for rule in make_plan("figures").skipped_rules:
        assert rule in text, rule
    if form == "json":
        assert json.loads(done.stdout)["ok"] is False
    if form == "sarif":
        assert RULE in {result["ruleId"] for result in read_sarif(done.stdout)["results"] if result["level"] == "error"}


@pytest.mark.parametrize("options", [["--concise"], ["--quiet"]])
def test_the_short_texts_name_them_too(options: list[str], tmp_path: Path) -> None:
    done = run("validate", change_figures(tmp_path), "--engine", "duckdb", *options)

    assert done.returncode == 1
    assert "figures.parts-cover-parent" in done.stdout
    assert "clean" not in done.stdout


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
@pytest.mark.parametrize("table", list_tables())
def test_a_scan_names_just_the_rules_that_a_check_in_memory_asks_and_it_does_not(table: str, engine: str) -> None:
    path = DATA / "parquet" / f"{table}.parquet"
    read, scanned = cd.validate(path), api.validate_table([path], engine=engine)

    left_out = read.evaluated.keys() - scanned.evaluated.keys()
    assert {rule for rule in left_out if read.evaluated[rule] != Tally()} <= set(list_named_rules(scanned)) <= left_out
    assert scanned.ok == (not list_named_rules(scanned))
    assert sum(f.rule == RULE for f in scanned.findings) <= 1


def test_a_table_without_such_rules_stays_clean(tmp_path: Path) -> None:
    shutil.copy(DATA / "csv" / "conflicts.csv", tmp_path)

    done = run("validate", pack(tmp_path / "conflicts.csv", ".gz"))

    assert (done.returncode, done.stdout.splitlines()[-1][:5]) == (0, "clean")


@pytest.mark.parametrize("engine", EMBEDDED)
def test_all_rules_are_evaluated_on_other_datasets(engine: str) -> None:
    assert list_named_rules(api.validate_table([HERE / "ged.csv"], engine=engine)) == []


def test_a_large_file_that_is_scanned_by_itself_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = change_figures(tmp_path)
    monkeypatch.setattr(api, "LARGE_FILE", path.stat().st_size)

    report = cd.validate(path)

    assert not report.ok
    assert "figures.parts-cover-parent" in list_named_rules(report)
    assert report.findings[0].place
    assert report.findings[0].place.file == str(path)


def test_a_large_file_is_not_scanned_apart_from_what_its_rules_compare_it_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "LARGE_DATASET", {".csv": 1, ".parquet": 1})
    correction, equipment = tmp_path / "corrections.csv", tmp_path / "equipment.csv"
    correction.write_text("date,day,tank,personnel\n2022-02-26,3,2,0\n", encoding="utf-8")
    equipment.write_text("date,day,tank\n2022-02-25,2,80\n", encoding="utf-8")

    report = cd.validate(correction, equipment)

    assert report.counts == {"ukraine_correction": 1, "ukraine_equipment": 1}
    assert report.evaluated["ukraine_correction.day-is-reported"].invalid == 1


def test_no_limit_of_findings_leaves_the_error_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("conflictdata.validation.scan.run.MAX_KEPT", 1)
    path, out = tmp_path / "figures.csv", tmp_path / "all.parquet"
    frame = pl.read_csv(DATA / "csv" / "figures.csv", infer_schema=False)
    frame.with_columns(outcome=pl.lit("x")).write_csv(path)

    report = check_table([path], make_plan("figures"), findings=out)

    assert [f.rule for f in report.errors] == [RULE]
    assert report.unlisted["error"] == frame.height
    assert dict(pl.read_parquet(out)["rule"].value_counts().iter_rows()) == {
        RULE: 1, "cells.term": frame.height, "figures.round-number-exact": 18
    }  # fmt: skip


@pytest.mark.parametrize("ending", [".gz", ".zst"])
def test_a_damaged_packed_table_is_one_line_with_its_name(ending: str, tmp_path: Path) -> None:
    shutil.copy(DATA / "csv" / "conflicts.csv", tmp_path)
    file = pack(tmp_path / "conflicts.csv", ending)
    content, luck, codes = file.read_bytes(), random.Random(6), set()
    for _ in range(count_examples(60, 600)):
        damaged = bytearray(content)
        for at in luck.choices(range(len(damaged)), k=luck.randint(1, 3)):
            damaged[at] ^= luck.randrange(1, 256)
        file.write_bytes(damaged[: luck.choice([len(damaged), luck.randrange(len(damaged))])])

        done = run("validate", file)

        codes.add(done.returncode)
        if done.returncode == 2:
            assert done.stderr.startswith(f"error: {file}")
            assert done.stderr.count("\n") == 1
            assert done.stdout == ""
    assert 2 in codes


def test_the_page_on_large_tables_shows_what_a_scan_prints(monkeypatch: pytest.MonkeyPatch) -> None:
    root = Path(__file__).parents[1]
    monkeypatch.chdir(root)
    page = (root / "docs" / "large.md").read_text(encoding="utf-8")
    (command, printed) = re.search(r"^\$ conflictdata (validate .*)\n((?:[^`].*\n)+)```", page, re.MULTILINE).groups()  # type: ignore[union-attr]

    assert run(*command.split()).stdout == printed
