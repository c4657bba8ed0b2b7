"""Mentions: numbers with the nouns they count, and the links that later steps add."""

from __future__ import annotations

from dataclasses import dataclass

from conflictdata.parse.exclusions import find_exclusion
from conflictdata.parse.kinship import find_relative_after, find_relative_in_later_clause, is_apposition, is_named_again
from conflictdata.parse.lexicon.function_words import PART_OPENERS
from conflictdata.parse.lexicon.people import PeopleGroup
from conflictdata.parse.nouns import NounPhrase, read_noun
from conflictdata.parse.number import NumberExpression
from conflictdata.parse.numbers import find_numbers
from conflictdata.parse.predicates import Predicate
from conflictdata.parse.tokens import Sentence


@dataclass(eq=False, slots=True)
class Mention:
    """A number and its noun.

    Attributes:
        number: The number expression.
        noun: The noun phrase after it.
        outcome: The outcome; empty until it is linked.
        predicate: The predicate that gave the outcome, if there is one.
        exclusion: Why it is not a claim, or empty.
        opener: The word that makes it a part ("including"), or empty.
        parent: The mention it is a part of.
        is_implied: Whether its parent is in an earlier sentence.
        rule: The rule that linked it, for review notes and debugging.
        draft_index: Index of its draft; -1 before it has one.
        first: First token, including hedges.
        last: Token after the noun phrase.
        group: Group of people that it counts; None until it is found.
        printed_end: Token after the words that name the people ("23 of whom were officers"), or 0.
    """

    number: NumberExpression
    noun: NounPhrase
    outcome: str = ""
    predicate: Predicate | None = None
    exclusion: str = ""
    opener: str = ""
    parent: Mention | None = None
    is_implied: bool = False
    rule: str = ""
    draft_index: int = -1
    first: int = 0
    last: int = 0
    printed_end: int = 0
    group: PeopleGroup | None = None

    def __post_init__(self) -> None:
        """Set `first` and `last`, which the linking rules use very often."""
        self.first, self.last = self.number.before, max(self.noun.last, self.number.last)

    @property
    def is_free(self) -> bool:
        """Return whether it may still be linked."""
        return not self.outcome and not self.exclusion


def find_mentions(s: Sentence) -> list[Mention]:
    """Return the mentions of a sentence, in order.

    Numbers of things are included, with an exclusion.
    """
    out: list[Mention] = []
    for number in find_numbers(s):
        if number.exclusion:
            if number.kind != "article":
                out.append(Mention(number, NounPhrase(number.last), exclusion=number.exclusion))
            continue
        noun = read_noun(s, number)
        before = out[-1] if out else None
        if before is not None and before.last > number.before:
            continue  # inside the mention before: "his five-year-old daughter"
        if before is not None and is_named_again(s, before.number, before.noun, number):
            if before.noun.outcome:
                before.noun.group = noun.group  # "the body of a farmer"
            continue
        if before is not None and not before.exclusion and is_apposition(s, before.number, before.noun, number, noun):
            before.noun.group, before.noun.last, before.last = noun.group, noun.last, noun.last
            continue
        mention = Mention(number, noun, exclusion=find_exclusion(s, number, noun))
        if before is not None and before.exclusion and s.low[number.first - 2 : number.first] == ["of", "which"]:
            mention.exclusion = before.exclusion  # "four cars, of which one was blown up"
        if mention.exclusion and number.kind in ("article", "both"):
            continue
        mention.opener = _find_opener(s, mention)
        if (
            number.qualifier == "exact"
            and s.low[mention.last : mention.last + 2] == ["at", "least"]
            and number.kind != "article"
        ):
            number.qualifier = "at_least"  # "116 women at least"
        out.append(mention)
        if number.kind == "article" or s.at(mention.last - 1) == "couple":
            _add_relatives(s, out)
    return out


def _add_relatives(s: Sentence, out: list[Mention]) -> None:
    """Add the relatives that possessives count after the last person."""
    relative = find_relative_after(s, out[-1].last) or find_relative_in_later_clause(s, out[-1].last)
    while relative is not None:
        out.append(Mention(*relative))
        relative = find_relative_after(s, out[-1].last)


def _find_opener(s: Sentence, m: Mention) -> str:
    """Return the word before a number that makes it a part of an earlier one, or ""."""
    i = m.first
    while s.at(i - 1) in ("the", "also", "-", "only", ":"):
        i -= 1
    if s.at(i - 1) == "of" and s.at(i - 2) == "those":
        i -= 2  # "including those of six children"
    word = s.at(i - 1)
    if word in ("include", "includes", "included"):
        k = i - 1 - (s.at(i - 2) in ("also", "only"))
        counted = s.at(k - 1) in ("number", "figure", "figures", "total", "toll", "count") and s.at(k - 2) in (
            "the",
            "this",
        )
        if word == "included" and s.at(i - 2) == ",":
            return "including"  # "left 41 injured, included eight children"
        return "among" if counted or (i == 2 and s.at(0) in ("this", "these", "they")) else ""
    if word in PART_OPENERS:
        return word
    if word in ("were", "was", "are") and s.low[max(0, i - 3) : i - 1] == ["among", "them"]:
        return "among"
    if word in ("them", "whom", "which") and s.at(i - 2) in ("among", "of", "amongst"):
        return "among"
    if word == "," and s.at(i - 2) in ("them", "whom") and s.at(i - 3) in ("among", "of"):
        return "among"
    return ""
