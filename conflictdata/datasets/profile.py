"""What a profile is: somebody else's dataset as data. Its tables, how their cells are written, their rules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conflictdata.datasets import compiled
from conflictdata.readers.day_forms import ISO, MIDNIGHT, DayForm

if TYPE_CHECKING:
    from conflictdata.rules.base import Rule
    from conflictdata.schema.columns import Constraint

MIN_KNOWN_COLUMNS = 3  # columns that a file must share with a table
MIN_KNOWN_SHARE = 0.6  # of the file's columns


@dataclass(frozen=True)
class ProfileTable:
    """A table of a profile. Its columns are those of the pandera model of the same name in `feeds.models`.

    Attributes:
        name: its name in findings and in the ids of its rules.
        rules: what must hold of it. A rule is asked where the file has all columns that it names in `fields`.
        needs: the columns without which a file is no such table.
        missing: texts that mean that nothing is known, beside the empty one.
        day_forms: the forms in which the makers publish days.
        number_forms: regular expressions of numbers that are read though they are not written in digits alone.
    """

    name: str
    rules: tuple[Rule, ...]
    needs: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    day_forms: tuple[DayForm, ...] = (ISO, MIDNIGHT)
    number_forms: tuple[str, ...] = ()

    @property
    def has_own_texts(self) -> bool:
        """True if the texts of some cells are not those that the checks read."""
        own_days = set(self.day_forms) - {ISO, MIDNIGHT}
        return bool(self.missing or self.number_forms or own_days)

    @property
    def columns(self) -> tuple[Constraint, ...]:
        """What each column may hold."""
        return compiled.get_constraints(self.name)

    @property
    def key(self) -> tuple[str, ...]:
        """The columns that name a record."""
        return compiled.get_key(self.name)

    def map_columns(self, columns: Iterable[str]) -> dict[str, str]:
        """The names that a file gives to columns of this table, with ours: outer spaces and capitals do not matter."""
        names = {c.column.lower(): c.column for c in self.columns}
        mapping: dict[str, str] = {}
        for column in columns:
            name = names.get(column.strip().lower())
            if name is not None and name not in mapping.values():
                mapping[column] = name
        return mapping

    def measure_fit(self, columns: Iterable[str]) -> tuple[float, float]:
        """How well a file's columns fit: the share of them that is known here, and the share of ours that it has."""
        names = list(columns)
        known = len(self.map_columns(names))
        return known / max(1, len(names)), known / len(self.columns)

    def is_match(self, columns: Iterable[str]) -> bool:
        """True where a file with these columns is such a table."""
        names = list(columns)
        known = set(self.map_columns(names).values())
        few = len(known) < MIN_KNOWN_COLUMNS or len(known) < MIN_KNOWN_SHARE * len(names)
        return not few and set(self.needs) <= known


@dataclass(frozen=True)
class Profile:
    """A dataset that somebody else makes.

    Attributes:
        name: as `--profile` has it.
        title: its name in full.
        licence: what its makers allow.
        citation: how they are to be cited.
        url: where it comes from.
        tables: its tables; the files of one folder are judged together, one of each table.
        note: what a user should know before using it.
    """

    name: str
    title: str
    licence: str
    citation: str
    url: str
    tables: tuple[ProfileTable, ...]
    note: str = ""

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules of all tables."""
        return tuple(rule for table in self.tables for rule in table.rules)
