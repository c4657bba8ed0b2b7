"""The forms in which makers publish days, and the cells of a column that are not in one of them.

A cell is read if it fits exactly one form of its maker. `3/8/2025` fits day/month/year, and month/day/year as a spreadsheet
writes it: nothing shows for sure which day it is, not even the other cells of the column.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import polars as pl

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"  # as the codebooks write them


@dataclass(frozen=True)
class DayForm:
    """A form of days.

    Attributes:
        shown: 28 December 2022 in this form.
        pattern: what a day in this form looks like, whether or not the day exists.
        parse: the same for `strptime`.
        rival: for `strptime`, a form that looks the same and gives another day.
    """

    shown: str
    pattern: str
    parse: str
    rival: str = ""


ISO = DayForm("2022-12-28", r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "%Y-%m-%d")
# Releases as databases and spreadsheets write them; a day of a Parquet file is one of these too.
_TIME = r"[ T]00:00(?::00(?:\.0+)?)?(?:Z|\+00:?00)?"
MIDNIGHT = DayForm("2022-12-28 00:00:00", ISO.pattern + _TIME, "%Y-%m-%d")
MONTH_IN_WORDS = DayForm("28 December 2022", rf"[0-9]{{1,2}} (?i:{_MONTHS}) [0-9]{{4}}", "%d %B %Y")
MONTH_IN_WORDS_DASHED = DayForm("28-December-2022", rf"[0-9]{{1,2}}-(?i:{_MONTHS})-[0-9]{{4}}", "%d-%B-%Y")
SLASHED = DayForm("28/12/2022", r"[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}", "%d/%m/%Y", rival="%m/%d/%Y")


def read_days(text: pl.Expr, forms: Sequence[DayForm]) -> pl.Expr:
    """Read the days in a column of texts as ISO days; a text that does not fit exactly one form is not changed."""
    iso = text.str.replace(rf"^({ISO.pattern}){_TIME}$", "${1}") if MIDNIGHT in forms else text
    for form in forms:
        if form not in (ISO, MIDNIGHT):
            iso = pl.coalesce(_read_form(text, form).dt.strftime("%Y-%m-%d"), iso)
    return iso


def _read_form(text: pl.Expr, form: DayForm) -> pl.Expr:
    fitting = pl.when(text.str.contains(rf"^(?:{form.pattern})$")).then(text)
    day = fitting.str.to_date(form.parse, strict=False)
    if not form.rival:
        return day
    other = fitting.str.to_date(form.rival, strict=False)
    return pl.when(other.is_null() | (other == day)).then(day)


TWO_WAYS, TIME, OTHER = "two ways", "time", "other"  # why a cell of a column is not read


@dataclass(frozen=True)
class OddCells:
    """Cells of one column that are not read, for one reason.

    Attributes:
        kind: the reason: `TWO_WAYS`, `TIME` or `OTHER`.
        rows: their rows; of a large table the first ones.
        value: the text of the first of them.
        more: how many there are that `rows` leaves out.
    """

    kind: str
    rows: tuple[int, ...]
    value: str
    more: int = 0

    @property
    def number(self) -> int:
        """Return how many cells there are."""
        return len(self.rows) + self.more


_KEPT_ROWS = 1_000


@dataclass
class DayCounter:
    """Counts the cells of a column of days that are not read, a block of rows at a time.

    Attributes:
        filled: Number of cells that are filled.
        rows: Number of rows so far.
    """

    forms: Sequence[DayForm]
    filled: int = 0
    rows: int = 0
    _found: dict[str, OddCells] = field(default_factory=dict)

    def add(self, texts: pl.Series) -> None:
        """Count the cells of the next rows, as in the file, without outer space; missing ones null."""
        for odd in find_odd(texts, self.forms):
            rows = tuple(row + self.rows for row in odd.rows)
            known = self._found.get(odd.kind, OddCells(odd.kind, (), odd.value))
            kept = known.rows + rows[: max(0, _KEPT_ROWS - len(known.rows))]
            more = known.number + len(rows) - len(kept)
            self._found[odd.kind] = OddCells(odd.kind, kept, known.value, more)
        self.filled += texts.len() - texts.null_count()
        self.rows += texts.len()

    @property
    def found(self) -> list[OddCells]:
        """Return the cells that are not read, by reason; the first of them first."""
        return sorted(self._found.values(), key=lambda cells: cells.rows[0])


def find_odd(texts: pl.Series, forms: Sequence[DayForm]) -> list[OddCells]:
    """Find the cells of a column that fit no form of its maker, or two; the first of them first.

    A day that does not exist, such as 2022-02-30, is in its form all the same: a fault of the cell, not of the column.

    Args:
        texts: the cells as in the file, without outer space; missing ones null.
        forms: what the maker publishes.
    """
    known = pl.DataFrame({"text": texts}).with_row_index("row").drop_nulls()
    days = read_days(pl.col("text"), forms)
    unread = known.filter(~days.str.contains(rf"^(?:{ISO.pattern})$"))
    found: dict[str, list[tuple[int, str]]] = {}
    for row, text in unread.iter_rows():
        if kind := _find_reason(text, forms):
            found.setdefault(kind, []).append((row, text))
    listed = [OddCells(kind, tuple(row for row, _ in cells), cells[0][1]) for kind, cells in found.items()]
    return sorted(listed, key=lambda cells: cells.rows[0])


_SHORT_YEAR = "a year of two digits, as spreadsheets write it"
_CLOCK = re.compile(r"[0-9]{1,2}:[0-9]{2}")
_NUMBERS = re.compile(r"([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})")


def _find_reason(text: str, forms: Sequence[DayForm]) -> str:
    if _CLOCK.search(text):
        return TIME
    for form in forms:
        if re.fullmatch(form.pattern, text):
            ways = {day for day in _list_ways(text) if day}
            if len(ways) == 2:
                return TWO_WAYS
            return OTHER if ways else ""
    return OTHER


def _list_ways(text: str) -> Iterator[str]:
    """List the days that a text of three numbers can be: day before month, then month before day; empty if there is none."""
    import datetime as dt

    hit = _NUMBERS.fullmatch(text)
    if hit is None:
        return
    one, two, year = int(hit[1]), int(hit[3]), int(hit[4]) if len(hit[4]) == 4 else 2000 + int(hit[4])
    for month, day in ((two, one), (one, two)):
        try:
            yield dt.date(year, month, day).isoformat()
        except ValueError:
            yield ""


def describe(text: str) -> str:
    """Describe a text that fits no form of a maker, in words that follow it; empty if nothing shows what it is."""
    if _CLOCK.search(text):
        return "has a time of day"
    if hit := _NUMBERS.fullmatch(text):
        first, second = _list_ways(text)
        short = f", with {_SHORT_YEAR}" if len(hit[4]) == 2 else ""
        if first and second and first != second:
            return f"may be {first} or {second}{short}"
        if first or second:
            order = "day, month and year" if first else "month, day and year"
            return f"seems to be {order}{short}"
    if re.fullmatch(r"[0-9]{1,2}[-/. ][A-Za-z]{3,9}[-/. ]'?[0-9]{2}", text):
        return f"has {_SHORT_YEAR}"
    if re.fullmatch(r"[0-9]{5}(?:\.[0-9]+)?", text):
        return "seems to be the number by which a spreadsheet keeps a day"
    return ""
