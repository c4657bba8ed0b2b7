"""Pages of tolls: the last number, the picture over time, all numbers, of whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from conflictdata.site.comparisons import StatementTable, build_table, describe_pages
from conflictdata.site.layout import Crumb, ListingPlan, Page, locate_page
from conflictdata.site.lines import describe_toll, list_toll_lines, make_claim_line, name_toll_people
from conflictdata.site.pictures import TollDrawing
from conflictdata.site.records import Row, SiteTables, group_rows
from conflictdata.site.sentences import name_structured_group, order_roots
from conflictdata.site.statements import PrintedStatement, find_last, group_statements, order_by_day
from conflictdata.site.wording import (
    NOUNS,
    OUTCOMES,
    PrintedNumber,
    capitalize_first,
    count_digits,
    format_day,
    format_month,
)

MOST = 60  # numbers of a table; longer ones are folded by month


@dataclass(frozen=True)
class MonthLine:
    """A month of a long toll."""

    name: str
    path: str
    numbers: int
    first: str
    last: str


@dataclass(frozen=True)
class GroupLine:
    """A group of the people of a toll, with its last number."""

    name: str
    day: str
    quantity: PrintedNumber
    claims: int
    publisher: str
    path: str


@dataclass(frozen=True)
class TollSection:
    """The numbers of a toll with one outcome and unit.

    Attributes:
        heading: The outcome.
        table: All numbers by day; of a long toll, the last number of each month.
        months: Of a long toll, its months.
    """

    heading: str
    table: StatementTable
    months: tuple[MonthLine, ...]


def iterate_toll_pages(records: SiteTables, draw: Callable[[Row], TollDrawing | None]) -> Iterator[Page]:
    """Yield a page per toll, pages of the months of long ones, and the list of all.

    Args:
        records: The tables.
        draw: Function that returns the picture of a toll, or None.
    """
    for toll in records.list_rows("tolls"):
        yield from _make_toll_pages(records, toll, draw(toll))
    plan = ListingPlan("tolls/index.html", "All running tolls", "Tolls")
    listing = plan.add(
        "tolls", "Tolls, those with most claims first", list_toll_lines(records, records.list_rows("tolls")), 80
    )
    lead = "A running toll is one claimant's count of the same people, from the same day on. Its page holds every number that the claimant gave, by day."
    yield Page("tolls/index.html", "index.html.jinja", plan.title, {"listing": listing, "lead": lead}, "Tolls")
    yield from plan.pages


def name_toll(records: SiteTables, toll: Row) -> str:
    """Return the title of a toll's page."""
    return f"{records.find_name('actors', toll['claimant_id'])}: {describe_toll(records, toll)}"


def _make_toll_pages(records: SiteTables, toll: Row, picture: TollDrawing | None) -> Iterator[Page]:
    id_ = toll["toll_id"]
    totals = order_roots(records.totals_by_toll.get(id_, []))
    current = [row for row in totals if row.get("current") != "no"]
    title, path = name_toll(records, toll), locate_page("tolls", id_)
    crumbs = [
        Crumb("Conflicts", "conflicts/index.html"),
        Crumb(records.find_name("conflicts", toll["conflict_id"]), locate_page("conflicts", toll["conflict_id"])),
    ]
    sections, months = [], []
    for (outcome, unit), rows in group_rows(current, lambda r: (r["outcome"], r["unit"])).items():
        section, pages = _make_section(records, (outcome, unit), rows, ListingPlan(path, title, "Tolls", crumbs))
        sections.append(section)
        months += pages
    days = {row["as_of"] for row in totals if row["as_of"]}
    context = {
        "crumbs": [*crumbs, Crumb("Toll")],
        "toll": toll,
        "lead": _write_lead(records, current),
        "people": name_toll_people(records, toll["population"]),
        "places": _list_places(records, toll),
        "held": f"{count_digits(len({r['claim_id'] for r in totals}), 'claim')}, on {count_digits(len(days), 'day')}",
        "span": format_days(sorted(days)),
        "picture": picture,
        "sections": sections,
        "groups": _build_groups(records, current),
        "corrected": [make_claim_line(records, row) for row in totals if row.get("current") == "no"][:MOST],
        "csv": f"{id_}.csv" if totals else "",
        "series": sorted(
            r["series_id"] for r in records.list_rows("tolls_1_1") if r["toll_id"] == id_ and r["series_id"] != id_
        ),
    }
    yield Page(path, "toll.html.jinja", title, context, "Tolls")
    yield from months


def format_days(days: list[dt.date]) -> str:
    """Return the first and the last of sorted days in words."""
    if not days:
        return ""
    return format_day(days[0]) if len(days) == 1 else f"{format_day(days[0])} to {format_day(days[-1])}"


