"""Hypothesis: no deadlines on shared machines, and the same examples for every run in CI. Commands start as they do for users."""

from __future__ import annotations

import os

from hypothesis import settings

# The commands that tests start find the package compiled, as an installed one is.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")
