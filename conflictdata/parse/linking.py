"""Which number has which outcome: all rules of linking, applied one after the other, the surest first."""

from __future__ import annotations

from conflictdata.parse.lists import Lists
from conflictdata.parse.objects import Objects
from conflictdata.parse.subjects import Subjects
from conflictdata.parse.tolls import Tolls


class Linker(Objects, Subjects, Tolls, Lists):
    """Links the mentions of one sentence to its predicates."""

    def run(self) -> None:
        """Applies all rules."""
        for v in self.verbs:
            self._object(v)
        self._relative_object()
        for v in self.verbs:
            self._adjacent_subject(v)
        self._some_of_some()
        for v in self.verbs:
            self._distant_subject(v)
        self._taken()
        self._of_fronted()
        self._fronted()
        self._nouns()
        self._tolls()
        self._inverted_toll()
        for v in self.verbs:
            self._later_object(v)
        self._lists()
        self._ellipsis()
