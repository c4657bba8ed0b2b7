"""How sure the link between a number and its outcome is.

Direct constructions (`20 people were killed`, `killed 20`, `40 people: 30 men and ten women`) are right in at least 98 of 100 claims of
the labelled passages, and need no doubt. Every other way to find a value has one, which names the reason. `bench/parse_doubts.py`
counts the errors of each construction.
"""

from __future__ import annotations

from conflictdata.parse.lexicon.calendar import MONTHS, WEEKDAYS
from conflictdata.parse.lexicon.certainty import (
    ADDED,
    COMPARISONS,
    CONDITIONS,
    DENIALS,
    DIRECT,
    DIRECT_OUTCOMES,
    EXERCISES,
    HOSTS,
    LIMBS,
    NOT_DISPLACED,
    OF_HOMES,
    PLAIN_TOLLS,
    SEQUELS,
)
from conflictdata.parse.lexicon.function_words import ENUMERATORS
from conflictdata.parse.lexicon.outcomes import AUXILIARY, EVENT_NOUNS
from conflictdata.parse.lexicon.people import PLURAL, SINGULAR
from conflictdata.parse.mentions import Mention
from conflictdata.parse.nouns import OPEN, PERSON
from conflictdata.parse.predicates import Predicate
from conflictdata.parse.tokens import Sentence

INDIRECT = "its outcome is named elsewhere in the sentence: look at the sentence"
IN_LIST = "an item of a list, read like the one before: look at the sentence"
OF_TOLL = "a figure of a toll, some words away: look at the sentence"
TWO_OUTCOMES = "two outcomes may belong to the number: look at the sentence"
JOINT_TOTAL = "casualties: killed and wounded together, or one of them?"
LIMB = "missing a part of the body, or missing?"
HOMES = "displaced from their homes, or counted at a place?"
CAPTIVES_OR_NOT = "captured, or something else?"
COMPARED = "a comparison is near: of which time is the number?"
CONDITIONAL = "a condition is near: did it happen?"
DENIED = "a denial is near: did it happen?"
UNKNOWN_NOUN = "the tables do not know the noun: are these people?"
ONE_PERSON = "one named or definite person, or a count?"
LABEL = "a number that may only label a list"
PART_OF_DOUBTED = "its whole is in doubt"
SETTLED_BY_SUM = frozenset((INDIRECT, IN_LIST))  # they need no doubt if the parts add up to their whole
EXERCISE = "an exercise or a work of fiction may be meant"
QUESTION = "the sentence is a question"

OWN_DOUBTS = ("ellipsis", "later", "restated", "loss")
_TO_NEXT = 14  # tokens from a number to a further outcome
_BEFORE = 9  # tokens before a number that may compare it
_AFTER = 7  # tokens after it
_TO_TOLL = 9  # tokens from a toll to its figure
_DAYS = (*WEEKDAYS, *MONTHS)
_JOINED = 4  # tokens of "killed and wounded"


def find_link_doubts(s: Sentence, mentions: list[Mention], predicates: list[Predicate]) -> list[str]:
    """Return for each mention why its link is not sure, or "".

    Args:
        s: The sentence.
        mentions: Its mentions.
        predicates: Its predicates.
    """
    out: list[str] = []
    for i, m in enumerate(mentions):
        if not m.outcome or m.exclusion:
            out.append("")
            continue
        doubt = (
            _find_doubt_of_rule(s, mentions, m)
            or _find_doubt_of_outcome(s, mentions, m)
            or _find_doubt_of_words(s, m)
            or (TWO_OUTCOMES if _has_second_outcome(s, mentions, predicates, m) else "")
        )
        out.append(doubt or _copy_doubt(s, mentions, out, i))
    return out


