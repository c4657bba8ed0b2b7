"""The events with the claims about them, one row per event.

All formats of events use them.
"""

from __future__ import annotations

import polars as pl

from conflictdata.export.bundle import Bundle
from conflictdata.seeds.quantity import format_quantity as in_words


def select_active_events(bundle: Bundle) -> pl.DataFrame:
    """Select the active events, with place, sides and claims.

    Merged and withdrawn events are left out.

    Returns:
        One row per event, sorted by `event_id`:
        its columns, and those of its location: `location`, `country`, `admin1`, `latitude`, `longitude`,
        `location_precision`.
        conflict: Name of the conflict.
        initiators, targets: Actor ids, joined by a space.
        claims: Number of claims about the event.
        claimants: Names of the claimants.
        killed, injured: The claim of each claimant, in words.
        killed_smallest, killed_largest, and the same for injured: Smallest and largest number of any claim.
    """
    events = bundle["events"].filter(pl.col("status") == "active").drop("status", "merged_into")
    places = bundle["locations"].select(
        "location_id", "country", "admin1", "latitude", "longitude", location="name", location_precision="precision"
    )
    conflicts = bundle["conflicts"].select("conflict_id", conflict="name")
    return (
        events.join(places, on="location_id", how="left")
        .join(conflicts, on="conflict_id", how="left")
        .join(_collect_sides(bundle), on="event_id", how="left")
        .join(_collect_claimants(bundle), on="event_id", how="left")
        .join(_collect_numbers(bundle, "killed"), on="event_id", how="left")
        .join(_collect_numbers(bundle, "injured"), on="event_id", how="left")
        .with_columns(pl.col("claims").fill_null(0))
        .sort("event_id")
    )


def select_totals(bundle: Bundle) -> pl.DataFrame:
    """Select the totals of active, uncorrected claims about a single event.

    Returns:
        Rows of `casualties` with scope `event` and relation `total`, in persons or bodies, with their `event_id`.
    """
    return (
        bundle["casualties"]
        .rename({"event_ids": "event_id"}, strict=False)
        .filter(
            (pl.col("scope") == "event")
            & (pl.col("relation") == "total")
            & (pl.col("status") == "active")
            & pl.col("superseded_by").is_null()
            & ~pl.col("event_id").str.contains(" ", literal=True)
            & pl.col("unit").is_in(["persons", "bodies"])
        )
    )


def select_pages(bundle: Bundle) -> pl.DataFrame:
    """Return `event_id` and `source_id` of the pages that report an event or have a claim about it."""
    claimed = bundle["claim_events"].join(bundle["claims"], on="claim_id")
    return pl.concat([frame.select("event_id", "source_id") for frame in (bundle["event_sources"], claimed)])


def _collect_sides(bundle: Bundle) -> pl.DataFrame:
    roles = bundle["event_actors"].sort("event_id", "actor_id").group_by("event_id", maintain_order=True)
    return roles.agg(
        initiators=pl.col("actor_id").filter(pl.col("role") == "initiator").str.join(" "),
        targets=pl.col("actor_id").filter(pl.col("role") == "target").str.join(" "),
    )


def _collect_claimants(bundle: Bundle) -> pl.DataFrame:
    names = bundle["actors"].select(claimant_id="actor_id", claimant="name")
    claims = bundle["claim_events"].join(bundle["claims"], on="claim_id").join(names, on="claimant_id")
    return claims.group_by("event_id").agg(claims=pl.len(), claimants=pl.col("claimant").unique().sort().str.join("; "))


def _collect_numbers(bundle: Bundle, outcome: str) -> pl.DataFrame:
    claims = select_totals(bundle).filter(pl.col("outcome") == outcome).sort("event_id", "as_of", "figure_id")
    formatted = pl.struct("claimant", "qualifier", "low", "best", "high", "share").map_elements(
        _format_claim, pl.String
    )
    return claims.group_by("event_id", maintain_order=True).agg(
        formatted.unique(maintain_order=True).str.join("; ").alias(outcome),
        pl.min_horizontal("low", "best", "high").min().alias(f"{outcome}_smallest"),
        pl.max_horizontal("low", "best", "high").max().alias(f"{outcome}_largest"),
    )


def _format_claim(row: dict[str, object]) -> str:
    claimant = row.pop("claimant")
    return f"{claimant}: {in_words(**row)}"  # type: ignore[arg-type]
