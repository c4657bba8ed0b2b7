"""Draft seed files in the grammar of docs/seeds.md, with TODO for each decision."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator

from conflictdata.parse.model import DraftFigure, ParseResult, Window
from conflictdata.seeds.quantity import format_quantity

TODO = "TODO"
MOST_WORDS = 6  # in a printed phrase
NEAR = 3  # latest claims that a further number may join
_PLAIN = re.compile(r"[A-Za-z0-9](?:[\w ,.'’%+-]*[\w%+.])?\Z")
_SLUG = re.compile(r"[^a-z0-9]+")
_NOT_PLAIN = frozenset(("yes", "no", "true", "false", "null", "on", "off"))


def render_seed(result: ParseResult) -> str:
    """Render a parse result as a seed file.

    `TODO` marks the decisions of a person; `# evidence` gives the place of each number in the text.
    """
    trees = _ClaimTrees(result)
    lines = [*_render_notes(result), *_render_header(result), "claims:" if result.drafts else "claims: {}"]
    for number, roots in enumerate(trees.group_claims(), 1):
        lines += trees.render_claim(number, roots)
    return "\n".join(lines) + "\n"


def format_draft_quantity(d: DraftFigure) -> str:
    """Format the quantity as in a seed."""
    return format_quantity(d.qualifier, d.value, None if d.qualifier == "range" else d.value, d.top)


def shorten_printed_phrase(d: DraftFigure) -> str:
    """Shorten the printed phrase to six words."""
    return " ".join(d.printed.split()[:MOST_WORDS]).rstrip(",;:. ")


def _render_notes(result: ParseResult) -> Iterator[str]:
    if result.notes:
        yield f"# {len(result.notes)} doubts, to be looked at first:"
    for d in result.notes:
        yield f"#   {d.start}-{d.end} {_quote_text(d.text)}: {_clean_line(d.reason)}"


def _render_header(result: ParseResult) -> Iterator[str]:
    document = result.document
    yield f"publisher: {document.publisher or TODO}"
    yield "kind: article"
    name = re.sub(r"[^A-Za-z0-9._-]+", "_", document.name)
    yield f"url: {f'urn:document:{name}' if name else TODO}"
    yield f"published: {document.published.isoformat() if document.published else TODO}"
    yield "published_basis: page"
    yield "language: en"
    yield "access: full_text"
    yield f"sha256: {document.sha256}"
    yield ""


class _ClaimTrees:
    """Groups the drafts of one document into claims with trees."""

    def __init__(self, result: ParseResult) -> None:
        self.result, self.drafts = result, result.drafts
        self.parts: dict[int, list[int]] = defaultdict(list)
        for i in range(len(self.drafts)):
            whole = self._find_whole(i)
            if whole is not None:
                self.parts[whole].append(i)

    def _find_whole(self, i: int) -> int | None:
        """Return the draft that another is listed under, or None.

        That is its whole, if both have the same outcome. Otherwise it gets its own key.
        """
        parent = self.drafts[i].parent
        return parent if parent is not None and self.drafts[parent].outcome == self.drafts[i].outcome else None

    def group_claims(self) -> list[list[int]]:
        """Group the roots into claims.

        A claim has one claimant, window and place, and one root per outcome.

        Returns:
            Per claim, the indexes of its roots among the drafts.
        """
        out: list[list[int]] = []
        by_key: dict[tuple[object, ...], list[list[int]]] = defaultdict(list)
        repeats = self._find_repeats()
        for i, d in enumerate(self.drafts):
            if self._find_whole(i) is not None or i in repeats:
                continue
            near = by_key[d.claimant_id or d.claimant, d.window.kind, d.window.start, d.window.end, d.location]
            home = next((roots for roots in near[: -NEAR - 1 : -1] if self._can_join(roots, d)), None)
            if home is None:
                near.append([i])
                out.append(near[-1])
            else:
                home.append(i)
        return out

    def _find_repeats(self) -> set[int]:
        """Return the running totals without parts that repeat another one.

        They have the same number, group and outcome.
        """
        first_of: dict[tuple[object, ...], int] = {}
        out: set[int] = set()
        roots = (i for i, d in enumerate(self.drafts) if d.parent is None)
        for i in sorted(roots, key=lambda i: (i not in self.parts, not self.drafts[i].claimant, i)):
            d = self.drafts[i]
            key = (d.outcome, d.qualifier, d.value, d.top, d.group.category)
            first = first_of.setdefault(key, i)
            bare = i not in self.parts and d.claimant in ("", self.drafts[first].claimant)
            if first != i and bare and d.window.kind == "cumulative":
                out.add(i)
        return out

    def _can_join(self, roots: list[int], d: DraftFigure) -> bool:
        taken = any(self.drafts[r].outcome == d.outcome for r in roots)
        return taken if d.relation == "additional" else not taken

    def render_claim(self, number: int, roots: list[int]) -> Iterator[str]:
        """Yield the lines of one claim."""
        d = self.drafts[roots[0]]
        yield f"  {number}:"
        if d.claimant and not d.claimant_id:
            yield f"    claimant: {TODO}  # {_quote_text(d.claimant)}"
        else:
            yield f"    claimant: {d.claimant_id or 'unspecified'}"
        yield from (f"    {line}" for line in _render_window(d.window, self.result))
        yield f"    location: {d.location or TODO}"
        for r in roots:
            if self.drafts[r].relation != "additional" or r == roots[0]:
                yield from self._render_root(r, [k for k in roots if k != r and self._is_additional(r, k)])

    def _is_additional(self, root: int, other: int) -> bool:
        return self.drafts[other].relation == "additional" and self.drafts[other].outcome == self.drafts[root].outcome

    def _render_root(self, place: int, besides: list[int]) -> Iterator[str]:
        d = self.drafts[place]
        yield f"    {d.outcome}:"
        evidence, n, phrase, *rest = self._render_body(place)
        who = []
        if d.actor:
            who.append(f"actor: {d.actor}")
        if d.group.word:
            who.append(f"who: {d.group.word}")
        elif d.group.category == "other":
            who.append(f"label: {_format_scalar(d.noun) if d.noun else TODO}")
        yield from (f"      {line}" for line in (evidence, n, phrase, *who, *rest))
        if besides:
            yield "      besides:"
            yield from (f"        {line}" for line in self._render_members(besides))

    def _render_body(self, place: int) -> Iterator[str]:
        """Yield the number, the printed phrase and the parts of one figure."""
        d = self.drafts[place]
        evidence = self.result.document.text[d.start : d.end]
        yield f"# evidence {d.start}-{d.end} {_quote_text(evidence)}"
        yield f"n: {format_draft_quantity(d)}"
        yield f"printed: {_format_scalar(shorten_printed_phrase(d))}"
        for key, relation in (("by party", "part"), ("including", "subset")):
            members = [i for i in self.parts.get(place, ()) if self.drafts[i].relation == relation]
            if members:
                yield f"{key}:"
                yield from (f"  {line}" for line in self._render_members(members))

    def _render_members(self, places: list[int]) -> Iterator[str]:
        taken: set[str] = set()
        for place in places:
            d = self.drafts[place]
            name = d.actor or d.group.word or _SLUG.sub("_", d.noun.lower()).strip("_")[:40] or "group"
            known = bool(d.actor or d.group.word) and name not in taken
            if name in taken:
                name = f"{name}_{place + 1}"
            taken.add(name)
            yield f"{name}:"
            yield from (f"  {line}" for line in self._render_body(place))
            if not known:
                yield f"  label: {_format_scalar(d.noun) if d.noun else TODO}"


def _render_window(w: Window, result: ParseResult) -> Iterator[str]:
    published = result.document.published
    comment = f"  # {_quote_text(w.words)}" if w.words else ""
    if w.kind == "cumulative":
        yield f"since: {w.start.isoformat() if w.start else TODO}{comment}"
    elif w.kind == "interval":
        yield f"during: {_format_days(w)}{comment}"
    else:
        yield f"event: {TODO}{comment}"
        if w.start:
            yield f"during: {_format_days(w)}"
    yield f"as_of: {published.isoformat() if published else TODO}"
    if w.start and w.precision != "day":
        yield f"period_precision: {w.precision}"


def _format_days(w: Window) -> str:
    if w.start is None or w.end is None:
        return TODO
    return w.start.isoformat() if w.start == w.end else f"{w.start.isoformat()}/{w.end.isoformat()}"


def _clean_line(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)


def _quote_text(text: str) -> str:
    return json.dumps(" ".join(text.split())[:120], ensure_ascii=not text.isprintable())


def _format_scalar(text: str) -> str:
    plain = _PLAIN.match(text) and text.lower() not in _NOT_PLAIN
    return text if plain else _quote_text(text)
