"""Rules of parties: who may take two parts, who relays a claim, and whose people a perpetrator hits."""

from __future__ import annotations

import narwhals.stable.v1 as nw

from conflictdata.rules._helpers import Lazy
from conflictdata.rules.base import VERDICT, Example, Frames, rule, share
from conflictdata.schema.quantities import is_filled

# Outcomes that a party also inflicts on its own people as a matter of course.
_OWN_OUTCOMES = ("detained",)


@share
def _list_relatives(frames: Frames) -> Lazy:
    """Return pairs of actors of which one is, or holds, the other: `actor_id`, `relative_id`, `related` (always true)."""
    pairs = frames["actor_ancestors"].select("actor_id", relative_id="ancestor_id")
    turned = pairs.select(actor_id="relative_id", relative_id="actor_id")
    return nw.concat([pairs, turned]).unique().with_columns(related=nw.lit(value=True))


def _select_cast(frames: Frames, role: str) -> Lazy:
    cast = frames["event_actors"].select("event_id", "actor_id", "role")
    return cast.filter(is_filled("event_id") & is_filled("actor_id") & (nw.col("role") == role))


def _select_sole_perpetrators(frames: Frames) -> Lazy:
    named = frames["claim_perpetrators"].filter(is_filled("claim_id") & is_filled("actor_id")).unique()
    counted = named.group_by("claim_id").agg(_named=nw.len()).filter(nw.col("_named") == 1)
    return named.join(counted.select("claim_id"), on="claim_id", how="inner").select("claim_id", "actor_id")


def _check_first(rows: Lazy, key: str, alike: str) -> Lazy:
    """Check that a record is the first by its key among those that are alike."""
    first = rows.group_by(alike).agg(first=nw.col(key).min())
    return rows.join(first, on=alike, how="inner").with_columns((nw.col(key) == nw.col("first")).alias(VERDICT))


