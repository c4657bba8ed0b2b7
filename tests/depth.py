"""How many examples hypothesis draws: few in every run, many where CONFLICTDATA_DEEP is set (`.ci/run`)."""

import os

DEEP = bool(os.environ.get("CONFLICTDATA_DEEP"))


def examples(few: int, many: int) -> int:
    """The number of this run."""
    return many if DEEP else few
