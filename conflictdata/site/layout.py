"""Addresses of pages, and the parts that pages share: listings, pages to write."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

_SAFE = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,199}\Z")
FOLDERS = {
    "conflicts": "conflicts",
    "tolls": "tolls",
    "events": "events",
    "sources": "sources",
    "actors": "claimants",
    "locations": "places",
}
CHUNK = 100  # rows of a page that continues a list


@dataclass(frozen=True)
class Page:
    """A file of the site, made from a template.

    Attributes:
        path: Its path in the site.
        template: Name of the template.
        title: Title of the page.
        context: Values for the template.
        section: Name of the main link that is current.
    """

    path: str
    template: str
    title: str
    context: Mapping[str, Any]
    section: str = ""

    @property
    def preview(self) -> str:
        """Path of its picture as PNG, for programs that preview a link. Empty if it has no picture."""
        return self.path.removesuffix(".html") + ".png" if self.context.get("picture") else ""

    @property
    def root(self) -> str:
        """The way from this page to the folder of the site: empty, or `../` once per folder."""
        return "../" * self.path.count("/")


@dataclass(frozen=True)
class TextFile:
    """A file of the site whose text is ready."""

    path: str
    text: str


@dataclass(frozen=True)
class Listing:
    """A list of records on a page; what is too much for it continues on pages of its own.

    Attributes:
        kind: Name of the macro that prints a row's cells.
        caption: What the rows are.
        rows: The rows on this page.
        total: Number of rows in all.
        more: Path of the page where the list is complete. Empty if this is all of it.
    """

    kind: str
    caption: str
    rows: Sequence[Any]
    total: int
    more: str = ""


@dataclass(frozen=True)
class Crumb:
    """A link above a title."""

    name: str
    path: str = ""


@dataclass
class ListingPlan:
    """Lists of one record: short on its page, complete on pages of their own.

    Attributes:
        owner: Path of the record's page.
        title: Title of the record's page.
        section: Name of the main link that is current.
        crumbs: Links above the title.
    """

    owner: str
    title: str
    section: str
    crumbs: Sequence[Crumb] = ()
    pages: list[Page] = field(default_factory=list)

    def add(self, kind: str, caption: str, rows: Sequence[Any], limit: int) -> Listing | None:
        """Return the list for the record's page, and plan the pages that hold all of it. None without rows."""
        if not rows:
            return None
        if len(rows) <= limit + 5:
            return Listing(kind, caption, rows, len(rows))
        stem = self.owner.removesuffix(".html")
        self.pages += _continue_listing(f"{stem}/{kind}", self, kind, caption, rows)
        return Listing(kind, caption, rows[:limit], len(rows), f"{stem}/{kind}.html")


def _continue_listing(stem: str, plan: ListingPlan, kind: str, caption: str, rows: Sequence[Any]) -> Iterator[Page]:
    chunks = [rows[i : i + CHUNK] for i in range(0, len(rows), CHUNK)]
    paths = [f"{stem}.html" if i == 0 else f"{stem}-{i + 1}.html" for i in range(len(chunks))]
    crumbs = [*plan.crumbs, Crumb(plan.title, plan.owner)]
    for i, chunk in enumerate(chunks):
        title = f"{caption}: {plan.title}"
        context = {
            "listing": Listing(kind, caption, chunk, len(rows)),
            "crumbs": crumbs,
            "owner": plan.title,
            "first": i * CHUNK + 1,
            "last": i * CHUNK + len(chunk),
            "previous": paths[i - 1] if i else "",
            "next": paths[i + 1] if i + 1 < len(paths) else "",
        }
        yield Page(paths[i], "listing.html.jinja", title, context, plan.section)


def make_slug(id_: str) -> str:
    """Return an id as part of a path. Ids of the curated records stay as they are."""
    if _SAFE.match(id_) and id_ != "index" and not id_.endswith("."):
        return id_
    return "~" + quote(id_, safe="").replace("%", "~").replace(".", "~2E")[:180]


def locate_page(table: str, id_: str) -> str:
    """Return the path of a record's page. These paths never change."""
    return f"{FOLDERS[table]}/{make_slug(id_)}.html"


def locate_claim(claim_id: str, source_id: str) -> str:
    """Return the path of a claim: an anchor in the page of its source."""
    number = claim_id.removeprefix(f"{source_id}.")
    return f"{locate_page('sources', source_id)}#c{number}"


def locate_figure(figure_id: str, source_id: str) -> str:
    """Return the path of a figure: an anchor in the page of its source."""
    return f"{locate_page('sources', source_id)}#{quote(figure_id, safe='')}"
