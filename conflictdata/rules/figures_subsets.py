"""Rules of partial lists: subsets against their whole and against each other.

Also a group against the members of another list of the same figure.
"""

from __future__ import annotations

import narwhals.stable.v1 as nw

from conflictdata.rules._compared_values import write_quantity
from conflictdata.rules._diagnosis import Diagnosis, find_misprint
from conflictdata.rules._figures import (
    UNDESCRIBED_GROUP,
    Lazy,
    collect_children,
    describe_group,
    extract_last_name,
    extract_name,
    format_figure,
    format_figure_column,
    is_comparable,
    join_keys,
)
from conflictdata.rules._helpers import GROUP, find_unresolved_ancestry
from conflictdata.rules.base import VERDICT, Frames, Row, Rule, share
from conflictdata.rules.figures_quotes import check_printed_numbers
from conflictdata.schema.quantities import is_filled

_UNDIVIDED = nw.lit(None, dtype=nw.String)  # inner dimension if the values are not divided further


def _select_subsets(frames: Frames) -> Lazy:
    return frames["figures_nested"].filter(nw.col("relation") == "subset")


def _check_within_bound(frames: Frames) -> Lazy:
    return _compare_with_whole(_select_subsets(frames), nw.col("low") <= nw.col("parent_high"))


def _check_within_printed(frames: Frames) -> Lazy:
    """Compare subsets with the number of a whole that has no upper bound.

    `_check_within_bound` compares with the upper bound.
    """
    open_ = _select_subsets(frames).filter(nw.col("parent_high").is_null())
    return _compare_with_whole(open_, nw.col("low") <= nw.coalesce("parent_best", "parent_low"))


def _compare_with_whole(subsets: Lazy, fits: nw.Expr) -> Lazy:
    verdict = nw.when(is_comparable()).then(fits)
    return subsets.select(
        "figure_id", "claim_id", "low", "best", "qualifier", "high", "printed",
        *(f"parent_{column}" for column in ("qualifier", "low", "best", "high")),
        whole_id="linked_parent_id", name=extract_last_name("figure_id"), whole_name=extract_last_name("linked_parent_id"),
        whole_high="parent_high", number=format_figure_column(), whole=format_figure_column("parent_"), **{VERDICT: verdict},
    )  # fmt: skip


def _write_both(row: Row) -> str:
    return f"{write_quantity(row)} of {write_quantity(row, 'parent_')}"


def _explain_within(rows: list[Row], frames: Frames) -> list[Row]:
    """Add `clue`, `culprit`, `spot` and `at`.

    The whole is the culprit if its printed phrase contains another number.
    """
    wholes = frames["figures"].filter(nw.col("figure_id").is_in([row["whole_id"] for row in rows]))
    by_id = {row["figure_id"]: row for row in wholes.collect().to_polars().to_dicts()}
    printed = check_printed_numbers(frames, [name for row in rows for name in (row["figure_id"], row["whole_id"])])
    explained = []
    for row in rows:
        diagnosis = find_misprint([row, by_id[row["whole_id"]]], printed)
        if diagnosis.culprit is None and row["low"] % 10 == 0 and row["low"] // 10 <= row["whole_high"]:
            diagnosis = Diagnosis(row["figure_id"], f"Is it {row['low'] // 10}, with one 0 too many? ")
        explained.append(row | vars(diagnosis) | {"at": "|".join((row["figure_id"], row["whole_id"]))})
    return explained


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
    return _select_subsets(frames).filter(is_comparable() & is_filled("low") & alone)


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


def _check_places(frames: Frames) -> Lazy:
    # An area has no agreed borders, so it may overlap with another area or a town.
    places = frames["locations"].unique(subset=["location_id"], keep="none").filter(nw.col("kind") != "area")
    unsure = find_unresolved_ancestry(frames, "locations", "location_id").select(_unsure=nw.col("location_id"))
    placed = _select_counted(frames).join(places.select("location_id"), on="location_id", how="inner")
    placed = placed.join(unsure, left_on="location_id", right_on="_unsure", how="anti")
    top = _select_topmost(placed, "location_id", frames["location_ancestors"], "location_id")
    judged = _compare_with_bound(frames, [_sum_exclusive_values(top, nw.col("location_id"), _UNDIVIDED, "place")])
    return _exclude_failed(judged, _check_groups(frames), _check_parties(frames))


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


