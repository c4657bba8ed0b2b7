"""Words of a sentence that say what happened: verbs with their direction, phrases, tolls; and why some of them assert nothing."""

from __future__ import annotations

from dataclasses import dataclass

from conflictdata.parse.lexicon.function_words import NP_STOPS
from conflictdata.parse.lexicon.outcomes import (
    ADVERBS,
    AUXILIARY,
    BACK,
    BASE,
    BELIEVED,
    BOTH,
    FLIGHT,
    HYPOTHETIC,
    INTRANSITIVE,
    LOST,
    MODALS,
    NEEDS_FLIGHT,
    NEGATIONS,
    OF_THINGS,
    PAST,
    PHRASES,
    PRESENT,
    TO_HAVE,
)
from conflictdata.parse.lexicon.quantities import TENS, UNITS, VAGUE_FIRST
from conflictdata.parse.tokens import Sentence

_BY_FIRST: dict[str, list[tuple[str, ...]]] = {}
for _phrase in sorted(PHRASES, key=len, reverse=True):
    _BY_FIRST.setdefault(_phrase[0], []).append(_phrase)
_COMMON = frozenset(
    "including have their since still found reported country being among taking left believed confirmed leave city still been had".split()
)


def _rarity(word: str) -> int:
    return 0 if word in _COMMON else len(word)


# Without one of these words a sentence says nothing of casualties. A phrase is known by its longest word.
CUES = frozenset(PAST) | frozenset(BACK) | frozenset(PRESENT) | frozenset(max(words, key=_rarity) for words in PHRASES)
_BE = frozenset("be been being is are was were got get gets getting remain remains remained left lay".split())
FORCED = 12  # tokens from "forced" to "to flee"
_JOINT = frozenset(("killed", "injured"))
_CAPTIVITY = frozenset(("captured", "abducted", "detained"))


@dataclass(slots=True)
class Verb:
    """A predicate.

    Attributes:
        first, last: the tokens it covers, with its auxiliaries.
        core: the token of the word itself.
        outcome: an outcome of the vocabulary.
        back, ahead: whether the people may stand before it, or after it.
        be: whether it is a full predicate ("were killed", "died"), which may stand at some distance from its subject.
        things: whether it is said of things too ("captured").
        refused: why it asserts nothing (negated, planned, ...), or empty.
    """

    first: int
    last: int
    core: int
    outcome: str
    back: bool
    ahead: bool
    be: bool = False
    things: bool = False
    refused: str = ""


def predicates(s: Sentence) -> list[Verb]:
    """The predicates of a sentence, in order, coordinated ones joined."""
    found: list[Verb] = []
    i = 0
    while i < len(s):
        word = s.low[i]
        verb = None
        if word in _BY_FIRST:
            verb = _phrase_at(s, i)
        if verb is None and (word in PAST or word in BACK or word in PRESENT):
            verb = _word_at(s, i)
        if verb is not None:
            found.append(verb)
            i = verb.last
        else:
            i += 1
    return _joined(s, found)


def _phrase_at(s: Sentence, i: int) -> Verb | None:
    for words in _BY_FIRST[s.low[i]]:
        if tuple(s.low[i : i + len(words)]) == words:
            outcome, side = PHRASES[words]
            if words[0] in NEEDS_FLIGHT and len(words) == 1 and not FLIGHT & set(s.low[i : i + 14]):
                return None
            if words in (("lost",), ("losing",)) and not LOST.intersection(s.low[i + 1 : i + 7]):
                return None
            first, be, _ = _auxiliaries(s, i)
            both = words in BOTH
            back = side == "back" or both
            ahead = (side == "ahead" or both) and not (be and both)
            verb = Verb(first, i + len(words), i, outcome, back, ahead, be or (back and not both))
            verb.refused = _refusal(s, verb)
            return verb
    return None


def _word_at(s: Sentence, i: int) -> Verb | None:
    word = s.low[i]
    if (s.at(i - 1) == "-" and s.glued(i)) or (
        s.at(i + 1) == "-" and s.glued(i + 1) and s.glued(i + 2) and s.at(i + 2) not in NP_STOPS
    ):
        return None
    if s.at(i - 1) == "to" and NEEDS_FLIGHT.intersection(s.low[max(0, i - FORCED) : i]):
        return None  # "forced 3,000 people to flee": the first verb stands for both
    first, be, have = _auxiliaries(s, i)
    if word in BACK:
        verb = Verb(first, i + 1, i, BACK[word], True, False, be or word in INTRANSITIVE)
    elif word in PAST:
        verb = Verb(first, i + 1, i, PAST[word], be or not have, not be, be)
    else:
        intransitive = word in INTRANSITIVE
        verb = Verb(first, i + 1, i, PRESENT[word], intransitive, not intransitive, intransitive)
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
    verb.things = word in OF_THINGS
    verb.refused = _refusal(s, verb)
    return verb


