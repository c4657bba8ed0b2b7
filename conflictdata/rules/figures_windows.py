"""Rules of the days of figures: they lie within the days that the claim counts."""

from __future__ import annotations

import narwhals.stable.v1 as nw

from conflictdata.rules._compared_values import write_days
from conflictdata.rules._figures import cast_to_int, extract_last_name, is_any
from conflictdata.rules._helpers import Lazy, format_span
from conflictdata.rules.base import VERDICT, Example, Frames, Row, rule, share
from conflictdata.schema.quantities import is_filled
from conflictdata.schema.views import drop_duplicate_keys

MIN_OUTSIDE = 2  # so many figures outside the claim's days, and none inside: the claim's days are wrong


@share
def _select_claim_days(frames: Frames) -> Lazy:
    """Return the days of each claim: its window, else the days of its events.

    Returns:
        `claim_id`, `first`, `last`, `as_of` and `whose`, the words for these days. A claim of which an event is unknown or in no
        order has no days.
    """
    events = drop_duplicate_keys(frames["events"], "event_id").filter(nw.col("date_start") <= nw.col("date_end"))
    events = events.select("event_id", "date_start", "date_end")
    named = frames["claim_events"].select("claim_id", "event_id").unique().join(events, on="event_id", how="left")
    unknown = cast_to_int(nw.col("date_start").is_null())
    days = named.with_columns(_unknown=unknown).group_by("claim_id").agg(
        nw.col("date_start").min(), nw.col("date_end").max(), nw.col("_unknown").max()
    )  # fmt: skip
    days = days.filter(nw.col("_unknown") == 0)
    claims = drop_duplicate_keys(frames["claims"], "claim_id").join(days, on="claim_id", how="left")
    own = is_filled("period_start") & is_filled("period_end")
    whose = nw.when(own).then(nw.lit("the claim counts")).otherwise(nw.lit("the claim's event was on"))
    return claims.select(
        "claim_id",
        "as_of",
        "scope",
        first=nw.when(own).then(nw.col("period_start")).otherwise(nw.col("date_start")),
        last=nw.when(own).then(nw.col("period_end")).otherwise(nw.col("date_end")),
        whose=whose,
        has_window=own,
    )


def _write_both_days(row: Row) -> str:
    """Return the days of the figure and those of its claim."""
    start, end = row["period_start"] or row["period_end"], row["period_end"] or row["period_start"]
    return f"{write_days(start, end)} under {write_days(row['first'], row['last'])}"


@rule(
    "figures.window-within-claim",
    "error",
    ("period_start", "period_end"),
    message="`{name}` counts {own}, and {whose} {window}{late}",
    hint=(
        "Correct the days of the figure or those of the claim. A total of other days is a claim of its own, with those days. If the page "
        "says so, add a waiver."
    ),
    why=(
        "What a claim counts, it counts over its window, and every selection by day relies on it. A total of other days is found under days on "
        "which nobody counted these people, and is missing under its own."
    ),
    waivable=True,
    found=_write_both_days,
    after=("claims.as-of-before-page", "claims.window-meets-event", "figures.days-in-order"),
    invalidates=("period_start", "period_end"),
    depends_on=(("claims", "claim_id", ("period_start", "period_end", "as_of", "scope")),),
    requires_tables=("claims", "events", "claim_events"),
    example=Example(
        "The days of a figure lie within those of its claim",
        bad={
            "claim": """
                since: 2024-05-27
                killed: {n: 8, during: 2024-04-27}
                """,
        },
        good={
            "claim": """
                since: 2024-05-27
                killed: {n: 8, during: 2024-06-02}
                """,
        },
    ),
)
def _check_own_days(frames: Frames) -> Lazy:
    """Check that the days of a total lie within its claim's window. Without a window, they meet the days of its events.

    In a claim without a window the parts are checked too, and all days are compared with its as-of day.
    """
    columns = ("figure_id", "claim_id", "period_start", "period_end")
    dated = is_filled("period_start") | is_filled("period_end")
    totals = frames["figures"].filter(nw.col("parent_id").is_null() & dated).select(*columns)
    above = nw.col("parent_resolved_period_start").is_null() & nw.col("parent_resolved_period_end").is_null()
    parts = frames["figures_nested"].filter((nw.col("relation") != "additional") & dated & above).select(*columns)
    own = nw.concat([totals, parts])
    own = own.filter(
        ~(nw.col("period_start") > nw.col("period_end")).fill_null(value=False)
    )  # reported by another rule
    judged = own.join(_select_claim_days(frames), on="claim_id", how="inner")
    judged = judged.with_columns(
        _start=nw.coalesce("period_start", "period_end"), _end=nw.coalesce("period_end", "period_start")
    )
    within = (nw.col("period_start") >= nw.col("first")).fill_null(value=True) & (
        nw.col("period_end") <= nw.col("last")
    ).fill_null(value=True)
    meets = (nw.col("_start") <= nw.col("last")) & (nw.col("_end") >= nw.col("first"))
    ahead = (nw.col("_end") > nw.col("as_of")).fill_null(value=False) & ~(nw.col("scope") == "projection")
    known = is_filled("first") & is_filled("last") & (nw.col("first") <= nw.col("last"))
    fits = nw.when(nw.col("has_window")).then(within).otherwise(meets)
    late = nw.when(nw.col("has_window") | ~ahead).then(nw.lit("")).otherwise(
        nw.concat_str([nw.lit(", as of "), nw.col("as_of").cast(nw.String)])
    )  # fmt: skip
    return judged.select(
        "figure_id", "claim_id", "period_start", "period_end", "first", "last", "whose",
        name=extract_last_name("figure_id"), own=format_span("_start", "_end"), window=format_span("first", "last"), late=late,
        **{VERDICT: nw.when(known).then(fits & ~ahead)},
    )  # fmt: skip


