"""Second pass over the drafts of a document.

Looks up ids, passes windows on to parts, checks sums, and lists what a reviewer must decide.
"""

from __future__ import annotations

from conflictdata.parse.certainty import SETTLED_BY_SUM
from conflictdata.parse.chronology import doubt_days
from conflictdata.parse.gazetteer import are_places_related
from conflictdata.parse.identities import identify_entities
from conflictdata.parse.jsonl import calculate_bounds
from conflictdata.parse.lexicon.calendar import CAMPAIGN_NOUNS
from conflictdata.parse.lexicon.causes import ARMED
from conflictdata.parse.model import Document, DraftFigure, ReviewNote, Window
from conflictdata.parse.quotations import attribute_quotations
from conflictdata.parse.review import doubt_claimants, doubt_places, doubt_wholes
from conflictdata.parse.times import find_launch_day

VICTIMS = "victims: killed, injured or both?"
_CRIMINALS = frozenset(
    "thieves robbers smugglers dealers traffickers thief robber smuggler dealer trafficker hackers looters criminals".split()
)


def complete_drafts(document: Document, drafts: list[DraftFigure], launches: list[tuple[int, int]]) -> list[ReviewNote]:
    """Complete the drafts in place, and return notes for the reviewer.

    Args:
        document: The document.
        drafts: Its drafts.
        launches: Offsets (start, end) of the sentences that report the beginning of an offensive or a war.

    Returns:
        The notes, in the order of the drafts; then those about sums.
    """
    attribute_quotations(document, drafts)
    identify_entities(document, drafts)
    for draft in drafts:
        _note_open_questions(document, draft)
    for draft in drafts:
        whole = drafts[draft.parent] if draft.parent is not None else draft
        if draft.outcome == "killed_or_injured" and VICTIMS in whole.notes and VICTIMS not in draft.notes:
            draft.notes.append(VICTIMS)  # "110 victims, including seven women"
    for draft in drafts:
        _separate_from_whole(drafts, draft)
        _inherit_from_whole(drafts, draft)
    _mark_complete_lists(drafts)
    _settle_by_sums(drafts)
    _copy_claimant_of_rest(drafts)
    doubt_wholes(drafts)
    _resolve_start_days(document, drafts, launches)
    doubt_days(document, drafts)
    doubt_places(document, drafts)
    doubt_claimants(document, drafts)
    notes = [ReviewNote(d.start, d.end, d.printed, reason) for d in drafts for reason in d.notes]
    notes += [ReviewNote(d.start, d.end, d.printed, reason, "entry") for d in drafts for reason in d.entries]
    return notes + _check_sums(drafts)


def keep_drafts(drafts: list[DraftFigure], kept: list[bool]) -> list[DraftFigure]:
    """Return the drafts to keep, with the places of their wholes counted again.

    Args:
        drafts: All drafts.
        kept: For each draft, whether it is kept. A draft loses a whole that is not.
    """
    if all(kept):
        return drafts
    place = {i: n for n, i in enumerate(i for i, k in enumerate(kept) if k)}
    out = [d for d, k in zip(drafts, kept, strict=True) if k]
    for d in out:
        if d.parent is not None:
            d.parent = place.get(d.parent)
            d.relation = d.relation if d.parent is not None else "total"
    return out


def _note_open_questions(document: Document, d: DraftFigure) -> None:
    if d.window.words and d.window.start is None and d.window.kind != "cumulative":
        d.entries.append(f"the day of {d.window.words!r} could not be worked out")
    held = document.text[d.start : d.end]
    d.notes += [reason for is_so, reason in (
        (d.rule in ("ellipsis", "later"), "tied to its outcome over some distance: look at the sentence"),
        (d.rule == "restated", "a number without a noun, read like the one before: look at the sentence"),
        (len(held) == 4 and held.isdigit() and 1900 <= d.value <= 2099, "it may be a year"),
        (_has_stray_space(document.text, d.start), "a number is right before it: a stray space?"),
        (", " in held and d.top is None, "a space inside the number: is it one?"),
        (d.outcome == "killed_or_injured" and ("victim" in d.noun.lower() or "among the victims" in document.text[d.end : d.sentence[1]]), VICTIMS),
        (d.outcome == "killed_or_injured" and d.rule == "toll" and "losses" in document.text[d.sentence[0] : d.start].lower(), "losses: killed alone, or the wounded too?"),
        (d.is_arrest and _is_perhaps_ordinary(document, d), "an arrest for a crime, or by a party to the conflict?"),
        (held.lower() in ("a", "an") and d.rule == "noun", "a scene, or a count?"),
        (d.rule == "loss", "lost men, or something else?"),
    ) if is_so]  # fmt: skip


def _is_perhaps_ordinary(document: Document, d: DraftFigure) -> bool:
    """Return whether criminals were arrested, or nobody in the sentence belongs to a party to a conflict."""
    if not _CRIMINALS.isdisjoint(d.noun.lower().split()):
        return True
    words = document.text[d.sentence[0] : d.sentence[1]].lower().replace(",", " ").replace(".", " ").split()
    return ARMED.isdisjoint(words)


def _has_stray_space(text: str, start: int) -> bool:
    """Return whether a number before, a comma and a space make the number look like its end: `11, 418`."""
    before = text[max(0, start - 5) : start]
    return (
        before.endswith(", ")
        and before[-3:-2].isdigit()
        and text[start : start + 3].isdigit()
        and not text[start + 3 : start + 4].isdigit()
    )


