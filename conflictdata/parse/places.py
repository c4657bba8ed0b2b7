"""The place of each number in a sentence: a location of the tables, or else the words of the text."""

from __future__ import annotations

from dataclasses import dataclass

from conflictdata.parse.gazetteer import locate_places
from conflictdata.parse.lexicon.calendar import MONTHS, WEEKDAYS
from conflictdata.parse.names import Attribution
from conflictdata.parse.tokens import Sentence

LONGEST = 5  # words of a place that is not in the tables
_BEFORE = frozenset("in at near outside around across inside on of from into to within over".split())
_LOCAL = frozenset(
    "in at near outside around across inside within".split()
)  # before a place that the tables do not hold
_INSIDE = frozenset(("-", "'", "al", "el", "of", "the", "de", "and"))
_PARTS_OF_NAMES = frozenset(("south", "north", "new"))
_NO_PLACE = frozenset("i islam god ramadan eid christmas english arabic facebook twitter telegram x february".split())


@dataclass(frozen=True)
class SentencePlace:
    """A place that a sentence names.

    Attributes:
        first: First token.
        last: Token after it.
        ids: Location ids that it may mean; none if the tables do not hold it.
        words: The words of the text.
    """

    first: int
    last: int
    ids: tuple[str, ...]
    words: str


def find_places(s: Sentence, attributions: list[Attribution], begin: int = 0) -> list[SentencePlace]:
    """Return the places of a sentence, in order. A capital that means its government is none.

    Args:
        s: The sentence.
        attributions: Its attributions.
        begin: First token after the dateline.
    """
    tokens = [i for i in range(begin, len(s)) if s.low[i][0].isalnum()]
    known = [
        SentencePlace(tokens[a], tokens[b - 1] + 1, ids, s.extract_phrase(tokens[a], tokens[b - 1] + 1))
        for a, b, ids in locate_places([s.low[i] for i in tokens])
        if s.raw[tokens[a]][0].isupper() and not _is_end_of_name(s, tokens[a])
    ]
    spans = [(a.first, a.last) for a in attributions]
    known = [p for p in known if not any(first <= p.first < last <= p.last for first, last in spans)]
    taken = {k for p in known for k in range(p.first, p.last)}
    inside = {k for first, last in spans for k in range(first, last)}
    other = [p for p in _find_unknown(s, begin) if taken.isdisjoint(range(p.first, p.last)) and p.first not in inside]
    return sorted([*known, *other], key=lambda p: p.first)


def _is_end_of_name(s: Sentence, first: int) -> bool:
    """Return whether a known name is the end of another country's: `South Sudan`."""
    return s.at(first - 1) in _PARTS_OF_NAMES and s.raw[first - 1][0].isupper() and s.at(first) not in _PARTS_OF_NAMES


def _find_unknown(s: Sentence, begin: int) -> list[SentencePlace]:
    """Return the capitalised words after `in`, `near` and the like."""
    out = []
    for i in s.find_positions(_LOCAL):
        k = i + 1 + (s.at(i + 1) == "the")
        first = k
        while (
            k < len(s)
            and k - first < LONGEST
            and (
                s.raw[k][0].isupper()
                or (k > first and s.low[k] in _INSIDE and s.raw[k + 1 : k + 2] and s.raw[k + 1][0].isupper())
            )
        ):
            k += 1
        while k > first and s.low[k - 1] in WEEKDAYS:
            k -= 1
        words = s.low[first:k]
        if len(words) == 1 and len(words[0]) == 1:
            continue  # "S. Afghanistan"
        if i < begin or k <= first or words[0] in MONTHS or words[0] in WEEKDAYS or words[0] in _NO_PLACE:
            continue
        out.append(SentencePlace(first, k, (), s.extract_phrase(first, k)))
    return out


def choose_place(
    s: Sentence, places: list[SentencePlace], at: int, after: int, first_number: int
) -> SentencePlace | None:
    """Return the place of a number, or None.

    The first place after it and before the next number, else the last one before all numbers, else the only one of the sentence.

    Args:
        s: The sentence.
        places: Its places.
        at: Token of the number.
        after: Token of the next number, or the end.
        first_number: Token of the first number.
    """
    behind = [p for p in places if at < p.first < after and s.at(p.first - 1) in _BEFORE | {"the"}]
    if behind:
        return behind[0]
    ahead = [p for p in places if p.first < min(at, first_number)]
    if ahead:
        return next((p for p in reversed(ahead) if s.at(p.first - 1) in _BEFORE | {"the"} or p.first < 2), ahead[-1])
    names = {p.ids or p.words for p in places}
    return places[0] if len(names) == 1 else None
