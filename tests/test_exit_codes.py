"""Exit codes, as docs/exit-codes.md lists them, over all commands; and what remains of a fault that nobody foresaw."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

import pytest
import typer.main
from commands import run
from packages import ONE, build_files
from sample import make_tables
from seedbox import NAME, SOURCE, write_seedbox

from conflictdata.cli import app
from conflictdata.cli.commands import COMMANDS

PAGE = Path(__file__).parents[1] / "docs/exit-codes.md"
SOHR = "sohr.syria_2024_offensive.2024-11-27"
STRIKES = "2024-12-01-idlib-strikes"
LOG = "# Changelog\n\n## 1.0.0\n\n### Data\n\n- First.\n"
TEXT = "Ten people were killed in Aleppo on Monday, the ministry said.\n"
ARABIC = "قتل عشرة أشخاص في حلب يوم الاثنين، كما قالت وزارة الصحة في بيان لها.\n" * 3
SUMS = ("rebels: 20", "rebels: 10")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the commands of `CASES` name."""
    folder = tmp_path_factory.mktemp("world")
    write_seedbox(folder / "seeds")
    write_seedbox(folder / "tidy")
    write_seedbox(folder / "broken", {NAME: SOURCE.replace(*SUMS)})
    (folder / "loose.yaml").write_text("a: 1\n")
    (folder / "text.txt").write_text(TEXT)
    (folder / "arabic.txt").write_text(ARABIC)
    (folder / "lines.jsonl").write_text("not JSON\n" + json.dumps({"id": "a", "text": ARABIC}) + "\n")
    (folder / "bytes.txt").write_bytes(b"\xff{")
    (folder / "log.md").write_text(LOG)
    (folder / "exists.sqlite").write_text("x")
    build_files(make_tables(), ONE, folder / "package")
    build_files(make_tables(), ONE, folder / "touched")
    with (folder / "touched/csv/actors.csv").open("a") as file:
        file.write("x\n")
    return folder


# By command, the arguments that give each code. Codes that are missing here are "-" on the page.
CASES: dict[str, dict[int, str]] = {
    "list": {0: "", 2: "--collection nobody"},
    "describe": {0: "casualties low", 2: "casualties lowest"},
    "show": {0: "conflicts -n 1", 2: "conflict"},
    "find": {0: "SOHR", 1: "Xyzzyqqq", 2: "{}"},
    "ask": {0: f"revisions {SOHR}", 1: "rollup --by conflict", 2: "timeline --toll nobody"},
    "plot": {1: f"timeline --toll {SOHR} --outcome missing --out x.svg", 2: "timeline --toll nobody --out x.svg"},
    "cite": {0: "", 2: "--claims nobody-2024-01-01.1"},
    "export": {0: "jsonl --to out.jsonl --table conflicts --force", 2: "jsonl --to exists.sqlite"},
    "import": {2: "ucdp-ged nowhere.csv --out ged"},
    "versions": {0: ""},
    "fetch": {2: "9.9.9"},
    "validate": {0: "seeds", 1: "broken", 2: "nowhere"},
    "explain": {0: "at_least", 2: "at_leest"},
    "diff": {0: "package package", 1: "seeds broken --exit-code", 2: "package nowhere"},
    "publish": {1: "broken --out built", 2: "nowhere --out built"},
    "release": {1: "1.0.0 --to site --seeds broken --changelog log.md", 2: "1.0 --to site --seeds seeds"},
    "verify": {1: "touched", 2: "nowhere"},
    "new": {2: "https://example.org/new --conflict nobody --seeds seeds"},
    "fmt": {0: "tidy", 1: "seeds --check", 2: "nowhere"},
    "parse": {0: "text.txt", 1: "arabic.txt", 2: "nowhere.txt"},
    "form": {2: "bytes.txt"},
    "site build": {2: "--out seeds"},
    "site serve": {2: "nowhere"},
}
# Shown by the tests of these commands, which make what they need.
ELSEWHERE = {
    "plot": {0}, "import": {0, 1}, "versions": {2}, "fetch": {0}, "publish": {0}, "release": {0}, "verify": {0}, "new": {0}, "form": {0},
    "site build": {0}, "site serve": {0},
}  # fmt: skip


