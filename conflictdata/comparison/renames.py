"""Match retired ids to the ids that replace them, and to the ids built from those.

A claim id starts with the id of its page. A figure id starts with the id of its claim and of the figure above it, and
may end in the id of an actor or a place. If one of these gets a new id, so do the ids that contain it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import polars as pl

from conflictdata.seeds.ledgers import Ledger

# Tables whose records have an id, and its column.
IDS = {
    "conflicts": "conflict_id", "actors": "actor_id", "locations": "location_id", "sources": "source_id",
    "events": "event_id", "claims": "claim_id", "figures": "figure_id",
}  # fmt: skip
_NESTED = ("claims", "figures")

Tables = Mapping[str, pl.DataFrame]
Renames = dict[str, dict[str, str]]  # by table: old id to new id


def _collect_ids(frames: Tables, table: str) -> pl.Series:
    frame = frames.get(table)
    has_column = frame is not None and IDS[table] in frame.columns
    return (
        frame[IDS[table]].cast(pl.String).unique()
        if frame is not None and has_column
        else pl.Series([], dtype=pl.String)
    )


def _find_missing(one: pl.Series, other: pl.Series) -> set[str]:
    return set(one.filter(~one.is_in(other.implode())).drop_nulls().to_list())


def match_renamed_ids(old: Tables, new: Tables, ledger: Ledger) -> tuple[Renames, set[str]]:
    """Match removed ids to the ids that replace them.

    Starts from `retired.csv` and follows each replacement into the ids built from it: page, claim, figure.

    Args:
        old: The old tables, by name.
        new: The new tables, by name.
        ledger: `retired.csv` of the new version.

    Returns:
        renamed: Per table, a dict of old id to new id. Includes only old ids that are gone and new ids that did not
            exist before.
        listed: The old ids named in the ledger; all others were derived.
    """
    renamed: Renames = {}
    if not any(entry.replaced_by for entry in ledger.values()):
        return renamed, set()
    for table in IDS:
        before, now = _collect_ids(old, table), _collect_ids(new, table)
        gone, created = _find_missing(before, now), _find_missing(now, before)
        replacements = ((i, ledger[i].replaced_by) for i in sorted(gone & ledger.keys()))
        pairs = {i: to for i, to in replacements if to in created}
        renamed[table] = _keep_one_to_one(pairs)
        if table in _NESTED:
            above = {**renamed["sources"], **renamed["claims"], **renamed.get("figures", {})}
            words = {**renamed["locations"], **renamed["actors"]} if table == "figures" else {}
            renamed[table] = _keep_one_to_one({**pairs, **_derive_renames(gone - pairs.keys(), created, above, words)})
    return {table: pairs for table, pairs in renamed.items() if pairs}, set(ledger)


def _keep_one_to_one(pairs: Mapping[str, str]) -> dict[str, str]:
    """Keep the first pair for each new id."""
    used: set[str] = set()
    kept = {}
    for old, new in pairs.items():
        if new not in used:
            used.add(new)
            kept[old] = new
    return kept


def _derive_renames(
    gone: Iterable[str], created: set[str], above: Mapping[str, str], words: Mapping[str, str]
) -> dict[str, str]:
    """Match ids that start with a replaced id or (figures) contain one."""
    renamed = {}
    for old in sorted(gone):
        cuts = (i for i in range(len(old) - 1, 0, -1) if old[i] == "." and old[:i] in above)
        cut = next(cuts, 0)
        head = above[old[:cut]] if cut else ""
        new = head + ".".join(words.get(step, step) for step in old[cut:].split("."))
        if new != old and new in created:
            renamed[old] = new
    return renamed


def find_missing_retirements(removed: Mapping[str, Iterable[str]], ledger: Ledger) -> tuple[str, ...]:
    """Return the removed ids that `retired.csv` does not account for.

    An id is accounted for if the ledger lists it, or lists a record above it.

    Args:
        removed: Ids that are gone, by table.
        ledger: The withdrawn ids.
    """
    missing = []
    for table in IDS:
        for record in removed.get(table, ()):
            cuts = [record[:i] for i in range(len(record)) if record[i] == "."] if table in _NESTED else []
            if record not in ledger and not any(cut in ledger for cut in cuts):
                missing.append(record)
    return tuple(sorted(missing))
