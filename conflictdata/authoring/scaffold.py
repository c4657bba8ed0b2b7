"""Scaffold of a page or a claim.

Every field has one line of explanation, and TODO if a person must decide.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from conflictdata.authoring.compose import KeyPath, Notes, Value, compose
from conflictdata.authoring.key_order import SHAPES
from conflictdata.schema.columns import Constraint, load_constraints
from conflictdata.schema.vocabularies import LINK_KIND, OUTCOME
from conflictdata.seeds.sources import CLAIM, PAGE

TODO = "TODO"

# Keys of a page and of a claim that are written out. The other keys are offered in comments.
_PAGE_VALUES = {"publisher": TODO, "kind": "article", "url": TODO, "published": TODO, "published_basis": "page", "language": TODO, "access": TODO}  # fmt: skip
_CLAIM_VALUES = {"claimant": TODO, "since": TODO, "as_of": TODO, "location": TODO}
_OMITTED = {"conflict", "status", "supersedes", "reason", "ids"}  # of a claim; rarely needed, see docs/seeds.md

_EXPLANATIONS = {  # keys without a column that describes them
    "claimant": "Who asserts it: an actor; `unspecified` where the page does not say.",
    "event": "Instead of since: an event's id (seeds/events), or a list, where the claim is about events.",
    "since": "First day of a running toll; or another window instead: event, during, standing, projected.",
    "until": "Last day of the toll, where it ends before the as-of day.",
    "during": "Instead of since: a closed window, such as 2024-12-01/2024-12-07 or one day.",
    "standing": "Instead of since: the day of a level, such as people displaced now.",
    "projected": "Instead of since: a forecast, from a day to a day.",
    "perpetrator": "Who is said to have done it: an actor, or a list of actors.",
    **{term.term: f"A claim's id, or a list. {term.definition}" for term in LINK_KIND.terms},
}
_FIGURE = {
    "n": "The number as the page has it: 727, at least 727, about 600, up to 600, 100 to 200, dozens, unstated.",
    "printed": "The printed phrase that holds the number: at most six words, in the page's language.",
}
_LISTS = (
    "who: civilians  # Where the number counts one group only.",
    "by party:  # A complete list: the page's words leave nobody out.",
    "  civilians: 111",
    "  fighters: {n: 220, printed: 220 fighters}",
    "including:  # Some of them: including, of whom, among them.",
    "  children: 7",
)
_HEAD = (
    "Replace every TODO by what the page says. Lines that start with # are offers: take the # away and fill in, or delete.",
    "The grammar is docs/seeds.md; how a page is read, docs/coding.md. Then: conflictdata validate {file}",
)


@dataclass(frozen=True)
class KnownFields:
    """What is known before anybody reads the page.

    Attributes:
        page: Values of page keys.
        claimant: The claimant, if given.
        remarks: Additions to the explanation of a key, by key.
    """

    page: Mapping[str, str] = field(default_factory=dict)
    claimant: str = ""
    remarks: Mapping[str, str] = field(default_factory=dict)


def render_page(known: KnownFields, file: str) -> str:
    """Render a new source file with its first claim.

    Args:
        known: What is known already.
        file: Path of the file, for the comment at its top.
    """
    data: dict[str, Value] = {**_PAGE_VALUES, **known.page, "claims": {1: _make_claim(known)}}
    texts = {key: _explain_column("sources", column) for key, column in PAGE.items()}
    beside, above = _place_explanations(SHAPES["page"].order, data, texts, known.remarks, ())
    above.setdefault(("claims",), []).append("")  # separates the offers from the key `claims`
    notes = _make_claim_notes(known, 1)
    return compose(
        data,
        Notes(
            head=[line.format(file=file) for line in _HEAD],
            above={**above, **notes.above},
            beside={**beside, **notes.beside},
            below=notes.below,
        ),
    )


def render_claim(known: KnownFields, number: int) -> list[str]:
    """Render another claim as lines for the block `claims`, without indentation."""
    text = compose({"claims": {number: _make_claim(known)}}, _make_claim_notes(known, number))
    return [line[2:] for line in text.splitlines()[1:]]


def _make_claim(known: KnownFields) -> dict[str, Value]:
    figure: dict[str, Value] = dict.fromkeys(_FIGURE, TODO)
    return {**_CLAIM_VALUES, "claimant": known.claimant or TODO, "killed": figure}


def _make_claim_notes(known: KnownFields, number: int) -> Notes:
    path: KeyPath = ("claims", str(number))
    columns = {key: _explain_column("claims", column) for key, column in CLAIM.items()}
    order = [*(key for key in SHAPES["claim"].order if key not in _OMITTED), "killed"]
    beside, above = _place_explanations(order, _make_claim(known), {**columns, **_EXPLANATIONS}, known.remarks, path)
    outcome = (*path, "killed")
    beside[outcome] = f"What happened to them: {', '.join(OUTCOME.values)}."
    beside |= {(*outcome, key): text for key, text in _FIGURE.items()}
    return Notes(above=above, beside=beside, below={outcome: _LISTS})


def _place_explanations(
    order: Sequence[str], data: Mapping[str, Value], texts: Mapping[str, str], remarks: Mapping[str, str], path: KeyPath
) -> tuple[dict[KeyPath, str], dict[KeyPath, list[str]]]:
    """Place the explanations of the keys.

    Keys in the data get a comment on their line. The others become commented lines above the next key in the data.
    """
    beside: dict[KeyPath, str] = {}
    above: dict[KeyPath, list[str]] = {}
    offers: list[str] = []
    for key in order:
        text = " ".join(part for part in (texts.get(key, ""), remarks.get(key, "")) if part)
        if key not in data:
            offers.append(f"{key}:  # {text}")
            continue
        if offers:
            above[(*path, key)] = offers
            offers = []
        if text:
            beside[(*path, key)] = text
    return beside, above


@cache
def _index_columns(table: str) -> dict[str, Constraint]:
    return {c.column: c for c in load_constraints(table)}


def _explain_column(table: str, column: str) -> str:
    """Return the description of a column, with the words that it allows."""
    constraint = _index_columns(table)[column]
    return (
        f"{constraint.description} One of: {', '.join(constraint.terms)}."
        if constraint.terms
        else constraint.description
    )
