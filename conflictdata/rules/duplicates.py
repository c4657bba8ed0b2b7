"""Rules of duplicates: claims of one page that repeat or contradict each other."""

from __future__ import annotations

from collections import Counter
from typing import Any

import narwhals.stable.v1 as nw

from conflictdata.rules._compared_values import write_quantity
from conflictdata.rules._figures import format_figure_column
from conflictdata.rules._helpers import GROUP, Lazy, is_filled, join_columns, select_with_suffix
from conflictdata.rules.base import VERDICT, Frames, Row, Rule

# Claims of one page are about the same people if all of these are equal.
_TARGET = (
    "source_id", "claimant_id", "conflict_id", "event_id", "last_event_id", "event_count", "location_id", "scope", "basis", "period_start", "period_end",
    "as_of", "by_first", "by_last", "by_count",
)  # fmt: skip
_PEOPLE = ("outcome", "unit", *GROUP)
_VALUE = ("qualifier", "low", "best", "high")
_NUMBER = (*_VALUE, "share")


def _select_claims_by_target(frames: Frames) -> Lazy:
    """Return `claim_id` and `target`, a text equal for claims about the same people.

    The text includes the page.
    """
    # Two sets of perpetrators count as the same if first, last and number agree. Three and more hardly occur.
    by = frames["claim_perpetrators"].filter(is_filled("claim_id")).group_by("claim_id")
    actor = nw.col("actor_id")
    counted = by.agg(by_first=actor.min(), by_last=actor.max(), by_count=nw.len())
    claims = frames["claims_resolved"].filter(is_filled("claim_id")).join(counted, on="claim_id", how="left")
    return claims.select("claim_id", target=join_columns(_TARGET))


def _select_totals(frames: Frames) -> Lazy:
    """Return the totals of all claims, with the `target` of their claim."""
    total = is_filled("claim_id") & nw.col("parent_id").is_null() & (nw.col("relation") == "total")
    return frames["figures"].filter(total).join(_select_claims_by_target(frames), on="claim_id", how="inner")


def _check_exact_duplicate(frames: Frames) -> Lazy:
    totals = (
        _select_totals(frames).select("claim_id", "target", total=join_columns((*_PEOPLE, *_VALUE, "share"))).unique()
    )
    count = totals.group_by("claim_id", "target").agg(totals=nw.len())
    other = select_with_suffix(totals, ("claim_id", "target", "total"), "_other")
    pairs = totals.join(other, left_on=["target", "total"], right_on=["target_other", "total_other"], how="inner")
    same = (
        pairs.filter(nw.col("claim_id_other") < nw.col("claim_id"))
        .group_by("claim_id", "claim_id_other")
        .agg(same=nw.len())
    )
    both = same.join(count, on="claim_id", how="inner")
    both = both.join(select_with_suffix(count, ("claim_id", "totals"), "_other"), on="claim_id_other", how="inner")
    alike = both.filter((nw.col("same") == nw.col("totals")) & (nw.col("same") == nw.col("totals_other")))
    twin = alike.group_by("claim_id").agg(twin=nw.col("claim_id_other").min())
    judged = count.select("claim_id", "totals").join(twin, on="claim_id", how="left")
    return judged.with_columns(nw.col("twin").is_null().alias(VERDICT))


# Two claims of a page with all of these equal differ in nothing but their last day.
_SAME_BUT_DAY = tuple(c for c in _TARGET if c not in ("as_of", "period_end", "by_first", "by_last", "by_count"))


def _select_alike(frames: Frames) -> dict[str, tuple[Any, ...]]:
    """Return the claims of which another one differs in nothing but its last day, with `_SAME_BUT_DAY`, by id."""
    claims = frames["claims_resolved"].filter(is_filled("claim_id") & is_filled("as_of"))
    rows = claims.select("claim_id", *_SAME_BUT_DAY).collect().to_polars().sort("claim_id").iter_rows()
    targets = {row[0]: row[1:] for row in rows}
    times = Counter(targets.values())
    return {claim: target for claim, target in targets.items() if times[target] > 1}


def _find_copied_trees(frames: Frames) -> dict[str, str]:
    """Return the claims that repeat all figures of an earlier one with another last day, and that one.

    A figure is compared by its path, its people and its number. Compared in Python: few claims are alike.
    """
    targets = _select_alike(frames)
    trees: dict[str, set[tuple[Any, ...]]] = {claim: set() for claim in targets}
    figures = frames["figures"].filter(nw.col("claim_id").is_in(list(targets)))
    for row in figures.select("claim_id", "figure_id", *_PEOPLE, *_NUMBER).collect().to_polars().iter_rows():
        trees[row[0]].add((row[1].removeprefix(row[0]), *row[2:]))
    first: dict[Any, str] = {}
    twins = {claim: first.setdefault((target, frozenset(trees[claim])), claim) for claim, target in targets.items()}
    return {claim: twin for claim, twin in twins.items() if twin != claim and trees[claim]}


def _check_tree_once(frames: Frames) -> Lazy:
    """Check that no claim repeats all figures of another one of its page, with another as-of day."""
    copied = _find_copied_trees(frames)
    claims = frames["claims"].filter(is_filled("claim_id")).select("claim_id", "as_of")
    if not copied:
        return claims.with_columns(is_filled("claim_id").alias(VERDICT))
    twin = nw.col("claim_id").replace_strict(copied, default=None, return_dtype=nw.String)
    other = claims.select(twin="claim_id", as_of_other="as_of")
    judged = claims.with_columns(twin=twin).join(other, on="twin", how="left")
    differs = (nw.col("as_of") != nw.col("as_of_other")).fill_null(False)
    return judged.with_columns((~differs).alias(VERDICT))


