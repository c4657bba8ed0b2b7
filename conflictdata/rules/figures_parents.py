"""Rules of the parent of a figure. If one is broken, nothing else is said of the claim's figures."""

from __future__ import annotations

import narwhals.stable.v1 as nw

from conflictdata.rules._figures import (
    Lazy,
    decide_verdict,
)
from conflictdata.rules.base import VERDICT, Example, Frames, rule
from conflictdata.schema.quantities import is_filled
from conflictdata.schema.views import DEEPEST


@rule(
    "figures.parent-in-claim",
    "error",
    ("parent_id", "claim_id"),
    message="its parent {parent_id} belongs to the claim {parent_claim_id}, not to {claim_id}",
    hint="Name a figure of the same claim, or none.",
    why=(
        "A tree of figures is what one claimant says at one time. A figure that hangs under another claim's number would "
        "be checked against, and take its place and dates from, something that somebody else said."
    ),
    affects="tree",
    example=Example(
        "The figure above belongs to the same claim",
        bad={
            "figures.csv": """
                figure_id,claim_id,parent_id,relation,sex,qualifier,low,best,high
                paper-2024-06-02.1.killed,paper-2024-06-02.1,,total,,exact,8,8,8
                paper-2024-06-02.2.killed,paper-2024-06-02.2,,total,,exact,9,9,9
                paper-2024-06-02.2.killed.women,paper-2024-06-02.2,paper-2024-06-02.1.killed,subset,female,exact,3,3,3
                """,
        },
        good={
            "figures.csv": """
                figure_id,claim_id,parent_id,relation,sex,qualifier,low,best,high
                paper-2024-06-02.1.killed,paper-2024-06-02.1,,total,,exact,8,8,8
                paper-2024-06-02.2.killed,paper-2024-06-02.2,,total,,exact,9,9,9
                paper-2024-06-02.2.killed.women,paper-2024-06-02.2,paper-2024-06-02.2.killed,subset,female,exact,3,3,3
                """,
        },
    ),
)
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


@rule(
    "figures.parent-not-in-cycle",
    "error",
    ("parent_id",),
    message="following the parents from {figure_id} leads back to it",
    hint="Find the figure of the circle that has no parent, and empty its parent_id.",
    why=(
        "A figure cannot be a part of itself. A circle has no total, so none of its numbers can be checked or summed, and "
        "a program that walks up to the total would never end."
    ),
    affects="tree",
    example=Example(
        "The figures above a figure come to an end",
        bad={
            "figures.csv": """
                figure_id,parent_id,relation,sex,role,qualifier,low,best,high
                paper-2024-06-02.1.killed.women,paper-2024-06-02.1.killed.women.police,subset,female,,exact,3,3,3
                paper-2024-06-02.1.killed.women.police,paper-2024-06-02.1.killed.women,subset,,police,exact,3,3,3
                """,
        },
        good={
            "figures.csv": """
                figure_id,parent_id,relation,sex,role,qualifier,low,best,high
                paper-2024-06-02.1.killed,,total,,,exact,8,8,8
                paper-2024-06-02.1.killed.women,paper-2024-06-02.1.killed,subset,female,,exact,3,3,3
                paper-2024-06-02.1.killed.women.police,paper-2024-06-02.1.killed.women,subset,,police,exact,3,3,3
                """,
        },
    ),
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


@rule(
    "figures.depth-within-limit",
    "error",
    ("parent_id",),
    message="it lies {depth} levels below its total; the most is 8",
    hint="Hang the figure under a wider one; say what sets it apart in its own columns.",
    why=(
        "No page divides a number more than a few times. A tree deeper than eight is a fault of the program that wrote it, "
        "and everything that follows trees relies on an end."
    ),
    view="figures_resolved",
    affects="tree",
    example=Example(
        "A figure lies at most 8 levels below its total",
        bad={
            "figures.csv": """
                figure_id,parent_id,relation,label,qualifier,low,best,high
                paper-2024-06-02.1.killed,,total,,exact,9,9,9
                paper-2024-06-02.1.killed.a,paper-2024-06-02.1.killed,subset,level 1,exact,9,9,9
                paper-2024-06-02.1.killed.b,paper-2024-06-02.1.killed.a,subset,level 2,exact,9,9,9
                paper-2024-06-02.1.killed.c,paper-2024-06-02.1.killed.b,subset,level 3,exact,9,9,9
                paper-2024-06-02.1.killed.d,paper-2024-06-02.1.killed.c,subset,level 4,exact,9,9,9
                paper-2024-06-02.1.killed.e,paper-2024-06-02.1.killed.d,subset,level 5,exact,9,9,9
                paper-2024-06-02.1.killed.f,paper-2024-06-02.1.killed.e,subset,level 6,exact,9,9,9
                paper-2024-06-02.1.killed.g,paper-2024-06-02.1.killed.f,subset,level 7,exact,9,9,9
                paper-2024-06-02.1.killed.h,paper-2024-06-02.1.killed.g,subset,level 8,exact,9,9,9
                paper-2024-06-02.1.killed.i,paper-2024-06-02.1.killed.h,subset,level 9,exact,9,9,9
                """,
        },
        good={
            "claim": "killed: {n: 9, including: {women: {n: 3, including: {officers: 1}}}}",
        },
    ),
)
def _is_within_depth() -> nw.Expr:
    """Return whether a figure is within the depth limit.

    False for the first level that is too deep, null below it.
    """
    depth = nw.col("depth")
    return nw.when(depth <= DEEPEST + 1).then(depth <= DEEPEST)
