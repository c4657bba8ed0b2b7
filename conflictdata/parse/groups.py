"""The group that each number counts.

It comes from the number's noun, from the noun of the predicate, or from an earlier noun.
"""

from __future__ import annotations

from conflictdata.parse.lexicon.outcomes import BACK, EVENT_NOUNS, NOUNS, PAST
from conflictdata.parse.lexicon.people import (
    ADJECTIVES,
    FIGHTER,
    OFFICER,
    PLURAL,
    POLICE,
    SOLDIER,
    TOTAL,
    PeopleGroup,
)
from conflictdata.parse.lexicon.quantities import TENS, UNITS, VAGUE_FIRST
from conflictdata.parse.mentions import Mention
from conflictdata.parse.noun_groups import find_owner
from conflictdata.parse.nouns import NONE, OPEN, PERSON, read_noun_phrase
from conflictdata.parse.predicates import JOINT
from conflictdata.parse.tokens import Sentence

_BEFORE_NOUN = frozenset("were was are being all the a an believed to be aged identified as said have been".split())
_COPULAS = frozenset(("were", "was", "are"))
_DEGREES = frozenset(
    "serious seriously critical grave severe slight minor moderate light fatal rendered homeless".split()
)
NEAR = 6  # tokens between a side, its verb and its losses
_LOSING = frozenset("suffered lost sustained suffering losing sustaining".split())
_ARMIES = frozenset(
    "army armies regiment regiments battalion battalions brigade brigades division divisions corps units unit garrison troops platoon squadron forces guards".split()
)
_BANDS = frozenset(
    "bandits terrorists jihadists gunmen rebels militants insurgents guerrillas militia militias".split()
)
_EVENTS = frozenset("casualties deaths fatalities victims injuries".split())
_FLED = frozenset(("refugees", "evacuees", "returnees"))
_SPARED = frozenset(
    ("got away unharmed", "a release", "a rate", JOINT)
)  # a later number may continue the noun of these: "18 rebels gave up and 40 were killed"


def find_groups(s: Sentence, mentions: list[Mention], before: PeopleGroup | None = None) -> dict[int, PeopleGroup]:
    """Return the group of each linked mention, by its index.

    Args:
        s: The sentence.
        mentions: Its mentions, linked.
        before: Last group of the previous sentence, which "three others" may continue.
    """
    out: dict[int, PeopleGroup] = {}
    tracker = _GroupTracker(s, before)
    for i, m in enumerate(mentions):
        if not m.outcome or m.exclusion:
            if m.noun.group is not None and m.noun.kind == PERSON:
                tracker.name(m)
                if m.exclusion in _SPARED:
                    tracker.update(m, m.noun.group)
            continue
        out[i] = m.group = _find_group(s, mentions, m, tracker)
        if m.parent is None and not m.opener:
            tracker.update(m, out[i])
    return out


class _GroupTracker:
    """The group that a number without a noun continues."""

    def __init__(self, s: Sentence, before: PeopleGroup | None) -> None:
        self.s, self.before = s, before
        self.latest: PeopleGroup | None = None
        self.named: PeopleGroup | None = (
            None  # people without a reported outcome: "200 mourners had gathered; 52 of them died"
        )
        self.people: list[tuple[int, PeopleGroup]] = []
        self.people_end = 0
        self.mention: Mention | None = None
        self.mixed = False

    def update(self, m: Mention, group: PeopleGroup) -> None:
        """Record the group of the latest number.

        Several groups under one predicate are mixed: no number continues them.
        """
        joined = (self.mention is not None and m.rule == "list") or (
            m.predicate is not None and self.mention is not None and self.mention.predicate is m.predicate
        )
        self.mixed = joined and (self.mixed or group != self.latest)
        self.latest, self.mention = group, m

    def name(self, m: Mention) -> None:
        """Record people without a reported outcome."""
        self.named = m.noun.group
        if m.noun.group is not None:
            self.people.append((m.number.value, m.noun.group))
            self.people_end = m.last

    def find_named(self, value: int) -> PeopleGroup:
        """Return the group of the latest such people who are as many as a part of them: `1,062 civilians, including 188 children, of whom 442 ...`."""
        return next((g for n, g in reversed(self.people) if n >= value), self.named or TOTAL)

    def _hits_named(self, m: Mention) -> bool:
        """Return whether a number follows right after people without an outcome, of whom it counts some."""
        v, near = m.predicate, self.s.low[max(0, m.first - 4) : m.first]
        ends_in_ing = v is not None and self.s.at(v.core).endswith("ing") and v.last <= m.first
        return ends_in_ing and self.people[-1][0] >= m.number.value and "," in near and self.people_end >= m.first - 4

    def find_continued(self, m: Mention) -> PeopleGroup | None:
        """Return the group that a number without a noun continues, or None."""
        if self.mention is None and self.people and self._hits_named(m):
            return self.people[-1][1]  # "opened fire on four civilians, killing three"
        if self.mention is None:
            return self.before if m.noun.has_others or m.number.is_more or m.rule == "restated" else None
        if m.rule == "restated":
            return self.latest
        between = self.s.low[self.mention.last : m.first]
        other_clause = ";" in between[:-1]  # "; 30 were wounded" goes on, "; the army lost 30" does not
        return None if self.mixed or other_clause else self.latest

    def is_listed(self, m: Mention) -> bool:
        """Return whether a number counts people named before, in brackets or after "of whom"."""
        before = self.s.low[: m.first]
        return (
            m.opener == "among"
            or before[:1] == ["of"]
            or before[-1:] == [":"]
            or before.count("(") > before.count(")")
            or "whom" in before
            or "which" in before
        )


