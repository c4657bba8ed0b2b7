"""DataFrames: `validate` gives the findings of the same table in a CSV, and a clear error for what is not a table."""

import datetime as dt
import decimal

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rule_faults import build_war
from strategies import RELEASED, few

import conflictdata as cd
from conflictdata.readers.frames import convert_frame

FRAMES = {
    "pandas": lambda f: f.to_pandas(),
    "pandas text": lambda f: pd.DataFrame(convert_frame(f, "x").to_dict(as_series=False), dtype=object),
    "pandas arrow": lambda f: f.to_pandas(use_pyarrow_extension_array=True),
    "pandas nullable": lambda f: f.to_pandas().convert_dtypes(),
    "pandas category": lambda f: convert_frame(f, "x").to_pandas().astype("category"),
    "polars": lambda f: f,
    "lazy": lambda f: f.lazy(),
    "arrow": lambda f: f.to_arrow(),
}
each_kind = pytest.mark.parametrize("kind", FRAMES)


def describe(report):
    """Return what the findings say, without their places."""
    return sorted(
        (f.rule, f.severity, f.message, f.hint, f.table, f.record, f.fields, f.value)
        for f in (*report.findings, *report.waived)
    )


def list_places(report):
    return [str(f.place) for f in report.errors]


def published(table="figures"):
    return cd.load(table, engine="polars")


# ---- the same findings as for a CSV ------------------------------------------------------------------------------

FAULTS = {
    "low": ["-1", "1e3", "012", "9" * 20, None, "999999"],
    "best": ["3", None],
    "unit": ["people", None, ""],
    "outcome": ["Killed"],
    "figure_id": [None, "x y", " a", "a.1.killed"],
    "claim_id": ["nobody-2024-01-01.1"],
    "parent_id": ["nothing.1.killed", ""],
    "period_start": ["2024-02-30", "2024-1-1", "2030-01-01"],
    "share": ["162", "62.5", "abc"],
    "printed": ["=1+1", "a b", "é"],
    "label": ["x" * 300, "007"],
}
CELL = st.sampled_from(sorted(FAULTS)).flatmap(lambda c: st.tuples(st.just(c), st.sampled_from(FAULTS[c])))


def plant(frame, faults):
    for row, (column, value) in faults:
        cells = frame[column].to_list()
        cells[row] = value
        frame = frame.with_columns(pl.Series(column, cells, dtype=pl.String))
    return frame


@few
@given(
    st.sampled_from(sorted(FRAMES)), st.integers(0, 1500),
    st.lists(st.tuples(st.integers(0, 11), CELL), max_size=4), st.sampled_from([None, "age", "low"]), st.booleans(),
)  # fmt: skip
def test_findings_are_those_of_the_csv(tmp_path_factory, kind, start, faults, missing, extra):
    frame = plant(published().cast(pl.String)[start : start + 12], faults)
    if missing:
        frame = frame.drop(missing)
    if extra:
        frame = frame.with_columns(remark=pl.lit("x"))
    file = tmp_path_factory.mktemp("csv") / "figures.csv"
    frame.write_csv(file)

    report = cd.validate(FRAMES[kind](frame), table="figures")

    assert describe(report) == describe(cd.validate(file))
    assert report.counts == {"figures": frame.height}


@each_kind
@pytest.mark.parametrize("table", ["figures", "events", "locations", "sources"])
def test_every_kind_of_frame_has_the_text_of_the_csv(kind, table):
    frame = published(table)
    csv = pl.read_csv(cd.path(table, format="csv"), infer_schema=False)

    assert convert_frame(FRAMES[kind](frame), table).equals(csv)


def test_a_typed_frame_gives_the_findings_of_the_csv(tmp_path):
    frame = published()[100:160].with_columns(low=pl.col("low") - 2)
    frame.write_csv(tmp_path / "figures.csv")

    report = cd.validate(frame.to_pandas(), table="figures")

    assert describe(report) == describe(cd.validate(tmp_path / "figures.csv"))
    assert report.errors


@pytest.mark.slow
def test_tables_by_name_are_one_set():
    tables = {name: frame.to_pandas() for name, frame in build_war().items()}
    claims = build_war()["claims"].with_columns(relayed_via=pl.lit("w0_nobody"))

    report = cd.validate({**tables, "claims": claims.lazy()}, released_on=RELEASED)

    assert {f.rule for f in report.errors} == {"claims.relayed-via-resolves"}
    assert list_places(report)[0] == "claims, row 0"


