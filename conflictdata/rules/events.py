"""Rules of events: dates, actors, merging, sources, and possible duplicates."""

from __future__ import annotations

import math

import narwhals.stable.v1 as nw

from conflictdata.rules import _typos
from conflictdata.rules._compared_values import write_days
from conflictdata.rules._helpers import (
    LATER_RELEASE,
    Lazy,
    count_days,
    format_days,
    format_span,
    is_filled,
    join_columns,
    select_with_suffix,
)
from conflictdata.rules.base import VERDICT, Frames, Row, Rule

# UCDP date_prec: the shortest and the longest span of each code, in days.
SPANS = {"1": (1, 1), "2": (2, 6), "3": (7, 7), "4": (8, 31), "5": (32, 366)}

EARTH_KM = 6371.0088  # mean radius
NEAR_KM = 1.0


def _describe_code(code: str) -> str:
    shortest, longest = SPANS[code]
    return f"{shortest} to {longest} days" if shortest < longest else f"{shortest} day{'s' * (shortest > 1)}"


def _describe_fitting_code(days: nw.Expr) -> nw.Expr:
    """Return the code that fits a number of days, in words."""
    fitting = nw.lit("no code fits")
    for code, (shortest, longest) in SPANS.items():
        fitting = nw.when((days >= shortest) & (days <= longest)).then(nw.lit(f"{code} would fit")).otherwise(fitting)
    return fitting


def _check_precision(frames: Frames) -> Lazy:
    days = count_days("date_start", "date_end") + 1
    code = nw.col("date_precision")
    shortest, longest = (
        code.replace_strict({c: ends[i] for c, ends in SPANS.items()}, default=None, return_dtype=nw.Int64)
        for i in (0, 1)
    )
    stands_for = code.replace_strict({c: _describe_code(c) for c in SPANS}, default=None, return_dtype=nw.String)
    events = frames["events"].filter(~(nw.col("date_end") < nw.col("date_start")))  # reported by another rule
    return events.select(
        "event_id", "date_precision", days=format_days(days), window=format_span("date_start", "date_end"), stands_for=stands_for,
        fitting=_describe_fitting_code(days), verdict=(days >= shortest) & (days <= longest),
    )  # fmt: skip


def _check_over_by_release(frames: Frames) -> Lazy:
    events = frames["events"].select("event_id", "date_start", "date_end").join(frames["release"], how="cross")
    late = count_days("released_on", "date_end")
    return events.with_columns(late=format_days(late), verdict=late <= 0)


def _check_one_side(frames: Frames) -> Lazy:
    actors = frames["event_actors"].select("event_id", "actor_id", "role")
    acting = actors.filter(nw.col("role") == "initiator").select("event_id", "actor_id").unique()
    hit = actors.filter(nw.col("role") == "target")
    both = hit.join(acting.with_columns(acting=nw.lit(True)), on=["event_id", "actor_id"], how="left")
    return both.with_columns(nw.col("acting").is_null().alias(VERDICT))


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


def _check_has_source(frames: Frames) -> Lazy:
    naming = [
        frames[table].filter(is_filled("event_id")).select("event_id") for table in ("event_sources", "claim_events")
    ]
    known = nw.concat(naming).unique().with_columns(said=nw.lit(True))
    events = frames["events"].filter(nw.col("status") == "active").select("event_id", "summary")
    return events.join(known, on="event_id", how="left").with_columns(is_filled("said").alias(VERDICT))


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


def _check_possible_duplicate(frames: Frames) -> Lazy:
    events = _add_similarity_key(frames)
    near = _find_nearby(_group_by_place(frames, events))
    judged = events.join(near, on=["alike", "location_id"], how="left")
    return judged.with_columns((nw.col("other") >= nw.col("event_id")).alias(VERDICT))


def _write_twin(row: Row) -> str:
    named = dict.fromkeys(filter(None, (row["first_actor"], row["last_actor"])))
    more = int(row["actors"] or 0) - len(named)
    cast = f"{' '.join(named) or 'nobody'}{f' and {more} more' if more else ''}"
    when = write_days(row["date_start"], row["date_end"])
    return f"{row['other']}, {row['event_type']}, {when}, {cast}, {row['metres']} m"


def _has_day_in_id() -> nw.Expr:
    return nw.col("event_id").str.slice(0, 10) == nw.col("date_start").cast(nw.String)


def _explain_id(rows: list[Row], frames: Frames) -> list[Row]:  # noqa: ARG001 - the row is enough
    """Add `day`, the day in the id, and `slip`."""
    days = [(row, row["event_id"][:10]) for row in rows]
    return [row | {"day": day, "slip": _typos.describe_day_slip(row["date_start"], day)} for row, day in days]


