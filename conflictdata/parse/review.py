"""Doubts that need the drafts of a whole document: days of another clause, wholes in other sentences."""

from __future__ import annotations

import re

from conflictdata.parse.model import Document, DraftFigure, Window

PERHAPS_PART = "perhaps a part of a larger number in the sentence before"
OTHER_DAY = "the day may be that of another event in the sentence"
DAY_FOUND = "the day on which bodies were found or buried, or of the harm?"
DAY_SAID = "the day of the statement, or of the harm?"
PLACE_ELSEWHERE = "the place is named in another clause: is it that of the harm?"
DAY_OF_TOLL = "the day of the toll, or of the harm?"
OTHER_WHOLE = "a part of a number in an earlier sentence: of which one?"
_OTHER_CLAUSE = re.compile(r"\b(?:after|before|since|until|ago|earlier|following|while|but)\b|, and\b|;")
_SAID = (" said", " reported", " announced", " stated", " estimated")
_OTHER_PLACE = re.compile(r", (?:as|while|but|after|and)\b|;|\bsaid\b")
_BODIES = frozenset("body bodies corpse corpses remains cadavers".split())
_RECENT = 24  # numbers of earlier sentences that a part may belong to


def doubt_days(document: Document, drafts: list[DraftFigure]) -> None:
    """Note each day that may not be that of the harm."""
    for d in drafts:
        if d.window.start is None or not d.window.words or d.window.kind == "cumulative":
            continue
        begin, stop = d.sentence
        text = document.text[begin:stop]
        at, number = text.find(d.window.words), d.start - begin
        if at < 0:
            continue
        lead = text[:at].rstrip().lower()
        if lead.endswith("born"):
            d.window = Window()  # "two children, born in 2006"
            continue
        if lead.endswith(_SAID):
            d.notes.append(DAY_SAID)
            continue
        between = text[at + len(d.window.words) : number] if at < number else text[number + len(d.printed) : at]
        if _OTHER_CLAUSE.search(between.lower()):
            d.notes.append(OTHER_DAY)
        elif not _BODIES.isdisjoint(d.noun.lower().split()):
            d.notes.append(DAY_FOUND)
        elif d.rule == "toll" and d.window.kind == "event":
            d.notes.append(DAY_OF_TOLL)


def doubt_places(document: Document, drafts: list[DraftFigure]) -> None:
    """Note each place that only another clause after the number names."""
    for d in drafts:
        begin, stop = d.sentence
        text = document.text[begin:stop]
        number, name = d.end - begin, d.location.replace("_", " ")
        at = text.lower().find(name) if name else -1
        if at > number and _OTHER_PLACE.search(text[number:at]):
            d.notes.append(PLACE_ELSEWHERE)


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
