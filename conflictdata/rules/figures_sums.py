"""Rules of complete lists: parts against their total."""

from __future__ import annotations

import narwhals.stable.v1 as nw

from conflictdata.rules._compared_values import write_quantity, write_sum
from conflictdata.rules._diagnosis import (
    NO_DIAGNOSIS,
    Diagnosis,
    Evidence,
    find_counted_twice,
    find_misplaced,
    find_misprint,
    find_share,
    find_slip,
    get_single_number,
)
from conflictdata.rules._figures import (
    Lazy,
    cast_to_int,
    collect_figures_by_claim,
    decide_verdict,
    format_figure,
    format_sum,
    is_any,
    is_bounded,
    is_comparable,
    join_keys,
    sum_bounds,
)
from conflictdata.rules._helpers import LEAST_UNLIKELY
from conflictdata.rules.base import VERDICT, Example, Frames, Row, rule
from conflictdata.rules.figures_quotes import check_printed_numbers
from conflictdata.schema.quantities import is_filled

_NUMBER = ("qualifier", "low", "best", "high", "share", "usable")
_RECORD = ("figure_id", "claim_id", "axis", "qualifier", "low", "best", "high", "share")


def _sum_lists(frames: Frames) -> Lazy:
    """Return one row per complete list, with the columns of its total and its sums.

    Returns:
        Besides the total's columns: `sum_low` and `sum_high`; and the number of parts that have no upper bound
        (`open`), no bounds at all (`numberless`), no exact number (`inexact`), or an unusable number (`unsure`).
    """
    parts = frames["figures_nested"].filter((nw.col("relation") == "part") & is_filled("axis"))
    exact = (nw.col("qualifier") == "exact") & is_filled("best")
    parts = parts.select(
        "axis",
        figure_id=nw.col("linked_parent_id"),
        sum_low=nw.when(is_comparable()).then(nw.col("low")).fill_null(0),
        sum_high=nw.when(is_comparable()).then(nw.col("high")).fill_null(0),
        open=cast_to_int(nw.col("high").is_null()),
        numberless=cast_to_int(~is_bounded()),
        inexact=cast_to_int(~exact),
        unsure=cast_to_int(~is_comparable()),
    )
    sums = [nw.col(c).sum() for c in ("sum_low", "sum_high", "open", "numberless", "inexact", "unsure")]
    listed = parts.group_by("figure_id", "axis").agg(*sums)
    return (
        frames["figures_resolved"]
        .select("figure_id", "claim_id", "root_id", *_NUMBER)
        .join(listed, on="figure_id", how="inner")
    )


def _is_disjoint() -> nw.Expr:
    """Return whether the intervals of the sum and of the total do not overlap."""
    too_many = nw.col("sum_low") > nw.col("high")
    too_few = (nw.col("open") == 0) & (nw.col("sum_high") < nw.col("low"))
    return is_any(too_many, too_few)


def _compute_shortfall(row: Row, low: int, high: int | None) -> int:
    """Return how much the sum is below its total, negative if it is above."""
    if row["high"] is not None and low > row["high"]:
        return int(row["high"]) - low
    return int(row["low"]) - (high or 0)


def _explain_covers(rows: list[Row], frames: Frames) -> list[Row]:
    """Add the columns of the message, and the diagnosis.

    These are `addition`, `total`, `gap`, `tail`, `missing`, `sum`, `clue`, `likely_error`, `spot` and `at`.
    """
    claims = collect_figures_by_claim(frames, (row["claim_id"] for row in rows))
    by_parent = {row["figure_id"]: _select_parts(row, claims[row["claim_id"]]) for row in rows}
    taking_part = [row["figure_id"] for parts in by_parent.values() for row in parts]
    printed = check_printed_numbers(frames, [*by_parent, *taking_part])
    totals = {figure["figure_id"]: figure for claim in claims.values() for figure in claim}
    explained = []
    for row in rows:
        parts = _select_parts(row, claims[row["claim_id"]])
        low, high = sum_bounds(parts)
        missing = _compute_shortfall(row, low, high)
        diagnosis = _find_diagnosis(totals[row["figure_id"]], parts, missing, claims[row["claim_id"]], printed)
        gap = f"{missing} short" if missing > 0 else f"{-missing} over"
        tail = (
            ""
            if diagnosis.spot
            else f"; if its words leave people out, the list is `including`, not `by {row['axis']}`"
        )
        words = {
            "addition": format_sum(parts),
            "total": format_figure(row),
            "gap": gap,
            "tail": tail,
            "sum": write_sum(low, high),
        }
        explained.append(row | words | vars(diagnosis) | {"missing": missing, "at": join_keys(parts)})
    return explained


