"""Find number expressions: digits, words, ranges, vague words, with their hedges."""

from __future__ import annotations

from conflictdata.parse.lexicon.outcomes import AUXILIARY, PAST
from conflictdata.parse.lexicon.people import PLURAL, SINGULAR
from conflictdata.parse.lexicon.quantities import (
    AFTER,
    DEFINITE,
    HEDGE_LAST,
    HEDGES,
    LARGE_SCALES,
    LONGEST_HEDGE,
    MORE,
    MULTIPLES,
    SCALES,
    TENS,
    UNITS,
    VAGUE,
    VAGUE_FIRST,
)
from conflictdata.parse.non_counts import find_non_count_reason
from conflictdata.parse.number import NumberExpression
from conflictdata.parse.tokens import Sentence

_AFTER_ARTICLE = frozenset("further additional estimated combined total reported".split())
_ARTICLES = frozenset(("a", "an"))
_BEFORE_FIGURE = frozenset(("earlier", "previous", "initial"))
_LEADS = HEDGE_LAST | MORE | DEFINITE | _BEFORE_FIGURE | {"remaining", "a", "an"}  # allowed right before a number
_TRAILS = frozenset(words[0] for words in AFTER) | {"+", "-"}
LONGEST_LEAD = 12  # tokens of hedges and determiners before a number
_COUPLE_ADJECTIVES = frozenset("married elderly young newlywed old palestinian".split())
_HANDED = frozenset("handed handing turned turning passed took".split())  # "handed over 15 bodies"
_PLACES = frozenset("over under above around about".split())  # before "the" they are not hedges


_STANDING = frozenset(
    "stood stand standing wept weep weeping cried prayed bent stepped stepping flew mourned argue argued".split()
)
_PERSONS = frozenset(SINGULAR) | {"death", "fatality", "body", "corpse", "casualty"}
_STARTERS = frozenset(UNITS) | frozenset(TENS) | VAGUE_FIRST | _ARTICLES | {"half", "another", "both"}


def find_numbers(s: Sentence) -> list[NumberExpression]:
    """Return all number expressions of a sentence, in order.

    Those that count no people are included; `exclusion` gives the reason.
    """
    expressions: list[NumberExpression] = []
    low, done = s.low, 0
    for i in [i for i, w in enumerate(low) if w in _STARTERS or ((w < ":" or w > "~") and w[0].isdigit())]:
        number = _read_number(s, i) if i >= done else None
        if number is None:
            continue
        number = _join_range(s, number)
        _read_brackets(s, number)
        _read_hedges(s, number)
        number.exclusion = number.exclusion or find_non_count_reason(s, number)
        before = expressions[-1] if expressions else None
        if (
            before is not None
            and before.exclusion == "age"
            and low[before.last : number.first] in (["and"], [","], [",", "and"], ["to"], ["-"])
        ):
            number.exclusion = "age"
        expressions.append(number)
        done = number.last
    return expressions


def _read_number(s: Sentence, i: int) -> NumberExpression | None:
    word = s.low[i]
    if word[0].isdigit():
        return _read_digits(s, i)
    if word in UNITS or word in TENS:
        return _read_words(s, i, i)
    if word in VAGUE_FIRST:
        return _read_vague(s, i)
    if word in _ARTICLES:
        return _read_article(s, i)
    if word == "half":
        return _read_half(s, i)
    if word == "another":
        return None if _is_number_start(s, i + 1) else NumberExpression(i, i + 1, i, 1, kind="article", is_more=True)
    if word == "both":
        return NumberExpression(i, i + 1, i, 2, kind="both")
    return None


