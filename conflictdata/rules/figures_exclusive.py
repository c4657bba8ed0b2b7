"""Rules of subsets that have nobody in common: together they fit under their parent."""

from __future__ import annotations

import narwhals.stable.v1 as nw

from conflictdata.rules._compared_values import write_quantity
from conflictdata.rules._figures import (
    Lazy,
    collect_children,
    extract_name,
    format_figure,
    is_comparable,
    join_keys,
    select_subsets,
)
from conflictdata.rules._helpers import find_unresolved_ancestry
from conflictdata.rules.base import VERDICT, Example, Frames, Row, rule, share
from conflictdata.schema.quantities import is_filled

_UNDIVIDED = nw.lit(None, dtype=nw.String)  # inner dimension if the values are not divided further


def _sum_exclusive_values(subsets: Lazy, outer: nw.Expr, inner: nw.Expr, dimension: str) -> Lazy:
    """Return the minimum number of people in the subsets of each figure.

    Different values of a dimension exclude each other, so that their numbers are added. Subsets with the same value
    may overlap, so that only the largest counts.

    Args:
        subsets: The subsets, with their parents.
        outer: The dimension.
        inner: A second dimension that divides the values of `outer` (such as children by sex). A value of `outer` has
            at least as many people as its largest subset without `inner`, and as the sum over the values of `inner`.
        dimension: Name of the dimension in messages.

    Returns:
        `figure_id`, `dimension` and `held`, the minimum. Figures with a single combination of values are left out.
    """
    split = subsets.with_columns(_outer=outer, _inner=inner).filter(is_filled("_outer"))
    largest = split.group_by("linked_parent_id", "_outer", "_inner").agg(nw.col("low").max())
    cells = largest.with_columns(
        _whole=nw.when(nw.col("_inner").is_null()).then(nw.col("low")),
        _piece=nw.when(is_filled("_inner")).then(nw.col("low")),
        _cells=nw.lit(1),
    )
    values = cells.group_by("linked_parent_id", "_outer").agg(
        nw.col("_whole").max(), nw.col("_piece").sum(), nw.col("_cells").sum()
    )
    whole, piece = nw.col("_whole").fill_null(0), nw.col("_piece").fill_null(0)
    values = values.with_columns(_held=nw.when(whole >= piece).then(whole).otherwise(piece))
    packed = values.group_by("linked_parent_id").agg(nw.col("_held").sum(), nw.col("_cells").sum())
    return packed.filter(nw.col("_cells") > 1).select(
        figure_id=nw.col("linked_parent_id"), dimension=nw.lit(dimension), held=nw.col("_held")
    )


@share
def _select_counted(frames: Frames) -> Lazy:
    """Return subsets with a lower bound, without those that alone exceed their whole.

    Rule 7 reports those.
    """
    alone = (nw.col("low") <= nw.col("parent_high")).fill_null(True)
    return select_subsets(frames).filter(is_comparable() & is_filled("low") & alone)


def _compare_with_bound(frames: Frames, packed: list[Lazy]) -> Lazy:
    """Compare the subsets of a figure with its upper bound.

    Returns:
        One row per figure, with the dimension in which its subsets have most people.
    """
    held = nw.concat(packed)
    most = held.group_by("figure_id").agg(nw.col("held").max())
    tightest = (
        held.join(most, on=["figure_id", "held"], how="inner")
        .group_by("figure_id", "held")
        .agg(nw.col("dimension").min())
    )
    whole = frames["figures_resolved"].filter(nw.col("copies") == 1)
    whole = whole.select("figure_id", "claim_id", "qualifier", "low", "best", "high", "share")
    judged = tightest.join(whole, on="figure_id", how="inner")
    return judged.with_columns((nw.col("held") <= nw.col("high")).alias(VERDICT))