def read_page() -> dict[str, tuple[str, ...]]:
    """The table of commands on the page."""
    rows = re.findall(r"^\| `([a-z ]+)` \| (.+) \| (.+) \| (.+) \|$", PAGE.read_text(encoding="utf-8"), re.M)
    return {name: tuple(cells) for name, *cells in rows}


def list_commands() -> Iterator[str]:
    for family in COMMANDS.values():
        yield from family
    yield from ("site build", "site serve")


def test_the_page_has_a_row_per_command_and_the_cases_have_its_codes() -> None:
    page = read_page()
    assert list(page) == list(list_commands()) == list(CASES)
    for name, cells in page.items():
        codes = {code for code, text in enumerate(cells) if text != "-"}
        assert codes == set(CASES[name]) | ELSEWHERE.get(name, set()), name


HEAVY = ("validate", "diff", "publish", "release", "verify", "plot")
WALKED = [
    pytest.param(name, code, marks=[pytest.mark.slow] if name in HEAVY and code != 2 else [], id=f"{name} {code}")
    for name, cases in CASES.items()
    for code in cases
]


@pytest.mark.parametrize(("name", "code"), WALKED)
def test_each_command_ends_with_the_codes_of_the_page(name: str, code: int, world: Path) -> None:
    home = {"CONFLICTDATA_HOME": str(world / "home"), "CONFLICTDATA_REGISTRY": "", "NO_COLOR": "1", "COLUMNS": "120"}
    done = run(*name.split(), *CASES[name][code].split(), cwd=world, env=home)
    assert done.returncode == code, done.stdout[-2000:] + done.stderr[-2000:]
    assert "Traceback" not in done.stderr
    assert "unforeseen" not in done.stderr
    if code == 2:
        assert done.stdout == ""
        assert re.match(r"error: .+|Usage: ", done.stderr)


@pytest.mark.parametrize("name", CASES)
def test_an_unknown_option_is_usage(name: str) -> None:
    assert run(*name.split(), "--no-such-option").returncode == 2
    assert run(*name.split(), "-h").returncode == 0


class PanicError(BaseException):
    """What a library in Rust raises, which is no Exception."""


@contextmanager
def break_commands(fault: BaseException) -> Iterator[None]:
    with mock.patch.object(typer.main.get_command(app).__class__, "invoke", side_effect=fault):
        yield


@pytest.mark.parametrize(
    "fault", [RuntimeError("two\nlines"), PanicError("range"), MemoryError(), RecursionError("deep")]
)
def test_an_unforeseen_fault_is_one_line_and_its_traceback_is_asked_for(fault: BaseException) -> None:
    with break_commands(fault):
        done = run("list")
        full = run("list", env={"CONFLICTDATA_DEBUG": "1", "NO_COLOR": "1"})
    assert (done.returncode, full.returncode) == (2, 2)
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith(f"error: unforeseen fault: {type(fault).__name__}: ")
    assert "CONFLICTDATA_DEBUG=1" in done.stderr
    assert "Traceback (most recent call last)" in full.stderr
    assert full.stderr.endswith(done.stderr)


def test_a_batch_of_texts_is_read_to_its_end(world: Path) -> None:
    done = run("parse", "lines.jsonl", "--jsonl", cwd=world)
    assert done.returncode == 0
    first, second = map(json.loads, done.stdout.splitlines())
    assert (first["line"], second["line"], second["id"]) == (1, 2, "a")
    assert "only English is parsed" in second["error"]


def test_the_codes_of_the_page_are_those_of_the_program() -> None:
    from conflictdata.cli import _shared

    assert (_shared.CLEAN, _shared.FINDINGS, _shared.UNUSABLE) == (0, 1, 2)
    assert os.environ.get("CONFLICTDATA_DEBUG") != "1"
