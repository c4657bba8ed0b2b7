"""The seed key that fills each column, by table and column."""

from __future__ import annotations

from collections.abc import Mapping

from conflictdata.seeds import events, figures, ledgers, sources

_KEYS: dict[str, dict[str, str]] = {
    "sources": sources.PAGE, "claims": sources.CLAIM, "events": events.EVENT, "figures": figures.PLAIN_ATTRIBUTES, "flags": ledgers.WAIVER,
    **{table: {key: column} for key, (table, column) in sources.LISTS.items()},
}  # fmt: skip
# Columns whose key depends on the value of another column: that column, and the key per value.
_BY_WORD: dict[tuple[str, str], tuple[str, Mapping[str, str]]] = {
    ("event_actors", "actor_id"): ("role", {role: role for role in events.ROLES}),
    ("event_sources", "source_id"): ("stance", {stance: key for key, stance in events.STANCES.items()}),
    ("event_sources", "claimant_id"): ("stance", {stance: key for key, stance in events.STANCES.items()}),
    ("claim_links", "other_id"): ("kind", {kind: kind for kind in sources.LINKS}),
}


def find_word_column(table: str, column: str) -> str:
    """Return the column whose value determines the key, or "" if the key is fixed."""
    return _BY_WORD[table, column][0] if (table, column) in _BY_WORD else ""


def find_typed_key(table: str, column: str, word: str = "") -> str:
    """Return the seed key that fills a column.

    Args:
        table: The table.
        column: The column.
        word: Value of the column that `word_column` returns.

    Returns:
        The key; the column name itself if no key fills it, as in the tables of `reference/`.
    """
    if (table, column) in _BY_WORD:
        return _BY_WORD[table, column][1].get(word, column)
    return next((key for key, filled in _KEYS.get(table, {}).items() if filled == column), column)
