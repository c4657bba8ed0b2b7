"""The front page, and the page on how to read, cite and correct."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from conflictdata.site.comparisons import build_table
from conflictdata.site.layout import Page, locate_claim, locate_page
from conflictdata.site.lines import choose_main, describe_toll, name_event, select_comparable
from conflictdata.site.marks import KEYS
from conflictdata.site.pages.conflicts import list_conflict_lines
from conflictdata.site.pages.tolls import name_toll
from conflictdata.site.pictures import Draw
from conflictdata.site.records import Row, SiteTables
from conflictdata.site.sentences import describe_claim
from conflictdata.site.statements import PrintedStatement, find_gap, group_statements
from conflictdata.site.trees import build_trees, close_tree, list_marks
from conflictdata.site.wording import count_digits, format_day

# Examples for the front page. If a version lacks them, others are chosen.
CLAIM = "telesur_english-2024-12-05.1"
EVENT = "2024-12-01-idlib-strikes"
TOLL = "sohr.syria_2024_offensive.2024-11-27"


def iterate_front_pages(records: SiteTables, draw: Draw, collections: Sequence[Any] = ()) -> Iterator[Page]:
    """Yield the front page, the guide and the page for wrong addresses."""
    yield Page(
        "index.html",
        "front.html.jinja",
        "Who says how many were killed, and in which words",
        {**_describe_front(records, draw), "collections": collections},
    )
    context = {"keys": KEYS, "records": records}
    yield Page("about.html", "about.html.jinja", "How to read, cite and correct a number", context, "Guide")
    yield Page("404.html", "404.html.jinja", "This page does not exist", {})


def _describe_front(records: SiteTables, draw: Draw) -> dict[str, Any]:
    claims = records.list_rows("claims")
    days = sorted(claim["as_of"] for claim in claims if claim["as_of"])
    pages = len({claim["source_id"] for claim in claims})
    counts = (
        f"{count_digits(len(claims), 'claim')} with {count_digits(len(records.list_rows('casualties')), 'figure')}, "
        f"from {count_digits(pages, 'page')}, by {count_digits(len(records.claims_by_claimant), 'claimant')}, "
        f"on {count_digits(len(records.claims_by_conflict), 'conflict')}."
    )
    toll = choose_toll(records)
    return {
        "counts": counts,
        "span": f"The last days that they count are between {format_day(days[0])} and {format_day(days[-1])}."
        if days
        else "",
        "example": _describe_example(records),
        "toll": {"path": locate_page("tolls", toll["toll_id"]), "name": name_toll(records, toll), "picture": draw(toll)}
        if toll
        else None,
        "event": _describe_event(records),
        "conflicts": list_conflict_lines(records),
    }


def _describe_example(records: SiteTables) -> dict[str, Any] | None:
    claim = records.find_row("claims", CLAIM) or _choose_claim(records)
    if claim is None:
        return None
    nodes = build_trees(records, claim["claim_id"])
    tolls = [
        row["toll_id"] for row in records.list_roots(claim["claim_id"]) if records.find_row("tolls", row["toll_id"])
    ]
    return {
        "sentence": describe_claim(records, claim),
        "nodes": nodes,
        "marks": list_marks(nodes),
        "sums": [sentence for node in nodes for sentence in close_tree(node)],
        "path": locate_claim(claim["claim_id"], claim["source_id"]),
        "toll": (locate_page("tolls", tolls[0]), describe_toll(records, records.index_rows("tolls")[tolls[0]]))
        if tolls
        else None,
    }


def _choose_claim(records: SiteTables) -> Row | None:
    """Return the claim with the most parts, of those with at most eight figures."""
    sized = [(len(rows), claim) for claim, rows in records.figures_by_claim.items() if 2 <= len(rows) <= 8]
    best = max(sized, default=None)
    return records.find_row("claims", best[1]) if best else None


def choose_toll(records: SiteTables) -> Row | None:
    """Return the toll of the front page: the chosen one, or that with the most claims."""
    toll = records.find_row("tolls", TOLL)
    if toll is not None:
        return toll
    tolls = records.list_rows("tolls")
    return max(tolls, key=lambda t: (len(records.totals_by_toll.get(t["toll_id"], ())), t["toll_id"]), default=None)


def _describe_event(records: SiteTables) -> dict[str, Any] | None:
    """Return an event with rival claims: the chosen one, or that with most claimants and a gap."""
    event = records.find_row("events", EVENT)
    if event is None or not _list_main(records, EVENT):
        scored = []
        for row in records.list_rows("events"):
            statements = [s for s in _list_main(records, row["event_id"]) if s.size is not None]
            if find_gap(statements):
                scored.append((len({s.claimant_id for s in statements}), row["event_id"]))
        event = records.find_row("events", max(scored, default=(0, ""))[1])
    if event is None:
        return None
    statements = _list_main(records, event["event_id"])[:8]
    people = "civilians were" if statements[0].rows[0].get("population") == "civilians" else "people were"
    table = build_table(records, f"Who says how many {people} killed", statements, with_gap=True)
    return {
        "path": locate_page("events", event["event_id"]),
        "name": name_event(event),
        "day": format_day(event["date_start"]),
        "table": table,
    }


def _list_main(records: SiteTables, event_id: str) -> list[PrintedStatement]:
    """Return the statements on the killed of an event that most claimants make about the same people."""
    return group_statements(
        records.counts,
        [row for row in choose_main(records, select_comparable(records, event_id)) if row["outcome"] == "killed"],
    )
