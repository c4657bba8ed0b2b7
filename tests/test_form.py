"""`conflictdata form`: from completed issue forms to drafts.

Everything that only looks like a completed form is refused.
"""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from depth import count_examples
from hypothesis import given, settings
from hypothesis import strategies as st
from seedbox import NAME, SOURCE, write_seedbox

from conflictdata.authoring import issue_form_correction, issue_form_source
from conflictdata.authoring.canonical import format_yaml
from conflictdata.authoring.issue_form import ADD, BOXES, CORRECT, LIMIT, TEXTS, IssueForm, read_form
from conflictdata.findings import UsageError
from conflictdata.readers.yaml import Block, Scalar, parse_yaml
from conflictdata.schema import vocabularies
from conflictdata.validation.api import validate

ROOT = Path(__file__).parents[1]
SEEDS = ROOT / "seeds"
TEMPLATES = {"add-a-source": ADD, "correct-a-figure": CORRECT}
TABLE = """\
| What happened | Who | Number | Words |
|---|---|---|---|
| killed | | at least 727 | at least 727 people have died |
| killed | civilians | 111 | 111 civilians |
| killed | civilians > children | 23 | |
| killed | hts | 371 | 371 HTS fighters |
| Killed | Syrian government | 220 | |
| killed | allied_militia | 25 | |
| injured | | about 40 | |
"""
TICKED = ["I name no private person here.", "I have read the page myself."]
SOURCE_ANSWERS: dict[str, Any] = {
    "harm": TICKED,
    "url": "https://www.example.org/2024/12/05/toll",
    "conflict": "syria_2024_offensive: Offensive in Syria of November and December 2024 and its aftermath",
    "publisher": "efe",
    "published": "2024-12-06",
    "published_basis": "page: Printed on the page.",
    "language": "en",
    "kind": "article: A news text.",
    "access": "full_text: The whole document.",
    "claimant": "Syrian Observatory for Human Rights",
    "location": "Syria",
    "scope": "cumulative: A running toll from a fixed start to the as-of day; an update keeps the start.",
    "first_day": "2024-11-27",
    "as_of": "2024-12-05",
    "numbers": TABLE,
    "list": "party: Civilians and the belligerents.",
}
SLIP: dict[str, Any] = {
    "harm": TICKED,
    "record": "paper-2024-06-02.1.killed.rebels",
    "case": "slip: The page says something else than the data.",
    "key": "n: The number of a figure.",
    "old": "20",
    "new": "at least 2",
    "reason": "The page prints two.",
    "url": "https://example.org/1",
}
REVISION = {
    **SLIP,
    "case": "revision: The claimant has corrected itself since, on another page.",
    "url": "https://example.org/2",
    "publisher": "A newspaper",
    "published": "2024-06-09",
}


def render_form(form: IssueForm, answers: dict[str, Any]) -> bytes:
    """Return the JSON that a parser of issue forms makes of a form."""
    return json.dumps({field: answers.get(field, "") for field in form.fields}, indent=1).encode()


def draft_source(seeds: Path = SEEDS, **answers: Any) -> str:
    """Return the draft of the form "Add a source", with some answers replaced."""
    return issue_form_source.draft_source(read_form(render_form(ADD, {**SOURCE_ANSWERS, **answers})), seeds)


def draft_correction(seeds: Path, answers: dict[str, Any], **others: Any) -> str:
    return issue_form_correction.draft_correction(read_form(render_form(CORRECT, {**answers, **others})), seeds)


def get_value(text: str, *keys: str) -> str | None:
    """Return the value under keys, read by the checker's own YAML reader."""
    node, troubles = parse_yaml(text, "draft")
    assert troubles == []
    for key in keys:
        assert isinstance(node, Block), keys
        node = node.get(key)
    return node.text if isinstance(node, Scalar) else None


def save(folder: Path, text: str, conflict: str, name: str) -> Path:
    shutil.copytree(SEEDS / "reference", folder / "reference")
    page = folder / "sources" / conflict / f"{name}.yaml"
    page.parent.mkdir(parents=True)
    page.write_text(text, encoding="utf-8")
    return folder


