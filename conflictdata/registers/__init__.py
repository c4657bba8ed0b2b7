"""Turn names into ids: actors, places, conflicts, tolls and events by id, name, alias or near miss.

Nothing here imports polars, pandas or pyarrow, so that looking up a name takes a moment.
"""

from __future__ import annotations

from conflictdata.registers.find import find
from conflictdata.registers.finder import Finder
from conflictdata.registers.match import KINDS, NameMatch

__all__ = ["KINDS", "Finder", "NameMatch", "find"]
