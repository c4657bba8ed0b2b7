"""Pages of sources: what was read, and each claim with its tree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from conflictdata.schema.languages import load_languages
from conflictdata.site.layout import Crumb, ListingPlan, Page, locate_claim, locate_page
from conflictdata.site.lines import describe_toll, list_source_lines
from conflictdata.site.permalinks import Withdrawn
from conflictdata.site.records import Row, SiteTables
from conflictdata.site.sentences import describe_claim, describe_perpetrators
from conflictdata.site.trees import FigureNode, build_trees, close_tree, list_marks
from conflictdata.site.wording import count_words, format_day, format_span

KINDS = {"copy": "copy of another publisher's text", "caption": "caption of a picture"}
ACCESS = {
    "full_text": "read in full",
    "excerpt": "read in part",
    "headline": "of which the headline was read",
    "abstract": "of which the abstract was read",
    "secondary": "known from another page",
}
PUBLISHED = {
    "page": "as printed on the page",
    "url": "from its address",
    "text": "from its text",
    "inferred": "inferred; the page prints no day",
    "archive": "from an archive",
}
CERTAINTIES = {
    "stated": "",
    "alleged": "alleged",
    "denied": "denied",
    "undetermined": "left open",
}
LINKS = {
    ("conflicts_with", True): "Another page says otherwise",
    ("conflicts_with", False): "Another page says otherwise",
    ("part_of", True): "Part of",
    ("part_of", False): "Holds a part",
    ("repeats", True): "Repeats",
    ("repeats", False): "Repeated by",
}
# A page with more claims than this, or with several claims and more figures than this, is folded.
MOST_CLAIMS, MOST_FIGURES = 6, 40
PRECISIONS = {"month": "the page names the month", "year": "the page names the year", "approximate": "approximate"}


@dataclass(frozen=True)
class Revision:
    """How a claim was corrected: a heading, the reason, and the other claim if there is one."""

    title: str
    reason: str
    path: str
    sentence: str


def iterate_source_pages(records: SiteTables, withdrawn: Mapping[str, list[Withdrawn]]) -> Iterator[Page]:
    """Yield a page per source, and the list of all.

    Args:
        records: The tables.
        withdrawn: Claims and figures of earlier versions, by the page on which they were.
    """
    for source in records.list_rows("sources"):
        yield _make_source_page(records, source, withdrawn.get(source["source_id"], []))
    lines = list_source_lines(records, records.index_rows("sources"))
    plan = ListingPlan("sources/index.html", "All pages that were read", "Sources")
    listing = plan.add("sources", "Pages, by day of publication", lines, 60)
    context = {
        "listing": listing,
        "lead": "Each claim comes from a page: an article, a report, a statement. These are the pages that were read for this version.",
    }
    yield Page("sources/index.html", "index.html.jinja", plan.title, context, "Sources")
    yield from plan.pages


def _make_source_page(records: SiteTables, source: Row, withdrawn: list[Withdrawn]) -> Page:
    publisher = records.find_name("actors", source["publisher_id"])
    title = f"{publisher}, {format_day(source['published_on'])}".rstrip(", ")
    claims = records.claims_by_source.get(source["source_id"], [])
    conflicts = list(dict.fromkeys(claim["conflict_id"] for claim in claims))
    crumbs = [Crumb("Conflicts", "conflicts/index.html")]
    if conflicts:
        crumbs.append(Crumb(records.find_name("conflicts", conflicts[0]), locate_page("conflicts", conflicts[0])))
    language = load_languages().get(source["language"] or "", source["language"] or "an unknown language")
    kind = KINDS.get(source["kind"], str(source["kind"]).replace("_", " "))
    context = {
        "crumbs": [*crumbs, Crumb("Page")],
        "source": source,
        "publisher": publisher,
        "lead": f"{'An' if kind[:1] in 'aeiou' else 'A'} {kind} in {language}, {ACCESS.get(source['access'], source['access'])}. {_describe_carried(claims)}",
        "published": f"{format_day(source['published_on'])}, {PUBLISHED.get(source['published_basis'], source['published_basis'])}",
        "relays": list(
            dict.fromkeys(records.find_name("actors", c["relayed_via"]) for c in claims if c["relayed_via"])
        ),
        "flags": records.flags_by_record.get(source["source_id"], []),
        "claims": [_describe_record(records, claim) for claim in claims],
        "is_folded": _is_long(records, claims),
        "withdrawn": withdrawn,
        "stances": [
            row
            for row in records.list_rows("event_sources")
            if row["source_id"] == source["source_id"] and row["stance"] == "denies"
        ]
        if source["source_id"] in _list_denials(records)
        else [],
        "csv": f"{source['source_id']}.csv",
    }
    return Page(locate_page("sources", source["source_id"]), "source.html.jinja", title, context, "Sources")


def _is_long(records: SiteTables, claims: list[Row]) -> bool:
    figures = sum(len(records.figures_by_claim.get(claim["claim_id"], ())) for claim in claims)
    return len(claims) > MOST_CLAIMS or (len(claims) > 1 and figures > MOST_FIGURES)


def _list_denials(records: SiteTables) -> set[str]:
    return {row["source_id"] for rows in records.stances_by_event.values() for row in rows if row["stance"] == "denies"}


def _describe_carried(claims: list[Row]) -> str:
    if not claims:
        return "It carries no claim with a number in this version."
    return f"It carries {count_words(len(claims), 'claim')}."


def _describe_record(records: SiteTables, claim: Row) -> dict[str, Any]:
    """Return what the template prints about a claim."""
    claim_id = claim["claim_id"]
    nodes = build_trees(records, claim_id)
    roots = records.list_roots(claim_id)
    tolls = [
        toll for toll in dict.fromkeys(row["toll_id"] for row in roots) if toll and records.find_row("tolls", toll)
    ]
    perpetrators = records.perpetrators_by_claim.get(claim_id, [])
    certainty = CERTAINTIES.get(claim["perpetrator_certainty"] or "", "")
    attributed = describe_perpetrators(records, perpetrators)
    return {
        "claim": claim,
        "number": claim_id.removeprefix(f"{claim['source_id']}."),
        "sentence": describe_claim(records, claim),
        "totals": "; ".join(_describe_total(node) for node in nodes) or "no number",
        "marks": list_marks(nodes),
        "nodes": nodes,
        "sums": [sentence for node in nodes for sentence in close_tree(node)],
        "days": _describe_days(claim, roots),
        "places": list(dict.fromkeys(row["location_id"] for row in roots if row["location_id"])),
        "tolls": [
            (locate_page("tolls", id_), describe_toll(records, records.index_rows("tolls")[id_])) for id_ in tolls
        ],
        "events": [
            records.index_rows("events")[e]
            for e in records.events_by_claim.get(claim_id, ())
            if e in records.index_rows("events")
        ],
        "attributed": f"{attributed} ({certainty})" if attributed and certainty else attributed or certainty,
        "links": _describe_links(records, claim_id),
        "revisions": _describe_revisions(records, claim, roots),
        "flags": _list_flags(records, claim_id),
    }


def _describe_total(node: FigureNode) -> str:
    """Return a total in a few words: `at least 727 killed`, `killed, number not stated`."""
    quantity = node.quantity
    return f"{quantity} {node.group}" if quantity.number else f"{node.group}, {quantity.prefix}"


def _describe_days(claim: Row, roots: list[Row]) -> str:
    if not roots:
        return format_day(claim["as_of"])
    row = roots[0]
    days = format_span(row["period_start"], row["period_end"] or row["as_of"])
    basis = {"occurred": "by day of death or injury", "recorded": "by day of recording"}.get(claim["basis"], "")
    precision = PRECISIONS.get(claim["period_precision"] or "", "")
    return ", ".join(filter(None, [days, basis if row["period_start"] != row["period_end"] else "", precision]))


def _describe_links(records: SiteTables, claim_id: str) -> list[tuple[str, str, str]]:
    """Return the links of a claim to others: words, path, sentence."""
    claims = records.index_rows("claims")
    links: dict[tuple[str, str], tuple[str, str, str]] = {}
    for link in records.links_by_claim.get(claim_id, ()):
        other = claims.get(link["other_id"])
        if other:
            words = LINKS.get((link["kind"], link["from_here"]), str(link["kind"]).replace("_", " "))
            path = locate_claim(other["claim_id"], other["source_id"])
            source = records.find_row("sources", other["source_id"])
            publisher = records.find_name("actors", source["publisher_id"]) if source else other["source_id"]
            links[words, path] = (words, path, f"{describe_claim(records, other)} ({publisher})")
    return list(links.values())


def _describe_revisions(records: SiteTables, claim: Row, roots: list[Row]) -> list[Revision]:
    """Return how a claim was corrected, and what it corrects."""
    claims = records.index_rows("claims")
    before = claims.get(claim["supersedes"] or "")
    after = claims.get(records.successors.get(claim["claim_id"], ""))
    notes = []
    if before:
        notes.append(_make_revision(records, "Corrects an earlier claim", before, claim["revision_reason"]))
    if after:
        notes.append(_make_revision(records, "Corrected by a later claim", after, after["revision_reason"]))
    if claim["status"] == "retracted":
        notes.append(Revision("Withdrawn", claim["revision_reason"] or "", "", ""))
    elif not after and any(row.get("current") == "no" for row in roots):
        reason = "The claimant corrected this number; another page carries the correction."
        notes.append(Revision("No longer current", reason, "", ""))
    return notes


def _make_revision(records: SiteTables, title: str, other: Row, reason: str | None) -> Revision:
    path = locate_claim(other["claim_id"], other["source_id"])
    return Revision(title, reason or "", path, describe_claim(records, other))


def _list_flags(records: SiteTables, claim_id: str) -> list[Row]:
    rows = list(records.flags_by_record.get(claim_id, ()))
    for figure in records.figures_by_claim.get(claim_id, ()):
        rows += records.flags_by_record.get(figure["figure_id"], ())
    return rows
