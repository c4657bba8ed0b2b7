"""Compare two sides and return one `Diff`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from conflictdata.comparison.collections import (
    compare_collections,
    list_collection_reasons,
    select_collection,
    sort_reasons,
)
from conflictdata.comparison.describe import add_figure_reasons, describe_rows
from conflictdata.comparison.model import SchemaChange, TollChange
from conflictdata.comparison.renames import IDS, Renames, find_missing_retirements, match_renamed_ids
from conflictdata.comparison.result import Diff
from conflictdata.comparison.rows import MARK, TableRows, apply_new_ids, compare_rows, is_reordered
from conflictdata.comparison.schema import compare_schemas, find_renamed_fields
from conflictdata.comparison.semver import list_bump_reasons
from conflictdata.comparison.series import compare_tolls
from conflictdata.comparison.sides import Schemas, Snapshot, Tables, read_snapshot
from conflictdata.findings import UsageError
from conflictdata.readers.frames import is_frame
from conflictdata.schema.columns import list_key_columns, list_references, list_tables, make_empty_frame
from conflictdata.seeds import Progress
from conflictdata.seeds.ledgers import Ledger, read_retired

if TYPE_CHECKING:
    from conflictdata.comparison.sides import SnapshotSource
    from conflictdata.readers.frames import Frame


def diff(
    old: SnapshotSource,
    new: SnapshotSource,
    *,
    table: str | None = None,
    retired: str | Path | Ledger | None = None,
    collection: str | None = None,
    progress: Progress = iter,
) -> Diff:
    """Compare two versions of the data.

    Args:
        old: The old version: a built package (its folder or its `datapackage.json`), a seeds folder, a DataFrame of
            pandas, polars or Arrow, or such frames by table name.
        new: The new version, likewise.
        table: Name of the table, if two DataFrames are given. Default: the table that has exactly these columns.
        retired: Withdrawn ids with reason and replacement: the path of a `retired.csv`, or its contents. Default: that
            of the new seeds; a package has none.
        collection: Name of a collection that both versions have, to compare it alone.
        progress: Wraps the list of seed files, for example to show a progress bar.

    Returns:
        The differences by key, for every table that is not derived: removed, replaced, corrected and added rows;
        running tolls; the schema; the collections; and the version that all this needs. False if nothing differs.

    Raises:
        UsageError: If a side does not exist, is not a package, seeds or tables, or cannot be read.

    Examples:
        >>> import conflictdata as cd
        >>> cd.diff("releases/1.0.0", "build/package").bump  # doctest: +SKIP
        'minor'
    """
    if table is not None:
        old, new = _name_table(old, table), _name_table(new, table)
    before, now = (read_snapshot(side, progress=progress) for side in (old, new))
    ledger = read_retired(Path(retired)) if isinstance(retired, str | Path) else retired
    return _compare_selected(before, now, ledger if ledger is not None else now.retired, collection)


def _compare_selected(old: Snapshot, new: Snapshot, ledger: Ledger | None, collection: str | None) -> Diff:
    """Compare two sides, or a collection of both."""
    if collection is None:
        return compare_snapshots(old, new, ledger)
    return compare_snapshots(select_collection(old, collection), select_collection(new, collection), ledger)


def _name_table(side: SnapshotSource, table: str) -> Mapping[str, Frame]:
    if not is_frame(side):
        raise UsageError(f"table={table!r} is for two DataFrames; {type(side).__name__} is not one")
    return {table: side}


def diff_revisions(
    revisions: str,
    *,
    seeds: str | Path = "seeds",
    repository: str | Path = ".",
    collection: str | None = None,
    progress: Progress = iter,
) -> Diff:
    """Compare the seeds of two revisions of a git repository.

    Args:
        revisions: `main..HEAD`; `main...HEAD` to compare HEAD with the commit where it branched off main; or one
            revision, to compare it with the working tree.
        seeds: The seeds folder, relative to `repository`.
        repository: A folder in the repository.
        collection: Name of a collection that both revisions have, to compare it alone.
        progress: Wraps the list of seed files, for example to show a progress bar.

    Returns:
        The differences, as from `diff`. The schema is compared only if both revisions have a `schemas/` folder next to
        the seeds.

    Raises:
        UsageError: If git is not installed, the folder is not in a repository, a revision does not exist, or neither
            has seeds.
    """
    from conflictdata.comparison.git import open_revisions

    with open_revisions(revisions, Path(repository), Path(seeds), progress) as (before, now):
        return _compare_selected(before, now, now.retired, collection)


def compare_snapshots(old: Snapshot, new: Snapshot, ledger: Ledger | None) -> Diff:
    """Compare two sides that have been read."""
    schema = _compare_schemas(old, new)
    renamed, named = match_renamed_ids(old.tables, new.tables, ledger or {})
    rows = {table: _compare_table(table, old, new, renamed, named) for table in list_tables()}
    changed = {table: table_rows for table, table_rows in rows.items() if table_rows}
    touched = {"claims", "figures"} & changed.keys()
    described = _describe_tables(changed, old.tables, new.tables, ledger or {})
    collections = compare_collections(old, new, ledger or {}, compare_snapshots)
    reasons = sort_reasons([*list_bump_reasons(changed, schema), *list_collection_reasons(collections)])
    return Diff(
        old.info, new.info, described, schema, _compare_tolls(old.tables, new.tables, renamed) if touched else (), reasons,
        _find_reordered(old, new), None if ledger is None else _list_missing_retirements(changed, ledger), collections,
    )  # fmt: skip


def _describe_tables(rows: Mapping[str, TableRows], old: Tables, new: Tables, ledger: Ledger) -> dict[str, TableRows]:
    described = {table: describe_rows(table_rows, old, new, ledger) for table, table_rows in rows.items()}
    if {"claims", "figures"} <= described.keys():
        described["figures"] = add_figure_reasons(described["figures"], described["claims"])
    return described


def _compare_table(table: str, old: Snapshot, new: Snapshot, renamed: Renames, named: set[str]) -> TableRows:
    before, now = _align_frames(table, old, new)
    columns = _find_key(table, new)
    for side, frame in ((old, before), (new, now)):
        if reserved := [c for c in frame.columns if c.startswith(MARK)]:
            raise UsageError(f"{side.info.name}: the column {reserved[0]!r} of {table} cannot be compared: rename it")
        if missing := [c for c in columns if c not in frame.columns]:
            raise UsageError(
                f"{side.info.name}: {table} cannot be compared by its key: it has no column {missing[0]!r}"
            )
    return compare_rows(table, before, now, columns, list_references(table), renamed, named)


def _align_frames(table: str, old: Snapshot, new: Snapshot) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return both versions of a table, with renamed columns under their new names.

    A side without the table gets a frame without rows.
    """
    before, now = old.tables.get(table), new.tables.get(table)
    template = before if before is not None else now if now is not None else make_empty_frame(table)
    before, now = (template.clear() if frame is None else frame for frame in (before, now))
    if old.schemas and new.schemas and table in old.schemas and table in new.schemas:
        renamed = find_renamed_fields(old.schemas[table], new.schemas[table])
        before = before.rename({a: b for a, b in renamed.items() if a in before.columns and b not in before.columns})
    return before, now


