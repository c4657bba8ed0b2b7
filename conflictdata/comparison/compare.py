"""Comparing: two sides in, one `Diff` out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from conflictdata.comparison.describe import in_words, reasons_of_figures
from conflictdata.comparison.model import SchemaChange, TollChange
from conflictdata.comparison.renames import IDS, Renames, renames, unretired
from conflictdata.comparison.result import Diff
from conflictdata.comparison.rows import MARK, TableRows, compare, in_another_order, with_new_ids
from conflictdata.comparison.schema import renamed_fields, schema_changes
from conflictdata.comparison.semver import reasons
from conflictdata.comparison.series import tolls
from conflictdata.comparison.sides import Schemas, Side, Tables, read_side
from conflictdata.findings import UsageError
from conflictdata.schema.columns import empty, key, references, tables
from conflictdata.seeds import Progress
from conflictdata.seeds.ledgers import Ledger, read_retired

Given = str | Path | Tables | Side


def diff(old: Given, new: Given, *, retired: str | Path | Ledger | None = None, progress: Progress = iter) -> Diff:
    """Compare two versions of the data.

    Args:
        old: the version before: a built package (its folder or its `datapackage.json`), a folder of seeds, or polars frames
            by table name.
        new: the version now, likewise.
        retired: withdrawn ids with reason and replacement, `retired.csv` or read already; that of the new seeds where it is
            not given. A package has none.
        progress: wraps the source files of seeds while they are read, to show a bar.

    Returns:
        What differs, by key, for every table that is not derived: removed, replaced, corrected and added rows, running tolls,
        the schema, and the version that it all needs. False where nothing differs.

    Raises:
        UsageError: a side is not there, is neither package nor seeds, or cannot be read.

    Example:
        >>> import conflictdata as cd
        >>> cd.diff("releases/1.0.0", "build/package").bump  # doctest: +SKIP
        'minor'
    """
    before, now = (read_side(side, progress=progress) for side in (old, new))
    ledger = read_retired(Path(retired)) if isinstance(retired, str | Path) else retired
    return compared(before, now, ledger if ledger is not None else now.retired)


def diff_revisions(
    revisions: str, *, seeds: str | Path = "seeds", repository: str | Path = ".", progress: Progress = iter
) -> Diff:
    """Compare the seeds of two revisions of a git repository.

    Args:
        revisions: `main..HEAD`; `main...HEAD` to compare HEAD with where it left main; or one revision, to compare it with
            the files as they lie in the folder now.
        seeds: the folder of seeds, from `repository`.
        repository: a folder in the repository.
        progress: wraps the source files while they are read, to show a bar.

    Returns:
        As `diff`. The schema is compared where both revisions have `schemas/` beside the seeds.

    Raises:
        UsageError: there is no git, no repository, no such revision, or no seeds in either.
    """
    from conflictdata.comparison.git import revision_sides

    with revision_sides(revisions, Path(repository), Path(seeds), progress) as (before, now):
        return compared(before, now, now.retired)


def compared(old: Side, new: Side, ledger: Ledger | None) -> Diff:
    """What differs between two sides that were read."""
    schema = _schema_changes(old, new)
    renamed, named = renames(old.tables, new.tables, ledger or {})
    rows = {table: _rows(table, old, new, renamed, named) for table in tables()}
    changed = {table: found for table, found in rows.items() if found}
    touched = {"claims", "figures"} & changed.keys()
    told = _told(changed, old.tables, new.tables, ledger or {})
    return Diff(
        old.info, new.info, told, schema, _tolls(old.tables, new.tables, renamed) if touched else (), reasons(changed, schema),
        _reordered(old, new), None if ledger is None else _unretired(changed, ledger),
    )  # fmt: skip


def _told(rows: Mapping[str, TableRows], old: Tables, new: Tables, ledger: Ledger) -> dict[str, TableRows]:
    told = {table: in_words(found, old, new, ledger) for table, found in rows.items()}
    if {"claims", "figures"} <= told.keys():
        told["figures"] = reasons_of_figures(told["figures"], told["claims"])
    return told


def _rows(table: str, old: Side, new: Side, renamed: Renames, named: set[str]) -> TableRows:
    before, now = _frames(table, old, new)
    columns = _key(table, new)
    for side, frame in ((old, before), (new, now)):
        if strange := [c for c in frame.columns if c.startswith(MARK)]:
            raise UsageError(f"{side.info.name}: the column {strange[0]!r} of {table} cannot be compared: rename it")
        if missing := [c for c in columns if c not in frame.columns]:
            raise UsageError(
                f"{side.info.name}: {table} cannot be compared by its key: it has no column {missing[0]!r}"
            )
    return compare(table, before, now, columns, references(table), renamed, named)


def _frames(table: str, old: Side, new: Side) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Both versions of a table, columns that were renamed under their new name; without rows where a side has no such table."""
    before, now = old.tables.get(table), new.tables.get(table)
    none = before if before is not None else now if now is not None else empty(table)
    before, now = (none.clear() if frame is None else frame for frame in (before, now))
    if old.schemas and new.schemas and table in old.schemas and table in new.schemas:
        renamed = renamed_fields(old.schemas[table], new.schemas[table])
        before = before.rename({a: b for a, b in renamed.items() if a in before.columns and b not in before.columns})
    return before, now


def _key(table: str, new: Side) -> tuple[str, ...]:
    said = new.schemas[table].get("primaryKey") if new.schemas and table in new.schemas else None
    names = [said] if isinstance(said, str) else said
    return tuple(names) if isinstance(names, list) and names and all(isinstance(n, str) for n in names) else key(table)


def _schema_changes(old: Side, new: Side) -> tuple[SchemaChange, ...]:
    if old.schemas is None and new.schemas is None:
        return ()
    before, now = (side.schemas if side.schemas is not None else installed_schemas() for side in (old, new))
    return schema_changes(before, now, old.descriptor, new.descriptor)


def installed_schemas() -> Schemas:
    """The Table Schemas of the installed software."""
    from conflictdata.schema.tables import TABLES
    from conflictdata.schema.tableschema import table_schema

    return {table: table_schema(table) for table in TABLES}


def _tolls(old: Tables, new: Tables, renamed: Renames) -> tuple[TollChange, ...]:
    """What happens to running tolls; one that only has a new name, because an id in it was replaced, is the same toll."""
    under_new_ids = {t: with_new_ids(t, old[t], references(t), renamed) for t in ("claims", "figures") if t in old}
    return tolls({**old, **under_new_ids}, new)


def _reordered(old: Side, new: Side) -> tuple[str, ...]:
    """Tables of seeds in which rows have changed places. Packages have theirs in order of the key."""
    if "package" in (old.info.kind, new.info.kind):
        return ()
    pairs = {t: _frames(t, old, new) for t in tables()}
    return tuple(t for t, (before, now) in pairs.items() if in_another_order(before, now, key(t)))


def _unretired(rows: Mapping[str, TableRows], ledger: Ledger) -> tuple[str, ...]:
    known = [t for t, column in IDS.items() if t in rows and column in rows[t].removed.columns]
    removed = {t: rows[t].removed[IDS[t]].drop_nulls().to_list() for t in known}
    return unretired(removed, ledger)
