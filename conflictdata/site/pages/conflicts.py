"""Pages of conflicts: claims held, tolls, events, claimants and pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from conflictdata.site.layout import Crumb, Listing, ListingPlan, Page, locate_page
from conflictdata.site.lines import (
    list_claim_lines,
    list_claimant_lines,
    list_event_lines,
    list_source_lines,
    list_toll_lines,
)
from conflictdata.site.records import Row, SiteTables
from conflictdata.site.wording import count_digits, format_day, format_span

SHORT = 25  # rows of a list on a record's own page


@dataclass(frozen=True)
class ConflictLine:
    """A conflict, as a row of a list."""

    name: str
    path: str
    claims: int
    claimants: int
    pages: int
    span: str


def list_conflict_lines(records: SiteTables) -> list[ConflictLine]:
    """Return the conflicts as rows, those with most claims first."""
    lines = []
    for conflict in records.list_rows("conflicts"):
        claims = records.claims_by_conflict.get(conflict["conflict_id"], [])
        days = [claim["as_of"] for claim in claims if claim["as_of"]]
        lines.append(
            ConflictLine(
                conflict["name"],
                locate_page("conflicts", conflict["conflict_id"]),
                len(claims),
                len({claim["claimant_id"] for claim in claims}),
                len({claim["source_id"] for claim in claims}),
                format_span(min(days), max(days), short=True) if days else "",
            )
        )
    return sorted(lines, key=lambda line: (-line.claims, line.name))


def iterate_conflict_pages(records: SiteTables) -> Iterator[Page]:
    """Yield a page per conflict, and the list of all."""
    for conflict in records.list_rows("conflicts"):
        yield from _make_conflict_pages(records, conflict)
    lead = "The number of claims says how much was read, not how many people were killed. Numbers of different conflicts cannot be added."
    plan = ListingPlan("conflicts/index.html", "Conflicts", "Conflicts")
    listing = plan.add("conflicts", "Conflicts, by number of claims", list_conflict_lines(records), 100)
    yield Page("conflicts/index.html", "index.html.jinja", plan.title, {"listing": listing, "lead": lead}, "Conflicts")
    yield from plan.pages


def _make_conflict_pages(records: SiteTables, conflict: Row) -> Iterator[Page]:
    id_ = conflict["conflict_id"]
    claims = records.claims_by_conflict.get(id_, [])
    plan = ListingPlan(
        locate_page("conflicts", id_), conflict["name"], "Conflicts", [Crumb("Conflicts", "conflicts/index.html")]
    )
    sources = sorted({claim["source_id"] for claim in claims})
    days = sorted(claim["as_of"] for claim in claims if claim["as_of"])
    listings = _plan_listings(records, plan, id_, claims, sources)
    end = format_day(conflict["date_end"]) if conflict["date_end"] else "no end is recorded"
    claimants = len({claim["claimant_id"] for claim in claims})
    lead = (
        f"{count_digits(len(claims), 'claim')} by {count_digits(claimants, 'claimant')}, from {count_digits(len(sources), 'page')}."
        if claims
        else "No claim in this version is about this conflict."
    )
    context = {
        "crumbs": [*plan.crumbs, Crumb("Conflict")],
        "conflict": conflict,
        "lead": lead,
        "dates": f"{format_day(conflict['date_start'])} to {end}"
        if conflict["date_end"]
        else f"from {format_day(conflict['date_start'])}; {end}",
        "span": f"{format_day(days[0])} to {format_day(days[-1])}" if days else "",
        "countries": str(conflict["countries"] or "").split(),
        "listings": [(heading, listing) for heading, listing in listings if listing],
        "actors": sorted(
            records.find_name("actors", r["actor_id"])
            for r in records.list_rows("conflict_actors")
            if r["conflict_id"] == id_
        ),
    }
    yield Page(plan.owner, "conflict.html.jinja", conflict["name"], context, "Conflicts")
    yield from plan.pages


def _plan_listings(
    records: SiteTables, plan: ListingPlan, conflict_id: str, claims: list[Row], sources: list[str]
) -> list[tuple[str, Listing | None]]:
    """Return the lists of a conflict's page with their headings."""
    return [
        (
            "Tolls",
            plan.add(
                "tolls",
                "Running tolls, those with most claims first",
                list_toll_lines(records, records.tolls_by_conflict.get(conflict_id, [])),
                SHORT,
            ),
        ),
        (
            "Events",
            plan.add(
                "events",
                "Events, by day",
                list_event_lines(records, records.events_by_conflict.get(conflict_id, [])),
                SHORT,
            ),
        ),
        ("Claimants", plan.add("claimants", "Who makes the claims", list_claimant_lines(records, claims), SHORT)),
        ("Claims", plan.add("claims", "Totals, the latest day first", list_claim_lines(records, claims), 10)),
        (
            "Pages",
            plan.add("sources", "Pages that were read, by day of publication", list_source_lines(records, sources), 10),
        ),
    ]
