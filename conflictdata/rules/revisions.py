"""Rules of corrections and retractions: which claim may replace which."""

from __future__ import annotations

import narwhals.stable.v1 as nw

from conflictdata.rules._helpers import (
    Lazy,
    count_days,
    find_unresolved_ancestry,
    format_days,
    format_span,
    join_columns,
    overlap,
    select_with_suffix,
)
from conflictdata.rules._hierarchy import check_chains
from conflictdata.rules.base import VERDICT, Example, Frames, rule
from conflictdata.schema.quantities import is_filled

MAX_CORRECTIONS = 16  # maximum length of a chain of corrections

_EVENTS = ("event_id", "last_event_id", "event_count")
_COMPARED = ("claim_id", "claimant_id", "scope", "period_start", "period_end", "as_of")


def _join_corrections(frames: Frames, view: str = "claims", more: tuple[str, ...] = ()) -> Lazy:
    """Return claims that correct another, with its columns under the suffix `_old`."""
    claims, columns = frames[view], (*_COMPARED, *more)
    new = claims.filter(is_filled("supersedes")).select(*columns, "supersedes")
    old = select_with_suffix(claims, columns, "_old")
    return new.join(old, left_on="supersedes", right_on="claim_id_old", how="left")


def _format_window(ending: str) -> nw.Expr:
    """Return the window of a claim in words: its event if it has one, else its days."""
    event = nw.concat_str([nw.lit("the event "), nw.col("event_id" + ending)])
    return nw.coalesce(event, format_span("period_start" + ending, "period_end" + ending))


@rule(
    "claims.supersedes-family",
    "error",
    ("supersedes", "claimant_id"),
    message="{claimant_id} corrects {supersedes}, a claim by {claimant_id_old}, of another family of actors",
    hint="Only a claimant, or a body under the same parent, corrects its own claim; use `conflicts_with:` for another's number.",
    why=(
        "To supersede is to take back one's own word. Another party's lower number is a contradiction: both are kept, and "
        "the reader sees who says which."
    ),
    requires_tables=("actors",),
    after=("claims.as-of-before-page",),
    invalidates=("supersedes",),
    depends_on=(("claims", "supersedes", ("claimant_id",)),),
    example=Example(
        "A correction comes from the claimant, or from its family",
        bad={
            "claim": """
                claimant: army
                event: 2024-06-01-raid
                location: town
                supersedes: paper-2024-06-01.1
                reason: The army counts fewer.
                killed: 6
                """,
        },
        good={
            "claim": """
                claimant: army
                event: 2024-06-01-raid
                location: town
                conflicts_with: paper-2024-06-01.1
                killed: 6
                """,
        },
    ),
)
def _check_same_family(frames: Frames) -> Lazy:
    both = _join_corrections(frames).select("claim_id", "supersedes", "claimant_id", "claimant_id_old")
    held = frames["actor_ancestors"]  # pairs of an actor and its ancestors, itself included
    above = both.join(held, left_on="claimant_id", right_on="actor_id", how="inner")
    shared = above.join(
        held, left_on=["claimant_id_old", "ancestor_id"], right_on=["actor_id", "ancestor_id"], how="inner"
    )
    family = shared.select("claim_id", related=nw.lit(True)).unique()
    unsure = find_unresolved_ancestry(frames, "actors", "actor_id")
    named = frames["actors"].select("actor_id").unique().join(unsure, on="actor_id", how="anti")
    new_named = named.select(claimant_id="actor_id", new_known=nw.lit(True))
    old_named = named.select(claimant_id_old="actor_id", old_known=nw.lit(True))
    compared = both.join(family, on="claim_id", how="left").join(new_named, on="claimant_id", how="left")
    compared = compared.join(old_named, on="claimant_id_old", how="left")
    same = (nw.col("claimant_id") == nw.col("claimant_id_old")) | is_filled("related")
    # Another rule reports missing claimants and ancestors.
    verdict = nw.when(same).then(nw.lit(True)).when(is_filled("new_known") & is_filled("old_known")).then(nw.lit(False))
    return compared.select("claim_id", "supersedes", "claimant_id", "claimant_id_old", verdict=verdict)


