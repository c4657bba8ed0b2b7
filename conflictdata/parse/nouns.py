"""What a number counts: the noun phrase after it, and whether it names people."""

from __future__ import annotations

from dataclasses import dataclass

from conflictdata.parse.lexicon.function_words import NP_STOPS, OF_THEM
from conflictdata.parse.lexicon.outcomes import BACK, CAPTIVES, NOUNS, PAST
from conflictdata.parse.lexicon.people import (
    ADJECTIVES,
    AID,
    ENDINGS,
    FIGHTER,
    KIN,
    MODIFIED,
    OTHER,
    PLURAL,
    POLICE,
    SINGULAR,
    SOLDIER,
    THINGS,
    TOTAL,
    Group,
)
from conflictdata.parse.lexicon.quantities import TENS, UNITS, VAGUE_FIRST
from conflictdata.parse.number import Number
from conflictdata.parse.tokens import Sentence

LONGEST = 9
_ONE = frozenset("death fatality body corpse casualty victim hostage captive martyr".split())
DEGREES = frozenset("critically seriously severely badly gravely slightly lightly fatally".split())
AGENCIES = frozenset("un u.n. ngo unrwa unicef wfp humanitarian aid relief charity oxfam msf".split())
PERSON, THING, OPEN, NONE = "person", "thing", "open", "none"


@dataclass(slots=True)
class Noun:
    """The noun phrase after a number.

    Attributes:
        last: the token after it.
        kind: `person`, `thing`, `open` (an unknown noun), `none` (no noun: "31 wounded").
        group: what the noun says of the people; None where there is no noun.
        outcome: the outcome that the noun itself carries ("six deaths"), or empty.
        partitive: `them` (of them, of whom), `those` (of the dead), `rest` (of the rebels), `number` (of 241), or empty.
        others: "others", "more": people of the kind named before.
        words: first and last token of the noun's words, for actors.
    """

    last: int
    kind: str = NONE
    group: Group | None = None
    outcome: str = ""
    partitive: str = ""
    others: bool = False
    words: tuple[int, int] = (0, 0)


def noun_of(s: Sentence, n: Number) -> Noun:
    """Reads the noun phrase that a number counts."""
    i = n.last
    if (
        s.at(i) in DEGREES
        and s.at(i + 1) in (",", ".", "", "-", ")", "and", "injured", "wounded", "hurt")
        and s.at(n.before - 1) in (",", "-", "(", "and", "including")
    ):
        return Noun(i, PERSON, TOTAL, partitive="them")
    if s.at(i) == "out" and s.at(i + 1) == "of":
        i += 1
    if s.at(i) == "of":
        return _of(s, n, i)
    return phrase(s, i, _single(n))


def _single(n: Number) -> bool:
    return n.value == 1 and n.qualifier in ("exact", "at_least", "nearly", "about")


def _of(s: Sentence, n: Number, i: int) -> Noun:
    following = s.at(i + 1)
    if n.kind in ("vague", "multiplied") and following not in (*OF_THEM, "the", "its", "their", "his", "our", "my"):
        return phrase(s, i + 1, False)
    if following in OF_THEM:
        if following in ("those", "these") and s.at(i + 2) in PAST | BACK | NOUNS:
            return Noun(i + 3, PERSON, TOTAL, outcome=_outcome(s.at(i + 2)), partitive="those")
        noun = phrase(s, i + 2, False) if following in ("those", "these") else Noun(i + 2)
        if noun.kind == PERSON and following in ("those", "these"):
            noun.partitive = "rest"
            return noun
        return Noun(i + 2, PERSON, TOTAL, partitive="them")
    if _numeral(following) or (following in ("the", "its", "their") and _numeral(s.at(i + 2))):
        return Noun(i, PERSON, TOTAL, partitive="number")
    if following in ("the", "its", "their", "his", "our", "my"):
        if s.at(i + 2) in NOUNS and s.at(i + 2) not in CAPTIVES and s.at(i + 3) not in PLURAL:
            return Noun(i + 3, PERSON, TOTAL, outcome=_outcome(s.at(i + 2)), partitive="those")
        noun = phrase(s, i + 2, False)
        noun.partitive = "rest"
        if noun.kind == NONE or s.at(i + 2).endswith("est") or s.at(i + 2) == "most":
            noun.kind = THING
        return noun
    return phrase(s, i + 1, False)


