"""The exchange format: one document per line, with flat claims.

Only in this format does "about 500" have bounds, and "dozens" a minimum.
"""

from __future__ import annotations

from typing import Any

from conflictdata.parse.lexicon.quantities import VAGUE_QUALIFIERS
from conflictdata.parse.model import DraftFigure, ParseResult, ReviewNote

_STATUS = {"abducted": "captured", "detained": "captured"}
NO_STATUS = "the text does not say whether they were killed, wounded or captured; this format has no status for it"
_QUALIFIERS = {"nearly": "about", **dict.fromkeys(VAGUE_QUALIFIERS, "vague")}
STATUSES = frozenset(("killed", "injured", "missing", "captured", "displaced", "killed_or_injured"))


def build_record(result: ParseResult, *, minor: bool = False) -> dict[str, Any]:
    """Return a document's claims and doubts in the exchange format.

    A number with an outcome that the format does not know is one of the doubts.

    Args:
        result: The parse result.
        minor: Whether dates, ages and the like are listed among the doubts.
    """
    kept = [i for i, d in enumerate(result.drafts) if has_status(d)]
    place = {i: k for k, i in enumerate(kept)}
    notes = result.list_notes(minor=minor)
    serious = [n for n in notes if n.kind == "claim"]
    left_out = [d for i, d in enumerate(result.drafts) if i not in place]
    notes = [*notes, *(ReviewNote(d.start, d.end, d.printed, NO_STATUS, "number") for d in left_out)]
    return {
        "id": result.document.name,
        "claims": [
            {**_build_claim(result.drafts[i], place), "doubts": _list_reasons(result.drafts[i], serious)} for i in kept
        ],
        "doubts": [{"span": [n.start, n.end], "text": n.text, "kind": n.kind, "reason": n.reason} for n in notes],
    }


def has_status(d: DraftFigure) -> bool:
    """Return whether the exchange format has a status for a draft."""
    return _STATUS.get(d.outcome, d.outcome) in STATUSES


def _list_reasons(d: DraftFigure, notes: list[ReviewNote]) -> list[str]:
    """Return the reasons to doubt one claim."""
    return [n.reason for n in notes if n.start < d.end and n.end > d.start]


def _build_claim(d: DraftFigure, place: dict[int, int]) -> dict[str, Any]:
    low, high = calculate_bounds(d)
    day = d.window
    return {
        "status": _STATUS.get(d.outcome, d.outcome),
        "low": low,
        "high": high,
        "qualifier": _QUALIFIERS.get(d.qualifier, d.qualifier),
        "category": d.group.category,
        "of_which": None if d.parent is None else place.get(d.parent),
        "claimant": d.claimant or None,
        "period": {"kind": day.kind, "start": _format_day(day.start), "end": _format_day(day.end)},
        "span": [d.start, d.end],
    }


def _format_day(day: Any) -> str | None:
    return None if day is None else day.isoformat()


def calculate_bounds(d: DraftFigure) -> tuple[int | None, int | None]:
    """Return the low and the high of a figure in the exchange format."""
    if d.qualifier == "range":
        return d.value, d.top
    if d.qualifier == "up_to":
        return None, d.value
    if d.qualifier in ("exact", "about", "nearly"):
        return d.value, d.value
    return d.value, None
