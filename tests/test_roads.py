"""One table, many roads: packed, a pattern, a folder, with little memory, on each engine, as a DataFrame. One report."""

from __future__ import annotations

import csv
import gzip
import io
import re
import subprocess
import sys
import zipfile
from collections import Counter
from functools import cache
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from feed_files import scan
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import count_examples

import conflictdata as cd
from conflictdata.findings import Report

CLAIMS = 12  # of the published figures


@cache
def read_published(table: str) -> str:
    """Return the published table, cut to some claims where it is long, with phrases beyond ASCII among them."""
    lines = cd.path(table, format="csv").read_text(encoding="utf-8").splitlines(keepends=True)
    if table != "figures":
        return "".join(lines[:40])
    frame = pd.read_csv(io.StringIO("".join(lines)), dtype=str, keep_default_na=False)
    accented = frame[frame["printed"].str.contains("[\u00e0-\u00fc]")]["claim_id"].unique()[:4]
    kept = frame[frame["claim_id"].isin([*frame["claim_id"].unique()[:CLAIMS], *accented])]
    return kept.to_csv(index=False, lineterminator="\n")


def find_sum(lines: list[str]) -> int:
    """Return the line of a part whose number is in a complete list."""
    return next(n for n, line in enumerate(lines) if ",part," in line and ",exact," in line)


def change_a_number(text: str) -> str:
    """Make a sum wrong."""
    lines = text.splitlines(keepends=True)
    at = find_sum(lines)
    cells = lines[at].split(",")
    names = lines[0].strip().split(",")
    best = names.index("best") - len(names)
    for name in ("low", "best", "high"):
        cells[names.index(name) - len(names)] = (
            str(int(cells[best]) + 3) if name == "best" else cells[names.index(name) - len(names)]
        )
    low, high = names.index("low") - len(names), names.index("high") - len(names)
    cells[low] = cells[high] = cells[best]
    return "".join([*lines[:at], ",".join(cells), *lines[at + 1 :]])


def replace_line(text: str, number: int, change) -> str:
    lines = text.splitlines(keepends=True)
    lines[number] = change(lines[number])
    return "".join(lines)


def transpose(text: str, sign: str) -> str:
    """Return a CSV with another sign between its cells."""
    frame = pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False)
    return frame.to_csv(index=False, sep=sign, lineterminator="\n")


# By name, from the text of a table to the bytes of a file with a fault of form.
FORMS = {
    "plain": lambda t: t.encode(),
    "mark": lambda t: b"\xef\xbb\xbf" + t.encode(),
    "CRLF": lambda t: t.replace("\n", "\r\n").encode(),
    "CR": lambda t: t.replace("\n", "\r").encode(),
    "Windows-1252": lambda t: t.replace(",killed,", ",k\u00e9lled,", 1).encode("cp1252", "replace"),
    "UTF-16": lambda t: t.encode("utf-16"),
    "semicolons": lambda t: transpose(t, ";").encode(),
    "tabs": lambda t: transpose(t, "\t").encode(),
    "bars": lambda t: transpose(t, "|").encode(),
    "blank lines": lambda t: replace_line(t, 3, lambda line: "\n\n" + line).encode(),
    "no last end": lambda t: t.rstrip("\n").encode(),
    "blank end": lambda t: (t + "\n\n").encode(),
    "empty columns": lambda t: "".join(line.rstrip("\n") + ",,\n" for line in t.splitlines(keepends=True)).encode(),
    "index column": lambda t: "".join(
        f"{n or ''},{line}" for n, line in enumerate(t.splitlines(keepends=True))
    ).encode(),
    "title": lambda t: ("A table of ours\n\n" + t).encode(),
    "sep": lambda t: ("sep=,\n" + t).encode(),
    "header twice": lambda t: (t + t.splitlines(keepends=True)[0]).encode(),
    "NUL": lambda t: replace_line(t, 4, lambda line: line[:5] + "\0" + line[5:]).encode(),
    "ragged": lambda t: replace_line(t, 4, lambda line: line.rstrip("\n") + ",more\n").encode(),
    "short": lambda t: replace_line(t, 4, lambda line: line.rsplit(",", 2)[0] + "\n").encode(),
    "column twice": lambda t: "".join(
        line.rstrip("\n") + (",low\n" if not n else ",1\n") for n, line in enumerate(t.splitlines(keepends=True))
    ).encode(),
    "own column": lambda t: "".join(
        line.rstrip("\n") + (",mine\n" if not n else ",1\n") for n, line in enumerate(t.splitlines(keepends=True))
    ).encode(),
    "stray quote": lambda t: replace_line(t, 4, lambda line: line.replace(",", ',x"', 1)).encode(),
    "wrong byte": lambda t: (
        replace_line(t, 4, lambda line: line).encode().replace(b"\n", b"\xff\n", 4).replace(b"\xff\n", b"\n", 3)
    ),
    "long cell": lambda t: replace_line(
        t, 4, lambda line: line.replace(",", ',"' + "x" * 1_000_001 + '",', 1).rsplit(",", 1)[0] + "\n"
    ).encode(),
    "header only": lambda t: t.splitlines(keepends=True)[0].encode(),
    "empty": lambda t: b"",
    "list of nothing": lambda t: b"[]",
    "list of nothing named": lambda t: b"[{}]",
    "list cut off": lambda t: b"[\n",
}
WITHOUT_RECORDS = ("empty", "list of nothing", "list of nothing named", "list cut off")


