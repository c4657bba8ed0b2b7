"""Exports.

Third-party readers read each back, and the result is compared with the published tables.
"""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import commands
import pandas as pd
import polars as pl
import pytest

import conflictdata as cd
from conflictdata.cli import export as export_command
from conflictdata.export import FORMATS, export
from conflictdata.export.bundle import Bundle
from conflictdata.export.ucdp_ged import COLUMNS, collapse_events
from conflictdata.findings import UsageError
from conflictdata.loading import bundle
from conflictdata.schema.sums import HOW_NOT_TO_ADD_UP


@pytest.fixture(scope="module")
def data() -> Bundle:
    return bundle()


def _list_rows(table: str) -> list[tuple[Any, ...]]:
    return list(cd.load(table, engine="polars").iter_rows())


def test_the_command_line_knows_every_format() -> None:
    assert list(export_command.FORMATS) == list(FORMATS)


# --- SQLite


@pytest.fixture(scope="module")
def sqlite(data: Bundle, tmp_path_factory: pytest.TempPathFactory) -> sqlite3.Connection:
    file = tmp_path_factory.mktemp("sqlite") / "a.sqlite"
    assert export("sqlite", file, data) == []
    return sqlite3.connect(file, isolation_level=None)


@pytest.mark.parametrize("table", cd.tables())
def test_sqlite_holds_every_cell(sqlite: sqlite3.Connection, table: str) -> None:
    expected = cd.load(table, engine="polars").with_columns(pl.col(pl.Date).cast(pl.String)).rows()
    assert sqlite.execute(f'SELECT * FROM "{table}"').fetchall() == expected


def test_sqlite_keeps_keys_references_and_words(sqlite: sqlite3.Connection) -> None:
    assert sqlite.execute("PRAGMA foreign_key_check").fetchall() == []
    assert sqlite.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    targets = {row[2] for row in sqlite.execute('PRAGMA foreign_key_list("figures")')}
    assert targets == {"claims", "figures", "actors", "locations", "tolls"}
    with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
        sqlite.execute("UPDATE claims SET scope = 'Event'")
    sqlite.execute("PRAGMA foreign_keys = ON")
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        sqlite.execute("UPDATE figures SET claim_id = 'nobody-2024-01-01.1'")


def test_sqlite_explains_itself(sqlite: sqlite3.Connection) -> None:
    words = dict(sqlite.execute('SELECT "table" || \'.\' || "column", description FROM dictionary'))
    assert words["claims.claimant_id"] == "Who asserts it."
    assert dict(sqlite.execute("SELECT * FROM package"))["licence"] == "CC-BY-4.0"


def test_sqlite_gives_the_same_bytes_again(data: Bundle, tmp_path: Path) -> None:
    for name in ("a", "b"):
        export("sqlite", tmp_path / name, data, tables=["claims", "sources", "actors"])
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


# --- DuckDB


@pytest.mark.slow
def test_duckdb_holds_every_cell_with_types_keys_and_comments(data: Bundle, tmp_path: Path) -> None:
    import duckdb

    file = tmp_path / "a.duckdb"
    export("duckdb", file, data)
    with duckdb.connect(str(file), read_only=True) as database:
        for table in cd.tables():
            assert database.execute(f'SELECT * FROM "{table}"').fetchall() == _list_rows(table)
        columns = "SELECT comment FROM duckdb_columns() WHERE table_name = 'claims' AND column_name = 'claimant_id'"
        assert database.execute(columns).fetchone() == ("Who asserts it.",)
        days = "SELECT data_type FROM duckdb_columns() WHERE table_name = 'claims' AND column_name = 'as_of'"
        assert database.execute(days).fetchone() == ("DATE",)
        keys = "SELECT count(*) FROM duckdb_constraints() WHERE constraint_type = 'FOREIGN KEY'"
        assert database.execute(keys).fetchall()[0][0] > 15


# --- Excel


