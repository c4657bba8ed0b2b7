"""Changed rows one by one, in the order in which they are read; and as a frame of cells."""

from __future__ import annotations

import datetime as dt
import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from conflictdata.comparison.describe import ABOUT, CONTENT, LABEL, REASON, REPLACED_BY, SUBJECT
from conflictdata.comparison.model import (
    _VERSION,
    KINDS,
    CellChange,
    Change,
    Kind,
    Level,
    Point,
    Reason,
    SchemaChange,
    SnapshotInfo,
    TollChange,
    Value,
)
from conflictdata.comparison.rows import COPY, DERIVED, FOLLOWS, MARK, TableRows, get_id_mapping, name_old_column
from conflictdata.seeds.quantity import format_quantity

if TYPE_CHECKING:
    import pandas as pd

    from conflictdata.comparison.rows import TableRows

Row = Mapping[str, Any]


RowsByTable = Mapping[str, TableRows]


# Pages first, then events, then registers; in each, the record before what hangs on it.
_ORDER = (
    ("sources", "claims", "claim_perpetrators", "claim_links", "figures", "flags", "crosswalk"),
    ("events", "event_actors", "event_sources"),
    ("actors", "aliases", "locations", "conflicts"),
)


_TABLE_RANK = {table: (family, n) for family, names in enumerate(_ORDER) for n, table in enumerate(names)}


QUANTITY = ("qualifier", "low", "best", "high", "share")


def describe_quantity(row: Row, *, old: bool = False) -> str:
    """The quantity of a figure in words, from its cells or from its old ones; the bare cells where they make none."""
    cells: list[Any] = [row.get(name_old_column(c) if old else c) for c in QUANTITY]
    try:
        return format_quantity(*cells)
    except (StopIteration, TypeError, ValueError):
        return " ".join(f"{c}={v}" for c, v in zip(QUANTITY, cells, strict=True) if v is not None)


def iterate_changes(rows: RowsByTable, kinds: Sequence[Kind]) -> Iterator[Change]:
    """The rows that differ: removed, then replaced and corrected, then added; in each by subject, table and key."""
    steps: tuple[tuple[str, set[Kind]], ...] = (
        ("removed", {"removed"}), ("matched", {"replaced", "corrected"}), ("added", {"added"}),
    )  # fmt: skip
    for name, step_kinds in steps:
        selected = step_kinds & set(kinds)
        if selected:
            for _, change in heapq.merge(*(_iterate_sorted(t, name) for t in rows.values()), key=lambda pair: pair[0]):
                if change.kind in selected:
                    yield change


def _iterate_sorted(rows: TableRows, name: str) -> Iterator[tuple[tuple[Any, ...], Change]]:
    frame: pl.DataFrame = getattr(rows, name)
    if not frame.height:
        return
    family, place = _TABLE_RANK[rows.table]
    by = [SUBJECT, *rows.key, COPY]
    make = {"removed": _make_removed, "matched": _make_matched, "added": _make_added}[name]
    for row in frame.sort(by, nulls_last=False, maintain_order=True).iter_rows(named=True):
        change = make(rows, row)
        yield (family, row[SUBJECT] or "", place, tuple(str(row[c] or "") for c in by[1:])), change


def _list_columns(row: Row) -> list[str]:
    return [c for c in row if not c.startswith(MARK)]


def _get_key(rows: TableRows, row: Row) -> dict[str, Value]:
    return {c: row[c] for c in rows.key}


def _get_common_fields(rows: TableRows, row: Row) -> dict[str, Any]:
    words = {"subject": SUBJECT, "about": ABOUT, "label": LABEL, "reason": REASON}
    return {"key": _get_key(rows, row), "copy": row[COPY], **{name: row[c] or "" for name, c in words.items()}}


def _describe_row(rows: TableRows, row: Row) -> str:
    """What a removed or added row says."""
    content = row[CONTENT] or ""
    if rows.table != "figures":
        return content
    return f"{describe_quantity(row)} ({content})" if content else describe_quantity(row)


def _make_removed(rows: TableRows, row: Row) -> Change:
    cells = tuple(CellChange(c, row[c], None) for c in _list_columns(row) if row[c] is not None)
    common = _get_common_fields(rows, row)
    return Change(
        "removed", rows.table, cells=cells, old=_describe_row(rows, row), replaced_by=row[REPLACED_BY] or "", **common
    )


def _make_added(rows: TableRows, row: Row) -> Change:
    cells = tuple(CellChange(c, None, row[c]) for c in _list_columns(row) if row[c] is not None)
    return Change("added", rows.table, cells=cells, new=_describe_row(rows, row), **_get_common_fields(rows, row))


