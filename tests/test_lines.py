"""The lines of a table as CSV: what is not a record is an error at its place, on every engine the same, and never a traceback."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from commands import run
from depth import count_examples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from seedbox import write_seedbox

import conflictdata as cd
from conflictdata.findings import Finding, Report
from conflictdata.loading import DATA
from conflictdata.readers.csv_lines import repeat_group
from conflictdata.release.publish import publish_seeds
from conflictdata.release.verify import verify
from conflictdata.validation.plan import make_plan
from conflictdata.validation.scan import EMBEDDED
from conflictdata.validation.scan.run import check_table

HEADER = "conflict_id,name,date_start,date_end,countries,ucdp_id,wikidata\n"
DRC, MALI = "drc,M23,2022-03-27,,COD,283,\n", "mali,Mali,2012-01-16,,MLI,,\n"
WAYS: dict[str, Callable[[Path], Report]] = {
    "polars": lambda path: cd.validate(path, engine="polars"),
    "pandas": lambda path: cd.validate(path, engine="pandas"),
    **{
        f"scan on {name}": lambda path, name=name: check_table([path], make_plan(path.stem), engine=name)
        for name in EMBEDDED
    },  # type: ignore[misc]
}
each_way = pytest.mark.parametrize("way", WAYS)

# What stands between the rows of drc and mali; the findings, as line, column, rule and message.
BETWEEN: dict[str, tuple[str, list[tuple[int, int, str, str]]]] = {
    "nothing": ("", []),
    "a blank line": ("\n", [(3, 1, "csv.width", "the line is blank")]),
    "blank lines": ("\n\n\n", [(3, 1, "csv.width", "3 lines are blank")]),
    "a line of spaces": ("   \n", [(3, 4, "csv.width", "the row has 1 cell, and the header 7")]),
    "a comment": ("# a note\n", [(3, 9, "csv.width", "the row has 1 cell, and the header 7")]),
    "an empty text in quotes": ('""\n', [(3, 3, "csv.width", "the row has 1 cell, and the header 7")]),
    "a short row": ("gaza,War,2023-10-07\n", [(3, 20, "csv.width", "the row has 3 cells, and the header 7")]),
    "a short row without what it needs": ("gaza,War\n", [(3, 9, "csv.width", "the row has 2 cells, and the header 7")]),
    "a short row in quotes": ('gaza,"War, again",2023-10-07\n', [(3, 29, "csv.width", "the row has 3 cells, and the header 7")]),
    "a short row over two lines": ('gaza,"War,\nagain",2023-10-07\n', [(4, 18, "csv.width", "the row has 3 cells, and the header 7")]),
    "a wide row": ("gaza,War,2023-10-07,,ISR,234,,x\n", [(3, 30, "csv.width", "the row has 8 cells, and the header 7")]),
    "a comma at the end": ("gaza,War,2023-10-07,,ISR,234,,\n", [(3, 30, "csv.width", "the row has one comma too many at its end")]),
    "a comma in a text": (
        "gaza,War, again,2023-10-07,,ISR,234,\n",
        [(3, 36, "csv.width", "the row has 8 cells, and the header 7; ' again' may belong to the cell before it")],
    ),
    "commas alone": (
        ",,,,,,\n",
        [
            (3, 1, "cells.required", "conflict_id is empty"), (3, 2, "cells.required", "name is empty"),
            (3, 3, "cells.required", "date_start is empty"),
        ],
    ),
    "too few commas alone": (",,\n", [(3, 3, "csv.width", "the row has 3 cells, and the header 7")]),
    "a quote that does not end": ('gaza,"War,2023-10-07,,ISR,234,\n', [(3, 6, "csv.syntax", "a quoted cell does not end")]),
    "a quote in a text": ('gaza,"War" again,2023-10-07,,ISR,234,\n', [(3, 11, "csv.syntax", "a quotation mark is inside a cell")]),
    "a cell that nobody reads": (
        f"gaza,{'a' * 200_000},2023-10-07,,ISR,234,\n", [(3, 6, "cells.length", "name has 200000 characters, more than 280")],
    ),
}  # fmt: skip


def told(report: Report) -> list[tuple[int, int, str, str]]:
    return [(f.place.line, f.place.column, f.rule, f.message) for f in report.findings if f.place]


@pytest.mark.sample(8)
@each_way
@pytest.mark.parametrize(("last", "windows"), [("\n", False), ("\n\n", False), ("", True), ("\n\n", True)])
@pytest.mark.parametrize("case", BETWEEN)
def test_a_line_that_is_not_a_record_is_reported_at_its_place(
    case: str, last: str, windows: bool, way: str, tmp_path: Path
) -> None:
    """And so is a bad cell below it. A blank or missing last line is nothing."""
    text, expected = BETWEEN[case]
    path = tmp_path / "conflicts.csv"
    whole = HEADER + DRC + text + MALI.rstrip("\n").replace("2012-01-16", "2012-01-16x") + last
    path.write_bytes(whole.replace("\n", "\r\n" if windows else "\n").encode())
    line = 3 + text.count("\n")

    report = WAYS[way](path)

    below = [(line, 11, "cells.date", "'2012-01-16x' in date_start is not a day")]
    found = [entry for entry in told(report) if entry[2] != "file.line-ending"]
    assert found == [*expected, *below]
    assert not report.ok
    assert report.counts["conflicts"] == 2 + (case in ("commas alone", "a cell that nobody reads"))


@each_way
@pytest.mark.parametrize("ending", ["", "\n", "\n\n", "\n\n\n"])
def test_a_blank_last_line_is_nothing(ending: str, way: str, tmp_path: Path) -> None:
    path = tmp_path / "conflicts.csv"
    path.write_text(HEADER + DRC + MALI.rstrip("\n") + ending, encoding="utf-8")

    report = WAYS[way](path)

    assert report.findings == []
    assert report.counts["conflicts"] == 2


@each_way
@pytest.mark.parametrize("last", ["   \n", "# a note\n", '""\n', "  ", "x"])
def test_any_other_last_line_is_a_row_that_is_too_short(last: str, way: str, tmp_path: Path) -> None:
    path = tmp_path / "conflicts.csv"
    path.write_text(HEADER + DRC + MALI + last, encoding="utf-8")

    assert [(f.rule, f.place and f.place.line) for f in WAYS[way](path).findings] == [("csv.width", 4)]


@pytest.mark.sample(5)
@pytest.mark.parametrize("text", ["\n", "\n\n", " \n", "#\n", '""\n', ",\n", '"\n', "\u200b", "\u200b\n"])
@pytest.mark.parametrize("more", ["", HEADER, HEADER + DRC])
@pytest.mark.parametrize("options", [[], ["--engine", "pandas"], ["--engine", "duckdb"], ["--memory", "2GB"]])
def test_a_file_that_begins_with_it_ends_with_1_or_2(text: str, more: str, options: list[str], tmp_path: Path) -> None:
    path = tmp_path / "conflicts.csv"
    path.write_text(text + more, encoding="utf-8")

    done = run("validate", path, *options)

    assert done.returncode in (1, 2)
    assert "clean" not in done.stdout


@pytest.mark.parametrize("options", [[], ["--engine", "duckdb"], ["--memory", "2GB"]])
@pytest.mark.parametrize(
    "text", ["a" * 200_000 + "\n", "conflict_id," + "a" * 200_000 + "\nx,y\n", f'"{"a" * 200_000}"\n']
)
def test_a_header_that_nobody_reads_is_an_error_and_not_printed_whole(
    text: str, options: list[str], tmp_path: Path
) -> None:
    path = tmp_path / "conflicts.csv"
    path.write_text(text, encoding="utf-8")

    done = run("validate", path, *options)

    assert done.returncode == 1
    assert "conflicts has no column 'aaa" in done.stdout
    assert len(done.stdout) < 5_000


# --- packages


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("package")
    publish_seeds(
        write_seedbox(folder / "seeds", {"release.yaml": "version: 1.0.0\ndate: 2024-07-01\n"}), folder / "out"
    )
    return folder / "out"


ODD = {
    "a blank line": "\n",
    "spaces": "  \n",
    "a comment": "# a note\n",
    "quotes": '""\n',
    "a cell": "x\n",
    "a long cell": "x" * 200_000 + "\n",
}


@pytest.mark.slow
@pytest.mark.sample(8)
@pytest.mark.parametrize("table", ["figures", "actors", "claims", "event_actors", "sources"])
@pytest.mark.parametrize("inside", [False, True], ids=["at the end", "inside"])
@pytest.mark.parametrize("case", ODD)
def test_odd_lines_in_a_package_are_told_and_nothing_follows_from_them(
    case: str, inside: bool, table: str, package: Path, tmp_path: Path
) -> None:
    folder = shutil.copytree(package, tmp_path / "package")
    file = folder / "csv" / f"{table}.csv"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    lines.insert(1 if inside else len(lines), ODD[case])
    file.write_text("".join(lines), encoding="utf-8")

    report = verify(str(folder))  # which validates it

    width, files, equal = "csv.width", "release.files-match-descriptor", "release.csv-equals-parquet"
    if case == "a blank line" and not inside:
        assert [f.rule for f in report.errors] == [files]
        assert " bytes where the descriptor says " in report.errors[0].message
    else:
        rules = [f.rule for f in report.errors]
        assert rules.count(width) == 1
        assert {*rules} <= {width, files, equal}


@pytest.mark.slow
@pytest.mark.parametrize("table", ["actors", "claims", "events", "event_sources", "figures", "locations", "sources"])
def test_of_a_row_cut_short_only_the_row_is_reported(table: str, package: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(package, tmp_path / "package")
    file = folder / "csv" / f"{table}.csv"
    whole = file.read_text(encoding="utf-8").splitlines()
    for number in range(1, min(len(whole), 6)):
        lines = whole.copy()
        lines[number] = ",".join(lines[number].split(",")[:3])
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")

        found = [f for f in cd.validate(folder).findings if not f.rule.startswith("release.")]

        assert [(f.rule, f.place and f.place.line) for f in found] == [("csv.width", number + 1)], lines[number]


# --- other people's files


@pytest.mark.parametrize("engine", ["polars", "pandas", "duckdb"])
@pytest.mark.parametrize(
    ("row", "place"),
    [("1,2,3,4", (3, 6)), ("1,2,3,", (3, 6)), ("1,2", (3, 4)), ('"1,1",2,3,4', (3, 10)), ('"a\nb",2', (4, 5)), ('"a\nb",2,3,4', (4, 7))],
)  # fmt: skip
def test_a_row_of_other_peoples_files_is_reported_at_one_place(
    row: str, place: tuple[int, int], engine: str, tmp_path: Path
) -> None:
    path = tmp_path / "radford.csv"
    path.write_text(f"days,loss_count,loss_type\n1,2,x\n{row}\n1,2,x\n", encoding="utf-8")

    found = cd.validate(path, profile="radford", engine=engine).findings

    assert [(f.place.line, f.place.column) for f in found if f.place and f.rule == "csv.width"] == [place]


@pytest.mark.parametrize("engine", ["polars", "pandas", "duckdb"])
def test_a_file_of_which_every_row_is_too_wide_is_read_to_its_end(engine: str, tmp_path: Path) -> None:
    path = tmp_path / "radford.csv"
    path.write_text("days,loss_count,loss_type\n1,2,3,4\n1,2,3,4\n", encoding="utf-8")

    assert [f.rule for f in cd.validate(path, profile="radford", engine=engine).errors].count("csv.width") == 2


# --- all engines say the same

LINES = [
    "",
    "   ",
    "#x",
    '""',
    "x",
    ",",
    ",,,,,,,,,,,,,,,,,,,,,,,,,,,,,,",
    "a,b",
    'a,"b',
    'a,"b"c',
    '"a\nb"',
    '"a\nb",c',
]
CELLS = ["", "x", "2024-02-30", "=1", '"a, b"', '"a ""b"""', '"two\nlines"', " x", "1e5", "-1", "a" * 3_000]


