"""Normalize days as people write them: unambiguous ones become YYYY-MM-DD."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_SHORT = {**{name[:3]: n for n, name in enumerate(_MONTHS, 1)}, "sept": 9}
_MONTH = {**{name: n for n, name in enumerate(_MONTHS, 1)}, **_SHORT}

_SEP = r"(?P<sep>[-/.])"
_YEAR, _TWO = r"(?P<y>[12][0-9]{3})", r"[0-9]{1,2}"
_YEAR_FIRST = re.compile(rf"{_YEAR}{_SEP}(?P<m>{_TWO})(?P=sep)(?P<d>{_TWO})\Z")
_YEAR_LAST = re.compile(rf"(?P<a>{_TWO}){_SEP}(?P<b>{_TWO})(?P=sep){_YEAR}\Z")
_DAY_MONTH = re.compile(rf"(?P<d>{_TWO}) (?P<m>[A-Za-z]+)\.?,? {_YEAR}\Z")
_MONTH_DAY = re.compile(rf"(?P<m>[A-Za-z]+)\.? (?P<d>{_TWO}),? {_YEAR}\Z")


def list_possible_days(text: str) -> list[dt.date]:
    """Return every day that a text may mean, sorted; none if it is not a day."""
    return sorted({day for y, m, d in _iterate_triples(text) if (day := _make_day(y, m, d))})


def _iterate_triples(text: str) -> Iterator[tuple[int, int, int]]:
    if hit := _YEAR_FIRST.match(text):
        yield int(hit["y"]), int(hit["m"]), int(hit["d"])
    elif hit := _YEAR_LAST.match(text):
        # Most of the world writes the day first, the United States the month.
        yield int(hit["y"]), int(hit["b"]), int(hit["a"])
        yield int(hit["y"]), int(hit["a"]), int(hit["b"])
    elif (hit := _DAY_MONTH.match(text) or _MONTH_DAY.match(text)) and hit["m"].lower() in _MONTH:
        yield int(hit["y"]), _MONTH[hit["m"].lower()], int(hit["d"])


def _make_day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def normalize_day(text: str) -> str:
    """Normalize a day, or two with `/` between them, to YYYY-MM-DD.

    Returns ambiguous days and other texts unchanged.
    """
    days = list_possible_days(text)
    if len(days) == 1:
        return days[0].isoformat()
    halves = _split_span(text)
    both = [list_possible_days(half) for half in halves]
    if len(both) == 2 and all(len(days) == 1 for days in both):
        return "/".join(days[0].isoformat() for days in both)
    return text


def find_ambiguous(text: str) -> str:
    """Return the first ambiguous day in a text, or "" if there is none."""
    return next((part for part in (text, *_split_span(text)) if len(list_possible_days(part)) > 1), "")


def _split_span(text: str) -> list[str]:
    """Split a span at its middle `/`: `2024/12/5/2024/12/7` has five of them."""
    pieces = text.split("/")
    if len(pieces) % 2:
        return []
    middle = len(pieces) // 2
    return ["/".join(pieces[:middle]).strip(), "/".join(pieces[middle:]).strip()]
