"""`conflictdata.schemas`: plain DataFrames against the models with their rules.

As a pandera user calls them.
"""

import datetime as dt
import warnings

import numpy as np
import pandas as pd
import pytest
from pandera.errors import SchemaError, SchemaErrors, SchemaWarning
from rule_faults import build_war
from rule_results import convert_to_pandas
from strategies import RELEASED

import conflictdata as cd
from conflictdata import schemas
from conflictdata.rules import load_rules

CLAIM = "telesur_english-2024-12-05.1"
COLUMNS = list(schemas.Figures.to_schema().columns)


def make_toll(fighters=371, **cells):
    """Return the first article as typed by hand.

    At least 727 killed, 111 of them civilians.
    """
    rows = [
        {"figure_id": f"{CLAIM}.killed", "relation": "total", "qualifier": "at_least", "low": 727},
        {"figure_id": f"{CLAIM}.killed.civilians", "person_status": "civilian", "low": 111, "best": 111, "high": 111},
        {"figure_id": f"{CLAIM}.killed.hts", "actor_id": "hts", "low": fighters, "best": fighters, "high": fighters},
        {
            "figure_id": f"{CLAIM}.killed.government",
            "actor_id": "syrian_government",
            "low": 220,
            "best": 220,
            "high": 220,
        },
        {"figure_id": f"{CLAIM}.killed.militia", "actor_id": "militia", "low": 25, "best": 25, "high": 25},
    ]
    shared = {"claim_id": CLAIM, "outcome": "killed", "unit": "persons"}
    part = {"parent_id": f"{CLAIM}.killed", "relation": "part", "axis": "party", "qualifier": "exact"}
    full = [{**shared, **({} if n == 0 else part), **row} for n, row in enumerate(rows)]
    df = pd.DataFrame([{c: row.get(c) for c in COLUMNS} for row in full], columns=COLUMNS, dtype=object)
    return df.assign(**cells)


def make_claims(**cells):
    return convert_to_pandas(build_war()["claims"])[:3].assign(**cells)


def list_failures(validate, df):
    """Return (check, column, index, case) of each failure in lazy validation.

    Each failed cell or record comes once.
    """
    with pytest.raises(SchemaErrors) as caught:
        validate(df, lazy=True)
    cases = caught.value.failure_cases
    return sorted(zip(cases["check"], cases["column"], cases["index"], cases["failure_case"], strict=True), key=str)


@pytest.mark.parametrize("lazy", [False, True], ids=["eager", "lazy"])
def test_a_clean_table_comes_out_typed_and_the_callers_is_left_alone(lazy):
    df = make_toll()
    before = df.copy(deep=True)

    out = schemas.Figures.validate(df, lazy=lazy)

    assert {str(t) for t in out.dtypes} == {"string", "Int64", "Float64", "datetime64[s]"}
    assert out["low"].tolist() == [727, 111, 371, 220, 25]
    assert out["best"].isna().tolist() == [True, False, False, False, False]
    pd.testing.assert_frame_equal(df, before)


def test_a_breakdown_that_does_not_sum_is_refused_with_its_arithmetic():
    with pytest.raises(SchemaError, match=r"figures\.parts-cover-parent") as caught:
        schemas.Figures.validate(make_toll(fighters=317))

    assert "111 + 317 + 220 + 25 = 673" in str(caught.value)
    assert "at least 727" in str(caught.value)


def test_a_broken_rule_is_listed_once_at_its_record():
    (found,) = list_failures(schemas.Figures.validate, make_toll(fighters=317).set_axis(list("abcde")))

    assert found[:3] == ("figures.parts-cover-parent", "low", "a")
    assert "111 + 317 + 220 + 25 = 673" in found[3]


def test_both_lists_of_a_total_are_reported():
    df = make_toll(fighters=317)
    sexes = df[1:3].assign(
        figure_id=[f"{CLAIM}.killed.men", f"{CLAIM}.killed.women"], axis="sex", actor_id=None, person_status=None,
        sex=["male", "female"], low=[1, 2], best=[1, 2], high=[1, 2],
    )  # fmt: skip

    (found,) = list_failures(schemas.Figures.validate, pd.concat([df, sexes], ignore_index=True))

    assert "= 673" in found[3]
    assert "1 + 2 = 3" in found[3]


