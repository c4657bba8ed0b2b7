"""Linking rules for sentences that open with the casualties.

`Of the 80 people killed, 31 ...`, `Among the dead were ...`, `The rest were ...`.
"""

from __future__ import annotations

from conflictdata.parse.lexicon.outcomes import CAPTIVES, NOUNS, PAST
from conflictdata.parse.linker_base import FAR, LinkerBase
from conflictdata.parse.mentions import Mention
from conflictdata.parse.nouns import NONE, OPEN

_FOUND = frozenset("found located traced identified".split())
_SEXES = frozenset(("sex", "gender"))
_ABUSE = frozenset("rape sexual abuse torture trafficking".split())
WIDER = frozenset(("abducted", "captured", "killed_or_injured"))  # a part of these may have another outcome


class FrontedSubjects(LinkerBase):
    """Rules that link numbers to an outcome named at the front of the sentence."""

    def _link_fronted_of_phrase(self) -> None:
        """Link the parts after a phrase with "of".

        `Of the 80 people killed, 31 were children`; `Of the dead, 12 were women`; `Of the 90 hostages, 30 died`.
        """
        low = self.s.low
        opening = 1 if low[:2] == ["out", "of"] else self._find_reported_opening()
        if low[opening : opening + 1] not in (["of"], ["among"]) or "," not in low[opening : opening + FAR]:
            return
        comma = low.index(",", opening)
        named = low[opening + 1 : comma]
        whole = next((m for m in self.mentions if opening <= m.first and m.last <= comma), None)
        if whole is not None and whole.is_free and whole.noun.outcome:
            if whole.noun.outcome == "killed_or_injured" and not _ABUSE.isdisjoint(named):
                return
            self.link(whole, whole.noun.outcome, None, "noun")
        outcome = whole.outcome if whole is not None else self._find_outcome_word(named)
        if named in (["those"], ["them"], ["these"]):
            outcome = next((m.outcome for m in self.mentions if m.first > comma and m.outcome), "")
        if not outcome:
            return
        for m in self.mentions:
            agent = m.number.kind == "article" and self.s.at(m.first - 1) == "by"
            apart = self.s.at(m.first - 1) == "with" or (m.outcome and m.rule == "list")
            if m.first > comma and m.parent is None and not (m.opener or m.number.is_more or agent or apart):
                self._link_part_to_whole(m, whole, outcome)

    def _find_reported_opening(self) -> int:
        """Return the token of "of" that opens the reported clause: `The report shows that of the dead, 12 were women`."""
        low = self.s.low
        ends = range(1, min(len(low), FAR))
        return next((i for i in ends if low[i] == "of" and low[i - 1 - (low[i - 1] == "out")] == "that"), 0)

    def _link_part_to_whole(self, m: Mention, whole: Mention | None, outcome: str) -> None:
        """Link a number after `Of ...,` to the whole named there."""
        if outcome == "missing" and m.is_free and not _FOUND.isdisjoint(self.s.low[m.last : m.last + 4]):
            m.exclusion = "found since"
        if m.outcome and (m.outcome == outcome or outcome in WIDER):
            m.parent, m.is_implied = whole, whole is None
        elif (
            m.is_free
            and not (m.noun.kind == OPEN and m.number.kind == "article")
            and (m.noun.partitive != "them" or m.noun.last == m.number.last)
        ):
            joint = m.noun.outcome == "killed_or_injured"  # "Out of those, 2,100 casualties ..."
            self.link(m, m.noun.outcome if joint else outcome, None, "of")
            m.parent, m.is_implied = whole, whole is None

    def _find_outcome_word(self, words: list[str]) -> str:
        for k, word in enumerate(words):
            if word in PAST or word in NOUNS:
                outcome = PAST.get(word) or NOUNS[word]
                other = PAST.get(words[k + 2], "") if k + 2 < len(words) and words[k + 1] in ("and", "or") else ""
                return "killed_or_injured" if {outcome, other} == {"killed", "injured"} else outcome
        return ""

    def _link_of_unknown_sex(self) -> None:
        """Link the people whose sex is not known: `The sex of another 5 children and 62 adults has not been determined`."""
        for k in self.s.find_positions(_SEXES):
            m = self.starting.get(k + 2)
            outcome = next(
                (x.outcome for x in reversed(self.mentions) if x.outcome and x.last <= k), self.latest_outcome
            )
            if m is None or not m.is_free or self.s.at(k + 1) != "of" or not outcome:
                continue
            self.link(m, outcome, None, "sex")
            m.is_implied = True
            other = self.starting.get(m.last + 1)
            if other is not None and other.is_free and self.s.at(m.last) == "and":
                self.link(other, outcome, None, "sex")
                other.is_implied = True

    def _link_fronted_predicates(self) -> None:
        """Link the number after a fronted outcome.

        `Among the dead were three children`, `the dead included 298 children`, `Killed were two women and a child`.
        """
        for k, word in enumerate(self.s.low):
            if word not in _COPULAS:
                continue
            before = self.s.low[max(0, k - 8) : k]
            if len(before) >= 2 and before[-1] in ("remainder", "rest", "others") and before[-2] == "the":
                self._link_remainder(k)
                continue
            outcome = self._find_outcome_word([w for w in reversed(before) if w in PAST or w not in CAPTIVES])
            named = self.s.at(k + 1) in ("named", "identified") and self.s.at(k + 2) == "as"
            m = self.starting.get(k + 3) if named else self.starting.get(k + 1) or self.starting.get(k + 2)
            if not outcome or m is None or not m.is_free or m.noun.kind == NONE or self._has_number_before(k):
                continue
            listing = word.startswith(("include", "comprise")) or before[:2] == ["the", "others"]
            those = (
                before[:1] == ["those"] and k == len(before) and "who" not in before
            )  # "Those murdered were two boys"
            if "among" in before or listing or named or those or k == 1:
                self.link(
                    m, "killed" if outcome == "killed_or_injured" and "victims" in before else outcome, None, "fronted"
                )
                m.is_implied = k > 1 or "among" in before

    def _link_remainder(self, k: int) -> None:
        """Link `The rest were soldiers` as a part of the number in the sentence before."""
        m = self.starting.get(k + 1) or self.starting.get(k + 2)
        if m is not None and m.is_free and self.earlier_outcome:
            self.link(m, self.earlier_outcome, None, "rest")
            m.is_implied = True


_COPULAS = frozenset("were was are included include includes is comprise comprised".split())