def _auxiliaries(s: Sentence, i: int) -> tuple[int, bool, bool]:
    """Walks back over adverbs and auxiliaries: where the predicate begins, whether a form of be (or only have) is in it."""
    be = have = False
    first = k = i
    for _ in range(7):
        word = s.at(k - 1)
        if word in AUXILIARY or word in _BE:
            be, have = be or word in _BE, have or word in ("have", "has", "had", "having")
            first = k - 1
        elif not (
            word in ADVERBS
            or (word in BELIEVED and be)
            or word in ("to", "not")
            or word in MODALS
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


def _refusal(s: Sentence, v: Verb) -> str:
    """Negations, plans, conditions: what makes the predicate no report."""
    before = s.low[max(0, v.first - 4) : v.core]
    if (any(w in NEGATIONS for w in before[-6:]) and "rather" not in before) or (
        "rather" in before and "than" in before
    ):
        return "negated"
    for k in range(v.core - 1, max(-1, v.core - 6), -1):
        word = s.low[k]
        if word in MODALS:
            return "not presented as having happened"
        if word in ("may", "might") and s.at(k + 1) not in ("have", "also", "be") and s.low[k] == s.raw[k]:
            return "not presented as having happened"
        if word == "to" and _infinitive(s, k, v):
            return "a plan or a possibility"
        if word not in ADVERBS and word not in TO_HAVE and word not in BELIEVED and word != "not":
            break
    if s.low[v.core] in BASE and s.at(v.core - 1) in ("not", "t"):
        return "negated"
    clause = _clause(s, v.first)
    if any(w in ("if", "unless") for w in clause) or (
        clause and HYPOTHETIC.intersection(clause[-5:]) and not be_past(s, v)
    ):
        return "a plan, a threat or a condition"
    return ""


def be_past(s: Sentence, v: Verb) -> bool:
    """Whether the predicate is a plain past ("were killed", "killed"), which a plan before it does not touch."""
    return s.low[v.core] in PAST or s.low[v.core] in BACK


def _infinitive(s: Sentence, k: int, v: Verb) -> bool:
    """`to kill`, `to be killed` are plans; `believed to have killed`, `reported to be dead` are reports."""
    if s.at(k + 1) == "have":
        return False
    if s.at(k - 1) in BELIEVED:
        return False
    return s.at(k + 1) in ("be", "get") or k + 1 >= v.core - 1


def _clause(s: Sentence, i: int) -> list[str]:
    """The words before a place, back to the beginning of its clause, at most a dozen."""
    k = i
    while k > 0 and i - k < 12 and s.low[k - 1] not in (",", ";", ":", "-", "and", "but", "after", "when", "that"):
        k -= 1
    return s.low[k:i]


def _joined(s: Sentence, verbs: list[Verb]) -> list[Verb]:
    """Joins predicates that share one number: `killed and wounded`, `abducted and killed`."""
    out: list[Verb] = []
    members: list[str] = []
    for v in verbs:
        last = out[-1] if out else None
        if last is None or not _coordinated(s, last, v):
            out.append(v)
            members = [v.outcome]
            continue
        members.append(v.outcome)
        either = any(w == "or" for w in s.low[last.last : v.core])
        last.outcome, fault = _together(members, either)
        last.last, last.ahead, last.core = v.last, (last.ahead and v.ahead) or v.ahead, v.core
        last.refused = last.refused or v.refused or fault
    return out


def _coordinated(s: Sentence, a: Verb, b: Verb) -> bool:
    between = s.low[a.last : max(a.last, b.first)]
    if a.back and not a.ahead and b.ahead and (_number_at(s, b.last) or b.outcome not in ("injured", "missing")):
        return False
    if b.be and a.be and b.first < b.core and s.at(b.first) in AUXILIARY and between in (["and"], []):
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


def _number_at(s: Sentence, i: int) -> bool:
    """Whether a number stands within the next few words."""
    return any(w[:1].isdigit() or w in UNITS or w in TENS or w in VAGUE_FIRST for w in s.low[i : i + 4])


def _together(members: list[str], either: bool) -> tuple[str, str]:
    kinds = set(members)
    if kinds == _JOINT:
        return "killed_or_injured", ""
    if len(kinds) == 1:
        return members[0], ""
    if len(kinds - _CAPTIVITY) == 1 and not either and len(members) == 2:
        return next(iter(kinds - _CAPTIVITY)), ""
    if not kinds - _CAPTIVITY:
        return members[-1], ""
    return members[-1], "a joint number of several outcomes, which no column expresses"
