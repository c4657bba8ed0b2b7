"""Numbers that count no people, as their neighbours show.

Shares, money, measures, times, dates, ages and designations.
"""

from __future__ import annotations

from conflictdata.parse.lexicon.calendar import MONTHS
from conflictdata.parse.lexicon.neighbours import AFTER, BEFORE, YEAR_BEFORE
from conflictdata.parse.lexicon.people import PLURAL, SINGULAR
from conflictdata.parse.number import NumberExpression
from conflictdata.parse.tokens import Sentence


def find_non_count_reason(s: Sentence, n: NumberExpression) -> str:
    """Return why a number counts no people, or "" if it may count some."""
    if n.kind in ("article", "both", "vague"):
        return ""
    if s.at(n.last) in PLURAL and s.at(n.first - 1) not in _CHECK_AFTER and not 1900 <= n.value <= 2099:
        return ""  # "20 people": most numbers need no further look
    for rule in _RULES:
        reason = rule(s, n)
        if reason:
            return reason
    return ""


def _check_ratio(s: Sentence, n: NumberExpression) -> str:
    """Return "share" for a ratio: `four out of five`, `one in four`."""
    before = s.low[max(0, n.first - 2) : n.first] == ["out", "of"] and n.value <= 10
    after = s.low[n.last : n.last + 2] == ["out", "of"] and n.value < 10 and s.at(n.last + 2) != "the"
    one_in = n.value == 1 and s.at(n.last) == "in" and s.at(n.last + 2) in ("of", "people", "were", "killed")
    in_one = (
        s.at(n.first - 1) == "in"
        and s.at(n.first - 2) in ("1", "one")
        and s.at(n.last) in ("of", "people", "were", "killed")
    )
    return "share" if before or after or one_in or in_one else ""


def _check_word_before(s: Sentence, n: NumberExpression) -> str:
    """Return the reason that the word before the number gives.

    `$20`, `resolution 2254`, `aged 12`, `aged between 5 and 12`. A word such as "unit" counts only as part of a name.
    """
    word = s.at(n.first - 1)
    if word == "of" and s.at(n.first - 2) in ("ages", "age"):
        return "age"
    if word in ("between", "from") or (word == "." and s.at(n.first - 2) == "rs"):
        word = s.at(n.first - 2)
    if word in ("camp", "unit", "brigade", "division") and not s.raw[n.first - 1][0].isupper():
        return ""
    return BEFORE.get(word, "")


def _check_word_after(s: Sentence, n: NumberExpression) -> str:
    """Return the reason that the word after the number gives.

    `62%`, `20 km`, `3rd`, `two thirds`, `30 years old`.
    """
    word, following = s.at(n.last), s.at(n.last + 1)
    if word == "per" and following not in ("cent", "100"):
        return ""
    if word == "years" and following in ("old", "of"):
        return "age"
    return AFTER.get(word, "")


def _check_hyphen(s: Sentence, n: NumberExpression) -> str:
    """Return the reason that a hyphen gives: `34-year-old`, `F-16`."""
    if s.at(n.last) == "-" and s.is_glued(n.last) and s.is_glued(n.last + 1):
        return "" if n.qualifier == "range" or s.at(n.last + 1) in ("and", "wounded", "killed") else "age or measure"
    joined = s.at(n.first - 1) == "-" and s.is_glued(n.first) and n.first > 1 and s.is_glued(n.first - 1)
    short = n.first > 0 and s.is_glued(n.first) and s.at(n.first - 1).isalpha() and len(s.at(n.first - 1)) < 3
    return "designation" if n.kind == "digits" and (joined or short) else ""


def _check_age_limit(s: Sentence, n: NumberExpression) -> str:
    """Return "age" for a limit: `most of the dead were under 30`, `the over-60s`."""
    hedged = s.at(n.first - 1) in ("under", "over", "below", "above")
    ends = s.at(n.last) in (".", ",", ";", "", "and", "or", "when", "at") or (
        s.at(n.last) == "s" and s.is_glued(n.last)
    )
    about_people = s.at(n.first - 2) in (
        "was",
        "were",
        "is",
        "are",
        "all",
        "mostly",
        "children",
        "aged",
        "people",
        "those",
        "-",
    )
    return "age" if hedged and ends and about_people and n.value < 100 else ""


def _check_clock_time(s: Sentence, n: NumberExpression) -> str:
    """Return "time" for a time of day: `04:30`."""
    after = s.at(n.last) == ":" and s.is_glued(n.last) and s.at(n.last + 1).isdigit() and s.is_glued(n.last + 1)
    before = (
        s.at(n.first - 1) == ":" and s.is_glued(n.first) and s.at(n.first - 2).isdigit() and s.is_glued(n.first - 1)
    )
    return "time" if after or before else ""


def _check_entry_time(s: Sentence, n: NumberExpression) -> str:
    """Return "time" for the time that opens an entry of a live blog: `1204 The army said`."""
    word = s.at(n.first)
    opens = (
        n.first == 0
        and n.last == 1
        and len(word) == 4
        and word.isdigit()
        and int(word[:2]) < _HOURS
        and int(word[2:]) < _MINUTES
    )
    return "time" if opens and s.raw[1:2] and s.raw[1][:1].isupper() and s.at(1) not in PLURAL else ""


