"""The points of running tolls, for the rules of several modules."""

from __future__ import annotations

import narwhals.stable.v1 as nw

from conflictdata.rules._helpers import GROUP, Lazy, join_columns
from conflictdata.rules.base import Frames
from conflictdata.schema.quantities import is_filled

TOLL = ("toll_id", "basis", "outcome", "unit", *GROUP)

# The registers of one toll, for the examples of rules.
TOLL_REGISTERS = {
    "reference/tolls.csv": """
        toll_id,claimant_id,conflict_id,date_start,population,location_id,name
        observatory.war.2024-05-01,observatory,war,2024-05-01,everybody,syria,Everybody killed in Syria
        """,
    "reference/toll_places.csv": """
        toll_id,location_id
        observatory.war.2024-05-01,syria
        """,
}

COUNTED = (nw.col("status") == "active") & (nw.col("as_of_precision") == "day")


def select_claims(frames: Frames) -> Lazy:
    """Return the claims whose totals may be points of a running toll.

    They are active, not corrected by another claim, and have an exact as-of day.
    """
    claims = frames["claims"]
    corrected = claims.filter(is_filled("supersedes")).select(claim_id="supersedes").unique()
    kept = claims.join(corrected, on="claim_id", how="anti").filter(COUNTED & is_filled("as_of"))
    return kept.select("claim_id", "basis", "as_of", "supersedes")


def select_points(frames: Frames) -> Lazy:
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
    points = totals.filter(is_filled("n")).join(select_claims(frames), on="claim_id", how="inner")
    return points.select(
        "figure_id", "claim_id", "toll_id", "outcome", "as_of", "supersedes", "n", toll=join_columns(TOLL)
    )
