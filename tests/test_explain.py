"""Every id in a report has an explanation, and every example shows what it should.

`conflictdata publish --repository` tries new and changed examples, and writes their findings and pages.
"""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from pathlib import Path

import commands
import polars as pl
import pytest
import yaml
from casefiles import derive_columns
from rich.console import Console
from rule_results import collect_results

from conflictdata.datasets import list_profiles
from conflictdata.datasets.rules import load_dataset_rules
from conflictdata.devtools import rule_examples
from conflictdata.devtools.example_world import RELEASED, read_example, validate_example
from conflictdata.devtools.generate import collect_explanations, render_rules_json
from conflictdata.devtools.rule_examples import describe_finding, find_messages, load_examples, load_messages
from conflictdata.findings import Finding, UsageError
from conflictdata.reporters import rule_text as on_terminal
from conflictdata.reporters.rule_markdown import format_summary, render_pages
from conflictdata.rules import load_rules
from conflictdata.rules.explanations import FILE, GROUPS, find_explanation, load_explanations
from conflictdata.rules.file_rules import PROBLEMS
from conflictdata.rules.texts import Example
from conflictdata.validation.catalogue import load_catalogue, load_own_texts
from conflictdata.validation.cells import check_cells
from conflictdata.validation.pipeline import validate_target

ROOT = Path(__file__).parents[1]
ALL = {id_: example for id_, example in load_examples().items() if example.bad}
# `test_feeds_rules.py` evaluates those of other datasets.
EXAMPLES = {id_: example for id_, example in ALL.items() if id_ in load_own_texts()}
# Rules are evaluated on records alone. All other findings come while files are read, or after all rules.
RULES = {id_: load_rules()[id_] for id_ in EXAMPLES if id_ in load_rules() and not EXAMPLES[id_].reported_as}
OTHERS = [id_ for id_ in EXAMPLES if id_ not in RULES]

each_rule = pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
each_other = pytest.mark.parametrize("id_", OTHERS)
each_example = pytest.mark.parametrize("id_", ALL)


def find_needed_tables(id_: str) -> tuple[str, ...]:
    return load_rules()[id_].requires_tables if id_ in load_rules() else ()


def find_in_example(id_: str, example: dict[str, str], folder: Path) -> list[Finding]:
    return validate_example(example, folder, find_needed_tables(id_))


def find_while_reading(id_: str, example: dict[str, str], folder: Path) -> list[Finding]:
    """Return the same, for findings that come while files are read, before any rule."""
    return read_example(example, folder).findings if id_ in PROBLEMS else find_in_example(id_, example, folder)


_TYPED: dict[tuple[str, str], pl.DataFrame] = {}  # most tables of the war are equal in all examples


def read_typed(table: str, text: pl.DataFrame) -> pl.DataFrame:
    key = table, text.write_csv()
    if key not in _TYPED:
        _TYPED[key] = check_cells(table, text)[0]
    return _TYPED[key]


def evaluate_alone(rule, example: dict[str, str], folder: Path) -> list[tuple[str, str, str]]:
    """Return the results of one rule alone on an example: record, message, hint."""
    subject = read_example(example, folder, rule.requires_tables)
    tables = {table: read_typed(table, sheet.frame) for table, sheet in subject.sheets.items()}
    return collect_results(_make_whole(tables), "polars", [rule])[rule.id][1]


