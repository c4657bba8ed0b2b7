"""Running tolls: the points of one series, in order of their as-of days.

The points of a day are the same toll as several pages carry it, so a point is held against earlier days only.
"""

from __future__ import annotations

import narwhals.stable.v1 as nw

from conflictdata.rules import _typos
from conflictdata.rules._helpers import GROUP, Lazy, is_filled, join_columns
from conflictdata.rules.base import VERDICT, Frames, Row, Rule
from conflictdata.schema.derived import derive_series_id

TENFOLD = 10
MIN_LOWER_DAYS = 2  # days below a peak, so that the peak and not the days is looked at

_SERIES = ("series_id", "basis", "outcome", "unit", *GROUP)
_COUNTED = (nw.col("status") == "active") & (nw.col("as_of_precision") == "day")


def _select_claims(frames: Frames) -> Lazy:
    """Claims that are points of a running toll: they stand, no other corrects them, and their day is known."""
    claims = frames["claims"]
    corrected = claims.filter(is_filled("supersedes")).select(claim_id="supersedes").unique()
    kept = claims.join(corrected, on="claim_id", how="anti").filter(_COUNTED & is_filled("as_of"))
    named = kept.with_columns(derive_series_id()).filter(is_filled("series_id"))
    return named.select("claim_id", "series_id", "basis", "as_of", "supersedes")


def _select_points(frames: Frames) -> Lazy:
    """Totals of these claims that say an exact number or a lower bound: `figure_id`, `toll`, `as_of`, `n`, and the series in words."""
    total = is_filled("claim_id") & nw.col("parent_id").is_null() & (nw.col("relation") == "total")
    firm = nw.col("qualifier").is_in(["exact", "at_least"])
    totals = frames["figures"].filter(total & firm).with_columns(n=nw.coalesce(nw.col("best"), nw.col("low")))
    points = totals.filter(is_filled("n")).join(_select_claims(frames), on="claim_id", how="inner")
    return points.select(
        "figure_id", "claim_id", "series_id", "outcome", "as_of", "supersedes", "n", toll=join_columns(_SERIES)
    )


def _summarize_days(points: Lazy) -> Lazy:
    """One row a toll and day: `before`, the peak of the earlier days; `last_n` and `last_on`, the day just before."""
    days = points.group_by("toll", "as_of").agg(top=nw.col("n").max())
    days = days.with_columns(peak=nw.col("top").cum_max().over("toll", order_by="as_of"))
    shifted = {"before": "peak", "last_n": "top", "last_on": "as_of"}
    return days.with_columns(
        **{name: nw.col(column).shift(1).over("toll", order_by="as_of") for name, column in shifted.items()}
    )


def _find_claims(points: Lazy, n: str) -> Lazy:
    """For each toll, day and number, one claim that has it: `toll`, `n` under the name given, `earlier_on`, `earlier`."""
    found = points.group_by("toll", "n", "as_of").agg(earlier=nw.col("claim_id").min())
    return found.rename({"n": n, "as_of": "earlier_on"})


def _check_falls(frames: Frames) -> Lazy:
    points = _select_points(frames)
    later = points.join(_summarize_days(points), on=["toll", "as_of"], how="left").filter(is_filled("before"))
    later = later.with_columns((is_filled("supersedes") | (nw.col("n") >= nw.col("before"))).alias(VERDICT))
    # Of the claims that have the peak, the latest one before the fall is named.
    peaks = later.filter(~nw.col(VERDICT)).join(_find_claims(points, "before"), on=["toll", "before"], how="inner")
    peaks = peaks.filter(nw.col("earlier_on") < nw.col("as_of"))
    latest = peaks.group_by("figure_id").agg(earlier_on=nw.col("earlier_on").max())
    named = peaks.join(latest, on=["figure_id", "earlier_on"], how="inner")
    named = named.group_by("figure_id").agg(nw.col("earlier").min(), nw.col("earlier_on").min())
    judged = later.join(named, on="figure_id", how="left").with_columns(fall=nw.col("before") - nw.col("n"))
    return judged.select(
        "figure_id",
        "claim_id",
        "series_id",
        "outcome",
        "as_of",
        "n",
        "before",
        "earlier",
        "earlier_on",
        "fall",
        "toll",
        VERDICT,
    )