def _check_age_range(s: Sentence, n: NumberExpression) -> str:
    """Return "age" for `most of the dead are between 25 and 45`."""
    between = n.qualifier == "range" and s.at(n.first - 1) == "between" and s.at(n.first - 2) in ("are", "were", "was")
    return "age" if between and (n.top or 0) < _OLDEST and s.at(n.last) in (".", ",", ";", "-", "--", "") else ""


def _check_date(s: Sentence, n: NumberExpression) -> str:
    return "date" if n.kind == "digits" and (_is_day_of_month(s, n) or _is_year(s, n)) else ""


def _check_item_number(s: Sentence, n: NumberExpression) -> str:
    """Return "date" for the number that opens an item of a list: `18: Four officials were killed`."""
    opens = n.first == 0 and s.at(n.last) == ":" and not s.is_glued(n.last + 1)
    return "date" if opens and n.kind == "digits" and (n.top or n.value) <= _DAYS else ""


def _check_age_aside(s: Sentence, n: NumberExpression) -> str:
    """Return "age" for `Ahmed, 29, was`, and "age or code" for `(33)`."""
    before, after = s.at(n.first - 1), s.at(n.last)
    if before == "(" and (after == ")" or n.before < n.first):
        return "" if n.before < n.first else "age or code"
    named = (
        n.first > 1
        and (s.raw[n.first - 2][:1].isupper() or s.at(n.first - 2) in SINGULAR)
        and before == ","
        and (after in (",", ")") or (after == "-" and not s.is_glued(n.last)))
    )
    in_words = n.kind == "words" and s.at(n.first - 2) in SINGULAR and s.at(n.first - 3) in ("his", "her", "their", "a")
    return "age" if named and (n.kind == "digits" or in_words) and n.qualifier == "exact" and 5 <= n.value < 100 else ""


def _is_day_of_month(s: Sentence, n: NumberExpression) -> bool:
    """Return whether it is a day of a month, or a part of a date in digits.

    `27 July`, `29 and 30 October`, `Nov. 27`, `June 23-29`, `19/10/2019`.
    """
    before, after, top = s.at(n.first - 1), s.at(n.last), n.top or n.value
    if is_slashed_date(s, n.first) or is_slashed_date(s, n.first - 2) or is_slashed_date(s, n.first - 4):
        return True
    if top <= 31 and after in MONTHS:
        return _is_month(s, n.last)
    if (
        top <= 31
        and after in ("and", "to", "-", "or", ",")
        and s.at(n.last + 1)[:2].isdigit()
        and s.at(n.last + 2) in MONTHS
    ):
        return _is_month(s, n.last + 2)
    if n.value > 31:
        return False
    if before in MONTHS:
        return _is_month(s, n.first - 1)
    if before == "." and s.at(n.first - 2) in MONTHS:
        return True
    return before in ("-", "and") and s.at(n.first - 2).isdigit() and s.at(n.first - 3) in MONTHS


def is_slashed_date(s: Sentence, i: int) -> bool:
    """Return whether a date in digits begins at token `i`: `19/10/2019`, `2019-10-19`, `3/12`."""
    if i < 0 or not s.at(i).isdigit() or s.at(i + 1) not in ("/", "-") or not s.at(i + 2).isdigit():
        return False
    glued = s.is_glued(i + 1) and s.is_glued(i + 2)
    whole = s.at(i + 3) == s.at(i + 1) and s.at(i + 4).isdigit() and s.is_glued(i + 4)
    if whole:
        sizes = [len(s.at(k)) for k in (i, i + 2, i + 4)]
        return glued and (sizes[0] <= 2 or sizes[2] <= 2) and sizes[1] <= 2 and max(sizes) in (2, 4)
    return False


def _is_year(s: Sentence, n: NumberExpression) -> bool:
    """Return whether the words before a number make it a year.

    A bare number between 1900 and 2099 may count people ("2000 people").
    """
    before, top = s.at(n.first - 1), n.top or n.value
    if not 1900 <= n.value <= 2099:
        return False
    if n.qualifier == "range":
        return top <= 2099 and before in ("between", "from")
    if len(s.low[n.first]) != 4 or n.last - n.first != 1:
        return False
    if before in MONTHS or s.at(n.first - 2) in MONTHS or s.at(n.first - 3) in MONTHS:
        return True
    if before == "with" and s.at(n.last) not in PLURAL:
        return n.qualifier == "exact" and s.at(n.last).endswith("ing")  # "with 2025 counting five dead"
    return n.qualifier == "exact" and before in YEAR_BEFORE


def _is_month(s: Sentence, i: int) -> bool:
    """Return whether a word is a month; `may` and `march` need a capital letter."""
    return s.raw[i][:1].isupper() or s.low[i] not in ("may", "march", "mar", "dec", "sun")


_DAYS = 31
_HOURS, _MINUTES, _OLDEST = 24, 60, 100
_CHECK_AFTER = frozenset((*BEFORE, "of", "in", "between", "-", ":", "and"))
_RULES = (
    _check_ratio,
    _check_word_before,
    _check_word_after,
    _check_hyphen,
    _check_age_limit,
    _check_clock_time,
    _check_date,
    _check_age_aside,
    _check_item_number,
    _check_entry_time,
    _check_age_range,
)
