"""What a big table must be: its columns, its key, what it refers to, and the rules of its rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from conflictdata.datasets.profile import ProfileTable
from conflictdata.rules.base import Rule
from conflictdata.schema.columns import Constraint, load_constraints
from conflictdata.validation.incomplete import list_skipped_rules

if TYPE_CHECKING:
    import polars as pl

    from conflictdata.readers.normalize import CellForms


@dataclass(frozen=True)
class Reference:
    """A column that names records of another table, or of its own.

    Attributes:
        column: the column.
        target: what it names, as messages call it.
        known: the names that there are; None where they are the key of the table itself.
        hint: the way out.
    """

    column: str
    target: str
    known: tuple[Any, ...] | None = None
    hint: str = "Correct the spelling, or add the record."

    def format_rule_id(self, table: str) -> str:
        """Return the id of the rule."""
        return f"{table}.{self.column.replace('_', '-')}-resolves"


@dataclass(frozen=True)
class ColumnMap:
    """The name of a table, and the function from the columns of a file to its own."""

    name: str
    map_columns: Callable[[Iterable[str]], dict[str, str]]


@dataclass(frozen=True)
class Plan:
    """What one table is checked for.

    Attributes:
        table: its name, as findings write it.
        columns: what each column may hold, as the model says; those that a file lacks are left out of `seen`.
        key: the columns that name a record; a record is named by its row where there is none.
        rules: the rules: expressions over a row, or functions of the frames, which see this table under its name.
        references: the foreign keys.
        partial: whether a file may lack columns, and have others.
        own_names: from the columns of a file to those of them that the plan knows, by the file's name.
        canonical: from the texts of a file, missing ones null, to the texts that the checks read; None where they are the
            same. What the makers of the file write in another form than ours is read as such, and is not a fault.
        needs_normalizing: whether no cell can be read before that.
        missing: words for an empty cell; a CSV with one of them must be normalized too.
        is_unique: whether a key may stand once only.
        key_rule: the rule that says so, where the plan has one of its own.
        frames: further frames that the rules may look at, by name.
        forms: how the makers of the table write its cells; None for a table of ours.
        odd_days: columns of days of which one finding says that cells are in another form than the makers'.
        core: ids of the rules that a warning names if a column is missing for them.
        is_own: whether it is one of our tables. All engines but Spark evaluate all its rules, by `scan.own_tables`.
        skipped_rules: the ids of the rules that Spark does not evaluate, which it reports as an error.
    """

    table: str
    columns: tuple[Constraint, ...]
    key: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    references: tuple[Reference, ...] = ()
    partial: bool = False
    map_names: Callable[[Iterable[str]], dict[str, str]] | None = None
    normalize: Callable[[tuple[Constraint, ...], pl.DataFrame], pl.DataFrame] | None = None
    needs_normalizing: bool = False
    missing: tuple[str, ...] = ()
    is_unique: bool = True
    key_rule: Rule | None = None
    frames: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    is_own: bool = False
    skipped_rules: tuple[str, ...] = ()
    core: tuple[str, ...] = ()
    forms: CellForms | None = None
    odd_days: frozenset[str] = frozenset()

    @cached_property
    def row_rules(self) -> tuple[Rule, ...]:
        """The rules that are one expression over a row."""
        return tuple(r for r in self.rules if r.is_row_rule and r.view in ("", self.table))

    @cached_property
    def frame_rules(self) -> tuple[Rule, ...]:
        """The rules that look at several rows."""
        known = {self.table, *self.frames}
        return tuple(r for r in self.rules if not r.is_row_rule and set(r.requires_tables) <= known)

    @cached_property
    def near_duplicate_columns(self) -> tuple[tuple[str, ...], ...]:
        """The columns in which rules look for rows that are alike."""
        return tuple(dict.fromkeys(r.key_columns for r in self.frame_rules if r.key_columns))

    def rename_columns(self, columns: Iterable[str]) -> tuple[str, ...]:
        """Return the columns of a file under the names that the plan has for them."""
        names = list(columns)
        known = self.map_names(names) if self.map_names else {}
        return tuple(known.get(name, name) for name in names)

    def restrict_to(self, present: Iterable[str]) -> Plan:
        """Return the plan without the columns that a file lacks, and without the rules and keys that need them."""
        available = set(present) & {c.column for c in self.columns}
        return replace(
            self,
            columns=tuple(c for c in self.columns if c.column in available),
            key=self.key if set(self.key) <= available else (),
            rules=tuple(r for r in self.rules if r.is_applicable(available)),
            references=tuple(r for r in self.references if r.column in available),
        )


def make_plan(table: str, released_on: dt.date | None = None) -> Plan:
    """Make the plan of one of our own tables: its model, its key, and the rules of single rows.

    Args:
        table: name of the table.
        released_on: the day up to which things may have happened; today by default.
    """
    from conflictdata.rules import load_rules
    from conflictdata.schema.columns import list_key_columns

    selected = [
        r
        for r in load_rules().values()
        if r.table == table and r.view in ("", table) and not r.requires_tables and r.is_row_rule
    ]
    # The engines look for keys in bounded memory.
    evaluated = {f"{table}.key-unique", *(r.id for r in selected)}
    return Plan(
        table,
        load_constraints(table),
        list_key_columns(table),
        tuple(selected),
        frames=_make_release(released_on or dt.date.today()),
        is_own=True,
        skipped_rules=list_skipped_rules(table, evaluated),
    )


KEY_RULE = "id-unique"  # name of the rule that a key is unique


def make_dataset_plan(table: ProfileTable, released_on: dt.date) -> Plan:
    """Return the plan of a table of a profile.

    Args:
        table: the table.
        released_on: the day up to which things may have happened.
    """
    from conflictdata.readers.normalize import MISSING_TEXTS, normalize_cells

    unique_rule = next((r for r in table.rules if r.id == f"{table.name}.{KEY_RULE}" and r.fields == table.key), None)
    return Plan(
        table.name, table.columns, table.key,
        rules=tuple(rule for rule in table.rules if rule is not unique_rule),
        core=table.core, partial=True, map_names=table.map_columns, normalize=partial(normalize_cells, table), forms=table,
        needs_normalizing=table.has_own_texts, missing=(*MISSING_TEXTS, *table.missing), key_rule=unique_rule, is_unique=unique_rule is not None,
        frames=_make_release(released_on),
    )  # fmt: skip


def _make_release(released_on: dt.date) -> dict[str, pl.DataFrame]:
    from conflictdata.validation.evaluate import make_release

    return {"release": make_release(released_on)}
