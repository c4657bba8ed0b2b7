"""Rules of descriptions: a figure narrows its parent and does not contradict it."""

from __future__ import annotations

from collections.abc import Callable

import narwhals.stable.v1 as nw

from conflictdata.rules import _typos
from conflictdata.rules._figures import Lazy, decide_verdict, extract_last_name
from conflictdata.rules._helpers import find_unresolved_ancestry
from conflictdata.rules.base import VERDICT, Example, Frames, Row, rule
from conflictdata.schema.quantities import is_filled
from conflictdata.schema.views import name_resolved_column

# Terms that narrow a term of the parent. A term that is not listed can only be repeated.
_NARROWER_TERMS: dict[str, dict[str, tuple[str, ...]]] = {
    "sex": {},
    "age": {"adult": ("elderly",)},
    "status": {"combatant": ("armed_forces", "fighter")},
}  # fmt: skip
_COLUMN_OF = {"sex": "sex", "age": "age", "status": "own_status", "cause": "cause"}

# Weapons exclude each other. Other causes describe how or where somebody died, and are compatible with any weapon.
_WEAPONS = ("airstrike", "shelling", "gunfire", "explosive_remnants")

# Kinds of actors and places with unknown members or borders, such as `several perpetrators` or a loose region.
_BORDERLESS = ("unspecified", "unnamed", "area")

_DAYS = {"first day": "period_start", "last day": "period_end"}  # the column of each, as the messages name it


def _get_parent_column(column: str) -> nw.Expr:
    return nw.col(f"parent_{name_resolved_column(column)}")


def _is_narrower(attribute: str) -> nw.Expr:
    """Return whether the term of a figure repeats or narrows that of its parent.

    Null if one of the two is empty.
    """
    value, above = (
        nw.col(_COLUMN_OF[attribute]),
        _get_parent_column("person_status" if attribute == "status" else attribute),
    )
    fits = value == above
    for wide, narrower in _NARROWER_TERMS[attribute].items():
        fits = fits | ((above == wide) & value.is_in(list(narrower)))
    return nw.when(is_filled(_COLUMN_OF[attribute])).then(fits)


def _has_fitting_status() -> nw.Expr:
    """Return whether the person status narrows that of the parent.

    Null if the two name different actors, because another rule compares those.
    """
    same_actor = (nw.col("actor_id") == _get_parent_column("actor_id")).fill_null(True)
    return nw.when(same_actor).then(_is_narrower("status"))


def _has_fitting_cause() -> nw.Expr:
    value, above = nw.col("cause"), _get_parent_column("cause")
    weapons = value.is_in(list(_WEAPONS)) & above.is_in(list(_WEAPONS)) & (value != above)
    violent = ((value == "indirect") & (above != "indirect")) | ((above == "indirect") & (value != "indirect"))
    unknown = (above == "unknown") & (value != "unknown")
    return ~(weapons | violent | unknown)


def _is_start_within() -> nw.Expr:
    return nw.col("period_start") >= _get_parent_column("period_start")


def _is_end_within() -> nw.Expr:
    return nw.col("period_end") <= _get_parent_column("period_end")


def _select_children(frames: Frames) -> Lazy:
    """Return the figures that divide their parent, without additional ones outside it."""
    return frames["figures_nested"].filter(nw.col("relation") != "additional")


def _explain_contradictions(rows: list[Row], frames: Frames) -> list[Row]:  # noqa: ARG001 - the row is enough
    """Add `clue`, and `spot` for a day: what to do. Of a figure with a wrong day, the day is to be corrected and not its position."""
    explained = []
    for row in rows:
        if row["attribute"] not in _DAYS:
            explained.append(row | {"clue": _HINT.format(**row)})
            continue
        own = row[_DAYS[row["attribute"]]]
        slip = _typos.find_day_slip(own, row["first_above"] or own, row["last_above"] or own)
        guess = f" ({slip[0]} would fit: {slip[1]})" if slip else ""
        clue = f"Correct the day of `{row['name']}`{guess}, or the days above it. A number of other days is a claim of its own, or goes under `besides`."
        explained.append(row | {"clue": clue, "spot": _DAYS[row["attribute"]]})
    return explained


def _select_kinds(frames: Frames, table: str, key: str, name: str) -> Lazy:
    records = frames[table].unique(subset=[key], keep="none")
    return records.select(nw.col(key).alias(name), nw.col("kind").alias(f"{name}_kind"))