def _make_matched(rows: TableRows, row: Row) -> Change:
    differing = [c for c in rows.columns if not _is_same(row[name_old_column(c)], row[c])]
    cells = tuple(_make_cell(rows, row, c, differing) for c in differing)
    replaced = any(c in rows.key for c in differing)
    was = "|".join(str(row[name_old_column(c)] or "") for c in rows.key) if replaced else ""
    figure = rows.table == "figures" and set(QUANTITY) & set(differing)
    old, new = (describe_quantity(row, old=True), describe_quantity(row)) if figure else ("", "")
    return Change(
        "replaced" if replaced else "corrected", rows.table, cells=cells, was=was, follows=row[FOLLOWS],
        old=old if old != new else "", new=new if old != new else "", **_get_common_fields(rows, row),
    )  # fmt: skip


def _is_same(old: Any, new: Any) -> bool:
    return bool(old == new or (old != old and new != new))  # noqa: PLR0124 - NaN is the same as NaN


def _make_cell(rows: TableRows, row: Row, column: str, differing: Sequence[str]) -> CellChange:
    old, new = row[name_old_column(column)], row[column]
    follows = get_id_mapping(rows.table, column, rows.targets, rows.renamed).get(old) == new and new is not None
    derived = bool(set(DERIVED.get(rows.table, {}).get(column, ())) & set(differing))
    return CellChange(column, old, new, follows=follows and not _is_replaced_key(rows, column, row), derived=derived)


def _is_replaced_key(rows: TableRows, column: str, row: Row) -> bool:
    """Whether the column is the key that `retired.csv` itself replaces in this row."""
    return column in rows.key and not row[FOLLOWS]


_TEXT_COLUMNS = (
    "kind",
    "table",
    "record",
    "was",
    "column",
    "old",
    "new",
    "subject",
    "about",
    "label",
    "reason",
    "replaced_by",
)


def build_cells_frame(diff: Diff) -> pd.DataFrame:
    """One row a changed cell; see `Diff.to_frame`."""
    import pandas as pd

    data: dict[str, list[Any]] = {name: [] for name in (*_TEXT_COLUMNS, "follows", "derived")}
    for change in diff.changes():
        for cell in change.cells:
            for name in _TEXT_COLUMNS:
                value = (
                    getattr(cell if name == "column" else change, name)
                    if name not in ("old", "new")
                    else getattr(cell, name)
                )
                data[name].append(None if value is None else str(value))
            data["follows"].append(change.follows or cell.follows)
            data["derived"].append(cell.derived)
    types = {**dict.fromkeys(_TEXT_COLUMNS, "string"), "follows": "boolean", "derived": "boolean"}
    return pd.DataFrame(data).astype(types)


@dataclass(frozen=True)
class Diff:
    """What differs between two versions of the data. False where nothing does.

    Attributes:
        old: the old version.
        new: the new version.
        rows: the rows that differ, by table, as polars frames; `changes()` gives them one by one.
        schema: how the description differs.
        tolls: what happens to running tolls.
        reasons: what asks for a new version, the weightiest first.
        reordered: tables in which only the order of some rows differs, which means nothing.
        unretired: ids that are gone without a row in `retired.csv`; None where no such ledger is known.
    """

    old: SnapshotInfo
    new: SnapshotInfo
    rows: Mapping[str, TableRows]
    schema: tuple[SchemaChange, ...]
    tolls: tuple[TollChange, ...]
    reasons: tuple[Reason, ...]
    reordered: tuple[str, ...] = ()
    unretired: tuple[str, ...] | None = None

    @property
    def bump(self) -> Level:
        """The part of the version that must rise, by the Data Package recipe; `none` where nothing differs."""
        return self.reasons[0].level if self.reasons else "none"

    def next_version(self, version: str = "") -> str:
        """The least version that may follow.

        Args:
            version: the version before, such as `1.0.0`; that of the old side where it is not given.

        Returns:
            The version; empty where the old one is not known, or is not three numbers.
        """
        before = _VERSION.match(version or self.old.version)
        if not before:
            return ""
        major, minor, patch = map(int, before.groups())
        following = {"major": (major + 1, 0, 0), "minor": (major, minor + 1, 0), "patch": (major, minor, patch + 1)}
        return ".".join(map(str, following.get(self.bump, (major, minor, patch))))

    @property
    def counts(self) -> dict[str, dict[Kind, int]]:
        """Rows that differ, by table and kind; tables without one are left out."""
        by_table = {table: rows.count_changes() for table, rows in self.rows.items()}
        return {table: counts for table, counts in by_table.items() if any(counts.values())}

    def total(self, *kinds: Kind) -> int:
        """Rows that differ, of these kinds (all where none is given)."""
        return sum(counts[kind] for counts in self.counts.values() for kind in kinds or KINDS)

    def __bool__(self) -> bool:
        return bool(self.counts or self.schema)

    def changes(self, *kinds: Kind) -> Iterator[Change]:
        """The rows that differ: removed ones first, then replaced and corrected ones, then added ones.

        Args:
            kinds: those wanted; all where none is given.

        Yields:
            One `Change` a row; within a kind in order of the record that they are about.
        """
        yield from iterate_changes(self.rows, kinds or KINDS)

    def to_frame(self) -> pd.DataFrame:
        """The changes as a pandas DataFrame, one row a changed cell.

        Columns (all `string`, but `follows` and `derived`, which are `boolean`): kind, table, record, was, column, old, new,
        subject, about, label, reason, replaced_by, follows, derived.
        """
        return build_cells_frame(self)

    def to_dict(self) -> dict[str, Any]:
        """Everything, in plain types, with the keys of the JSON form (see docs/review.md)."""
        return serialize_diff(self)