@pytest.mark.parametrize("day", ["2024-02-30", "0025-01-01", "2024-1-3", "30.02.2024"])
@pytest.mark.parametrize(
    ("model", "table", "column"), [("Claims", "claims", "as_of"), ("Events", "events", "date_start")]
)
def test_a_day_that_is_none_is_refused_at_its_row(model, table, column, day):
    df = convert_to_pandas(build_war()[table]).set_axis([f"row {n}" for n in range(len(build_war()[table]))])
    df.loc["row 1", column] = day

    found = list_failures(getattr(schemas, model).validate, df)

    assert [(name, row) for _, name, row, _ in found] == [(column, "row 1")]
    assert str(found[0][3])[:10] == day


def test_every_fault_is_listed_at_once_and_once():
    df = make_toll(fighters=317)
    df.loc[1, "sex"] = "Male"
    df.loc[2, "high"] = "３７１"
    df.loc[3, "figure_id"] += "\n"
    df.loc[4, "unit"] = None

    found = list_failures(schemas.Figures.validate, df)

    assert sorted((row, column) for _, column, row, _ in found) == [
        (1, "sex"),
        (2, "high"),
        (3, "figure_id"),
        (4, "unit"),
    ]


@pytest.mark.sample(4)
@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("figure_id", f"{CLAIM}.killed.civilians\n"), ("figure_id", f"{CLAIM}.Killed"), ("claim_id", "２" + CLAIM[1:]),
        ("sex", "Male"), ("outcome", "KILLED"), ("low", "１１１"), ("low", "1_111"), ("low", "١١١"), ("low", 111.5), ("low", True),
        ("low", "+111"), ("low", -111), ("share", 162), ("share", np.inf), ("label", ""), ("label", "x" * 281), ("unit", None),
        ("period_start", dt.datetime(2024, 12, 1, 12)),
    ],
)  # fmt: skip
def test_a_cell_out_of_form_is_refused_at_its_row(column, value):
    df = make_toll()
    df.at[1, column] = value

    found = list_failures(schemas.Figures.validate, df)

    assert {(name, row) for check, name, row, _ in found if not check.startswith("figures.")} == {(column, 1)}


@pytest.mark.slow
def test_an_unknown_and_a_missing_column_are_refused():
    with pytest.raises(SchemaErrors, match="age"):
        schemas.Figures.validate(make_toll().drop(columns="age"), lazy=True)
    with pytest.raises(SchemaErrors, match="remark"):
        schemas.Figures.validate(make_toll(remark="x"), lazy=True)
    with pytest.raises(SchemaErrors, match="figure_id"):
        schemas.Figures.validate(make_toll().drop(columns="figure_id"), lazy=True)


@pytest.mark.parametrize("lazy", [False, True], ids=["eager", "lazy"])
def test_a_warning_warns_and_refuses_nothing(lazy):
    with pytest.warns(
        SchemaWarning, match=r"figures\.parts-sum-as-printed: .*: by party: 111 \+ 372 \+ 220 \+ 25 = 728"
    ) as caught:
        out = schemas.Figures.validate(make_toll(fighters=372), lazy=lazy)

    assert len(caught) == 1
    assert len(out) == 5


def test_warnings_are_given_beside_errors():
    df = make_toll(fighters=317)
    numbers = {"low": 22_000, "best": 22_000, "high": 22_000, "qualifier": "exact"}
    displaced = df[:1].assign(figure_id=f"{CLAIM}.displaced", outcome="displaced", **numbers)

    with pytest.warns(SchemaWarning, match="22000 is a round number"):
        (found,) = list_failures(schemas.Figures.validate, pd.concat([df, displaced], ignore_index=True))

    assert found[0] == "figures.parts-cover-parent"


def test_rows_that_share_a_label_are_reported_by_their_records():
    found = list_failures(schemas.Figures.validate, make_toll(fighters=317).set_axis([0] * 5))

    assert [(check, row) for check, _, row, _ in found] == [("figures.parts-cover-parent", 0)]


def test_a_duplicate_record_is_refused():
    df = make_toll()

    found = list_failures(schemas.Figures.validate, pd.concat([df, df[4:]], ignore_index=True))

    assert {check for check, _, _, _ in found} == {"figures.key-unique"}
    assert {row for _, _, row, _ in found} == {4, 5}


def test_an_empty_table_passes():
    assert len(schemas.Figures.validate(make_toll()[:0])) == 0


