"""A comparison as JSON, version 1, complete. docs/review-reference.md explains the keys."""

from __future__ import annotations

import json
from collections.abc import Iterator

from conflictdata.comparison.result import Diff, serialize_change, serialize_head


def render_chunks(diff: Diff, *, cap: int | None = None, whole: str = "") -> Iterator[str]:  # noqa: ARG001 - has everything
    """Render the comparison as JSON, with `changes` last, one per line."""
    head = json.dumps(serialize_head(diff), ensure_ascii=False, indent=2)
    yield head.removesuffix("\n}") + ',\n  "changes": ['
    separator = "\n"
    for change in diff.changes():
        yield f"{separator}    {json.dumps(serialize_change(change), ensure_ascii=False)}"
        separator = ",\n"
    yield ("]" if separator == "\n" else "\n  ]") + "\n}\n"
