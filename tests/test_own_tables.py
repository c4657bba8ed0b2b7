"""Our own tables of any size: the report of a table in chunks is the report of the same table in memory."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from depth import DEEP, count_examples
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from rule_faults import build_broken_war
from strategies import RELEASED, damaged_sets, shuffle_rows

import conflictdata as cd
from conflictdata.findings import Report
from conflictdata.rules import load_rules
from conflictdata.schema.columns import list_tables
from conflictdata.validation.plan import make_plan
from conflictdata.validation.scan import EMBEDDED, own_tables
from conflictdata.validation.scan.chunks import LINKS, RowLinks, list_link_columns
from conflictdata.validation.scan.csv_structure import has_record_per_line
from conflictdata.validation.scan.files import Part
from conflictdata.validation.scan.run import check_table

RULES_OF_RECORDS = {r.id for r in load_rules().values() if not (r.is_row_rule and not r.view) and not r.requires_tables}
# Alone, the faults of these in `rule_faults` give no finding: the window is the claim's, the deep key has another fault.
SILENT_ALONE = {"figures.child-narrows-parent", "figures.depth-within-limit"}


def summarise(report: Report) -> dict[str, Any]:
    """Return what two roads must agree on."""
    return {
        "findings": [f.as_dict() for f in report.findings],
        "evaluated": {rule: tally.as_dict() for rule, tally in report.evaluated.items()},
        "counts": report.counts,
        "unlisted": report.unlisted,
    }


def write_table(frame: pl.DataFrame, path: Path) -> Path:
    """Write a table in the form of its suffix."""
    if path.suffix == ".csv":
        frame.write_csv(path, float_scientific=False)
    else:
        frame.write_parquet(path)
    return path


def check_in_chunks(path: Path, engine: str, rows: int, **more: Any) -> Report:
    """Check a table in chunks of so many rows."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(own_tables, "ROWS_PER_CHUNK", rows)
        return check_table([path], make_plan(path.stem, RELEASED), engine=engine, **more)


def assert_equal_reports(path: Path, engine: str, rows: int) -> Report:
    """Assert that chunks of so many rows give the same report as the whole table in memory."""
    whole = cd.validate(path, released_on=RELEASED)
    assert summarise(check_in_chunks(path, engine, rows)) == summarise(whole)
    return whole


@pytest.mark.slow
@pytest.mark.parametrize("table", list_tables())
def test_a_planted_fault_for_each_rule_is_found_in_chunks(table: str, tmp_path: Path) -> None:
    frame = shuffle_rows(build_broken_war(), 3)[table]
    forms = [(e, f) for e in EMBEDDED for f in ("csv", "parquet")] if DEEP else [(EMBEDDED[len(table) % 3], "csv")]

    for engine, form in forms:
        report = assert_equal_reports(write_table(frame, tmp_path / f"{table}.{form}"), engine, 300)

    broken = {rule for rule, tally in report.evaluated.items() if tally.invalid}
    assert {rule for rule in RULES_OF_RECORDS if rule.startswith(f"{table}.")} - SILENT_ALONE <= broken