def _numeral(word: str) -> bool:
    return word[:1].isdigit() or word in UNITS or word in TENS


def _outcome(word: str) -> str:
    return NOUNS.get(word) or PAST.get(word) or BACK.get(word) or ""


def phrase(s: Sentence, i: int, single: bool) -> Noun:
    """Walks over modifiers to the head: the last known noun before the phrase ends."""
    first, others, outcome = i, False, ""
    while s.at(i) in ("other", "others", "more", "further", "additional", "such") or (
        s.at(i) == "of" and s.at(i + 1) in ("other", "others")
    ):
        others, i = True, i + 1
    if s.at(i) in PAST or s.at(i) in BACK:  # "20 injured people" against "20 injured"
        following = s.at(i + 1)
        if (
            following not in PLURAL
            and not (single and following in SINGULAR)
            and not (following in ADJECTIVES and s.at(i + 2) in PLURAL)
        ):
            if s.at(i) in NOUNS and not others and following not in NOUNS:
                return Noun(i, NONE, None, others=others)
            if following not in NOUNS:
                return Noun(i, NONE, TOTAL if others and s.at(i - 1) == "others" else None, others=others)
        outcome, i = _outcome(s.at(i)), i + 1
    head, last = _walk(s, i, single)
    if head is None:
        return _headless(s, first, i, last, others, outcome)
    group = _group(s, i, head, single)
    own = NOUNS.get(s.low[head], "")
    return Noun(_coordinated(s, head), PERSON, group, outcome=own or outcome, others=others, words=(i, head + 1))


def _coordinated(s: Sentence, head: int) -> int:
    """Where the phrase ends with a second noun that shares the number: `20 soldiers and policemen`."""
    if s.at(head + 1) not in ("and", "or") or s.low[head] in NOUNS:
        return head + 1
    if _numeral(s.at(head + 2)) or s.at(head + 2) in VAGUE_FIRST:
        return head + 1
    for k in (head + 2, head + 3):
        if s.at(k) in PLURAL and s.at(k) not in NOUNS and s.at(k + 1) not in PLURAL:
            return k + 1
        if s.at(k) in NP_STOPS or s.at(k) in PAST or not s.at(k).isalpha():
            break
    return head + 1


def _walk(s: Sentence, i: int, single: bool) -> tuple[int | None, int]:
    """The place of the head, if it is a known noun, and where the phrase ends."""
    head, start = None, i
    while i < len(s) and i - start < LONGEST:
        word = s.low[i]
        if word == "-" and i > start and s.glued(i) and s.glued(i + 1) and head is None and s.at(i + 1) not in NP_STOPS:
            i += 2 if s.at(i + 1) not in PLURAL else 1
            continue
        if (
            word in NP_STOPS
            and not (len(word) > 1 and s.raw[i].isupper() and word in ("is", "us", "it"))
            and not (word in ("south", "north", "east", "west", "following", "as") and s.at(i + 1) in PLURAL)
        ):
            break
        if i > start and _numeral(word) and s.at(i + 1) != "-":
            break
        known = _known(s, i, single)
        if known:
            head = i
        elif head is not None:
            if word in THINGS or not _goes_on(s, i, single):
                break
        elif word in PAST and not _goes_on(s, i, single):
            break
        i += 1
    return head, i


def _known(s: Sentence, i: int, single: bool) -> bool:
    word = s.low[i]
    if s.at(i + 1) == "-" and s.glued(i + 1):
        return False
    if word in NOUNS and word not in PAST and word not in BACK and (not single or word in _ONE):
        return True
    return word in SINGULAR if single else word in PLURAL


