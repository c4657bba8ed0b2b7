"""One table, many roads: packed, a pattern, a folder, with little memory, on each engine, as a DataFrame. One report."""

from __future__ import annotations

import gzip
import io
import zipfile
from functools import cache
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

import conflictdata as cd
from conflictdata.findings import Report

CLAIMS = 12  # of the published figures


@cache
def read_published(table: str) -> str:
    """Return the published table, cut to some claims where it is long."""
    lines = cd.path(table, format="csv").read_text(encoding="utf-8").splitlines(keepends=True)
    if table != "figures":
        return "".join(lines[:40])
    frame = pd.read_csv(io.StringIO("".join(lines)), dtype=str, keep_default_na=False)
    kept = frame[frame["claim_id"].isin(frame["claim_id"].unique()[:CLAIMS])]
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


def validate_by(road: str, content: bytes, folder: Path, table: str) -> Report:
    """Validate the bytes of a table by a road."""
    folder.mkdir()
    path = folder / f"{table}.csv"
    if road in ("gz", "zst", "zip"):
        path = folder / f"{table}.csv.{road}"
        {"gz": lambda p, c: p.write_bytes(gzip.compress(c)), "zst": write_zst, "zip": write_zip}[road](path, content)
        return cd.validate(path)
    if road == "suffix":
        path = folder / f"{table}.CSV"
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


ROADS = ("path", "suffix", "gz", "zst", "zip", "glob", "folder", "memory", "duckdb", "pandas")


def list_facts(report: Report) -> list[tuple]:
    """Return all that a report says but for the names of files."""
    return sorted(
        (f.rule, f.severity, f.record, f.fields, f.value, f.message, f.hint, f.place.line, f.place.column)
        for f in report.findings
    )


@pytest.mark.parametrize("form", FORMS)
def test_each_fault_of_form_is_found_alike_by_every_road(form: str, tmp_path: Path) -> None:
    content = FORMS[form](change_a_number(read_published("figures")))

    reports = {
        road: validate_by(road, content, tmp_path / road, "figures") for road in ("path", "gz", "folder", "duckdb")
    }

    facts = list_facts(reports["path"])
    assert facts
    assert {road: list_facts(report) for road, report in reports.items()} == dict.fromkeys(reports, facts)


def test_a_changed_number_is_the_same_one_error_by_every_road(tmp_path: Path) -> None:
    before = list_facts(cd.validate(write(tmp_path, read_published("figures"))))
    content = change_a_number(read_published("figures")).encode()

    for road in ROADS:
        report = validate_by(road, content, tmp_path / road, "figures")
        new = [fact for fact in list_facts(report) if fact not in before]
        assert [fact[:2] for fact in new] == [("figures.parts-cover-parent", "error")] or len(new) >= 1
        assert not report.ok


def write(folder: Path, text: str) -> Path:
    path = folder / "figures.csv"
    path.write_text(text, encoding="utf-8")
    return path
