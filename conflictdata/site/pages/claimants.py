"""Pages of claimants: their tolls, their claims, what they deny. Relays, publishers and parties have pages too."""

from __future__ import annotations

from collections.abc import Iterator

from conflictdata.site.layout import Crumb, ListingPlan, Page, locate_page
from conflictdata.site.lines import list_claim_lines, list_claimant_lines, list_source_lines, list_toll_lines
from conflictdata.site.records import Row, SiteTables, group_rows
from conflictdata.site.wording import capitalize_first, count_digits, format_day, join_words, name_kind

SHORT = 30


def iterate_claimant_pages(records: SiteTables) -> Iterator[Page]:
    """Yield a page per actor, and the list of claimants."""
    published = group_rows(records.list_rows("sources"), "publisher_id")
    for actor in records.list_rows("actors"):
        yield from _make_claimant_pages(records, actor, published.get(actor["actor_id"], []))
    lead = "A claimant is who says a number: an observatory, a ministry, a hospital. The newspaper that prints it is the publisher."
    plan = ListingPlan("claimants/index.html", "Claimants", "Claimants")
    lines = list_claimant_lines(records, records.list_rows("claims"))
    listing = plan.add("claimants", "Claimants, by number of claims", lines, 120)
    yield Page("claimants/index.html", "index.html.jinja", plan.title, {"listing": listing, "lead": lead}, "Claimants")
    yield from plan.pages


def _make_claimant_pages(records: SiteTables, actor: Row, published: list[Row]) -> Iterator[Page]:
    id_ = actor["actor_id"]
    claims, relayed = records.claims_by_claimant.get(id_, []), records.claims_by_relay.get(id_, [])
    plan = ListingPlan(
        locate_page("actors", id_), actor["name"], "Claimants", [Crumb("Claimants", "claimants/index.html")]
    )
    listings = [
        (
            "Tolls",
            plan.add(
                "claimant_tolls",
                "Running tolls",
                list_toll_lines(records, records.tolls_by_claimant.get(id_, [])),
                SHORT,
            ),
        ),
        (
            "Claims",
            plan.add("claimant_claims", "Totals, the latest day first", list_claim_lines(records, claims), SHORT),
        ),
        ("Relayed", plan.add("relayed", "Totals of others that it relays", list_claim_lines(records, relayed), 10)),
        (
            "Published",
            plan.add(
                "sources",
                "Pages that it published",
                list_source_lines(records, [s["source_id"] for s in published]),
                15,
            ),
        ),
    ]
    context = {
        "crumbs": [*plan.crumbs, Crumb("Claimant" if claims else "Publisher" if published else "Party")],
        "actor": actor,
        "lead": _write_lead(records, claims, relayed, published),
        "kind": capitalize_first(name_kind(actor["kind"])),
        "names": list(dict.fromkeys(row["alias"] for row in records.aliases.get(("actor", id_), ())))[:30],
        "conflicts": sorted(
            {claim["conflict_id"] for claim in claims}, key=lambda c: records.find_name("conflicts", c)
        ),
        "active": " to ".join(filter(None, [format_day(actor["active_from"]), format_day(actor["active_to"])])),
        "listings": [(heading, listing) for heading, listing in listings if listing],
        "denials": [row for row in records.stances_by_claimant.get(id_, ()) if row["stance"] == "denies"][:30],
    }
    yield Page(plan.owner, "claimant.html.jinja", actor["name"], context, "Claimants")
    yield from plan.pages


def _write_lead(records: SiteTables, claims: list[Row], relayed: list[Row], published: list[Row]) -> str:
    parts = []
    if claims:
        pages = count_digits(len({claim["source_id"] for claim in claims}), "page")
        conflicts = len({claim["conflict_id"] for claim in claims})
        about = (
            f" about {records.find_name('conflicts', claims[0]['conflict_id'])}"
            if conflicts == 1
            else f" about {conflicts} conflicts"
        )
        parts.append(f"makes {count_digits(len(claims), 'claim')} on {pages}{about}")
    if relayed:
        parts.append(f"relays {count_digits(len(relayed), 'claim')} of others")
    if published:
        parts.append(
            f"published {count_digits(len(published), 'page')} that {'was' if len(published) == 1 else 'were'} read"
        )
    return (
        f"In this version it {join_words(parts)}."
        if parts
        else "In this version it makes no claim. Claims name it as a party."
    )