def _select_parts(row: Row, claim: list[Row]) -> list[Row]:
    """Return the parts of the row's list, from the figures of its claim."""
    return [
        figure for figure in claim
        if figure["parent_id"] == row["figure_id"] and figure["relation"] == "part" and figure["axis"] == row["axis"]
    ]  # fmt: skip


def _write_sum_and_total(row: Row) -> str:
    return f"{row['sum']} for {write_quantity(row)}"


def _is_confirmed(figure: Row, claim: list[Row]) -> bool:
    """Return whether another list of exact numbers is right with this figure's number.

    The other list divides the figure, or the figure is one of its parts.
    """
    for whole in claim:
        if whole["figure_id"] not in (figure["figure_id"], figure["parent_id"]):
            continue
        lists: dict[str, list[Row]] = {}
        for part in claim:
            if part["parent_id"] == whole["figure_id"] and part["relation"] == "part":
                lists.setdefault(part["axis"], []).append(part)
        for parts in lists.values():
            numbers = [part["best"] for part in parts]
            takes_part = whole is figure or any(part is figure for part in parts)
            if takes_part and None not in numbers and sum(numbers) == get_single_number(whole):
                return True
    return False


def _find_diagnosis(whole: Row, parts: list[Row], missing: int, claim: list[Row], printed: Evidence) -> Diagnosis:
    """Return the probable cause of a list with a wrong sum.

    Considers in this order: a share that is coded as a count, a printed phrase with another number, a typing error, a
    misplaced figure, and a list that should be `including`.
    """
    diagnosis = find_share(whole, parts)
    if diagnosis.likely_error or diagnosis.clue:
        return diagnosis
    exact = [(part, part["best"] + missing) for part in parts if part["best"] is not None]
    number = get_single_number(whole)
    candidates = exact if number is None else [*exact, (whole, number - missing)]
    diagnosis = find_misprint([whole, *parts], printed)
    if diagnosis.likely_error is None:
        confirmed = {f["figure_id"]: True for f in [whole, *parts] if _is_confirmed(f, claim)}
        diagnosis = find_slip(candidates, {**printed, **confirmed})
    if diagnosis.likely_error or diagnosis.clue:
        return diagnosis
    if missing < 0:
        return find_counted_twice(-missing, parts)
    part_ids = {part["figure_id"] for part in parts}
    inside = [
        f for f in claim if f["figure_id"].startswith(f"{whole['figure_id']}.") and f["figure_id"] not in part_ids
    ]
    diagnosis = find_misplaced(missing, inside)
    if diagnosis.likely_error or not parts:
        return diagnosis
    axis = parts[0]["axis"]
    clue = (
        f"If the page names only some of them (`including`, `of whom`), write `including:` in place of `by {axis}:`. "
    )
    return Diagnosis(parts[0]["figure_id"], clue, "axis")


def _explain_as_printed(rows: list[Row], frames: Frames) -> list[Row]:
    """Add `addition`, `total`, `sum`, `clue`, `likely_error`, `spot` and `at`."""
    claims = collect_figures_by_claim(frames, (row["claim_id"] for row in rows))
    printed = check_printed_numbers(frames, [figure["figure_id"] for claim in claims.values() for figure in claim])
    explained = []
    for row in rows:
        claim = claims[row["claim_id"]]
        parts = _select_parts(row, claim)
        low, high = sum_bounds(parts)
        words = {
            "addition": format_sum(parts),
            "total": format_figure(row),
            "sum": write_sum(low, high),
            "at": join_keys(parts),
        }
        # 'More than', 'about' and 'nearly' may round the sum, but 'at least' does not.
        diagnosis = NO_DIAGNOSIS
        if row["qualifier"] == "at_least":
            diagnosis = _find_diagnosis(
                next(f for f in claim if f["figure_id"] == row["figure_id"]), parts, row["low"] - low, claim, printed
            )
            diagnosis = diagnosis if diagnosis.likely_error and not diagnosis.spot else NO_DIAGNOSIS
        explained.append(row | words | vars(diagnosis))
    return explained


