"""Turn an "Add a source" form into a draft seed file.

Copies the answers as given, with TODO if a person has to decide.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from conflictdata._utils.suggest import suggest
from conflictdata.authoring.compose import (
    TODO,
    RegisterNames,
    Registers,
    SeedLine,
    is_day,
    make_day_line,
    read_registers,
    render_form_seed,
)
from conflictdata.authoring.issue_form import SOME, Answer, Filled
from conflictdata.findings import UsageError
from conflictdata.schema.vocabularies import OUTCOME
from conflictdata.seeds import quantity
from conflictdata.seeds.figures import is_outcome
from conflictdata.seeds.group_words import GROUPS

ROWS = 200  # lines of the table of numbers; the longest page so far has 40
DEEPEST = 8
MOST_WORDS = 6  # of a printed phrase
_HEADER = ["what happened", "who", "number", "words"]
_CELL_BORDER = re.compile(r"(?<!\\)\|")
_RULE = re.compile(r":?-+:?\Z")
_NAME = re.compile(r"[a-z0-9][a-z0-9_]*\Z")
_SLUG = re.compile(r"[^a-z0-9]+")
_CODE = re.compile(r"[a-z]{2,3}\Z")
_WEB = re.compile(r"https?://\S+\Z")


@dataclass
class _Figure:
    """A number of the table, with the groups inside it."""

    key: str
    label: str = ""
    n: str = ""
    printed: str = ""
    line: int = 0  # of its row; 0 where only a group inside it has one
    inside: dict[str, _Figure] = field(default_factory=dict)


def draft_source(filled: Filled, seeds: Path) -> str:
    """The seed file of a filled form.

    Args:
        filled: the form.
        seeds: the folder of seeds, for the ids that are known.

    Raises:
        UsageError: the table of numbers cannot be read; the message names the line.
    """
    known = read_registers(seeds)
    lines = [
        *_draft_page(filled, known),
        SeedLine("claims", below=[SeedLine("1", below=[*_draft_claim(filled, known)])]),
    ]
    return render_form_seed(_make_comments(filled, known, seeds), lines)


def _make_comments(filled: Filled, known: Registers, seeds: Path) -> Iterator[str]:
    yield f'A draft made from a filled form "{filled.form.name}". Each {TODO} is for a person to decide, with the page open.'
    publisher, published = known.actors.find(filled.text("publisher")), filled.text("published")
    conflict = filled.text("conflict")
    if publisher and is_day(published) and conflict in known.conflicts:
        name = f"{publisher}-{published}"
        again = (
            " (-2 if it is another page of that day)"
            if (seeds / "sources" / conflict / f"{name}.yaml").exists()
            else ""
        )
        yield f"Save it as seeds/sources/{conflict}/{name}.yaml{again}."
    else:
        yield f"{TODO}: save it as seeds/sources/<conflict>/<publisher>-<published>.yaml; the form says {conflict}."
    yield from format_remarks(filled)


def format_remarks(filled: Filled) -> Iterator[str]:
    """What the contributor adds, as comments: a note is the coder's to write."""
    if filled.text("remarks"):
        yield "The form adds (take this out, and write a note in your own words if it matters):"
        yield from (f"  {line}" for line in filled.text("remarks").split("\n"))


def _draft_page(filled: Filled, known: Registers) -> Iterator[SeedLine]:
    url, language = filled.text("url"), filled.text("language")
    yield known.actors.make_line("publisher", filled.text("publisher"))
    yield SeedLine("kind", filled.text("kind"))
    yield make_address_line("url", url)
    if archive := filled.text("archive_url"):
        yield make_address_line("archive_url", archive)
    yield make_day_line("published", filled.text("published"))
    yield SeedLine("published_basis", filled.text("published_basis"))
    yield SeedLine("language", language, "" if _CODE.match(language) else "a code such as en")
    yield SeedLine("access", filled.text("access"))


def make_address_line(key: str, text: str) -> SeedLine:
    """An address as the form has it."""
    return SeedLine(key, text, "" if _WEB.match(text) else "an address starts with http:// or https://")


def _draft_claim(filled: Filled, known: Registers) -> Iterator[SeedLine]:
    yield known.actors.make_line("claimant", filled.text("claimant"))
    if via := filled.text("via"):
        yield known.actors.make_line("via", via)
    yield from _draft_window(filled)
    yield make_day_line(
        "as_of", filled.text("as_of"), "the day up to which the number was counted, or on which it was said"
    )
    yield known.locations.make_line("location", filled.text("location"))
    axis = filled.text("list") or SOME
    for figure in _build_figures(filled.answers["numbers"], known.actors).values():
        yield _draft_figure(figure, "including" if axis == SOME else f"by {axis}")


def _draft_window(filled: Filled) -> Iterator[SeedLine]:
    first, last = filled.text("first_day"), filled.text("last_day")
    scope = filled.text("scope")
    if scope == "cumulative":
        yield make_day_line("since", first, "the day from which it runs")
        if last and last != filled.text("as_of"):
            yield make_day_line("until", last)
    elif scope == "stock":
        yield make_day_line("standing", last or first or filled.text("as_of"), "the day of the level")
    elif scope == "event":
        yield SeedLine("event", TODO, "the event's id in seeds/events, or a new one")
        if first or last:
            yield _draft_span("during", first, last)
    else:
        yield _draft_span("projected" if scope == "projection" else "during", first, last)


