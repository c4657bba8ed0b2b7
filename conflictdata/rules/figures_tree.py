"""Rules of the tree of figures: parents, roots, names, and who is counted."""

from __future__ import annotations

import narwhals.stable.v1 as nw

from conflictdata.rules._figures import (
    UNDESCRIBED_GROUP,
    Lazy,
    decide_verdict,
    describe_group,
    extract_last_name,
    extract_name,
    is_same_kind,
)
from conflictdata.rules.base import VERDICT, Frames, Row, Rule
from conflictdata.schema.quantities import is_filled
from conflictdata.schema.views import DEEPEST


def _check_parent_in_claim(frames: Frames) -> Lazy:
    figures = frames["figures_resolved"]
    parents = figures.filter(nw.col("copies") == 1).select(
        _parent=nw.col("figure_id"), parent_claim_id=nw.col("claim_id")
    )
    children = figures.filter(is_filled("parent_id")).join(parents, left_on="parent_id", right_on="_parent", how="left")
    # Null if the parent does not exist, which another rule reports.
    return children.select(
        "figure_id",
        "claim_id",
        "parent_id",
        "parent_claim_id",
        (nw.col("parent_claim_id") == nw.col("claim_id")).alias(VERDICT),
    )


def _check_no_cycle(frames: Frames) -> Lazy:
    """Report the cycles of a claim once, at one figure. Figures below are unknown."""
    figures = frames["figures_resolved"]
    # A path that does not end after sixteen steps is too deep, which another rule reports, or it is a cycle.
    deep = figures.filter(nw.col("depth") == DEEPEST + 1).select("claim_id").unique()
    endless = figures.filter(is_filled("unended_id")).join(deep, on="claim_id", how="anti")
    circles = endless.group_by("claim_id").agg(_on=nw.col("unended_id").min()).select("_on", _circle=nw.col("_on"))
    judged = figures.filter(is_filled("linked_parent_id")).join(
        circles, left_on="figure_id", right_on="_on", how="left"
    )
    return judged.select(
        "figure_id", "claim_id", "parent_id", decide_verdict(is_filled("root_id"), is_filled("_circle")).alias(VERDICT)
    )


def _is_within_depth() -> nw.Expr:
    """Return whether a figure is within the depth limit.

    False for the first level that is too deep, null below it.
    """
    depth = nw.col("depth")
    return nw.when(depth <= DEEPEST + 1).then(depth <= DEEPEST)


def _is_path_id() -> nw.Expr:
    above = nw.coalesce("parent_id", "claim_id")
    path = nw.concat_str([above, extract_last_name("figure_id")], separator=".")
    return nw.when(is_filled("root_id")).then(nw.col("figure_id") == path)


def _explain_path(rows: list[Row], frames: Frames) -> list[Row]:  # noqa: ARG001 - the row is enough
    """Add `expected`, the id that follows from the parent."""
    return [
        row | {"expected": f"{row['parent_id'] or row['claim_id']}.{extract_name(row['figure_id'])}"} for row in rows
    ]


def _check_distinct(frames: Frames) -> Lazy:
    """Report figures of one list that count the same people, apart from the first key."""
    listed = frames["figures_nested"].filter(
        (nw.col("relation") != "additional") & ~(describe_group() == UNDESCRIBED_GROUP) & (nw.col("copies") == 1)
    )
    listed = listed.with_columns(
        _list=nw.concat_str([nw.col("relation"), nw.col("axis").fill_null("")], separator=" "), _group=describe_group()
    )
    of_list = ["linked_parent_id", "_list", "outcome", "unit", "_group"]
    first = listed.group_by(*of_list).agg(nw.col("figure_id").min().alias("first_id"))
    judged = listed.join(first, on=of_list, how="inner")
    return judged.select(
        "figure_id", "claim_id", "label", first=extract_last_name("first_id"), name=extract_last_name("figure_id"),
        **{VERDICT: nw.col("figure_id") == nw.col("first_id")},
    )  # fmt: skip


def _check_one_root(frames: Frames) -> Lazy:
    roots = frames["figures_resolved"].filter(nw.col("parent_id").is_null() & (nw.col("copies") == 1))
    kind = ["claim_id", "outcome", "unit"]
    first = roots.group_by(*kind).agg(nw.col("figure_id").min().alias("first_id"))
    judged = roots.join(first, on=kind, how="inner")
    return judged.select("figure_id", *kind, "first_id", (nw.col("figure_id") == nw.col("first_id")).alias(VERDICT))


