"""The exchange format: flat claims, one line a document. Here, and only here, "about 500" has bounds and "dozens" a floor."""

from __future__ import annotations

from typing import Any

from conflictdata.parse.model import Draft, Reading

_STATUS = {"abducted": "captured", "detained": "captured"}
_QUALIFIERS = {"nearly": "about", "several": "vague", "dozens": "vague", "hundreds": "vague", "thousands": "vague"}
STATUSES = frozenset(("killed", "injured", "missing", "captured", "displaced", "killed_or_injured"))


def record(reading: Reading) -> dict[str, Any]:
    """A document's claims in the exchange format; outcomes that it has no word for are left out."""
    kept = [i for i, d in enumerate(reading.drafts) if _STATUS.get(d.outcome, d.outcome) in STATUSES]
    place = {i: k for k, i in enumerate(kept)}
    return {"id": reading.document.name, "claims": [_claim(reading.drafts[i], place) for i in kept]}


def _claim(d: Draft, place: dict[int, int]) -> dict[str, Any]:
    low, high = bounds(d)
    day = d.window
    return {
        "status": _STATUS.get(d.outcome, d.outcome),
        "low": low,
        "high": high,
        "qualifier": _QUALIFIERS.get(d.qualifier, d.qualifier),
        "category": d.group.category,
        "of_which": None if d.parent is None else place.get(d.parent),
        "claimant": d.claimant or None,
        "period": {"kind": day.kind, "start": _iso(day.start), "end": _iso(day.end)},
        "span": [d.start, d.end],
    }


def _iso(day: Any) -> str | None:
    return None if day is None else day.isoformat()


def bounds(d: Draft) -> tuple[int | None, int | None]:
    """Low and high of the exchange format."""
    if d.qualifier == "range":
        return d.value, d.top
    if d.qualifier == "up_to":
        return None, d.value
    if d.qualifier in ("exact", "about", "nearly"):
        return d.value, d.value
    return d.value, None
