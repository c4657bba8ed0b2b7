"""Base of the linking rules: a sentence's mentions and predicates."""

from __future__ import annotations

from collections.abc import Sequence

from conflictdata.parse.lexicon.function_words import BARRIERS, DETERMINERS, ENUMERATORS, PREPOSITIONS
from conflictdata.parse.lexicon.outcomes import ADVERBS, CAPTIVES, EVENT_NOUNS, TOLLS
from conflictdata.parse.lexicon.people import FIGHTER, NOT_CAPTIVES, OFFICER, PLURAL, POLICE, SINGULAR, SOLDIER
from conflictdata.parse.mentions import Mention
from conflictdata.parse.nouns import NONE, OPEN, PERSON
from conflictdata.parse.predicates import Predicate
from conflictdata.parse.tokens import Sentence

FAR = 26  # tokens between a subject and its predicate, or a toll and its number
NEAR = 12  # tokens between a verb and a later object of it


_SHORT = frozenset(
    "in at on near by of from the a an and , 's - or around outside inside north south east west as well also reportedly then later".split()
)


_OF_TOLL = frozenset("to was is at reached".split())
_FLED = frozenset("fled flee flees fleeing".split())
_POSITIONS = frozenset("positions posts post barracks battlefield outposts checkpoints trenches".split())
_CLAUSE_WORDS = frozenset(("after", "before", "since", "until", "as"))  # they may also open a clause with a subject


_REPORTING_VERBS = frozenset(("said", "says", "say", "told", "reported", "reports"))


def _is_adjective(s: Sentence, v: Predicate, mentions: list[Mention]) -> bool:
    """Return whether a word of flight only describes the people counted: `14 displaced people, including two boys, were killed`."""
    if v.outcome != "displaced" or v.last - v.first != 1 or s.low[v.core] != "displaced":
        return False
    return any(m.number.last <= v.first and v.last < m.noun.last and m.noun.kind == PERSON for m in mentions)


def _drop_brackets(words: list[str]) -> list[str]:
    """Return the words without an aside in brackets that opens them: `234 children (nine a day), and 116 women`."""
    if words[:1] == ["("] and ")" in words:
        return words[words.index(")") + 1 :]
    return words


