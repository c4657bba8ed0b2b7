"""Columns of Russian losses as Ukraine's General Staff claims them.

Source: the README of 2022-Ukraine-Russia-War-Dataset.
"""

from __future__ import annotations

from typing import Any

from conflictdata.datasets.models import fields as c

EQUIPMENT = (
    "aircraft", "helicopter", "tank", "APC", "field artillery", "MRL", "military auto", "fuel tank", "drone",
    "naval ship", "submarines", "anti-aircraft warfare", "special equipment", "mobile SRBM system",
    "vehicles and fuel tanks", "cruise missiles", "ground robotic systems",
)  # fmt: skip


def _define_day() -> dict[str, Any]:
    return {
        "date": c.day("Day of the report.", "2022-02-25", required=True),
        "day": c.count("Day of the war; 24 February 2022 is the first.", "2", low=1),
    }


# `more than` and `almost` are words of March 2022.
WORDS = ("about", "more", "more than", "almost", "nearly", "around", "at least", "over", "up to")

_MEANT: dict[str, Any] = {
    "personnel*": c.choice(WORDS, "How the number is meant."),
    "POW": c.count("Prisoners of war so far.", "200"),
}

Personnel = c.make_model(
    "ukraine_personnel",
    ("date",),
    _define_day()
    | {
        "personnel": c.count("Soldiers lost so far.", "2800", required=True),
        **_MEANT,
    },
    "Soldiers lost so far, one row per day.",
)

Equipment = c.make_model(
    "ukraine_equipment",
    ("date",),
    _define_day()
    | {name: c.count(f"Lost so far: {name}.", "80") for name in EQUIPMENT}
    | {"greatest losses direction": c.prose("Where most was lost that day.", "Bakhmut")},
    "Equipment lost so far, one row a day.",
)

Losses = c.make_model(
    "ukraine_losses",
    ("date",),
    _define_day()
    | {"personnel": c.count("Soldiers lost so far.", "2800"), **_MEANT}
    | {name: c.count(f"Lost so far: {name}.", "80") for name in EQUIPMENT}
    | {"greatest losses direction": c.prose("Where most was lost that day.", "Bakhmut")},
    "Soldiers and equipment lost so far in one table, one row per day.",
)

Correction = c.make_model(
    "ukraine_correction",
    ("date",),
    _define_day()
    | {name: c.count(f"By how much the sum was corrected: {name}.", "-1", low=-(10**6)) for name in EQUIPMENT}
    | {"personnel": c.count("By how much the sum was corrected: soldiers.", "0", low=-(10**6))},
    "By how much earlier sums were corrected, one row a correction.",
)

MODELS = (Personnel, Equipment, Losses, Correction)
