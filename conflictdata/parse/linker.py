"""Which number has which outcome: all rules of linking, applied one after the other, the surest first."""

from __future__ import annotations

from conflictdata.parse.fronted_subjects import Fronted
from conflictdata.parse.lists import Lists
from conflictdata.parse.noun_outcomes import Carriers
from conflictdata.parse.objects import Objects
from conflictdata.parse.subjects import Subjects
from conflictdata.parse.totals import Tolls


class Linker(Objects, Subjects, Carriers, Fronted, Tolls, Lists):
    """Links the mentions of one sentence to its predicates."""

    def run(self) -> None:
        """Applies all rules."""
        for v in self.verbs:
            self._object(v)
        self._relative_object()
        for v in self.verbs:
            self._adjacent_subject(v)
        for v in self.verbs:
            self._left_dead(v)
        self._some_of_some()
        for v in self.verbs:
            self._distant_subject(v)
        self._taken()
        self._with_wounds()
        self._of_fronted()
        if any(m.free for m in self.mentions):
            self._without_verb()

    def _without_verb(self) -> None:
        """The rules for numbers that no predicate has taken."""
        self._fronted()
        self._nouns()
        self._tolls()
        self._inverted_toll()
        for v in self.verbs:
            self._later_object(v)
        self._along_with()
        self._restated()
        self._lists()
        self._predicate_list()
        self._ellipsis()
