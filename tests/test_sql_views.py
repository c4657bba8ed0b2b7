"""The views of the databases have the rows of the answers."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import conflictdata as cd
from conflictdata.export import export
from conflictdata.loading import bundle

TABLES = ["casualties"]


@pytest.fixture(scope="module", params=["sqlite", "duckdb"])
def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    file = tmp_path_factory.mktemp("views") / f"a.{request.param}"
    export(request.param, file, bundle(), tables=TABLES)
    if request.param == "sqlite":
        opened: Any = sqlite3.connect(file)
    else:
        import duckdb

        opened = duckdb.connect(str(file))
    with contextlib.closing(opened):
        yield opened


def read_points(database: Any, outcome: str) -> set[tuple[Any, ...]]:
    columns = "toll, claimant, as_of, n, low, high, pages"
    rows = database.execute(
        f"SELECT {columns} FROM toll_points WHERE outcome = '{outcome}' AND unit = 'persons'"
    ).fetchall()
    assert len(rows) == len(set(rows))
    return {(toll, claimant, str(day), *numbers) for toll, claimant, day, *numbers in rows}


@pytest.mark.slow
@pytest.mark.parametrize("outcome", ["killed", "injured"])
def test_the_points_of_tolls_are_the_rows_of_timeline(database: Any, outcome: str) -> None:
    frames = [cd.timeline(toll, outcome=outcome) for toll in cd.load("tolls").toll_id]
    expected = {
        (row.toll, row.claimant, f"{row.as_of:%Y-%m-%d}", *(None if pd.isna(n) else int(n) for n in (row.n, row.low, row.high, row.pages)))
        for frame in frames for row in frame.itertuples()
    }  # fmt: skip
    assert len(expected) > 5
    assert read_points(database, outcome) == expected


def test_the_current_totals_are_those_of_load(database: Any) -> None:
    found = {row[0] for row in database.execute("SELECT figure_id FROM current_totals").fetchall()}
    now = cd.load(current=True)
    assert found == set(now[now.relation == "total"].figure_id)


def test_a_database_without_the_table_has_no_views(tmp_path: Path) -> None:
    export("sqlite", tmp_path / "a.sqlite", bundle(), tables=["actors"])
    with contextlib.closing(sqlite3.connect(tmp_path / "a.sqlite")) as opened:
        assert opened.execute("SELECT name FROM sqlite_master WHERE type = 'view'").fetchall() == []


@pytest.mark.slow
@pytest.mark.parametrize(("name", "outcome"), [("gaza_daily", "killed"), ("ukraine_daily", "losses_unspecified")])
def test_the_views_of_a_collection_have_the_rows_of_timeline(name: str, outcome: str, tmp_path: Path) -> None:
    export("sqlite", tmp_path / "a.sqlite", bundle(collection=name), tables=TABLES)
    frames = [cd.timeline(toll, outcome=outcome, collection=name) for toll in cd.load("tolls", collection=name).toll_id]
    expected = {
        (row.toll, row.claimant, f"{row.as_of:%Y-%m-%d}", *(None if pd.isna(n) else int(n) for n in (row.n, row.low, row.high, row.pages)))
        for frame in frames for row in frame.itertuples()
    }  # fmt: skip
    assert len(expected) > 1000
    with contextlib.closing(sqlite3.connect(tmp_path / "a.sqlite")) as opened:
        assert read_points(opened, outcome) == expected
