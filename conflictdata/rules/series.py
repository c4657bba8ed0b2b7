"""Rules of running tolls: the points of one toll, in order of their as-of days.

Several pages may report the same toll on one day. So a point is compared only with earlier days.
"""

from __future__ import annotations

import narwhals.stable.v1 as nw

from conflictdata.rules import _typos
from conflictdata.rules._helpers import GROUP, Lazy, is_filled, join_columns, select_with_suffix
from conflictdata.rules.base import VERDICT, Frames, Row, Rule

TENFOLD = 10
MIN_LOWER_DAYS = 2  # if at least so many later days are lower, the peak may be wrong

_TOLL = ("toll_id", "basis", "outcome", "unit", *GROUP)
_COUNTED = (nw.col("status") == "active") & (nw.col("as_of_precision") == "day")


def _select_claims(frames: Frames) -> Lazy:
    """Return the claims whose totals may be points of a running toll.

    They are active, not corrected by another claim, and have an exact as-of day.
    """
    claims = frames["claims"]
    corrected = claims.filter(is_filled("supersedes")).select(claim_id="supersedes").unique()
    kept = claims.join(corrected, on="claim_id", how="anti").filter(_COUNTED & is_filled("as_of"))
    return kept.select("claim_id", "basis", "as_of", "supersedes")


def _select_points(frames: Frames) -> Lazy:
    """Return the totals of these claims with an exact number or a lower bound.

    Returns:
        `figure_id`, `claim_id`, `series_id`, `outcome`, `as_of`, `supersedes`, `n`, and `toll`, a text equal for points
        of the same toll.
    """
    total = is_filled("claim_id") & nw.col("parent_id").is_null() & (nw.col("relation") == "total")
    firm = nw.col("qualifier").is_in(["exact", "at_least"])
    totals = (
        frames["figures"]
        .filter(total & firm & is_filled("toll_id"))
        .with_columns(n=nw.coalesce(nw.col("best"), nw.col("low")))
    )
    points = totals.filter(is_filled("n")).join(_select_claims(frames), on="claim_id", how="inner")
    return points.select(
        "figure_id", "claim_id", "toll_id", "outcome", "as_of", "supersedes", "n", toll=join_columns(_TOLL)
    )


def _summarize_days(points: Lazy) -> Lazy:
    """Return one row per toll and day, with numbers of earlier days.

    Returns:
        `before`, the highest number of all earlier days; `last_n` and `last_on`, number and date of the previous day.
    """
    days = points.group_by("toll", "as_of").agg(top=nw.col("n").max())
    days = days.with_columns(peak=nw.col("top").cum_max().over("toll", order_by="as_of"))
    shifted = {"before": "peak", "last_n": "top", "last_on": "as_of"}
    return days.with_columns(
        **{name: nw.col(column).shift(1).over("toll", order_by="as_of") for name, column in shifted.items()}
    )


def _find_claims(points: Lazy, n: str) -> Lazy:
    """Return one claim per toll, day and number.

    Returns:
        `toll`, the number under the name `n`, `earlier_on` (the day) and `earlier` (the claim).
    """
    claims = points.group_by("toll", "n", "as_of").agg(earlier=nw.col("claim_id").min())
    return claims.rename({"n": n, "as_of": "earlier_on"})


def _check_falls(frames: Frames) -> Lazy:
    points = _select_points(frames)
    later = points.join(_summarize_days(points), on=["toll", "as_of"], how="left").filter(is_filled("before"))
    later = later.with_columns((is_filled("supersedes") | (nw.col("n") >= nw.col("before"))).alias(VERDICT))
    # Name the latest claim with the highest number before the fall.
    peaks = later.filter(~nw.col(VERDICT)).join(_find_claims(points, "before"), on=["toll", "before"], how="inner")
    peaks = peaks.filter(nw.col("earlier_on") < nw.col("as_of"))
    latest = peaks.group_by("figure_id").agg(earlier_on=nw.col("earlier_on").max())
    named = peaks.join(latest, on=["figure_id", "earlier_on"], how="inner")
    named = named.group_by("figure_id").agg(nw.col("earlier").min(), nw.col("earlier_on").min())
    judged = later.join(named, on="figure_id", how="left").with_columns(fall=nw.col("before") - nw.col("n"))
    return judged.select(
        "figure_id",
        "claim_id",
        "toll_id",
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
    """Add `clue`, `culprit`, `follows` and `lows`.

    Of the falls from one peak only the first is reported. The others follow from it.
    """
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
        row | _find_wrong_peak(group, points) | {"follows": row is not group[0], "lows": _select_lows(group)}
        for group in falls.values()
        for row in group
    ]


def _select_lows(group: list[Row]) -> list[Row]:
    """Return the first fall from a peak, and each later one below all before it."""
    return [row for n, row in enumerate(group) if all(row["n"] < earlier["n"] for earlier in group[:n])]


def _write_falls(row: Row) -> str:
    lows = ", ".join(f"{low['n']} as of {low['as_of']}" for low in row["lows"])
    return f"{lows}, after {row['before']}"


