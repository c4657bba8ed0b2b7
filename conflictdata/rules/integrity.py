"""Rules of keys and foreign keys, one per key and one per referencing column.

All are generated from the models, so that no table or column is forgotten. Their examples are in `integrity.yaml`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import narwhals.stable.v1 as nw

from conflictdata._utils.suggest import find_close
from conflictdata.rules._helpers import Lazy
from conflictdata.rules.base import VERDICT, Example, Frames, Row, Rule, rule
from conflictdata.schema.columns import list_key_columns, list_references, list_tables, load_constraints
from conflictdata.schema.quantities import is_filled

_WHY_UNIQUE = (
    "A key names one record for good: pages, waivers and other people's work refer to it. Where two records share a key, "
    "every join on it counts its rows twice, and nobody can say which of the two was meant."
)
_WHY_RESOLVES = (
    "A name that no record has is a typing error or a record that was never written. Whoever joins the tables loses the row "
    "without a word, and a toll with lost rows looks like a lower toll."
)

# Hints for a missing record of each table.
_MISSING_HINTS = {
    "actors": "Correct the spelling, or add the actor to seeds/reference/actors.csv.",
    "locations": "Correct the spelling, or add the place to seeds/reference/locations.csv.",
    "conflicts": "Correct the spelling, or add the conflict to seeds/reference/conflicts.csv.",
    "sources": "Correct the spelling, or add the page as seeds/sources/<conflict>/<source id>.yaml.",
    "events": "Correct the spelling, or add the event to seeds/events/<conflict>.yaml.",
    "tolls": "Correct the spelling, or add the toll to seeds/reference/tolls.csv.",
    "claims": "Name an existing claim: <source id>.<number of the claim on its page>.",
    "figures": "Name an existing figure: its id is its path, <claim id>.<outcome>.<name>.",
}
# Hints for duplicate keys in tables whose key is not the id of a record.
_DUPLICATE_HINTS = {
    "aliases": "Keep one row: an alias occurs once for a record, whatever its languages.",
    "location_members": "Keep one row: a place is a member of an area once, whole or in part.",
    "conflict_actors": "Keep one row: an actor belongs to a conflict once.",
    "common_names": "Keep one row: in one conflict a noun names one party.",
    "toll_places": "Keep one row: a toll lists a place once.",
    "tolls_1_1": "Keep one row: a series leads to a toll once.",
    "claim_events": "Name each event once.",
    "claim_perpetrators": "Name each perpetrator once.",
    "claim_links": "Name each claim once.",
    "event_actors": "Name each actor once for a role.",
    "event_sources": "Name each claimant once for a page.",
    "flags": "Keep one of the waivers.",
}
_NOUNS = {
    "actors": "actor", "locations": "location", "conflicts": "conflict", "sources": "page", "events": "event", "claims": "claim",
    "figures": "figure", "tolls": "toll",
}  # fmt: skip
_UNSPECIFIED = " Where the page does not say who, the claimant is `unspecified`."

_MAX_GUESSES = 20  # maximum of spelling suggestions among all records: if a table is missing, every name fails

# Tables whose keys `crosswalk` may map to other schemes.
_CROSSWALK_TABLES = ("claims", "events", "actors", "locations", "sources", "figures", "conflicts")


# Rules of the tree itself. If it is broken, the other rules would fail for all figures of the claim.
_TREE = (
    "figures.key-unique",
    "figures.parent-id-resolves",
    "figures.parent-in-claim",
    "figures.parent-not-in-cycle",
    "figures.depth-within-limit",
)
_FIRST = (*_TREE, "sources.id-is-page")


def _is_all_filled(names: tuple[str, ...]) -> nw.Expr:
    test = is_filled(names[0])
    for name in names[1:]:
        test = test & is_filled(name)
    return test


def _place_in_order(id_: str) -> dict[str, Any]:
    """Return what a rule affects, and after which rules it comes: those of the tree and of a page's id are the first."""
    return {"affects": "tree"} if id_ in _TREE else {"after": _FIRST}


