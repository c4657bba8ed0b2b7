"""Settings for Hypothesis and for commands, and a sample of the slow tests.

Hypothesis has no deadlines on shared machines, and draws the same examples in every CI run. Commands start as for users.
"""

from __future__ import annotations

import os
from collections import defaultdict

import pytest
from hypothesis import settings

# Commands in tests use compiled files, as an installed package does.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option `--cases`."""
    parser.addoption(
        "--cases", type=int, default=0, help="run at most N cases of each slow test, spread evenly; 0: all"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep at most `--cases` cases of each slow test."""
    most = config.getoption("--cases")
    if not most:
        return
    cases = defaultdict(list)
    for item in items:
        if item.get_closest_marker("slow"):
            cases[item.nodeid.split("[")[0]].append(item)
    dropped = {item for same in cases.values() for item in same if item not in same[:: -(-len(same) // most)]}
    config.hook.pytest_deselected(items=[item for item in items if item in dropped])
    items[:] = [item for item in items if item not in dropped]
