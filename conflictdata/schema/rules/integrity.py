"""Keys and foreign keys: one rule for each key of a table and one for each column that names another record.

All are made from the models, so that no table and no column is forgotten.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable

import narwhals.stable.v1 as nw

from conflictdata.schema.models import MODELS
from conflictdata.schema.physical import columns, key, references
from conflictdata.schema.rules._shared import Lazy, filled
from conflictdata.schema.rules.base import VERDICT, Frames, Row, Rule

_WHY_UNIQUE = (
    "A key names one record for good: pages, waivers and other people's work refer to it. Where two records share a key, "
    "every join on it counts its rows twice, and nobody can say which of the two was meant."
)
_WHY_RESOLVES = (
    "A name that no record has is a typing error or a record that was never written. Whoever joins the tables loses the row "
    "without a word, and a toll with lost rows looks like a lower toll."
)

# Where a record of each table is written, and so where a missing one is to be added.
_WRITTEN = {
    "actors": "Correct the spelling, or add the actor to seeds/reference/actors.csv.",
    "locations": "Correct the spelling, or add the place to seeds/reference/locations.csv.",
    "conflicts": "Correct the spelling, or add the conflict to seeds/reference/conflicts.csv.",
    "sources": "Correct the spelling, or add the page as seeds/sources/<conflict>/<source id>.yaml.",
    "events": "Correct the spelling, or add the event to seeds/events/<conflict>.yaml.",
    "claims": "Name a claim that stands: <source id>.<number of the claim on its page>.",
    "figures": "Name a figure that stands: its id is its path, <claim id>.<outcome>.<name>.",
}
_UNSPECIFIED = " Where the page does not say who, the claimant is `unspecified`."

_GUESSES = 20  # names for which one like them is looked for: a table that is missing altogether fails them all

# Tables whose keys another scheme may match.
_MATCHED = ("claims", "events", "actors", "locations", "sources", "figures", "conflicts")


def _all_filled(names: tuple[str, ...]) -> nw.Expr:
    test = filled(names[0])
    for name in names[1:]:
        test = test & filled(name)
    return test


def _unique(table: str) -> Rule:
    names = key(table)

    def check(frames: Frames) -> Lazy:
        counted = frames[table].group_by(*names).agg(times=nw.len())
        verdict = nw.when(_all_filled(names)).then(nw.col("times") == 1)
        return counted.with_columns(verdict.alias(VERDICT))

    shown = " | ".join(f"{{{name}}}" for name in names)
    return Rule(
        id=f"{table}.key-unique",
        number=46,
        table=table,
        severity="error",
        fields=names,
        check=check,
        message=f"{{times}} records of {table} have the key {shown}",
        hint="Keep one of them, or give each its own key.",
        why=_WHY_UNIQUE,
    )


def _judged(rows: Lazy, known: Lazy, on: list[str]) -> Lazy:
    """The rows, each with a verdict: true where `known` has its `on`, null where the column itself is empty."""
    found = rows.join(known.unique().with_columns(known=nw.lit(True)), on=on, how="left")
    return found.with_columns(nw.when(filled(on[0])).then(filled("known")).alias(VERDICT)).drop("known")


def _guessed(rows: list[Row], frames: Frames, column: str, target: str) -> list[Row]:
    """Add `guess`: the key that is most like the one written."""
    known = frames[target].select(nw.col(key(target)[0]).alias("known")).filter(filled("known")).unique()
    keys = sorted(known.collect().to_arrow()["known"].to_pylist())
    wrong = list(dict.fromkeys(row[column] for row in rows))[:_GUESSES]
    close = {name: difflib.get_close_matches(name, keys, n=1, cutoff=0.75) for name in wrong}
    return [row | {"guess": "".join(f"Did you mean {k}? " for k in close.get(row[column], ()))} for row in rows]


def _resolves(table: str, column: str, target: str) -> Rule:
    (target_key,) = key(target)
    required = not columns(table)[column].nullable
    names = list(dict.fromkeys([*key(table), column]))

    def check(frames: Frames) -> Lazy:
        rows = frames[table].select(*names)
        known = frames[target].select(nw.col(target_key).alias(column))
        return _judged(rows if required else rows.filter(filled(column)), known, [column])

    claimant = column == "claimant_id"
    return Rule(
        id=f"{table}.{column.replace('_', '-')}-resolves",
        number=16 if claimant else 46,
        table=table,
        severity="error",
        fields=(column,),
        check=check,
        message=f"{column} is {{{column}}}, and no record of {target} has that key",
        hint="{guess}" + _WRITTEN[target].replace("{", "{{").replace("}", "}}") + (_UNSPECIFIED if claimant else ""),
        why=_WHY_RESOLVES,
        explain=lambda rows, frames: _guessed(rows, frames, column, target),
        needs=() if target == table else (target,),
    )


def _stacked(frames: Frames, tables: tuple[str, ...], select: Callable[[str], list[nw.Expr]]) -> Lazy:
    return nw.concat([frames[table].select(*select(table)) for table in tables])


def _alias_names_entity(frames: Frames) -> Lazy:
    def named(table: str) -> list[nw.Expr]:
        return [nw.lit(table.removesuffix("s")).alias("entity_kind"), nw.col(key(table)[0]).alias("entity_id")]

    known = _stacked(frames, ("actors", "locations"), named)
    return _judged(frames["aliases"].select(*key("aliases")), known, ["entity_id", "entity_kind"])


def _crosswalk_names_record(frames: Frames) -> Lazy:
    known = _stacked(frames, _MATCHED, lambda table: [nw.col(key(table)[0]).alias("entity_id")])
    return _judged(frames["crosswalk"].select(*key("crosswalk")), known, ["entity_id"])


_BY_KIND = (
    Rule(
        id="aliases.entity-id-resolves",
        number=46,
        table="aliases",
        severity="error",
        fields=("entity_id", "entity_kind"),
        check=_alias_names_entity,
        message="the alias is of the {entity_kind} {entity_id}, and no {entity_kind} has that key",
        hint="Correct the spelling or the entity_kind, or add the record under seeds/reference/.",
        why=_WHY_RESOLVES,
        needs=("actors", "locations"),
    ),
    Rule(
        id="crosswalk.entity-id-resolves",
        number=46,
        table="crosswalk",
        severity="error",
        fields=("entity_id",),
        check=_crosswalk_names_record,
        message="entity_id is {entity_id}, and no claim, event, actor, place, source, figure or conflict has that key",
        hint="Correct the key; a record that was withdrawn takes its outside keys with it.",
        why=_WHY_RESOLVES,
        needs=_MATCHED,
    ),
)

RULES: tuple[Rule, ...] = (
    *(_unique(table) for table in MODELS),
    *(_resolves(table, column, target) for table in MODELS for column, target in references(table).items()),
    *_BY_KIND,
)
