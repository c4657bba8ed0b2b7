"""The physical types: which values are read and which are refused.

Each refused cell is reported once.
"""

import datetime as dt

import numpy as np
import pandas as pd
import pandera.pandas as pa
import pyarrow
import pytest
from pandera.errors import SchemaError, SchemaErrors
from pandera.typing import Series

from conflictdata.schema import fields as f
from conflictdata.schema import vocabularies
from conflictdata.schema.pandera_types import (
    UNREAD,
    Count,
    Day,
    Number,
    Text,
    read_count,
    read_day,
    read_number,
    read_text,
)
from conflictdata.schema.tables import TableModel

DTYPES = {"key": "string", "kind": "string", "day": "datetime64[s]", "people": "Int64", "share": "Float64"}


class Sample(TableModel):
    """A table with a column of each type."""

    key: Series[Text] = f.key(f.ID, "Key.", "a")
    kind: Series[Text] = f.term(vocabularies.SEX, "Sex.", "male")
    day: Series[Day] = f.day("Day.", "2024-01-01")
    people: Series[Count] = f.people("People.", "1")
    share: Series[Number] = f.number("Share.", "62.5", 0, 100, "percent")

    class Config:
        name = "sample"


def make_frame(**columns):
    """Return three valid rows of text, with some columns replaced."""
    rows = {
        "key": ["a", "b", "c"],
        "kind": ["male", None, "female"],
        "day": ["2024-01-01", None, "2024-02-29"],
        "people": ["1", None, "0"],
        "share": ["62.5", None, "0"],
    }
    return pd.DataFrame({**rows, **columns}, dtype=object)


def list_failures(df, model=Sample):
    """Return (column, index, check) of each cell that lazy validation rejects."""
    with pytest.raises(SchemaErrors) as caught:
        model.validate(df, lazy=True)
    cases = caught.value.failure_cases
    names = cases["check"].str.replace(r"\(.*", "", regex=True)
    return sorted(zip(cases["column"], cases["index"], names, strict=True), key=str)


ARROW = {
    "key": pd.ArrowDtype(pyarrow.string()),
    "kind": pd.ArrowDtype(pyarrow.large_string()),
    "day": pd.ArrowDtype(pyarrow.date32()),
    "people": pd.ArrowDtype(pyarrow.int64()),
    "share": pd.ArrowDtype(pyarrow.float64()),
}
DATES = [dt.date(2024, 1, 1), None, dt.date(2024, 2, 29)]
PLAIN = {
    "text as objects": make_frame(),
    "pandas default": pd.DataFrame(make_frame().to_dict("list")),
    "string": make_frame().astype("string"),
    "string python": make_frame().astype("string[python]"),
    "string pyarrow": make_frame().astype("string[pyarrow]"),
    "category": make_frame().astype("category"),
    "floats with NaN": make_frame(people=[1.0, np.nan, 0.0], share=[62.5, np.nan, 0.0]).astype(
        {"people": float, "share": float}
    ),
    "int64": make_frame(people=[1, 5, 0], share=[62, 3, 0]).astype({"people": "int64", "share": "int64"}),
    "uint8": make_frame(people=[1, 5, 0]).astype({"people": "uint8"}),
    "Int64": make_frame(people=[1, None, 0], share=[62.5, None, 0.0]).astype({"people": "Int64", "share": "Float64"}),
    "datetime64[ns]": make_frame(day=pd.to_datetime(pd.Series(DATES)).astype("datetime64[ns]")).astype(
        {"day": "datetime64[ns]"}
    ),
    "datetime64[us]": make_frame().astype({"day": "datetime64[us]"}),
    "date objects": make_frame(day=DATES),
    "datetime objects": make_frame(day=[dt.datetime(2024, 1, 1), None, pd.Timestamp("2024-02-29")]),
    "arrow": make_frame(day=DATES, people=[1, None, 0], share=[62.5, None, 0.0]).astype(ARROW),
    "no rows": make_frame().iloc[:0],
    "all missing": make_frame(kind=[None] * 3, day=[None] * 3, people=[None] * 3, share=[np.nan] * 3),
}


@pytest.mark.parametrize("name", PLAIN)
@pytest.mark.parametrize("lazy", [False, True], ids=["eager", "lazy"])
def test_plain_frames_pass_and_come_out_in_the_types_of_the_table(name, lazy):
    df = PLAIN[name]
    before = df.copy(deep=True)

    out = Sample.validate(df, lazy=lazy)

    assert {c: str(t) for c, t in out.dtypes.items()} == DTYPES
    assert out["key"].tolist() == df["key"].tolist()
    pd.testing.assert_frame_equal(df, before)


@pytest.mark.parametrize("name", ["text as objects", "category", "date objects", "arrow", "string pyarrow"])
def test_values_survive(name):
    out = Sample.validate(PLAIN[name])

    assert out["people"].to_list() == [1, pd.NA, 0]
    assert out["share"].to_list() == [62.5, pd.NA, 0.0]
    assert out["day"].iloc[[0, 2]].to_list() == [pd.Timestamp("2024-01-01"), pd.Timestamp("2024-02-29")]
    assert pd.isna(out["day"].iloc[1])