@st.composite
def tables(draw: st.DrawFn) -> tuple[str, str]:
    """One of our tables with odd lines and odd cells."""
    table = draw(st.sampled_from(["conflicts", "actors", "locations", "aliases", "crosswalk"]))
    header, *rows = (DATA / "csv" / f"{table}.csv").read_text(encoding="utf-8").splitlines()[:9]
    lines = [row for row in rows if '"' not in row] or [","] * 3
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(lines) - 1))
        cells = lines[at].split(",")
        cells[draw(st.integers(0, len(cells) - 1))] = draw(st.sampled_from(CELLS))
        lines[at] = ",".join(cells)
    for _ in range(draw(st.integers(0, 3))):
        lines.insert(draw(st.integers(0, len(lines))), draw(st.sampled_from(LINES)))
    for _ in range(draw(st.integers(0, 2))):
        at = draw(st.integers(0, len(lines) - 1))
        cut = draw(st.integers(0, len(lines[at])))
        lines[at] = draw(st.sampled_from([lines[at][:cut], lines[at] + ",", lines[at] + ",x"]))
    return table, "\n".join([header, *lines]) + draw(st.sampled_from(["", "\n", "\n\n"]))


def facts(findings: list[Finding], asked: set[str]) -> list[Any]:
    """Sort what findings say. A check in memory may know the record that a name means, which a scan does not look up."""
    chosen = [f for f in findings if f.rule in asked or f.rule.startswith(("csv.", "cells."))]
    hints = {"cells.pattern": ""}
    return sorted(
        (str(f.place), f.rule, f.record, f.fields, f.message, hints.get(f.rule, f.hint), f.severity) for f in chosen
    )