_DESCRIPTION_COLUMNS = ("person_status", "actor_id", "role", "sex", "age", "location_id", "perpetrator_id", "cause")


def _describe_single_column(column: str) -> nw.Expr:
    """Return the group that one column alone describes, as `describe_group` does."""
    before = GROUP.index(column)
    return nw.concat_str([nw.lit("|" * before), nw.col(column), nw.lit("|" * (len(GROUP) - 1 - before))])


def _expand_groups(frame: Lazy) -> Lazy:
    """Return each figure once per description: the whole, and each column alone.

    Boys are also children, and male.
    """
    whole = frame.filter(~(describe_group() == UNDESCRIBED_GROUP)).with_columns(group=describe_group())
    return nw.concat(
        [
            whole,
            *(frame.filter(is_filled(c)).with_columns(group=_describe_single_column(c)) for c in _DESCRIPTION_COLUMNS),
        ]
    )


def _collect_list_members(frames: Frames) -> Lazy:
    """Return the parts of each list, and the figures directly below them, by group.

    Returns:
        `owner_id`, the figure with the list; `list_axis`; `part_id`; and the columns of each member.
    """
    nested = frames["figures_nested"].filter(is_comparable() & is_filled("low"))
    columns = ("figure_id", "outcome", "unit", "low", *GROUP)
    parts = nested.filter((nw.col("relation") == "part") & is_filled("axis"))
    lists = parts.select(part_id=nw.col("figure_id"), owner_id=nw.col("linked_parent_id"), list_axis=nw.col("axis"))
    below = nested.filter(nw.col("relation") != "additional").select("linked_parent_id", *columns)
    below = below.join(lists, left_on="linked_parent_id", right_on="part_id", how="inner")
    direct = parts.select(*columns).join(lists, left_on="figure_id", right_on="part_id", how="inner")
    place = ("owner_id", "list_axis", *columns)
    return _expand_groups(
        nw.concat(
            [
                below.select(nw.col("linked_parent_id").alias("part_id"), *place),
                direct.select(nw.col("figure_id").alias("part_id"), *place),
            ]
        )
    )


def _check_group_covers_list(frames: Frames) -> Lazy:
    of_group = ["owner_id", "list_axis", "outcome", "unit", "group"]
    # Figures of the group under the same part may overlap, so only the largest counts.
    by_part = _collect_list_members(frames).group_by(*of_group, "part_id").agg(nw.col("low").max())
    summed = by_part.group_by(*of_group).agg(inside=nw.col("low").sum())
    beside = frames["figures_nested"].filter(
        (nw.col("relation") != "additional") & is_comparable() & ~(describe_group() == UNDESCRIBED_GROUP)
    )
    beside = beside.with_columns(owner_id=nw.col("linked_parent_id"), group=describe_group())
    judged = beside.join(summed, on=["owner_id", "outcome", "unit", "group"], how="inner")
    judged = judged.filter(nw.col("axis").fill_null("") != nw.col("list_axis"))
    return judged.select(
        "figure_id", "claim_id", "qualifier", "low", "best", "high", "share", "inside", *of_group,
        name=extract_last_name("figure_id"), **{VERDICT: nw.col("inside") <= nw.col("high")},
    )  # fmt: skip


def _explain_group(rows: list[Row], frames: Frames) -> list[Row]:
    """Add `terms`, `said` and `at`."""
    of_group = ("owner_id", "list_axis", "outcome", "unit", "group")
    owners = sorted({row["owner_id"] for row in rows})
    inside = _collect_list_members(frames).filter(nw.col("owner_id").is_in(owners)).collect().to_polars().to_dicts()
    largest: dict[tuple[str, ...], dict[str, Row]] = {}
    for member in sorted(inside, key=lambda f: (f["low"], f["figure_id"])):
        largest.setdefault(tuple(member[c] for c in of_group), {})[member["part_id"]] = member
    explained = []
    for row in rows:
        mine = sorted(largest[tuple(row[c] for c in of_group)].values(), key=lambda f: f["figure_id"])
        terms = " + ".join(str(f["low"]) for f in mine)
        explained.append(row | {"terms": terms, "said": format_figure(row), "at": join_keys(mine)})
    return explained