RULES: tuple[Rule, ...] = (
    Rule(
        id="events.id-is-day",
        number=46,
        table="events",
        severity="error",
        fields=("date_start", "event_id"),
        check=_has_day_in_id(),
        message="the id says {day}, and the event starts on {date_start}{slip}",
        hint="Correct `date:`. If the id is wrong, give the event a new one, and withdraw the old one in seeds/retired.csv.",
        why=(
            "The id is read as the first day and some words, and pages are coded by it. Where the two differ, one of them was "
            "mistyped, and every claim about the event lies at the wrong time."
        ),
        explain=_explain_id,
    ),
    Rule(
        id="events.dates-in-order",
        number=29,
        table="events",
        severity="error",
        fields=("date_start", "date_end"),
        check=nw.col("date_start") <= nw.col("date_end"),
        message="the event starts on {date_start}, after its end on {date_end}",
        hint="Write the days in order: `date: <first>/<last>`.",
        why=(
            "An event that ends before it starts is found by no selection by date, and its length comes out below zero in "
            "everything that counts days."
        ),
    ),
    Rule(
        id="events.over-by-release",
        number=29,
        table="events",
        severity="error",
        fields=("date_end",),
        check=_check_over_by_release,
        message="the event ends on {date_end}, {late} after the release of {released_on}",
        hint=f"{LATER_RELEASE} An event that goes on ends, for now, on the last day that the page covers.",
        why="A dataset of what happened cannot hold what has not happened yet; a date to come is a wrong year nearly always.",
    ),
    Rule(
        id="events.precision-fits-span",
        number=30,
        table="events",
        severity="error",
        fields=("date_precision", "date_start", "date_end"),
        check=_check_precision,
        imported_severity="warning",  # ACLED gives one day, with a code that only the week is known
        message="date_precision {date_precision} stands for {stands_for}, and {window} is {days}: {fitting}",
        hint="Leave date_precision out: it follows from the dates. Write it only where the dates are right and the code is not.",
        why=(
            "Users keep exact days and drop vague ones by this code. A span of a month coded as an exact day puts its first "
            "day into daily series; an exact day coded as a month drops out of them."
        ),
    ),
    Rule(
        id="event_actors.one-side",
        number=31,
        table="event_actors",
        severity="error",
        fields=("actor_id", "role", "event_id"),
        check=_check_one_side,
        message="{actor_id} is both initiator and target of {event_id}",
        hint="Where two groups of one umbrella fight, name the groups; where the page leaves the sides open, use `party`.",
        why="An actor that attacks itself is a slip, and it turns up on both sides of every table of who did what to whom.",
    ),
    Rule(
        id="events.merged-names-target",
        number=32,
        table="events",
        severity="error",
        fields=("merged_into", "status"),
        check=(nw.col("status") == "merged") == is_filled("merged_into"),
        message="the status is {status}, and merged_into is {merged_into}",
        hint="A merged event, and only a merged one, names the event that replaces it (`merged_into:`).",
        why="Whoever holds the old id must find the record that took its place; a live event must not send readers elsewhere.",
    ),
    Rule(
        id="events.merged-into-live",
        number=32,
        table="events",
        severity="error",
        fields=("merged_into",),
        check=_check_merged_into_live,
        message="{event_id} is merged into {merged_into}, whose status is {target_status}",
        hint="Name the event that stands at the end of the line.",
        why="A pointer to a record that does not stand leads the reader on to nothing, or round in a circle.",
    ),
    Rule(
        id="events.has-source",
        number=33,
        table="events",
        severity="error",
        fields=("event_id",),
        check=_check_has_source,
        message="no page says that {event_id} happened, and no claim is about it",
        hint="Name the page and who says so there (`said: {{<source id>: <claimant>}}`), or withdraw the event.",
        why="Nothing stands here on the coder's word. An event without a source can be neither checked nor defended.",
        requires_tables=("event_sources", "claim_events"),
    ),
    Rule(
        id="event_actors.actor-active",
        number=34,
        table="event_actors",
        severity="warning",
        fields=("actor_id", "event_id"),
        check=_check_actor_active,
        message="{actor_id} existed {lifetime}, and {event_id} was on {window}",
        hint="Name the forerunner or successor of that time, or correct the actor's years in seeds/reference/actors.csv.",
        why="Groups split, merge and change names. Events booked on a group that did not exist yet distort its record.",
        requires_tables=("events", "actors"),
        waivable=True,
        found=_write_lifetime,
    ),
    Rule(
        id="events.possible-duplicate",
        number=35,
        table="events",
        severity="warning",
        fields=("event_id", "date_start", "date_end", "location_id", "event_type"),
        check=_check_possible_duplicate,
        message="{event_id} may be {other}: both {event_type} on {date_start}, same actors, {metres} m apart",
        hint="Same event: set one to merged (`merged_into:`). Two events: say in the summaries how they differ, and waive this.",
        why="One attack coded from two pages counts twice. Same day, place, kind and actors is how such pairs look.",
        requires_tables=("locations", "event_actors"),
        waivable=True,
        found=_write_twin,
    ),
)
