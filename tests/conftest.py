"""Settings for Hypothesis and for commands, and samples of tests with many cases.

Hypothesis has no deadlines on shared machines, and draws the same examples in every CI run. Commands start as for users.
"""

from __future__ import annotations

import os
from collections import defaultdict
from zlib import crc32

import pytest
from depth import DEEP
from hypothesis import settings

# Commands in tests use compiled files, as an installed package does.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options `--cases` and `--all-cases`."""
    parser.addoption(
        "--cases", type=int, default=0, help="run at most N cases of each slow test, spread evenly; 0: all"
    )
    parser.addoption("--all-cases", action="store_true", help="run all cases of the tests that take a sample")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep a sample of the cases of some tests.

    Of a test marked `sample(n)` one case in n, unless `--all-cases` or CONFLICTDATA_DEEP is set; of a slow test at
    most `--cases`.
    """
    most, every = config.getoption("--cases"), DEEP or config.getoption("--all-cases")
    cases = defaultdict(list)
    for item in items:
        cases[item.nodeid.split("[")[0]].append(item)
    dropped: set[pytest.Item] = set()
    for same in cases.values():
        # By a hash: every nth case would leave out whole values of the inner parameters.
        mixed = sorted(same, key=lambda item: crc32(item.nodeid.encode()))
        sample = same[0].get_closest_marker("sample")
        kept = mixed[: -(-len(mixed) // sample.args[0])] if sample and not every else mixed
        slow = [item for item in kept if item.get_closest_marker("slow")]
        dropped.update(set(same) - set(kept), slow[most:] if most else ())
    if dropped:
        config.hook.pytest_deselected(items=[item for item in items if item in dropped])
        items[:] = [item for item in items if item not in dropped]