def _make_key_rule(table: str) -> Rule:
    names = list_key_columns(table)

    def check(frames: Frames) -> Lazy:
        counted = frames[table].group_by(*names).agg(times=nw.len())
        verdict = nw.when(_is_all_filled(names)).then(nw.col("times") == 1)
        return counted.with_columns(verdict.alias(VERDICT))

    shown = " | ".join(f"{{{name}}}" for name in names)
    return rule(
        f"{table}.key-unique",
        "error",
        names,
        message=f"{{times}} records of {table} have the key {shown}",
        hint=_DUPLICATE_HINTS.get(table, "Keep one of them, or give each its own key."),
        why=_WHY_UNIQUE,
        **_place_in_order(f"{table}.key-unique"),
    )(check)


def _add_verdict(rows: Lazy, known: Lazy, on: list[str]) -> Lazy:
    """Add a verdict to the rows: whether `known` has the values of their `on` columns.

    Null if the first of these columns is empty.
    """
    matched = rows.join(known.unique().with_columns(known=nw.lit(True)), on=on, how="left")
    return matched.with_columns(nw.when(is_filled(on[0])).then(is_filled("known")).alias(VERDICT)).drop("known")


def _add_guess(rows: list[Row], frames: Frames, column: str, target: str) -> list[Row]:
    """Add `meant`, the key probably meant, and `guess`, a question that suggests it."""
    known = (
        frames[target].select(nw.col(list_key_columns(target)[0]).alias("known")).filter(is_filled("known")).unique()
    )
    keys = sorted(known.collect().to_polars()["known"].to_list())
    key_column = (
        list_key_columns(target)[0] if list_key_columns(target)[0] != column else ""
    )  # a record cannot be the one that it should refer to
    pairs = {(row[column], row.get(key_column)) for row in rows}
    names = [name for name, _ in sorted(pairs, key=str)[:_MAX_GUESSES]]
    close = guess_keys(pairs, keys, target, _map_names_to_keys(frames, target, names))
    suggestions = [(row, close.get((row[column], row.get(key_column)), "")) for row in rows]
    return [row | {"meant": key, "guess": f"Did you mean {key}? " if key else ""} for row, key in suggestions]


def guess_keys(
    pairs: Iterable[tuple[str, str | None]],
    keys: Sequence[str],
    target: str,
    named: Mapping[str, str] = MappingProxyType({}),
) -> dict[tuple[str, str | None], str]:
    """Return the keys that unknown names probably mean.

    Args:
        pairs: Each name, and the key of its record if it is in the same table.
        keys: Keys of the table, sorted.
        target: Name of the table. Only figures of the same claim are compared: another one cannot be the parent.
        named: Keys by name in small letters.

    Returns:
        The key of each pair, "" if none is similar. For other tables than figures only the first pairs are looked at.
    """
    wrong = sorted(pairs, key=str)  # sorted, so that all engines suggest the same
    if target != "figures":
        return {pair: _guess_key(pair[0], [k for k in keys if k != pair[1]], named) for pair in wrong[:_MAX_GUESSES]}
    claims: dict[str, list[str]] = {}
    for key in keys:
        claims.setdefault(_find_claim(key), []).append(key)
    return {
        (n, own): _guess_key(n, [k for k in claims.get(_find_claim(own), ()) if k != own], named) for n, own in wrong
    }


def _find_claim(figure: str | None) -> str:
    return ".".join((figure or "").split(".")[:2])


def _map_names_to_keys(frames: Frames, target: str, names: Iterable[str]) -> dict[str, str]:
    """Return the key of the record that each name means, by the name in small letters."""
    find_id = getattr(frames, "find_id", None)  # the validator hands it in
    return {name.casefold(): key for name in names if (key := find_id(name, target))} if find_id else {}


def _guess_key(name: str, keys: list[str], named: Mapping[str, str]) -> str:
    """Return the key that an unknown name probably means, or "".

    It is spelt similarly, or its record has this name.
    """
    if (match := named.get(name.casefold(), "")) in keys:
        return match
    turned = {name[:i] + name[i + 1] + name[i] + name[i + 2 :] for i in range(len(name) - 1)}
    exchanged = [key for key in keys if key in turned]  # the most frequent typing error
    close = exchanged or find_close(name, keys, least=0.75)
    return close[0] if close else ""