def _exclude_failed(judged: Lazy, *others: Lazy) -> Lazy:
    """Drop figures that fail in another dimension: one error gives one finding."""
    for other in others:
        judged = judged.join(other.filter(~nw.col(VERDICT)).select("figure_id"), on="figure_id", how="anti")
    return judged


@share
def _check_groups(frames: Frames) -> Lazy:
    subsets = _select_counted(frames)
    status, sex = nw.col("own_status"), nw.col("sex")
    # Elderly people are adults. Soldiers and fighters are combatants.
    age = nw.when(nw.col("age") == "elderly").then(nw.lit("adult")).otherwise(nw.col("age"))
    side = nw.when(status.is_in(["armed_forces", "fighter"])).then(nw.lit("combatant")).otherwise(status)
    arm = nw.when(status.is_in(["armed_forces", "fighter"])).then(status)
    return _compare_with_bound(
        frames,
        [
            _sum_exclusive_values(subsets, age, sex, "age and sex"),
            _sum_exclusive_values(subsets, sex, age, "sex and age"),
            _sum_exclusive_values(subsets, side, arm, "status"),
        ],
    )


def _select_topmost(subsets: Lazy, column: str, ancestors: Lazy, key: str) -> Lazy:
    """Return the subsets whose actor or place is not inside that of a sibling."""
    valued = subsets.filter(is_filled(column))
    present = valued.select("linked_parent_id", _above=nw.col(column)).unique()
    above = ancestors.filter(nw.col(key) != nw.col("ancestor_id")).select(
        _key=nw.col(key), _above=nw.col("ancestor_id")
    )
    inside = valued.join(above, left_on=column, right_on="_key", how="inner")
    inside = inside.join(present, on=["linked_parent_id", "_above"], how="inner")
    return valued.join(inside.select("figure_id").unique(), on="figure_id", how="anti")


@share
def _check_parties(frames: Frames) -> Lazy:
    # An actor with a missing ancestor may overlap with any other.
    unsure = find_unresolved_ancestry(frames, "actors", "actor_id").select(_unsure=nw.col("actor_id"))
    subsets, actors = _select_counted(frames), frames["actor_ancestors"]
    packed = []
    for column, dimension in (("actor_id", "party"), ("perpetrator_id", "perpetrator")):
        sure = subsets.join(unsure, left_on=column, right_on="_unsure", how="anti")
        top = _select_topmost(sure, column, actors, "actor_id")
        packed.append(_sum_exclusive_values(top, nw.col(column), _UNDIVIDED, dimension))
    return _exclude_failed(_compare_with_bound(frames, packed), _check_groups(frames))


_COLUMNS_OF = {
    "age and sex": ("age", "sex"), "sex and age": ("sex", "age"), "status": ("person_status", "actor_id"),
    "party": ("actor_id",), "perpetrator": ("perpetrator_id",), "place": ("location_id",),
}  # fmt: skip


def _explain_fits(rows: list[Row], frames: Frames) -> list[Row]:
    """Add `terms`, `total`, `over` and `at`."""
    children = collect_children(frames, (row["figure_id"] for row in rows))
    explained = []
    for row in rows:
        columns = _COLUMNS_OF[row["dimension"]]
        subsets = [
            c for c in children.get(row["figure_id"], [])
            if c["relation"] == "subset" and c["low"] is not None and any(c[column] for column in columns)
        ]  # fmt: skip
        terms = ", ".join(f"{extract_name(c['figure_id'])} {format_figure(c)}" for c in subsets)
        explained.append(
            row
            | {"terms": terms, "total": format_figure(row), "over": row["held"] - row["high"], "at": join_keys(subsets)}
        )
    return explained


def _write_held(row: Row) -> str:
    return f"{row['held']} for {write_quantity(row)} by {', '.join(_COLUMNS_OF[row['dimension']])}"


