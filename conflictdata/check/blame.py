"""In which order the rules speak, and what a failure of each puts in doubt, as data: one fault gives one finding.

A rule that speaks early explains what later ones would say again: a mistyped key leaves other records unnamed, a wrong day
breaks every rule that compares it, a wrong number every sum that it enters.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from conflictdata.check.engine import Answer

Asked = TypeVar("Asked")

# Where the tree itself is broken, every other rule of the claim's figures would fail with it.
TREE = (
    "figures.key-unique",
    "figures.parent-id-resolves",
    "figures.parent-in-claim",
    "figures.parent-not-in-cycle",
    "figures.depth-within-limit",
)

_DAYS = ("period_start", "period_end", "as_of")

# What a record says of itself: where one of these fails, these columns of the record are not to be relied on.
OWN: dict[str, tuple[str, ...]] = {
    "sources.id-is-page": ("published_on", "publisher_id"),
    "events.dates-in-order": ("date_start", "date_end"),
    "events.id-is-day": ("date_start", "date_end"),
    "claims.window-filled": _DAYS,
    "claims.window-in-order": _DAYS,
    "claims.window-meets-event": ("period_start", "period_end"),
    "claims.days-near-page": _DAYS,
    "claims.start-fits-series": ("period_start",),
    "claims.as-of-before-page": ("as_of",),
    "claims.supersedes-family": ("supersedes",),
    "claims.supersedes-no-circle": ("supersedes",),
    "claims.supersedes-older": ("supersedes",),
    "claims.supersedes-window": ("supersedes",),
}

# Where a figure stands: what hangs under a wrong figure is missing under the right one.
PLACED = (
    "figures.child-narrows-parent",
    "figures.child-within-party",
    "figures.child-within-perpetrator",
    "figures.child-within-place",
)

# Sums and bounds, those that name a culprit first.
SUMS = (
    "figures.parts-cover-parent",
    "figures.joint-outcome-covers-both",
    "figures.subset-within-parent",
    "figures.group-covers-list",
    "figures.exclusive-groups-fit",
    "figures.exclusive-parties-fit",
    "figures.exclusive-places-fit",
)
PRINTED = ("figures.printed-holds-number", "figures.printed-holds-qualifier")

# Rules that a wrong number breaks.
OF_NUMBERS = frozenset(
    {
        *SUMS,
        *PRINTED,
        "figures.parts-sum-as-printed",
        "figures.subset-within-printed",
        "figures.round-number-exact",
        "figures.one-value-a-page",
        "figures.toll-does-not-fall",
        "figures.toll-does-not-jump",
    }
)

# What a rule reads in other records: the table, the column of the judged row with the record's key, the columns read there.
READS: dict[str, tuple[tuple[str, str, tuple[str, ...]], ...]] = {
    "claims.as-of-before-page": (("sources", "source_id", ("published_on",)),),
    "claims.days-near-page": (("sources", "source_id", ("published_on",)),),
    "claims.claimant-no-outlet": (("sources", "source_id", ("publisher_id",)),),
    "claims.window-meets-event": (("events", "event_id", ("date_start", "date_end")),),
    "claims.supersedes-older": (("claims", "supersedes", ("as_of",)),),
    "claims.supersedes-window": (("claims", "supersedes", ("period_start", "period_end", "event_id")),),
    "claims.supersedes-family": (("claims", "supersedes", ("claimant_id",)),),
    "sources.published-after-events": (("events", "event_id", ("date_start",)),),
    "event_actors.actor-active": (("events", "event_id", ("date_start", "date_end")),),
    "figures.child-narrows-parent": (("claims", "claim_id", ("period_start", "period_end")),),
    "figures.toll-does-not-fall": (("claims", "claim_id", _DAYS), ("claims", "earlier", (*_DAYS, "supersedes"))),
    "figures.toll-does-not-jump": (("claims", "claim_id", _DAYS), ("claims", "earlier", _DAYS)),
}

# Rules that a record breaks since nothing names it, with the column that holds its key: silent where a mistyped name meant it.
UNNAMED = {"events.has-source": "event_id", "sources.used": "source_id", "figures.toll-does-not-fall": "earlier"}


def names_record(rule: str) -> bool:
    """Whether a rule asks if the record is there that a column names."""
    return rule.endswith("-resolves")


def _turns() -> dict[str, int]:
    stages: Sequence[Iterable[str]] = (*((rule,) for rule in OWN), PLACED, *((rule,) for rule in SUMS), PRINTED)
    return {rule: number for number, stage in enumerate(stages, 2) for rule in stage}


_TURNS = _turns()
_LAST = max(_TURNS.values()) + 1


def turn(rule: str) -> int:
    """When a rule speaks: the smaller, the earlier."""
    if rule in TREE:
        return 0
    return 1 if names_record(rule) or rule.endswith(".key-unique") else _TURNS.get(rule, _LAST)


def in_turn(answers: Iterable[tuple[Asked, Answer]]) -> list[tuple[Asked, Answer]]:
    """The answers, each with what it was asked of, in the order in which they are told."""
    return sorted(answers, key=lambda pair: turn(pair[1].rule.id))