def run(*args: str | Path, stdin: str | bytes = "", cwd: Path = ROOT) -> subprocess.CompletedProcess[bytes]:
    given = stdin.encode() if isinstance(stdin, str) else stdin
    env = {**os.environ, "NO_COLOR": "1", "COLUMNS": "200"}
    command = [sys.executable, "-m", "conflictdata", "form", *map(str, args)]
    return subprocess.run(command, input=given, capture_output=True, cwd=cwd, env=env, check=False)


# The forms and the program know the same fields.


def load_template(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / ".github" / "ISSUE_TEMPLATE" / f"{name}.yml").read_text("utf-8"))
    return loaded


def find_kind(form: IssueForm, field: str) -> str:
    """Return the type of a field in the form of GitHub."""
    if field == "harm":
        return "checkboxes"
    return "dropdown" if field in form.choices else "textarea" if field in TEXTS else "input"


@pytest.mark.parametrize("name", TEMPLATES)
def test_the_form_has_the_fields_that_are_read(name: str) -> None:
    form = TEMPLATES[name]
    parts = [part for part in load_template(name)["body"] if part["type"] != "markdown"]
    assert [(p["id"], p["type"]) for p in parts] == [(field, find_kind(form, field)) for field in form.fields]
    for part in parts:
        boxes = part["attributes"].get("options", []) if part["type"] == "checkboxes" else []
        required = part.get("validations", {}).get("required", False)
        assert form.fields[part["id"]] == (required or bool(boxes)), part["id"]
        assert all(box["required"] for box in boxes)
        assert len(boxes) == (BOXES if part["type"] == "checkboxes" else 0)


@pytest.mark.parametrize("name", TEMPLATES)
def test_choices_are_the_vocabularies(name: str) -> None:
    options = {part.get("id"): part["attributes"].get("options") for part in load_template(name)["body"]}
    choices = {field: terms for field, terms in TEMPLATES[name].choices.items() if terms}
    assert len(choices) >= 2
    for field, terms in choices.items():
        assert [option.partition(": ")[0] for option in options[field]] == list(terms), field
        assert all(option.partition(": ")[2] for option in options[field])


@pytest.mark.parametrize(
    ("field", "vocabulary"),
    [
        ("published_basis", vocabularies.PUBLISHED_BASIS),
        ("kind", vocabularies.SOURCE_KIND),
        ("access", vocabularies.SOURCE_ACCESS),
        ("scope", vocabularies.SCOPE),
        ("list", vocabularies.AXIS),
    ],
)
def test_choices_have_the_definitions_of_the_vocabularies(field: str, vocabulary: vocabularies.Vocabulary) -> None:
    part = next(p for p in load_template("add-a-source")["body"] if p.get("id") == field)
    options = [option for option in part["attributes"]["options"] if not option.startswith("some: ")]
    assert options == [f"{t.term}: {t.definition}" for t in vocabulary.terms]


def test_the_wars_of_the_form_are_those_of_the_register() -> None:
    with (SEEDS / "reference" / "conflicts.csv").open(encoding="utf-8", newline="") as file:
        known = [f"{row['conflict_id']}: {row['name']}" for row in csv.DictReader(file)]
    question = next(p for p in load_template("add-a-source")["body"] if p.get("id") == "conflict")
    assert question["attributes"]["options"] == [*known, "another: A war that is not in this list"]


@pytest.mark.parametrize("name", TEMPLATES)
def test_labels_of_a_form_are_distinct_and_harm_comes_first(name: str) -> None:
    parts = [part for part in load_template(name)["body"] if part["type"] != "markdown"]
    labels = [part["attributes"]["label"] for part in parts]
    assert len(set(labels)) == len(labels)
    assert parts[0]["id"] == "harm"
    assert "no private person" in str(load_template(name)["body"][1])


def test_the_table_that_the_form_begins_with_is_no_row() -> None:
    part = next(p for p in load_template("add-a-source")["body"] if p.get("id") == "numbers")
    with pytest.raises(UsageError, match="has no rows"):
        draft_source(numbers=part["attributes"]["value"])


# Add a source.