def _select_linked_pairs(frames: Frames) -> Lazy:
    """Return pairs of claims that are linked or correct each other, in both orders."""
    links = frames["claim_links"].select("claim_id", other="other_id")
    corrections = frames["claims"].filter(is_filled("supersedes")).select("claim_id", other="supersedes")
    forward = nw.concat([links, corrections])
    backward = forward.select(claim_id="other", other="claim_id")
    return nw.concat([forward, backward]).unique()


def _select_valued_totals(frames: Frames) -> Lazy:
    """Return the totals with their people and numbers.

    Returns:
        `people`, a text equal for the same people on the same page; `value`, the number as a key; `n`, the number in
        words; and the columns of the number.
    """
    return _select_totals(frames).select(
        "figure_id",
        "claim_id",
        *_NUMBER,
        outcome="outcome",
        people=join_columns(("target", *_PEOPLE)),
        value=join_columns(_VALUE),
        n=format_figure_column(),
    )


def _find_unlinked_pairs(frames: Frames, totals: Lazy) -> Lazy:
    """Return pairs of totals with different numbers for the same people, unexplained.

    The other total (`..._other`) is of an earlier claim of the page. No link or correction connects the two claims.
    """
    other = select_with_suffix(totals, ("figure_id", "claim_id", "people", "value", *_NUMBER), "_other")
    pairs = totals.join(other, left_on="people", right_on="people_other", how="inner")
    pairs = pairs.filter((nw.col("claim_id_other") < nw.col("claim_id")) & (nw.col("value") != nw.col("value_other")))
    return pairs.join(
        _select_linked_pairs(frames), left_on=["claim_id", "claim_id_other"], right_on=["claim_id", "other"], how="anti"
    )


def _check_one_value(frames: Frames) -> Lazy:
    totals = _select_valued_totals(frames)
    loose = _find_unlinked_pairs(frames, totals)
    first = loose.group_by("figure_id").agg(figure_id_other=nw.col("figure_id_other").min())
    named = first.join(
        select_with_suffix(totals, ("figure_id", "claim_id", "n"), "_other"), on="figure_id_other", how="left"
    )
    judged = totals.select("figure_id", "claim_id", "outcome", "n").join(named, on="figure_id", how="left")
    return judged.with_columns(nw.col("figure_id_other").is_null().alias(VERDICT))


def _explain_values(rows: list[Row], frames: Frames) -> list[Row]:
    """Add `pairs`: the numbers of the figure and of each conflicting one, by id."""
    pairs = _find_unlinked_pairs(frames, _select_valued_totals(frames)).filter(
        nw.col("figure_id").is_in([row["figure_id"] for row in rows])
    )
    conflicts = sorted(pairs.collect().to_polars().to_dicts(), key=lambda pair: pair["figure_id_other"])
    return [row | {"pairs": [pair for pair in conflicts if pair["figure_id"] == row["figure_id"]]} for row in rows]


def _write_values(row: Row) -> str:
    others = [f"{_write_number(pair, '_other')} in {pair['figure_id_other']}" for pair in row["pairs"]]
    return f"{_write_number(row['pairs'][0])}, {', '.join(others)}"


def _write_number(pair: Row, ending: str = "") -> str:
    return write_quantity({column: pair[f"{column}{ending}"] for column in _NUMBER})


RULES: tuple[Rule, ...] = (
    Rule(
        id="claims.said-once",
        number=27,
        table="claims",
        severity="error",
        fields=("claim_id", "source_id", "claimant_id", "period_start", "period_end", "location_id", "scope"),
        check=_check_exact_duplicate,
        message="the claim repeats {twin}: same page, claimant, window and place, and the same totals ({totals} of {totals})",
        hint="Delete the one that holds less. If they are about different people, say how they differ: event, place, label.",
        why=(
            "A claim that stands twice is counted twice by everybody who counts or averages claims, and it makes one page look "
            "like two witnesses."
        ),
        requires_tables=("figures", "claim_perpetrators", "claim_events"),
    ),
    Rule(
        id="claims.tree-said-once",
        number=27,
        table="claims",
        severity="warning",
        fields=("as_of", "claim_id"),
        check=_check_tree_once,
        message="the claim repeats all figures of {twin}, as of {as_of} in place of {as_of_other}",
        hint="Compare both days with the page. If it has the numbers once, delete the claim with the wrong day.",
        why=(
            "A page seldom gives the same numbers for two days. A block that was copied, and of which only the day was changed, makes "
            "a toll that seems to have stopped."
        ),
        requires_tables=("figures", "claim_events"),
        found="{twin}, as of {as_of_other} and {as_of}",
        skip_for_imports=True,  # a table with a row per day repeats a toll that did not change
    ),
    Rule(
        id="figures.one-value-a-page",
        number=28,
        table="figures",
        severity="warning",
        fields=("low", "best", "high", "qualifier", "claim_id"),
        check=_check_one_value,
        message="{outcome} is {n} here and {n_other} in {claim_id_other}: same page, claimant, window, place and group",
        hint="If the page contradicts itself, link the claims (`conflicts_with:`). If the groups differ, say how.",
        why=(
            "A page that gives one claimant two numbers for the same people contradicts itself, or counts two groups that "
            "the coding has not told apart. Unmarked, it reads as two tolls."
        ),
        requires_tables=("claims", "claim_links", "claim_perpetrators", "claim_events"),
        waivable=True,
        explain=_explain_values,
        found=_write_values,
    ),
)
