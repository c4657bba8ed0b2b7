"""Checks that a scan runs once for many rows.

The result equals that of checking each row: points, groups, duplicate rows.
"""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any

import narwhals.stable.v1 as nw
import polars as pl
import pytest
from rich.console import Console

from conflictdata.datasets import get_profile
from conflictdata.findings import Finding, Place, Report
from conflictdata.reporters.text import render
from conflictdata.validation.plan import make_dataset_plan
from conflictdata.validation.scan import EMBEDDED, distinct
from conflictdata.validation.scan.run import check_table

(GED,) = get_profile("ucdp-ged").tables
PLAN = make_dataset_plan(GED, dt.date(2026, 1, 1))
WKT = next(r for r in GED.rules if r.id == "ucdp_ged.wkt-fits-columns")
FITS = [
    "POINT (2.5 -1)", "POINT(2.5 -1)", " POINT  ( 2.5   -1.0 ) ", "POINT\t(2.5\t-1)", "POINT (2.5\n-1)", "POINT (2.50 -1.)",
    "POINT (2.5000004 -1)", "POINT (02.5 -01)",
]  # fmt: skip
DOES_NOT = [
    "POINT (2.5\u00a0-1)",
    "POINT (-1 2.5)", "POINT (2.5 1)", "POINT (2.5)", "POINT (2.5.0 -1)", "POINT (. -1)", "POINT (2.5e0 -1)", "point (2.5 -1)",
    "POINT (2.5 -1 0)", "POINT (2.50001 -1)", "POINT (2.5,-1)", "POINT EMPTY", "", "POINT (2.5 --1)",
]  # fmt: skip
ZERO = {"POINT (-0 -0.0)": True, "POINT (0 0)": True, "POINT (0 .1)": False}


def _make_rows(times: int) -> tuple[pl.DataFrame, list[bool | None]]:
    """Return points as texts and as columns, each `times` times, and whether the text is valid."""
    cells: list[tuple[str | None, float | None, float | None, bool | None]] = [
        *((text, -1.0, 2.5, True) for text in FITS),
        *((text, -1.0, 2.5, False) for text in DOES_NOT),
        *((text, 0.0, -0.0, fits) for text, fits in ZERO.items()),
        (None, -1.0, 2.5, None),
        ("POINT (2.5 -1)", None, 2.5, False),
    ]
    columns: Any = dict(zip((*WKT.fields, "fits"), zip(*cells, strict=True), strict=True))
    frame = pl.concat([pl.DataFrame(columns)] * times)
    return frame.drop("fits"), frame["fits"].to_list()


@pytest.mark.slow
@pytest.mark.parametrize("times", [1, 500])
def test_a_rule_evaluated_once_for_equal_rows_gives_the_result_of_each(times: int) -> None:
    frame, fits = _make_rows(times)
    evaluated = distinct.evaluate_cached(WKT).alias("said")

    assert frame.select(evaluated)["said"].to_list() == fits
    assert frame.lazy().select(evaluated).collect(engine="streaming")["said"].to_list() == fits
    check: Any = WKT.check
    assert nw.from_native(frame).select(check.alias("said")).to_native()["said"].to_list() == fits


def test_rows_seen_in_an_earlier_block_get_the_same_verdict() -> None:
    frame, fits = _make_rows(100)
    rule = distinct._CachedRule(WKT)

    for block in (frame, frame.head(7), frame.reverse()):
        result = rule.evaluate(block.to_struct("rows")).to_list()
        assert result == fits[: len(result)] or result == fits[::-1]


def _write_ged(folder: Path, form: str, more: dict[str, list[Any]]) -> Path:
    """Write a file of UCDP GED with some columns, sorted by day."""
    rows = len(next(iter(more.values())))
    frame = pl.DataFrame({"id": list(range(1, rows + 1)), **more})
    file = folder / f"ged.{form}"
    frame.write_csv(file) if form == "csv" else frame.write_parquet(file)
    return file


def _list_invalid(report: Report) -> dict[str, tuple[int, int, int]]:
    names = ("ucdp_ged.country-name-fits", "ucdp_ged.country-id-fits", "ucdp_ged.within-release")
    tallies = {name: report.evaluated[name] for name in names}
    return {name.partition(".")[2]: (t.valid, t.invalid, t.unknown) for name, t in tallies.items()}


@pytest.mark.slow
@pytest.mark.parametrize("engine", EMBEDDED)
@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_groups_that_are_right_are_counted_and_those_that_are_not_are_found(
    tmp_path: Path, engine: str, form: str
) -> None:
    days = ["2024-01-05"] * 60 + [None]
    cells = {"country": ["Mali"] * 60 + [None], "country_id": [432] * 61, "date_end": days, "date_start": days}
    good = _write_ged(tmp_path, form, cells)
    assert _list_invalid(check_table([good], PLAN, engine=engine)) == {
        "country-name-fits": (60, 0, 0), "country-id-fits": (60, 0, 0), "within-release": (0, 0, 60),
    }  # fmt: skip

    late = [*days[:-1], "2024-02-01"]
    cells = {"country": ["Mali"] * 60 + ["Niger"], "country_id": [432] * 61, "date_end": late, "date_start": late}
    bad = check_table([_write_ged(tmp_path, form, cells)], PLAN, engine=engine)
    assert _list_invalid(bad) == {
        "country-name-fits": (60, 1, 0), "country-id-fits": (61, 0, 0), "within-release": (60, 1, 0),
    }  # fmt: skip
    assert {f.record for f in bad.findings if f.record} == {"61"}
    (after,) = (f.message for f in bad.findings if f.rule == "ucdp_ged.within-release")
    assert (
        after
        == "date_end 2024-02-01 lies after the release's end, 2024-01-31: 1 row(s) in that month, 60 in the month before"
    )


@pytest.mark.parametrize("engine", EMBEDDED)
@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_points_of_every_spelling_are_checked_and_none_stops_the_scan(tmp_path: Path, engine: str, form: str) -> None:
    texts = [text for text in (*FITS, *DOES_NOT) if text and "\n" not in text]
    cells = {"geom_wkt": texts, "latitude": [-1.0] * len(texts), "longitude": [2.5] * len(texts)}

    report = check_table([_write_ged(tmp_path, form, cells)], PLAN, engine=engine)

    wrong = {f.value for f in report.findings if f.rule == WKT.id}
    assert wrong == set(DOES_NOT) & set(texts)


@pytest.mark.parametrize("concise", [True, False])
def test_a_report_without_colours_is_what_a_terminal_shows_of_it(*, concise: bool) -> None:
    odd = [
        "a " * 60,
        "tab\there",
        "[bold]no markup[/] :smile:",
        "line\nbreak",
        "日本語" * 40,
        "\x1b[31mred",
        " end  ",
        "",
    ]
    found = [
        Finding("t.rule", "error", text, text, "t", text, value=text, place=Place("a b.csv", 1, 2)) for text in odd
    ]
    report = Report(found, notes=["a  note " * 20], unlisted={"error": 3})
    plain, shown = io.StringIO(), io.StringIO()

    render(report, Console(file=plain, highlight=False, color_system=None, width=80), concise=concise)
    terminal = Console(file=shown, highlight=False, color_system=None, width=80, force_terminal=True, no_color=True)
    render(report, terminal, concise=concise)

    assert plain.getvalue().split() == shown.getvalue().split()  # a terminal wraps lines
    assert "[bold]no markup[/] :smile:" in plain.getvalue()