def _draft_span(key: str, first: str, last: str) -> SeedLine:
    days = list(dict.fromkeys(d for d in (first, last) if d))
    if not days:
        return SeedLine(key, TODO, "the first and the last day: 2024-12-01/2024-12-05")
    return SeedLine(key, "/".join(days), "" if all(map(is_day, days)) else "days are written as 2024-12-01/2024-12-05")


def _build_figures(answer: Answer, actors: RegisterNames) -> dict[str, _Figure]:
    """The table as trees: one for each outcome."""
    roots: dict[str, _Figure] = {}
    for line, cells in _parse_rows(answer):
        happened, who, number, words = cells
        outcome = happened.lower()
        if not is_outcome(outcome):
            hint = suggest(outcome, OUTCOME.values) or f"Write one of: {', '.join(OUTCOME.values)}."
            raise UsageError(f"line {line}: {happened!r} does not say what happened. {hint}")
        figure = roots.setdefault(outcome, _Figure(outcome))
        for name in _split_groups(who, line):
            figure = _ensure_group(figure, name, actors, line)
        if figure.line:
            raise UsageError(
                f"line {line}: {who or 'the whole number'!r} stands twice; it is first on line {figure.line}"
            )
        figure.n, figure.printed, figure.line = number, words, line
    if not roots:
        raise UsageError(f"line {answer.line}: the table of numbers has no rows")
    return roots


def _parse_rows(answer: Answer) -> Iterator[tuple[int, list[str]]]:
    rows = 0
    for number, line in enumerate(answer.text.split("\n"), answer.line):
        if not line.strip():
            continue
        cells = _split_cells(line)
        if [c.lower() for c in cells] == _HEADER or all(_RULE.match(c) for c in cells):
            continue
        if len(cells) != len(_HEADER):
            raise UsageError(
                f"line {number}: a row has {len(_HEADER)} cells (what happened, who, number, words); this has {len(cells)}"
            )
        rows += 1
        if rows > ROWS:
            raise UsageError(f"line {number}: more than {ROWS} rows; send the page in parts")
        yield number, cells


def _split_cells(line: str) -> list[str]:
    cells = [cell.strip().replace("\\|", "|") for cell in _CELL_BORDER.split(line.strip())]
    if cells[0] == "":
        cells = cells[1:]
    return cells[:-1] if len(cells) > 1 and cells[-1] == "" and line.rstrip().endswith("|") else cells


def _split_groups(who: str, line: int) -> list[str]:
    """The groups from the outermost in; none for the whole number."""
    if who.lower() in ("", "everybody"):
        return []
    names = [name.strip() for name in who.split(">")]
    if not all(names):
        raise UsageError(f"line {line}: {who!r} names no group between two '>'")
    if len(names) > DEEPEST:
        raise UsageError(f"line {line}: groups lie at most {DEEPEST} deep")
    return names


def _ensure_group(figure: _Figure, name: str, actors: RegisterNames, line: int) -> _Figure:
    """The group of this name inside a figure, made where it is not there yet."""
    if name in figure.inside:
        return figure.inside[name]
    key, label = _make_key(name, actors)
    taken = {other.key: said for said, other in figure.inside.items()}
    if key in taken and not label:
        raise UsageError(f"line {line}: {name!r} is {taken[key]!r} again ({key})")
    free, number = key, 2
    while free in taken:
        free, number = f"{key}_{number}", number + 1
    figure.inside[name] = _Figure(free, label)
    return figure.inside[name]


def _make_key(name: str, actors: RegisterNames) -> tuple[str, str]:
    """The name as the grammar has it, and the label that it then needs."""
    word = _SLUG.sub("_", name.lower()).strip("_")
    if name in GROUPS or word in GROUPS:
        return word, ""
    if found := actors.find(name) or actors.find(word):
        return (found, "") if _NAME.match(found) else ("group", name)
    return word[:40].strip("_") or "group", name


def _draft_figure(figure: _Figure, relation: str) -> SeedLine:
    below = [_draft_quantity(figure)] if figure.line else []
    if figure.printed:
        long = len(figure.printed.split()) > MOST_WORDS
        below.append(SeedLine("printed", figure.printed, f"at most {MOST_WORDS} words" if long else ""))
    if figure.label:
        below.append(SeedLine("label", figure.label, "no group word and no actor of the register"))
    if figure.inside:
        members = [_draft_figure(member, "including") for member in figure.inside.values()]
        below.append(SeedLine(relation, below=members))
    if len(below) == 1 and figure.line:
        return SeedLine(figure.key, below[0].value, below[0].todo)
    return SeedLine(figure.key, below=below)


def _draft_quantity(figure: _Figure) -> SeedLine:
    if not figure.n:
        return SeedLine("n", TODO, "the number; unstated where the page names the group without one")
    try:
        quantity.parse_quantity(figure.n)
    except quantity.NotAQuantity as fault:
        return SeedLine("n", figure.n, f"{fault}. {fault.hint}".strip())
    return SeedLine("n", figure.n)
