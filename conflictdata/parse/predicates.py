"""Predicates of a sentence: verbs, phrases and tolls that report an outcome.

Each has a direction, and a reason if it asserts nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from conflictdata.parse.assertion import find_non_assertion
from conflictdata.parse.lexicon.calendar import WEEKDAYS
from conflictdata.parse.lexicon.function_words import BARRIERS, NP_STOPS
from conflictdata.parse.lexicon.outcomes import (
    ADVERBS,
    AUXILIARY,
    BACK,
    BELIEVED,
    BOTH,
    CAPTIVES,
    FLIGHT,
    INTRANSITIVE,
    LOST,
    MODALS,
    NEEDS_AFTER,
    NEEDS_FLIGHT,
    OF_THINGS,
    PARTICIPLES,
    PAST,
    PHRASES,
    PRESENT,
    TO_DEATH,
)
from conflictdata.parse.lexicon.people import PLURAL
from conflictdata.parse.lexicon.quantities import TENS, UNITS, VAGUE_FIRST
from conflictdata.parse.tokens import Sentence

# Phrases by their first two words, the longest first; phrases of one word ("lost") separately.
_BY_START: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
for _words in sorted(PHRASES, key=len, reverse=True):
    _BY_START.setdefault(_words[:2], []).append(_words)
_FIRST = frozenset(words[0] for words in PHRASES)
_ALONE = frozenset(words[0] for words in PHRASES if len(words) == 1)
_SINGLE = frozenset(PAST) | frozenset(BACK) | frozenset(PRESENT)
_STARTS = _SINGLE | _FIRST
_LOSSES = (("lost",), ("losing",))
_COMMON = frozenset(
    "including have their since still found reported country being among taking left believed confirmed leave city still been had".split()
)


def _measure_rarity(word: str) -> int:
    return 0 if word in _COMMON else len(word)


# A sentence without one of these words reports no casualties. A phrase is represented by its longest word.
CUES = (
    frozenset(PAST)
    | frozenset(BACK)
    | frozenset(PRESENT)
    | frozenset(max(words, key=_measure_rarity) for words in PHRASES)
)
_BE = frozenset("be been being is are was were got get gets getting remain remains remained left lay".split())
_QUOTES = frozenset(('"', "“", "”", "'", "‘"))
SHORTEST_ADVERB = 5  # letters
SHARED = 9  # tokens from a passive to the participle that shares its auxiliary
FORCED = 12  # tokens from "forced" to "to flee"
JOINT = "a joint number of several outcomes, which no column expresses"
_ENDINGS = frozenset(("died", "succumbed", "dies"))
_JOINT = frozenset(("killed", "injured"))
_CAPTIVITY = frozenset(("captured", "abducted", "detained"))


@dataclass(slots=True)
class Predicate:
    """A word or phrase that reports an outcome.

    Attributes:
        first: First token, including auxiliaries.
        last: Token after it.
        core: Token of the main word.
        outcome: An outcome of the vocabulary.
        can_count_before: Whether the people may be named before it.
        can_count_after: Whether the people may be named after it.
        is_full: Whether it is complete ("were killed", "died") and may be far from its subject.
        can_count_things: Whether it applies to things too ("captured").
        exclusion: Why it asserts nothing (negated, planned, ...), or empty.
    """

    first: int
    last: int
    core: int
    outcome: str
    can_count_before: bool
    can_count_after: bool
    is_full: bool = False
    can_count_things: bool = False
    exclusion: str = ""


def find_predicates(s: Sentence) -> list[Predicate]:
    """Return the predicates of a sentence, in order, with coordinated ones joined."""
    verbs: list[Predicate] = []
    done = 0
    for i in s.find_positions(_STARTS):
        if i < done:
            continue
        verb = _read_phrase_at(s, i) if s.low[i] in _FIRST else None
        if verb is None and s.low[i] in _SINGLE:
            verb = _read_word_at(s, i)
        if verb is not None:
            done = verb.last
            dead = s.low[i] == "in" and bool(verbs) and verbs[-1].outcome == "killed" and i - verbs[-1].last <= 1
            if not dead:  # "died in custody" says where
                verbs.append(verb)
    return _join_predicates(s, verbs) if len(verbs) > 1 else verbs


def _read_phrase_at(s: Sentence, i: int) -> Predicate | None:
    """Return the longest known phrase that begins at token `i`."""
    first = s.low[i]
    for words in _BY_START.get((first, s.at(i + 1)), ()):
        if tuple(s.low[i : i + len(words)]) == words:
            return _build_phrase(s, i, words)
    return _build_phrase(s, i, (first,)) if first in _ALONE else None


def _build_phrase(s: Sentence, i: int, words: tuple[str, ...]) -> Predicate | None:
    outcome, side = PHRASES[words]
    if len(words) == 1 and words[0] in NEEDS_FLIGHT and FLIGHT.isdisjoint(s.low[i : i + 14]):
        return None
    if len(words) == 1 and words[0] in TO_DEATH and "to death" not in " ".join(s.low[i + 2 : i + FORCED]):
        return None
    if words in NEEDS_AFTER and NEEDS_AFTER[words].isdisjoint(s.low[i + 2 : i + FORCED]):
        return None
    if words in _LOSSES and LOST.isdisjoint(s.low[i + 1 : i + 7]) and PLURAL.keys().isdisjoint(s.low[i + 1 : i + 6]):
        return None
    first, be, _ = _find_auxiliaries(s, i)
    if words == ("among", "the", "victims"):
        outcome = _find_fate(s, i + 3) or outcome
    both = words in BOTH
    back = side == "back" or both
    ahead = (side == "ahead" or both) and not (be and both)
    verb = Predicate(first, i + len(words), i, outcome, back, ahead, be or (back and not both))
    verb.can_count_things = words[-1] == "lost" and len(words) > 1
    verb.exclusion = find_non_assertion(s, verb.first, verb.core, verb.last)
    return verb


def _find_fate(s: Sentence, i: int) -> str:
    """Return what the clause after "victims" says of them: `who were killed with machetes`; "" if there is none."""
    fate = next((w for w in s.low[i + 1 : i + 5] if w in PAST or w in BACK), "") if s.at(i) in ("who", "that") else ""
    return PAST.get(fate) or BACK.get(fate, "")


def _read_word_at(s: Sentence, i: int) -> Predicate | None:
    word = s.low[i]
    if (s.at(i - 1) == "-" and s.is_glued(i)) or (
        s.at(i + 1) == "-" and s.is_glued(i + 1) and s.is_glued(i + 2) and s.at(i + 2) not in NP_STOPS
    ):
        return None
    if s.at(i - 1) == "to" and NEEDS_FLIGHT.intersection(s.low[max(0, i - FORCED) : i]):
        return None  # "forced 3,000 people to flee": the first verb counts for both
    first, be, have = _find_auxiliaries(s, i)
    if word in BACK:
        verb = Predicate(first, i + 1, i, BACK[word], True, False, be or word in INTRANSITIVE)
    elif word in PAST:
        verb = Predicate(first, i + 1, i, PAST[word], be or not have, not be, be)
    else:
        intransitive = word in INTRANSITIVE
        verb = Predicate(first, i + 1, i, PRESENT[word], intransitive, not intransitive, intransitive)
        if word in ("wounds", "wound", "murders", "arrests", "arrest", "executes") and s.at(i - 1) in (
            "of",
            "the",
            "with",
            "his",
            "their",
            "serious",
            "under",
        ):
            return None
    verb.can_count_things = word in OF_THINGS
    verb.exclusion = find_non_assertion(s, verb.first, verb.core, verb.last)
    return verb


def _find_auxiliaries(s: Sentence, i: int) -> tuple[int, bool, bool]:
    """Walk back over adverbs and auxiliaries.

    Returns:
        The first token of the predicate; whether it has a form of "be"; whether it has only "have".
    """
    be = have = False
    first = k = i
    if s.at(i - 1) == "and":
        k = _find_shared_passive(s, i)
    for _ in range(7):
        word = s.at(k - 1)
        if word in AUXILIARY or word in _BE:
            be, have = be or word in _BE, have or word in ("have", "has", "had", "having")
            first = k - 1
        elif not (
            word in ADVERBS
            or (word in BELIEVED and be)
            or (word == "as" and s.at(k - 2) in BELIEVED)
            or (word in _QUOTES and k < i + 1)
            or (word.endswith("ly") and len(word) > SHORTEST_ADVERB and word not in PLURAL and s.at(k - 2) in AUXILIARY)
            or word in ("to", "not")
            or word in MODALS
            or (word in WEEKDAYS and s.at(k - 2) in (*_BE, "on"))
            or (word == "on" and s.at(k) in WEEKDAYS and s.at(k - 2) in _BE)
            or word in ("may", "might", "t", "'")
        ):
            break
        k -= 1
    if first < i and not be and not have:
        first = i
    if first == i:
        while s.at(first - 1) in ADVERBS and s.at(first - 1) not in AUXILIARY:
            first -= 1
    return first, be, have and not be


def _find_shared_passive(s: Sentence, i: int) -> int:
    """Return the start of a passive whose auxiliary the participle at `i` shares.

    `were ambushed in the hills and killed`.
    """
    if _has_number_at(s, i + 1) or s.at(i + 1) in ("the", "a", "an", "his", "their"):
        return i  # it has an object
    for k in range(i - 2, max(0, i - SHARED), -1):
        word = s.low[k]
        if word in BARRIERS or word == ",":
            return i
        participle = (word.endswith("ed") and word not in PAST) or word in PARTICIPLES
        if participle and s.at(k - 1) in AUXILIARY:
            return k
    return i


def _join_predicates(s: Sentence, verbs: list[Predicate]) -> list[Predicate]:
    """Join predicates that share one number.

    `killed and wounded`, `abducted and killed`.
    """
    out: list[Predicate] = []
    members: list[str] = []
    for v in verbs:
        last = out[-1] if out else None
        if last is None or not _is_coordinated(s, last, v):
            out.append(v)
            members = [v.outcome]
            continue
        members.append(v.outcome)
        either = any(w == "or" for w in s.low[last.last : v.core])
        last.outcome, fault = _combine_outcomes(members, either)
        if s.low[v.core] in _ENDINGS and not either:
            last.outcome, fault = "killed", ""  # "were wounded and died later"
        last.last, last.can_count_after, last.core = (
            v.last,
            (last.can_count_after and v.can_count_after) or v.can_count_after,
            v.core,
        )
        last.exclusion = last.exclusion or v.exclusion or fault
    for v in out:
        rest = s.low[v.last : v.last + 3]
        if v.outcome == "killed_or_injured" and "and" in rest and not CAPTIVES.isdisjoint(rest):
            v.exclusion = v.exclusion or JOINT  # "400,000 killed, wounded, and prisoners"
    return out


def _is_coordinated(s: Sentence, a: Predicate, b: Predicate) -> bool:
    between = [w for w in s.low[a.last : max(a.last, b.first)] if w not in _QUOTES]
    if (
        between != ["or"]
        and a.can_count_before
        and not a.can_count_after
        and b.can_count_after
        and (_has_number_at(s, b.last) or b.outcome not in ("injured", "missing"))
    ):
        return False
    if b.is_full and a.is_full and b.first < b.core and s.at(b.first) in AUXILIARY and between in (["and"], []):
        return between == ["and"]
    return (
        between
        in (
            ["and"],
            ["or"],
            [","],
            [",", "and"],
            [",", "or"],
            ["and", "/", "or"],
            ["/"],
            ["and", "then"],
            ["or", "otherwise"],
        )
        and len(between) > 0
        and b.outcome != a.outcome
    )


def _has_number_at(s: Sentence, i: int) -> bool:
    """Return whether there is a number within the next four words."""
    return any(w[:1].isdigit() or w in UNITS or w in TENS or w in VAGUE_FIRST for w in s.low[i : i + 4])


def _combine_outcomes(outcomes: list[str], either: bool) -> tuple[str, str]:
    kinds = set(outcomes)
    if kinds == _JOINT:
        return "killed_or_injured", ""
    if len(kinds) == 1:
        return outcomes[0], ""
    if kinds == {"killed", "abducted"} and either:
        return outcomes[-1], JOINT
    if len(kinds - _CAPTIVITY) == 1 and not either and len(outcomes) == 2:
        return next(iter(kinds - _CAPTIVITY)), ""
    if not kinds - _CAPTIVITY:
        return outcomes[-1], ""
    return outcomes[-1], JOINT
