"""The rule of linked claims: their conflicts have a country and a day in common."""

from __future__ import annotations

from collections import Counter

import narwhals.stable.v1 as nw

from conflictdata.rules._conflicts import list_countries, select_records
from conflictdata.rules._helpers import Lazy, select_with_suffix
from conflictdata.rules.base import VERDICT, Example, Frames, Row, rule
from conflictdata.schema.quantities import is_filled


def _find_neighbours(frames: Frames) -> Lazy:
    """Return the pairs of conflicts that share a country: `conflict_id`, `conflict_id_other`, `shared` (always true)."""
    pairs = list_countries(frames)
    other = select_with_suffix(pairs, ("conflict_id", "country"), "_other")
    both = pairs.join(other, left_on="country", right_on="country_other", how="inner")
    return both.select("conflict_id", "conflict_id_other").unique().with_columns(shared=nw.lit(value=True))


def _join_linked_conflicts(frames: Frames) -> Lazy:
    """Return the links between claims of known conflicts, with the columns of both conflicts (`_other`)."""
    claims = select_records(frames, "claims", "claim_id", "conflict_id")
    days = frames["conflicts"].select("conflict_id", "date_start", "date_end").unique()
    known = claims.join(days, on="conflict_id", how="inner")
    other = select_with_suffix(known, ("claim_id", "conflict_id", "date_start", "date_end"), "_other")
    links = frames["claim_links"].join(known, on="claim_id", how="inner")
    return links.join(other, left_on="other_id", right_on="claim_id_other", how="inner")


def _explain_links(rows: list[Row], frames: Frames) -> list[Row]:  # noqa: ARG001 - the rows are enough
    """Add `clue`, `follows` and `odd`: several links of one claim that fail have one cause, its conflict."""
    named = Counter(claim for row in rows for claim in (row["claim_id"], row["other_id"]))
    explained, seen = [], set[str]()
    for row in sorted(rows, key=lambda row: (str(row["claim_id"]), str(row["other_id"]))):
        odd = max((row["claim_id"], row["other_id"]), key=lambda claim: named[claim])
        is_cause = named[odd] > 1 and named[odd] > named[row["other_id"] if odd == row["claim_id"] else row["claim_id"]]
        own = any(other["claim_id"] == odd for other in rows)
        others = named[odd] - 1
        clue = f"{others} other link{'s fail' if others > 1 else ' fails'} at {odd}: its conflict, or that of its folder, may be wrong. "
        clue = clue if is_cause else ""
        follows = is_cause and (odd in seen or (own and row["claim_id"] != odd))
        if is_cause and not follows:
            seen.add(odd)
        explained.append(row | {"clue": clue, "follows": follows, "odd": odd if is_cause else None})
    return explained


@rule(
    "claim_links.conflicts-meet",
    "error",
    ("other_id", "claim_id"),
    message="{claim_id} ({conflict_id}) is linked ({kind}) to {other_id} ({conflict_id_other}): the two conflicts share no country and day",
    hint="{clue}Name another claim, or correct the conflict of one of the two.",
    why=(
        "A link says that two numbers count the same people, wholly or in part. People hit in two wars of different "
        "countries or years are not the same: the wrong claim is named, and the right one has no link."
    ),
    requires_tables=("claims", "conflicts"),
    explain=_explain_links,
    after=("claim_events.same-conflict",),
    invalidates_other=(("claims", "odd", ("conflict_id",)),),
    depends_on=(("claims", "claim_id", ("conflict_id",)), ("claims", "other_id", ("conflict_id",))),
    example=Example(
        "Linked claims are of one conflict, or of two in one country at one time",
        bad={
            "claim": """
                conflict: war_abroad
                location: port
                conflicts_with: paper-2024-06-01.1
                killed: 8
                """,
        },
        good={
            "claim": """
                conflict: war_abroad
                location: port
                killed: 8
                """,
        },
        both={
            "conflicts": """
                conflict_id,name,date_start,date_end,countries,ucdp_id,wikidata
                war_abroad,A war in Yemen,2024-01-01,,YEM,,
                """,
            "locations": """
                location_id,name,kind,country,admin1,parent_id,latitude,longitude,precision,note
                port,A port,settlement,YEM,,,14.8,42.95,2,
                """,
        },
    ),
)
def _check_links(frames: Frames) -> Lazy:
    """Check that linked claims are of one conflict, or of two that share a country and a day."""
    listed = list_countries(frames).select("conflict_id").unique().with_columns(listed=nw.lit(value=True))
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