RULES = (
    Rule(
        id="figures.parent-in-claim",
        number=9,
        table="figures",
        severity="error",
        fields=("parent_id", "claim_id"),
        check=_check_parent_in_claim,
        message="its parent {parent_id} belongs to the claim {parent_claim_id}, not to {claim_id}",
        hint="Name a figure of the same claim, or none.",
        why=(
            "A tree of figures is what one claimant says at one time. A figure that hangs under another claim's number would "
            "be checked against, and take its place and dates from, something that somebody else said."
        ),
    ),
    Rule(
        id="figures.parent-not-in-cycle",
        number=9,
        table="figures",
        severity="error",
        fields=("parent_id",),
        check=_check_no_cycle,
        message="following the parents from {figure_id} leads back to it",
        hint="Find the figure of the circle that has no parent, and empty its parent_id.",
        why=(
            "A figure cannot be a part of itself. A circle has no total, so none of its numbers can be checked or summed, and "
            "a program that walks up to the total would never end."
        ),
    ),
    Rule(
        id="figures.depth-within-limit",
        number=9,
        table="figures",
        severity="error",
        fields=("parent_id",),
        check=_is_within_depth(),
        message="it lies {depth} levels below its total; the most is 8",
        hint="Hang the figure under a wider one; say what sets it apart in its own columns.",
        why=(
            "No page divides a number more than a few times. A tree deeper than eight is a fault of the program that wrote it, "
            "and everything that follows trees relies on an end."
        ),
        view="figures_resolved",
    ),
    Rule(
        id="figures.same-outcome-as-parent",
        number=11,
        table="figures",
        severity="error",
        fields=("outcome", "unit"),
        check=is_same_kind(),
        message="it counts {outcome} ({unit}) under a figure of {parent_outcome} ({parent_unit})",
        hint="Move it under the total of its own outcome and unit.",
        why=(
            "Parts are summed against their total, and only like can be summed: the injured are no part of the killed, and "
            "families are no part of persons."
        ),
        view="figures_nested",
    ),
    Rule(
        id="figures.axis-on-parts",
        number=11,
        table="figures",
        severity="error",
        fields=("axis", "relation"),
        check=nw.when(is_filled("relation")).then((nw.col("relation") == "part") == is_filled("axis")),
        message="the relation is {relation}, and the axis is {axis}",
        hint="A part names the axis of its list; a total, a subset and an additional figure have none.",
        why=(
            "The axis says which figures make up one complete list. Without it parts of two lists would be added together, "
            "and a subset with an axis would be taken for a part."
        ),
    ),
    Rule(
        id="figures.total-is-root",
        number=11,
        table="figures",
        severity="error",
        fields=("relation", "parent_id"),
        check=nw.when(is_filled("relation")).then((nw.col("relation") == "total") == nw.col("parent_id").is_null()),
        message="the relation is {relation}, and the parent is {parent_id}",
        hint="A total has no parent; every other figure names the one that it divides.",
        why=(
            "The totals are the roots. A part without a parent is counted by nobody, and a total under another figure is "
            "counted twice by whoever adds up totals."
        ),
    ),
    Rule(
        id="figures.siblings-distinct",
        number=11,
        table="figures",
        severity="error",
        fields=("label", "actor_id", "person_status", "role", "sex", "age", "location_id", "perpetrator_id", "cause"),
        check=_check_distinct,
        message="{name} counts the same people as {first} in the same list",
        hint="Say in its columns or its label what sets it apart, or take one of the two out.",
        why=(
            "Two figures of one list that nothing sets apart are one group written twice, or two groups of which one lost "
            "its description. In a complete list the same people would be added twice."
        ),
    ),
    Rule(
        id="figures.says-who",
        number=11,
        table="figures",
        severity="error",
        fields=("label", "actor_id", "person_status", "role", "sex", "age", "location_id", "perpetrator_id", "cause"),
        check=~(describe_group() == UNDESCRIBED_GROUP),
        message="nothing says whom this figure counts: its columns of description are all empty",
        hint="Fill the column that fits (actor_id, person_status, role, sex, age, location_id, ...), or the label.",
        why=(
            "A number under a total means something only if the record says which of the people it counts. A name in an id "
            "is for people to read; programs read the columns."
        ),
        view="figures_nested",
    ),
    Rule(
        id="figures.id-is-path",
        number=11,
        table="figures",
        severity="error",
        fields=("figure_id", "parent_id", "claim_id"),
        check=_is_path_id(),
        message="the id is {figure_id}, and its place in the tree makes it {expected}",
        hint="Write {expected}, or correct parent_id: an id is <claim id>.<outcome> at the root, and <parent id>.<name> below it.",
        why=(
            "An id is the figure's path, so that it stays the same when something is inserted beside it and tells a reader "
            "where the figure stands. An id that says another place than parent_id misleads."
        ),
        view="figures_resolved",
        explain=_explain_path,
    ),
    Rule(
        id="figures.one-root",
        number=12,
        table="figures",
        severity="error",
        fields=("outcome", "unit"),
        check=_check_one_root,
        message="the claim {claim_id} has a second total of {outcome} ({unit}); the first is {first_id}",
        hint="Make the one a subset of the other, or a claim of its own where place, window or claimant differ.",
        why=(
            "One claim says one total for each outcome. With two, nobody can tell which to take, and whoever adds up totals "
            "counts the people twice."
        ),
    ),
)  # fmt: skip
