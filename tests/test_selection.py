"""Checks of selected files, whose findings equal those of a complete check, and what a check imports and prints."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import pty
import re
import select
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from depth import count_examples
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from mistakes import MISTAKES, Mistake
from seed_edits import Edit, edits, format_page, list_files, write_pages
from seedbox import NAME

from conflictdata.findings import Finding, Report
from conflictdata.schema import columns
from conflictdata.validation.api import validate
from conflictdata.validation.pipeline import read_seeds_target, validate_target

SEEDS = Path(__file__).parents[1] / "seeds"
DAY = dt.date(2026, 6, 1)

some = settings(
    max_examples=count_examples(4, 20),
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
many = settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))


def check_folder(folder: Path, only: Iterable[str] | None = None) -> Report:
    """Evaluate all rules on a folder, and report some files or all."""
    selected = None if only is None else frozenset((folder / name).as_posix() for name in only)
    return validate_target(read_seeds_target(folder, only=selected), released_on=DAY).report


def select_findings(found: list[Finding], folder: Path, names: Iterable[str]) -> list[Finding]:
    """Return the findings in some files."""
    files = {(folder / name).as_posix() for name in names}
    return [f for f in found if f.place and f.place.file in files]


def check_checking(folder: Path, steps: list[Edit], choose: Callable[[list[str]], list[str]]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    seeds = write_pages(folder / "seeds")
    for step in steps:
        step(seeds)
    whole = check_folder(seeds)
    without_waivers = [name for name in list_files(seeds) if name != "waivers.yaml"]
    for names in (choose(list_files(seeds)), list_files(seeds)[:1], without_waivers, list_files(seeds)):
        found = check_folder(seeds, names)
        assert found.findings == select_findings(whole.findings, seeds, names)
        assert found.waived == select_findings(whole.waived, seeds, names)
    assert found.evaluated == whole.evaluated
    assert found.counts == whole.counts


chosen = st.sets(st.integers(0, 40), min_size=1, max_size=3).map(
    lambda numbers: lambda names: sorted({names[n % len(names)] for n in numbers})
)


@pytest.mark.slow
@settings(some, max_examples=count_examples(1, 4))
@given(st.lists(edits, min_size=1, max_size=5), chosen)
def test_checking_agrees_after_any_edits(
    tmp_path: Path, steps: list[Edit], choose: Callable[[list[str]], list[str]]
) -> None:
    check_checking(tmp_path / "x", steps, choose)


@pytest.mark.hand
@pytest.mark.slow
@settings(many, max_examples=60)
@given(st.lists(edits, min_size=1, max_size=8), chosen)
def test_checking_agrees_after_many_edits(
    tmp_path: Path, steps: list[Edit], choose: Callable[[list[str]], list[str]]
) -> None:
    check_checking(tmp_path / "x", steps, choose)


def plan_rounds() -> list[list[Mistake]]:
    """Return the mistakes in rounds, one per file.

    Files that all others depend on have their own rounds.
    """
    found: list[list[Mistake]] = []
    for mistake in MISTAKES:
        touched = {mistake.file, mistake.instead_of}
        free = (r for r in found if not any({m.file, m.instead_of} & touched - {""} for m in r))
        (next(free, None) or found.append([]) or found[-1]).append(mistake)
    return found


def break_copy(folder: Path, mistakes: Iterable[Mistake]) -> Path:
    """Return a copy of the real seeds with mistakes in it."""
    for mistake in mistakes:
        source, target = folder / (mistake.instead_of or mistake.file), folder / mistake.file
        before = source.read_bytes().decode() if source.exists() else ""
        target.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(LookupError):  # its place is missing: test_mistakes.py reports it
            target.write_bytes(mistake.edit(before).encode())
        if mistake.instead_of:
            source.unlink()
    return folder


def check_mistakes(folder: Path, mistakes: list[Mistake], alone: int) -> None:
    seeds = folder / "seeds"
    shutil.copytree(SEEDS, seeds)
    break_copy(seeds, mistakes)
    whole = check_folder(seeds)
    names = [mistake.file for mistake in mistakes]
    quiet = [name for name in list_files(seeds) if not select_findings(whole.findings + whole.waived, seeds, [name])]
    assert len(select_findings(whole.findings, seeds, names)) >= len(names) * 2 // 3
    for selected in (names, *([name] for name in (*names[:alone], *quiet[:: len(quiet) // max(1, alone // 4) + 1]))):
        found = check_folder(seeds, selected)
        assert found.findings == select_findings(whole.findings, seeds, selected)
        assert found.waived == select_findings(whole.waived, seeds, selected)


@pytest.mark.slow
def test_a_file_with_a_mistake_gives_what_the_whole_folder_gives_for_it(tmp_path: Path) -> None:
    check_mistakes(tmp_path, plan_rounds()[0], alone=1)


@pytest.mark.hand
@pytest.mark.slow
@pytest.mark.parametrize("number", range(len(plan_rounds())))
def test_each_file_with_a_mistake_gives_what_the_whole_folder_gives_for_it(number: int, tmp_path: Path) -> None:
    check_mistakes(tmp_path, plan_rounds()[number], alone=100)


# Imports and output of a run.


def test_what_is_compiled_of_the_models_is_what_they_say() -> None:
    assert [columns.COMPILED.file.read_text(encoding="utf-8")] == list(columns.COMPILED.render_files().values()), (
        "run `conflictdata publish --repository`"
    )


@pytest.mark.slow
def test_the_option_cache_has_no_effect_and_warns_at_the_line_of_the_call(tmp_path: Path) -> None:
    seeds = write_pages(tmp_path / "seeds")
    plain = validate(seeds)
    for option in (True, False):
        with pytest.warns(FutureWarning, match="`cache` has no effect: every check reads all files") as caught:
            assert validate(seeds, cache=option) == plain
        assert [warning.filename for warning in caught] == [__file__]


@pytest.mark.slow
@pytest.mark.parametrize("option", ["--cache", "--no-cache"])
def test_the_command_prints_one_line_about_a_cache_option(option: str, tmp_path: Path) -> None:
    seeds, env = write_pages(tmp_path / "seeds"), {**os.environ, "CONFLICTDATA_HOME": str(tmp_path / "home")}
    plain, done = (
        subprocess.run(
            [sys.executable, "-m", "conflictdata", "validate", seeds, *more],
            capture_output=True, text=True, env=env, check=False,
        )
        for more in ((), (option,))
    )  # fmt: skip

    assert (done.returncode, done.stdout) == (plain.returncode, plain.stdout)
    assert (plain.stderr, done.stderr) == ("", f"`{option}` has no effect: every check reads all files\n")
    assert not (tmp_path / "home").exists()


def test_models_that_were_edited_since_are_read_themselves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (text,) = columns.COMPILED.render_files().values()
    for name in columns.COMPILED.sources:
        shutil.copy(columns.COMPILED.file.with_name(name), tmp_path / name)
    copied = replace(columns.COMPILED, file=tmp_path / "compiled.json")
    monkeypatch.setattr(columns, "COMPILED", copied)
    copied.file.write_text(text.replace('"sohr"', '"x"'), encoding="utf-8")
    assert columns.load_compiled.__wrapped__() != columns.compile_models()

    with (tmp_path / "tables.py").open("a") as tables:
        tables.write("# edited\n")

    assert columns.load_compiled.__wrapped__() == columns.compile_models()


@pytest.mark.slow
def test_a_check_loads_neither_pandas_nor_libraries_on_top_of_it(tmp_path: Path) -> None:
    seeds = write_pages(tmp_path / "seeds")
    (seeds / NAME).write_text(format_page("paper", "2024-06-02").replace("rebels: 20", "rebels: 10"), encoding="utf-8")
    heavy = "pandas pandera pyarrow frictionless numpy"
    code = (
        "import sys; from conflictdata.validation.api import validate; "
        f"report = validate({str(seeds / NAME)!r}); "
        f"print(len(report.findings), *(m for m in {heavy.split()} if m in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["1"]


IMPATIENT = "import conflictdata.cli._bar as b; b.PATIENCE = 0; from conflictdata.cli import main; main()"


def run_on_terminal(*args: str | Path) -> Iterator[bytes]:
    """Return a command's output on a terminal."""
    main, other = pty.openpty()
    env = {**os.environ, "TERM": "xterm", "COLUMNS": "120", "LINES": "40"}
    command = [sys.executable, "-c", IMPATIENT, *map(str, args)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=other, env=env) as process:
        os.close(other)
        while select.select([main], [], [], 60)[0]:
            try:
                yield os.read(main, 65536)
            except OSError:  # the other end is closed
                break
        assert process.stdout is not None
        process.stdout.read()
    os.close(main)


@pytest.mark.slow
def test_a_bar_shows_files_rules_and_rates_on_a_terminal_and_is_gone_at_the_end() -> None:
    written = b"".join(run_on_terminal("validate", SEEDS)).decode()
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", written)

    assert re.search(r"Reading seeds .* [1-9][0-9]*/2[0-9]{2} files .*[0-9]/s", plain)
    assert re.search(r"Asking rules .* [1-9][0-9]*/[0-9]+ rules", plain)
    assert written.rstrip().endswith("\x1b[2K"), "the line of the bar is erased"


@pytest.mark.slow
def test_no_bar_on_a_pipe() -> None:
    done = subprocess.run([sys.executable, "-c", IMPATIENT, "validate", str(SEEDS)], capture_output=True, check=False)

    assert done.returncode == 0
    assert done.stderr == b""
