"""Linking rules for tolls without a verb of harm.

`the death toll rose to 20`, `Injured: 12`, `he had earlier reported nine`.
"""

from __future__ import annotations

from conflictdata.parse.lexicon.function_words import PREPOSITIONS
from conflictdata.parse.lexicon.outcomes import (
    BACK,
    CAPTIVES,
    COMPARING,
    COUNTED,
    NOUNS,
    PAST,
    RAISING,
    SINGULAR_EVENTS,
    STATING,
    THINGS_LOST,
    TOLL_LINKS,
    TOLL_VERBS,
    TOLLS,
)
from conflictdata.parse.lexicon.people import ADJECTIVES, AGENCIES, AID, PLURAL, SOLDIER, STAFF, TOTAL, PeopleGroup
from conflictdata.parse.linker_base import FAR, LinkerBase
from conflictdata.parse.mentions import Mention
from conflictdata.parse.nouns import NONE, OPEN

CUES = TOLLS | COUNTED | frozenset(("number", "numbers", "figure", "total", "count", "losses", "statistics", "figures"))
PARTICIPLES = frozenset(("killed", "missing", "displaced", "hurt"))  # tolls only before a colon
_PUTTING = frozenset(("put", "puts", "putting"))  # "puts deaths from violence in the province at 35,000"
_CHANGES = frozenset("increase rise decrease drop decline fall reduction jump".split())
_EXCEEDING = frozenset("exceeds exceeded exceed surpassed surpasses topped tops passed eclipsed crossed".split())
_AMOUNTING = frozenset("amount amounts amounted totalled totaled total".split())
_ENDS = frozenset((".", ",", ";", "", '"', "”", ")"))
TO_OUTCOME = 18  # tokens from "the number of" to what happened to them


