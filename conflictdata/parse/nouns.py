"""Noun phrases after numbers: the noun, its group, and whether it names people."""

from __future__ import annotations

from dataclasses import dataclass

from conflictdata.parse.lexicon.function_words import NP_STOPS, OF_THEM
from conflictdata.parse.lexicon.outcomes import BACK, CAPTIVES, NOUNS, PAST
from conflictdata.parse.lexicon.people import (
    ADJECTIVES,
    CHILD,
    ENDINGS,
    MODIFIERS,
    OFFICER,
    OTHER,
    PLURAL,
    SINGULAR,
    SOLDIER,
    STAFF,
    THINGS,
    TIMES,
    TOTAL,
    PeopleGroup,
)
from conflictdata.parse.lexicon.quantities import TENS, UNITS, VAGUE_FIRST
from conflictdata.parse.noun_groups import OWNERS, find_noun_group, is_under_age
from conflictdata.parse.number import NumberExpression
from conflictdata.parse.tokens import Sentence

LONGEST = 11
_ONE = frozenset("death fatality body corpse casualty victim hostage captive martyr".split())
DEGREES = frozenset("critically seriously severely badly gravely slightly lightly fatally".split())
PERSON, THING, OPEN, NONE = "person", "thing", "open", "none"
DIRECTIONS = frozenset("south north east west".split())
_BEFORE_WHOLE = frozenset(
    "more than at least some about nearly almost over around roughly estimated original total remaining other".split()
)
_CORPS = frozenset("force forces service corps guard".split())
_QUOTES = frozenset(('"', "“", "”", "'", "‘", "’"))


@dataclass(slots=True)
class NounPhrase:
    """The noun phrase after a number.

    Attributes:
        last: Token after the phrase.
        kind: `person`, `thing`, `open` (an unknown noun) or `none` (no noun: "31 wounded").
        group: Group of people that the noun names. None if there is no noun.
        outcome: The outcome of the noun itself ("six deaths"), or empty.
        partitive: `them` (of them, of whom), `those` (of the dead), `rest` (of the rebels), `number` (of 241), or empty.
        has_others: Whether it has "others" or "more": people of the kind named before.
        words: First token of the noun's words, and the token after them. Used to find actors.
    """

    last: int
    kind: str = NONE
    group: PeopleGroup | None = None
    outcome: str = ""
    partitive: str = ""
    has_others: bool = False
    words: tuple[int, int] = (0, 0)


_SAYING = frozenset("said say says told reported announced".split())
_HURT = frozenset(("injured", "wounded", "hurt", "injuring", "wounding"))
_OTHERS = frozenset("other others more further additional such".split())
# Nouns with a group of their own, whatever the words around them, and the words that may follow them.
_PLAIN = frozenset(
    w for w, g in PLURAL.items() if g is not OFFICER and w not in NOUNS and w not in STAFF and w != "others"
)
_PLAIN_STOPS = NP_STOPS - frozenset("and or south north east west as following from of".split())


def read_noun(s: Sentence, n: NumberExpression) -> NounPhrase:
    """Read the noun phrase that a number counts."""
    i = n.last
    if (
        s.at(i) in DEGREES
        and s.at(i + 1) in (",", ".", "", "-", ")", "and", "injured", "wounded", "hurt")
        and s.at(n.before - 1) in (",", "-", "(", "and", "including")
        and (s.at(i + 1) not in _HURT or not _HURT.isdisjoint(s.low[: n.before]) or s.at(n.before - 1) == "including")
    ):
        return NounPhrase(i, PERSON, TOTAL, partitive="them")  # "12 were hurt, three severely"
    if s.at(i) == "out" and s.at(i + 1) == "of":
        i += 1
    if (
        s.at(i) in _QUOTES and s.at(i + 1).isalpha() and (s.at(i + 1) in PLURAL or s.at(i + 2) in _QUOTES)
    ):  # 40 "terrorists"
        quoted = s.at(i + 2) in _QUOTES and s.at(i + 1) not in PLURAL and s.at(i + 3) in PLURAL
        noun = read_noun_phrase(s, i + 3 if quoted else i + 1, _is_single(n))  # 35,000 "missing" servicemen
        noun.last += s.at(noun.last) in _QUOTES
        return noun
    if s.at(i) == "of":
        return _read_of_phrase(s, n, i)
    if (
        s.at(i) in ("were", "are")
        and (s.at(i + 1) in PLURAL or s.at(i + 1) in MODIFIERS)
        and _has_predicate_noun(s, i + 1)
    ):
        return NounPhrase(i, PERSON, TOTAL, partitive="them")
    return read_noun_phrase(s, i, _is_single(n))


