"""What harmed the people: organised violence, or a disaster, an accident, a disease, sport.

Only violence makes a casualty claim. A number harmed by anything else is refused with its reason; one whose cause no word
near it shows stays, with a doubt.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from conflictdata.parse.lexicon.causes import (
    ACTS,
    ACTS_ALONE,
    AMBIGUOUS,
    ARREST_WORDS,
    AT_ARMS,
    CAUSE_LINKS,
    CAUSES,
    CLASHES,
    FIRE,
    HELPERS,
    OF_CONFLICT,
    OF_PERSONS,
    OTHER_CAUSES,
    PAIR_FIRST,
    PAIRS,
    REPORTS,
    RESCUE,
    SPEAKING_FORCES,
    STRONG,
    TOPICS,
    VIOLENCE,
)
from conflictdata.parse.lexicon.people import AID, FIGHTER, OFFICER, POLICE, SOLDIER
from conflictdata.parse.model import DraftFigure
from conflictdata.parse.tokens import Sentence

REACH = 3  # sentences back and ahead that may name the cause
SUBJECT = 5  # tokens that may be the subject of a sentence
AFTER = 9  # tokens from a predicate to the cause that it names
HUNGER = "a disease or hunger"
DISASTERS = frozenset(("a natural disaster", HUNGER))
SIEGES = frozenset("siege sieges besieged blockade blockaded".split())  # hunger is a means of war there
ACCIDENT = "an accident"
CRIME = "an ordinary crime"
ORDINARY_ARREST = "an ordinary arrest, away from a conflict"
NO_VIOLENCE = "no word of violence is near: was it an act of war?"
UNCLEAR = "no word near shows that it was an act of war, and no accident"
NO_VIOLENCE_IN_TEXT = "the whole text has no word of violence: is it about a war?"


@dataclass(frozen=True, slots=True)
class SentenceCause:
    """The words of one sentence that name a cause.

    Attributes:
        begin: Offset of the sentence.
        strong: Whether it has a word of war.
        weak: Whether it has a word that may mean violence.
        other: Kind of the first other cause, or empty.
        under_fire: Whether people came under fire.
        act: Whether it has a word for an act of violence, and not only for a war or for soldiers.
        war: Whether it has a word of war that is not only for soldiers or weapons.
        personal: Whether all its words of war may mean the crime of a person: a murder, a kidnapping.
    """

    begin: int
    strong: bool
    weak: bool
    other: str
    under_fire: bool = False
    act: bool = False
    personal: bool = False
    war: bool = False


def find_cause(begin: int, words: Sequence[str]) -> SentenceCause | None:
    """Return the causes that a sentence names, or None if it names none.

    Args:
        begin: Offset of the sentence.
        words: Its words in lower case.
    """
    if not RESCUE.isdisjoint(words) and VIOLENCE.intersection(words) <= HELPERS:
        words = [w for w in words if w not in HELPERS]
    if "conflict" in words:
        words = [
            w for i, w in enumerate(words) if w != "conflict" or words[i - 1 : i] != ["that"]
        ]  # "that conflict with"
    if not SPEAKING_FORCES.isdisjoint(words) and VIOLENCE.intersection(words) <= SPEAKING_FORCES:
        words = [w for i, w in enumerate(words) if w not in SPEAKING_FORCES or REPORTS.isdisjoint(words[i + 1 : i + 2])]
    if "world" in words and not OTHER_CAUSES.isdisjoint(words):
        words = [
            w for i, w in enumerate(words) if not (w == "war" and words[i - 1] == "world")
        ]  # "a World War II era plane crashed"
    violent = not VIOLENCE.isdisjoint(words)
    if not violent and "storm" in words:
        return SentenceCause(begin, False, False, "a natural disaster")
    other = "" if OTHER_CAUSES.isdisjoint(words) else next(CAUSES[w] for w in words if w in CAUSES)
    if not PAIR_FIRST.isdisjoint(words):
        starts = [i for i, w in enumerate(words[:-1]) if w in PAIR_FIRST]
        pair = next(filter(None, (PAIRS.get((words[i], words[i + 1])) for i in starts)), "")
        other = other or pair
        if pair == HUNGER:
            words = [w for w in words if w not in ("attack", "attacks")]
            violent = not VIOLENCE.isdisjoint(words)
    under_fire = "fire" in words and any(w in FIRE and words[i + 1 : i + 2] == ["fire"] for i, w in enumerate(words))
    if under_fire:
        return SentenceCause(begin, True, True, other, under_fire=True, act=True)
    if not violent and not other:
        return None
    if other == ACCIDENT:
        violent = not VIOLENCE.isdisjoint(w for w in words if w not in AMBIGUOUS)
    act = violent and not ACTS.isdisjoint(words)
    strong = STRONG.intersection(words) if violent else frozenset()
    return SentenceCause(
        begin,
        bool(strong),
        violent,
        other,
        act=act,
        personal=strong <= OF_PERSONS and CLASHES.isdisjoint(words),
        war=not strong <= AT_ARMS,
    )


class CauseReader:
    """Decides for each draft whether violence harmed the people.

    Args:
        text: The text of the document.
        causes: The causes of its sentences, in order; None for a sentence that names none.
        begins: The offsets of all its sentences, in order.
        has_harm: Whether the text reports people killed, injured or missing.
    """

    def __init__(
        self, text: str, causes: dict[int, SentenceCause], begins: Sequence[int], *, has_harm: bool = False
    ) -> None:
        self.text, self.causes, self.begins, self.has_harm = text, causes, begins, has_harm
        self.place = {begin: i for i, begin in enumerate(begins)}
        self.refused: dict[int, str] = {}  # by sentence, why its last draft was refused
        self._known: dict[int, Sentence] = {}

    def find_other_cause(self, d: DraftFigure) -> tuple[str, str]:
        """Return why a draft is not an act of war, and a doubt; each may be empty."""
        cause = self.causes.get(d.sentence[0])
        if d.is_arrest:
            return self._check_arrest(d, cause)
        if cause is not None and cause.other == CRIME:
            return "", "" if cause.weak else NO_VIOLENCE
        if cause is None:
            result = self._check_neighbours(d)
        elif cause.other:
            result = self._judge_causes(d, cause)
        elif not cause.strong and (sport := self._find_peaceful_context(d)):
            result = sport, ""
        elif not cause.strong and self._has_only_ambiguous_words(d):
            result = "", UNCLEAR
        else:
            result = "", ""
        self.refused[d.sentence[0]] = result[0]
        return result

    def _has_only_ambiguous_words(self, d: DraftFigure) -> bool:
        """Return whether nothing near shows that a blast or a fire was an act of war."""
        if any(c is not None and c.strong for c in self._list_neighbours(d)):
            return False
        return all(w in _UNDECIDED for w in self._read_sentence(d).low if w in VIOLENCE)

    def _find_peaceful_context(self, d: DraftFigure) -> str:
        """Return the sport or game that the sentences before are about; "" if they are about none."""
        before = (c for c in self._list_neighbours(d, ahead=0) if c is not None)
        return next((c.other if c.other in _PEACEFUL and not c.strong else "" for c in before), "")

    def _judge_causes(self, d: DraftFigure, cause: SentenceCause) -> tuple[str, str]:
        """Return the result for a sentence that names another cause, and perhaps violence too."""
        nearest = self._find_nearest_cause(d) if cause.weak else cause.other
        remark = f"the sentence also reports {cause.other}"
        if cause.strong:
            if nearest == HUNGER and not SIEGES.isdisjoint(self._read_sentence(d).low):
                return "", remark
            other = nearest in DISASTERS or (nearest == ACCIDENT and self._is_accident_of_civilians(d))
            return (nearest, "") if other else ("", remark if nearest else "")
        if (
            nearest == ACCIDENT
            and self._names_only_a_topic(d)
            and self._is_near_violence(d)
            and not self._is_after_refused_accident(d)
        ):
            return "", remark
        if nearest == ACCIDENT and self._is_near_war(d) and not self._is_after_refused_accident(d):
            return "", remark
        return (nearest or cause.other, "") if nearest or cause.other in _PEACEFUL else ("", remark)

    def _is_accident_of_civilians(self, d: DraftFigure) -> bool:
        """Return whether an accident hit people who bear no arms, and the sentence names parties to a war but none of its acts."""
        armed = d.group in (SOLDIER, FIGHTER, OFFICER, POLICE, AID)
        return not armed and ACTS_ALONE.isdisjoint(self._read_sentence(d).low)

    def _is_after_refused_accident(self, d: DraftFigure) -> bool:
        """Return whether a sentence right before reports the accident too, and its numbers were refused."""
        i = self.place.get(d.sentence[0], 0)
        return any(self.refused.get(b) == ACCIDENT for b in self.begins[max(0, i - REACH) : i])

    def _names_only_a_topic(self, d: DraftFigure) -> bool:
        """Return whether the sentence names a railway or a mine, and no accident."""
        return all(w in TOPICS for w in self._read_sentence(d).low if CAUSES.get(w) == ACCIDENT)

    def _is_near_violence(self, d: DraftFigure) -> bool:
        return any(c is not None and (c.strong or c.weak) and not c.other for c in self._list_neighbours(d, ahead=0))

    def _is_near_war(self, d: DraftFigure) -> bool:
        return any(c is not None and c.strong for c in self._list_neighbours(d, ahead=0))

    def _find_nearest_cause(self, d: DraftFigure) -> str:
        """Return the other cause that governs a number; "" if it is violence.

        The words after the number come first (`died of cholera`, `killed in the crash`), then those before it.
        """
        s = self._read_sentence(d)
        subject = next((CAUSES[w] for w in s.low[:SUBJECT] if w in CAUSES), "")
        if d.rule == "object" and subject in DISASTERS:
            return subject  # "Torrential rains displaced 12,000 people in the valley, where rebels ..."
        at = next((k for k in range(len(s)) if s.start[k] >= d.end), len(s))
        linked = -AFTER
        for k in range(at, len(s)):
            word = s.low[k]
            if (word in CAUSE_LINKS and word != "of") or (word == "of" and s.at(k - 1) in _DYING):
                linked = k
            if k - linked <= AFTER and (kind := self._name_cause(s, k)) is not None:
                return kind
            if (
                word in (";", ".")
                or (word in ("while", "but") and k > at + 2)
                or (word == "and" and s.at(k + 1).endswith("ing"))
                or (word in ("and", ",") and s.at(k + 1)[:1].isdigit() and "died" in s.low[k + 2 : k + 5])
            ):
                break
        for k in range(at):
            if (kind := self._name_cause(s, k)) is not None:
                return kind
        return ""

    def _name_cause(self, s: Sentence, k: int) -> str | None:
        """Return the kind of cause that token `k` names: "" for violence, None if it names none."""
        word = s.low[k]
        pair = PAIRS.get((word, s.at(k + 1))) or PAIRS.get((s.at(k - 1), word))
        if pair:
            return pair
        if word in CAUSES:
            return CAUSES[word]
        return "" if word in STRONG or word in _ACTS else None

    def _read_sentence(self, d: DraftFigure) -> Sentence:
        begin = d.sentence[0]
        if begin not in self._known:
            self._known = {begin: Sentence(self.text, *d.sentence)}
        return self._known[begin]

    def _list_neighbours(self, d: DraftFigure, ahead: int = REACH) -> list[SentenceCause | None]:
        """Return the causes of the sentences near a draft: those before, the nearest first, then those after."""
        i = self.place.get(d.sentence[0], 0)
        before = [self.causes.get(b) for b in reversed(self.begins[max(0, i - REACH) : i])]
        return before + [self.causes.get(b) for b in self.begins[i + 1 : i + 1 + ahead]]

    def _check_neighbours(self, d: DraftFigure) -> tuple[str, str]:
        """Return the result for a sentence that names no cause itself."""
        i = self.place.get(d.sentence[0], 0)
        if i and (reason := self.refused.get(self.begins[i - 1], "")):
            return reason, ""
        near = [c for c in self._list_neighbours(d) if c is not None]
        for cause in near:
            if cause.other and not cause.strong:
                return f"{cause.other}, as the text near it says", ""
            if cause.strong or cause.weak:
                return "", ""
        return "", NO_VIOLENCE

    def _check_arrest(self, d: DraftFigure, cause: SentenceCause | None) -> tuple[str, str]:
        """Return "an ordinary arrest" unless something near it belongs to a conflict."""
        if cause is not None and cause.other and not cause.strong:
            return ORDINARY_ARREST, ""
        if (cause is not None and cause.weak) or not OF_CONFLICT.isdisjoint(self._read_sentence(d).low):
            return "", ""
        near = [c for c in self._list_neighbours(d, ahead=1) if c is not None]
        if any(c.strong or (c.weak and not c.other) for c in near):
            return "", ""
        if near or not self.has_harm:
            return ORDINARY_ARREST, ""
        return "", NO_VIOLENCE


def is_arrest(words: Sequence[str]) -> bool:
    """Return whether one of the words means an arrest."""
    return not ARREST_WORDS.isdisjoint(words)


_DYING = frozenset("died dead die dies deaths death dying perished".split())
_UNDECIDED = AMBIGUOUS | {"killing", "killings"}
_PEACEFUL = frozenset(("sport", "business or a game"))
_ACTS = frozenset(
    """attack attacks attacked strike strikes raid raids assault assaults clash clashes violence shooting shootings blast blasts explosion explosions stabbing riot riots
    fighting unrest shelling battle combat""".split()
)
