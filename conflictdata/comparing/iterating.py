"""Changed rows one by one, in the order in which they are read; and as a frame of cells."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import polars as pl

from conflictdata.comparing.model import Cell, Change, Diff, Kind, Value
from conflictdata.comparing.rows import COPY, DERIVED, FOLLOWS, MARK, TableRows, before, mapping_of
from conflictdata.comparing.words import ABOUT, BY, LABEL, REASON, SAID, SUBJECT
from conflictdata.seeds.quantity import write

if TYPE_CHECKING:
    import pandas as pd

Row = Mapping[str, Any]
Rows = Mapping[str, TableRows]

# Pages first, then events, then registers; in each, the record before what hangs on it.
_ORDER = (
    ("sources", "claims", "claim_perpetrators", "claim_links", "figures", "flags", "crosswalk"),
    ("events", "event_actors", "event_sources"),
    ("actors", "aliases", "locations", "conflicts"),
)
_PLACE = {table: (family, n) for family, names in enumerate(_ORDER) for n, table in enumerate(names)}
QUANTITY = ("qualifier", "low", "best", "high", "share")


def quantity(row: Row, *, old: bool = False) -> str:
    """The quantity of a figure in words, from its cells or from its old ones; the bare cells where they make none."""
    cells: list[Any] = [row.get(before(c) if old else c) for c in QUANTITY]
    try:
        return write(*cells)
    except (StopIteration, TypeError, ValueError):
        return " ".join(f"{c}={v}" for c, v in zip(QUANTITY, cells, strict=True) if v is not None)


def changes(rows: Rows, kinds: Sequence[Kind]) -> Iterator[Change]:
    """The rows that differ: removed, then replaced and corrected, then added; in each by subject, table and key."""
    steps: tuple[tuple[str, set[Kind]], ...] = (
        ("removed", {"removed"}), ("matched", {"replaced", "corrected"}), ("added", {"added"}),
    )  # fmt: skip
    for name, mine in steps:
        wanted = mine & set(kinds)
        if wanted:
            for _, change in heapq.merge(*(_sorted(t, name) for t in rows.values()), key=lambda pair: pair[0]):
                if change.kind in wanted:
                    yield change


def _sorted(rows: TableRows, name: str) -> Iterator[tuple[tuple[Any, ...], Change]]:
    frame: pl.DataFrame = getattr(rows, name)
    if not frame.height:
        return
    family, place = _PLACE[rows.table]
    by = [SUBJECT, *rows.key, COPY]
    make = {"removed": _removed, "matched": _matched, "added": _added}[name]
    for row in frame.sort(by, nulls_last=False, maintain_order=True).iter_rows(named=True):
        change = make(rows, row)
        yield (family, row[SUBJECT] or "", place, tuple(str(row[c] or "") for c in by[1:])), change


def _plain(row: Row) -> list[str]:
    return [c for c in row if not c.startswith(MARK)]


def _key(rows: TableRows, row: Row) -> dict[str, Value]:
    return {c: row[c] for c in rows.key}


def _common(rows: TableRows, row: Row) -> dict[str, Any]:
    words = {"subject": SUBJECT, "about": ABOUT, "label": LABEL, "reason": REASON}
    return {"key": _key(rows, row), "copy": row[COPY], **{name: row[c] or "" for name, c in words.items()}}


def _whole(rows: TableRows, row: Row) -> str:
    """What a removed or added row says."""
    said = row[SAID] or ""
    if rows.table != "figures":
        return said
    return f"{quantity(row)} ({said})" if said else quantity(row)


def _removed(rows: TableRows, row: Row) -> Change:
    cells = tuple(Cell(c, row[c], None) for c in _plain(row) if row[c] is not None)
    common = _common(rows, row)
    return Change("removed", rows.table, cells=cells, old=_whole(rows, row), replaced_by=row[BY] or "", **common)


def _added(rows: TableRows, row: Row) -> Change:
    cells = tuple(Cell(c, None, row[c]) for c in _plain(row) if row[c] is not None)
    return Change("added", rows.table, cells=cells, new=_whole(rows, row), **_common(rows, row))


def _matched(rows: TableRows, row: Row) -> Change:
    differing = [c for c in rows.columns if not _same(row[before(c)], row[c])]
    cells = tuple(_cell(rows, row, c, differing) for c in differing)
    replaced = any(c in rows.key for c in differing)
    was = "|".join(str(row[before(c)] or "") for c in rows.key) if replaced else ""
    figure = rows.table == "figures" and set(QUANTITY) & set(differing)
    old, new = (quantity(row, old=True), quantity(row)) if figure else ("", "")
    return Change(
        "replaced" if replaced else "corrected", rows.table, cells=cells, was=was, follows=row[FOLLOWS],
        old=old if old != new else "", new=new if old != new else "", **_common(rows, row),
    )  # fmt: skip


def _same(old: Any, new: Any) -> bool:
    return bool(old == new or (old != old and new != new))  # noqa: PLR0124 - NaN is the same as NaN


def _cell(rows: TableRows, row: Row, column: str, differing: Sequence[str]) -> Cell:
    old, new = row[before(column)], row[column]
    follows = mapping_of(rows.table, column, rows.targets, rows.renamed).get(old) == new and new is not None
    derived = bool(set(DERIVED.get(rows.table, {}).get(column, ())) & set(differing))
    return Cell(column, old, new, follows=follows and not _own_key(rows, column, row), derived=derived)


def _own_key(rows: TableRows, column: str, row: Row) -> bool:
    """Whether the column is the key that `retired.csv` itself replaces in this row."""
    return column in rows.key and not row[FOLLOWS]


_TEXTS = (
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


def cells_frame(diff: Diff) -> pd.DataFrame:
    """One row a changed cell; see `Diff.to_frame`."""
    import pandas as pd

    data: dict[str, list[Any]] = {name: [] for name in (*_TEXTS, "follows", "derived")}
    for change in diff.changes():
        for cell in change.cells:
            for name in _TEXTS:
                value = (
                    getattr(cell if name == "column" else change, name)
                    if name not in ("old", "new")
                    else getattr(cell, name)
                )
                data[name].append(None if value is None else str(value))
            data["follows"].append(change.follows or cell.follows)
            data["derived"].append(cell.derived)
    types = {**dict.fromkeys(_TEXTS, "string"), "follows": "boolean", "derived": "boolean"}
    return pd.DataFrame(data).astype(types)
