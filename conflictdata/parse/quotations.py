"""Quotations of several sentences: their speaker, whom only the last one names, is the claimant of all."""

from __future__ import annotations

import re
from collections.abc import Sequence

from conflictdata.parse.antecedents import resolve_name
from conflictdata.parse.claimants import find_attributions
from conflictdata.parse.model import Document, DraftFigure
from conflictdata.parse.names import Attribution
from conflictdata.parse.tokens import Sentence

LONGEST = 800  # characters of a quotation before and after a figure
MOST_QUOTES = 4  # closing quotation marks after a figure that may name the speaker
_SELVES = frozenset(("", "we", "i"))
_OPENING, _CLOSING, _PLAIN = "“", "”", '"'
_END = re.compile(r"[.!?…][\"”]?\s")
_AFTER = re.compile(r"[”\"][^”\"\n]{3,150}?(?:(?<=[a-z]{4})\.(?=\s|$)|\n|$)")


def attribute_quotations(document: Document, drafts: list[DraftFigure]) -> None:
    """Give the figures of a quotation the claimant that its last sentence names, in place: `"Two died. Six were hurt," X said`."""
    for i, d in enumerate(drafts):
        if d.claimant.lower() in _SELVES and is_inside(document.text, d.start):
            d.claimant = _find_speaker(document.text, d, drafts[max(0, i - LONGEST) : i]) or d.claimant
    for i, d in enumerate(drafts):
        if not d.claimant or not i or drafts[i - 1].sentence == d.sentence:
            continue
        opening = _find_opening(document.text, *d.sentence)
        if opening < 0:
            continue
        k = i - 1
        while k >= 0 and drafts[k].start > opening:
            if not drafts[k].claimant:
                drafts[k].claimant = d.claimant
            k -= 1


def is_inside(text: str, at: int) -> bool:
    """Return whether a quotation that opens in the same paragraph is open at an offset."""
    before = text[max(0, at - LONGEST) : at]
    before = before[before.rfind("\n") + 1 :]
    if _OPENING in before or _CLOSING in before:
        return before.rfind(_OPENING) > before.rfind(_CLOSING)
    return before.count(_PLAIN) % 2 == 1


def _find_speaker(text: str, d: DraftFigure, earlier: Sequence[DraftFigure]) -> str:
    """Return who speaks after the quotation of a figure, in a later sentence; "" if nobody does."""
    stop = text.find("\n", d.end, d.end + LONGEST)
    stop = stop if stop >= 0 else min(len(text), d.end + LONGEST)
    for hit in list(_AFTER.finditer(text, d.end, stop))[:MOST_QUOTES]:
        if hit.start() < d.sentence[1] - 2:
            continue  # in the sentence of the figure, which has been read
        ends = [end.end() for end in _END.finditer(text, d.start, hit.start())]
        s = Sentence(text, ends[-1] if ends else d.end, hit.end())
        names = [a for a in find_attributions(s) if s.start[a.first] > hit.start()]
        if names:
            known = [Attribution(0, 0, 0, x.claimant, "before", False, False) for x in earlier if x.claimant]
            return resolve_name(names[0], known)
    return ""


def _find_opening(text: str, begin: int, stop: int) -> int:
    """Return where the quotation opens that a sentence closes, if it opens before the sentence; else -1."""
    sentence = text[begin:stop]
    first = next((c for c in sentence if c in (_OPENING, _CLOSING, _PLAIN)), "")
    before = text[max(0, begin - LONGEST) : begin]
    before = before[before.rfind("\n\n") + 1 :]
    if first == _CLOSING:
        at = before.rfind(_OPENING)
        closed = before.rfind(_CLOSING) > at
    elif first == _PLAIN and sentence.count(_PLAIN) % 2:
        at = before.rfind(_PLAIN)
        closed = before.count(_PLAIN) % 2 == 0
    else:
        return -1
    return -1 if at < 0 or closed else begin - len(before) + at
