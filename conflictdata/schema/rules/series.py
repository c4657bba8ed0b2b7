"""Running tolls: the points of one series, in order of their as-of days.

The points of a day are the same toll as several pages carry it, so a point is held against earlier days only.
"""

from __future__ import annotations

import narwhals.stable.v1 as nw

from conflictdata.schema.derived import series_id
from conflictdata.schema.rules._shared import GROUP, Lazy, filled, joined
from conflictdata.schema.rules.base import VERDICT, Frames, Rule

TENFOLD = 10

_SERIES = ("series_id", "basis", "outcome", "unit", *GROUP)
_COUNTED = (nw.col("status") == "active") & (nw.col("as_of_precision") == "day")


def _claims(frames: Frames) -> Lazy:
    """Claims that are points of a running toll: they stand, no other corrects them, and their day is known."""
    claims = frames["claims"]
    corrected = claims.filter(filled("supersedes")).select(claim_id="supersedes").unique()
    kept = claims.join(corrected, on="claim_id", how="anti").filter(_COUNTED & filled("as_of"))
    named = kept.with_columns(series_id()).filter(filled("series_id"))
    return named.select("claim_id", "series_id", "basis", "as_of", "supersedes")


def _points(frames: Frames) -> Lazy:
    """Totals of these claims that say an exact number or a lower bound: `figure_id`, `toll`, `as_of`, `n`, and the series in words."""
    total = filled("claim_id") & nw.col("parent_id").is_null() & (nw.col("relation") == "total")
    firm = nw.col("qualifier").is_in(["exact", "at_least"])
    totals = frames["figures"].filter(total & firm).with_columns(n=nw.coalesce(nw.col("best"), nw.col("low")))
    points = totals.filter(filled("n")).join(_claims(frames), on="claim_id", how="inner")
    return points.select(
        "figure_id", "claim_id", "series_id", "outcome", "as_of", "supersedes", "n", toll=joined(_SERIES)
    )


def _days(points: Lazy) -> Lazy:
    """One row a toll and day: `before`, the peak of the earlier days; `last_n` and `last_on`, the day just before."""
    days = points.group_by("toll", "as_of").agg(top=nw.col("n").max())
    days = days.with_columns(peak=nw.col("top").cum_max().over("toll", order_by="as_of"))
    shifted = {"before": "peak", "last_n": "top", "last_on": "as_of"}
    return days.with_columns(
        **{name: nw.col(column).shift(1).over("toll", order_by="as_of") for name, column in shifted.items()}
    )


def _claim_at(points: Lazy, n: str) -> Lazy:
    """For each toll, day and number, one claim that has it: `toll`, `n` under the name given, `earlier_on`, `earlier`."""
    found = points.group_by("toll", "n", "as_of").agg(earlier=nw.col("claim_id").min())
    return found.rename({"n": n, "as_of": "earlier_on"})


def _falls(frames: Frames) -> Lazy:
    points = _points(frames)
    later = points.join(_days(points), on=["toll", "as_of"], how="left").filter(filled("before"))
    later = later.with_columns((filled("supersedes") | (nw.col("n") >= nw.col("before"))).alias(VERDICT))
    # Of the claims that have the peak, the latest one before the fall is named.
    peaks = later.filter(~nw.col(VERDICT)).join(_claim_at(points, "before"), on=["toll", "before"], how="inner")
    peaks = peaks.filter(nw.col("earlier_on") < nw.col("as_of"))
    latest = peaks.group_by("figure_id").agg(earlier_on=nw.col("earlier_on").max())
    named = peaks.join(latest, on=["figure_id", "earlier_on"], how="inner")
    named = named.group_by("figure_id").agg(nw.col("earlier").min(), nw.col("earlier_on").min())
    judged = later.join(named, on="figure_id", how="left").with_columns(fall=nw.col("before") - nw.col("n"))
    return judged.select(
        "figure_id", "series_id", "outcome", "as_of", "n", "before", "earlier", "earlier_on", "fall", VERDICT
    )


def _jumps(frames: Frames) -> Lazy:
    points = _points(frames)
    later = points.join(_days(points), on=["toll", "as_of"], how="left").filter(nw.col("last_n") > 0)
    at = _claim_at(points, "last_n").rename({"earlier_on": "last_on"})
    judged = later.join(at, on=["toll", "last_n", "last_on"], how="left")
    return judged.select(
        "figure_id", "series_id", "outcome", "as_of", "n", "last_n", "last_on", "earlier",
        limit=nw.col("last_n") * TENFOLD, verdict=nw.col("n") <= nw.col("last_n") * TENFOLD,
    )  # fmt: skip


RULES: tuple[Rule, ...] = (
    Rule(
        id="figures.toll-does-not-fall",
        number=22,
        table="figures",
        severity="warning",
        fields=("low", "best", "high"),
        check=_falls,
        message="{outcome} in {series_id} falls from {before} ({earlier}, as of {earlier_on}) to {n} as of {as_of}: {fall} fewer",
        hint="Check both pages. A claimant that corrected its toll: `supersedes:` with the reason. A toll that began anew: its own `since:`.",
        why=(
            "The dead of a running toll do not come back, so a fall is a correction, another way of counting, another place "
            "or window, or a typing error. Each of them changes what the series means, and a reader who takes the last point "
            "for the total is misled by all of them."
        ),
        needs=("claims",),
        waivable=True,
    ),
    Rule(
        id="figures.toll-does-not-jump",
        number=23,
        table="figures",
        severity="warning",
        fields=("low", "best", "high"),
        check=_jumps,
        message="{outcome} in {series_id} rises from {last_n} ({earlier}, as of {last_on}) to {n} as of {as_of}: more than tenfold ({limit})",
        hint="Look for a zero too many, or for another window or place; a true jump needs nothing.",
        why="A tenfold rise from one point to the next is rare in a war and common on a keyboard.",
        needs=("claims",),
        waivable=True,
    ),
)