@rule(
    "event_actors.sides-unrelated",
    "error",
    ("actor_id", "role", "event_id"),
    message="{actor_id} is the target of {event_id}, and its initiator, {initiator}, is of the same family of actors",
    hint="Name the other side. Where two groups of one umbrella fight, name the two groups.",
    why=(
        "A group does not attack the coalition that it is part of. Such a pair is nearly always one side named twice, once by "
        "its own name and once by its coalition's, and the real opponent is missing."
    ),
    requires_tables=("actors",),
    example=Example(
        "Initiator and target are not of one family of actors",
        bad={
            "events": """
                2024-06-02-siege:
                  type: battle
                  date: 2024-06-02
                  location: town
                  initiator: army
                  target: guard
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
def _check_sides(frames: Frames) -> Lazy:
    """Check that no initiator is a branch of the target, or holds it. The first such initiator is named."""
    targets, acting = _select_cast(frames, "target"), _select_cast(frames, "initiator")
    acting = acting.select("event_id", initiator="actor_id")
    relatives = _list_relatives(frames).select("actor_id", initiator="relative_id")
    pairs = targets.join(acting, on="event_id", how="inner").join(relatives, on=["actor_id", "initiator"], how="inner")
    own = pairs.filter(nw.col("actor_id") != nw.col("initiator"))  # another rule reports one actor on both sides
    own = own.group_by("event_id", "actor_id").agg(nw.col("initiator").min())
    judged = targets.join(own, on=["event_id", "actor_id"], how="left")
    return judged.with_columns((~is_filled("initiator")).alias(VERDICT))


@rule(
    "event_actors.one-role",
    "error",
    ("actor_id", "role", "event_id"),
    message="{actor_id} is a party of {event_id}, and its {other_role} too",
    hint="Keep the role that the page gives; `party` is for those who help, or where the page leaves the sides open.",
    why="An actor with two roles is counted twice in every table of who took part, once on a side and once on none.",
    example=Example(
        "An actor has one role in an event",
        bad={
            "events": """
                2024-06-02-siege:
                  type: battle
                  date: 2024-06-02
                  location: town
                  initiator: rebels
                  target: army
                  party: army
                  summary: The rebels close the roads to the town.
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
                  target: army
                  party: clan
                  summary: The rebels close the roads to the town, with the clan's help.
                  said: {paper-2024-06-02: observatory}
                """,
        },
    ),
)
def _check_one_role(frames: Frames) -> Lazy:
    """Check that a party of an event is not also its initiator or target."""
    sides = nw.concat([_select_cast(frames, role) for role in ("initiator", "target")])
    also = sides.group_by("event_id", "actor_id").agg(other_role=nw.col("role").min())
    judged = _select_cast(frames, "party").join(also, on=["event_id", "actor_id"], how="left")
    return judged.with_columns((~is_filled("other_role")).alias(VERDICT))


@rule(
    "claims.relay-is-another",
    "error",
    ("relayed_via", "claimant_id"),
    message="relayed_via is {relayed_via}, which is {part}",
    hint="`via:` names whoever passed the number on, between claimant and page. Leave it out where the page has it from the claimant.",
    why=(
        "Relays show on how many hands a number has passed through, and which pages depend on one agency. Somebody named twice "
        "makes a direct report look like one at second hand."
    ),
    requires_tables=("sources",),
    depends_on=(("sources", "source_id", ("publisher_id",)),),
    example=Example(
        "Who relays a claim is neither the claimant nor the publisher",
        bad={
            "claim": """
                claimant: observatory
                via: observatory
                killed: 8
                """,
        },
        good={
            "claim": """
                claimant: observatory
                via: agency
                killed: 8
                """,
        },
    ),
)
def _check_relay(frames: Frames) -> Lazy:
    pages = frames["sources"].select("source_id", "publisher_id").unique()
    claims = frames["claims"].filter(is_filled("relayed_via"))
    claims = claims.select("claim_id", "source_id", "relayed_via", "claimant_id").join(
        pages, on="source_id", how="left"
    )
    claimant = nw.col("relayed_via") == nw.col("claimant_id")
    other = (~claimant) & (nw.col("relayed_via") != nw.col("publisher_id"))
    part = nw.when(claimant).then(nw.lit("the claimant")).otherwise(nw.lit("the publisher of the page"))
    return claims.with_columns(part=part, verdict=other)


@rule(
    "claim_perpetrators.own-people",
    "warning",
    ("actor_id", "claim_id"),
    message="{actor_id} is the perpetrator, and every total of {claim_id} counts its own people ({victims})",
    hint="Name the other side under `perpetrator:`, or correct whose people were hit (`actor:`, or the group's name).",
    why=(
        "Who did it and to whom are exchanged easily. A claim that has a party kill its own people turns an accusation round, "
        "which is the worst that a dataset of accusations can do."
    ),
    requires_tables=("figures", "actors"),
    waivable=True,
    found="{actor_id} against {victims}",
    after=("figures.side-fits-words",),
    depends_on=(("claims", "claim_id", ("perpetrator_certainty",)),),
    example=Example(
        "A perpetrator is not the one whose people were hit",
        bad={
            "claim": """
                perpetrator: rebels
                certainty: stated
                killed: {n: 8, actor: rebels}
                """,
        },
        good={
            "claim": """
                perpetrator: army
                certainty: stated
                killed: {n: 8, actor: rebels}
                """,
        },
    ),
)
def _check_own_people(frames: Frames) -> Lazy:
    """Check that some total of a claim counts people who are not the sole perpetrator's own.

    Totals of detained people are left out.
    """
    total = is_filled("claim_id") & nw.col("parent_id").is_null() & (nw.col("relation") == "total")
    totals = frames["figures"].filter(total & ~nw.col("outcome").is_in(list(_OWN_OUTCOMES)))
    totals = totals.select("figure_id", "claim_id", relative_id="actor_id")
    both = _select_sole_perpetrators(frames).join(totals, on="claim_id", how="inner")
    both = both.join(_list_relatives(frames), on=["actor_id", "relative_id"], how="left")
    own = nw.when(is_filled("related")).then(nw.lit(1)).otherwise(nw.lit(0))
    counted = both.with_columns(_own=own).group_by("claim_id", "actor_id").agg(
        _own=nw.col("_own").sum(), _totals=nw.len(), victims=nw.col("relative_id").min()
    )  # fmt: skip
    return counted.select("claim_id", "actor_id", "victims", verdict=nw.col("_own") < nw.col("_totals"))


@rule(
    "figures.execution-has-perpetrator",
    "warning",
    ("cause",),
    message="the cause is {cause}, and neither the figure nor {claim_id} names a perpetrator",
    hint="Name the perpetrator under the figure or the claim, or write `certainty: undetermined` where the page leaves it open.",
    why=(
        "People are executed by somebody. Where nobody is named, the perpetrator got lost in coding, or the page says nothing of "
        "an execution."
    ),
    requires_tables=("claims", "claim_perpetrators"),
    waivable=True,
    found="{cause}, nobody named",
    example=Example(
        "Where people were executed, somebody did it",
        bad={
            "claim": "killed: {n: 8, cause: execution}",
        },
        good={
            "claim": "killed: {n: 8, cause: execution, perpetrator: rebels}",
        },
    ),
)
def _check_execution(frames: Frames) -> Lazy:
    """Check that a figure with the cause `execution`, or its claim, names a perpetrator or says that nobody knows."""
    named = frames["claim_perpetrators"].select("claim_id").filter(is_filled("claim_id")).unique()
    named = named.with_columns(named=nw.lit(value=True))
    claims = (
        frames["claims"].select("claim_id", "perpetrator_certainty").unique().join(named, on="claim_id", how="left")
    )
    figures = frames["figures_resolved"].filter(nw.col("cause") == "execution")
    figures = figures.select("figure_id", "claim_id", "cause", "resolved_perpetrator_id")
    judged = figures.join(claims, on="claim_id", how="inner")
    given = is_filled("resolved_perpetrator_id") | is_filled("named") | is_filled("perpetrator_certainty")
    return judged.with_columns(given.alias(VERDICT))


@rule(
    "actors.name-once",
    "warning",
    ("name",),
    message="{actor_id} has the name of {first}: {name}",
    hint="Use {first} and delete this actor, or make the two names differ.",
    why="One group under two ids has its dead, its claims and its attacks divided between them, and a reader who finds one misses the other.",
    waivable=True,
    found="{name}, {first} too",
    example=Example(
        "No two actors have one name",
        bad={
            "actors": """
                actor_id,name,kind,country,parent_id,active_from,active_to,wikidata,ucdp_id,note
                monitor,An Observatory,monitor,GBR,,,,,,
                """,
        },
        good={
            "actors": """
                actor_id,name,kind,country,parent_id,active_from,active_to,wikidata,ucdp_id,note
                monitor,A monitor,monitor,GBR,,,,,,
                """,
        },
    ),
)
def _check_name(frames: Frames) -> Lazy:
    actors = frames["actors"].filter(is_filled("actor_id") & is_filled("name")).select("actor_id", "name")
    return _check_first(actors.with_columns(_alike=nw.col("name").str.to_lowercase()), "actor_id", "_alike")


@rule(
    "aliases.one-actor",
    "warning",
    ("alias", "entity_id"),
    message="{alias} is an alias of {entity_id}, and of {first} too",
    hint="Delete one of the two. A noun that means one party in one war and another elsewhere belongs into seeds/reference/common_names.csv.",
    why="A name that leads to two actors leads to the wrong one half of the time, and what is coded by it is booked on somebody else.",
    waivable=True,
    found="{alias}, {first} too",
    example=Example(
        "An alias leads to one actor",
        bad={
            "aliases": """
                entity_kind,entity_id,alias,language
                actor,clan,The Opposition,en
                """,
        },
        good={
            "aliases": """
                entity_kind,entity_id,alias,language
                actor,clan,The tribesmen,en
                """,
        },
    ),
)
def _check_alias(frames: Frames) -> Lazy:
    aliases = frames["aliases"].filter(is_filled("entity_id") & is_filled("alias") & (nw.col("entity_kind") == "actor"))
    aliases = aliases.select("entity_kind", "entity_id", "alias", _alike=nw.col("alias").str.to_lowercase())
    return _check_first(aliases, "entity_id", "_alike")
