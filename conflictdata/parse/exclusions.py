"""Numbers that count no casualties: things, speakers, rates, survivors."""

from __future__ import annotations

from conflictdata.parse.lexicon.function_words import PREPOSITIONS
from conflictdata.parse.lexicon.outcomes import ADVERBS, AUXILIARY, BACK, FREED, PAST, PRESENT, SPARED, TOLLS
from conflictdata.parse.lexicon.people import KIN, RELATIVES, SPEAKERS
from conflictdata.parse.lexicon.quantities import RATE_UNITS, UNITS
from conflictdata.parse.nouns import NONE, OPEN, PERSON, THING, NounPhrase
from conflictdata.parse.number import NumberExpression
from conflictdata.parse.tokens import Sentence

BACK_AGAIN = 16  # tokens from "who" to "returned"
STEPS = 6  # auxiliaries and adverbs between the people and the word
_REPORTING_VERBS = frozenset(
    "said says say told tells reported reports added announced confirmed stated told claimed".split()
)
_ENDS = frozenset((".", ",", ";", "", "!", '"', "”"))


def find_exclusion(s: Sentence, n: NumberExpression, noun: NounPhrase) -> str:
    """Return why a number counts no casualties, or "" if it may count some.

    Args:
        s: The sentence.
        n: The number.
        noun: The noun phrase after it.
    """
    if noun.kind == THING:
        return "counts things"
    if n.kind == "article":
        return "" if noun.kind == NONE and _is_another_person(s, n) else _check_article(s, n, noun)
    if n.kind == "both":
        return _check_both(s, n, noun)
    for rule in _RULES:
        reason = rule(s, n, noun)
        if reason:
            return reason
    return ""


def _check_difference(s: Sentence, n: NumberExpression, noun: NounPhrase) -> str:
    """Refuse a difference: `the toll was 20 higher than the figure of Saturday`."""
    compared = s.at(n.last) in ("higher", "lower", "fewer") and s.at(n.last + 1) == "than"
    return "a difference" if compared and noun.kind == NONE else ""


def _is_another_person(s: Sentence, n: NumberExpression) -> bool:
    """Return whether "another" counts one more person.

    `one was killed and another wounded`, `killed one and another in the next village`, `injured another.`
    """
    after, before = s.at(n.last), s.at(n.first - 1)
    if not n.is_more:
        return False
    if (
        after in PAST
        or after in BACK
        or (after in ("was", "is", "died") and (s.at(n.last + 1) in PAST or s.at(n.last + 1) == "in"))
    ):
        return True
    if before == "and" and after in ("in", "at", "near"):
        return True
    return (before in PAST or before in PRESENT) and (after in PREPOSITIONS or after in _ENDS)


def _check_article(s: Sentence, n: NumberExpression, noun: NounPhrase) -> str:
    """Return why `a` counts nobody, or "".

    It counts one only before a person who was hit: not a speaker, a toll or somebody definite.
    """
    last = max(noun.last, n.last)
    if "every" in s.low[: n.first] and n.first - s.low.index("every") < STEPS:
        return "a rate"
    if (
        s.at(last) in TOLLS
        or noun.kind != PERSON
        or noun.words == (0, 0)
        or n.is_definite
        or s.at(last - 1) == "humanitarian"
    ):
        return "no person"
    if s.at(n.first - 1) == "of" and (s.at(n.first - 2) in RELATIVES or s.at(n.first - 2) in KIN):
        return "relatives"  # "the wife of a soldier"
    if s.at(last - 1) in _OUTLIVED and _is_later_death(s, last):
        return "a later death"
    if _is_in_apposition(s, n, last):
        return "a named person"
    if noun.outcome and not {"every", "each", "per"}.isdisjoint(s.low[last : last + 3]):
        return "a rate"
    source = s.low[noun.words[1] - 1] in SPEAKERS and s.at(last) in ("in", "from", "of", "with", "for", "at", ",")
    return "a speaker" if source or s.at(last) in _REPORTING_VERBS or s.at(last) == "'s" else ""


def _is_in_apposition(s: Sentence, n: NumberExpression, last: int) -> bool:
    """Return whether the person is the one just named: `The driver, a man of 44, was arrested`."""
    if s.at(n.first - 1) != "," or s.at(n.first - 3) != "the" or not s.at(n.first - 2).isalpha():
        return False
    after = s.low[last : last + STEPS]
    return "," in after and "and" not in after[: after.index(",")] and s.at(last + after.index(",") + 1) in AUXILIARY


def _check_both(s: Sentence, n: NumberExpression, noun: NounPhrase) -> str:
    """Return why `both` counts nobody.

    `both pilots` counts two, `both in the north and ...` nobody.
    """
    word = s.at(n.last)
    bare = s.at(n.last + 1) == "and" and word in ("alive", "dead", "killed", "wounded", "injured")
    bare = bare or (noun.kind == NONE and word in ("and", "the", "in", "a", "civilian", "military", "sides"))
    return "no count" if noun.kind == OPEN or bare or word.isdigit() else ""


def _check_one(s: Sentence, n: NumberExpression, noun: NounPhrase) -> str:
    """Return why "one" counts nobody: `no one`, `one day`, `one another`, `this one`."""
    if n.kind != "words" or n.value != 1 or noun.kind not in (NONE, OPEN):
        return ""
    before = s.at(n.first - 1) in ("no", "any", "every", "each", "this", "that")
    before = before or (
        s.at(n.first - 1) == "the" and s.at(n.last) in ("on", "in", "at", "near")
    )  # "the one on the clinic"
    after = s.at(n.last) in ("another", "who", "that", "day", "'s", "can", "could")
    return "no count" if before or after else ""


