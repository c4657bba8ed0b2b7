"""`conflictdata diff` on folders and packages: exit codes, files, messages."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from diff_example import build_packages, rewrite, run, write_after, write_before
from seedbox import ACTORS, NAME, SOURCE, write_seedbox
from typer.testing import CliRunner

import conflictdata as cd
from conflictdata.cli import app
from conflictdata.comparison import diff, read_snapshot, render
from conflictdata.findings import UsageError


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with both versions as packages and, in `seeds`, as seeds."""
    folder = tmp_path_factory.mktemp("built")
    build_packages(folder)
    return folder


@pytest.fixture
def package(built: Path, tmp_path: Path) -> Path:
    """Return a package that a test may break."""
    return Path(shutil.copytree(built / "after", tmp_path / "package"))


@pytest.mark.slow
def test_a_usage_error_exits_2_without_a_traceback(built: Path) -> None:
    done = run("diff", "before", "nowhere", cwd=built)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "error: nowhere does not exist\n"


@pytest.mark.slow
def test_two_folders_are_compared_and_exit_0(built: Path) -> None:
    done = run("diff", "seeds/before", "seeds/after", cwd=built)
    assert (done.returncode, done.stderr) == (0, "")
    assert "rows: 1 removed, 5 corrected, 8 added" in done.stdout
    assert "  ~ killed: at least 60 -> 60" in done.stdout


@pytest.mark.slow
def test_exit_code_1_is_for_those_who_ask(built: Path) -> None:
    assert run("diff", "before", "after", "--exit-code", cwd=built).returncode == 1
    same = run("diff", "after", "after/datapackage.json", "--exit-code", cwd=built)
    assert (same.returncode, "nothing differs" in same.stdout) == (0, True)


