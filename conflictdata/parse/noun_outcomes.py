"""Linking rules for nouns with an outcome.

`six deaths`, `31 wounded`, `97 hostages`.
"""

from __future__ import annotations

from itertools import pairwise

from conflictdata.parse.lexicon.outcomes import (
    AFFECTING,
    BACK,
    BODIES_OF_THINGS,
    CAPTIVES,
    COMMITTING,
    DEAD_VICTIMS,
    EVENT_NOUNS,
    EXHUMED,
    FREED,
    HELD,
    NEEDS_VERB,
    NOUNS,
    OTHER_VICTIMS,
    PAST,
    PLAIN_EVENTS,
    SHELTER,
    TAKEN,
    TAKEN_VICTIMS,
    TENDING,
)
from conflictdata.parse.lexicon.people import PLURAL, SINGULAR
from conflictdata.parse.linker_base import LinkerBase
from conflictdata.parse.mentions import Mention
from conflictdata.parse.nouns import PERSON
from conflictdata.parse.predicates import JOINT

_NEGATIONS = ("no", "without", "not", "avoid")
_SITES = frozenset("camp site school church monastery mosque base compound".split())
_ACCOUNTS = frozenset(
    "figure figures toll tolls count counts list lists report reports rate rates number numbers estimate estimates".split()
)
_DETERMINED = frozenset("a an the his her their its our one two three some".split())
_HELPED = frozenset("received receive receiving assisted reached aided".split())
_STOPS = frozenset((",", ";", "-", "(", ":", ".", "while", "but"))