def _find_named_group(s: Sentence, m: Mention, tracker: _GroupTracker) -> PeopleGroup | None:
    """Return the group that the noun names: `Nine police officers were hurt. Two officers died.`"""
    if m.noun.group is OFFICER and tracker.before is POLICE and s.low[slice(*m.noun.words)] == ["officers"]:
        return POLICE
    return m.noun.group


def _find_group(s: Sentence, mentions: list[Mention], m: Mention, tracker: _GroupTracker) -> PeopleGroup:
    group = _find_named_group(s, m, tracker)
    if (event := _find_group_of_event(s, mentions, m) or _find_bracket_head(s, m)) is not None:
        return event
    if m.outcome == "displaced" and s.at(m.noun.last - 1) in _FLED:
        return TOTAL
    if m.noun.partitive in ("them", "those", "number") or m.noun.kind == NONE:
        group = _find_predicate_group(s, m) or group
    if (
        (group is None or (group is TOTAL and m.noun.outcome))
        and m.parent is None
        and (army := _find_losing_side(s, m))
    ):
        return army
    if group is None and s.at(m.last) in ("for", "among") and (owner := find_owner(s, m.last)) is not None:
        return owner  # "50 deaths for troops and 14 for civilians"
    if group is None or (m.noun.has_others and group is TOTAL and s.at(m.last - 1) in ("others", "more")):
        continued = _get_group_of_whole(m) if m.parent is not None else tracker.find_continued(m)
        if m.parent is not None and continued is None and m.rule == "ellipsis":
            continued = tracker.find_continued(m)
        if continued is None and m.parent is None and tracker.named is not None and tracker.is_listed(m):
            return tracker.find_named(m.number.value)  # "792 civilians, of whom 299 were killed"
        return continued or group or TOTAL
    if m.noun.kind == OPEN and group is TOTAL:
        return _find_shared_group(s, mentions, m) or group
    if m.noun.partitive == "them" and group is TOTAL:
        if m.parent is not None:
            return _get_group_of_whole(m) or TOTAL
        return tracker.named or find_bare_people(s, m.first) or TOTAL
    if m.noun.partitive == "number" and group is TOTAL:
        return _find_group_of_whole(mentions, m) or TOTAL
    return group


def _find_group_of_event(s: Sentence, mentions: list[Mention], m: Mention) -> PeopleGroup | None:
    """Return the group that a noun of what happened leaves to the words around it, or None."""
    if m.noun.group is not TOTAL:
        return None
    if m.noun.outcome:
        event = s.at(m.noun.last - 1) in (*EVENT_NOUNS, "casualties", "victims")
        if m.parent is not None and not m.noun.partitive and event:
            return _get_group_of_whole(m) or TOTAL  # "civilian casualties (240 deaths ...)"
        shared = _find_group_of_next_outcome(s, mentions, m)
        if shared is not None:
            return shared
    return None


