"""The limits of the rules for datasets, and of the numbers that the engines read."""

from __future__ import annotations

from pathlib import Path

import pytest
from feed_files import scan, validate_together

import conflictdata as cd


@pytest.mark.parametrize(
    ("count", "listed", "passes"),
    [(0, "2020-03-12", True), (-1, "2020-03-12", True), (2, "2020-03-12", False), (1, "2020-03-12", True)],
)
def test_a_count_of_sources_that_nobody_made_is_not_compared(
    count: int, listed: str, passes: bool, tmp_path: Path
) -> None:
    file = tmp_path / "ged.csv"
    file.write_text(f"id,number_of_sources,source_date\n141,{count},{listed}\n", encoding="utf-8")
    found = {finding.rule for finding in validate_together(file, profile="ucdp-ged").findings}
    assert ("ucdp_ged.sources-counted" not in found) is passes


@pytest.mark.parametrize("engine", ["polars", "pandas", "duckdb"])
@pytest.mark.parametrize(
    ("number", "passes"), [(10**18 - 1, True), (10**18, False), (2**63 - 1, False), (2**63, False)]
)
def test_every_engine_reads_counts_of_18_digits_at_most(engine: str, number: int, passes: bool, tmp_path: Path) -> None:
    file = tmp_path / "ged.csv"
    file.write_text(f"id,best,high,low\n141,{number},{number},{number}\n", encoding="utf-8")
    for report in (cd.validate(file, profile="ucdp-ged", engine=engine), scan(file, profile="ucdp-ged", engine=engine)):
        unread = {finding.fields for finding in report.findings if finding.rule in {"cells.whole", "cells.number"}}
        assert unread == (set() if passes else {("best",), ("high",), ("low",)})