def _find_key(table: str, new: Snapshot) -> tuple[str, ...]:
    declared = new.schemas[table].get("primaryKey") if new.schemas and table in new.schemas else None
    names = [declared] if isinstance(declared, str) else declared
    return (
        tuple(names)
        if isinstance(names, list) and names and all(isinstance(n, str) for n in names)
        else list_key_columns(table)
    )


def _compare_schemas(old: Snapshot, new: Snapshot) -> tuple[SchemaChange, ...]:
    if old.schemas is None and new.schemas is None:
        return ()
    before, now = (side.schemas if side.schemas is not None else make_installed_schemas() for side in (old, new))
    return compare_schemas(before, now, old.descriptor, new.descriptor)


def make_installed_schemas() -> Schemas:
    """Build the Table Schemas of the installed software."""
    from conflictdata.schema.tables import TABLES
    from conflictdata.schema.tableschema import build_table_schema

    return {table: build_table_schema(table) for table in TABLES}


def _compare_tolls(old: Tables, new: Tables, renamed: Renames) -> tuple[TollChange, ...]:
    """Compare the running tolls.

    Old ids are replaced first, so that a toll whose series id changed only by a replacement stays the same toll.
    """
    under_new_ids = {
        t: apply_new_ids(t, old[t], list_references(t), renamed) for t in ("claims", "figures") if t in old
    }
    return compare_tolls({**old, **under_new_ids}, new)


def _find_reordered(old: Snapshot, new: Snapshot) -> tuple[str, ...]:
    """Return the seed tables in which rows have moved.

    Returns nothing for packages, which sort their rows by key.
    """
    if "package" in (old.info.kind, new.info.kind):
        return ()
    pairs = {t: _align_frames(t, old, new) for t in list_tables()}
    return tuple(t for t, (before, now) in pairs.items() if is_reordered(before, now, list_key_columns(t)))


def _list_missing_retirements(rows: Mapping[str, TableRows], ledger: Ledger) -> tuple[str, ...]:
    tables = [t for t, column in IDS.items() if t in rows and column in rows[t].removed.columns]
    removed = {t: rows[t].removed[IDS[t]].drop_nulls().to_list() for t in tables}
    return find_missing_retirements(removed, ledger)