def _has_predicate_noun(s: Sentence, i: int) -> bool:
    """Return whether a noun follows "were": `36 were police officers`.

    The whole is named before the number, and the group after it.
    """
    noun = read_noun_phrase(s, i, False)
    return noun.kind == PERSON and not noun.outcome and s.at(noun.last) in (".", ",", ";", "", "and", '"', "”")


def _is_single(n: NumberExpression) -> bool:
    return n.value == 1 and n.qualifier in ("exact", "at_least", "nearly", "about")


def _read_of_phrase(s: Sentence, n: NumberExpression, i: int) -> NounPhrase:
    following = s.at(i + 1)
    if n.kind in ("vague", "multiplied") and following not in OF_THEM | OWNERS:
        return read_noun_phrase(s, i + 1, False)
    if following in OF_THEM:
        if following in ("those", "these") and s.at(i + 2) in PAST | BACK | NOUNS:
            return NounPhrase(i + 3, PERSON, TOTAL, outcome=_get_outcome(s.at(i + 2)), partitive="those")
        noun = read_noun_phrase(s, i + 2, False) if following in ("those", "these") else NounPhrase(i + 2)
        if noun.kind == PERSON and following in ("those", "these"):
            noun.partitive = "rest"
            return noun
        return NounPhrase(i + 2, PERSON, TOTAL, partitive="them")
    if _has_whole_after(s, i + 1):
        return NounPhrase(i, PERSON, TOTAL, partitive="number")
    if following in OWNERS and s.at(i + 2) == "own":
        noun = read_noun_phrase(s, i + 3, False)
        return noun if noun.kind == PERSON else NounPhrase(i + 3, PERSON, None)
    if following in OWNERS:
        if s.at(i + 2) in NOUNS and s.at(i + 2) not in CAPTIVES and s.at(i + 3) not in PLURAL:
            return NounPhrase(i + 3, PERSON, TOTAL, outcome=_get_outcome(s.at(i + 2)), partitive="those")
        noun = read_noun_phrase(s, i + 2, False)
        noun.partitive = "rest"
        if noun.kind == NONE or s.at(i + 2).endswith("est") or s.at(i + 2) == "most":
            noun.kind = THING
        return noun
    return read_noun_phrase(s, i + 1, False)


def _has_whole_after(s: Sentence, i: int) -> bool:
    """Return whether a number follows, with or without hedges.

    `82 of the more than 200 girls`.
    """
    i += s.at(i) in ("the", "its", "their", "these", "those")
    while s.at(i) in _BEFORE_WHOLE:
        i += 1
    return _is_numeral(s.at(i))


def _is_numeral(word: str) -> bool:
    return word[:1].isdigit() or word in UNITS or word in TENS


def _get_outcome(word: str) -> str:
    return NOUNS.get(word) or PAST.get(word) or BACK.get(word) or ""


def read_noun_phrase(s: Sentence, i: int, single: bool) -> NounPhrase:
    """Read the noun phrase that begins at token `i`.

    The head is the last known noun before the phrase ends.

    Args:
        s: The sentence.
        i: First token of the phrase.
        single: Whether the number is one, so that the noun is singular.
    """
    listed = s.at(i + 1) == "," and s.at(i + 2) in PLURAL and s.at(i + 3) == "and"
    if s.at(i) in _PLAIN and s.at(i + 1) in _PLAIN_STOPS and not single and not listed:
        return NounPhrase(i + 1, PERSON, PLURAL[s.low[i]], words=(i, i + 1))  # "20 people were"
    first, others, outcome = i, False, ""
    while s.at(i) in _OTHERS or (s.at(i) == "of" and s.at(i + 1) in ("other", "others")):
        others, i = True, i + 1
    i += (
        s.at(i).endswith("ly")
        and (s.at(i + 1) in PAST or s.at(i + 1) in BACK)
        and not _is_bare_participle(s, i + 1, single)
    )
    if s.at(i) in PAST or s.at(i) in BACK:
        if _is_bare_participle(s, i, single):
            return _read_participle(s, i, others)
        outcome, i = _get_outcome(s.at(i)), i + 1
    head, last = _find_head(s, i, single)
    if head is None:
        return _read_headless(s, first, i, last, others, outcome)
    noun_outcome = NOUNS.get(s.low[head], "")
    if noun_outcome and s.at(head + 1) in ("families", "households"):
        return NounPhrase(head + 2, THING, has_others=others)  # "5,200 IDP families"
    if not noun_outcome and s.at(head + 1) in THINGS and s.at(head + 1) not in TIMES and s.at(head + 1) not in PLURAL:
        return NounPhrase(head + 2, THING, has_others=others)  # "three police stations"
    group = find_noun_group(s, i, head, single)
    return NounPhrase(
        _find_coordinated_end(s, head),
        PERSON,
        group,
        outcome=(outcome if noun_outcome == "killed_or_injured" else "") or noun_outcome or outcome,
        has_others=others,
        words=(i, head + 1),
    )


