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
_NESTED = ("claims", "figures")

Tables = Mapping[str, pl.DataFrame]
Renames = dict[str, dict[str, str]]  # by table: old id to new id


def _collect_ids(frames: Tables, table: str) -> pl.Series:
    frame = frames.get(table)
    known = frame is not None and IDS[table] in frame.columns
    return frame[IDS[table]].cast(pl.String).unique() if frame is not None and known else pl.Series([], dtype=pl.String)


def _find_missing(one: pl.Series, other: pl.Series) -> set[str]:
    return set(one.filter(~one.is_in(other.implode())).drop_nulls().to_list())


def match_renamed_ids(old: Tables, new: Tables, ledger: Ledger) -> tuple[Renames, set[str]]:
    """Which ids became which.

    Args:
        old: the tables before.
        new: the tables now.
        ledger: the withdrawn ids of the new side.

    Returns:
        By table, the old id and the new one of each record whose old id is gone and whose new id is new; and those old ids
        that the ledger itself names (the others follow from them).
    """
    renamed: Renames = {}
    if not any(entry.replaced_by for entry in ledger.values()):
        return renamed, set()
    for table in IDS:
        before, now = _collect_ids(old, table), _collect_ids(new, table)
        gone, fresh = _find_missing(before, now), _find_missing(now, before)
        listed = ((i, ledger[i].replaced_by) for i in sorted(gone & ledger.keys()))
        pairs = {i: to for i, to in listed if to in fresh}
        renamed[table] = _keep_one_to_one(pairs)
        if table in _NESTED:
            above = {**renamed["sources"], **renamed["claims"], **renamed.get("figures", {})}
            words = {**renamed["locations"], **renamed["actors"]} if table == "figures" else {}
            renamed[table] = _keep_one_to_one({**pairs, **_derive_renames(gone - pairs.keys(), fresh, above, words)})
    return {table: pairs for table, pairs in renamed.items() if pairs}, set(ledger)


def _keep_one_to_one(pairs: Mapping[str, str]) -> dict[str, str]:
    """The pairs whose new id no earlier pair has."""
    taken: set[str] = set()
    kept = {}
    for old, new in pairs.items():
        if new not in taken:
            taken.add(new)
            kept[old] = new
    return kept


def _derive_renames(
    gone: Iterable[str], fresh: set[str], above: Mapping[str, str], words: Mapping[str, str]
) -> dict[str, str]:
    """Ids that start with an id that was replaced, or (figures) are named after a record that was."""
    renamed = {}
    for old in sorted(gone):
        cuts = (i for i in range(len(old) - 1, 0, -1) if old[i] == "." and old[:i] in above)
        cut = next(cuts, 0)
        head = above[old[:cut]] if cut else ""
        new = head + ".".join(words.get(step, step) for step in old[cut:].split("."))
        if new != old and new in fresh:
            renamed[old] = new
    return renamed


def find_missing_retirements(removed: Mapping[str, Iterable[str]], ledger: Ledger) -> tuple[str, ...]:
    """Ids that are gone and that neither they nor a record above them account for in the ledger.

    Args:
        removed: ids that are gone, by table.
        ledger: the withdrawn ids.
    """
    missing = []
    for table in IDS:
        for record in removed.get(table, ()):
            cuts = [record[:i] for i in range(len(record)) if record[i] == "."] if table in _NESTED else []
            if record not in ledger and not any(cut in ledger for cut in cuts):
                missing.append(record)
    return tuple(sorted(missing))
