"""The rules of profiles.

Each bad example breaks only its rule, each good one none. Also the made-up files, and agreement of the engines.
"""

from __future__ import annotations

import datetime as dt
import itertools
import json
from collections import Counter

import polars as pl
import pytest
from feed_files import HERE, list_facts, validate_together
from hypothesis import given
from hypothesis import strategies as st

from conflictdata.datasets import NAMES, compiled, detect_profile, get_profile, list_profiles
from conflictdata.datasets.models import MODELS
from conflictdata.datasets.rules import load_dataset_rules
from conflictdata.devtools.rule_examples import load_examples
from conflictdata.readers import open_table
from conflictdata.validation.dataset_files import check_tables

RULES = load_dataset_rules()
EXAMPLES = {id_: example for id_, example in load_examples().items() if example.bad and id_ in RULES}
OF = {rule.id: p.name for p in list_profiles() for rule in p.rules}

each_example = pytest.mark.parametrize("id_", EXAMPLES)


def find_in_files(files, folder, profile_name):
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return validate_together(*(folder / name for name in files), profile=profile_name)


def list_without_gaps(report):
    """Return the findings but that a main rule lacks a column: an example has only the columns of its rule."""
    return [finding for finding in report.findings if finding.rule != "feed.missing-column"]


@pytest.mark.sample(4)
@each_example
def test_a_bad_example_breaks_its_rule_alone(id_, tmp_path):
    report = find_in_files(EXAMPLES[id_].bad, tmp_path, OF[id_])

    (finding,) = list_without_gaps(report)
    assert (finding.rule, finding.severity) == (id_, RULES[id_].severity)
    assert report.evaluated[id_].invalid == 1


@pytest.mark.sample(5)
@each_example
def test_a_good_example_breaks_none(id_, tmp_path):
    report = find_in_files(EXAMPLES[id_].good, tmp_path, OF[id_])

    assert list_without_gaps(report) == []
    assert report.evaluated[id_].valid


def test_a_rule_without_example_leads_to_one_of_its_kind_or_says_why():
    without = {id_: example for id_, example in load_examples().items() if id_ in RULES and id_ not in EXAMPLES}

    assert all(example.of in EXAMPLES for id_, example in without.items() if id_ != "ucdp_ged.within-release")
    assert all(f"As {example.of}," in example.unseen for example in without.values() if example.of)
    assert "50 events" in without["ucdp_ged.within-release"].unseen


def test_each_rule_is_of_a_table_of_a_profile():
    tables = {table.name for p in list_profiles() for table in p.tables}

    assert {rule.table for rule in RULES.values()} == tables
    assert {rule.id for p in list_profiles() for rule in p.rules} == set(RULES)


def test_ids_are_of_their_tables_and_unique():
    ids = [rule.id for p in list_profiles() for rule in p.rules]

    assert len(ids) == len(set(ids))
    assert all(rule.id.startswith(f"{rule.table}.") for p in list_profiles() for rule in p.rules)


def test_rules_read_columns_that_their_models_have():
    for p in list_profiles():
        for table in p.tables:
            columns = {c.column for c in table.columns}
            assert {f for rule in table.rules for f in rule.fields} <= columns
            assert set(table.needs) <= columns


def test_what_is_compiled_is_what_the_models_say():
    assert [compiled.COMPILED.file.read_text(encoding="utf-8")] == list(compiled.COMPILED.render_files().values())
    assert {t.name for p in list_profiles() for t in p.tables} == set(MODELS)


@pytest.mark.parametrize("name", MODELS)
def test_examples_of_columns_pass_pandera(name):
    row = {c.column: c.example for c in compiled.get_constraints(name) if c.kind != "date"}
    days = {c.column: "2022-12-28" for c in compiled.get_constraints(name) if c.kind == "date"}

    import pandas as pd

    checked = MODELS[name].validate(pd.DataFrame([row | days], dtype="str"))

    assert len(checked) == 1


@pytest.mark.parametrize("name", NAMES)
def test_a_table_is_recognised_by_its_columns(name):
    for table in get_profile(name).tables:
        file = f"{table.file_word}.json" if table.file_word else ""
        assert detect_profile([c.column for c in table.columns], file=file) == (get_profile(name), table)


def test_acled():
    report = validate_together(HERE / "acled.csv")

    assert {(f.rule, f.record, f.fields[0]) for f in report.findings} == {
        ("acled.sub-event-fits-type", "NOW4", "sub_event_type"),
        ("acled.year-of-date", "NOW5", "year"),
        ("cells.required", "NOW6", "fatalities"),
        ("cells.date", "NOW7", "event_date"),
        ("acled.coordinates-real", "NOW8", "latitude"),
        ("acled.no-look-alike", "NOW5", "event_id_cnty"),
    }


@pytest.mark.slow
@pytest.mark.parametrize("name", ["ged.csv", "acled.csv"])
def test_pandas_finds_the_same(name):
    sheet = open_table(HERE / name)
    found = detect_profile(sheet.columns)

    on_polars = check_tables([(found[1], sheet)])
    on_pandas = check_tables([(found[1], sheet)], engine="pandas")

    assert list_facts(on_pandas.findings) == list_facts(on_polars.findings)
    assert on_pandas.evaluated == on_polars.evaluated


RELEASE = pl.DataFrame({"released_on": [dt.date(2026, 1, 1)]})


