"""Rules of places: points, boxes of countries, and precision."""

from __future__ import annotations

import narwhals.stable.v1 as nw

from conflictdata.rules._helpers import Lazy, find_unresolved_ancestry, select_with_suffix
from conflictdata.rules.base import VERDICT, Example, Frames, Row, rule
from conflictdata.schema.countries import Box, load_countries
from conflictdata.schema.quantities import is_filled
from conflictdata.schema.views import drop_duplicate_keys

MARGIN = 0.3  # degrees (about 33 km) that a point may be outside its country's box: borders, small islands, rounding

# UCDP where_prec codes that fit each kind of place. Places at sea or in the air (7) are areas.
PRECISIONS_OF_KIND = {
    "country": ("6",),
    "admin1": ("4",),
    "area": ("3", "4", "5", "7"),
    "settlement": ("1", "2"),
    "site": ("1", "2"),
}


def _lookup_side(name: str) -> nw.Expr:
    """Return one side of the box of the row's country, null if no box is known."""
    sides = {code: getattr(country.box, name) for code, country in load_countries().items() if country.box}
    return nw.col("country").replace_strict(sides, default=None, return_dtype=nw.Float64)


def _is_in_box() -> nw.Expr:
    """Return whether the point is in its country's box or in the margin around it."""
    west, east = nw.col("west") - MARGIN, nw.col("east") + MARGIN
    right_of, left_of = nw.col("longitude") >= west, nw.col("longitude") <= east
    across = nw.col("west") > nw.col("east")  # the box crosses 180 degrees
    along = nw.when(across).then(right_of | left_of).otherwise(right_of & left_of)
    return along & (nw.col("latitude") >= nw.col("south") - MARGIN) & (nw.col("latitude") <= nw.col("north") + MARGIN)


def _is_not_zero() -> nw.Expr:
    return ~((nw.col("latitude") == 0) & (nw.col("longitude") == 0))


def _explain_point(rows: list[Row], frames: Frames) -> list[Row]:  # noqa: ARG001 - the row is enough
    """Add `clue`: the typing error that would explain the point."""
    return [row | {"clue": _guess_point(row)} for row in rows]


def _write_point(row: Row) -> str:
    north, east = row["latitude"], row["longitude"]
    holding = [
        code for code, country in load_countries().items() if country.box and _is_inside(country.box, north, east)
    ]
    return f"{row['country']}, point in {' '.join(holding) or 'no country'} at {north} {east}"


def _guess_point(row: Row) -> str:
    north, east, box = row["latitude"], row["longitude"], load_countries()[row["country"]].box
    tries = {
        "latitude for longitude": (east, north), "the sign of the latitude": (-north, east),
        "the sign of the longitude": (north, -east), "both signs": (-north, -east),
    }  # fmt: skip
    for slip, (latitude, longitude) in tries.items():
        if box and _is_inside(box, latitude, longitude):
            return f"Did you mistake {slip}? {latitude:g}, {longitude:g} lies in {row['country']}."
    return "Look for latitude and longitude exchanged, a sign lost, or the wrong country."


def _is_inside(box: Box, latitude: float, longitude: float) -> bool:
    right_of, left_of = longitude >= box.west, longitude <= box.east
    along = (right_of or left_of) if box.west > box.east else (right_of and left_of)
    return along and box.south <= latitude <= box.north


def _join_places(frames: Frames) -> Lazy:
    """Return each claim and event of `claim_events` with both places, and what holds what.

    Returns:
        `location_id`, `kind` and `country` of the claim's place, the same of the event's place (`_event`), and `holds` and
        `held`: true if the claim's place holds the event's, or lies in it. Places with an unknown wider place, or a key that
        occurs twice, are left out.
    """
    unsure = find_unresolved_ancestry(frames, "locations", "location_id")
    places = frames["locations"].select("location_id", "kind", "country").unique()
    sole = frames["location_ancestors"].select("location_id").unique()
    places = places.join(unsure, on="location_id", how="anti").join(sole, on="location_id", how="inner")
    claims = frames["claims"].select("claim_id", "location_id").join(places, on="location_id", how="inner")
    events = drop_duplicate_keys(frames["events"].select("event_id", "location_id"), "event_id")
    events = events.join(places, on="location_id", how="inner")
    events = select_with_suffix(events, ("event_id", "location_id", "kind", "country"), "_event")
    both = frames["claim_events"].join(claims, on="claim_id", how="inner")
    both = both.join(events, left_on="event_id", right_on="event_id_event", how="inner")
    above = frames["location_ancestors"]
    holds = above.select(location_id_event="location_id", location_id="ancestor_id", holds=nw.lit(value=True))
    held = above.select("location_id", location_id_event="ancestor_id", held=nw.lit(value=True))
    pair = ["location_id", "location_id_event"]
    return both.join(holds, on=pair, how="left").join(held, on=pair, how="left")


