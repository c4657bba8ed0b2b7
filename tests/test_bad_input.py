"""Input that is not a table, or a huge one: a clear finding in bounded time and memory, and never clean."""

from __future__ import annotations

import gzip
import io
import json
import re
import zipfile
from pathlib import Path

import polars as pl
import pytest
from import_results import make_ged_row, write_csv

import conflictdata as cd
from conflictdata.findings import UsageError
from conflictdata.importer.run import import_files
from conflictdata.readers import csv_header, csv_lines, packing

ROWS = [make_ged_row(n, deaths_a=n, adm_1=f"North {n}") for n in range(1, 6)]
ROADS = {"memory of this machine": {}, "little memory": {"memory": 10**9}, "duckdb": {"engine": "duckdb"}}
each_road = pytest.mark.parametrize("road", ["memory of this machine", "little memory"])


def check_refused(path: Path, road: str, rule: str, message: str) -> None:
    """Check that a file gives one finding, and that its import is refused with the same words."""
    report = cd.validate(path, **ROADS[road])
    assert [(f.rule, f.severity) for f in report.findings] == [(rule, "error")]
    assert re.search(message, report.findings[0].message)
    assert report.findings[0].hint
    with pytest.raises(UsageError, match=message):
        import_files("ucdp-ged", [path], path.parent / "out")


def make_workbook() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as book:
        book.writestr("[Content_Types].xml", "<Types/>")
        book.writestr("xl/workbook.xml", "<workbook/>")
    return content.getvalue()


NOT_TABLES = {
    "a workbook": (make_workbook(), "file.binary", r"a workbook \(\.xlsx\)"),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "file.binary", r"a workbook \(\.xls\)"),
    "gzip under the name of a CSV": (gzip.compress(b"id,best\n1,2\n"), "file.binary", "packed with gzip"),
    "a PDF": (b"%PDF-1.4\n" + b"\0\1" * 99, "file.binary", "a PDF"),
    "a page that asks to log in": (b"\n<!DOCTYPE html>\n<html><body>Log in</body></html>", "file.unreadable", "a web page"),
}  # fmt: skip


@each_road
@pytest.mark.parametrize("name", NOT_TABLES)
def test_what_is_not_a_table_is_named(name: str, road: str, tmp_path: Path) -> None:
    content, rule, message = NOT_TABLES[name]
    (tmp_path / "ged.csv").write_bytes(content)

    check_refused(tmp_path / "ged.csv", road, rule, message)


@each_road
def test_a_header_of_too_many_columns_is_not_read(road: str, tmp_path: Path) -> None:
    (tmp_path / "ged.csv").write_text("," * csv_header.MAX_COLUMNS + "\n", encoding="utf-8")

    check_refused(tmp_path / "ged.csv", road, "file.size", "20,001 columns")


def test_a_table_of_many_columns_of_ones_own_is_read(tmp_path: Path) -> None:
    more = {f"mine_{n}": "1" for n in range(2_000)}
    report = cd.validate(write_csv(tmp_path / "ged.csv", [row | more for row in ROWS]))

    assert report.findings == []
    assert report.counts == {"ucdp_ged": 5}
    assert any("2000 columns that are not of ucdp_ged" in note for note in report.notes)


@pytest.mark.parametrize("text", ["x" * 3_000, "a," * 1_500, '"' + "x" * 3_000])
@each_road
def test_a_line_that_is_too_long_is_one_finding(
    text: str, road: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_lines, "MAX_RECORD", 2_000)
    path = write_csv(tmp_path / "ged.csv", ROWS)
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines[:3], text, *lines[3:]]) + "\n", encoding="utf-8")

    check_refused(path, road, "file.size", r"3,00[01] bytes|3,002 bytes")
    assert cd.validate(path, **ROADS[road]).counts == {"ucdp_ged": 5}