@pytest.mark.parametrize("table", schemas.SCHEMAS)
def test_every_model_takes_its_table(table):
    df = convert_to_pandas(build_war()[table])

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SchemaWarning)
        out = schemas.SCHEMAS[table].validate(df, lazy=True)

    assert len(out) == len(df)


@pytest.mark.slow
def test_bound_schemas_ask_for_other_tables():
    tables = {table: convert_to_pandas(frame) for table, frame in build_war().items()}
    tables["claims"].loc[0, "relayed_via"] = "w0_nobody"

    found = list_failures(schemas.bound(tables, released_on=RELEASED)["claims"].validate, tables["claims"])

    assert [(check, row) for check, _, row, _ in found] == [("claims.relayed-via-resolves", 0)]
    assert "there is no such actor" in found[0][3]


@pytest.mark.slow
def test_bound_schemas_know_the_day_of_release():
    tables = {table: convert_to_pandas(frame) for table, frame in build_war().items()}

    early = schemas.bound(tables, released_on=dt.date(2024, 6, 3))["sources"]

    assert {check for check, *_ in list_failures(early.validate, tables["sources"])} == {
        "sources.published-by-release",
        "sources.accessed-by-release",
    }
    assert len(schemas.bound(tables, released_on=RELEASED)["sources"].validate(tables["sources"])) == 5


# ---- the published tables ----------------------------------------------------------------------------------------

warned = pytest.mark.filterwarnings("ignore::pandera.errors.SchemaWarning")


@warned
@pytest.mark.parametrize("table", schemas.SCHEMAS)
def test_a_published_table_passes_its_own_schema(table):
    published = cd.load(table)

    out = schemas.SCHEMAS[table].validate(published, lazy=True)

    pd.testing.assert_frame_equal(out, published)


@pytest.mark.slow
@warned
def test_the_published_tables_pass_together():
    tables = {table: cd.load(table) for table in schemas.SCHEMAS}

    for table, schema in schemas.bound(tables).items():
        assert len(schema.validate(tables[table], lazy=True)) == len(tables[table])


FLAGS = [
    (flag.record_id, flag.rule_id)
    for flag in cd.load("flags").itertuples()
    if flag.rule_id.startswith("figures.")
    and load_rules()[flag.rule_id].severity == "error"
    and not {"actors", "locations"} & set(load_rules()[flag.rule_id].requires_tables)
]
each_flag = pytest.mark.parametrize(("record", "rule"), FLAGS)


def find_claim(record):
    """Return the published figures of a flagged figure's claim, and its position."""
    figures = cd.load("figures")
    (claim,) = figures.loc[figures["figure_id"] == record, "claim_id"]
    rows = figures[figures["claim_id"] == claim].reset_index(drop=True)
    return rows, rows.index[rows["figure_id"] == record][0]


@each_flag
def test_a_flag_covers_the_rows_that_were_published(record, rule):
    rows, _ = find_claim(record)
    assert len(schemas.Figures.validate(rows, lazy=True)) == len(rows)
    assert len(schemas.Figures.validate(rows.iloc[::-1], lazy=True)) == len(rows)


def test_some_flags_are_of_figures_alone():
    assert len(FLAGS) == 4


@pytest.mark.slow
@warned
@each_flag
@pytest.mark.parametrize("column", ["label", "printed", "cause"])
def test_a_flag_does_not_cover_a_row_that_was_changed(record, rule, column):
    rows, at = find_claim(record)
    rows.loc[at, column] = "direct" if column == "cause" else "11 people" if pd.isna(rows.loc[at, column]) else pd.NA

    assert rule in {check for check, *_ in list_failures(schemas.Figures.validate, rows)}


@warned
@pytest.mark.parametrize("record", [record for record, rule in FLAGS if rule == "figures.parts-cover-parent"])
def test_a_slip_in_a_flagged_total_or_in_a_part_of_it_is_an_error(record):
    rows, at = find_claim(record)
    for slip in (at, rows.index[(rows["parent_id"] == record) & (rows["relation"] == "part")][0]):
        changed = rows.copy()
        changed.loc[slip, ["low", "best", "high"]] += 100

        found = list_failures(schemas.Figures.validate, changed)
        assert ("figures.parts-cover-parent", at) in {(check, index) for check, _, index, _ in found}


