"""A mention: one number with what it counts, and the links that the later steps give it."""

from __future__ import annotations

from dataclasses import dataclass

from conflictdata.parse.exclusions import uncounted
from conflictdata.parse.kinship import apposition, kin_after, kin_later, named_again
from conflictdata.parse.lexicon.function_words import PART_OPENERS
from conflictdata.parse.nouns import Noun, noun_of
from conflictdata.parse.number import Number
from conflictdata.parse.numbers import numbers
from conflictdata.parse.predicates import Verb
from conflictdata.parse.tokens import Sentence


@dataclass(eq=False, slots=True)
class Mention:
    """One number and its noun.

    Attributes:
        number, noun: what was read.
        outcome: the outcome, once linked; `verb`: through which predicate.
        refused: why it is no claim although an outcome was linked.
        opened: the word that makes it a part ("including"), or empty.
        parent: the mention it is a part of. `implied`: its parent stands in an earlier sentence.
        how: which rule linked it, for the doubts and for debugging. place: the place of its draft, -1 before it has one.
        first, last: the tokens from the hedge to the end of the noun phrase, `last` exclusive.
        shown: where the printed phrase ends that names the people ("23 of whom were officers"), or 0.
    """

    number: Number
    noun: Noun
    outcome: str = ""
    verb: Verb | None = None
    refused: str = ""
    opened: str = ""
    parent: Mention | None = None
    implied: bool = False
    how: str = ""
    place: int = -1
    first: int = 0
    last: int = 0
    shown: int = 0

    def __post_init__(self) -> None:
        """Sets the tokens, which the rules of linking ask for again and again."""
        self.first, self.last = self.number.before, max(self.noun.last, self.number.last)

    @property
    def free(self) -> bool:
        """Whether it may still be linked."""
        return not self.outcome and not self.refused


def mentions(s: Sentence) -> list[Mention]:
    """The mentions of a sentence, in order. Numbers of things are in the list, refused."""
    out: list[Mention] = []
    for number in numbers(s):
        if number.refused:
            if number.kind != "article":
                out.append(Mention(number, Noun(number.last), refused=number.refused))
            continue
        noun = noun_of(s, number)
        before = out[-1] if out else None
        if before is not None and before.last > number.before:
            continue  # inside what was read already: "his five-year-old daughter"
        if before is not None and named_again(s, before.number, before.noun, number):
            if before.noun.outcome:
                before.noun.group = noun.group  # "the body of a farmer"
            continue
        if before is not None and not before.refused and apposition(s, before.number, before.noun, number, noun):
            before.noun.group, before.noun.last, before.last = noun.group, noun.last, noun.last
            continue
        mention = Mention(number, noun, refused=uncounted(s, number, noun))
        if mention.refused and number.kind in ("article", "both"):
            continue
        mention.opened = _opened(s, mention)
        out.append(mention)
        if number.kind == "article" or s.at(mention.last - 1) == "couple":
            _add_kin(s, out)
    return out


def _add_kin(s: Sentence, out: list[Mention]) -> None:
    """Adds those whom a possessive counts behind the person read last."""
    found = kin_after(s, out[-1].last) or kin_later(s, out[-1].last)
    while found is not None:
        out.append(Mention(*found))
        found = kin_after(s, out[-1].last)


def _opened(s: Sentence, m: Mention) -> str:
    """The word before the number that makes it a part of an earlier one."""
    i = m.first
    while s.at(i - 1) in ("the", "also", "-", "only", ":"):
        i -= 1
    if s.at(i - 1) == "of" and s.at(i - 2) == "those":
        i -= 2  # "including those of six children"
    word = s.at(i - 1)
    if word in ("include", "includes", "included"):
        return ""
    if word in PART_OPENERS:
        return word
    if word in ("them", "whom", "which") and s.at(i - 2) in ("among", "of", "amongst"):
        return "among"
    if word == "," and s.at(i - 2) in ("them", "whom") and s.at(i - 3) in ("among", "of"):
        return "among"
    return ""
