"""Export to GeoJSON (RFC 7946): one feature per event.

The geometry of an event without a point is null, as the standard requires.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

from conflictdata.export._events import select_active_events
from conflictdata.export.bundle import Bundle

APPROXIMATE = "points are those of the settlement or area, approximate; location_precision is UCDP's where_prec"


def write(bundle: Bundle, file: Path, tables: list[str]) -> list[str]:  # noqa: ARG001 - one signature for all formats
    """Write a FeatureCollection."""
    features = [_build_feature(row) for row in select_active_events(bundle).iter_rows(named=True)]
    document = {"type": "FeatureCollection", "name": f"conflictdata {bundle.version} events", "features": features}
    with file.open("w", encoding="utf-8", newline="\n") as out:
        json.dump(document, out, ensure_ascii=False, indent=1)
        out.write("\n")
    return [APPROXIMATE, *note_missing_points(sum(f["geometry"] is None for f in features))]


def note_missing_points(number: int) -> list[str]:
    """Return the remark on events without a point."""
    return [f"{number} events have no point"] if number else []


def _build_feature(row: dict[str, Any]) -> dict[str, Any]:
    latitude, longitude = row.pop("latitude"), row.pop("longitude")
    point = None if latitude is None else {"type": "Point", "coordinates": [longitude, latitude]}
    properties = {k: v.isoformat() if isinstance(v, dt.date) else v for k, v in row.items()}
    return {"type": "Feature", "id": row["event_id"], "geometry": point, "properties": properties}
