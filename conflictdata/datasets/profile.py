"""Definition of a profile: a third-party dataset, its tables and their rules."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from conflictdata.datasets import compiled
from conflictdata.datasets.rules import list_table_rules
from conflictdata.readers.day_forms import ISO, MIDNIGHT, DayForm

if TYPE_CHECKING:
    from conflictdata.rules.base import Rule
    from conflictdata.schema.columns import Constraint

MIN_KNOWN_COLUMNS = 3  # number of columns that a file must share with a table
MIN_KNOWN_SHARE = 0.6  # share of the file's columns that the table must have, or of the table's that the file must have
MANY_COLUMNS = 12  # a file with so many columns of a table is that table, whatever else it holds


@dataclass(frozen=True)
class ProfileTable:
    """A table of a profile.

    Its columns are those of the pandera model of the same name in `datasets.models`, and its rules those of `datasets.rules` whose
    ids begin with the name. A rule is evaluated if the file has all columns in its `fields`.

    Attributes:
        name: Name in findings and in the ids of its rules.
        title: Title for readers.
        needs: Columns that a file must have to match the table.
        either: Columns of which a file must have one, at least, to match the table.
        missing: Texts that mean a missing value, in addition to the empty text and the words of common programs.
        day_forms: Forms in which the publisher writes days.
        number_forms: Regular expressions of accepted numbers that are not written in digits only.
        core: Ids of the rules without which a file is not worth its name: a warning names those that a column is missing for.
        aliases: Our column per other name that files give it, in small letters. Older releases have other names.
        absent: Columns that a file of this table never has. They tell it from a table with more columns.
        file_word: Word in the file's name that tells this table from another one with the same columns.
    """

    name: str
    title: str
    needs: tuple[str, ...] = ()
    either: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    day_forms: tuple[DayForm, ...] = (ISO, MIDNIGHT)
    number_forms: tuple[str, ...] = ()
    core: tuple[str, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict, hash=False)
    absent: tuple[str, ...] = ()
    file_word: str = ""

    @property
    def has_own_texts(self) -> bool:
        """Return whether cells must be normalized before the checks, in any file."""
        return bool(self.number_forms or set(self.day_forms) - {ISO, MIDNIGHT})

    @property
    def columns(self) -> tuple[Constraint, ...]:
        """Return the constraints of the columns."""
        return compiled.get_constraints(self.name)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Return the rules of the table."""
        return list_table_rules(self.name)

    @property
    def key(self) -> tuple[str, ...]:
        """Return the columns that identify a record."""
        return compiled.get_key_columns(self.name)

    def map_columns(self, columns: Iterable[str]) -> dict[str, str]:
        """Map column names of a file to ours.

        Case and outer spaces do not matter, other names of a column are known, and signs that programs exchange are read
        alike: R writes `field.artillery` for `field artillery`, and old releases of UCDP `ActorId` for `actor_id`.
        """
        ours = [c.column for c in self.columns]
        exact = {name.lower(): name for name in ours}
        folded = _fold_names(ours)
        mapping: dict[str, str] = {}
        names = list(columns)
        for find in (exact.get, self.aliases.get, lambda name: folded.get(_fold_name(name))):
            for column in names:
                name = find(column.strip().lower())
                if name is not None and column not in mapping and name not in mapping.values():
                    mapping[column] = name
        return {column: mapping[column] for column in names if column in mapping}

    def measure_fit(self, columns: Iterable[str]) -> tuple[float, float]:
        """Return the share of a file's columns that we know, and the share of ours it has."""
        names = list(columns)
        known = len(self.map_columns(names))
        return known / max(1, len(names)), known / len(self.columns)

    def is_match(self, columns: Iterable[str], file: str = "", *, is_named: bool = False) -> bool:
        """Return whether a file is this table.

        Args:
            columns: Columns of the file.
            file: Name of the file.
            is_named: Whether the user named the dataset. Then the file may have any number of other columns.
        """
        names = list(columns)
        known = set(self.map_columns(names).values())
        if len(known) < MIN_KNOWN_COLUMNS or not set(self.needs) <= known or known & set(self.absent):
            return False
        if self.either and not known & set(self.either):
            return False
        if self.file_word and self.file_word not in file.lower():
            return False
        share = max(len(known) / len(names), len(known) / len(self.columns))
        return is_named or share >= MIN_KNOWN_SHARE or len(known) >= MANY_COLUMNS


def _fold_name(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.lower())


def _fold_names(names: Iterable[str]) -> dict[str, str]:
    """Return the names by their folded form; those that are alike then are left out."""
    found: dict[str, list[str]] = {}
    for name in names:
        found.setdefault(_fold_name(name), []).append(name)
    return {folded: alike[0] for folded, alike in found.items() if len(alike) == 1}


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
