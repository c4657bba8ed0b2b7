"""Files that are not tables, broken tables, the wrong profile.

Each gives a clear message and never a traceback.
"""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import polars as pl
import pytest
from feed_files import HERE, count_by_rule, validate_together
from typer.testing import CliRunner

import conflictdata as cd
from conflictdata.cli import _run_guarded, app
from conflictdata.findings import UsageError
from conflictdata.readers import csv_header, csv_lines, source
from conflictdata.readers import json as json_reader
from conflictdata.validation.table_files import validate_files

HEADER = "id,date_start,date_end,best\n"
ROW = "1,2020-01-01,2020-01-01,3\n"

# Name: content of the file, the rule, the line, and the number of rows that are still checked.
BROKEN = {
    "empty": (b"", "file.empty", 0, 0),
    "blank lines": (b"\n\r\n \n", "file.empty", 0, 0),
    "nothing but zeros": (b"\0" * 5000, "file.empty", 0, 0),
    "binary": (b"PK\x03\x04\x14\x00\x06\x00\x08\x00" + bytes(range(256)) * 20, "file.binary", 0, 0),
    "only a header": (HEADER.encode(), "file.empty", 0, 0),
    "a row too short": ((HEADER + ROW + "2,2020-01-01\n" + ROW.replace("1,", "3,", 1)).encode(), "csv.width", 3, 2),
    "a row too long": ((HEADER + "2,2020-01-01,2020-01-01,3,4\n" + ROW).encode(), "csv.width", 2, 1),
    "a quote that is not closed": ((HEADER + ROW + '2,"2020-01-01,2020-01-01,3\n').encode(), "csv.syntax", 3, 1),
    "text after a quote": ((HEADER + ROW + '2,"2020"x,2020-01-01,3\n').encode(), "csv.syntax", 3, 1),
    "a column twice": (b"id,date_start,date_end,best,best\n1,2020-01-01,2020-01-01,3,3\n", "csv.header", 1, 1),
    "JSON cut off": (
        b'[{"report_date": "2024-01-01", "killed_cum": 1, "killed": 1},\n {"report_date": "2024-',
        "json.syntax",
        2,
        1,
    ),
    "JSON without its end": (b'[{"report_date": "2024-01-01", "killed_cum": 1, "killed": 1}', "json.syntax", 1, 1),
    "JSON object": (b'{"report_date": "2024-01-01", "killed_cum": 1}', "json.shape", 1, 0),
    "JSON list of numbers": (b"[1,\n 2]", "json.shape", 1, 0),
    "JSON key twice": (b'[{"report_date": "2024-01-01", "killed_cum": 1, "killed_cum": 2}]', "json.syntax", 1, 0),
    "JSON with Infinity": (b'[{"report_date": "2024-01-01", "killed_cum": Infinity}]', "json.syntax", 1, 0),
    "JSON too deep": (b"[" * 100_000, "json.syntax", 1, 0),
    "empty list": (b"[]", "file.empty", 0, 0),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_a_finding(tmp_path, name):
    content, rule, line, rows = BROKEN[name]
    path = tmp_path / ("any.json" if content.startswith((b"[", b"{")) else "any.csv")
    path.write_bytes(content)

    report = validate_together(path)

    finding = next(f for f in report.findings if f.rule == rule)
    assert finding.severity == "error"
    assert (finding.place.file, finding.place.line) == (str(path), line)
    assert finding.hint
    assert sum(report.counts.values()) == rows
    assert not report.ok


@pytest.mark.sample(3)
@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize("profile", ["auto", "ucdp-ged", "ukraine"])
def test_the_command_ends_with_1_or_2(tmp_path, name, profile, capsys):
    path = tmp_path / ("any.json" if name.startswith("JSON") else "any.csv")
    path.write_bytes(BROKEN[name][0])

    code = _run_guarded(lambda: app(["validate", str(path), "--profile", profile]))

    assert code in (1, 2)
    output = capsys.readouterr()
    assert "Traceback" not in output.out + output.err


def test_a_file_that_is_not_parquet(tmp_path):
    path = tmp_path / "any.parquet"
    path.write_bytes(b"PAR1 no more")

    assert count_by_rule(validate_together(path)) == {"file.unreadable": 1}


def test_a_cell_without_end_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(csv_lines, "MAX_CELL", 10_000)
    path = tmp_path / "any.csv"
    path.write_text(HEADER + ROW + "x" * 50_000 + ROW[1:] + ROW.replace("1", "4", 1), encoding="utf-8")

    report = validate_together(path)

    (finding,) = [f for f in report.findings if f.severity == "error"]
    assert (finding.rule, finding.place.line, finding.place.column) == ("file.size", 3, 1)
    assert report.counts == {"ucdp_ged": 2}


def test_a_header_without_end_is_not_read(tmp_path, monkeypatch):
    for module in (csv_header, source):
        monkeypatch.setattr(module, "HEAD_BYTES", 10_000)
    path = tmp_path / "any.csv"
    path.write_text("x" * 50_000, encoding="utf-8")

    assert count_by_rule(validate_together(path)) == {"file.size": 1}


def test_unknown_columns_are_one_sentence(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("id,country,toll,month\n1,Nowhere,3,May\n", encoding="utf-8")

    with pytest.raises(UsageError) as fault:
        validate_files([path])

    assert str(fault.value) == (
        f"the columns of {path} are those of no dataset that is known: 'id', 'country', 'toll', 'month'."
    )


def test_the_nearest_dataset_is_named_where_most_columns_are_of_it(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("id,country,toll\n1,Nowhere,3\n", encoding="utf-8")

    with pytest.raises(UsageError) as fault:
        validate_files([path])

    result = str(fault.value)
    assert "mine.csv are those of no dataset that is known" in result
    assert "which has 2 of its 3 columns, but not 'toll'" in result


LISTS = {
    "as published": "id,name,en_name,age,dob,sex,source",
    "of journalists": "name,name_en,notes",
    "of soldiers": "Surname,First name,Rank,Date of death",
}


@pytest.mark.parametrize("columns", LISTS.values(), ids=LISTS)
def test_a_list_of_persons_is_refused_with_the_reason(tmp_path, columns, capsys):
    path = tmp_path / "names.csv"
    path.write_text(f"{columns}\n{'x,' * columns.count(',')}x\n", encoding="utf-8")

    for command in (["validate", str(path)], ["import", "auto", str(path), "--out", str(tmp_path / "out")]):
        assert _run_guarded(lambda command=command: app(command)) == 2
        assert "list of persons by name" in capsys.readouterr().err


def test_places_and_actors_with_names_are_no_list_of_persons(tmp_path):
    path = tmp_path / "actors.csv"
    path.write_text("name,country,founded\nMade-up Front,Nowhere,1999\n", encoding="utf-8")

    with pytest.raises(UsageError, match="no dataset that is known"):
        validate_files([path])


def test_what_a_profile_needs_is_named(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("event_date,sub_event_type,fatalities\n2022-12-28,Attack,3\n", encoding="utf-8")

    with pytest.raises(UsageError, match=r"Nearest is acled .* and which needs 'event_id_cnty'"):
        validate_files([path])


def test_the_wrong_profile_names_the_right_one(tmp_path):
    with pytest.raises(UsageError, match=r"is not a table of ukraine\. .*--profile ucdp-ged"):
        validate_files([HERE / "ged.csv"], "ukraine")


def test_a_profile_that_is_none(capsys):
    assert _run_guarded(lambda: app(["validate", str(HERE / "ged.csv"), "--profile", "ucdp_ged"])) == 2
    assert "Did you mean 'ucdp-ged'?" in capsys.readouterr().err


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(UsageError, match="is not a file"):
        validate_files([tmp_path], "ucdp-ged")


def test_the_command_recognises_and_names_the_dataset():
    result = CliRunner().invoke(app, ["validate", str(HERE / "ged.csv")])

    assert result.exit_code == 1
    assert "ucdp-ged, UCDP Georeferenced Event Dataset (CC BY 4.0): 21 rows of 49 columns" in result.stdout
    assert "1 warning ucdp_ged.low-best-high" in result.stdout
    assert "Read and checked in " in result.stdout


def test_the_report_as_json_names_the_dataset():
    result = CliRunner().invoke(app, ["validate", str(HERE / "ged.csv"), "--format", "json"])

    document = json.loads(result.stdout)
    assert any("ucdp-ged" in note for note in document["notes"])
    assert {f["table"] for f in document["findings"]} == {"ucdp_ged"}


def test_our_own_tables_stay_our_own(tmp_path):
    """One of our tables is not taken for another dataset's, whatever its name."""
    from conflictdata.loading import path as stored

    mine = tmp_path / "any.csv"
    mine.write_bytes(stored("events", format="csv").read_bytes())

    result = CliRunner().invoke(app, ["validate", str(mine), "--format", "json"])

    assert "notes" not in json.loads(result.stdout)


def test_files_of_two_datasets_are_checked_separately(tmp_path):
    pl.DataFrame({"date": ["2022-02-25"], "day": [2], "personnel": [2800]}).write_csv(tmp_path / "people.csv")

    found = validate_files([HERE / "ged.csv", tmp_path / "people.csv"])

    assert [list(report.counts) for report in found] == [["ucdp_ged"], ["ukraine_personnel"]]


def make_workbook(path: Path) -> None:
    """Write what begins as an Excel workbook does: a zip of XML files."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>" * 500)
        archive.writestr("xl/workbook.xml", "<workbook/>" * 500)


@pytest.mark.parametrize("name", ["ged.csv", "ged.xlsx"])
@pytest.mark.parametrize("memory", [None, 10**9])
def test_a_workbook_is_named_as_what_has_to_be_saved_as_csv(name, memory, tmp_path):
    make_workbook(tmp_path / name)

    report = cd.validate(tmp_path / name, profile="ucdp-ged", memory=memory)

    assert [finding.rule for finding in report.findings] == ["file.binary"]
    assert "save a spreadsheet as CSV" in report.findings[0].hint


@pytest.mark.parametrize("memory", [None, 10**9])
def test_a_zip_of_many_tables_names_some_of_them(memory, tmp_path):
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(2_000):
            archive.writestr(f"ged_{number}.csv", HEADER + ROW)

    report = cd.validate(path, profile="ucdp-ged", memory=memory)

    assert [finding.rule for finding in report.findings] == ["file.unreadable"]
    assert "holds 2,000 tables (ged_0.csv, " in report.findings[0].message
    assert len(report.findings[0].message) < 400


@pytest.mark.parametrize("memory", [None, 10**9])
def test_a_table_of_10_000_columns_is_checked_in_those_that_are_known(memory, tmp_path):
    names = ["id", "date_start", "date_end", "best", *(f"own_{n}" for n in range(9_996))]
    rows = [[str(n), "2020-01-01", "2020-01-01", "x" if n == 2 else "3", *["z"] * 9_996] for n in range(4)]
    path = tmp_path / "wide.csv"
    path.write_text("".join(",".join(row) + "\n" for row in [names, *rows]), encoding="utf-8")

    report = cd.validate(path, profile="ucdp-ged", memory=memory)

    (finding,) = report.errors
    assert (finding.rule, finding.record, finding.place.line) == ("cells.whole", "2", 4)
    assert sum(report.counts.values()) == 4
    assert max(len(note) for note in report.notes) < 400


def test_json_that_is_too_long_is_refused_at_its_limit(monkeypatch, tmp_path):
    for module in (json_reader, source):
        monkeypatch.setattr(module, "LARGEST_JSON", 1_000)
    path = tmp_path / "ged.json"
    path.write_text(
        json.dumps([{"id": n, "best": 1, "date_start": "2020-01-01"} for n in range(100)]), encoding="utf-8"
    )

    report = cd.validate(path, profile="ucdp-ged")

    assert [finding.rule for finding in report.findings] == ["file.size"]
    assert report.findings[0].hint == "Give it as CSV or Parquet."
