"""Build the site: every page from its template, the downloads, the files that do not change."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from conflictdata._utils.atomic_write import replace_folder
from conflictdata.findings import UsageError
from conflictdata.site.explore import build_frame, make_explore_page, write_frame
from conflictdata.site.layout import Page, TextFile, locate_page, make_slug
from conflictdata.site.pages.claimants import iterate_claimant_pages
from conflictdata.site.pages.collections import Collection, iterate_collection_pages
from conflictdata.site.pages.conflicts import iterate_conflict_pages
from conflictdata.site.pages.dictionary import iterate_dictionary_pages
from conflictdata.site.pages.downloads import (
    iterate_selections,
    list_files,
    make_download_page,
    write_data,
    write_rows,
    write_workbook,
)
from conflictdata.site.pages.events import iterate_event_pages
from conflictdata.site.pages.front import choose_toll, iterate_front_pages
from conflictdata.site.pages.places import iterate_place_pages
from conflictdata.site.pages.sources import iterate_source_pages
from conflictdata.site.pages.tolls import iterate_toll_pages
from conflictdata.site.pages.versions import iterate_version_pages, list_released
from conflictdata.site.permalinks import Withdrawn, group_withdrawn, iterate_moved_pages
from conflictdata.site.pictures import Drawings, choose_drawings, draw_months, write_preview
from conflictdata.site.records import SiteTables
from conflictdata.site.rendering import Renderer

if TYPE_CHECKING:
    from conflictdata.export.bundle import Bundle

STATIC = Path(__file__).parent / "static"
MARKER, PREVIEW = "site.json", "preview.png"
MAKER = "conflictdata site build"


@dataclass
class SiteSummary:
    """What was built.

    Attributes:
        pages: Number of pages.
        notes: What was left out, and why.
    """

    pages: int = 0
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class SiteOptions:
    """How to build a site.

    Attributes:
        registry: Folder of released versions, for the pages of versions. None: no comparisons.
        address: Web address of the site, with a slash at its end. Empty: no sitemap, no absolute links.
        pictures: Whether to draw pictures of tolls.
        package: Folder of the package whose files are offered as they are. None: the files are written from the tables.
        withdrawn: Records of earlier versions that keep their addresses.
        collections: Names and tables of collections, for a page each. Their files are those of the package.
    """

    registry: Path | None = None
    address: str = ""
    pictures: bool = True
    package: Path | None = None
    withdrawn: tuple[Withdrawn, ...] = ()
    collections: Mapping[str, Bundle] = field(default_factory=dict)


def build_site(bundle: Bundle, out: Path, options: SiteOptions | None = None) -> SiteSummary:
    """Build the site of a set of tables into a folder, completely or not at all.

    Args:
        bundle: The tables of one version.
        out: The folder. It is replaced if it is empty or was built by this function.
        options: How to build it. Default: `SiteOptions()`.

    Raises:
        UsageError: If the folder holds anything else, or cannot be written.
    """
    chosen = options or SiteOptions()
    if chosen.address and not re.match(r"https?://[^\s<>\"']+/\Z", chosen.address):
        raise UsageError(
            f"--address is {chosen.address!r}, not a web address. Write it with a slash at its end: https://example.org/"
        )
    list_released(chosen.registry)  # a folder that is not a registry is refused before anything is built
    summary = SiteSummary()
    replace_folder(partial(_fill, SiteTables(bundle), chosen, summary), out, require_site_folder, durable=False)
    return summary


def require_site_folder(folder: Path) -> None:
    """Check that a folder is empty or a site that was built before.

    Raises:
        UsageError: If it is not.
    """
    if not any(folder.iterdir()):
        return
    try:
        made_by = json.loads((folder / MARKER).read_text(encoding="utf-8"))["made_by"]
    except (OSError, ValueError, KeyError, TypeError):
        made_by = ""
    if made_by != MAKER:
        raise UsageError(
            f"{folder} is not empty, and `{MAKER}` did not write it. Choose another folder with --out; nothing was changed"
        )


def _fill(records: SiteTables, options: SiteOptions, summary: SiteSummary, folder: Path) -> None:
    """Write all files into an empty folder."""
    _copy_folder(STATIC, folder / "static")
    _minify_style(folder / "static" / "style.css")
    drawings = choose_drawings(records, with_pictures=options.pictures)
    summary.notes += [drawings.note] if drawings.note else []
    tables = _copy_data(records, options.package, folder) if options.package else None
    tables = write_data(records, folder / "data") if tables is None else tables
    collections = list(_copy_collections(options, folder, summary))
    missing = write_workbook(records, folder / "data")
    summary.notes += [f"no Excel workbook: {missing}"] if missing else []
    workbook = not missing
    renderer = Renderer(
        records,
        options.address,
        workbook=workbook,
        preview=PREVIEW if _has_preview(records, drawings) else "",
        withdrawn=options.withdrawn,
    )
    paths = []
    for page in _iterate_pages(records, options, drawings, collections):
        path = folder / page.path
        if path.exists():
            raise UsageError(
                f"two pages have the path {page.path}. Their ids differ only in signs that a path cannot have"
            )
        path.parent.mkdir(parents=True, exist_ok=True)
        text = page.text if isinstance(page, TextFile) else renderer.render(page)
        path.write_text(text, encoding="utf-8", newline="\n")
        if isinstance(page, Page) and page.preview:
            write_preview(page.context["picture"], folder / page.preview)
        paths += [page.path] if isinstance(page, Page) else []
    download = make_download_page(tables, workbook, records, collections)
    (folder / download.path).write_text(renderer.render(download), encoding="utf-8", newline="\n")
    _write_pictures(records, drawings, folder)
    _write_selections(records, folder)
    _write_explore(records, folder, "explore")
    for collection in collections:
        _write_explore(collection.records, folder, f"explore-{collection.name}")
    _write_addresses([*paths, download.path], options.address, folder, summary)
    marker = {"made_by": MAKER, "version": records.version}
    (folder / MARKER).write_text(json.dumps(marker) + "\n", encoding="utf-8")
    summary.pages = len(paths) + 1


def _has_preview(records: SiteTables, drawings: Drawings) -> bool:
    toll = choose_toll(records)
    return toll is not None and drawings.find(toll) is not None


def _iterate_pages(
    records: SiteTables, options: SiteOptions, drawings: Drawings, collections: Sequence[Collection]
) -> Iterator[Page | TextFile]:
    withdrawn = list(options.withdrawn)
    yield from iterate_front_pages(records, drawings.find, collections)
    yield from iterate_conflict_pages(records)
    yield from iterate_toll_pages(records, drawings.find)
    yield from iterate_event_pages(records)
    yield from iterate_source_pages(records, group_withdrawn(withdrawn))
    yield from iterate_claimant_pages(records)
    yield from iterate_place_pages(records)
    yield from iterate_collection_pages(collections, draw_months if drawings.is_drawing else None)
    yield from iterate_dictionary_pages(records)
    yield from iterate_version_pages(records, options.registry)
    yield from iterate_moved_pages(records, withdrawn)
    yield make_explore_page(records, sorted(make_slug(toll) for toll in drawings.list_drawn()), collections)


def _copy_data(records: SiteTables, package: Path, folder: Path) -> list[dict[str, Any]] | None:
    """Copy the files of a package. Return the rows of the page of downloads, or None if the package lacks files."""
    data = folder / "data"
    for part in ("csv", "parquet", "schemas"):
        if not (package / part).is_dir():
            return None
        _copy_folder(package / part, data / part)
    shutil.copyfile(package / "datapackage.json", data / "datapackage.json")
    return list_files(records, data)


def _copy_collections(options: SiteOptions, folder: Path, summary: SiteSummary) -> Iterator[Collection]:
    """Copy the files of collections, with their licences. One without files has no page."""
    for name, bundle in options.collections.items():
        source, target = (options.package or Path()) / "collections" / name, folder / "data" / "collections" / name
        if options.package is None or not (source / "LICENSE.txt").is_file():
            summary.notes.append(f"no page for the collection {name}: its files and its licence are not in the package")
            continue
        _copy_folder(source, target)
        yield Collection(name, SiteTables(bundle), target)


def _copy_folder(source: Path, target: Path) -> None:
    """Copy a folder. `shutil.copytree` would hide the reason of a failure in a list."""
    for path in sorted(source.rglob("*")):
        if path.is_file():
            copy = target / path.relative_to(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)


def _minify_style(path: Path) -> None:
    """Take comments and needless white space out of the stylesheet."""
    text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    text = re.sub(r"\s*([{};,>])\s*", r"\1", re.sub(r"\s+", " ", text)).replace(";}", "}")
    path.write_text(text.strip() + "\n", encoding="utf-8")


def _write_pictures(records: SiteTables, drawings: Drawings, folder: Path) -> None:
    """Write each picture as a file of its own, for the filter page, and the front page's one as PNG."""
    drawn = drawings.list_drawn()
    for toll, picture in drawn.items():
        path = folder / locate_page("tolls", toll).replace(".html", ".svg")
        path.write_text(str(picture.wide), encoding="utf-8")
    toll_of_front = choose_toll(records)
    if toll_of_front and toll_of_front["toll_id"] in drawn:
        write_preview(drawn[toll_of_front["toll_id"]], folder / PREVIEW)


def _write_selections(records: SiteTables, folder: Path) -> None:
    for path, rows in iterate_selections(records):
        target = folder / path
        target.parent.mkdir(exist_ok=True)
        target.write_text(write_rows(rows), encoding="utf-8", newline="")


def _write_explore(records: SiteTables, folder: Path, name: str) -> None:
    content, script = write_frame(build_frame(records))
    (folder / "data" / f"{name}.parquet").write_bytes(content)
    (folder / "data" / f"{name}.js").write_text(script, encoding="utf-8")


def _write_addresses(paths: list[str], address: str, folder: Path, summary: SiteSummary) -> None:
    """Write the sitemap and robots.txt. Without an address there is no sitemap: its links must be absolute."""
    lines = ["User-agent: *", "Allow: /"]
    if address:
        listed = sorted(path for path in paths if path != "404.html")
        urls = "".join(f"<url><loc>{escape(address + path)}</loc></url>\n" for path in listed)
        text = f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{urls}</urlset>\n'
        (folder / "sitemap.xml").write_text(text, encoding="utf-8")
        lines.append(f"Sitemap: {address}sitemap.xml")
    else:
        summary.notes.append("no sitemap: its links need the web address of the site (--address)")
    (folder / "robots.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
