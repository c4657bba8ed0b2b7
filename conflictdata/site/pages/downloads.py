"""The page of downloads, and the files: CSV, Parquet, an Excel workbook, the descriptor."""

from __future__ import annotations

import csv
import importlib.util
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from conflictdata.site.layout import Page, locate_page
from conflictdata.site.records import Row, SiteTables

MOST = 10_000  # figures of a workbook; writing one takes most of the time of a large site


def write_data(records: SiteTables, folder: Path) -> list[dict[str, Any]]:
    """Write the tables as CSV and Parquet with their descriptor.

    Returns:
        One row per table, with its files and their sizes.
    """
    bundle = records.bundle
    for name in ("csv", "parquet", "schemas"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for name in bundle.tables:
        bundle[name].write_csv(folder / "csv" / f"{name}.csv")
        bundle[name].write_parquet(folder / "parquet" / f"{name}.parquet", compression="zstd")
        schema = json.dumps(bundle.schemas[name], ensure_ascii=False, indent=1)
        (folder / "schemas" / f"{name}.json").write_text(schema, encoding="utf-8")
    (folder / "datapackage.json").write_text(_write_descriptor(bundle.package), encoding="utf-8")
    return list_files(records, folder)


def list_files(records: SiteTables, folder: Path) -> list[dict[str, Any]]:
    """Return one row per table, with its files and their sizes."""
    titles = {resource["name"]: resource.get("title", "") for resource in records.bundle.package["resources"]}
    return [
        {
            "name": name,
            "title": titles.get(name) or name,
            "rows": records.bundle[name].height,
            "csv": format_size(folder / "csv" / f"{name}.csv"),
            "parquet": format_size(folder / "parquet" / f"{name}.parquet"),
        }
        for name in records.bundle.tables
    ]


def write_workbook(records: SiteTables, folder: Path) -> str:
    """Write all tables as an Excel workbook.

    Returns:
        Empty, or why there is none.
    """
    if importlib.util.find_spec("xlsxwriter") is None:
        return "XlsxWriter is not installed"
    if len(records.list_rows("casualties")) > MOST:
        return f"it holds at most {MOST:,} figures"
    from conflictdata.export import export

    export("excel", folder / "conflictdata.xlsx", records.bundle, tables=[], force=True)
    return ""


def _write_descriptor(package: Any) -> str:
    """Return the descriptor of the files: sizes and hashes of other files are left out."""
    copied = json.loads(json.dumps(package))
    for resource in copied["resources"]:
        for key in ("bytes", "hash"):
            resource.pop(key, None)
    return json.dumps(copied, ensure_ascii=False, indent=1) + "\n"


def format_size(path: Path) -> str:
    """Return the size of a file in words."""
    size = path.stat().st_size
    return f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{max(1, round(size / 1000)):,} KB"


def make_download_page(
    tables: list[dict[str, Any]], workbook: bool, records: SiteTables, collections: Sequence[Any] = ()
) -> Page:
    """Return the page of downloads."""
    licence = records.bundle.package["licenses"][0]
    context = {"tables": tables, "workbook": workbook, "licence": licence, "collections": collections}
    return Page("data/index.html", "data.html.jinja", "Download", context, "Download")


def write_rows(rows: Iterable[Row]) -> str:
    """Return rows of `casualties` as CSV. Empty cells stay empty."""
    text = io.StringIO()
    writer: Any = None
    for row in rows:
        if writer is None:
            writer = csv.writer(text, lineterminator="\n")
            writer.writerow(row)
        writer.writerow(row.values())
    return text.getvalue()


def iterate_selections(records: SiteTables) -> Iterator[tuple[str, list[Row]]]:
    """Yield the path and the rows of the small CSV files that pages offer: per source, event and toll."""
    figures = records.figures_by_claim
    for source, claims in records.claims_by_source.items():
        yield (
            locate_page("sources", source).replace(".html", ".csv"),
            [f for c in claims for f in figures.get(c["claim_id"], ())],
        )
    for event, claims in records.claims_by_event.items():
        yield (
            locate_page("events", event).replace(".html", ".csv"),
            [f for c in claims for f in figures.get(c["claim_id"], ())],
        )
    for toll, totals in records.totals_by_toll.items():
        claims_of_toll = dict.fromkeys(row["claim_id"] for row in totals)
        yield (
            locate_page("tolls", toll).replace(".html", ".csv"),
            [f for c in claims_of_toll for f in figures.get(c, ())],
        )
