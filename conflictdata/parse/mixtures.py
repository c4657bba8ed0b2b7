"""Texts that report war and something else too: a flood in a country at war, a trial, a chronicle of a year.

In such a text a number needs an act of violence in its sentence, or it has a doubt.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from conflictdata.parse.causes import CRIME, SentenceCause
from conflictdata.parse.lexicon.people import AID, FIGHTER, OFFICER, SOLDIER
from conflictdata.parse.model import DraftFigure

MIXED = "the text also reports {}: which of the two harmed the people?"
TRIED = "the text is about a crime or a trial too: was it an act of war?"
ONE_BY_CHANCE = "one person, and no act of war is near: was it one?"
ONE_PERSON = "one person, and the text has no word of violence"
TRIAL = "a crime, as the trials in the text say"
MOST = 3  # sentences about something else that decide what the text is about
ESCAPED = "one person who fled, and does not count displaced people"
TAKEN = "bodies that were taken away"
_ALIVE = frozenset(("abducted", "captured", "detained", "displaced"))
_DEAD = frozenset("body bodies corpse corpses remains".split())
NO_ACT = "the text names no act of violence: was it one?"
NEAR = 2  # sentences back and ahead in which an act of violence is near
_ONE = frozenset(("a", "an", "one", "another", "his", "her"))
_ANYBODY = frozenset(("total", "women", "men", "children", "other"))


class TextMixture:
    """Weighs the sentences of a text that report violence against those that report something else.

    Args:
        causes: The causes of its sentences, by offset.
        begins: The offsets of all its sentences, in order.
        trials: Number of its sentences about a crime or a court.
    """

    def __init__(self, causes: Mapping[int, SentenceCause], begins: Sequence[int], trials: int) -> None:
        self.causes, self.begins = causes, begins
        self.place = {begin: i for i, begin in enumerate(begins)}
        others = Counter(c.other for c in causes.values() if c.other and c.other != CRIME)
        self.kind, self.others = next(iter(others.most_common(1)), ("", 0))
        self.acts = sum(c.act and not c.other for c in causes.values())
        self.acts_of_war = sum(_is_act_of_war(c) for c in causes.values())
        self.violent = sum(c.weak or c.strong for c in causes.values())
        self.named = any(c.act or c.war for c in causes.values())
        self.trials = trials

    def judge(self, d: DraftFigure, held: str) -> tuple[str, str]:
        """Return why violence did not harm the people of a draft, and why this is not sure; each may be empty.

        Args:
            d: The draft.
            held: The words of its number.
        """
        if d.outcome == "displaced" and held.lower() in _ONE and d.parent is None:
            return ESCAPED, ""
        if d.outcome in _ALIVE and not _DEAD.isdisjoint(d.noun.lower().split()):
            return TAKEN, ""
        cause = self.causes.get(d.sentence[0])
        near = self._is_near_act(d)
        single = held.lower() in _ONE and d.group.category in _ANYBODY and d.parent is None
        if not near and d.group is not FIGHTER:
            if single and not self.violent and (self.others or self.trials or len(self.begins) > MOST):
                return ONE_PERSON, ""
            if self.trials >= MOST and self.trials > self.acts_of_war and (cause is None or cause.personal):
                return TRIAL, ""
            if self.others >= MOST and self.others >= 2 * self.acts and (cause is None or not cause.strong):
                return f"{self.kind}, as most of the text says", ""
        return "", self._find_doubt(d, cause, is_lone=single and not near)

    def _find_doubt(self, d: DraftFigure, cause: SentenceCause | None, *, is_lone: bool) -> str:
        """Return why it is not sure that violence harmed the people of a draft, or ""."""
        act = cause is not None and cause.act and not cause.other
        if not act and d.group is not FIGHTER and self.others * 2 >= max(self.acts, 1):
            return MIXED.format(self.kind)
        strong = cause is not None and cause.strong and not cause.personal
        if not strong and self.trials > 1 and self.trials * 2 >= self.acts:
            return TRIED
        if is_lone:
            return ONE_BY_CHANCE
        return NO_ACT if not self.named and d.group in (SOLDIER, OFFICER, AID) else ""

    def _is_near_act(self, d: DraftFigure) -> bool:
        """Return whether a sentence near a draft, or its own, reports an act of war."""
        i = self.place.get(d.sentence[0], 0)
        near = (self.causes.get(b) for b in self.begins[max(0, i - NEAR) : i + NEAR + 1])
        return any(c is not None and _is_act_of_war(c) for c in near)


def _is_act_of_war(cause: SentenceCause) -> bool:
    return cause.act and cause.strong and not cause.personal
