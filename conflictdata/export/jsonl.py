"""Export to JSON Lines: one claim per line, or the rows of one table.

A claim contains its page and the tree of its figures.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from conflictdata.export.bundle import Bundle

Row = dict[str, Any]


def write(bundle: Bundle, file: Path, tables: list[str]) -> list[str]:
    """Write the file. A line leaves out missing values."""
    rows = bundle[tables[0]].iter_rows(named=True) if tables else iterate_claims(bundle)
    with file.open("w", encoding="utf-8", newline="\n") as out:
        for row in rows:
            out.write(
                json.dumps(row if not tables else _drop_empty(row), ensure_ascii=False, default=_format_date) + "\n"
            )
    return []


def iterate_claims(bundle: Bundle) -> Iterator[Row]:
    """Yield each claim with its page and its tree of figures.

    Added keys: `source` (the page), `perpetrators`, `links`, and `figures`, the top figures with their parts in
    `figures`.
    """
    sources = {row["source_id"]: row for row in bundle["sources"].iter_rows(named=True)}
    perpetrators = _group_by(bundle["claim_perpetrators"].iter_rows(named=True), "claim_id")
    links = _group_by(bundle["claim_links"].iter_rows(named=True), "claim_id")
    figures = _group_by(bundle["figures"].iter_rows(named=True), "claim_id")
    for claim in bundle["claims"].iter_rows(named=True):
        key = claim["claim_id"]
        yield {
            **_drop_empty(claim),
            "source": _drop_empty(sources[claim["source_id"]]),
            "perpetrators": [row["actor_id"] for row in perpetrators.get(key, ())],
            "links": [_drop_columns(row, "claim_id") for row in links.get(key, ())],
            "figures": _build_tree(figures.get(key, [])),
        }


def _build_tree(figures: Iterable[Row]) -> list[Row]:
    below = _group_by(figures, "parent_id")

    def build_node(figure: Row) -> Row:
        parts = [build_node(part) for part in below.get(figure["figure_id"], ())]
        cells = _drop_columns(figure, "claim_id", "parent_id")
        return {**cells, "figures": parts} if parts else cells

    return [build_node(root) for root in below.get(None, ())]


def _group_by(rows: Iterable[Row], column: str) -> dict[Any, list[Row]]:
    groups: dict[Any, list[Row]] = {}
    for row in rows:
        groups.setdefault(row[column], []).append(row)
    return groups


def _drop_columns(row: Mapping[str, Any], *columns: str) -> Row:
    return {k: v for k, v in row.items() if v is not None and k not in columns}


def _drop_empty(row: Mapping[str, Any]) -> Row:
    return _drop_columns(row)


def _format_date(value: Any) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no form in JSON")
