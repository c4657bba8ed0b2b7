"""`conflictdata ask`: the same rows in each form, names, notes, refusals, and no heavy imports."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from commands import PLAIN, run

import conflictdata as cd
from conflictdata.analysis.refused import CODES

SOHR = "sohr.syria_2024_offensive.2024-11-27"
WINDOW = ("window", "--toll", SOHR, "--since", "2024-12-01", "--until", "2024-12-04")
QUESTIONS: dict[str, tuple[str, ...]] = {
    "timeline": ("timeline", "--toll", SOHR, "--group", "civilians"),
    "tolls": ("timeline", "--conflict", "gaza_2023"),
    "window": WINDOW,
    "compare": ("compare", "--event", "2024-12-01-idlib-strikes"),
    "place": ("compare", "--place", "idlib_city", "--since", "2024-12-01", "--until", "2024-12-01", "--all"),
    "as-of": ("as-of", "2023-11-01", "--conflict", "gaza_2023"),
    "rollup": (
        "rollup",
        "--by",
        "event",
        "--where",
        "claimant=airwars",
        "--where",
        "relation=total",
        "--group",
        "civilians",
    ),
    "explain": ("rollup", "--where", "claim=telesur_english-2024-12-05.1", "--explain"),
    "revisions": ("revisions", "gma_news-2023-11-11.1"),
}


@pytest.mark.slow
@pytest.mark.parametrize("question", QUESTIONS)
def test_every_form_has_the_same_rows(question: str) -> None:
    done = {form: run("ask", *QUESTIONS[question], "--format", form) for form in ("table", "csv", "json", "markdown")}
    assert {one.returncode for one in done.values()} == {0}
    rows = json.loads(done["json"].stdout)
    cells = list(csv.DictReader(io.StringIO(done["csv"].stdout)))
    assert [list(row) for row in cells] == [list(row) for row in rows]
    assert [list(row.values()) for row in cells] == [[write_cell(cell) for cell in row.values()] for row in rows]
    assert len(done["markdown"].stdout.strip().splitlines()) == len(rows) + 2
    for row in rows:
        if "wording" in row and question != "window":
            assert row["wording"] in done["table"].stdout
    assert done["csv"].stderr or question == "revisions"  # the notes do not get lost


def write_cell(cell: Any) -> str:
    return "" if cell is None else "yes" if cell is True else "no" if cell is False else str(cell)


def test_the_rows_are_those_of_python() -> None:
    rows = json.loads(run("ask", *QUESTIONS["compare"], "--format", "json").stdout)
    frame = cd.compare("2024-12-01-idlib-strikes")
    assert list(rows[0]) == frame.columns.tolist()
    assert [row["n"] for row in rows] == frame.n.tolist()
    assert [row["claims"] for row in rows] == frame.claims.tolist()


@pytest.mark.slow
def test_numbers_with_their_words_and_notes_below() -> None:
    text = run("ask", *WINDOW).stdout
    assert "377 or more" in text
    assert "332 or more" in text
    assert "Recorded in these days" in text
    assert "reading `stated`" in text
    text = run("ask", *QUESTIONS["compare"]).stdout
    assert re.search(r"OHCHR +3 Dec 2024 +22 +22 +14", text)
    assert "Largest gap: 14." in text
    assert "The claimants counted up to different days." in text
    text = run("ask", "compare", "--event", "2023-10-05-hroza-missile-strike").stdout
    assert "Not ranked: 2 numbers (a part of another claim)." in text


@pytest.mark.slow
def test_names_are_looked_up() -> None:
    done = run("ask", "timeline", "--conflict", "gaza_2023", "--claimant", "Gaza Health Ministry", "--format", "json")
    assert {row["claimant"] for row in json.loads(done.stdout)} == {"gaza_moh"}
    done = run("ask", "timeline", "--toll", SOHR, "--group", "Hayat Tahrir al-Sham", "--format", "json")
    assert {row["group"] for row in json.loads(done.stdout)} == {"hts"}


@pytest.mark.slow
def test_pages_are_cited() -> None:
    text = run("ask", *WINDOW, "--cite").stdout
    assert "lbc-2024-11-30.1" in text
    assert "conflictdata" in text
    done = run("ask", *WINDOW, "--cite", "--format", "json")
    assert json.loads(done.stdout)
    assert "lbc-2024-11-30.1" in done.stderr


@pytest.mark.slow
def test_a_refusal_has_one_row_per_code() -> None:
    done = run("ask", "rollup", "--by", "conflict")
    assert (done.returncode, done.stdout) == (1, "")
    codes = re.findall(r"^  ([a-z-]+)  ", done.stderr, re.M)
    assert {"two-claimants", "overlapping-windows", "part-with-total"} <= set(codes)
    assert len(codes) == len(set(codes))
    assert set(codes) <= set(CODES)
    done = run("ask", "rollup", "--by", "conflict", "--format", "json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["refused"] == codes


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ((), 2, "required: QUESTION"),
        (("timelin",), 2, "invalid choice"),
        (("timeline",), 2, "name a toll or a conflict"),
        (("timeline", "--toll", "sohr.syria"), 2, "there is no toll"),
        (("timeline", "--toll", SOHR, "--group", "civilans"), 2, "Did you mean 'civilians'"),
        (("timeline", "--toll", SOHR, "--group", "elderly"), 1, "no-group"),
        (("timeline", "--toll", SOHR, "--outcome", "killed,injured"), 1, "one outcome"),
        (("window", "--toll", SOHR, "--since", "2024-12-04", "--until", "2024-12-01"), 1, "impossible-window"),
        (("window", "--toll", SOHR, "--since", "4 December", "--until", "2024-12-01"), 2, "not a day"),
        (("compare",), 2, "name an event"),
        (("as-of", "tomorrow"), 2, "not a day"),
        (("rollup", "--where", "claimant"), 2, "--where is 'claimant'"),
        (("rollup", "--by", "conflit"), 2, "Did you mean 'conflict'"),
        (("revisions", "nobody\x1b[31m"), 2, "there is no toll"),
        (("timeline", "--toll", SOHR, "--version", "9.9.9"), 2, "9.9.9"),
    ],
)
def test_bad_input_is_a_clear_error(arguments: tuple[str, ...], code: int, message: str) -> None:
    done = run("ask", *arguments)
    assert done.returncode == code
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert "\x1b[31m" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("timeline", "--toll", SOHR, "--outcome", "missing"), "There is: killed"),
        (("compare", "--event", "2024-12-01-idlib-strikes", "--outcome", "missing"), "There is: killed"),
        (("as-of", "2001-01-01"), "The pages are from"),
        (("rollup", "--where", "claimant=sohr", "--outcome", "abducted"), "No number matches"),
        (("revisions", "gma_news-2023-11-11.1", "--outcome", "missing"), "No number matches"),
    ],
)
def test_an_empty_answer_says_what_there_is(arguments: tuple[str, ...], message: str) -> None:
    done = run("ask", *arguments)
    assert done.returncode == 1
    assert message in done.stdout
    done = run("ask", *arguments, "--format", "csv")
    assert message in done.stderr
    assert done.stdout.count("\n") == 1


def test_help_has_examples_and_questions() -> None:
    text = run("ask", "--help").stdout
    for question in ("timeline", "window", "compare", "as-of", "rollup", "revisions", "Example: conflictdata ask"):
        assert question in text
    assert "--since" in run("ask", "window", "--help").stdout


def test_an_answer_needs_neither_pandas_nor_typer() -> None:
    script = "import sys\nfrom conflictdata.cli.ask import run\nrun(sys.argv[1:])\nprint(*sys.modules, file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", script, *WINDOW], capture_output=True, text=True, check=True, env={**os.environ, **PLAIN}
    )
    assert not {"pandas", "polars", "typer", "rich", "altair"} & set(done.stderr.split())


def test_every_code_has_a_section_in_the_page_of_refusals() -> None:
    page = (Path(__file__).parents[1] / "docs/refusals.md").read_text("utf-8")
    sections = re.findall(r"^#### (.+)\n\n(?:.+\n)+\n```python\n((?:.+\n)+)", page, re.M)
    assert [name for name, _ in sections] == list(CODES)
    for name, example in sections:
        assert re.search(rf"^refused: {name}$", example, re.M), name


def test_the_readme_shows_what_the_command_prints() -> None:
    page = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
    (section,) = re.findall(r"^## Ask\n(.*?)^## ", page, re.M | re.S)
    shown = re.findall(r"^```sh\nconflictdata ([^\n]+)\n```\n```text\n(.*?)^```", section, re.M | re.S)
    assert [command.split()[1] for command, _ in shown] == ["window", "rollup"]
    for command, printed in shown:
        done = run(*command.split())
        lines = iter((done.stdout + done.stderr).splitlines())
        for line in printed.splitlines():
            if line != "\u2026":  # lines may be cut, and lines may be left out
                wanted = line.removesuffix("\u2026")
                assert any(one == line if wanted == line else one.startswith(wanted) for one in lines), line
    assert {"two-claimants", "overlapping-windows", "part-with-total"} <= set(section.split())


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (("timeline", SOHR), f"timeline cannot use '{SOHR}': write --toll {SOHR}; see conflictdata ask timeline --help"),
        (("compare", "strike"), "compare cannot use 'strike': write --event strike; see conflictdata ask compare --help"),
        ((*WINDOW, "civilians"), "window cannot use 'civilians': remove it; see conflictdata ask window --help"),
        ((*WINDOW, "--foo"), "window cannot use '--foo': remove it; see conflictdata ask window --help"),
        (("rollup", "--by"), "argument --by: expected one argument; see conflictdata ask rollup --help"),
    ],
)  # fmt: skip
def test_an_argument_that_is_left_over_leads_to_the_option_and_to_the_help_of_its_question(arguments, hint) -> None:
    done = run("ask", *arguments)
    assert (done.returncode, done.stderr.strip()) == (2, f"error: {hint}")
