"""Scaffold of a page or a claim.

Every field has one line of explanation, and TODO if a person must decide.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache

from conflictdata.authoring.compose import TODO, Commented, Value, compose
from conflictdata.authoring.key_order import SHAPES
from conflictdata.schema.columns import Constraint, load_constraints
from conflictdata.schema.vocabularies import LINK_KIND, OUTCOME
from conflictdata.seeds.sources import CLAIM, PAGE

# Keys of a page and of a claim that are written out. The other keys are offered in comments.
_PAGE_VALUES = {"publisher": TODO, "kind": "article", "url": TODO, "published": TODO, "published_basis": "page", "language": TODO, "access": TODO}  # fmt: skip
_CLAIM_VALUES = {"claimant": TODO, "since": TODO, "as_of": TODO, "location": TODO}
_OMITTED = {
    "conflict",
    "status",
    "supersedes",
    "reason",
    "ids",
}  # of a claim; rarely needed, see docs/seeds-reference.md

_EXPLANATIONS = {  # keys without a column that describes them
    "claimant": "Who asserts it: an actor; `unspecified` if the page does not say.",
    "event": "Instead of since: an event's id (seeds/events), or a list of ids, if the claim is about events.",
    "since": "First day of a running toll; or another window instead: event, during, standing, projected.",
    "until": "Last day of the toll, if it ends before the as-of day.",
    "during": "Instead of since: a closed window, such as 2024-12-01/2024-12-07 or one day.",
    "standing": "Instead of since: the day of a level, such as people displaced now.",
    "projected": "Instead of since: a forecast, from a day to a day.",
    "perpetrator": "Who is said to have done it: an actor, or a list of actors.",
    "killed": f"What happened to them: {', '.join(OUTCOME.values)}.",
    **{term.term: f"A claim's id, or a list. {term.definition}" for term in LINK_KIND.terms},
}
_FIGURE = {
    "n": Commented(
        TODO, "The number as the page has it: 727, at least 727, about 600, up to 600, 100 to 200, dozens, unstated."
    ),
    "printed": Commented(TODO, "The printed phrase that holds the number: at most six words, in the page's language."),
}
_LISTS = (
    "who: civilians  # If the number counts one group only.",
    "by party:  # A complete list: the page's words leave nobody out.",
    "  civilians: 111",
    "  fighters: {n: 220, printed: 220 fighters}",
    "including:  # Some of them: including, of whom, among them.",
    "  children: 7",
)
_HEAD = (
    "Replace every TODO with the value on the page. Lines that start with # are offers: remove the # and fill in, or delete the line.",
    "docs/seeds-reference.md has the grammar, docs/coding.md explains how to code a page. Then: conflictdata validate {file}",
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
    values: dict[str, Value] = {**_PAGE_VALUES, **known.page, "claims": {1: _make_claim(known)}}
    texts = {key: _explain_column("sources", column) for key, column in PAGE.items()}
    page = _explain_keys(SHAPES["page"].order, values, texts, known.remarks)
    page["claims"] = replace(page["claims"], above=[*page["claims"].above, ""])  # an empty line after the offers
    return compose(page, head=[*(line.format(file=file) for line in _HEAD), ""])


def render_claim(known: KnownFields, number: int) -> list[str]:
    """Render another claim as lines for the block `claims`, without indentation."""
    return [line[2:] for line in compose({"claims": {number: _make_claim(known)}}).splitlines()[1:]]


def _make_claim(known: KnownFields) -> dict[str, Commented]:
    values: dict[str, Value] = {
        **_CLAIM_VALUES,
        "claimant": known.claimant or TODO,
        "killed": Commented(_FIGURE, below=_LISTS),
    }
    texts = {key: _explain_column("claims", column) for key, column in CLAIM.items()} | _EXPLANATIONS
    order = [*(key for key in SHAPES["claim"].order if key not in _OMITTED), "killed"]
    return _explain_keys(order, values, texts, known.remarks)


def _explain_keys(
    order: Iterable[str], values: Mapping[str, Value], texts: Mapping[str, str], remarks: Mapping[str, str]
) -> dict[str, Commented]:
    """Add the explanations of the keys to their values.

    A key without a value becomes a commented line above the next key with one.
    """
    explained: dict[str, Commented] = {}
    offers: list[str] = []
    for key in order:
        text = " ".join(filter(None, (texts.get(key), remarks.get(key))))
        if key not in values:
            offers.append(f"{key}:  # {text}")
            continue
        value = values[key]
        commented = value if isinstance(value, Commented) else Commented(value)
        explained[key] = replace(commented, beside=text, above=offers)
        offers = []
    return explained


@cache
def _index_columns(table: str) -> dict[str, Constraint]:
    return {c.column: c for c in load_constraints(table)}


def _explain_column(table: str, column: str) -> str:
    """Return the description of a column, with the words that it allows."""
    constraint = _index_columns(table)[column]
    terms = f" One of: {', '.join(constraint.terms)}." if constraint.terms else ""
    return constraint.description + terms
