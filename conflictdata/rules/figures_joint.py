"""The rule of joint numbers: `killed_or_injured` is compared with its two halves."""

from __future__ import annotations

from collections.abc import Callable

import narwhals.stable.v1 as nw

from conflictdata.rules._diagnosis import (
    find_misprint,
    find_slip,
)
from conflictdata.rules._figures import (
    UNDESCRIBED_GROUP,
    Lazy,
    collect_figures_by_claim,
    describe_group,
    join_keys,
)
from conflictdata.rules.base import VERDICT, Example, Frames, Row, rule
from conflictdata.rules.figures_quotes import check_printed_numbers
from conflictdata.schema.quantities import is_filled


def _select_roots(frames: Frames, outcome: str) -> Lazy:
    is_root = nw.col("parent_id").is_null() & (nw.col("outcome") == outcome) & (nw.col("copies") == 1)
    roots = frames["figures_resolved"].filter(is_root).with_columns(group=describe_group())
    columns = ("figure_id", "low", "best", "high", "qualifier", "usable", "group")
    return roots.select("claim_id", "unit", *(nw.col(c).alias(f"{outcome}_{c}") for c in columns))


def _test_all_roots(test: Callable[[str], nw.Expr]) -> nw.Expr:
    """Return whether the test is true for all three outcomes."""
    return test("killed_or_injured") & test("killed") & test("injured")


def _explain_joint(rows: list[Row], frames: Frames) -> list[Row]:
    """Add `clue`, `likely_error`, `spot` and `at`."""
    claims = collect_figures_by_claim(frames, (row["claim_id"] for row in rows))
    explained = []
    for row in rows:
        by_id = {figure["figure_id"]: figure for figure in claims[row["claim_id"]]}
        halves = {half: by_id.get(row[f"{half}_figure_id"]) for half in ("killed", "injured")}
        both = [figure for figure in halves.values() if figure is not None]
        joint = by_id[row["figure_id"]]
        printed = check_printed_numbers(frames, [f["figure_id"] for f in (joint, *both)])
        diagnosis = find_misprint([joint, *both], printed)
        if diagnosis.likely_error is None:
            over = row["least"] - row["high"]
            exact = [(half, half["best"] - over) for half in both if half["best"] is not None]
            diagnosis = find_slip([*exact, (joint, row["least"])], printed)
        explained.append(row | vars(diagnosis) | {"at": join_keys([joint, *both])})
    return explained


@rule(
    "figures.joint-outcome-covers-both",
    "error",
    ("high", "low", "best"),
    message="killed {killed} + injured {injured} = {least}, but killed or injured is {high}",
    hint="{clue}Compare the three numbers with the page; the joint number holds both. If the page says so, add a waiver.",
    why=(
        "'Casualties' in the wide sense are the killed and the injured together. A joint number below their sum was taken "
        "for something else (often the killed alone), which is the commonest error in retelling tolls. Where the "
        "three are exact and count the same people, they are equal."
    ),
    waivable=True,
    explain=_explain_joint,
    found="{killed} + {injured} for {high}",
    after=("figures.parts-cover-parent",),
    affects="number",
    example=Example(
        "Killed or injured is at least killed and injured together",
        bad={
            "claim": """
                killed: 20
                injured: 50
                killed_or_injured: 60
                """,
        },
        good={
            "claim": """
                killed: 20
                injured: 50
                killed_or_injured: 70
                """,
        },
    ),
)
def _check_joint_outcome(frames: Frames) -> Lazy:
    """Compare killed plus injured with the joint number of a claim.

    Only roots that count the same people are compared, or a joint number without a description.
    """
    joint = _select_roots(frames, "killed_or_injured")
    where = ["claim_id", "unit"]
    both = joint.join(_select_roots(frames, "killed"), on=where, how="left").join(
        _select_roots(frames, "injured"), on=where, how="left"
    )
    both = both.filter(is_filled("killed_figure_id") | is_filled("injured_figure_id"))
    both = both.with_columns(_killed=nw.col("killed_low").fill_null(0), _injured=nw.col("injured_low").fill_null(0))
    both = both.with_columns(least=nw.col("_killed") + nw.col("_injured"))
    high, whole_group = nw.col("killed_or_injured_high"), nw.col("killed_or_injured_group")
    same = _test_all_roots(lambda outcome: (nw.col(f"{outcome}_group") == whole_group).fill_null(True))
    exact = _test_all_roots(lambda outcome: (nw.col(f"{outcome}_qualifier") == "exact").fill_null(False))
    sure = _test_all_roots(lambda outcome: nw.col(f"{outcome}_usable").fill_null(True))
    at_least = nw.when(same | (whole_group == UNDESCRIBED_GROUP)).then(high >= nw.col("least"))
    fits = nw.when(exact & same).then(high == nw.col("least")).otherwise(at_least)
    return both.select(
        "claim_id", "killed_figure_id", "injured_figure_id", figure_id=nw.col("killed_or_injured_figure_id"),
        low=nw.col("killed_or_injured_low"), high=high, least=nw.col("least"), killed=nw.col("_killed"),
        injured=nw.col("_injured"), **{VERDICT: nw.when(sure).then(fits)},
    )  # fmt: skip
