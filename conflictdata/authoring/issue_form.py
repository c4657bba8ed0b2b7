"""Read the answers of a GitHub issue form.

A parser of issue forms, such as `stefanbuck/github-issue-parser` or `issue-ops/parser`, turns an issue into a JSON
object: its keys are the ids of the fields. Anybody can edit an issue, so every answer is checked against the form.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from conflictdata._utils.suggest import suggest
from conflictdata.findings import UsageError
from conflictdata.readers.text import decode_text
from conflictdata.schema.vocabularies import AXIS, PUBLISHED_BASIS, SCOPE, SOURCE_ACCESS, SOURCE_KIND

LIMIT = 200_000  # bytes; an issue has at most 65,536 characters
NO_RESPONSE = "_No response_"  # an empty answer
BOXES = 2  # of the field `harm`
TEXTS = ("numbers", "remarks")  # fields of several lines
SOME = "some"  # the groups are not a complete list
SLIP, REVISION = "slip", "revision"
FIGURE_KEYS = ("n", "printed", "label")  # what can be corrected: keys of a figure
CLAIM_KEYS = ("claimant", "via", "as_of", "location")  # and of a claim

_TERM = re.compile(r"(?P<term>[a-z0-9_]+): .+\Z")
_JSON_NAMES = {list: "a list", dict: "an object", bool: "a boolean", float: "a number"}


@dataclass(frozen=True)
class IssueForm:
    """An issue form. Its fields have the ids of the file under `.github/ISSUE_TEMPLATE`.

    Attributes:
        name: Its name.
        fields: Its fields, and whether each needs an answer.
        choices: Fields that are chosen from a list, and the terms. No terms: a register contains them.
    """

    name: str
    fields: Mapping[str, bool]
    choices: Mapping[str, tuple[str, ...]]


def _list_fields(text: str) -> dict[str, bool]:
    """Read a list of fields; `?` after a name: needs no answer."""
    return {name.rstrip("?"): not name.endswith("?") for name in text.split()}


ADD = IssueForm(
    "Add a source",
    _list_fields(
        "harm url archive_url? conflict publisher published published_basis language kind access claimant via? location"
        " scope first_day? last_day? as_of? numbers list remarks?"
    ),
    {
        "conflict": (),
        "published_basis": PUBLISHED_BASIS.values,
        "kind": SOURCE_KIND.values,
        "access": SOURCE_ACCESS.values,
        "scope": SCOPE.values,
        "list": (SOME, *AXIS.values),
    },
)
CORRECT = IssueForm(
    "Correct a figure",
    _list_fields("harm record case key old new reason url publisher? published? remarks?"),
    {"case": (SLIP, REVISION), "key": (*FIGURE_KEYS, *CLAIM_KEYS)},
)


@dataclass(frozen=True)
class FormResponse:
    """A form with its answers. A field without an answer is missing."""

    form: IssueForm
    answers: Mapping[str, str]

    def text(self, field: str) -> str:
        """Return the answer of a field, or "" if there is none."""
        return self.answers.get(field, "")


def read_form(data: bytes) -> FormResponse:
    """Read the answers of a form.

    Args:
        data: A JSON object of the answers, by the id of the field.

    Raises:
        UsageError: If it is not a completed form. The message names the field.
    """
    answers = _load_json(data)
    form = next((form for form, sign in ((ADD, "numbers"), (CORRECT, "record")) if sign in answers), None)
    if form is None:
        signs = "neither 'numbers' (Add a source) nor 'record' (Correct a figure)"
        raise UsageError(f"this is not a completed form: it has {signs}")
    for key in answers:
        if key not in form.fields:
            hint = suggest(key, form.fields) or f"The fields are: {', '.join(form.fields)}."
            raise UsageError(f"the form {form.name!r} has no field {key[:80]!r}. {hint}")
    texts = {field: text for field, answer in answers.items() if (text := _check_answer(form, field, answer))}
    if missing := [field for field, required in form.fields.items() if required and field not in texts]:
        raise UsageError(f"the form {form.name!r} needs an answer to: {', '.join(missing)}")
    return FormResponse(form, texts)


def _load_json(data: bytes) -> dict[str, Any]:
    if len(data) > LIMIT:
        raise UsageError(f"the form has more than {LIMIT:,} bytes")
    text = _decode_text(data, "the form", tabs=False)
    try:
        answers = json.loads(text, object_pairs_hook=_require_unique_keys, parse_int=str, parse_float=str)
    except json.JSONDecodeError as fault:
        hint = "Convert the text of the issue to JSON first: see docs/ci-reference.md."
        raise UsageError(f"line {fault.lineno}, column {fault.colno}: not JSON: {fault.msg}. {hint}") from None
    except RecursionError:
        raise UsageError("the form is nested too deeply") from None
    if not isinstance(answers, dict):
        raise UsageError("the form must be a JSON object: the answers by the id of their field")
    return answers


def _require_unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    twice = [key for key, times in Counter(key for key, _ in pairs).items() if times > 1]
    if twice:
        raise UsageError(f"the field {twice[0][:80]!r} is duplicated")
    return dict(pairs)


def _decode_text(data: bytes, name: str, *, tabs: bool = True) -> str:
    """Decode a text. It must not contain invisible characters. Messages start with `name`."""
    text, faults = decode_text(data.replace(b"\r\n", b"\n"), name, tabs=tabs)
    if text is None or faults:
        place = faults[0].place
        where = f", line {place.line}" if place and place.line else ""
        raise UsageError(f"{name}{where}: {faults[0].message}. {faults[0].hint}")
    return text


def _check_answer(form: IssueForm, field: str, answer: Any) -> str:
    """Return the answer to a field as text, checked. "" if there is none."""
    if field == "harm":
        return _check_boxes(answer)
    if isinstance(answer, list) and len(answer) <= 1:  # some parsers give each choice as a list
        answer = answer[0] if answer else None
    if not isinstance(answer, str | None):
        raise UsageError(f"{field}: the answer must be one text, not {_JSON_NAMES[type(answer)]}")
    text = (answer or "").strip()
    if text in ("", NO_RESPONSE):
        return ""
    text = _decode_text(text.encode("utf-8", "surrogatepass"), field)
    if "\n" in text and field not in TEXTS:
        raise UsageError(f"{field}: the answer must be one line")
    return _read_choice(field, text, form.choices[field]) if field in form.choices else text


def _check_boxes(answer: Any) -> str:
    ticked = answer.get("selected") if isinstance(answer, dict) else answer
    if not isinstance(ticked, list) or len(ticked) != BOXES:
        raise UsageError(f"harm: a box is not ticked: nothing is drafted without the {BOXES} ticked boxes, as a list")
    return "ticked"


def _read_choice(field: str, text: str, terms: tuple[str, ...]) -> str:
    hit = _TERM.match(text)
    if not hit or (terms and hit["term"] not in terms):
        choices = f". Choose one of: {', '.join(terms)}." if terms else ""
        raise UsageError(f"{field}: {text[:80]!r} is not a choice{choices}")
    return hit["term"]
