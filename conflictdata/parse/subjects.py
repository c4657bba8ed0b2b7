"""Linking rules for numbers before their predicate, and lists with them.

`20 people were killed`, `30 wounded`.
"""

from __future__ import annotations

from itertools import pairwise

from conflictdata.parse.lexicon.function_words import BARRIERS, PREPOSITIONS
from conflictdata.parse.lexicon.outcomes import ADVERBS, CAPTIVES, EVENT_NOUNS
from conflictdata.parse.lexicon.people import PLURAL
from conflictdata.parse.lexicon.quantities import UNITS
from conflictdata.parse.linker_base import FAR, LinkerBase
from conflictdata.parse.mentions import Mention
from conflictdata.parse.nouns import NONE, OPEN
from conflictdata.parse.predicates import Predicate

SHARES = frozenset("some cent percent % half third thirds quarter most majority many fifth".split())
TOLL_NOUNS = EVENT_NOUNS | {"casualties", "victims"}
HOUSEHOLDS = frozenset(("families", "family", "households", "household"))
DYING = frozenset(("died", "succumbed", "dies"))
STATES = frozenset("dead wounded injured hurt homeless missing displaced".split())
MAX_TOKENS_TO_DEAD = 16  # tokens between "left" and "dead"

LEADING = frozenset(
    "who whose which that , - ( [ mostly aboard believed including".split()
)  # a subject may continue after one of these
_SKIPPED = frozenset(("who", "that", "which", "others", "more", '"', "“", "”", "‘"))
_LEFT = frozenset("left abandoned lost escaped quit".split())  # "12,000 others left the town and fled"
MAX_UNCOUNTED = 7  # tokens of people without a number
_UNCOUNTED = frozenset("all many some most numerous countless".split())
_AS = frozenset("working serving employed identified described known acting posing".split())


def _drop_descriptions(between: list[str]) -> list[str]:
    """Return the words between a subject and its predicate, without descriptions.

    Returns nothing if the words say who the people were and not what they did.
    """
    if not between:
        return between
    if between[0] == "and" and "number" in between[1:4]:
        return []  # "12 soldiers and an unknown number of rebels were killed"
    if between[0] == "and" and between[1:2] and between[1] in _UNCOUNTED and len(between) <= MAX_UNCOUNTED:
        return []  # "59 leaders and all the documented members have been killed"
    if between[0] == "and" and between[1:2] in (["his"], ["her"], ["their"]) and len(between) <= 5:
        return []
    if between[0] == "including" and len(between) <= 6 and all(w in PLURAL or w in ("and", "who") for w in between[1:]):
        return []  # "14 civilians including women and children were wounded"
    if between[-1] == "and" and between[0] in _LEFT:
        return []
    if between[0] == "aged" and (between[-1][0].isdigit() or between[-1] in UNITS):
        return []
    return [w for w in between if w != "as"] if not _AS.isdisjoint(between) else between