class TollLinker(LinkerBase):
    """Rules that link the figures of a toll."""

    def _link_tolls(self) -> None:
        """Link the figures of each toll.

        `the death toll rose to 20`, `the number of people killed to 63`, `casualties are up to 10`.
        """
        for i in reversed(self.s.find_positions(CUES)):  # the nearest word before a number decides
            outcome = self._find_toll_outcome(i, self.s.low[i])
            if outcome:
                self._link_toll_figures(i, outcome)

    def _raise_exceeded(self) -> None:
        """Make exceeded figures the least of a toll: `the toll exceeded 700 dead`."""
        for m in self.mentions:
            if m.number.qualifier == "exact" and self.s.at(m.first - 1) in _EXCEEDING and m.number.kind != "article":
                m.number.qualifier = "more_than"

    def _link_toll_figures(self, i: int, outcome: str) -> None:
        """Link the figures of the toll at token `i`: one, or two (`from 16 to 22`)."""
        for m in self.mentions:
            if m.first <= i or not m.is_free or m.noun.outcome or m.number.kind == "article":
                continue
            between = self.s.low[i + 1 : m.first]
            other = any(w in ("while", "when") for w in between) or ("but" in between and "estimated" not in between)
            if m.first - i > FAR + TO_OUTCOME or ";" in between or other:
                return
            link = self.s.at(m.first - 1)
            if m.noun.kind == OPEN or not self._is_linked(m, i, link) or not self._is_toll_figure(m, i, link):
                continue
            if (
                m.number.qualifier == "up_to"
                and self.s.low[m.first : m.first + 2] == ["up", "to"]
                and self._has_earlier(m)
            ):
                m.number.qualifier = "exact"  # "is up to 30, from 19 a year before"
            self.link(m, outcome, None, "fronted" if link.startswith("includ") or link == "as" else "toll")
            m.noun.group = m.noun.group or self._find_counted_group(i) or (TOTAL if self._counts_all(i) else None)
            self._link_respective_figure(m, i)
            if link != "from" and self.s.at(m.last) not in ("to", "from") and not self._has_earlier(m):
                return

    def _counts_all(self, i: int) -> bool:
        """Return whether a toll counts everybody: `the death toll`, `the total number of dead`."""
        return self.s.low[i] in TOLLS or "total" in (self.s.low[i], self.s.at(i - 1))

    def _link_respective_figure(self, m: Mention, i: int) -> None:
        """Link the second of two figures: `the number of soldiers and civilians killed was 90 and 40 respectively`."""
        other = self.starting.get(m.last + 1)
        if other is None or not other.is_free or "respectively" not in self.s.low[other.last : other.last + 2]:
            return
        groups = [PLURAL.get(w) or ADJECTIVES[w] for w in self.s.low[i : m.first] if w in PLURAL or w in ADJECTIVES]
        outcomes = list(dict.fromkeys(PAST[w] for w in self.s.low[i : m.first] if w in PAST))
        self.link(other, outcomes[1] if len(outcomes) == 2 else m.outcome, None, "toll")
        if len(outcomes) == 2:
            m.outcome = outcomes[0]
        elif len(groups) > 1:
            m.noun.group, other.noun.group = groups[:2]

    def _is_linked(self, m: Mention, i: int, link: str) -> bool:
        """Return whether the word before a figure ties it to the toll at token `i`."""
        if link in TOLL_LINKS:
            return True
        if m.first == i + 1:
            return m.number.qualifier == "up_to"  # "put the toll as high as 37"
        if m.number.qualifier == "up_to" and "put" in self.s.low[max(0, i - 4) : i]:
            return self.s.at(i + 1) == "of"  # "put the toll of the raid as high as 37"
        return link == "-" and m.noun.kind == NONE and self.s.low[i] in ("number", "total")

    def _has_earlier(self, m: Mention) -> bool:
        """Return whether the figure of an earlier time follows: `30, from 19 in 2021`."""
        k = m.last + (self.s.at(m.last) == ",")
        return self.s.at(k) == "from" and self.s.at(k + 1)[:1].isdigit()

    def _is_toll_figure(self, m: Mention, i: int, link: str) -> bool:
        if link in ("from", "by"):
            return link == "from" and ("to" in self.s.low[m.last : m.last + 4] or "to" in self.s.low[i : m.first])
        return link != "of" or m.first - i <= 4

    def _link_inverted_toll(self) -> None:
        """Link a figure before its toll: `raising to 346 the number of soldiers killed`."""
        for m in self.mentions:
            if m.is_free and self.s.at(m.first - 1) == "to" and self.s.at(m.first - 2) in RAISING:
                ahead = range(m.last, min(m.last + 5, len(self.s)))
                toll = next((i for i in ahead if self._find_toll_outcome(i, self.s.low[i])), None)
                if toll is not None:
                    self.link(m, self._find_toll_outcome(toll, self.s.low[toll]), None, "toll")
                    m.noun.group = m.noun.group or self._find_counted_group(toll)

    def _find_counted_group(self, i: int) -> PeopleGroup | None:
        """Return the group that a toll counts.

        `civilian deaths`, `the number of children killed`.
        """
        if self.s.at(i - 1) in ADJECTIVES:
            return ADJECTIVES[self.s.at(i - 1)]
        if self.s.at(i - 1) in ("death", "casualty") and self.s.at(i - 2) in ADJECTIVES:
            return ADJECTIVES[self.s.at(i - 2)]
        if self.s.at(i - 1) in ("death", "casualty") and self.s.at(i - 2) == "military":
            return SOLDIER  # "the military death toll"
        if "security" in self.s.low[max(0, i - 4) : i]:
            return SOLDIER  # "security force death tolls"
        if self.s.at(i + 1) != "of":
            return None
        words = self.s.low[i + 2 : i + 6]
        group = next((PLURAL.get(w) or ADJECTIVES[w] for w in words if w in PLURAL or w in ADJECTIVES), None)
        of_agency = not STAFF.isdisjoint(self.s.low[i + 2 : i + 6]) and not AGENCIES.isdisjoint(self.s.low)
        return AID if of_agency else group

    def _find_toll_outcome(self, i: int, word: str) -> str:
        """Return the outcome of the toll at token `i`, or ""."""
        s = self.s
        if word in TOLLS and s.at(i + 1) == "of" and (outcome := self._find_outcome_of_number(i)) == "injured":
            return outcome  # "the tally of people injured"
        if word in TOLLS and s.at(i + 1) not in ("road", "booth"):
            return self._choose_toll_outcome(s.low[max(0, i - 3) : i])
        follows = s.at(i + 1) == ":" or (s.at(i + 1) in TOLL_VERBS and word not in PARTICIPLES)
        follows = follows or (self._is_change(i) and "from" in s.low[i + 1 : i + 10])
        follows = follows or (not _PUTTING.isdisjoint(s.low[max(0, i - 6) : i]) and "at" in s.low[i + 1 : i + 10])
        if word in COUNTED and follows and s.at(i - 1) not in ("no", "among"):
            return "" if self._has_number_before(i) else NOUNS.get(word) or PAST.get(word, "")
        if word in ("number", "figure") and s.at(i + 1) in ("is", "was", "stands") and self._is_correction(i):
            return self._find_latest_outcome(i)
        if word in ("statistics", "figures", "numbers") and s.at(i - 1) in SINGULAR_EVENTS:
            return SINGULAR_EVENTS[s.at(i - 1)]
        if word == "losses" and s.at(i + 1) in TOLL_VERBS and s.at(i - 1) not in THINGS_LOST:
            return "killed_or_injured"
        if word in ("losses", "casualties") and (outcome := self._find_outcome_of_losses(i)):
            return outcome
        if (
            word in ("total", "losses")
            and not RAISING.isdisjoint(s.low[max(0, i - 4) : i])
            and "to" in s.low[i + 1 : i + 6]
        ):
            return self._find_latest_outcome(i)
        if word in ("number", "numbers", "figure", "total", "count") and (
            s.at(i + 1) in ("of", "number") or s.at(i + 1) in PAST or s.at(i + 1) in BACK
        ):
            return self._find_outcome_of_number(i)
        return ""

    def _find_outcome_of_losses(self, i: int) -> str:
        """Return the outcome of losses with a distant verb: `losses of the corps in killed and wounded amount to 400`."""
        s = self.s
        verb = next((k for k in range(i + 1, min(i + FAR - 6, len(s))) if s.low[k] in _AMOUNTING), None)
        if verb is None or any(m.first < verb and m.last > i for m in self.mentions) or s.at(i - 1) in THINGS_LOST:
            return ""
        kinds = {PAST[w] for w in s.low[i + 1 : verb] if w in PAST}
        if not kinds or kinds == {"killed", "injured"}:
            return "killed_or_injured"
        return kinds.pop() if len(kinds) == 1 else ""

    def _is_change(self, i: int) -> bool:
        """Return whether it changes: `an increase in civilian deaths`."""
        before = self.s.low[max(0, i - 3) : i]
        return "in" in before and not _CHANGES.isdisjoint(before + self.s.low[max(0, i - 4) : max(0, i - 3)])

    def _is_correction(self, i: int) -> bool:
        """Return whether a number corrects an earlier one: `the real number was as high as 30,000`."""
        return self.s.at(i - 1) in ("real", "true", "actual", "the") and self.s.at(i + 2) in (
            "as",
            "closer",
            "nearer",
            "at",
            "probably",
            "likely",
            "more",
            "over",
            "about",
        )

    def _choose_toll_outcome(self, before: list[str]) -> str:
        if "injury" in before or "wounded" in before:
            return "injured"
        return "killed_or_injured" if "casualty" in before else "killed"

    def _find_latest_outcome(self, i: int) -> str:
        before = [m for m in self.mentions if m.outcome and m.last <= i]
        tops = [m for m in before if not m.opener] or before
        return tops[-1].outcome if tops else self.earlier_outcome

    def _find_outcome_of_number(self, i: int) -> str:
        """Return the outcome of `the number of ...`.

        `the number of people killed`, `the number of killed and wounded`.
        """
        for k in range(i + 1, min(i + TO_OUTCOME, len(self.s))):
            word = self.s.low[k]
            if word == "victims" and self.s.at(k + 1) in ("who", "that"):
                continue  # "victims who died": the clause says what happened
            if word in PAST or word in BACK or word in NOUNS:
                if word in CAPTIVES:
                    return "abducted"
                outcome = PAST.get(word) or BACK.get(word) or NOUNS.get(word, "")
                other = PAST.get(self.s.at(k + 2), "") if self.s.at(k + 1) in ("and", "or") else ""
                return "killed_or_injured" if other not in ("", outcome) else outcome
            if k in self.starting:
                return ""
        return ""

    def _link_restated(self) -> None:
        """Link a bare number that restates an earlier figure.

        `the police chief spoke of nine`, `earlier he had reported 44`, `it had put the number at nine`, `down from 1.03 million`.
        """
        for m in self.mentions:
            after = self.s.at(m.number.last)
            if not m.is_free or m.noun.kind != NONE or m.number.kind == "article":
                continue
            before = tuple(self.s.low[max(0, m.first - 2) : m.first])
            stated = (before[-1:] == ("reported",) or before in STATING) and (after in _ENDS or after in PREPOSITIONS)
            compared = before in COMPARING and (after in PREPOSITIONS or after in _ENDS or after == "(")
            if stated or compared or before in (("down", "from"), ("up", "from")):
                outcome = self._find_latest_outcome(m.first)
                if outcome:
                    self.link(m, outcome, None, "restated")
