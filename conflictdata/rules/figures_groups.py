"""Rules of description: a figure narrows the one above it and contradicts none of its attributes."""

from __future__ import annotations

from collections.abc import Callable

import narwhals.stable.v1 as nw

from conflictdata.rules._figures import Lazy, last_name, verdict
from conflictdata.rules._helpers import open_above
from conflictdata.rules.base import VERDICT, Frames, Rule
from conflictdata.schema.quantities import filled
from conflictdata.schema.views import resolved

# What a word of the figure above leaves open below it, beside itself. A word that is not here is narrowed by nothing.
_NARROWED: dict[str, dict[str, tuple[str, ...]]] = {
    "sex": {},
    "age": {"adult": ("elderly",)},
    "status": {"combatant": ("armed_forces", "fighter")},
}  # fmt: skip
_OWN = {"sex": "sex", "age": "age", "status": "own_status", "cause": "cause"}

# Weapons, of which one excludes the other. The other causes say how or where somebody died, which goes with any weapon.
_WEAPONS = ("airstrike", "shelling", "gunfire", "explosive_remnants")

# Kinds of actors and places of which nobody can say what lies inside: `several perpetrators`, a loose region.
_BORDERLESS = ("unspecified", "unnamed", "area")


def _above(column: str) -> nw.Expr:
    return nw.col(f"parent_{resolved(column)}")


def _narrows(attribute: str) -> nw.Expr:
    """True where the own word is the parent's or one that narrows it; null where one of the two is empty."""
    own, above = nw.col(_OWN[attribute]), _above("person_status" if attribute == "status" else attribute)
    fits = own == above
    for wide, narrower in _NARROWED[attribute].items():
        fits = fits | ((above == wide) & own.is_in(list(narrower)))
    return nw.when(filled(_OWN[attribute])).then(fits)


def _status_fits() -> nw.Expr:
    """Not asked where the two name different actors: whether these fit is the next rule's question."""
    same_actor = (nw.col("actor_id") == _above("actor_id")).fill_null(True)
    return nw.when(same_actor).then(_narrows("status"))


def _cause_fits() -> nw.Expr:
    own, above = nw.col("cause"), _above("cause")
    weapons = own.is_in(list(_WEAPONS)) & above.is_in(list(_WEAPONS)) & (own != above)
    violent = ((own == "indirect") & (above != "indirect")) | ((above == "indirect") & (own != "indirect"))
    unknown = (above == "unknown") & (own != "unknown")
    return ~(weapons | violent | unknown)


def _starts_within() -> nw.Expr:
    return nw.col("period_start") >= _above("period_start")


def _ends_within() -> nw.Expr:
    return nw.col("period_end") <= _above("period_end")


def _children(frames: Frames) -> Lazy:
    """Figures that divide their parent; an additional one lies outside it and owes it nothing."""
    return frames["figures_nested"].filter(nw.col("relation") != "additional")


def _narrows_parent(frames: Frames) -> Lazy:
    tests = {
        "sex": (_narrows("sex"), "sex", "sex"),
        "age": (_narrows("age"), "age", "age"),
        "person status": (_status_fits(), "own_status", "person_status"),
        "cause": (_cause_fits(), "cause", "cause"),
        "first day": (_starts_within(), "period_start", "period_start"),
        "last day": (_ends_within(), "period_end", "period_end"),
    }
    judged = _children(frames).with_columns(**{f"_{name}": test for name, (test, _, _) in tests.items()})
    wrong = {name: ~nw.col(f"_{name}") for name in tests}

    def first(value: Callable[[str], nw.Expr]) -> nw.Expr:
        return nw.coalesce(*(nw.when(wrong[name]).then(value(name)) for name in tests))

    # All of them, where the message names the first.
    clashes = [
        nw.when(wrong[name]).then(
            nw.concat_str([nw.col(own).cast(nw.String), _above(above).cast(nw.String)], separator=" under ")
        )
        for name, (_, own, above) in tests.items()
    ]
    asked = nw.any_horizontal(*(filled(f"_{name}") for name in tests), ignore_nulls=True)
    fits = nw.all_horizontal(*(nw.col(f"_{name}") for name in tests), ignore_nulls=True)
    return judged.select(
        "figure_id", "claim_id", "parent_id", name=last_name("figure_id"), parent=last_name("parent_id"), number="best",
        attribute=first(nw.lit),
        own=first(lambda name: nw.col(tests[name][1]).cast(nw.String)),
        above=first(lambda name: _above(tests[name][2]).cast(nw.String)),
        clashes=nw.concat_str(clashes, separator="; ", ignore_nulls=True),
        **{VERDICT: nw.when(asked).then(fits)},
    )  # fmt: skip


def _kinds(frames: Frames, table: str, key: str, name: str) -> Lazy:
    found = frames[table].unique(subset=[key], keep="none")
    return found.select(nw.col(key).alias(name), nw.col("kind").alias(f"{name}_kind"))


