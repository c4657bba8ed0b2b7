"""The exported SQLite file opens in Datasette.

References are links, and the dictionary is a table like the others.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import conflictdata as cd
from conflictdata.export import export
from conflictdata.loading import bundle

pytest.importorskip("datasette")

CLAIM = "444_hu-2023-10-05.1"


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("datasette") / "conflictdata.sqlite"
    export("sqlite", file, bundle())
    return file


def ask(database: Path, path: str) -> str:
    """Return Datasette's response for a path, from a separate process."""
    command = [sys.executable, "-m", "datasette", "serve", str(database), "--get", path]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def ask_json(database: Path, path: str) -> Any:
    return json.loads(ask(database, path))


@pytest.mark.slow
def test_every_table_is_there_with_its_rows_and_the_dictionary(database: Path) -> None:
    shown = {t["name"]: t["count"] for t in ask_json(database, "/conflictdata.json")["tables"]}
    columns = sum(len(cd.describe(table).columns) for table in cd.tables())
    expected = {table: len(cd.load(table)) for table in cd.tables()}
    assert shown == {**expected, "dictionary": columns, "package": 6}


@pytest.mark.slow
def test_references_are_links_with_the_names_of_what_they_lead_to(database: Path) -> None:
    page = ask(database, f"/conflictdata/claims?claim_id={CLAIM}")
    links = dict(re.findall(r'<td class="col-(\w+) [^"]*"><a href="(/conflictdata/[^"]+)">', page))
    claim = cd.load("claims").set_index("claim_id").loc[CLAIM]
    assert links["claimant_id"] == f"/conflictdata/actors/{claim.claimant_id}"
    assert set(links) == {"claim_id", "source_id", "claimant_id", "conflict_id", "location_id"}
    name = cd.load("actors").set_index("actor_id").loc[claim.claimant_id, "name"]
    assert f">{name}</a>&nbsp;<em>{claim.claimant_id}</em>" in page
    led = ask(database, links["claimant_id"])
    assert f"actors: {claim.claimant_id}" in led


@pytest.mark.slow
def test_a_word_of_the_dictionary_can_be_queried(database: Path) -> None:
    (row,) = ask_json(database, "/conflictdata/dictionary.json?_shape=array&table=figures&column=qualifier")
    column = next(c for c in cd.describe("figures").columns if c.name == "qualifier")
    assert row["description"] == column.description
    assert "at_least" in row["terms"]
