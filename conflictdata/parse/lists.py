"""Linking rules for lists, and for bare numbers that continue the number before."""

from __future__ import annotations

from itertools import pairwise

from conflictdata.parse.breakdown import GENERIC
from conflictdata.parse.lexicon.function_words import PREPOSITIONS
from conflictdata.parse.lexicon.outcomes import AUXILIARY, BACK, PAST
from conflictdata.parse.linker_base import FAR, NEAR, LinkerBase
from conflictdata.parse.mentions import Mention
from conflictdata.parse.nouns import NONE, PERSON

_AFTER_BARE = PREPOSITIONS | {"others", "more", "other", ".", ""}  # allowed after a number that continues another


_SIDES = frozenset(("fighters", "soldiers", "police", "civilian"))


class ListOutcomes(LinkerBase):
    """Rules that carry an outcome along a list."""

    def _link_lists(self) -> None:
        """Carry the outcome along a list.

        `killed 84 fighters and 47 soldiers in the north`.
        """
        for i, (a, b) in enumerate(pairwise(self.mentions)):
            if (head := self._find_head_of_bracket(a, b)) is not None:
                self._copy_link(head, b, "list")
                b.opener = "list" if head.opener else ""
            elif i and self._is_aside(a, b):
                self._link_after_aside(self.mentions[i - 1], a, b)
            elif (
                b.is_free
                and not b.opener
                and b.noun.partitive != "them"
                and (a.rule != "toll" or self._is_toll_list(a, b))
            ):
                self._link_next_in_list(a, b)

    def _is_toll_list(self, a: Mention, b: Mention) -> bool:
        """Return whether a toll is a list of people: `the confirmed deaths are 14 civilians, five soldiers and one guard`."""
        listed = self.s.at(a.first - 1) in ("are", "were", ":") and a.noun.kind == b.noun.kind == PERSON
        return listed and self.s.low[a.last : b.first] in (["and"], [","], [",", "and"])

    def _find_head_of_bracket(self, a: Mention, b: Mention) -> Mention | None:
        """Return the number before brackets that a list goes on from: `70 leaders (60 men and 10 women) and 13 members`."""
        if self.s.low[a.last : b.first] not in ([")", "and"], [")", ","], [")", ",", "and"]) or not b.is_free:
            return None
        opening = next((k for k in range(a.first, max(0, a.first - FAR), -1) if self.s.low[k] == "("), 0)
        head = self.ending.get(opening)
        return head if head is not None and head.outcome and b.noun.kind == PERSON and not b.opener else None

    def _link_next_in_list(self, a: Mention, b: Mention) -> None:
        if not (a.outcome or a.opener) or not self._is_listed(a, b):
            return
        whole = self._find_whole_of_list(a)
        if whole is not None and (
            self._is_other_side(whole, b)
            or whole.number.value < b.number.value
            or self._has_same_noun(whole, b)
            or self._is_aside_closed(whole, a, b)
        ):
            if whole.outcome:  # "44 people, including 20 children, in the north, and 179 people in the south"
                self.link(b, whole.outcome, whole.predicate, "list")
            return
        b.opener = "list" if a.opener else ""
        if a.outcome:
            self._copy_link(a, b, "list")

    def _find_whole_of_list(self, a: Mention) -> Mention | None:
        """Return the number before a list of parts that ends with `a`, or None if `a` is not a part."""
        if not a.opener:
            return None
        before = self.mentions[: self.mentions.index(a)]
        return next((m for m in reversed(before) if not m.opener and m.parent is None), None)

    def _is_other_side(self, whole: Mention, b: Mention) -> bool:
        """Return whether the people belong to another side than the whole: `six rebels, including a leader, and two soldiers`."""
        sides = [m.noun.group.category if m.noun.group is not None else "" for m in (whole, b)]
        return sides[0] != sides[1] and _SIDES.issuperset(sides)

    def _has_same_noun(self, whole: Mention, b: Mention) -> bool:
        words = [self.s.low[slice(*m.noun.words)][-1:] for m in (whole, b)]
        return bool(words[0]) and words[0] == words[1] and "in" in self.s.low[whole.last : b.first]

    def _is_aside_closed(self, whole: Mention, a: Mention, b: Mention) -> bool:
        """Return whether `a` is an aside between two subjects of a verb: `51 people, including two boys, and five policemen were hurt`."""
        alone = self.mentions.index(a) == self.mentions.index(whole) + 1 and self.s.at(a.first - 2) == ","
        return alone and self.s.low[a.last : b.first] == [",", "and"] and self.s.at(b.last) in AUXILIARY

    def _copy_link(self, a: Mention, b: Mention, rule: str) -> None:
        self.link(b, a.outcome, a.predicate, rule)
        b.parent, b.is_implied = a.parent, a.is_implied

    def _is_aside(self, a: Mention, b: Mention) -> bool:
        """Return whether the first of two mentions is in an aside.

        `220 soldiers - 23 of them officers - and 25 guards`.
        """
        opens = self.s.at(a.first - 1) in ("-", "(", ",")
        return a.noun.partitive == "them" and opens and self.s.at(b.first - 1) == "and"

    def _link_after_aside(self, a: Mention, aside: Mention, b: Mention) -> None:
        closed = self.s.at(b.first - 2) in ("-", ")", ",") and b.first - aside.last < NEAR
        if closed and b.is_free and not b.opener and a.outcome:
            self._copy_link(a, b, "list")
            b.opener = "list" if a.opener else ""

    def _link_predicate_list(self) -> None:
        """Link further parts named after the verb.

        `ten of the dead were women and three infants`.
        """
        for a, b in pairwise(self.mentions):
            between = self.s.low[a.last : b.first]
            behind = between[:1] in (["were"], ["are"]) and between[-1] in ("and", ",") and len(between) <= 4
            if behind and a.noun.partitive in ("them", "those") and b.is_free and b.noun.kind == PERSON:
                b.outcome, b.predicate, b.rule = (
                    a.outcome,
                    a.predicate,
                    "predicate",
                )  # if empty, the outcome of the whole replaces it later

    def _link_ellipsis(self) -> None:
        """Link a bare number that continues the one before.

        `Three people were killed in Kharkiv and two in Odesa`.
        """
        a: Mention | None = None
        for i, b in enumerate(self.mentions):
            if a is not None and b.is_free and self._is_bare(i) and self._is_continued(a, b):
                self.link(b, a.outcome, a.predicate, "ellipsis")
                if self._is_part_by_cause(a, b):
                    b.parent, b.rule = a, "part"
                if a.is_implied or a.rule in ("of", "rest", "fronted"):
                    b.rule, b.parent, b.is_implied = a.rule, a.parent, a.is_implied
            a = b if b.outcome else a

    def _is_bare(self, i: int) -> bool:
        """Return whether a number has no noun.

        `two in Odesa`, `six others`, `three of them`.
        """
        b, before = self.mentions[i], self.mentions[i - 1]
        after = self.s.at(b.last)
        if (
            (b.number.value == 1 or b.noun.has_others)
            and (after.endswith("ed") or after == "tried")
            and after not in PAST
            and after not in BACK
        ):
            return False  # "after one of them stepped on a mine"
        if b.noun.partitive == "them":
            return bool(b.opener or before.outcome) or before.number.kind == "article"
        if b.noun.kind != NONE and not (b.noun.kind == PERSON and (b.noun.has_others or self._is_in_other_place(b))):
            return False
        joined = self.s.at(b.first - 1) in ("and", ",", "while", ";")
        end = b.last if b.noun.kind == PERSON and not b.noun.has_others else b.number.last
        return joined and self.s.at(end) in _AFTER_BARE and (b.number.kind != "article" or b.number.is_more)

    def _is_part_by_cause(self, a: Mention, b: Mention) -> bool:
        """Return whether a bare number says what some of the people died of: `125 were killed, eight as a result of torture`."""
        after = tuple(self.s.low[b.last : b.last + 2])
        smaller = b.number.value < a.number.value and a.parent is None and not a.opener
        return (
            smaller
            and self.s.at(b.first - 1) == ","
            and after in (("as", "a"), ("due", "to"), ("because", "of"), ("under", "torture"))
        )

    def _is_in_other_place(self, b: Mention) -> bool:
        """Return whether people of no group are counted for one more place: `80 people died in ..., 14 people in Punjab`."""
        if self.s.at(b.noun.last - 1) not in GENERIC or self.s.at(b.last) not in ("in", "at", "near"):
            return False
        after = self.s.low[b.last : b.last + 9]
        return any(w in (",", ".", ";") for w in after) or len(after) < 9

    def _is_continued(self, a: Mention, b: Mention) -> bool:
        """Return whether there is no other predicate between two numbers."""
        begin = max(a.last, a.predicate.last) if a.predicate is not None else b.first
        return b.first - a.last <= FAR and not any(k in self.predicate_at for k in range(begin, b.first))
