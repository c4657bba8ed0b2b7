"""How much is tried: some in every run, all and more where CONFLICTDATA_DEEP is set (`.ci/run`)."""

import os
from collections.abc import Iterable
from typing import TypeVar

Case = TypeVar("Case")

DEEP = bool(os.environ.get("CONFLICTDATA_DEEP"))


def count_examples(few: int, many: int) -> int:
    """How many examples hypothesis draws."""
    return many if DEEP else few


def select_one_in(number: int, cases: Iterable[Case]) -> list[Case]:
    """One case in so many, or all of them: where others than these cases test the same thing, at less cost."""
    return list(cases)[:: 1 if DEEP else number]
