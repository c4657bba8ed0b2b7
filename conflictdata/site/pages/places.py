"""Pages of places: where they are, and what claims and events name them."""

from __future__ import annotations

from collections.abc import Iterator

from conflictdata.site.layout import Crumb, ListingPlan, Page, locate_page
from conflictdata.site.lines import list_claim_lines, list_event_lines, list_place_lines, list_toll_lines
from conflictdata.site.pages.events import PLACES
from conflictdata.site.records import Row, SiteTables
from conflictdata.site.wording import capitalize_first, count_digits, join_words

SHORT = 30


def iterate_place_pages(records: SiteTables) -> Iterator[Page]:
    """Yield a page per place, and the list of all."""
    for place in records.list_rows("locations"):
        yield from _make_place_pages(records, place)
    lead = "Claims print a place as a settlement, a province, a country, or an area without exact borders. Claims of a place and of the area around it may count the same people."
    plan = ListingPlan("places/index.html", "Places", "Places")
    listing = plan.add("places", "Places, by name", list_place_lines(records, records.list_rows("locations")), 150)
    yield Page("places/index.html", "index.html.jinja", plan.title, {"listing": listing, "lead": lead}, "Places")
    yield from plan.pages


def _make_place_pages(records: SiteTables, place: Row) -> Iterator[Page]:
    id_ = place["location_id"]
    claims, events = records.claims_by_place.get(id_, []), records.events_by_place.get(id_, [])
    plan = ListingPlan(locate_page("locations", id_), place["name"], "Places", [Crumb("Places", "places/index.html")])
    inside = records.places_by_parent.get(id_, [])
    listings = [
        ("Events", plan.add("events", "Events here, by day", list_event_lines(records, events), SHORT)),
        (
            "Tolls",
            plan.add("tolls", "Running tolls", list_toll_lines(records, records.tolls_by_place.get(id_, [])), SHORT),
        ),
        (
            "Claims",
            plan.add(
                "claims", "Totals that print this place, the latest day first", list_claim_lines(records, claims), SHORT
            ),
        ),
        ("Inside", plan.add("places", "Places inside it", list_place_lines(records, inside), SHORT)),
    ]
    members = records.members_by_area.get(id_, [])
    parts = [
        part
        for part in (claims and count_digits(len(claims), "claim"), events and count_digits(len(events), "event"))
        if part
    ]
    context = {
        "crumbs": [*plan.crumbs, Crumb("Place")],
        "place": place,
        "lead": f"{join_words(parts)} in this version {'name' if len(claims) + len(events) > 1 else 'names'} this place."
        if parts
        else "No claim in this version prints this place by itself.",
        "kind": capitalize_first(str(place["kind"]).replace("admin1", "province")),
        "around": [p["location_id"] for p in records.list_enclosing_places(id_)[1:]],
        "members": members,
        "precision": PLACES.get(str(place["precision"]), ""),
        "names": list(dict.fromkeys(row["alias"] for row in records.aliases.get(("location", id_), ())))[:30],
        "listings": [(heading, listing) for heading, listing in listings if listing],
    }
    yield Page(plan.owner, "place.html.jinja", place["name"], context, "Places")
    yield from plan.pages
