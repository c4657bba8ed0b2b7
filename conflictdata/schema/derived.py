"""Columns that are worked out from others and never typed."""

from __future__ import annotations

import narwhals.stable.v1 as nw


def derive_series_id() -> nw.Expr:
    """The running toll that a claim is a point of, over the columns of `claims` (dates as days).

    `<claimant>.<conflict>.<location>.<first day>` for a cumulative claim that has a first day; else empty.
    A toll that restarts has a new first day and so is another series.
    """
    parts = [
        nw.col("claimant_id"),
        nw.col("conflict_id"),
        nw.col("location_id"),
        nw.col("period_start").cast(nw.String),
    ]
    named = nw.concat_str(parts, separator=".")
    return nw.when(nw.col("scope") == "cumulative").then(named).alias("series_id")
