"""The command line reads well: help at 80 columns, completion, conditions of `show`, and the blocks of `validate`."""

from __future__ import annotations

import io
import json
import os
import pty
import re
import subprocess
import sys
from enum import Enum
from pathlib import Path
from typing import get_args, get_type_hints

import polars as pl
import pytest
from commands import PLAIN, run
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from seedbox import NAME, SOURCE, write_seedbox
from typer.main import get_command

import conflictdata as cd
from conflictdata.cli import app
from conflictdata.cli._conditions import parse_condition, select_rows
from conflictdata.cli._shared import LIST_OF_FORMS, Format
from conflictdata.cli.commands import COMMANDS as COMMAND_GROUPS
from conflictdata.cli.export import FORMATS
from conflictdata.export import FORMATS as WRITERS
from conflictdata.findings import Finding, Place, Report, UsageError
from conflictdata.reporters import text
from conflictdata.reporters.excerpt import Excerpts

COMMANDS = sorted(get_command(app).commands)  # type: ignore[attr-defined]
BARE = {**PLAIN, "COLUMNS": "80"}


def list_choices(command: str) -> set[str]:
    """Return the words that the options of a command take: the members of their enumerations."""
    function = {
        **COMMAND_GROUPS["Use the data"],
        **COMMAND_GROUPS["Check and publish"],
        **COMMAND_GROUPS["Contribute"],
    }.get(command)
    types = (
        []
        if function is None
        else [get_args(hint)[0] for hint in get_type_hints(function, include_extras=True).values() if get_args(hint)]
    )
    return {str(member.value) for kind in types if isinstance(kind, type) and issubclass(kind, Enum) for member in kind}


def test_the_choices_of_a_command_are_found() -> None:
    assert list_choices("validate") >= {"markdown", "sarif", "pandas"}


@pytest.mark.parametrize("command", COMMANDS)
def test_help_fits_80_columns_and_breaks_no_choice(command: str) -> None:
    done = run(command, "-h", env=BARE)
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    if command not in ("find", "ask", "plot"):
        assert max(map(len, lines)) <= 80
    words = set(re.findall(r"[\w-]+", done.stdout))
    assert list_choices(command) <= words
    assert done.stdout == run(command, "--help", env=BARE).stdout


def test_the_forms_in_the_help_are_those_that_there_are() -> None:
    assert re.findall(r"\w+", LIST_OF_FORMS.replace(" or ", " ")) == [form.value for form in Format]
    assert list(FORMATS) == list(WRITERS)
    assert "Did you mean 'excel'?" in run("export", "exel", "--to", "x").stderr


def test_version_names_program_and_data() -> None:
    assert run("--version").stdout == f"conflictdata {cd.__version__}, data {cd.versions()[-1]}\n"


