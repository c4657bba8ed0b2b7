"""Columns of the daily tables of Tech for Palestine.

Source: the site's pages on each dataset. `_cum` counts since the first day. The publisher fills in `ext_` columns if
nothing was reported; the others were reported.
"""

from __future__ import annotations

from typing import Any

from conflictdata.datasets.models import fields as c


def _define_day() -> dict[str, Any]:
    return {"report_date": c.day("Day of the report.", "2023-10-07", required=True)}


def _define_counts(*names: str) -> dict[str, Any]:
    return {name: c.count(f"Number of people or cases: {name.replace('_', ' ')}.", "3") for name in names}


def _define_report() -> dict[str, Any]:
    return _define_day() | {
        "report_source": c.prose("Who reported.", "mohtel"),
        "report_period": c.count("Hours that the report covers.", "24"),
    }


Gaza = c.make_model(
    "palestine_gaza",
    ("report_date",),
    _define_report()
    | _define_counts(
        "killed", "killed_cum", "injured", "injured_cum", "killed_children_cum", "killed_women_cum", "massacres_cum",
        "med_killed_cum", "press_killed_cum", "civdef_killed_cum", "famine_cum", "child_famine_cum",
        "aid_seeker_killed_cum", "aid_seeker_injured_cum", "killed_recovered", "killed_succumbed", "killed_committee",
        "killed_truce_new", "ext_killed", "ext_killed_cum", "ext_injured", "ext_injured_cum",
        "ext_killed_children_cum", "ext_killed_women_cum", "ext_massacres_cum", "ext_civdef_killed_cum",
        "ext_med_killed_cum", "ext_press_killed_cum",
    ),
    "Killed and injured in Gaza, one row per day.",
)  # fmt: skip

_BOTH = ("killed", "killed_cum", "injured", "injured_cum")
_CHILDREN = ("killed_children", "killed_children_cum", "injured_children", "injured_children_cum")

WestBank = c.make_model(
    "palestine_west_bank",
    ("report_date",),
    _define_day()
    | _define_counts(
        *_BOTH, *_CHILDREN, "settler_attacks_cum", "displaced_households_cum", "displaced_persons_cum",
        "displaced_children_cum", *(f"verified.{name}" for name in (*_BOTH, *_CHILDREN)),
    )
    | {"flash_source": c.prose("Who reported.", "un")},
    "Killed and injured in the West Bank, one row per day.",
)  # fmt: skip

Lebanon = c.make_model(
    "palestine_lebanon",
    ("report_date",),
    _define_report()
    | {"phase": c.count("Phase of the ministry's count, which restarts with each.", "1")}
    | _define_counts(
        *_BOTH, "killed_cum_reported", "injured_cum_reported", "ext_killed", "ext_killed_cum", "ext_injured", "ext_injured_cum",
    ),
    "Killed and injured in Lebanon, one row per report.",
)  # fmt: skip

_BUILDINGS = {
    "civic_buildings": ("destroyed",),
    "educational_buildings": ("destroyed", "damaged"),
    "places_of_worship": ("mosques_destroyed", "mosques_damaged", "churches_destroyed"),
    "residential": ("destroyed",),
}

Infrastructure = c.make_model(
    "palestine_infrastructure",
    ("report_date",),
    _define_day()
    | _define_counts(
        *(f"{of}.{ext}{what}" for of, whats in _BUILDINGS.items() for what in whats for ext in ("", "ext_"))
    ),
    "Buildings in Gaza destroyed and damaged so far, one row per day.",
)

MODELS = (Gaza, WestBank, Lebanon, Infrastructure)
