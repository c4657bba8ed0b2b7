"""Real files of other datasets.

Every measured number is tested, and sound files give no error.
"""

from __future__ import annotations

import csv
import json
from collections import Counter

import pytest
from feed_files import REAL, Form, count_by_rule, format_table, list_facts, needs_real, validate_together

from conflictdata.findings import Report
from conflictdata.validation.table_files import validate_files

pytestmark = needs_real
GED, TFP, UKRAINE = REAL / "ucdp_ged", REAL / "tfp", REAL / "ukraine"

ORDER = {"ged_syria.csv": 101, "ged_myanmar.csv": 10, "ged_sample1000.csv": 13}
OTHERS = {
    "ged_syria.csv": {"ucdp_ged.within-release": 1, "ucdp_ged.no-look-alike": 46},
    "ged_myanmar.csv": {"ucdp_ged.encoding-sound": 5, "ucdp_ged.no-look-alike": 59},
    "ged_sample1000.csv": {"ucdp_ged.wkt-fits-columns": 1},
}


@pytest.fixture(scope="module")
def ged() -> dict[str, Report]:
    paths = [GED / name for name in ORDER]
    return dict(zip(ORDER, validate_files(paths), strict=True))


@pytest.mark.parametrize("name", ORDER)
def test_ged_has_these_findings_and_no_error(ged, name):
    assert count_by_rule(ged[name]) == {"ucdp_ged.low-best-high": ORDER[name], **OTHERS[name]}
    assert ged[name].errors == []


@pytest.mark.parametrize("name", ORDER)
def test_the_rows_out_of_order_are_those_that_a_plain_reader_finds(ged, name):
    with (GED / name).open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        expected, start = set(), 2
        for row in reader:
            if not int(row["low"]) <= int(row["best"]) <= int(row["high"]):
                expected.add((row["id"], start))
            start = reader.line_num + 1

    found = {(f.record, f.place.line) for f in ged[name].findings if f.rule == "ucdp_ged.low-best-high"}

    assert found == expected


def test_a_finding_in_a_file_with_line_breaks_is_at_its_cell(ged):
    lines = (GED / "ged_myanmar.csv").read_bytes().decode().split("\n")

    for finding in ged["ged_myanmar.csv"].findings:
        cell = lines[finding.place.line - 1][finding.place.column - 1 :].lstrip('"').replace('""', '"')
        assert cell.startswith(finding.value[:30].split("\n")[0].strip('"')[:12])


def test_the_point_with_another_sign_is_found(ged):
    (point,) = (f for f in ged["ged_sample1000.csv"].findings if f.rule == "ucdp_ged.wkt-fits-columns")

    assert (point.record, point.value) == ("141599", "POINT (128.17 3.705)")


def test_the_row_after_the_release_is_found(ged):
    (late,) = (f for f in ged["ged_syria.csv"].findings if f.rule == "ucdp_ged.within-release")

    assert (late.record, late.value) == ("318868", "2019-12-01")


def test_broken_encoding_is_found_where_it_is(ged):
    broken = [f.record for f in ged["ged_myanmar.csv"].findings if f.rule == "ucdp_ged.encoding-sound"]

    assert broken == ["464862", "467766", "467767", "468429", "471870"]


@pytest.mark.slow
def test_gaza():
    report = validate_together(TFP / "casualties_daily.json")

    falls = Counter(f.fields[0] for f in report.findings if f.rule == "palestine_gaza.toll-does-not-fall")
    assert falls == {"killed_women_cum": 2, "famine_cum": 1, "ext_press_killed_cum": 1}
    killed = report.evaluated["palestine_gaza.killed-is-difference"]
    injured = report.evaluated["palestine_gaza.injured-is-difference"]
    assert (killed.invalid, killed.invalid + killed.valid) == (7, 998)
    assert (injured.invalid, injured.invalid + injured.valid) == (14, 970)
    assert report.errors == []
    assert set(count_by_rule(report)) == {
        "palestine_gaza.toll-does-not-fall",
        "palestine_gaza.killed-is-difference",
        "palestine_gaza.injured-is-difference",
        "palestine_gaza.ext-killed-cum-as-reported",
        "palestine_gaza.ext-injured-cum-as-reported",
    }


@pytest.mark.slow
def test_a_finding_in_json_is_at_its_value():
    lines = (TFP / "casualties_daily.json").read_text(encoding="utf-8").split("\n")

    for finding in validate_together(TFP / "casualties_daily.json").findings:
        line = lines[finding.place.line - 1]
        assert f'"{finding.fields[0]}"' in line
        assert line[finding.place.column - 1 :].rstrip(",") == finding.value


@pytest.mark.slow
def test_buildings():
    report = validate_together(TFP / "infrastructure-damaged.json")

    assert count_by_rule(report) == {
        "palestine_infrastructure.toll-does-not-fall": 2,
        "palestine_infrastructure.places-of-worship-ext-churches-destroyed-as-reported": 1,
    }


@pytest.mark.slow
def test_ukraine_with_its_corrections():
    report = validate_together(*sorted(UKRAINE.glob("*.json")))

    falls = [f.message for f in report.findings if f.rule == "ukraine_equipment.toll-does-not-fall"]
    assert len(falls) == 13
    assert sum("a correction of that day says -" in message for message in falls) == 11
    assert count_by_rule(report) == {"ukraine_equipment.toll-does-not-fall": 13, "ukraine_correction.day-fits-date": 2}
    assert report.errors == []


@pytest.mark.slow
def test_ukraine_without_its_corrections_says_nothing_of_them():
    report = validate_together(UKRAINE / "russia_losses_equipment.json")

    assert count_by_rule(report) == {"ukraine_equipment.toll-does-not-fall": 13}
    assert not any("correction" in f.message for f in report.findings)


def test_radford():
    report = validate_together(REAL / "radford" / "replication-data-pnas.csv")

    assert count_by_rule(report) == {
        "radford.row-not-repeated": 252,
        "radford.count-in-digits": 27,
        "radford.one-value-a-day": 380,
    }
    assert report.errors == []


def test_what_is_read_of_json_is_what_python_reads():
    rows = json.loads((TFP / "casualties_daily.json").read_text(encoding="utf-8"))

    from conflictdata.readers import open_table

    frame = open_table(TFP / "casualties_daily.json").frame
    assert [{k: v for k, v in row.items() if v is not None} for row in frame.iter_rows(named=True)] == [
        {k: str(v) for k, v in row.items()} for row in rows
    ]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("ged_sample1000.csv", {"encoding": "utf-16", "tags": True, "ends": ("\r\n", "\n")}),
        ("ged_sample1000.csv", {"separator": ";", "quoting": csv.QUOTE_ALL, "blank_lines": True}),
        ("ged_myanmar.csv", {"encoding": "utf-8-sig", "tags": True, "quoting": csv.QUOTE_ALL, "capitals": True}),
    ],
    ids=["utf-16 with tags", "semicolons and quotes", "mark, tags, quotes and capitals"],
)
def test_a_real_file_in_another_form_has_the_same_findings(ged, tmp_path, name, form):
    with (GED / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    path = tmp_path / "any.csv"
    path.write_bytes(format_table(rows, Form(sorted(rows[0]), **form))[0])

    assert list_facts(validate_together(path).findings) == list_facts(ged[name].findings)