def test_bash_completes_commands_and_options() -> None:
    def complete(words: str, number: int) -> list[str]:
        env = {**os.environ, "_CONFLICTDATA_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(number)}
        program = [
            sys.executable,
            "-c",
            "import sys; sys.argv[0] = 'conflictdata'; from conflictdata.cli import main; main()",
        ]
        return subprocess.run(program, capture_output=True, text=True, env=env, check=True).stdout.split()

    assert complete("conflictdata val", 1) == ["validate"]
    assert {"--format", "--findings"} <= set(complete("conflictdata validate --f", 2))


def test_show_where_takes_the_rows_that_match() -> None:
    done = run("show", "casualties", "--where", "claim_id=telesur_english-2024-12-05.1", "--columns", "path,low")
    assert "6 of 6 matching rows" in done.stdout
    done = run("show", "claims", "--where", "claimant_id=sohr", "--where", "as_of>=2024-12-08", "-n", "1")
    claims = cd.load("claims")
    count = ((claims.claimant_id == "sohr") & (claims.as_of >= "2024-12-08")).sum()
    assert f"1 of {count} matching rows" in done.stdout
    done = run("show", "casualties", "--where", "high=", "--where", "low!=")
    count = (cd.load("casualties").high.isna() & cd.load("casualties").low.notna()).sum()
    assert f"of {count} matching rows" in done.stdout


BAD_CONDITIONS = {
    "clamant_id=sohr": "Did you mean 'claimant_id'?",
    "sohr": "write COLUMN=VALUE",
    "low>many": "low holds a number, not 'many'",
    "as_of=yesterday": "as_of holds a day such as 2024-12-04, not 'yesterday'",
    "low>": "write a value after >",
}


@pytest.mark.parametrize("condition", BAD_CONDITIONS)
def test_a_bad_condition_exits_2_and_says_what_to_write(condition: str) -> None:
    done = run("show", "casualties", "--where", condition)
    assert done.returncode == 2
    assert BAD_CONDITIONS[condition] in done.stderr


def test_a_condition_that_nothing_matches_suggests_the_nearest_word() -> None:
    done = run("show", "claims", "--where", "claimant_id=shor")
    assert done.returncode == 0
    assert "no row of" in done.stdout
    assert "Did you mean 'sohr'?" in done.stdout


SIGNS = {"=": int.__eq__, "!=": int.__ne__, ">": int.__gt__, ">=": int.__ge__, "<": int.__lt__, "<=": int.__le__}


@given(st.lists(st.none() | st.integers(0, 9)), st.sampled_from(sorted(SIGNS)), st.integers(0, 9))
def test_a_condition_selects_as_python_compares_and_never_an_empty_cell(
    cells: list[int | None], sign: str, value: int
) -> None:
    frame = pl.DataFrame({"n": cells}, schema={"n": pl.Int64})
    chosen = select_rows(frame, [parse_condition(f"n {sign} {value}")])
    assert chosen["n"].to_list() == [cell for cell in cells if cell is not None and SIGNS[sign](cell, value)]


@given(st.text())
def test_any_text_is_a_condition_or_a_clear_error(words: str) -> None:
    found, message = None, ""
    try:
        found = parse_condition(words)
    except UsageError as fault:
        message = str(fault)
    assert "write" in message or (found is not None and found.column in words and found.value in words)


def make_findings(file: Path, count: int, hint: str = "Do this.") -> Report:
    return Report(
        [Finding("a.rule", "error", f"fault {i}", hint, value="20", place=Place(str(file), 2, 7)) for i in range(count)]
    )


def render(report: Report, width: int = 80, **options: object) -> str:
    console = Console(file=io.StringIO(), width=width, record=True, force_terminal=True, highlight=False)
    text.render(report, console, excerpts=Excerpts(width), **options)  # type: ignore[arg-type]
    return console.export_text()


def test_equal_hints_are_printed_once(tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    file.write_text("a: 1\n  ab: 20\n")
    report = make_findings(file, 3)
    report.add(make_findings(file, 1, "Do something else.").findings)
    printed = render(report, 200)
    assert printed.count("Do this.") == 1
    assert "hint for all 3: Do this." in printed
    assert "hint: Do something else." in printed
    assert [f"fault {i}" in printed for i in range(3)] == [True] * 3


def test_the_line_is_shown_with_carets_under_the_value(tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    file.write_text("a: 1\n  ab: 20, # الشبكة\n", encoding="utf-8")
    lines = Excerpts(80).render(make_findings(file, 1).findings[0])
    assert lines[0].index("20") == lines[1].index("^")
    assert lines[1].count("^") == 2


@given(
    st.text(st.characters(exclude_characters="\n\r", exclude_categories=["Cs"]), max_size=300),
    st.integers(0, 300), st.integers(30, 200),
)  # fmt: skip
def test_any_line_is_shown_in_the_width_and_hides_nothing(line: str, column: int, width: int) -> None:
    excerpts = Excerpts(width)
    excerpts._files["x"] = [line]
    shown = excerpts.render(Finding("r", "error", "m", value="x", place=Place("x", 1, column)))
    assert len(shown) in ((1, 2) if line.strip() else (0,))
    assert text.escape_hidden("".join(shown)) == "".join(shown)


def test_what_cannot_be_read_has_no_line(tmp_path: Path) -> None:
    packed = tmp_path / "x.csv.gz"
    packed.write_bytes(bytes(range(128, 256)))
    for file in (packed, tmp_path, tmp_path / "nowhere", Path("/dev/zero"), tmp_path / "a.zip" / "b.csv"):
        assert Excerpts(80).render(make_findings(file, 1).findings[0]) == []


def test_a_terminal_gets_lines_that_end_at_words(tmp_path: Path) -> None:
    words = "Compare each number with the page that prints it, and follow the page, never the hint that we give here."
    printed = render(make_findings(tmp_path / "x.yaml", 1, words), 60)
    assert all(len(line) <= 60 for line in printed.splitlines() if "x.yaml" not in line)
    assert " ".join(printed.split()).count(words) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_validate_on_a_terminal_wraps_and_in_a_pipe_does_not(tmp_path: Path) -> None:
    write_seedbox(tmp_path / "seeds", {NAME: SOURCE.replace("rebels: 20", "rebels: 10")})
    command = [sys.executable, "-m", "conflictdata", "validate", "seeds"]
    env = {**os.environ, **BARE}
    piped = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=env, check=False).stdout
    (hint,) = [line for line in piped.splitlines() if line.startswith("    hint: ")]
    assert len(hint) > 100
    assert re.search(r"^ +15 \| +n: at least 60\n +\| +\^{11}$", piped, re.M)
    assert piped.splitlines()[-2] == "For the reason and examples: conflictdata explain figures.parts-cover-parent"
    assert piped.splitlines()[-1] == "1 error, 0 warnings, 0 waived"
    ours, theirs = pty.openpty()
    with subprocess.Popen(command, stdout=theirs, stderr=subprocess.DEVNULL, cwd=tmp_path, env=env) as process:
        os.close(theirs)
        printed = b""
        while True:
            try:
                chunk = os.read(ours, 65536)
            except OSError:
                break
            if not chunk:
                break
            printed += chunk
        assert process.wait() == 1
    os.close(ours)
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", printed.decode()).replace("\r", "")
    assert all(len(line) <= 80 for line in plain.splitlines())
    assert " ".join(hint.split()) in " ".join(plain.split())


def test_lists_and_descriptions_are_data_too() -> None:
    assert {row["table"] for row in json.loads(run("list", "--format", "json").stdout)["tables"]} == set(cd.tables())
    described = json.loads(run("describe", "casualties", "low", "--format", "json").stdout)
    assert [column["name"] for column in described["columns"]] == ["low"]
    assert run("describe", "casualties", "low").stdout.splitlines()[-1].startswith("low ")
    assert run("explain", "at_least").stdout.startswith("at_least: ")
