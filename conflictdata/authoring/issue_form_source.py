"""Turn an "Add a source" form into a draft seed file.

Copies the answers letter for letter, with TODO if a person has to decide.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from conflictdata._utils.suggest import suggest
from conflictdata.authoring.compose import TODO, Commented, Value, compose
from conflictdata.authoring.index import NamedRecords, SeedIndex, read_index
from conflictdata.authoring.issue_form import SOME, FormResponse
from conflictdata.findings import UsageError
from conflictdata.schema.vocabularies import OUTCOME
from conflictdata.seeds import quantity
from conflictdata.seeds.figures import is_outcome
from conflictdata.seeds.group_words import GROUPS

MAX_ROWS = 200  # of the table of numbers; the longest page so far has 40
MAX_DEPTH = 8  # of groups inside groups
MAX_WORDS = 6  # of a printed phrase
WRONG_DAY = "write a day as 2024-12-05"
_HEADER = ["what happened", "who", "number", "words"]
_CELL_BORDER = re.compile(r"(?<!\\)\|")
_RULE = re.compile(r":?-+:?\Z")
_NAME = re.compile(r"[a-z0-9][a-z0-9_]*\Z")
_SLUG = re.compile(r"[^a-z0-9]+")
_CODE = re.compile(r"[a-z]{2,3}\Z")
_WEB = re.compile(r"https?://\S+\Z")


@dataclass
class _Figure:
    """A number of the table, with the groups inside it.

    Attributes:
        key: Its key in the seed file.
        label: Its name on the page, if the key is not a known group or actor.
        n: The number.
        printed: The words around it.
        row: Number of its row in the table. 0 if only a group inside it has one.
        inside: The groups inside it, by name.
    """

    key: str
    label: str = ""
    n: str = ""
    printed: str = ""
    row: int = 0
    inside: dict[str, _Figure] = field(default_factory=dict)


def draft_source(response: FormResponse, seeds: Path) -> str:
    """Draft the seed file of a completed form.

    Args:
        response: The form.
        seeds: The seeds folder, to look up ids.

    Raises:
        UsageError: If the table of numbers cannot be read. The message gives the row.
    """
    index = read_index(seeds)
    page = {**_draft_page(response, index), "claims": {1: _draft_claim(response, index)}}
    return compose(page, head=list_comments(response, _choose_path(response, index)))


def list_comments(response: FormResponse, step: str) -> list[str]:
    """Return the comments at the top of a draft. `step`: where to save it."""
    first = f'A draft made from a completed form "{response.form.name}". Decide each {TODO} with the page open.'
    return [first, step, *list_remarks(response)]


def list_remarks(response: FormResponse) -> list[str]:
    """Return the remarks of the contributor as comments. The coder writes the note."""
    if not response.text("remarks"):
        return []
    first = "The form adds (delete this, and write a note in your own words if it matters):"
    return [first, *(f"  {line}" for line in response.text("remarks").split("\n"))]


def _choose_path(response: FormResponse, index: SeedIndex) -> str:
    publisher, published = index.tables["actors"].find_id(response.text("publisher")), response.text("published")
    conflict = response.text("conflict")
    if not publisher or not is_day(published) or conflict not in index.conflicts:
        return f"{TODO}: save it as seeds/sources/<conflict>/<publisher>-<published>.yaml; the form says {conflict}."
    name = f"{publisher}-{published}"
    exists = (index.folder / "sources" / conflict / f"{name}.yaml").exists()
    again = " (-2 if it is another page of that day)" if exists else ""
    return f"Save it as seeds/sources/{conflict}/{name}.yaml{again}."


def is_day(text: str) -> bool:
    """Return whether a text is a calendar day as seeds write it."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def make_todo(value: str, todo: str) -> Commented:
    """Return a value with what a person has to decide. An empty value becomes TODO."""
    return Commented(value or TODO, f"{TODO}: {todo}" if todo else "")


