"""A new rule is one file: the package finds, evaluates, explains and documents it."""

import sys

import pytest
import yaml

import conflictdata.rules
from conflictdata.devtools import generate, rule_examples
from conflictdata.reporters.rule_markdown import render_pages
from conflictdata.rules import load_imported_rules, load_rules, rank_rules
from conflictdata.rules.explanations import parse_explanation
from conflictdata.validation.catalogue import load_catalogue, load_own_texts

RULE = """\
import narwhals.stable.v1 as nw

from conflictdata.rules.base import Example, rule


@rule(
    "sources.title-not-shouted",
    "warning",
    ("title",),
    message="the title {title} has no small letter",
    hint="Write the title in small letters, as the page would without its large type.",
    why="Titles in capitals are a matter of type. Sorted and searched next to others, they look like other pages.",
    found="{title}",
    example=Example("A title has small letters", bad={"page": "title: A RAID"}, good={"page": "title: A raid"}),
)
def _check_title() -> nw.Expr:
    return ~(nw.col("title").str.contains("[A-Z]") & ~nw.col("title").str.contains("[a-z]"))
"""
ID = "sources.title-not-shouted"
CACHED = (load_rules, load_imported_rules, rank_rules, load_own_texts, load_catalogue, rule_examples.load_examples)


def forget():
    for function in CACHED:
        function.cache_clear()


@pytest.fixture
def new_rule(tmp_path, monkeypatch):
    """Add a file to the folder of the rules."""
    (tmp_path / "titles.py").write_text(RULE, encoding="utf-8")
    monkeypatch.setattr(conflictdata.rules, "__path__", [*conflictdata.rules.__path__, str(tmp_path)])
    forget()
    yield
    sys.modules.pop("conflictdata.rules.titles", None)
    vars(conflictdata.rules).pop("titles", None)
    monkeypatch.undo()
    forget()


@pytest.mark.usefixtures("new_rule")
def test_a_rule_in_a_file_of_its_own_is_evaluated_explained_and_documented(monkeypatch):
    monkeypatch.setattr(generate, "explain_dataset_rules", lambda: iter(()))
    example = load_rules()[ID].example

    explanations = generate.collect_explanations()  # validates the two examples with all rules
    pages = render_pages(explanations)

    assert example.bad == {"page": "title: A RAID\n"}
    (shown,) = [item for item in explanations if item.id == ID]
    assert shown.finding.message == "the title A RAID has no small letter"
    assert parse_explanation(shown.as_dict()) == shown
    assert f"warning[{ID}] the title A RAID has no small letter" in pages[f"docs/rules/{ID}.md"]
    assert f"({ID}.md)" in pages["docs/rules/index.md"]


@pytest.mark.usefixtures("new_rule")
def test_a_second_rule_with_its_id_is_an_error(tmp_path):
    (tmp_path / "titles_again.py").write_text(RULE, encoding="utf-8")

    with pytest.raises(RuntimeError, match=f"two rules have the id {ID}"):
        load_rules()
    sys.modules.pop("conflictdata.rules.titles_again")


def test_a_rule_without_an_example_is_an_error(monkeypatch):
    texts = {**load_own_texts(), ID: load_own_texts()["cells.term"].__class__(id=ID, hint="", why="")}
    monkeypatch.setattr(rule_examples, "load_own_texts", lambda: texts)

    with pytest.raises(RuntimeError, match=f"no example beside the rule: {ID}"):
        rule_examples.load_examples.__wrapped__()


def test_an_example_has_its_text_without_the_margin_of_the_code():
    example = load_rules()["figures.joint-outcome-covers-both"].example

    assert yaml.safe_load(example.bad["claim"]) == {"killed": 20, "injured": 50, "killed_or_injured": 60}
    assert example.bad["claim"].startswith("killed: 20\n")
