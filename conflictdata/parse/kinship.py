"""Relatives counted by a possessive (`a man and his wife`).

Also appositions that refer to persons already counted (`one of them, a nurse,`).
"""

from __future__ import annotations

from conflictdata.parse.lexicon.outcomes import AUXILIARY, BACK, PAST
from conflictdata.parse.lexicon.people import CHILD, RELATIVES, SINGULAR, TOTAL, WOMAN, PeopleGroup
from conflictdata.parse.noun_groups import is_under_age
from conflictdata.parse.nouns import PERSON, NounPhrase
from conflictdata.parse.number import NumberExpression
from conflictdata.parse.tokens import Sentence

MAX_TOKENS_TO_CLAUSE = 14  # tokens from a person to the clause of a relative
LONGEST = 9  # tokens of "his five-year-old daughter"
_POSSESSIVES = frozenset(("his", "her", "their"))
_CLOSING = frozenset((".", ",", ";", "", "and", "when", "in", "on", "-", "while", "at", "were"))


def find_relative_after(s: Sentence, i: int) -> tuple[NumberExpression, NounPhrase] | None:
    """Return the relative right after a person that ends at token `i`.

    `, his mother`, `and his wife`.
    """
    while s.at(i) in (",", "and", "along", "together", "with"):
        i += 1
    return _read_relative(s, i) if s.at(i - 1) in (",", "and", "with") else None


def find_relative_in_later_clause(s: Sentence, i: int) -> tuple[NumberExpression, NounPhrase] | None:
    """Return the relative in a later clause.

    `a man died in the blast and his wife was hurt`, `was killed along with his wife`.
    """
    for k in range(i, min(i + MAX_TOKENS_TO_CLAUSE, len(s))):
        if s.low[k] in (";", ".", "said", "says"):
            return None
        if s.at(k) in ("and", "while", "with", ",") and s.at(k + 1) in _POSSESSIVES:
            relative = _read_relative(s, k + 1)
            if relative is None:
                return None
            after = s.at(relative[1].last)
            hit = after in AUXILIARY or after in PAST or after in BACK
            shared = s.at(k) == "with" and s.at(k - 1) in ("along", "together") and after in _CLOSING
            return relative if hit or shared else None
    return None


def _read_relative(s: Sentence, i: int) -> tuple[NumberExpression, NounPhrase] | None:
    """Read the person after a possessive: `his wife`, `her five-year-old daughter`."""
    if s.at(i) not in _POSSESSIVES:
        return None
    for k in range(i + 1, min(i + LONGEST, len(s))):
        word = s.low[k]
        if word in RELATIVES and word in SINGULAR and s.at(k + 1) not in ("'s", "-"):
            group = CHILD if is_under_age(s, i, k) else _find_group(word)
            return NumberExpression(i, i + 1, i, 1, kind="article", stop=i + 1), NounPhrase(
                k + 1, PERSON, group, words=(i + 1, k + 1)
            )
        if not word.isalpha() and word != "-" and not word.isdigit():
            return None
    return None


def _find_group(word: str) -> PeopleGroup:
    return {"fiancee": WOMAN, "child": CHILD, "baby": CHILD, "infant": CHILD, "toddler": CHILD}.get(
        word
    ) or SINGULAR.get(word, TOTAL)


def is_apposition(
    s: Sentence, whole: NumberExpression, whole_noun: NounPhrase, n: NumberExpression, noun: NounPhrase
) -> bool:
    """Return whether the second number names the first.

    `one of the wounded, a nurse, died`.
    """
    last = max(whole_noun.last, whole.last)
    closed = s.at(noun.last + 1) in AUXILIARY or s.at(noun.last + 1) in BACK  # "A twentieth victim, a guard, died"
    return (
        whole.value == 1
        and (whole_noun.partitive in ("them", "those", "rest", "number") or (whole.kind == "article" and closed))
        and n.kind == "article"
        and n.before == last + 1
        and s.at(last) == ","
        and s.at(noun.last) == ","
        and s.at(noun.last + 1) not in ("a", "an", "and", "his", "her")
    )


def is_named_again(s: Sentence, whole: NumberExpression, whole_noun: NounPhrase, n: NumberExpression) -> bool:
    """Return whether the second number says who the first was.

    `one of them a child`, `one of them was a child`, `a body of a farmer`.
    """
    if whole.value != 1 or n.kind != "article":
        return False
    last = max(whole_noun.last, whole.last)
    if whole.kind == "article":
        return bool(whole_noun.outcome) and s.low[last : n.before] == ["of"]
    parted = whole_noun.partitive in ("them", "those", "number")
    return parted and s.low[last : n.before] in ([], ["was"], ["is"], ["being"])
