"""Rows of lists: what a table shows about a toll, an event, a claim, a claimant, a page."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from conflictdata.site.layout import locate_claim, locate_page
from conflictdata.site.records import Row, SiteTables, group_rows
from conflictdata.site.sentences import name_group, order_roots
from conflictdata.site.statements import Gap, PrintedStatement, find_gap, find_last, group_statements
from conflictdata.site.wording import (
    OUTCOMES,
    POPULATIONS,
    PrintedNumber,
    add_article,
    describe_quantity,
    format_day,
    format_span,
    name_kind,
    name_population,
    place_phrase,
)

# Outcomes that a sentence says of people: people killed, people injured.
_PEOPLE_ARE = {words for outcome, words in OUTCOMES.items() if outcome not in ("losses_unspecified", "other")}
# Words of a clause that says how many people were killed or injured.
_COUNTING = re.compile(r"\b(?:kill|injur|wound|die|dead|dies)", re.IGNORECASE)


@dataclass(frozen=True)
class ClaimLine:
    """A total of a claim, as a row of a list."""

    claimant: str
    claimant_path: str
    days: str
    quantity: PrintedNumber
    group: str
    place: str
    publisher: str
    path: str
    current: bool


@dataclass(frozen=True)
class TollLine:
    """A toll, as a row of a list."""

    name: str
    path: str
    claimant: str
    last: PrintedNumber | None
    outcome: str
    until: str
    claims: int


@dataclass(frozen=True)
class EventLine:
    """An event, as a row of a list."""

    day: str
    name: str
    path: str
    place: str
    killed: str
    claimants: int
    gap: Gap | None


@dataclass(frozen=True)
class SourceLine:
    """A page that was read, as a row of a list."""

    name: str
    path: str
    title: str
    published: str
    claims: int


@dataclass(frozen=True)
class ClaimantLine:
    """A claimant, as a row of a list."""

    name: str
    path: str
    kind: str
    claims: int
    pages: int
    span: str


@dataclass(frozen=True)
class PlaceLine:
    """A place, as a row of a list."""

    name: str
    path: str
    kind: str
    around: str
    claims: int
    events: int


def list_claim_lines(records: SiteTables, claims: Iterable[Row]) -> list[ClaimLine]:
    """Return the totals of claims as rows, the latest day first."""
    rows = [row for claim in claims for row in order_roots(records.list_roots(claim["claim_id"]))]
    rows.sort(key=lambda row: (row["as_of"] or dt.date.min, row["claim_id"]), reverse=True)
    return [make_claim_line(records, row) for row in rows]


def make_claim_line(records: SiteTables, row: Row) -> ClaimLine:
    """Return a total as a row of a list."""
    group = name_group(records, row)
    outcome = str(OUTCOMES.get(row["outcome"], row["outcome"]))
    is_plain = group == outcome
    return ClaimLine(
        records.find_name("actors", row["claimant_id"]),
        locate_page("actors", row["claimant_id"]),
        format_span(row["period_start"], row["period_end"] or row["as_of"], short=True),
        describe_quantity(row),
        outcome if is_plain else f"{outcome}: {group}",
        row["location"] or "",
        row["publisher"] or row["publisher_id"],
        locate_claim(row["claim_id"], row["source_id"]),
        row.get("current") != "no",
    )


def list_toll_lines(records: SiteTables, tolls: Iterable[Row]) -> list[TollLine]:
    """Return tolls as rows, those with most claims first."""
    lines = [_make_toll_line(records, toll) for toll in tolls]
    return sorted(lines, key=lambda line: (-line.claims, line.name))


def _make_toll_line(records: SiteTables, toll: Row) -> TollLine:
    totals = order_roots(records.totals_by_toll.get(toll["toll_id"], []))
    outcome = totals[0]["outcome"] if totals else "killed"
    last = find_last(
        records.counts,
        group_statements(records.counts, [r for r in totals if r["outcome"] == outcome and r.get("current") != "no"]),
    )
    return TollLine(
        describe_toll(records, toll),
        locate_page("tolls", toll["toll_id"]),
        records.find_name("actors", toll["claimant_id"]),
        last.quantity if last else None,
        OUTCOMES.get(outcome, outcome),
        format_day(last.as_of, short=True) if last else "",
        len({row["claim_id"] for row in totals}),
    )


def name_toll_people(records: SiteTables, population: str) -> str:
    """Return whom a toll counts: `everybody`, `journalists`, `members of the Russian armed forces`."""
    if population in POPULATIONS:
        return POPULATIONS[population]
    actor = records.find_row("actors", population)
    if actor is not None:
        return f"members of {add_article(actor['name'], actor['kind'])}"
    return name_population(population) or population.replace("_", " ")


def describe_toll(records: SiteTables, toll: Row) -> str:
    """Return a toll in words: `people killed in Syria since 15 March 2011`."""
    totals = order_roots(records.totals_by_toll.get(toll["toll_id"], []))
    outcomes = list(dict.fromkeys(OUTCOMES.get(row["outcome"], row["outcome"]) for row in totals)) or ["killed"]
    people = "" if toll["population"] == "everybody" else f"{name_toll_people(records, toll['population'])} "
    if not people and outcomes[0] in _PEOPLE_ARE and {row["unit"] for row in totals[:1]} <= {"persons"}:
        people = "people "
    where = place_phrase(records.find_row("locations", toll["location_id"]))
    return f"{people}{outcomes[0]}{f' {where}' if where else ''} since {format_day(toll['date_start'])}"


def list_event_lines(records: SiteTables, events: Iterable[Row]) -> list[EventLine]:
    """Return events as rows, by day."""
    ordered = sorted(events, key=lambda e: (e["date_start"] or dt.date.min, e["event_id"]))
    return [_make_event_line(records, event) for event in ordered]


def name_event(event: Row) -> str:
    """Return the name of an event: its summary without a clause that counts people, for no number lacks its claimant."""
    first, *clauses = str(event["summary"]).rstrip(".").split(";")
    return ";".join([first, *(clause for clause in clauses if not _COUNTING.search(clause))])


def select_comparable(records: SiteTables, event_id: str) -> list[Row]:
    """Return the totals of an event that count the same: this event alone, all people, not corrected."""
    rows = []
    for claim in records.claims_by_event.get(event_id, ()):
        if explain_exclusion(records, claim) == "":
            rows += [r for r in records.list_roots(claim["claim_id"]) if r.get("current") != "no"]
    return rows


def explain_exclusion(records: SiteTables, claim: Row) -> str:
    """Return why a claim about an event cannot be compared with others. Empty if it can."""
    number = len(records.events_by_claim.get(claim["claim_id"], ()))
    if number > 1:
        return f"It covers {number} events together."
    if claim["scope"] != "event":
        roots = records.list_roots(claim["claim_id"])
        span = format_span(roots[0]["period_start"], roots[0]["period_end"]) if roots else ""
        return f"It counts a longer time: {span}." if span else "It counts a longer time."
    links = records.links_by_claim.get(claim["claim_id"], ())
    if any(link["kind"] == "part_of" and link["from_here"] for link in links):
        return "It counts a part of the people of another claim."
    if claim["status"] == "retracted":
        return "It was withdrawn."
    if claim["claim_id"] in records.successors:
        return "A later claim corrects it."
    return ""


def choose_main(records: SiteTables, rows: list[Row]) -> list[Row]:
    """Return the totals to compare first: of the first outcome, those that count the people most claimants count."""
    outcome = next((o for o in OUTCOMES if any(r["outcome"] == o and r["unit"] == "persons" for r in rows)), "")
    chosen = [r for r in rows if r["outcome"] == outcome and r["unit"] == "persons"]
    groups = group_rows(chosen, key_population)
    return max(groups.values(), key=partial(_weigh_population, records), default=[])


def _weigh_population(records: SiteTables, rows: list[Row]) -> tuple[bool, int, int, bool, str]:
    """Return how well totals serve for a comparison: all people or civilians, many claimants, a gap."""
    numbered = {row["claimant_id"] for row in rows if describe_quantity(row).size is not None}
    gap, population = find_gap(group_statements(records.counts, rows)), rows[0].get("population")
    return (
        population in ("everybody", "civilians", None) and rows[0]["label"] is None,
        len(numbered),
        gap.size if gap else 0,
        population == "everybody",
        str(population),
    )


def key_population(row: Row) -> tuple[Any, ...]:
    """Return what two totals must have in common to be compared: outcome, unit, and who is counted.

    A label says whom a total counts, too: people of one family are not everybody whom an event killed. Labels of one
    role, such as the titles of one officer, differ from page to page and count the same.
    """
    label = None if row.get("population") == "role" and row["outcome"] != "other" else row["label"]
    return row["outcome"], row["unit"], row.get("population"), row.get("population_detail"), label


def _make_event_line(records: SiteTables, event: Row) -> EventLine:
    main = choose_main(records, select_comparable(records, event["event_id"]))
    statements = group_statements(records.counts, [row for row in main if row["outcome"] == "killed"])
    numbered = [s for s in statements if s.size is not None]
    claims = records.claims_by_event.get(event["event_id"], ())
    return EventLine(
        format_span(event["date_start"], event["date_end"], short=True),
        name_event(event),
        locate_page("events", event["event_id"]),
        records.find_name("locations", event["location_id"]),
        describe_range(numbered),
        len({claim["claimant_id"] for claim in claims}),
        find_gap(numbered),
    )


def describe_range(statements: list[PrintedStatement]) -> str:
    """Return the numbers of statements as a range in words: `6 to at least 12`. Empty without numbers."""
    if not statements:
        return ""
    first, last = statements[0], statements[-1]
    return str(first.quantity) if str(first.quantity) == str(last.quantity) else f"{first.quantity} to {last.quantity}"


def list_source_lines(records: SiteTables, source_ids: Iterable[str]) -> list[SourceLine]:
    """Return pages as rows, by day of publication."""
    sources = [row for row in (records.find_row("sources", id_) for id_ in dict.fromkeys(source_ids)) if row]
    sources.sort(key=lambda s: (s["published_on"] or dt.date.min, s["source_id"]))
    return [
        SourceLine(
            records.find_name("actors", s["publisher_id"]),
            locate_page("sources", s["source_id"]),
            s.get("title") or "",
            format_day(s["published_on"], short=True),
            len(records.claims_by_source.get(s["source_id"], ())),
        )
        for s in sources
    ]


def list_claimant_lines(records: SiteTables, claims: Iterable[Row]) -> list[ClaimantLine]:
    """Return the claimants of claims as rows, those with most claims first."""
    lines = []
    for actor_id, members in group_rows(claims, "claimant_id").items():
        actor = records.find_row("actors", actor_id)
        days = [claim["as_of"] for claim in members if claim["as_of"]]
        lines.append(
            ClaimantLine(
                records.find_name("actors", actor_id),
                locate_page("actors", actor_id),
                name_kind(actor["kind"]) if actor else "",
                len(members),
                len({claim["source_id"] for claim in members}),
                format_span(min(days), max(days), short=True) if days else "",
            )
        )
    return sorted(lines, key=lambda line: (-line.claims, line.name))


def list_place_lines(records: SiteTables, places: Iterable[Row]) -> list[PlaceLine]:
    """Return places as rows, by name."""
    lines = [
        PlaceLine(
            place["name"],
            locate_page("locations", place["location_id"]),
            str(place["kind"]).replace("admin1", "province"),
            records.find_name("locations", place["parent_id"]),
            len(records.claims_by_place.get(place["location_id"], ())),
            len(records.events_by_place.get(place["location_id"], ())),
        )
        for place in places
    ]
    return sorted(lines, key=lambda line: line.name)
