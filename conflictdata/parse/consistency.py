"""The second look at the drafts of a document: ids from the tables, windows of parts, sums; and what a reviewer must decide."""

from __future__ import annotations

from conflictdata.parse import gazetteer
from conflictdata.parse.jsonl import bounds
from conflictdata.parse.lexicon.calendar import BEGUN
from conflictdata.parse.model import Document, Doubt, Draft, Window
from conflictdata.parse.times import beginning


def review(document: Document, drafts: list[Draft], launches: list[tuple[int, int]]) -> list[Doubt]:
    """Completes the drafts, and returns the doubts about them.

    Args:
        document: the document.
        drafts: its drafts.
        launches: start and end of the sentences that tell of the beginning of an offensive or a war.
    """
    for draft in drafts:
        _identify(document, draft)
    for draft in drafts:
        _inherit(drafts, draft)
    _complete_lists(drafts)
    _claimant_of_rest(drafts)
    _starts(document, drafts, launches)
    doubts = [Doubt(d.start, d.end, d.printed, reason) for d in drafts for reason in d.doubts]
    return doubts + _sums(drafts)


def _identify(document: Document, d: Draft) -> None:
    if d.claimant:
        d.claimant_id = gazetteer.claimant_id(d.claimant)
        if not d.claimant_id:
            d.doubts.append(f"the claimant {d.claimant!r} is not in the actors table")
    d.actor = gazetteer.party_id(d.noun, d.group.category, document.published)
    if d.places:
        d.location = d.places[0]
        if len(d.places) > 1:
            d.doubts.append(f"the place may be {' or '.join(d.places)}")
    if d.window.words and d.window.start is None and d.window.kind != "cumulative":
        d.doubts.append(f"the day of {d.window.words!r} could not be worked out")
    if d.how in ("ellipsis", "later"):
        d.doubts.append("tied to its outcome over some distance: look at the sentence")


def _inherit(drafts: list[Draft], d: Draft) -> None:
    """A part in a later sentence has the window and, where it names none, the place of its whole."""
    if d.parent is None:
        return
    whole = drafts[d.parent]
    if not d.window.words and (d.window.kind == "event" or whole.sentence != d.sentence):
        d.window = whole.window
    d.location = d.location or whole.location


def _complete_lists(drafts: list[Draft]) -> None:
    """`The remainder were ...` leaves nobody out: the list is complete."""
    closed = {d.parent for d in drafts if d.how in ("rest", "breakdown") and d.parent is not None}
    closed |= {d.parent for d in drafts if d.parent is not None and d.how == "list" and d.parent in closed}
    for d in drafts:
        if d.parent in closed and d.parent is not None and d.outcome == drafts[d.parent].outcome:
            d.relation = "part"


def _claimant_of_rest(drafts: list[Draft]) -> None:
    """An attribution behind the rest of a list covers the whole list, which one claimant gives."""
    given = {
        d.parent: d
        for d in reversed(drafts)
        if d.how == "rest" and d.claimant and d.parent is not None and not drafts[d.parent].claimant
    }
    for i, other in enumerate(drafts):
        d = given.get(i) or (given.get(other.parent) if other.parent is not None else None)
        if d is not None:
            other.claimant, other.claimant_id = other.claimant or d.claimant, other.claimant_id or d.claimant_id


def _starts(document: Document, drafts: list[Draft], launches: list[tuple[int, int]]) -> None:
    """`since the start of the offensive`: the day on which, as the text says elsewhere, it was launched."""
    known: dict[str, Window | None] = {}
    for d in drafts:
        if d.window.kind != "cumulative" or d.window.start is not None:
            continue
        noun = next((w for w in reversed(d.window.words.lower().replace(",", " ").split()) if w in BEGUN), "")
        if noun and noun not in known:
            known[noun] = beginning(document.text, launches, noun, document.published)
        found = known.get(noun)
        if found is not None:
            d.window = Window("cumulative", found.start, d.window.end, found.precision, d.window.words)
            if d.parent is not None:
                continue
            d.doubts.append(f"the first day is that of the {noun} elsewhere in the text: {found.words!r}")
        elif d.parent is None:
            d.doubts.append("a running total whose first day the text does not give")


def _sums(drafts: list[Draft]) -> list[Doubt]:
    """Parts that exceed their whole, complete lists that miss it, lists that add up without saying that they are complete."""
    out = []
    members: dict[int, list[Draft]] = {}
    for d in drafts:
        if d.parent is not None and d.best is not None and d.outcome == drafts[d.parent].outcome:
            members.setdefault(d.parent, []).append(d)
    for place, parts in members.items():
        whole = drafts[place]
        if whole.best is None:
            continue
        for part in parts:
            top = bounds(whole)[1]
            if top is not None and part.value > top:
                out.append(
                    Doubt(part.start, part.end, part.printed, f"the part {part.value} is larger than its whole {top}")
                )
        total = sum(p.value for p in parts)
        line = " + ".join(str(p.value) for p in parts)
        if parts[0].relation == "part" and total != whole.value:
            out.append(
                Doubt(
                    whole.start,
                    whole.end,
                    whole.printed,
                    f"the list does not add up: {line} = {total}, not {whole.value}",
                )
            )
        elif parts[0].relation != "part" and len(parts) > 1 and total == whole.value:
            out.append(
                Doubt(
                    whole.start, whole.end, whole.printed, f"the parts add up ({line} = {total}): is the list complete?"
                )
            )
    return out
