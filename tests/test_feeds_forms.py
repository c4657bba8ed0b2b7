"""What programs and people make of a table of others: one finding per cause, with its line, by every road."""

from __future__ import annotations

import csv
import gzip
import io
from collections import Counter
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from feed_files import scan
from import_results import make_ged_row

import conflictdata as cd
from conflictdata.findings import Report, UsageError

COUNT = 14
DAYS = [f"2020-03-{n:02d}" for n in range(1, COUNT + 1)]
ROWS = [
    make_ged_row(n, deaths_a=n * 137, adm_1=f"North {n}", date_start=day, date_end=day) for n, day in enumerate(DAYS, 1)
]
COLUMNS = list(ROWS[0])
COUNTS = ("deaths_a", "best", "high", "low")


def format_rows(
    rows: list[dict[str, str]], *, sep: str = ",", header: list[str] | None = None, quoting: int = 0
) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=sep, lineterminator="\n", quoting=quoting)  # type: ignore[arg-type]
    writer.writerow(header or COLUMNS)
    writer.writerows([row[name] for name in COLUMNS] for row in rows)
    return out.getvalue()


def change(change_cell: Any, *columns: str) -> str:
    rows = [row | {c: change_cell(row[c], n) for c in columns} for n, row in enumerate(ROWS)]
    return format_rows(rows)


TABLE = format_rows(ROWS)
HEADER, *LINES = TABLE.splitlines(keepends=True)
TAGS = ",".join("#meta+" + name.replace("_", "+") for name in COLUMNS) + "\n"
AGAIN = [row | {"id": str(int(row["id"]) + 100)} for row in ROWS]
NOTHING: dict[str, int] = {}

# By name: the text, the number of findings by rule, and the line of the first of them.
FORMS: dict[str, tuple[str, dict[str, int], int]] = {
    "SPSS's missing value": (change(lambda cell, n: "#NULL!" if n % 2 else cell, "adm_1"), NOTHING, 0),
    "SQL's missing value": (change(lambda cell, n: "NULL" if n % 2 else cell, "adm_1"), NOTHING, 0),
    "SAS's missing value": (change(lambda cell, n: "." if n % 2 else cell, "side_a_new_id"), NOTHING, 0),
    "a code for a missing key": (change(lambda cell, n: "-99" if n % 3 == 0 else cell, "side_b_new_id"), {"cells.pattern": 1}, 2),
    "a code for a missing count": (change(lambda cell, n: "-999" if n % 4 == 1 else cell, "deaths_b"), {"cells.range": 1}, 3),
    "a word for a missing number": (change(lambda cell, n: "n.a." if n % 4 == 0 else cell, "latitude"), {"cells.number": 1}, 2),
    "tags in row 3": (HEADER + "".join(LINES[:2]) + TAGS + "".join(LINES[2:]), NOTHING, 0),
    "tags above the header": (TAGS + TABLE, NOTHING, 0),
    "no header": ("".join(LINES), {"csv.header": 1}, 1),
    "a decimal comma": (change(lambda cell, _: cell.replace(".", ","), "latitude"), {"cells.number": 1}, 2),
    "a mark and the separator": ("\ufeffsep=;\n" + format_rows(ROWS, sep=";"), NOTHING, 0),
    "a total": (TABLE + "Total" + "," * 20 + "9999" + "," * (len(COLUMNS) - 21) + "\n", {"csv.width": 1}, 16),
    "a short total": (TABLE + "Total,,,99\n", {"csv.width": 1}, 16),
    "notes below the table": (TABLE + "\nSource: the makers\nNotes: see the codebook\n", {"csv.width": 1}, 17),
    "a note with commas": (TABLE + "Source: the makers" + "," * (len(COLUMNS) - 1) + "\n", {"csv.width": 1}, 16),
    "a column of two tables": (format_rows(ROWS, header=[f"{c}_x" if c == "best" else c for c in COLUMNS]), {"feed.missing-column": 1}, 1),
    "thousands": (change(lambda cell, _: f"{int(cell):,}", "deaths_a"), {"cells.whole": 1}, 9),
    "thousands with a space": (change(lambda cell, _: f"{int(cell):,}".replace(",", " "), "deaths_a"), {"cells.whole": 1}, 9),
    "per cent": (change(lambda cell, n: "0%" if n % 3 == 0 else cell, "deaths_b"), {"cells.whole": 1}, 2),
    "numbers for days": (change(lambda _, n: str(43890 + n), "date_end"), {"feed.day-column": 1}, 2),
    "American days": (change(lambda cell, _: f"{int(cell[5:7])}/{int(cell[8:])}/2020", "date_end"), {"feed.day-column": 1}, 2),
    "days without hyphens": (change(lambda cell, _: cell.replace("-", ""), "date_end"), {"feed.day-column": 1}, 2),
    "R's exponent": (change(lambda cell, n: "1.37e+02" if n == 0 else cell, "deaths_a"), NOTHING, 0),
    "capitals": (format_rows(ROWS, header=[name.title() for name in COLUMNS]), NOTHING, 0),
    "spaces in names": (format_rows(ROWS, header=[f" {name.replace('_', ' ')} " for name in COLUMNS]), NOTHING, 0),
    "everything quoted": (format_rows(ROWS, quoting=csv.QUOTE_ALL), NOTHING, 0),
    "R's row names": (HEADER + "".join(f'"{n}",{line}' for n, line in enumerate(LINES, 1)), NOTHING, 0),
    "a comma at each end": (HEADER + "".join(line.rstrip("\n") + ",\n" for line in LINES), NOTHING, 0),
    "a column too few": (HEADER + "".join(line.rsplit(",", 1)[0] + "\n" for line in LINES), {"csv.width": 1}, 2),
    "a second file with quotes": (TABLE + format_rows(AGAIN, quoting=csv.QUOTE_ALL), {"csv.header": 1}, 16),
    "blank lines between": ("".join(line + "\n" for line in (HEADER, *LINES)), NOTHING, 0),
    "whole numbers as floats": (change(lambda cell, _: f"{cell}.0", "id", "best"), NOTHING, 0),
}  # fmt: skip
FEW = ("a total", "thousands", "R's row names", "a word for a missing number", "a second file with quotes")
each_form = pytest.mark.parametrize(
    "form", [pytest.param(name, marks=[] if name in FEW else [pytest.mark.slow]) for name in FORMS]
)


