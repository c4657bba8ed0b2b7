"""The rules of points, made for a table: a point is a place, and lies in its country."""

from __future__ import annotations

from typing import Any

import narwhals.stable.v1 as nw

from conflictdata.datasets._country_boxes import MARGIN, Boxes
from conflictdata.datasets._helpers import ROW
from conflictdata.rules.base import TIMES, VERDICT, Example, Frames, Row, Rule, rule
from conflictdata.schema.countries import Box

Frame = nw.LazyFrame[Any]

_col = nw.col
_latitude, _longitude = _col("latitude"), _col("longitude")


def make_coordinates_rule(
    table: str, *, why: str, example: Example, hint: str = "Both are given or neither is; 0, 0 lies in the sea."
) -> Rule:
    """Make the rule that a point has both coordinates, and is not the point 0, 0."""

    @rule(
        f"{table}.coordinates-real",
        "error",
        ("latitude", "longitude"),
        message="latitude {latitude} and longitude {longitude} are not a place",
        hint=hint,
        why=why,
        example=example,
    )
    def check() -> nw.Expr:
        is_zero = ((_latitude == 0) & (_longitude == 0)).fill_null(False)
        return (_latitude.is_null() == _longitude.is_null()) & ~is_zero

    return check


_POINT = Example(
    "A point is in its country",
    bad={
        "ged.csv": """
            id,latitude,longitude,country_id,best
            1,-35.5,36.5,652,3
            """,
    },
    good={
        "ged.csv": """
            id,latitude,longitude,country_id,best
            1,35.5,36.5,652,3
            """,
    },
    of="ucdp_ged.point-in-country",
)


def make_point_rule(table: str, country: str, boxes: Boxes) -> Rule:
    """Make the rule that the point of a row is in its country.

    Args:
        table: Name of the table, which has `latitude` and `longitude`.
        country: Column that names the country.
        boxes: Boxes of the countries.
    """

    def group_check(frames: Frames) -> Frame:
        """Judge the outermost points of each country."""
        outer = _select_points(frames[table]).group_by(country).agg(
            _col(ROW).count().alias(TIMES), _latitude.min().alias("south"), _latitude.max().alias("north"),
            _longitude.min().alias("west"), _longitude.max().alias("east"),
        )  # fmt: skip
        corners = _col("south"), _col("north"), _col("west"), _col("east")
        return outer.with_columns(_is_inside(country, boxes, corners).alias(VERDICT))

    def explain(rows: list[Row], _: Frames) -> list[Row]:
        for row in rows:
            box = boxes[row[country]][0]
            clue = _find_clue(row, boxes[row[country]])
            row |= {"south": box.south, "north": box.north, "west": box.west, "east": box.east, "clue": clue}
        return rows

    @rule(
        f"{table}.point-in-country",
        "warning",
        ("latitude", "longitude", country),
        message=(
            f"{{latitude}}, {{longitude}} lies outside {country} {{{country}}}, which runs from {{south}} to {{north}} north and from "
            "{west} to {east} east"
        ),
        hint="{clue}Compare the point with the place; events at sea and across a border may be right.",
        why=(
            "Exchanged coordinates and lost signs are the commonest faults of points, and they put the dead in another "
            "country."
        ),
        group_check=group_check,
        explain=explain,
        example=_POINT,
    )
    def check(frames: Frames) -> Frame:
        point = _latitude, _latitude, _longitude, _longitude
        return _select_points(frames[table]).with_columns(_is_inside(country, boxes, point).alias(VERDICT))

    return check


def _select_points(frame: Frame) -> Frame:
    return frame.filter(~_latitude.is_null() & ~_longitude.is_null())


def _is_inside(country: str, boxes: Boxes, corners: tuple[nw.Expr, nw.Expr, nw.Expr, nw.Expr]) -> nw.Expr:
    """Return true where the corners are inside a box of the country, null where its box is not known."""
    south, north, west, east = corners
    tests = []
    for name, listed in boxes.items():
        for box in listed:
            across = (west >= box.west - MARGIN) & (east <= box.east + MARGIN)
            if box.west > box.east:
                across = (west >= box.west - MARGIN) | (east <= box.east + MARGIN)
            inside = (south >= box.south - MARGIN) & (north <= box.north + MARGIN) & across
            tests.append((_col(country) == name) & inside)
    known = _col(country).is_in(list(boxes))
    return nw.when(known).then(nw.any_horizontal(*tests, ignore_nulls=True))


def _find_clue(row: Row, boxes: tuple[Box, ...]) -> str:
    """Say which change puts the point into its country; "" if none does."""
    lat, lon = row["latitude"], row["longitude"]
    ways = {
        "exchanged": (lon, lat), "with the sign of the latitude changed": (-lat, lon), "with the sign of the longitude changed": (lat, -lon),
    }  # fmt: skip
    for how, (y, x) in ways.items():
        if any(box.south <= y <= box.north and box.west <= x <= box.east for box in boxes):
            return f"{y}, {x}, {how}, lies inside. "
    return ""