@rule(
    "locations.point-whole",
    "error",
    ("latitude", "longitude"),
    message="latitude is {latitude}, and longitude is {longitude}: one without the other",
    hint="Give both, or neither.",
    why="Half a point is a line round the earth. Programs that draw maps drop it, or draw it at zero.",
    example=Example(
        "A point has latitude and longitude, or neither",
        bad={
            "locations": """
                location_id,name,kind,country,admin1,parent_id,latitude,longitude,precision,note
                ford,A ford,site,SYR,Hama,hama,35.2,,1,
                """,
        },
        good={
            "locations": """
                location_id,name,kind,country,admin1,parent_id,latitude,longitude,precision,note
                ford,A ford,site,SYR,Hama,hama,35.2,36.7,1,
                """,
        },
    ),
)
def _check_point_whole() -> nw.Expr:
    return is_filled("latitude") == is_filled("longitude")


@rule(
    "locations.point-not-zero",
    "error",
    ("latitude", "longitude"),
    message="the point is 0, 0, in the Atlantic off Africa",
    hint="Give the place's point, or leave both columns empty.",
    why="0, 0 is what programs write for a point that they do not know. No place of the record lies there.",
    example=Example(
        "A point is not 0, 0",
        bad={
            "locations": """
                location_id,name,kind,country,admin1,parent_id,latitude,longitude,precision,note
                ford,A ford,site,SYR,Hama,hama,0,0,1,
                """,
        },
        good={
            "locations": """
                location_id,name,kind,country,admin1,parent_id,latitude,longitude,precision,note
                ford,A ford,site,SYR,Hama,hama,,,1,
                """,
        },
    ),
)
def _check_point_not_zero() -> nw.Expr:
    return _is_not_zero()


@rule(
    "locations.point-in-country",
    "warning",
    ("latitude", "longitude", "country"),
    message=(
        "{name} at {latitude}, {longitude} lies outside {country}, which runs from {south} to {north} north and from "
        f"{{west}} to {{east}} east ({MARGIN} degrees of margin are allowed)"
    ),
    hint="{clue} Where the border is disputed, waive it.",
    why="Exchanged coordinates and lost signs are the commonest faults of places, and they put the dead in another country.",
    waivable=True,
    explain=_explain_point,
    found=_write_point,
    after=("*.key-unique", "*-resolves", "locations.country-fits-parent"),
    invalidates=("country",),
    example=Example(
        "The point of a place lies in its country",
        bad={
            "locations": """
                location_id,name,kind,country,admin1,parent_id,latitude,longitude,precision,note
                barsalogho,Barsalogho,settlement,BFA,,,13.42,10.6,2,
                """,
        },
        good={
            "locations": """
                location_id,name,kind,country,admin1,parent_id,latitude,longitude,precision,note
                barsalogho,Barsalogho,settlement,BFA,,,13.42,-1.06,2,
                """,
        },
    ),
)
def _check_point_in_country(frames: Frames) -> Lazy:
    places = frames["locations"].filter(is_filled("country") & is_filled("latitude") & is_filled("longitude"))
    # Other rules report impossible coordinates and the point 0, 0.
    places = places.filter((nw.col("latitude").abs() <= 90) & (nw.col("longitude").abs() <= 180) & _is_not_zero())
    placed = places.select("location_id", "name", "country", "latitude", "longitude")
    return placed.with_columns(**{side: _lookup_side(side) for side in Box._fields}).with_columns(
        _is_in_box().alias(VERDICT)
    )