def _find_wrong_peak(group: list[Row], points: list[Row]) -> Row:
    """Return the peak as the culprit if one typing error in it explains the falls.

    At least `MIN_LOWER_DAYS` days must be lower.
    """
    row, toll = group[0], [point for point in points if point["toll"] == group[0]["toll"]]
    lower = {fall["as_of"] for fall in group}
    least = max((p["n"] for p in toll if p["as_of"] < row["earlier_on"]), default=0)
    most = min(fall["n"] for fall in group)
    candidates = [n for n in _typos.list_possible_numbers(row["before"]) if least <= n <= most]
    if len(lower) < MIN_LOWER_DAYS or not candidates:
        later = len(group) - 1
        more = "" if not later else "So does 1 later one. " if later == 1 else f"So do {later} later ones. "
        return {"clue": more, "culprit": None}
    # A duplicate key gives the same point twice. Another rule reports it.
    peak = min(p["figure_id"] for p in toll if p["claim_id"] == row["earlier"] and p["n"] == row["before"])
    clue = f"{len(group)} later points lie below {row['before']}, and one slip may have made it: {_choose_number(row['before'], candidates)}? "
    return {"clue": clue, "culprit": peak}


def _choose_number(coded: int, candidates: list[int]) -> str:
    """Return the most likely number: digits exchanged, a 0 too many, or the nearest."""
    likely = [n for n in candidates if _typos.describe_digit_slip(coded, n) in (_typos.EXCHANGED, _typos.LONGER)]
    return str(likely[0] if likely else candidates[-1])


def _check_jumps(frames: Frames) -> Lazy:
    points = _select_points(frames)
    later = points.join(_summarize_days(points), on=["toll", "as_of"], how="left").filter(nw.col("last_n") > 0)
    at = _find_claims(points, "last_n").rename({"earlier_on": "last_on"})
    judged = later.join(at, on=["toll", "last_n", "last_on"], how="left")
    return judged.select(
        "figure_id", "claim_id", "toll_id", "outcome", "as_of", "n", "last_n", "last_on", "earlier",
        limit=nw.col("last_n") * TENFOLD, verdict=nw.col("n") <= nw.col("last_n") * TENFOLD,
    )  # fmt: skip


def _check_day(frames: Frames) -> Lazy:
    """Compare points of one toll and day: one on a newer page is not below the highest number of the pages before it.

    Two points whose order within the day is known (`as_of_order`) are not compared.
    """
    pages = frames["sources"].select("source_id", "published_on").unique().filter(is_filled("published_on"))
    claims = frames["claims"].select("claim_id", "source_id", "as_of_order").join(pages, on="source_id", how="inner")
    points = _select_points(frames).join(claims, on="claim_id", how="inner")
    shown = (
        "figure_id",
        "claim_id",
        "toll_id",
        "outcome",
        "as_of",
        "n",
        "published_on",
        "as_of_order",
        "supersedes",
        "toll",
    )
    points = points.select(*shown)
    other = select_with_suffix(points, ("toll", "as_of", "claim_id", "n", "published_on", "as_of_order"), "_other")
    pairs = points.join(other, left_on=["toll", "as_of"], right_on=["toll_other", "as_of_other"], how="inner")
    ordered = is_filled("as_of_order") & is_filled("as_of_order_other")
    older = pairs.filter((nw.col("published_on_other") < nw.col("published_on")) & ~ordered)
    highest = older.group_by("figure_id").agg(before=nw.col("n_other").max())
    named = older.join(highest, on="figure_id", how="inner").filter(nw.col("n_other") == nw.col("before"))
    named = named.group_by("figure_id", "before").agg(earlier=nw.col("claim_id_other").min())
    judged = points.join(named, on="figure_id", how="inner")
    verdict = is_filled("supersedes") | (nw.col("n") >= nw.col("before"))
    return judged.with_columns(fall=nw.col("before") - nw.col("n"), verdict=verdict)


RULES: tuple[Rule, ...] = (
    Rule(
        id="figures.toll-does-not-fall",
        number=22,
        table="figures",
        severity="warning",
        fields=("low", "best", "high"),
        check=_check_falls,
        message="{outcome} in {toll_id} falls from {before} ({earlier}, as of {earlier_on}) to {n} as of {as_of}: {fall} fewer",
        hint="{clue}Check both pages. A claimant that corrected its toll: `supersedes:` with the reason. A toll that began anew: its own `since:`.",
        why=(
            "The dead of a running toll do not come back, so a fall is a correction, another way of counting, another place "
            "or window, or a typing error. Each of them changes what the toll means, and a reader who takes the last point "
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
        message="{outcome} in {toll_id} rises from {last_n} ({earlier}, as of {last_on}) to {n} as of {as_of}: more than tenfold ({limit})",
        hint="Look for a zero too many, or for another window or place; a true jump needs nothing.",
        why="A tenfold rise from one point to the next is rare in a war and common on a keyboard.",
        requires_tables=("claims",),
        waivable=True,
        found="{n} as of {as_of}, after {last_n}",
    ),
    Rule(
        id="figures.day-of-toll-does-not-fall",
        number=22,
        table="figures",
        severity="warning",
        fields=("low", "best", "high"),
        check=_check_day,
        message="{outcome} in {toll_id} is {n} on a page of {published_on}, and {before} on an older one ({earlier}), both as of {as_of}: {fall} fewer",
        hint="Check both pages. If the newer one repeats an older bulletin, put the two in order (`as_of_order:` 1, 2); if it has a day of its own, correct `as_of:`.",
        why=(
            "A page repeats yesterday's bulletin often enough. Without the order, the last number of the day is the lower one, and "
            "the toll seems to fall, or to stop."
        ),
        requires_tables=("claims", "sources"),
        waivable=True,
        found="{n} on {published_on}, after {before} as of {as_of}",
    ),
)
