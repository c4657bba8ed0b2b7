"""Dates in words and digits: days, months, years and parts of years, resolved with the day of publication."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import replace
from datetime import date, timedelta

from conflictdata.parse.lexicon.calendar import MONTHS, ORDINALS, PARTS_OF_YEAR, RELATIVE_DAYS, WEEKDAYS
from conflictdata.parse.lexicon.people import PLURAL
from conflictdata.parse.lexicon.quantities import UNITS
from conflictdata.parse.model import Window
from conflictdata.parse.non_counts import is_slashed_date
from conflictdata.parse.tokens import Sentence

WindowMatch = tuple[Window, int]  # a window, and the token after its words
_BEFORE_DATE = frozenset(
    (
        "the",
        "last",
        "early",
        "late",
        "mid",
        "-",
        "about",
        "around",
        "of",
        "morning",
        "evening",
        "night",
        "afternoon",
        ",",
    )
)
_DAY_ENDINGS = frozenset(("st", "nd", "rd", "th"))
MOST_WORDS_BEFORE = 3  # small words before a date


def read_date_at(
    s: Sentence, i: int, published: date | None, *, year: int | None = None, depth: int = 0
) -> WindowMatch | None:
    """Read the day, month or year that begins at token `i`.

    Args:
        s: The sentence.
        i: First token.
        published: Day of publication.
        year: The year of a date that names none, if the words around fix it.
        depth: Number of small words already skipped.

    Returns:
        The window and the token after the date. None if there is no date.
    """
    word = s.at(i)
    if word in WEEKDAYS:
        return _read_weekday(s, i, published, year)
    if word in _BEFORE_DATE and i + 1 < len(s) and depth < MOST_WORDS_BEFORE:
        return read_date_at(s, i + 1, published, year=year, depth=depth + 1)
    if word in RELATIVE_DAYS and published is not None:
        return make_day(published - timedelta(days=RELATIVE_DAYS[word]), "approximate"), i + 1
    if is_slashed_date(s, i):
        return _read_slashed(s, i), i + 5
    if word.isdigit() and len(word) <= 2:
        return _read_day_first(s, i, published, year)
    if is_month(s, i):
        return _read_month_first(s, i, published, year)
    return _read_years(s, i) if is_year(word) else None


def _read_years(s: Sentence, i: int) -> WindowMatch:
    """Read `2014`, `2014-15`, `2014/2015`, `2014-2015`. `2003-04` may be a month: it has no days."""
    first, last = int(s.at(i)), s.at(i + 2)
    days = date(first, 1, 1), date(first, 12, 31)
    joined = s.at(i + 1) in ("-", "/") and s.is_glued(i + 1) and s.is_glued(i + 2) and last.isdigit()
    if not joined:
        return Window("interval", *days, "year"), i + 1
    end = int(last) if len(last) == 4 else first // 100 * 100 + int(last)
    if len(last) not in (2, 4) or end <= first or (len(last) == 2 and int(last) <= 12):
        return Window("interval"), i + 3
    return Window("interval", days[0], date(end, 12, 31), "year"), i + 3


def make_day(day: date, precision: str = "day") -> Window:
    """Return the window of one day."""
    return Window("event", day, day, precision)


def is_year(word: str) -> bool:
    """Return whether a word is a year."""
    return len(word) == 4 and word.isdigit() and 1900 <= int(word) <= 2099


def is_month(s: Sentence, i: int) -> bool:
    """Return whether token `i` is the name of a month; it has a capital letter."""
    return s.at(i) in MONTHS and s.raw[i][:1].isupper()


def skip_ending(s: Sentence, i: int) -> int:
    """Return the token after the ending of an ordinal: `21st`."""
    return i + 1 if s.at(i) in _DAY_ENDINGS and s.is_glued(i) else i


def _read_weekday(s: Sentence, i: int, published: date | None, year: int | None) -> WindowMatch | None:
    """Read a weekday, or the date that follows it: `Saturday morning, 21st October 2023`."""
    k = i + 1
    while s.at(k) in ("morning", "evening", "night", "afternoon", ",", "the", "(") and k < i + 4:
        k += 1
    if k > i and (s.at(k).isdigit() or is_month(s, k) if k < len(s) else False):
        match = read_date_at(s, k, published, year=year, depth=MOST_WORDS_BEFORE)
        if (
            match is not None
            and match[0].kind == "event"
            and match[0].precision == "day"
            and match[0].start is not None
        ):
            return match
    if published is None:
        return None
    back = (published.weekday() - WEEKDAYS[s.low[i]]) % 7
    if back == 0 and s.at(i - 1) == "last":
        back = 7  # "last Monday", on a Monday
    return make_day(published - timedelta(days=back), "approximate"), i + 1


def _read_slashed(s: Sentence, i: int) -> Window:
    """Read a date in digits. One that may be read in two ways has no day."""
    parts = [s.at(k) for k in (i, i + 2, i + 4)]
    a, b, c = (int(p) for p in parts)
    if len(parts[0]) == 4:
        return _make_day(a, b, c)
    if len(parts[2]) != 4 or (a <= 12 and b <= 12 and a != b):
        return Window("event")
    return _make_day(c, b, a) if b <= 12 else _make_day(c, a, b)


def _make_day(year: int, month: int, day: int) -> Window:
    if not (1 <= year <= 9999 and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]):
        return Window("event")
    return make_day(date(year, month, day))


def _read_day_first(s: Sentence, i: int, published: date | None, year: int | None) -> WindowMatch | None:
    """Read `21 October`, `21st October 2023`, `3rd of May`, `3-4 December`."""
    k = skip_ending(s, i + 1)
    k += s.at(k) == "of"
    if is_month(s, k):
        return _read_day(s, int(s.low[i]), k, k + 1, published, year)
    if s.at(k) in ("-", "/", "and", "to") and s.at(k + 1).isdigit() and len(s.at(k + 1)) <= 2:
        m = skip_ending(s, k + 2)
        if is_month(s, m):
            end = _read_day(s, int(s.at(k + 1)), m, m + 1, published, year)
            return _join_days(int(s.low[i]), end)
    return None


def _read_month_first(s: Sentence, i: int, published: date | None, year: int | None) -> WindowMatch | None:
    """Read `October 21`, `Oct. 21st, 2023`, `June 23-29`, `October 2023`."""
    k = i + 1 + (s.at(i + 1) == ".")
    k += s.at(k) == "the"
    if year is None and published is not None and not any(is_year(s.at(n)) for n in range(k, k + 4)):
        year = _read_year_in_words(s, i, k, published)
    counts_people = s.at(i - 1) == "in" and s.at(k + 1) in PLURAL  # "In May 20 civilians"
    if counts_people or not (s.at(k).isdigit() and len(s.at(k)) <= 2):
        return _read_month(s, MONTHS[s.low[i]], k, published, year)
    after = skip_ending(s, k + 1)
    if (
        s.at(after) in ("-", "and", "to")
        and s.at(after + 1).isdigit()
        and len(s.at(after + 1)) <= 2
        and int(s.at(after + 1)) > int(s.at(k))
    ):
        end = _read_day(s, int(s.at(after + 1)), i, skip_ending(s, after + 2), published, year)
        return _join_days(int(s.at(k)), end)
    return _read_day(s, int(s.at(k)), i, after, published, year)


def _read_year_in_words(s: Sentence, i: int, k: int, published: date) -> int | None:
    """Return the year that words give a month: `March last year`, `last March` in a March; None if there are none."""
    k += s.at(k).isdigit()
    if s.at(k) in ("last", "this") and s.at(k + 1) == "year":
        return published.year - (s.at(k) == "last")
    return published.year - 1 if s.at(i - 1) == "last" and MONTHS[s.low[i]] >= published.month else None


def _join_days(first: int, end: WindowMatch | None) -> WindowMatch | None:
    """Return the interval from a day of the month to a later day."""
    if end is None:
        return None
    if end[0].end is None:
        return Window("interval"), end[1]
    last = end[0].end
    if first >= last.day:
        return Window("interval"), end[1]
    return Window("interval", last.replace(day=first), last, "day"), end[1]


def _read_day(
    s: Sentence, day: int, month_at: int, k: int, published: date | None, given: int | None
) -> WindowMatch | None:
    k += s.at(k) == "." and s.at(k + 1)[:1].isdigit()
    comma = k + (s.at(k) == ",")
    has_year = is_year(s.at(comma))
    month = MONTHS[s.low[month_at]]
    year = int(s.at(comma)) if has_year else given or _infer_year(month, day, published)
    last = comma + 1 if has_year else k
    if year is None or not 1 <= day <= 31:
        return Window("event"), last
    return _make_day(year, month, day), last


def _infer_year(month: int, day: int, published: date | None) -> int | None:
    if published is None:
        return None
    return published.year if (month, day) <= (published.month, published.day) else published.year - 1


def _read_month(s: Sentence, month: int, k: int, published: date | None, given: int | None) -> WindowMatch | None:
    k += s.at(k) in (",", "of") and is_year(s.at(k + 1))
    has_year = is_year(s.at(k))
    year = int(s.at(k)) if has_year else given or _infer_year(month, 1, published)
    if year is None or not 1 <= year <= 9999:
        return Window("interval"), k
    end = monthrange(year, month)[1]
    return Window("interval", date(year, month, 1), date(year, month, end), "month"), k + has_year


def read_range_at(s: Sentence, i: int, published: date | None, links: frozenset[str]) -> WindowMatch | None:
    """Read two dates with a link between them: `1 January to 30 September 2019`, `July and September 2024`.

    The first date takes the year of the second, unless it would then be the later one.
    """
    for k in range(i + 1, min(i + 9, len(s))):
        if s.low[k] not in links:
            continue
        end = read_date_at(s, k + 1, published)
        if end is None or end[0].end is None:
            continue
        begin = _read_begin(s, i, k, published, end[0].end)
        if begin is None or begin.start is None:
            return None
        precision = "day" if begin.precision == end[0].precision == "day" else end[0].precision
        return order_days(Window("interval", begin.start, end[0].end, precision)), end[1]
    return None


def _read_begin(s: Sentence, i: int, k: int, published: date | None, end: date) -> Window | None:
    """Read the first date of a range, whose year the second may give."""
    begin = read_date_at(s, i, published, year=end.year)
    if begin is None:
        bare = s.at(i).isdigit() and len(s.at(i)) <= 2 and skip_ending(s, i + 1) == k
        return make_day(end.replace(day=int(s.at(i)))) if bare and 1 <= int(s.at(i)) <= end.day else None
    if begin[1] < k - 1:
        return None
    if begin[0].start is not None and begin[0].start > end and not is_year(s.at(begin[1] - 1)):
        begin = read_date_at(s, i, published, year=end.year - 1)
    return begin[0] if begin is not None else None


def order_days(window: Window) -> Window:
    """Return a window without its days if they are the wrong way round."""
    if window.start is not None and window.end is not None and window.start > window.end:
        return replace(window, start=None, end=None)
    return window


def read_part_of_year(s: Sentence, i: int, published: date | None) -> WindowMatch | None:
    """Read `first half of 2019`, `third quarter of 2020`, `first six months of 2010`, `first half of the year`."""
    if s.at(i) not in ORDINALS:
        return None
    k, place = i + 1, ORDINALS[s.low[i]]
    number = UNITS.get(s.at(k), 0) or (int(s.at(k)) if s.at(k).isdigit() and len(s.at(k)) < 3 else 0)
    if number and s.at(k + 1) == "months":
        months, first, k = number, 1 if place == 1 else 0, k + 2
    elif s.at(k) in PARTS_OF_YEAR:
        months = PARTS_OF_YEAR[s.low[k]]
        first, k = (place - 1) * months + 1, k + 1
    else:
        return None
    k += s.at(k) == "of"
    this_year = s.low[k : k + 2] in (["the", "year"], ["this", "year"])
    year = int(s.at(k)) if is_year(s.at(k)) else published.year if this_year and published else None
    last = k + (2 if this_year else 1)
    if year is None or not 1 <= first <= 12 or first + months - 1 > 12:
        return (
            (Window("interval"), last) if year is not None or this_year or s.at(k) in ("the", "this", "last") else None
        )
    end = first + months - 1
    return Window("interval", date(year, first, 1), date(year, end, monthrange(year, end)[1]), "month"), last