def _make_whole(tables: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    from conflictdata.schema.columns import make_empty_frame
    from conflictdata.schema.tables import MODELS

    whole = {table: tables[table] if table in tables else make_empty_frame(table) for table in MODELS}
    # Seeds leave derived columns out.
    return derive_columns(whole) if "sources" in tables and "actors" in tables else whole


@pytest.mark.sample(6)
@each_rule
def test_a_bad_example_breaks_its_rule(rule, tmp_path):
    result = evaluate_alone(rule, EXAMPLES[rule.id].bad, tmp_path)

    assert len(result) == 1
    record, message, hint = result[0]
    shown = load_messages()[rule.id]
    assert (record, message, hint) == (shown.record, shown.message, shown.hint)


@pytest.mark.sample(14)
@each_rule
def test_a_good_example_does_not(rule, tmp_path):
    assert evaluate_alone(rule, EXAMPLES[rule.id].good, tmp_path) == []


@pytest.mark.sample(5)
@each_other
def test_a_bad_file_gives_the_shown_message(id_, tmp_path):
    example = EXAMPLES[id_]
    findings = find_while_reading(id_, example.bad, tmp_path)

    assert sorted(f.rule for f in findings) == sorted([example.reported_as or id_, *example.also])
    result = describe_finding(example, next(f for f in findings if f.rule not in example.also), tmp_path)
    assert load_messages()[id_] == result


# Findings while files are read take no time. The others wait for all rules, so one of them is enough.
_WAITING = [id_ for id_ in OTHERS if id_ not in PROBLEMS]


@pytest.mark.parametrize("id_", [pytest.param(i, marks=pytest.mark.slow) if i in _WAITING[1:] else i for i in OTHERS])
def test_a_good_file_is_clean(id_, tmp_path):
    assert find_while_reading(id_, EXAMPLES[id_].good, tmp_path) == []


@pytest.mark.slow
@pytest.mark.parametrize("id_", [id_ for id_ in OTHERS if id_ in PROBLEMS])
def test_a_bad_file_breaks_nothing_else_and_a_good_one_nothing(id_, tmp_path):
    bad = find_in_example(id_, EXAMPLES[id_].bad, tmp_path / "bad")

    assert [f.rule for f in bad] == [id_]
    assert find_in_example(id_, EXAMPLES[id_].good, tmp_path / "good") == []


@pytest.mark.slow
@each_rule
def test_a_bad_example_gives_the_shown_message_and_breaks_nothing_else(rule, tmp_path):
    example = EXAMPLES[rule.id]
    findings = find_in_example(rule.id, example.bad, tmp_path)

    assert sorted(f.rule for f in findings) == sorted([rule.id, *example.also])
    result = describe_finding(example, next(f for f in findings if f.rule == rule.id), tmp_path)
    assert load_messages()[rule.id] == result


@pytest.mark.slow
@each_rule
def test_a_good_example_is_clean(rule, tmp_path):
    assert find_in_example(rule.id, EXAMPLES[rule.id].good, tmp_path) == []


@pytest.mark.slow
@pytest.mark.parametrize("item", [e for e in load_explanations().values() if e.waivable], ids=lambda e: e.id)
def test_the_shown_waiver_covers_the_bad_example(item, tmp_path):
    from conflictdata.reporters.rule_markdown import format_waiver

    example = {**EXAMPLES[item.id].bad, "waivers.yaml": "\n".join(format_waiver(item)) + "\n"}
    report = validate_target(read_example(example, tmp_path), released_on=RELEASED).report

    assert report.findings == []
    assert [f.rule for f in report.waived] == [item.id]


@pytest.mark.parametrize("id_", [id_ for id_, e in EXAMPLES.items() if e.reported_as])
def test_a_silent_rule_is_broken_all_the_same(id_, tmp_path):
    assert len(evaluate_alone(load_rules()[id_], EXAMPLES[id_].bad, tmp_path)) == 1
    assert evaluate_alone(load_rules()[id_], EXAMPLES[id_].good, tmp_path) == []


def find_printable_ids() -> set[str]:
    """Return the ids in the code, without those that rules build from the models."""
    prefixes = "|".join(sorted({*(id_.partition(".")[0] for id_ in load_catalogue()), *GROUPS}))
    pattern = re.compile(rf'"((?:{prefixes})\.[a-z]+(?:-[a-z]+)+|(?:file|yaml|csv|seed|cells)\.[a-z]+)"')
    code = [p for p in (ROOT / "conflictdata").rglob("*.py") if p.parent.name != "data"]
    return {hit for path in code for hit in pattern.findall(path.read_text(encoding="utf-8"))}


def test_every_id_that_the_code_can_print_is_explained():
    assert find_printable_ids() - set(load_explanations()) == set()
    assert set(load_catalogue()) == set(load_explanations())
    assert set(load_examples()) == set(load_catalogue())


def test_every_message_belongs_to_an_example():
    assert set(load_messages()) == set(ALL)


def test_only_changed_examples_are_tried_again(monkeypatch):
    tried = []
    monkeypatch.setattr(rule_examples, "try_example", lambda id_, _: tried.append(id_) or load_messages()[id_])
    stored = rule_examples.load_stored()
    monkeypatch.setattr(
        rule_examples,
        "load_stored",
        lambda: stored | {"made_from": stored["made_from"] | {"claims.said-once": "older"}},
    )

    assert find_messages() == load_messages()
    assert tried == ["claims.said-once"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("bad", "good", "message"),
    [
        ({"claim": "killed: 8"}, {"claim": "killed: 9"}, "the bad example of claims.said-once breaks no rule"),
        (
            {"claim": "killed: 8"},
            {"claim": "killed: eight"},
            "the good example of claims.said-once breaks seed.quantity",
        ),
    ],
)
def test_an_example_that_shows_another_thing_is_an_error(bad, good, message):
    with pytest.raises(RuntimeError, match=message):
        rule_examples.try_example("claims.said-once", Example("A title", bad, good))


def test_every_id_without_an_example_says_why():
    assert all(e.unseen for e in load_examples().values() if not e.bad)
    unseen = set(load_own_texts()) - set(EXAMPLES)
    assert {id_.partition(".")[0] for id_ in unseen} <= {"json", "feed", "report", "csv"}


@pytest.mark.slow
def test_the_stored_entries_are_those_of_the_rules():
    assert FILE.read_text(encoding="utf-8") == render_rules_json(collect_explanations()), (
        "run `conflictdata publish --repository`"
    )


@pytest.mark.slow
def test_the_pages_are_those_of_the_rules():
    expected = render_pages(collect_explanations())
    pages = {p.relative_to(ROOT).as_posix(): p.read_text(encoding="utf-8") for p in (ROOT / "docs/rules").iterdir()}

    assert pages == expected, "run `conflictdata publish --repository`"
    assert len(expected) == len(load_catalogue()) + 1


def test_the_index_names_every_rule_and_every_page_leads_back():
    shown = render_pages(load_explanations().values())
    index = shown.pop("docs/rules/index.md")

    assert re.findall(r"\]\(([^)]+)\.md\) \|", index) == list(load_explanations())
    assert all("](index.md)" in text for text in shown.values())
    assert all("not edited by hand" in text for text in [index, *shown.values()])
    assert not any("```python" in text for text in shown.values())


@each_example
def test_nothing_hidden_is_shown(id_):
    shown = json.dumps(load_explanations()[id_].as_dict(), ensure_ascii=False)

    assert not re.search("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]", shown)
    assert str(Path.home()) not in shown
    assert "/tmp" not in shown


@each_example
def test_an_example_is_short_and_the_good_one_is_like_the_bad_one(id_):
    example = ALL[id_]

    assert set(example.bad) == set(example.good) or len(example.bad) <= 2
    assert sum(text.count("\n") for text in example.bad.values()) <= 20
    assert example.bad != example.good
    assert re.match("[A-Z]|[a-z]+_", example.title)  # or the name of a column
    assert not example.title.endswith(".")
    assert len(example.title) <= 80


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return commands.run(*arguments, env={"COLUMNS": "120"})


def test_a_rule_in_words():
    done = run("explain", "figures.parts-cover-parent")

    assert done.returncode == 0
    assert done.stderr == ""
    assert "\x1b" not in done.stdout
    for words in (
        "figures.parts-cover-parent  error, can be waived",
        "The parts of a complete list add up to their total.",
        "figures: low, best, high",
        "        rebels: 317",
        "error[figures.parts-cover-parent] by party: 111 + 317 + 220 + 25 = 673",
        "        rebels: 371",
        "Compare each number with the page.",
        "- rule: figures.parts-cover-parent",
        "docs/rules/figures.parts-cover-parent.md",
    ):
        assert words in done.stdout or words in " ".join(done.stdout.split())


def test_help_has_an_example():
    assert "conflictdata explain figures.parts-cover-parent" in run("explain", "--help").stdout


def test_a_rule_as_markdown_is_its_page():
    done = run("explain", "claims.said-once", "--format", "markdown")

    assert done.stdout == (ROOT / "docs/rules/claims.said-once.md").read_text(encoding="utf-8")


def test_a_rule_as_json():
    done = run("explain", "cells.term", "--format", "json")

    shown = json.loads(done.stdout)
    assert shown["id"] == "cells.term"
    assert yaml.safe_load(shown["bad"][0]["text"]) == {"basis": "Recorded", "killed": 8}


def test_all_rules_in_one_line_each():
    done = run("explain")

    lines = [line for line in done.stdout.splitlines() if line.startswith("  ")]
    assert [line.split()[0] for line in lines] == list(load_explanations())
    assert done.returncode == 0


@pytest.mark.parametrize("group", [*GROUPS, *(table.name for profile in list_profiles() for table in profile.tables)])
def test_a_table_lists_its_rules(group):
    found = find_explanation(group)

    assert isinstance(found, list)
    assert {item.group for item in found} == {group}


@pytest.mark.parametrize(
    ("typed_name", "meant"),
    [
        ("figures.parts-cover-parents", "figures.parts-cover-parent"),
        ("parts-cover-parent", "figures.parts-cover-parent"),
        ("figure", "figures"),
        ("cells.terms", "cells.term"),
    ],
)
def test_an_unknown_id_suggests_the_nearest(typed_name, meant):
    with pytest.raises(UsageError, match=f"Did you mean .*{re.escape(meant)}"):
        find_explanation(typed_name)


def test_an_unknown_id_exits_2():
    done = run("explain", "xyzzy")

    assert done.returncode == 2
    assert "there is no rule and no table 'xyzzy'. `conflictdata explain` lists them all." in done.stderr
    assert done.stdout == ""


def test_it_is_coloured_on_a_terminal():
    item = find_explanation("figures.parts-cover-parent")
    shown = io.StringIO()
    on_terminal.render(item, Console(file=shown, force_terminal=True, color_system="standard", width=100))

    assert "\x1b[1;31merror" in shown.getvalue()


def test_explaining_loads_no_rules_and_no_frames():
    script = (
        "import sys; import conflictdata.rules.explanations as e; e.find_explanation('cells.term'); print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert not {"polars", "pandas", "pandera", "narwhals", "yaml"} & set(done.stdout.split())


def test_the_explanation_gives_the_severity_for_imported_records():
    result = {rule.id: load_explanations()[rule.id] for rule in load_rules().values() if rule.id in load_explanations()}

    assert result["figures.bounds-in-order"].imported == "warning"
    assert "from another dataset it is a warning." in format_summary(result["figures.bounds-in-order"])
    assert result["figures.one-root"].imported == ""
    assert "another dataset" not in format_summary(result["figures.one-root"])
    assert {id_ for id_, item in result.items() if item.imported == "not asked"} == {
        r.id for r in load_rules().values() if r.skip_for_imports
    }


def test_the_page_of_a_rule_of_another_dataset_says_so():
    titles = {t.name: f"{t.title} (--profile {p.name})" for p in list_profiles() for t in p.tables}
    of_datasets = {id_: item for id_, item in load_explanations().items() if item.group in titles}

    assert {item.dataset for item in load_explanations().values() if item.group not in titles} == {""}
    assert all(item.heading == titles[item.group] for item in of_datasets.values())
    assert not any("publishing" in format_summary(item) for item in of_datasets.values())
    assert {rule.table for rule in load_dataset_rules().values()} == {item.group for item in of_datasets.values()}
