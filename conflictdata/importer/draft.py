"""Combine the drafts of all files, and turn drafts into tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from conflictdata.datasets.converter import Dataset, DraftTables
from conflictdata.findings import UsageError
from conflictdata.importer.read import ImportedRows
from conflictdata.rules.notes import MAYBE_NAMED, hide_names
from conflictdata.schema.columns import list_key_columns, list_references, make_empty_frame, make_polars_schema

_KEYED_TABLES = ("claims", "figures", "claim_perpetrators", "events")  # tables whose rows have a `key` in the dataset
REGISTERS = ("conflicts", "actors", "locations")


def complete_table(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Return all columns of a table, in order and typed. Missing ones are empty."""
    existing = set(frame.columns)
    return frame.select(
        (pl.col(name) if name in existing else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in make_polars_schema(table).items()
    )


def make_table(table: str, rows: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    """Make a table from rows that fill some of its columns."""
    records = list(rows)
    names = list(dict.fromkeys(name for row in records for name in row))
    schema = {name: make_polars_schema(table)[name] for name in names}
    return complete_table(table, pl.DataFrame(records, schema=schema)) if records else make_empty_frame(table)


def build_draft(files: Sequence[ImportedRows], dataset: Dataset) -> tuple[DraftTables, list[int]]:
    """Combine the drafts of all files.

    Adds `scheme` to `claims` and `events`, and `page`, the number of the file, to `claims`. A note keeps no name of a
    person with an age: `[name]` replaces it.

    Returns:
        The tables, and for each file the number of notes in which a name was replaced.

    Raises:
        UsageError: If two files contain the same record.
    """
    beside = {file.page.table: file.frame for file in files}
    parts: dict[str, list[pl.DataFrame]] = {}
    hidden = [0] * len(files)
    for number, file in enumerate(files):
        if file.page.table not in dataset.tables:
            continue
        draft = dataset.tables[file.page.table].convert(file.frame, file.page, beside)
        for table, frame in draft.items():
            marked = [pl.lit(file.page.table).alias("scheme")] if table in _KEYED_TABLES else []
            page = [pl.lit(number).alias("page")] if table == "claims" else []
            shown, notes = _hide_names(frame)
            hidden[number] += notes
            parts.setdefault(table, []).append(shown.with_columns(*marked, *page))
    whole = {table: pl.concat(frames, how="diagonal_relaxed") for table, frames in parts.items()}
    _refuse_duplicates(whole["claims"], files)
    return whole, hidden


def _hide_names(frame: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """Replace a person's name before an age by `[name]` in notes, and count these notes: datasets quote their witnesses."""
    if "note" not in frame.columns:
        return frame, 0
    note = pl.col("note").cast(pl.String)
    notes = frame.filter(note.str.contains(MAYBE_NAMED))["note"].unique().to_list()
    hidden = {text: shown for text in notes if (shown := hide_names(text)) != text}
    if not hidden:
        return frame, 0
    number = frame.select(note.is_in(list(hidden)).sum()).item()
    return frame.with_columns(note.replace(hidden)), number


def _refuse_duplicates(claims: pl.DataFrame, files: Sequence[ImportedRows]) -> None:
    twice = claims.filter(pl.struct("scheme", "key").is_duplicated())
    if twice.is_empty():
        return
    numbers = twice.filter(pl.col("key") == twice["key"][0])["page"].unique().sort().to_list()
    names = " and ".join(files[number].page.file for number in numbers)
    raise UsageError(f"the record {twice['key'][0]} is in {names}; import them one after the other, the older first")


def make_constants(dataset: Dataset) -> DraftTables:
    """Return the actors, places and conflicts that are fixed for a dataset."""
    rows = {
        "actors": (dataset.publisher, *dataset.actors), "locations": dataset.locations, "conflicts": dataset.conflicts,
    }  # fmt: skip
    return {table: make_table(table, records) for table, records in rows.items()}


def select_used(tables: Mapping[str, pl.DataFrame], dataset: Dataset) -> DraftTables:
    """Select the fixed records that are used in the tables."""
    selected = {}
    for register, frame in make_constants(dataset).items():
        named = [
            tables[table].select(pl.col(column).alias("id"))
            for table, columns in _find_references(register).items() for column in columns if table in tables
        ]  # fmt: skip
        ids = pl.concat(named)["id"].unique() if named else pl.Series([], dtype=pl.String)
        (id_column,) = list_key_columns(register)
        selected[register] = frame.filter(pl.col(id_column).is_in(ids.implode()))
    return selected


def _find_references(register: str) -> dict[str, list[str]]:
    """Return, per table, the columns that refer to a register.

    References between fixed records are ignored.
    """
    tables = ("sources", "events", "event_actors", "claims", "claim_perpetrators", "figures")
    return {t: [column for column, target in list_references(t).items() if target == register] for t in tables}
