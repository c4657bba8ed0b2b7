"""Rules of duplicates: claims of one page that repeat or contradict each other."""

from __future__ import annotations

from collections import Counter
from typing import Any

import narwhals.stable.v1 as nw

from conflictdata.rules._compared_values import write_quantity
from conflictdata.rules._figures import format_figure_column
from conflictdata.rules._helpers import GROUP, Lazy, join_columns, select_with_suffix
from conflictdata.rules.base import VERDICT, Example, Frames, Row, rule
from conflictdata.schema.quantities import is_filled

# Claims of one page are about the same people if all of these are equal.
_TARGET = (
    "source_id", "claimant_id", "conflict_id", "event_id", "last_event_id", "event_count", "location_id", "scope", "basis", "period_start", "period_end",
    "as_of", "by_first", "by_last", "by_count",
)  # fmt: skip
_PEOPLE = ("outcome", "unit", *GROUP)
_VALUE = ("qualifier", "low", "best", "high")
_NUMBER = (*_VALUE, "share")
_COMPARED = 10  # earlier totals of the same people with which each is compared; one that differs makes the finding


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


def _find_twins(totals: Lazy) -> dict[str, str]:
    """Return the claims that have the totals of an earlier claim with the same target, and that one.

    A page may have thousands of claims, so they are not compared in pairs: those with equal numbers, first and last
    totals are collected, and compared by their sets.
    """
    of = ("target", "totals", "first", "last")
    total = nw.col("total")
    count = totals.group_by("claim_id", "target").agg(totals=nw.len(), first=total.min(), last=total.max())
    shared = count.group_by(*of).agg(claims=nw.len()).filter(nw.col("claims") > 1)
    alike = totals.join(count.join(shared, on=list(of), how="inner").select("claim_id"), on="claim_id", how="inner")
    sets: dict[tuple[str, str], set[str]] = {}
    for claim, target, text in alike.select("claim_id", "target", "total").collect().to_polars().iter_rows():
        sets.setdefault((claim, target), set()).add(text)
    first: dict[Any, str] = {}
    twins = {key[0]: first.setdefault((key[1], frozenset(sets[key])), key[0]) for key in sorted(sets)}
    return {claim: twin for claim, twin in twins.items() if twin != claim}


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


def _list_late_totals(totals: Lazy) -> list[str]:
    """Return the totals after the first `_COMPARED` of the same people, by id. Few pages have any."""
    sizes = totals.group_by("people").agg(size=nw.len()).filter(nw.col("size") > _COMPARED).select("people")
    many = totals.join(sizes, on="people", how="inner").select("people", "figure_id").collect().to_polars()
    seen: Counter[str] = Counter()
    late = []
    for people, figure in sorted(many.iter_rows()):
        seen[people] += 1
        if seen[people] > _COMPARED:
            late.append(figure)
    return late


def _find_unlinked_pairs(frames: Frames, totals: Lazy) -> Lazy:
    """Return pairs of totals with different numbers for the same people, unexplained.

    The other total (`..._other`) is of an earlier claim of the page, and among the first `_COMPARED` totals of these
    people, so that a page of thousands of claims takes no more than its share. No link or correction connects the two
    claims.
    """
    others = totals
    if late := _list_late_totals(totals):
        others = totals.filter(~nw.col("figure_id").is_in(late))
    other = select_with_suffix(others, ("figure_id", "claim_id", "people", "value", *_NUMBER), "_other")
    pairs = totals.join(other, left_on="people", right_on="people_other", how="inner")
    pairs = pairs.filter((nw.col("claim_id_other") < nw.col("claim_id")) & (nw.col("value") != nw.col("value_other")))
    return pairs.join(
        _select_linked_pairs(frames), left_on=["claim_id", "claim_id_other"], right_on=["claim_id", "other"], how="anti"
    )


def _explain_values(rows: list[Row], frames: Frames) -> list[Row]:
    """Add `pairs`: the numbers of the figure and of each conflicting one, by id."""
    pairs = _find_unlinked_pairs(frames, _select_valued_totals(frames)).filter(
        nw.col("figure_id").is_in([row["figure_id"] for row in rows])
    )
    conflicts = sorted(pairs.collect().to_polars().to_dicts(), key=lambda pair: pair["figure_id_other"])
    of_figure: dict[str, list[Row]] = {}
    for pair in conflicts:
        of_figure.setdefault(pair["figure_id"], []).append(pair)
    return [row | {"pairs": of_figure.get(row["figure_id"], [])} for row in rows]


def _write_values(row: Row) -> str:
    others = [f"{_write_number(pair, '_other')} in {pair['figure_id_other']}" for pair in row["pairs"]]
    return f"{_write_number(row['pairs'][0])}, {', '.join(others)}"


def _write_number(pair: Row, ending: str = "") -> str:
    return write_quantity({column: pair[f"{column}{ending}"] for column in _NUMBER})


