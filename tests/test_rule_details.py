"""What a rule reads, comes after and makes unreliable: all rules, compared with a list that people have read.

A wrong column in these details hides a finding or reports it twice, and only where two faults meet. The list is `tests/data/rules.txt`.
`CONFLICTDATA_GOLDEN=write pytest tests/test_rule_details.py` rewrites it after a change of a rule.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import narwhals.stable.v1 as nw
import pytest

from conflictdata.datasets import list_profiles
from conflictdata.rules import load_rules
from conflictdata.rules.base import Rule

GOLDEN = Path(__file__).parent / "data" / "rules.txt"
WRITE = os.environ.get("CONFLICTDATA_GOLDEN") == "write"

# Texts, which the messages and pages of the rules hold; and functions, of which only the presence counts.
TEXTS = {"id", "message", "hint", "why", "example", "title", "note", "unseen"}
RULES = {
    rule.id: rule
    for rules in (load_rules().values(), *(table.rules for profile in list_profiles() for table in profile.tables))
    for rule in rules
}


def describe(value: Any) -> str:
    """Return a value of a rule in words that do not change from run to run."""
    if isinstance(value, str | bool | int):
        return str(value)
    if isinstance(value, tuple):
        return f"({' '.join(map(describe, value))})"
    return "expression" if isinstance(value, nw.Expr) else "function"


def list_details(rule: Rule) -> Iterator[str]:
    """Return the details of a rule that are not empty."""
    for field in fields(rule):
        value = getattr(rule, field.name)
        is_empty = value is None or (isinstance(value, str | tuple | bool) and not value)
        if field.name not in TEXTS and not is_empty:
            yield f"{field.name} {describe(value)}"


@pytest.fixture(scope="module")
def listed() -> dict[str, str]:
    lines = [f"{id_}: {'; '.join(list_details(rule))}" for id_, rule in sorted(RULES.items())]
    if WRITE:
        GOLDEN.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return dict(line.split(": ", 1) for line in GOLDEN.read_text(encoding="utf-8").splitlines())


def test_every_rule_is_listed(listed: dict[str, str]) -> None:
    assert list(listed) == sorted(RULES)


@pytest.mark.parametrize("id_", RULES)
def test_a_rule_has_the_details_that_people_have_read(id_: str, listed: dict[str, str]) -> None:
    assert "; ".join(list_details(RULES[id_])) == listed.get(id_)
