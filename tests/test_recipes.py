"""The recipes of docs/recipes.md, run unchanged in the folder of a package."""

from __future__ import annotations

import datetime as dt
import functools
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pandas as pd
import pytest

import conflictdata as cd
from conflictdata.export import export
from conflictdata.loading import DATA, bundle

PAGE = Path(__file__).parents[1] / "docs" / "recipes.md"
SECTIONS = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", PAGE.read_text("utf-8"), re.M | re.S))
RECIPES = {
    title: found for title, text in SECTIONS.items() if (found := re.findall(r"^```sh\n(.*?)^```\n```text\n(.*?)^```", text, re.M | re.S))
}  # fmt: skip
TOOLS = {"DuckDB": "duckdb", "R": "Rscript", "R with readr": "Rscript", "SQLite": "sqlite3", "curl and head": "curl"}
TOLL = "sohr.syria_2024_offensive.2024-11-27"
COLUMNS = ["as_of", "claim_id", "qualifier", "low", "best", "high"]


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    web = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(DATA)))
    threading.Thread(target=web.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{web.server_address[1]}"
    web.shutdown()
    web.server_close()


def list_rows() -> str:
    """Return the answer of Python to the question of the page."""
    now = cd.load("casualties", current=True)
    toll = now[(now.toll_id == TOLL) & (now.population == "everybody") & (now.outcome == "killed")]
    return str(toll[toll.as_of >= "2024-12-04"].sort_values(["as_of", "claim_id"])[COLUMNS].to_csv(index=False))


def test_every_tool_has_its_recipe_and_all_give_the_same_answer() -> None:
    assert set(RECIPES) == set(TOOLS)
    expected = list_rows()
    assert expected.count("\n") > 10
    for title in set(TOOLS) - {"curl and head"}:
        assert RECIPES[title][0][1] == expected, title
    assert expected in SECTIONS["polars"]
    assert expected in PAGE.read_text("utf-8").partition("## DuckDB")[0]


@pytest.mark.parametrize("title", RECIPES)
def test_a_recipe_prints_the_output_below_it(title: str, server: str, tmp_path: Path) -> None:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    if shutil.which(TOOLS[title], path=path) is None:
        pytest.skip(f"{TOOLS[title]} is not installed")
    folder = tmp_path / "package"
    shutil.copytree(DATA, folder, ignore=shutil.ignore_patterns("collections"))
    env = {**os.environ, "PATH": path, "REGISTRY": server, "LC_ALL": "C.UTF-8", "no_proxy": "*"}
    if title.endswith("readr"):
        asked = subprocess.run(["Rscript", "-e", "library(readr)"], capture_output=True, check=False, env=env)
        if asked.returncode:
            pytest.skip("readr is not installed")
    for script, printed in RECIPES[title]:
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script], capture_output=True, text=True, check=False, env=env, cwd=folder
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout.replace("\r\n", "\n") == printed


def test_the_file_for_stata_gives_the_same_rows_and_the_do_file_names_its_variables(tmp_path: Path) -> None:
    """Stata is not here. The conditions of the do-file are applied by pandas to the file that Stata would open."""
    export("stata", tmp_path / "casualties.dta", bundle(), tables=["casualties"])
    (script,) = re.findall(r"^```stata\n(.*?)^```", SECTIONS["Stata"], re.M | re.S)
    rows = pd.read_stata(tmp_path / "casualties.dta", convert_missing=False)
    with pd.io.stata.StataReader(tmp_path / "casualties.dta") as reader:
        labels = reader.value_labels()
    for condition in re.findall(r"^keep if (.+)$", script, re.M):
        for name, sign, word, label in re.findall(r"(\w+) (==|>=) (\"[^\"]+\"|td\(\w+\))(?::(\w+))?", condition):
            value = dt.datetime.strptime(word[3:-1], "%d%b%Y") if word.startswith("td(") else word.strip('"')
            if label:
                assert value in labels[label].values(), condition
            rows = rows[rows[name] == value] if sign == "==" else rows[rows[name] >= value]
        assert condition.count(" & ") == len(re.findall(r"==|>=", condition)) - 1
    (order,) = re.findall(r"^sort (.+)$", script, re.M)
    (shown,) = re.findall(r"^list (.+), noobs$", script, re.M)
    assert shown.split() == COLUMNS
    found = rows.sort_values(order.split())[COLUMNS].astype(dict.fromkeys(("low", "best", "high"), "Int64"))
    assert found.to_csv(index=False) == list_rows()
