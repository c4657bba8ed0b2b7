"""One table, many roads: packed, a pattern, a folder, with little memory, on each engine, as a DataFrame. One report."""

from __future__ import annotations

import gzip
import io
import subprocess
import sys
import zipfile
from functools import cache
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
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
}


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
}


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
    assert len(broken) == (0 if form in ("header only", "empty") else 1)


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


@settings(
    max_examples=count_examples(4, 40), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(form=st.sampled_from(sorted(FORMS)), road=st.sampled_from(ROADS[1:]))
def test_a_table_of_others_gives_one_report_by_every_road(form: str, road: str, tmp_path_factory) -> None:
    folder = tmp_path_factory.mktemp("roads")
    text = (Path(__file__).parent / "data" / "feeds" / "ged.csv").read_text(encoding="utf-8")
    content = FORMS[form](text)

    first, second = (validate_by(way, content, folder / way, "any") for way in ("path", road))

    assert list_facts(first) == list_facts(second)
    assert [note.partition("read with")[2] for note in first.notes] == [
        note.partition("read with")[2] for note in second.notes
    ]


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


def test_standard_input_is_a_road_too() -> None:
    command = [sys.executable, "-m", "conflictdata", "validate", "-", "--concise"]
    content = change_a_number(read_published("figures"))

    done = subprocess.run(command, input=content, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert "figures.parts-cover-parent" in done.stdout
