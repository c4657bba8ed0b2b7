"""The part of the version to raise, and why: the Data Package recipe on versions.

See https://datapackage.org/recipes/data-package-version/.

- major: schema changes that break a reader (`schema.LEVEL_OF`); and a key that is gone although rows of other tables
  that referred to it still exist ("combine, split, delete or change the meaning of data that is referenced by another
  data resource").
- minor: added rows and resources; loosened constraints; and withdrawn rows that nothing refers to. The recipe does not
  mention these. Withdrawing a row removes something that could be cited, so it is more than a fix, but it breaks no
  join.
- patch: corrected cells, changed texts.
- none: a different order of rows; a different date, version, hash or path of a file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

import polars as pl

from conflictdata.comparison.model import LEVELS, Kind, Level, Reason, SchemaChange
from conflictdata.comparison.renames import IDS
from conflictdata.comparison.rows import TableRows, name_old_column

_ROW_REASONS: tuple[tuple[str, tuple[Kind, ...], Level], ...] = (
    ("rows added", ("added",), "minor"),
    ("rows withdrawn", ("removed",), "minor"),
    ("rows under a new key", ("replaced",), "minor"),
    ("rows corrected", ("corrected",), "patch"),
)


def list_bump_reasons(rows: Mapping[str, TableRows], schema: Iterable[SchemaChange]) -> tuple[Reason, ...]:
    """Return the reasons for a new version, most severe first."""
    listed = [*_find_schema_reasons(schema), *_find_reference_reasons(rows), *_find_row_reasons(rows)]
    return tuple(sorted(listed, key=lambda reason: LEVELS.index(reason.level)))


def _find_schema_reasons(schema: Iterable[SchemaChange]) -> Iterator[Reason]:
    counted = Counter((change.level, change.what, _format_place(change)) for change in schema)
    yield from (Reason(level, f"{what}: {place}", count) for (level, what, place), count in counted.items())


def _format_place(change: SchemaChange) -> str:
    if change.vocabulary and change.what != "text changed":
        return f"{change.old or change.new} (vocabulary {change.vocabulary})"
    return f"vocabulary {change.vocabulary}" if change.vocabulary else ", ".join(change.where)


def _find_row_reasons(rows: Mapping[str, TableRows]) -> Iterator[Reason]:
    counts = {table: changed.count_changes() for table, changed in rows.items()}
    for what, kinds, level in _ROW_REASONS:
        numbers = {table: sum(count[kind] for kind in kinds) for table, count in counts.items()}
        filled = {table: number for table, number in numbers.items() if number}
        if filled:
            listed = ", ".join(f"{number:,} in {table}" for table, number in filled.items())
            yield Reason(level, f"{what}: {listed}", sum(filled.values()))


def collect_removed_keys(rows: TableRows) -> pl.Series:
    """Return the keys of a table that no longer exist, including replaced ones."""
    column = IDS[rows.table]
    renamed = rows.matched.filter(rows.is_replaced())[name_old_column(column)]
    return pl.concat([rows.removed[column].cast(pl.String), renamed.cast(pl.String)]).drop_nulls()


def _find_reference_reasons(rows: Mapping[str, TableRows]) -> Iterator[Reason]:
    """Yield a reason per column whose rows referred to a key that is gone.

    Counts only rows that still exist: they must refer to another record now.
    """
    removed = {
        table: collect_removed_keys(rows[table]) for table in IDS if table in rows and IDS[table] in rows[table].key
    }
    for table, changed in rows.items():
        for column, target in changed.targets.items():
            ids = removed.get(target)
            if target == table or ids is None or not ids.len() or column not in changed.columns:
                continue
            count = changed.matched.filter(pl.col(name_old_column(column)).cast(pl.String).is_in(ids.implode())).height
            if count:
                rows_text = f"{count:,} {'row' if count == 1 else 'rows'} of {table}, still there,"
                yield Reason("major", f"{rows_text} referred by {column} to keys of {target} that are gone", count)
