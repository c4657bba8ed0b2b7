"""Addresses of earlier versions that no record of this version has: they keep a page.

`permalinks.csv` lists the sources, claims, figures, events, actors and places of released versions that later ones
withdrew, with what replaced them. `tolls_1_1` leads from the series of version 1 to tolls.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from conflictdata.site.layout import FOLDERS, Crumb, Page, locate_claim, locate_figure, locate_page
from conflictdata.site.lines import describe_toll
from conflictdata.site.records import SiteTables, group_rows

LEDGER = Path(__file__).parent / "permalinks.csv"


@dataclass(frozen=True)
class Withdrawn:
    """A record of an earlier version.

    Attributes:
        table: Its table.
        id: Its id.
        source_id: The page on which it was: of claims and figures. Otherwise empty.
        replaced_by: Id of the record that replaces it. Empty if none does.
        last_version: The last version that had it.
        reason: Why it was withdrawn.
    """

    table: str
    id: str
    source_id: str
    replaced_by: str
    last_version: str
    reason: str

    @property
    def anchor(self) -> str:
        """Its anchor in the page of its source."""
        return f"c{self.id.removeprefix(f'{self.source_id}.')}" if self.table == "claims" else self.id


def read_withdrawn() -> list[Withdrawn]:
    """Read the ledger of the curated records."""
    with LEDGER.open(encoding="utf-8", newline="") as file:
        return [Withdrawn(**row) for row in csv.DictReader(file)]


def group_withdrawn(rows: list[Withdrawn]) -> Mapping[str, list[Withdrawn]]:
    """Return withdrawn claims and figures by the page on which they were."""
    grouped: dict[str, list[Withdrawn]] = {}
    for row in rows:
        if row.source_id:
            grouped.setdefault(row.source_id, []).append(row)
    return grouped


def locate_successor(records: SiteTables, row: Withdrawn) -> str:
    """Return the path of the record that replaces a withdrawn one. Empty if none does."""
    if row.table in FOLDERS and records.find_row(row.table, row.replaced_by):
        return locate_page(row.table, row.replaced_by)
    claim = records.find_row("claims", row.replaced_by)
    if claim:
        return locate_claim(claim["claim_id"], claim["source_id"])
    for figures in records.figures_by_claim.values():
        for figure in figures:
            if figure["figure_id"] == row.replaced_by:
                return locate_figure(figure["figure_id"], figure["source_id"])
    return ""


def iterate_moved_pages(records: SiteTables, withdrawn: list[Withdrawn]) -> Iterator[Page]:
    """Yield a page per withdrawn record that had one, and per series of version 1."""
    by_source = group_withdrawn(withdrawn)
    for row in withdrawn:
        if row.table in FOLDERS and not records.find_row(row.table, row.id):
            context = {
                "crumbs": [Crumb(FOLDERS[row.table].capitalize(), f"{FOLDERS[row.table]}/index.html")],
                "lead": f"This record was part of earlier versions, up to version {row.last_version}. It was withdrawn.",
                "reason": row.reason,
                "targets": [(locate_successor(records, row), row.replaced_by)]
                if locate_successor(records, row)
                else [],
                "anchors": by_source.get(row.id, []),
            }
            yield Page(locate_page(row.table, row.id), "moved.html.jinja", row.id, context)
    tolls = records.index_rows("tolls")
    for series, rows in group_rows(records.list_rows("tolls_1_1"), "series_id").items():
        if series in tolls:
            continue
        found = [tolls[row["toll_id"]] for row in rows if row["toll_id"] in tolls]
        names = [f"{records.find_name('actors', t['claimant_id'])}: {describe_toll(records, t)}" for t in found]
        context = {
            "crumbs": [Crumb("Conflicts", "conflicts/index.html"), Crumb("Toll")],
            "lead": "Version 1 kept this running count as a series of its own, by the place that a page printed. It is now part of:",
            "reason": "",
            "targets": [(locate_page("tolls", toll["toll_id"]), name) for toll, name in zip(found, names, strict=True)],
            "anchors": [],
        }
        yield Page(locate_page("tolls", series), "moved.html.jinja", series, context)