@pytest.mark.slow
@given(tables())
@settings(
    max_examples=count_examples(60, 600), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_check_in_memory_and_every_scan_tell_the_same(tmp_path: Path, made: tuple[str, str]) -> None:
    table, text = made
    path = tmp_path / f"{table}.csv"
    path.write_text(text, encoding="utf-8", newline="")
    asked = {rule.id for rule in make_plan(table).rules}  # of a key that is there twice a scan has more to say

    first, *others = [(way, facts(check(path).findings, asked)) for way, check in WAYS.items()]

    for way, found in others:
        assert found == first[1], way


# Python before 3.11.5 is wrong about the possessive form, and the reader does not use it there.
@pytest.mark.parametrize("possessive", [False, True] if sys.version_info >= (3, 11, 5) else [False])
def test_a_repeated_group_stops_where_its_last_whole_item_ends(possessive):
    line = "[^,\n]*+" + repeat_group(",[^,\n]*+", "{1}", possessive=possessive) + "\n"
    run_of_lines = re.compile(repeat_group(line, "*", possessive=possessive))
    for rest in ("3\n", "3,4,5\n", "\n", "3", ""):
        assert run_of_lines.match("1,2\n1,2\n" + rest).end() == 8, rest


def test_the_reader_uses_the_form_that_this_python_gets_right():
    form = "(?>" if sys.version_info < (3, 11, 5) else "*+"
    assert form in repeat_group("a", "*")
