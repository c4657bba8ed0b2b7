"""A draft seed file: what the parser understood in the grammar of docs/seeds.md, with TODO where a person decides."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from conflictdata.parse.drafts import Draft, Reading, Window
from conflictdata.seeds.quantity import write

TODO = "TODO"
MOST_WORDS = 6  # of a printed phrase
_PLAIN = re.compile(r"[A-Za-z0-9](?:[\w ,.'’%+-]*[\w%+.])?\Z")
_SLUG = re.compile(r"[^a-z0-9]+")
_NOT_PLAIN = frozenset(("yes", "no", "true", "false", "null", "on", "off"))


def render(reading: Reading) -> str:
    """The seed file of a reading. `TODO` marks what only a person can decide, `# evidence` where each number stands."""
    lines = [*_doubts(reading), *_header(reading), "claims:" if reading.drafts else "claims: {}"]
    for number, roots in enumerate(_claims(reading.drafts), 1):
        lines += _claim(reading, number, roots)
    return "\n".join(lines) + "\n"


def _doubts(reading: Reading) -> Iterator[str]:
    if reading.doubts:
        yield f"# {len(reading.doubts)} doubts, to be looked at first:"
    for d in reading.doubts:
        yield f"#   {d.start}-{d.end} {_quoted(d.text)}: {_one_line(d.reason)}"


def _header(reading: Reading) -> Iterator[str]:
    document = reading.document
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


def _claims(drafts: list[Draft]) -> list[list[int]]:
    """Places of the roots, grouped to claims: one claimant, window and place; one root for each outcome."""
    groups: list[tuple[tuple[object, ...], list[int]]] = []
    repeats = _repeats(drafts)
    for i, d in enumerate(drafts):
        if d.parent is not None or i in repeats:
            continue
        key = (d.claimant_id or d.claimant, d.window.kind, d.window.start, d.window.end, d.location)
        home = next((roots for k, roots in reversed(groups) if k == key and _fits(drafts, roots, d)), None)
        if home is None:
            groups.append((key, [i]))
        else:
            home.append(i)
    return [roots for _, roots in groups]


def _repeats(drafts: list[Draft]) -> set[int]:
    """Running totals without parts that repeat another one of the same number, group and outcome."""
    with_parts = {d.parent for d in drafts if d.parent is not None}
    seen: dict[tuple[object, ...], int] = {}
    out: set[int] = set()
    for i in sorted(
        (i for i, d in enumerate(drafts) if d.parent is None),
        key=lambda i: (i not in with_parts, not drafts[i].claimant, i),
    ):
        d = drafts[i]
        key = (d.outcome, d.qualifier, d.value, d.top, d.group.category)
        if (
            d.window.kind == "cumulative"
            and key in seen
            and i not in with_parts
            and d.claimant in ("", drafts[seen[key]].claimant)
        ):
            out.add(i)
        seen.setdefault(key, i)
    return out


def _fits(drafts: list[Draft], roots: list[int], d: Draft) -> bool:
    taken = any(drafts[r].outcome == d.outcome for r in roots)
    return taken if d.relation == "additional" else not taken


def _claim(reading: Reading, number: int, roots: list[int]) -> Iterator[str]:
    d = reading.drafts[roots[0]]
    yield f"  {number}:"
    if d.claimant and not d.claimant_id:
        yield f"    claimant: {TODO}  # {_quoted(d.claimant)}"
    else:
        yield f"    claimant: {d.claimant_id or 'unspecified'}"
    yield from (f"    {line}" for line in _window(d.window, reading))
    yield f"    location: {d.location or TODO}"
    for r in roots:
        if reading.drafts[r].relation != "additional" or r == roots[0]:
            yield from _root(reading, r, [k for k in roots if _besides(reading.drafts, r, k)])


def _besides(drafts: list[Draft], root: int, other: int) -> bool:
    return other != root and drafts[other].relation == "additional" and drafts[other].outcome == drafts[root].outcome


def _window(w: Window, reading: Reading) -> Iterator[str]:
    published = reading.document.published
    as_of = published.isoformat() if published else TODO
    said = f"  # {_quoted(w.words)}" if w.words else ""
    if w.kind == "cumulative":
        yield f"since: {w.start.isoformat() if w.start else TODO}{said}"
    elif w.kind == "interval":
        yield f"during: {_days(w)}{said}"
    else:
        yield f"event: {TODO}{said}"
        if w.start:
            yield f"during: {_days(w)}"
    yield f"as_of: {as_of}"
    if w.start and w.precision != "day":
        yield f"period_precision: {w.precision}"


def _days(w: Window) -> str:
    if w.start is None or w.end is None:
        return TODO
    return w.start.isoformat() if w.start == w.end else f"{w.start.isoformat()}/{w.end.isoformat()}"


def _root(reading: Reading, place: int, besides: list[int]) -> Iterator[str]:
    d = reading.drafts[place]
    yield f"    {d.outcome}:"
    lines = [*_body(reading, place)]
    if d.group.word:
        lines.insert(3 if len(lines) > 2 else len(lines), f"who: {d.group.word}")
    elif d.group.category == "other":
        lines.insert(3 if len(lines) > 2 else len(lines), f"label: {_scalar(d.noun or TODO)}")
    if d.actor:
        lines.insert(3 if len(lines) > 2 else len(lines), f"actor: {d.actor}")
    yield from (f"      {line}" for line in lines)
    if besides:
        yield "      besides:"
        yield from (f"        {line}" for line in _members(reading, besides))


def _body(reading: Reading, place: int) -> Iterator[str]:
    """Number, printed phrase and parts of one figure."""
    d = reading.drafts[place]
    yield _evidence(reading, d)
    yield f"n: {quantity(d)}"
    yield f"printed: {_scalar(printed(d))}"
    parts = [i for i, c in enumerate(reading.drafts) if c.parent == place]
    for key, relation in (("by party", "part"), ("including", "subset")):
        members = [i for i in parts if reading.drafts[i].relation == relation]
        if members:
            yield f"{key}:"
            yield from (f"  {line}" for line in _members(reading, members))


def _members(reading: Reading, places: list[int]) -> Iterator[str]:
    taken: set[str] = set()
    for place in places:
        d = reading.drafts[place]
        name = d.actor or d.group.word or _SLUG.sub("_", d.noun.lower()).strip("_")[:40] or "group"
        extra = [] if d.actor or d.group.word else [f"label: {_scalar(d.noun) if d.noun else TODO}"]
        if name in taken:
            name, extra = f"{name}_{place + 1}", [f"label: {_scalar(d.noun) if d.noun else TODO}"]
        if d.parent is not None and d.outcome != reading.drafts[d.parent].outcome:
            extra.append(
                f"# {TODO}: {d.outcome}, not {reading.drafts[d.parent].outcome}: a claim's figures of another outcome hang under their own key"
            )
        taken.add(name)
        yield f"{name}:"
        yield from (f"  {line}" for line in [*_body(reading, place), *extra])


def _evidence(reading: Reading, d: Draft) -> str:
    return f"# evidence {d.start}-{d.end} {_quoted(reading.document.text[d.start : d.end])}"


def quantity(d: Draft) -> str:
    """The quantity as a seed writes it."""
    return write(d.qualifier, d.value, None if d.qualifier == "range" else d.value, d.top)


def printed(d: Draft) -> str:
    """The printed phrase: at most six words."""
    return " ".join(d.printed.split()[:MOST_WORDS]).rstrip(",;:. ")


def _one_line(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)


def _quoted(text: str) -> str:
    return json.dumps(" ".join(text.split())[:120], ensure_ascii=not text.isprintable())


def _scalar(text: str) -> str:
    plain = _PLAIN.match(text) and text.lower() not in _NOT_PLAIN
    return text if plain else _quoted(text)