@rule(
    "locations.precision-fits-kind",
    "warning",
    ("precision", "kind"),
    message="precision {precision} does not fit a place of kind {kind}",
    hint="country 6, admin1 4, area 3, 4, 5 or 7, settlement and site 1 or 2.",
    why=(
        "The precision says how far the true place may lie from the point. A province coded as an exact place puts all "
        "its dead on one spot of the map."
    ),
    waivable=True,
    found="{precision} for {kind}",
    example=Example(
        "The precision fits the kind of place",
        bad={
            "locations": """
                location_id,name,kind,country,admin1,parent_id,latitude,longitude,precision,note
                idlib,Idlib,admin1,SYR,Idlib,syria,35.8,36.7,1,
                """,
        },
        good={
            "locations": """
                location_id,name,kind,country,admin1,parent_id,latitude,longitude,precision,note
                idlib,Idlib,admin1,SYR,Idlib,syria,35.8,36.7,4,
                """,
        },
    ),
)
def _has_fitting_precision() -> nw.Expr:
    verdict = nw.lit(True)
    for kind, codes in PRECISIONS_OF_KIND.items():
        verdict = nw.when(nw.col("kind") == kind).then(nw.col("precision").is_in(codes)).otherwise(verdict)
    return nw.when(is_filled("kind") & is_filled("precision")).then(verdict)


@rule(
    "locations.point-once",
    "warning",
    ("latitude", "longitude", "kind"),
    message="{location_id} has the point and the kind of {first}: {kind} at {latitude}, {longitude}",
    hint="Use {first} and delete this place, or correct the point of one of the two.",
    why="One place under two ids has its dead divided between them, and a map shows one on top of the other.",
    waivable=True,
    found="{kind} at {latitude} {longitude}, {first} too",
    skip_for_imports=True,
    example=Example(
        "No two places of a kind have one point",
        bad={
            "locations": """
                location_id,name,kind,country,admin1,parent_id,latitude,longitude,precision,note
                twin,A twin town,settlement,SYR,Hama,hama,35.13,36.75,2,
                """,
        },
        good={
            "locations": """
                location_id,name,kind,country,admin1,parent_id,latitude,longitude,precision,note
                twin,A twin town,settlement,SYR,Hama,hama,35.2,36.7,2,
                """,
        },
    ),
)
def _check_point_once(frames: Frames) -> Lazy:
    """Check that a place is the first by id of those with its point and kind."""
    places = frames["locations"].select("location_id", "kind", "latitude", "longitude")
    places = places.filter(
        is_filled("location_id") & is_filled("kind") & is_filled("latitude") & is_filled("longitude")
    )
    places = places.filter(_is_not_zero())  # reported by another rule
    first = places.group_by("kind", "latitude", "longitude").agg(first=nw.col("location_id").min())
    judged = places.join(first, on=["kind", "latitude", "longitude"], how="inner")
    return judged.with_columns((nw.col("location_id") == nw.col("first")).alias(VERDICT))


@rule(
    "claim_events.place-fits",
    "error",
    ("event_id", "claim_id"),
    message="{claim_id} counts people in {location_id}, and {event_id} was in {location_id_event}: neither place holds the other",
    hint="Correct the place of the claim or of the event, or name another event.",
    why="People hit in an event were hit where it was. A claim about another place is about another event, or its place is wrong on the map.",
    requires_tables=("claims", "events", "locations"),
    after=("claim_events.same-conflict",),
    invalidates_other=(("claims", "claim_id", ("location_id",)),),
    depends_on=(("claims", "claim_id", ("conflict_id",)),),
    example=Example(
        "A claim counts people where its event was",
        bad={
            "claim": """
                event: 2024-06-01-raid
                location: village
                killed: 8
                """,
        },
        good={
            "claim": """
                event: 2024-06-01-raid
                location: town
                killed: 8
                """,
        },
    ),
)
def _check_event_place(frames: Frames) -> Lazy:
    """Check that the place of a claim holds that of its event, or lies in it.

    Loose areas overlap places that they do not hold, so they are only compared by country.
    """
    both = _join_places(frames)
    loose = (nw.col("kind") == "area") | (nw.col("kind_event") == "area")
    apart = ~loose | (nw.col("country") != nw.col("country_event")).fill_null(value=False)
    verdict = (
        nw.when(is_filled("holds") | is_filled("held")).then(nw.lit(value=True)).when(apart).then(nw.lit(value=False))
    )
    return both.with_columns(verdict.alias(VERDICT))