@pytest.mark.slow
def test_a_filled_form_is_a_seed_that_validates(tmp_path: Path) -> None:
    text = draft_source()
    assert "TODO" not in text.replace("Decide each TODO", "")
    assert "seeds/sources/syria_2024_offensive/efe-2024-12-06.yaml" in text
    report = validate(save(tmp_path / "seeds", text, "syria_2024_offensive", "efe-2024-12-06"))
    assert [f for f in report.findings if f.severity == "error"] == []
    assert report.counts["figures"] == 7
    killed = ("claims", "1", "killed")
    assert get_value(text, *killed, "n") == "at least 727"
    assert get_value(text, *killed, "by party", "civilians", "including", "children") == "23"
    assert get_value(text, *killed, "by party", "syrian_government") == "220"
    assert get_value(text, "claims", "1", "claimant") == "sohr"
    assert get_value(text, "claims", "1", "injured") == "about 40"


def test_a_draft_is_in_canonical_form() -> None:
    text = draft_source(remarks="one\n\ntwo")
    assert format_yaml(text.encode(), "seeds/sources/war/draft.yaml").text == text
    assert "\n\nclaims:\n  1:\n    claimant: sohr\n" in text
    assert "        hts: {n: 371, printed: 371 HTS fighters}\n" in text


def test_names_aliases_and_hosts_become_ids() -> None:
    text = draft_source(publisher="https://www.bbc.com/news", claimant="the Syrian observatory for human rights")
    assert get_value(text, "publisher") == "bbc"
    assert get_value(text, "claims", "1", "claimant") == "sohr"


@pytest.mark.slow
def test_unknown_values_are_kept_and_marked_todo(tmp_path: Path) -> None:
    text = draft_source(
        publisher="The Daily Nothing",
        published="5 December 2024",
        claimant="SOHRR",
        as_of="",
        numbers="| killed | | 1.018 | |\n| killed | Brigade: 7 | | |",
        list="some: No complete list: the page names some of them, and others may be missing.",
    )
    assert get_value(text, "publisher") == "The Daily Nothing"
    assert get_value(text, "published") == "5 December 2024"
    assert re.search(r"claimant: SOHRR  # TODO: .*perhaps sohr", text)
    assert get_value(text, "claims", "1", "as_of") == "TODO"
    assert get_value(text, "claims", "1", "killed", "n") == "1.018"
    assert "a number has no separators. Write 1018." in text
    assert get_value(text, "claims", "1", "killed", "including", "brigade_7", "label") == "Brigade: 7"
    assert get_value(text, "claims", "1", "killed", "including", "brigade_7", "n") == "TODO"
    assert not validate(save(tmp_path / "seeds", text, "yemen", "efe-2024-12-05")).ok


WINDOWS = {
    "cumulative": ({"last_day": "2024-12-01"}, {"since": "2024-11-27", "until": "2024-12-01"}),
    "period": ({"last_day": "2024-12-01"}, {"during": "2024-11-27/2024-12-01"}),
    "event": ({}, {"event": "TODO", "during": "2024-11-27"}),
    "stock": ({"first_day": ""}, {"standing": "2024-12-05"}),
    "projection": ({"first_day": ""}, {"projected": "TODO"}),
}


@pytest.mark.parametrize("scope", WINDOWS)
def test_the_window(scope: str) -> None:
    answers, expected = WINDOWS[scope]
    text = draft_source(scope=f"{scope}: x", **answers)
    found = {
        key: get_value(text, "claims", "1", key)
        for key in ("event", "since", "until", "during", "standing", "projected")
    }
    assert {key: value for key, value in found.items() if value} == expected


def test_remarks_are_comments_alone() -> None:
    text = draft_source(remarks='publisher: x\n"quoted"\n- [ ] a box\n#### deeper')
    assert '#   publisher: x\n#   "quoted"\n#   - [ ] a box\n#   #### deeper\n' in text
    assert get_value(text, "publisher") == "efe"