@pytest.mark.slow
def test_reports_are_written_beside_what_is_printed(built: Path, tmp_path: Path) -> None:
    copies = [f"--report={form}={tmp_path / f'new/diff.{form}'}" for form in ("json", "markdown", "html", "text")]
    done = run(
        "diff", "before", "after", "--format", "json", "--retired", "seeds/after/retired.csv", *copies, cwd=built
    )
    assert done.returncode == 0, done.stderr
    assert sorted(p.name for p in (tmp_path / "new").iterdir()) == [
        "diff.html",
        "diff.json",
        "diff.markdown",
        "diff.text",
    ]
    assert json.loads(done.stdout) == json.loads((tmp_path / "new/diff.json").read_text(encoding="utf-8"))
    assert (tmp_path / "new/diff.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


@pytest.mark.slow
def test_seeds_and_a_package_are_compared_by_what_they_hold(built: Path) -> None:
    assert not diff(built / "seeds/after", built / "after")
    old = diff(built / "seeds/before", built / "before")
    assert (old.total(), [c.what for c in old.schema]) == (0, ["term removed", "term added"])


def test_csv_and_parquet_say_the_same(built: Path, package: Path) -> None:
    shutil.rmtree(package / "parquet")
    assert not diff(built / "after", package)


USAGE = {
    "one side": (["before"], "give two versions"),
    "nothing": ([], "give two versions"),
    "a path that is not there": (["before", "nowhere"], "nowhere does not exist"),
    "neither": (["before", "seeds"], "seeds is neither a data package"),
    "a file": (["before", "after/README.md"], "README.md is neither a data package"),
    "git and a folder": (["before", "--git", "main"], "--git compares revisions"),
    "a form that is none": (["before", "after", "--report", "htlm=x"], "there is no form 'htlm'. Did you mean 'html'?"),
    "no file": (["before", "after", "--report", "html"], "--report takes FORM=FILE"),
    "a folder for a file": (["before", "after", "--report", "html=seeds"], "seeds is not an ordinary file"),
    "a file twice": (["before", "after", "--report", "html=x", "--report", "json=./x"], "x is given twice"),
    "a file under a file": (["before", "after", "--report", "html=after/README.md/x"], "cannot be written"),
    "no ledger": (["before", "after", "--retired", "nowhere.csv"], "nowhere.csv does not exist"),
    "no ledger's columns": (
        ["before", "after", "--retired", "after/csv/actors.csv"],
        "lacks the column(s) id, reason, replaced_by",
    ),
}


@pytest.mark.parametrize(("arguments", "message"), USAGE.values(), ids=USAGE)
def test_impossible_commands_have_a_message(
    arguments: list[str], message: str, built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(built)
    done = CliRunner().invoke(app, ["diff", *arguments])
    assert isinstance(done.exception, UsageError)
    assert message in str(done.exception)
    assert done.stdout == ""
    assert not [p for p in built.rglob("*") if ".new-" in p.name or p.name == "x"]


def test_a_file_that_was_there_stays_where_the_new_one_cannot_be_written(built: Path, tmp_path: Path) -> None:
    target = tmp_path / "diff.json"
    target.write_text("before", encoding="utf-8")
    run("diff", "before", "nowhere", f"--report=json={target}", cwd=built)
    assert target.read_text(encoding="utf-8") == "before"
    assert list(tmp_path.iterdir()) == [target]


BROKEN = {
    "no descriptor": (lambda p: (p / "datapackage.json").unlink(), "is neither a data package"),
    "no JSON": (lambda p: (p / "datapackage.json").write_text("{"), "is not JSON"),
    "no schema": (lambda p: (p / "schemas/claims.json").unlink(), "schemas/claims.json cannot be read"),
    "a schema that is none": (lambda p: (p / "schemas/claims.json").write_text("[]"), "claims has no Table Schema"),
    "a schema outside": (
        lambda p: rewrite(p / "datapackage.json", lambda d: d["resources"][0].update(schema="../x.json")),
        "casualties has no Table Schema",
    ),
    "a table outside": (
        lambda p: rewrite(p / "datapackage.json", lambda d: d["resources"][1].update(path="../x.csv")),
        "`path` inside the folder",
    ),
    "no Parquet": (lambda p: (p / "parquet/claims.parquet").write_bytes(b"x"), "claims.parquet cannot be read"),
    "no table at all": (
        lambda p: [f.unlink() for f in (p / "parquet/claims.parquet", p / "csv/claims.csv")],
        "claims.csv cannot be read",
    ),
}


@pytest.mark.parametrize(("damage", "message"), BROKEN.values(), ids=BROKEN)
def test_a_broken_package_is_refused_with_its_file(damage: object, message: str, built: Path, package: Path) -> None:
    damage(package)  # type: ignore[operator]
    with pytest.raises(UsageError) as refused:
        diff(built / "before", package)
    assert message in str(refused.value)


def test_a_package_without_one_of_the_tables_has_no_rows_of_it(built: Path, package: Path) -> None:
    rewrite(
        package / "datapackage.json",
        lambda d: d.update(resources=[r for r in d["resources"] if r["name"] != "aliases"]),
    )
    found = diff(built / "after", package)
    assert found.counts == {"aliases": {"removed": 1, "replaced": 0, "corrected": 0, "added": 0}}
    assert found.bump == "major"


def test_a_key_column_that_is_gone_is_named(built: Path, package: Path) -> None:
    side = read_snapshot(package)
    tables = {**side.tables, "actors": side.tables["actors"].drop("actor_id")}
    with pytest.raises(UsageError, match="tables: actors cannot be compared by its key: it has no column 'actor_id'"):
        diff(built / "after", tables)


def test_diff_is_a_function_of_the_package_and_stays_one(tmp_path: Path) -> None:
    assert callable(cd.diff)
    found = cd.diff(write_before(tmp_path / "a"), write_after(tmp_path / "b"))
    assert isinstance(found, cd.Diff)
    assert callable(cd.diff), "the module that it comes from must not take its name"


@pytest.mark.slow
def test_comparing_seeds_loads_neither_pandas_nor_pandera(built: Path) -> None:
    code = (
        "import sys, conflictdata as cd; cd.diff('seeds/before', 'seeds/after').to_dict();"
        "print([m for m in ('pandas', 'pandera', 'frictionless', 'jinja2') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=built, check=True)
    assert done.stdout == "[]\n"


def test_help_has_an_example() -> None:
    done = run("diff", "--help")
    assert done.returncode == 0
    assert "conflictdata diff --git main..HEAD" in done.stdout


@pytest.mark.slow
def test_a_new_order_of_figures_and_one_of_columns_are_distinguished(tmp_path: Path) -> None:
    old = write_before(tmp_path / "old")
    party = "        rebels: 20\n"
    moved = SOURCE.replace(party, "").replace("      by party:\n", f"      by party:\n{party}")
    actors = [line.split(",") for line in ACTORS.splitlines()]
    turned = "".join(",".join([*cells[1:], cells[0]]) + "\n" for cells in actors)
    new = write_seedbox(tmp_path / "new", {NAME: moved, "reference/actors.csv": turned})
    found = diff(old, new)
    assert not found
    assert (found.bump, found.reordered) == ("none", ("figures",))
    text = "".join(render(found, "text"))
    assert "! rows stand in another order in figures, which means nothing" in text
    assert "nothing differs" in text
