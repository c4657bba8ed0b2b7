"""A comparison as JSON, version 1: everything, nothing capped. The keys are those of docs/review.md."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from typing import Any

from conflictdata.comparing.model import Cell, Change, Diff, Point, SideInfo, TollChange, Value

VERSION = 1


def chunks(diff: Diff, *, cap: int | None = None, whole: str = "") -> Iterator[str]:  # noqa: ARG001 - has everything
    """The comparison as JSON, `changes` last and one a line."""
    head = json.dumps(_head(diff), ensure_ascii=False, indent=2)
    yield head.removesuffix("\n}") + ',\n  "changes": ['
    separator = "\n"
    for change in diff.changes():
        yield f"{separator}    {json.dumps(_change(change), ensure_ascii=False)}"
        separator = ",\n"
    yield ("]" if separator == "\n" else "\n  ]") + "\n}\n"


def document(diff: Diff) -> dict[str, Any]:
    """The same in plain types."""
    return {**_head(diff), "changes": [_change(change) for change in diff.changes()]}


def _head(diff: Diff) -> dict[str, Any]:
    return {
        "diff_version": VERSION,
        "old": _side(diff.old),
        "new": _side(diff.new),
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
        "tolls": [_toll(toll) for toll in diff.tolls],
        "reordered": list(diff.reordered),
        "unretired": None if diff.unretired is None else list(diff.unretired),
    }


def _side(side: SideInfo) -> dict[str, Any]:
    return {
        "name": side.name,
        "kind": side.kind,
        "version": side.version,
        "rows": dict(side.rows),
        "errors": side.errors,
        "unread": list(side.unread),
        "missing": side.missing,
    }


def _toll(toll: TollChange) -> dict[str, Any]:
    points = [
        {"kind": p.kind, "as_of": p.as_of.isoformat(), "old": _point(p.old), "new": _point(p.new)} for p in toll.points
    ]
    return {
        "series_id": toll.series_id,
        "what": toll.what,
        "old": _point(toll.old),
        "new": _point(toll.new),
        "points": points,
    }


def _point(point: Point | None) -> dict[str, Any] | None:
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


def _change(change: Change) -> dict[str, Any]:
    return {
        "kind": change.kind,
        "table": change.table,
        "record": change.record,
        "key": _values(change.key),
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
        **_content(change),
    }


def _content(change: Change) -> dict[str, Any]:
    """The filled cells of a removed or added row; of the others the cells that differ."""
    if change.kind == "removed":
        return {"row": {cell.column: plain(cell.old) for cell in change.cells}, "cells": []}
    if change.kind == "added":
        return {"row": {cell.column: plain(cell.new) for cell in change.cells}, "cells": []}
    return {"row": {}, "cells": [_cell(cell) for cell in change.cells]}


def _cell(cell: Cell) -> dict[str, Any]:
    return {
        "column": cell.column,
        "old": plain(cell.old),
        "new": plain(cell.new),
        "follows": cell.follows,
        "derived": cell.derived,
    }


def _values(cells: Mapping[str, Value]) -> dict[str, Any]:
    return {column: plain(value) for column, value in cells.items()}


def plain(value: Any) -> Any:
    """A cell as JSON has it; a day as ISO text."""
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):  # noqa: PLR0124
        return str(value)  # JSON knows no such number
    return value if value is None or isinstance(value, str | int | float) else str(value)