BAD_TABLES = {
    "too few cells": ("| killed | 8 |", "numbers, line 1: a row has 4 cells"),
    "too many cells": ("| killed | | 8 | a | b |", "a row has 4 cells"),
    "no outcome": ("| klled | | 8 | |", "'klled' is not an outcome. Did you mean 'killed'?"),
    "a unit that is none": ("| killed (souls) | | 8 | |", "is not an outcome"),
    "the same twice": (
        "| killed | | 8 | |\n| killed | everybody | 9 | |",
        "numbers, line 2: 'everybody' is duplicated; it is first on line 1",
    ),
    "one actor, two names": (
        "| killed | hts | 8 | |\n| killed | HTS | 9 | |",
        "'HTS' and 'hts' are the same group (hts)",
    ),
    "an empty group": ("| killed | a >> b | 8 | |", "has no group between"),
    "groups without end": (f"| killed | {'a > ' * 20}a | 8 | |", "at most 8 deep"),
    "rows without end": ("\n".join(f"| killed | g{n} | 1 | |" for n in range(300)), "more than 200 rows"),
    "nothing": ("|---|---|---|---|", "no rows"),
}


@pytest.mark.sample(6)
@pytest.mark.parametrize("case", BAD_TABLES)
def test_a_table_that_cannot_be_read_names_its_line(case: str) -> None:
    table, message = BAD_TABLES[case]
    with pytest.raises(UsageError, match=re.escape(message)):
        draft_source(numbers=table)


def test_a_bar_inside_a_cell() -> None:
    text = draft_source(numbers=r"| killed | a \| b | 8 | 8 \| dead |")
    assert (
        get_value(text, "claims", "1", "killed", "including" if "including:" in text else "by party", "a_b", "label")
        == "a | b"
    )
    assert get_value(text, "claims", "1", "killed", "by party", "a_b", "printed") == "8 | dead"


# Texts that are not a completed form.

GOOD = render_form(ADD, SOURCE_ANSWERS).decode()


def change(**answers: Any) -> str:
    """Return a completed form with some answers replaced; None: without the field."""
    changed = {key: value for key, value in {**SOURCE_ANSWERS, **answers}.items() if value is not None}
    return json.dumps(changed, ensure_ascii=False)


HOSTILE: dict[str, tuple[str | bytes, str]] = {
    "nothing": ("", "the file is empty"),
    "prose": ("Hello\n", "line 1, column 1: not JSON: Expecting value. Convert the text of the issue to JSON first"),
    "the text of an issue": ("### Which war\n\nyemen\n", "Convert the text of the issue to JSON first"),
    "a list": ("[]", "the form must be a JSON object"),
    "another form": ('{"bug": "It does not work."}', "this is not a completed form"),
    "cut off": (GOOD[:400], "not JSON"),
    "a field that is none": (change(conflict=None, x="yemen: x"), "the form 'Add a source' has no field 'x'. The fields are: harm, url"),
    "a field left out": (change(conflict=None), "needs an answer to: conflict"),
    "a mistyped field": (change(conflit="x"), "has no field 'conflit'. Did you mean 'conflict'?"),
    "a field twice": (GOOD.replace('"publisher"', '"conflict"'), "the field 'conflict' is duplicated"),
    "a required answer left out": (change(publisher="_No response_"), "needs an answer to: publisher"),
    "two answers left out": (change(publisher="", url=None), "needs an answer to: url, publisher"),
    "a box not ticked": (change(harm=TICKED[:1]), "harm: a box is not ticked"),
    "a box not ticked, in another form": (change(harm={"selected": TICKED[:1], "unselected": TICKED[1:]}), "harm: a box is not ticked"),
    "boxes taken out": (change(harm="yes"), "harm: a box is not ticked"),
    "a choice that is none": (change(access="all: The"), "access: 'all: The' is not a choice. Choose one of: full_text, excerpt, title."),
    "a choice made up": (change(conflict="../../etc: x"), "conflict: '../../etc: x' is not a choice"),
    "two lines for one": (change(publisher="efe\nclaims: {}"), "publisher: the answer must be one line"),
    "two texts for one": (change(kind=["article: x", "post: x"]), "kind: the answer must be one text, not a list"),
    "an object for a text": (change(publisher={"a": 1}), "publisher: the answer must be one text, not an object"),
    "a yes for a text": (change(publisher=True), "publisher: the answer must be one text, not a boolean"),
    "not a number": (change(publisher=float("nan")), "publisher: the answer must be one text, not a number"),
    "a direction override": (change(numbers=TABLE.replace("at least 727 |", "at least \u202e727 |")), "U+202E"),
    "an escaped direction override": (json.dumps({**SOURCE_ANSWERS, "numbers": "| killed |\n| a\u202eb |"}), "numbers, line 2: the line holds an invisible character, U+202E"),
    "a zero byte": (change(publisher="e\x00e"), "publisher: "),
    "an escape": (change(publisher="efe\x1b[31m"), "U+001B"),
    "a lone carriage return": (change(publisher="efe\rclaims: x"), "line ends in"),
    "a line separator": (change(publisher="efe\u2028claims: x"), "line ends in"),
    "half a character": (change(publisher="\ud800").encode("utf-8", "surrogatepass"), "is not UTF-8"),
    "half a character, escaped": (json.dumps({**SOURCE_ANSWERS, "publisher": "\ud800"}), "publisher, line 1: byte 0xed is not UTF-8"),
    "not UTF-8": (GOOD.encode() + b"\xff\xfe\xfd", "is not UTF-8"),
    "a tab": (change(publisher="e\tfe"), "publisher, line 1: the line holds a tab"),
    "huge": (GOOD + " " * LIMIT, "more than 200,000 bytes"),
    "deep": ('{"numbers": ' + "[" * 90_000 + "]" * 90_000 + "}", "nested too deeply"),
    "a list in a list": (change(publisher=[["efe"]]), "publisher: the answer must be one text, not a list"),
    "a number of many digits": (change(numbers=None)[:-1] + ', "numbers": ' + "1" * 9_000 + "}", "numbers, line 1: a row has 4 cells"),
}  # fmt: skip