_FIT_WHY = (
    "Subsets may overlap, so they are never added up; but nobody is both a man and a woman, a child and an adult, a civilian and a "
    "fighter, or in two towns at once. Subsets that exclude one another must fit together under the upper bound of their whole. "
    "Of subsets that may overlap only the largest counts, so that the sum compared is the least that can be true."
)
_FIT_HINT = "Compare the numbers with the page: a digit, or a group that the page counts outside (`besides`). If the page says so, add a waiver."
_FIT_MESSAGE = "by {dimension} the subsets ({terms}) hold at least {held}, but the whole is {total} ({over} over)"

RULES = (
    Rule(
        id="figures.exclusive-groups-fit",
        number=6,
        table="figures",
        severity="error",
        fields=("high", "low", "best"),
        check=_check_groups,
        message=_FIT_MESSAGE,
        hint=_FIT_HINT,
        why=_FIT_WHY + " This rule asks it of age, sex and person status.",
        waivable=True,
        explain=_explain_fits,
        found=_write_held,
    ),
    Rule(
        id="figures.exclusive-parties-fit",
        number=6,
        table="figures",
        severity="error",
        fields=("high", "low", "best"),
        check=_check_parties,
        message=_FIT_MESSAGE,
        hint=_FIT_HINT,
        why=_FIT_WHY + " This rule asks it of parties and of perpetrators, where neither belongs to the other.",
        requires_tables=("actors",),
        waivable=True,
        explain=_explain_fits,
        found=_write_held,
    ),
    Rule(
        id="figures.exclusive-places-fit",
        number=6,
        table="figures",
        severity="error",
        fields=("high", "low", "best"),
        check=_check_places,
        message=_FIT_MESSAGE,
        hint=_FIT_HINT,
        why=_FIT_WHY + " This rule asks it of places, where neither holds the other; areas without agreed borders are left out.",
        requires_tables=("locations",),
        waivable=True,
        explain=_explain_fits,
        found=_write_held,
    ),
    Rule(
        id="figures.subset-within-parent",
        number=7,
        table="figures",
        severity="error",
        fields=("low", "best"),
        check=_check_within_bound,
        message="`{name}` is {number}, and `{whole_name}`, of which it is a subset, {whole}",
        hint="{clue}Compare both numbers with the page, or move it to `besides` if the page counts it outside. If the page says so, add a waiver.",
        why=(
            "'23 of whom were officers' cannot be said of 20 soldiers. A subset above its whole is a slip, or a group "
            "that the page counts in addition."
        ),
        waivable=True,
        explain=_explain_within,
        found=_write_both,
    ),
    Rule(
        id="figures.subset-within-printed",
        number=7,
        table="figures",
        severity="warning",
        fields=("low", "best"),
        check=_check_within_printed,
        message="a subset of {number}, where its whole is printed as {whole}",
        hint="Compare both numbers with the page. If they are as printed, it stands: the words of the whole allow it.",
        why=(
            "'At least 727' has no upper bound, so that 800 of them are possible; but a claimant who knows of 800 would hardly have "
            "printed 727. More often the two numbers are of different days or different claimants."
        ),
        waivable=True,
        found=_write_both,
    ),
    Rule(
        id="figures.group-covers-list",
        number=8,
        table="figures",
        severity="error",
        fields=("high", "low", "best"),
        check=_check_group_covers_list,
        message="{name} is {said}, but inside the list by {list_axis} the same group is {terms} = {inside}",
        hint="Compare the numbers with the page: the group as a whole holds at least what the list gives of it.",
        why=(
            "A page that counts 35 children among all the dead and also says how many children each party killed counts the same "
            "children twice over. The second count may be incomplete, but it cannot be larger than the first."
        ),
        waivable=False,
        explain=_explain_group,
    ),
)  # fmt: skip