def _check_within(frames: Frames, column: str, table: str, key: str) -> Lazy:
    """Check that the actor or place of a figure is part of the one above it.

    Only figures that replace an inherited value with their own are checked.

    Returns:
        One row per figure. The verdict is null if the register lacks one of the two or an ancestor of theirs, which
        another rule reports. It is also null if the register does not connect the two, and one of them has no borders.
    """
    pairs = frames[f"{key.removesuffix('_id')}_ancestors"].select(
        _in=nw.col(key), _of=nw.col("ancestor_id"), _within=nw.lit(True)
    )
    named = (
        _select_children(frames)
        .with_columns(own=nw.col(column), above=_get_parent_column(column))
        .filter(is_filled("own") & is_filled("above"))
    )
    judged = named.join(pairs, left_on=["own", "above"], right_on=["_in", "_of"], how="left")
    for name in ("own", "above"):
        judged = judged.join(_select_kinds(frames, table, key, name), on=name, how="left")
    unsure = find_unresolved_ancestry(frames, table, key).select(nw.col(key).alias("own"), _unsure=nw.lit(True))
    judged = judged.join(unsure, on="own", how="left")
    borders = ~nw.col("own_kind").is_in(list(_BORDERLESS)) & ~nw.col("above_kind").is_in(list(_BORDERLESS))
    fits = decide_verdict(is_filled("_within"), borders & nw.col("_unsure").is_null())
    names = {"name": extract_last_name("figure_id"), "parent": extract_last_name("parent_id")}
    return judged.select(
        "figure_id", "claim_id", "parent_id", column, "above", number="best", **names, **{VERDICT: fits}
    )


_HINT = (
    "Move `{name}` to where it belongs (a part of its own, or under another part), correct what describes the one or the "
    "other, or use `besides` if the page counts it outside."
)
_WHY = (
    "What a figure leaves empty it has from the figure above it, so every figure describes some of the people above it. "
    "One that contradicts its parent either hangs in the wrong place or was described wrongly, and the table that "
    "most people use, with inherited values filled in, would say of its people what nobody said."
)


@rule(
    "figures.child-narrows-parent",
    "error",
    ("person_status", "actor_id", "sex", "age", "cause", "period_start", "period_end"),
    message="the {attribute} of `{name}` is {own}, and that of `{parent}` above it {above}",
    hint="{clue} If the page says so, add a waiver.",
    why=_WHY
    + " The elderly narrow adults, soldiers and fighters narrow combatants; a status that follows from the actor's kind "
    "counts as given. Of the causes only weapons exclude one another, and deaths by hunger or lack of care those by violence.",
    waivable=True,
    explain=_explain_contradictions,
    found="{clashes}",
    after=("claims.as-of-before-page", "claims.window-holds-figures", "figures.window-within-claim"),
    affects="position",
    depends_on=(
        ("claims", "claim_id", ("period_start", "period_end")),
        ("figures", "parent_id", ("period_start", "period_end")),
    ),
    example=Example(
        "A figure does not contradict the one above it",
        bad={
            "claim": """
                killed:
                  n: 8
                  who: civilians
                  including:
                    fighters: 3
                """,
        },
        good={
            "claim": """
                killed:
                  n: 8
                  including:
                    civilians: 5
                    fighters: 3
                """,
        },
    ),
)
def _check_narrows_parent(frames: Frames) -> Lazy:
    tests = {
        "sex": (_is_narrower("sex"), "sex", "sex"),
        "age": (_is_narrower("age"), "age", "age"),
        "person status": (_has_fitting_status(), "own_status", "person_status"),
        "cause": (_has_fitting_cause(), "cause", "cause"),
        "first day": (_is_start_within(), "period_start", "period_start"),
        "last day": (_is_end_within(), "period_end", "period_end"),
    }
    judged = _select_children(frames).with_columns(**{f"_{name}": test for name, (test, _, _) in tests.items()})
    wrong = {name: ~nw.col(f"_{name}") for name in tests}

    def choose_first(value: Callable[[str], nw.Expr]) -> nw.Expr:
        return nw.coalesce(*(nw.when(wrong[name]).then(value(name)) for name in tests))

    # All contradictions; the message names only the first.
    clashes = [
        nw.when(wrong[name]).then(
            nw.concat_str([nw.col(own).cast(nw.String), _get_parent_column(above).cast(nw.String)], separator=" under ")
        )
        for name, (_, own, above) in tests.items()
    ]
    is_tested = nw.any_horizontal(*(is_filled(f"_{name}") for name in tests), ignore_nulls=True)
    fits = nw.all_horizontal(*(nw.col(f"_{name}") for name in tests), ignore_nulls=True)
    return judged.select(
        "figure_id", "claim_id", "parent_id", name=extract_last_name("figure_id"), parent=extract_last_name("parent_id"), number="best",
        period_start="period_start", period_end="period_end",
        first_above=_get_parent_column("period_start"), last_above=_get_parent_column("period_end"),
        attribute=choose_first(nw.lit),
        own=choose_first(lambda name: nw.col(tests[name][1]).cast(nw.String)),
        above=choose_first(lambda name: _get_parent_column(tests[name][2]).cast(nw.String)),
        clashes=nw.concat_str(clashes, separator="; ", ignore_nulls=True),
        **{VERDICT: nw.when(is_tested).then(fits)},
    )  # fmt: skip


