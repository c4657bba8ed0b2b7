"""The changes of a comparison: the rows that differ, in the order of a diff, with the differing cells."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from conflictdata.comparison.describe import ABOUT, CONTENT, LABEL, REASON, REPLACED_BY, SUBJECT
from conflictdata.comparison.model import CellChange, Change, Kind, Value
from conflictdata.comparison.rows import COPY, DERIVED, FOLLOWS, MARK, TableRows, get_id_mapping, name_old_column
from conflictdata.seeds.quantity import format_quantity

Row = Mapping[str, Any]
RowsByTable = Mapping[str, TableRows]


# Pages first, then events, then registers. Within each, records before the rows that refer to them.
_ORDER = (
    ("sources", "claims", "claim_events", "claim_perpetrators", "claim_links", "figures", "flags", "crosswalk"),
    ("events", "event_actors", "event_sources"),
    ("tolls", "toll_places", "tolls_1_1"),
    ("actors", "aliases", "common_names", "locations", "location_members", "conflicts", "conflict_actors"),
)
_TABLE_RANK = {table: (family, n) for family, names in enumerate(_ORDER) for n, table in enumerate(names)}
QUANTITY = ("qualifier", "low", "best", "high", "share")


def describe_quantity(row: Row, *, old: bool = False) -> str:
    """Describe the quantity of a figure in words.

    Returns the bare cells if they do not form a quantity.

    Args:
        row: The row.
        old: Use the old values of the row.
    """
    cells: list[Any] = [row.get(name_old_column(c) if old else c) for c in QUANTITY]
    try:
        return format_quantity(*cells)
    except (StopIteration, TypeError, ValueError):
        return " ".join(f"{c}={v}" for c, v in zip(QUANTITY, cells, strict=True) if v is not None)


def iterate_changes(rows: RowsByTable, kinds: Sequence[Kind]) -> Iterator[Change]:
    """Yield the rows that differ: removed, then replaced and corrected, then added.

    Within each group, rows are sorted by subject, table and key.
    """
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
    """Describe the content of a removed or added row."""
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
    """Whether the column is a key that `retired.csv` itself replaces in this row."""
    return column in rows.key and not row[FOLLOWS]
