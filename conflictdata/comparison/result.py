"""The result of a comparison: the class `Diff`, as a frame of cells and as plain types."""

from __future__ import annotations

import datetime as dt
import html
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from conflictdata.comparison.changes import iterate_changes
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

if TYPE_CHECKING:
    import pandas as pd

    from conflictdata.comparison.rows import TableRows

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
    """Build a frame with one row per changed cell; see `Diff.to_frame`."""
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


_SHOWN, _LINES, _WIDTH = 10, 24, 200  # rows, lines and characters per line on a screen


@dataclass(frozen=True)
class Diff:
    """The differences between two versions of the data. False if there are none.

    Attributes:
        old: The old version.
        new: The new version.
        rows: The rows that differ, by table, as polars frames. `changes()` yields them one by one.
        schema: The differences in the description of the data.
        tolls: The running tolls that differ.
        reasons: The reasons for a new version, most severe first.
        reordered: Tables in which some rows only have a different order. This changes nothing.
        unretired: Ids that are gone without a row in `retired.csv`. None if there is no such ledger.
        collections: The differences of each collection that differs, by name.
    """

    old: SnapshotInfo
    new: SnapshotInfo
    rows: Mapping[str, TableRows]
    schema: tuple[SchemaChange, ...]
    tolls: tuple[TollChange, ...]
    reasons: tuple[Reason, ...]
    reordered: tuple[str, ...] = ()
    unretired: tuple[str, ...] | None = None
    collections: Mapping[str, Diff] = field(default_factory=dict)

    @property
    def bump(self) -> Level:
        """The part of the version to raise, by the Data Package recipe; or `none`."""
        return self.reasons[0].level if self.reasons else "none"

    def next_version(self, version: str = "") -> str:
        """Return the lowest version that may follow.

        Args:
            version: The version before, such as `1.0.0`. Default: that of the old side.

        Returns:
            The version. Empty if the old one is unknown or is not three numbers.
        """
        before = _VERSION.match(version or self.old.version)
        if not before:
            return ""
        major, minor, patch = map(int, before.groups())
        following = {"major": (major + 1, 0, 0), "minor": (major, minor + 1, 0), "patch": (major, minor, patch + 1)}
        return ".".join(map(str, following.get(self.bump, (major, minor, patch))))

    @property
    def counts(self) -> dict[str, dict[Kind, int]]:
        """Number of rows that differ, by table and kind. Unchanged tables are omitted."""
        by_table = {table: rows.count_changes() for table, rows in self.rows.items()}
        return {table: counts for table, counts in by_table.items() if any(counts.values())}

    def total(self, *kinds: Kind) -> int:
        """Return the number of rows that differ.

        Args:
            kinds: Kinds to count. Default: all.
        """
        return sum(counts[kind] for counts in self.counts.values() for kind in kinds or KINDS)

    def __str__(self) -> str:
        import pkgutil  # the forms import this module

        text = "".join(pkgutil.resolve_name("conflictdata.comparison.forms:render")(self, "text", cap=_SHOWN))
        lines = text.rstrip().splitlines()
        more = [f"... {len(lines) - _LINES:,} more lines; changes() and to_frame() have all"] * (len(lines) > _LINES)
        return "\n".join([*(line[:_WIDTH] for line in lines[:_LINES]), *more])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(str(self))}</pre>"

    def __bool__(self) -> bool:
        return bool(self.counts or self.schema or self.collections)

    def changes(self, *kinds: Kind) -> Iterator[Change]:
        """Yield the rows that differ: removed, then replaced and corrected, then added.

        Args:
            kinds: Kinds to yield. Default: all.

        Yields:
            One `Change` per row. Within a kind, rows about one record are next to each other.
        """
        yield from iterate_changes(self.rows, kinds or KINDS)

    def to_frame(self) -> pd.DataFrame:
        """Return the changes as a pandas DataFrame, one row per changed cell.

        Returns:
            A DataFrame with these columns, `string` unless noted:
            kind: `removed`, `replaced`, `corrected` or `added`.
            table, record, column: Where the cell is.
            was: Old key of a replaced row.
            old, new: Value before and after. Missing if the cell was or is empty.
            subject, about, label: The row in words.
            reason, replaced_by: Explanation and successor, if recorded.
            follows (boolean): The cell changed only because an id was replaced.
            derived (boolean): The cell is computed from other changed cells.
        """
        return build_cells_frame(self)

    def to_dict(self) -> dict[str, Any]:
        """Return everything in plain types. docs/review-reference.md explains the keys."""
        return serialize_diff(self)


VERSION = 1


def serialize_diff(diff: Diff) -> dict[str, Any]:
    """Convert a diff to plain types."""
    return {**serialize_head(diff), "changes": [serialize_change(change) for change in diff.changes()]}


def serialize_head(diff: Diff) -> dict[str, Any]:
    """Convert all but the changes of a diff to plain types."""
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
        "collections": {name: serialize_head(changes) for name, changes in diff.collections.items()},
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
        "toll_id": toll.toll_id,
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


def serialize_change(change: Change) -> dict[str, Any]:
    """Convert a change to plain types."""
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
    """Return the filled cells of a removed or added row, else the cells that differ."""
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
    """Convert a cell to a JSON value. Days become ISO text."""
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):  # noqa: PLR0124
        return str(value)  # JSON has no such number
    return value if value is None or isinstance(value, str | int | float) else str(value)
