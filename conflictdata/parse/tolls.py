"""Outcomes without a verb: nouns that carry them, tolls, and sentences that open with the dead."""

from __future__ import annotations

from conflictdata.parse.lexicon.outcomes import CAPTIVES, FREED, NEEDS_VERB, NOUNS, PAST, TAKEN, TOLL_LINKS, TOLLS
from conflictdata.parse.lexicon.people import ADJECTIVES, PLURAL, Group
from conflictdata.parse.links import Links
from conflictdata.parse.mentions import Mention
from conflictdata.parse.nouns import NONE, OPEN

FAR = 26  # tokens between a subject and its predicate, or a toll and its number
SHELTER = frozenset(
    "shelters shelter sheltering hosts hosting host houses housing home accommodating sheltered hosted feeding serving".split()
)
RAISING = frozenset("raising raises raised bringing brings brought taking takes pushing pushed pushes".split())


class Tolls(Links):
    """The rules of this module."""

    def _nouns(self) -> None:
        """`six deaths`, `31 wounded`, `97 hostages`."""
        for m in self.mentions:
            outcome = m.noun.outcome
            if (
                not outcome
                or not m.free
                or m.noun.partitive == "rest"
                or (m.noun.partitive and outcome == "killed_or_injured")
            ):
                continue
            word = self.s.at(m.noun.last - 1)
            around = self.s.low[max(0, m.first - 10) : m.last + 8]
            before = self.s.low[max(0, m.first - 10) : m.first]
            if word in NEEDS_VERB and not NEEDS_VERB[word].intersection(around):
                continue
            if word in CAPTIVES:
                self._captives(m, outcome, around)
            elif outcome == "displaced" and SHELTER.intersection(before[-5:]):
                m.refused = "people sheltered at a site"
            elif any(w in ("no", "without", "not", "avoid") for w in before[-2:]) or self._planned(m):
                m.refused = "negated or planned"
            else:
                self.link(m, outcome, None, "noun")

    def _captives(self, m: Mention, outcome: str, around: list[str]) -> None:
        freed, taken = FREED.intersection(around), TAKEN.intersection(around)
        if (
            "held" in around
            or "holding" in around
            or "remaining" in around
            or "captivity" in around
            or (taken and not freed)
        ):
            self.link(m, outcome, None, "noun")
        elif freed:
            m.refused = "a release"
        elif not self._planned(m) and ("remain" in around or "still" in around):
            self.link(m, outcome, None, "noun")

    def _of_fronted(self) -> None:
        """`Of the 80 people killed, 31 were children`; `Of the dead, 12 were women`."""
        low = self.s.low
        if not low or low[0] not in ("of", "among") or "," not in low[:FAR]:
            return
        comma = low.index(",")
        whole = next((m for m in self.mentions if m.last <= comma), None)
        outcome = whole.outcome if whole is not None else self._named(low[1:comma])
        if low[1:comma] in (["those"], ["them"], ["these"]):
            outcome = next((m.outcome for m in self.mentions if m.first > comma and m.outcome), "")
        if not outcome:
            return
        for m in self.mentions:
            if m.first > comma and m.outcome == outcome and m.parent is None and not m.opened:
                m.parent, m.implied = whole, whole is None
            if m.first <= comma or not m.free or (m.noun.kind == OPEN and m.number.kind == "article"):
                continue
            self.link(m, outcome, None, "of")
            m.parent, m.implied = whole, whole is None

    def _named(self, words: list[str]) -> str:
        return next((PAST.get(w) or NOUNS.get(w) or "" for w in words if w in PAST or w in NOUNS), "")

    def _tolls(self) -> None:
        """`the death toll rose to 20`, `the number of people killed to 63`, `casualties are up to 10`."""
        for i, word in enumerate(self.s.low):
            outcome = self._toll(i, word)
            if not outcome:
                continue
            for m in self.mentions:
                if m.first <= i or not m.free or m.noun.outcome:
                    continue
                if m.first - i > FAR:
                    break
                between = self.s.low[i + 1 : m.first]
                if ";" in between or any(w in ("while", "when", "but") for w in between):
                    break
                if m.noun.kind == OPEN:
                    continue
                link = self.s.at(m.first - 1)
                if (
                    link in TOLL_LINKS
                    and link != "by"
                    and not (link in ("at", "of", "as", "from", "by", "over") and not self._figure(m, i, link))
                ):
                    self.link(m, outcome, None, "fronted" if link.startswith("includ") or link == "as" else "toll")
                    if m.noun.group is None:
                        m.noun.group = self._counted(i)
                    if link != "from" and not (self.s.at(m.last) == "to" or self.s.at(m.last) == "from"):
                        break

    def _inverted_toll(self) -> None:
        """`raising to 346 the number of soldiers killed`."""
        for m in self.mentions:
            if m.free and self.s.at(m.first - 1) == "to" and self.s.at(m.first - 2) in RAISING:
                for i in range(m.last, min(m.last + 5, len(self.s))):
                    outcome = self._toll(i, self.s.low[i])
                    if outcome:
                        self.link(m, outcome, None, "toll")

    def _counted(self, i: int) -> Group | None:
        """Whom a toll counts: `civilian deaths`, `the number of children killed`."""
        if self.s.at(i - 1) in ADJECTIVES:
            return ADJECTIVES[self.s.at(i - 1)]
        if self.s.at(i + 1) != "of":
            return None
        return next((PLURAL[w] for w in self.s.low[i + 2 : i + 5] if w in PLURAL), None)

    def _figure(self, m: Mention, i: int, link: str) -> bool:
        if link == "from":
            return self.s.at(m.last) == "to" or "to" in self.s.low[i : m.first]
        if link == "of":
            return m.first - i <= 4
        return True

    def _toll(self, i: int, word: str) -> str:
        s = self.s
        if word in TOLLS and s.at(i + 1) not in ("road", "booth"):
            before = s.low[max(0, i - 3) : i]
            if "injury" in before or "wounded" in before:
                return "injured"
            if "casualty" in before:
                return "killed_or_injured"
            return "killed"
        if word in ("casualties", "fatalities", "deaths", "dead", "wounded", "victims", "injured") and s.at(i + 1) in (
            "are", "is", "was", "were", "stands", "stood", "rose", "at", "had", "has", "reached", "to", "now", "climbed", "passed", "topped", "surpassed", "hit", "exceed", "rises", "rise", "increased", "grew", "remain", "remained", "jumped", "numbered",
            "totalled", "totaled", "as", "exceeded",
        ) and s.at(i - 1) not in ("no", "among") and not self._number_before(i):  # fmt: skip
            return NOUNS.get(word, "")
        if word == "total" and s.at(i - 1) == "the" and s.at(i - 2) in RAISING and s.at(i + 1) == "to":
            return next((m.outcome for m in reversed(self.mentions) if m.outcome and m.last <= i), self.earlier)
        if word in ("number", "numbers", "figure", "total", "count") and s.at(i + 1) in ("of", "killed", "number"):
            return self._number_of(i)
        return ""

    def _number_of(self, i: int) -> str:
        for k in range(i + 1, min(i + 12, len(self.s))):
            word = self.s.low[k]
            if word in PAST or word in NOUNS:
                if word in CAPTIVES:
                    return "abducted"
                nxt = PAST.get(word) or NOUNS.get(word, "")
                if self.s.at(k + 1) in ("and", "or") and (PAST.get(self.s.at(k + 2)) or "") not in ("", nxt):
                    return "killed_or_injured"
                return nxt
            if k in {m.first for m in self.mentions}:
                return ""
        return ""

    def _fronted(self) -> None:
        """`Among the dead were three children`, `the dead included 298 children`, `Killed were two women and a child`."""
        low = self.s.low
        for k, word in enumerate(low):
            if word not in ("were", "was", "are", "included", "include", "includes", "is", "comprise", "comprised"):
                continue
            before = low[max(0, k - 8) : k]
            if len(before) >= 2 and before[-1] in ("remainder", "rest", "others") and before[-2] == "the":
                self._remainder(k)
                continue
            outcome = next(
                (
                    PAST.get(w) or NOUNS.get(w) or ""
                    for w in reversed(before)
                    if w in PAST or (w in NOUNS and w not in CAPTIVES)
                ),
                "",
            )
            m = self.starting.get(k + 1) or self.starting.get(k + 2)
            if not outcome or m is None or not m.free or m.noun.kind == NONE:
                continue
            opens = (
                "among" in before
                or word.startswith(("include", "comprise"))
                or k == 1
                or before[:2] == ["the", "others"]
            )
            if not opens or self._number_before(k):
                continue
            outcome = "killed" if outcome == "killed_or_injured" and "victims" in before else outcome
            self.link(m, outcome, None, "fronted")
            m.implied = k > 1 or "among" in before

    def _remainder(self, k: int) -> None:
        """`The rest were soldiers`: parts of the number in the sentence before."""
        m = self.starting.get(k + 1) or self.starting.get(k + 2)
        if m is not None and m.free and self.earlier:
            self.link(m, self.earlier, None, "rest")
            m.implied = True