def _check_named_person(s: Sentence, n: NumberExpression, noun: NounPhrase) -> str:
    """Return why "one of" describes a named person: `he was one of three brothers`."""
    definite = n.value == 1 and noun.partitive == "number" and s.at(n.before - 1) in _BECOMING
    return "a named person" if definite else ""


def _check_rate(s: Sentence, n: NumberExpression, noun: NounPhrase) -> str:
    """Return "a rate" for `1,200 soldiers a day` or `an average of eight a month`."""
    if "average" in s.low[max(0, n.before - 3) : n.before]:
        return "a rate"
    i = max(noun.last, n.last)
    for k in range(i, min(i + 5, len(s))):
        word = s.low[k]
        if word == "daily" and s.at(k - 1) != "the" and not (s.at(k + 1).isalpha() and s.at(k + 1) not in PREPOSITIONS):
            return "a rate"
        within = word == "a" and (k > i + 2 or s.at(k - 1) in PREPOSITIONS)  # "70 soldiers in a week"
        if word in ("a", "per", "each", "every") and _is_rate_unit(s, k + 1) and not within:
            return "a rate"
        if word in (",", ".", ";", "and"):
            break
    return ""


def _is_rate_unit(s: Sentence, i: int) -> bool:
    return s.at(i) in RATE_UNITS and s.at(i + 1) not in ("ago", "earlier", "after", "before", "later")


def _check_spared(s: Sentence, n: NumberExpression, noun: NounPhrase) -> str:
    """Return why the people are not casualties.

    `57 escaped`, `37 have been released`, `24 are believed to be alive`.
    """
    if noun.partitive and s.at(n.before - 1) in FREED:
        return "a release"
    if noun.outcome in ("killed", "injured"):
        return ""
    k = last = max(noun.last, n.last)
    if s.at(last - 1) in _OUTLIVED and _is_later_death(s, last):
        return "a later death"
    while k < last + STEPS and (s.at(k) in AUXILIARY or s.at(k) in ADVERBS or s.at(k) in ("believed", "to", "thought")):
        k += 1
    word = s.at(k)
    if word in SPARED or (k > last and word == "alive" and s.at(k - 1) != "or"):
        return "got away unharmed"
    if s.at(last) == "who" and _are_back(s.low[last : last + BACK_AGAIN]):
        return "a release"  # "21 policemen who had been missing have since returned"
    freed = word in FREED and s.at(k - 1) in AUXILIARY and s.at(n.before - 2) not in ("bodies", "remains", "body")
    return "a release" if freed else ""


def _are_back(words: list[str]) -> bool:
    """Return whether people who were missing or held are back: `who had been missing have since returned`."""
    k = next((i for i, w in enumerate(words) if w in ("have", "has", "were", "was") and i > 2), 0)
    return (
        k > 0 and words[k + 1 : k + 2] in (["since"], ["now"], ["later"]) and not FREED.isdisjoint(words[k + 2 : k + 5])
    )


def _is_later_death(s: Sentence, k: int) -> bool:
    """Return whether survivors or veterans died, and nobody killed them."""
    return any(w in ("died", "dies", "die", "dead") for w in s.low[k : k + 10])


def _check_in_need(s: Sentence, n: NumberExpression, noun: NounPhrase) -> str:
    """Return why people in need or at risk are not casualties."""
    last = max(noun.last, n.last)
    return "people in need or at risk" if tuple(s.low[last : last + 2]) in _IN_NEED else ""


_IN_NEED = frozenset(
    (("in", "need"), ("at", "risk"), ("in", "danger"), ("facing", "hunger"), ("need", "aid"), ("require", "assistance"))
)
_OUTLIVED = frozenset("survivors survivor veterans veteran pensioners".split())


def _check_ratio_to(s: Sentence, n: NumberExpression, noun: NounPhrase) -> str:
    """Return "a rate" for a ratio: `one officer to 16 men`."""
    last = max(noun.last, n.last)
    opens = n.value == 1 and noun.words[1] > noun.words[0] and s.at(last) == "to" and s.at(last + 1)[:1].isdigit()
    closes = s.at(n.before - 1) == "to" and s.at(n.before - 3) in ("one", "1") and noun.kind == PERSON
    return "a rate" if opens or closes else ""


def _check_scale(s: Sentence, n: NumberExpression, _: NounPhrase) -> str:
    """Refuse what a comparison makes of a number: `equivalent to a nation losing 20,000 dead`, `1.1 per 100,000 women`."""
    if s.at(n.before - 1) == "per" and n.value > 1:
        return "a rate"
    before = s.low[: n.before]
    k = before.index("equivalent") if "equivalent" in before else -1
    return "a comparison" if k >= 0 and before[k + 1 : k + 2] in (["to"], ["of"]) and ";" not in before[k:] else ""


def _check_kin(s: Sentence, n: NumberExpression, noun: NounPhrase) -> str:
    """Refuse somebody's relatives: `who had four children and seven grandchildren, died`, `is survived by two sons`."""
    k = max(noun.last, n.last)
    if s.at(k - 1) not in KIN or noun.words[0] == noun.words[1] or s.at(k) in PAST or s.at(k) in BACK:
        return ""
    i = n.before - 1
    while i > 0 and (s.low[i] in (",", "and") or s.low[i] in KIN or s.low[i] in UNITS or s.low[i].isdigit()):
        i -= 1
    return "relatives" if s.at(i) in _HAVING or s.low[max(0, i - 1) : i + 1] == ["survived", "by"] else ""


_HAVING = frozenset(("had", "has", "have", "leaves", "leave"))
_BECOMING = frozenset("was is were be became become becomes becoming".split())
_RULES = (
    _check_scale,
    _check_kin,
    _check_difference,
    _check_ratio_to,
    _check_in_need,
    _check_one,
    _check_named_person,
    _check_rate,
    _check_spared,
)
