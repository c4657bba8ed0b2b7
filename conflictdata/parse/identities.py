"""The actors and places of the tables that the drafts of a document mean, within the war that it is about."""

from __future__ import annotations

import re

from conflictdata.parse import gazetteer
from conflictdata.parse.lexicon.speech import MEDIA, OF_MEDIA
from conflictdata.parse.model import Document, DraftFigure
from conflictdata.parse.wars import War, find_war

_WORD = re.compile(r"[^\W_]+")
# A description means the earlier claimant whose name has one of these words.
_DESCRIBED: dict[str, frozenset[str]] = {
    word: frozenset(related.split())
    for words, related in (
        ("monitor watchdog observatory", "observatory monitor watchdog network"),
        ("ministry", "ministry"),
        ("army military", "army military forces idf"),
        ("network", "network"),
        ("mission", "mission"),
        ("agency office", "office agency ohchr unhcr ocha"),
        ("group organisation organization", "observatory network group watch amnesty helmets"),
    )
    for word in words.split()
}
_RELATIVES = re.compile(r"\b(?:who|it|us)\b")  # in lower case they are no WHO and no US
_LITTLE = frozenset(
    "the a an war rights rescue britain uk based monitoring local health defence defense interior said its un same".split()
)


def identify_entities(document: Document, drafts: list[DraftFigure]) -> None:
    """Fill in the ids of claimants, parties and places of all drafts, in place.

    What does not belong to the war of the document stays in the words of the text.
    """
    war = find_war(document)
    known: list[tuple[str, str]] = []  # claimants so far: name and id
    for d in drafts:
        _identify_claimant(d, known)
        d.actor = gazetteer.find_party_id(d.noun, d.group.category, document.published, war.conflicts)
        _identify_place(d, war)
    _name_headline_claimants(drafts)
    for d in drafts:
        if d.claimant and not d.claimant_id:
            d.entries.append(f"the claimant {d.claimant!r} is not in the actors table")


def _identify_claimant(d: DraftFigure, known: list[tuple[str, str]]) -> None:
    words = [w.lower() for w in _WORD.findall(d.claimant)]
    if not words or (words[-1] in OF_MEDIA and not MEDIA.isdisjoint(words)):
        return  # "Reuters sources" are not Reuters
    d.claimant_id = gazetteer.find_claimant_id(_RELATIVES.sub(" ", d.claimant)) or _find_described(d.claimant, known)
    if d.claimant_id:
        known.append((d.claimant, d.claimant_id))


def _find_described(name: str, known: list[tuple[str, str]]) -> str:
    """Return the id of the earlier claimant that a description means: `the Britain-based war monitor`."""
    words = [w.lower() for w in _WORD.findall(name)]
    if not words or words[-1] not in _DESCRIBED or not _LITTLE.issuperset(words[:-1]):
        return ""
    related = _DESCRIBED[words[-1]]
    return next((id_ for text, id_ in reversed(known) if not related.isdisjoint(_WORD.findall(text.lower()))), "")


def _name_headline_claimants(drafts: list[DraftFigure]) -> None:
    """Give a headline the claimant of the body: `..., monitor says`."""
    first = drafts[0].sentence if drafts else (0, 0)
    for d in drafts:
        if d.sentence != first or d.claimant_id or len(d.claimant.split()) > 2:
            continue
        words = [w.lower() for w in _WORD.findall(d.claimant)]
        related = _DESCRIBED.get(words[-1] if words else "", frozenset())
        body = next(
            (
                x
                for x in drafts
                if x.sentence != first and x.claimant_id and not related.isdisjoint(_WORD.findall(x.claimant.lower()))
            ),
            None,
        )
        if body is not None:
            d.claimant, d.claimant_id = body.claimant, body.claimant_id


def _identify_place(d: DraftFigure, war: War) -> None:
    """Resolve the place within the war; keep its words if it lies elsewhere."""
    ids = tuple(id_ for id_ in d.places if war.has_country(gazetteer.get_country(id_)))
    if not ids:
        return
    d.location = ids[0]
    if len(ids) > 1:
        d.entries.append(f"the place may be {' or '.join(ids)}")