def test_a_place_is_the_row_as_in_iloc():
    frame = published()[::-1].to_pandas().set_axis([7] * len(published()))
    frame.iloc[12, frame.columns.get_loc("unit")] = "people"

    report = cd.validate(frame, table="figures")

    assert list_places(report) == ["figures, row 12"]
    assert report.to_frame()["row"].tolist().count(12) == 1
    assert report.errors[0].as_dict() | {"file": "figures", "line": 0, "row": 12} == report.errors[0].as_dict()


def test_places_are_sorted_by_row():
    frame = published().with_columns(unit=pl.lit("people"))[:12]
    assert list_places(cd.validate(frame, table="figures")) == [f"figures, row {n}" for n in range(12)]


# ---- which table it is -------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_frames_are_recognised_by_their_columns():
    tables = [t for t in cd.tables() if t != "casualties"]

    report = cd.validate(*(cd.load(table, engine="arrow") for table in tables))

    assert report.counts == {table: published(table).height for table in tables}
    assert report.errors == []


GED = {
    "id": [1, 2, 2], "relid": ["A-1", "A-2", "A-3"], "year": [2020, 2020, 2021], "active_year": [1, 1, 1],
    "type_of_violence": [1, 1, 9], "conflict_new_id": [1, 1, 1], "conflict_name": ["a"] * 3, "dyad_new_id": [1] * 3,
    "dyad_name": ["a - b"] * 3, "side_a": ["a"] * 3, "side_b": ["b"] * 3, "country": ["Angola"] * 3,
    "date_start": [dt.date(2020, 1, 5)] * 3, "date_end": [dt.date(2020, 1, 1)] * 3, "deaths_a": [1, 0, 0],
    "deaths_b": [0, 0, 0], "deaths_civilians": [0, 0, 0], "deaths_unknown": [0, 0, 0], "best": [7, 0, 0],
    "high": [1, 0, 0], "low": [1, 0, 0], "latitude": [1.5, -8.0, 1e-5], "longitude": [3.0] * 3, "where_prec": [1] * 3,
}  # fmt: skip


@pytest.mark.parametrize(("kind", "profile"), [("pandas", None), ("lazy", "ucdp-ged"), ("arrow", "auto")])
def test_other_datasets_give_the_findings_of_the_csv(tmp_path, kind, profile):
    frame = pl.DataFrame(GED)
    frame.write_csv(tmp_path / "ged.csv")

    report = cd.validate(FRAMES[kind](frame), profile=profile)

    assert describe(report) == describe(cd.validate(tmp_path / "ged.csv", profile="ucdp-ged"))
    assert set(list_places(report)) == {f"ucdp_ged, row {n}" for n in range(3)}
    assert report.notes[0].startswith("ucdp_ged: ucdp-ged")


def test_a_missing_column_of_another_dataset_has_no_line(tmp_path):
    frame = pl.DataFrame(GED).rename({"low": "loww"})
    frame.write_csv(tmp_path / "ged.csv")

    report = cd.validate(frame, profile="ucdp-ged")

    assert report.not_evaluated == cd.validate(tmp_path / "ged.csv", profile="ucdp-ged").not_evaluated != []
    assert [str(f.place) for f in report.findings if f.rule == "feed.missing-column"] == ["ucdp_ged"]


def test_rules_that_need_another_table_are_named(tmp_path):
    published("aliases").write_csv(tmp_path / "aliases.csv")
    assert cd.validate(published("aliases")).not_evaluated == cd.validate(tmp_path / "aliases.csv").not_evaluated != []


# ---- what is not a table -----------------------------------------------------------------------------------------


def make_figures(**columns):
    return published()[:3].to_pandas().assign(**columns)