def _goes_on(s: Sentence, i: int, single: bool) -> bool:
    """Whether a further known noun follows directly: the word is a modifier."""
    following = s.at(i + 1)
    return following in SINGULAR if single else following in PLURAL


def _headless(s: Sentence, first: int, i: int, last: int, others: bool, outcome: str) -> Noun:
    if others and s.at(i - 1) == "others":
        return Noun(i, PERSON, TOTAL, others=True)
    if last <= i:
        return Noun(i if others else first, NONE, None, others=others, outcome=outcome)
    word, raw = s.low[last - 1], s.raw[last - 1]
    if any(s.low[k] in ("year", "month", "week", "day") and s.at(k + 2) == "old" for k in range(i, last)):
        return Noun(last, PERSON, TOTAL, others=others, words=(i, last))
    if any(s.low[k] in THINGS for k in range(i, last)) or word.isdigit() or not word[0].isalpha():
        return Noun(last, THING, others=others)
    if word.endswith(ENDINGS) and len(word) > 4:
        return Noun(last, PERSON, OTHER if raw[0].islower() else TOTAL, others=others, outcome=outcome, words=(i, last))
    if word.endswith("s") and len(word) > 3:
        return Noun(last, OPEN, OTHER if raw[0].islower() else TOTAL, others=others, outcome=outcome, words=(i, last))
    if raw[0].isupper() and last - i <= 2:
        return Noun(last, OPEN, TOTAL, others=others, outcome=outcome, words=(i, last))
    return Noun(i, NONE, None, others=others, outcome=outcome)


def _group(s: Sentence, i: int, head: int, single: bool) -> Group:
    """The group of a head with its modifiers."""
    word = s.low[head]
    before = [s.low[k] for k in range(max(i, head - 4), head)]
    if word in ("members", "member", "staff", "staffers", "staffer", "workers", "worker") and AGENCIES.intersection(
        before
    ):
        return AID
    for modifier in reversed(before):
        found = MODIFIED.get((modifier, word)) or (
            MODIFIED.get((modifier, "*")) if word not in ("soldiers", "fighters", "militants") else None
        )
        if found:
            return found
    if word in NOUNS:
        return next((ADJECTIVES[m] for m in before if m in ADJECTIVES), TOTAL)
    if word in ("members", "member", "employees", "staff", "personnel"):
        return _members(s, head, word)
    if word in ("leaders", "leader", "chief", "chiefs") and any(
        m in ("community", "tribal", "religious", "opposition", "party", "village", "political") for m in before
    ):
        return OTHER
    if word in ("officials", "official", "personnel") and "police" in before:
        return POLICE
    group = (SINGULAR if single else PLURAL).get(word) or PLURAL.get(word) or SINGULAR.get(word) or TOTAL
    second = s.at(head + 2)
    if (
        s.at(head + 1) in ("and", "or")
        and second in PLURAL
        and s.at(head + 3) not in ("from", "'s")
        and PLURAL[second].category not in (group.category, "total")
    ):
        return OTHER
    return group if not (word in KIN and group.category == "total") else TOTAL


_OF_WHAT: tuple[tuple[str, Group], ...] = (
    ("family families tribe tribes clan community household sect minority ethnic faith congregation wedding bu", TOTAL),
    ("police", POLICE),
    ("security army military forces navy guard guards troops paramilitary", SOLDIER),
    ("parliament council party cabinet staff crew board club media press church orchestra team", OTHER),
)


def _members(s: Sentence, head: int, word: str) -> Group:
    """`members of the same family` are no fighters: what follows "of" decides, as does what stands before."""
    before = {s.at(head - 1), s.at(head - 2)}
    after = set(s.low[head + 1 : head + 9]) if s.at(head + 1) in ("of", "from") else set()
    for words, group in _OF_WHAT:
        if (after | before) & set(words.split()):
            return group
    return {"members": FIGHTER, "member": FIGHTER, "personnel": SOLDIER}.get(word, OTHER)
