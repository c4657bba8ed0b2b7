"""The rule of sides: the people of one side are not coded as those of the other."""

from __future__ import annotations

from collections import Counter

import narwhals.stable.v1 as nw

from conflictdata.rules._figures import Lazy, extract_last_name
from conflictdata.rules._helpers import LEAST_UNLIKELY
from conflictdata.rules._sides import STATE_FORCES, Sides, says_enemy, says_fighters, says_own, says_soldiers
from conflictdata.rules.base import VERDICT, Example, Frames, Row, rule
from conflictdata.schema.quantities import is_filled

_HURT = ("killed", "injured", "killed_or_injured", "missing", "losses_unspecified")
_OWN, _OTHERS, _SOLDIERS, _FIGHTERS = "own", "others", "soldiers", "fighters"
_NAMED, _ACCUSED, _BOTH, _REPEATED = "named", "accused", "both", "repeated"
NEAR_DAYS = 3  # relays of one statement are at most so many days apart


def _select_figures(frames: Frames) -> Lazy:
    """Return the figures of people of an actor, with their claims."""
    columns = ("figure_id", "claim_id", "actor_id", "printed", "label", "outcome", "unit")
    figures = frames["figures"].filter(is_filled("actor_id") & nw.col("outcome").is_in(list(_HURT)))
    figures = figures.select(*columns, number=nw.coalesce("best", "low", "high"))
    claims = (
        frames["claims"]
        .select("claim_id", "claimant_id", "conflict_id", "as_of")
        .unique(subset=["claim_id"], keep="none")
    )
    return figures.join(claims, on="claim_id", how="inner")


def _list_perpetrators(frames: Frames) -> dict[str, set[str]]:
    listed: dict[str, set[str]] = {}
    pairs = frames["claim_perpetrators"].filter(is_filled("claim_id") & is_filled("actor_id"))
    for row in pairs.select("claim_id", "actor_id").collect().to_polars().to_dicts():
        listed.setdefault(row["claim_id"], set()).add(row["actor_id"])
    return listed


def _find_repeated(rows: list[Row], sides: Sides, linked: set[tuple[str, str]]) -> dict[str, str]:
    """Return the figures that repeat a number of their claimant with people of another side, and the actor of the others.

    One figure differs from those of most other claims, or it comes later than the only other one. Claims that are linked are known
    to differ.
    """
    groups: dict[tuple[object, ...], list[Row]] = {}
    for row in rows:
        if row["number"] is not None and row["number"] >= LEAST_UNLIKELY and sides.is_force(row["actor_id"]):
            key = tuple(row[column] for column in ("claimant_id", "conflict_id", "outcome", "unit", "number"))
            groups.setdefault(key, []).append(row)
    found = {}
    for group in groups.values():
        for row in group:
            others = [o for o in group if _is_other_claim(row, o) and (row["claim_id"], o["claim_id"]) not in linked]
            apart = [o for o in others if not sides.is_related(row["actor_id"], o["actor_id"])]
            alike = len(others) - len(apart) + 1
            if len(apart) > alike or (len(apart) == alike and row["figure_id"] > min(o["figure_id"] for o in apart)):
                found[row["figure_id"]] = f"{_REPEATED}|{apart[0]['actor_id']} {apart[0]['claim_id']}"
    return found


def _is_other_claim(row: Row, other: Row) -> bool:
    """Return whether two figures are of two claims of about one day."""
    days = row["as_of"], other["as_of"]
    near = None not in days and abs((days[0] - days[1]).days) <= NEAR_DAYS
    return bool(row["claim_id"] != other["claim_id"] and near)


def _list_links(frames: Frames) -> set[tuple[str, str]]:
    pairs = frames["claim_links"].select("claim_id", "other_id").collect().to_polars().iter_rows()
    return {pair for one, other in pairs for pair in ((one, other), (other, one))}


def _is_enemy(actor: str, own: set[str], sides: Sides) -> bool:
    return sides.is_force(actor) and not sides.is_own(actor, own) and not sides.is_ally(actor, own)


