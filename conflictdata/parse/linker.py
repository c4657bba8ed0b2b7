"""Link numbers to outcomes: all linking rules, the most certain first."""

from __future__ import annotations

from conflictdata.parse.fronted_subjects import FrontedSubjects
from conflictdata.parse.lists import ListOutcomes
from conflictdata.parse.noun_outcomes import NounOutcomes
from conflictdata.parse.objects import PredicateObjects
from conflictdata.parse.stated_lists import StatedLists
from conflictdata.parse.subjects import PredicateSubjects
from conflictdata.parse.totals import TollLinker


class Linker(PredicateObjects, PredicateSubjects, NounOutcomes, FrontedSubjects, TollLinker, StatedLists, ListOutcomes):
    """Links the mentions of one sentence to its predicates."""

    def run(self) -> None:
        """Apply all linking rules, in order."""
        for v in self.predicates:
            self._link_object(v)
        self._link_relative_objects()
        for v in self.predicates:
            self._link_adjacent_subject(v)
        for v in self.predicates:
            self._link_before_state(v)
        self._link_some_of_some()
        for v in self.predicates:
            self._link_distant_subject(v)
        self._link_taken()
        self._link_with_wounds()
        self._link_fronted_of_phrase()
        self._raise_exceeded()
        self._link_later_deaths()
        if any(m.is_free for m in self.mentions):
            self._apply_rules_without_verb()

    def _apply_rules_without_verb(self) -> None:
        """Apply the rules for numbers that are not linked to a predicate."""
        self._link_stated()
        self._link_fronted_predicates()
        self._link_nouns()
        self._link_of_unknown_sex()
        self._link_tolls()
        self._link_inverted_toll()
        for v in self.predicates:
            self._link_later_object(v)
        self._link_along_with()
        self._link_restated()
        self._link_lists()
        self._link_predicate_list()
        self._link_ellipsis()
