"""Rules of the days of a page."""

from __future__ import annotations

import narwhals.stable.v1 as nw

from conflictdata.rules._helpers import LATER_RELEASE, Lazy, count_days, format_days
from conflictdata.rules.base import Example, Frames, rule
from conflictdata.schema.quantities import is_filled


def _check_by_release(frames: Frames, day: str = "published_on") -> Lazy:
    pages = frames["sources"].select("source_id", day).filter(is_filled(day)).join(frames["release"], how="cross")
    late = count_days("released_on", day)
    return pages.with_columns(late=format_days(late), verdict=late <= 0)


@rule(
    "sources.published-by-release",
    "error",
    ("published_on",),
    message="the page is of {published_on}, {late} after the release of {released_on}",
    hint=LATER_RELEASE,
    why="A page that is not out yet cannot have been read; every as-of selection would hide its claims.",
    example=Example(
        "A page is published before the data are",
        bad={
            "sources/war/paper-2204-06-02.yaml": """
                publisher: paper
                url: https://example.org/news/2b
                published: 2204-06-02
                language: en
                access: full_text
                claims: {1: {claimant: observatory, during: 2024-06-02, as_of: 2024-06-02, location: town, injured: 20}}
                """,
        },
        good={
            "sources/war/paper-2024-06-02.yaml": """
                publisher: paper
                url: https://example.org/news/2
                published: 2024-06-02
                language: en
                access: full_text
                claims: {1: {claimant: observatory, during: 2024-06-02, as_of: 2024-06-02, location: town, injured: 20}}
                """,
        },
    ),
)
def _check_published_by_release(frames: Frames) -> Lazy:
    return _check_by_release(frames)


@rule(
    "sources.accessed-by-release",
    "error",
    ("accessed_on",),
    message="the page was read on {accessed_on}, {late} after the release of {released_on}",
    hint=LATER_RELEASE,
    why="Nobody has read a page on a day that is still to come. The day is a typing error, and with it the hash of what was read has no date.",
    example=Example(
        "A page was read by the day of the release",
        bad={
            "page": "accessed: 2042-06-05",
        },
        good={
            "page": "accessed: 2024-06-05",
        },
    ),
)
def _check_accessed_by_release(frames: Frames) -> Lazy:
    return _check_by_release(frames, "accessed_on")


@rule(
    "sources.published-before-access",
    "error",
    ("accessed_on", "published_on"),
    message="the page was published on {published_on}, after it was read on {accessed_on}",
    hint="Correct `accessed:`, often its year; or `published:`, with the name of the file.",
    why="Nobody reads a page before it is out. A wrong day of publication moves its claims in every as-of selection.",
    example=Example(
        "A page is read on the day that it is published, or later",
        bad={
            "page": """
                published: 2024-06-02
                accessed: 2024-05-12
                """,
        },
        good={
            "page": """
                published: 2024-06-02
                accessed: 2024-06-12
                """,
        },
    ),
)
def _check_published_before_access() -> nw.Expr:
    return nw.col("accessed_on").is_null() | (nw.col("published_on") <= nw.col("accessed_on"))


@rule(
    "sources.published-after-events",
    "error",
    ("published_on",),
    message="the page is of {published_on}, and {event_id}, which it reports, starts on {date_start}: {late} later",
    hint="Correct the page's `published:` or the event's date, or name another event.",
    why="A page cannot report what has not happened. One of the two dates is wrong, or the claim is about an earlier event.",
    requires_tables=("events", "claims", "claim_events", "event_sources"),
    depends_on=(("events", "event_id", ("date_start",)),),
    example=Example(
        "A page is not older than what it reports",
        bad={
            "events": """
                2024-06-09-siege:
                  type: battle
                  date: 2024-06-09
                  location: town
                  summary: The army closes the roads to the town.
                  said: {paper-2024-06-02: observatory}
                """,
        },
        good={
            "events": """
                2024-06-02-siege:
                  type: battle
                  date: 2024-06-02
                  location: town
                  summary: The army closes the roads to the town.
                  said: {paper-2024-06-02: observatory}
                """,
        },
    ),
)
def _check_after_events(frames: Frames) -> Lazy:
    """Check that the latest event of a page starts by the day of the page."""
    claimed = frames["claim_events"].join(frames["claims"].select("claim_id", "source_id"), on="claim_id", how="inner")
    naming = [claims.select("source_id", "event_id") for claims in (claimed, frames["event_sources"])]
    named = nw.concat(naming).filter(is_filled("source_id") & is_filled("event_id")).unique()
    started = named.join(frames["events"].select("event_id", "date_start"), on="event_id", how="inner")
    last = started.group_by("source_id").agg(date_start=nw.col("date_start").max())
    event = (
        started.join(last, on=["source_id", "date_start"], how="inner")
        .group_by("source_id")
        .agg(nw.col("event_id").min())
    )
    pages = frames["sources"].select("source_id", "published_on").join(last, on="source_id", how="inner")
    late = count_days("published_on", "date_start")
    return pages.join(event, on="source_id", how="left").with_columns(late=format_days(late), verdict=late <= 0)