@rule(
    "claims.supersedes-older",
    "error",
    ("supersedes", "as_of"),
    message="the claim as of {as_of} corrects {supersedes}, which is as of {as_of_old}: {newer} newer",
    hint="Turn the two round, or correct the as-of day that is wrong.",
    why="A correction comes after what it corrects. The other way round, the withdrawn number would count as the latest.",
    after=("claims.supersedes-no-circle",),
    invalidates=("supersedes",),
    depends_on=(("claims", "supersedes", ("as_of",)),),
    example=Example(
        "A correction is not older than what it corrects",
        bad={
            "claims": """
                1:
                  claimant: observatory
                  during: 2024-05-30
                  as_of: 2024-06-02
                  location: town
                  killed: 8
                2:
                  claimant: observatory
                  during: 2024-05-30
                  as_of: 2024-05-30
                  location: town
                  supersedes: paper-2024-06-02.1
                  reason: Recounted.
                  killed: 9
                """,
        },
        good={
            "claims": """
                1:
                  claimant: observatory
                  during: 2024-05-30
                  as_of: 2024-05-30
                  location: town
                  killed: 8
                2:
                  claimant: observatory
                  during: 2024-05-30
                  as_of: 2024-06-02
                  location: town
                  supersedes: paper-2024-06-02.1
                  reason: Recounted.
                  killed: 9
                """,
        },
    ),
)
def _check_not_newer(frames: Frames) -> Lazy:
    both = _join_corrections(frames).select("claim_id", "supersedes", "as_of", "as_of_old")
    newer = count_days("as_of", "as_of_old")
    return both.with_columns(newer=format_days(newer), verdict=newer <= 0)


@rule(
    "claims.supersedes-window",
    "error",
    ("supersedes", "period_start", "period_end", "scope"),
    message="the claim covers {window}, and corrects {supersedes}, which covers {window_old}",
    hint="The next point of a running toll is not a correction: leave `supersedes:` out. Else make the windows agree.",
    why=(
        "A correction replaces a number for the same days or the same event. Where the windows differ, nothing was "
        "corrected: both numbers hold, each for its own window, and neither may hide the other."
    ),
    requires_tables=("claim_events",),
    after=("claims.supersedes-older",),
    invalidates=("supersedes",),
    depends_on=(("claims", "supersedes", ("period_start", "period_end")),),
    example=Example(
        "A correction covers the window of what it corrects",
        bad={
            "claims": """
                1:
                  claimant: observatory
                  during: 2024-05-20/2024-05-26
                  as_of: 2024-05-26
                  location: town
                  killed: 8
                2:
                  claimant: observatory
                  during: 2024-05-27/2024-06-01
                  as_of: 2024-06-01
                  location: town
                  supersedes: paper-2024-06-02.1
                  reason: A week later there are more.
                  killed: 9
                """,
        },
        good={
            "claims": """
                1:
                  claimant: observatory
                  during: 2024-05-20/2024-05-26
                  as_of: 2024-05-26
                  location: town
                  killed: 8
                2:
                  claimant: observatory
                  during: 2024-05-20/2024-05-26
                  as_of: 2024-06-01
                  location: town
                  supersedes: paper-2024-06-02.1
                  reason: A ninth person died in hospital.
                  killed: 9
                """,
        },
    ),
)
def _check_same_window(frames: Frames) -> Lazy:
    both = _join_corrections(frames, "claims_resolved", _EVENTS)
    running = (nw.col("scope") == "cumulative") & (nw.col("scope_old") == "cumulative")
    events = is_filled("event_id") & is_filled("event_id_old")
    verdict = (
        nw.when(running).then(nw.col("period_start") == nw.col("period_start_old"))
        .when(events).then(join_columns(_EVENTS) == join_columns(f"{name}_old" for name in _EVENTS))
        .otherwise(overlap("period_start", "period_end", "period_start_old", "period_end_old"))
    )  # fmt: skip
    # Running tolls are compared by first day, so show their days even if both name an event.
    shown = {"window": "", "window_old": "_old"}
    words = {
        name: nw.when(running)
        .then(format_span("period_start" + end, "period_end" + end))
        .otherwise(_format_window(end))
        for name, end in shown.items()
    }
    return both.select("claim_id", "supersedes", verdict=verdict, **words)


