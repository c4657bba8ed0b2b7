"""Rules of conflicts: whether events, places, actors and linked claims belong to the conflict of a record."""

from __future__ import annotations

from collections.abc import Callable

import narwhals.stable.v1 as nw

from conflictdata.rules._helpers import Lazy, find_unresolved_ancestry, is_filled, select_with_suffix
from conflictdata.rules.base import VERDICT, Frames, Rule, share
from conflictdata.schema.countries import load_countries

Check = Callable[[Frames], Lazy]

_CODE_STEP = 4  # three letters and a space
_LIST_OF_CODES = "^[A-Z]{3}(?: [A-Z]{3})*$"  # another rule reports other lists


def _select_records(frames: Frames, table: str, *columns: str) -> Lazy:
    """Return the records of a table that have all these columns. Rows that are equal count once."""
    frame = frames[table].select(*columns).unique()
    return frame.filter(nw.all_horizontal(*(is_filled(column) for column in columns)))


@share
def _list_countries(frames: Frames) -> Lazy:
    """Return one row per conflict and country: `conflict_id`, `country`, `inside` (always true)."""
    listed = _select_records(frames, "conflicts", "conflict_id", "countries")
    listed = listed.filter(nw.col("countries").str.contains(_LIST_OF_CODES))
    lengths = listed.select(length=nw.col("countries").str.len_chars()).collect()["length"].to_list()
    # No engine but polars explodes a split text.
    codes = [
        listed.select("conflict_id", country=nw.col("countries").str.slice(start, 3))
        for start in range(0, max(lengths, default=1), _CODE_STEP)
    ]
    pairs = nw.concat(codes).filter(nw.col("country") != "").unique()
    return pairs.with_columns(inside=nw.lit(value=True))


def _check_place(frames: Frames, table: str, key: str) -> Lazy:
    """Check that the place of a record is in a country of its conflict. Places without a country are left out."""
    records = _select_records(frames, table, key, "conflict_id", "location_id")
    places = _select_records(frames, "locations", "location_id", "country")
    places = places.filter(nw.col("country").is_in(list(load_countries())))  # another rule reports other codes
    pairs = _list_countries(frames)
    listed = _select_records(frames, "conflicts", "conflict_id", "countries").join(
        pairs.select("conflict_id").unique(), on="conflict_id", how="inner"
    )
    placed = records.join(places, on="location_id", how="inner").join(listed, on="conflict_id", how="inner")
    judged = placed.join(pairs, on=["conflict_id", "country"], how="left")
    return judged.with_columns(is_filled("inside").alias(VERDICT))


@share
def _list_members(frames: Frames) -> Lazy:
    """Return the actors of each conflict and of the groups in it: `conflict_id`, `actor_id`, `member` (always true)."""
    listed = _select_records(frames, "conflict_actors", "conflict_id", "actor_id")
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
    filled = _select_records(frames, "conflict_actors", "conflict_id", "actor_id").select("conflict_id").unique()
    named = frames["actors"].filter(nw.col("kind") != "unspecified").select("actor_id")
    named = named.join(frames["actor_ancestors"].select("actor_id"), on="actor_id", how="inner").unique()
    named = named.join(find_unresolved_ancestry(frames, "actors", "actor_id"), on="actor_id", how="anti")
    known = records.filter(is_filled("conflict_id") & is_filled("actor_id"))
    known = known.join(filled, on="conflict_id", how="inner").join(named, on="actor_id", how="inner")
    judged = known.join(_list_members(frames), on=["conflict_id", "actor_id"], how="left")
    return judged.with_columns(is_filled("member").alias(VERDICT))


def _check_perpetrators(frames: Frames) -> Lazy:
    claims = _select_records(frames, "claims", "claim_id", "conflict_id")
    return _check_actors(frames, frames["claim_perpetrators"].join(claims, on="claim_id", how="inner"))


def _check_event_actors(frames: Frames) -> Lazy:
    events = _select_records(frames, "events", "event_id", "conflict_id")
    rows = frames["event_actors"].select("event_id", "actor_id", "role")
    return _check_actors(frames, rows.join(events, on="event_id", how="inner"))


def _check_figure_actors(frames: Frames) -> Lazy:
    """Check actor and perpetrator of a figure. Of two that do not belong, the first by id is named."""
    figures = frames["figures"].filter(is_filled("claim_id")).join(
        _select_records(frames, "claims", "claim_id", "conflict_id"), on="claim_id", how="inner"
    )  # fmt: skip
    shown = ("figure_id", "claim_id", "conflict_id")
    named = [figures.select(*shown, actor_id=column) for column in ("actor_id", "perpetrator_id")]
    judged = _check_actors(frames, nw.concat(named).unique())
    outside = judged.filter(~nw.col(VERDICT)).group_by("figure_id").agg(nw.col("actor_id").min())
    records = judged.select(*shown).unique().join(outside, on="figure_id", how="left")
    return records.with_columns((~is_filled("actor_id")).alias(VERDICT))


def _check_events_of_claims(frames: Frames) -> Lazy:
    known = frames["conflicts"].select("conflict_id").unique()  # another rule reports the others
    claims = _select_records(frames, "claims", "claim_id", "conflict_id").join(known, on="conflict_id", how="inner")
    events = _select_records(frames, "events", "event_id", "conflict_id").join(known, on="conflict_id", how="inner")
    events = events.select("event_id", event_conflict="conflict_id")
    both = frames["claim_events"].join(claims, on="claim_id", how="inner").join(events, on="event_id", how="inner")
    return both.with_columns((nw.col("conflict_id") == nw.col("event_conflict")).alias(VERDICT))


