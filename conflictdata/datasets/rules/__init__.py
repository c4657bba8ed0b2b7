"""Rules of third-party datasets: one module per dataset or topic, found like the rules of our own records.

`conflictdata.rules.base` shows how a rule is written. A new module of this folder is found by itself. Rules that several tables have
are made by functions in the modules whose names begin with `_`.
"""

from __future__ import annotations

import sys
from functools import cache
from typing import TYPE_CHECKING

from conflictdata.rules import collect_rules

if TYPE_CHECKING:
    from conflictdata.rules.base import Rule


@cache
def load_dataset_rules() -> dict[str, Rule]:
    """Return every rule by id, in the order of the modules and their definitions.

    Raises:
        RuntimeError: If two rules have the same id.
    """
    return collect_rules(sys.modules[__name__])


@cache
def list_table_rules(table: str) -> tuple[Rule, ...]:
    """Return the rules of a table."""
    return tuple(rule for rule in load_dataset_rules().values() if rule.table == table)
