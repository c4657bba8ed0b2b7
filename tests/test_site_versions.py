"""Pages of versions: each against the one before, with all differences in a file."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
from registries import make_registry
from sitebox import load_true, read_page

from conflictdata.site.layout import Page, TextFile
from conflictdata.site.pages.versions import iterate_version_pages, list_released
from conflictdata.site.records import SiteTables
from conflictdata.site.rendering import Renderer


def make_versions(folder: Path) -> Path:
    """Make a registry of two versions: the second has one number corrected and one claim more."""
    registry = make_registry(folder, "0.10.0", "0.9.0")
    for ending in ("csv", "parquet"):
        path = registry / "0.9.0" / ending / f"figures.{ending}"
        frame = pl.read_csv(path, infer_schema=False) if ending == "csv" else pl.read_parquet(path)
        changed = frame.with_columns(
            pl.when(pl.col("figure_id") == "telesur_english-2024-12-05.1.killed")
            .then(pl.lit(720).cast(frame["low"].dtype))
            .otherwise(pl.col("low"))
            .alias("low")
        )
        changed.write_csv(path) if ending == "csv" else changed.write_parquet(path)
    return registry


def test_versions_are_ordered_as_numbers(tmp_path: Path) -> None:
    registry = make_registry(tmp_path, "0.9.0", "0.10.0")
    assert [entry["version"] for entry in list_released(registry)] == ["0.9.0", "0.10.0"]
    assert list_released(None) == []


def test_a_version_is_shown_against_the_one_before(tmp_path: Path) -> None:
    registry = make_versions(tmp_path / "registry")
    records = SiteTables(load_true())
    made = {page.path: page for page in iterate_version_pages(records, registry)}
    assert set(made) == {"versions/0.9.0..0.10.0.html", "versions/0.9.0..0.10.0.json", "versions/index.html"}
    whole, page, index = (
        made["versions/0.9.0..0.10.0.json"],
        made["versions/0.9.0..0.10.0.html"],
        made["versions/index.html"],
    )
    assert isinstance(whole, TextFile)
    assert isinstance(page, Page)
    assert isinstance(index, Page)
    assert "telesur_english-2024-12-05.1.killed" in json.dumps(json.loads(whole.text))
    renderer = Renderer(records, "", workbook=False)
    text = renderer.render(page)
    assert "<del>at least 720</del> → <ins>at least 727</ins>" in text
    file = tmp_path / "index.html"
    file.write_text(renderer.render(index), encoding="utf-8")
    assert "../versions/0.9.0..0.10.0.html" in read_page(file).links


def test_without_a_registry_the_list_has_this_version() -> None:
    (page,) = iterate_version_pages(SiteTables(load_true()), None)
    assert isinstance(page, Page)
    assert page.context["lines"][0]["version"] == load_true().version
