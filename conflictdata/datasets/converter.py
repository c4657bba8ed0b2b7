"""What an importer is: somebody else's dataset as drafts of our tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from conflictdata.findings import UsageError


@dataclass(frozen=True)
class SourceFile:
    """A file that was read, as the source that its claims stand on.

    Attributes:
        table: the table of the profile that it is.
        file: its name, without folders.
        sha256: of its bytes, in hexadecimal.
        published_on: the day of the release; where nobody says it, the last day that the file tells of.
        is_release_date: whether somebody said that day.
    """

    table: str
    file: str
    sha256: str
    published_on: dt.date
    is_release_date: bool


# The tables of `schema.models` by name, with the columns that the importer fills. In place of ids `claims`, `figures` and
# `claim_perpetrators` have `key`, which names the record in the other dataset; `figures` have `path`, the end of their id;
# `claims` have `number`, theirs on the page, and may have `corrects`, the key of a claim whose place they take, and `why`;
# `events` have `key` too.
DraftTables = dict[str, pl.DataFrame]

# Nobody is said to have done it.
NO_PERPETRATORS = pl.DataFrame(schema={"key": pl.String, "actor_id": pl.String})

Convert = Callable[[pl.DataFrame, SourceFile, Mapping[str, pl.DataFrame]], DraftTables]


@dataclass(frozen=True)
class TableConversion:
    """How one table of a dataset becomes ours.

    Attributes:
        convert: typed rows, their page, and the other tables that were read with it, to drafts.
        key: the columns that name a row; `convert` makes keys that begin with them (`make_row_key`).
        needs: the columns without which no claim can be made.
        days: the columns with days; the last of them is the day of the page where nobody says it.
        duplicate_rule: the rule of the profile that says why a row may not stand twice.
        becomes: for the README, pairs of columns and what they become.
        omitted: pairs of columns that are not carried, and why.
        aside: columns of text that reach no table: rows of one key may differ in them.
        describe_omitted: what is left out of a file, in words; empty where nothing is.
        prepare: adds columns that `days` and `key` name and the file does not have.
    """

    convert: Convert
    key: tuple[str, ...]
    needs: tuple[str, ...]
    days: tuple[str, ...]
    duplicate_rule: str
    becomes: tuple[tuple[str, str], ...]
    omitted: tuple[tuple[str, str], ...]
    aside: tuple[str, ...] = ()
    describe_omitted: Callable[[pl.DataFrame], str] = lambda rows: ""  # noqa: ARG005 - one signature
    prepare: Callable[[pl.DataFrame], pl.DataFrame] = lambda rows: rows


@dataclass(frozen=True)
class Dataset:
    """A dataset.

    Attributes:
        profile: the name of its profile in `feeds`.
        publisher: who publishes it, as a row of `actors`.
        licence: its licence as a data package names it: `name`, `title`, `path`.
        terms: what a user of the package must do.
        tables: its tables that count people, by their names in the profile.
        beside: tables that are no claims by themselves and explain those of another table.
        not_people: tables that count no people, each with what they count.
        actors: further actors that its claims may name.
        locations: places that its claims may name.
        conflicts: conflicts that its claims may name.
    """

    profile: str
    publisher: Mapping[str, Any]
    licence: Mapping[str, str]
    terms: str
    tables: Mapping[str, TableConversion]
    beside: tuple[str, ...] = ()
    not_people: Mapping[str, str] = field(default_factory=dict)
    actors: tuple[Mapping[str, Any], ...] = ()
    locations: tuple[Mapping[str, Any], ...] = ()
    conflicts: tuple[Mapping[str, Any], ...] = ()


def make_row_key(columns: tuple[str, ...]) -> pl.Expr:
    """The key of a row as text; a claim's key is that, or that with `:` and a word after it."""
    return pl.concat_str([pl.col(c).cast(pl.String).fill_null("") for c in columns], separator="|")


def check_columns(table: TableConversion, name: str, file: str, columns: list[str]) -> None:
    """Refuse a file without which no claim can be made.

    Raises:
        UsageError: columns are missing.
    """
    missing = [c for c in (*table.key, *table.needs, *table.days) if c not in columns]
    if missing:
        listed = ", ".join(dict.fromkeys(missing))
        raise UsageError(f"{file} ({name}) cannot be imported without its column(s) {listed}")
