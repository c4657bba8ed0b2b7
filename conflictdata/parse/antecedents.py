"""Antecedents of pronouns and surnames: the fuller names earlier in the text."""

from __future__ import annotations

from functools import lru_cache

from conflictdata.parse.lexicon.function_words import PREPOSITIONS
from conflictdata.parse.lexicon.outcomes import AUXILIARY
from conflictdata.parse.lexicon.speech import BODIES, HEADS, OTHER_VERBS, PRONOUNS, PUBLISHED, REPORTING_VERBS, TITLES
from conflictdata.parse.names import Attribution, make_attribution
from conflictdata.parse.tokens import Sentence


def find_sentence_subject(s: Sentence) -> Attribution | None:
    """Return the noun phrase that opens a sentence, or None.

    A pronoun in a later sentence may refer to it.
    """
    k = 0
    while k < len(s) and k < 18:
        word = s.low[k]
        if (
            word in AUXILIARY
            or word in REPORTING_VERBS
            or word in PREPOSITIONS - {"of", "for", "in", "from"}
            or (word.endswith("ed") and k > 0)
            or word in OTHER_VERBS
        ):
            break
        k += 1
    if not 0 < k < 18 or ":" in s.low[:k] or s.low[0] in PREPOSITIONS or s.low[0] in PRONOUNS or s.low[0][:1].isdigit():
        return None
    return make_attribution(s, 0, k - 1 if s.at(k - 1) == "," else k, k, "subject")


def resolve_name(name: Attribution, earlier: list[Attribution]) -> str:
    """Return the fullest form of a name in the text so far.

    A pronoun gives its antecedent, a surname the full name. If there is neither, the name itself is returned.

    Args:
        name: Attribution with the name.
        earlier: Attributions before it, in the order of the text.
    """
    if name.is_pronoun:
        word = name.text.lower()
        people = word in ("he", "she", "i")
        for other in reversed(earlier):
            if not other.is_pronoun and _is_person(other.text) == people:
                return other.text
        others = (o.text for o in reversed(earlier) if not o.is_pronoun and word != "they")
        return next((text for text in others if not people or _may_be_person(text)), name.text)
    words = name.text.split()
    if len(words) <= 2 and words[-1][0].isupper():
        for other in reversed(earlier):
            if (
                words[-1] in other.text.replace(",", "").split()
                and len(other.text) > len(name.text)
                and _is_person(other.text)
            ):
                return other.text
    return name.text


def _may_be_person(text: str) -> bool:
    """Return whether "he" may mean a description: `a military official`, and neither `local officials` nor `the ministry`."""
    words = text.replace(",", " ").split()
    head = next((words[i - 1] for i, w in enumerate(words) if i and w in PREPOSITIONS), words[-1])
    low = head.lower()
    many = low.endswith("s") and not low.endswith(("ss", "us", "is")) and head.islower()
    return not many and low not in BODIES and low not in PUBLISHED and "and" not in words


@lru_cache(maxsize=4096)
def _is_person(text: str) -> bool:
    """Return whether a name is a single person's.

    It has a title, or at least two capitalised words and no article.
    """
    name, _, aside = text.partition(",")
    words = (name if aside and len(name.split()) > 1 else text).replace(",", " ").split()
    low = {word.lower() for word in words}
    if not low.isdisjoint(BODIES) and low.isdisjoint(HEADS):
        return False
    if not low.isdisjoint(TITLES):
        return True
    return len(words) >= 2 and words[0][0].isupper() and words[0].lower() != "the" and not text.isupper()
