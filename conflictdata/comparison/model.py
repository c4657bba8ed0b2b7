"""What a comparison says: changed rows, running tolls, the schema, and the version that all this needs."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    pass

Kind = Literal["removed", "replaced", "corrected", "added"]


Level = Literal["major", "minor", "patch", "none"]


Value = str | int | float | dt.date | None


KINDS: tuple[Kind, ...] = ("removed", "replaced", "corrected", "added")


_VERSION = re.compile(r"([0-9]{1,9})\.([0-9]{1,9})\.([0-9]{1,9})\Z")


LEVELS: tuple[Level, ...] = ("major", "minor", "patch", "none")  # the weightiest first


@dataclass(frozen=True, slots=True)
class CellChange:
    """One cell that differs.

    Attributes:
        column: its column.
        old: its value before; None where it was empty, and in a row that is added.
        new: its value now; None where it is empty, and in a row that is removed.
        follows: it differs only because a record that it refers to has a new key.
        derived: it is worked out from other cells of the row that differ.
    """

    column: str
    old: Value
    new: Value
    follows: bool = False
    derived: bool = False

    @property
    def own(self) -> bool:
        """Whether the cell says something that no other change says."""
        return not (self.follows or self.derived)


@dataclass(frozen=True, slots=True)
class Change:
    """One row that differs.

    Attributes:
        kind: `removed`, `replaced` (its key is retired in favour of a new one), `corrected` or `added`.
        table: its table.
        key: its key by column; of a removed row the old key, else the new one.
        was: the old key of a replaced row, several columns joined by `|`; else empty.
        cells: the cells that differ; of a removed or added row all that are filled.
        subject: the record that the row is about: the claim of a figure, the event of a role.
        about: that record in words: claimant, window, place, conflict.
        label: the row in its subject: `killed > civilians`, `perpetrator russia`.
        old: the row in words, before: `at least 727`; empty where cells say it.
        new: the row in words, now.
        reason: why, where a record says so.
        replaced_by: the key that stands for a removed one, where `retired.csv` names one.
        follows: it differs only because a record that it refers to has a new key.
        copy: 2 for the second row of the same key in the order of all columns, and so on; 1 where keys are unique.
    """

    kind: Kind
    table: str
    key: Mapping[str, Value]
    cells: tuple[CellChange, ...]
    subject: str = ""
    about: str = ""
    label: str = ""
    old: str = ""
    new: str = ""
    reason: str = ""
    was: str = ""
    replaced_by: str = ""
    follows: bool = False
    copy: int = 1

    @property
    def record(self) -> str:
        """The key as one text, several columns joined by `|`."""
        return "|".join("" if value is None else str(value) for value in self.key.values())


@dataclass(frozen=True, slots=True)
class Point:
    """A running toll on one as-of day, over all claims that stand.

    Attributes:
        as_of: the day.
        low: the smallest of the lower bounds and numbers that were said.
        best: the number, where every claim that has one gives the same.
        high: the greatest of the upper bounds and numbers that were said.
        said: the quantities in words, each once.
        claims: the claims, in order.
    """

    as_of: dt.date
    low: int | None
    best: int | None
    high: int | None
    said: tuple[str, ...]
    claims: tuple[str, ...]

    def __str__(self) -> str:
        return " / ".join(self.said)


@dataclass(frozen=True, slots=True)
class PointChange:
    """A point that was removed, changed or added."""

    kind: Literal["removed", "changed", "added"]
    as_of: dt.date
    old: Point | None
    new: Point | None


@dataclass(frozen=True, slots=True)
class TollChange:
    """What happens to one running toll.

    Attributes:
        series_id: the series.
        what: outcome, unit and group that it counts: `killed`, `injured (cases), child`.
        old: the toll at its last as-of day before; None where there was none.
        new: the toll at its last as-of day now; None where there is none.
        points: the points that differ, in order of their days.
    """

    series_id: str
    what: str
    old: Point | None
    new: Point | None
    points: tuple[PointChange, ...]


@dataclass(frozen=True, slots=True)
class SchemaChange:
    """One way in which the description of the data differs.

    Attributes:
        what: such as `field added`, `constraint tightened`, `term removed`: a key of `structure.LEVEL_OF`.
        where: `table.column`, table or property; several where one vocabulary serves several columns.
        level: the part of the version that it raises.
        old: before, in words.
        new: now, in words.
        vocabulary: the vocabulary, for a change of its terms.
    """

    what: str
    where: tuple[str, ...]
    level: Level
    old: str = ""
    new: str = ""
    vocabulary: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """Something that asks for a new version: how weighty it is, what it is, how often."""

    level: Level
    what: str
    count: int = 1


@dataclass(frozen=True)
class SnapshotInfo:
    """One of the two versions.

    Attributes:
        name: what it is called: a path or a revision.
        kind: `package`, `seeds`, `revision` or `tables`.
        version: its version, where it says so.
        rows: rows by table.
        errors: how many errors stand in it; None where it was not checked.
        unread: files that could not be read, so that their records count as missing.
        missing: it has no seeds at all.
    """

    name: str
    kind: str
    version: str = ""
    rows: Mapping[str, int] = field(default_factory=dict)
    errors: int | None = None
    unread: tuple[str, ...] = ()
    missing: bool = False
