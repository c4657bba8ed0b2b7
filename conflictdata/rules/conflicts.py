"""Rules of conflicts: whether events, places and actors belong to the conflict of a record."""

from __future__ import annotations

from collections.abc import Callable

import narwhals.stable.v1 as nw

from conflictdata.rules._conflicts import list_countries, select_records
from conflictdata.rules._helpers import Lazy, find_unresolved_ancestry
from conflictdata.rules.base import VERDICT, Example, Frames, Rule, rule, share
from conflictdata.schema.countries import load_countries
from conflictdata.schema.quantities import is_filled
from conflictdata.schema.views import drop_duplicate_keys

Check = Callable[[Frames], Lazy]


def _check_place(frames: Frames, table: str, key: str) -> Lazy:
    """Check that the place of a record is in a country of its conflict. Places without a country are left out."""
    records = select_records(frames, table, key, "conflict_id", "location_id")
    places = select_records(frames, "locations", "location_id", "country")
    places = places.filter(nw.col("country").is_in(list(load_countries())))  # another rule reports other codes
    pairs = list_countries(frames)
    listed = select_records(frames, "conflicts", "conflict_id", "countries").join(
        pairs.select("conflict_id").unique(), on="conflict_id", how="inner"
    )
    placed = records.join(places, on="location_id", how="inner").join(listed, on="conflict_id", how="inner")
    judged = placed.join(pairs, on=["conflict_id", "country"], how="left")
    return judged.with_columns(is_filled("inside").alias(VERDICT))


@share
def _list_members(frames: Frames) -> Lazy:
    """Return the actors of each conflict and of the groups in it: `conflict_id`, `actor_id`, `member` (always true)."""
    listed = select_records(frames, "conflict_actors", "conflict_id", "actor_id")
    listed = listed.select("conflict_id", ancestor_id="actor_id")
    members = frames["actor_ancestors"].join(listed, on="ancestor_id", how="inner")
    return members.select("conflict_id", "actor_id").unique().with_columns(member=nw.lit(value=True))


def _check_actors(frames: Frames, records: Lazy) -> Lazy:
    """Check that the actors of records belong to the conflict.

    Left out are conflicts for which no actor is listed, actors that are nobody in particular, and actors with an unknown wider
    group or a key that occurs twice.

    Args:
        frames: All frames.
        records: Rows with `conflict_id` and `actor_id`.
    """
    filled = select_records(frames, "conflict_actors", "conflict_id", "actor_id").select("conflict_id").unique()
    named = frames["actors"].filter(nw.col("kind") != "unspecified").select("actor_id")
    named = named.join(frames["actor_ancestors"].select("actor_id"), on="actor_id", how="inner").unique()
    named = named.join(find_unresolved_ancestry(frames, "actors", "actor_id"), on="actor_id", how="anti")
    known = records.filter(is_filled("conflict_id") & is_filled("actor_id"))
    known = known.join(filled, on="conflict_id", how="inner").join(named, on="actor_id", how="inner")
    judged = known.join(_list_members(frames), on=["conflict_id", "actor_id"], how="left")
    return judged.with_columns(is_filled("member").alias(VERDICT))


def _check_perpetrators(frames: Frames) -> Lazy:
    claims = select_records(frames, "claims", "claim_id", "conflict_id")
    return _check_actors(frames, frames["claim_perpetrators"].join(claims, on="claim_id", how="inner"))


def _check_event_actors(frames: Frames) -> Lazy:
    events = select_records(frames, "events", "event_id", "conflict_id")
    rows = frames["event_actors"].select("event_id", "actor_id", "role")
    return _check_actors(frames, rows.join(events, on="event_id", how="inner"))


def _check_figure_actors(frames: Frames) -> Lazy:
    """Check actor and perpetrator of a figure. Of two that do not belong, the first by id is named."""
    figures = frames["figures"].filter(is_filled("claim_id")).join(
        select_records(frames, "claims", "claim_id", "conflict_id"), on="claim_id", how="inner"
    )  # fmt: skip
    shown = ("figure_id", "claim_id", "conflict_id")
    named = [figures.select(*shown, actor_id=column) for column in ("actor_id", "perpetrator_id")]
    judged = _check_actors(frames, nw.concat(named).unique())
    outside = judged.filter(~nw.col(VERDICT)).group_by("figure_id").agg(nw.col("actor_id").min())
    records = judged.select(*shown).unique().join(outside, on="figure_id", how="left")
    return records.with_columns((~is_filled("actor_id")).alias(VERDICT))