def _list_places(records: SiteTables, toll: Row) -> list[str]:
    places = records.places_by_toll.get(toll["toll_id"], [])
    ids = dict.fromkeys([toll["location_id"], *places] if toll["location_id"] else places)
    return [id_ for id_ in ids if records.find_row("locations", id_)]


def _write_lead(records: SiteTables, totals: list[Row]) -> str:
    if not totals:
        return "No current claim in this version is a point of this toll."
    outcome, unit = totals[0]["outcome"], totals[0]["unit"]
    last = find_last(
        records.counts,
        group_statements(records.counts, [r for r in totals if (r["outcome"], r["unit"]) == (outcome, unit)]),
    )
    if last is None:
        return "No page gives a number."
    noun = "" if unit == "persons" else f" ({NOUNS.get(unit, ('', unit))[1]})"
    return f"Its last number counts up to {format_day(last.as_of)}: {last.quantity} {OUTCOMES.get(outcome, outcome)}{noun}. {describe_pages(last)}"


def _make_section(
    records: SiteTables, key: tuple[str, str], rows: list[Row], plan: ListingPlan
) -> tuple[TollSection, list[Page]]:
    outcome, unit = key
    what = OUTCOMES.get(outcome, outcome) + ("" if unit == "persons" else f" ({NOUNS.get(unit, ('', unit))[1]})")
    heading = capitalize_first(what)
    statements = order_by_day(group_statements(records.counts, rows))
    if len(statements) <= MOST:
        return TollSection(
            heading, build_table(records, "All numbers, by the day up to which each counts", statements), ()
        ), []
    by_month = group_rows(
        [{"month": s.as_of.replace(day=1) if s.as_of else dt.date.min, "s": s} for s in statements], "month"
    )
    lines: list[MonthLine] = []
    pages: list[Page] = []
    last_of_months: list[PrintedStatement] = []
    for month, members in by_month.items():
        of_month: list[PrintedStatement] = [member["s"] for member in members]
        stem = plan.owner.removesuffix(".html")
        path = f"{stem}/{outcome}-{unit}-{month:%Y-%m}.html"
        last = find_last(records.counts, of_month) or of_month[-1]
        last_of_months.append(last)
        lines.append(MonthLine(format_month(month), path, len(of_month), str(of_month[0].quantity), str(last.quantity)))
        pages += _make_month_pages(records, plan, path, f"{heading}, {format_month(month)}", of_month)
    caption = "The last number of each month"
    return TollSection(heading, build_table(records, caption, last_of_months[-MOST:]), tuple(lines)), pages


def _make_month_pages(
    records: SiteTables, plan: ListingPlan, path: str, caption: str, statements: list[PrintedStatement]
) -> Iterator[Page]:
    chunks = [statements[i : i + MOST] for i in range(0, len(statements), MOST)]
    paths = [path if i == 0 else path.replace(".html", f"-{i + 1}.html") for i in range(len(chunks))]
    for i, chunk in enumerate(chunks):
        context: dict[str, Any] = {
            "crumbs": [*plan.crumbs, Crumb(plan.title, plan.owner)],
            "table": build_table(records, caption, chunk),
            "previous": paths[i - 1] if i else "",
            "next": paths[i + 1] if i + 1 < len(paths) else "",
        }
        yield Page(paths[i], "month.html.jinja", f"{caption}: {plan.title}", context, plan.section)


def _build_groups(records: SiteTables, totals: list[Row]) -> list[GroupLine]:
    """Return for each group of the toll its last number, those that most claims name first."""
    roots = {row["figure_id"]: row for row in totals}
    grouped: dict[tuple[str, str], list[Row]] = {}
    for claim_id in dict.fromkeys(row["claim_id"] for row in totals):
        for figure in records.figures_by_claim.get(claim_id, ()):
            root = roots.get(figure["parent_id"] or "")
            if root is None or figure["relation"] == "additional" or root["unit"] != "persons":
                continue
            name = name_structured_group(records, figure, root)
            if name:
                grouped.setdefault((figure["outcome"], name), []).append(figure)
    lines = []
    for (outcome, name), figures in sorted(
        grouped.items(), key=lambda item: (item[0][0] != "killed", -len(item[1]), item[0])
    ):
        last = find_last(records.counts, group_statements(records.counts, figures))
        if last is not None:
            line = make_claim_line(records, last.rows[0])
            group = name if outcome == totals[0]["outcome"] else f"{OUTCOMES.get(outcome, outcome)}: {name}"
            claims = len({figure["claim_id"] for figure in figures})
            lines.append(
                GroupLine(group, format_day(last.as_of, short=True), last.quantity, claims, line.publisher, line.path)
            )
    return lines[:30]
