"""Rules of the tree of figures: roots, names, and who is counted."""

from __future__ import annotations

import narwhals.stable.v1 as nw

from conflictdata.rules._figures import (
    UNDESCRIBED_GROUP,
    Lazy,
    describe_group,
    extract_last_name,
    extract_name,
    is_same_kind,
)
from conflictdata.rules.base import VERDICT, Example, Frames, Row, rule
from conflictdata.schema.quantities import is_filled


def _explain_path(rows: list[Row], frames: Frames) -> list[Row]:  # noqa: ARG001 - the row is enough
    """Add `expected`, the id that follows from the parent."""
    return [
        row | {"expected": f"{row['parent_id'] or row['claim_id']}.{extract_name(row['figure_id'])}"} for row in rows
    ]


@rule(
    "figures.same-outcome-as-parent",
    "error",
    ("outcome", "unit"),
    message="it counts {outcome} ({unit}) under a figure of {parent_outcome} ({parent_unit})",
    hint="Move it under the total of its own outcome and unit.",
    why=(
        "Parts are summed against their total, and only like can be summed: the injured are not a part of the killed, and "
        "families are not a part of persons."
    ),
    view="figures_nested",
    example=Example(
        "A figure counts the outcome of the one above it",
        bad={
            "figures.csv": """
                figure_id,parent_id,relation,outcome,sex,qualifier,low,best,high
                paper-2024-06-02.1.killed,,total,killed,,exact,8,8,8
                paper-2024-06-02.1.killed.women,paper-2024-06-02.1.killed,subset,injured,female,exact,3,3,3
                """,
        },
        good={
            "figures.csv": """
                figure_id,parent_id,relation,outcome,sex,qualifier,low,best,high
                paper-2024-06-02.1.killed,,total,killed,,exact,8,8,8
                paper-2024-06-02.1.killed.women,paper-2024-06-02.1.killed,subset,killed,female,exact,3,3,3
                """,
        },
    ),
)
def _check_same_outcome_as_parent() -> nw.Expr:
    return is_same_kind()


@rule(
    "figures.axis-on-parts",
    "error",
    ("axis", "relation"),
    message="the relation is {relation}, and the axis is {axis}",
    hint="A part names the axis of its list; a total, a subset and an additional figure have none.",
    why=(
        "The axis says which figures make up one complete list. Without it parts of two lists would be added together, "
        "and a subset with an axis would be taken for a part."
    ),
    example=Example(
        "Parts have an axis, and nothing else has",
        bad={
            "figures.csv": """
                figure_id,parent_id,relation,axis,sex,qualifier,low,best,high
                paper-2024-06-02.1.killed,,total,,,exact,8,8,8
                paper-2024-06-02.1.killed.women,paper-2024-06-02.1.killed,subset,sex,female,exact,3,3,3
                """,
        },
        good={
            "figures.csv": """
                figure_id,parent_id,relation,axis,sex,qualifier,low,best,high
                paper-2024-06-02.1.killed,,total,,,exact,8,8,8
                paper-2024-06-02.1.killed.women,paper-2024-06-02.1.killed,subset,,female,exact,3,3,3
                """,
        },
    ),
)
def _check_axis_on_parts() -> nw.Expr:
    return nw.when(is_filled("relation")).then((nw.col("relation") == "part") == is_filled("axis"))


@rule(
    "figures.total-is-root",
    "error",
    ("relation", "parent_id"),
    message="the relation is {relation}, and the parent is {parent_id}",
    hint="A total has no parent; every other figure names the one that it divides.",
    why=(
        "The totals are the roots. A part without a parent is counted by nobody, and a total under another figure is "
        "counted twice by whoever adds up totals."
    ),
    example=Example(
        "A total has nothing above it, and everything else has",
        bad={
            "figures.csv": """
                figure_id,parent_id,relation,sex,qualifier,low,best,high
                paper-2024-06-02.1.killed,,total,,exact,8,8,8
                paper-2024-06-02.1.killed.women,paper-2024-06-02.1.killed,total,female,exact,3,3,3
                """,
        },
        good={
            "figures.csv": """
                figure_id,parent_id,relation,sex,qualifier,low,best,high
                paper-2024-06-02.1.killed,,total,,exact,8,8,8
                paper-2024-06-02.1.killed.women,paper-2024-06-02.1.killed,subset,female,exact,3,3,3
                """,
        },
    ),
)
def _check_total_is_root() -> nw.Expr:
    return nw.when(is_filled("relation")).then((nw.col("relation") == "total") == nw.col("parent_id").is_null())


