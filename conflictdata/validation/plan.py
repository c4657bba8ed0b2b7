"""What a big table must be: its columns, its key, what it refers to, and the rules of its rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from conflictdata.datasets.profile import FeedTable
from conflictdata.rules.base import Rule
from conflictdata.schema.columns import Constraint, constraints
from conflictdata.validation.incomplete import unasked

if TYPE_CHECKING:
    import polars as pl


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

    def rule(self, table: str) -> str:
        """The id of the rule."""
        return f"{table}.{self.column.replace('_', '-')}-resolves"


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
            same. What the makers of the file write in another form than ours is read so, and is no fault.
        always: whether no cell can be read before that.
        is_unique: whether a key may stand once only.
        key_rule: the rule that says so, where the plan has one of its own.
        frames: further frames that the rules may look at, by name.
        unasked: the ids of the rules that a check in memory asks and a scan does not; each scan reports them as an error.
    """

    table: str
    columns: tuple[Constraint, ...]
    key: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    references: tuple[Reference, ...] = ()
    partial: bool = False
    own_names: Callable[[Iterable[str]], dict[str, str]] | None = None
    canonical: Callable[[tuple[Constraint, ...], pl.DataFrame], pl.DataFrame] | None = None
    always: bool = False
    is_unique: bool = True
    key_rule: Rule | None = None
    frames: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    unasked: tuple[str, ...] = ()

    @cached_property
    def row_rules(self) -> tuple[Rule, ...]:
        """The rules that are one expression over a row."""
        return tuple(r for r in self.rules if r.is_row_rule and r.over in ("", self.table))

    @cached_property
    def frame_rules(self) -> tuple[Rule, ...]:
        """The rules that look at several rows."""
        known = {self.table, *self.frames}
        return tuple(r for r in self.rules if not r.is_row_rule and set(r.needs) <= known)

    @cached_property
    def alike(self) -> tuple[tuple[str, ...], ...]:
        """The columns in which rules look for rows that are alike."""
        return tuple(dict.fromkeys(r.alike for r in self.frame_rules if r.alike))

    def named(self, columns: Iterable[str]) -> tuple[str, ...]:
        """The columns of a file under the names that the plan has for them."""
        given = list(columns)
        known = self.own_names(given) if self.own_names else {}
        return tuple(known.get(name, name) for name in given)

    def seen(self, present: Iterable[str]) -> Plan:
        """The plan without the columns that a file lacks, and without the rules and keys that need them."""
        there = set(present) & {c.column for c in self.columns}
        return replace(
            self,
            columns=tuple(c for c in self.columns if c.column in there),
            key=self.key if set(self.key) <= there else (),
            rules=tuple(r for r in self.rules if r.is_for(there)),
            references=tuple(r for r in self.references if r.column in there),
        )


def plan_of(table: str) -> Plan:
    """Make the plan of one of our own tables: its model, its key, and the rules of single rows.

    Args:
        table: name of the table.
    """
    from conflictdata.rules import rules
    from conflictdata.schema.columns import key

    own = [r for r in rules().values() if r.table == table and r.over in ("", table) and not r.needs and r.is_row_rule]
    # The engines look for keys in bounded memory.
    asked = {f"{table}.key-unique", *(r.id for r in own)}
    return Plan(table, constraints(table), key(table), tuple(own), unasked=unasked(table, asked))


KEY_RULE = "id-unique"  # how the rule is named that a key stands once


def plan_of_feed(table: FeedTable, released_on: dt.date) -> Plan:
    """The plan of a table of a profile.

    Args:
        table: the table.
        released_on: the day up to which things may have happened.
    """
    import polars as pl

    from conflictdata.readers.normalize import canonical

    once = next((r for r in table.rules if r.id == f"{table.name}.{KEY_RULE}" and r.fields == table.key), None)
    return Plan(
        table.name, table.columns, table.key,
        rules=tuple(rule for rule in table.rules if rule is not once),
        partial=True, own_names=table.canonical, canonical=partial(canonical, table),
        always=table.has_own_texts, key_rule=once, is_unique=once is not None,
        frames={"release": pl.DataFrame({"released_on": [released_on]}, schema={"released_on": pl.Date})},
    )  # fmt: skip