@pytest.mark.parametrize(
    ("column", "value", "check"),
    [
        ("key", 5, "coerce_dtype"),
        ("key", None, "not_nullable"),
        ("key", "Not An Id", "str_matches"),
        ("key", "a\n", "str_matches"),
        ("kind", "men", "isin"),
        ("kind", 1.5, "coerce_dtype"),
        ("day", "2024-02-30", "coerce_dtype"),
        ("day", "2024-1-3", "coerce_dtype"),
        ("day", "1899-12-31", "greater_than_or_equal_to"),
        ("day", dt.date(1899, 12, 31), "greater_than_or_equal_to"),
        ("day", dt.datetime(2024, 1, 1, 12), "coerce_dtype"),
        ("day", pd.Timestamp("2024-01-01", tz="UTC"), "coerce_dtype"),
        ("day", 20240101, "coerce_dtype"),
        ("people", "1_000", "coerce_dtype"),
        ("people", "012", "coerce_dtype"),
        ("people", 3.5, "coerce_dtype"),
        ("people", True, "coerce_dtype"),
        ("people", 10**30, "coerce_dtype"),
        ("people", float("inf"), "coerce_dtype"),
        ("people", -1, "greater_than_or_equal_to"),
        ("share", "1e1", "coerce_dtype"),
        ("share", float("inf"), "coerce_dtype"),
        ("share", 100.5, "in_range"),
    ],
)
def test_a_failing_cell_is_reported_once_with_its_index(column, value, check):
    cells = make_frame()[column].tolist()
    df = make_frame(**{column: [value, *cells[1:]]}).set_axis([10, 20, 30])

    assert list_failures(df) == [(column, 10, check)]


def test_every_fault_is_reported_and_no_good_cell():
    df = make_frame(
        key=["a", 7, None], kind=["x", "male", 3], day=["2024-02-30", None, "1200-01-01"], people=["x", -5, 1]
    ).set_axis(["r", "s", "t"])

    assert list_failures(df) == [
        ("day", "r", "coerce_dtype"),
        ("day", "t", "greater_than_or_equal_to"),
        ("key", "s", "coerce_dtype"),
        ("key", "t", "not_nullable"),
        ("kind", "r", "isin"),
        ("kind", "t", "coerce_dtype"),
        ("people", "r", "coerce_dtype"),
        ("people", "s", "greater_than_or_equal_to"),
    ]


def test_rows_that_share_a_label_are_distinguished():
    df = make_frame(key=["a", 7, None]).set_axis([0, 0, 0])

    assert list_failures(df) == [("key", 0, "coerce_dtype"), ("key", 0, "not_nullable")]


def test_a_row_check_is_not_answered_for_a_row_that_could_not_be_read():
    class Checked(Sample):
        @pa.dataframe_check
        def people_known(cls, df):  # noqa: N805
            return df["people"].notna()

        class Config(Sample.Config):
            pass

    df = make_frame(people=["x", "1", None])
    found = list_failures(df, Checked)

    assert ("people", 0, "coerce_dtype") in found
    assert {index for _, index, check in found if check == "people_known"} == {2}


def test_without_lazy_the_first_fault_is_raised():
    with pytest.raises(SchemaError, match=r"cannot be read as day: '2024-02-30'"):
        Sample.validate(make_frame(day=["2024-02-30", None, None]))


@pytest.mark.parametrize("lazy", [False, True], ids=["eager", "lazy"])
def test_missing_unknown_and_double_columns_are_refused(lazy):
    for df in (
        make_frame().drop(columns="day"),
        make_frame().assign(extra=1),
        pd.concat([make_frame(), make_frame()[["day"]]], axis=1),
    ):
        with pytest.raises((SchemaError, SchemaErrors), match=r"day|extra"):
            Sample.validate(df, lazy=lazy)


def test_inplace_changes_the_callers_frame():
    df = make_frame()

    Sample.validate(df, inplace=True)

    assert str(df["people"].dtype) == "Int64"


def test_the_plain_schema_and_a_switched_off_pandera_behave_alike():
    with pytest.raises(SchemaErrors):
        Sample.to_schema().validate(make_frame(people=["x", None, None]), lazy=True)
    from pandera.config import config_context

    with config_context(validation_enabled=False):
        assert str(Sample.validate(make_frame(people=["x", None, None]))["people"].dtype) == "object"


@pytest.mark.parametrize(
    ("read", "value", "expected"),
    [
        (read_text, "8", "8"),
        (read_text, 8, UNREAD),
        (read_text, b"8", UNREAD),
        (read_count, "0", 0),
        (read_count, "-3", -3),
        (read_count, "-0", UNREAD),
        (read_count, "٣", UNREAD),
        (read_count, "1\n", UNREAD),
        (read_count, np.float32(8), 8),
        (read_count, 2.0**60, UNREAD),
        (read_number, "62.50", 62.5),
        (read_number, ".5", UNREAD),
        (read_number, np.int8(3), 3.0),
        (read_number, False, UNREAD),
        (read_day, "2024-02-29", np.datetime64("2024-02-29", "s")),
        (read_day, "2023-02-29", UNREAD),
        (read_day, "20240229", UNREAD),
        (read_day, "2024-02-29\n", UNREAD),
        (read_day, pd.Timestamp("2024-02-29 00:00:00.000000001"), UNREAD),
    ],
)
def test_readers(read, value, expected):
    assert read(value) is expected or read(value) == expected
