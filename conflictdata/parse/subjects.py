"""Numbers before their predicate: `20 people were killed`, `30 wounded`, and what is listed with them."""

from __future__ import annotations

from conflictdata.parse.lexicon.function_words import BARRIERS, PREPOSITIONS
from conflictdata.parse.lexicon.outcomes import ADVERBS
from conflictdata.parse.links import Links
from conflictdata.parse.mentions import Mention
from conflictdata.parse.predicates import Verb

FAR = 26  # tokens between a subject and its predicate, or a toll and its number
SHARES = frozenset("some cent percent % half third thirds quarter most majority many fifth".split())


class Subjects(Links):
    """The rules of this module."""

    def _adjacent_subject(self, v: Verb) -> None:
        """`20 people were killed`, `30 wounded`, `45 people dead`."""
        if not v.back:
            return
        m = self.ending.get(v.first)
        k = v.first
        while (
            m is None
            and k > v.first - 3
            and (self.s.at(k - 1) in ADVERBS or self.s.at(k - 1) in ("who", "that", "which", "others", "more"))
        ):
            k -= 1
            m = self.ending.get(k)
        if m is None or (v.ahead and not v.be and self._takes_object(v)):
            return
        relative = self.s.at(k) in ("who", "which", "that")
        if (
            v.be
            and not relative
            and self.s.at(m.first - 1) == "of"
            and SHARES.intersection(self.s.low[max(0, m.first - 4) : m.first])
        ):
            m.refused = "the base of a share"
            return
        self._subject(m, v, "subject", relative)

    def _subject(self, m: Mention, v: Verb, how: str, relative: bool = False) -> None:
        """Links a subject, and what is listed with it; for a part before the predicate, the whole in front of it."""
        head = self._list_head(m)
        if head.opened and not relative and self.s.at(m.first - 1) not in ("whom", "which"):
            whole = self._before(head)
            if whole is not None and self._reaches(whole, head):
                self.link(whole, v.outcome, v, how)
                return
        if relative and m.outcome and m.outcome != v.outcome:
            return
        self.link(m, v.outcome, v, how)
        if not relative:
            self._list_back(m, v)

    def _list_head(self, m: Mention) -> Mention:
        """The first mention of the list that a mention closes."""
        while not m.opened:
            before = self._before(m)
            if before is None or not before.free or not self._enumerated(before, m):
                return m
            m = before
        return m

    def _list_back(self, m: Mention, v: Verb) -> None:
        while True:
            before = self._before(m)
            if before is None or not before.free or before.opened or m.opened or not self._before_in_list(before, m):
                return
            if before.noun.outcome not in ("", v.outcome):
                return
            self.link(before, v.outcome, v, "list")
            m = before

    def _before_in_list(self, a: Mention, b: Mention) -> bool:
        """`left 7 soldiers from the army and 9 gunmen dead` has words between, where "left" shows that the list began."""
        return self._enumerated(a, b) or (
            self.s.at(a.first - 1) in ("left", "leaving", "leaves") and self._listed(a, b)
        )

    def _distant_subject(self, v: Verb) -> None:
        """`16 others - including seven children - were injured`, `20 people from the town were killed`."""
        if not v.back or self._has_subject(v):
            return
        k = self._skip_aside(v.first)
        if not v.be:
            m = self.ending.get(k)
            if k != v.first and m is not None and m.free and not (v.ahead and self._takes_object(v)):
                self._subject(m, v, "distant")
            return
        for m in reversed(self.mentions):
            if m.last > k or m.opened:
                continue
            if k - m.last > FAR:
                return
            between = self.s.low[m.last : k]
            if between[:1] == ["and"] and "number" in between[:4] and "unknown" in between[:3]:
                between = []
            if between[:1] == ["and"] and between[1:2] in (["his"], ["her"], ["their"]) and len(between) <= 5:
                between = []
            if any(w in BARRIERS for w in between) or any(
                i in self.verb_at and self.verb_at[i].be for i in range(m.last, k)
            ):
                return
            if self._governed(m):
                continue
            if (
                between
                and between[0] not in PREPOSITIONS
                and not between[0].endswith("ing")
                and between[0]
                not in (
                    "who",
                    "which",
                    ",",
                    "-",
                    "(",
                    "that",
                    "mostly",
                    "aboard",
                    "travelling",
                    "waiting",
                    "sheltering",
                    "believed",
                    "including",
                )
            ):
                return
            self._subject(m, v, "distant")
            return

    def _some_of_some(self) -> None:
        """`Three of the four men who were abducted have been found dead`: the outer predicate is that of the three."""
        for m, whole in zip(self.mentions, self.mentions[1:], strict=False):
            if m.noun.partitive != "number" or not m.free or whole.verb is None:
                continue
            outer = next((v for v in self.verbs if v.back and v.be and 0 <= v.first - whole.verb.last <= 4), None)
            if outer is not None:
                self.link(m, outer.outcome, outer, "subject")

    def _has_subject(self, v: Verb) -> bool:
        return any(m.verb is v for m in self.mentions)

    def _skip_aside(self, k: int) -> int:
        """The place before an aside between commas, dashes or brackets that closes at `k`."""
        if self.s.at(k - 1) not in (",", "-", ")"):
            return k
        opening = {",": ",", "-": "-", ")": "("}[self.s.at(k - 1)]
        for i in range(k - 2, max(-1, k - FAR), -1):
            if self.s.low[i] == opening and (self.ending.get(i) or opening != ","):
                return i
        return k
