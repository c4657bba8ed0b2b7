"""The row of HXL tags in a frame, behind an index without a name."""

from __future__ import annotations

import polars as pl
import pytest

from conflictdata.readers.hxl import find_tag_row


@pytest.mark.parametrize("name", ["", "index", "Unnamed: 0", "Unnamed: 3", "column_0", "...1", "X"])
def test_tags_behind_an_index(name: str) -> None:
    frame = pl.DataFrame({name: ["0", "1"], "id": ["#event+id", "7"], "date": ["#date+start", "2020-01-01"]})
    assert find_tag_row(frame) == 0


def test_cell_in_a_named_column_counts() -> None:
    frame = pl.DataFrame({"best": ["0", "1"], "id": ["#event+id", "7"], "date": ["#date+start", "2020-01-01"]})
    assert find_tag_row(frame) is None
