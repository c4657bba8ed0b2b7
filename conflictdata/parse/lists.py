"""Outcomes carried along a list, and to bare numbers that continue the one before."""

from __future__ import annotations

from itertools import pairwise

from conflictdata.parse.lexicon.function_words import PREPOSITIONS
from conflictdata.parse.linker_base import FAR, NEAR, Links
from conflictdata.parse.mentions import Mention
from conflictdata.parse.nouns import NONE, PERSON

_AFTER_BARE = PREPOSITIONS | {"others", "more", "other", ".", ""}  # what may follow a number that continues another


class Lists(Links):
    """The rules of this module."""

    def _lists(self) -> None:
        """Carries the outcome along a list: `killed 84 fighters and 47 soldiers in the north`."""
        for i, (a, b) in enumerate(pairwise(self.mentions)):
            if i and self._is_aside(a, b):
                self._behind_aside(self.mentions[i - 1], a, b)
            elif b.free and not b.opened and b.noun.partitive != "them" and a.how != "toll":
                self._next_in_list(a, b)

    def _next_in_list(self, a: Mention, b: Mention) -> None:
        if not (a.outcome or a.opened) or not self._listed(a, b):
            return
        b.opened = "list" if a.opened else ""
        if a.outcome:
            self._carry(a, b, "list")

    def _carry(self, a: Mention, b: Mention, how: str) -> None:
        self.link(b, a.outcome, a.verb, how)
        b.parent, b.implied = a.parent, a.implied

    def _is_aside(self, a: Mention, b: Mention) -> bool:
        """`220 soldiers - 23 of them officers - and 25 guards`: whether the first of two stands in an aside."""
        opens = self.s.at(a.first - 1) in ("-", "(", ",")
        return a.noun.partitive == "them" and opens and self.s.at(b.first - 1) == "and"

    def _behind_aside(self, a: Mention, aside: Mention, b: Mention) -> None:
        closed = self.s.at(b.first - 2) in ("-", ")", ",") and b.first - aside.last < NEAR
        if closed and b.free and not b.opened and a.outcome:
            self._carry(a, b, "list")
            b.opened = "list" if a.opened else ""

    def _predicate_list(self) -> None:
        """`ten of the dead were women and three infants`: further parts, named behind the verb."""
        for a, b in pairwise(self.mentions):
            between = self.s.low[a.last : b.first]
            behind = between[:1] in (["were"], ["are"]) and between[-1] in ("and", ",") and len(between) <= 4
            if behind and a.noun.partitive in ("them", "those") and b.free and b.noun.kind == PERSON:
                b.outcome, b.verb, b.how = a.outcome, a.verb, "predicate"  # or that of the whole, if there is none yet

    def _ellipsis(self) -> None:
        """`Three people were killed in Kharkiv and two in Odesa`: a bare number that continues the one before."""
        a: Mention | None = None
        for i, b in enumerate(self.mentions):
            if a is not None and b.free and self._is_bare(i) and self._continues(a, b):
                self.link(b, a.outcome, a.verb, "ellipsis")
                if a.implied or a.how in ("of", "rest", "fronted"):
                    b.how, b.parent, b.implied = a.how, a.parent, a.implied
            a = b if b.outcome else a

    def _is_bare(self, i: int) -> bool:
        """Whether a number has no noun of its own: `two in Odesa`, `six others`, `three of them`."""
        b, before = self.mentions[i], self.mentions[i - 1]
        if b.noun.partitive == "them":
            return bool(b.opened or before.outcome) or before.number.kind == "article"
        if b.noun.kind != NONE and not (b.noun.kind == PERSON and b.noun.others):
            return False
        joined = self.s.at(b.first - 1) in ("and", ",", "while", ";")
        return joined and self.s.at(b.number.last) in _AFTER_BARE and (b.number.kind != "article" or b.number.more)

    def _continues(self, a: Mention, b: Mention) -> bool:
        """Whether nothing that happened to somebody else stands between two numbers."""
        begin = max(a.last, a.verb.last) if a.verb is not None else b.first
        return b.first - a.last <= FAR and not any(k in self.verb_at for k in range(begin, b.first))
