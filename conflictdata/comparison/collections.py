"""Compare the collections of two versions. Each is compared like a version of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from conflictdata.comparison.model import LEVELS, Level, Reason
from conflictdata.comparison.renames import IDS
from conflictdata.comparison.result import Diff
from conflictdata.comparison.sides import Snapshot, make_empty_snapshot
from conflictdata.findings import UsageError
from conflictdata.seeds.ledgers import Ledger

Compare = Callable[[Snapshot, Snapshot, Ledger], Diff]

_CITED = ("sources", "claims", "figures", "tolls")  # tables whose ids are keys within a collection
_ADDED: Level = "minor"
_REMOVED: Level = "major"


def compare_collections(old: Snapshot, new: Snapshot, ledger: Ledger, compare: Compare) -> dict[str, Diff]:
    """Compare the collections of two sides.

    Args:
        old: The old side.
        new: The new side.
        ledger: Withdrawn ids of the registers, which the collections share.
        compare: Compares two snapshots.

    Returns:
        The differences by name of the collection. Collections without a difference are left out. So are all of them if one
        of the sides does not know its collections, as a DataFrame.
    """
    if old.collections is None or new.collections is None:
        return {}
    found = {}
    for name in sorted({*old.collections, *new.collections}):
        before, now = old.collections.get(name), new.collections.get(name)
        if before and now and before.fingerprint and before.fingerprint == now.fingerprint:
            continue
        old_side, new_side = (side.read() if side else None for side in (before, now))
        old_side = old_side or _make_missing(name, old, new_side)
        new_side = new_side or _make_missing(name, new, old_side)
        changes = compare(old_side, new_side, ledger)
        if changes or not (before and now):
            found[name] = changes
    return found


def _make_missing(name: str, side: Snapshot, other: Snapshot | None) -> Snapshot:
    """Make the side of a version that lacks a collection, with the schemas of the other side."""
    return make_empty_snapshot(f"{side.info.name}, collection {name}", side.info.kind, other.schemas if other else None)


def select_collection(side: Snapshot, name: str) -> Snapshot:
    """Return the snapshot of a collection.

    Raises:
        UsageError: If the side has no such collection.
    """
    known = side.collections or {}
    if name not in known:
        hint = f"It has {', '.join(known)}." if known else "It has none; the data have collections from 2.1.0 on."
        raise UsageError(f"{side.info.name} has no collection {name!r}. {hint}")
    return known[name].read()


def describe_change(changes: Diff) -> str:
    """Return what became of a collection: `added`, `removed` or `changed`."""
    if changes.old.missing:
        return "added"
    return "removed" if changes.new.missing else "changed"


def list_collection_reasons(collections: Mapping[str, Diff]) -> Iterator[Reason]:
    """Yield a reason for a new version per collection that was added, removed or changed."""
    for name, changes in collections.items():
        what = describe_change(changes)
        level = {"added": _ADDED, "removed": _REMOVED}.get(what, changes.bump)
        yield Reason(level, f"collection {what}: {name}")


def sort_reasons(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """Sort reasons, the most severe first."""
    return tuple(sorted(reasons, key=lambda reason: LEVELS.index(reason.level)))


def list_lost_ids(changes: Diff) -> list[str]:
    """Return the ids of sources, claims, figures and tolls that a collection has no more.

    An importer retracts a claim that its makers removed, and keeps its id.
    """
    rows = changes.rows
    return [
        id_ for table in _CITED if table in rows for id_ in rows[table].removed[IDS.get(table, "toll_id")].drop_nulls()
    ]
