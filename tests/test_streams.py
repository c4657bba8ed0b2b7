"""Streams that are closed, full, or no longer read keep the exit code true. Signals end a command in order."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from seedbox import NAME, SOURCE, write_seedbox

from conflictdata.cli._shared import NARROWEST, WIDEST, read_width
from conflictdata.cli._streams import OutputFile
from conflictdata.findings import UsageError

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the shell of these tests is sh")
PROGRAM = f"{sys.executable} -m conflictdata"


def shell(script: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a script of bash, with `$CD` for the program."""
    env = {**os.environ, "CD": PROGRAM, "NO_COLOR": "1", "TERM": "dumb"}
    return subprocess.run(["bash", "-c", script], cwd=cwd, env=env, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("seeds")
    write_seedbox(folder / "clean")
    write_seedbox(folder / "broken", {NAME: SOURCE.replace("rebels: 20", "rebels: 10")})
    return folder


# By script, its exit code, and the words on stderr.
FAST = {
    "$CD list | true; exit ${PIPESTATUS[0]}": (0, ""),
    "$CD find Xyzzyqqq 2>&1 | true; exit ${PIPESTATUS[0]}": (1, ""),
    "$CD list >&-": (0, ""),
    "$CD list 2>&-": (0, ""),
    "$CD list <&- >&- 2>&-": (0, ""),
    "$CD nothing 2>&-": (2, ""),
    "$CD describe nothing 2>/dev/full": (2, ""),
    "$CD list >/dev/full": (2, "error: standard output cannot be written: No space left on device\n"),
    "$CD parse - <&-": (2, "error: standard input is closed, so - names nothing; name a file, or pipe a text into the command\n"),
    "$CD form - <&-": (2, "error: standard input is closed, so - names nothing; name a file, or pipe a text into the command\n"),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("script", FAST)
def test_streams_keep_the_code(script: str, tmp_path: Path) -> None:
    done = shell(script, tmp_path)
    assert (done.returncode, done.stderr) == FAST[script]


@pytest.mark.slow
@pytest.mark.parametrize("form", ["text", "json", "github", "junit", "sarif", "markdown", "html"])
@pytest.mark.parametrize(("name", "code"), [("clean", 0), ("broken", 1)])
def test_a_report_whose_reader_has_gone_keeps_the_code(form: str, name: str, code: int, seeds: Path) -> None:
    for end in ("| true", "| head -c 10 >/dev/null", ">&-", "2>&-"):
        done = shell(f"$CD validate {name} --format {form} {end}; exit ${{PIPESTATUS[0]}}", seeds)
        assert (done.returncode, done.stderr) == (code, ""), end


HOSTILE = "nope\x1b[31m\n::error::x\u202e"
WRITTEN = r"nope\x1b[31m\n::error::x\u202e"


@pytest.mark.parametrize(
    "arguments",
    [["validate", HOSTILE], ["verify", HOSTILE], ["describe", HOSTILE], ["explain", HOSTILE], ["fmt", HOSTILE],
     ["parse", HOSTILE], ["form", HOSTILE], ["diff", HOSTILE, "x"], ["cite", "--claims", HOSTILE], ["publish", HOSTILE]],
    ids=lambda arguments: arguments[0],
)  # fmt: skip
def test_errors_write_hidden_characters_out(arguments: list[str], tmp_path: Path) -> None:
    from commands import run

    done = run(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "\x1b" not in done.stderr
    assert "\u202e" not in done.stderr
    assert "nope" in done.stderr
    assert r"\x1b[31m" in done.stderr


def test_a_message_of_several_lines_keeps_its_lines_and_each_is_escaped(capsys: pytest.CaptureFixture[str]) -> None:
    from conflictdata.cli import _run_guarded

    def refuse() -> None:
        raise UsageError("first", f"second {HOSTILE}")

    assert _run_guarded(refuse) == 2
    assert capsys.readouterr().err == f"error: first\nsecond {WRITTEN}\n"
    assert str(UsageError("one")) == "one"


def test_the_table_of_versions_writes_hidden_characters_out(tmp_path: Path) -> None:
    from commands import run

    (tmp_path / "r").mkdir()
    (tmp_path / "r/index.json").write_text(
        '{"index_version": 1, "versions": [{"version": "1.0.0", "released": "\\u001b[31m2024\\n::error::", "files": []}]}'
    )
    done = run("versions", env={"CONFLICTDATA_REGISTRY": str(tmp_path / "r"), "CONFLICTDATA_HOME": str(tmp_path / "h")})
    assert done.returncode == 0
    assert r"\x1b[31m2024\n::error::" in done.stdout
    assert "\x1b" not in done.stdout


@pytest.mark.parametrize(("columns", "width"), [("0", NARROWEST), ("100000", WIDEST), ("9" * 5000, WIDEST), ("80", 80), ("", None), ("-5", None), ("x", None), ("²", None)])  # fmt: skip
def test_the_width_is_one_that_libraries_can_draw(
    columns: str, width: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert read_width() == width


def test_a_stream_drops_what_cannot_be_written_and_keeps_the_reason() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    gone = OutputFile(writing)
    assert gone.write(b"abc") == 3
    assert gone.fault is not None
    assert not gone.is_lost
    os.close(writing)
    with open("/dev/full", "wb", buffering=0) as full:
        lost = OutputFile(full.fileno())
        assert lost.write(memoryview(b"abcd")) == 4
        assert lost.is_lost


@pytest.mark.slow
def test_a_batch_stops_when_nobody_reads_it(tmp_path: Path) -> None:
    line = '{"id": "a", "text": "Ten people were killed in Aleppo on Monday."}\n'
    (tmp_path / "many.jsonl").write_text(line * 300_000)
    done = shell("timeout 60 $CD parse many.jsonl --jsonl | head -1 >/dev/null; exit ${PIPESTATUS[0]}", tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
