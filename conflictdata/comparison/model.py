"""Parts of a comparison: rows, cells, running tolls, schema changes, versions."""

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


LEVELS: tuple[Level, ...] = ("major", "minor", "patch", "none")  # most severe first


@dataclass(frozen=True, slots=True)
class CellChange:
    """A cell that differs.

    Attributes:
        column: Its column.
        old: Value before. None if the cell was empty, and in an added row.
        new: Value after. None if the cell is empty, and in a removed row.
        follows: The cell changed only because the id of a record that it refers to was replaced.
        derived: The cell is computed from other changed cells of the row.
    """

    column: str
    old: Value
    new: Value
    follows: bool = False
    derived: bool = False

    @property
    def own(self) -> bool:
        """Whether no other change explains this one."""
        return not (self.follows or self.derived)


@dataclass(frozen=True, slots=True)
class Change:
    """A row that differs.

    Attributes:
        kind: `removed`, `replaced` (its key was retired in favour of a new one), `corrected` or `added`.
        table: Its table.
        key: Its key, by column: the old key of a removed row, the new one of all others.
        was: The old key of a replaced row, columns joined by `|`; otherwise empty.
        cells: The cells that differ. In a removed or added row, all cells that are not empty.
        subject: Id of the record that the row belongs to: the claim of a figure, the event of a role.
        about: That record in words: claimant, window, place, conflict.
        label: The row within its subject, such as `killed > civilians` or `perpetrator russia`.
        old: The old content in words, such as `at least 727`. Empty if only `cells` show the change.
        new: The new content in words, likewise.
        reason: Why the row changed, if recorded.
        replaced_by: The key that replaces a removed one, if `retired.csv` names it.
        follows: The row changed only because the id of a record that it refers to was replaced.
        copy: Number of the row among the rows with this key, sorted by all columns. 1 if keys are unique.
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
        """The key as one text, columns joined by `|`."""
        return "|".join("" if value is None else str(value) for value in self.key.values())


@dataclass(frozen=True, slots=True)
class Point:
    """A running toll on one day, over all active, uncorrected claims.

    Nothing is averaged.

    Attributes:
        as_of: Day up to which the claimant counted.
        low: Smallest lower bound, in the unit of the figure. None if any claim gives neither a lower bound nor a best
            number.
        best: The number, if all claims that give one agree; otherwise None.
        high: Largest upper bound. None if any claim gives neither an upper bound nor a best number.
        said: The distinct quantities in words, such as `at least 727`.
        claims: Claim ids, sorted.
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
    """The changes of one running toll.

    Attributes:
        toll_id: Its id; of a toll of version 1 that leads nowhere, its series.
        what: Outcome, unit and group, such as `killed` or `injured (cases), child`.
        old: The old toll on its last as-of day. None if the toll is new.
        new: The new toll on its last as-of day. None if the toll was removed.
        points: The points that differ, by day.
    """

    toll_id: str
    what: str
    old: Point | None
    new: Point | None
    points: tuple[PointChange, ...]


@dataclass(frozen=True, slots=True)
class SchemaChange:
    """A difference in the description of the data.

    Attributes:
        what: A key of `schema.LEVEL_OF`, such as `field added`, `constraint tightened` or `term removed`.
        where: `table.column`, table or property. Several if several columns share a vocabulary.
        level: The part of the version that it raises.
        old: The old description, in words.
        new: The new description, in words.
        vocabulary: Name of the vocabulary, if one of its terms changed.
    """

    what: str
    where: tuple[str, ...]
    level: Level
    old: str = ""
    new: str = ""
    vocabulary: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason for a new version: its level, what changed, and how often."""

    level: Level
    what: str
    count: int = 1


@dataclass(frozen=True)
class SnapshotInfo:
    """Facts about one of the two versions.

    Attributes:
        name: Its path or revision.
        kind: `package`, `seeds`, `revision` or `tables`.
        version: Its version number, if it has one.
        rows: Number of rows, by table.
        errors: Number of errors in it. None if it was not checked.
        unread: Files that could not be read. Their records count as missing.
        missing: Whether it has no seeds at all.
    """

    name: str
    kind: str
    version: str = ""
    rows: Mapping[str, int] = field(default_factory=dict)
    errors: int | None = None
    unread: tuple[str, ...] = ()
    missing: bool = False