@rule(
    "claims.window-holds-figures",
    "error",
    ("period_start", "period_end"),
    message="the claim covers {window}, and all {outside} figures with days of their own lie outside, from {first} to {last}",
    hint=(
        "Correct the window of the claim: `since:` with its first day if the page counts from there, `during: {first}/{last}` or longer if "
        "it gives both ends. If the page says so, add a waiver."
    ),
    why=(
        "A part counts some of the people of its whole, so its days lie within those of the claim. Where none does, the window of the claim is "
        "that of a single bulletin, or has a wrong day, and the whole count lies at the wrong time."
    ),
    waivable=True,
    found=lambda row: (
        f"{write_days(row['period_start'], row['period_end'])}, figures of {write_days(row['first'], row['last'])}"
    ),
    after=("claims.as-of-before-page", "claims.window-meets-event", "figures.days-in-order"),
    invalidates=("period_start", "period_end"),
    requires_tables=("figures",),
    example=Example(
        "The window of a claim holds the days of its figures",
        bad={
            "claim": """
                during: 2024-06-02
                killed:
                  n: 80
                  including:
                    last_week: {n: 30, during: 2024-05-20/2024-05-26}
                    this_week: {n: 40, during: 2024-05-27/2024-06-01}
                """,
        },
        good={
            "claim": """
                since: 2024-05-01
                killed:
                  n: 80
                  including:
                    last_week: {n: 30, during: 2024-05-20/2024-05-26}
                    this_week: {n: 40, during: 2024-05-27/2024-06-01}
                """,
        },
    ),
)
def _check_figure_days(frames: Frames) -> Lazy:
    """Check that of several figures with days of their own, directly under a total without, one at least lies in the claim's window."""
    figures = frames["figures"].filter(is_filled("claim_id"))
    totals = figures.filter(
        nw.col("parent_id").is_null() & nw.col("period_start").is_null() & nw.col("period_end").is_null()
    )
    totals = totals.select(parent_id="figure_id").unique()
    dated = figures.filter(
        (nw.col("relation") != "additional") & is_filled("period_start") & is_filled("period_end")
    ).join(totals, on="parent_id", how="inner")
    dated = dated.select("claim_id", "period_start", "period_end")
    claims = drop_duplicate_keys(frames["claims"], "claim_id").filter(nw.col("period_start") <= nw.col("period_end"))
    claims = claims.select("claim_id", _first="period_start", _last="period_end")
    both = dated.join(claims, on="claim_id", how="inner")
    outside = cast_to_int(is_any(nw.col("period_start") < nw.col("_first"), nw.col("period_end") > nw.col("_last")))
    counted = both.with_columns(_outside=outside).group_by("claim_id", "_first", "_last").agg(
        _dated=nw.len(), outside=nw.col("_outside").sum(), first=nw.col("period_start").min(), last=nw.col("period_end").max()
    )  # fmt: skip
    verdict = (nw.col("outside") < nw.col("_dated")) | (nw.col("outside") < MIN_OUTSIDE)
    return counted.select(
        "claim_id", "outside", "first", "last", period_start="_first", period_end="_last",
        window=format_span("_first", "_last"), **{VERDICT: verdict},
    )  # fmt: skip
