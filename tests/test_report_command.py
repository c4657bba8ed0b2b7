"""`validate --format`, `--report` and `--concise`: output, files and refusals."""

import json
import os
import subprocess
import sys
from pathlib import Path

import commands
import junitparser
import pytest
import sample_reports
from report_readers import read_commands, read_html, read_markdown, read_sarif
from sample_reports import REPORTS
from seedbox import NAME, SOURCE, write_seedbox

from conflictdata.cli._shared import Format
from conflictdata.cli.validate import parse_report_targets, save
from conflictdata.findings import UsageError
from conflictdata.reporters import FORMS


def run(*args, cwd, **env):
    """Run in a separate process and return the exact bytes of the output."""
    command = [sys.executable, "-m", "conflictdata", *map(str, args)]
    env = {**os.environ, "NO_COLOR": "1", "TERM": "dumb", **env}
    return subprocess.run(command, capture_output=True, cwd=cwd, env=env, check=False)


@pytest.fixture(scope="module")
def wrong(tmp_path_factory):
    """Return a folder with seeds that have one error, and a name in another script."""
    folder = tmp_path_factory.mktemp("wrong")
    write_seedbox(folder / "seeds", {NAME: SOURCE.replace("rebels: 20", "rebels: {n: 10, label: الثوار}")})
    return folder


def test_the_command_offers_every_form():
    assert [form.value for form in Format] == list(FORMS)


@pytest.mark.slow
def test_one_run_prints_one_form_and_writes_the_others(wrong):
    files = {form: f"out/made/report.{form}" for form in FORMS}
    done = run("validate", "seeds", "--format", "github", *(f"--report={k}={v}" for k, v in files.items()), cwd=wrong)
    assert (done.returncode, done.stderr) == (1, b"")
    (command,) = read_commands(done.stdout.decode())
    assert (command["file"], command["title"]) == (f"seeds/{NAME}", sample_reports.SUM)
    assert {p.name for p in (wrong / "out/made").iterdir()} == {Path(f).name for f in files.values()}
    made = {form: (wrong / file).read_text("utf-8") for form, file in files.items()}
    assert made["github"] == done.stdout.decode()
    assert json.loads(made["json"])["findings"][0]["rule"] == sample_reports.SUM
    assert junitparser.JUnitXml.fromstring(made["junit"].encode()).failures == 1
    assert read_sarif(made["sarif"])["results"][0]["ruleId"] == sample_reports.SUM
    assert read_html(made["html"]).nodes.count("1 error") >= 1
    assert read_markdown(made["markdown"]).nodes[0] == "conflictdata: 1 error"
    assert f"seeds/{NAME}:15:10: error[{sample_reports.SUM}]" in made["text"]


@pytest.mark.slow
@pytest.mark.parametrize("form", ["text", "json", "html"])
def test_a_terminal_of_few_letters_ends_no_check(form, wrong):
    done = run("validate", "seeds", "--format", form, cwd=wrong, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr
    assert done.stdout.decode("ascii" if form == "text" else "utf-8")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--report", "html"], "--report takes FORM=FILE, such as html=report.html, not 'html'"),
        (["--report", "htm=x.html"], "there is no form 'htm'. Did you mean 'html'? Forms: text, json, github"),
        (["--report", "html=seeds"], "seeds is a folder; name a file in it"),
        (["--report", "html=x", "--report", "json=./x"], "--report json=./x: x is given twice"),
        (["--report", f"json=seeds/{NAME}/x.json"], "is a file, not a folder"),
        (["--format", "json", "--concise"], "--concise is for --format text, not for json"),
        (["--format", "yaml"], "'yaml' is not one of 'text', 'json'"),
    ],
    ids=["no file", "no such form", "folder", "twice", "file as folder", "concise json", "no such format"],
)
def test_what_cannot_be_meant_exits_2_with_one_reason(options, told, wrong):
    done = commands.run("validate", "seeds", *options, cwd=wrong, env={**commands.PLAIN, "COLUMNS": "200"})
    assert done.returncode == 2
    assert told in done.stderr
    assert done.stdout == ""
    assert {p.name for p in wrong.iterdir()} <= {"seeds", "out"}


def test_a_report_never_goes_over_what_is_checked(wrong):
    page = wrong / "seeds" / NAME
    with pytest.raises(UsageError, match="given twice"):
        parse_report_targets([f"json={page}"], [page])


def test_a_report_goes_to_no_device():
    with pytest.raises(UsageError, match="not an ordinary file"):
        parse_report_targets(["json=/dev/null"], [])


def test_a_report_that_cannot_be_written_leaves_what_was_there(tmp_path, monkeypatch):
    old = tmp_path / "report.json"
    old.write_text("old")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UsageError, match=r"cannot be written: no space left on device"):
        save(REPORTS["clean"], {old: "json"})
    assert [p.name for p in tmp_path.iterdir()] == ["report.json"]
    assert old.read_text() == "old"


def test_a_linked_file_is_written_where_it_lies(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "real/report.json").write_text("old")
    (tmp_path / "link.json").symlink_to(tmp_path / "real/report.json")
    save(REPORTS["clean"], parse_report_targets([f"json={tmp_path / 'link.json'}"], []))
    assert (tmp_path / "link.json").is_symlink()
    assert json.loads((tmp_path / "real/report.json").read_text())["ok"] is True