def make_day(text: str, missing: str = WRONG_DAY) -> Commented:
    """Return a day, with a TODO if it is missing or not a day."""
    return make_todo(text, "" if is_day(text) else WRONG_DAY if text else missing)


def make_quantity(text: str) -> Commented:
    """Return the number of a figure, with a TODO if it is missing or not a quantity."""
    try:
        quantity.parse_quantity(text)
    except quantity.NotAQuantity as fault:
        missing = "the number; unstated if the page names the group without one"
        return make_todo(text, f"{fault}. {fault.hint}".strip() if text else missing)
    return Commented(text)


def make_address(text: str) -> Commented:
    """Return an address, with a TODO if it is not one."""
    return make_todo(text, "" if _WEB.match(text) else "an address starts with http:// or https://")


def make_reference(records: NamedRecords, text: str) -> Commented:
    """Return a reference to a record. A known name becomes its id; any other text is kept, with a TODO."""
    if id_ := records.find_id(text):
        return Commented(id_)
    nearest = records.find_nearest(text)
    return make_todo(text, f"not an id in reference/{records.table}.csv" + (f"; perhaps {nearest}" if nearest else ""))


def _draft_page(response: FormResponse, index: SeedIndex) -> dict[str, Value]:
    language, archive = response.text("language"), response.text("archive_url")
    return {
        "publisher": make_reference(index.tables["actors"], response.text("publisher")),
        "kind": response.text("kind"),
        "url": make_address(response.text("url")),
        **({"archive_url": make_address(archive)} if archive else {}),
        "published": make_day(response.text("published")),
        "published_basis": response.text("published_basis"),
        "language": make_todo(language, "" if _CODE.match(language) else "write a code such as en"),
        "access": response.text("access"),
    }


def _draft_claim(response: FormResponse, index: SeedIndex) -> dict[str, Value]:
    actors, via = index.tables["actors"], response.text("via")
    axis = response.text("list")
    relation = "including" if axis == SOME else f"by {axis}"
    figures = _build_figures(response.text("numbers"), actors)
    return {
        "claimant": make_reference(actors, response.text("claimant")),
        **({"via": make_reference(actors, via)} if via else {}),
        **_draft_window(response),
        "as_of": make_day(
            response.text("as_of"), "the day up to which the number was counted, or on which it was said"
        ),
        "location": make_reference(index.tables["locations"], response.text("location")),
        **{outcome: _draft_figure(figure, relation) for outcome, figure in figures.items()},
    }


def _draft_window(response: FormResponse) -> dict[str, Value]:
    first, last, as_of = (response.text(key) for key in ("first_day", "last_day", "as_of"))
    match response.text("scope"):
        case "cumulative":
            until = {"until": make_day(last)} if last and last != as_of else {}
            return {"since": make_day(first, "the day from which it runs"), **until}
        case "stock":
            return {"standing": make_day(last or first or as_of, "the day of the level")}
        case "event":
            during = {"during": _make_span(first, last)} if first or last else {}
            return {"event": make_todo("", "the event's id in seeds/events, or a new one"), **during}
        case "projection":
            return {"projected": _make_span(first, last)}
    return {"during": _make_span(first, last)}


def _make_span(first: str, last: str) -> Commented:
    days = list(dict.fromkeys(day for day in (first, last) if day))
    if not days:
        return make_todo("", "the first and the last day: 2024-12-01/2024-12-05")
    return make_todo("/".join(days), "" if all(map(is_day, days)) else "write days as 2024-12-01/2024-12-05")


