"""Rules of the data: one module per topic, collected in one dictionary.

`rules.base` shows how a rule is written. A new module of this folder is found by itself.
"""

from __future__ import annotations

import fnmatch
import graphlib
import importlib
import pkgutil
import sys
from collections.abc import Iterator
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conflictdata.rules.base import Rule


@cache
def load_rules() -> dict[str, Rule]:
    """Return every rule by id, in the order of the modules and their definitions.

    Raises:
        RuntimeError: If two rules have the same id.
    """
    return collect_rules(sys.modules[__name__])


def collect_rules(package: ModuleType) -> dict[str, Rule]:
    """Return the rules of a package's modules by id, in the order of the modules and their definitions.

    Raises:
        RuntimeError: If two rules have the same id.
    """
    rules: dict[str, Rule] = {}
    for module in sorted(m.name for m in pkgutil.iter_modules(package.__path__)):
        for rule in find_rules(importlib.import_module(f"{package.__name__}.{module}")):
            if rules.setdefault(rule.id, rule) is not rule:
                raise RuntimeError(f"two rules have the id {rule.id}")
    return rules


def find_rules(module: ModuleType) -> Iterator[Rule]:
    """Yield the rules that a module defines: its decorated functions, and the rules of its tuple `RULES`."""
    from conflictdata.rules.base import Rule

    yield from (value for value in vars(module).values() if isinstance(value, Rule))
    yield from getattr(module, "RULES", ())


@cache
def rank_rules() -> dict[str, int]:
    """Return the rank of each rule: 0 for the last ones, more the earlier a rule comes (`Rule.after`).

    The rank is the length of the longest chain of rules that come after.

    Raises:
        RuntimeError: If a rule comes after itself, or after a rule that does not exist.
    """
    rules = load_rules()
    followers: dict[str, list[str]] = {name: [] for name in rules}
    for name, rule in rules.items():
        for pattern in rule.after:
            earlier = fnmatch.filter(rules, pattern)
            if not earlier:
                raise RuntimeError(f"{name} comes after {pattern}, and there is no such rule")
            for other in earlier:
                followers[other].append(name)
    try:
        order = list(graphlib.TopologicalSorter(followers).static_order())
    except graphlib.CycleError as error:
        raise RuntimeError(f"rules come after one another: {' > '.join(error.args[1])}") from error
    ranks: dict[str, int] = {}
    for name in order:
        ranks[name] = max((ranks[other] + 1 for other in followers[name]), default=0)
    return ranks


@cache
def load_imported_rules() -> dict[str, Rule]:
    """Return the rules for records of imported datasets, by id.

    Rules about typing errors are left out. The others have the severity and check for imports.
    """
    return {name: rule.convert_for_imports() for name, rule in load_rules().items() if not rule.skip_for_imports}
