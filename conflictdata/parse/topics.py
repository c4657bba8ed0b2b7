"""What a whole text is about, if it has no word of war: an accident, sport, a crime."""

from __future__ import annotations

from collections.abc import Sequence

from conflictdata.parse.causes import ACCIDENT, CRIME
from conflictdata.parse.lexicon.causes import CAUSES, OTHER_CAUSES
from conflictdata.parse.lexicon.people import FIGHTER, SOLDIER
from conflictdata.parse.lexicon.topics import (
    ANY_TOPIC,
    ANY_VIOLENCE,
    COURTS,
    CRIMES,
    FIGHTING,
    MANY,
    MOST,
    NAMES,
    OF_TRIALS,
    PARTIES,
    PERSONAL_ACTS,
    SHOWING_NOTHING,
    SIDES,
    TOPICS,
    TRAINING,
    WAR,
)
from conflictdata.parse.model import DraftFigure

PERHAPS_CRIME = "an ordinary crime? The text has no word of war"
NO_WAR = "the text has no word of war, nor of a party to one: was it an act of war?"
PERHAPS_ACCIDENT = "an accident of soldiers: in a war?"
_PEACEFUL = ("sport", "business or a game")
_UNFOUGHT = (ACCIDENT, "a natural disaster", "sport")  # people fight a fire and a rival too
_PERHAPS = "{}? The text has no word of war"
_AS_TEXT_SAYS = "{}, as the whole text says"


class TextTopic:
    """Collects the words of a text that show its topic, one sentence at a time."""

    def __init__(self) -> None:
        self.has_war = self.has_violence = self.has_fighting = False
        self.crime = self.personal = self.training = self.has_forces = self.has_party = False
        self.courts = self.trials = 0
        self.other = ""
        self.words: dict[str, set[str]] = {}  # by kind

    def add(self, words: Sequence[str], *, under_fire: bool = False) -> None:
        """Add the words of one sentence, in lower case.

        Args:
            words: The words.
            under_fire: Whether somebody opened fire.
        """
        self.trials += not OF_TRIALS.isdisjoint(words)
        if self.has_war:
            return
        self.has_war = not WAR.isdisjoint(words)
        fighting = not FIGHTING.isdisjoint(words)
        self.has_fighting = self.has_fighting or fighting
        self.has_war = self.has_war or (fighting and not SIDES.isdisjoint(words))
        self.personal = self.personal or under_fire
        self.has_violence = under_fire or self.has_violence or not ANY_VIOLENCE.isdisjoint(words)
        self.crime = self.crime or not CRIMES.isdisjoint(words)
        self.courts += len(COURTS.intersection(words))
        self.has_party = self.has_party or not PARTIES.isdisjoint(words)
        self.training = self.training or not TRAINING.isdisjoint(words)
        self.personal = self.personal or not PERSONAL_ACTS.isdisjoint(words)
        if not self.other and not OTHER_CAUSES.isdisjoint(words):
            self.other = next((CAUSES[w] for w in words if w in CAUSES and w not in NAMES), "")
        for word in ANY_TOPIC.intersection(words):
            self.words.setdefault(TOPICS[word], set()).add(word)
        self.has_forces = self.has_forces or not SHOWING_NOTHING.isdisjoint(words)

    def judge(self, d: DraftFigure) -> tuple[str, str]:
        """Return why the text is not about violence, and a doubt; each may be empty."""
        if self.has_war or (
            self.has_fighting and self.other not in _UNFOUGHT and self._find_kind()[0] not in _UNFOUGHT
        ):
            return "", ""
        kind, count = self._find_kind()
        if self.has_fighting and count >= MANY and kind in _UNFOUGHT:
            return "", _PERHAPS.format(kind)  # "the liner struck a reef and sank"
        if self.has_violence:
            if self.crime or (self.personal and self.courts >= MANY) or (kind in _PEACEFUL and count >= MOST):
                return _AS_TEXT_SAYS.format(kind if kind in _PEACEFUL and count >= MOST else CRIME), ""
            return "", PERHAPS_CRIME if self.courts or self.personal else self._doubt_war()
        if self.crime or self.courts >= MANY:
            return _AS_TEXT_SAYS.format(CRIME), ""
        if not self.other and (count < MANY or self.has_forces):
            return "", _PERHAPS.format(kind) if count >= MANY else self._doubt_war()
        kind = self.other or kind
        if kind == CRIME and self.has_forces:
            return "", PERHAPS_CRIME
        if kind == ACCIDENT and d.group in (SOLDIER, FIGHTER) and not self.training:
            return "", PERHAPS_ACCIDENT
        return _AS_TEXT_SAYS.format(kind), ""

    def _doubt_war(self) -> str:
        """Return a doubt if no word of the text names a party to a war."""
        return "" if self.has_forces or self.has_party or self.has_fighting else NO_WAR

    def _find_kind(self) -> tuple[str, int]:
        """Return the topic with most words, and the number of these words."""
        kind = max(self.words, key=lambda k: len(self.words[k]), default="")
        return kind, len(self.words.get(kind, ()))