def _copy_doubt(s: Sentence, mentions: list[Mention], doubts: list[str], i: int) -> str:
    """Return the doubt about the number that gave a part or an item its outcome, or ""."""
    m = mentions[i]
    if _is_of_them(mentions, m):
        return ""
    source = m.parent if m.rule == "part" else mentions[i - 1] if i and m.rule == "list" else None
    k = next((k for k in range(i) if mentions[k] is source), None)
    if k is None or source is None or source.outcome != m.outcome or (m.rule == "list" and not _joins(s, source, m)):
        return ""
    doubted = bool(doubts[k]) or source.rule in OWN_DOUBTS
    return (PART_OF_DOUBTED if m.rule == "part" else IN_LIST) if doubted else ""


def _find_doubt_of_rule(s: Sentence, mentions: list[Mention], m: Mention) -> str:
    """Return the doubt about the construction."""
    if m.rule in OWN_DOUBTS:
        return ""  # they have doubts of their own
    if m.rule in DIRECT:
        return UNKNOWN_NOUN if m.noun.kind == OPEN and not _is_known(s, m) else ""
    if _is_of_them(mentions, m):
        return ""
    if m.rule == "list":
        return "" if _is_plain_item(s, mentions, m) else IN_LIST
    if m.rule == "noun":
        return ""
    if m.rule == "part":
        return _find_doubt_of_part(m)
    if m.rule == "toll":
        return "" if _is_plain_toll(s, m) else OF_TOLL
    return INDIRECT


def _is_of_them(mentions: list[Mention], m: Mention) -> bool:
    """Return whether a number is a part of the number right before it: `220 soldiers, 23 of them officers`."""
    i = mentions.index(m)
    return m.noun.partitive == "them" and i > 0 and m.parent is mentions[i - 1]


def _is_known(s: Sentence, m: Mention) -> bool:
    return any(w in PLURAL or w in SINGULAR for w in s.low[slice(*m.noun.words)])


def _is_plain_item(s: Sentence, mentions: list[Mention], m: Mention) -> bool:
    """Return whether only `and` and commas join people to the people before or after them in a list."""
    if m.noun.kind != PERSON or s.at(m.first - 1) in ("", ".", ":"):
        return False
    i = mentions.index(m)
    if s.at(m.last) in (":", ".") and not s.low[slice(*m.noun.words)]:
        return False
    before = mentions[i - 1] if i else None
    after = mentions[i + 1] if i + 1 < len(mentions) else None
    if before is not None and before.outcome == m.outcome and _joins(s, before, m):
        is_object = before.predicate is not None and before.predicate.last <= before.first
        verbs = AUXILIARY.intersection(s.low[m.last : m.last + _AFTER])
        return not (is_object and verbs)  # "killed three and 40 residents of the town were displaced"
    return after is not None and after.outcome == m.outcome and _joins(s, m, after)


def _joins(s: Sentence, a: Mention, b: Mention) -> bool:
    between = s.low[a.last : b.first]
    return 0 < len(between) <= 3 and all(w in ENUMERATORS and w != ";" for w in between)


def _find_doubt_of_part(m: Mention) -> str:
    """Return the doubt about a part: its whole must be direct, in the same sentence, and no single officer."""
    if m.parent is None or m.is_implied or m.parent.first > m.first:
        return INDIRECT
    if m.number.kind == "article" and m.group is not None and m.group.category in ("officers", "other", "police"):
        return ONE_PERSON
    if m.parent.rule not in (*DIRECT, "part", "list", "noun", "toll"):
        return PART_OF_DOUBTED
    return ""


def _is_plain_toll(s: Sentence, m: Mention) -> bool:
    """Return whether a toll is right before its figure, and nothing compares it: `the death toll rose to 20`."""
    if m.number.qualifier == "up_to":
        return False
    words = s.low[max(0, m.first - _TO_TOLL) : m.first]
    if "least" in words[-3:]:
        return False  # "put the toll at least at 85"
    return not PLAIN_TOLLS.isdisjoint(words) and ADDED.isdisjoint(words)