@rule(
    "figures.parts-cover-parent",
    "error",
    ("low", "best", "high"),
    message="by {axis}: {addition}, but the total is {total} ({gap})",
    hint="{clue}Compare each number with the page. If the page itself does not add up, keep it as printed and add a waiver{tail}.",
    why=(
        "A complete list leaves nobody out, so its sum is the total said another way: where the two cannot both hold, a number "
        "was mistyped, a part was lost or counted twice, or the page contradicts itself, and a reader must know which. Both "
        "are compared as intervals: an open end is unbounded, and 'more than 122' allows 122. 'About 600', dozens, a share "
        "and a number that is not stated have no bounds: they count 0 from below and leave the sum open above, and "
        "unless the other parts alone are too many the answer is unknown. No tolerance is invented for 'about'."
    ),
    waivable=True,
    explain=_explain_covers,
    found=_write_sum_and_total,
    after=(
        "figures.child-narrows-parent",
        "figures.child-within-party",
        "figures.child-within-perpetrator",
        "figures.child-within-place",
        "figures.count-is-possible",
    ),
    affects="number",
    example=Example(
        "The parts of a complete list add up to their total",
        bad={
            "claim": """
                killed:
                  n: at least 727
                  printed: at least 727 people have died
                  by party:
                    civilians: 111
                    rebels: 317
                    army: {n: 220, including: {officers: 23}}
                    clan: 25
                """,
        },
        good={
            "claim": """
                killed:
                  n: at least 727
                  printed: at least 727 people have died
                  by party:
                    civilians: 111
                    rebels: 371
                    army: {n: 220, including: {officers: 23}}
                    clan: 25
                """,
        },
    ),
)
def _check_parts_cover(frames: Frames) -> Lazy:
    known = (nw.col("numberless") == 0) & is_bounded()
    sure = (nw.col("unsure") == 0) & nw.col("usable") & is_filled("root_id")
    judged = decide_verdict(sure & known & ~_is_disjoint(), sure & _is_disjoint())
    return _sum_lists(frames).with_columns(judged.alias(VERDICT)).select(*_RECORD, VERDICT)


@rule(
    "figures.parts-sum-as-printed",
    "warning",
    ("low", "best", "high"),
    message="by {axis}: {addition}, where {total} is printed",
    hint="{clue}Compare each number with the page. If they are as printed, leave them: the words of the total allow the sum.",
    why=(
        "'At least 727' allows parts that add up to 728, but the claimant who prints an exact list has mostly added it up. A sum "
        "that misses the printed number by a little is often a digit lost on the way; it is published and pointed out."
    ),
    explain=_explain_as_printed,
    found=_write_sum_and_total,
    after=("figures.printed-holds-number", "figures.printed-holds-qualifier"),
    affects="number",
    example=Example(
        "Exact parts add up to the number that is printed",
        bad={
            "claim": """
                killed:
                  n: at least 727
                  by party:
                    civilians: 111
                    rebels: 372
                    army: 220
                    clan: 25
                """,
        },
        good={
            "claim": """
                killed:
                  n: at least 727
                  by party:
                    civilians: 111
                    rebels: 371
                    army: 220
                    clan: 25
                """,
        },
    ),
)
def _check_parts_as_printed(frames: Frames) -> Lazy:
    """Compare the sum of exact parts with the one number that the total prints.

    Lists that rule 4 reports have the verdict null.
    """
    printed = nw.coalesce("best", "low", "high")
    one_number = (nw.col("qualifier") != "range") & is_filled("qualifier")
    lists = _sum_lists(frames).filter((nw.col("inexact") == 0) & (nw.col("unsure") == 0) & nw.col("usable"))
    fits = nw.when(one_number & ~_is_disjoint()).then(nw.col("sum_low") == printed)
    return lists.with_columns(fits.alias(VERDICT)).select(*_RECORD, VERDICT)


@rule(
    "figures.parts-counted-once",
    "warning",
    ("best", "axis"),
    message="{best} is the number of two parts by {axis}, here and in {twin}, and the total is open",
    hint="Compare both with the page. If one of them is a copy under another name, delete it.",
    why=(
        "A part that is coded twice makes the list too large by its number. Where the total is exact the sum shows it; where the "
        "total is at least, about or up to a number, nothing else does."
    ),
    found="{best}, and in {twin}",
    after=("figures.exclusive-places-fit",),
    affects="number",
    example=Example(
        "No part of an open total is listed twice",
        bad={
            "claim": """
                killed:
                  n: at least 79
                  by party:
                    rebels: 24
                    army: 24
                    civilians: 31
                """,
        },
        good={
            "claim": """
                killed:
                  n: at least 79
                  by party:
                    rebels: 24
                    army: 25
                    civilians: 30
                """,
        },
    ),
)
def _check_counted_once(frames: Frames) -> Lazy:
    """Check that no two exact parts of one list have the same number, if their total is open."""
    is_exact = (nw.col("relation") == "part") & (nw.col("qualifier") == "exact") & (nw.col("best") >= LEAST_UNLIKELY)
    parts = frames["figures_nested"].filter(is_exact & is_comparable() & nw.col("parent_high").is_null())
    twin = nw.col("figure_id").min().over("linked_parent_id", "axis", "best")
    judged = parts.select("figure_id", "claim_id", "axis", "best", twin=twin)
    return judged.with_columns((nw.col("figure_id") == nw.col("twin")).alias(VERDICT))
