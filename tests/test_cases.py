"""A good and a bad case per rule; messages are in `tests/messages/<rule id>.txt`.

`CONFLICTDATA_GOLDEN=write pytest tests/test_cases.py` rewrites the messages. Read them as the person who made the mistake.
"""

import os
from functools import cache
from pathlib import Path

import pytest
from casefiles import CASED, CASES, load_case
from rule_results import collect_results

from conflictdata.rules import load_rules

MESSAGES = Path(__file__).parent / "messages"
WRITE = os.environ.get("CONFLICTDATA_GOLDEN") == "write"
# Texts that Python, polars or pandas print for a missing or raw value.
RAW = ("None", "NaN", "nan,", " nan", "<NA>", "NaT", "datetime", "Decimal", "shape:", "[", "00:00")

# A rule without cases has its example, which tests/test_explain.py tries.
RULES = {id_: load_rules()[id_] for id_ in CASED}

each_rule = pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
each_case = pytest.mark.parametrize("case", ["good", "bad"])


@cache
def evaluate_case(rule_id, case, engine="polars"):
    """Return the verdicts of a rule on its case, and its messages."""
    return collect_results(load_case(CASES / rule_id / f"{case}.yaml"), engine, [load_rules()[rule_id]])[rule_id]


def load_rows(rule, case):
    return {verdict for _, verdict in evaluate_case(rule.id, case)[0]}


@each_rule
def test_a_good_case_is_valid(rule):
    assert True in load_rows(rule, "good")
    assert False not in load_rows(rule, "good")


@each_rule
def test_a_bad_case_is_invalid(rule):
    assert False in load_rows(rule, "bad")


@each_case
@pytest.mark.sample(10)
@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.id)
def test_pandas_answers_a_case_as_polars_does(rule, case):
    assert evaluate_case(rule.id, case, "pandas") == evaluate_case(rule.id, case)


def test_every_folder_of_cases_belongs_to_a_rule():
    assert set(CASED) <= set(load_rules())
    assert len(CASED) >= 203


def format_case(rule):
    """Return the messages of a rule for its bad case, one finding per block."""
    blocks = [
        f"{rule.severity}: {message}\n  {rule.table} {record}\n  hint: {hint}\n"
        for record, message, hint in evaluate_case(rule.id, "bad")[1]
    ]
    return "\n".join(blocks)


@each_rule
def test_a_bad_case_has_its_golden_message(rule):
    golden = MESSAGES / f"{rule.id}.txt"
    if WRITE:
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(format_case(rule), encoding="utf-8")

    assert golden.read_text(encoding="utf-8") == format_case(rule)


@each_rule
def test_a_message_shows_no_raw_values(rule):
    for _, message, hint in evaluate_case(rule.id, "bad")[1]:
        assert [raw for raw in RAW if raw in message + hint] == []
        assert "{" not in message
        assert message == message.strip()
        assert message[-1] not in ".:,"


def test_every_message_belongs_to_a_rule():
    assert {path.stem for path in MESSAGES.glob("*.txt")} == set(CASED)