@rule(
    "claims.said-once",
    "error",
    ("claim_id", "source_id", "claimant_id", "period_start", "period_end", "location_id", "scope"),
    message="the claim repeats {twin}: same page, claimant, window and place, and the same totals ({totals} of {totals})",
    hint="Delete the one that holds less. If they are about different people, say how they differ: event, place, label.",
    why=(
        "A claim that occurs twice is counted twice by everybody who counts or averages claims, and it makes one page look "
        "like two witnesses."
    ),
    requires_tables=("figures", "claim_perpetrators", "claim_events"),
    example=Example(
        "A page says a thing once",
        bad={
            "claims": """
                1:
                  claimant: observatory
                  during: 2024-06-01
                  as_of: 2024-06-01
                  location: town
                  killed: 8
                2:
                  claimant: observatory
                  during: 2024-06-01
                  as_of: 2024-06-01
                  location: town
                  killed: 8
                """,
        },
        good={
            "claims": """
                1:
                  claimant: observatory
                  during: 2024-06-01
                  as_of: 2024-06-01
                  location: town
                  killed: 8
                """,
        },
    ),
)
def _check_exact_duplicate(frames: Frames) -> Lazy:
    totals = (
        _select_totals(frames).select("claim_id", "target", total=join_columns((*_PEOPLE, *_VALUE, "share"))).unique()
    )
    judged = totals.group_by("claim_id").agg(totals=nw.len())
    twins = _find_twins(totals)
    if not twins:
        return judged.with_columns(twin=nw.lit(None, nw.String), **{VERDICT: nw.lit(True)})
    twin = nw.col("claim_id").replace_strict(twins, default=None, return_dtype=nw.String)
    judged = judged.with_columns(twin=twin)
    return judged.with_columns(nw.col("twin").is_null().alias(VERDICT))


@rule(
    "claims.tree-said-once",
    "warning",
    ("as_of", "claim_id"),
    message="the claim repeats all figures of {twin}, as of {as_of} in place of {as_of_other}",
    hint="Compare both days with the page. If it has the numbers once, delete the claim with the wrong day.",
    why=(
        "A page seldom gives the same numbers for two days. A block that was copied, and of which only the day was changed, makes "
        "a toll that seems to have stopped."
    ),
    requires_tables=("figures", "claim_events"),
    found="{twin}, as of {as_of_other} and {as_of}",
    skip_for_imports=True,  # a table with a row per day repeats a toll that did not change
    example=Example(
        "A page gives the figures of a claim for one day",
        bad={
            "claims": """
                1: {claimant: observatory, since: 2024-05-01, as_of: 2024-06-01, location: syria, killed: 8, injured: 20}
                2: {claimant: observatory, since: 2024-05-01, as_of: 2024-06-02, location: syria, killed: 8, injured: 20}
                """,
        },
        good={
            "claims": """
                1: {claimant: observatory, since: 2024-05-01, as_of: 2024-06-01, location: syria, killed: 8, injured: 20}
                2: {claimant: observatory, since: 2024-05-01, as_of: 2024-06-02, location: syria, killed: 9, injured: 20}
                """,
        },
    ),
)
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


@rule(
    "figures.one-value-a-page",
    "warning",
    ("low", "best", "high", "qualifier", "claim_id"),
    message="{outcome} is {n} here and {n_other} in {claim_id_other}: same page, claimant, window, place and group",
    hint="If the page contradicts itself, link the claims (`conflicts_with:`). If the groups differ, say how.",
    why=(
        "A page that gives one claimant two numbers for the same people contradicts itself, or counts two groups that "
        "the coding does not distinguish. Unmarked, it reads as two tolls."
    ),
    requires_tables=("claims", "claim_links", "claim_perpetrators", "claim_events"),
    waivable=True,
    explain=_explain_values,
    found=_write_values,
    after=("figures.printed-holds-number", "figures.printed-holds-qualifier", "figures.side-fits-words"),
    depends_on=(("figures", "figure_id", ("actor_id",)), ("figures", "figure_id_other", ("actor_id",))),
    affects="number",
    example=Example(
        "A page gives one number for one thing",
        bad={
            "claims": """
                1:
                  claimant: observatory
                  during: 2024-06-01
                  as_of: 2024-06-01
                  location: town
                  killed: 8
                2:
                  claimant: observatory
                  during: 2024-06-01
                  as_of: 2024-06-01
                  location: town
                  killed: at least 9
                """,
        },
        good={
            "claims": """
                1:
                  claimant: observatory
                  during: 2024-06-01
                  as_of: 2024-06-01
                  location: town
                  killed: 8
                2:
                  claimant: observatory
                  during: 2024-06-01
                  as_of: 2024-06-01
                  location: town
                  conflicts_with: paper-2024-06-02.1
                  killed: at least 9
                """,
        },
    ),
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