def _separate_from_whole(drafts: list[DraftFigure], d: DraftFigure) -> None:
    """Detach a part from a whole in another sentence that has another day, place or claimant."""
    if d.parent is None or drafts[d.parent].sentence == d.sentence:
        return
    whole = drafts[d.parent]
    other_days = (
        d.window.start is not None and whole.window.start is not None and whole.window.end is not None and d.window.end is not None
        and (d.window.start > whole.window.end or d.window.end < whole.window.start)
    )  # fmt: skip
    other_claimant = bool(d.claimant and whole.claimant) and (d.claimant_id or d.claimant) != (
        whole.claimant_id or whole.claimant
    )
    other_place = bool(d.location and whole.location) and not are_places_related(d.location, whole.location)
    if (
        d.rule == "sum"
        and d.claimant
        and (d.claimant_id or d.claimant).lower() != (whole.claimant_id or whole.claimant).lower()
    ):
        d.parent, d.relation = None, "total"
        return
    if other_days or other_place or (other_claimant and bool(d.claimant_id and whole.claimant_id)):
        d.parent, d.relation = None, "total"
        d.notes.append("read like a part of an earlier number, but of another day, place or claimant")


def _inherit_from_whole(drafts: list[DraftFigure], d: DraftFigure) -> None:
    """Copy the window and the place of a whole to its part, if the part names none."""
    if d.parent is None:
        return
    whole = drafts[d.parent]
    if not d.window.words and (d.window.kind == "event" or whole.sentence != d.sentence):
        d.window = whole.window
    if not d.location and not d.place_words:
        d.location, d.place_words = whole.location, whole.place_words


def _mark_complete_lists(drafts: list[DraftFigure]) -> None:
    """Mark a list as complete if it is a breakdown or ends with `The rest were ...`."""
    closed = {d.parent for d in drafts if d.rule in ("rest", "breakdown") and d.parent is not None}
    closed |= {d.parent for d in drafts if d.parent is not None and d.rule == "list" and d.parent in closed}
    for d in drafts:
        if d.parent in closed and d.parent is not None and d.outcome == drafts[d.parent].outcome:
            d.relation = "part"


def _settle_by_sums(drafts: list[DraftFigure]) -> None:
    """Remove the doubts about the links of parts that add up to their whole."""
    parts: dict[int, list[DraftFigure]] = {}
    for d in drafts:
        if d.parent is not None and d.best is not None and d.outcome == drafts[d.parent].outcome:
            parts.setdefault(d.parent, []).append(d)
    for whole, members in parts.items():
        if len(members) > 1 and sum(d.value for d in members) == drafts[whole].value:
            for d in members:
                d.notes = [n for n in d.notes if n not in SETTLED_BY_SUM]


def _copy_claimant_of_rest(drafts: list[DraftFigure]) -> None:
    """Copy the claimant of the rest of a list to the whole list.

    One claimant gives the whole list, so the attribution may come at its end.
    """
    rest_of = {
        d.parent: d
        for d in reversed(drafts)
        if d.rule == "rest" and d.claimant and d.parent is not None and not drafts[d.parent].claimant
    }
    for i, other in enumerate(drafts):
        d = rest_of.get(i) or (rest_of.get(other.parent) if other.parent is not None else None)
        if d is not None:
            other.claimant, other.claimant_id = other.claimant or d.claimant, other.claimant_id or d.claimant_id


def _resolve_start_days(document: Document, drafts: list[DraftFigure], launches: list[tuple[int, int]]) -> None:
    """Resolve `since the start of the offensive` to a day.

    The day of the launch is given elsewhere in the text.
    """
    known: dict[str, Window | None] = {}
    for d in drafts:
        if d.window.kind != "cumulative" or d.window.start is not None:
            continue
        noun = next((w for w in reversed(d.window.words.lower().replace(",", " ").split()) if w in CAMPAIGN_NOUNS), "")
        if noun and noun not in known:
            known[noun] = find_launch_day(document.text, launches, noun, document.published)
        launch = known.get(noun)
        if launch is not None:
            d.window = Window("cumulative", launch.start, d.window.end, launch.precision, d.window.words)
            if d.parent is not None:
                continue
            d.entries.append(f"the first day is that of the {noun} elsewhere in the text: {launch.words!r}")
        elif d.parent is None:
            d.entries.append("a running total whose first day the text does not give")


def _check_sums(drafts: list[DraftFigure]) -> list[ReviewNote]:
    """Return notes about parts that do not fit their whole.

    Covers parts larger than the whole, complete lists with another sum, and lists that add up but may not be complete.
    """
    out = []
    members: dict[int, list[DraftFigure]] = {}
    for d in drafts:
        if d.parent is not None and d.best is not None and d.outcome == drafts[d.parent].outcome:
            members.setdefault(d.parent, []).append(d)
    for place, parts in members.items():
        whole = drafts[place]
        if whole.best is None:
            continue
        for part in parts:
            top = calculate_bounds(whole)[1]
            if top is not None and part.value > top:
                out.append(
                    ReviewNote(
                        part.start, part.end, part.printed, f"the part {part.value} is larger than its whole {top}"
                    )
                )
        total = sum(p.value for p in parts)
        line = " + ".join(str(p.value) for p in parts)
        if parts[0].relation == "part" and total != whole.value:
            out.append(
                ReviewNote(
                    whole.start,
                    whole.end,
                    whole.printed,
                    f"the list does not add up: {line} = {total}, not {whole.value}",
                )
            )
        elif parts[0].relation != "part" and len(parts) > 1 and total == whole.value:
            out.append(
                ReviewNote(
                    whole.start, whole.end, whole.printed, f"the parts add up ({line} = {total}): is the list complete?"
                )
            )
    return out
