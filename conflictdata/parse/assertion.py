"""Predicates that assert nothing.

They are negated, denied, planned or conditional, or report a natural disaster.
"""

from __future__ import annotations

from conflictdata.parse.lexicon.outcomes import (
    ADVERBS,
    BACK,
    BASE,
    BELIEVED,
    DENY,
    DISASTERS,
    HYPOTHETIC,
    MODALS,
    NEGATIONS,
    PAST,
    PRESENT,
    REWARD,
    TO_HAVE,
)
from conflictdata.parse.tokens import Sentence

NEAR = 6  # tokens from a predicate to its auxiliaries, or to the disaster that it reports
FOUND = 14  # tokens from the missing to the words that they were found
TO_AGE = 12  # tokens from "died" to an age
OLD, OLDEST = 60, 119  # years
CLAUSE = 12  # tokens back to the beginning of its clause
_LEADING = ADVERBS | BELIEVED | TO_HAVE | {"not"}  # allowed between an auxiliary and its verb
_INFINITIVES = (
    BASE
    | frozenset(PAST)
    | frozenset(BACK)
    | frozenset(("be", "get", "lose", "take", "claim", "put", "slit", "beat", "hack", "burn"))
)
_DONE = frozenset(
    "used using managed able went proceeded led enabled enabling allowed allowing helped succeeded".split()
)  # "used machetes to kill 40" happened
DEFINING = frozenset("defines define defined characterizes characterises characterized classifies classified".split())
_BEFORE_AGE = frozenset(("aged", "of", "at", "age"))
_HARM = frozenset(
    "attack attacks strike strikes airstrike shelling blast explosion bombing shot killed wounds wounded injuries fire fighting clashes ambush raid torture custody captivity".split()
)
_PRESENT = frozenset(word for word in PRESENT if word.endswith("s")) | {"dies"}
_FICTION = frozenset("film movie novel thriller play drama opera musical sequel book story episode".split())
_OF_PLOT = frozenset("about tells follows stars starring plays whose who which where when".split())
_BREAKS = frozenset(", ; : - and but after when that".split())


def find_non_assertion(s: Sentence, first: int, core: int, last: int) -> str:
    """Return why a predicate asserts nothing, or "" if it asserts something.

    Args:
        s: The sentence.
        first: First token of the predicate.
        core: Token of its main word.
        last: Token after the predicate.
    """
    before = s.low[max(0, first - 4, core - 6) : core]
    if not NEGATIONS.isdisjoint(before) and not _is_in_name(s, first, core):
        return "negated"
    if s.low[core] in BASE and s.at(core - 1) in ("not", "t"):
        return "negated"
    if not DEFINING.isdisjoint(s.low[:first]) and any(w in ("are", "is") for w in s.low[first:core]):
        return "a definition"
    if "missing" in s.low[first:last] and _is_found(s.low[last : last + FOUND]):
        return "found again"
    return (
        _find_hypothetical(s, core)
        or _find_natural_disaster(s, last)
        or _find_natural_death(s, core, last)
        or ("a work of fiction" if _is_in_fiction(s, core) else "")
        or _find_clause_condition(s, first, core)
    )


def _is_found(following: list[str]) -> bool:
    """Return whether the missing are found: `went missing after the ambush but were found at dawn`."""
    for before, word, after in zip(following, following[1:], [*following[2:], ""], strict=False):
        if word == "found" and before in ("were", "was", "been"):
            return after not in ("dead", "killed", "shot", "beheaded", "buried")
    return False


def _is_in_name(s: Sentence, first: int, core: int) -> bool:
    """Return whether "without" belongs to a name.

    `a Doctors Without Borders nurse was killed`.
    """
    return any(s.low[k] == "without" and s.raw[k][0].isupper() for k in range(max(1, first - 4), core))


def _find_hypothetical(s: Sentence, core: int) -> str:
    """Return why the verb is hypothetical: `could be killed`, `a plan to kill`."""
    for k in range(core - 1, max(-1, core - NEAR), -1):
        word = s.low[k]
        if word in MODALS:
            return "not presented as having happened"
        if word in ("may", "might") and s.at(k + 1) not in ("have", "also", "be") and s.low[k] == s.raw[k]:
            return "not presented as having happened"
        if word == "to" and s.low[core] in _INFINITIVES and _is_plan_infinitive(s, k, core):
            return "a plan or a possibility"
        if word not in _LEADING:
            break
    return ""


def _is_plan_infinitive(s: Sentence, k: int, core: int) -> bool:
    """Return whether "to" at `k` opens a plan.

    `to kill` and `to be killed` are plans; `believed to have killed` and `reported to be dead` are reports.
    """
    if s.at(k + 1) == "have" or s.at(k - 1) in BELIEVED or not _DONE.isdisjoint(s.low[max(0, k - 4) : k]):
        return False
    return s.at(k + 1) in ("be", "get") or k + 1 >= core - 1


def _find_natural_disaster(s: Sentence, last: int) -> str:
    """Return the reason if a disaster is the cause: `displaced by the flooding`."""
    by_disaster = s.at(last) in ("by", "in", "after", "when") and not DISASTERS.isdisjoint(s.low[last : last + NEAR])
    return "a natural disaster" if by_disaster else ""


def _find_natural_death(s: Sentence, core: int, last: int) -> str:
    """Return the reason if somebody old died, and the sentence names no harm: `a bomber pilot has died aged 94`."""
    if s.low[core] not in ("died", "dies") or not _HARM.isdisjoint(s.low):
        return ""
    after = s.low[last : last + TO_AGE]
    if "peacefully" in after:
        return "a natural death"
    old = any(w.isdigit() and OLD <= int(w) <= OLDEST and after[k - 1] in _BEFORE_AGE for k, w in enumerate(after) if k)
    return "a natural death" if old else ""


def _is_in_fiction(s: Sentence, core: int) -> bool:
    """Return whether a work of fiction has it, in the present: `The film, about a sniper who kills 40 men, won a prize`."""
    if s.low[core] not in _PRESENT or _FICTION.isdisjoint(s.low[:core]):
        return False
    return not _OF_PLOT.isdisjoint(s.low[:core])


def _find_clause_condition(s: Sentence, first: int, core: int) -> str:
    """Return why the words before the predicate make it a condition or a denial.

    `if ...`, `threatened to ...`, `rejected reports that ...`, `a reward for ...`.
    """
    k = first
    while k > 0 and first - k < CLAUSE and s.low[k - 1] not in _BREAKS:
        k -= 1
    clause = s.low[k:first]
    if s.at(k - 1) == "that" and not DENY.isdisjoint(s.low[max(0, k - 5) : k - 1]):
        return "denied"
    if "for" in clause[-2:] and not REWARD.isdisjoint(s.low[:first]):
        return "a reward or a demand"
    plain = s.low[core] in PAST or s.low[core] in BACK  # a plan before a simple past does not change it
    if "if" in clause or "unless" in clause or (not plain and not HYPOTHETIC.isdisjoint(clause[-5:])):
        return "a plan, a threat or a condition"
    return ""
