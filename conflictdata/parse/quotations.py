"""Quotations of several sentences: their speaker, whom only the last one names, is the claimant of all."""

from __future__ import annotations

from conflictdata.parse.model import Document, DraftFigure

LONGEST = 800  # characters of a quotation
_OPENING, _CLOSING, _PLAIN = "“", "”", '"'


def attribute_quotations(document: Document, drafts: list[DraftFigure]) -> None:
    """Give the figures of a quotation the claimant that its last sentence names, in place: `"Two died. Six were hurt," X said`."""
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
