"""Columns that are computed from others and never typed."""

from __future__ import annotations

import narwhals.stable.v1 as nw


def derive_series_id() -> nw.Expr:
    """Return the id of the running toll that a claim belongs to, as an expression.

    The expression reads the columns of `claims` (dates as days). It gives
    `<claimant>.<conflict>.<location>.<first day>` for a cumulative claim with a first day, else null. A toll that
    restarts has a new first day and is a new series.
    """
    parts = [
        nw.col("claimant_id"),
        nw.col("conflict_id"),
        nw.col("location_id"),
        nw.col("period_start").cast(nw.String),
    ]
    named = nw.concat_str(parts, separator=".")
    return nw.when(nw.col("scope") == "cumulative").then(named).alias("series_id")
