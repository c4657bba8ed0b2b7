"""The first pages for users of R and SQL: their commands print the output below them, in the folder of a package."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import typer.main

from conflictdata.cli import app
from conflictdata.loading import DATA

DOCS = Path(__file__).parents[1] / "docs"
BLOCK = re.compile(r"^```sh\n(.*?)^```\n```text\n(.*?)^```", re.M | re.S)
EXAMPLES = [
    (page, number, script, printed)
    for page in ("for-r.md", "for-sql.md")
    for number, (script, printed) in enumerate(BLOCK.findall((DOCS / page).read_text(encoding="utf-8")))
]


def test_each_page_has_its_examples() -> None:
    assert [example[:2] for example in EXAMPLES] == [("for-r.md", 0), ("for-sql.md", 0), ("for-sql.md", 1)]


@pytest.mark.parametrize(("page", "number", "script", "printed"), EXAMPLES, ids=[f"{e[0]}-{e[1]}" for e in EXAMPLES])
def test_an_example_prints_the_output_below_it(
    page: str, number: int, script: str, printed: str, tmp_path: Path
) -> None:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    tools = [tool for tool in ("Rscript", "sqlite3", "duckdb") if f"{tool} " in script.replace("duckdb.", "")]
    assert tools
    if missing := [tool for tool in tools if shutil.which(tool, path=path) is None]:
        pytest.skip(f"{missing[0]} is not installed")
    folder = tmp_path / "package"
    shutil.copytree(DATA, folder, ignore=shutil.ignore_patterns("collections"))
    env = {**os.environ, "PATH": path, "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script], capture_output=True, text=True, check=False, env=env, cwd=folder
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.replace("\r\n", "\n") == printed


# Options of `conflictdata ask` and `find` are tested with these commands.
COMMAND = re.compile(r"^conflictdata ([a-z]+)(.*)$", re.M)


@pytest.mark.parametrize("page", sorted(page.name for page in DOCS.glob("for-*.md")))
def test_a_command_of_a_first_page_has_its_options(page: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    for name, rest in COMMAND.findall("\n".join(re.findall(r"^```sh\n(.*?)^```", text, re.M | re.S))):
        known = {option for parameter in commands[name].params for option in parameter.opts}
        assert set(re.findall(r"(?<= )--?[a-z][a-z-]*", rest)) <= known, f"{page}: {name}{rest}"