@pytest.mark.sample(3)
@pytest.mark.parametrize("case", HOSTILE)
def test_what_is_no_filled_form_is_refused_and_nothing_written(case: str, tmp_path: Path) -> None:
    text, message = HOSTILE[case]
    data = text.encode() if isinstance(text, str) else text
    with pytest.raises(UsageError, match=re.escape(message)):
        issue_form_source.draft_source(read_form(data), SEEDS)
    file = tmp_path / "issue.json"
    file.write_bytes(data)
    if case in ("nothing", "huge", "a zero byte", "deep"):
        done = run(file, "--out", tmp_path / "draft.yaml")
        assert (done.returncode, done.stdout) == (2, b"")
        assert message in done.stderr.decode()
        assert b"Traceback" not in done.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["issue.json"]


SAME_ANSWERS: dict[str, dict[str, Any]] = {
    "Windows line ends": {"numbers": TABLE.replace("\n", "\r\n")},
    "choices as lists": {field: [SOURCE_ANSWERS[field]] for field in ("kind", "access", "scope", "list", "conflict")},
    "all boxes": {"harm": {"selected": TICKED, "unselected": []}},
    "empty answers": {"via": "_No response_", "last_day": None, "remarks": [], "archive_url": "  "},
}


@pytest.mark.parametrize("case", SAME_ANSWERS)
def test_every_parser_of_forms_gives_the_same_draft(case: str) -> None:
    """Parsers write empty answers, choices and boxes in different ways."""
    data = json.dumps({**SOURCE_ANSWERS, **SAME_ANSWERS[case]}, indent=2).replace("\n", "\r\n")
    assert issue_form_source.draft_source(read_form(data.encode()), SEEDS) == draft_source()


def test_markup_is_text() -> None:
    html = '<img src=x onerror="alert(1)"><!-- -->'
    assert get_value(draft_source(publisher=html), "publisher") == html
    assert get_value(draft_source(claimant="*a: &b !!python/object:os.system {x: [y]}"), "claims", "1", "claimant") == (
        "*a: &b !!python/object:os.system {x: [y]}"
    )


# The draft has the text of each field, letter for letter, or the form is refused.

FREE = [f for f in ADD.fields if find_kind(ADD, f) == "input" and f not in ("first_day", "last_day")]
TRAPS = [
    "null", "~", "yes", "NO", "012", "1e3", "0x1f", "12:30", "---", "...", "- a", "? a", "a: b", "a #b", "*a", "&a", "!!str a",
    "|", ">", "'", '"', "\\", "{{x}}", "${{ x }}", "=1+1", "a:", "_No response_x", "# a", "%TAG", "@a", "`a`", "…", "\U0001f600",
]  # fmt: skip
AWKWARD = st.one_of(
    st.text(min_size=1, max_size=60),
    st.text(st.sampled_from("'\"\\:#-?[]{}&*!|>%@`,~= \nabc1é…\u202e\u2028\x85\ufeff"), min_size=1, max_size=30),
    st.sampled_from(TRAPS),
)
REGISTERED = ("publisher", "claimant", "via", "location")