def _find_neighbours(frames: Frames) -> Lazy:
    """Return the pairs of conflicts that share a country: `conflict_id`, `conflict_id_other`, `shared` (always true)."""
    pairs = _list_countries(frames)
    other = select_with_suffix(pairs, ("conflict_id", "country"), "_other")
    both = pairs.join(other, left_on="country", right_on="country_other", how="inner")
    return both.select("conflict_id", "conflict_id_other").unique().with_columns(shared=nw.lit(value=True))


def _join_linked_conflicts(frames: Frames) -> Lazy:
    """Return the links between claims of known conflicts, with the columns of both conflicts (`_other`)."""
    claims = _select_records(frames, "claims", "claim_id", "conflict_id")
    days = frames["conflicts"].select("conflict_id", "date_start", "date_end").unique()
    known = claims.join(days, on="conflict_id", how="inner")
    other = select_with_suffix(known, ("claim_id", "conflict_id", "date_start", "date_end"), "_other")
    links = frames["claim_links"].join(known, on="claim_id", how="inner")
    return links.join(other, left_on="other_id", right_on="claim_id_other", how="inner")


def _check_links(frames: Frames) -> Lazy:
    """Check that linked claims are of one conflict, or of two that share a country and a day."""
    listed = _list_countries(frames).select("conflict_id").unique().with_columns(listed=nw.lit(value=True))
    both = _join_linked_conflicts(frames).join(
        _find_neighbours(frames), on=["conflict_id", "conflict_id_other"], how="left"
    )
    both = both.join(listed, on="conflict_id", how="left")
    both = both.join(
        select_with_suffix(listed, ("conflict_id", "listed"), "_other"), on="conflict_id_other", how="left"
    )
    starts = nw.col("date_end").is_null() | (nw.col("date_start_other") <= nw.col("date_end"))
    ends = nw.col("date_end_other").is_null() | (nw.col("date_start") <= nw.col("date_end_other"))
    same = nw.col("conflict_id") == nw.col("conflict_id_other")
    apart = (is_filled("listed") & is_filled("listed_other") & ~is_filled("shared")) | ~(starts & ends)
    meet = is_filled("shared") & starts & ends
    verdict = nw.when(same | meet).then(nw.lit(value=True)).when(apart).then(nw.lit(value=False))
    return both.with_columns(verdict.alias(VERDICT))


_WHY_CONFLICT = (
    "Whoever asks about a conflict takes the records that name it. A record filed under another war is missing from its own, "
    "and its dead are added to those of the other."
)


def _make_place_rule(table: str, key: str) -> Rule:
    return Rule(
        id=f"{table}.place-in-conflict",
        number=38,
        table=table,
        severity="warning",
        fields=("location_id", "conflict_id"),
        check=lambda frames: _check_place(frames, table, key),
        message="{location_id} is in {country}, and the countries of {conflict_id} are {countries}",
        hint="Correct the place or the conflict, or add the country in seeds/reference/conflicts.csv; people who crossed a border need a waiver.",
        why=_WHY_CONFLICT,
        requires_tables=("conflicts", "locations"),
        waivable=True,
        found="{location_id} in {country}, {conflict_id} in {countries}",
    )


_ACTOR_HINT = (
    "Correct the actor or the conflict, or add {conflict_id},{actor_id} to seeds/reference/conflict_actors.csv."
)
_WHY_ACTOR = (
    "Few parties take part in a war. One from another war is a name chosen from the wrong line of the register, or a page in "
    "the wrong folder, and it turns up in every table of who did what to whom."
)


def _make_actor_rule(table: str, fields: tuple[str, ...], check: Check, requires_tables: tuple[str, ...]) -> Rule:
    return Rule(
        id=f"{table}.actor-in-conflict",
        number=34,
        table=table,
        severity="warning",
        fields=fields,
        check=check,
        message="{actor_id} is not listed among the actors of {conflict_id}",
        hint=_ACTOR_HINT,
        why=_WHY_ACTOR,
        requires_tables=("conflict_actors", "actors", *requires_tables),
        waivable=True,
        found="{actor_id} in {conflict_id}",
    )


RULES: tuple[Rule, ...] = (
    Rule(
        id="claim_events.same-conflict",
        number=17,
        table="claim_events",
        severity="error",
        fields=("event_id", "claim_id"),
        check=_check_events_of_claims,
        message="{claim_id} is a claim of {conflict_id}, and {event_id} an event of {event_conflict}",
        hint="Name another event, or give the claim the event's conflict (`conflict: {event_conflict}`, or another folder for the page).",
        why=_WHY_CONFLICT,
        requires_tables=("claims", "events", "conflicts"),
    ),
    Rule(
        id="claim_links.conflicts-meet",
        number=46,
        table="claim_links",
        severity="error",
        fields=("other_id", "claim_id"),
        check=_check_links,
        message="{claim_id} ({conflict_id}) is linked ({kind}) to {other_id} ({conflict_id_other}): the two conflicts share no country and day",
        hint="Name another claim, or correct the conflict of one of the two.",
        why=(
            "A link says that two numbers count the same people, wholly or in part. People hit in two wars of different "
            "countries or years are not the same: the wrong claim is named, and the right one has no link."
        ),
        requires_tables=("claims", "conflicts"),
    ),
    _make_place_rule("claims", "claim_id"),
    _make_place_rule("events", "event_id"),
    _make_actor_rule("claim_perpetrators", ("actor_id", "claim_id"), _check_perpetrators, ("claims",)),
    _make_actor_rule("event_actors", ("actor_id", "event_id"), _check_event_actors, ("events",)),
    _make_actor_rule("figures", ("actor_id", "perpetrator_id"), _check_figure_actors, ("claims",)),
)
