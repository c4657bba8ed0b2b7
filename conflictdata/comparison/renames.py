"""Keys that were retired in favour of a new one, and the keys that follow from them.

A claim's id starts with its page's, a figure's with its claim's and with that of the figure above it, and a figure may be
named after an actor or a place: where one of these gets a new id, so does what is below it or named after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import polars as pl

from conflictdata.seeds.ledgers import Ledger

# Tables whose records have an id of their own, and its column.
IDS = {
    "conflicts": "conflict_id", "actors": "actor_id", "locations": "location_id", "sources": "source_id",
    "events": "event_id", "claims": "claim_id", "figures": "figure_id",
}  # fmt: skip
_UNDER = ("claims", "figures")

Tables = Mapping[str, pl.DataFrame]
Renames = dict[str, dict[str, str]]  # by table: old id to new id


def _ids(frames: Tables, table: str) -> pl.Series:
    frame = frames.get(table)
    known = frame is not None and IDS[table] in frame.columns
    return frame[IDS[table]].cast(pl.String).unique() if frame is not None and known else pl.Series([], dtype=pl.String)


def _gone(one: pl.Series, other: pl.Series) -> set[str]:
    return set(one.filter(~one.is_in(other.implode())).drop_nulls().to_list())


def renames(old: Tables, new: Tables, ledger: Ledger) -> tuple[Renames, set[str]]:
    """Which ids became which.

    Args:
        old: the tables before.
        new: the tables now.
        ledger: the withdrawn ids of the new side.

    Returns:
        By table, the old id and the new one of each record whose old id is gone and whose new id is new; and those old ids
        that the ledger itself names (the others follow from them).
    """
    found: Renames = {}
    if not any(entry.replaced_by for entry in ledger.values()):
        return found, set()
    for table in IDS:
        before, now = _ids(old, table), _ids(new, table)
        gone, fresh = _gone(before, now), _gone(now, before)
        said = ((i, ledger[i].replaced_by) for i in sorted(gone & ledger.keys()))
        pairs = {i: to for i, to in said if to in fresh}
        found[table] = _one_to_one(pairs)
        if table in _UNDER:
            above = {**found["sources"], **found["claims"], **found.get("figures", {})}
            words = {**found["locations"], **found["actors"]} if table == "figures" else {}
            found[table] = _one_to_one({**pairs, **_following(gone - pairs.keys(), fresh, above, words)})
    return {table: pairs for table, pairs in found.items() if pairs}, set(ledger)


def _one_to_one(pairs: Mapping[str, str]) -> dict[str, str]:
    """The pairs whose new id no earlier pair has."""
    taken: set[str] = set()
    kept = {}
    for old, new in pairs.items():
        if new not in taken:
            taken.add(new)
            kept[old] = new
    return kept


def _following(
    gone: Iterable[str], fresh: set[str], above: Mapping[str, str], words: Mapping[str, str]
) -> dict[str, str]:
    """Ids that start with an id that was replaced, or (figures) are named after a record that was."""
    found = {}
    for old in sorted(gone):
        cuts = (i for i in range(len(old) - 1, 0, -1) if old[i] == "." and old[:i] in above)
        cut = next(cuts, 0)
        head = above[old[:cut]] if cut else ""
        new = head + ".".join(words.get(step, step) for step in old[cut:].split("."))
        if new != old and new in fresh:
            found[old] = new
    return found


def unretired(removed: Mapping[str, Iterable[str]], ledger: Ledger) -> tuple[str, ...]:
    """Ids that are gone and that neither they nor a record above them account for in the ledger.

    Args:
        removed: ids that are gone, by table.
        ledger: the withdrawn ids.
    """
    missing = []
    for table in IDS:
        for record in removed.get(table, ()):
            cuts = [record[:i] for i in range(len(record)) if record[i] == "."] if table in _UNDER else []
            if record not in ledger and not any(cut in ledger for cut in cuts):
                missing.append(record)
    return tuple(sorted(missing))