@rule(
    "figures.child-within-party",
    "error",
    ("actor_id",),
    message="`{name}` counts people of {actor_id}, and `{parent}` above it people of {above}",
    hint=_HINT + " If {actor_id} is a part of {above}, say so by parent_id in seeds/reference/actors.csv.",
    why=_WHY + " A party narrows another where the actors table places it under the other.",
    requires_tables=("actors",),
    waivable=True,
    found="{actor_id} under {above}",
    after=("claims.as-of-before-page",),
    affects="position",
    example=Example(
        "A figure counts people of the party above it",
        bad={
            "claim": """
                killed:
                  n: 8
                  actor: army
                  including:
                    rebels: 3
                """,
        },
        good={
            "claim": """
                killed:
                  n: 8
                  actor: army
                  including:
                    guard: 3
                """,
        },
    ),
)
def _check_party(frames: Frames) -> Lazy:
    return _check_within(frames, "actor_id", "actors", "actor_id")


@rule(
    "figures.child-within-perpetrator",
    "error",
    ("perpetrator_id",),
    message="`{name}` names {perpetrator_id} as perpetrator, and `{parent}` above it {above}",
    hint=_HINT + " If {perpetrator_id} is a part of {above}, say so by parent_id in seeds/reference/actors.csv.",
    why=_WHY
    + " A perpetrator narrows another where the actors table places it under the other. `Several` and `unidentified` are nobody in particular and exclude nobody.",
    requires_tables=("actors",),
    waivable=True,
    found="{perpetrator_id} under {above}",
    after=("claims.as-of-before-page",),
    affects="position",
    example=Example(
        "A figure names the perpetrator above it, or a part of it",
        bad={
            "claim": """
                perpetrator: rebels
                killed:
                  n: 8
                  by perpetrator:
                    army: 5
                    rebels: 3
                """,
        },
        good={
            "claim": """
                perpetrator: [army, rebels]
                killed:
                  n: 8
                  by perpetrator:
                    army: 5
                    rebels: 3
                """,
        },
    ),
)
def _check_perpetrator(frames: Frames) -> Lazy:
    return _check_within(frames, "perpetrator_id", "actors", "actor_id")


@rule(
    "figures.child-within-place",
    "error",
    ("location_id",),
    message="`{name}` lies in {location_id}, and `{parent}` above it in {above}",
    hint=_HINT + " If {location_id} lies in {above}, say so by parent_id in seeds/reference/locations.csv.",
    why=_WHY
    + " A place narrows another where the locations table places it inside the other. A loose area excludes nothing.",
    requires_tables=("locations",),
    waivable=True,
    found="{location_id} under {above}",
    after=("claims.as-of-before-page", "claim_events.place-fits", "claims.place-in-conflict"),
    depends_on=(("claims", "claim_id", ("location_id",)),),
    affects="position",
    example=Example(
        "A figure lies in the place above it",
        bad={
            "claim": """
                location: village
                killed:
                  n: 8
                  including:
                    in_town: {n: 3, location: town}
                """,
        },
        good={
            "claim": """
                location: hama
                killed:
                  n: 8
                  including:
                    in_town: {n: 3, location: town}
                """,
        },
    ),
)
def _check_place(frames: Frames) -> Lazy:
    return _check_within(frames, "location_id", "locations", "location_id")