def _is_bare_participle(s: Sentence, i: int, single: bool) -> bool:
    """Return whether no noun follows the participle.

    `20 injured`, not `20 injured people`.
    """
    following = s.at(i + 1)
    known = following in PLURAL or following in NOUNS or (single and following in SINGULAR)
    return not known and not (following in ADJECTIVES and s.at(i + 2) in PLURAL) and not _has_distant_noun(s, i + 1)


def _has_distant_noun(s: Sentence, i: int) -> bool:
    """Return whether modifiers and a noun of people follow: `14 slain security forces personnel`."""
    for k in range(i, min(i + 4, len(s))):
        word = s.low[k]
        if word in PLURAL:
            return k > i and s.at(k + 1) not in _SAYING
        if not word.isalpha() or word in NP_STOPS or word in PAST or (s.raw[k][0].isupper() and k == i and i > 1):
            return False
    return False


def _read_participle(s: Sentence, i: int, others: bool) -> NounPhrase:
    """Read a participle without a noun.

    `20 injured`, `another 20 injured`, `six others injured`.
    """
    named = others and s.at(i - 1) == "others"
    return NounPhrase(i, NONE, TOTAL if named else None, has_others=others)


def _find_coordinated_end(s: Sentence, head: int) -> int:
    """Return the end of a phrase whose second noun shares the number.

    `20 soldiers and policemen`.
    """
    if s.at(head + 1) == "," and s.at(head + 2) in PLURAL and s.at(head + 3) == "and" and s.at(head + 4) in PLURAL:
        return head + 5  # "14 million Hindus, Sikhs and Muslims"
    if s.at(head + 1) not in ("and", "or") or s.low[head] in NOUNS:
        return head + 1
    if _is_numeral(s.at(head + 2)) or s.at(head + 2) in VAGUE_FIRST:
        return head + 1
    for k in (head + 2, head + 3, head + 4):
        if s.at(k) in PLURAL and s.at(k) not in NOUNS and s.at(k + 1) not in PLURAL:
            return k + 1
        word = s.at(k)
        if (
            word in NP_STOPS
            or word in PAST
            or word.endswith("ing")
            or not word.isalpha()
            or _is_numeral(word)
            or word in VAGUE_FIRST
        ):
            break
    return head + 1


def _find_head(s: Sentence, i: int, single: bool) -> tuple[int | None, int]:
    """Return the token of the head (None if unknown), and the end of the phrase."""
    head, start = None, i
    while i < len(s) and i - start < LONGEST:
        word = s.low[i]
        after = _skip_name_part(s, i, start, has_head=head is not None)
        if after > i:
            head, i = None, after
            continue
        if (word in NP_STOPS and not _is_in_name(s, i, start)) or (word == "-" and not s.is_glued(i)):
            break
        if (_is_numeral(word) and s.at(i + 1) != "-") or (head is not None and word in CAPTIVES):
            break  # "held 400 soldiers captive"
        modifies = s.at(i + 1).isalpha() and s.at(i + 1) not in NP_STOPS
        if (
            single
            and word in ADJECTIVES
            and modifies
            and (s.at(i + 1) not in PAST or _has_noun_after(s, i + 1, single))
        ):
            i += 1
            continue  # "a civilian ministry contractor"
        if _is_known_noun(s, i, single):
            head = i
        elif (head is not None and (word in THINGS or not _has_noun_after(s, i, single))) or (
            word in PAST and not _has_noun_after(s, i, single)
        ):
            break
        i += 1
    return head, i


def _skip_name_part(s: Sentence, i: int, start: int, *, has_head: bool) -> int:
    """Return the token after a part of a name that is at `i` in a noun phrase; `i` if there is none. No head precedes it then."""
    word = s.low[i]
    is_glued = i > start and s.is_glued(i)
    if word == "-" and is_glued and s.is_glued(i + 1) and not has_head and s.at(i + 1) not in NP_STOPS:
        return i + (2 if s.at(i + 1) not in PLURAL else 1)
    if word == "(" and i > start and s.at(i + 2) == ")" and s.raw[i + 1].isupper() and not has_head:
        return i + 3  # "Islamic State West Africa Province (ISWAP) fighters"
    if word == "'s" and has_head and i + 1 < len(s) and s.raw[i + 1][0].isupper() and s.raw[i - 1][0].isupper():
        return i + 1  # "four New People's Army rebels"
    if has_head and word in _CORPS and s.raw[i][0].isupper() and _has_people_after_name(s, i + 1):
        return i + 1  # "13 Central Reserve Police Force (CRPF) soldiers"
    if word == "'" and is_glued and not s.is_glued(i + 1) and _is_name_of_owners(s, i):
        return i + 1  # "46 Kurdistan Workers' Party militants"
    return i


