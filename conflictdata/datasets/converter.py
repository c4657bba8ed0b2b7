"""Definition of an importer: how a third-party dataset becomes draft tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from conflictdata.findings import UsageError


@dataclass(frozen=True)
class SourceFile:
    """An imported file, as the source of its claims.

    Attributes:
        table: Name of its table in the profile.
        file: File name without folders.
        sha256: SHA-256 of its bytes, in hexadecimal.
        published_on: Day of the release. If it is not given, the last day in the file.
        is_release_date: Whether the day of the release was given.
    """

    table: str
    file: str
    sha256: str
    published_on: dt.date
    is_release_date: bool


# The tables of `schema.models` by name, with the columns that the importer fills. Instead of ids, `claims`, `figures`
# and `claim_perpetrators` have `key`, the record in the dataset; `figures` have `path`, the end of their id; `claims`
# have `number`, their number on the page, `event_id`, the event that they are about, and may have `corrects`, the key of the claim that they replace, and `why`.
# `events` have `key`, too.
DraftTables = dict[str, pl.DataFrame]

# For datasets that name no perpetrator.
NO_PERPETRATORS = pl.DataFrame(schema={"key": pl.String, "actor_id": pl.String})

Convert = Callable[[pl.DataFrame, SourceFile, Mapping[str, pl.DataFrame]], DraftTables]


@dataclass(frozen=True)
class TableConversion:
    """How one table of a dataset is converted to ours.

    Attributes:
        convert: Converts typed rows to draft tables. Also receives their page, and the other tables of the same import.
        key: Columns that identify a row. Keys made by `convert` begin with them (`make_row_key`).
        needs: Columns without which there can be no claim.
        days: Columns with days. The last day in them is the day of the page, unless the day of the release is given.
        duplicate_rule: Id of the profile's rule against duplicate rows.
        becomes: For the README: pairs of columns and what they become.
        omitted: Pairs of columns that are left out, and why.
        aside: Text columns that are left out. Rows with the same key may differ in them.
        count_omitted: Returns the number of rows of a file that are left out on purpose, by reason, in words.
        prepare: Adds columns that are named in `days` and `key` but missing from the file.
    """

    convert: Convert
    key: tuple[str, ...]
    needs: tuple[str, ...]
    days: tuple[str, ...]
    duplicate_rule: str
    becomes: tuple[tuple[str, str], ...]
    omitted: tuple[tuple[str, str], ...]
    aside: tuple[str, ...] = ()
    count_omitted: Callable[[pl.DataFrame], dict[str, int]] = lambda rows: {}  # noqa: ARG005 - one signature
    prepare: Callable[[pl.DataFrame], pl.DataFrame] = lambda rows: rows


@dataclass(frozen=True)
class Dataset:
    """A dataset that can be imported.

    Attributes:
        profile: Name of its profile in `datasets`.
        publisher: Its publisher, as a row of `actors`.
        licence: Its licence as in a data package: `name`, `title`, `path`.
        terms: What users of the package must do.
        tables: Tables that count people, by their names in the profile.
        beside: Tables that explain those of another table and contain no claims themselves.
        not_people: Tables that do not count people, each with what they count.
        actors: Other actors that its claims may name.
        locations: Places that its claims may name.
        conflicts: Conflicts that its claims may name.
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
    """Return the key of a row as text.

    The key of a claim is the same, or the same with `:` and a word after it.
    """
    return pl.concat_str([pl.col(c).cast(pl.String).fill_null("") for c in columns], separator="|")


def check_columns(table: TableConversion, name: str, file: str, columns: list[str]) -> None:
    """Refuse a file that lacks columns needed for claims.

    Raises:
        UsageError: If columns are missing.
    """
    missing = [c for c in (*table.key, *table.needs, *table.days) if c not in columns]
    if missing:
        listed = ", ".join(dict.fromkeys(missing))
        raise UsageError(f"{file} ({name}) cannot be imported without its column(s) {listed}")
