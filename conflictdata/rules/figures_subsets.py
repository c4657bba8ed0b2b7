"""Rules of partial lists: subsets against their whole.

Also a group against the members of another list of the same figure.
"""

from __future__ import annotations

import narwhals.stable.v1 as nw

from conflictdata.rules._compared_values import write_quantity
from conflictdata.rules._diagnosis import Diagnosis, find_misprint
from conflictdata.rules._figures import (
    UNDESCRIBED_GROUP,
    Lazy,
    describe_group,
    extract_last_name,
    format_figure,
    format_figure_column,
    is_comparable,
    join_keys,
    select_subsets,
)
from conflictdata.rules._helpers import GROUP
from conflictdata.rules.base import VERDICT, Example, Frames, Row, rule
from conflictdata.rules.figures_quotes import check_printed_numbers
from conflictdata.schema.quantities import is_filled


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
    """Add `clue`, `likely_error`, `spot` and `at`.

    The whole is the likely error if its printed phrase contains another number.
    """
    wholes = frames["figures"].filter(nw.col("figure_id").is_in([row["whole_id"] for row in rows]))
    by_id = {row["figure_id"]: row for row in wholes.collect().to_polars().to_dicts()}
    printed = check_printed_numbers(frames, [name for row in rows for name in (row["figure_id"], row["whole_id"])])
    explained = []
    for row in rows:
        diagnosis = find_misprint([row, by_id[row["whole_id"]]], printed)
        if diagnosis.likely_error is None and row["low"] % 10 == 0 and row["low"] // 10 <= row["whole_high"]:
            diagnosis = Diagnosis(row["figure_id"], f"Is it {row['low'] // 10}, with one 0 too many? ")
        explained.append(row | vars(diagnosis) | {"at": "|".join((row["figure_id"], row["whole_id"]))})
    return explained


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


@rule(
    "figures.subset-within-parent",
    "error",
    ("low", "best"),
    message="`{name}` is {number}, and `{whole_name}`, of which it is a subset, {whole}",
    hint="{clue}Compare both numbers with the page, or move it to `besides` if the page counts it outside. If the page says so, add a waiver.",
    why=(
        "'23 of whom were officers' cannot be said of 20 soldiers. A subset above its whole is a slip, or a group "
        "that the page counts in addition."
    ),
    waivable=True,
    explain=_explain_within,
    found=_write_both,
    after=("figures.joint-outcome-covers-both",),
    affects="number",
    example=Example(
        "A subset is not larger than its whole",
        bad={
            "claim": """
                killed:
                  n: 20
                  including:
                    officers: 23
                """,
        },
        good={
            "claim": """
                killed:
                  n: 220
                  including:
                    officers: 23
                """,
        },
    ),
)
def _check_within_bound(frames: Frames) -> Lazy:
    return _compare_with_whole(select_subsets(frames), nw.col("low") <= nw.col("parent_high"))


@rule(
    "figures.subset-within-printed",
    "warning",
    ("low", "best"),
    message="a subset of {number}, where its whole is printed as {whole}",
    hint="Compare both numbers with the page. If they are as printed, leave them: the words of the whole allow it.",
    why=(
        "'At least 727' has no upper bound, so that 800 of them are possible; but a claimant who knows of 800 would hardly have "
        "printed 727. More often the two numbers are of different days or different claimants."
    ),
    waivable=True,
    found=_write_both,
    after=("figures.printed-holds-number", "figures.printed-holds-qualifier"),
    affects="number",
    example=Example(
        "A subset is not larger than the number printed for its whole",
        bad={
            "claim": """
                killed:
                  n: at least 727
                  including:
                    civilians: 800
                """,
        },
        good={
            "claim": """
                killed:
                  n: at least 727
                  including:
                    civilians: 111
                """,
        },
    ),
)
def _check_within_printed(frames: Frames) -> Lazy:
    """Compare subsets with the number of a whole that has no upper bound.

    `_check_within_bound` compares with the upper bound.
    """
    open_ = select_subsets(frames).filter(nw.col("parent_high").is_null())
    return _compare_with_whole(open_, nw.col("low") <= nw.coalesce("parent_best", "parent_low"))


@rule(
    "figures.group-covers-list",
    "error",
    ("high", "low", "best"),
    message="{name} is {said}, but inside the list by {list_axis} the same group is {terms} = {inside}",
    hint="Compare the numbers with the page: the group as a whole holds at least what the list gives of it.",
    why=(
        "A page that counts 35 children among all the dead and also says how many children each party killed counts the same "
        "children twice over. The second count may be incomplete, but it cannot be larger than the first."
    ),
    waivable=False,
    explain=_explain_group,
    after=("figures.subset-within-parent",),
    affects="number",
    example=Example(
        "A group given beside a list is at least its sum inside the list",
        bad={
            "claim": """
                killed:
                  n: 100
                  by perpetrator:
                    army: {n: 90, including: {children: 33}}
                    rebels: {n: 10, including: {children: 2}}
                  including:
                    children: 34
                """,
        },
        good={
            "claim": """
                killed:
                  n: 100
                  by perpetrator:
                    army: {n: 90, including: {children: 33}}
                    rebels: {n: 10, including: {children: 2}}
                  including:
                    children: 35
                """,
        },
    ),
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