@rule(
    "figures.siblings-distinct",
    "error",
    ("label", "actor_id", "person_status", "role", "sex", "age", "location_id", "perpetrator_id", "cause"),
    message="{name} counts the same people as {first} in the same list",
    hint="Say in its columns or its label what sets it apart, or take one of the two out.",
    why=(
        "Two figures of one list that nothing sets apart are one group written twice, or two groups of which one lost "
        "its description. In a complete list the same people would be added twice."
    ),
    example=Example(
        "Parts of one list count different people",
        bad={
            "claim": """
                killed:
                  n: 8
                  by sex:
                    women: 3
                    others: {n: 5, sex: female, age: adult}
                """,
        },
        good={
            "claim": """
                killed:
                  n: 8
                  by sex:
                    women: 3
                    men: 5
                """,
        },
    ),
)
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


@rule(
    "figures.says-who",
    "error",
    ("label", "actor_id", "person_status", "role", "sex", "age", "location_id", "perpetrator_id", "cause"),
    message="nothing says whom this figure counts: its columns of description are all empty",
    hint="Fill the column that fits (actor_id, person_status, role, sex, age, location_id, ...), or the label.",
    why=(
        "A number under a total means something only if the record says which of the people it counts. A name in an id "
        "is for people to read; programs read the columns."
    ),
    view="figures_nested",
    example=Example(
        "A figure says whom it counts",
        bad={
            "figures.csv": """
                figure_id,parent_id,relation,label,qualifier,low,best,high
                paper-2024-06-02.1.killed,,total,,exact,8,8,8
                paper-2024-06-02.1.killed.guests,paper-2024-06-02.1.killed,subset,,exact,3,3,3
                """,
        },
        good={
            "figures.csv": """
                figure_id,parent_id,relation,label,qualifier,low,best,high
                paper-2024-06-02.1.killed,,total,,exact,8,8,8
                paper-2024-06-02.1.killed.guests,paper-2024-06-02.1.killed,subset,guests of a wedding,exact,3,3,3
                """,
        },
    ),
)
def _check_says_who() -> nw.Expr:
    return ~(describe_group() == UNDESCRIBED_GROUP)


@rule(
    "figures.id-is-path",
    "error",
    ("figure_id", "parent_id", "claim_id"),
    message="the id is {figure_id}, and its place in the tree makes it {expected}",
    hint="Write {expected}, or correct parent_id: an id is <claim id>.<outcome> at the root, and <parent id>.<name> below it.",
    why=(
        "An id is the figure's path, so that it stays the same when something is inserted beside it and tells a reader "
        "where the figure is. An id that says another place than parent_id misleads."
    ),
    view="figures_resolved",
    explain=_explain_path,
    example=Example(
        "A figure's id is the id above it and one name more",
        bad={
            "figures.csv": """
                figure_id,parent_id,relation,sex,qualifier,low,best,high
                paper-2024-06-02.1.killed,,total,,exact,8,8,8
                paper-2024-06-02.1.killed.men.women,paper-2024-06-02.1.killed,subset,female,exact,3,3,3
                """,
        },
        good={
            "figures.csv": """
                figure_id,parent_id,relation,sex,qualifier,low,best,high
                paper-2024-06-02.1.killed,,total,,exact,8,8,8
                paper-2024-06-02.1.killed.women,paper-2024-06-02.1.killed,subset,female,exact,3,3,3
                """,
        },
    ),
)
def _is_path_id() -> nw.Expr:
    above = nw.coalesce("parent_id", "claim_id")
    path = nw.concat_str([above, extract_last_name("figure_id")], separator=".")
    return nw.when(is_filled("root_id")).then(nw.col("figure_id") == path)


@rule(
    "figures.one-root",
    "error",
    ("outcome", "unit"),
    message="the claim {claim_id} has a second total of {outcome} ({unit}); the first is {first_id}",
    hint="Make the one a subset of the other, or a claim of its own where place, window or claimant differ.",
    why=(
        "One claim says one total for each outcome. With two, nobody can tell which to take, and whoever adds up totals "
        "counts the people twice."
    ),
    example=Example(
        "A claim has one total of an outcome",
        bad={
            "figures.csv": """
                figure_id,relation,outcome,qualifier,low,best,high
                paper-2024-06-02.1.killed,total,killed,exact,8,8,8
                paper-2024-06-02.1.killed_again,total,killed,exact,9,9,9
                """,
        },
        good={
            "figures.csv": """
                figure_id,relation,outcome,qualifier,low,best,high
                paper-2024-06-02.1.killed,total,killed,exact,8,8,8
                paper-2024-06-02.1.injured,total,injured,exact,9,9,9
                """,
        },
    ),
)
def _check_one_root(frames: Frames) -> Lazy:
    roots = frames["figures_resolved"].filter(nw.col("parent_id").is_null() & (nw.col("copies") == 1))
    kind = ["claim_id", "outcome", "unit"]
    first = roots.group_by(*kind).agg(nw.col("figure_id").min().alias("first_id"))
    judged = roots.join(first, on=kind, how="inner")
    return judged.select("figure_id", *kind, "first_id", (nw.col("figure_id") == nw.col("first_id")).alias(VERDICT))