_WHY_CONFLICT = (
    "Whoever asks about a conflict takes the records that name it. A record filed under another war is missing from its own, "
    "and its dead are added to those of the other."
)


def _make_place_rule(table: str, key: str) -> Rule:
    return rule(
        f"{table}.place-in-conflict",
        "warning",
        ("location_id", "conflict_id"),
        message="{location_id} is in {country}, and the countries of {conflict_id} are {countries}",
        hint="Correct the place or the conflict, or add the country in seeds/reference/conflicts.csv; people who crossed a border need a waiver.",
        why=_WHY_CONFLICT,
        requires_tables=("conflicts", "locations"),
        waivable=True,
        found="{location_id} in {country}, {conflict_id} in {countries}",
        after=("locations.point-in-country", "claim_links.conflicts-meet"),
        invalidates=("location_id", "conflict_id"),
        depends_on=(("locations", "location_id", ("country",)),),
        example=_EXAMPLES[f"{table}.place-in-conflict"],
    )(lambda frames: _check_place(frames, table, key))


_ACTOR_HINT = (
    "Correct the actor or the conflict, or add {conflict_id},{actor_id} to seeds/reference/conflict_actors.csv."
)
_WHY_ACTOR = (
    "Few parties take part in a war. One from another war is a name chosen from the wrong line of the register, or a page in "
    "the wrong folder, and it turns up in every table of who did what to whom."
)


def _make_actor_rule(table: str, fields: tuple[str, ...], check: Check, requires_tables: tuple[str, ...]) -> Rule:
    whose, key = ("events", "event_id") if table == "event_actors" else ("claims", "claim_id")
    record = (whose, key, ("conflict_id",))
    return rule(
        f"{table}.actor-in-conflict",
        "warning",
        fields,
        message="{actor_id} is not listed among the actors of {conflict_id}",
        hint=_ACTOR_HINT,
        why=_WHY_ACTOR,
        requires_tables=("conflict_actors", "actors", *requires_tables),
        waivable=True,
        found="{actor_id} in {conflict_id}",
        after=("claim_events.same-conflict", "claims.place-in-conflict", "events.place-in-conflict"),
        depends_on=(record,),
        reverse_reference="actor_id",
        example=_EXAMPLES[f"{table}.actor-in-conflict"],
    )(check)


