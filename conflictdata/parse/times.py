"""Time windows of sentences, resolved with the day of publication.

A window has days only if the words and the day of publication determine them. A day computed from a weekday is
`approximate`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from conflictdata.parse.dates import (
    WindowMatch,
    is_month,
    is_year,
    order_days,
    read_date_at,
    read_part_of_year,
    read_range_at,
    skip_ending,
)
from conflictdata.parse.lexicon.calendar import (
    CONFLICTS,
    HALVES,
    HELD,
    INCIDENTS,
    MONTHS,
    ONGOING,
    RELATIVE_DAYS,
    SUPERLATIVES,
    UNIT_DAYS,
    WEEKDAYS,
)
from conflictdata.parse.lexicon.outcomes import AUXILIARY, BACK, PAST, PRESENT
from conflictdata.parse.lexicon.quantities import UNITS
from conflictdata.parse.lexicon.speech import REPORTING_VERBS
from conflictdata.parse.model import Window
from conflictdata.parse.non_counts import is_slashed_date
from conflictdata.parse.tokens import Sentence

NO_WINDOW = Window()
MAX_TOKENS_TO_ACT = 15  # tokens from a verb to the day that belongs to it
COMPARED = 16  # tokens from "biggest" to "this year"
_CLAUSES = frozenset((",", ";", "and", "who", "which", "that", "as", "when", "while", "but"))
_RECORD = SUPERLATIVES - {"first", "most", "highest"}
_OTHER_ACTS = frozenset(
    "issued wrote told announced claimed responsibility released freed sentenced charged met visited condemned tweeted posted".split()
)
_HARMFUL = frozenset(PAST) | frozenset(BACK) | frozenset(PRESENT)
_NO_PERFECT = frozenset("said reported confirmed a the".split())
_SINCE = frozenset(("since",))
_SHORT = frozenset("offensive operation attack assault campaign".split())  # a weekday may be the day they began
_BEGAN = frozenset("began begun started erupted broke".split())
_RUNNING = frozenset("during in of so to bringing brings brought raising".split())
_SLASHES = frozenset(("/", "-"))
_THE = frozenset("the a this two nearly almost".split())
_HAVE = frozenset(("have", "has", "had"))
_RANGE_LINKS = {"between": frozenset(("and", "-")), "from": frozenset(("to", "until", "till", "-", "through"))}


def find_window(s: Sentence, published: date | None) -> Window:
    """Return the window of a sentence's numbers.

    A running total comes before an interval, an interval before a single day.
    """
    first = (
        _find_since(s, published)
        or _find_interval(s, published)
        or _find_running_total(s, published)
        or _find_day(s, published)
    )
    if first is None:
        return NO_WINDOW
    first = order_days(first)
    if published is None or first.end is None or first.end <= published:
        return first
    if first.start is not None and first.start > published:
        return replace(first, start=None, end=None)  # a day after the publication: the words mean something else
    return replace(first, end=published)


def _extract_words(s: Sentence, first: int, last: int) -> str:
    return s.extract_phrase(first, min(last, len(s)))


def _find_since(s: Sentence, published: date | None) -> Window | None:
    """Return the window of "since".

    `since 27 November`, `since the start of the offensive`.
    """
    for i in s.find_positions(_SINCE):
        if s.at(i + 1) in ("it", "he", "they") or not SUPERLATIVES.isdisjoint(s.low[max(0, i - 9) : i]):
            continue
        match = read_date_at(s, i + 1, published)
        last = match[1] if match else _find_clause_end(s, i)
        match = match or _read_beginning(s, i, last, published)
        start = match[0].start if match else None
        precision = match[0].precision if match else "day"
        return Window("cumulative", start, published, precision, _extract_words(s, i, last))
    return None


def _read_beginning(s: Sentence, i: int, last: int, published: date | None) -> WindowMatch | None:
    """Read the day on which a war began: `since the uprising began in March 2011`."""
    began = next((k for k in range(i, last) if s.low[k] in _BEGAN), None)
    if began is None or s.at(began + 1) not in ("in", "on", "last"):
        return None
    match = read_date_at(s, began + 1 + (s.at(began + 1) != "last"), published)
    return match if match is not None and match[0].precision in ("day", "month", "year") else None


def _find_clause_end(s: Sentence, i: int) -> int:
    return next(
        (k for k in range(i, min(len(s), i + 14)) if s.low[k] in (",", ".", ";", ")", "-") and not s.is_glued(k + 1)),
        min(len(s), i + 14),
    )


def _find_running_total(s: Sentence, published: date | None) -> Window | None:
    """Return the window of a running total without a start.

    `during the war`, `so far`, or `have been killed` in a sentence without an incident.
    """
    low, words = s.low, frozenset(s.low)
    for i in s.find_positions(_RUNNING):
        length = _count_running_words(low, i, words)
        if length:
            return Window("cumulative", None, published, words=_extract_words(s, i, i + length))
    is_ongoing = not words.isdisjoint(ONGOING) and not words.isdisjoint(HELD)
    if is_ongoing or (_has_perfect(low, words) and words.isdisjoint(INCIDENTS) and _find_day(s, published) is None):
        return Window("cumulative", None, published)
    return None


def _count_running_words(low: list[str], i: int, words: frozenset[str]) -> int:
    """Return the number of tokens from `i` that make a total a running total.

    `during the war`, `so far`, `bringing the toll to`.
    """
    word, following = low[i], low[i + 1] if i + 2 < len(low) else ""
    if word in ("during", "in", "of"):
        perfect = _HAVE if word == "during" else _HAVE - {"had"}
        if word == "of" and i > 0 and low[i - 1] in ("scene", "site", "place"):
            return 0  # "at the scene of the fighting"
        war = following in _THE and not CONFLICTS.isdisjoint(low[i + 1 : i + 5]) and not words.isdisjoint(perfect)
        return 4 if war else 0
    if word in ("so", "to"):
        return 2 if (word, following) in (("so", "far"), ("to", "date")) else 0
    return 2 if following and following != "to" and "to" in low[i : i + 14] else 0


def _has_perfect(low: list[str], words: frozenset[str]) -> bool:
    """Return whether the sentence has `have been killed` and a number of 30 or more."""
    if words.isdisjoint(("has", "have")):
        return False
    perfect = any(a in ("has", "have") and b not in _NO_PERFECT for a, b in pairwise(low))
    return perfect and any(w[0].isdigit() and (len(w) > 2 or w >= "30") and len(w) > 1 for w in words)


def _find_interval(s: Sentence, published: date | None) -> Window | None:
    """Return the interval that a sentence names.

    `in the past 24 hours`, `last month`, `between 3 and 9 June`, `in March`, `on Saturday and Sunday`.
    """
    for i in s.find_positions(_INTERVAL_WORDS):
        if _is_compared(s, i):
            continue  # "the biggest attack this year"
        window = _INTERVALS[s.low[i]](s, i, published)
        if window is not None:
            return window
    return None


def _is_compared(s: Sentence, i: int) -> bool:
    """Return whether a superlative before an interval compares with it: `the bloodiest day in the past two months`."""
    near = s.low[max(0, i - COMPARED) : i]
    cut = max((k for k, w in enumerate(near) if w in _CLAUSES or w in _HARMFUL), default=-1)
    return not _RECORD.isdisjoint(near[cut + 1 :])


def _read_past(s: Sentence, i: int, published: date | None) -> Window | None:
    """Read an interval before the publication.

    `past 24 hours`, `last two weeks`, `last month`, `this year`.
    """
    k = i + 1
    number = int(s.at(k)) if s.at(k).isdigit() and len(s.at(k)) < 4 else UNITS.get(s.at(k), 0)
    k += bool(number) or s.at(k) in ("several", "few")
    unit = s.at(k)
    days = UNIT_DAYS.get(unit)
    if days is None:
        return None
    if s.at(i - 1) == "from" and "after" in s.low[max(0, i - 6) : i]:
        return None  # "coming just after the clashes from last week"
    words = _extract_words(s, i, k + 1)
    if "of" in s.low[max(0, i - 2) : i] and "as" in s.low[max(0, i - 3) : i]:
        return Window("cumulative", words=words)  # "as of late last month"
    if published is None or (not number and s.low[i] == "last" and s.at(i - 1) == "the"):
        return Window("interval", words=words)
    if not number and s.low[i] in ("last", "this") and unit in ("month", "year"):
        return Window(
            "interval",
            *_compute_calendar_period(published, unit, s.low[i] == "last"),
            "month" if unit == "month" else "year",
            words,
        )
    if unit in ("hours", "hour"):
        days, number = 1, -(-max(number, 1) // 24)  # 24 hours are one day, 36 are two
    first = published - timedelta(days=min(days * max(number, 1), 36_500))
    return Window("interval", first, published, "approximate", words)


def _compute_calendar_period(published: date, unit: str, last: bool) -> tuple[date, date]:
    if unit == "year":
        year = max(1, published.year - last)
        return date(year, 1, 1), date(year, 12, 31) if last else published
    first = published.replace(day=1)
    if not last:
        return first, published
    end = first - timedelta(days=1)
    return end.replace(day=1), end


def _read_between(s: Sentence, i: int, published: date | None) -> Window | None:
    """Read an interval between two dates: `between 3 and 9 June`, `from 1 January to 30 September 2019`."""
    match = read_range_at(s, i + 1, published, _RANGE_LINKS.get(s.low[i], _RANGE_LINKS["between"]))
    return None if match is None else replace(match[0], words=_extract_words(s, i, match[1]))


def _read_in(s: Sentence, i: int, published: date | None) -> Window | None:
    """Read a month, a year or a part of one.

    `in March`, `in 2023`, `in late 2014`, `in the first half of 2019`, `during 3-9 June`.
    """
    k = i + 1 + (s.at(i + 1) in ("early", "late", "mid", "the"))
    part = read_part_of_year(s, k, published)
    if part is not None:
        return replace(part[0], words=_extract_words(s, i, part[1]))
    if HALVES.intersection(s.low[i + 1 : i + 4]) and UNIT_DAYS.keys() & set(s.low[i + 1 : i + 8]):
        return Window("interval", words=_extract_words(s, i, i + 6))
    k -= s.at(i + 1) == "the"
    match = read_date_at(s, k, published) if (k < len(s) and is_month(s, k)) or is_year(s.at(k)) else None
    if match is None or match[0].kind != "interval" or INCIDENTS.intersection(s.low):
        return None  # "In November 2018 gunmen attacked" dates an event
    return replace(match[0], words=_extract_words(s, i, match[1]))


def _read_plain_range(s: Sentence, i: int, published: date | None) -> Window | None:
    """Read two dates without a preposition: `October to December 2023`, `June 2003-September 2007`, `1 January - 30 June 2020`."""
    first = i - 1 if s.at(i - 1).isdigit() and len(s.at(i - 1)) <= 2 else i
    if not is_month(s, i) or s.at(first - 1) in ("from", "between", "since"):
        return None
    match = read_range_at(s, first, published, frozenset(("to", "-", "through", "until")))
    return None if match is None else replace(match[0], words=_extract_words(s, first, match[1]))


def _read_weekend(s: Sentence, i: int, published: date | None) -> Window | None:
    if s.at(i + 1) not in ("the", "saturday") or not {"weekend", "sunday"} & set(s.low[i + 1 : i + 5]):
        return None
    if published is None:
        return Window("interval", words=_extract_words(s, i, i + 3))
    end = published - timedelta(days=(published.weekday() - WEEKDAYS["sunday"]) % 7)
    return Window("interval", end - timedelta(days=1), end, "approximate", _extract_words(s, i, i + 3))


def _read_on(s: Sentence, i: int, published: date | None) -> Window | None:
    """Read an interval of two days: `on 29 and 30 October`, `on Saturday and Sunday`, `overnight on 3-4 December`."""
    if s.at(i + 1) in WEEKDAYS and s.at(i + 2) == "and" and s.at(i + 3) in WEEKDAYS:
        return _read_weekend(s, i, published) or Window("interval", words=_extract_words(s, i, i + 4))
    match = read_date_at(s, i + 1, published) if s.at(i + 1).isdigit() or is_month(s, min(i + 1, len(s) - 1)) else None
    if match is None or match[0].kind != "interval" or match[0].precision == "month":
        return None
    return replace(match[0], words=_extract_words(s, i, match[1]))


def _read_same_period(s: Sentence, i: int, _: date | None) -> Window | None:
    return (
        Window("interval", words=_extract_words(s, i, i + 2))
        if s.at(i + 1) in ("period", "week", "month", "year", "quarter")
        else None
    )


_INTERVALS: dict[str, Callable[[Sentence, int, date | None], Window | None]] = {
    "past": _read_past, "last": _read_past, "this": _read_past, "previous": _read_past, "between": _read_between, "from": _read_between, "in": _read_in, "during": _read_in,
    "over": _read_weekend, "on": _read_on, "same": _read_same_period, "reporting": _read_same_period, "overnight": _read_on,
    **dict.fromkeys(MONTHS, _read_plain_range),
}  # fmt: skip
_INTERVAL_WORDS = frozenset(_INTERVALS)
_DAY_WORDS = frozenset(("on", "last", "since", "overnight", "early", "late", *WEEKDAYS, *RELATIVE_DAYS, *MONTHS))


def _find_day(s: Sentence, published: date | None) -> Window | None:
    """Return the day that a sentence names.

    `on Wednesday night`, `on 27 July`, `yesterday`, `last Friday`. The day of a statement does not count. A date comes before
    a weekday.
    """
    found: Window | None = None
    for i in s.find_positions(_DAY_WORDS):
        word = s.low[i]
        if (word == "on" or word in WEEKDAYS) and not REPORTING_VERBS.isdisjoint(s.low[max(0, i - 2) : i]):
            continue
        if (word in MONTHS and _is_day_of_statement(s, i)) or is_day_of_other_act(s, i):
            continue
        first = _find_first_of_date(s, i) if word in MONTHS else i
        match = read_date_at(s, first + (word in ("on", "last")), published)
        if match is None or match[0].kind != "event":
            continue
        window = replace(match[0], words=_extract_words(s, first, match[1]))
        if window.precision == "day" and window.start is not None:
            return window
        found = found or window
    return found or _find_slashed_day(s, published)


def is_day_of_other_act(s: Sentence, i: int) -> bool:
    """Return whether the day at token `i` is that of a statement or of another act, and not of the harm.

    `wrote in a statement issued here Monday`, `confirmed the incident to the agency on Saturday`, `yesterday claimed
    responsibility`, `was released from jail Friday`.
    """
    if s.low[i] == "on" and s.at(i + 1) in WEEKDAYS:
        i += 1
    relative, after = s.low[i] in RELATIVE_DAYS, s.at(i + 1)
    if (relative or s.low[i] in WEEKDAYS) and after in ("claimed", "said", "announced", "confirmed", "reported"):
        return True
    if relative and i > 0 and s.raw[i][0].isupper() and s.raw[i - 1][0].isupper():
        return True  # "Africa Today News"
    if relative and s.at(i - 1) in ("a", "an", "the") and _is_days_after(s.low[:i]):
        return True  # "less than a week after an overnight siege"
    for k in range(i - 1, max(-1, i - MAX_TOKENS_TO_ACT), -1):
        word = s.low[k]
        if word in _OTHER_ACTS or word in ("statement", "communique"):
            return True
        if word in _HARMFUL or word in (",", ";", "that", "after", "when", "for") or word in AUXILIARY:
            return False
        if word in INCIDENTS:
            return "to" in s.low[k:i] and not REPORTING_VERBS.isdisjoint(s.low[max(0, k - 3) : k])
    return False


def _is_days_after(low: list[str]) -> bool:
    """Return whether words count the days since something else: `less than a week after`."""
    return any(b == "after" and a in UNIT_DAYS for a, b in pairwise(low))


def _is_day_of_statement(s: Sentence, i: int) -> bool:
    """Return whether a date is that of a statement: `the ministry said on 3 May`."""
    before = s.low[max(0, i - 4) : i]
    return "on" in before and not REPORTING_VERBS.isdisjoint(before[: before.index("on")])


def count_days(s: Sentence, published: date | None) -> int:
    """Return how many different days of harm a sentence names."""
    days = set()
    for i in s.find_positions(_DAY_WORDS):
        word = s.low[i]
        if not REPORTING_VERBS.isdisjoint(s.low[max(0, i - 2) : i]) or is_day_of_other_act(s, i):
            continue
        first = _find_first_of_date(s, i) if word in MONTHS else i
        match = read_date_at(s, first + (word in ("on", "last")), published)
        if match is not None and match[0].start is not None:
            days.add((match[0].start, match[0].end))
    return len(days)


def _find_first_of_date(s: Sentence, i: int) -> int:
    """Return the first token of the date whose month is at `i`: `21st of October`."""
    for k in (i - 1, i - 2, i - 3):
        if k >= 0 and s.at(k).isdigit() and len(s.at(k)) <= 2:
            after = skip_ending(s, k + 1)
            return k if after + (s.at(after) == "of") == i else i
    return i


def _find_slashed_day(s: Sentence, published: date | None) -> Window | None:
    for i in s.find_positions(_SLASHES):
        match = read_date_at(s, i - 1, published) if i and is_slashed_date(s, i - 1) else None
        if match is not None:
            return replace(match[0], words=_extract_words(s, i - 1, match[1]))
    return None


def find_launch_day(text: str, launches: list[tuple[int, int]], noun: str, published: date | None) -> Window | None:
    """Return the day on which an offensive or a war began, or None.

    Args:
        text: The text of the document.
        launches: Offsets (start, end) of the sentences that report a beginning.
        noun: Word for the campaign, such as "offensive".
        published: Day of publication.
    """
    for begin, stop in launches:
        if noun not in text[begin:stop].lower():
            continue
        s = Sentence(text, begin, stop)
        day = _find_day(s, published)
        if day is not None and day.start is not None and (day.precision == "day" or noun in _SHORT):
            return Window("event", day.start, day.end, day.precision, day.words)
    return None
