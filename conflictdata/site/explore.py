"""The filter page and its data: one Parquet file that the browser reads."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from conflictdata.schema.languages import load_languages
from conflictdata.site.layout import Page
from conflictdata.site.lines import describe_toll, list_claim_lines, name_toll_people
from conflictdata.site.marks import KEYS
from conflictdata.site.records import Row, SiteTables, split_ids
from conflictdata.site.sentences import name_group
from conflictdata.site.wording import OUTCOMES

if TYPE_CHECKING:
    import polars as pl

    from conflictdata.site.pages.collections import Collection

SHOWN = 25  # rows that the page has before its script runs
# Columns next to those of `casualties`.
ADDED = ("group_words", "language", "within", "names", "page")


def make_explore_page(
    records: SiteTables, pictured: Sequence[str] = (), collections: Sequence[Collection] = ()
) -> Page:
    """Return the filter page. Without JavaScript it shows the latest claims and leads on to lists.

    Args:
        records: The tables.
        pictured: File names, without ending, of the tolls that have a picture.
        collections: The collections that the page can show in place of the curated records.
    """
    rows = records.list_rows("casualties")
    latest = sorted(records.list_rows("claims"), key=lambda c: (str(c["as_of"] or ""), c["claim_id"]), reverse=True)[
        :SHOWN
    ]
    outcomes = {row["outcome"] for row in rows}
    totals = [row for row in rows if row["parent_id"] is None]
    context = {
        "scripts": True,
        "pictured": " ".join(pictured),
        "collections": collections,
        "lines": list_claim_lines(records, latest)[:SHOWN],
        "conflicts": _list_options(records, "conflicts", (c["conflict_id"] for c in records.list_rows("claims"))),
        "claimants": _list_options(records, "actors", (c["claimant_id"] for c in records.list_rows("claims"))),
        "places": _list_options(
            records,
            "locations",
            (p["location_id"] for row in totals for p in records.list_enclosing_places(row["location_id"])),
        ),
        "outcomes": [(id_, OUTCOMES[id_]) for id_ in OUTCOMES if id_ in outcomes],
        "populations": _list_populations(records, totals),
        "tolls": _list_tolls(records),
        "languages": sorted(
            (
                (code, load_languages().get(code, code))
                for code in {s["language"] for s in records.list_rows("sources")}
                if code
            ),
            key=lambda p: p[1],
        ),
        "KEYS": KEYS,
    }
    return Page("explore.html", "explore.html.jinja", "Explore", context, "Explore")


def _list_options(records: SiteTables, table: str, ids: Iterable[str | None]) -> list[tuple[str, str]]:
    """Return the choices of a filter, by name. A name is cut, so that the page stays small."""
    known = {id_ for id_ in ids if id_}
    return sorted(((id_, records.find_name(table, id_)[:90]) for id_ in known), key=lambda pair: pair[1].casefold())[
        :MOST
    ]


MOST = 150  # choices of a filter; the search finds the others


def _list_populations(records: SiteTables, totals: list[Row]) -> list[tuple[str, str]]:
    found = {str(row.get("population")) for row in totals if row.get("population")}
    names = {"one_side": "people of one party", "role": "one role", "demographic": "one sex or age"}
    return sorted(
        ((id_, names.get(id_, name_toll_people(records, id_))) for id_ in found),
        key=lambda p: (p[0] != "everybody", p[1]),
    )


def _list_tolls(records: SiteTables) -> list[tuple[str, str]]:
    tolls = sorted(records.list_rows("tolls"), key=lambda t: -len(records.totals_by_toll.get(t["toll_id"], ())))[:MOST]
    named = [
        (
            t["toll_id"],
            f"{records.find_name('actors', t['claimant_id'], short=True)}: {describe_toll(records, t)}"[:120],
        )
        for t in tolls
    ]
    return sorted(named, key=lambda pair: pair[1].casefold())


def build_frame(records: SiteTables) -> pl.DataFrame:
    """Return the table that the filter page reads: `casualties`, with words and names for the search."""
    import polars as pl

    frame = records.bundle["casualties"]
    rows = records.list_rows("casualties")
    figures = {row["figure_id"]: row for row in rows}
    added: dict[str, list[str]] = {name: [] for name in ADDED}
    for row in rows:
        parent = figures.get(row["parent_id"] or "")
        group = name_group(records, row, parent)
        outcome = OUTCOMES.get(row["outcome"], row["outcome"])
        added["group_words"].append(outcome if group == outcome else f"{outcome}: {group}")
        source = records.find_row("sources", row["source_id"])
        added["language"].append((source or {}).get("language") or "")
        added["within"].append(
            " ".join(place["location_id"] for place in records.list_enclosing_places(row["location_id"]))
        )
        added["names"].append(_list_names(records, row))
        number = row["claim_id"].removeprefix(f"{row['source_id']}.")
        added["page"].append(number)
    whole = frame.with_columns(pl.Series(name, values, dtype=pl.String) for name, values in added.items())
    return whole.with_columns(pl.col(pl.Int64).cast(pl.Int32, strict=False) if _fits(whole) else pl.col(pl.Int64)).sort(
        ["as_of", "claim_id"], descending=True, nulls_last=True, maintain_order=True
    )


def _fits(frame: pl.DataFrame) -> bool:
    """Return whether all whole numbers fit 32 bits, which the browser reads as numbers."""
    import polars as pl

    largest = frame.select(pl.col(pl.Int64).abs().max()).row(0)
    return all(value is None or value < 2**31 for value in largest)


def _list_names(records: SiteTables, row: Row) -> str:
    """Return other names of a row's claimant, place and events, for the search."""
    names = [
        alias["alias"]
        for kind, id_ in (("actor", row["claimant_id"]), ("location", row["location_id"]))
        for alias in records.aliases.get((kind, id_), ())
    ]
    names += [
        str(event["summary"])
        for event in (records.find_row("events", id_) for id_ in split_ids(row.get("event_ids")))
        if event
    ]
    claimant = records.find_row("actors", row["claimant_id"])
    if claimant and claimant.get("short_name"):
        names.append(claimant["short_name"])
    return " ".join(dict.fromkeys(names))


def write_frame(frame: pl.DataFrame) -> tuple[bytes, str]:
    """Return the table as Parquet, and as a script for pages that are opened as files."""
    import io

    buffer = io.BytesIO()
    frame.write_parquet(
        buffer,
        compression="snappy",
        use_pyarrow=True,
        pyarrow_options={"use_dictionary": True, "write_statistics": False, "store_schema": False},
    )
    content = buffer.getvalue()
    return content, f'globalThis.conflictdataTable="{base64.b64encode(content).decode()}";\n'
