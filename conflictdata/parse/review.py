"""Doubts that need the drafts of a whole document: places of another clause, wholes in other sentences."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from conflictdata.parse.model import Document, DraftFigure
from conflictdata.parse.quotations import is_inside

PERHAPS_PART = "perhaps a part of a larger number in the sentence before"
PLACE_ELSEWHERE = "the place is named in another clause: is it that of the harm?"
OTHER_WHOLE = "a part of a number in an earlier sentence: of which one?"
PLACE_OF_OTHER = "the place is named after another number: is it that of this one too?"
PLACE_LEFT = "something or somebody came from the place: were the people harmed in it?"
PLACE_NEAR = "the place is near the one that is named"
WHO_IS_QUOTED = "in a quotation: who speaks?"
WHO_SAYS = "somebody speaks in the sentence: is the figure theirs?"
_SAYING = frozenset(
    "said says say told according reported reports announced confirmed added claimed claims estimates declared explained".split()
)
EACH = "one for each of several: how many are they?"
_CLAUSE_BEFORE = re.compile(
    r", (?:as|while|but|after|and|which|who|where)\b|;|\b(?:while|whereas|but|before)\b|\band (?:an?|the) \w+ "
)
_CLAUSE_AFTER = re.compile(
    r", (?:as|while|but|after|and|which|who|where)\b|;|\bsaid\b|\b(?:fled|flee|flown|taken|transferred|evacuated|returned|travell?ed) (?:to|into|across|from)\b"
)
_BESIDE = re.compile(
    r"\b(?:near|outside|close to|north of|south of|east of|west of|miles from|km from|kilometres from|kilometers from|border with|border between) (?:the )?$"
    r"|\bborder between (?:the |\w+ ){0,3}and (?:the |\w+ )?$|\bborder between \w+ $"
)
_FROM = re.compile(
    r"\b(?:fired|launched|crossed|crossing|came|coming|entered|fled|flown|shot|lobbed|infiltrated|border|attacks?|fire|rockets?|drones?|missiles?) (?:over |across )?(?:\w+ ){0,2}from (?:the )?$|\bborder from (?:the )?$"
)
_PART_PLACE = re.compile(r",\W*(?:in|at|near|across) (?:the )?(?:\w+ (?:of|city|town|province) )?$")
_RECENT = 24  # numbers of earlier sentences that a part may belong to


def doubt_places(document: Document, drafts: list[DraftFigure]) -> None:
    """Note each place that another clause names, or that comes after another number."""
    for _, group in groupby(drafts, key=lambda d: d.sentence):
        together = list(group)
        text = document.text[slice(*together[0].sentence)]
        for d in together:
            reason = _find_doubt_of_place(text, d, together) if d.location and d.place_words else ""
            if reason:
                d.notes.append(reason)
            if document.text[d.end : d.end + 5] == " each":
                d.notes.append(EACH)


def _find_doubt_of_place(text: str, d: DraftFigure, together: Sequence[DraftFigure]) -> str:
    """Return why the place of a figure is not sure, or ""."""
    number, at = d.start - d.sentence[0], text.find(d.place_words)
    if at < 0:
        return ""
    if _BESIDE.search(text[:at]):
        return PLACE_NEAR
    if _FROM.search(text[:at]):
        return PLACE_LEFT
    if at < number:
        return PLACE_ELSEWHERE if _CLAUSE_BEFORE.search(text[at + len(d.place_words) : number]) else ""
    if _CLAUSE_AFTER.search(text[number:at]):
        return PLACE_ELSEWHERE
    between = [x for x in together if d.start < x.start < d.sentence[0] + at]
    alike = [
        x for x in between if x.outcome == d.outcome and x.parent is None and d.parent is None and x.rule != "list"
    ]
    parts = [x for x in between if x.parent is not None and x.place_words == d.place_words]
    return PLACE_OF_OTHER if alike or (parts and not _PART_PLACE.search(text[:at])) else ""


def doubt_claimants(document: Document, drafts: list[DraftFigure]) -> None:
    """Note each figure without a claimant whose sentence has a word of saying: somebody may have reported it."""
    for d in drafts:
        words = document.text[slice(*d.sentence)].lower().split() if not d.claimant else []
        if not _SAYING.isdisjoint(w.strip(",.;:\"”“'’") for w in words):
            d.entries.append(WHO_SAYS)
        elif not d.claimant and is_inside(document.text, d.start):
            d.entries.append(WHO_IS_QUOTED)


def doubt_wholes(drafts: list[DraftFigure]) -> None:
    """Note each part of an earlier sentence that has several numbers to belong to, and each figure that may be a part."""
    before: list[DraftFigure] = []  # of the sentence before
    current: list[DraftFigure] = []  # of this sentence
    tops: dict[str, list[DraftFigure]] = {}  # by outcome, of the sentences before
    for d in drafts:
        if current and current[-1].sentence != d.sentence:
            for x in current:
                if x.parent is None:
                    tops.setdefault(x.outcome, []).append(x)
            before, current = current, []
        current.append(d)
        if d.parent is not None:
            if drafts[d.parent].sentence[0] < d.sentence[0] and d.rule != "rest" and _has_rivals(tops, d):
                d.notes.append(OTHER_WHOLE)
        elif d.relation != "additional" and not d.window.words and any(_may_hold(whole, d) for whole in before):
            d.notes.append(PERHAPS_PART)


def _has_rivals(tops: dict[str, list[DraftFigure]], d: DraftFigure) -> bool:
    """Return whether earlier sentences have two different numbers that may hold a part."""
    return len({x.value for x in tops.get(d.outcome, ())[-_RECENT:] if x.value > d.value}) > 1


def _may_hold(whole: DraftFigure, d: DraftFigure) -> bool:
    """Return whether a figure may hold another: the same outcome, the same people or all, and more of them."""
    alike = whole.group.category in ("total", d.group.category) and whole.outcome == d.outcome
    return alike and whole.parent is None and whole.value > d.value
