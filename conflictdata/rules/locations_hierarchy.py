"""Rules of wider places and groups, and of the members of areas."""

from __future__ import annotations

import narwhals.stable.v1 as nw

from conflictdata.rules._helpers import Lazy
from conflictdata.rules._hierarchy import check_chains
from conflictdata.rules.base import VERDICT, Example, Frames, rule
from conflictdata.schema.quantities import is_filled

MEMBER_ROUNDS = 3  # members are followed over up to 2 ** 3 = 8 areas


MAX_LEVELS = 8  # maximum depth of the trees of places and of actors


_WHY_CIRCLE = (
    "Numbers are rolled up along the parents, from a group to the wider group and from a town to its country. In a circle "
    "no place is the top: the sum is counted round and round, or not at all."
)


@rule(
    "locations.parent-cycle",
    "error",
    ("parent_id",),
    message="the wider places come to no end: {path}",
    hint=f"Take the wrong parent out; the widest place has none, and {MAX_LEVELS} levels are enough.",
    why=_WHY_CIRCLE,
    example=Example(
        "The wider places of a place come to an end",
        bad={
            "locations": """
                location_id,name,kind,country,admin1,parent_id,latitude,longitude,precision,note
                idlib,Idlib,admin1,SYR,Idlib,idlib_camp,35.8,36.7,4,
                idlib_camp,A camp,site,SYR,Idlib,idlib,36.1,36.6,2,
                """,
        },
        good={
            "locations": """
                location_id,name,kind,country,admin1,parent_id,latitude,longitude,precision,note
                idlib,Idlib,admin1,SYR,Idlib,syria,35.8,36.7,4,
                idlib_camp,A camp,site,SYR,Idlib,idlib,36.1,36.6,2,
                """,
        },
    ),
)
def _check_place_chains(frames: Frames) -> Lazy:
    return check_chains(frames["locations"], "location_id", "parent_id", MAX_LEVELS)


@rule(
    "actors.parent-cycle",
    "error",
    ("parent_id",),
    message="the wider groups come to no end: {path}",
    hint=f"Take the wrong parent out; the widest group has none, and {MAX_LEVELS} levels are enough.",
    why=_WHY_CIRCLE,
    example=Example(
        "The wider groups of an actor come to an end",
        bad={
            "actors": """
                actor_id,name,kind,country,parent_id,active_from,active_to,wikidata,ucdp_id,note
                hts,Hayat Tahrir al-Sham,armed_group,SYR,hts_and_allies,,,,,
                hts_and_allies,HTS and its allies,coalition,SYR,hts,,,,,
                """,
        },
        good={
            "actors": """
                actor_id,name,kind,country,parent_id,active_from,active_to,wikidata,ucdp_id,note
                hts,Hayat Tahrir al-Sham,armed_group,SYR,hts_and_allies,,,,,
                hts_and_allies,HTS and its allies,coalition,SYR,,,,,,
                """,
        },
    ),
)
def _check_actor_chains(frames: Frames) -> Lazy:
    return check_chains(frames["actors"], "actor_id", "parent_id", MAX_LEVELS)


@rule(
    "location_members.no-circle",
    "error",
    ("member_id", "area_id"),
    message="{member_id} is a member of {area_id}, and {area_id} lies in {member_id}",
    hint="Take one of the two rows out: an area is made of smaller places.",
    why=_WHY_CIRCLE,
    example=Example(
        "Two areas do not hold each other",
        bad={
            "reference/location_members.csv": """
                area_id,member_id,whole
                town,village,yes
                village,town,yes
                """,
        },
        good={
            "reference/location_members.csv": """
                area_id,member_id,whole
                hama,town,yes
                hama,village,yes
                """,
        },
    ),
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


@rule(
    "location_members.no-overlap",
    "error",
    ("member_id", "area_id"),
    message="{area_id} has the member {member_id}, and {wider}, in which that lies, as well",
    hint="Keep the wider one, or the smaller ones.",
    why="Whoever adds up what an area is made of counts the people of a place twice that is a member itself and inside another.",
    requires_tables=("locations",),
    example=Example(
        "No member of an area lies in another one",
        bad={
            "reference/location_members.csv": """
                area_id,member_id,whole
                syria,hama,yes
                syria,town,yes
                """,
        },
        good={
            "reference/location_members.csv": """
                area_id,member_id,whole
                syria,town,yes
                syria,village,yes
                """,
        },
    ),
)
def _check_no_member_overlap(frames: Frames) -> Lazy:
    members = frames["location_members"].select("area_id", "member_id")
    above = frames["location_ancestors"].filter(nw.col("location_id") != nw.col("ancestor_id"))
    held = members.join(above, left_on="member_id", right_on="location_id", how="inner")
    both = held.join(members.select("area_id", ancestor_id="member_id"), on=["area_id", "ancestor_id"], how="inner")
    wider = both.group_by("area_id", "member_id").agg(wider=nw.col("ancestor_id").min())
    judged = members.join(wider, on=["area_id", "member_id"], how="left")
    return judged.with_columns((~is_filled("wider")).alias(VERDICT))


@rule(
    "locations.division-fits-parent",
    "warning",
    ("parent_id", "admin1"),
    message="{name} lies in {admin1}, and its parent {parent_id} in {parent_admin1}",
    hint="Correct `parent_id` or `admin1`; an area across provinces has no admin1.",
    why=(
        "A place lies in the province of the wider place that holds it. Under a wrong parent its dead are added to another "
        "province, and a figure under another of that province passes for one of its parts."
    ),
    waivable=True,
    found="{admin1}, {parent_id} in {parent_admin1}",
    example=Example(
        "A place lies in the province of the wider place",
        bad={
            "locations": """
                location_id,name,kind,country,admin1,parent_id,latitude,longitude,precision,note
                ford,A ford,site,SYR,Idlib,hama,,,1,
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
def _check_admin1_of_parent(frames: Frames) -> Lazy:
    places = frames["locations"]
    parents = places.select(parent_id="location_id", parent_admin1="admin1").unique()
    held = places.filter(is_filled("parent_id") & is_filled("admin1")).select(
        "location_id", "name", "admin1", "parent_id"
    )
    both = held.join(parents, on="parent_id", how="inner").filter(is_filled("parent_admin1"))
    return both.with_columns((nw.col("admin1") == nw.col("parent_admin1")).alias(VERDICT))
