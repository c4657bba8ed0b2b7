"""The catalogue of rules: ids, tables, fields, texts, and that it is complete."""

import re
import string

import narwhals.stable.v1 as nw
import pytest

from conflictdata.rules import load_rules
from conflictdata.schema.columns import list_column_kinds
from conflictdata.schema.tables import MODELS
from conflictdata.schema.views import VIEWS

# Numbers of the list of rules that are not in this catalogue: 24 belongs to feeds, 43 is the pattern of a cell,
# those from 47 on are about releases.
NUMBERS = {*range(1, 24), *range(25, 43), 44, 45, 46, 53, 54}

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


def test_every_rule_of_the_list_is_there():
    assert {rule.number for rule in load_rules().values()} == NUMBERS


def test_types_keys_and_references_are_never_waived():
    assert [rule.id for rule in load_rules().values() if rule.number == 46 and rule.waivable] == []
