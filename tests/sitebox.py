"""Sites for tests: of the true records, and of generated ones with hostile text."""

from __future__ import annotations

import functools
import html
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from conflictdata import loading
from conflictdata.export.bundle import Bundle
from conflictdata.site import SiteOptions, build_site
from conflictdata.site.permalinks import read_withdrawn

RIGHT_TO_LEFT = "شبكة حقوق الإنسان"
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'; alert(1); //",
    "</bdi></td></table><h1>broken</h1>",
    "javascript:alert(1)",
    "{{ 7 * 7 }} {% raw %}",
    RIGHT_TO_LEFT,
    "רשות החילוץ",
    "\u202etxet sdrawkcab",
    "x" * 90,
    "&lt;b&gt; &amp; ]]> <!--",
)
TEXTS = {
    "actors": ("name", "note"),
    "locations": ("name", "note"),
    "conflicts": ("name",),
    "sources": ("title", "note", "url"),
    "events": ("summary", "note"),
    "claims": ("note", "method"),
    "figures": ("printed", "label"),
    "tolls": ("note",),
    "casualties": ("printed", "label", "claimant", "publisher", "location", "url"),
    "aliases": ("alias",),
}
REGISTERS = frozenset(
    ("conflicts", "actors", "locations", "conflict_actors", "location_members", "aliases", "common_names")
)


@functools.cache
def load_true() -> Bundle:
    return loading.bundle()


def copy_bundle(copies: int, *, hostile: bool = True) -> Bundle:
    """Return the true records several times, each copy with ids of its own, and hostile text in the later copies."""
    true = load_true()
    frames: dict[str, pl.DataFrame] = {}
    for table in true.tables:
        parts = [true[table]]
        if table not in REGISTERS:
            parts += [_copy_table(true[table], table, n, hostile=hostile) for n in range(1, copies)]
        elif hostile:
            parts = [_spoil(true[table], table, every=7)]
        frames[table] = pl.concat(parts)
    if hostile:  # a claimant whose name runs from right to left, whichever rows the others fall on
        for table, key, column in (("actors", "actor_id", "name"), ("casualties", "claimant_id", "claimant")):
            name = pl.when(pl.col(key) == "snhr").then(pl.lit(RIGHT_TO_LEFT)).otherwise(column).alias(column)
            frames[table] = frames[table].with_columns(name)
    return make_bundle(frames)


def make_bundle(frames: Mapping[str, pl.DataFrame]) -> Bundle:
    true = load_true()
    return Bundle(true.package, {name: true.schemas[name] for name in frames}, frames.__getitem__)


def _copy_table(frame: pl.DataFrame, table: str, number: int, *, hostile: bool) -> pl.DataFrame:
    kept = {
        "conflict_id",
        "claimant_id",
        "actor_id",
        "location_id",
        "publisher_id",
        "entity_id",
        "perpetrators",
        "relayed_via",
        "perpetrator_id",
    }
    columns = []
    for name in frame.columns:
        is_id = (
            (name.endswith(("_id", "_ids")) or name in ("supersedes", "superseded_by"))
            and name not in kept
            and frame[name].dtype == pl.String
        )
        if not is_id:
            continue
        if name in ("event_ids",):
            columns.append(pl.col(name).str.replace_all(r"(\S+)", f"${{1}}-x{number}"))
        elif name in ("source_id", "event_id", "toll_id", "series_id", "record_id"):
            columns.append(pl.col(name) + f"-x{number}")
        else:  # <source>.<number>...: the mark goes into the source's part
            columns.append(pl.col(name).str.replace(r"^([^.]+)", f"${{1}}-x{number}"))
    copied = frame.with_columns(columns) if columns else frame
    return _spoil(copied, table, every=5) if hostile else copied


def _spoil(frame: pl.DataFrame, table: str, *, every: int) -> pl.DataFrame:
    """Put hostile text into every so-many-th row."""
    columns = []
    for name in TEXTS.get(table, ()):
        values = frame[name].to_list()
        for i in range(0, len(values), every):
            values[i] = HOSTILE[i // every % len(HOSTILE)]
        columns.append(pl.Series(name, values, dtype=pl.String))
    return frame.with_columns(columns) if columns else frame


def build_true(folder: Path, **options: Any) -> Path:
    """Build the site of the true records as the command does, without versions."""
    chosen = {
        "address": "https://example.org/",
        "package": loading.DATA,
        "withdrawn": tuple(read_withdrawn()),
        "collections": {name: loading.bundle(None, name) for name in loading.collections()},
    } | options
    build_site(load_true(), folder, SiteOptions(**chosen))
    return folder


_TAG = re.compile(r"<([a-z][a-z0-9]*)((?:\s+[a-z:-]+(?:=\"[^\"]*\")?)*)\s*/?>", re.IGNORECASE)
_VALUE = re.compile(r"([a-z:-]+)(?:=\"([^\"]*)\")?", re.IGNORECASE)


class PageParts:
    """What a page holds: ids, links, parts that it loads, inline styles and scripts.

    It reads the form that our templates write; `test_site_hostile` reads pages with a parser of HTML.
    """

    def __init__(self, text: str) -> None:
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loads: list[str] = []
        self.inline: list[str] = []
        self.tags: list[str] = []
        for hit in _TAG.finditer(text):
            self._add_tag(hit[1], {name: html.unescape(value) for name, value in _VALUE.findall(hit[2])})

    def _add_tag(self, tag: str, values: Mapping[str, str]) -> None:
        self.tags.append(tag)
        if values.get("id"):
            self.ids.append(values["id"])
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        self.loads += [values[name] for name in ("src", "srcset", "data", "poster") if values.get(name)]
        if tag == "link" and values.get("rel") != "canonical":
            self.loads.append(values.get("href", ""))
        is_script = tag == "script" and not values.get("src") and values.get("type") != "application/ld+json"
        self.inline += [f"{tag} {name}" for name in values if name == "style" or name.startswith("on")]
        self.inline += [tag] if tag == "style" or is_script else []


@functools.cache
def read_page(path: Path) -> PageParts:
    return PageParts(path.read_text(encoding="utf-8"))
