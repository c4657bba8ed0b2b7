"""Rules of running tolls: the points of one toll, in order of their as-of days.

Several pages may report the same toll on one day. So a point is compared only with earlier days.
"""

from __future__ import annotations

import narwhals.stable.v1 as nw

from conflictdata.rules import _typos
from conflictdata.rules._helpers import Lazy
from conflictdata.rules._series import TOLL_REGISTERS, select_points
from conflictdata.rules.base import VERDICT, Example, Frames, Row, rule
from conflictdata.schema.quantities import is_filled

TENFOLD = 10
MIN_LOWER_DAYS = 2  # if at least so many later days are lower, the peak may be wrong


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


def _explain_falls(rows: list[Row], frames: Frames) -> list[Row]:
    """Add `clue`, `likely_error`, `follows` and `lows`.

    Of the falls from one peak only the first is reported. The others follow from it.
    """
    points = (
        select_points(frames)
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
    """Return the peak as the likely error if one typing error in it explains the falls.

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
        return {"clue": more, "likely_error": None}
    # A duplicate key gives the same point twice. Another rule reports it.
    peak = min(p["figure_id"] for p in toll if p["claim_id"] == row["earlier"] and p["n"] == row["before"])
    clue = f"{len(group)} later points lie below {row['before']}, and one slip may have made it: {_choose_number(row['before'], candidates)}? "
    return {"clue": clue, "likely_error": peak}


def _choose_number(coded: int, candidates: list[int]) -> str:
    """Return the most likely number: digits exchanged, a 0 too many, or the nearest."""
    likely = [n for n in candidates if _typos.describe_digit_slip(coded, n) in (_typos.EXCHANGED, _typos.LONGER)]
    return str(likely[0] if likely else candidates[-1])


@rule(
    "figures.toll-does-not-fall",
    "warning",
    ("low", "best", "high"),
    message="{outcome} in {toll_id} falls from {before} ({earlier}, as of {earlier_on}) to {n} as of {as_of}: {fall} fewer",
    hint="{clue}Check both pages. A claimant that corrected its toll: `supersedes:` with the reason. A toll that began again: its own `since:`.",
    why=(
        "The dead of a running toll do not come back, so a fall is a correction, another way of counting, another place "
        "or window, or a typing error. Each of them changes what the toll means, and a reader who takes the last point "
        "for the total is misled by all of them."
    ),
    requires_tables=("claims",),
    waivable=True,
    explain=_explain_falls,
    found=_write_falls,
    after=("figures.printed-holds-number", "figures.printed-holds-qualifier", "claims.supersedes-window"),
    affects="number",
    depends_on=(
        ("claims", "claim_id", ("period_start", "period_end", "as_of")),
        ("claims", "earlier", ("period_start", "period_end", "as_of", "supersedes")),
    ),
    reverse_reference="earlier",
    example=Example(
        "A running toll does not fall without a correction",
        bad={
            "claims": """
                1:
                  claimant: observatory
                  since: 2024-05-01
                  as_of: 2024-05-31
                  location: syria
                  killed: 910
                2:
                  claimant: observatory
                  since: 2024-05-01
                  as_of: 2024-06-02
                  location: syria
                  killed: 826
                """,
        },
        good={
            "claims": """
                1:
                  claimant: observatory
                  since: 2024-05-01
                  as_of: 2024-05-31
                  location: syria
                  killed: 910
                2:
                  claimant: observatory
                  since: 2024-05-01
                  as_of: 2024-06-02
                  location: syria
                  killed: 926
                """,
        },
        both=TOLL_REGISTERS,
    ),
)
def _check_falls(frames: Frames) -> Lazy:
    points = select_points(frames)
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


@rule(
    "figures.toll-does-not-jump",
    "warning",
    ("low", "best", "high"),
    message="{outcome} in {toll_id} rises from {last_n} ({earlier}, as of {last_on}) to {n} as of {as_of}: more than tenfold ({limit})",
    hint="Look for a zero too many, or for another window or place; a true jump needs nothing.",
    why="A tenfold rise from one point to the next is rare in a war and common on a keyboard.",
    requires_tables=("claims",),
    waivable=True,
    found="{n} as of {as_of}, after {last_n}",
    after=("figures.printed-holds-number", "figures.printed-holds-qualifier"),
    affects="number",
    depends_on=(
        ("claims", "claim_id", ("period_start", "period_end", "as_of")),
        ("claims", "earlier", ("period_start", "period_end", "as_of")),
    ),
    example=Example(
        "A running toll does not grow tenfold at once",
        bad={
            "claims": """
                1:
                  claimant: observatory
                  since: 2024-05-01
                  as_of: 2024-05-31
                  location: syria
                  killed: 72
                2:
                  claimant: observatory
                  since: 2024-05-01
                  as_of: 2024-06-02
                  location: syria
                  killed: 727
                """,
        },
        good={
            "claims": """
                1:
                  claimant: observatory
                  since: 2024-05-01
                  as_of: 2024-05-31
                  location: syria
                  killed: 702
                2:
                  claimant: observatory
                  since: 2024-05-01
                  as_of: 2024-06-02
                  location: syria
                  killed: 727
                """,
        },
        both=TOLL_REGISTERS,
    ),
)
def _check_jumps(frames: Frames) -> Lazy:
    points = select_points(frames)
    later = points.join(_summarize_days(points), on=["toll", "as_of"], how="left").filter(nw.col("last_n") > 0)
    at = _find_claims(points, "last_n").rename({"earlier_on": "last_on"})
    judged = later.join(at, on=["toll", "last_n", "last_on"], how="left")
    return judged.select(
        "figure_id", "claim_id", "toll_id", "outcome", "as_of", "n", "last_n", "last_on", "earlier",
        limit=nw.col("last_n") * TENFOLD, verdict=nw.col("n") <= nw.col("last_n") * TENFOLD,
    )  # fmt: skip