def _find_contradiction(row: Row, sides: Sides, accused: set[str], counted: Counter[str]) -> str:
    """Return why the side of a figure is doubtful, with the actor that is meant, as `reason|actor`; or ""."""
    actor, text = row["actor_id"], row["printed"] or ""
    if not sides.is_force(actor):
        return ""
    if named := sides.find_named(text, row["conflict_id"], actor):
        return f"{_NAMED}|{named}"
    own = sides.list_own(row["claimant_id"], row["conflict_id"], row["as_of"])
    if not own:
        return ""
    kind, mine = sides.actors[actor]["kind"], max(sorted(own), key=lambda one: counted[one])
    if sides.is_own(actor, own):
        if says_enemy(text):
            return f"{_OTHERS}|"
        return (
            f"{_BOTH}|{min(accused)}"
            if len(accused) > 1 and any(sides.is_related(one, actor) for one in accused)
            else ""
        )
    if says_own(text) or says_own(row["label"] or ""):
        return f"{_OWN}|{mine}"
    state = any(sides.actors[one]["kind"] in STATE_FORCES for one in own)
    if says_soldiers(text) and state and kind not in STATE_FORCES:
        return f"{_SOLDIERS}|{mine}"
    if says_fighters(text) and not state and kind in STATE_FORCES:
        return f"{_FIGHTERS}|{mine}"
    if accused and all(_is_enemy(one, own, sides) for one in accused):
        return f"{_ACCUSED}|{mine}"
    return ""


_REASONS = {
    _OWN: "the words are those for the claimant's own people",
    _OTHERS: "the words are those for an enemy of the claimant",
    _SOLDIERS: "the words are those for soldiers of a state, and {claimant_id} speaks for one",
    _FIGHTERS: "the words are those for fighters, and {claimant_id} speaks for fighters",
    _NAMED: "the words name {meant}",
    _ACCUSED: "{claimant_id} accuses its enemies of it",
    _BOTH: "the claim names its own side as a perpetrator",
    _REPEATED: "{other} has the same number of {claimant_id} for {meant}",
}


def _explain(rows: list[Row], frames: Frames) -> list[Row]:  # noqa: ARG001 - the row is enough
    """Add `reason`, `words`, `meant` and `advice`."""
    explained = []
    for row in rows:
        code, _, meant = row["contradiction"].partition("|")
        meant, _, other = meant.partition(" ")
        reason = _REASONS[code].format(claimant_id=row["claimant_id"], meant=meant, other=other)
        known = code not in (_OTHERS, _BOTH)
        advice = (
            f"Write `actor: {meant}` if these are its people. "
            if known
            else "Name the other side if these are its people. "
        )
        words = (
            f"{row['printed']!r}"
            if row["printed"] and code not in (_ACCUSED, _BOTH, _REPEATED)
            else f"label {row['label']!r}"
            if code == _OWN
            else ""
        )
        explained.append(
            row
            | {
                "reason": reason,
                "words": f" ({words})" if words else "",
                "meant": meant,
                "advice": advice,
                "code": code,
            }
        )
    return explained


@rule(
    "figures.side-fits-words",
    "warning",
    ("actor_id",),
    message="`{name}` counts people of {actor_id}, and {reason}{words}",
    hint=(
        "{advice}The claimant is who says it, the actor whose people were hit, the perpetrator who hit them. If the page says so, keep it and "
        "add a waiver."
    ),
    why=(
        "A party that counts its own dead and one that counts its enemy's say different things: the one admits, the other boasts. Coded on the "
        "wrong side, the dead of one army are in the tolls of the other, and no sum shows it."
    ),
    skip_for_imports=True,
    requires_tables=("claims", "claim_perpetrators", "claim_links", "actors", "conflict_actors"),
    waivable=True,
    explain=_explain,
    found="{actor_id}, {claimant_id} says, {code}",
    after=("*.key-unique", "*-resolves"),
    invalidates=("actor_id",),
    invalidates_other=(("claims", "claim_id", ("perpetrator_certainty",)),),
    depends_on=(("claims", "claim_id", ("claimant_id", "conflict_id")),),
    example=Example(
        "The people of a figure are on the side that the words give them",
        bad={
            "claim": """
                claimant: army
                killed: {n: 8, actor: rebels, printed: eight of its soldiers}
                """,
        },
        good={
            "claim": """
                claimant: army
                killed: {n: 8, actor: army, printed: eight of its soldiers}
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
)
def _check_side(frames: Frames) -> Lazy:
    """Compare the actor of a figure with its words, and with the claimant and the perpetrators of its claim."""
    figures = _select_figures(frames)
    # Computed in Python: expressions cannot follow words, families and countries at once.
    rows = figures.collect().to_polars().to_dicts()
    counted = Counter(row["actor_id"] for row in rows)
    sides, accused = Sides.read(frames), _list_perpetrators(frames)
    reasons = {
        row["figure_id"]: _find_contradiction(row, sides, accused.get(row["claim_id"], set()), counted) for row in rows
    }
    certain = [row for row in rows if not reasons[row["figure_id"]]]
    reasons |= _find_repeated(certain, sides, _list_links(frames))
    contradiction = nw.col("figure_id").replace_strict({**reasons, "": ""}, default="", return_dtype=nw.String)
    judged = figures.with_columns(contradiction=contradiction, name=extract_last_name("figure_id"))
    return judged.with_columns((nw.col("contradiction") == "").alias(VERDICT))
