"""Rules of the data: one module per topic, collected in one dictionary."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conflictdata.rules.base import Rule


@cache
def load_rules() -> dict[str, Rule]:
    """Return every rule by id, in the order of the modules and their lists.

    Raises:
        RuntimeError: If two rules have the same id.
    """
    rules: dict[str, Rule] = {}
    for module in sorted(m.name for m in pkgutil.iter_modules(__path__)):
        for rule in getattr(importlib.import_module(f"{__name__}.{module}"), "RULES", ()):
            if rule.id in rules:
                raise RuntimeError(f"two rules have the id {rule.id}")
            rules[rule.id] = rule
    return rules


@cache
def load_imported_rules() -> dict[str, Rule]:
    """Return the rules for records of imported datasets, by id.

    Rules about typing errors are left out. The others have the severity and check for imports.
    """
    return {name: rule.convert_for_imports() for name, rule in load_rules().items() if not rule.skip_for_imports}
