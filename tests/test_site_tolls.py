"""Pages of tolls: long ones are folded by month, and pictures come from `conflictdata.plots`."""

from __future__ import annotations

import datetime as dt
import importlib
import importlib.util
import types
from typing import Any

import polars as pl
import pytest
from sitebox import load_true, make_bundle

from conflictdata.findings import UsageError
from conflictdata.site import pictures
from conflictdata.site.layout import Page
from conflictdata.site.pages.tolls import MOST, iterate_toll_pages
from conflictdata.site.records import SiteTables
from conflictdata.site.rendering import Renderer

TOLL = "sohr.syria_2024_offensive.2024-11-27"
DAYS = 200


def make_long_toll() -> SiteTables:
    """Return records of one toll that grows by 10 each day for 200 days."""
    true = load_true()
    first = (
        true["casualties"]
        .filter((pl.col("toll_id") == TOLL) & (pl.col("qualifier") == "exact") & (pl.col("outcome") == "killed"))
        .head(1)
    )
    rows = pl.concat([first] * DAYS).with_columns(
        pl.Series("as_of", [dt.date(2024, 11, 28) + dt.timedelta(i) for i in range(DAYS)]),
        *(pl.Series(name, [100 + 10 * i for i in range(DAYS)]) for name in ("low", "best", "high")),
        pl.Series("figure_id", [f"page-{i}.1.killed" for i in range(DAYS)]),
        pl.Series("claim_id", [f"page-{i}.1" for i in range(DAYS)]),
    )
    frames = {name: true[name].head(0) for name in true.tables}
    frames |= {"casualties": rows, "actors": true["actors"], "locations": true["locations"]}
    frames["tolls"] = true["tolls"].filter(pl.col("toll_id") == TOLL)
    return SiteTables(make_bundle(frames))


def test_a_long_toll_is_folded_by_month() -> None:
    records = make_long_toll()
    pages = {page.path: page for page in iterate_toll_pages(records, pictures.draw_nothing)}
    (section,) = pages[f"tolls/{TOLL}.html"].context["sections"]
    assert section.table.caption == "The last number of each month"
    assert [line.name for line in section.months] == [
        "November 2024",
        "December 2024",
        *(f"{m} 2025" for m in "January February March April May June".split()),
    ]
    assert sum(line.numbers for line in section.months) == DAYS
    numbers = [line.quantity.size for month in section.months for line in pages[month.path].context["table"].lines]
    assert numbers == [100 + 10 * i for i in range(DAYS)]
    assert all(len(pages[month.path].context["table"].lines) <= MOST for month in section.months)
    text = Renderer(records, "", workbook=False).render(pages[section.months[1].path])
    assert "December 2024" in text
    assert f"../../tolls/{TOLL}.html" in text


class Drawn:
    """A picture as `conflictdata.plots` returns it."""

    description = "SOHR: killed in Syria"

    def __init__(self, width: int) -> None:
        self.width = width

    def to_svg(self) -> str:
        return f'<svg width="{self.width}"><path class="x" fill="#1a1d21" d="M0.123456,1"/></svg>'


@pytest.fixture
def plots(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Put a module in the place of `conflictdata.plots`. Return the calls that it gets."""
    calls: list[dict[str, Any]] = []

    def timeline(toll: str, *, width: int, **options: Any) -> Drawn:
        calls.append({"toll": toll, "width": width, **options})
        if "gaza_moh" in toll:
            raise ValueError("no-number")
        return Drawn(width)

    find, load = importlib.util.find_spec, importlib.import_module
    there = {"conflictdata.plots", "altair", "vl_convert"}
    monkeypatch.setattr(pictures.importlib.util, "find_spec", lambda name: object() if name in there else find(name))
    module = types.SimpleNamespace(timeline=timeline)
    monkeypatch.setattr(
        pictures.importlib, "import_module", lambda name: module if name == "conflictdata.plots" else load(name)
    )
    return calls


@pytest.mark.slow
def test_a_toll_of_three_days_has_a_picture_wide_and_narrow(plots: list[dict[str, Any]]) -> None:
    records = SiteTables(load_true())
    drawings = pictures.choose_drawings(records, with_pictures=True)
    made: dict[str, Page] = {page.path: page for page in iterate_toll_pages(records, drawings.find)}
    text = Renderer(records, "", workbook=False).render(made[f"tolls/{TOLL}.html"])
    assert '<svg width="860"><path fill="var(--ink)" d="M0.12,1"/></svg>' in text
    assert '<svg width="358">' in text
    assert all(call["data"] is records.counts for call in plots)
    assert len({call["toll"] for call in plots}) < 20  # few tolls have three days
    assert not [toll for toll in drawings.list_drawn() if "gaza_moh" in toll]  # refused, so without a picture


def test_missing_libraries_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        pictures.importlib.util, "find_spec", lambda name: object() if name == "conflictdata.plots" else None
    )
    with pytest.raises(UsageError, match="pip install altair vl-convert-python") as caught:
        pictures.choose_drawings(SiteTables(load_true()), with_pictures=True)
    assert "--no-pictures" in str(caught.value)
    assert pictures.choose_drawings(SiteTables(load_true()), with_pictures=False).list_drawn() == {}