VERSION = 1


def serialize_diff(diff: Diff) -> dict[str, Any]:
    """The same in plain types."""
    return {**_serialize_head(diff), "changes": [_serialize_change(change) for change in diff.changes()]}


def _serialize_head(diff: Diff) -> dict[str, Any]:
    return {
        "diff_version": VERSION,
        "old": _serialize_snapshot(diff.old),
        "new": _serialize_snapshot(diff.new),
        "differs": bool(diff),
        "bump": diff.bump,
        "next_version": diff.next_version(),
        "reasons": [{"level": r.level, "what": r.what, "count": r.count} for r in diff.reasons],
        "counts": diff.counts,
        "following": {table: rows.following for table, rows in diff.rows.items() if rows.following},
        "schema": [
            {
                "what": c.what,
                "where": list(c.where),
                "level": c.level,
                "old": c.old,
                "new": c.new,
                "vocabulary": c.vocabulary,
            }
            for c in diff.schema
        ],
        "tolls": [_serialize_toll(toll) for toll in diff.tolls],
        "reordered": list(diff.reordered),
        "unretired": None if diff.unretired is None else list(diff.unretired),
    }


def _serialize_snapshot(side: SnapshotInfo) -> dict[str, Any]:
    return {
        "name": side.name,
        "kind": side.kind,
        "version": side.version,
        "rows": dict(side.rows),
        "errors": side.errors,
        "unread": list(side.unread),
        "missing": side.missing,
    }


def _serialize_toll(toll: TollChange) -> dict[str, Any]:
    points = [
        {"kind": p.kind, "as_of": p.as_of.isoformat(), "old": _serialize_point(p.old), "new": _serialize_point(p.new)}
        for p in toll.points
    ]
    return {
        "series_id": toll.series_id,
        "what": toll.what,
        "old": _serialize_point(toll.old),
        "new": _serialize_point(toll.new),
        "points": points,
    }


def _serialize_point(point: Point | None) -> dict[str, Any] | None:
    if point is None:
        return None
    return {
        "as_of": point.as_of.isoformat(),
        "low": point.low,
        "best": point.best,
        "high": point.high,
        "said": list(point.said),
        "claims": list(point.claims),
    }


def _serialize_change(change: Change) -> dict[str, Any]:
    return {
        "kind": change.kind,
        "table": change.table,
        "record": change.record,
        "key": _serialize_values(change.key),
        "was": change.was,
        "copy": change.copy,
        "subject": change.subject,
        "about": change.about,
        "label": change.label,
        "old": change.old,
        "new": change.new,
        "reason": change.reason,
        "replaced_by": change.replaced_by,
        "follows": change.follows,
        **_serialize_content(change),
    }


def _serialize_content(change: Change) -> dict[str, Any]:
    """The filled cells of a removed or added row; of the others the cells that differ."""
    if change.kind == "removed":
        return {"row": {cell.column: serialize_value(cell.old) for cell in change.cells}, "cells": []}
    if change.kind == "added":
        return {"row": {cell.column: serialize_value(cell.new) for cell in change.cells}, "cells": []}
    return {"row": {}, "cells": [_serialize_cell(cell) for cell in change.cells]}


def _serialize_cell(cell: CellChange) -> dict[str, Any]:
    return {
        "column": cell.column,
        "old": serialize_value(cell.old),
        "new": serialize_value(cell.new),
        "follows": cell.follows,
        "derived": cell.derived,
    }


def _serialize_values(cells: Mapping[str, Value]) -> dict[str, Any]:
    return {column: serialize_value(value) for column, value in cells.items()}


def serialize_value(value: Any) -> Any:
    """A cell as JSON has it; a day as ISO text."""
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):  # noqa: PLR0124
        return str(value)  # JSON knows no such number
    return value if value is None or isinstance(value, str | int | float) else str(value)
