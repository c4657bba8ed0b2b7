"""Pages of events: who says what, the gap, and which numbers cannot be compared and why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from conflictdata.analysis.compare import find_target, list_rivals
from conflictdata.analysis.points import make_query
from conflictdata.site.comparisons import StatementTable, build_table
from conflictdata.site.layout import Crumb, ListingPlan, Page, locate_claim, locate_page
from conflictdata.site.lines import (
    choose_main,
    describe_range,
    explain_exclusion,
    key_population,
    list_event_lines,
    name_event,
    name_toll_people,
    select_comparable,
)
from conflictdata.site.records import Row, SiteTables, group_rows
from conflictdata.site.sentences import describe_perpetrators, name_claimant, name_group, name_structured_group
from conflictdata.site.statements import PrintedStatement, find_gap, group_statements
from conflictdata.site.wording import (
    NOUNS,
    OUTCOMES,
    capitalize_first,
    count_words,
    describe_quantity,
    format_day,
    format_span,
    join_words,
)

ROLES = {"initiator": "Carried out by", "target": "Directed against", "party": "Parties"}
KINDS = {"airstrike": "air strike"}
PRECISIONS = {
    "1": "",
    "2": "the day is approximate",
    "3": "the week is known",
    "4": "the month is known",
    "5": "the year is known",
}
PLACES = {
    "1": "the exact place",
    "2": "the town, not the exact place",
    "3": "the district",
    "4": "the province",
    "5": "an area without exact borders",
    "6": "the country",
}
MOST = 60  # rows of a table


def iterate_event_pages(records: SiteTables) -> Iterator[Page]:
    """Yield a page per event, and the list of all."""
    for event in records.list_rows("events"):
        yield _make_event_page(records, event)
    plan = ListingPlan("events/index.html", "All events", "Events")
    listing = plan.add("events", "Events, by day", list_event_lines(records, records.list_rows("events")), 90)
    lead = "Where several claimants count the same event, its page puts their numbers on one scale. A gap is the distance that their words leave between them."
    yield Page("events/index.html", "index.html.jinja", plan.title, {"listing": listing, "lead": lead}, "Events")
    yield from plan.pages


def _make_event_page(records: SiteTables, event: Row) -> Page:
    id_ = event["event_id"]
    rows = select_comparable(records, id_)
    place = records.find_row("locations", event["location_id"])
    title = name_event(event)
    tables = _build_outcome_tables(records, rows)
    context = {
        "crumbs": [
            Crumb("Conflicts", "conflicts/index.html"),
            Crumb(records.find_name("conflicts", event["conflict_id"]), locate_page("conflicts", event["conflict_id"])),
            Crumb("Event"),
        ],
        "event": event,
        "kind": KINDS.get(event["event_type"], str(event["event_type"]).replace("_", " ")),
        "lead": _write_lead(records, id_, rows),
        "day": ", ".join(
            filter(
                None, [format_span(event["date_start"], event["date_end"]), PRECISIONS.get(event["date_precision"], "")]
            )
        ),
        "place": place,
        "around": [p["name"] for p in records.list_enclosing_places(event["location_id"])[1:]],
        "precision": PLACES.get(place["precision"], "") if place else "",
        "attributed": _describe_attributions(records, id_),
        "denials": _list_denials(records, id_),
        "actors": _group_actors(records, id_),
        "tables": tables,
        "notes": [*_list_notes(records, rows), *_describe_wider_gap(records, id_, rows)],
        "groups": _build_group_tables(records, rows),
        "excluded": _list_excluded(records, id_),
        "flags": records.flags_by_record.get(id_, []),
        "claims": sorted(c["claim_id"] for c in records.claims_by_event.get(id_, ())),
        "csv": f"{id_}.csv",
    }
    return Page(locate_page("events", id_), "event.html.jinja", title, context, "Events")


def _order_outcome(row: Row) -> int:
    order = list(OUTCOMES)
    return order.index(row["outcome"]) if row["outcome"] in order else len(order)


def _build_outcome_tables(records: SiteTables, rows: list[Row]) -> list[tuple[str, list[StatementTable]]]:
    """Return for each outcome its tables: one per unit and population, everybody first."""
    sections: dict[str, list[StatementTable]] = {}
    main = {id(row) for row in choose_main(records, rows)}
    order = sorted(
        rows,
        key=lambda r: (
            _order_outcome(r),
            id(r) not in main,
            r["unit"] != "persons",
            r.get("population") != "everybody",
        ),
    )
    for (outcome, unit, *_), members in group_rows(order, key_population).items():
        statements = group_statements(records.counts, members)[:MOST]
        people = _name_counted(records, members[0])
        unit_words = "" if unit == "persons" else f" ({NOUNS.get(unit, ('', unit))[1]})"
        what = OUTCOMES.get(outcome, outcome) if outcome != "other" else members[0]["label"] or "other"
        if outcome in ("other", "losses_unspecified"):
            caption = capitalize_first(str(what))
        elif people.startswith("“"):
            caption = f"{capitalize_first(str(what))}{unit_words}: {people.strip()}"
        else:
            noun = people or ("people " if unit == "persons" else "")
            caption = f"Who says how many {noun}were {what}{unit_words}"
        heading = capitalize_first(OUTCOMES.get(outcome, outcome))
        sections.setdefault(heading, []).append(build_table(records, caption, statements, with_gap=True))
    return list(sections.items())


def _name_counted(records: SiteTables, row: Row) -> str:
    """Return the people that a total counts, with a blank at the end: `civilians `. Empty for everybody."""
    population = row.get("population") or "everybody"
    if row["label"] and population != "role":
        return f"“{row['label']}” "
    if population == "everybody":
        return ""
    if population in ("civilians", "combatants"):
        return f"{population} "
    if row.get("population_detail"):
        return f"{name_toll_people(records, row['population_detail'])} "
    return f"{name_group(records, row)} "


def _build_group_tables(records: SiteTables, rows: list[Row]) -> list[StatementTable]:
    """Return a table per group of the killed and injured: children, women, civilians."""
    roots = {row["figure_id"]: row for row in rows}
    parts: list[tuple[tuple[str, str], Row]] = []
    for claim_id in dict.fromkeys(row["claim_id"] for row in rows):
        for figure in records.figures_by_claim.get(claim_id, ()):
            root = roots.get(figure["parent_id"] or "")
            if root is not None and figure["relation"] != "additional" and root["unit"] == "persons":
                name = name_structured_group(records, figure, root) or name_group(records, figure, root)
                parts.append(((figure["outcome"], name), figure))
    grouped = group_rows([{"key": key, "row": row} for key, row in parts], "key")
    tables = []
    for (outcome, name), members in sorted(grouped.items(), key=lambda item: (-len(item[1]), item[0])):
        statements = group_statements(records.counts, [m["row"] for m in members])
        caption = f"Of the {OUTCOMES.get(outcome, outcome)}: {name}"
        tables.append(build_table(records, caption, statements[:MOST], with_gap=True))
    return tables[:20]


def _write_lead(records: SiteTables, event_id: str, rows: list[Row]) -> str:
    """Return the answer in words: how many claimants, which numbers, the gap."""
    if not records.claims_by_event.get(event_id):
        return "No claim in this version gives a number for this event."
    chosen = choose_main(records, rows)
    statements = group_statements(records.counts, chosen)
    numbered = [s for s in statements if s.size is not None]
    if not numbered:
        return "No claim about this event alone gives a number."
    outcome = chosen[0]["outcome"]
    people = f"{_name_counted(records, chosen[0]) or 'the '}{OUTCOMES.get(outcome, outcome)}"
    others = _describe_others(records, rows, chosen)
    claimants = list(dict.fromkeys(s.claimant_id for s in numbered))
    pages = len({row["source_id"] for s in numbered for row in s.rows})
    pages_words = "one page" if pages == 1 else f"{count_words(pages, 'page')}"
    if len(claimants) == 1:
        name = capitalize_first(name_claimant(records, claimants[0]))
        return f"{name}, on {pages_words}, gives {'the number' if len(numbered) == 1 else 'numbers'} of {people}: {_list_numbers(numbered)}.{others}"
    gap = find_gap(numbered)
    is_one = len({str(s.quantity) for s in numbered}) == 1
    ending = f" The gap is {gap}." if gap else "" if is_one else " Their words leave no gap."
    start = capitalize_first(count_words(len(claimants), "claimant"))
    return f"{start}, on {pages_words}, give {'one number' if is_one else 'numbers'} of {people}: {_list_numbers(numbered)}.{ending}{others}"


def _describe_others(records: SiteTables, rows: list[Row], chosen: list[Row]) -> str:
    """Return a sentence on claimants that count other people. Empty if none does."""
    outcome, known = chosen[0]["outcome"], {row["claimant_id"] for row in chosen}
    others = [
        r
        for r in rows
        if r["outcome"] == outcome and r["claimant_id"] not in known and describe_quantity(r).size is not None
    ]
    if not others:
        return ""
    number = len({row["claimant_id"] for row in others})
    populations = list(dict.fromkeys((_name_counted(records, row) or "everybody ").strip() for row in others))
    return f" {capitalize_first(count_words(number, 'other claimant'))} {'counts' if number == 1 else 'count'} {join_words(populations[:3])}."


def _list_numbers(statements: list[PrintedStatement]) -> str:
    words = list(dict.fromkeys(str(s.quantity) for s in statements))
    return join_words(words) if len(words) <= 4 else f"from {describe_range(statements)}"


def _describe_attributions(records: SiteTables, event_id: str) -> list[str]:
    """Return whom the claims name as perpetrators, with the claimants that do so."""
    named: dict[tuple[str, ...], list[str]] = {}
    for claim in records.claims_by_event.get(event_id, ()):
        actors = records.perpetrators_by_claim.get(claim["claim_id"], [])
        if actors and claim["perpetrator_certainty"] != "denied":
            certainty = " (alleged)" if claim["perpetrator_certainty"] == "alleged" else ""
            key = (*sorted(actors), certainty)
            name = name_claimant(records, claim["claimant_id"])
            if name not in named.setdefault(key, []):
                named[key].append(name)
    return [
        f"{capitalize_first(describe_perpetrators(records, list(key[:-1])))}{key[-1]}, according to {join_words(names)}"
        for key, names in sorted(named.items(), key=lambda item: (-len(item[1]), item[0]))
    ]


def _list_denials(records: SiteTables, event_id: str) -> list[Row]:
    return [row for row in records.stances_by_event.get(event_id, ()) if row["stance"] == "denies"]


def _group_actors(records: SiteTables, event_id: str) -> list[tuple[str, list[str]]]:
    grouped = group_rows(records.actors_by_event.get(event_id, ()), "role")
    return [(ROLES[role], [row["actor_id"] for row in grouped[role]]) for role in ROLES if role in grouped]


def _list_notes(records: SiteTables, rows: list[Row]) -> list[str]:
    """Return what to know before comparing: different days, different places."""
    notes: list[str] = []
    killed = [r for r in rows if r["outcome"] == "killed" and r["qualifier"] != "unstated"] or rows
    if len({row["claimant_id"] for row in killed}) < 2:
        return notes
    for column, words in (("as_of", "do not count up to the same day"), ("location_id", "do not print the same place")):
        grouped = group_rows(killed, column)
        if len(grouped) > 1:
            parts = []
            for value in sorted(grouped, key=str):
                rows_of = grouped[value]
                names = list(dict.fromkeys(records.find_name("actors", r["claimant_id"], short=True) for r in rows_of))
                described = f"up to {format_day(value)}" if column == "as_of" else records.find_name("locations", value)
                parts.append(f"{join_words(names)}: {described}")
            ending = "The pages do not say whether that explains a difference."
            notes.append(f"The claims {words}. {'; '.join(parts)}. {ending}")
    return notes


def _describe_wider_gap(records: SiteTables, event_id: str, rows: list[Row]) -> Iterator[str]:
    """Yield a sentence on the largest gap of `compare`, if a count of some of the people makes it."""
    counted = [row for row in rows if (row["outcome"], row["unit"]) == ("killed", "persons")]
    if len({key_population(row) for row in counted}) < 2:
        return
    gap = find_gap(group_statements(records.counts, choose_main(records, counted)))
    query = make_query(records.counts, None, "killed", "persons", "stated")
    rivals = list_rivals(records.counts, find_target(records.counts, event_id, None, None, None), query)
    widest = max(rivals, key=lambda rival: rival["gap_max"] or 0, default=None)
    if widest is None or (widest["gap_max"] or 0) <= (gap.size if gap else 0):
        return
    one, other = (records.find_name("actors", widest[key], short=True) for key in ("claimant", "with"))
    size = f"{'at least ' if widest['gap_open'] else ''}{widest['gap_max']:,}"
    yield (
        f"A count of some of the people is a lower bound of a count of all. Read so, {one} ({widest['wording']}) and "
        f"{other} are {size} apart."
    )


def _list_excluded(records: SiteTables, event_id: str) -> list[dict[str, Any]]:
    """Return the claims about an event that cannot be compared, with the reason."""
    lines = []
    for claim in records.claims_by_event.get(event_id, ()):
        reason = explain_exclusion(records, claim)
        roots = records.list_roots(claim["claim_id"])
        if not reason and any(row.get("current") == "no" for row in roots):
            reason = "The claimant corrected it."
        if reason:
            lines.append(
                {
                    "name": records.find_name("actors", claim["claimant_id"]),
                    "numbers": "; ".join(
                        f"{describe_quantity(r)} {OUTCOMES.get(r['outcome'], r['outcome'])}" for r in roots
                    ),
                    "reason": reason,
                    "publisher": roots[0]["publisher"] if roots else claim["source_id"],
                    "path": locate_claim(claim["claim_id"], claim["source_id"]),
                }
            )
    return lines
