"""Pages of records with hostile text, read with a parser of HTML: data are never markup."""

from __future__ import annotations

import csv
from html.parser import HTMLParser
from pathlib import Path

import polars as pl
import pytest
from sitebox import HOSTILE, load_true, make_bundle

from conflictdata.site import SiteOptions, build_site
from conflictdata.site.layout import locate_page

SOURCE = "telesur_english-2024-12-05"
# Elements and attributes that templates write. Anything else came from the data.
ELEMENTS = frozenset(
    "html head meta title link body a svg defs symbol g path circle line text use header div nav span main p h1 h2 h3 section ul li dl dt dd small "
    "bdi b q code pre table caption thead tbody tfoot tr th td details summary footer br em cite script form label input select option button figure".split()
)
HANDLERS = ("on", "style", "srcdoc", "formaction")


class Reader(HTMLParser):
    """Elements and attributes as a browser would see them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: set[str] = set()
        self.faults: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        for name, value in attrs:
            if name.startswith(HANDLERS) or (
                name in ("href", "src") and (value or "").strip().lower().startswith(("javascript:", "data:"))
            ):
                self.faults.append(f"{tag} {name}={value}")

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def spoil(text: str) -> dict[str, pl.DataFrame]:
    """Return the records of one page and what they refer to, with a text in every cell that holds free text."""
    true = load_true()
    frames = {name: true[name] for name in true.tables}
    of_source = pl.col("source_id") == SOURCE
    claims = frames["claims"].filter(of_source)["claim_id"].to_list()
    for name in ("claims", "sources", "casualties"):
        frames[name] = frames[name].filter(of_source)
    for name in ("figures", "claim_events", "claim_perpetrators", "claim_links"):
        frames[name] = frames[name].filter(pl.col("claim_id").is_in(claims))
    used = {*frames["claims"]["claimant_id"], *frames["sources"]["publisher_id"]}
    frames["actors"] = frames["actors"].filter(pl.col("actor_id").is_in(list(used)))
    frames["events"] = frames["events"].filter(pl.col("event_id").is_in(frames["claim_events"]["event_id"].implode()))
    for name, key in (("locations", "location_id"), ("conflicts", "conflict_id")):
        frames[name] = frames[name].filter(pl.col(key).is_in(frames["claims"][key].implode()))
    frames["tolls"] = frames["tolls"].filter(pl.col("claimant_id") == "sohr").head(2)
    for name, columns in {
        "actors": ("name", "short_name", "note"), "locations": ("name", "note"), "conflicts": ("name",), "events": ("summary", "note", "event_type"),
        "sources": ("title", "url", "archive_url", "note", "language", "kind", "access"), "claims": ("note", "method", "period_precision"),
        "casualties": ("printed", "label", "claimant", "publisher", "location", "path", "cause", "role"), "aliases": ("alias",), "tolls": ("note", "population"),
    }.items():  # fmt: skip
        frames[name] = frames[name].with_columns(pl.lit(text).alias(column) for column in columns)
    return frames


@pytest.mark.slow
@pytest.mark.parametrize(
    "text", [pytest.param(t, marks=pytest.mark.slow if i > 3 else ()) for i, t in enumerate(HOSTILE)]
)
def test_data_are_never_markup(text: str, tmp_path: Path) -> None:
    out = tmp_path / "site"
    build_site(make_bundle(spoil(text)), out, SiteOptions(pictures=False, address="https://example.org/"))
    for page in out.rglob("*.html"):
        reader = Reader()
        reader.feed(page.read_text(encoding="utf-8"))
        assert reader.elements <= ELEMENTS, (page, reader.elements - ELEMENTS)
        assert reader.faults == [], page
    reader = Reader()
    reader.feed((out / locate_page("sources", SOURCE)).read_text(encoding="utf-8"))
    shown = " ".join(" ".join(reader.text).split())
    assert (text.replace("\u202e", "\\u202e")) in shown
    with (out / "sources" / f"{SOURCE}.csv").open(encoding="utf-8", newline="") as file:
        assert {row["printed"] for row in csv.DictReader(file)} == {text}


@pytest.mark.slow
def test_tables_that_are_missing_count_as_empty(tmp_path: Path) -> None:
    """A collection may have no events, tolls or links."""
    kept = ("casualties", "conflicts", "actors", "locations", "sources", "claims", "figures")
    frames = spoil("words")
    build_site(make_bundle({name: frames[name] for name in kept}), tmp_path / "site", SiteOptions(pictures=False))
    assert (tmp_path / "site" / "index.html").is_file()
    assert not list((tmp_path / "site" / "events").glob("2*.html"))


@pytest.mark.slow
def test_no_records_at_all(tmp_path: Path) -> None:
    true = load_true()
    build_site(
        make_bundle({name: true[name].head(0) for name in true.tables}), tmp_path / "site", SiteOptions(pictures=False)
    )
    assert "0 claims" in (tmp_path / "site" / "index.html").read_text(encoding="utf-8")


def test_ids_that_make_one_path_are_refused(tmp_path: Path) -> None:
    from conflictdata.findings import UsageError

    true = load_true()
    frames = {name: true[name].head(0) for name in true.tables}
    long = "ä" * 200
    frames["conflicts"] = pl.concat(
        [true["conflicts"].head(2).with_columns(pl.Series("conflict_id", [f"{long}1", f"{long}2"]))]
    )
    with pytest.raises(UsageError, match="two pages have the path"):
        build_site(make_bundle(frames), tmp_path / "site", SiteOptions(pictures=False))
    assert not (tmp_path / "site").exists()
