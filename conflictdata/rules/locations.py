"""Rules of places and country codes: points, boxes, precision, and tree."""

from __future__ import annotations

import narwhals.stable.v1 as nw

from conflictdata.rules._helpers import Lazy, find_unresolved_ancestry, is_filled, select_with_suffix
from conflictdata.rules._hierarchy import check_chains
from conflictdata.rules.base import VERDICT, Frames, Row, Rule
from conflictdata.schema.countries import Box, guess_country, load_countries

MARGIN = 0.3  # degrees (about 33 km) that a point may be outside its country's box: borders, small islands, rounding
MEMBER_ROUNDS = 3  # members are followed over up to 2 ** 3 = 8 areas
MAX_LEVELS = 8  # maximum depth of the trees of places and of actors

# UCDP where_prec codes that fit each kind of place. Places at sea or in the air (7) are areas.
PRECISIONS_OF_KIND = {
    "country": ("6",),
    "admin1": ("4",),
    "area": ("3", "4", "5", "7"),
    "settlement": ("1", "2"),
    "site": ("1", "2"),
}

_CODES = tuple(load_countries())
_ONE_CODE = "(?:" + "|".join(_CODES) + ")"


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


def _check_point_in_country(frames: Frames) -> Lazy:
    places = frames["locations"].filter(is_filled("country") & is_filled("latitude") & is_filled("longitude"))
    # Other rules report impossible coordinates and the point 0, 0.
    places = places.filter((nw.col("latitude").abs() <= 90) & (nw.col("longitude").abs() <= 180) & _is_not_zero())
    placed = places.select("location_id", "name", "country", "latitude", "longitude")
    return placed.with_columns(**{side: _lookup_side(side) for side in Box._fields}).with_columns(
        _is_in_box().alias(VERDICT)
    )


def _has_fitting_precision() -> nw.Expr:
    verdict = nw.lit(True)
    for kind, codes in PRECISIONS_OF_KIND.items():
        verdict = nw.when(nw.col("kind") == kind).then(nw.col("precision").is_in(codes)).otherwise(verdict)
    return nw.when(is_filled("kind") & is_filled("precision")).then(verdict)


def _check_country_of_parent(frames: Frames) -> Lazy:
    places = frames["locations"]
    parents = places.select(parent_id="location_id", parent_country="country").unique()
    held = places.filter(is_filled("parent_id") & is_filled("country")).select("location_id", "country", "parent_id")
    both = held.join(parents, on="parent_id", how="inner").filter(is_filled("parent_country"))
    # Another rule reports invalid codes.
    codes = nw.col("country").is_in(_CODES) & nw.col("parent_country").is_in(_CODES)
    verdict = nw.when(codes).then(nw.col("country") == nw.col("parent_country"))
    return both.with_columns(verdict.alias(VERDICT))


def _check_admin1_of_parent(frames: Frames) -> Lazy:
    places = frames["locations"]
    parents = places.select(parent_id="location_id", parent_admin1="admin1").unique()
    held = places.filter(is_filled("parent_id") & is_filled("admin1")).select(
        "location_id", "name", "admin1", "parent_id"
    )
    both = held.join(parents, on="parent_id", how="inner").filter(is_filled("parent_admin1"))
    return both.with_columns((nw.col("admin1") == nw.col("parent_admin1")).alias(VERDICT))


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


def _explain_country(rows: list[Row], frames: Frames) -> list[Row]:  # noqa: ARG001 - the row is enough
    """Add `clue`: the codes probably meant."""
    explained = []
    for row in rows:
        words = str(row.get("country") or row.get("countries")).replace(",", " ").split()
        codes = [guess_country(word) for word in words]
        explained.append(row | {"clue": f"Did you mean {' '.join(codes)}? " if codes and all(codes) else ""})
    return explained


def _check_place_chains(frames: Frames) -> Lazy:
    return check_chains(frames["locations"], "location_id", "parent_id", MAX_LEVELS)


def _check_actor_chains(frames: Frames) -> Lazy:
    return check_chains(frames["actors"], "actor_id", "parent_id", MAX_LEVELS)


_WHY_CIRCLE = (
    "Numbers are rolled up along the parents, from a group to the wider group and from a town to its country. In a circle "
    "there is no top: the sum is counted round and round, or not at all."
)
_WHY_CODE = (
    "Countries are joined by this code to every other dataset. A code that no list has (a withdrawn one, or two letters "
    "out of three) drops the record from every count by country."
)