@warned
@pytest.mark.parametrize("record", [record for record, rule in FLAGS if rule == "figures.parts-cover-parent"])
def test_a_list_that_lost_a_part_is_not_the_one_that_was_published(record):
    rows, at = find_claim(record)
    parts = rows[(rows["parent_id"] == record) & (rows["relation"] == "part") & (rows["best"] > 0)]
    lost = next(part for part in parts["figure_id"] if not (rows["parent_id"] == part).any())

    found = list_failures(schemas.Figures.validate, rows[rows["figure_id"] != lost])
    assert ("figures.parts-cover-parent", at) in {(check, index) for check, _, index, _ in found}


@warned
def test_two_parts_that_changed_and_make_the_same_sum_are_not_what_was_published():
    rows, at = find_claim("news_of_israel-2024-07-28.1.injured")
    one, other, *_ = rows.index[(rows["parent_id"] == rows.loc[at, "figure_id"]) & (rows["relation"] == "part")]
    rows.loc[one, ["low", "best", "high"]] += 1
    rows.loc[other, ["low", "best", "high"]] -= 1

    found = list_failures(schemas.Figures.validate, rows)
    assert [(check, index) for check, _, index, _ in found] == [("figures.parts-cover-parent", at)]


@warned
@pytest.mark.parametrize("table", ["casualties", "events", "figures", "locations"])
def test_a_table_as_pandas_reads_its_csv_passes(table):
    schema = {**schemas.SCHEMAS, "casualties": schemas.Casualties}[table]

    out = schema.validate(pd.read_csv(cd.path(table, format="csv")), lazy=True)

    pd.testing.assert_frame_equal(out, cd.load(table))


def test_the_derived_table_has_a_schema():
    df = cd.load("casualties")
    pd.testing.assert_frame_equal(schemas.Casualties.validate(df), df)
    df.loc[3, "sex"] = "men"
    df.loc[4, "figure_id"] = df.loc[5, "figure_id"]

    found = list_failures(schemas.Casualties.validate, df)

    assert [(check, column, row) for check, column, row, _ in found] == [
        ("casualties.key-unique", "figure_id", 4),
        ("casualties.key-unique", "figure_id", 5),
        ("cells.term", "sex", 3),
    ]


@pytest.mark.slow
@warned
def test_an_error_fits_a_screen_and_names_columns_and_rows():
    df = cd.load("figures")[:300].astype(object)
    for column in df.columns[3:]:
        df[column] = f"no such {column} {'x' * 300}"

    with pytest.raises(SchemaErrors) as caught:
        schemas.Figures.validate(df.set_axis([f"row {n}" for n in range(len(df))]), lazy=True)

    text = str(caught.value)
    assert len(text) <= 2_000
    assert "- cells.date, column period_end, rows row 0, row 1, row 2, row 3, row 4 and 295 more: 'no such" in text
    assert text.splitlines()[-1].endswith("more rules or columns, in `failure_cases`")
    assert len(caught.value.failure_cases) > 5_000
    with pytest.raises(SchemaError) as one:
        schemas.Figures.validate(df)
    assert len(str(one.value)) <= 2_000


def test_a_warning_is_issued_at_the_line_that_calls():
    bound = schemas.bound({"figures": make_toll()})["figures"]
    for validate in (schemas.Figures.validate, schemas.Figures.to_schema().validate, bound.validate):
        with pytest.warns(SchemaWarning) as caught:
            validate(make_toll(fighters=372))
        assert [w.filename for w in caught] == [__file__]


def test_a_text_without_characters_is_refused_once():
    df = make_toll()
    df.loc[1, "unit"] = df.loc[2, "parent_id"] = df.loc[3, "high"] = ""

    found = list_failures(schemas.Figures.validate, df)

    assert [(column, row) for check, column, row, _ in found if check == "cells.length"] == [
        ("high", 3), ("parent_id", 2), ("unit", 1),
    ]  # fmt: skip
    assert [case for case in found if case[:3] == ("cells.required", "unit", 1)] == []


def test_a_part_of_the_rows_is_checked():
    df = make_toll()
    df.loc[4, "unit"] = "people"
    assert len(schemas.Figures.validate(df, head=2)) == 5
    with pytest.raises(SchemaError, match="column unit, row 4"):
        schemas.Figures.validate(df, tail=2)


@pytest.mark.parametrize("label", [0, ("a", "b"), "low"])
def test_a_frame_that_is_not_a_table_is_a_schema_error(label):
    df = make_toll()
    with pytest.raises(SchemaError, match="figures: the column"):
        schemas.Figures.validate(pd.concat([df, pd.DataFrame({"x": [1] * 5}).set_axis([label], axis=1)], axis=1))