_FIT_WHY = (
    "Subsets may overlap, so they are never added up; but nobody is both a man and a woman, a child and an adult, a civilian and a "
    "fighter, or in two towns at once. Subsets that exclude one another must fit together under the upper bound of their whole. "
    "Of subsets that may overlap only the largest counts, so that the sum compared is the least that can be true."
)


_FIT_HINT = "Compare the numbers with the page: a digit, or a group that the page counts outside (`besides`). If the page says so, add a waiver."


_FIT_MESSAGE = "by {dimension} the subsets ({terms}) hold at least {held}, but the whole is {total} ({over} over)"


@rule(
    "figures.exclusive-groups-fit",
    "error",
    ("high", "low", "best"),
    message=_FIT_MESSAGE,
    hint=_FIT_HINT,
    why=_FIT_WHY + " This rule asks it of age, sex and person status.",
    waivable=True,
    explain=_explain_fits,
    found=_write_held,
    after=("figures.group-covers-list",),
    affects="number",
    example=Example(
        "Groups that exclude one another fit under their total",
        bad={
            "claim": """
                killed:
                  n: 45
                  including:
                    women: 30
                    children: 20
                """,
        },
        good={
            "claim": """
                killed:
                  n: 45
                  including:
                    women: 20
                    children: 20
                """,
        },
    ),
)
def _check_exclusive_groups_fit(frames: Frames) -> Lazy:
    return _check_groups(frames)


@rule(
    "figures.exclusive-parties-fit",
    "error",
    ("high", "low", "best"),
    message=_FIT_MESSAGE,
    hint=_FIT_HINT,
    why=_FIT_WHY + " This rule asks it of parties and of perpetrators, where neither belongs to the other.",
    requires_tables=("actors",),
    waivable=True,
    explain=_explain_fits,
    found=_write_held,
    after=("figures.exclusive-groups-fit",),
    affects="number",
    example=Example(
        "Parties that exclude one another fit under their total",
        bad={
            "claim": """
                killed:
                  n: 29
                  including:
                    clan: 20
                    rebels: 10
                """,
        },
        good={
            "claim": """
                killed:
                  n: 30
                  including:
                    clan: 20
                    rebels: 10
                """,
        },
    ),
)
def _check_exclusive_parties_fit(frames: Frames) -> Lazy:
    return _check_parties(frames)


@rule(
    "figures.exclusive-places-fit",
    "error",
    ("high", "low", "best"),
    message=_FIT_MESSAGE,
    hint=_FIT_HINT,
    why=_FIT_WHY
    + " This rule asks it of places, where neither holds the other; areas without agreed borders are left out.",
    requires_tables=("locations",),
    waivable=True,
    explain=_explain_fits,
    found=_write_held,
    after=("figures.exclusive-parties-fit",),
    affects="number",
    example=Example(
        "Places that exclude one another fit under their total",
        bad={
            "claim": """
                killed:
                  n: 29
                  including:
                    in_town: {n: 20, location: town}
                    in_village: {n: 10, location: village}
                """,
        },
        good={
            "claim": """
                killed:
                  n: 30
                  including:
                    in_town: {n: 20, location: town}
                    in_village: {n: 10, location: village}
                """,
        },
    ),
)
def _check_places(frames: Frames) -> Lazy:
    # An area has no agreed borders, so it may overlap with another area or a town.
    places = frames["locations"].unique(subset=["location_id"], keep="none").filter(nw.col("kind") != "area")
    unsure = find_unresolved_ancestry(frames, "locations", "location_id").select(_unsure=nw.col("location_id"))
    placed = _select_counted(frames).join(places.select("location_id"), on="location_id", how="inner")
    placed = placed.join(unsure, left_on="location_id", right_on="_unsure", how="anti")
    top = _select_topmost(placed, "location_id", frames["location_ancestors"], "location_id")
    judged = _compare_with_bound(frames, [_sum_exclusive_values(top, nw.col("location_id"), _UNDIVIDED, "place")])
    return _exclude_failed(judged, _check_groups(frames), _check_parties(frames))
