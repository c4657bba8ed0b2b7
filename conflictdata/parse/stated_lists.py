"""Linking rules for lists that name the outcome before the number.

`Losses of the army: killed 310, wounded 1,204, missing 17, prisoners 96`.
"""

from __future__ import annotations

from conflictdata.parse.lexicon.outcomes import STATED
from conflictdata.parse.lexicon.people import PLURAL, SOLDIER, PeopleGroup
from conflictdata.parse.linker_base import LinkerBase
from conflictdata.parse.mentions import Mention
from conflictdata.parse.nouns import NONE

_BEFORE = frozenset((":", ",", ";", "(", "-", "and", "", "|", "•", "*"))
_AFTER = frozenset((",", ";", ".", ")", "and", "", "|", "-", "("))
_MARKS = frozenset((":", "-", "|", "="))
_FORCES = frozenset("army navy troops military regiment brigade division battalion forces soldiers enemy".split())


class StatedLists(LinkerBase):
    """Rules that link a number to the outcome named right before it."""

    def _link_stated(self) -> None:
        """Link each item of a list that states its outcome first."""
        items = [(k, m) for k in self.s.find_positions(_STATES) if (m := self._find_stated(k)) is not None]
        colon = ":" in self.s.low[: items[0][0]] if items else False
        if len(items) < 2 and not colon:
            return
        for k, m in items:
            if m.is_free or (m.outcome == STATED[self.s.low[k]] and m.noun.kind == NONE):
                self.link(m, STATED[self.s.low[k]], None, "stated")
                if m.noun.group is None:
                    m.noun.group = self._find_forces(k)

    def _find_stated(self, k: int) -> Mention | None:
        """Return the number right after an outcome word that opens an item, or None."""
        if self.s.at(k - 1) not in _BEFORE and k > 0:
            return None
        m = self.starting.get(k + 1 + (self.s.at(k + 1) in _MARKS))
        if m is None or (m.noun.kind == NONE and self.s.at(m.last) not in _AFTER):
            return None
        return m if not m.noun.outcome and m.number.kind != "article" else None

    def _find_forces(self, k: int) -> PeopleGroup | None:
        """Return the group whose losses the list counts, or None."""
        before = self.s.low[:k]
        if not {"losses", "casualties", "loss"}.isdisjoint(before) and not _FORCES.isdisjoint(before):
            return SOLDIER
        return next((PLURAL[w] for w in reversed(before) if w in PLURAL), None)


_STATES = frozenset(STATED)