def list_facts(report: Report) -> list[tuple[Any, ...]]:
    return sorted((f.rule, f.severity, f.record, f.message, f.hint, f.place and f.place.line) for f in report.findings)


@each_form
def test_each_form_is_one_finding_or_none(form: str, tmp_path: Path) -> None:
    text, rules, line = FORMS[form]
    (tmp_path / "ged.csv").write_text(text, encoding="utf-8")

    report = cd.validate(tmp_path / "ged.csv")

    assert Counter(f.rule for f in report.findings) == rules
    assert [f.place.line for f in report.findings if f.place] == [line] * len(rules)
    assert all(f.hint for f in report.findings)


@pytest.mark.sample(3)
@each_form
def test_each_form_gives_one_report_by_every_road(form: str, tmp_path: Path) -> None:
    text = FORMS[form][0]
    path = tmp_path / "ged.csv"
    path.write_text(text, encoding="utf-8")
    facts = list_facts(cd.validate(path))
    packed = tmp_path / "packed" / "ged.csv.gz"
    packed.parent.mkdir()
    packed.write_bytes(gzip.compress(text.encode()))

    assert list_facts(cd.validate(packed)) == facts
    assert list_facts(cd.validate(path, memory=10**9)) == facts
    if form != "no header":  # nothing of it is known, so that nothing is scanned
        assert list_facts(scan(path)) == facts
        assert list_facts(scan(path, engine="duckdb")) == facts


READ_OTHERWISE = {"a column too few"}  # pandas fills its cells


@each_form
def test_a_frame_of_each_form_has_the_same_rules_or_says_how_to_read_it(form: str) -> None:
    text, rules, _ = FORMS[form]
    try:
        frame = pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False)
    except pd.errors.ParserError:
        return
    found = validate_frame(frame)
    assert form in READ_OTHERWISE or (found == rules if isinstance(found, Counter) else "pd.read_csv(FILE, " in found)


def validate_frame(frame: pd.DataFrame) -> Counter[str] | str:
    """Return the number of findings by rule, or the message of a frame that is not read."""
    try:
        return Counter(f.rule for f in cd.validate(frame).findings)
    except UsageError as fault:
        return str(fault)


def add_commas(table: str, number: int) -> str:
    """Return a table whose rows end with commas, and whose header does not."""
    header, *rows = table.splitlines()
    return "\n".join([header, *(row + "," * number for row in rows), ""])


