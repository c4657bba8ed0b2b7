"""Imports that are refused as a whole.

Exit code 1, a finding with file, line, value and fix, and nothing written.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import commands
import polars as pl
import pytest
from import_results import FEEDS, find_row, find_rows, make_ged_row, read_files, run_import, write_csv

from conflictdata.datasets import NAMES, get_dataset, get_profile
from conflictdata.importer.read import open_files, read_rows
from conflictdata.importer.run import ImportResult, import_files
from conflictdata.readers.day_forms import ISO, MIDNIGHT

ROWS = [make_ged_row(n, deaths_a=n, date_start=f"2020-03-{n:02}", date_end=f"2020-03-{n:02}") for n in range(1, 10)]


def check_refused(kind: str, out: Path, *given: Path, **options: Any) -> ImportResult:
    """An import that must be refused, and leave everything as it was."""
    before = read_files(out.parent)
    done = import_files(kind, given, out, **options)
    assert done.refused
    assert not done.written
    assert read_files(out.parent) == before
    for finding in done.refused:
        assert finding.severity == "error"
        assert finding.place
        assert finding.place.file in {path.as_posix() for path in given}
        assert finding.hint
    return done


def make_acled_row(day: str, number: int = 1, **cells: str) -> dict[str, str]:
    return {
        "event_id_cnty": f"NOW{number}", "event_date": day, "year": "2025", "event_type": "Battles",
        "sub_event_type": "Armed clash", "actor1": "Made-up Front", "actor2": "Other Front", "country": "Nowhere",
        "admin1": "North", "location": "Sometown", "latitude": "1.5", "longitude": "2.5", "geo_precision": "1",
        "time_precision": "1", "fatalities": "3", "timestamp": "1741000000", "notes": "Made up.", **cells,
    }  # fmt: skip


# --- Days

# By dataset, days in forms that its publisher does not use; `date` is 14 March 2025.
SPREADSHEETS = ("3/14/2025", "3/14/25", "14-Mar-25", "14.03.2025", "45730", "20250314", "2025/03/14", "March 14, 2025")
TIMES = (
    "2025-03-14 23:00:00",
    "2025-03-14T22:00:00Z",
    "2025-03-14 00:00:01",
    "2025-03-14T00:00:00+01:00",
    "2025-03-14 12:30",
)
NOT_PUBLISHED = {
    "acled": (*SPREADSHEETS, *TIMES, "14 Mar 2025", "2025-3-14"),
    "ucdp-ged": (*SPREADSHEETS, *TIMES, "14 March 2025", "14/3/2025", "14/03/2025"),
    "palestine": (*SPREADSHEETS, *TIMES, "14 March 2025", "14/03/2025"),
    "ukraine": (*SPREADSHEETS, *TIMES, "14 March 2025", "14/03/2025"),
}
PUBLISHED = {
    "acled": (
        "2025-03-14",
        "14 March 2025",
        "14-March-2025",
        "14/03/2025",
        "2025-03-14 00:00:00",
        "2025-03-14T00:00:00Z",
    ),
    "ucdp-ged": ("2025-03-14", "2025-03-14 00:00:00.000", "2025-03-14T00:00:00"),
    "palestine": ("2025-03-14", "2025-03-14T00:00:00.000Z"),
    "ukraine": ("2025-03-14", "2025-03-14 00:00"),
}


def make_table(kind: str, days: list[str]) -> list[dict[str, str]]:
    """Return a table of a dataset with these days."""
    if kind == "acled":
        return [make_acled_row(day, n) for n, day in enumerate(days)]
    if kind == "ucdp-ged":
        return [make_ged_row(n, deaths_a=1, date_start=day, date_end=day) for n, day in enumerate(days, 1)]
    if kind == "palestine":
        return [{"report_date": d, "report_source": "mohtel", "report_period": "24", "killed_cum": "9"} for d in days]
    return [{"date": day, "day": "1115", "personnel": "9", "personnel*": "about"} for day in days]


@pytest.mark.sample(3)
@pytest.mark.parametrize(("kind", "day"), [(kind, day) for kind, days in NOT_PUBLISHED.items() for day in days])
def test_a_column_of_days_in_a_form_that_its_makers_do_not_publish(kind: str, day: str, tmp_path: Path) -> None:
    file = write_csv(tmp_path / "a.csv", make_table(kind, ["2025-03-13", day]))
    done = check_refused(kind, tmp_path / "out", file)
    assert {f.rule for f in done.refused} == {"feed.day-column"}
    for finding in done.refused:
        assert finding.place
        assert finding.place.line == 3
        assert finding.value == day
        assert repr(day) in finding.message
        assert "The makers publish days such as 2022-12-28" in finding.hint


@pytest.mark.parametrize(("kind", "day"), [(kind, day) for kind, days in PUBLISHED.items() for day in days])
def test_each_form_that_the_makers_publish_is_read(kind: str, day: str, tmp_path: Path) -> None:
    (_, (given,)) = open_files([write_csv(tmp_path / "a.csv", make_table(kind, [day]))], kind)
    found = read_rows(given, get_dataset(kind), None)
    column = get_dataset(kind).tables[given.feed.name].days[0]
    assert found.frame[column].to_list() == [dt.date(2025, 3, 14)]
    assert found.rejected == []


def test_every_table_with_days_says_in_which_forms_they_are_published() -> None:
    for name in NAMES:
        for table in get_profile(name).tables:
            if any(c.kind == "date" for c in table.columns):
                assert {ISO, MIDNIGHT} <= set(table.day_forms)


@pytest.mark.parametrize("days", [["3/8/2025"], ["3/8/2025", "3/11/2025", "3/14/2025"], ["28/12/2024", "3/8/2025"]])
def test_a_day_that_may_be_two_is_never_guessed(days: list[str], tmp_path: Path) -> None:
    done = check_refused("acled", tmp_path / "out", write_csv(tmp_path / "a.csv", make_table("acled", days)))
    (finding,) = done.refused
    assert finding.place
    assert (finding.value, finding.place.line) == ("3/8/2025", 2 + days.index("3/8/2025"))
    assert "'3/8/2025' may be 2025-08-03 or 2025-03-08" in finding.message
    if "3/14/2025" in days:
        assert (
            "'3/14/2025' on line 4 is not in a form that the makers publish and seems to be month, day and"
            in finding.message
        )


STAMPS: dict[str, tuple[Callable[[pl.Expr], pl.Expr], bool]] = {
    "in UTC": (lambda d: (d.cast(pl.Datetime) - pl.duration(hours=1)).dt.replace_time_zone("UTC"), True),
    "naive": (lambda d: d.cast(pl.Datetime) - pl.duration(hours=1), True),
    "in nanoseconds": (lambda d: d.cast(pl.Datetime("ns")) + pl.duration(nanoseconds=1), True),
    "midnight elsewhere": (
        lambda d: d.cast(pl.Datetime).dt.replace_time_zone("Europe/Stockholm").dt.convert_time_zone("UTC"), True,
    ),
    "as text": (lambda d: d.cast(pl.Datetime).cast(pl.String).str.replace("00:00:00", "23:00:00"), True),
    "days since 1970": (lambda d: d.cast(pl.Int32), True),
    "midnight": (lambda d: d.cast(pl.Datetime), False),
    "midnight in a zone": (lambda d: d.cast(pl.Datetime).dt.replace_time_zone("Europe/Stockholm"), False),
    "midnight in UTC": (lambda d: d.cast(pl.Datetime("ms")).dt.replace_time_zone("UTC"), False),
    "days": (lambda d: d, False),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("kind", STAMPS)
def test_a_timestamp_of_a_parquet_file_is_a_day_at_midnight_alone(kind: str, tmp_path: Path) -> None:
    change, odd = STAMPS[kind]
    days = [change(pl.col(c).str.to_date()).alias(c) for c in ("date_start", "date_end")]
    file = tmp_path / "ged.parquet"
    pl.DataFrame(ROWS).with_columns(days).write_parquet(file)
    if not odd:
        run_import("ucdp-ged", tmp_path / "out", file)
        assert {str(e["date_start"]) for e in find_rows(tmp_path / "out", "events")} == {r["date_start"] for r in ROWS}
        return
    done = check_refused("ucdp-ged", tmp_path / "out", file)
    assert [f.fields for f in done.refused] == [("date_start", "date_end")]
    assert "in row 1 " in done.refused[0].message
    assert "(18 of 18 cells)" in done.refused[0].message


@pytest.mark.slow
def test_a_day_that_does_not_exist_is_a_fault_of_its_row_alone(tmp_path: Path) -> None:
    bad = ROWS[1] | {"date_start": "2020-02-30"}
    done = run_import("ucdp-ged", tmp_path / "out", write_csv(tmp_path / "a.csv", [ROWS[0], bad]))
    assert (done.rejected_count, [f.rule for f in done.rejected]) == (1, ["cells.date"])


def test_days_of_a_table_that_explains_another_one_are_looked_at_too(tmp_path: Path) -> None:
    corrections = json.loads((FEEDS / "ukraine_correction.json").read_text(encoding="utf-8"))
    file = tmp_path / "corrections.json"
    file.write_text(json.dumps([c | {"date": c["date"] + "T21:00:00Z"} for c in corrections]), encoding="utf-8")
    personnel = FEEDS / "ukraine_personnel.json"
    done = import_files("ukraine", [personnel, file], tmp_path / "out")
    assert [f.rule for f in done.refused] == ["feed.day-column"]
    assert not (tmp_path / "out").exists()


# --- Rows with one key

OTHER = {  # by dataset, columns of its table with another value
    "ucdp-ged": {"best": "4", "deaths_b": "1", "latitude": "35.6", "side_a": "Another", "date_end": "2025-03-15", "type_of_violence": "2",
                 "where_coordinates": "Othertown", "source_office": "Other Paper", "country_id": "660"},
    "acled": {"fatalities": "4", "actor2": "Third Front", "event_date": "15 March 2025", "timestamp": "1742000000", "admin1": "South",
              "source": "Some Paper", "latitude": "", "iso": "901"},
    "palestine": {"killed_cum": "10", "report_source": "gmotel", "report_period": "48"},
    "ukraine": {"personnel": "10", "personnel*": "more", "day": "1116"},
}  # fmt: skip
ASIDE = {"ucdp-ged": {"source_article": "x", "dyad_name": "y"}, "acled": {"notes": "Otherwise.", "tags": "z"}}


@pytest.mark.parametrize(("kind", "column"), [(kind, c) for kind, columns in OTHER.items() for c in columns])
def test_two_rows_of_one_key_that_differ(kind: str, column: str, tmp_path: Path) -> None:
    one, last = make_table(kind, ["2025-03-14", "2025-03-16"])
    one = dict.fromkeys(OTHER[kind], "") | one
    other = one | {column: OTHER[kind][column]}
    file = write_csv(tmp_path / "a.csv", [one, {**one, **last}, other])
    done = check_refused(kind, tmp_path / "out", file)
    (finding,) = done.refused
    assert finding.place
    assert finding.place.line == 4
    assert finding.rule.endswith("-unique")
    assert finding.message.startswith("line 2 and line 4 are both ")
    assert finding.fields == (column,)
    assert finding.value == OTHER[kind][column]
    assert f"{column} is " in finding.message


@pytest.mark.parametrize("kind", ASIDE)
def test_two_rows_that_differ_in_what_no_claim_holds_are_a_warning(kind: str, tmp_path: Path) -> None:
    one, last = make_table(kind, ["2025-03-14", "2025-03-16"])
    one = dict.fromkeys(ASIDE[kind], "") | one
    for again in (one, one | ASIDE[kind]):
        file = write_csv(tmp_path / "a.csv", [one, {**one, **last}, again])
        (_, (given,)) = open_files([file], kind)
        left = read_rows(given, get_dataset(kind), None).rejected
        assert [(f.severity, f.place.line) for f in left if f.place] == [("warning", 4)]


@pytest.mark.parametrize("kind", ["ucdp-ged", "acled", "palestine", "ukraine", "radford"])
def test_what_stands_aside_reaches_no_table(kind: str, tmp_path: Path) -> None:
    """Each column that two rows of one key may differ in is changed in every row: the tables are the same."""
    for name, table in get_dataset(kind).tables.items():
        feed = next(t for t in get_profile(kind).tables if t.name == name)
        kinds = {c.column: c.kind for c in feed.columns}
        assert {kinds[column] for column in table.aside} <= {"prose"}
        if not table.aside:
            continue
        base = {c.column: "" for c in feed.columns} | make_table(kind, ["2025-03-14"])[0]
        drafts = []
        for file in (base, base | dict.fromkeys(table.aside, "Something else")):
            (_, (given,)) = open_files([write_csv(tmp_path / "a.csv", [file])], kind)
            found = read_rows(given, get_dataset(kind), None)
            drafts.append(table.convert(found.frame, found.page, {}))
        for part, frame in drafts[0].items():
            assert frame.equals(drafts[1][part]), part


def test_a_number_that_differs_counts_although_the_row_is_left_out(tmp_path: Path) -> None:
    for cells in ({"best": "99"}, {"best": "x"}, {"deaths_b": "96"}):
        file = write_csv(tmp_path / "a.csv", [*ROWS[:3], ROWS[1] | cells])
        (finding,) = check_refused("ucdp-ged", tmp_path / "out", file).refused
        assert (finding.rule, finding.value) == ("ucdp_ged.id-unique", next(iter(cells.values())))


def test_every_row_that_differs_is_named_and_equal_ones_are_not(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "a.csv", [*ROWS, ROWS[0], ROWS[1] | {"best": "9"}, ROWS[2], ROWS[3] | {"low": "1"}])
    done = check_refused("ucdp-ged", tmp_path / "out", file)
    assert [(f.record, f.place.line) for f in done.refused if f.place] == [("2", 12), ("4", 14)]


def test_numbers_that_are_written_otherwise_are_equal(tmp_path: Path) -> None:
    again = ROWS[1] | {
        "latitude": "35.50",
        "best": "2.0",
        "date_start": "2020-03-02 00:00:00",
        "side_a": "Government  of Sampleland ",
    }
    (_, (given,)) = open_files([write_csv(tmp_path / "a.csv", [*ROWS[:2], again])], "ucdp-ged")
    assert [f.severity for f in read_rows(given, get_dataset("ucdp-ged"), None).rejected] == ["warning"]


# --- Deleted records


def write_release(folder: Path, number: int, gone: int) -> Path:
    """Write a file of `number` records, without the last `gone`."""
    made = [make_ged_row(n, deaths_a=1, date_start="2020-03-01", date_end="2020-03-01") for n in range(1, number + 1)]
    return write_csv(folder / f"{number}-{gone}.csv", made[: number - gone])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("number", "gone", "allowed"),
    [(20, 1, True), (20, 2, False), (20, 19, False), (3, 1, False), (60, 3, True), (60, 4, False)],
)
def test_a_release_may_drop_one_record_in_twenty(number: int, gone: int, allowed: bool, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run_import("ucdp-ged", out, write_release(tmp_path, number, 0), released=dt.date(2021, 1, 1))
    newer, day = write_release(tmp_path, number, gone), dt.date(2022, 1, 1)
    if not allowed:
        (finding,) = check_refused("ucdp-ged", out, newer, released=day).refused
        assert (finding.rule, finding.value) == ("feed.records-removed", f"{gone} of {number}")
        assert f"{gone / number:.1%}" in finding.message
        assert str(number - gone + 1) in finding.message
        assert "--accept-removals" in finding.hint
    done = run_import("ucdp-ged", out, newer, released=day, accept_removals=not allowed)
    assert done.counts["gone"] == gone
    assert [c["status"] for c in find_rows(out, "claims")].count("retracted") == gone


@pytest.mark.slow
def test_what_was_retracted_before_does_not_count_again(tmp_path: Path) -> None:
    out = tmp_path / "out"
    run_import("ucdp-ged", out, write_release(tmp_path, 40, 0), released=dt.date(2021, 1, 1))
    run_import("ucdp-ged", out, write_release(tmp_path, 40, 20), released=dt.date(2022, 1, 1), accept_removals=True)
    (finding,) = check_refused("ucdp-ged", out, write_release(tmp_path, 40, 22), released=dt.date(2023, 1, 1)).refused
    assert finding.value == "2 of 20"


def test_each_table_is_counted_by_itself(tmp_path: Path) -> None:
    """A small table with one row left is not hidden by a large complete one."""
    out = tmp_path / "out"

    def days(name: str, last: int, **cells: Any) -> Path:
        day = dt.date(2024, 1, 1)
        listed = [{"report_date": str(day + dt.timedelta(n)), "killed_cum": n, **cells} for n in range(last)]
        file = tmp_path / f"{name}-{last}.json"
        file.write_text(json.dumps(listed), encoding="utf-8")
        return file

    gaza = days("gaza", 100, report_source="mohtel", report_period=24, massacres_cum=1)
    run_import("palestine", out, gaza, days("west_bank", 4, flash_source="un", settler_attacks_cum=1))
    newer = days("gaza", 101, report_source="mohtel", report_period=24, massacres_cum=1)
    west_bank = days("west_bank", 2, flash_source="un", settler_attacks_cum=1)
    done = import_files("palestine", [newer, west_bank], out, released=dt.date(2024, 6, 1))
    assert [(f.value, f.place.file) for f in done.refused if f.place] == [("2 of 4", west_bank.as_posix())]


@pytest.mark.slow
def test_a_part_of_a_dataset_drops_nothing(tmp_path: Path) -> None:
    out = tmp_path / "out"
    run_import("ucdp-ged", out, write_release(tmp_path, 20, 0), released=dt.date(2021, 1, 1))
    revised = write_csv(
        tmp_path / "part.csv", [make_ged_row(1, deaths_a=2, date_start="2020-03-01", date_end="2020-03-01")]
    )
    done = run_import("ucdp-ged", out, revised, released=dt.date(2022, 1, 1), part=True)
    assert done.counts["gone"] == 0
    assert find_row(out, "claims", claim_id="ucdp-2022-01-01.1")["supersedes"] == "ucdp-2021-01-01.1"


# --- The command


def test_the_command_ends_in_1_names_what_is_wrong_and_writes_nothing(tmp_path: Path) -> None:
    out = tmp_path / "out"
    file = write_csv(tmp_path / "a.csv", [*ROWS[:2], ROWS[1] | {"best": "9"}, *make_table("ucdp-ged", ["3/8/2025"])])
    done = commands.run("import", "ucdp-ged", str(file), "--out", str(out))
    assert done.returncode == 1
    assert f"{file.as_posix()}:5:" in done.stdout
    assert "error[feed.day-column] date_start is not read: '3/8/2025' is not in a form" in done.stdout
    assert "error[ucdp_ged.id-unique] line 3 and line 4 are both 2 and differ: best is 2 and 9" in done.stdout
    assert done.stderr == "not imported: nothing was written\n"
    assert not out.exists()


@pytest.mark.slow
def test_the_command_allows_removals_that_are_meant(tmp_path: Path) -> None:
    out = str(tmp_path / "out")
    commands.run("import", "ucdp-ged", str(write_release(tmp_path, 20, 0)), "--out", out, "--released", "2021-01-01")
    newer = ("import", "ucdp-ged", str(write_release(tmp_path, 20, 19)), "--out", out, "--released", "2022-01-01")
    first = commands.run(*newer)
    assert (first.returncode, first.stderr) == (1, "not imported: nothing was written\n")
    assert "19 of 20 active records are missing (95.0%, more than 5%): 10, 11, 12, 13, 14, ..." in first.stdout
    assert "allow it with --accept-removals" in first.stdout
    second = commands.run(*newer, "--accept-removals")
    assert (second.returncode, second.stderr) == (0, "")
    assert "19 retracted, 1 unchanged" in second.stdout


def test_many_refusals_are_counted(tmp_path: Path) -> None:
    many = [make_ged_row(n, deaths_a=1) for n in range(1, 31)]
    file = write_csv(tmp_path / "a.csv", [*many, *(r | {"best": "7"} for r in many)])
    done = commands.run("import", "ucdp-ged", str(file), "--out", str(tmp_path / "out"))
    assert done.returncode == 1
    assert done.stdout.count("error[ucdp_ged.id-unique]") == 20
    assert "... and 10 more: conflictdata validate FILE" in done.stdout


def test_the_command_prints_the_warnings_that_it_counts(tmp_path: Path) -> None:
    out = tmp_path / "out"
    alike = [make_ged_row(n, deaths_a=3, where_coordinates=f"Town {n}") for n in range(1, 30)]
    done = commands.run("import", "ucdp-ged", str(write_csv(tmp_path / "a.csv", alike)), "--out", str(out))

    (counted,) = re.findall("0 errors, ([0-9]+) warnings", done.stdout)
    (more,) = re.findall(f"[.]{{3}} and ([0-9]+) more: conflictdata validate {re.escape(out.as_posix())}", done.stdout)
    assert done.returncode == 0
    assert int(counted) == done.stdout.count("warning[") + int(more) > 20
    assert f"{counted} warnings" in commands.run("validate", str(out)).stdout
