"""Every engine gives the same report.

Findings, places, messages and tallies are equal.
"""

from __future__ import annotations

import random
import tempfile
from pathlib import Path
from typing import Any

import bigtable
import narwhals.stable.v1 as nw
import polars as pl
import pytest
from depth import count_examples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conflictdata.findings import Report
from conflictdata.rules.base import VERDICT, Rule
from conflictdata.schema.columns import Constraint, load_constraints
from conflictdata.validation.cells import check_cells, check_columns
from conflictdata.validation.plan import Plan, Reference
from conflictdata.validation.scan import EMBEDDED
from conflictdata.validation.scan.run import check_table

OTHERS = [name for name in EMBEDDED if name != "polars"]  # Spark: test_engines_spark.py


def summarise(report: Report) -> dict[str, Any]:
    """Return a report as plain data, with sorted findings."""
    return {
        "findings": [f.as_dict() for f in report.findings],
        "evaluated": {rule: tally.as_dict() for rule, tally in sorted(report.evaluated.items())},
        "counts": report.counts,
        "unlisted": report.unlisted,
    }


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[tuple[str, str]]]:
    """Return a table with a hundred known faults, as CSV and as Parquet."""
    folder = tmp_path_factory.mktemp("faulty")
    frame, expected = bigtable.add_faults(bigtable.make_rows(3_000))
    frame.write_csv(folder / "made_up.csv", float_scientific=False)
    frame.write_parquet(folder / "made_up.parquet")
    return folder, expected


@pytest.mark.parametrize("engine", EMBEDDED)
@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_the_known_faults_are_found_and_nothing_else(
    engine: str, form: str, faulty: tuple[Path, list[tuple[str, str]]]
) -> None:
    folder, expected = faulty

    report = check_table([folder / f"made_up.{form}"], bigtable.PLAN, engine=engine)

    assert sorted((f.rule, f.record) for f in report.findings) == expected
    assert len(expected) == 100
    assert report.counts == {"made_up": 3_000}


@pytest.mark.slow
@pytest.mark.parametrize("engine", OTHERS)
@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_the_reports_are_equal(engine: str, form: str, faulty: tuple[Path, list[tuple[str, str]]]) -> None:
    file = faulty[0] / f"made_up.{form}"

    assert summarise(check_table([file], bigtable.PLAN, engine=engine)) == summarise(check_table([file], bigtable.PLAN))


def _make_column(name: str, kind: str, *, required: bool = False, **more: Any) -> Constraint:
    return Constraint(name, kind, required, unique=False, description=f"{name}.", example="1", **more)


def _find_gaps(frames: Any) -> Any:
    """Evaluate a rule over several rows: one name per code."""
    rows = frames["small"].filter(~nw.col("code").is_null() & ~nw.col("word").is_null())
    names = rows.group_by("code").agg(names=nw.col("word").n_unique())
    return rows.join(names, on="code", how="inner").with_columns((nw.col("names") == 1).alias(VERDICT))


def _make_rule(name: str, fields: tuple[str, ...], check: Any, message: str) -> Rule:
    texts = {"message": message, "hint": "Look.", "why": "It must hold."}
    return Rule(id=f"small.{name}", table="small", severity="warning", fields=fields, check=check, **texts)


SMALL = Plan(
    "small",
    (
        _make_column("key", "id", required=True, pattern="[a-z][a-z0-9_]*"),
        _make_column("code", "count", low=0),
        _make_column("share", "number", low=-1, high=100),
        _make_column("on", "date", low="1900-01-01"),
        _make_column("word", "term", terms=("one", "two", "three")),
        _make_column("note", "text", shortest=1, longest=12),
    ),
    ("key",),
    (
        _make_rule("code-below-share", ("code", "share"), nw.col("code") <= nw.col("share"), "{code} > {share} in {note}"),
        _make_rule("word-has-day", ("on",), nw.when(nw.col("word") == "one").then(~nw.col("on").is_null()), "{word} without a day"),
        _make_rule("one-word-a-code", ("word", "code"), _find_gaps, "{code} has {names} words"),
    ),
    (Reference("code", "code", tuple(range(0, 2_000, 2))),),
)  # fmt: skip

CELLS: dict[str, list[str]] = {
    "key": ["a", "b", "c", "a_1", "d9", "B", "", "é", " a", "a\u200b", "a b"],
    "code": ["0", "1", "8", "12", "1000", "012", "+5", "-0", "-3", "1e5", "1_000", "1,000", "٣", "", " 5", "5 ", "5.0", "x", "9" * 19],
    "share": ["0", "-0", "1.5", "12.50", ".5", "5.", "1e2", "inf", "nan", "-1.0", "100.001", "+1", "01.5", "", "0.000001"],
    "on": ["2024-01-31", "2024-02-30", "2024-2-3", "1899-12-31", "31.1.2024", "", "2024-01-31 ", "0000-01-01", "9999-12-31", "２０24-01-01"],
    "word": ["one", "two", "three", "One", "four", "", "one "],
    "note": ["fine", "=cmd", "a, b", 'a "b"', "two\nlines", "", "x" * 13, "tab\t", "é" * 12, "#tag", "-"],
}  # fmt: skip