def _make_country_rule(table: str) -> Rule:
    return Rule(
        id=f"{table}.country-is-code",
        number=37,
        table=table,
        severity="error",
        fields=("country",),
        check=nw.col("country").is_null() | nw.col("country").is_in(_CODES),
        message="{country} is not a country code",
        hint="{clue}Use ISO 3166-1 alpha-3, three letters (SYR, PSE, COD); XKX for Kosovo.",
        why=_WHY_CODE,
        explain=_explain_country,
    )


def _check_no_member_circle(frames: Frames) -> Lazy:
    """Check that no member of an area holds the area. Of a circle, the row of the smallest area is wrong."""
    members = (
        frames["location_members"].select("area_id", "member_id").filter(is_filled("area_id") & is_filled("member_id"))
    )
    reached = members.select(low="member_id", top="area_id").unique()
    for _ in range(MEMBER_ROUNDS):
        further = reached.join(
            reached.select(top_id="top", low_id="low"), left_on="top", right_on="low_id", how="inner"
        )
        reached = nw.concat([reached, further.select("low", top="top_id")]).unique()
    back = reached.select(area_id="low", member_id="top", closed=nw.lit(value=True))
    judged = members.join(back, on=["area_id", "member_id"], how="left")
    first = nw.col("area_id") <= nw.col("member_id")
    return judged.with_columns(
        nw.when(~is_filled("closed")).then(nw.lit(value=True)).when(first).then(nw.lit(value=False)).alias(VERDICT)
    )


def _check_no_member_overlap(frames: Frames) -> Lazy:
    members = frames["location_members"].select("area_id", "member_id")
    above = frames["location_ancestors"].filter(nw.col("location_id") != nw.col("ancestor_id"))
    held = members.join(above, left_on="member_id", right_on="location_id", how="inner")
    both = held.join(members.select("area_id", ancestor_id="member_id"), on=["area_id", "ancestor_id"], how="inner")
    wider = both.group_by("area_id", "member_id").agg(wider=nw.col("ancestor_id").min())
    judged = members.join(wider, on=["area_id", "member_id"], how="left")
    return judged.with_columns((~is_filled("wider")).alias(VERDICT))


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
    events = frames["events"].select("event_id", "location_id").join(places, on="location_id", how="inner")
    events = select_with_suffix(events, ("event_id", "location_id", "kind", "country"), "_event")
    both = frames["claim_events"].join(claims, on="claim_id", how="inner")
    both = both.join(events, left_on="event_id", right_on="event_id_event", how="inner")
    above = frames["location_ancestors"]
    holds = above.select(location_id_event="location_id", location_id="ancestor_id", holds=nw.lit(value=True))
    held = above.select("location_id", location_id_event="ancestor_id", held=nw.lit(value=True))
    pair = ["location_id", "location_id_event"]
    return both.join(holds, on=pair, how="left").join(held, on=pair, how="left")


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


