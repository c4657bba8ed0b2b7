"""Amount of testing.

A sample by default; everything if CONFLICTDATA_DEEP is set: some files in `.ci/run`, all before a release.
"""

import os

DEEP = bool(os.environ.get("CONFLICTDATA_DEEP"))


def count_examples(few: int, many: int) -> int:
    """Return how many examples Hypothesis draws."""
    return many if DEEP else few
