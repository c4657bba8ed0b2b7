"""Draft seed files in the grammar of docs/seeds-reference.md, with TODO for each decision."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator

from conflictdata.authoring.compose import TODO, Commented, Value, compose
from conflictdata.parse.lexicon.quantities import VAGUE_QUALIFIERS
from conflictdata.parse.model import DraftFigure, ParseResult, ReviewNote, Window
from conflictdata.registers.find import read_finder
from conflictdata.seeds.quantity import format_quantity

MOST_WORDS = 6  # in a printed phrase
LEAST_REPEATED = 10  # a smaller number that comes twice may be two facts
_OTHER_EVENT = re.compile(
    r"[\s\"“'(]*(?:In (?:another|a separate|a second|a further)|Another|Separately|Meanwhile|Elsewhere|A separate|Earlier|Also)\b",
    re.I,
)
_LINKS = frozenset(("and", "or", "of", "the", "from", "in", "with"))  # words that a shortened phrase does not end with
MOST_ALIKE = 100  # figures of one number and outcome that are compared, so that the cost stays linear
LONGEST_GAP = 20  # characters of white space between two sentences
NEAR = 3  # latest claims that a further number may join


def render_seed(result: ParseResult, *, minor: bool = False) -> str:
    """Render a parse result as a seed file.

    `TODO` marks the decisions of a person; `# evidence` gives the place of each number in the text.

    Args:
        result: The parse result.
        minor: Whether dates, ages and the like are listed among the doubts.
    """
    trees = _ClaimTrees(result)
    claims = {number: trees.build_claim(roots) for number, roots in enumerate(trees.group_claims(), 1)}
    return compose({**_build_header(result), "claims": claims}, head=list(_list_notes(result.list_notes(minor=minor))))


def format_draft_quantity(d: DraftFigure) -> str:
    """Format the quantity as in a seed."""
    return format_quantity(d.qualifier, d.value, None if d.qualifier == "range" else d.value, d.top)


def shorten_printed_phrase(d: DraftFigure) -> str:
    """Shorten the printed phrase to six words."""
    words = d.printed.split()[:MOST_WORDS]
    while len(words) > 1 and words[-1].lower() in _LINKS:
        words.pop()
    return " ".join(words).rstrip(",;:. ")


def _list_notes(notes: list[ReviewNote]) -> Iterator[str]:
    if notes:
        yield f"Doubts to check first: {len(notes)}"
    for d in notes:
        yield f"  {d.start}-{d.end} {_quote_text(d.text)}: {d.reason}"


def _build_header(result: ParseResult) -> dict[str, Value]:
    document = result.document
    name = re.sub(r"[^A-Za-z0-9._-]+", "_", document.name)
    publisher: Value = document.publisher or TODO
    if document.site and not document.publisher:
        id_ = read_finder().find_id(document.site, "actor")
        publisher = id_ or Commented(TODO, _quote_text(document.site))
    title: dict[str, Value] = {"title": document.title} if document.title else {}
    return {
        "publisher": publisher,
        "kind": "article",
        **title,
        "url": document.url or (f"urn:document:{name}" if name else TODO),
        "published": document.published.isoformat() if document.published else TODO,
        "published_basis": "page",
        "language": "en",
        "access": "full_text",
        "sha256": document.sha256,
    }


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
            place = d.location or d.place_words
            near = by_key[d.claimant_id or d.claimant, d.window.kind, d.window.start, d.window.end, place]
            home = next((roots for roots in near[: -NEAR - 1 : -1] if self._can_join(roots, d)), None)
            if home is None:
                near.append([i])
                out.append(near[-1])
            else:
                home.append(i)
        return out

    def _find_repeats(self) -> set[int]:
        """Return the numbers without parts that tell a fact again, as a headline, a lead and a body do.

        They have the same number, group and outcome, and no other claimant, day or place. The one with parts stays, else the one
        with a claimant, else the later one: the words of the body.
        """
        kept: dict[tuple[object, ...], list[int]] = defaultdict(list)
        out: set[int] = set()
        roots = (i for i, d in enumerate(self.drafts) if d.parent is None)
        for i in sorted(roots, key=lambda i: (i not in self.parts, not self.drafts[i].claimant, -i)):
            d = self.drafts[i]
            key = (d.outcome, d.value, d.top)
            same = next((k for k in kept[key][:MOST_ALIKE] if self._is_same_fact(self.drafts[k], d)), None)
            is_same = i not in self.parts or (same is not None and self._has_same_parts(same, i))
            if same is not None and is_same and d.qualifier not in VAGUE_QUALIFIERS:
                out.add(i)
            else:
                kept[key].append(i)
        return out

    def _has_same_parts(self, a: int, b: int) -> bool:
        """Return whether two numbers have the same parts: a caption and the text below it."""
        one, two = (
            sorted((self.drafts[k].value, self.drafts[k].group.category) for k in self.parts.get(i, ())) for i in (a, b)
        )
        return one == two

    def _is_same_fact(self, a: DraftFigure, b: DraftFigure) -> bool:
        """Return whether two numbers that are equal may be one fact. Small numbers are, only if their sentences say so."""
        if a.sentence == b.sentence:
            return False
        if self._is_printed_twice(a, b):
            return True
        if b.relation == "additional" or a.relation == "additional":
            return False
        groups = {a.group.category, b.group.category} - {"total"}
        places = {d.location or d.place_words for d in (a, b)} - {""}
        claimants = {(d.claimant_id or d.claimant).lower() for d in (a, b)} - {""}
        days = {(d.window.start, d.window.end) for d in (a, b) if d.window.start is not None}
        kinds = {a.window.kind, b.window.kind}
        more = {a.qualifier, b.qualifier} == {"exact", "more_than"} and min(a.sentence, b.sentence)[0] > 0
        if more or len(groups) > 1 or len(places) > 1 or len(claimants) > 1 or len(days) > 1:
            return False
        running = a.window.kind == "cumulative" and b.window.kind == "cumulative"
        headline = min(a.sentence, b.sentence)[0] == 0
        return running or (kinds != {"event", "cumulative"} and (headline or b.value >= LEAST_REPEATED))

    def _is_printed_twice(self, a: DraftFigure, b: DraftFigure) -> bool:
        """Return whether the page has the sentence of a figure twice, as with a caption, and both are the same figure in it."""
        text = self.result.document.text
        if a.start - a.sentence[0] != b.start - b.sentence[0]:
            return False
        return text[slice(*a.sentence)].split() == text[slice(*b.sentence)].split()

    def _can_join(self, roots: list[int], d: DraftFigure) -> bool:
        last = self.drafts[roots[-1]]
        open_event = d.window.kind == "event" and d.window.start is None and not (d.location or d.place_words)
        if open_event and "\n" in self.result.document.text[last.sentence[1] : d.sentence[0]]:
            return False  # another paragraph, and nothing says that it is the same event
        if open_event and last.sentence != d.sentence and not self._is_next_sentence(last, d):
            return False
        taken = any(self.drafts[r].outcome == d.outcome for r in roots)
        return taken if d.relation == "additional" else not taken

    def _is_next_sentence(self, before: DraftFigure, d: DraftFigure) -> bool:
        """Return whether a sentence follows another, and does not open another event."""
        text, first, last = self.result.document.text, before.sentence[1], d.sentence[0]
        if last - first > LONGEST_GAP:
            return False
        return not text[first:last].strip() and not _OTHER_EVENT.match(text, *d.sentence)

    def build_claim(self, roots: list[int]) -> dict[str, Value]:
        """Build one claim."""
        d = self.drafts[roots[0]]
        claim: dict[str, Value] = {"claimant": d.claimant_id or "unspecified"}
        if d.claimant and not d.claimant_id:
            claim["claimant"] = Commented(TODO, _quote_text(d.claimant) + _suggest_claimant(d.claimant))
        claim |= _build_window(d.window, self.result)
        claim["location"] = d.location or (Commented(TODO, _quote_text(d.place_words)) if d.place_words else TODO)
        for r in roots:
            if self.drafts[r].relation != "additional" or r == roots[0]:
                besides = [k for k in roots if k != r and self._is_additional(r, k)]
                claim[self.drafts[r].outcome] = self._build_root(r, besides)
        return claim

    def _is_additional(self, root: int, other: int) -> bool:
        return self.drafts[other].relation == "additional" and self.drafts[other].outcome == self.drafts[root].outcome

    def _build_root(self, place: int, besides: list[int]) -> dict[str, Value]:
        d = self.drafts[place]
        figure = self._build_figure(place)
        if d.actor:
            figure["actor"] = d.actor
        if d.group.word:
            figure["who"] = d.group.word
        elif d.group.category == "other":
            figure["label"] = d.noun or TODO
        if besides:
            figure["besides"] = self._build_members(besides)
        return figure

    def _build_figure(self, place: int) -> dict[str, Value]:
        """Build the number, the printed phrase and the parts of one figure."""
        d = self.drafts[place]
        evidence = f"evidence {d.start}-{d.end} {_quote_text(self.result.document.text[d.start : d.end])}"
        figure: dict[str, Value] = {
            "n": Commented(format_draft_quantity(d), beside=self._quote_order(d), above=[evidence]),
            "printed": shorten_printed_phrase(d),
        }
        for key, relation in (("by party", "part"), ("including", "subset")):
            if members := [i for i in self.parts.get(place, ()) if self.drafts[i].relation == relation]:
                figure[key] = self._build_members(members)
        return figure

    def _quote_order(self, d: DraftFigure) -> str:
        """Return the words of a vague number that say its order of magnitude, for a comment."""
        words = self.result.document.text[d.start : d.end]
        is_other = d.qualifier in VAGUE_QUALIFIERS and " ".join(words.lower().split()) != format_draft_quantity(d)
        return _quote_text(words) if is_other else ""

    def _build_members(self, places: list[int]) -> dict[str, Value]:
        members: dict[str, Value] = {}
        for place in places:
            d = self.drafts[place]
            name = d.actor or d.group.word or f"todo_{place + 1}"
            label: dict[str, Value] = {}
            if not (d.actor or d.group.word) or name in members:
                label["label"] = Commented(TODO, _quote_text(d.noun or d.printed))
            members[f"{name}_{place + 1}" if name in members else name] = {**self._build_figure(place), **label}
        return members


def _build_window(w: Window, result: ParseResult) -> dict[str, Value]:
    published = result.document.published
    words = _quote_text(w.words) if w.words else ""
    window: dict[str, Value] = {}
    if w.kind == "cumulative":
        window["since"] = Commented(w.start.isoformat() if w.start else TODO, words)
    elif w.kind == "interval":
        window["during"] = Commented(_format_days(w), words)
    else:
        window["event"] = Commented(TODO, words)
        if w.start:
            window["during"] = _format_days(w)
    window["as_of"] = published.isoformat() if published else TODO
    if w.start and w.precision != "day":
        window["period_precision"] = w.precision
    return window


def _format_days(w: Window) -> str:
    if w.start is None or w.end is None:
        return TODO
    return w.start.isoformat() if w.start == w.end else f"{w.start.isoformat()}/{w.end.isoformat()}"


def _suggest_claimant(name: str) -> str:
    """Return the actor whom a name may mean, for a comment; "" if there is none, or several."""
    guess = read_finder().guess_id(name, "actor")
    return f"; perhaps {guess}" if guess else ""


def _quote_text(text: str) -> str:
    """Quote words of the text for a comment, as JSON, so that `--check` can read them."""
    return json.dumps(" ".join(text.split())[:120], ensure_ascii=not text.isprintable())