def evaluate_on_duckdb(rule, table, values):
    import duckdb
    import narwhals.stable.v1 as nw

    with duckdb.connect() as connection:
        connection.register("values", values.to_arrow())
        connection.register("release", RELEASE.to_arrow())
        frames = {
            table: nw.from_native(connection.table("values")),
            "release": nw.from_native(connection.table("release")),
        }
        judged = frames[table].with_columns(rule.check.alias("verdict")) if rule.is_row_rule else rule.check(frames)
        return list_verdicts(judged.to_native().pl())


def list_verdicts(judged):
    columns = [c for c in ("row:", "spot", "verdict") if c in judged.columns]
    return sorted(judged.select(columns).rows(), key=str)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["ged.csv", "acled.csv"])
def test_duckdb_gives_the_same_verdicts(name):
    import narwhals.stable.v1 as nw

    from conflictdata.validation.dataset_files import cast_table

    sheet = open_table(HERE / name)
    _, table = detect_profile(sheet.columns)
    values = cast_table(table, sheet)
    frames = {table.name: nw.from_native(values.lazy()), "release": nw.from_native(RELEASE.lazy())}
    for rule in table.rules:
        lazy = frames[table.name].with_columns(rule.check.alias("verdict")) if rule.is_row_rule else rule.check(frames)
        assert evaluate_on_duckdb(rule, table.name, values) == list_verdicts(lazy.collect().to_polars()), rule.id


WEST_BANK = [
    {"report_date": "2023-10-07", "verified": {"killed": 6, "killed_cum": 6}, "killed_cum": 3, "settler_attacks_cum": 3, "flash_source": "un"},
    {"report_date": "2023-10-08", "verified": {"killed": 8, "killed_cum": 13}, "killed_cum": 2, "settler_attacks_cum": 1, "flash_source": "un"},
]  # fmt: skip


def test_the_west_bank_with_columns_within_columns(tmp_path):
    path = tmp_path / "wb.json"
    path.write_text(json.dumps(WEST_BANK, indent=2), encoding="utf-8")

    report = validate_together(path)

    assert {(f.rule, f.fields[0], f.value) for f in report.findings} == {
        ("palestine_west_bank.verified-killed-is-difference", "verified.killed", "8"),
        ("palestine_west_bank.toll-does-not-fall", "killed_cum", "2"),
        ("palestine_west_bank.toll-does-not-restart", "settler_attacks_cum", "1"),
    }
    lines = path.read_text(encoding="utf-8").split("\n")
    for finding in report.findings:
        assert lines[finding.place.line - 1][finding.place.column - 1 :].rstrip(",") == finding.value


LEBANON = [
    {"report_date": "2026-03-05", "report_source": "moph_lb", "report_period": 96, "killed": 12, "killed_cum": 12},
    {"report_date": "2026-03-10", "report_source": "moph_lb", "report_period": 120, "killed": 40, "killed_cum": 50},
    {"report_date": "2026-03-14", "report_source": "moph_lb", "report_period": 24, "killed": 1, "killed_cum": 90},
]


def test_a_report_of_several_days_is_held_against_the_one_before(tmp_path):
    path = tmp_path / "lebanon.json"
    path.write_text(json.dumps(LEBANON), encoding="utf-8")

    report = validate_together(path)

    # The third covers one day of the four since the second, so no conclusion follows from the two.
    assert {(f.rule, f.record) for f in report.findings} == {("palestine_lebanon.killed-is-difference", "2026-03-10")}


def test_a_daily_table_as_csv_gives_the_same_findings(tmp_path):
    (tmp_path / "a").mkdir()
    as_json, as_csv = tmp_path / "a" / "wb.json", tmp_path / "wb.csv"
    as_json.write_text(json.dumps(WEST_BANK), encoding="utf-8")
    open_table(as_json).frame.write_csv(as_csv)

    assert list_facts(validate_together(as_csv).findings) == list_facts(validate_together(as_json).findings)


def exchange_digits(number):
    """Return the numbers with two digits beside each other exchanged."""
    digits = f"{number:08d}"
    return {int(digits[:n] + digits[n + 1] + digits[n] + digits[n + 2 :]) for n in range(7)} - {number}


def is_slip(before, toll, after):
    if before > after or before <= toll <= after:
        return False
    beyond = toll - after if toll > after else before - toll
    fits = any(before <= n <= after for n in exchange_digits(toll))
    return beyond > 3 * (after - before + 1) or (beyond > after - before and fits)


@pytest.mark.slow
@given(st.lists(st.integers(0, 50), min_size=2, max_size=12))
def test_each_fall_is_a_slip_a_fall_or_a_restart(tmp_path_factory, tolls):
    path = tmp_path_factory.mktemp("tolls") / "any.csv"
    days = [f"2024-01-{n + 1:02d}" for n in range(len(tolls))]
    pl.DataFrame({"date": days, "day": [""] * len(tolls), "personnel": tolls}).write_csv(path)

    counts = Counter(f.rule for f in validate_together(path).findings)

    alone = [0 < n < len(tolls) - 1 and is_slip(*tolls[n - 1 : n + 2]) for n in range(len(tolls))]
    slips = [slip and not (n and alone[n - 1]) for n, slip in enumerate(alone)]
    pairs = [pair for n, pair in enumerate(itertools.pairwise(tolls)) if not slips[n] and not slips[n + 1]]
    assert counts["ukraine_personnel.toll-fits-neighbours"] == sum(slips)
    assert counts["ukraine_personnel.toll-does-not-restart"] == sum(b * 2 < a for a, b in pairs)
    assert counts["ukraine_personnel.toll-does-not-fall"] == sum(b < a <= b * 2 for a, b in pairs)