_EXAMPLES = {
    "claims.place-in-conflict": Example(
        "The place of a claim is in a country of its conflict",
        bad={
            "claim": """
                location: port
                killed: 8
                """,
        },
        good={
            "claim": """
                location: town
                killed: 8
                """,
        },
        both={
            "locations": """
                location_id,name,kind,country,admin1,parent_id,latitude,longitude,precision,note
                port,A port,settlement,YEM,,,14.8,42.95,2,
                """,
        },
    ),
    "events.place-in-conflict": Example(
        "The place of an event is in a country of its conflict",
        bad={
            "events": """
                2024-06-02-siege:
                  type: battle
                  date: 2024-06-02
                  location: port
                  party: [army, rebels]
                  summary: The army and the rebels fight for the port.
                  said: {paper-2024-06-02: observatory}
                """,
        },
        good={
            "events": """
                2024-06-02-siege:
                  type: battle
                  date: 2024-06-02
                  location: town
                  party: [army, rebels]
                  summary: The army and the rebels fight for the town.
                  said: {paper-2024-06-02: observatory}
                """,
        },
        both={
            "locations": """
                location_id,name,kind,country,admin1,parent_id,latitude,longitude,precision,note
                port,A port,settlement,YEM,,,14.8,42.95,2,
                """,
        },
    ),
    "claim_perpetrators.actor-in-conflict": Example(
        "A perpetrator is an actor of the conflict",
        bad={
            "claim": """
                perpetrator: clan
                certainty: stated
                killed: 8
                """,
        },
        good={
            "claim": """
                perpetrator: rebels
                certainty: stated
                killed: 8
                """,
        },
        both={
            "reference/conflict_actors.csv": """
                conflict_id,actor_id
                war,army
                war,rebels
                """,
        },
    ),
    "event_actors.actor-in-conflict": Example(
        "Who takes part in an event is an actor of the conflict",
        bad={
            "events": """
                2024-06-02-siege:
                  type: battle
                  date: 2024-06-02
                  location: town
                  initiator: clan
                  summary: The clan closes the roads to the town.
                  said: {paper-2024-06-02: observatory}
                """,
        },
        good={
            "events": """
                2024-06-02-siege:
                  type: battle
                  date: 2024-06-02
                  location: town
                  initiator: rebels
                  summary: The rebels close the roads to the town.
                  said: {paper-2024-06-02: observatory}
                """,
        },
        both={
            "reference/conflict_actors.csv": """
                conflict_id,actor_id
                war,army
                war,rebels
                """,
        },
    ),
    "figures.actor-in-conflict": Example(
        "Whose people were hit, and who hit them, are actors of the conflict",
        bad={
            "claim": "killed: {n: 8, actor: clan}",
        },
        good={
            "claim": "killed: {n: 8, actor: rebels}",
        },
        both={
            "reference/conflict_actors.csv": """
                conflict_id,actor_id
                war,army
                war,rebels
                """,
        },
    ),
}


@rule(
    "claim_events.same-conflict",
    "error",
    ("event_id", "claim_id"),
    message="{claim_id} is a claim of {conflict_id}, and {event_id} an event of {event_conflict}",
    hint="Name another event, or give the claim the event's conflict (`conflict: {event_conflict}`, or another folder for the page).",
    why=_WHY_CONFLICT,
    requires_tables=("claims", "events", "conflicts"),
    after=("*.key-unique", "*-resolves"),
    invalidates_other=(("claims", "claim_id", ("conflict_id",)),),
    example=Example(
        "A claim and its event are of one conflict",
        bad={
            "claim": """
                event: 2024-06-02-siege
                location: town
                killed: 8
                """,
        },
        good={
            "claim": """
                conflict: war_of_2024
                event: 2024-06-02-siege
                location: town
                killed: 8
                """,
        },
        both={
            "events/war_of_2024.yaml": """
                2024-06-02-siege:
                  type: battle
                  date: 2024-06-02
                  location: town
                  party: [army, rebels]
                  summary: The army and the rebels fight for the town.
                  said: {paper-2024-06-02: observatory}
                """,
            "conflicts": """
                conflict_id,name,date_start,date_end,countries,ucdp_id,wikidata
                war_of_2024,A war in the north,2024-01-01,,SYR,,
                """,
        },
    ),
)
def _check_events_of_claims(frames: Frames) -> Lazy:
    known = frames["conflicts"].select("conflict_id").unique()  # another rule reports the others
    claims = select_records(frames, "claims", "claim_id", "conflict_id").join(known, on="conflict_id", how="inner")
    events = select_records(frames, "events", "event_id", "conflict_id").join(known, on="conflict_id", how="inner")
    events = drop_duplicate_keys(events, "event_id").select("event_id", event_conflict="conflict_id")
    both = frames["claim_events"].join(claims, on="claim_id", how="inner").join(events, on="event_id", how="inner")
    return both.with_columns((nw.col("conflict_id") == nw.col("event_conflict")).alias(VERDICT))


RULES: tuple[Rule, ...] = (
    _make_place_rule("claims", "claim_id"),
    _make_place_rule("events", "event_id"),
    _make_actor_rule("claim_perpetrators", ("actor_id", "claim_id"), _check_perpetrators, ("claims",)),
    _make_actor_rule("event_actors", ("actor_id", "event_id"), _check_event_actors, ("events",)),
    _make_actor_rule("figures", ("actor_id", "perpetrator_id"), _check_figure_actors, ("claims",)),
)
