"""One fault, one finding: the rule of a fault finds it, and no other rule does."""

import re
from functools import cache

import pytest
from casefiles import CASED
from rule_faults import CASES, FAULTS, build_broken_war, build_war
from rule_results import collect_results
from strategies import RELEASED

from conflictdata.findings import Place
from conflictdata.readers.normalize import convert_to_text
from conflictdata.rules import load_rules
from conflictdata.schema.columns import make_text_schema
from conflictdata.validation.pipeline import ValidationTarget, validate_target

# Rules that no fault breaks alone, with the reason.
UNTRIED: dict[str, str] = {
    "claims.window-holds-figures": "figures.child-narrows-parent finds its figures, too",
}

# Rules whose fault is also a bad cell in text: the cell is reported, and the rule is not.
CELLS = {"figures.count-not-negative": "cells.range", "figures.depth-within-limit": "cells.pattern"}

WAIVED = ("figures.round-number-exact", "w0_paper-2024-06-04.3.displaced")


class TextSheet:
    """A typed table as the text of a file."""

    def __init__(self, table, frame):
        self.frame = convert_to_text(frame, table).cast(make_text_schema(table))
        self._table = table

    def place(self, row, fields=()):
        return Place(f"{self._table}.csv", row + 2)


def check_tables(tables):
    """Return the report of a complete check, from text."""
    sheets = {table: TextSheet(table, frame) for table, frame in tables.items()}
    return validate_target(ValidationTarget(sheets), released_on=RELEASED).report


def group_by_case(found):
    """Return the rules with findings, by case.

    Each case has its own world, and each record has the token of its world.
    """
    rules_of = {name: set() for name in CASES}
    for rule, record in found:
        number = int(re.search(r"w([0-9]+)[-_]", record).group(1))
        if (rule, re.sub(r"\bw[0-9]+_", "w0_", record)) != WAIVED:
            rules_of[list(CASES)[number]].add(rule)
    return rules_of


@cache
def evaluate_broken():
    found = collect_results(build_broken_war(), "polars")
    return group_by_case((rule, record) for rule, (_, result) in found.items() for record, _, _ in result)


@cache
def check_broken():
    return group_by_case((f.rule, f.record) for f in check_tables(build_broken_war()).findings)


@pytest.mark.slow
def test_the_war_breaks_no_rule():
    report = check_tables(build_war())

    assert report.findings == []
    assert [(f.rule, f.record) for f in report.waived] == [WAIVED]


def test_the_war_gives_every_rule_something_to_judge():
    verdicts = {
        rule: [verdict for _, verdict in found] for rule, (found, _) in collect_results(build_war(), "polars").items()
    }

    assert [rule for rule in CASED if True not in verdicts[rule]] == []


def test_every_rule_has_its_fault():
    assert set(FAULTS) | set(UNTRIED) == set(load_rules())
    assert not set(FAULTS) & set(UNTRIED)


@pytest.mark.sample(8)
@pytest.mark.parametrize("case", CASES)
def test_a_fault_breaks_its_rule_and_no_other(case):
    assert evaluate_broken()[case] == {CASES[case][0]}


@pytest.mark.sample(6)
@pytest.mark.parametrize("case", CASES)
def test_a_fault_gives_its_finding_and_no_other(case):
    rule = CASES[case][0]

    assert check_broken()[case] == {CELLS.get(rule, rule)}


@pytest.mark.slow
def test_the_order_of_rows_changes_no_verdict():
    tables = build_broken_war()
    turned = {table: frame.reverse() for table, frame in tables.items()}

    one, other = collect_results(tables, "polars"), collect_results(turned, "polars")

    assert [rule for rule in one if one[rule][0] != other[rule][0]] == []