@pytest.mark.slow
def test_excel_holds_every_cell_as_text_number_or_date(data: Bundle, tmp_path: Path) -> None:
    import openpyxl

    file = tmp_path / "a.xlsx"
    export("excel", file, data, tables=["claims", "figures", "locations"])
    book = openpyxl.load_workbook(file)
    assert book.sheetnames == ["read_me", "dictionary", "claims", "figures", "locations"]
    page = [cell.value for (cell,) in book["read_me"].iter_rows()]
    assert [line.replace("`", "") for line in HOW_NOT_TO_ADD_UP] == page[2:5]
    for table in book.sheetnames[2:]:
        seen = [tuple(map(_parse_day, row)) for row in book[table].iter_rows(min_row=2, values_only=True)]
        assert seen == _list_rows(table)
        assert book[table].freeze_panes == "B2"
    assert not any(cell.data_type == "f" for row in book["claims"].iter_rows() for cell in row)


def _parse_day(value: Any) -> Any:
    return value.date() if isinstance(value, dt.datetime) else value


def test_excel_is_the_same_again_and_takes_no_time_from_a_clock(data: Bundle, tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        export("excel", tmp_path / name, data, tables=["events"])
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def _replace_table(data: Bundle, table: str, frame: pl.DataFrame) -> Bundle:
    return Bundle(data.package, {table: data.schemas[table]}, lambda _: frame)


@pytest.mark.slow
def test_what_excel_cannot_hold_is_refused_before_anything_is_written(data: Bundle, tmp_path: Path) -> None:
    flags = data["flags"]
    long = _replace_table(data, "flags", flags.with_columns(note=pl.lit("x" * 32_768)))
    with pytest.raises(UsageError, match=r"flags\.note has a text of 32,768 characters"):
        export("excel", tmp_path / "a.xlsx", long)
    many = _replace_table(data, "flags", pl.concat([flags.head(1)] * 1_048_576))
    with pytest.raises(UsageError, match=r"flags has 1,048,576 rows, and a sheet of Excel holds 1,048,575"):
        export("excel", tmp_path / "a.xlsx", many)
    assert list(tmp_path.iterdir()) == []


def test_text_that_looks_like_a_formula_stays_text(data: Bundle, tmp_path: Path) -> None:
    import openpyxl

    evil = _replace_table(data, "flags", data["flags"].with_columns(note=pl.lit('=HYPERLINK("http://example.org")')))
    export("excel", tmp_path / "a.xlsx", evil)
    cells = [row[3] for row in openpyxl.load_workbook(tmp_path / "a.xlsx")["flags"].iter_rows(min_row=2)]
    assert {cell.data_type for cell in cells} == {"s"}


# --- Stata


@pytest.mark.parametrize("table", ["casualties", "figures", "locations"])
def test_stata_holds_every_cell_with_labels(data: Bundle, tmp_path: Path, table: str) -> None:
    import pyreadstat

    file = tmp_path / "a.dta"
    export("stata", file, data, tables=[table])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        frame, about = pyreadstat.read_dta(str(file), apply_value_formats=True)
    expected = cd.load(table, engine="polars")
    assert list(frame.columns) == expected.columns
    for column in expected.columns:
        seen = [None if v is None or v == "" or pd.isna(v) else v for v in frame[column].astype(object)]
        assert seen == expected[column].to_list(), column
    assert about.column_names_to_labels[expected.columns[0]] == data.list_fields(table)[0]["description"]
    assert max(map(len, about.column_labels)) <= 80


def test_stata_knows_terms_by_their_words(data: Bundle, tmp_path: Path) -> None:
    import pyreadstat

    export("stata", tmp_path / "a.dta", data, tables=["claims"])
    _, about = pyreadstat.read_dta(str(tmp_path / "a.dta"), metadataonly=True)
    assert set(about.variable_value_labels["scope"].values()) >= {"event", "cumulative", "stock"}


# --- JSON Lines


def test_jsonl_holds_claims_with_their_trees(data: Bundle, tmp_path: Path) -> None:
    export("jsonl", tmp_path / "a.jsonl", data)
    claims = [json.loads(line) for line in (tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [c["claim_id"] for c in claims] == cd.load("claims").claim_id.to_list()
    (toll,) = (c for c in claims if c["claim_id"] == "telesur_english-2024-12-05.1")
    (root,) = toll["figures"]
    assert (root["low"], root["qualifier"], len(root["figures"])) == (727, "at_least", 4)
    assert toll["source"]["publisher_id"] == "telesur_english"

    def count(figures: list[dict[str, Any]]) -> int:
        return sum(1 + count(f.get("figures", [])) for f in figures)

    assert sum(count(c["figures"]) for c in claims) == len(cd.load("figures"))


def test_jsonl_of_one_table_is_read_by_polars(data: Bundle, tmp_path: Path) -> None:
    export("jsonl", tmp_path / "a.jsonl", data, tables=["figures"])
    expected = cd.load("figures", engine="polars").with_columns(pl.col(pl.Date).cast(pl.String))
    seen = pl.read_ndjson(tmp_path / "a.jsonl", schema=expected.schema)
    assert seen.equals(expected, null_equal=True)


# --- Events on a map


def _read_features(file: Path) -> dict[str, dict[str, Any]]:
    return {f["id"]: f for f in json.loads(file.read_text(encoding="utf-8"))["features"]}


def test_geojson_has_a_point_and_the_bounds_of_each_event(data: Bundle, tmp_path: Path) -> None:
    export("geojson", tmp_path / "a.geojson", data)
    features = _read_features(tmp_path / "a.geojson")
    events = cd.load("events")
    assert list(features) == sorted(events[events.status == "active"].event_id)
    hroza = features["2023-10-05-hroza-missile-strike"]
    assert hroza["geometry"] == {"type": "Point", "coordinates": [37.35, 49.55]}  # longitude first
    assert hroza["properties"]["killed_largest"] == 56
    assert "President of Ukraine: at least 49" in hroza["properties"]["killed"]


def test_geojson_is_read_by_gdal(data: Bundle, tmp_path: Path) -> None:
    geopandas = pytest.importorskip("geopandas")
    export("geojson", tmp_path / "a.geojson", data)
    read = geopandas.read_file(tmp_path / "a.geojson")
    assert read.crs.to_epsg() == 4326
    assert len(read) == len(_read_features(tmp_path / "a.geojson"))
    assert read.geometry.geom_type.eq("Point").all()


def test_geoparquet_carries_points_and_their_system(data: Bundle, tmp_path: Path) -> None:
    import struct

    import pyarrow.parquet as pq

    export("geoparquet", tmp_path / "a.parquet", data)
    export("geojson", tmp_path / "a.geojson", data)
    table = pq.read_table(tmp_path / "a.parquet")
    about = json.loads(table.schema.metadata[b"geo"])
    assert about["version"] == "1.1.0"
    assert about["primary_column"] == "geometry"
    assert about["columns"]["geometry"]["geometry_types"] == ["Point"]
    features = _read_features(tmp_path / "a.geojson")
    for row in table.select(["event_id", "geometry"]).to_pylist():
        order, kind, x, y = struct.unpack("<BIdd", row["geometry"])  # well-known binary
        assert (order, kind) == (1, 1)
        assert [x, y] == features[row["event_id"]]["geometry"]["coordinates"]


# --- UCDP GED's columns


def test_ged_rows_hold_what_ged_promises(data: Bundle, tmp_path: Path) -> None:
    import duckdb

    remarks = export("ged", tmp_path / "a.csv", data)
    assert remarks[0].startswith("Claims that are part of another")
    file = str(tmp_path / "a.csv")
    assert [c[0] for c in duckdb.sql(f"DESCRIBE SELECT * FROM '{file}'").fetchall()] == COLUMNS
    broken = f"""
        SELECT relid FROM '{file}' WHERE NOT (low <= best AND best <= high)
            OR deaths_a + deaths_b + deaths_civilians + deaths_unknown <> best OR year(date_start) <> year
            OR priogrid_gid <> floor((latitude + 90) * 2) * 720 + floor((longitude + 180) * 2) + 1
            OR len(string_split(source_date, ';')) <> number_of_sources OR (type_of_violence = 3 AND side_b <> 'Civilians')
    """
    assert duckdb.sql(broken).fetchall() == []
    assert duckdb.sql(f"SELECT count(*) = count(DISTINCT id) FROM '{file}'").fetchall() == [(True,)]


def test_ged_takes_the_latest_claim_that_counts_everybody(data: Bundle) -> None:
    rows = {row["relid"]: row for row in collapse_events(data)}
    # Police and army count their own beside the ministry's 1,200; 1,400 is the number that it took back.
    attack = rows["2023-10-07-attack-on-israel"]
    assert (attack["low"], attack["best"], attack["high"]) == ("1200", "1200", "1400")
    hroza = rows["2023-10-05-hroza-missile-strike"]  # the child of one claim is no toll of the event
    assert (hroza["low"], hroza["best"], hroza["high"]) == ("49", "56", "56")
    commander = rows["2024-11-27-irgc-commander-killed"]
    assert (commander["deaths_b"], commander["deaths_unknown"]) == ("1", "0")


# --- The command and its errors


def run(*args: str | Path) -> subprocess.CompletedProcess[str]:
    return commands.run(*args)


def test_a_file_that_is_there_stays_unless_forced(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text("mine", encoding="utf-8")
    done = run("export", "jsonl", "--to", file)
    assert (done.returncode, file.read_text(encoding="utf-8")) == (2, "mine")
    assert "--force replaces it" in done.stderr
    assert run("export", "jsonl", "--to", file, "--force").returncode == 0
    assert file.read_text(encoding="utf-8").startswith("{")


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("sqlite", {"tables": ["claim"]}), "Did you mean 'claims'"),
        (("geojson", {"tables": ["claims"]}), "geojson holds the events, and no other table"),
        (("stata", {"tables": ["claims", "events"]}), "a file of stata holds one table"),
    ],
    ids=["unknown table", "no table of events", "two tables"],
)
def test_wrong_tables_are_refused(data: Bundle, tmp_path: Path, args: tuple[str, dict[str, Any]], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        export(args[0], tmp_path / "a", data, **args[1])
    assert list(tmp_path.iterdir()) == []


def test_an_unwritable_folder_or_place_is_reported(data: Bundle, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is a folder; name a file in it"):
        export("jsonl", tmp_path, data)
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(UsageError, match=r"cannot be written: (not a directory|file exists)"):
        export("jsonl", tmp_path / "file" / "a.jsonl", data)


def test_a_fault_in_the_middle_leaves_nothing_behind(data: Bundle, tmp_path: Path) -> None:
    def fail(table: str) -> pl.DataFrame:
        if table == "figures":
            raise RuntimeError("in the middle")
        return data[table]

    for name in ("sqlite", "duckdb", "excel", "jsonl"):
        with pytest.raises(RuntimeError, match="in the middle"):
            export(name, tmp_path / "a", Bundle(data.package, data.schemas, fail))
    assert list(tmp_path.iterdir()) == []


def test_a_missing_library_is_named_itself(data: Bundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    monkeypatch.delitem(sys.modules, "conflictdata.export.excel", raising=False)
    with pytest.raises(UsageError, match=r"pip install XlsxWriter"):
        export("excel", tmp_path / "a.xlsx", data)


@pytest.mark.slow
def test_path_makes_a_format_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONFLICTDATA_HOME", str(tmp_path))
    file = cd.path("claims", format="sqlite")
    assert tmp_path in file.parents
    stamp = file.stat().st_mtime_ns
    assert cd.path("figures", format="sqlite") == file
    assert file.stat().st_mtime_ns == stamp
    assert cd.path("figures", format="stata") != cd.path("claims", format="stata")
    with pytest.raises(UsageError, match="Did you mean 'sqlite'"):
        cd.path("claims", format="sqlit")  # type: ignore[arg-type]


NAMES = {
    "sqlite": "conflictdata.sqlite", "duckdb": "conflictdata.duckdb", "excel": "conflictdata.excel.xlsx", "stata": "events.stata.dta",
    "jsonl": "events.jsonl", "geojson": "events.geojson", "geoparquet": "events.geoparquet.parquet", "ged": "events.ged.csv",
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("form", NAMES)
def test_path_gives_what_export_writes(
    form: str, data: Bundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In every format; the exports themselves are read back above."""
    monkeypatch.setenv("CONFLICTDATA_HOME", str(tmp_path / "home"))
    file = cd.path("events", format=form)  # type: ignore[arg-type]
    assert file.name == NAMES[form]
    export(form, tmp_path / "a", data, tables=[] if FORMATS[form].holds == "tables" else ["events"])
    if form == "duckdb":  # it writes a timestamp into its files
        import duckdb

        with duckdb.connect(str(file), read_only=True) as database:
            assert database.execute("SELECT * FROM events").fetchall() == _list_rows("events")
    else:
        assert file.read_bytes() == (tmp_path / "a").read_bytes()
