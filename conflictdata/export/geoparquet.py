"""Export events to GeoParquet with GeoPandas.

GIS tools and DuckDB's spatial extension read the file.
"""

from __future__ import annotations

from pathlib import Path

import geopandas

from conflictdata.export._events import select_active_events
from conflictdata.export.bundle import Bundle
from conflictdata.export.geojson import APPROXIMATE, note_missing_points

WGS84 = "OGC:CRS84"  # longitude, latitude


def write(bundle: Bundle, file: Path, tables: list[str]) -> list[str]:  # noqa: ARG001 - one signature for all formats
    """Write the file."""
    events = select_active_events(bundle)
    native = events.drop("latitude", "longitude").to_pandas(use_pyarrow_extension_array=True)
    points = geopandas.points_from_xy(events["longitude"].to_numpy(), events["latitude"].to_numpy())
    has_point = events["latitude"].is_not_null().to_numpy()
    geometry = geopandas.GeoSeries(points, crs=WGS84).where(has_point)
    geopandas.GeoDataFrame(native, geometry=geometry, crs=WGS84).to_parquet(file, index=False, schema_version="1.1.0")
    return [APPROXIMATE, *note_missing_points(int((~has_point).sum()))]
