"""The key under which a person typed a value in a seed, by the table and column that the value fills."""

from __future__ import annotations

from collections.abc import Mapping

from conflictdata.seeds import events, figures, ledgers, sources

_KEYS: dict[str, dict[str, str]] = {
    "sources": sources.PAGE, "claims": sources.CLAIM, "events": events.EVENT, "figures": figures.PLAIN_ATTRIBUTES, "flags": ledgers.WAIVER,
    "claim_perpetrators": {"perpetrator": "actor_id"},
}  # fmt: skip
# Where a key is a word of the vocabulary of another column: that column, and the key of each word.
_BY_WORD: dict[tuple[str, str], tuple[str, Mapping[str, str]]] = {
    ("event_actors", "actor_id"): ("role", {role: role for role in events.ROLES}),
    ("event_sources", "source_id"): ("stance", {stance: key for key, stance in events.STANCES.items()}),
    ("event_sources", "claimant_id"): ("stance", {stance: key for key, stance in events.STANCES.items()}),
    ("claim_links", "other_id"): ("kind", {kind: kind for kind in sources.LINKS}),
}


def word_column(table: str, column: str) -> str:
    """Return the column whose word tells the key; "" if the table and column tell it."""
    return _BY_WORD[table, column][0] if (table, column) in _BY_WORD else ""


def typed_key(table: str, column: str, word: str = "") -> str:
    """Return the key in the seed that fills a column; the column itself if no key does (the tables of `reference/`).

    Args:
        table: The table.
        column: The column.
        word: The cell of `word_column`.
    """
    if (table, column) in _BY_WORD:
        return _BY_WORD[table, column][1].get(word, column)
    return next((key for key, filled in _KEYS.get(table, {}).items() if filled == column), column)