def _read_half(s: Sentence, i: int) -> NumberExpression | None:
    """Read `half a million`, `half a dozen`, `half-a-dozen`."""
    words = [k for k in range(i, min(i + 5, len(s))) if s.low[k] != "-"]
    if len(words) < 3 or s.low[words[1]] not in _ARTICLES:
        return None
    size = SCALES.get(s.low[words[2]]) or MULTIPLES.get(s.low[words[2]])
    return NumberExpression(i, words[2] + 1, i, size // 2, kind="multiplied") if size else None


def _is_number_start(s: Sentence, i: int) -> bool:
    """Return whether a number other than an article begins at token `i`."""
    word = s.at(i)
    return (
        word[:1].isdigit()
        or word in UNITS
        or word in TENS
        or word in VAGUE_FIRST
        or (word in _ARTICLES and s.at(i + 1) in ("dozen", "hundred"))
    )


def _read_digits(s: Sentence, i: int) -> NumberExpression:
    word = s.low[i]
    if len(word) > 15:
        return NumberExpression(i, i + 1, i, 0, exclusion="too long")
    last = i + 1
    groups = word.replace(".", ",").split(",")
    decimal = "." in word and len(groups) == 2 and "," not in word and len(groups[1]) != 3
    while len(word) <= 3 and not decimal and _is_thousands_group(s, last):
        word += s.low[last]
        last += 1
    if _is_spaced_group(s, last):
        word, last, groups = word + s.low[last + 1], last + 2, ["0"]
    scale = s.at(last) if s.at(last) in SCALES else ""
    if s.at(last) in ("k", "m", "bn") and s.is_glued(last) and len(s.low[last]) == 1:
        scale = {"k": "thousand", "m": "million"}[s.at(last)]
    elif s.at(last) == "-" and s.at(last + 1) in SCALES and s.is_glued(last):
        last, scale = last + 1, s.at(last + 1)
    plain = _has_whole_groups(groups)
    if scale and (decimal or plain or len(groups) == 1):
        return NumberExpression(i, last + 1, i, round(float(word.replace(",", "")) * SCALES[scale]))
    if len(groups) > 1 and not plain:
        # "44,44" is a slip or a version number; "11,1074" a stray comma: excluded, because a guess could be wrong
        return NumberExpression(i, last, i, 0, exclusion="decimal or broken number")
    if not word.replace(",", "").replace(".", "").isascii():
        return NumberExpression(i, last, i, 0, exclusion="digits of another script")
    return NumberExpression(i, last, i, int(word.replace(",", "").replace(".", "")))


def _has_whole_groups(groups: list[str]) -> bool:
    """Return whether digits are grouped by thousands (`1,204`), or by lakhs and crores (`30,00,000`)."""
    if all(len(g) == 3 for g in groups[1:]):
        return len(groups[0]) <= 3
    return len(groups[0]) <= 2 and len(groups[-1]) == 3 and all(len(g) == 2 for g in groups[1:-1])


def _is_spaced_group(s: Sentence, i: int) -> bool:
    """Return whether a comma and a group of thousands follow after a space: `60, 000`."""
    first, second = s.at(i - 1), s.at(i + 1)
    if s.at(i) != "," or not s.is_glued(i) or s.is_glued(i + 1) or len(second) != 3 or not second.isdigit():
        return False
    if len(first) > 3 or not first.isdigit():
        return False
    return second[0] == "0" or (_is_counting_noun(s, i + 2) and s.at(i - 2) not in (",", "and") and first[0] != "0")


def _is_counting_noun(s: Sentence, i: int) -> bool:
    """Return whether a noun of people follows, alone or after one or two adjectives: `11, 400 civilian casualties`."""
    if s.at(i) in PAST or s.at(i) in ("and", "or", ","):
        return False
    end = next((k for k in range(i, min(i + 6, len(s))) if not s.low[k].isalpha() and s.low[k] != "-"), i + 6)
    return any(w in PLURAL or w in ("casualties", "deaths") for w in s.low[i:end])


def _is_thousands_group(s: Sentence, i: int) -> bool:
    """Return whether the token is a group of three digits after one space: `6 000`."""
    return (
        len(s.at(i)) == 3
        and s.low[i].isdigit()
        and s.start[i] - s.end[i - 1] == 1
        and s.text[s.end[i - 1]] in "\u00a0\u202f "
        and s.at(i - 1).isdigit()
    )


def _read_words(s: Sentence, first: int, i: int) -> NumberExpression:
    """Read number words.

    `twenty-three`, `two hundred and five`, `two dozen`, `five thousand`.
    """
    total = current = 0
    kind, last, count = "words", i, 0
    while count < 24:
        word = s.at(i)
        if word == "-" and last == i and s.at(i - 1) in TENS and s.at(i + 1) in UNITS:
            i += 1
            continue
        if (
            word == "and"
            and (current >= 100 or total)
            and last == i
            and s.at(i - 1) in SCALES
            and (s.at(i + 1) in UNITS or s.at(i + 1) in TENS)
        ):
            i += 1
            continue
        if word in UNITS and (current % 100 == 0 if UNITS[word] > 9 else current % 10 == 0):
            current += UNITS[word]
        elif word in TENS and current % 100 == 0:
            current += TENS[word]
        elif word == "hundred" and 0 < current < 100:
            current *= 100
        elif word in LARGE_SCALES and current:
            total, current = total + current * SCALES[word], 0
        elif word == "and" and current and s.low[i + 1 : i + 3] == ["a", "half"] and s.at(i + 3) in LARGE_SCALES:
            total, current, i = total + current * SCALES[s.at(i + 3)] + SCALES[s.at(i + 3)] // 2, 0, i + 3
            kind = "multiplied"
        elif word in MULTIPLES and current and not total:
            total, current, kind = current * MULTIPLES[word], 0, "multiplied"
        else:
            break
        i += 1
        last, count = i, count + 1
        if kind == "multiplied":
            break
    return NumberExpression(first, last, first, total + current, kind=kind)


def _read_vague(s: Sentence, i: int) -> NumberExpression | None:
    for length in (4, 3, 2, 1):
        key = tuple(s.low[i : i + length])
        if key in VAGUE:
            qualifier, floor = VAGUE[key]
            first = i - 1 if key[0] == "few" and s.at(i - 1) == "a" else i
            return NumberExpression(first, i + len(key), first, floor, qualifier=qualifier, kind="vague")
    return None


def _read_article(s: Sentence, i: int) -> NumberExpression | None:
    following = s.at(i + 1)
    if following in _AFTER_ARTICLE and _is_number_start(s, i + 2):
        return None  # "an additional 400"
    if following in ("hundred", "thousand", "million"):
        rest = _read_words(s, i, i + 2) if s.at(i + 2) != "and" else _read_words(s, i, i + 3)
        last = rest.last if rest.value and rest.value < SCALES[following] else i + 2
        return NumberExpression(i, last, i, SCALES[following] + (rest.value if last > i + 2 else 0), kind="words")
    if following in ("dozen", "score"):
        return NumberExpression(i, i + 2, i, MULTIPLES[following], kind="multiplied")
    if following == "few" and s.at(i + 2) in ("dozen", "hundred", "thousand"):
        vague = _read_vague(s, i + 1)
        if vague:
            return vague
    if (s.at(i + 2) if following in _COUPLE_ADJECTIVES else following) == "couple" and s.at(i + 2) not in (
        "of",
        "dozen",
    ):
        return NumberExpression(i, i + 1, i, 2, kind="words")
    if following == "couple" and s.at(i + 2) in ("of", "dozen"):
        return NumberExpression(i, i + 2, i, 2 if s.at(i + 2) == "of" else 24, kind="multiplied")
    if not _PERSONS.isdisjoint(s.low[i + 1 : i + 10]) or "old" in s.low[i + 3 : i + 7]:
        return NumberExpression(i, i + 1, i, 1, kind="article")
    return None


def _join_range(s: Sentence, n: NumberExpression) -> NumberExpression:
    """Join the two ends of a range.

    `12 to 15`, `12-15`, `12 or 13`, `between 20 and 30`.
    """
    if n.kind not in ("digits", "words", "multiplied") or not n.value or n.exclusion:
        return n
    link, i = s.at(n.last), n.last + 1
    between = s.at(n.first - 1) == "between" or (s.at(n.first - 1) in HEDGE_LAST and s.at(n.first - 2) == "between")
    if (
        not (link in ("to", "-", "or") or (link == "and" and between))
        or not _is_number_start(s, i)
        or s.at(i) in VAGUE_FIRST
    ):
        return n
    other = _read_number(s, i)
    if other is None or other.kind not in ("digits", "words", "multiplied"):
        return n
    low = n.value
    if low < 1000 <= other.value and s.at(other.last - 1) in SCALES and s.at(n.last - 1) not in SCALES:
        low *= SCALES[s.at(other.last - 1)]  # "2 to 3 million"
    elif low < 10 and 100 <= other.value < 1000 and s.at(other.last - 1) == "hundred" and n.last - n.first == 1:
        low *= 100  # "between six and seven hundred"
    if (
        low >= other.value
        or other.exclusion
        or (link == "to" and s.at(n.before - 1) == "from")
        or (link == "or" and other.value > 2 * low + 2)
    ):
        return n
    return NumberExpression(n.first, other.last, n.before, low, top=other.value, qualifier="range", kind=n.kind)


def _read_hedges(s: Sentence, n: NumberExpression) -> None:
    """Read determiners and hedges before the number, and `or more`, `+` after it."""
    i = n.before
    if n.qualifier == "range" and s.at(i - 1) == "between":
        i -= 1
    while i > n.first - LONGEST_LEAD and s.at(i - 1) in _LEADS:
        step = _read_determiner(s, n, i) or _read_hedge(s, n, i)
        if not step:
            break
        i -= step
    n.before = i
    n.stop = n.stop or n.last
    if s.at(n.last) in _TRAILS:
        _read_suffix(s, n)
    if n.kind == "multiplied" and n.qualifier == "exact":
        n.qualifier = "about"


def _read_brackets(s: Sentence, n: NumberExpression) -> None:
    """Include the brackets of a number before its noun or its verb: `(418) civilians`, `(979) were killed`."""
    following = s.at(n.last + 1)
    counted = (
        s.at(n.first - 2) in ("rest", "remainder", "others")
        or following in PLURAL
        or following in AUXILIARY
        or following in PAST
        or following in ("others", "other")
        or (following.isalpha() and s.at(n.last + 2) in PLURAL)
    )
    if s.at(n.first - 1) == "(" and s.at(n.last) == ")" and counted and n.kind == "digits":
        n.stop, n.last, n.before = n.last, n.last + 1, n.first - 1


def _read_determiner(s: Sentence, n: NumberExpression, i: int) -> int:
    """Read "another", "the" or "the remaining" before token `i`.

    Returns:
        The number of tokens read.
    """
    word = s.at(i - 1)
    n.is_more = n.is_more or word in MORE or word == "remaining"
    n.is_definite = n.is_definite or word in DEFINITE or word == "remaining"
    if word in MORE or word in DEFINITE or word == "remaining":
        return 1
    if word in _BEFORE_FIGURE and s.at(i - 2) in (*_ARTICLES, "the"):
        return 2  # "from an earlier 130"
    return int(word in _ARTICLES and s.at(i) in _AFTER_ARTICLE)


def _read_hedge(s: Sentence, n: NumberExpression, i: int) -> int:
    hedge = _find_hedge(s, i)
    if hedge is None or (s.at(i - 1) in _PLACES and (s.at(i) in DEFINITE or s.at(i - 2) in _HANDED)):
        return 0
    length, qualifier = hedge
    if s.at(i - 1) == "than" and s.at(i) == "the":
        return 0  # "three times more than the 13,000"
    if s.at(i - 1) == "over" and s.at(i - 2) in _STANDING:
        qualifier = "exact"  # "stood over three bodies"
    if qualifier != "exact" and n.kind != "vague" and n.qualifier == "exact":
        n.qualifier = qualifier
    return length


def _read_suffix(s: Sentence, n: NumberExpression) -> None:
    for length in (2, 1):
        after = AFTER.get(tuple(s.low[n.last : n.last + length]))
        if after and n.qualifier == "exact":
            n.qualifier, n.last = after, n.last + length
    if s.at(n.last) == "+" and s.is_glued(n.last):
        n.qualifier, n.last = "at_least", n.last + 1
    elif s.at(n.last) == "-" and s.at(n.last + 1) in ("plus", "odd") and s.is_glued(n.last):
        n.qualifier, n.last = "at_least" if s.at(n.last + 1) == "plus" else "about", n.last + 2


def _find_hedge(s: Sentence, i: int) -> tuple[int, str] | None:
    if s.at(i - 1) not in HEDGE_LAST:
        return None
    for length in range(min(LONGEST_HEDGE, i), 0, -1):
        qualifier = HEDGES.get(tuple(s.low[i - length : i]))
        if qualifier:
            return length, qualifier
    return None