def write_zip(path: Path, content: bytes) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("figures.csv", content)


def write_zst(path: Path, content: bytes) -> None:
    with pa.CompressedOutputStream(str(path), "zstd") as stream:
        stream.write(content)


def validate_by(road: str, content: bytes, folder: Path, name: str) -> Report:
    """Validate the bytes of a table by a road.

    Args:
        road: One of `ROADS`.
        content: The bytes of a CSV.
        folder: A folder that does not exist yet.
        name: Name of the file, without suffix.
    """
    folder.mkdir(parents=True)
    path = folder / f"{name}.csv"
    if road in PACKERS:
        path = folder / f"{name}.csv.{road}"
        PACKERS[road](path, content)
        return cd.validate(path)
    if road == "suffix":
        path = folder / f"{name}.CSV"
    path.write_bytes(content)
    match road:
        case "scan":
            return scan(path)
        case "scan on duckdb":
            return scan(path, engine="duckdb")
        case "glob":
            return cd.validate(folder / "*.csv")
        case "folder":
            return cd.validate(folder)
        case "memory":
            return cd.validate(path, memory=256_000_000)
        case "duckdb" | "pandas":
            return cd.validate(path, engine=road)
    return cd.validate(path)


PACKERS = {"gz": lambda path, content: path.write_bytes(gzip.compress(content)), "zst": write_zst, "zip": write_zip}
ROADS = ("path", "suffix", *PACKERS, "glob", "folder", "memory", "duckdb", "pandas")


def list_facts(report: Report) -> list[tuple]:
    """Return all that a report says but for the names of files."""
    return sorted(
        (f.rule, f.severity, f.record, f.fields, f.value, f.message, f.hint, f.place.line, f.place.column)
        for f in report.findings
    )


def list_row_facts(report: Report) -> list[tuple]:
    """Return what a report says of records, without places: a DataFrame has no lines."""
    return sorted((f.rule, f.severity, f.record, f.fields, f.value, f.message, f.hint) for f in report.findings)


# By name, a fault of a form and what must be found of it: the rule, the severity and the line.
OWN_FORMS = {
    "plain": None,
    "mark": ("file.byte-order-mark", "error", 1),
    "CRLF": ("file.line-ending", "error", 1),
    "CR": ("file.line-ending", "error", 1),
    "Windows-1252": ("file.encoding", "error", 2),
    "UTF-16": ("file.encoding", "error", 1),
    "semicolons": ("csv.separator", "error", 1),
    "tabs": ("csv.separator", "error", 1),
    "bars": ("csv.separator", "error", 1),
    "blank lines": ("csv.width", "error", 4),
    "no last end": None,
    "blank end": None,
    "empty columns": ("csv.header", "error", 1),
    "index column": ("csv.header", "error", 1),
    "title": ("csv.header", "error", 1),
    "sep": ("csv.header", "error", 1),
    "header twice": ("csv.header", "error", -1),  # the last line
    "NUL": ("file.control-character", "error", 5),
    "ragged": ("csv.width", "error", 5),
    "short": ("csv.width", "error", 5),
    "column twice": ("csv.header", "error", 1),
    "own column": ("seed.unknown-key", "error", 1),
    "stray quote": ("csv.syntax", "error", 5),
    "wrong byte": ("file.encoding", "error", 4),
    "long cell": ("file.size", "error", 5),
    "header only": ("file.empty", "warning", 1),
    "empty": ("file.empty", "error", 0),
    "list of nothing": ("file.empty", "error", 0),
    "list of nothing named": ("file.empty", "error", 0),
    "list cut off": ("json.syntax", "error", 1),
}