def _find_doubt_of_outcome(s: Sentence, mentions: list[Mention], m: Mention) -> str:
    """Return the doubt that an outcome itself raises."""
    if m.outcome in DIRECT_OUTCOMES:
        return ""
    if m.outcome == "killed_or_injured":
        v = m.predicate
        both = v is not None and len(s.low[v.core : v.last]) <= _JOINED and SEQUELS.isdisjoint(s.low[v.first : v.last])
        return "" if both or _adds_up(mentions, m) else JOINT_TOTAL
    if m.outcome == "displaced":
        if not HOSTS.isdisjoint(s.low[max(0, m.first - _BEFORE) : m.first]):
            return HOMES
        moved = "evacuated" in s.low and OF_HOMES.isdisjoint(s.low)
        return HOMES if m.rule == "noun" or _is_at_place(s, m) or m.noun.kind == OPEN or moved else ""
    if m.outcome == "missing" and m.predicate is not None and s.at(m.predicate.last) in LIMBS:
        return LIMB
    if m.rule == "noun" or (m.group is not None and m.group.category == "other"):
        return CAPTIVES_OR_NOT if m.outcome != "missing" else INDIRECT
    return ""


def _is_at_place(s: Sentence, m: Mention) -> bool:
    """Return whether the people are counted where they are, or left something else than their homes."""
    v = m.predicate
    after = s.low[m.last : m.last + _AFTER] + (s.low[v.last : v.last + 4] if v is not None else [])
    return not NOT_DISPLACED.isdisjoint(after) or m.number.kind == "vague"


def _adds_up(mentions: list[Mention], m: Mention) -> bool:
    """Return whether the killed and the injured of a joint total add up to it."""
    parts = [x for x in mentions if x.parent is m and x.outcome in ("killed", "injured")]
    return {x.outcome for x in parts} == {"killed", "injured"} and sum(x.number.value for x in parts) == m.number.value


def _find_doubt_of_words(s: Sentence, m: Mention) -> str:
    """Return the doubt that the words near the number raise."""
    before = s.low[max(0, m.first - _BEFORE) : m.first]
    cut = max((k for k, w in enumerate(before) if w in (";", ":", '"', "“")), default=-1)
    before = before[cut + 1 :]
    after = s.low[m.last : m.last + _AFTER]
    multiple = (
        m.number.qualifier == "more_than" and "times" in before[-3:]
    )  # "three times more than the 13,912 who fled"
    if not COMPARISONS.isdisjoint(before[-4:]) or multiple or ("from" in before[-1:] and m.rule != "subject"):
        return COMPARED
    if not CONDITIONS.isdisjoint(before) or "would" in after[:4] or "could" in after[:3]:
        return CONDITIONAL
    if not DENIALS.isdisjoint(before):
        return DENIED
    if s.at(len(s) - 1) == "?":
        return QUESTION
    if not EXERCISES.isdisjoint(s.low):
        return EXERCISE
    if m.first == 0 and s.at(m.number.last) in (":", ")", "-") and m.noun.words[0] == m.noun.words[1]:
        return LABEL
    if m.number.kind == "article" and m.rule == "noun" and s.at(m.noun.last - 1) in EVENT_NOUNS:
        return ONE_PERSON
    named = s.at(m.first - 1) == "," and m.first > 1 and s.raw[m.first - 2][0].isupper()
    if m.number.kind == "article" and named and m.parent is None and not s.at(m.first - 2).startswith(tuple(_DAYS)):
        return ONE_PERSON  # "Karim Said, a fighter wounded in the raid"
    return ""


def _has_second_outcome(s: Sentence, mentions: list[Mention], predicates: list[Predicate], m: Mention) -> bool:
    """Return whether a further outcome follows that no other number explains: `three were wounded and died later`."""
    v = m.predicate
    end = max(m.last, v.last if v is not None and v.first >= m.first else m.last)
    for p in predicates:
        if p is v or p.first < end or p.first - end > _TO_NEXT or p.outcome == m.outcome:
            continue
        between = s.low[end : p.first]
        if ";" in between or any(x.number.first >= end and x.number.first < p.first for x in mentions):
            return False
        if any(x.number.first >= p.last and x.number.first - p.last <= 4 for x in mentions):
            return False
        return not {"and", "or", "who", "then", "before", "later", "after"}.isdisjoint(between)
    return False
