"""One rule, every engine.

polars and pandas give the same verdicts, on valid sets and on damaged ones; schemas give the findings of `validate`.
"""

import pytest
from casefiles import CASED, load_case
from casefiles import CASES as FOLDER
from hypothesis import given
from rule_faults import CASES, build_war
from rule_results import collect_pandera_failures, collect_results
from strategies import RELEASED, damaged_sets, few, join_worlds, many, skip_if_passed

import conflictdata as cd
from conflictdata.rules import load_rules
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


def list_reported(tables):
    """Return the records that `validate` reports, by rule."""
    found = {}
    for finding in cd.validate(tables, released_on=RELEASED).findings:
        if finding.rule in load_rules():
            found.setdefault(finding.rule, set()).add(finding.record)
    return found


def collect_schema_failures(tables):
    """Return the records that the schemas of all tables reject or warn about, by rule."""
    found = {}
    for table in tables:
        found |= collect_pandera_failures(tables, table)
    return found


@pytest.mark.slow
def test_engines_agree_on_every_fault(by_engine):
    assert set(list_failing(by_engine["polars"])) == {rule for rule, _ in CASES.values()} - set(REFUSED)
    assert not list_differing(by_engine["polars"], by_engine["pandas"])


@pytest.mark.hand
@pytest.mark.slow
def test_schemas_give_the_findings_of_validate(broken, by_engine):
    found = collect_schema_failures(broken)

    assert found == list_reported(broken)
    failing = list_failing(by_engine["polars"])
    assert all(records <= failing[rule] for rule, records in found.items())
    assert set(found) == set(failing)


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["polars", "pandas"])
def test_rules_in_one_pass_give_the_results_of_separate_passes(engine, broken, by_engine):
    row_rules = [rule for rule in load_rules().values() if rule.is_row_rule]

    for answer in evaluate_rules(row_rules, RuleContext(broken, RELEASED, engine)):
        alone, tally = by_engine[engine][answer.rule.id][0], answer.tally
        verdicts = [verdict for _, verdict in alone]
        assert (tally.valid, tally.invalid, tally.unknown) == tuple(verdicts.count(v) for v in (True, False, None))
        failed = {format_record_key(answer.rule, row) for row in answer.failed.iter_rows(named=True)}
        assert failed == {record for record, verdict in alone if verdict is False}


@pytest.mark.sample(12)
@pytest.mark.parametrize("rule", [load_rules()[id_] for id_ in CASED if id_ not in REFUSED], ids=lambda rule: rule.id)
@pytest.mark.parametrize("case", ["bad", pytest.param("good", marks=pytest.mark.slow)])
def test_schemas_agree_on_the_cases(rule, case):
    tables = load_case(FOLDER / rule.id / f"{case}.yaml")
    failing = list_failing(collect_results(tables, "polars", [rule]))
    needed = {
        name: frame for name, frame in tables.items() if frame.height or name in (rule.table, *rule.requires_tables)
    }

    found = collect_pandera_failures(needed, rule.table).get(rule.id)
    assert found == failing.get(rule.id)
    assert found == list_reported(needed).get(rule.id)


def check_agreement(tables, passed):
    with skip_if_passed(tables, passed):
        found = collect_results(tables, "polars")
        assert not list_differing(found, collect_results(tables, "pandas"))
        assert collect_schema_failures(tables) == list_reported(tables)


@pytest.mark.slow
@few
@given(damaged_sets())
def test_engines_and_pandera_agree_on_damaged_sets(passed, tables):
    check_agreement(tables, passed)


@pytest.mark.hand
@pytest.mark.slow
@many
@given(damaged_sets())
def test_engines_and_pandera_agree_on_many_damaged_sets(passed, tables):
    check_agreement(tables, passed)