@settings(
    max_examples=count_examples(2, 25),
    derandomize=True,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],
)
@given(
    tables=damaged_sets(2), table=st.sampled_from(["figures", "claims", "sources", "events"]), engine=st.sampled_from(EMBEDDED),
    form=st.sampled_from(["csv", "parquet"]), seed=st.integers(0, 99), rows=st.sampled_from([1, 7, 40]),
)  # fmt: skip
def test_damaged_tables_give_the_same_report_in_chunks(
    tables: dict[str, pl.DataFrame], table: str, engine: str, form: str, seed: int, rows: int,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:  # fmt: skip
    frame = shuffle_rows(tables, seed)[table]

    assert_equal_reports(write_table(frame, tmp_path_factory.mktemp("damaged") / f"{table}.{form}"), engine, rows)


@pytest.mark.slow
@pytest.mark.parametrize("engine", EMBEDDED)
def test_lines_that_are_not_records_put_their_claim_in_doubt(engine: str, tmp_path: Path) -> None:
    path = write_table(build_broken_war()["figures"].head(600), tmp_path / "figures.csv")
    lines = path.read_text(encoding="utf-8").split("\n")
    for at in range(3, 500, 40):
        lines[at] += ",x" if at % 80 == 3 else 'x"'
    lines[57] = lines[57].replace("persons", "person")
    path.write_text("\n".join(lines), encoding="utf-8")

    report = assert_equal_reports(path, engine, 100)

    assert {"csv.width", "csv.syntax", "cells.term"} <= {f.rule for f in report.findings}


@pytest.mark.slow
def test_findings_beyond_the_limit_are_counted_and_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("conflictdata.validation.scan.sink.MAX_KEPT", 5)
    path, out = write_table(build_broken_war()["figures"], tmp_path / "figures.csv"), tmp_path / "all.parquet"

    report, whole = check_in_chunks(path, "polars", 500, findings=out), cd.validate(path)

    assert len(report.errors) == len(report.warnings) == 5
    assert report.unlisted == {"error": len(whole.errors) - 5, "warning": len(whole.warnings) - 5}
    written = pl.read_parquet(out).sort("line", "column", "rule", "record")
    expected = sorted((f.place.line, f.place.column, f.rule, f.record) for f in whole.findings if f.place)
    assert written.select("line", "column", "rule", "record").rows() == expected
    assert report.evaluated == whole.evaluated


def test_the_rules_that_need_other_tables_are_named(tmp_path: Path) -> None:
    report = check_in_chunks(write_table(build_broken_war()["claim_links"], tmp_path / "claim_links.csv"), "polars", 50)

    assert report.not_evaluated == ["3 rules need one or more of the tables claims and conflicts"]


@pytest.mark.parametrize("table", LINKS)
def test_chunks_have_whole_groups_in_bounded_size(table: str) -> None:
    frame = shuffle_rows(build_broken_war(), 5)[table].cast(pl.String)
    links = RowLinks(table)
    for block in frame.iter_slices(97):
        links.add(block)

    chunks = links.split(200)

    assert len(chunks.of_rows) == frame.height
    assert chunks.count >= frame.height // 400
    name = "alias" if table == "aliases" else frame.columns[0]
    assert frame.with_columns(chunk=chunks.of_rows).group_by(name).agg(pl.col("chunk").n_unique() == 1)["chunk"].all()


@pytest.mark.slow
def test_a_table_with_many_findings_is_checked_in_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_tables, "_MAX_FINDINGS", 600)
    frame = build_broken_war()["figures"].head(900).with_columns(outcome=pl.lit("x"), unit=pl.lit("y"))

    assert_equal_reports(write_table(frame, tmp_path / "figures.csv"), "polars", 5_000)


def test_rows_without_a_key_do_not_make_a_chunk_of_any_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("conflictdata.validation.scan.chunks._MAX_UNNAMED", 50)
    links = RowLinks("figures")
    links.add(pl.DataFrame([[None] * 300] * 3, schema=dict.fromkeys(list_link_columns("figures"), pl.String)))

    assert links.split(60).count == 5


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('1,2\n"3,3",4\n', True), ('"1""x",2\n', True), (",\n", True), ("1,2", True), ("", True),
        ("1,2\n\n3,4\n", False), ('1"x,2\n', False), ('"1\nx",2\n', False), ("1,2\na,b\n", False), ("1,2,\n", False), ("1\n", False),
        ("1,\0002\n", False), ("\udcff,2\n", False), (f"{'x' * 1_000_001},2\n", False),
    ],
)  # fmt: skip
def test_the_quick_look_accepts_one_record_per_line_only(body: str, expected: bool, tmp_path: Path) -> None:
    path = tmp_path / "pairs.csv"
    path.write_text(f"a,b\n{body}", encoding="utf-8", errors="surrogateescape", newline="")

    assert has_record_per_line(Part(0, path, path.name, ("a", "b"), ("a", "b"), header=b"a,b\n")) is expected