NOT_TABLES = {
    "unknown columns": (lambda: cd.validate(pd.DataFrame({"a": [1]})), r"no table that is known; give table="),
    "no columns": (lambda: cd.validate(pd.DataFrame()), "no table that is known"),
    "nearest": (lambda: cd.validate(make_figures().drop(columns="age")), "Nearest is figures, but the frame lacks 'age'"),
    "an extra column": (lambda: cd.validate(make_figures(x=1)), "Nearest is figures, but the frame has 'x' too"),
    "derived": (lambda: cd.validate(cd.load()), r"casualties is derived: .*schemas\.Casualties"),
    "unknown table": (lambda: cd.validate(make_figures(), table="figurs"), "Did you mean 'figures'"),
    "unknown name": (lambda: cd.validate({"people": make_figures()}), "there is no table 'people'. The tables are"),
    "a number as name": (lambda: cd.validate({1: make_figures()}), "cannot be validated"),
    "a path too": (lambda: cd.validate(make_figures(), "a.csv"), "not given together with files; read a.csv"),
    "a path for a table": (lambda: cd.validate("a.csv", table="figures"), "not given together with files"),
    "twice": (lambda: cd.validate(make_figures(), make_figures()), "figures is given twice"),
    "several for one table": (lambda: cd.validate(make_figures(), make_figures(), table="figures"), "is for one DataFrame"),
    "table and profile": (lambda: cd.validate(make_figures(), table="figures", profile="auto"), "not both"),
    "unknown profile": (lambda: cd.validate(make_figures(), profile="ucdp-ge"), "Did you mean 'ucdp-ged'"),
    "not of the profile": (lambda: cd.validate(make_figures(), profile="acled"), "the DataFrame is not a table of acled"),
    "an engine for files": (lambda: cd.validate(make_figures(), engine="duckdb"), "not on duckdb"),
    "memory": (lambda: cd.validate(make_figures(), memory=10**9), "memory= is for files"),
    "no frame": (lambda: cd.validate({}), "the mapping holds no DataFrame"),
    "a number": (lambda: cd.validate(3), "int cannot be validated"),
    "a series": (lambda: cd.validate(make_figures()["age"]), "Series cannot be validated"),
    "a list of dicts": (lambda: cd.validate({"figures": [{"low": 1}]}), "list cannot be validated"),
    "a key in the index": (lambda: cd.validate(make_figures().set_index("figure_id"), table="figures"), r"reset_index\(\)"),
    "double labels": (lambda: cd.validate(pd.concat([make_figures(), make_figures()[["low"]]], axis=1), table="figures"), "'low' is duplicated"),
    "double names in Arrow": (lambda: cd.validate(pa.table([[1], [2]], names=["low", "low"]), table="figures"), "'low' is duplicated"),
    "numbered columns": (lambda: cd.validate(pd.DataFrame([[1]]), table="figures"), "the column 0 has a name that is not text"),
    "levels": (lambda: cd.validate(pd.DataFrame([[1]], columns=pd.MultiIndex.from_tuples([("a", "b")])), table="figures"), "several levels"),
    "lists": (lambda: cd.validate(make_figures(label=[["a"]] * 3), table="figures"), "figures, row 0: label holds a list"),
    "lists in polars": (lambda: cd.validate(published()[:1].with_columns(label=[["a"]]), table="figures"), "'label' has the type List"),
    "bytes": (lambda: cd.validate(make_figures(label=[None, b"a", "b"]), table="figures"), "row 1: label holds a bytes"),
    "a time span": (lambda: cd.validate(make_figures(low=pd.to_timedelta([1, 2, 3])), table="figures"), "has the type Duration"),
    "half a character": (lambda: cd.validate(make_figures(label=pd.Series(["a", "\ud800", "b"], dtype=object)), table="figures"), "row 1: label holds '.ud800'"),
    "a lost file": (lambda: cd.validate(pl.scan_csv("/nowhere.csv"), table="figures"), "cannot be read: No such file"),
    "flags of nothing": (lambda: cd.validate(make_figures(), flags="nowhere.csv"), "is neither a file nor a DataFrame"),
    "flags of another table": (lambda: cd.validate(make_figures(), flags=make_figures()), "is not a table of flags"),
}  # fmt: skip


@pytest.mark.parametrize("name", NOT_TABLES)
def test_what_is_not_a_table_is_a_clear_error(name):
    call, message = NOT_TABLES[name]
    with pytest.raises(cd.UsageError, match=message) as caught:
        call()
    assert isinstance(caught.value, ValueError)


def test_missing_and_extra_columns_are_findings():
    report = cd.validate(make_figures(agee=1).drop(columns="age"), table="figures")
    found = {f.rule: f for f in report.errors}

    assert "lacks the column(s) age" in found["seed.missing-key"].message
    assert found["seed.unknown-key"].hint == "Did you mean 'age'?"
    assert str(found["seed.missing-key"].place) == "figures"
    assert "age" not in [field for f in report.errors if f.rule == "cells.required" for field in f.fields]