@each_road
def test_after_many_broken_lines_the_rest_is_not_read_and_said_so(
    road: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_lines, "MAX_MALFORMED", 20)
    path = write_csv(tmp_path / "ged.csv", ROWS)
    path.write_text(path.read_text(encoding="utf-8") + "x,\n" * 100, encoding="utf-8")

    report = cd.validate(path, **ROADS[road])

    assert [(f.rule, f.place.line) for f in report.findings if f.place] == [("csv.width", 7), ("csv.syntax", 27)]
    assert "20 of 26 lines are not read" in report.findings[0].message
    assert "from here on the file is not read" in report.findings[1].message
    with pytest.raises(UsageError, match="from here on"):
        import_files("ucdp-ged", [path], tmp_path / "out")


@each_road
def test_a_bomb_is_not_unpacked_to_its_end(road: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "MIN_BOMB", 1 << 16)
    header = ",".join(ROWS[0]) + "\n"
    (tmp_path / "ged.csv.gz").write_bytes(gzip.compress(header.encode() + b"1" * (1 << 25)))

    check_refused(tmp_path / "ged.csv.gz", road, "file.unreadable", "unpacks to more than 300 times its size")


@each_road
def test_a_gzip_of_zeros_is_not_unpacked_to_its_end(road: str, tmp_path: Path) -> None:
    (tmp_path / "ged.csv.gz").write_bytes(gzip.compress(b"\0" * (1 << 25)))

    check_refused(tmp_path / "ged.csv.gz", road, "file.empty", "the first 4,194,304 bytes of the file are NULs")


@each_road
def test_a_zip_of_many_tables_names_some_and_their_number(road: str, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "many.zip", "w") as archive:
        for number in range(300):
            archive.writestr(f"part-{number}.csv", "id\n1\n")

    check_refused(tmp_path / "many.zip", road, "file.unreadable", r"holds 300 tables \(part-0\.csv, .*\.\.\.\)")


@each_road
def test_one_object_is_not_a_table(road: str, tmp_path: Path) -> None:
    (tmp_path / "one.json").write_text(json.dumps({"a": "x" * 100_000}), encoding="utf-8")

    check_refused(tmp_path / "one.json", road, "json.shape", "one JSON object, and a list of objects is expected")


@pytest.mark.parametrize("road", ROADS)
def test_json_on_one_line_is_read_with_places(road: str, tmp_path: Path) -> None:
    rows = [row | ({"best": "99", "high": "99"} if row["id"] == "4" else {}) for row in ROWS]
    path = tmp_path / "ged.json"
    path.write_text(json.dumps(rows), encoding="utf-8")

    (finding,) = cd.validate(path, **ROADS[road]).findings

    assert finding.rule == "ucdp_ged.parts-sum-to-best"
    assert finding.place is not None
    assert path.read_text(encoding="utf-8")[finding.place.column - 1 :].lstrip('"').startswith(finding.value)


def test_json_that_does_not_fit_into_the_memory_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "ged.json"
    path.write_text(json.dumps(ROWS), encoding="utf-8")

    report = cd.validate(path, memory=path.stat().st_size)

    assert [(f.rule, f.severity) for f in report.findings] == [("file.size", "error")]
    assert "CSV or Parquet" in report.findings[0].hint


@pytest.mark.slow
def test_50_mb_of_broken_lines_end_in_seconds(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "ged.csv", ROWS)
    path.write_text(path.read_text(encoding="utf-8") + '"' + "x,\n" * 16_000_000, encoding="utf-8")

    report = cd.validate(path)

    assert [f.rule for f in report.findings] == ["csv.syntax", "csv.width", "csv.syntax"]


def test_a_table_of_unknown_columns_is_explained_by_its_head(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("conflictdata.readers.source.HEAD_BYTES", 1_000)
    path = tmp_path / "mine.csv"
    pl.DataFrame({"mine": ["1"] * 5_000, "yours": ["2"] * 5_000}).write_csv(path)

    with pytest.raises(UsageError, match="'mine', 'yours'"):
        cd.validate(path)
