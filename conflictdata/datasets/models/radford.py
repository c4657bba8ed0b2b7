"""Columns of the replication data of Radford et al. 2023.

Source: the article and its supplement.
"""

from __future__ import annotations

from conflictdata.datasets.models import fields as c

Radford = c.make_model(
    "radford",
    ("days", "claim_source", "loss_type", "time_frame"),
    {
        "days": c.count("Day of the war.", "2", low=1, required=True),
        "loss_count": c.count("Number claimed.", "2800", required=True),
        "loss_type": c.prose("What was lost, and by whom.", "Military Deaths-Russia", required=True),
        "claim_source": c.prose("Whose claim it is.", "UA Source", required=True),
        "time_frame": c.choice(("Cumulative", "Day"), "Since the first day, or of the day.", required=True),
        "loss_country": c.prose("Who lost it.", "Russia"),
        "minimum": c.choice(("0", "1"), "Whether it is a lower bound."),
        "maximum": c.choice(("0", "1"), "Whether it is an upper bound."),
        "category": c.prose("What was lost.", "Military Deaths"),
        "source_target": c.prose("Whose claim of whose loss.", "UA Source-Russia"),
    },
    "One row a claim of losses in Ukraine, 2022-2023.",
)

MODELS = (Radford,)
