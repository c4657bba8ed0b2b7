"""Pictures of answers: tolls over time and rival claims, in light and dark, without a network.

They need the extra `plot` (Altair and vl-convert). Shape says the qualifier; colour means nothing.
"""

from __future__ import annotations

from conflictdata.plots.over_time import timeline
from conflictdata.plots.picture import Picture
from conflictdata.plots.rivals import compare

__all__ = ["Picture", "compare", "timeline"]
