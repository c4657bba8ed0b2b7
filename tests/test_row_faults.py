"""Rows that are not records, by every road: a NUL in a cell, a repeated header, HXL tags. One cause, one finding."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pytest
from feed_files import scan
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from import_results import make_ged_row
from strategies import count_examples

import conflictdata as cd
from conflictdata.findings import Report

Table = list[dict[str, str]]
COLUMNS = list(make_ged_row(1))
HEADER = {name: name for name in COLUMNS}


def make_table(number: int = 5) -> Table:
    """Return rows without a fault."""
    return [make_ged_row(n, deaths_a=n, adm_1=f"North {n}") for n in range(1, number + 1)]


def write_csv(rows: Table, folder: Path) -> Path:
    path = folder / "ged.csv"
    lines = [COLUMNS, *([row[name] for name in COLUMNS] for row in rows)]
    path.write_text(
        "".join(",".join(f'"{c}"' if "," in c else c for c in line) + "\n" for line in lines), encoding="utf-8"
    )
    return path


def write_json(rows: Table, folder: Path) -> Path:
    path = folder / "ged.json"
    path.write_text(json.dumps(rows, indent=1), encoding="utf-8")
    return path


def write_raw_json(rows: Table, folder: Path) -> Path:
    """Write a NUL as the byte that a damaged disk leaves, not as an escape."""
    path = write_json(rows, folder)
    path.write_text(path.read_text(encoding="utf-8").replace("\\u0000", "\0"), encoding="utf-8")
    return path


def write_ndjson(rows: Table, folder: Path) -> Path:
    path = folder / "ged.ndjson"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def write_parquet(rows: Table, folder: Path) -> Path:
    path = folder / "ged.parquet"
    pl.DataFrame(rows).write_parquet(path)
    return path


def _validate_frame(make: Callable[[Table], Any], **options: Any) -> Callable[[Table, Path], Report]:
    return lambda rows, _: cd.validate(make(rows), profile="ucdp-ged", **options)


def _validate_file(write: Callable[[Table, Path], Path], **options: Any) -> Callable[[Table, Path], Report]:
    return lambda rows, folder: cd.validate(write(rows, folder), profile="ucdp-ged", **options)


def _scan_file(write: Callable[[Table, Path], Path], engine: str) -> Callable[[Table, Path], Report]:
    return lambda rows, folder: scan(write(rows, folder), engine=engine, profile="ucdp-ged")


ROADS: dict[str, Callable[[Table, Path], Report]] = {
    "csv": _validate_file(write_csv),
    "json": _validate_file(write_json),
    "raw json": _validate_file(write_raw_json),
    "ndjson": _validate_file(write_ndjson),
    "parquet": _validate_file(write_parquet),
    "csv, memory": _validate_file(write_csv, memory=10**9),
    "parquet, memory": _validate_file(write_parquet, memory=10**9),
    "ndjson, pandas": _validate_file(write_ndjson, engine="pandas"),
    "parquet, duckdb": _validate_file(write_parquet, engine="duckdb"),
    "csv, scanned": _scan_file(write_csv, "polars"),
    "parquet, scanned": _scan_file(write_parquet, "polars"),
    "parquet, scanned on duckdb": _scan_file(write_parquet, "duckdb"),
    "pandas": _validate_frame(pd.DataFrame),
    "pandas, on pandas": _validate_frame(pd.DataFrame, engine="pandas"),
    "polars": _validate_frame(pl.DataFrame),
    "lazy": _validate_frame(pl.LazyFrame),
    "arrow": _validate_frame(lambda rows: pl.DataFrame(rows).to_arrow()),
}  # fmt: skip


def list_facts(report: Report) -> list[tuple[Any, ...]]:
    """Return what a report says, without places: forms of tables have lines, rows or neither."""
    found = report.findings
    return sorted(
        (f.rule, f.severity, f.record, f.message.replace("line", "row"), f.value, f.hint.replace("line", "row"))
        for f in found
    )


def put_in(rows: Table, at: int, column: str, where: int) -> Table:
    text = rows[at][column]
    return [*rows[:at], rows[at] | {column: f"{text[:where]}\0{text[where:]}"}, *rows[at + 1 :]]


TEXTS = [name for name, text in make_ged_row(1).items() if text]


@settings(
    max_examples=count_examples(4, 80), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    at=st.integers(0, 4), column=st.sampled_from(TEXTS), where=st.integers(0, 9), road=st.sampled_from(sorted(ROADS))
)
def test_a_nul_in_a_cell_is_one_finding_by_every_road(
    at: int, column: str, where: int, road: str, tmp_path_factory
) -> None:
    report = ROADS[road](put_in(make_table(), at, column, where), tmp_path_factory.mktemp("road"))

    (fact,) = list_facts(report)
    assert fact[:2] == ("file.control-character", "error")
    assert fact[3:5] == (f"{column} holds a NUL, a byte of zeros; its row is not read", r"'\x00'")
    assert not report.ok
    assert report.counts == {"ucdp_ged": 4}


@pytest.mark.parametrize("road", ["csv", "json", "pandas", "parquet", "parquet, scanned"])
def test_the_place_of_a_nul_is_its_own(road: str, tmp_path: Path) -> None:
    report = ROADS[road](put_in(make_table(), 2, "source_office", 4), tmp_path)

    (finding,) = report.findings
    place = finding.place
    assert place is not None
    if road == "csv":
        assert place.line == 4
    elif road == "json":
        lines = (tmp_path / "ged.json").read_text(encoding="utf-8").splitlines()
        assert "u0000" in lines[place.line - 1]
    else:
        assert place.row == 2


@settings(
    max_examples=count_examples(3, 60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(road=st.sampled_from(sorted(ROADS)), first=st.sampled_from([1, 101]), times=st.integers(1, 2))
def test_a_repeated_header_is_one_finding_by_every_road(road: str, first: int, times: int, tmp_path_factory) -> None:
    rows = make_table(4)
    again = [row | {"id": str(int(row["id"]) + first - 1)} for row in rows]
    table = rows + [HEADER, *again] * times

    report = ROADS[road](table, tmp_path_factory.mktemp("road"))

    (finding,) = report.findings
    assert finding.rule == "csv.header"
    assert "repeat" in finding.message
    assert " below it repeat" in finding.message
    assert report.counts == {"ucdp_ged": 4 + 4 * times}


def test_rows_below_tags_keep_their_numbers(tmp_path: Path) -> None:
    rows = make_table()
    rows[3] = rows[3] | {"best": "77", "high": "77"}
    frame = pd.DataFrame([{name: f"#meta+{name}" for name in COLUMNS}, *rows])

    report = cd.validate(frame)

    (finding,) = report.findings
    assert finding.place is not None
    assert frame.iloc[finding.place.row]["best"] == "77"


ZEROS: Sequence[tuple[bytes, str]] = [
    (b"\0" * 99, "the file holds nothing but NULs, bytes of zeros"),
    (b"\0\n" * 9, "the file holds nothing but NULs and blanks"),
    (b" \n" * 9, "the file holds nothing but blanks"),
    (b"", "the file is empty"),
]


@pytest.mark.parametrize(("content", "message"), ZEROS)
@pytest.mark.parametrize("name", ["a.csv", "a.json"])
def test_a_file_without_text_says_what_it_holds(content: bytes, message: str, name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)

    (finding,) = cd.validate(tmp_path / name).findings

    assert (finding.rule, finding.message) == ("file.empty", message)
