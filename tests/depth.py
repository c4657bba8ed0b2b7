"""Amount of testing.

A sample by default; everything if CONFLICTDATA_DEEP is set (`.ci/run`).
"""

import os
from collections.abc import Iterable
from typing import TypeVar

Case = TypeVar("Case")

DEEP = bool(os.environ.get("CONFLICTDATA_DEEP"))


def count_examples(few: int, many: int) -> int:
    """Return how many examples Hypothesis draws."""
    return many if DEEP else few


def select_one_in(number: int, cases: Iterable[Case]) -> list[Case]:
    """Return one case in `number`, or all cases in deep runs.

    For cases that cheaper tests cover as well.
    """
    return list(cases)[:: 1 if DEEP else number]