def test_an_empty_frame_is_a_warning():
    report = cd.validate(cd.load("figures")[:0])
    assert [(f.rule, f.severity) for f in report.findings] == [("file.empty", "warning")]
    several = cd.validate({"figures": published()[:0], "aliases": published("aliases")[:0]})
    assert several.findings == []


# ---- cells -------------------------------------------------------------------------------------------------------

CELLS = [
    (1.0, "1"), (np.float32(2), "2"), (1.5, "1.5"), (1e-5, "0.00001"), (np.inf, "inf"), (2.0**60, "1.152921504606847e+18"),
    (True, "true"), (np.True_, "true"), (10**30, "1" + "0" * 30), (np.int8(3), "3"), (decimal.Decimal("2.00"), "2"),
    (decimal.Decimal("0.5"), "0.5"), (dt.date(2024, 1, 5), "2024-01-05"), (dt.datetime(2024, 1, 5), "2024-01-05"),
    (dt.datetime(2024, 1, 5, 12), "2024-01-05 12:00:00"), (pd.Timestamp("2024-01-05"), "2024-01-05"),
    (pd.Timestamp("2024-01-05", tz="UTC"), "2024-01-05 00:00:00+00:00"), (np.datetime64("2024-01-05"), "2024-01-05"),
    (pd.NA, None), (pd.NaT, None), (np.nan, None), (None, None), ("", ""), ("NA", "NA"), (np.str_("a"), "a"),
]  # fmt: skip


@pytest.mark.parametrize(("cell", "text"), CELLS, ids=repr)
def test_a_cell_of_objects_becomes_text(cell, text):
    frame = pd.DataFrame({"a": pd.Series([cell, "x"], dtype=object)})
    assert convert_frame(frame, "x")["a"].to_list() == [text, "x"]


@pytest.mark.parametrize(
    ("column", "texts"),
    [
        (pd.Series([1.0, np.nan]), ["1", None]),
        (pd.Series([1e-5, 0.25]), ["0.00001", "0.25"]),
        (pd.Series([1, None], dtype="Int64"), ["1", None]),
        (pd.Series([True, None], dtype="boolean"), ["true", None]),
        (pd.Series(pd.arrays.SparseArray([0, 1])), ["0", "1"]),
        (pd.Series(pd.to_datetime(["2024-01-05", None])), ["2024-01-05", None]),
        (pd.Series([2, 1, None], dtype="category"), ["2", "1", None]),
        (pd.Series([dt.date(2024, 1, 5), None], dtype=pd.ArrowDtype(pa.date32())), ["2024-01-05", None]),
        (pd.Series([2**64 - 1], dtype="uint64"), [str(2**64 - 1)]),
        (pl.Series([1.0, None, 2.5]), ["1", None, "2.5"]),
        (pl.Series([decimal.Decimal("2.00"), None]), ["2", None]),
        (pl.Series(["a", None], dtype=pl.Enum(["a"])), ["a", None]),
        (pl.Series([1, "a"], dtype=pl.Object), ["1", "a"]),
        (
            pl.Series([dt.datetime(2024, 1, 5), dt.datetime(2024, 1, 5, 1)]),
            ["2024-01-05", "2024-01-05 01:00:00.000000"],
        ),
        (pl.Series([None, None]), [None, None]),
    ],
    ids=lambda value: str(getattr(value, "dtype", "")),
)
def test_a_column_becomes_text(column, texts):
    frame = pl.DataFrame({"a": column}) if isinstance(column, pl.Series) else pd.DataFrame({"a": column})
    assert convert_frame(frame, "x")["a"].to_list() == texts


@pytest.mark.parametrize(
    "day", [dt.datetime(2024, 12, 1, 12), pd.Timestamp("2024-12-01", tz="UTC"), 20241201, "1.12.2024"]
)
def test_a_time_of_day_is_not_a_day(day):
    cells = pd.Series([None, day, None], dtype=object)
    report = cd.validate(make_figures(period_start=cells), table="figures")
    assert [(f.rule, str(f.place)) for f in report.errors if f.rule == "cells.date"] == [
        ("cells.date", "figures, row 1")
    ]


# ---- flags -------------------------------------------------------------------------------------------------------


@pytest.fixture
def csv(tmp_path):
    file = tmp_path / "figures.csv"
    file.write_bytes(cd.path("figures", format="csv").read_bytes())
    return file


