"""Rules of events: actors, merging, sources, and possible duplicates."""

from __future__ import annotations

import math

import narwhals.stable.v1 as nw

from conflictdata.rules._compared_values import write_days
from conflictdata.rules._helpers import Lazy, format_span, join_columns, select_with_suffix
from conflictdata.rules.base import VERDICT, Example, Frames, Row, rule
from conflictdata.schema.quantities import is_filled

EARTH_KM = 6371.0088  # mean radius
NEAR_KM = 1.0


def _write_lifetime(row: Row) -> str:
    return (
        f"{write_days(row['date_start'], row['date_end'])}, active {write_days(row['active_from'], row['active_to'])}"
    )


def _format_lifetime() -> nw.Expr:
    """Return the active days of an actor in words. At least one end is known."""
    since = nw.concat_str([nw.lit("from "), nw.col("active_from").cast(nw.String), nw.lit(" on")])
    until = nw.concat_str([nw.lit("until "), nw.col("active_to").cast(nw.String)])
    both = nw.concat_str([nw.lit("from "), format_span("active_from", "active_to")])
    return nw.coalesce(both, since, until)


def _compute_distance_km(latitude: str, longitude: str, other_latitude: str, other_longitude: str) -> nw.Expr:
    """Return the great-circle distance of two nearby points in kilometres (haversine)."""
    radians = math.pi / 180
    north, other_north = nw.col(latitude) * radians, nw.col(other_latitude) * radians
    across = ((nw.col(other_longitude) - nw.col(longitude)) * radians / 2).sin()
    up = ((other_north - north) / 2).sin()
    h = up * up + north.cos() * other_north.cos() * across * across
    # narwhals has no arc sine. Below 100 km, arc and sine differ by less than 1 in 100,000.
    return h.sqrt() * (2 * EARTH_KM)


def _add_similarity_key(frames: Frames) -> Lazy:
    """Return active events with `alike`, a text equal for similar events.

    Similar events have the same type, days and actors.
    """
    # Two sets of actors count as the same if first, last and number agree. Three and more hardly occur.
    cast = (
        frames["event_actors"]
        .select("event_id", "actor_id")
        .filter(is_filled("event_id") & is_filled("actor_id"))
        .unique()
    )
    actor = nw.col("actor_id")
    cast = cast.group_by("event_id").agg(first_actor=actor.min(), last_actor=actor.max(), actors=nw.len())
    # As text: pandas would turn 2 into 2.0 if a join leaves some events without a number.
    cast = cast.with_columns(nw.col("actors").cast(nw.String))
    events = frames["events"].filter(nw.col("status") == "active").join(cast, on="event_id", how="left")
    key = join_columns(("event_type", "date_start", "date_end", "first_actor", "last_actor", "actors"))
    shown = ("event_type", "date_start", "date_end", "location_id", "first_actor", "last_actor", "actors")
    return events.select("event_id", *shown, alike=key)


def _group_by_place(frames: Frames, events: Lazy) -> Lazy:
    """Return one row per place and group of similar events, with the first event id.

    So the places are compared once, however many events there are.
    """
    places = (
        events.filter(is_filled("location_id")).group_by("alike", "location_id").agg(first=nw.col("event_id").min())
    )
    points = frames["locations"].filter(is_filled("location_id")).group_by("location_id")
    point = points.agg(nw.col("latitude").min(), nw.col("longitude").min())
    return places.join(point, on="location_id", how="left")


def _find_nearby(places: Lazy) -> Lazy:
    """Return, per row, the first similar event within a kilometre (or itself).

    Returns:
        `other`, the event id, and `metres`, the distance.
    """
    other = select_with_suffix(places, ("alike", "location_id", "first", "latitude", "longitude"), "_b")
    pairs = places.join(other, left_on="alike", right_on="alike_b", how="inner")
    apart = _compute_distance_km("latitude", "longitude", "latitude_b", "longitude_b")
    km = nw.when(nw.col("location_id") == nw.col("location_id_b")).then(nw.lit(0.0)).otherwise(apart)
    # As text: pandas would turn 0 into 0.0 if a join leaves some rows without a number.
    metres = (nw.col("km") * 1000).round(0).cast(nw.Int64).cast(nw.String)
    near = pairs.with_columns(km=km).filter(nw.col("km") <= NEAR_KM)
    near = near.select("alike", "location_id", other="first_b", metres=metres)
    first = near.group_by("alike", "location_id").agg(nw.col("other").min())
    return near.join(first, on=["alike", "location_id", "other"], how="inner")


