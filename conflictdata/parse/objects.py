"""Linking rules for numbers after their predicate.

`killed 20 people`, `the deaths of 20`, `four soldiers they had captured`.
"""

from __future__ import annotations

from conflictdata.parse.lexicon.function_words import BARRIERS
from conflictdata.parse.lexicon.outcomes import ADVERBS, CAPTIVES, FREED, TAKEN
from conflictdata.parse.lexicon.people import TOTAL
from conflictdata.parse.linker_base import NEAR, LinkerBase
from conflictdata.parse.mentions import Mention
from conflictdata.parse.nouns import PERSON
from conflictdata.parse.predicates import Predicate

_SKIPPED = frozenset(("the", "of", "a", "some", ":", '"', "“", "”", "'", "’", "‘"))
BODIES = frozenset("family group crew party band couple total".split())  # "killed a family of nine"
LOSSES = frozenset(("lost", "losing", "loss"))
_ABSENCES = frozenset(
    "red injury injuries illness suspension retirement free rivals".split()
)  # "lost 3 players to injury"
_MADE = frozenset("took taken taking captured captures".split())
WOUNDS = frozenset("injuries wounds burns fractures".split())


class PredicateObjects(LinkerBase):
    """Rules that link a predicate to its objects."""

    def _link_object(self, v: Predicate) -> None:
        """Link a predicate to its object: `killed 20 people`, `the deaths of 20`."""
        if not v.can_count_after:
            return
        m = self._find_first_object(v.last)
        if m is None or (m.number.kind == "article" and self._has_reporting_verb(m)):
            return
        state = (
            self._find_predicate_after(m) or self._find_state_after_comma(m) if self.s.low[v.core] in LOSSES else None
        )
        if state is not None and state.outcome in ("killed", "injured", "killed_or_injured", "missing"):
            self.link(m, state.outcome, state, "object")  # "lost 640 soldiers killed and wounded"
            return
        if self.s.low[v.core] in LOSSES and self.s.at(m.last) == "to" and self.s.at(m.last + 1) in _ABSENCES:
            m.exclusion = "out of a team, or ill"
            return
        if v.can_count_before and not v.is_full and self._has_mark_after(v) and self.ending.get(v.first) is not None:
            return
        if self._find_predicate_after(m) is not None and v.can_count_before and self.ending.get(v.first):
            return
        self.link(m, v.outcome, v, "object")

    def _find_first_object(self, i: int) -> Mention | None:
        """Return the mention at token `i`, or None.

        Small words or `a family of` may come before it.
        """
        k = i
        while k <= i + 3:
            m = self.starting.get(k)
            if m is not None:
                return m
            if self.s.at(k) in BODIES and self.s.at(k + 1) == "of":
                return self.starting.get(k + 2)
            if self.s.at(k) not in ADVERBS and self.s.at(k) not in _SKIPPED:
                return None
            k += 1
        return None

    def _link_relative_objects(self) -> None:
        """Link a number to the relative clause after it.

        `four soldiers they had captured`, `two men whom it holds`.
        """
        for m in self.mentions:
            k = m.last + (self.s.at(m.last) in ("who", "whom", "that", "which"))
            if not m.is_free or self.s.at(k) not in ("they", "it", "he", "she"):
                continue
            k += 1
            v = self.predicate_at.get(k + (self.s.at(k) in ("had", "has", "have"))) or self.predicate_at.get(k)
            if v is not None and v.can_count_after and not v.is_full and not self._has_object(v):
                self.link(m, v.outcome, v, "relative")
                self._link_earlier_in_list(m, v)
            elif self.s.at(k + (self.s.at(k) in ("had", "has", "have"))) in (
                "held",
                "hold",
                "holds",
                "took",
                "taken",
                "seized",
            ):
                self.link(m, "abducted", None, "relative")

    def _has_mark_after(self, v: Predicate) -> bool:
        """Return whether a comma or a semicolon follows the predicate.

        The number after it then has its own predicate: `20 killed, 30 wounded`.
        """
        return self.s.at(v.last) in (",", ";")

    def _find_predicate_after(self, m: Mention) -> Predicate | None:
        """Return the predicate right after a noun phrase that applies to it, or None."""
        k = m.last
        while self.s.at(k) in ADVERBS or self.s.at(k) in ("who", "that", "which"):
            v = self.predicate_at.get(k)
            if v is not None:
                break
            k += 1
        v = self.predicate_at.get(k)
        if v is None or not v.can_count_before or v.first < m.last:
            return None
        if v.can_count_after and not v.is_full and self._has_object(v):
            return None
        return v

    def _find_state_after_comma(self, m: Mention) -> Predicate | None:
        """Return what an aside says of lost men: `a loss of 1,100 men, killed and wounded`."""
        v = self.predicate_at.get(m.last + 1) if self.s.at(m.last) == "," else None
        joint = v is not None and v.outcome == "killed_or_injured" and self.s.at(v.last) in ("", ".", ",", ";")
        return v if joint else None

    def _link_later_object(self, v: Predicate) -> None:
        """Link a later number in the object.

        `killed a commander of the group and two guards`.
        """
        if any(m.predicate is v for m in self.mentions):
            return
        for m in self.mentions:
            if m.first < v.last:
                continue
            between = self.s.low[v.last : m.first]
            if not m.is_free or len(between) > NEAR or any(w in BARRIERS and w != "and" for w in between):
                return
            if any(k in self.predicate_at for k in range(v.last, m.first)):
                return
            if (m.opener or (v.can_count_after and self._is_joined(between))) and (m.noun.kind == PERSON or m.opener):
                self.link(m, v.outcome, v, "later")
            return

    def _is_joined(self, between: list[str]) -> bool:
        last = between[-1] if between else ""
        joined = last in ("and", "plus", "with", ",", ":") or between[-2:] == ["well", "as"]
        return joined and not self._has_place_before(between)

    def _link_along_with(self) -> None:
        """Link people hit together with somebody else.

        `a commander was killed in the raid, along with two guards`.
        """
        for k, word in enumerate(self.s.low):
            if word != "with" or self.s.at(k - 1) not in ("along", "together"):
                continue
            m = self.starting.get(k + 1)
            v = next((v for v in reversed(self.predicates) if v.last <= k), None)
            if m is None or not m.is_free or m.noun.kind != PERSON or v is None or k - v.last > NEAR:
                continue
            if not any(w in BARRIERS and w != "and" for w in self.s.low[v.last : k]):
                self.link(m, v.outcome, v, "later")

    def _link_taken(self) -> None:
        """Link people taken or held.

        `took 12 soldiers prisoner`, `took nine girls into the bush`, `held 132 foreigners; 39 of the hostages ...`.
        """
        low = self.s.low
        captives = not CAPTIVES.isdisjoint(low) or not FREED.isdisjoint(low)
        for m in self.mentions:
            if not m.is_free or m.number.kind == "article":
                continue
            before, after = low[max(0, m.first - 4) : m.first], self.s.at(m.last)
            if after in ("prisoner", "prisoners", "hostage", "hostages", "captive") and TAKEN.intersection(before):
                self.link(m, "captured" if after.startswith("prison") else "abducted", None, "taken")
            elif before[-1:] != [] and before[-1] in _MADE and low[m.noun.last - 1] in ("prisoner", "prisoners"):
                self.link(m, "captured", None, "taken")  # "had taken 200 prisoners"
                m.noun.group = TOTAL
            elif m.noun.kind != PERSON or m.noun.outcome not in ("", "injured"):
                continue
            elif (before[-1:] in (["held"], ["holding"], ["hold"], ["holds"]) and captives and not m.noun.outcome) or (
                before[-1:] in (["took"], ["taken"]) and self._is_taken_away(m)
            ):
                self.link(m, "abducted", None, "taken")

    def _is_taken_away(self, m: Mention) -> bool:
        after = self.s.low[m.last : m.last + 2]
        return after[:1] in ([], ["."], ['"'], ["”"], ["from"], ["away"]) or after in (
            ["with", "them"],
            ["into", "the"],
        )

    def _link_with_wounds(self) -> None:
        """Link people with wounds: `left five more with injuries`."""
        for m in self.mentions:
            if m.is_free and self.s.at(m.last) == "with" and not WOUNDS.isdisjoint(self.s.low[m.last + 1 : m.last + 4]):
                self.link(m, "injured", None, "taken")
