"""Tables of statements: rows with their pictures on one scale, the gap, and what to know before comparing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from conflictdata.site.layout import locate_claim, locate_page
from conflictdata.site.marks import Scale, choose_scale, draw_axis, draw_gap, draw_statement
from conflictdata.site.records import SiteTables
from conflictdata.site.statements import Gap, PrintedStatement, find_gap
from conflictdata.site.wording import PrintedNumber, capitalize_first, count_digits, count_words, format_day

MARKS = ("exact", "up", "down", "about", "range", "words")


@dataclass(frozen=True)
class PageLink:
    """A page that prints a number."""

    name: str
    path: str


@dataclass(frozen=True)
class StatementLine:
    """A statement as a row of a table."""

    name: str
    path: str
    day: str
    is_repeated: bool
    quantity: PrintedNumber
    picture: Markup
    pages: tuple[PageLink, ...]
    more: tuple[PageLink, ...]
    remark: str


@dataclass(frozen=True)
class StatementTable:
    """Statements on one scale.

    Attributes:
        caption: What the numbers count.
        lines: The rows.
        axis: The numbers of the scale. Empty if no row has a number.
        grid: Number of steps of the scale.
        gap: The largest gap between two claimants, if there is one.
        gap_picture: Its drawing.
        marks: Names of the marks, for the key.
    """

    caption: str
    lines: tuple[StatementLine, ...]
    axis: Markup
    grid: int
    gap: Gap | None
    gap_picture: Markup
    marks: tuple[str, ...]


def build_table(
    records: SiteTables, caption: str, statements: Sequence[PrintedStatement], *, with_gap: bool = False
) -> StatementTable:
    """Build a table of statements in the order of the list.

    Args:
        records: The tables.
        caption: What the numbers count.
        statements: The rows.
        with_gap: Whether to look for a gap between claimants.
    """
    sizes = [s.bounds.high or s.size or 0 for s in statements if s.size is not None]
    scale = choose_scale(max(sizes)) if sizes else None
    gap = find_gap(statements) if with_gap else None
    lines, last_day = [], ""
    for statement in statements:
        line = _make_line(records, statement, scale, last_day)
        last_day = line.day
        lines.append(line)
    found = {s.mark for s in statements}
    return StatementTable(
        caption,
        tuple(lines),
        draw_axis(scale) if scale else Markup(""),
        scale.steps if scale else 4,
        gap,
        draw_gap(gap, scale) if gap and scale else Markup(""),
        tuple(mark for mark in MARKS if mark in found),
    )


def _make_line(records: SiteTables, statement: PrintedStatement, scale: Scale | None, last_day: str) -> StatementLine:
    links = [
        PageLink(str(row["publisher"] or row["publisher_id"]), locate_claim(row["claim_id"], row["source_id"]))
        for row in statement.pages
    ]
    shown = 2 if len(links) <= 2 else 1
    day = format_day(statement.as_of, short=True)
    forms = "; ".join(
        f"{count_digits(n, 'page')} {'prints' if n == 1 else 'print'} {form}" for n, form in statement.other_forms
    )
    return StatementLine(
        records.find_name("actors", statement.claimant_id),
        locate_page("actors", statement.claimant_id),
        day,
        day == last_day,
        statement.quantity,
        draw_statement(statement, scale) if scale else Markup(""),
        tuple(links[:shown]),
        tuple(links[shown:]),
        forms,
    )


def describe_pages(statement: PrintedStatement) -> str:
    """Return how many pages print each form of a number: `Four pages print “at least 910”, three pages print “910”.`"""
    number = statement.shown_pages
    verb = "prints" if number == 1 else "print"
    start = f"{capitalize_first(count_words(number, 'page'))} {verb}"
    if not statement.other_forms:
        return f"{start} it."
    rest = [f"{count_words(n, 'page')} {'prints' if n == 1 else 'print'} “{form}”" for n, form in statement.other_forms]
    return f"{', '.join([f'{start} “{statement.quantity}”', *rest])}."
