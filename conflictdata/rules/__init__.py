"""The rules of the data, one module a table, collected in one registry."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conflictdata.rules.base import Rule


@cache
def load_rules() -> dict[str, Rule]:
    """Every rule by id, in the order of the modules' names and of their tables."""
    found: dict[str, Rule] = {}
    for module in sorted(m.name for m in pkgutil.iter_modules(__path__)):
        for rule in getattr(importlib.import_module(f"{__name__}.{module}"), "RULES", ()):
            if rule.id in found:
                raise RuntimeError(f"two rules have the id {rule.id}")
            found[rule.id] = rule
    return found


@cache
def load_imported_rules() -> dict[str, Rule]:
    """The rules that are asked of records of somebody else's dataset, by id, as they hold for these."""
    return {name: rule.convert_for_imports() for name, rule in load_rules().items() if not rule.skip_for_imports}