def _has_people_after_name(s: Sentence, i: int) -> bool:
    """Return whether people follow the name of their force, with its letters in brackets or without."""
    return s.at(i) in PLURAL or (s.at(i) == "(" and s.at(i + 2) == ")" and s.at(i + 3) in PLURAL)


def _is_name_of_owners(s: Sentence, i: int) -> bool:
    """Return whether the apostrophe at `i` is inside a name with capitals: `Workers' Party`."""
    return s.raw[i - 1][0].isupper() and s.low[i - 1].endswith("s") and i + 1 < len(s) and s.raw[i + 1][0].isupper()


def _is_in_name(s: Sentence, i: int, start: int) -> bool:
    """Return whether a small word belongs to a name.

    `IS`, `South African`, `Doctors Without Borders`, `south Lebanese`.
    """
    word, raw, following = s.low[i], s.raw[i], s.raw[i + 1 : i + 2]
    if s.at(i + 1) == "-" and s.is_glued(i + 1) and s.is_glued(i + 2):
        return True  # "off-duty"
    if word in ("is", "us", "it") and raw.isupper():
        return True
    if word in DIRECTIONS:
        named = bool(following) and following[0][0].isupper() and s.at(i + 2) in PLURAL  # "130 south Kani residents"
        return named or s.at(i + 1) in PLURAL or (raw[0].isupper() and bool(following) and following[0][0].isupper())
    if word in ("following", "as"):
        return s.at(i + 1) in PLURAL
    if word == "and" and i > start and s.raw[i - 1][0].isupper() and not s.low[i - 1].endswith("s"):
        counted = s.at(i + 2) in PLURAL or s.at(i + 2) in NOUNS  # "100 British and Commonwealth soldiers"
        return counted and bool(following) and following[0][0].isupper()
    return (
        i > start and raw[0].isupper() and s.raw[i - 1][0].isupper() and bool(following) and following[0][0].isupper()
    )


def _is_known_noun(s: Sentence, i: int, single: bool) -> bool:
    word = s.low[i]
    if s.at(i + 1) == "-" and s.is_glued(i + 1):
        return False
    if word in NOUNS and word not in PAST and word not in BACK and (not single or word in _ONE):
        return True
    if word == "military" and not single:
        return s.at(i + 1) in PAST or s.at(i + 1) in BACK  # "10,000 Iraqi military killed"
    return word in SINGULAR if single else word in PLURAL


def _has_noun_after(s: Sentence, i: int, single: bool) -> bool:
    """Return whether a known noun follows directly, so that the word is a modifier."""
    following = s.at(i + 1)
    return following in SINGULAR if single else following in PLURAL


def _read_headless(s: Sentence, first: int, i: int, last: int, others: bool, outcome: str) -> NounPhrase:
    if others and s.at(i - 1) == "others":
        return NounPhrase(i, PERSON, TOTAL, has_others=True)
    if last <= i:
        return NounPhrase(i if others else first, NONE, None, has_others=others, outcome=outcome)
    word, raw = s.low[last - 1], s.raw[last - 1]
    if any(s.low[k] in ("year", "month", "week", "day") and s.at(k + 2) == "old" for k in range(i, last)):
        return NounPhrase(
            last, PERSON, CHILD if is_under_age(s, i, last) else TOTAL, has_others=others, words=(i, last)
        )
    if word == "forces":
        return NounPhrase(last, PERSON, SOLDIER, has_others=others, outcome=outcome, words=(i, last))
    if any(s.low[k] in THINGS for k in range(i, last)) or word.isdigit() or not word[0].isalpha():
        return NounPhrase(last, THING, has_others=others)
    if word.endswith(ENDINGS) and len(word) > 4:
        return NounPhrase(
            last, PERSON, OTHER if raw[0].islower() else TOTAL, has_others=others, outcome=outcome, words=(i, last)
        )
    if word.endswith("s") and len(word) > 3:
        return NounPhrase(
            last, OPEN, OTHER if raw[0].islower() else TOTAL, has_others=others, outcome=outcome, words=(i, last)
        )
    if raw[0].isupper() and last - i <= 2:
        return NounPhrase(last, OPEN, TOTAL, has_others=others, outcome=outcome, words=(i, last))
    return NounPhrase(i, NONE, None, has_others=others, outcome=outcome)
