"""The records that a text may mean, and how the text names them."""

from __future__ import annotations

from dataclasses import dataclass, fields

# The kind of the records of each table.
KIND_OF_TABLE = {"actors": "actor", "locations": "place", "conflicts": "conflict", "tolls": "toll", "events": "event"}
KINDS = tuple(KIND_OF_TABLE.values())

# How a text names a record, best first. Ways with the same number are equally good.
RANKS = {
    "id": 0, "name": 1, "short name": 1, "alias": 2, "common name": 2, "host": 2, "spelling": 3, "beginning": 4,
    "words": 5, "part": 6, "near": 7,
}  # fmt: skip


@dataclass(frozen=True, repr=False)
class NameMatch:
    """A record that a text may mean.

    Attributes:
        kind: `actor`, `place`, `conflict`, `toll` or `event`.
        id: Its id.
        name: Its name; the summary of an event.
        matched: How the text names it. `id`, `name`, `short name`, `alias`, `common name`, `host`: it is the same.
            `spelling`: it is the same but for case, accents, hyphens, apostrophes and articles. `beginning`: a name
            begins with it. `words`: a name has all its words. `part`: it contains a name. `near`: it differs from a
            name by one or two letters.
        text: The id, name, alias or host that it matches.
        conflicts: Ids of the conflicts of the record.
        category: What it is, such as `monitor`, `settlement` or `airstrike`; the population of a toll.
        country: Country code. Several, with spaces between, for a conflict.
        parent: Id of the wider actor or place, or of the place of an event or a toll.
        precision: Precision of the point of a place (UCDP where_prec).
        day: Day of an event, or its first and last day with `/` between; first day of a conflict or a toll.
    """

    kind: str
    id: str
    name: str
    matched: str = ""
    text: str = ""
    conflicts: tuple[str, ...] = ()
    category: str = ""
    country: str = ""
    parent: str = ""
    precision: str = ""
    day: str = ""

    def __repr__(self) -> str:
        """Return the fields that are not empty."""
        filled = ((field.name, getattr(self, field.name)) for field in fields(self))
        return f"NameMatch({', '.join(f'{name}={value!r}' for name, value in filled if value)})"

    @property
    def is_certain(self) -> bool:
        """Return whether the text is an id, name, alias or host of the record, in whatever spelling."""
        return RANKS[self.matched] <= RANKS["spelling"]
