"""Parse a completed GitHub issue form from Markdown to its fields.

GitHub writes a form as `### Label`, an empty line, and the answer, for each field; `_No response_` means an empty
answer. Anybody can edit that text, or send a text that was never a form. So the parser rejects everything that does not
match the form, and gives the line.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from conflictdata.findings import UsageError
from conflictdata.readers.text import decode_text
from conflictdata.schema.vocabularies import AXIS, PUBLISHED_BASIS, SCOPE, SOURCE_ACCESS, SOURCE_KIND, Vocabulary

LIMIT = 200_000  # bytes; an issue has at most 65,536 characters
SILENCE = "_No response_"

_HEADING = re.compile(r"### (?P<label>.*?) *\Z")
_BOX = re.compile(r"- \[(?P<mark>[ xX])\] +\S.*\Z")
_TERM = re.compile(r"(?P<term>[a-z0-9_]+): .+\Z")

Kind = Literal["line", "choice", "text", "boxes"]


@dataclass(frozen=True)
class Field:
    """One field of a form.

    Attributes:
        id: its key, as in the file under `.github/ISSUE_TEMPLATE`.
        label: its heading.
        required: whether the form cannot be sent without it.
        kind: `line` of text, `choice` of a list, `text` of many lines, or `boxes` that must be ticked.
        options: of a choice, `term: definition`; empty where a register holds them.
    """

    id: str
    label: str
    required: bool = False
    kind: Kind = "line"
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Form:
    """A form: its name as people see it, and its fields in order."""

    name: str
    fields: tuple[Field, ...]

    def field(self, label: str) -> Field | None:
        """The field of a heading, or None."""
        return next((f for f in self.fields if f.label == label), None)


def _list_options(vocabulary: Vocabulary, *first: str) -> tuple[str, ...]:
    return (*first, *(f"{t.term}: {t.definition}" for t in vocabulary.terms))


_HARM = Field("harm", "No harm done", True, "boxes")
_URL_LABEL = "Address of the page"
SOME = "some"  # the groups are no complete list

ADD = Form(
    "Add a source",
    (
        _HARM,
        Field("url", _URL_LABEL, True),
        Field("archive_url", "Address of an archived copy"),
        Field("conflict", "Which war", True, "choice"),
        Field("publisher", "Who published the page", True),
        Field("published", "Day of publication", True),
        Field("published_basis", "Where you have that day from", True, "choice", _list_options(PUBLISHED_BASIS)),
        Field("language", "Language of the page", True),
        Field("kind", "What kind of page it is", True, "choice", _list_options(SOURCE_KIND)),
        Field("access", "How much of it you could read", True, "choice", _list_options(SOURCE_ACCESS)),
        Field("claimant", "Who says the number", True),
        Field("via", "Through which agency the page has it"),
        Field("location", "Where the people counted were", True),
        Field("scope", "What the number covers", True, "choice", _list_options(SCOPE)),
        Field("first_day", "First day that it covers"),
        Field("last_day", "Last day that it covers"),
        Field("as_of", "Day up to which the number was counted"),
        Field("numbers", "The numbers", True, "text"),
        Field(
            "list",
            "Do the groups leave nobody out",
            True,
            "choice",
            _list_options(AXIS, f"{SOME}: No complete list: the page names some of them, and others may be missing."),
        ),
        Field("remarks", "Anything else", False, "text"),
    ),
)

SLIP, REVISION = "slip", "revision"
_CASES = (
    f"{SLIP}: The page says something else than the data.",
    f"{REVISION}: The claimant has corrected itself since, on another page.",
)
FIGURE_KEYS = {
    "n": "The number of a figure.",
    "printed": "The words around the number of a figure.",
    "label": "What a figure calls the group.",
}
CLAIM_KEYS = {
    "claimant": "Who asserts a claim.",
    "via": "Through which agency the page has a claim.",
    "as_of": "Up to which day a claim counts.",
    "location": "Where the people of a claim were.",
}

CORRECT = Form(
    "Correct a figure",
    (
        _HARM,
        Field("record", "Id of the record", True),
        Field("case", "What is wrong", True, "choice", _CASES),
        Field(
            "key",
            "What should change",
            True,
            "choice",
            tuple(f"{key}: {means}" for key, means in {**FIGURE_KEYS, **CLAIM_KEYS}.items()),
        ),
        Field("old", "What the data have", True),
        Field("new", "What it should be", True),
        Field("reason", "How you know", True),
        Field("url", "Address of the page that shows it", True),
        Field("publisher", "Who published the page"),
        Field("published", "Day of publication"),
        Field("remarks", "Anything else", False, "text"),
    ),
)

# The heading by which a form is told from the other.
_SIGNS = {"The numbers": ADD, "Id of the record": CORRECT}


@dataclass
class Answer:
    """What stands under one heading, and the line on which it starts."""

    text: str
    line: int


@dataclass
class Filled:
    """A form with its answers. A field that was left empty has no answer."""

    form: Form
    answers: dict[str, Answer] = field(default_factory=dict)

    def text(self, id_: str) -> str:
        """The answer of a field; empty where there is none."""
        answer = self.answers.get(id_)
        return answer.text if answer else ""


def read_form(data: bytes) -> Filled:
    """Read a filled form.

    Args:
        data: the body of the issue.

    Raises:
        UsageError: it is none of the forms, or not as the form has it; the message names the line.
    """
    sections = list(_split_sections(_decode_form(data)))
    form = _detect_form(sections)
    filled = Filled(form)
    seen: dict[str, int] = {}
    for label, line, answer in sections:
        known = form.field(label)
        if known is None:
            raise UsageError(f"line {line}: {_describe_unknown_heading(form, label)}")
        if label in seen:
            raise UsageError(f"line {line}: the heading {label!r} stands twice; it is first on line {seen[label]}")
        seen[label] = line
        if answer.text:
            filled.answers[known.id] = Answer(_check_answer(known, answer), answer.line)
    for known in form.fields:
        if known.required and known.id not in filled.answers:
            raise UsageError(f"the form {form.name!r} needs an answer under '### {known.label}'")
    return filled


def _decode_form(data: bytes) -> str:
    """The text of an issue: UTF-8, plain line ends, nothing that cannot be seen."""
    if len(data) > LIMIT:
        raise UsageError(f"the form has more than {LIMIT:,} bytes")
    text, faults = decode_text(data.replace(b"\r\n", b"\n"), "form")
    if text is None or faults:
        place = faults[0].place
        where = f"line {place.line}: " if place and place.line else ""
        raise UsageError(f"{where}{faults[0].message}; {faults[0].hint[:1].lower()}{faults[0].hint[1:]}")
    return text


def _split_sections(text: str) -> Iterator[tuple[str, int, Answer]]:
    """Each heading with its line and what stands below it."""
    label, at, below = "", 0, list[str]()
    for number, line in enumerate(text.split("\n"), 1):
        hit = _HEADING.match(line)
        if not hit:
            below.append(line)
            continue
        yield from _make_section(label, at, below)
        label, at, below = hit["label"], number, []
    yield from _make_section(label, at, below)


def _make_section(label: str, at: int, below: list[str]) -> Iterator[tuple[str, int, Answer]]:
    filled = [n for n, line in enumerate(below) if line.strip()]
    if not at:
        if filled:
            raise UsageError(f"line {filled[0] + 1}: a form starts with a heading, '### ...'")
        return
    text = "\n".join(below[filled[0] : filled[-1] + 1]).strip() if filled else ""
    line = at + 1 + filled[0] if filled else at
    yield label, at, Answer("" if text == SILENCE else text, line)


def _detect_form(sections: list[tuple[str, int, Answer]]) -> Form:
    signs = [_SIGNS[label] for label, _, _ in sections if label in _SIGNS]
    if not signs:
        wanted = " or ".join(f"'### {label}' ({form.name})" for label, form in _SIGNS.items())
        raise UsageError(f"this is no filled form: it has no heading {wanted}")
    return signs[0]


def _describe_unknown_heading(form: Form, label: str) -> str:
    labels = [f.label for f in form.fields]
    close = difflib.get_close_matches(label, labels, n=1, cutoff=0.6)
    meant = f"; did you mean {close[0]!r}?" if close else "; write it without '###' if it belongs to an answer"
    return f"{label!r} is no heading of the form {form.name!r}{meant}"


def _check_answer(known: Field, answer: Answer) -> str:
    """The answer as its field allows it."""
    if known.kind == "boxes":
        return _check_boxes(known, answer)
    if known.kind == "text":
        return answer.text
    if "\n" in answer.text:
        raise UsageError(f"line {answer.line + 1}: {known.label!r} is answered in one line")
    return _check_choice(known, answer) if known.kind == "choice" else answer.text


def _check_boxes(known: Field, answer: Answer) -> str:
    for number, line in enumerate(answer.text.split("\n"), answer.line):
        hit = _BOX.match(line)
        if not hit:
            raise UsageError(f"line {number}: under {known.label!r} stand boxes, '- [x] ...'")
        if hit["mark"] == " ":
            raise UsageError(f"line {number}: under {known.label!r} a box is not ticked; nothing is drafted without it")
    return answer.text


def _check_choice(known: Field, answer: Answer) -> str:
    hit = _TERM.match(answer.text)
    terms = [option.partition(":")[0] for option in known.options]
    if not hit or (terms and hit["term"] not in terms):
        wanted = f": one of {', '.join(terms)}" if terms else ""
        raise UsageError(f"line {answer.line}: {answer.text[:80]!r} is no choice of {known.label!r}{wanted}")
    return hit["term"]
