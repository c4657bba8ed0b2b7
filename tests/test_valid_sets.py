"""Sets that are valid by construction.

No rule finds a fault: on any engine, in any order, also after conversion to text and back.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rule_results import collect_results
from strategies import few, many, shuffle_rows, skip_if_passed, valid_sets

from conflictdata.readers.normalize import convert_to_text
from conflictdata.schema.columns import make_text_schema
from conflictdata.validation.cells import check_cells


@pytest.fixture(scope="module")
def passed():
    """Return the sets that have passed."""
    return set()


def convert_through_text(tables):
    """Write the tables as text, read them back and check them."""
    return {
        table: check_cells(table, convert_to_text(frame, table).cast(make_text_schema(table)))
        for table, frame in tables.items()
    }


def check_set(tables, seed, passed):
    with skip_if_passed(tables, passed):
        found = collect_results(tables, "polars")
        assert {rule: result for rule, (_, result) in found.items() if result} == {}
        assert collect_results(tables, "pandas") == found
        assert collect_results(shuffle_rows(tables, seed), "polars") == found
        for table, (frame, faults, _) in convert_through_text(tables).items():
            assert faults == []
            assert frame.equals(tables[table])
            assert frame.schema == tables[table].schema


@pytest.mark.slow
@few
@given(valid_sets(), st.integers(0, 2**16))
def test_valid_sets_are_valid(passed, tables, seed):
    check_set(tables, seed, passed)


@pytest.mark.hand
@pytest.mark.slow
@many
@given(valid_sets(), st.integers(0, 2**16))
def test_many_valid_sets_are_valid(passed, tables, seed):
    check_set(tables, seed, passed)