def _find_bracket_head(s: Sentence, m: Mention) -> PeopleGroup | None:
    """Return the group of casualties without a number that brackets divide: `civilian casualties in Derna (10 killed ...)`."""
    before, group = s.low[: m.first], m.noun.group
    named = group is not None and not (group is TOTAL and m.noun.outcome)
    if named or m.parent is not None or before.count("(") <= before.count(")"):
        return None
    for k in range(m.first - 1, 0, -1):
        if s.low[k] in _EVENTS and s.at(k - 1) in ADJECTIVES and not _has_number_before(s, k - 1):
            return ADJECTIVES[s.at(k - 1)]
    return None


def _find_losing_side(s: Sentence, m: Mention) -> PeopleGroup | None:
    """Return the group of the side that suffered a loss: `the units suffered 570 casualties`, `the regiment lost 30`."""
    verb = next((k for k in range(m.first - 1, max(-1, m.first - NEAR), -1) if s.low[k] in _LOSING), None)
    if verb is None or any(s.low[k] in PLURAL or s.low[k] in (",", ";") for k in range(verb + 1, m.first)):
        return None
    for word in reversed(s.low[max(0, verb - NEAR) : verb]):
        if word in _ARMIES:
            return SOLDIER
        if word in _BANDS:
            return FIGHTER
        if word in (";", "."):
            break
    return None


def find_bare_people(s: Sentence, i: int) -> PeopleGroup | None:
    """Return the group of the nearest people named before token `i` without a number, or None.

    `a school where soldiers slept, killing two of them`. People who open the sentence are those who act.
    """
    for k in range(i - 1, 3, -1):
        word = s.low[k]
        if word in PLURAL and word not in NOUNS and not _has_number_before(s, k):
            return PLURAL[word]
        if word == ";":
            break
    return None


def _has_number_before(s: Sentence, k: int) -> bool:
    return any(w[:1].isdigit() or w in UNITS or w in TENS or w in VAGUE_FIRST for w in s.low[max(0, k - 4) : k])


def _find_group_of_whole(mentions: list[Mention], m: Mention) -> PeopleGroup | None:
    """Return the group of the whole: `five of the seven inmates were recaptured`."""
    after = mentions[_find_position(mentions, m) + 1 :][:1]
    return after[0].noun.group if after else None


def _find_shared_group(s: Sentence, mentions: list[Mention], m: Mention) -> PeopleGroup | None:
    """Return the group shared with the next number.

    `two Turkish and three Russian soldiers`.
    """
    after = mentions[_find_position(mentions, m) + 1 :][:1]
    joined = bool(after) and s.low[m.last : after[0].first] == ["and"] and after[0].noun.kind == PERSON
    return after[0].noun.group if joined else None


def _find_group_of_next_outcome(s: Sentence, mentions: list[Mention], m: Mention) -> PeopleGroup | None:
    """Return the group that the next outcome names for both: `176 deaths and 231 injured civilians`."""
    after = mentions[_find_position(mentions, m) + 1 :][:1]
    if not after or s.low[m.last : after[0].first] != ["and"] or s.at(m.noun.last - 1) not in EVENT_NOUNS:
        return None
    named = after[0].noun.kind == PERSON and s.at(after[0].number.last) in PAST
    return after[0].noun.group if named else None


def _get_group_of_whole(m: Mention) -> PeopleGroup | None:
    """Return the group of the whole, which may be in an earlier sentence."""
    return m.parent.group if m.parent is not None else None


def _find_position(mentions: list[Mention], m: Mention) -> int:
    return next((i for i, x in enumerate(mentions) if x is m), -1)


def _find_predicate_group(s: Sentence, m: Mention) -> PeopleGroup | None:
    """Return the group that the predicate names.

    `26 of them soldiers`, `four of the dead were children`, `37 of the 45 people killed were civilians`.
    """
    k = m.last
    if m.noun.partitive == "number" and m.parent is not None:
        k = m.parent.last
        while s.at(k) in PAST or s.at(k) in BACK or s.at(k) in ("so", "far"):
            k += 1
    elif m.noun.partitive not in ("them", "those") and s.at(k) not in _COPULAS:
        return None
    while s.at(k) in _BEFORE_NOUN:
        k += 1
    if s.at(k) in _DEGREES:
        return None
    noun = read_noun_phrase(s, k, m.number.value == 1)
    if noun.kind not in (PERSON, OPEN) or noun.words[1] <= noun.words[0] or noun.outcome:
        return None
    m.printed_end = noun.words[1]
    return noun.group