def _write_twin(row: Row) -> str:
    named = dict.fromkeys(filter(None, (row["first_actor"], row["last_actor"])))
    more = int(row["actors"] or 0) - len(named)
    cast = f"{' '.join(named) or 'nobody'}{f' and {more} more' if more else ''}"
    when = write_days(row["date_start"], row["date_end"])
    return f"{row['other']}, {row['event_type']}, {when}, {cast}, {row['metres']} m"


@rule(
    "event_actors.one-side",
    "error",
    ("actor_id", "role", "event_id"),
    message="{actor_id} is both initiator and target of {event_id}",
    hint="Where two groups of one umbrella fight, name the groups; where the page leaves the sides open, use `party`.",
    why="An actor that attacks itself is a slip, and it turns up on both sides of every table of who did what to whom.",
    example=Example(
        "An actor is not both initiator and target",
        bad={
            "events": """
                2024-06-02-siege:
                  type: battle
                  date: 2024-06-02
                  location: town
                  initiator: army
                  target: [army, rebels]
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
                  initiator: army
                  target: rebels
                  summary: The army closes the roads to the town.
                  said: {paper-2024-06-02: observatory}
                """,
        },
    ),
)
def _check_one_side(frames: Frames) -> Lazy:
    actors = frames["event_actors"].select("event_id", "actor_id", "role")
    acting = actors.filter(nw.col("role") == "initiator").select("event_id", "actor_id").unique()
    hit = actors.filter(nw.col("role") == "target")
    both = hit.join(acting.with_columns(acting=nw.lit(True)), on=["event_id", "actor_id"], how="left")
    return both.with_columns(nw.col("acting").is_null().alias(VERDICT))


@rule(
    "events.merged-names-target",
    "error",
    ("merged_into", "status"),
    message="the status is {status}, and merged_into is {merged_into}",
    hint="A merged event, and only a merged one, names the event that replaces it (`merged_into:`).",
    why="Whoever holds the old id must find the record that took its place; a live event must not send readers elsewhere.",
    example=Example(
        "A merged event names the other one, and only a merged one does",
        bad={
            "events": """
                2024-06-01-attack:
                  type: attack_on_civilians
                  date: 2024-06-01
                  location: town
                  summary: An attack on the town.
                  status: merged
                  said: {paper-2024-06-02: observatory}
                """,
        },
        good={
            "events": """
                2024-06-01-attack:
                  type: attack_on_civilians
                  date: 2024-06-01
                  location: town
                  summary: An attack on the town.
                  status: merged
                  merged_into: 2024-06-01-raid
                  said: {paper-2024-06-02: observatory}
                """,
        },
    ),
)
def _check_merged_names_target() -> nw.Expr:
    return (nw.col("status") == "merged") == is_filled("merged_into")


@rule(
    "events.merged-into-live",
    "error",
    ("merged_into",),
    message="{event_id} is merged into {merged_into}, whose status is {target_status}",
    hint="Name the event at the end of the line.",
    why="A pointer to a merged or withdrawn record leads the reader to nothing, or round in a circle.",
    example=Example(
        "A merged event leads to an active one",
        bad={
            "events": """
                2024-06-02-attack:
                  type: battle
                  date: 2024-06-02
                  location: village
                  summary: An attack on the village.
                  status: merged
                  merged_into: 2024-06-02-clash
                  said: {paper-2024-06-02: observatory}
                2024-06-02-clash:
                  type: battle
                  date: 2024-06-02
                  location: village
                  summary: A clash in the village.
                  status: withdrawn
                  said: {paper-2024-06-02: ministry}
                """,
        },
        good={
            "events": """
                2024-06-02-attack:
                  type: battle
                  date: 2024-06-02
                  location: village
                  summary: An attack on the village.
                  status: merged
                  merged_into: 2024-06-02-clash
                  said: {paper-2024-06-02: observatory}
                2024-06-02-clash:
                  type: battle
                  date: 2024-06-02
                  location: village
                  summary: A clash in the village.
                  said: {paper-2024-06-02: ministry}
                """,
        },
    ),
)
def _check_merged_into_live(frames: Frames) -> Lazy:
    events = frames["events"]
    target = events.select(merged_into="event_id", target_status="status").unique()
    merged = (
        events.filter(is_filled("merged_into"))
        .select("event_id", "merged_into")
        .join(target, on="merged_into", how="left")
    )
    live = (nw.col("target_status") == "active") & (nw.col("event_id") != nw.col("merged_into"))
    return merged.with_columns(live.alias(VERDICT))