@rule(
    "claims.supersedes-no-circle",
    "error",
    ("supersedes",),
    message="the corrections come to no end: {path}",
    hint="Delete the `supersedes:` of the oldest claim among them.",
    why="In a circle of corrections every claim is withdrawn by another, and none is left.",
    after=("claims.supersedes-family",),
    invalidates=("supersedes",),
    example=Example(
        "Corrections come to an end",
        bad={
            "claims": """
                1:
                  claimant: observatory
                  during: 2024-06-01
                  as_of: 2024-06-02
                  location: town
                  supersedes: paper-2024-06-02.2
                  reason: Recounted.
                  killed: 8
                2:
                  claimant: observatory
                  during: 2024-06-01
                  as_of: 2024-06-02
                  location: town
                  supersedes: paper-2024-06-02.1
                  reason: Recounted.
                  killed: 9
                """,
        },
        good={
            "claims": """
                1:
                  claimant: observatory
                  during: 2024-06-01
                  as_of: 2024-06-02
                  location: town
                  killed: 8
                2:
                  claimant: observatory
                  during: 2024-06-01
                  as_of: 2024-06-02
                  location: town
                  supersedes: paper-2024-06-02.1
                  reason: Recounted.
                  killed: 9
                """,
        },
    ),
)
def _check_no_circle(frames: Frames) -> Lazy:
    return check_chains(frames["claims"], "claim_id", "supersedes", MAX_CORRECTIONS)


@rule(
    "claims.supersedes-once",
    "error",
    ("supersedes",),
    message="{supersedes} is corrected by {first} already, and by {claim_id} again",
    hint="Let the later correction supersede the earlier one, so that the corrections form one line.",
    why=(
        "With two successors nobody can say which number holds now. Whoever follows the corrections to the latest number "
        "arrives at two."
    ),
    after=("claims.supersedes-window",),
    example=Example(
        "A claim is corrected by one other",
        bad={
            "claims": """
                1:
                  claimant: observatory
                  event: 2024-06-01-raid
                  as_of: 2024-06-01
                  location: town
                  supersedes: paper-2024-06-01.1
                  reason: A ninth person died in hospital.
                  killed: 9
                2:
                  claimant: observatory
                  event: 2024-06-01-raid
                  as_of: 2024-06-02
                  location: town
                  supersedes: paper-2024-06-01.1
                  reason: A tenth person died in hospital.
                  killed: 10
                """,
        },
        good={
            "claims": """
                1:
                  claimant: observatory
                  event: 2024-06-01-raid
                  as_of: 2024-06-01
                  location: town
                  supersedes: paper-2024-06-01.1
                  reason: A ninth person died in hospital.
                  killed: 9
                2:
                  claimant: observatory
                  event: 2024-06-01-raid
                  as_of: 2024-06-02
                  location: town
                  supersedes: paper-2024-06-02.1
                  reason: A tenth person died in hospital.
                  killed: 10
                """,
        },
    ),
)
def _check_one_successor(frames: Frames) -> Lazy:
    claims = frames["claims"].filter(is_filled("supersedes")).select("claim_id", "supersedes")
    first = claims.group_by("supersedes").agg(first=nw.col("claim_id").min())
    both = claims.join(first, on="supersedes", how="left")
    return both.with_columns((nw.col("claim_id") == nw.col("first")).alias(VERDICT))
