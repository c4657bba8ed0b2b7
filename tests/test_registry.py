"""The catalogue of rules: ids, tables, fields, texts, and that it is complete."""

import re
import string
from dataclasses import replace
from fnmatch import fnmatch

import narwhals.stable.v1 as nw
import pytest

from conflictdata import rules as registry
from conflictdata.rules import load_rules, rank_rules
from conflictdata.schema.columns import list_column_kinds, list_references
from conflictdata.schema.tables import MODELS
from conflictdata.schema.views import VIEWS

each_rule = pytest.mark.parametrize("rule", load_rules().values(), ids=load_rules())


@each_rule
def test_an_id_is_its_table_and_a_name(rule):
    assert re.fullmatch(r"[a-z_0-9]+\.[a-z]+(?:-[a-z]+)*", rule.id)
    assert rule.id.split(".")[0] == rule.table
    assert rule.table in MODELS


@each_rule
def test_fields_are_columns_of_its_table(rule):
    assert rule.fields
    assert len(set(rule.fields)) == len(rule.fields)
    assert set(rule.fields) <= set(list_column_kinds(rule.table))


@each_rule
def test_it_names_the_other_tables_that_it_needs(rule):
    assert set(rule.requires_tables) <= set(MODELS) - {rule.table}
    assert len(set(rule.requires_tables)) == len(rule.requires_tables)


@each_rule
def test_a_row_rule_reads_its_table_or_a_view(rule):
    assert isinstance(rule.check, nw.Expr) == rule.is_row_rule
    assert rule.view in ({"", rule.table, *VIEWS} if rule.is_row_rule else {""})


@each_rule
def test_it_says_what_is_wrong_what_to_do_and_why(rule):
    assert rule.severity in ("error", "warning")
    assert rule.message
    assert rule.hint[-1] in ".`)"
    assert len(rule.why) >= 60
    assert rule.why[0].isupper() or rule.why[0] in "'0123456789"
    assert rule.why[-1] == "."


# The fault of these is a missing or a constant value.
NAMELESS = {
    "figures.says-who", "locations.point-not-zero", "claims.retraction-has-reason", "claims.event-scope-names-event",
    "sources.selection-has-note",
    "sources.note-without-name",
    "events.note-without-name",
    "claims.note-without-name",
}  # fmt: skip


@each_rule
def test_a_message_names_a_value(rule):
    named = [name for _, name, _, _ in string.Formatter().parse(rule.message) if name]

    assert bool(named) == (rule.id not in NAMELESS)


def test_every_key_and_every_reference_has_its_rule():
    keys = {f"{table}.key-unique" for table in MODELS}
    references = {
        f"{table}.{column.replace('_', '-')}-resolves" for table in MODELS for column in list_references(table)
    }
    assert keys | references <= set(load_rules())


def test_keys_and_references_are_never_waived():
    assert [id_ for id_, rule in load_rules().items() if id_.endswith(("-unique", "-resolves")) and rule.waivable] == []


@each_rule
def test_its_details_name_rules_tables_and_columns(rule):
    assert set(rule.invalidates) <= set(list_column_kinds(rule.table))
    assert rule.affects in ("", "tree", "position", "number", "page")
    assert not rule.affects or rule.table == ("sources" if rule.affects == "page" else "figures")
    for table, _, columns in rule.depends_on:
        assert set(columns) <= set(list_column_kinds(table))
    if rule.invalidates or rule.affects:
        assert rank_rules()[rule.id] > 0 or rule.affects == "number"


def test_a_rule_comes_after_the_rules_that_it_names():
    ranks = rank_rules()
    named = [
        (name, other)
        for name, rule in load_rules().items()
        for pattern in rule.after
        for other in ranks
        if fnmatch(other, pattern)
    ]

    assert all(ranks[name] < ranks[other] for name, other in named)
    assert min(ranks[id_] for id_ in ranks if id_.endswith(".key-unique")) > ranks["claims.window-filled"]
    assert {ranks[rule.id] for rule in load_rules().values() if rule.affects == "tree"} == {max(ranks.values())}


@pytest.mark.parametrize(
    ("after", "message"),
    [(("claims.said-once",), "come after one another: "), (("claims.no-such-rule",), "there is no such rule")],
)
def test_an_impossible_order_is_an_error(after, message, monkeypatch):
    rules = load_rules()
    first = {"claims.said-once": replace(rules["claims.said-once"], after=("claims.id-is-page",))}
    last = {"claims.id-is-page": replace(rules["claims.id-is-page"], after=after)}
    monkeypatch.setattr(registry, "load_rules", lambda: {**rules, **first, **last})

    with pytest.raises(RuntimeError, match=message):
        rank_rules.__wrapped__()