RULES: tuple[Rule, ...] = (
    Rule(
        id="locations.point-whole",
        number=36,
        table="locations",
        severity="error",
        fields=("latitude", "longitude"),
        check=is_filled("latitude") == is_filled("longitude"),
        message="latitude is {latitude}, and longitude is {longitude}: one without the other",
        hint="Give both, or neither.",
        why="Half a point is a line round the earth. Programs that draw maps drop it, or draw it at zero.",
    ),
    Rule(
        id="locations.point-not-zero",
        number=36,
        table="locations",
        severity="error",
        fields=("latitude", "longitude"),
        check=_is_not_zero(),
        message="the point is 0, 0, in the Atlantic off Africa",
        hint="Give the place's point, or leave both columns empty.",
        why="0, 0 is what programs write for a point that they do not know. No place of the record lies there.",
    ),
    _make_country_rule("locations"),
    _make_country_rule("actors"),
    Rule(
        id="conflicts.countries-are-codes",
        number=37,
        table="conflicts",
        severity="error",
        fields=("countries",),
        check=nw.col("countries").is_null() | nw.col("countries").str.contains(f"^{_ONE_CODE}(?: {_ONE_CODE})*$"),
        message="{countries} is not a list of country codes",
        hint="{clue}Use ISO 3166-1 alpha-3, three letters each, with one space between: `SYR LBN`.",
        why=_WHY_CODE,
        explain=_explain_country,
    ),
    Rule(
        id="locations.point-in-country",
        number=38,
        table="locations",
        severity="warning",
        fields=("latitude", "longitude", "country"),
        check=_check_point_in_country,
        message=(
            "{name} at {latitude}, {longitude} lies outside {country}, which runs from {south} to {north} north and from "
            f"{{west}} to {{east}} east ({MARGIN} degrees of margin are allowed)"
        ),
        hint="{clue} Where the border is disputed, waive it.",
        why="Exchanged coordinates and lost signs are the commonest faults of places, and they put the dead in another country.",
        waivable=True,
        explain=_explain_point,
        found=_write_point,
    ),
    Rule(
        id="locations.precision-fits-kind",
        number=39,
        table="locations",
        severity="warning",
        fields=("precision", "kind"),
        check=_has_fitting_precision(),
        message="precision {precision} does not fit a place of kind {kind}",
        hint="country 6, admin1 4, area 3, 4, 5 or 7, settlement and site 1 or 2.",
        why=(
            "The precision says how far the true place may lie from the point. A province coded as an exact place puts all "
            "its dead on one spot of the map."
        ),
        waivable=True,
        found="{precision} for {kind}",
    ),
    Rule(
        id="locations.parent-cycle",
        number=36,
        table="locations",
        severity="error",
        fields=("parent_id",),
        check=_check_place_chains,
        message="the wider places come to no end: {path}",
        hint=f"Take the wrong parent out; the widest place has none, and {MAX_LEVELS} levels are enough.",
        why=_WHY_CIRCLE,
    ),
    Rule(
        id="actors.parent-cycle",
        number=34,
        table="actors",
        severity="error",
        fields=("parent_id",),
        check=_check_actor_chains,
        message="the wider groups come to no end: {path}",
        hint=f"Take the wrong parent out; the widest group has none, and {MAX_LEVELS} levels are enough.",
        why=_WHY_CIRCLE,
    ),
    Rule(
        id="location_members.no-circle",
        number=36,
        table="location_members",
        severity="error",
        fields=("member_id", "area_id"),
        check=_check_no_member_circle,
        message="{member_id} is a member of {area_id}, and {area_id} lies in {member_id}",
        hint="Take one of the two rows out: an area is made of smaller places.",
        why=_WHY_CIRCLE,
    ),
    Rule(
        id="location_members.no-overlap",
        number=36,
        table="location_members",
        severity="error",
        fields=("member_id", "area_id"),
        check=_check_no_member_overlap,
        message="{area_id} has the member {member_id}, and {wider}, in which that lies, as well",
        hint="Keep the wider one, or the smaller ones.",
        why="Whoever adds up what an area is made of counts the people of a place twice that is a member itself and inside another.",
        requires_tables=("locations",),
    ),
    Rule(
        id="locations.country-fits-parent",
        number=37,
        table="locations",
        severity="warning",
        fields=("country", "parent_id"),
        check=_check_country_of_parent,
        message="the country is {country}, and {parent_id}, which holds the place, is in {parent_country}",
        hint="Correct the country or the parent; an area across borders has no country.",
        why="A place lies where the wider place lies. Where the codes differ, sums by country and sums along the tree disagree.",
        waivable=True,
        found="{country}, {parent_id} in {parent_country}",
    ),
    Rule(
        id="locations.division-fits-parent",
        number=37,
        table="locations",
        severity="warning",
        fields=("parent_id", "admin1"),
        check=_check_admin1_of_parent,
        message="{name} lies in {admin1}, and its parent {parent_id} in {parent_admin1}",
        hint="Correct `parent_id` or `admin1`; an area across provinces has no admin1.",
        why=(
            "A place lies in the province of the wider place that holds it. Under a wrong parent its dead are added to another "
            "province, and a figure under another of that province passes for one of its parts."
        ),
        waivable=True,
        found="{admin1}, {parent_id} in {parent_admin1}",
    ),
    Rule(
        id="locations.point-once",
        number=36,
        table="locations",
        severity="warning",
        fields=("latitude", "longitude", "kind"),
        check=_check_point_once,
        message="{location_id} has the point and the kind of {first}: {kind} at {latitude}, {longitude}",
        hint="Use {first} and delete this place, or correct the point of one of the two.",
        why="One place under two ids has its dead divided between them, and a map shows one on top of the other.",
        waivable=True,
        found="{kind} at {latitude} {longitude}, {first} too",
    ),
    Rule(
        id="claim_events.place-fits",
        number=38,
        table="claim_events",
        severity="error",
        fields=("event_id", "claim_id"),
        check=_check_event_place,
        message="{claim_id} counts people in {location_id}, and {event_id} was in {location_id_event}: neither place holds the other",
        hint="Correct the place of the claim or of the event, or name another event.",
        why="People hit in an event were hit where it was. A claim about another place is about another event, or its place is wrong on the map.",
        requires_tables=("claims", "events", "locations"),
    ),
)
