"""Outcomes carried along a list, and to bare numbers that continue the one before."""

from __future__ import annotations

from conflictdata.parse.lexicon.function_words import PREPOSITIONS
from conflictdata.parse.links import Links
from conflictdata.parse.nouns import NONE, PERSON

FAR = 26  # tokens between a subject and its predicate, or a toll and its number
NEAR = 12  # tokens between a verb and a later object of it


class Lists(Links):
    """The rules of this module."""

    def _lists(self) -> None:
        """Carries the outcome along a list: `killed 84 fighters and 47 soldiers in the north`."""
        for i, b in enumerate(self.mentions[1:], 1):
            a = self.mentions[i - 1]
            if (
                i > 1
                and a.noun.partitive == "them"
                and self.s.at(a.first - 1) in ("-", "(", ",")
                and self.s.at(b.first - 1) == "and"
            ):
                aside, a = a, self.mentions[i - 2]
                if (
                    self.s.at(b.first - 2) in ("-", ")", ",")
                    and b.free
                    and not b.opened
                    and a.outcome
                    and b.first - aside.last < NEAR
                ):
                    self.link(b, a.outcome, a.verb, "list")
                    b.parent, b.implied = a.parent, a.implied
                    b.opened = "list" if a.opened else ""
                continue
            if not b.free or b.opened or a.how == "toll" or not (a.outcome or a.opened):
                continue
            if not self._listed(a, b):
                continue
            if a.opened and not b.opened:
                b.opened = "list"
            if not a.outcome:
                continue
            self.link(b, a.outcome, a.verb, "list")
            b.parent, b.implied = a.parent, a.implied

    def _ellipsis(self) -> None:
        """`Three people were killed in Kharkiv and two in Odesa`: a bare number that continues the one before."""
        for i, b in enumerate(self.mentions):
            if not b.free or i == 0 or b.noun.kind not in (NONE, PERSON):
                continue
            a = next((m for m in reversed(self.mentions[:i]) if m.outcome), None)
            if (
                b.noun.partitive == "them"
                and not b.opened
                and not self.mentions[i - 1].outcome
                and self.mentions[i - 1].number.kind != "article"
            ):
                continue
            if a is None or (b.noun.kind == PERSON and not (b.noun.others or b.noun.partitive == "them")):
                continue
            joint = self.s.at(b.first - 1)
            if b.noun.partitive == "them" or (
                joint in ("and", ",", "while", ";")
                and (
                    self.s.at(b.number.last) in PREPOSITIONS
                    or self.s.at(b.number.last) in ("others", "more", "other", ".", "")
                )
                and (b.number.kind != "article" or b.number.more)
            ):
                v = a.verb
                if v is not None and any(
                    k in self.verb_at for k in range(v.last if v.last > a.last else a.last, b.first)
                ):
                    continue
                if b.first - a.last > FAR:
                    continue
                self.link(b, a.outcome, v, "ellipsis")
                if a.implied or a.how in ("of", "rest", "fronted"):
                    b.how, b.parent, b.implied = a.how, a.parent, a.implied