def _make_reference_rule(table: str, column: str, target: str) -> Rule:
    (target_key,) = list_key_columns(target)
    required = next(c.required for c in load_constraints(table) if c.column == column)
    names = list(dict.fromkeys([*list_key_columns(table), column]))

    def check(frames: Frames) -> Lazy:
        rows = frames[table].select(*names)
        known = frames[target].select(nw.col(target_key).alias(column))
        return _add_verdict(rows if required else rows.filter(is_filled(column)), known, [column])

    claimant = column == "claimant_id"
    return rule(
        f"{table}.{column.replace('_', '-')}-resolves",
        "error",
        (column,),
        message=f"{column} is {{{column}}}, and there is no such {_NOUNS[target]}",
        hint="{guess}"
        + _MISSING_HINTS[target].replace("{", "{{").replace("}", "}}")
        + (_UNSPECIFIED if claimant else ""),
        why=_WHY_RESOLVES,
        explain=lambda rows, frames: _add_guess(rows, frames, column, target),
        requires_tables=() if target == table else (target,),
        **_place_in_order(f"{table}.{column.replace('_', '-')}-resolves"),
    )(check)


def _collect_keys(frames: Frames, tables: tuple[str, ...], select: Callable[[str], list[nw.Expr]]) -> Lazy:
    return nw.concat([frames[table].select(*select(table)) for table in tables])


@rule(
    "aliases.entity-id-resolves",
    "error",
    ("entity_id", "entity_kind"),
    message="the alias is of the {entity_kind} {entity_id}, and no {entity_kind} has that key",
    hint="Correct the spelling or the entity_kind, or add the record under seeds/reference/.",
    why=_WHY_RESOLVES,
    requires_tables=("actors", "locations"),
    after=_FIRST,
    example=Example(
        "An alias names an actor or a place that there is",
        bad={
            "aliases": """
                entity_kind,entity_id,alias,language
                actor,town,Die Stadt,de
                """,
        },
        good={
            "aliases": """
                entity_kind,entity_id,alias,language
                location,town,Die Stadt,de
                """,
        },
    ),
)
def _check_alias_entity(frames: Frames) -> Lazy:
    def select_keys(table: str) -> list[nw.Expr]:
        return [
            nw.lit(table.removesuffix("s")).alias("entity_kind"),
            nw.col(list_key_columns(table)[0]).alias("entity_id"),
        ]

    known = _collect_keys(frames, ("actors", "locations"), select_keys)
    return _add_verdict(frames["aliases"].select(*list_key_columns("aliases")), known, ["entity_id", "entity_kind"])


@rule(
    "crosswalk.entity-id-resolves",
    "error",
    ("entity_id",),
    message="entity_id is {entity_id}, and no claim, event, actor, place, source, figure or conflict has that key",
    hint="Correct the key; a record that was withdrawn takes its outside keys with it.",
    why=_WHY_RESOLVES,
    requires_tables=_CROSSWALK_TABLES,
    after=_FIRST,
    example=Example(
        "A key in another scheme belongs to a record of ours",
        bad={
            "conflicts.csv": """
                conflict_id,ucdp_id
                border_war,13604
                """,
            "crosswalk.csv": """
                entity_id,scheme,external_id,match
                bordr_war,ucdp_conflict,13604,exact
                """,
        },
        good={
            "conflicts.csv": """
                conflict_id,ucdp_id
                border_war,13604
                """,
            "crosswalk.csv": """
                entity_id,scheme,external_id,match
                border_war,ucdp_conflict,13604,exact
                """,
        },
    ),
)
def _check_crosswalk_record(frames: Frames) -> Lazy:
    known = _collect_keys(
        frames, _CROSSWALK_TABLES, lambda table: [nw.col(list_key_columns(table)[0]).alias("entity_id")]
    )
    return _add_verdict(frames["crosswalk"].select(*list_key_columns("crosswalk")), known, ["entity_id"])


RULES: tuple[Rule, ...] = (
    *(_make_key_rule(table) for table in list_tables()),
    *(
        _make_reference_rule(table, column, target)
        for table in list_tables()
        for column, target in list_references(table).items()
    ),
)