class PredicateSubjects(LinkerBase):
    """Rules that link a predicate to its subjects."""

    def _link_adjacent_subject(self, v: Predicate) -> None:
        """Link the subject next to a predicate.

        `20 people were killed`, `30 wounded`, `45 people dead`.
        """
        if not v.can_count_before:
            return
        m, k = self._find_subject(v.first)
        if m is None or (v.can_count_after and not v.is_full and self._has_object(v)):
            return
        relative = self.s.at(k) in ("who", "which", "that") or self.s.at(k + 1) in ("who", "which")
        if v.is_full and not relative:
            share = self._find_share(m)
            if share is not None:
                self.link(share, v.outcome, v, "subject")
            before = self.s.low[max(0, m.first - 4) : m.first]
            if share is not None or ("of" in before and SHARES.intersection(before)):
                if share is not None and self.s.at(m.noun.last - 1) in CAPTIVES:
                    self.link(m, "abducted", None, "noun")
                m.exclusion = m.exclusion or ("" if m.outcome else "the base of a share")
                return
        self._link_subject(m, v, "subject", relative)

    def _find_subject(self, i: int) -> tuple[Mention | None, int]:
        """Return the mention before a predicate, and its end.

        There may be adverbs, `who` or `, who` between them.
        """
        k = i
        while k > i - 4:
            m = self.ending.get(k)
            if m is not None:
                return m, k
            word = self.s.at(k - 1)
            if word not in ADVERBS and word not in _SKIPPED and not (word.endswith("ly") and len(word) > 4):
                if word == "," and self.s.at(k) in ("who", "which"):
                    return self.ending.get(k - 1), k - 1
                return self._find_aside(k), k
            k -= 1
        return self.ending.get(k), k

    def _find_aside(self, k: int) -> Mention | None:
        """Return the people in an aside that ends before token `k`, if they restate households.

        `3,200 families - roughly 16,200 people - have fled`.
        """
        m = self.ending.get(k - 1)
        if m is not None and m.noun.kind == NONE and self.s.at(k - 1) == "," and self.s.at(m.first - 1) == ",":
            lead = self.s.low[max(0, m.first - 7) : m.first - 1]
            if "number" in lead and "of" in lead:
                group = next((PLURAL[w] for w in lead if w in PLURAL), None)
                m.noun.group = m.noun.group or group
                return m  # "a larger number of civilians, 70, lost their lives"
        mark = {"-": "-", ")": "(", ",": ","}.get(self.s.at(k - 1))
        restates = m is not None and self.s.at(m.first - 1) == mark and self.s.at(m.first - 2) in HOUSEHOLDS
        return m if restates else None

    def _find_share(self, m: Mention) -> Mention | None:
        """Return the share before its whole, or None.

        In `37 of the 45 villagers were killed`, the 37 are the share of the 45.
        """
        share = self._find_previous(m)
        near = share is not None and share.noun.partitive == "number" and m.first - share.noun.last <= 3
        return share if near else None

    def _link_before_state(self, v: Predicate) -> None:
        """Link all numbers between "left" and its state.

        `left 17 fighters and an unknown number of civilians dead`.
        """
        if v.is_full or not v.can_count_before or self.s.low[v.core] not in STATES:
            return
        for k in range(v.first - 1, max(-1, v.first - MAX_TOKENS_TO_DEAD), -1):
            if k in self.predicate_at or self.s.low[k] in (",", ";", ".", "who", "which"):
                return
            if self.s.low[k] in ("left", "leaving", "leaves", "leave"):
                for m in self.mentions:
                    if k < m.first and m.last <= v.first and m.is_free and m.noun.kind != OPEN:
                        self.link(m, v.outcome, v, "list")
                return

    def _link_subject(self, m: Mention, v: Predicate, rule: str, relative: bool = False) -> None:
        """Link a subject and the numbers listed with it.

        If the subject is a part, link the whole before it instead.
        """
        head = self._find_list_head(m)
        if head.opener and not relative and self.s.at(m.first - 1) not in ("whom", "which"):
            whole = self._find_previous(head)
            if whole is not None and whole.noun.outcome and self.s.at(whole.noun.last - 1) in TOLL_NOUNS:
                self.link(m, v.outcome, v, rule)  # "casualties, including 331 killed"
                return
            if whole is not None and whole.outcome and m is not head and whole.predicate is not v:
                self.link(m, v.outcome, v, rule)  # "28 killed including 9 children and 42 injured"
                return
            if whole is not None and self._is_in_same_clause(whole, head):
                self.link(whole, v.outcome, v, rule)
                return
        if relative and m.outcome and m.outcome != v.outcome:
            return
        if m.noun.kind == OPEN and m.number.value > 1 and self.s.at(v.first) in ("has", "was", "is"):
            return  # "a pilot of 45 missions has died"
        self.link(m, v.outcome, v, rule)
        if not relative:
            self._link_earlier_in_list(m, v)

    def _find_list_head(self, m: Mention) -> Mention:
        """Return the first mention of the list that ends with a mention."""
        while not m.opener:
            before = self._find_previous(m)
            if before is None or not before.is_free or not self._is_enumerated(before, m):
                return m
            m = before
        return m

    def _link_distant_subject(self, v: Predicate) -> None:
        """Link a subject that is not next to its predicate.

        `16 others - including seven children - were injured`, `20 people from the town were killed`.
        """
        if not v.can_count_before or self._has_subject(v):
            return
        k = self._skip_aside(v.first)
        if not v.is_full:
            m = self.ending.get(k)
            if k != v.first and m is not None and m.is_free and not (v.can_count_after and self._has_object(v)):
                self._link_subject(m, v, "distant")
            return
        for m in reversed(self.mentions):
            if m.last > k or m.opener:
                continue
            between = _drop_descriptions(self._drop_names(m.last, k))
            if k - m.last > FAR or not BARRIERS.isdisjoint(between) or self._has_other_predicate(m.last, k):
                return
            if self._has_preposition_before(m):
                continue
            if not between or between[0] in PREPOSITIONS or between[0] in LEADING or between[0].endswith("ing"):
                self._link_subject(m, v, "distant")
            return

    def _drop_names(self, first: int, last: int) -> list[str]:
        """Return the words between two tokens, without an "and" that joins two names: `men from Britain and South Africa`."""
        raw, low = self.s.raw, self.s.low
        return [
            low[i]
            for i in range(first, last)
            if not (low[i] == "and" and first < i < last - 1 and raw[i - 1][0].isupper() and raw[i + 1][0].isupper())
        ]

    def _has_other_predicate(self, first: int, last: int) -> bool:
        """Return whether there is another full predicate between two tokens."""
        return any(v.is_full and v.first < last and v.last > first for v in self.predicates)

    def _link_some_of_some(self) -> None:
        """Link the outer predicate to a share.

        `Three of the four men who were abducted have been found dead`: the three were killed.
        """
        for m, whole in zip(self.mentions, self.mentions[1:], strict=False):
            if m.noun.partitive != "number" or not m.is_free or whole.predicate is None:
                continue
            outer = next(
                (
                    v
                    for v in self.predicates
                    if v.can_count_before and v.is_full and 0 <= v.first - whole.predicate.last <= 4
                ),
                None,
            )
            if outer is not None:
                self.link(m, outer.outcome, outer, "subject")

    def _link_later_deaths(self) -> None:
        """Count as killed the wounded who died later: `six were wounded in the ambush and died in hospital`."""
        for hit, end in pairwise(self.predicates):
            between = self.s.low[hit.last : end.first]
            joined = between[-1:] == ["and"] and len(between) < FAR and BARRIERS.isdisjoint(between[:-1])
            if hit.outcome != "injured" or self.s.low[end.core] not in DYING or not joined or self._has_subject(end):
                continue
            if not any(m.first >= hit.last and m.last <= end.first for m in self.mentions):
                for m in self.mentions:
                    m.outcome = "killed" if m.predicate is hit and m.last <= hit.first else m.outcome

    def _has_subject(self, v: Predicate) -> bool:
        return any(m.predicate is v for m in self.mentions)

    def _skip_aside(self, k: int) -> int:
        """Return the token at which an aside begins that ends before `k`; else `k`.

        An aside is between commas, dashes or brackets.
        """
        if self.s.at(k - 1) not in (",", "-", ")"):
            return k
        opening = {",": ",", "-": "-", ")": "("}[self.s.at(k - 1)]
        for i in range(k - 2, max(-1, k - FAR), -1):
            after = self.starting.get(i + 1)
            parted = after is not None and after.noun.partitive == "them"  # "the force, two of them officers, were"
            if self.s.low[i] == opening and (self.ending.get(i) or opening != "," or parted):
                return i
        return k