@pytest.mark.sample(8)
@pytest.mark.parametrize("text", TRAPS)
def test_signs_of_yaml_are_text(text: str) -> None:
    assert get_value(draft_source(publisher=text), "publisher") == text
    assert yaml.load(draft_source(publisher=text), Loader=yaml.BaseLoader)["publisher"] == text


@pytest.fixture(scope="session")
def box(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_seedbox(tmp_path_factory.mktemp("box") / "seeds")


@given(field=st.sampled_from(FREE), text=AWKWARD)
@settings(max_examples=count_examples(100, 1_000))
def test_any_text_of_a_field_reads_back_or_is_refused(box: Path, field: str, text: str) -> None:
    try:
        filled = read_form(render_form(ADD, {**SOURCE_ANSWERS, field: text}))
        drafted = issue_form_source.draft_source(filled, box)
    except UsageError:
        return
    value = filled.text(field)
    assert value == text.strip() or (not value and text.strip() in ("", "_No response_"))
    path = (field,) if field in ("url", "archive_url", "publisher", "published", "language") else ("claims", "1", field)
    expected = {"A newspaper": "paper", "Syria": "syria"}.get(value, value) if field in REGISTERED else value
    if value:
        assert get_value(drafted, *path) == expected
        assert yaml.load(drafted, Loader=yaml.BaseLoader)
    assert get_value(drafted, "access") == "full_text"


@given(cells=st.lists(st.tuples(AWKWARD, AWKWARD, AWKWARD), min_size=1, max_size=4))
@settings(max_examples=count_examples(80, 1_000))
def test_any_text_of_the_table_reads_back_or_is_refused(box: Path, cells: list[tuple[str, str, str]]) -> None:
    escaped = [[cell.replace("|", r"\|") for cell in (who.replace(">", " "), *rest)] for who, *rest in cells]
    table = "".join(f"| killed | {who} | {number} | {words} |\n" for who, number, words in escaped)
    try:
        drafted = draft_source(box, numbers=table)
    except UsageError:
        return
    held = yaml.load(drafted, Loader=yaml.BaseLoader)["claims"]["1"]["killed"]
    texts = set(_find_texts(held))
    for who, number, words in cells:
        assert {number.strip(), words.strip()} - {""} <= texts
        assert (
            who.replace(">", " ").strip() in {*texts, "", "everybody", "_No response_"} or who.strip().lower() in texts
        )


def _find_texts(node: Any) -> list[str]:
    if isinstance(node, str):
        return [node]
    return [text for key, value in node.items() for text in [key, *_find_texts(value)]]


# Correct a figure.


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Return the seeds folder of a repository with clean seeds."""
    seeds = write_seedbox(tmp_path / "seeds")
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    return seeds


def apply_patch(seeds: Path, patch: str) -> str:
    """Return the page after git has applied the patch."""
    subprocess.run(["git", "apply", "-"], cwd=seeds.parent, input=patch.encode(), check=True)
    return (seeds / NAME).read_text()


SLIPS = {
    "a number alone": ({}, "rebels: 20", "rebels: at least 2"),
    "a number in a block": (
        {"record": "paper-2024-06-02.1.killed.government", "old": "10", "new": "11"}, "n: 10", "n: 11",
    ),
    "a number in braces": (
        {"record": "paper-2024-06-02.1.killed.civilians", "old": "30", "new": "31"}, "{n: 30, inc", "{n: 31, inc",
    ),
    "inside braces inside braces": (
        {"record": "paper-2024-06-02.1.killed.civilians.children", "old": "7", "new": "8"}, "children: 7}", "children: 8}",
    ),
    "words with signs": (
        {"record": "paper-2024-06-02.1.killed", "key": "printed: x", "old": "at least 60 people", "new": '60 "people": #'},
        "printed: at least 60 people", 'printed: "60 \\"people\\": #"',
    ),
    "a claimant": (
        {"record": "paper-2024-06-02.1", "key": "claimant: x", "old": "observatory", "new": "agency"},
        "claimant: observatory\n    via", "claimant: agency\n    via",
    ),
    "a claimant by name": (
        {"record": "paper-2024-06-02.1", "key": "claimant: x", "old": "observatory", "new": "A news agency"},
        "claimant: observatory\n    via", "claimant: agency\n    via",
    ),
    "a day": (
        {"record": "paper-2024-06-02.2", "key": "as_of: x", "old": "2024-06-02", "new": "2024-06-01"},
        "during: 2024-06-01\n    as_of: 2024-06-02", "during: 2024-06-01\n    as_of: 2024-06-01",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", SLIPS)
def test_a_slip_is_a_patch_of_one_value(case: str, repository: Path) -> None:
    answers, old, new = SLIPS[case]
    patch = draft_correction(repository, SLIP, **answers)
    assert SOURCE.count(old) == 1
    assert apply_patch(repository, patch) == SOURCE.replace(old, new)


@pytest.mark.parametrize("ending", ["", "\n"], ids=["no newline at the end", "newline at the end"])
def test_a_patch_applies_at_the_end_of_a_file(ending: str, repository: Path) -> None:
    (repository / NAME).write_text(SOURCE.rstrip("\n") + ending)
    patch = draft_correction(
        repository,
        SLIP,
        record="paper-2024-06-02.2.injured",
        old="about 20",
        new="about 30",
        reason="--- a/x\\n+++ b/y",
    )
    assert apply_patch(repository, patch) == SOURCE.rstrip("\n").replace("about 20", "about 30") + ending


@given(new=AWKWARD, reason=AWKWARD)
@settings(max_examples=count_examples(50, 1_000))
def test_any_words_go_into_a_patch_as_they_are_or_are_refused(box: Path, new: str, reason: str) -> None:
    answers = {**SLIP, "record": "paper-2024-06-02.1.killed", "key": "printed: x", "old": "at least 60 people"}
    try:
        patch = draft_correction(box, answers, new=new, reason=reason)
    except UsageError:
        return
    rows = [row for row in patch.split("\n") if not row.startswith("#")]
    added = [row[1:] for row in rows if row.startswith("+") and not row.startswith("+++")]
    assert rows[0] == f"--- a/seeds/{NAME}"
    assert len(added) == 1
    assert yaml.load(added[0].strip(), Loader=yaml.BaseLoader) == {"printed": new.strip()}


def test_a_revision_is_a_claim_that_supersedes(repository: Path) -> None:
    text = draft_correction(repository, REVISION)
    claim = ("claims", "1")
    assert get_value(text, "publisher") == "paper"
    assert get_value(text, *claim, "supersedes") == "paper-2024-06-02.1"
    assert get_value(text, *claim, "reason") == "The page prints two."
    assert get_value(text, *claim, "since") == "2024-05-01"
    assert get_value(text, *claim, "claimant") == "observatory"
    assert get_value(text, *claim, "killed", "including", "rebels", "n") == "at least 2"
    assert "# TODO: `by party` on the old page" in text


@pytest.mark.slow
def test_a_revision_that_a_person_has_finished_validates(repository: Path) -> None:
    text = draft_correction(
        repository, REVISION, record="paper-2024-06-02.1.killed", old="at least 60", new="at least 50"
    )
    done = text.replace("language: TODO", "language: en").replace("access: TODO", "access: full_text")
    done = done.replace("as_of: TODO", "as_of: 2024-06-08").replace("printed: TODO", "printed: at least 50 dead")
    page = repository / "sources" / "war" / "paper-2024-06-09.yaml"
    page.write_text(done)
    assert [f for f in validate(repository).findings if f.severity == "error"] == []


REFUSED_CORRECTIONS = {
    "a path": ({"record": "../../../etc/passwd"}, "is not an id of a figure or claim"),
    "a path in an id": ({"record": "paper-2024-06-02.1.killed/../x"}, "is not an id of a figure or claim"),
    "a pattern": ({"record": "*-2024-06-02.1"}, "is not an id of a figure or claim"),
    "an id with a newline's sign": ({"record": "paper-2024-06-02.1\\n"}, "is not an id of a figure or claim"),
    "no page": ({"record": "papr-2024-06-02.1.killed"}, "has no page 'papr-2024-06-02'. Did you mean 'paper-2024-06-02'?"),
    "no claim": ({"record": "paper-2024-06-02.3.killed"}, "has no claim 3"),
    "no figure": ({"record": "paper-2024-06-02.1.killed.rebel"}, "the record has no figure 'rebel'. Did you mean 'rebels'?"),
    "figure's key, claim's id": ({"record": "paper-2024-06-02.1"}, "record: to correct 'n', give a figure's id"),
    "claim's key, figure's id": ({"key": "claimant: x"}, "record: to correct 'claimant', give a claim's id"),
    "another value": ({"old": "21"}, "old: the data have '20', the form says '21'"),
    "corrected already": ({"new": "20"}, "new: the data have '20' already"),
    "no quantity": ({"new": "2O"}, "new: '2O': '2O' is not a quantity"),
    "no actor": ({"record": "paper-2024-06-02.1", "key": "claimant: x", "old": "observatory", "new": "observatry"},
                 "new: 'observatry': not an id in reference/actors.csv; perhaps observatory"),
    "no day": ({"record": "paper-2024-06-02.1", "key": "as_of: x", "old": "2024-06-02", "new": "2 June"}, "new: '2 June': write a day as 2024-12-05"),
    "a key that is not there": ({"key": "label: x", "old": "x", "new": "y"}, "the record has no 'label'; add it by hand"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED_CORRECTIONS)
def test_a_correction_that_does_not_fit_says_why(case: str, repository: Path) -> None:
    answers, message = REFUSED_CORRECTIONS[case]
    with pytest.raises(UsageError, match=re.escape(message)):
        draft_correction(repository, SLIP, **answers)


@pytest.mark.slow
def test_real_records_are_found_and_patched(tmp_path: Path) -> None:
    import conflictdata as cd

    figures = cd.load("figures")
    exact = figures[(figures.qualifier == "exact") & (figures.share.isna())]
    shutil.copytree(SEEDS, tmp_path / "seeds")
    for record, best in list(zip(exact.figure_id, exact.best, strict=True))[::40]:
        patch = draft_correction(tmp_path / "seeds", SLIP, record=record, old=str(best), new="987654321")
        assert len(re.findall(r"^[+-][^+-]", patch, re.M)) == 2, record
        subprocess.run(["git", "apply", "--check", "-"], cwd=tmp_path, input=patch.encode(), check=True)


# The command.


@pytest.mark.slow
def test_the_command_reads_stdin_and_prints() -> None:
    done = run("-", stdin=GOOD)
    assert done.returncode == 0, done.stderr
    assert done.stdout.decode() == draft_source()


@pytest.mark.slow
def test_the_command_writes_a_new_file_and_never_over_one(tmp_path: Path) -> None:
    file, out = tmp_path / "issue.json", tmp_path / "draft.yaml"
    file.write_text(GOOD)
    assert run(file, "--out", out).returncode == 0
    assert out.read_text() == draft_source()
    out.write_text("mine\n")
    again = run(file, "--out", out)
    assert again.returncode == 2
    assert b"exists already" in again.stderr
    assert out.read_text() == "mine\n"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["draft.yaml", "issue.json"]


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["nowhere.md"], "nowhere.md does not exist"),
        (["tests"], "tests is not a file"),
        (["-", "--seeds", "docs"], "give the seeds folder with --seeds"),
        (["-", "--out", "README.md/draft.yaml"], "README.md/draft.yaml cannot be written"),
    ],
    ids=["no file", "a folder", "no seeds", "no folder for the draft"],
)
def test_the_command_refuses_what_it_cannot_use(args: list[str], message: str) -> None:
    done = run(*args, stdin=GOOD)
    assert done.returncode == 2
    assert message in done.stderr.decode()
    assert b"Traceback" not in done.stderr


def test_help_has_an_example() -> None:
    done = run("--help")
    assert done.returncode == 0
    assert b"Example: conflictdata form" in done.stdout
