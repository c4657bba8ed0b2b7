"""One rule, every engine.

polars, pandas and pandera give the same verdicts, on valid sets and on damaged ones.
"""

import pandera.pandas as pa
import pytest
from casefiles import CASES as FOLDER
from casefiles import load_case
from depth import select_one_in
from hypothesis import given
from rule_faults import CASES, build_war
from rule_results import collect_pandera_failures, collect_results, convert_to_pandas
from strategies import RELEASED, damaged_sets, few, join_worlds, many, skip_if_passed

from conflictdata.rules import load_rules
from conflictdata.schema.columns import list_pandera_columns
from conflictdata.schemas import RuledSchema, bound, make_checks, make_rule_checks
from conflictdata.validation.evaluate import RuleContext, evaluate_rules, format_record_key

# Cases that column constraints refuse, before any rule is evaluated.
REFUSED = ("figures.count-not-negative", "figures.depth-within-limit")


@pytest.fixture(scope="module")
def broken():
    """Break every rule, each in its own world.

    Except for cases that column constraints refuse.
    """
    return join_worlds([build_war(*faults) for name, (_, faults) in CASES.items() if name not in REFUSED])


@pytest.fixture(scope="module")
def by_engine(broken):
    """Return the results of polars and pandas."""
    return {engine: collect_results(broken, engine) for engine in ("polars", "pandas")}


@pytest.fixture(scope="module")
def passed():
    """Return the sets that have passed."""
    return set()


def list_differing(one, other):
    """Return the rules with different results, and both results."""
    return {rule: (one[rule], other[rule]) for rule in one if one[rule] != other[rule]}


def list_failing(found):
    """Return the failed records by rule, from an engine's results."""
    return {rule: {record for record, _, _ in result} for rule, (_, result) in found.items() if result}


def make_bare_schema(table, checks):
    """Return a schema with the checks of a table, without column constraints.

    A failing constraint would skip the rules.
    """
    types = {
        name: pa.Column(column.dtype, nullable=True, coerce=True)
        for name, column in list_pandera_columns(table).items()
    }
    return RuledSchema(types, checks=checks, name=table)


def select_others(tables, table):
    return {name: frame for name, frame in tables.items() if name != table}


def test_engines_agree_on_every_fault(by_engine):
    assert set(list_failing(by_engine["polars"])) == set(load_rules()) - set(REFUSED)
    assert not list_differing(by_engine["polars"], by_engine["pandas"])


def test_pandera_agrees_on_every_fault(broken, by_engine):
    schemas = bound({table: convert_to_pandas(frame) for table, frame in broken.items()}, released_on=RELEASED)
    found = {}
    for table, schema in schemas.items():
        found |= collect_pandera_failures(schema, table, broken[table])

    assert found == list_failing(by_engine["polars"])


@pytest.mark.parametrize("engine", ["polars", "pandas"])
def test_rules_in_one_pass_give_the_results_of_separate_passes(engine, broken, by_engine):
    row_rules = [rule for rule in load_rules().values() if rule.is_row_rule]

    for answer in evaluate_rules(row_rules, RuleContext(broken, RELEASED, engine)):
        alone, tally = by_engine[engine][answer.rule.id][0], answer.tally
        verdicts = [verdict for _, verdict in alone]
        assert (tally.valid, tally.invalid, tally.unknown) == tuple(verdicts.count(v) for v in (True, False, None))
        failed = {format_record_key(answer.rule, row) for row in answer.failed.iter_rows(named=True)}
        assert failed == {record for record, verdict in alone if verdict is False}


@pytest.mark.parametrize("rule", select_one_in(4, load_rules().values()), ids=lambda rule: rule.id)
@pytest.mark.parametrize("case", ["bad", pytest.param("good", marks=pytest.mark.slow)])
def test_pandera_agrees_on_the_cases(rule, case):
    tables = load_case(FOLDER / rule.id / f"{case}.yaml")
    schema = make_bare_schema(rule.table, make_checks([rule], select_others(tables, rule.table), RELEASED))

    assert collect_pandera_failures(schema, rule.table, tables[rule.table]) == list_failing(
        collect_results(tables, "polars", [rule])
    )


def check_agreement(tables, passed):
    with skip_if_passed(tables, passed):
        found = collect_results(tables, "polars")
        assert not list_differing(found, collect_results(tables, "pandas"))
        result = {}
        for table in tables:
            schema = make_bare_schema(table, make_rule_checks(table, select_others(tables, table), RELEASED))
            result |= collect_pandera_failures(schema, table, tables[table])
        assert result == list_failing(found)


@few
@given(damaged_sets())
def test_engines_and_pandera_agree_on_damaged_sets(passed, tables):
    check_agreement(tables, passed)


@pytest.mark.slow
@many
@given(damaged_sets())
def test_engines_and_pandera_agree_on_many_damaged_sets(passed, tables):
    check_agreement(tables, passed)
