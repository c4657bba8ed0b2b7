"""A new rule is one file: the package finds, evaluates, explains and documents it."""

import sys

import pytest
import yaml

import conflictdata.datasets.rules
import conflictdata.rules
from conflictdata.datasets import get_profile
from conflictdata.datasets.rules import list_table_rules, load_dataset_rules
from conflictdata.devtools import generate, rule_examples
from conflictdata.reporters.rule_markdown import render_pages
from conflictdata.rules import load_imported_rules, load_rules, rank_rules
from conflictdata.rules.explanations import parse_explanation
from conflictdata.rules.texts import Example
from conflictdata.validation.catalogue import load_catalogue, load_own_texts
from conflictdata.validation.table_files import validate_files

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

DATASET_RULE = """\
import narwhals.stable.v1 as nw

from conflictdata.rules.base import Example, rule

HEADER = "eventid,iyear,imonth,iday,nkill"


@rule(
    "gtd.deaths-as-known",
    "warning",
    ("nkill",),
    message="nkill is {nkill:g}, more than in any attack",
    hint="Compare with the summary of the event.",
    why="A number typed with a digit too many is larger than all others of its year together.",
    example=Example(
        "An attack killed fewer than 10,000",
        bad={"gtd.csv": HEADER + "\\n201501010001,2015,1,1,15000"},
        good={"gtd.csv": HEADER + "\\n201501010001,2015,1,1,1500"},
    ),
)
def _check_deaths() -> nw.Expr:
    return nw.col("nkill") < 10_000
"""
DATASET_ID = "gtd.deaths-as-known"

CACHED = (
    load_rules, load_imported_rules, rank_rules, load_own_texts, load_catalogue, load_dataset_rules, list_table_rules,
    rule_examples.load_examples,
)  # fmt: skip


def forget():
    for function in CACHED:
        function.cache_clear()


def add_module(package, name, text, folder, monkeypatch):
    """Add a file to a folder of rules."""
    (folder / f"{name}.py").write_text(text, encoding="utf-8")
    monkeypatch.setattr(package, "__path__", [*package.__path__, str(folder)])
    forget()
    yield
    sys.modules.pop(f"{package.__name__}.{name}", None)
    vars(package).pop(name, None)
    monkeypatch.undo()
    forget()


@pytest.fixture
def new_rule(tmp_path, monkeypatch):
    yield from add_module(conflictdata.rules, "titles", RULE, tmp_path, monkeypatch)


@pytest.fixture
def new_dataset_rule(tmp_path, monkeypatch):
    yield from add_module(conflictdata.datasets.rules, "gtd_deaths", DATASET_RULE, tmp_path, monkeypatch)


@pytest.mark.usefixtures("new_rule")
def test_a_rule_in_a_file_of_its_own_is_evaluated_explained_and_documented():
    example = load_rules()[ID].example

    explanations = generate.collect_explanations()  # validates the two examples with all rules
    pages = render_pages(explanations)

    assert example.bad == {"page": "title: A RAID\n"}
    (shown,) = [item for item in explanations if item.id == ID]
    assert shown.finding.message == "the title A RAID has no small letter"
    assert parse_explanation(shown.as_dict()) == shown
    assert f"warning[{ID}] the title A RAID has no small letter" in pages[f"docs/rules/{ID}.md"]
    assert f"({ID}.md)" in pages["docs/rules/index.md"]


@pytest.mark.usefixtures("new_dataset_rule")
def test_a_rule_of_a_dataset_in_a_file_of_its_own_is_evaluated_explained_and_documented(tmp_path):
    assert DATASET_ID in {rule.id for rule in get_profile("gtd").rules}
    file = tmp_path / "mine.csv"
    file.write_text("eventid,iyear,imonth,iday,nkill\n201501010001,2015,1,1,20000\n", encoding="utf-8")
    (report,) = validate_files([file])
    assert [(f.rule, f.message) for f in report.findings] == [(DATASET_ID, "nkill is 20000, more than in any attack")]

    explanations = generate.collect_explanations()  # validates the two examples with all rules of the dataset
    pages = render_pages(explanations)

    (shown,) = [item for item in explanations if item.id == DATASET_ID]
    assert (shown.finding.place, shown.finding.line) == ("gtd.csv", 2)
    assert shown.finding.message == "nkill is 15000, more than in any attack"
    assert shown.bad[0].where == "in a file of its own, gtd.csv"
    assert parse_explanation(shown.as_dict()) == shown
    assert f"warning[{DATASET_ID}] nkill is 15000, more than in any attack" in pages[f"docs/rules/{DATASET_ID}.md"]
    assert f"({DATASET_ID}.md)" in pages["docs/rules/index.md"]


LINE = "eventid,iyear,imonth,iday,nkill\n20150101000{},2015,1,1,{}"


@pytest.mark.usefixtures("new_dataset_rule")
@pytest.mark.parametrize(
    ("bad", "good", "message"),
    [
        (LINE.format(1, 3), LINE.format(1, 2), "the bad example of gtd.deaths-as-known breaks no rule"),
        (
            LINE.format(1, 20000) + "\n201501010001,2015,1,1,2",
            LINE.format(1, 2),
            "the bad example of gtd.deaths-as-known breaks gtd.deaths-as-known, gtd.id-unique",
        ),
        (LINE.format(1, 20000), LINE.format(1, "x"), "the good example of gtd.deaths-as-known breaks cells.number"),
    ],
)
def test_an_example_of_a_dataset_that_shows_another_thing_is_an_error(bad, good, message):
    with pytest.raises(RuntimeError, match=message):
        rule_examples.try_example(DATASET_ID, Example("A title", {"gtd.csv": bad}, {"gtd.csv": good}))


def test_a_change_of_a_module_that_makes_rules_tries_the_examples_of_datasets_again(monkeypatch):
    before, read = rule_examples.compute_fingerprints(), rule_examples.inspect.getsource
    changed = sys.modules["conflictdata.datasets.rules._days"]
    monkeypatch.setattr(rule_examples.inspect, "getsource", lambda module: read(module) + "#" * (module is changed))
    after = rule_examples.compute_fingerprints()

    assert {id_ for id_ in before if before[id_] != after[id_]} == set(load_dataset_rules()) & set(before)


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
