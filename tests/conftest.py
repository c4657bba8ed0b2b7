"""Settings for Hypothesis and for commands.

Hypothesis has no deadlines on shared machines, and draws the same examples in every CI run. Commands start as for users.
"""

from __future__ import annotations

import os

from hypothesis import settings

# Commands in tests use compiled files, as an installed package does.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")