def _build_figures(table: str, actors: NamedRecords) -> dict[str, _Figure]:
    """Build the trees of the table of numbers, one per outcome."""
    roots: dict[str, _Figure] = {}
    for row, (happened, who, number, words) in _parse_rows(table):
        outcome = happened.lower()
        if not is_outcome(outcome):
            hint = suggest(outcome, OUTCOME.values) or f"Write one of: {', '.join(OUTCOME.values)}."
            raise _make_error(row, f"{happened!r} is not an outcome. {hint}")
        figure = roots.setdefault(outcome, _Figure(outcome))
        for name in _split_groups(who, row):
            figure = _ensure_group(figure, name, actors, row)
        if figure.row:
            raise _make_error(row, f"{who or 'the whole number'!r} is duplicated; it is first on line {figure.row}")
        figure.n, figure.printed, figure.row = number, words, row
    if not roots:
        raise UsageError("numbers: the table has no rows")
    return roots


def _make_error(row: int, message: str) -> UsageError:
    return UsageError(f"numbers, line {row}: {message}")


def _parse_rows(table: str) -> Iterator[tuple[int, list[str]]]:
    rows = 0
    for number, line in enumerate(table.split("\n"), 1):
        cells = _split_cells(line)
        if not line.strip() or [c.lower() for c in cells] == _HEADER or all(_RULE.match(c) for c in cells):
            continue
        if len(cells) != len(_HEADER):
            raise _make_error(number, f"a row has {len(_HEADER)} cells ({', '.join(_HEADER)}); this has {len(cells)}")
        rows += 1
        if rows > MAX_ROWS:
            raise _make_error(number, f"the table has more than {MAX_ROWS} rows; send the page in parts")
        yield number, cells


def _split_cells(line: str) -> list[str]:
    cells = [cell.strip().replace("\\|", "|") for cell in _CELL_BORDER.split(line.strip())]
    if cells[0] == "":
        cells = cells[1:]
    return cells[:-1] if len(cells) > 1 and cells[-1] == "" and line.rstrip().endswith("|") else cells


def _split_groups(who: str, row: int) -> list[str]:
    """Return the groups from the outermost in; none for the whole number."""
    if who.lower() in ("", "everybody"):
        return []
    names = [name.strip() for name in who.split(">")]
    if not all(names):
        raise _make_error(row, f"{who!r} has no group between two '>'")
    if len(names) > MAX_DEPTH:
        raise _make_error(row, f"groups can be at most {MAX_DEPTH} deep")
    return names


def _ensure_group(figure: _Figure, name: str, actors: NamedRecords, row: int) -> _Figure:
    """Return the group of this name inside a figure. Adds it if it does not exist."""
    if name in figure.inside:
        return figure.inside[name]
    key, label = _make_key(name, actors)
    taken = {other.key: other_name for other_name, other in figure.inside.items()}
    if key in taken and not label:
        raise _make_error(row, f"{name!r} and {taken[key]!r} are the same group ({key})")
    free, number = key, 2
    while free in taken:
        free, number = f"{key}_{number}", number + 1
    figure.inside[name] = _Figure(free, label)
    return figure.inside[name]


def _make_key(name: str, actors: NamedRecords) -> tuple[str, str]:
    """Return the key of a group, and its label if the key is not a known group or actor."""
    word = _SLUG.sub("_", name.lower()).strip("_")
    if name in GROUPS or word in GROUPS:
        return word, ""
    if found := actors.find_id(name) or actors.find_id(word):
        return (found, "") if _NAME.match(found) else ("group", name)
    return word[:40].strip("_") or "group", name


def _draft_figure(figure: _Figure, relation: str) -> Value:
    values: dict[str, Value] = {"n": make_quantity(figure.n)} if figure.row else {}
    if figure.printed:
        is_long = len(figure.printed.split()) > MAX_WORDS
        values["printed"] = make_todo(figure.printed, f"at most {MAX_WORDS} words" if is_long else "")
    if figure.label:
        values["label"] = make_todo(figure.label, "not a group word, and not an actor of the register")
    if figure.inside:
        values[relation] = {member.key: _draft_figure(member, "including") for member in figure.inside.values()}
    return values["n"] if list(values) == ["n"] else values
