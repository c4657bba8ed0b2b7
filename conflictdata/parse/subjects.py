"""Numbers before their predicate: `20 people were killed`, `30 wounded`, and what is listed with them."""

from __future__ import annotations

from conflictdata.parse.lexicon.function_words import BARRIERS, PREPOSITIONS
from conflictdata.parse.lexicon.outcomes import ADVERBS, CAPTIVES
from conflictdata.parse.lexicon.quantities import UNITS
from conflictdata.parse.linker_base import FAR, Links
from conflictdata.parse.mentions import Mention
from conflictdata.parse.nouns import OPEN
from conflictdata.parse.predicates import Verb

SHARES = frozenset("some cent percent % half third thirds quarter most majority many fifth".split())
STATES = frozenset("dead wounded injured hurt homeless missing displaced".split())
LEFT = 16  # tokens between "left" and "dead"

LEADING = frozenset(
    "who which that , - ( mostly aboard believed including".split()
)  # a subject goes on behind one of these
_AS = frozenset("working serving employed identified described known acting posing".split())


def _plain(between: list[str]) -> list[str]:
    """The words between a subject and its predicate, nothing where they say who the people were and not what they did."""
    if not between:
        return between
    if between[0] == "and" and "number" in between[1:4]:
        return []  # "12 soldiers and an unknown number of rebels were killed"
    if between[0] == "and" and between[1:2] in (["his"], ["her"], ["their"]) and len(between) <= 5:
        return []
    if between[0] == "aged" and (between[-1][0].isdigit() or between[-1] in UNITS):
        return []
    return [w for w in between if w != "as"] if not _AS.isdisjoint(between) else between


class Subjects(Links):
    """The rules of this module."""

    def _adjacent_subject(self, v: Verb) -> None:
        """`20 people were killed`, `30 wounded`, `45 people dead`."""
        if not v.back:
            return
        m, k = self._subject_at(v.first)
        if m is None or (v.ahead and not v.be and self._takes_object(v)):
            return
        relative = self.s.at(k) in ("who", "which", "that") or self.s.at(k + 1) in ("who", "which")
        if v.be and not relative:
            share = self._share_of(m)
            if share is not None:
                self.link(share, v.outcome, v, "subject")
            if share is not None or SHARES.intersection(self.s.low[max(0, m.first - 4) : m.first]):
                if share is not None and self.s.at(m.noun.last - 1) in CAPTIVES:
                    self.link(m, "abducted", None, "noun")
                m.refused = m.refused or ("" if m.outcome else "the base of a share")
                return
        self._subject(m, v, "subject", relative)

    def _subject_at(self, i: int) -> tuple[Mention | None, int]:
        """The mention that ends before a predicate, or before `who`, `, who`, or adverbs; and where it ends."""
        k = i
        while k > i - 4:
            m = self.ending.get(k)
            if m is not None:
                return m, k
            word = self.s.at(k - 1)
            if word not in ADVERBS and word not in ("who", "that", "which", "others", "more"):
                if word == "," and self.s.at(k) in ("who", "which"):
                    return self.ending.get(k - 1), k - 1
                return None, k
            k -= 1
        return self.ending.get(k), k

    def _share_of(self, m: Mention) -> Mention | None:
        """`37 of the 45 villagers were killed`: the 37, where the 45 end before the predicate."""
        share = self._before(m)
        near = share is not None and share.noun.partitive == "number" and m.first - share.noun.last <= 3
        return share if near else None

    def _left_dead(self, v: Verb) -> None:
        """`left 17 fighters and an unknown number of civilians dead`: all between the verb and its predicate."""
        if v.be or not v.back or self.s.low[v.core] not in STATES:
            return
        for k in range(v.first - 1, max(-1, v.first - LEFT), -1):
            if k in self.verb_at or self.s.low[k] in (",", ";", ".", "who", "which"):
                return
            if self.s.low[k] in ("left", "leaving", "leaves", "leave"):
                for m in self.mentions:
                    if k < m.first and m.last <= v.first and m.free and m.noun.kind != OPEN:
                        self.link(m, v.outcome, v, "list")
                return

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
            between = _plain(self.s.low[m.last : k])
            if k - m.last > FAR or not BARRIERS.isdisjoint(between) or self._other_verb(m.last, k):
                return
            if self._governed(m):
                continue
            if not between or between[0] in PREPOSITIONS or between[0] in LEADING or between[0].endswith("ing"):
                self._subject(m, v, "distant")
            return

    def _other_verb(self, first: int, last: int) -> bool:
        """Whether another full predicate stands between two places."""
        return any(v.be and v.first < last and v.last > first for v in self.verbs)

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