@pytest.mark.sample(3)
@pytest.mark.parametrize("form", FORMS)
def test_each_fault_of_form_in_a_table_of_ours_is_found_and_the_rest_is_checked(form: str, tmp_path: Path) -> None:
    content = FORMS[form](change_a_number(read_published("figures")))
    report = validate_by("path", content, tmp_path / "a", "figures")

    expected = [OWN_FORMS[form]] if OWN_FORMS[form] else []
    if form == "header twice":
        expected = [("csv.header", "error", content.count(b"\n"))]
    found = [(f.rule, f.severity, f.place.line) for f in report.findings if f.rule != "cells.term"]
    broken = [fact for fact in found if fact[0] == "figures.parts-cover-parent"]
    assert [fact for fact in found if fact not in broken] == expected
    assert len(broken) == (0 if form in ("header only", *WITHOUT_RECORDS) else 1)


@pytest.mark.slow
@settings(
    max_examples=count_examples(6, 60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(form=st.sampled_from(sorted(FORMS)), road=st.sampled_from(ROADS[1:]), number=st.integers(0, 2**40))
def test_any_fault_gives_one_report_by_every_road(form: str, road: str, number: int, tmp_path_factory) -> None:
    folder = tmp_path_factory.mktemp("roads")
    content = FORMS[form](change_a_number(read_published("figures")))

    first, second = (validate_by(way, content, folder / f"{way}-{number}", "figures") for way in ("path", road))

    assert list_facts(first) == list_facts(second)
    assert (first.ok, first.counts, first.not_evaluated) == (second.ok, second.counts, second.not_evaluated)


SCANS = ("scan", "scan on duckdb")  # as a large file is checked, whatever its size


def read_ged(*, quoted: bool = True) -> str:
    """Return the made-up table of GED; without any quotes, which lets a scan pass over more of its reader."""
    text = (Path(__file__).parent / "data" / "feeds" / "ged.csv").read_text(encoding="utf-8")
    if quoted:
        return text
    rows = csv.reader(io.StringIO(text))
    return "".join(",".join(re.sub(r'[",\n]', " ", cell) for cell in row) + "\n" for row in rows)


def add_line(text: str, number: int, line: str) -> str:
    lines = text.splitlines(keepends=True)
    return "".join([*lines[:number], line + "\n", *lines[number:]])


def tag_columns(text: str) -> str:
    return ",".join(["#meta+id", "#adm+1 +name", *["#geo"] * (text.split("\n", 1)[0].count(",") - 1)])


def change_column(text: str, column: str, change) -> str:
    frame = pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False)
    frame[column] = [change(cell, n) for n, cell in enumerate(frame[column])]
    return frame.to_csv(index=False, lineterminator="\n")


# By name, from the text of GED without quotes to what programs make of it.
OTHER_FORMS = {
    "tags under the header": lambda t: add_line(t, 1, tag_columns(t)),
    "tags above the header": lambda t: add_line(t, 0, tag_columns(t)),
    "tags among the rows": lambda t: add_line(t, 5, tag_columns(t)),
    "tags after a blank line": lambda t: add_line(add_line(t, 1, ""), 2, tag_columns(t)),
    "R's NA": lambda t: change_column(t, "adm_2", lambda cell, n: "NA" if n % 3 else cell),
    "SQL's null": lambda t: change_column(t, "where_description", lambda cell, n: "\\N" if n % 2 else cell),
    "Stata's point": lambda t: change_column(t, "gwnob", lambda cell, _: cell or "."),
    "R's exponent": lambda t: change_column(t, "number_of_sources", lambda cell, n: "1e+00" if cell == "1" else cell),
    "American days": lambda t: change_column(t, "date_end", lambda cell, n: f"{int(cell[5:7])}/{int(cell[8:])}/2020"),
    "some short years": lambda t: change_column(t, "date_start", lambda cell, n: f"{n + 1}-Mar-20" if n < 3 else cell),
    "one odd day": lambda t: change_column(t, "date_start", lambda cell, n: "yesterday" if n == 2 else cell),
    "times of day": lambda t: change_column(t, "date_start", lambda cell, _: f"{cell} 23:00:00"),
    "midnight": lambda t: change_column(t, "date_start", lambda cell, _: f"{cell} 00:00:00.000"),
    "no header": lambda t: t.split("\n", 1)[1],
    "older names": lambda t: t.replace(",best,", ",best_est,", 1),
    "names as R has them": lambda t: t.replace("date_start", "Date.Start", 1),
    "own columns": lambda t: "".join(f"{line},mine\n" for line in t.splitlines()),
    "header twice": FORMS["header twice"],
    "NUL": FORMS["NUL"],
}


@pytest.mark.slow
@settings(
    max_examples=count_examples(4, 40), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(form=st.sampled_from(sorted(FORMS)), road=st.sampled_from((*ROADS[1:], *SCANS)))
def test_a_table_of_others_gives_one_report_by_every_road(form: str, road: str, tmp_path_factory) -> None:
    if form in WITHOUT_RECORDS and road in SCANS:
        return  # no table is recognised, so that none is scanned
    folder = tmp_path_factory.mktemp("roads")
    content = FORMS[form](read_ged())

    first, second = (validate_by(way, content, folder / way, "any") for way in ("path", road))

    assert list_facts(first) == list_facts(second)
    assert list_forms(first) == list_forms(second)


def list_forms(report: Report) -> list[str]:
    """Return the notes on the form of a file and on columns that are not checked."""
    parts = (note.partition(": read with")[2] or note.partition(": not checked")[2] for note in report.notes)
    return [part for part in parts if part]


@pytest.mark.slow
@settings(
    max_examples=count_examples(4, 40), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(form=st.sampled_from(sorted(OTHER_FORMS)), road=st.sampled_from(SCANS))
def test_what_programs_make_of_a_table_gives_one_report_by_both_roads(form: str, road: str, tmp_path_factory) -> None:
    folder = tmp_path_factory.mktemp("roads")
    content = OTHER_FORMS[form](read_ged(quoted=False))
    content = content if isinstance(content, bytes) else content.encode()

    first, second = (validate_by(way, content, folder / way, "any") for way in ("path", road))

    assert list_facts(first) == list_facts(second)
    assert list_forms(first) == list_forms(second)
    assert first.not_evaluated == second.not_evaluated


# What must be found of a form beside the faults of the table itself: the rule and how often.
FOUND = {
    "American days": {"feed.day-column": 1}, "some short years": {"feed.day-column": 1}, "one odd day": {"cells.date": 1},
    "times of day": {"feed.day-column": 1}, "header twice": {"csv.header": 1}, "NUL": {"file.control-character": 1},
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("form", OTHER_FORMS)
def test_each_form_gives_one_finding_or_none(form: str, tmp_path: Path) -> None:
    plain = Counter(f.rule for f in validate_by("path", read_ged(quoted=False).encode(), tmp_path / "a", "a").findings)
    content = OTHER_FORMS[form](read_ged(quoted=False))
    content = content if isinstance(content, bytes) else content.encode()

    found = Counter(f.rule for f in validate_by("path", content, tmp_path / "b", "b").findings)

    about_form = {"feed.day-column", "csv.header", "file.control-character"}
    assert {rule: n for rule, n in found.items() if rule in about_form} == {
        rule: n for rule, n in FOUND.get(form, {}).items() if rule in about_form
    }
    if form not in FOUND:
        assert found == plain


def test_a_changed_number_is_the_same_one_error_by_every_road(tmp_path: Path) -> None:
    text = change_a_number(read_published("figures"))

    reports = {road: validate_by(road, text.encode(), tmp_path / road, "figures") for road in ROADS}
    frame = pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False)

    (fact,) = list_facts(reports["path"])
    assert fact[0] == "figures.parts-cover-parent"
    assert {road: list_facts(report) for road, report in reports.items()} == {road: [fact] for road in ROADS}
    assert list_row_facts(cd.validate(frame, table="figures")) == list_row_facts(reports["path"])


@pytest.mark.parametrize("sign", ["|", ";", "\t"])
def test_another_separator_inside_the_cells_makes_the_header_no_title(sign: str, tmp_path: Path) -> None:
    path = tmp_path / "crosswalk.csv"
    keys = sign.join(["2024", "Kherson", "UA", "killed", "7"])
    rows = [f"claim-{n},radford,{keys},exact" for n in range(3)]
    path.write_text("\n".join(["entity_id,scheme,external_id,match", *rows]) + "\n", encoding="utf-8")

    assert not [f for f in cd.validate(path).findings if f.rule.startswith("csv.")]


@pytest.mark.parametrize("form", WITHOUT_RECORDS)
def test_a_file_without_records_is_clean_by_no_road(form: str, tmp_path: Path) -> None:
    for road in ROADS:
        report = validate_by(road, FORMS[form](""), tmp_path / road, "figures")

        assert [(f.rule, f.severity, f.place.line) for f in report.findings] == [OWN_FORMS[form]], road


@pytest.mark.slow
def test_standard_input_is_a_road_too() -> None:
    command = [sys.executable, "-m", "conflictdata", "validate", "-", "--concise"]
    content = change_a_number(read_published("figures"))

    done = subprocess.run(command, input=content, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert "figures.parts-cover-parent" in done.stdout
