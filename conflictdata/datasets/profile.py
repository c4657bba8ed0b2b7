"""Definition of a profile: a third-party dataset, its tables and their rules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conflictdata.datasets import compiled
from conflictdata.readers.day_forms import ISO, MIDNIGHT, DayForm

if TYPE_CHECKING:
    from conflictdata.rules.base import Rule
    from conflictdata.schema.columns import Constraint

MIN_KNOWN_COLUMNS = 3  # number of columns that a file must share with a table
MIN_KNOWN_SHARE = 0.6  # share of the file's columns that the table must have


@dataclass(frozen=True)
class ProfileTable:
    """A table of a profile.

    Its columns are those of the pandera model of the same name in `datasets.models`.

    Attributes:
        name: Name in findings and in the ids of its rules.
        rules: Rules of the table. A rule is evaluated if the file has all columns in its `fields`.
        needs: Columns that a file must have to match the table.
        missing: Texts that mean a missing value, in addition to the empty text.
        day_forms: Forms in which the publisher writes days.
        number_forms: Regular expressions of accepted numbers that are not written in digits only.
        core: Ids of the rules without which a file is not worth its name: a warning names those that a column is missing for.
    """

    name: str
    rules: tuple[Rule, ...]
    needs: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    day_forms: tuple[DayForm, ...] = (ISO, MIDNIGHT)
    number_forms: tuple[str, ...] = ()
    core: tuple[str, ...] = ()

    @property
    def has_own_texts(self) -> bool:
        """Return whether cells must be normalized before the checks."""
        own_days = set(self.day_forms) - {ISO, MIDNIGHT}
        return bool(self.missing or self.number_forms or own_days)

    @property
    def columns(self) -> tuple[Constraint, ...]:
        """Return the constraints of the columns."""
        return compiled.get_constraints(self.name)

    @property
    def key(self) -> tuple[str, ...]:
        """Return the columns that identify a record."""
        return compiled.get_key(self.name)

    def map_columns(self, columns: Iterable[str]) -> dict[str, str]:
        """Map column names of a file to ours, ignoring outer spaces and case."""
        names = {c.column.lower(): c.column for c in self.columns}
        mapping: dict[str, str] = {}
        for column in columns:
            name = names.get(column.strip().lower())
            if name is not None and name not in mapping.values():
                mapping[column] = name
        return mapping

    def measure_fit(self, columns: Iterable[str]) -> tuple[float, float]:
        """Return the share of a file's columns that we know, and the share of ours it has."""
        names = list(columns)
        known = len(self.map_columns(names))
        return known / max(1, len(names)), known / len(self.columns)

    def is_match(self, columns: Iterable[str]) -> bool:
        """Return whether a file with these columns is this table."""
        names = list(columns)
        known = set(self.map_columns(names).values())
        few = len(known) < MIN_KNOWN_COLUMNS or len(known) < MIN_KNOWN_SHARE * len(names)
        return not few and set(self.needs) <= known


@dataclass(frozen=True)
class Profile:
    """A third-party dataset.

    Attributes:
        name: Name for `--profile`.
        title: Full name.
        licence: What its licence allows.
        citation: How to cite it.
        url: Where to get it.
        tables: Its tables. The files of one folder are validated together, at most one per table.
        note: What users should know before they use it.
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
        """Return the rules of all tables."""
        return tuple(rule for table in self.tables for rule in table.rules)
