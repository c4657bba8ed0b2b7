"""A scan of one of our tables evaluates all rules, in whatever form the table is given.

On Spark, rules that are not evaluated are an error that names them.
"""

from __future__ import annotations

import gzip
import json
import random
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import polars as pl
import pyarrow as pa
import pytest
from commands import run
from depth import count_examples
from feed_files import HERE, scan
from report_readers import read_sarif

import conflictdata as cd
from conflictdata.findings import Report
from conflictdata.loading import DATA
from conflictdata.reporters import FORMS, render
from conflictdata.rules.file_rules import PROBLEMS
from conflictdata.schema.columns import list_tables
from conflictdata.validation import table_files
from conflictdata.validation.incomplete import RULE
from conflictdata.validation.plan import make_plan
from conflictdata.validation.scan import EMBEDDED
from conflictdata.validation.scan.run import check_table

FIGURE = "telesur_english-2024-12-05.1.killed.hts"


def change_figures(folder: Path) -> Path:
    """Return the published figures with 317 for 371, so that the parts do not add up."""
    lines = (DATA / "csv" / "figures.csv").read_text(encoding="utf-8").split("\n")
    (at,) = (n for n, line in enumerate(lines) if line.startswith(f"{FIGURE},"))
    assert ",371,371,371," in lines[at]
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


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
def test_a_changed_number_is_the_same_error_in_every_form_of_the_file(way: str, tmp_path: Path) -> None:
    path = change_figures(tmp_path)
    whole = cd.validate(path)
    place, options = WAYS[way]

    done = run("validate", place(path), *options, "--format", "json")

    found = {(f["rule"], f["record"], f["message"], f["hint"]) for f in json.loads(done.stdout)["findings"]}
    assert found == {(f.rule, f.record, f.message, f.hint) for f in whole.findings}
    assert ("figures.parts-cover-parent", "telesur_english-2024-12-05.1.killed") in {
        (rule, record) for rule, record, *_ in found
    }
    assert done.returncode == 1


def scan_like_spark(path: Path, **more: Any) -> Report:
    """Check the changed figures by the rules that Spark evaluates."""
    return check_table([path], replace(make_plan("figures"), is_own=False), **more)


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_the_report_names_the_rules_that_spark_cannot_evaluate(form: str, tmp_path: Path) -> None:
    report = scan_like_spark(change_figures(tmp_path))

    printed = render(report, form)

    assert RULE in printed
    text = "".join(ET.fromstring(printed).itertext()) if form == "junit" else printed
    for rule in make_plan("figures").skipped_rules:
        assert rule in text, rule
    assert PROBLEMS[RULE].hint in report.errors[0].hint
    if form == "json":
        assert json.loads(printed)["ok"] is False
    if form == "sarif":
        assert RULE in {result["ruleId"] for result in read_sarif(printed)["results"] if result["level"] == "error"}


@pytest.mark.parametrize("options", [["--concise"], ["--quiet"]])
def test_the_short_texts_name_them_too(options: list[str], tmp_path: Path) -> None:
    done = run("validate", change_figures(tmp_path), "--engine", "duckdb", *options)

    assert done.returncode == 1
    assert "figures.parts-cover-parent" in done.stdout
    assert "clean" not in done.stdout


@pytest.mark.sample(3)
@pytest.mark.parametrize("engine", ["polars", "duckdb"])
@pytest.mark.parametrize("table", list_tables())
def test_a_scan_evaluates_all_rules_of_a_table(table: str, engine: str) -> None:
    path = DATA / "parquet" / f"{table}.parquet"
    read, scanned = cd.validate(path), scan(path, engine=engine)

    assert scanned.evaluated == read.evaluated
    assert scanned.findings == read.findings
    assert list_named_rules(scanned) == []


def test_a_table_without_such_rules_stays_clean(tmp_path: Path) -> None:
    shutil.copy(DATA / "csv" / "conflicts.csv", tmp_path)

    done = run("validate", pack(tmp_path / "conflicts.csv", ".gz"))

    assert (done.returncode, done.stdout.splitlines()[-1][:5]) == (0, "clean")


@pytest.mark.slow
@pytest.mark.parametrize("engine", EMBEDDED)
def test_all_rules_are_evaluated_on_other_datasets(engine: str) -> None:
    assert list_named_rules(scan(HERE / "ged.csv", engine=engine)) == []


def test_a_large_file_is_scanned_with_all_rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = change_figures(tmp_path)
    monkeypatch.setitem(table_files.LARGE_OWN, "csv", path.stat().st_size)

    report = cd.validate(path)

    assert not report.ok
    assert "telesur_english-2024-12-05.1.killed" in {
        f.record for f in report.errors if f.rule == "figures.parts-cover-parent"
    }
    assert report.notes[0] == f"{path}: figures: {pl.read_csv(path, infer_schema=False).height:,} rows"


def test_a_large_file_is_not_scanned_apart_from_what_its_rules_compare_it_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(table_files.LARGE_DATASET, "csv", 1)
    correction, equipment = tmp_path / "corrections.csv", tmp_path / "equipment.csv"
    correction.write_text("date,day,tank,personnel\n2022-02-26,3,2,0\n", encoding="utf-8")
    equipment.write_text("date,day,tank\n2022-02-25,2,80\n", encoding="utf-8")

    report = cd.validate(correction, equipment)

    assert report.counts == {"ukraine_correction": 1, "ukraine_equipment": 1}
    assert report.evaluated["ukraine_correction.day-is-reported"].invalid == 1


def test_no_limit_of_findings_leaves_the_error_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("conflictdata.validation.scan.sink.MAX_KEPT", 1)
    path, out = tmp_path / "figures.csv", tmp_path / "all.parquet"
    frame = pl.read_csv(DATA / "csv" / "figures.csv", infer_schema=False)
    frame.with_columns(outcome=pl.lit("x")).write_csv(path)

    report = scan_like_spark(path, findings=out)

    assert [f.rule for f in report.errors] == [RULE]
    assert report.unlisted["error"] == frame.height
    rules = pl.read_parquet(out)["rule"]
    assert [rules.eq(rule).sum() for rule in (RULE, "cells.term")] == [1, frame.height]


@pytest.mark.slow
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
        assert done.stderr == ""
        if "file.unreadable" in done.stdout:
            assert done.returncode == 1
            assert done.stdout.startswith(f"{file}: error")
    assert 1 in codes
    assert codes <= {0, 1}


def test_the_page_on_large_tables_shows_what_a_scan_prints(monkeypatch: pytest.MonkeyPatch) -> None:
    root = Path(__file__).parents[1]
    monkeypatch.chdir(root)
    page = (root / "docs" / "large.md").read_text(encoding="utf-8")
    (command, printed) = re.search(r"^\$ conflictdata (validate .*)\n((?:[^`].*\n)+)```", page, re.MULTILINE).groups()  # type: ignore[union-attr]

    assert run(*command.split()).stdout == printed