class NounOutcomes(LinkerBase):
    """Rules that link a number to the outcome of its noun."""

    def _link_nouns(self) -> None:
        """Link numbers to the outcomes of their nouns.

        `six deaths`, `31 wounded`, `97 hostages`.
        """
        for a, b in pairwise(self.mentions):
            if self._has_shared_noun(a, b):
                a.noun.outcome = b.noun.outcome
        for m in self.mentions:
            outcome, partitive = m.noun.outcome, m.noun.partitive
            if not outcome or not m.is_free or partitive == "rest" or (partitive and outcome == "killed_or_injured"):
                continue
            if outcome == "displaced" and m.opener:
                continue  # "including one displaced woman": the verb of the whole decides
            before = self.s.low[max(0, m.first - 10) : m.first]
            m.exclusion = self._find_noun_exclusion(m, before)
            outcome = m.noun.outcome
            word = self.s.at(m.noun.last - 1)
            if m.exclusion or self._is_without_verb(m, word):
                continue
            if word in ("victims", "victim") and (found := self._find_fate_of_victims(m)) != outcome:
                self._link_victims(m, found)
            elif word in CAPTIVES:
                self._link_captives(m, outcome, self._collect_words_around(m))
            else:
                self.link(m, outcome, None, "noun")
                self._link_people_before_noun(m, outcome)

    def _link_people_before_noun(self, m: Mention, outcome: str) -> None:
        """Link people listed before a noun that they share: `26 boys and 20 girls deaths`."""
        first, last = m.noun.words
        if last - first < 2 or self.s.at(last - 2) not in PLURAL or self.s.at(last - 1) not in EVENT_NOUNS:
            return
        while (before := self._find_previous(m)) is not None and before.is_free and self._is_enumerated(before, m):
            if before.noun.kind != PERSON or before.noun.outcome:
                return
            self.link(before, outcome, None, "noun")
            m = before

    def _has_shared_noun(self, a: Mention, b: Mention) -> bool:
        """Return whether two numbers share a noun of harm: `eight Palestinian and six Israeli fatalities`."""
        k = a.number.last
        if not b.noun.outcome or b.first != k + 2 or self.s.at(k + 1) not in ("and", "or"):
            return False
        named = self.s.raw[k][0].isupper() and self.s.raw[b.number.last][0].isupper()
        return named or {self.s.at(k), self.s.at(b.number.last)} == {"identified", "unidentified"}

    def _is_without_verb(self, m: Mention, word: str) -> bool:
        """Return whether the noun needs a verb that is not near: `lives`, `bodies`."""
        needed = NEEDS_VERB.get(word)
        return (
            needed is not None and needed.isdisjoint(self._collect_words_around(m)) and self.s.at(m.noun.last) != "of"
        )

    def _find_noun_exclusion(self, m: Mention, before: list[str]) -> str:
        """Return why a number with a noun of harm is not a claim, or ""."""
        word, outcome = self.s.at(m.noun.last - 1), m.noun.outcome
        freed = before[-1:] != [] and before[-1] in FREED
        if word in ("body", "bodies") and (self._is_without_verb(m, word) or self._is_lifeless(m)):
            return "counts things"
        if word == "casualty" and self.s.at(m.noun.last) in _ACCOUNTS:
            return "counts things"  # "announcing casualty figures"
        if "partial" in self.s.low[m.first : m.noun.last] or "incomplete" in self.s.low[m.first : m.noun.last]:
            return "parts of bodies, not people"
        if m.number.kind == "article" and word not in NOUNS and not TENDING.isdisjoint(before[-3:]):
            return "a scene, not a report"
        if word in EVENT_NOUNS and not m.noun.partitive and self._is_incident_count(m, before):
            return "counts incidents"
        if freed and (outcome == "killed_or_injured" or word in ("victims", "victim")):
            return "a release"
        if outcome == "displaced" and self._is_sheltered(m, before):
            return "people sheltered at a site"
        if outcome == "displaced" and any(w in _HELPED for w in self.s.low[m.last : m.last + 6]):
            return "people who received help"
        if word == "casualties" and self._is_wider_joint(m):
            return JOINT
        if word in EVENT_NOUNS and (joint := self._find_joint_outcome(m)) != m.noun.outcome:
            m.noun.outcome = joint
            return "" if joint else JOINT
        if "expected" in self.s.low[m.last : m.last + 3]:
            return "negated or planned"
        if word not in CAPTIVES and (any(w in _NEGATIONS for w in before[-2:]) or self._is_planned(m)):
            return "negated or planned"
        return ""

    def _is_lifeless(self, m: Mention) -> bool:
        """Return whether a body is an organisation, a collection or a star: `public bodies`, `a body of evidence`."""
        if not BODIES_OF_THINGS.isdisjoint(self.s.low[m.number.last : m.noun.last - 1]):
            return True
        k = m.noun.last + 1
        if m.number.kind != "article" or self.s.at(k - 1) != "of" or not self.s.at(k).isalpha():
            return False
        people = self.s.low[k : k + 4]
        named = self.s.raw[k][0].isupper() or people[0] in _DETERMINED
        return not named and not any(w in PLURAL or w in SINGULAR for w in people)

    def _is_wider_joint(self, m: Mention) -> bool:
        """Return whether casualties are more than killed and injured: `510 casualties, killed, wounded and missing`."""
        k, kinds = m.last, set()
        while self.s.at(k) in (",", "and", "or", "in", "-", "("):
            k += 1
            if (kind := PAST.get(self.s.at(k)) or BACK.get(self.s.at(k), "")) != "":
                kinds.add(kind)
                k += 1
        return len(kinds) > 1 and not kinds <= {"killed", "injured"}

    def _find_joint_outcome(self, m: Mention) -> str:
        """Return the outcome of coordinated nouns: `30 deaths and injuries`; "" if no column expresses it."""
        s, k, kinds = self.s, m.noun.last, {m.noun.outcome}
        while s.at(k) in (",", "and", "or") and s.at(k + 1) in EVENT_NOUNS:
            kinds.add(NOUNS[s.at(k + 1)])
            k += 2
        if len(kinds) == 1:
            return m.noun.outcome
        return "killed_or_injured" if kinds == {"killed", "injured"} else ""

    def _is_incident_count(self, m: Mention, before: list[str]) -> bool:
        """Return whether a noun counts acts: `carried out 12 kidnappings`, `three murders were investigated`."""
        word, after = self.s.at(m.noun.last - 1), self.s.low[m.last : m.last + 4]
        after = after[: next((k for k, w in enumerate(after) if w == "," or w[0].isdigit()), len(after))]
        return word not in PLAIN_EVENTS and not COMMITTING.isdisjoint([*before[-4:], *after])

    def _find_fate_of_victims(self, m: Mention) -> str:
        """Return what happened to victims, by the words around; "" if nothing says that they were killed or hurt.

        `forty victims of the massacre were buried`, `47 kidnap victims`, `interviewed 57 victims`.
        """
        s = self.s
        inside, after = s.low[m.number.last : m.noun.last], s.low[m.noun.last : m.noun.last + 9]
        after = after[: next((k for k, w in enumerate(after) if w in _STOPS or w[0].isdigit()), len(after))]
        if not TAKEN_VICTIMS.isdisjoint(inside):
            return "abducted"
        if not DEAD_VICTIMS.isdisjoint([*inside, *after]):
            return "killed"
        before = s.low[max(0, m.first - 4) : m.first]
        if not EXHUMED.isdisjoint(before):
            return "killed"
        if not OTHER_VICTIMS.isdisjoint([*inside, *after[:4]]) or not AFFECTING.isdisjoint([*before, *after[:3]]):
            return ""
        return m.noun.outcome

    def _link_victims(self, m: Mention, outcome: str) -> None:
        if outcome:
            self.link(m, outcome, None, "noun")
        else:
            m.exclusion = "victims of whom the text does not say that they were killed or hurt"

    def _collect_words_around(self, m: Mention) -> list[str]:
        return self.s.low[max(0, m.first - 10) : m.last + 8]

    def _is_sheltered(self, m: Mention, before: list[str]) -> bool:
        """Return whether the people are sheltered at a site.

        `a school housing 400 displaced people`, `where 400 displaced people shelter`.
        """
        after = self.s.low[m.last : m.last + 8]
        in_site = after[:1] in (["in"], ["at"]) and any(w in _SITES for w in after) and m.noun.kind == PERSON
        return in_site or not SHELTER.isdisjoint(before[-5:]) or not SHELTER.isdisjoint(after[:3])

    def _link_captives(self, m: Mention, outcome: str, around: list[str]) -> None:
        freed, taken = FREED.intersection(around), TAKEN.intersection(around)
        if HELD.intersection(around) or (taken and not freed):
            self.link(m, outcome, None, "noun")
        elif freed:
            m.exclusion = "a release"
        elif not self._is_planned(m) and ("remain" in around or "still" in around):
            self.link(m, outcome, None, "noun")