@rule(
    "events.has-source",
    "error",
    ("event_id",),
    message="no page says that {event_id} happened, and no claim is about it",
    hint="Name the page and who says so there (`said: {{<source id>: <claimant>}}`), or withdraw the event.",
    why="Nothing is recorded on the coder's word alone. An event without a source can be neither checked nor defended.",
    requires_tables=("event_sources", "claim_events"),
    reverse_reference="event_id",
    example=Example(
        "Each event has a page or a claim",
        bad={
            "events": """
                2024-06-02-siege:
                  type: battle
                  date: 2024-06-02
                  location: town
                  summary: The army closes the roads to the town.
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
def _check_has_source(frames: Frames) -> Lazy:
    naming = [
        frames[table].filter(is_filled("event_id")).select("event_id") for table in ("event_sources", "claim_events")
    ]
    known = nw.concat(naming).unique().with_columns(said=nw.lit(True))
    events = frames["events"].filter(nw.col("status") == "active").select("event_id", "summary")
    return events.join(known, on="event_id", how="left").with_columns(is_filled("said").alias(VERDICT))


@rule(
    "event_actors.actor-active",
    "warning",
    ("actor_id", "event_id"),
    message="{actor_id} existed {lifetime}, and {event_id} was on {window}",
    hint="Name the forerunner or successor of that time, or correct the actor's years in seeds/reference/actors.csv.",
    why="Groups split, merge and change names. Events booked on a group that did not exist yet distort its record.",
    requires_tables=("events", "actors"),
    waivable=True,
    found=_write_lifetime,
    depends_on=(("events", "event_id", ("date_start", "date_end")),),
    example=Example(
        "An actor takes part in events of its time",
        bad={
            "events": """
                2024-06-02-siege:
                  type: battle
                  date: 2024-06-02
                  location: town
                  initiator: front
                  summary: The front closes the roads to the town.
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
            "actors": """
                actor_id,name,kind,country,parent_id,active_from,active_to,wikidata,ucdp_id,note
                front,A front,armed_group,SYR,,2019-03-01,2021-08-31,,,
                """,
        },
    ),
)
def _check_actor_active(frames: Frames) -> Lazy:
    years = (
        frames["actors"]
        .select("actor_id", "active_from", "active_to")
        .filter(is_filled("active_from") | is_filled("active_to"))
        .filter(~(nw.col("active_from") > nw.col("active_to")).fill_null(False))  # reported by another rule
    )
    days = frames["events"].select("event_id", "date_start", "date_end")
    rows = frames["event_actors"].select("event_id", "actor_id", "role")
    rows = rows.join(years, on="actor_id", how="inner").join(days, on="event_id", how="inner")
    begun = nw.col("active_from").is_null() | (nw.col("date_end") >= nw.col("active_from"))
    lasting = nw.col("active_to").is_null() | (nw.col("date_start") <= nw.col("active_to"))
    return rows.with_columns(
        window=format_span("date_start", "date_end"), lifetime=_format_lifetime(), verdict=begun & lasting
    )


@rule(
    "events.possible-duplicate",
    "warning",
    ("event_id", "date_start", "date_end", "location_id", "event_type"),
    message="{event_id} may be {other}: both {event_type} on {date_start}, same actors, {metres} m apart",
    hint="Same event: set one to merged (`merged_into:`). Two events: say in the summaries how they differ, and waive this.",
    why="One attack coded from two pages counts twice. Same day, place, kind and actors is how such pairs look.",
    requires_tables=("locations", "event_actors"),
    waivable=True,
    found=_write_twin,
    example=Example(
        "One event has one record",
        bad={
            "events": """
                2024-06-01-attack:
                  type: attack_on_civilians
                  date: 2024-06-01
                  location: town
                  initiator: rebels
                  summary: An attack on the town.
                  said: {paper-2024-06-02: observatory}
                """,
        },
        good={
            "events": """
                2024-06-01-attack:
                  type: attack_on_civilians
                  date: 2024-06-01
                  location: town
                  initiator: rebels
                  summary: An attack on the town.
                  status: merged
                  merged_into: 2024-06-01-raid
                  said: {paper-2024-06-02: observatory}
                """,
        },
    ),
)
def _check_possible_duplicate(frames: Frames) -> Lazy:
    events = _add_similarity_key(frames)
    near = _find_nearby(_group_by_place(frames, events))
    judged = events.join(near, on=["alike", "location_id"], how="left")
    return judged.with_columns((nw.col("other") >= nw.col("event_id")).alias(VERDICT))