class LinkerBase:
    """The mentions and predicates of one sentence.

    Attributes:
        s: The sentence.
        predicates: Its predicates, in order.
        earlier_outcome: Outcome of the latest whole in earlier sentences, or empty.
        latest_outcome: Outcome of the latest number in earlier sentences, whole or part, or empty.
        mentions: Its mentions that are not excluded, in order.
        starting: Mentions by their first token.
        ending: Mentions by the token after them.
        predicate_at: Predicates by each token they cover.
    """

    def __init__(
        self, s: Sentence, predicates: list[Predicate], mentions: list[Mention], earlier: Sequence[Mention] = ()
    ) -> None:
        self.s, self.predicates = s, [v for v in predicates if not _is_adjective(s, v, mentions)]
        self.earlier_outcome = next((m.outcome for m in reversed(earlier) if m.parent is None), "")
        self.latest_outcome = earlier[-1].outcome if earlier else ""
        self.mentions = [m for m in mentions if not m.exclusion]
        self.starting = {m.first: m for m in self.mentions}
        self.ending = {m.last: m for m in self.mentions}
        self.predicate_at = {k: v for v in self.predicates for k in range(v.first, v.last)}

    def link(self, m: Mention, outcome: str, v: Predicate | None, rule: str) -> None:
        """Link a mention to an outcome.

        Excludes the mention instead if the predicate asserts nothing or may count things. Has no effect on a mention that is
        not free.

        Args:
            m: The mention.
            outcome: An outcome of the vocabulary.
            v: The predicate, if there is one.
            rule: Name of the linking rule.
        """
        if not m.is_free or (v is not None and self._has_other_outcome(m, outcome)):
            return
        if outcome == "displaced" and v is not None and self._is_retreat(m, v):
            m.exclusion = "people who left a battle, not their homes"
            return
        m.predicate, m.rule = v, rule
        if v is not None and v.exclusion:
            m.exclusion = v.exclusion
        elif v is not None and v.can_count_things and self._may_be_thing(m):
            m.exclusion = "may count things"
        else:
            m.outcome = outcome

    def _has_other_outcome(self, m: Mention, outcome: str) -> bool:
        """Return whether the noun itself says what happened, and it was something else: `310 deaths ... and 650 injured`."""
        return m.noun.outcome not in ("", outcome) and self.s.at(m.noun.last - 1) in EVENT_NOUNS

    def _is_retreat(self, m: Mention, v: Predicate) -> bool:
        """Return whether fighters fled, or people left their positions: `hundreds fled their posts`."""
        if not _FLED.isdisjoint(self.s.low[v.first : v.last]) and m.noun.group in (SOLDIER, FIGHTER, POLICE, OFFICER):
            return True
        return not _POSITIONS.isdisjoint(self.s.low[v.last : v.last + 4])

    def _may_be_thing(self, m: Mention) -> bool:
        """Return whether the noun may be a thing, or people who are not captives: `captured 40 customers`."""
        if self.s.at(m.noun.last - 1) in NOT_CAPTIVES:
            return True
        head = self.s.at(m.noun.last - 1)
        if m.noun.kind == PERSON and m.noun.group is not None and m.noun.group.category == "other" and m.noun.words[1]:
            known = any(w in PLURAL or w in SINGULAR for w in self.s.low[slice(*m.noun.words)]) or head in PLURAL
            return not known  # "captured two bunkers"
        return m.noun.kind == OPEN and m.noun.group is not None and m.noun.group.category == "other"

    def _find_previous(self, m: Mention) -> Mention | None:
        i = self.mentions.index(m)
        return self.mentions[i - 1] if i else None

    def _is_enumerated(self, a: Mention, b: Mention) -> bool:
        """Return whether there are only "and", commas and the like between two mentions."""
        between = self.s.low[a.last : b.first]
        if between[:1] == ["("] and not any(m.first > a.last and m.last < b.first for m in self.mentions):
            between = _drop_brackets(between)
        if (
            3 < len(between) < NEAR
            and between[0] in ("-", ",", "(")
            and between[-1] == "and"
            and between[-2] in ("-", ",", ")")
        ):
            return between[1] in ("most", "mostly", "all", "mainly", "many") or "them" in between
        if (
            not 0 < len(between) <= 5
            or "while" in between
            or (between[-1] == "with" and between[-2:-1] not in (["along"], ["together"]))
        ):
            return False
        return all(w in ENUMERATORS for w in between)

    def _link_earlier_in_list(self, m: Mention, v: Predicate) -> None:
        while True:
            before = self._find_previous(m)
            if (
                before is None
                or not before.is_free
                or before.opener
                or m.opener
                or not self._is_previous_in_list(before, m)
            ):
                return
            if self.s.at(before.first - 1) == "by":
                return  # "killed by a sniper and his friend wounded"
            if (
                before.noun.kind == NONE
                and self.s.at(before.first - 1) in _OF_TOLL
                and not TOLLS.isdisjoint(self.s.low)
            ):
                return  # "the toll has risen to 125 and 50,000 people have been displaced"
            captives = v.outcome == "killed" and m.noun.kind == PERSON
            dead_captives = captives and self.s.at(before.noun.last - 1) in CAPTIVES
            if (before.noun.outcome not in ("", v.outcome) and not dead_captives) or (
                m.noun.partitive and ";" in self.s.low[before.last : m.first]
            ):
                return
            self.link(before, v.outcome, v, "list")
            m = before

    def _is_previous_in_list(self, a: Mention, b: Mention) -> bool:
        """Return whether `a` is the item before `b` in a list.

        In `left 7 soldiers from the army and 9 gunmen dead` the word "left" shows that the list has begun.
        """
        if self.s.at(a.last) == "of" and a.noun.words[1] == a.last and not a.noun.partitive and self._is_listed(a, b):
            return True  # "twelve members of the group and three policemen died"
        return self._is_enumerated(a, b) or (
            self.s.at(a.first - 1) in ("left", "leaving", "leaves") and self._is_listed(a, b)
        )

    def _has_preposition_before(self, m: Mention) -> bool:
        """Return whether a preposition before the number keeps it from being a subject."""
        word = self.s.at(m.first - 1)
        return word in PREPOSITIONS - _CLAUSE_WORDS and not (
            word == "of" and self.s.at(m.first - 2) in ("family", "group", "crew", "total", "toll", "number", "names")
        )

    def _has_reporting_verb(self, m: Mention) -> bool:
        after = self.s.low[m.last : m.last + 6]
        return not _REPORTING_VERBS.isdisjoint(after)

    def _has_object(self, v: Predicate) -> bool:
        """Return whether an object follows the predicate directly."""
        k = v.last
        while self.s.at(k) in ADVERBS and (self.s.at(k) != "at" or self.s.at(k + 1) == "least"):
            k += 1
        if self.starting.get(k) is not None:
            m = self.starting[k]
            return not (m.number.kind == "article" and self._has_reporting_verb(m))
        word = self.s.at(k)
        if "since" in self.s.low[v.last : k]:
            return False
        if word not in DETERMINERS and not (k < len(self.s) and self.s.raw[k][0].isupper() and word != "in"):
            return False
        return _REPORTING_VERBS.isdisjoint(self.s.low[k + 1 : k + 9])  # "102 wounded the military said"

    def _has_place_before(self, between: list[str]) -> bool:
        return any(w in PREPOSITIONS and w not in ("of", "with", "as", "like") for w in between[:-1])

    def _has_number_before(self, i: int) -> bool:
        return any(m.first <= i < m.last or m.last == i for m in self.mentions)

    def _is_in_same_clause(self, a: Mention, b: Mention) -> bool:
        """Return whether both are in one clause, so that `b` may open a part of `a`."""
        between = self.s.low[a.last : b.first]
        return len(between) < FAR and not any(w in BARRIERS and w != "and" for w in between)

    def _is_planned(self, m: Mention) -> bool:
        before = self.s.low[max(0, m.first - 8) : m.first]
        return any(
            w
            in (
                "would",
                "could",
                "risk",
                "expects",
                "expected",
                "threatened",
                "if",
                "might",
                "hopes",
                "hoped",
                "plans",
                "planned",
                "evacuate",
                "treat",
            )
            for w in before
        )

    def _is_listed(self, a: Mention, b: Mention) -> bool:
        between = _drop_brackets(self.s.low[a.last : b.first])
        if between[-3:] == ["as", "well", "as"]:
            between = [*between[:-3], "and"]
        if not between or len(between) > 14:
            return False
        if any(k in self.predicate_at for k in range(a.last, b.first)):
            return False
        if between[-1] not in ENUMERATORS or any(
            w in BARRIERS and w not in ("and", "or", ";", "while") for w in between
        ):
            return False
        if b.noun.kind == OPEN and not self._is_enumerated(a, b):
            return False
        if (
            between[0] == ","
            and between[-2:] == [",", "and"]
            and all(r[0].isupper() for r in self.s.raw[a.last + 1 : b.first - 2])
        ):
            return len(between) < 7  # "a boy, Ali, and two of his friends"
        middle = [w for w in between if w not in ENUMERATORS]
        if not middle:
            return self._is_enumerated(a, b)
        if b.number.kind == "article":
            return (len(middle) <= 5 and middle[0] in ("of", "from", "aged", "who")) or self._has_only_short_words(a, b)
        return middle[0] in PREPOSITIONS or middle[0] in ("aged", "identified", "named", "more", "yesterday", "today")

    def _has_only_short_words(self, a: Mention, b: Mention) -> bool:
        return (
            all(w in _SHORT or self.s.raw[k][0].isupper() for k, w in enumerate(self.s.low[a.last : b.first], a.last))
            and b.first - a.last <= 6
        )
