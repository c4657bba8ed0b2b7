"""Numbers behind their predicate: `killed 20 people`, `the deaths of 20`, `four soldiers they had captured`."""

from __future__ import annotations

from conflictdata.parse.lexicon.function_words import BARRIERS
from conflictdata.parse.lexicon.outcomes import ADVERBS, TAKEN
from conflictdata.parse.links import Links
from conflictdata.parse.mentions import Mention
from conflictdata.parse.nouns import PERSON
from conflictdata.parse.predicates import Verb

NEAR = 12  # tokens between a verb and a later object of it


class Objects(Links):
    """The rules of this module."""

    def _object(self, v: Verb) -> None:
        """`killed 20 people`, `the deaths of 20`."""
        if not v.ahead:
            return
        m = self.starting.get(v.last)
        k = v.last
        while (
            m is None
            and k < v.last + 3
            and (self.s.at(k) in ADVERBS or self.s.at(k) in ("the", "of", "a", "some", ":"))
        ):
            k += 1
            m = self.starting.get(k)
        if m is None or (m.number.kind == "article" and self._speaks(m)):
            return
        if v.back and not v.be and self._followed(v) and self.ending.get(v.first) is not None:
            return
        if self._own_predicate(m) is not None and v.back and self.ending.get(v.first):
            return
        self.link(m, v.outcome, v, "object")

    def _relative_object(self) -> None:
        """`four soldiers they had captured`, `two men whom it holds`."""
        for m in self.mentions:
            k = m.last + (self.s.at(m.last) in ("who", "whom", "that", "which"))
            if not m.free or self.s.at(k) not in ("they", "it", "he", "she"):
                continue
            k += 1
            v = self.verb_at.get(k + (self.s.at(k) in ("had", "has", "have"))) or self.verb_at.get(k)
            if v is not None and v.ahead and not v.be and not self._takes_object(v):
                self.link(m, v.outcome, v, "relative")
            elif self.s.at(k + (self.s.at(k) in ("had", "has", "have"))) in (
                "held",
                "hold",
                "holds",
                "took",
                "taken",
                "seized",
            ):
                self.link(m, "abducted", None, "relative")

    def _followed(self, v: Verb) -> bool:
        """Whether the number after the verb has a predicate of its own right behind it: `20 killed, 30 wounded`."""
        return self.s.at(v.last) in (",", ";")

    def _own_predicate(self, m: Mention) -> Verb | None:
        """The predicate that begins right after the noun phrase and looks back at it."""
        k = m.last
        while self.s.at(k) in ADVERBS or self.s.at(k) in ("who", "that", "which"):
            v = self.verb_at.get(k)
            if v is not None:
                break
            k += 1
        v = self.verb_at.get(k)
        if v is None or not v.back or v.first < m.last:
            return None
        if v.ahead and not v.be and self._takes_object(v):
            return None
        return v

    def _later_object(self, v: Verb) -> None:
        """`killed a commander of the group and two guards`: a number further on in the object."""
        if any(m.verb is v for m in self.mentions):
            for words in (["along", "with"], ["together", "with"]):
                m = self.starting.get(v.last + 2)
                if m is not None and self.s.low[v.last : v.last + 2] == words:
                    self.link(m, v.outcome, v, "later")
            return
        for m in self.mentions:
            if m.first < v.last:
                continue
            between = self.s.low[v.last : m.first]
            if not m.free or len(between) > NEAR or any(w in BARRIERS and w != "and" for w in between):
                return
            if any(k in self.verb_at for k in range(v.last, m.first)):
                return
            last = between[-1] if between else ""
            joined = last in ("and", "plus", "with", ",", ":") or between[-2:] == ["well", "as"]
            if (
                m.opened
                or (v.ahead and joined and not self._place_before(between))
                or between[-2:] in (["along", "with"], ["together", "with"], ["alongside"])
            ) and (m.noun.kind == PERSON or m.opened):
                self.link(m, v.outcome, v, "later")
            return

    def _taken(self) -> None:
        """`took 12 soldiers prisoner`."""
        for m in self.mentions:
            after = self.s.at(m.last)
            if (
                m.free
                and after in ("prisoner", "prisoners", "hostage", "hostages", "captive")
                and TAKEN.intersection(self.s.low[max(0, m.first - 4) : m.first])
            ):
                self.link(m, "captured" if after.startswith("prison") else "abducted", None, "taken")
