"""Columns of monthly counts of ACLED's events, which HDX and its API HAPI publish.

Source: the documentation of HDX HAPI, and the files on HDX. They hold no event.
"""

from __future__ import annotations

from typing import Any

from conflictdata.datasets.models import fields as c


def _define_counts() -> dict[str, Any]:
    return {
        "events": c.count("Number of events in the month.", "12", required=True),
        "fatalities": c.count("Reported deaths in the month.", "30"),
    }


Hapi = c.make_model(
    "hapi_conflict_events",
    ("location_code", "admin1_code", "admin2_code", "event_type", "reference_period_start"),
    {
        "location_code": c.code(r"[A-Z]{3}", "Country, ISO 3166-1 alpha-3.", "SYR", required=True),
        "location_name": c.prose("Name of the country.", "Syria"),
        "location_ref": c.count("Key of the country in the API.", "1"),
        "has_hrp": c.prose("Whether there is a humanitarian response plan.", "True"),
        "in_gho": c.prose("Whether it is in the global humanitarian overview.", "True"),
        "provider_admin1_name": c.prose("First-order division, as ACLED names it.", "Aleppo"),
        "provider_admin2_name": c.prose("Second-order division, as ACLED names it.", "Afrin"),
        "admin1_ref": c.count("Key of the division in the API.", "1"),
        "admin1_code": c.prose("First-order division, P-code.", "SY02"),
        "admin1_name": c.prose("First-order division.", "Aleppo"),
        "admin2_ref": c.count("Key of the division in the API.", "1"),
        "admin2_code": c.prose("Second-order division, P-code.", "SY0203"),
        "admin2_name": c.prose("Second-order division.", "Afrin"),
        "admin_level": c.choice(("0", "1", "2"), "Level of the division."),
        "event_type": c.choice(("political_violence", "civilian_targeting", "demonstration"), "What is counted.", required=True),
        **_define_counts(),
        "reference_period_start": c.day("First day of the month.", "2024-01-01", required=True),
        "reference_period_end": c.day("Last day of the month.", "2024-01-31"),
        "dataset_hdx_id": c.prose("Key of the dataset on HDX.", ""),
        "dataset_hdx_provider_stub": c.prose("Provider on HDX.", ""),
        "resource_hdx_id": c.prose("Key of the file on HDX.", ""),
        "warning": c.prose("What HDX noticed.", ""),
        "error": c.prose("What HDX could not read.", ""),
    },
    "One row per division, month and kind of event.",
)  # fmt: skip

Hdx = c.make_model(
    "hdx_acled_counts",
    ("ISO3", "Admin1", "Admin2", "Year", "Month"),
    {
        "Country": c.prose("Name of the country.", "Syria", required=True),
        "Admin1": c.prose("First-order division.", "Aleppo"),
        "Admin2": c.prose("Second-order division.", "Afrin"),
        "ISO3": c.code(r"[A-Z]{3}", "Country, ISO 3166-1 alpha-3.", "SYR"),
        "Admin1 Pcode": c.prose("First-order division, P-code.", "SY02"),
        "Admin2 Pcode": c.prose("Second-order division, P-code.", "SY0203"),
        "Month": c.choice(
            ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"),
            "Month.", required=True,
        ),
        "Year": c.count("Year.", "2024", low=1900, high=2200, required=True),
        **{name.capitalize(): field for name, field in _define_counts().items()},
    },
    "One row per division and month.",
)  # fmt: skip

MODELS = (Hapi, Hdx)
