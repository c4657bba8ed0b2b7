"""Rows with equal keys, and the positions of lines.

The fast paths give the results of the slow ones.
"""

from __future__ import annotations

from pathlib import Path

import bigtable
import polars as pl
import pytest
from depth import count_examples
from hypothesis import given, settings
from hypothesis import strategies as st

from conflictdata.validation.scan import duplicate_keys
from conflictdata.validation.scan.base import ROW
from conflictdata.validation.scan.duplicate_keys import CODE
from conflictdata.validation.scan.run import check_table

NEARLY_RISING = st.lists(st.integers(0, 40), max_size=30).map(sorted)


@st.composite
def codes(draw: st.DrawFn) -> list[int]:
    """Draw codes that are nearly sorted."""
    found = draw(NEARLY_RISING)
    for at in draw(st.lists(st.integers(0, 29), max_size=6)):
        if at < len(found):
            found[at] = draw(st.sampled_from([0, 1, 20, 40, 41, 2**63 - 1, 2**64 - 1]))
    return found


@pytest.mark.slow
@settings(max_examples=count_examples(100, 2000))
@given(codes(), st.sampled_from([1, 2, 100]))
def test_rows_that_are_not_alone_are_found_in_any_order(some: list[int], others: int) -> None:
    series = pl.Series(some, dtype=pl.UInt64)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(duplicate_keys, "_OTHERS", others)
        found = duplicate_keys._find_duplicates(series, pl.arange(len(some), dtype=pl.UInt64, eager=True))

    alike = [row for row, code in enumerate(some) if some.count(code) > 1]
    assert found[ROW].to_list() == alike
    assert found[CODE].to_list() == [some[row] for row in alike]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("rows", "ending", "ended"), [(700, "\n", False), (140_000, "\n", True), (140_000, "\r\n", False)]
)
def test_findings_are_at_their_lines_in_a_file_of_many_batches(
    tmp_path: Path, rows: int, ending: str, ended: bool
) -> None:
    table, faults = bigtable.add_faults(bigtable.make_rows(rows))
    file = tmp_path / "table.csv"
    table.write_csv(file, line_terminator=ending, float_scientific=False)
    if not ended:
        file.write_bytes(file.read_bytes().removesuffix(ending.encode()))
    lines = file.read_text().splitlines()

    found = check_table([file], bigtable.PLAN, engine="polars").findings

    assert sum(f.rule == "file.line-ending" for f in found) == (ending != "\n")
    found = [f for f in found if f.rule != "file.line-ending"]
    assert sorted((f.rule, f.record) for f in found) == sorted(faults)
    for finding in found:
        assert finding.place is not None
        line = lines[finding.place.line - 1]
        assert line.startswith(f"{finding.record},")
        cells = dict(zip(table.columns, line.split(","), strict=True))
        assert cells[finding.fields[0]] == finding.value
        before = list(cells.values())[: table.columns.index(finding.fields[0])]
        assert finding.place.column == sum(len(cell) + 1 for cell in before) + 1
