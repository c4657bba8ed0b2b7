"""A mention: one number with what it counts, and the links that the later steps give it."""

from __future__ import annotations

from dataclasses import dataclass

from conflictdata.parse.lexicon.function_words import PART_OPENERS
from conflictdata.parse.lexicon.outcomes import PAST, TOLLS
from conflictdata.parse.lexicon.people import CHILD, KIN, SINGULAR, SPEAKERS, TOTAL, WOMAN, Group
from conflictdata.parse.lexicon.quantities import RATE_UNITS
from conflictdata.parse.nouns import NONE, OPEN, PERSON, THING, Noun, noun_of
from conflictdata.parse.number import Number
from conflictdata.parse.numbers import numbers
from conflictdata.parse.predicates import Verb
from conflictdata.parse.tokens import Sentence

_SPEECH = frozenset("said says say told tells reported reports added announced confirmed stated told claimed".split())


@dataclass(eq=False, slots=True)
class Mention:
    """One number and its noun.

    Attributes:
        number, noun: what was read.
        outcome: the outcome, once linked; `verb`: through which predicate.
        refused: why it is no claim although an outcome was linked.
        opened: the word that makes it a part ("including"), or empty.
        parent: the mention it is a part of. `implied`: its parent stands in an earlier sentence.
        how: which rule linked it, for the doubts and for debugging.
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
    whole: bool = False

    @property
    def first(self) -> int:
        """The first token, hedge included."""
        return self.number.before

    @property
    def last(self) -> int:
        """The token after the noun phrase."""
        return max(self.noun.last, self.number.last)

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
        mention = Mention(number, noun)
        mention.refused = _refusal(s, mention)
        if mention.refused and number.kind in ("article", "both"):
            continue
        if out and not out[-1].refused and number.kind == "article" and mention.first < out[-1].last:
            continue
        mention.opened = _opened(s, mention)
        out.append(mention)
        if number.kind == "article":
            while out[-1].number.kind == "article" and _kin(s, out[-1].last, out):
                pass
    return out


def _kin(s: Sentence, i: int, out: list[Mention]) -> bool:
    """`a man and his wife`: the second person is counted by "his"."""
    while s.at(i) in (",", "and", "along", "together", "with"):
        i += 1
    if s.at(i) not in ("his", "her", "their") or s.at(i - 1) not in (",", "and", "with"):
        return False
    for k in range(i + 1, min(i + 5, len(s))):
        if s.low[k] in KIN and s.low[k] in SINGULAR:
            number = Number(i, i + 1, i, 1, kind="article")
            out.append(Mention(number, Noun(k + 1, PERSON, _kin_group(s.low[k]), words=(i + 1, k + 1))))
            return True
        if not s.low[k].isalpha() and s.low[k] not in ("-",) and not s.low[k].isdigit():
            return False
    return False


def _kin_group(word: str) -> Group:
    if word in ("wife", "fiancee"):
        return WOMAN
    if word in ("child", "baby", "infant", "toddler"):
        return CHILD
    return SINGULAR.get(word, TOTAL)


def _refusal(s: Sentence, m: Mention) -> str:
    n, noun = m.number, m.noun
    if noun.kind == THING:
        return "counts things"
    if n.kind == "article":
        if (
            n.more
            and noun.kind == NONE
            and (
                s.at(n.last) in PAST
                or (s.at(n.last) in ("was", "is", "died") and (s.at(n.last + 1) in PAST or s.at(n.last + 1) == "in"))
            )
        ):
            return ""  # "one was killed and another wounded"
        if n.more and noun.kind == NONE and s.at(n.first - 1) == "and" and s.at(n.last) in ("in", "at", "near"):
            return ""
        if s.at(m.last) in TOLLS:
            return "no person"
        if noun.kind != PERSON or noun.words == (0, 0) or n.definite:
            return "no person"
        if (
            s.at(m.last) in _SPEECH
            or s.at(m.last) == "'s"
            or (s.low[noun.words[1] - 1] in SPEAKERS and s.at(m.last) in ("in", "from", "of", "with", "for", "at", ","))
        ):
            return "a speaker"
        if s.at(m.last - 1) == "humanitarian":
            return "no person"
    if n.kind == "both" and (
        noun.kind == OPEN
        or (
            (noun.kind == NONE and s.at(n.last) in ("and", "the", "in", "a", "civilian", "military", "sides"))
            or s.at(n.last).isdigit()
        )
    ):
        return "no count"
    if (
        n.kind == "words"
        and n.value == 1
        and noun.kind in (NONE, OPEN)
        and (
            s.at(n.first - 1) in ("no", "any", "every", "each", "this", "that", "any")
            or s.at(n.last) in ("another", "who", "that", "day", "'s", "can", "could")
        )
    ):
        return "no count"
    if n.value == 1 and noun.partitive == "number" and s.at(n.before - 1) in ("was", "is", "were", "be"):
        return "a named person"
    return _rate(s, m)


def _rate(s: Sentence, m: Mention) -> str:
    """`1,200 soldiers a day`, `an average of eight a month`: no claim."""
    i = m.last
    for k in range(i, min(i + 5, len(s))):
        word = s.low[k]
        if (
            word in ("a", "per", "each", "every")
            and s.at(k + 1) in RATE_UNITS
            and s.at(k + 2) not in ("ago", "earlier", "after", "before", "later")
        ) or (word == "daily" and s.at(k - 1) != "the"):
            if word == "a" and k > i + 2:
                continue
            return "a rate"
        if word in (",", ".", ";", "and"):
            break
    if s.at(m.first - 1) == "of" and s.at(m.first - 2) == "average":
        return "a rate"
    if "average" in s.low[max(0, m.first - 3) : m.first]:
        return "a rate"
    return ""


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
