"""Pages of collections: parsed records of other makers, next to the curated ones and never added to them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from conflictdata.site.layout import Crumb, Page, make_slug
from conflictdata.site.pages.downloads import format_size
from conflictdata.site.pictures import TollDrawing
from conflictdata.site.records import Row, SiteTables, group_rows
from conflictdata.site.sentences import order_roots
from conflictdata.site.statements import PrintedStatement, find_last, group_statements, order_by_day
from conflictdata.site.wording import (
    NOUNS,
    OUTCOMES,
    PrintedNumber,
    capitalize_first,
    count_digits,
    format_day,
    format_month,
)

DrawMonths = Callable[[SiteTables, Row, Sequence[PrintedStatement], str], TollDrawing | None]
FOLDER = "collections"


@dataclass(frozen=True)
class Collection:
    """A collection whose files the site offers.

    Attributes:
        name: Its name.
        records: Its tables.
        folder: The folder of its files in the site.
    """

    name: str
    records: SiteTables
    folder: Path

    @property
    def path(self) -> str:
        """Path of its page. It never changes."""
        return f"{FOLDER}/{make_slug(self.name)}.html"

    @property
    def title(self) -> str:
        """What it is, in a line."""
        return str(self.records.bundle.package["title"])

    @property
    def caution(self) -> str:
        """What to know before a number of it is used."""
        return str(self.records.bundle.package.get("caution", ""))


@dataclass(frozen=True)
class CollectionMonth:
    """A month of a toll of a collection, with its last number."""

    name: str
    day: str
    quantity: PrintedNumber
    numbers: int


@dataclass(frozen=True)
class CollectionSection:
    """The numbers of a toll with one outcome and unit.

    Attributes:
        heading: Whose numbers, and of what.
        ends: The first and the last number, in sentences.
        months: The months, the latest first.
    """

    heading: str
    ends: str
    months: tuple[CollectionMonth, ...]


def iterate_collection_pages(collections: Sequence[Collection], draw: DrawMonths | None) -> Iterator[Page]:
    """Yield a page per collection, and the list of all. Nothing without collections.

    Args:
        collections: The collections.
        draw: Function that draws the last numbers of months. None: no pictures.
    """
    if not collections:
        return
    for collection in collections:
        yield _make_page(collection, draw)
    context = {"collections": collections}
    yield Page(f"{FOLDER}/index.html", "collections.html.jinja", "Collections of other makers", context)


def _make_page(collection: Collection, draw: DrawMonths | None) -> Page:
    records, package = collection.records, collection.records.bundle.package
    made = package.get("imported", {})
    claims = records.list_rows("claims")
    days = sorted({claim["as_of"] for claim in claims if claim["as_of"]})
    grouped = sorted(_iterate_groups(records), key=lambda group: -len(group[2]))
    single = [row for row in claims if not any(r["toll_id"] for r in records.list_roots(row["claim_id"]))]
    context = {
        "crumbs": [Crumb("Collections", f"{FOLDER}/index.html"), Crumb("Collection")],
        "collection": collection,
        "lead": str(package.get("description", package["title"])).replace(collection.caution, "").strip(),
        "makers": [maker for maker in package.get("contributors", ()) if "creator" in maker.get("roles", ())],
        "licence": package["licenses"][0],
        "licence_name": package["licenses"][0]["name"],
        "notice": (collection.folder / "LICENSE.txt").read_text(encoding="utf-8").split("\n\n"),
        "claimants": sorted({records.find_name("actors", claim["claimant_id"]) for claim in claims}),
        "held": f"{count_digits(len(claims), 'claim')}, on {count_digits(len(days), 'day')}",
        "span": f"{format_day(days[0])} to {format_day(days[-1])}" if days else "",
        "single": count_digits(len(single), "claim") if single else "",
        "files": [_describe_file(file) for file in made.get("files", ())],
        "citation": made.get("citation", ""),
        "picture": _draw_first(collection, grouped, draw),
        "sections": [_make_section(records, *group) for group in grouped],
        "downloads": _list_downloads(collection.folder),
    }
    return Page(collection.path, "collection.html.jinja", collection.title, context)


def _describe_file(file: Row) -> Row:
    day = file["published_on"]
    return {"name": file["file"], "day": format_day(dt.date.fromisoformat(day)) if day else "", "rows": file["rows"]}


_Group = tuple[Row, tuple[str, str], list[PrintedStatement]]


def _iterate_groups(records: SiteTables) -> Iterator[_Group]:
    """Yield the current numbers of each toll by day, by outcome and unit."""
    for toll in records.list_rows("tolls"):
        current = [r for r in order_roots(records.totals_by_toll.get(toll["toll_id"], [])) if r.get("current") != "no"]
        for key, rows in group_rows(current, lambda r: (r["outcome"], r["unit"])).items():
            statements = [s for s in order_by_day(group_statements(records.counts, rows)) if s.size is not None]
            if statements:
                yield toll, key, statements


def _list_months(records: SiteTables, statements: Sequence[PrintedStatement]) -> dict[dt.date, list[PrintedStatement]]:
    """Return the statements of each month, the last number of the month at the end of its list."""
    months: dict[dt.date, list[PrintedStatement]] = {}
    for statement in statements:
        if statement.as_of:
            months.setdefault(statement.as_of.replace(day=1), []).append(statement)
    for members in months.values():
        last = find_last(records.counts, members)
        if last is not None:
            members.append(members.pop(members.index(last)))
    return months


def _make_section(
    records: SiteTables, toll: Row, key: tuple[str, str], statements: list[PrintedStatement]
) -> CollectionSection:
    outcome, unit = key
    what = OUTCOMES.get(outcome, outcome) + ("" if unit == "persons" else f" ({NOUNS.get(unit, ('', unit))[1]})")
    months = _list_months(records, statements)
    lines = [
        CollectionMonth(format_month(month), format_day(of[-1].as_of, short=True), of[-1].quantity, len(of))
        for month, of in reversed(months.items())
    ]
    first, last = statements[0], list(months.values())[-1][-1]
    ends = f"The first number counts up to {format_day(first.as_of)}: {first.quantity}."
    if last is not first:
        ends += f" The last counts up to {format_day(last.as_of)}: {last.quantity}."
    name = records.find_name("actors", toll["claimant_id"])
    return CollectionSection(f"{name}: {capitalize_first(what)}", ends, tuple(lines))


def _draw_first(collection: Collection, grouped: list[_Group], draw: DrawMonths | None) -> TollDrawing | None:
    """Return the picture of a collection: of its largest toll, the last number of each month."""
    if not grouped or draw is None:
        return None
    toll, _, statements = grouped[0]
    package = collection.records.bundle.package
    makers = ", ".join(maker["title"] for maker in package.get("contributors", ())[:1])
    caption = (
        f"{collection.caution} Of each month, its last number is drawn. Collected by {makers}, "
        f"{package['licenses'][0]['name']}; conflictdata {collection.records.version}, collection {collection.name}."
    )
    last = [of[-1] for of in _list_months(collection.records, statements).values()]
    return draw(collection.records, toll, last, caption.strip())


def _list_downloads(folder: Path) -> list[tuple[str, str]]:
    """Return the files to offer first, with their sizes."""
    names = ("csv/casualties.csv", "parquet/casualties.parquet", "datapackage.json", "README.md", "LICENSE.txt")
    return [(name, format_size(folder / name)) for name in names if (folder / name).is_file()]