# Arrow does not compare such long integers with floats, so rules on pandas cannot read them.
WIDE = ["9" * 18, "-" + "9" * 18, "1" + "0" * 18]


def _quote(text: str, always: bool) -> str:
    return '"' + text.replace('"', '""') + '"' if always or any(ch in text for ch in ',"\n\r') else text


@st.composite
def tables(draw: st.DrawFn) -> bytes:
    """Draw a small CSV, mostly sorted, with odd cells, quotes and line endings."""
    rows = []
    for number in range(draw(st.integers(1, 12))):
        row = [f"k{number % 9}", str(2 * number), "50", "2024-01-31", "two", "fine"]
        for name, cells in CELLS.items():
            if draw(st.integers(0, 3)) == 0:
                row[list(CELLS).index(name)] = draw(st.sampled_from(cells))
        rows.append(row)
    always = draw(st.booleans())
    ending = draw(st.sampled_from(["\n", "\r\n"]))
    lines = [",".join(CELLS), *(",".join(_quote(cell, always and bool(cell)) for cell in row) for row in rows)]
    if draw(st.integers(0, 3)) == 0:
        odd = draw(st.sampled_from(["a,1", "a,1,2,2024-01-01,one,fine,more", 'a,"b"c,1,,,', 'a,"1,2,,one,x', "", ","]))
        lines.insert(draw(st.integers(1, len(lines))), odd)
    text = ending.join(lines) + draw(st.sampled_from([ending, ""]))
    return draw(st.sampled_from([b"", b"\xef\xbb\xbf"])) + text.encode()


@pytest.mark.slow
@given(tables())
@settings(max_examples=count_examples(25, 120), deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_table_gives_one_report(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "small.csv"
        file.write_bytes(data)

        reports = {engine: summarise(check_table([file], SMALL, engine=engine)) for engine in EMBEDDED}

    for engine in OTHERS:
        assert reports[engine] == reports["polars"], engine


@pytest.mark.slow
@given(
    st.lists(
        st.sampled_from(sorted({c for cells in CELLS.values() for c in cells} | set(WIDE))), min_size=1, max_size=20
    )
)
@settings(max_examples=count_examples(50, 200), deadline=None)
def test_the_screens_agree_with_the_cell_checks(texts: list[str]) -> None:
    """The screens flag exactly the cells that `check.cells` rejects, whatever the text."""
    rows = [
        dict.fromkeys(("code", "share", "on", "word", "note"), text) | {"key": f"k{n}"} for n, text in enumerate(texts)
    ]
    frame = pl.DataFrame(rows, schema={c.column: pl.String for c in SMALL.columns}).select(
        pl.when(pl.all() != "").then(pl.all())
    )
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "small.parquet"
        frame.write_parquet(file)
        report = check_table([file], Plan("small", SMALL.columns, ("key",)))

    expected = [(frame["key"][f.row], f.column, f.rule, f.message) for f in check_columns(SMALL.columns, frame)[1]]
    found = [(f.record, f.fields[0], f.rule, f.message) for f in report.findings]
    assert sorted(found) == sorted(expected)


@given(seed=st.integers(0, 10_000))
@settings(max_examples=count_examples(3, 30), deadline=None)
def test_the_order_of_rows_does_not_matter(seed: int) -> None:
    frame, _ = bigtable.add_faults(bigtable.make_rows(200, seed=seed), each=1)
    shuffled = frame.sample(fraction=1, shuffle=True, seed=random.Random(seed).randrange(1 << 30))
    with tempfile.TemporaryDirectory() as folder:
        one, other = Path(folder) / "one.parquet", Path(folder) / "other.parquet"
        frame.write_parquet(one)
        shuffled.write_parquet(other)
        reports = [check_table([file], bigtable.PLAN) for file in (one, other)]

    records = [sorted((f.rule, f.record, f.fields) for f in report.findings) for report in reports]
    assert records[0] == records[1]
    assert reports[0].evaluated == reports[1].evaluated


def test_the_cells_of_our_tables_are_still_checked() -> None:
    frame = pl.DataFrame({c.column: ["x", None] for c in load_constraints("locations")})

    assert check_cells("locations", frame)[1] == check_columns(load_constraints("locations"), frame)[1]
