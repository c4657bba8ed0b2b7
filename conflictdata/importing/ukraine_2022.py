"""What the importers of the war in Ukraine share: when it began, where it is, who fights, and a licence."""

from __future__ import annotations

import datetime as dt

FIRST = dt.date(2022, 2, 24)
RUSSIA = {"actor_id": "russia", "name": "Russian armed forces", "kind": "armed_forces", "country": "RUS", "ucdp_id": "57"}  # fmt: skip
UKRAINE = {
    "location_id": "ukraine", "name": "Ukraine", "kind": "country", "country": "UKR",
    "latitude": 48.4, "longitude": 31.2, "precision": "6",
}  # fmt: skip
WAR = {
    "conflict_id": "ukraine_2022", "name": "War in Ukraine, from 2022", "date_start": FIRST, "countries": "RUS UKR",
    "ucdp_id": "13243",
}  # fmt: skip
MIT = {"name": "MIT", "title": "MIT License", "path": "https://opensource.org/license/mit"}
