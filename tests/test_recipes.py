"""The recipes of docs/recipes.md, run unchanged in the folder of a package."""

from __future__ import annotations

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

import pytest

from conflictdata.loading import DATA

PAGE = Path(__file__).parents[1] / "docs" / "recipes.md"
RECIPES = re.findall(r"^## (.+?)\n.*?^```sh\n(.*?)^```\n```text\n(.*?)^```", PAGE.read_text("utf-8"), re.M | re.S)
TOOLS = {"DuckDB": "duckdb", "R": "Rscript", "SQLite": "sqlite3", "curl and head": "curl"}


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


def test_every_tool_has_its_recipe() -> None:
    assert {title for title, _, _ in RECIPES} == set(TOOLS)


@pytest.mark.parametrize(("title", "script", "printed"), RECIPES, ids=[title for title, _, _ in RECIPES])
def test_a_recipe_prints_the_output_below_it(
    title: str, script: str, printed: str, server: str, tmp_path: Path
) -> None:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    if shutil.which(TOOLS[title], path=path) is None:
        pytest.skip(f"{TOOLS[title]} is not installed")
    shutil.copytree(DATA, tmp_path / "package")
    env = {**os.environ, "PATH": path, "REGISTRY": server, "LC_ALL": "C.UTF-8", "no_proxy": "*"}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        capture_output=True, text=True, check=False, env=env, cwd=tmp_path / "package",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.replace("\r\n", "\n") == printed