def _explain_falls(rows: list[Row], frames: Frames) -> list[Row]:
    """Add `clue`, `culprit`, `follows` and `lows`: of the falls from one peak the first is told, the others follow from it."""
    points = (
        _select_points(frames)
        .filter(nw.col("toll").is_in([row["toll"] for row in rows]))
        .collect()
        .to_arrow()
        .to_pylist()
    )
    falls: dict[tuple[str, str], list[Row]] = {}
    for row in sorted(rows, key=lambda row: (row["as_of"], row["figure_id"])):
        falls.setdefault((row["toll"], row["earlier"]), []).append(row)
    return [
        row | _find_wrong_peak(group, points) | {"follows": row is not group[0], "lows": _lows(group)}
        for group in falls.values()
        for row in group
    ]


def _lows(group: list[Row]) -> list[Row]:
    """The first fall from a peak, and of the later ones those that lie below all before them."""
    return [row for n, row in enumerate(group) if all(row["n"] < earlier["n"] for earlier in group[:n])]


def _write_falls(row: Row) -> str:
    lows = ", ".join(f"{low['n']} as of {low['as_of']}" for low in row["lows"])
    return f"{lows}, after {row['before']}"


def _find_wrong_peak(group: list[Row], points: list[Row]) -> Row:
    """The peak as the culprit, where several days lie below it and one slip of its number would bring it into line."""
    row, toll = group[0], [point for point in points if point["toll"] == group[0]["toll"]]
    lower = {fall["as_of"] for fall in group}
    least = max((p["n"] for p in toll if p["as_of"] < row["earlier_on"]), default=0)
    most = min(fall["n"] for fall in group)
    candidates = [n for n in _typos.list_possible_numbers(row["before"]) if least <= n <= most]
    if len(lower) < MIN_LOWER_DAYS or not candidates:
        later = len(group) - 1
        more = "" if not later else "So does 1 later one. " if later == 1 else f"So do {later} later ones. "
        return {"clue": more, "culprit": None}
    # A duplicate key gives the point twice, and is a finding of its own.
    peak = min(p["figure_id"] for p in toll if p["claim_id"] == row["earlier"] and p["n"] == row["before"])
    clue = f"{len(group)} later points lie below {row['before']}, and one slip may have made it: {_choose_number(row['before'], candidates)}? "
    return {"clue": clue, "culprit": peak}


def _choose_number(coded: int, candidates: list[int]) -> str:
    """The number meant: with digits exchanged or a 0 less, else the nearest."""
    likely = [n for n in candidates if _typos.describe_digit_slip(coded, n) in (_typos.EXCHANGED, _typos.LONGER)]
    return str(likely[0] if likely else candidates[-1])


def _check_jumps(frames: Frames) -> Lazy:
    points = _select_points(frames)
    later = points.join(_summarize_days(points), on=["toll", "as_of"], how="left").filter(nw.col("last_n") > 0)
    at = _find_claims(points, "last_n").rename({"earlier_on": "last_on"})
    judged = later.join(at, on=["toll", "last_n", "last_on"], how="left")
    return judged.select(
        "figure_id", "claim_id", "series_id", "outcome", "as_of", "n", "last_n", "last_on", "earlier",
        limit=nw.col("last_n") * TENFOLD, verdict=nw.col("n") <= nw.col("last_n") * TENFOLD,
    )  # fmt: skip


RULES: tuple[Rule, ...] = (
    Rule(
        id="figures.toll-does-not-fall",
        number=22,
        table="figures",
        severity="warning",
        fields=("low", "best", "high"),
        check=_check_falls,
        message="{outcome} in {series_id} falls from {before} ({earlier}, as of {earlier_on}) to {n} as of {as_of}: {fall} fewer",
        hint="{clue}Check both pages. A claimant that corrected its toll: `supersedes:` with the reason. A toll that began anew: its own `since:`.",
        why=(
            "The dead of a running toll do not come back, so a fall is a correction, another way of counting, another place "
            "or window, or a typing error. Each of them changes what the series means, and a reader who takes the last point "
            "for the total is misled by all of them."
        ),
        requires_tables=("claims",),
        waivable=True,
        explain=_explain_falls,
        found=_write_falls,
    ),
    Rule(
        id="figures.toll-does-not-jump",
        number=23,
        table="figures",
        severity="warning",
        fields=("low", "best", "high"),
        check=_check_jumps,
        message="{outcome} in {series_id} rises from {last_n} ({earlier}, as of {last_on}) to {n} as of {as_of}: more than tenfold ({limit})",
        hint="Look for a zero too many, or for another window or place; a true jump needs nothing.",
        why="A tenfold rise from one point to the next is rare in a war and common on a keyboard.",
        requires_tables=("claims",),
        waivable=True,
        found="{n} as of {as_of}, after {last_n}",
    ),
)