def _lies_within(frames: Frames, column: str, table: str, key: str) -> Lazy:
    """Asked of figures that name an actor or place under one that has another from above.

    Null where the register lacks one of the two or a wider one of theirs (a broken reference, another rule's finding),
    and where the one does not lie in the other by the register but one of them has no borders.
    """
    pairs = frames[f"{key.removesuffix('_id')}_ancestors"].select(
        _in=nw.col(key), _of=nw.col("ancestor_id"), _within=nw.lit(True)
    )
    named = (
        _children(frames).with_columns(own=nw.col(column), above=_above(column)).filter(filled("own") & filled("above"))
    )
    judged = named.join(pairs, left_on=["own", "above"], right_on=["_in", "_of"], how="left")
    for name in ("own", "above"):
        judged = judged.join(_kinds(frames, table, key, name), on=name, how="left")
    unsure = open_above(frames, table, key).select(nw.col(key).alias("own"), _unsure=nw.lit(True))
    judged = judged.join(unsure, on="own", how="left")
    borders = ~nw.col("own_kind").is_in(list(_BORDERLESS)) & ~nw.col("above_kind").is_in(list(_BORDERLESS))
    fits = verdict(filled("_within"), borders & nw.col("_unsure").is_null())
    names = {"name": last_name("figure_id"), "parent": last_name("parent_id")}
    return judged.select(
        "figure_id", "claim_id", "parent_id", column, "above", number="best", **names, **{VERDICT: fits}
    )


def _party(frames: Frames) -> Lazy:
    return _lies_within(frames, "actor_id", "actors", "actor_id")


def _perpetrator(frames: Frames) -> Lazy:
    return _lies_within(frames, "perpetrator_id", "actors", "actor_id")


def _place(frames: Frames) -> Lazy:
    return _lies_within(frames, "location_id", "locations", "location_id")


_HINT = (
    "Move `{name}` to where it belongs (a part of its own, or under another part), correct what describes the one or the "
    "other, or use `besides` if the page counts it outside."
)
_WHY = (
    "What a figure leaves empty it has from the figure above it, so every figure describes some of the people above it. "
    "One that contradicts its parent either hangs in the wrong place or was described wrongly, and the table that "
    "most people use, with inherited values filled in, would say of its people what nobody said."
)

RULES = (
    Rule(
        id="figures.child-narrows-parent",
        number=10,
        table="figures",
        within_page=True,
        severity="error",
        fields=("person_status", "actor_id", "sex", "age", "cause", "period_start", "period_end"),
        check=_narrows_parent,
        message="the {attribute} of `{name}` is {own}, and that of `{parent}` above it {above}",
        hint=_HINT + " If the page says so, add a waiver.",
        why=(
            _WHY + " The elderly narrow adults, soldiers and fighters narrow combatants; a status that follows from the actor's kind "
            "counts as given. Of the causes only weapons exclude one another, and deaths by hunger or lack of care those by violence."
        ),
        waivable=True,
        found="{clashes}",
    ),
    Rule(
        id="figures.child-within-party",
        number=10,
        table="figures",
        within_page=True,
        severity="error",
        fields=("actor_id",),
        check=_party,
        message="`{name}` counts people of {actor_id}, and `{parent}` above it people of {above}",
        hint=_HINT + " If {actor_id} is a part of {above}, say so by parent_id in seeds/reference/actors.csv.",
        why=_WHY + " A party narrows another where the actors table places it under the other.",
        needs=("actors",),
        waivable=True,
        found="{actor_id} under {above}",
    ),
    Rule(
        id="figures.child-within-perpetrator",
        number=10,
        table="figures",
        within_page=True,
        severity="error",
        fields=("perpetrator_id",),
        check=_perpetrator,
        message="`{name}` names {perpetrator_id} as perpetrator, and `{parent}` above it {above}",
        hint=_HINT + " If {perpetrator_id} is a part of {above}, say so by parent_id in seeds/reference/actors.csv.",
        why=_WHY + " A perpetrator narrows another where the actors table places it under the other. `Several` and `unidentified` are nobody in particular and exclude nobody.",
        needs=("actors",),
        waivable=True,
        found="{perpetrator_id} under {above}",
    ),
    Rule(
        id="figures.child-within-place",
        number=10,
        table="figures",
        within_page=True,
        severity="error",
        fields=("location_id",),
        check=_place,
        message="`{name}` lies in {location_id}, and `{parent}` above it in {above}",
        hint=_HINT + " If {location_id} lies in {above}, say so by parent_id in seeds/reference/locations.csv.",
        why=_WHY + " A place narrows another where the locations table places it inside the other. A loose area excludes nothing.",
        needs=("locations",),
        waivable=True,
        found="{location_id} under {above}",
    ),
)  # fmt: skip
