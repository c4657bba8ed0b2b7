"""The command line: exit codes, messages, and no tracebacks for expected errors."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from commands import PLAIN, run
from seedbox import ACTORS, NAME, SOURCE, write_seedbox


def run_process(*args: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run the program in a separate process."""
    command = [sys.executable, "-m", "conflictdata", *map(str, args)]
    env = {**os.environ, **PLAIN}
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, env=env, check=False)


@pytest.mark.parametrize("run", [run, run_process], ids=["here", "outside"])
def test_clean_seeds_exit_0_with_their_counts(
    run: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    done = run("validate", write_seedbox(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Read 7 files: 1 source, 2 claims, 8 figures" in done.stdout
    assert "clean: 0 errors, 0 warnings, 0 waived" in done.stdout
    assert done.stderr == ""


def test_an_error_exits_1_and_names_place_rule_sum_and_way_out(tmp_path: Path) -> None:
    folder = write_seedbox(tmp_path / "seeds", {NAME: SOURCE.replace("rebels: 20", "rebels: 10")})
    done = run("validate", "seeds", cwd=tmp_path)
    assert done.returncode == 1
    assert f"{folder.name}/{NAME}:15:10: error[figures.parts-cover-parent]" in done.stdout
    assert "30 + 10 + 10 = 50, but the total is at least 60 (10 short)" in done.stdout
    assert "hint: " in done.stdout
    assert "1 error, 0 warnings" in done.stdout


@pytest.mark.slow
def test_json_has_the_documented_keys(tmp_path: Path) -> None:
    done = run(
        "validate", write_seedbox(tmp_path, {NAME: SOURCE.replace("rebels: 20", "rebels: 1O")}), "--format", "json"
    )
    report = json.loads(done.stdout)
    assert done.returncode == 1
    assert report["report_version"] == 1
    assert report["ok"] is False
    (finding,) = report["findings"]
    assert set(finding) == {
        "rule", "severity", "table", "record", "fields", "value", "message", "hint", "file", "line", "column",
    }  # fmt: skip
    assert (finding["rule"], finding["line"], finding["column"], finding["value"]) == ("seed.quantity", 19, 17, "1O")
    assert all(set(t) == {"valid", "invalid", "unknown"} for t in report["evaluated"].values())
    assert report["evaluated"]["figures.parts-cover-parent"]["unknown"] == 1


@pytest.mark.slow
def test_one_file_is_checked_in_the_light_of_the_others(tmp_path: Path) -> None:
    other = SOURCE.replace("https://example.org/1", "https://example.org/2").replace(
        "2024-06-02\nlanguage", "2024-06-03\nlanguage"
    )
    folder = write_seedbox(tmp_path, {"sources/war/paper-2024-06-03.yaml": other.replace("rebels: 20", "rebels: 10")})
    assert run("validate", folder / NAME).returncode == 0
    done = run("validate", folder / "sources/war/paper-2024-06-03.yaml")
    assert done.returncode == 1
    assert "paper-2024-06-03.yaml:15:10" in done.stdout


BAD_SEEDS: dict[str, tuple[dict[str, str | bytes], str]] = {
    "empty file": ({NAME: b""}, "file.empty"),
    "binary file": ({NAME: bytes(range(256)) * 4}, "file.binary"),
    "1,000 deep": ({NAME: "a: " + "[" * 1000 + "]" * 1000}, "yaml.depth"),
    "alias bomb": ({NAME: "a: &a [x]\nb: &b [*a, *a, *a]\nc: &c [*b, *b, *b]\n"}, "yaml.anchor"),
    "claim without figures": ({NAME: SOURCE[: SOURCE.index("    killed: {n: 8")]}, "seed.no-figures"),
    "2024-02-30": ({NAME: SOURCE.replace("since: 2024-05-01", "since: 2024-02-30")}, "cells.date"),
    "0025-01-01": ({NAME: SOURCE.replace("since: 2024-05-01", "since: 0025-01-01")}, "cells.range"),
    "1e5": ({NAME: SOURCE.replace("rebels: 20", "rebels: 1e5")}, "seed.quantity"),
    "-1": ({NAME: SOURCE.replace("rebels: 20", "rebels: -1")}, "seed.quantity"),
    "3.5": ({NAME: SOURCE.replace("rebels: 20", "rebels: 3.5")}, "seed.quantity"),
    "NaN": ({NAME: SOURCE.replace("rebels: 20", "rebels: NaN")}, "seed.quantity"),
    "10^30": ({NAME: SOURCE.replace("rebels: 20", "rebels: 1" + "0" * 30)}, "seed.quantity"),
    "two files with one source id": ({"sources/other/paper-2024-06-02.yaml": SOURCE}, "seed.duplicate-source"),
    "parent cycle of actors": (
        {"reference/actors.csv": ACTORS.replace("SYR,,,,,,\nguard", "SYR,guard,,,,,\nguard")},
        "actors.parent-cycle",
    ),
}


@pytest.mark.slow
@pytest.mark.sample(3)
@pytest.mark.parametrize("name", BAD_SEEDS)
def test_bad_seeds_give_one_clear_finding(name: str, tmp_path: Path) -> None:
    files, rule = BAD_SEEDS[name]
    done = run("validate", write_seedbox(tmp_path, files), "--format", "json")
    assert "Traceback" not in done.stderr
    assert done.returncode == 1
    found = [f["rule"] for f in json.loads(done.stdout)["findings"]]
    assert set(found) == {rule}


@pytest.mark.slow
def test_a_missing_reference_table_is_named_and_nothing_else(tmp_path: Path) -> None:
    folder = write_seedbox(tmp_path)
    (folder / "reference/actors.csv").unlink()
    done = run("validate", folder, "--format", "json")
    assert [f["rule"] for f in json.loads(done.stdout)["findings"]] == ["seed.missing-table"]


@pytest.mark.slow
def test_a_huge_yaml_is_refused_quickly(tmp_path: Path) -> None:
    folder = write_seedbox(tmp_path)
    with (folder / NAME).open("wb") as handle:
        handle.truncate(100_000_000)
    done = run("validate", folder)
    assert done.returncode == 1
    assert "file.size" in done.stdout
    assert "100,000,000 bytes" in done.stdout


@pytest.mark.parametrize("command", ["validate", "publish"])
def test_a_path_that_is_not_there_exits_2(command: str, tmp_path: Path) -> None:
    done = run(command, tmp_path / "nowhere")
    assert done.returncode == 2
    assert "nowhere does not exist" in done.stderr
    assert "Traceback" not in done.stderr


def test_something_that_cannot_be_checked_exits_2(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("hello")
    done = run("validate", tmp_path / "note.txt")
    assert done.returncode == 2
    assert "note.txt is none of our tables, and the columns" in done.stderr


def test_an_unknown_option_exits_2(tmp_path: Path) -> None:
    assert run("validate", "--frmat", "json", write_seedbox(tmp_path)).returncode == 2


CSV_FIGURES = """\
figure_id,claim_id,parent_id,relation,axis,outcome,unit,label,actor_id,person_status,role,sex,age,location_id,perpetrator_id,cause,period_start,period_end,printed,qualifier,low,best,high,share,population,population_detail,toll_id
p-2024-01-01.1.killed,p-2024-01-01.1,,total,,killed,persons,,,,,,,,,,,,,exact,8,8,8,,,,
p-2024-01-01.1.killed.men,p-2024-01-01.1,p-2024-01-01.1.killed,part,sex,killed,persons,,,,,male,,,,,,,,exact,5,5,5,,,,
p-2024-01-01.1.killed.women,p-2024-01-01.1,p-2024-01-01.1.killed,part,sex,killed,persons,,,,,female,,,,,,,,exact,3,3,3,,,,
p-2024-01-01.2.killed,p-2024-01-01.2,,total,,killed,persons,,,,,,,,,,,,,exact,4,4,4,,,,
"""

BAD_CSV = {
    "sum": (("exact,3,3,3,", "exact,2,2,2,"), "figures.parts-cover-parent"),
    "parent in another claim": (
        ("women,p-2024-01-01.1,p-2024-01-01.1.killed,", "women,p-2024-01-01.1,p-2024-01-01.2.killed,"),
        "figures.parent-in-claim",
    ),
    "cycle": (
        ("killed,p-2024-01-01.1,,total,,", "killed,p-2024-01-01.1,p-2024-01-01.1.killed.men,part,sex,"),
        "figures.parent-not-in-cycle",
    ),
    "count 1e5": (("exact,3,3,3,", "exact,1e5,3,3,"), "cells.whole"),
    "count -1": (("exact,3,3,3,", "exact,-1,3,3,"), "cells.range"),
    "count 3.5": (("exact,3,3,3,", "exact,3.5,3,3,"), "cells.whole"),
    "count NaN": (("exact,3,3,3,", "exact,NaN,3,3,"), "cells.whole"),
    "count 10^30": (("exact,3,3,3,", "exact,1" + "0" * 30 + ",3,3,"), "cells.whole"),
    "term with a capital": ((",male,", ",Male,"), "cells.term"),
}


@pytest.mark.slow
def test_a_clean_csv_of_one_table(tmp_path: Path) -> None:
    path = tmp_path / "figures.csv"
    path.write_text(CSV_FIGURES)
    done = run("validate", path)
    assert done.returncode == 0, done.stdout
    assert "Read 1 file: 4 figures." in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("name", BAD_CSV)
def test_a_bad_csv_gives_its_finding_at_its_line(name: str, tmp_path: Path) -> None:
    (old, new), rule = BAD_CSV[name]
    assert old in CSV_FIGURES
    path = tmp_path / "figures.csv"
    path.write_text(CSV_FIGURES.replace(old, new))
    done = run("validate", path, "--format", "json")
    findings = json.loads(done.stdout)["findings"]
    assert done.returncode == 1
    assert {f["rule"] for f in findings} == {rule}
    assert all(f["line"] in (2, 3, 4) for f in findings)


def test_help_has_an_example_for_each_command() -> None:
    for command in ("validate", "publish", "list", "describe", "show"):
        done = run(command, "--help")
        assert done.returncode == 0
        assert f"conflictdata {command}" in done.stdout
        assert "Example" in done.stdout