# How people misread a file, and the words that name the call which reads it.
MISREAD: dict[str, tuple[Any, str]] = {
    "without a header": (lambda: pd.read_csv(io.StringIO("".join(LINES))), r"header=None, names="),
    "numbers for names": (lambda: pd.read_csv(io.StringIO("".join(LINES)), header=None), r"header=None, names="),
    "the header as a row": (lambda: pd.read_csv(io.StringIO(TABLE), header=None), r"without header=None"),
    "below a title": (lambda: pd.read_csv(io.StringIO(f"A download\n\n{TABLE}")), r"skiprows=1"),
    "a page": (lambda: pd.DataFrame({"TotalPages": 1, "Result": ROWS}), r"pd\.DataFrame\(page\['Result'\]\)"),
    "a page under data": (lambda: pd.DataFrame({"status": 200, "data": ROWS}), r"pd\.DataFrame\(page\['data'\]\)"),
    "a list": (lambda: ROWS, r"pd\.DataFrame\(page\)"),
    "semicolons": (lambda: pd.read_csv(io.StringIO(format_rows(ROWS, sep=";"))), r"sep=';'"),
    "a line sep=": (lambda: pd.read_csv(io.StringIO("sep=;\n" + format_rows(ROWS, sep=";"))), r"skiprows=1, sep=';'"),
    "a comma at each end": (lambda: pd.read_csv(io.StringIO(add_commas(TABLE, 1))), r"index_col=False\)"),
    "texts, a comma at each end": (
        lambda: pd.read_csv(io.StringIO(add_commas(TABLE, 1)), dtype=str, keep_default_na=False), r"index_col=False\)",
    ),
    "two commas at each end": (lambda: pd.read_csv(io.StringIO(add_commas(TABLE, 2))), r"have 2 cells more"),
    "the key in the index": (lambda: pd.DataFrame(ROWS).set_index("id"), r"df\.reset_index\(\)"),
}  # fmt: skip


@pytest.mark.parametrize("name", MISREAD)
@pytest.mark.parametrize("profile", [None, "ucdp-ged"])
def test_a_misread_frame_names_the_call_that_reads_the_file(name: str, profile: str | None) -> None:
    make, message = MISREAD[name]

    with pytest.raises(UsageError, match=message):
        cd.validate(make(), profile=profile)


def test_a_frame_of_rows_that_were_selected_is_in_place() -> None:
    rows = pd.DataFrame(ROWS).assign(gwnob=None)
    for frame in (rows, rows[rows["id"].isin(["2", "3", "7"])], rows[::2]):
        assert not cd.validate(frame).findings


def test_moved_columns_of_a_table_of_ours_are_one_message() -> None:
    table = add_commas(cd.path("actors", format="csv").read_text(encoding="utf-8"), 1)

    with pytest.raises(UsageError, match=r"index_col=False\)"):
        cd.validate(pd.read_csv(io.StringIO(table)))


def test_a_frame_without_a_column_is_called_a_frame() -> None:
    (finding,) = cd.validate(pd.DataFrame(ROWS).drop(columns="high")).findings

    assert finding.rule == "feed.missing-column"
    assert finding.message.startswith("the DataFrame has no column high")
    assert finding.hint == "Give the DataFrame with the columns that its makers publish."


def make_daily(days: list[str | None]) -> list[dict[str, Any]]:
    return [
        {"report_date": day, "killed": 5, "killed_cum": 5 * n, "injured": 7, "injured_cum": 7 * n, "massacres_cum": n}
        for n, day in enumerate(days, 1)
    ]


@pytest.mark.parametrize("engine", ["polars", pytest.param("pandas", marks=pytest.mark.slow)])
@pytest.mark.parametrize("at", [0, 3, 7])
@pytest.mark.parametrize(
    ("day", "rule"),
    [("2091-11-04", "palestine_gaza.day-not-in-future"), ("2024-11-40", "cells.date"), (None, "cells.required")],
)
def test_a_day_that_cannot_be_is_one_finding_wherever_it_is(at: int, day: str, rule: str, engine: Any) -> None:
    days: list[str | None] = [f"2024-11-{n:02d}" for n in range(1, 9)]
    days[at] = day

    report = cd.validate(pd.DataFrame(make_daily(days)), profile="palestine", engine=engine)

    assert [f.rule for f in report.findings] == [rule]


def test_a_missing_day_is_found_next_to_a_day_in_the_future() -> None:
    days: list[str | None] = ["2024-11-01", "2024-11-02", "2024-11-05", "2091-11-06"]

    report = cd.validate(pd.DataFrame(make_daily(days)), profile="palestine")

    assert {f.rule for f in report.findings} == {
        "palestine_gaza.day-not-in-future",
        "palestine_gaza.no-day-missing",
    }