def change_flagged(frame):
    """Change a number of a record that has a flag."""
    flagged = pl.col("figure_id") == "l_orient_today-2025-07-22.1.killed"
    return frame.with_columns(
        pl.when(flagged).then(pl.col(c) + 1).otherwise(pl.col(c)).alias(c) for c in ("low", "best", "high")
    )


@pytest.mark.slow
def test_published_tables_are_clean_and_show_what_is_waived(csv):
    installed = cd.path("figures", format="csv")
    for target in (published(), {"figures": published()}, csv, installed, cd.path("figures")):
        report = cd.validate(target)
        assert report.errors == []
        assert len([f for f in report.waived if f.severity == "error"]) == 4


@pytest.mark.slow
def test_a_changed_number_is_an_error_again(csv):
    changed = change_flagged(published())
    changed.write_csv(csv)
    for target in (changed, changed.to_pandas(), csv):
        assert [f.record for f in cd.validate(target).errors] == ["l_orient_today-2025-07-22.1.killed"]


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_flags_next_to_a_file_and_those_that_are_given(csv, ending):
    changed = change_flagged(published())
    changed.write_csv(csv)
    flags = published("flags")
    beside = csv.with_name(f"flags.{ending}")
    flags.write_csv(beside) if ending == "csv" else flags.write_parquet(beside)

    assert cd.validate(csv).errors == []
    assert cd.validate(changed, flags=cd.load("flags") if ending == "csv" else str(beside)).errors == []
    all_found = len(cd.validate(csv, flags=published("flags")[:0]).errors)
    one = published("flags").filter(pl.col("rule_id") == "figures.parts-cover-parent")[:1]
    assert len(cd.validate(csv, flags=one).errors) == all_found - 1


def test_flags_of_something_else_next_to_a_file_are_not_used(csv):
    csv.with_name("flags.csv").write_text("country,colours\nFrance,3\n")
    assert cd.validate(csv).errors == []


def test_flags_cannot_waive_a_cell(csv):
    changed = published()[:3].with_columns(unit=pl.lit("people"))
    record = changed["figure_id"][0]
    flags = pl.DataFrame({"record_id": [record], "rule_id": ["cells.term"]})
    assert len(cd.validate(changed, flags=flags).errors) == 3


# ---- differences -------------------------------------------------------------------------------------------------


def revise(frame):
    """Correct a number, remove a row and repeat none."""
    first = pl.int_range(pl.len()) == 3
    return frame.with_columns(label=pl.when(first).then(pl.lit("new")).otherwise("label"))[:-1]


@pytest.mark.slow
@each_kind
def test_a_diff_of_frames_is_that_of_the_tables(kind):
    old, new = published(), revise(published())
    expected = cd.diff({"figures": old}, {"figures": new})
    assert expected.counts == {"figures": {"removed": 1, "replaced": 0, "corrected": 1, "added": 0}}

    for options in ({}, {"table": "figures"}):
        found = cd.diff(FRAMES[kind](old), FRAMES[kind](new), **options)
        assert list(found.changes()) == list(expected.changes())
    by_name = cd.diff({"figures": FRAMES[kind](old)}, {"figures": new})
    assert list(by_name.changes()) == list(expected.changes())


def test_equal_frames_do_not_differ():
    assert not cd.diff(cd.load("claims"), cd.load("claims", engine="arrow"))
    tables = {name: cd.load(name) for name in cd.tables()}
    assert not cd.diff(tables, {name: frame.convert_dtypes() for name, frame in tables.items()})


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: cd.diff(make_figures(), 3), "int cannot be compared"),
        (lambda: cd.diff("a", "b", table="figures"), "is for two DataFrames"),
        (lambda: cd.diff(make_figures(low=["1", "x", "2"]), make_figures()), "figures, row 1: low holds 'x', not a whole number"),
        (lambda: cd.diff(make_figures(x=1), make_figures(x=1)), "Nearest is figures"),
        (lambda: cd.diff({"figurs": make_figures()}, {}), "Did you mean 'figures'"),
        (lambda: cd.diff({"figures": 3}, {}), "int cannot be compared"),
        (lambda: cd.diff(cd.load(), cd.load()), "casualties is derived"),
        (lambda: cd.diff(pl.DataFrame(GED), pl.DataFrame(GED)), "another dataset"),
    ],
)  # fmt: skip
def test_what_cannot_be_compared_is_a_clear_error(call, message):
    with pytest.raises(cd.UsageError, match=message):
        call()
