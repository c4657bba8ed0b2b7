"""`conflictdata form`: from completed issue forms to drafts.

Everything that only looks like a completed form is refused.
"""

from __future__ import annotations

import csv
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
from conflictdata.authoring.issue_form import ADD, CORRECT, LIMIT, Field, Form, read_form
from conflictdata.findings import UsageError
from conflictdata.readers.yaml import Block, Scalar, parse_yaml
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
TICKED = "- [X] I name no private person here.\n- [x] I have read the page myself."
SOURCE_ANSWERS = {
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
SLIP = {
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


def render_form(form: Form, answers: dict[str, str]) -> str:
    """Return the Markdown that GitHub makes of a form."""
    return "\n\n".join(f"### {f.label}\n\n{answers.get(f.id) or '_No response_'}" for f in form.fields) + "\n"


def draft_source(seeds: Path = SEEDS, **answers: str) -> str:
    """Return the draft of the form "Add a source", with some answers replaced."""
    return issue_form_source.draft_source(read_form(render_form(ADD, {**SOURCE_ANSWERS, **answers}).encode()), seeds)


def draft_correction(seeds: Path, answers: dict[str, str], **others: str) -> str:
    return issue_form_correction.draft_correction(
        read_form(render_form(CORRECT, {**answers, **others}).encode()), seeds
    )


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


KINDS = {"line": "input", "choice": "dropdown", "text": "textarea", "boxes": "checkboxes"}


@pytest.mark.parametrize("name", TEMPLATES)
def test_the_form_has_the_fields_that_are_read(name: str) -> None:
    parts = [part for part in load_template(name)["body"] if part["type"] != "markdown"]
    assert [(p["id"], p["attributes"]["label"], p["type"]) for p in parts] == [
        (f.id, f.label, KINDS[f.kind]) for f in TEMPLATES[name].fields
    ]
    for part, field in zip(parts, TEMPLATES[name].fields, strict=True):
        boxes = part["attributes"].get("options", []) if field.kind == "boxes" else []
        required = part.get("validations", {}).get("required", False)
        assert field.required == (required or bool(boxes)), field.id
        assert all(box["required"] for box in boxes)


@pytest.mark.parametrize("name", TEMPLATES)
def test_choices_are_the_vocabularies(name: str) -> None:
    options = {part.get("id"): part["attributes"].get("options") for part in load_template(name)["body"]}
    choices = [f for f in TEMPLATES[name].fields if f.kind == "choice" and f.options]
    assert len(choices) >= 2
    for field in choices:
        assert options[field.id] == list(field.options), field.id


def test_the_wars_of_the_form_are_those_of_the_register() -> None:
    with (SEEDS / "reference" / "conflicts.csv").open(encoding="utf-8", newline="") as file:
        known = [f"{row['conflict_id']}: {row['name']}" for row in csv.DictReader(file)]
    question = next(p for p in load_template("add-a-source")["body"] if p.get("id") == "conflict")
    assert question["attributes"]["options"] == [*known, "another: A war that is not in this list"]


@pytest.mark.parametrize("name", TEMPLATES)
def test_labels_of_a_form_are_distinct_and_harm_comes_first(name: str) -> None:
    labels = [f.label for f in TEMPLATES[name].fields]
    assert len(set(labels)) == len(labels)
    assert TEMPLATES[name].fields[0].id == "harm"
    assert "no private person" in str(load_template(name)["body"][1])


def test_the_table_that_the_form_begins_with_is_no_row() -> None:
    part = next(p for p in load_template("add-a-source")["body"] if p.get("id") == "numbers")
    with pytest.raises(UsageError, match="has no rows"):
        draft_source(numbers=part["attributes"]["value"])


# Add a source.


def test_a_filled_form_is_a_seed_that_validates(tmp_path: Path) -> None:
    text = draft_source()
    assert "TODO" not in text.replace("Each TODO is for", "")
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
    assert "digits stand without separators. Write 1018." in text
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
    "too few cells": ("| killed | 8 |", "line 72: a row has 4 cells"),
    "too many cells": ("| killed | | 8 | a | b |", "a row has 4 cells"),
    "no outcome": ("| klled | | 8 | |", "'klled' does not say what happened. Did you mean 'killed'?"),
    "a unit that is none": ("| killed (souls) | | 8 | |", "does not say what happened"),
    "the same twice": ("| killed | | 8 | |\n| killed | everybody | 9 | |", "line 73: 'everybody' stands twice"),
    "one actor, two names": ("| killed | hts | 8 | |\n| killed | HTS | 9 | |", "'HTS' is 'hts' again"),
    "an empty group": ("| killed | a >> b | 8 | |", "names no group"),
    "groups without end": (f"| killed | {'a > ' * 20}a | 8 | |", "at most 8 deep"),
    "rows without end": ("\n".join(f"| killed | g{n} | 1 | |" for n in range(300)), "more than 200 rows"),
    "nothing": ("|---|---|---|---|", "no rows"),
}


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

GOOD = render_form(ADD, SOURCE_ANSWERS)
HOSTILE: dict[str, tuple[str | bytes, str]] = {
    "nothing": ("", "the file is empty"),
    "prose": ("Hello\n", "line 1: a form starts with a heading"),
    "another form": ("### Describe the bug\n\nIt does not work.\n", "this is no filled form"),
    "a missing heading": (
        GOOD.replace("### Which war\n\n", "### x\n\n", 1),
        "'x' is no heading of the form 'Add a source'",
    ),
    "a heading taken out": (re.sub("### Which war\n\n.*\n\n", "", GOOD), "needs an answer under '### Which war'"),
    "an edited label": (GOOD.replace("### Which war", "### Which wars"), "did you mean 'Which war'?"),
    "a heading twice": (GOOD + "\n### Which war\n\nyemen: x\n", "the heading 'Which war' stands twice"),
    "a heading in an answer": (GOOD.replace("_No response_", "### Anything else\n\nx", 1), "stands twice"),
    "a required answer left out": (
        GOOD.replace("\nefe\n", "\n_No response_\n"),
        "needs an answer under '### Who published",
    ),
    "a box not ticked": (GOOD.replace("- [X]", "- [ ]"), "line 3: under 'No harm done' a box is not ticked"),
    "boxes taken out": (GOOD.replace(TICKED, "yes"), "line 3: under 'No harm done' stand boxes"),
    "a choice that is none": (GOOD.replace("full_text: The", "all: The"), "is no choice of 'How much of it"),
    "a choice made up": (GOOD.replace("syria_2024_offensive: ", "../../etc: "), "is no choice of 'Which war'"),
    "two lines for one": (GOOD.replace("\nefe\n", "\nefe\nclaims: {}\n"), "is answered in one line"),
    "a direction override": (GOOD.replace("at least 727 |", "at least \u202e727 |"), "U+202E"),
    "a zero byte": (GOOD.encode().replace(b"efe", b"e\x00e"), "binary"),
    "an escape": (GOOD.replace("\nefe\n", "\nefe\x1b[31m\n"), "U+001B"),
    "a lone carriage return": (GOOD.replace("\nefe\n", "\nefe\rclaims: x\n"), "line ends in"),
    "a line separator": (GOOD.replace("\nefe\n", "\nefe\u2028claims: x\n"), "line ends in"),
    "not UTF-8": (GOOD.encode() + b"\xff\xfe\xfd", "is not UTF-8"),
    "a tab": (GOOD.replace("\nefe\n", "\ne\tfe\n"), "a tab"),
    "huge": (GOOD + "x" * LIMIT, "more than 200,000 bytes"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_what_is_no_filled_form_is_refused_and_nothing_written(case: str, tmp_path: Path) -> None:
    text, message = HOSTILE[case]
    data = text.encode() if isinstance(text, str) else text
    with pytest.raises(UsageError, match=re.escape(message)):
        issue_form_source.draft_source(read_form(data), SEEDS)
    file = tmp_path / "issue.md"
    file.write_bytes(data)
    if case in ("nothing", "huge", "a zero byte", "a heading twice"):
        done = run(file, "--out", tmp_path / "draft.yaml")
        assert (done.returncode, done.stdout) == (2, b"")
        assert message in done.stderr.decode()
        assert b"Traceback" not in done.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["issue.md"]


def test_windows_line_ends_read_the_same() -> None:
    assert issue_form_source.draft_source(read_form(GOOD.replace("\n", "\r\n").encode()), SEEDS) == draft_source()


def test_markup_is_text() -> None:
    html = '<img src=x onerror="alert(1)"><!-- -->'
    assert get_value(draft_source(publisher=html), "publisher") == html
    assert get_value(draft_source(claimant="*a: &b !!python/object:os.system {x: [y]}"), "claims", "1", "claimant") == (
        "*a: &b !!python/object:os.system {x: [y]}"
    )


# The draft has the text of each field, letter for letter, or the form is refused.

FREE = [f for f in ADD.fields if f.kind == "line" and f.id not in ("first_day", "last_day")]
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


@pytest.mark.parametrize("text", TRAPS)
def test_signs_of_yaml_are_text(text: str) -> None:
    assert get_value(draft_source(publisher=text), "publisher") == text
    assert yaml.load(draft_source(publisher=text), Loader=yaml.BaseLoader)["publisher"] == text


@pytest.fixture(scope="session")
def box(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_seedbox(tmp_path_factory.mktemp("box") / "seeds")


@given(field=st.sampled_from(FREE), text=AWKWARD)
@settings(max_examples=count_examples(100, 1_000))
def test_any_text_of_a_field_reads_back_or_is_refused(box: Path, field: Field, text: str) -> None:
    try:
        filled = read_form(render_form(ADD, {**SOURCE_ANSWERS, field.id: text}).encode("utf-8", "surrogatepass"))
        drafted = issue_form_source.draft_source(filled, box)
    except UsageError:
        return
    value = filled.text(field.id)
    assert value == text.strip() or (not value and text.strip() in ("", "_No response_"))
    path = (
        (field.id,)
        if field.id in ("url", "archive_url", "publisher", "published", "language")
        else ("claims", "1", field.id)
    )
    expected = {"A newspaper": "paper", "Syria": "syria"}.get(value, value) if field.id in REGISTERED else value
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
    "a path": ({"record": "../../../etc/passwd"}, "is no id of a figure or claim"),
    "a path in an id": ({"record": "paper-2024-06-02.1.killed/../x"}, "is no id of a figure or claim"),
    "a pattern": ({"record": "*-2024-06-02.1"}, "is no id of a figure or claim"),
    "an id with a newline's sign": ({"record": "paper-2024-06-02.1\\n"}, "is no id of a figure or claim"),
    "no page": ({"record": "papr-2024-06-02.1.killed"}, "has no page 'papr-2024-06-02'; perhaps 'paper-2024-06-02'"),
    "no claim": ({"record": "paper-2024-06-02.3.killed"}, "has no claim 3"),
    "no figure": ({"record": "paper-2024-06-02.1.killed.rebel"}, "no figure 'rebel' here; perhaps 'rebels'"),
    "figure's key, claim's id": ({"record": "paper-2024-06-02.1"}, "'n' is corrected by a figure's id"),
    "claim's key, figure's id": ({"key": "claimant: x"}, "'claimant' is corrected by a claim's id"),
    "another value": ({"old": "21"}, "the data have '20', the form says '21'"),
    "mended": ({"new": "20"}, "the data have '20' already"),
    "no quantity": ({"new": "2O"}, "'2O' is not a quantity"),
    "no actor": ({"record": "paper-2024-06-02.1", "key": "claimant: x", "old": "observatory", "new": "observatry"},
                 "'observatry' is no id of the register; perhaps observatory"),
    "no day": ({"record": "paper-2024-06-02.1", "key": "as_of: x", "old": "2024-06-02", "new": "2 June"}, "a day is written"),
    "a key that is not there": ({"key": "label: x", "old": "x", "new": "y"}, "the record has no 'label'; add it by hand"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED_CORRECTIONS)
def test_a_correction_that_does_not_fit_says_why(case: str, repository: Path) -> None:
    answers, message = REFUSED_CORRECTIONS[case]
    with pytest.raises(UsageError, match=re.escape(message)):
        draft_correction(repository, SLIP, **answers)


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


def test_the_command_reads_stdin_and_prints() -> None:
    done = run("-", stdin=GOOD)
    assert done.returncode == 0, done.stderr
    assert done.stdout.decode() == draft_source()


def test_the_command_writes_a_new_file_and_never_over_one(tmp_path: Path) -> None:
    file, out = tmp_path / "issue.md", tmp_path / "draft.yaml"
    file.write_text(GOOD)
    assert run(file, "--out", out).returncode == 0
    assert out.read_text() == draft_source()
    out.write_text("mine\n")
    again = run(file, "--out", out)
    assert again.returncode == 2
    assert b"is there already" in again.stderr
    assert out.read_text() == "mine\n"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["draft.yaml", "issue.md"]


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["nowhere.md"], "nowhere.md does not exist"),
        (["tests"], "tests is no file"),
        (["-", "--seeds", "docs"], "--seeds names the folder of seeds"),
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
