"""Groups of people by the words of the seeds: `civilians`, `children`, an actor, or several joined by `+`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from conflictdata._utils.suggest import ask_whether
from conflictdata.analysis.records import CountRow, Records
from conflictdata.analysis.words import find_record
from conflictdata.findings import UsageError
from conflictdata.registers.folding import escape_hidden
from conflictdata.seeds.group_words import GROUPS

ATTRIBUTES = ("person_status", "role", "sex", "age", "actor_id")
_WORN_BY_ACTORS = (None, "armed_forces", "fighter", "combatant")  # what an actor's kind implies


@dataclass(frozen=True)
class PeopleTerm:
    """A group of people.

    Attributes:
        text: The words joined by `+`. "": everybody.
        attributes: The value of each column that the words name.
    """

    text: str
    attributes: dict[str, str]

    @property
    def actor(self) -> str | None:
        """Return the actor whose people are counted."""
        return self.attributes.get("actor_id")

    def covers(self, row: CountRow, *, any_status: bool = False) -> bool:
        """Return whether a figure counts exactly this group: named columns are equal, all others are empty.

        Args:
            row: The figure.
            any_status: Let the figure count civilians alone, or fighters alone, of the group.
        """
        for column in ATTRIBUTES:
            value = getattr(row, column)
            if column in self.attributes:
                if value != self.attributes[column]:
                    return False
            elif column == "person_status" and (any_status or self.actor):
                if not any_status and value not in _WORN_BY_ACTORS:
                    return False
            elif value is not None:
                return False
        return row.label is None or row.path.rsplit(" > ", 1)[-1] in self.text.split("+")


def parse_group(text: str | None, records: Records) -> PeopleTerm:
    """Return a group by its words.

    Raises:
        UsageError: If a word is neither a group word nor an actor, or two words contradict each other.
    """
    attributes: dict[str, str] = {}
    words = [word.strip() for word in (text or "").split("+") if word.strip()]
    terms = []
    for word in words:
        named = GROUPS.get(word.lower().replace(" ", "_"))
        term = word.lower().replace(" ", "_") if named else _find_actor(word, records)
        for column, value in (named or {"actor_id": term}).items():
            if attributes.setdefault(column, value) != value:
                raise UsageError(f"group {text!r}: nobody is {attributes[column]} and {value}")
        terms.append(term)
    return PeopleTerm("+".join(terms), attributes)


def _find_actor(word: str, records: Records) -> str:
    try:
        return find_record(records, "actor", word)
    except UsageError:
        from conflictdata._utils.suggest import find_close

        near = find_close(word.lower(), GROUPS, least=0.6, most=2) + [
            match.id for match in records.finder.find_nearest(word, kind="actor", most=2)
        ]
        hint = ask_whether(*near) or f"Words: {', '.join(GROUPS)}; or the id of an actor."
        raise UsageError(f"there is no group {escape_hidden(word[:60])!r}. {hint}") from None


def is_narrowed(row: CountRow, root: CountRow) -> bool:
    """Return whether a figure counts fewer days, places, causes or perpetrators than its total."""
    columns = ("period_start", "period_end", "location_id", "cause", "perpetrators")
    return any(getattr(row, column) != getattr(root, column) for column in columns)


def select_group(rows: Iterable[CountRow], root: CountRow, group: PeopleTerm) -> list[CountRow]:
    """Return the figures of a total's tree that count a group as a whole, those highest in the tree.

    Args:
        rows: Figures of the claim, with the outcome and the unit of the total.
        root: The total.
        group: The group. Everybody: the total itself.
    """
    if not group.attributes:
        return [root]
    fitting = [row for row in rows if row.relation != "additional" and group.covers(row) and not is_narrowed(row, root)]
    least = min((row.depth for row in fitting), default=0)
    return [row for row in fitting if row.depth == least]
