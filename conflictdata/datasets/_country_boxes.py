"""The rule that a point is in its country, by the bounding box of the country."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import narwhals.stable.v1 as nw

from conflictdata.datasets._helpers import ROW
from conflictdata.rules.base import TIMES, VERDICT, Frames, Row, Rule
from conflictdata.schema.countries import Box, load_countries, load_gleditsch_ward

MARGIN = 0.5  # degrees (about 55 km) that a point may be outside the box: borders, coasts, rounding

Frame = nw.LazyFrame[Any]
Boxes = Mapping[str, tuple[Box, ...]]  # by the text of a cell that names the country

_col = nw.col
# Names of datasets of others that differ from ours.
_NAMES = {
    "COD": ("Democratic Republic of Congo", "DR Congo (Zaire)"), "COG": ("Republic of Congo",), "CIV": ("Ivory Coast", "Cote d'Ivoire"),
    "MMR": ("Myanmar (Burma)",), "SWZ": ("eSwatini",), "PSE": ("Palestine",), "TLS": ("East Timor",), "XKX": ("Kosovo",), "RUS": ("Russia",),
    "SYR": ("Syria",), "IRN": ("Iran",), "BOL": ("Bolivia",), "VEN": ("Venezuela",), "TZA": ("Tanzania",), "LAO": ("Laos",),
}  # fmt: skip
# States that left a country since 1989, where UCDP's data begin: earlier events in them are in that country.
_LEFT = {
    "SDN": ("SSD",), "ETH": ("ERI",), "IDN": ("TLS",), "ZAF": ("NAM",), "SRB": ("BIH", "HRV", "MKD", "MNE", "SVN", "XKX"),
    "RUS": ("ARM", "AZE", "BLR", "EST", "GEO", "KAZ", "KGZ", "LTU", "LVA", "MDA", "TJK", "TKM", "UKR", "UZB"),
}  # fmt: skip
# Territories that datasets count as part of a state: the GTD has Puerto Rico as `United States`.
_TERRITORIES = {
    "USA": ("PRI", "VIR", "GUM", "ASM", "MNP"), "FRA": ("GLP", "MTQ", "GUF", "REU", "NCL", "PYF", "MYT", "SPM", "WLF", "BLM", "MAF"),
    "GBR": ("FLK", "GIB", "BMU", "CYM", "VGB", "TCA", "AIA", "MSR", "SHN", "GGY", "JEY", "IMN"), "NLD": ("ABW", "CUW", "SXM", "BES"),
    "DNK": ("GRL", "FRO"), "NOR": ("SJM",), "AUS": ("CXR", "CCK", "NFK"), "NZL": ("COK", "NIU", "TKL"), "FIN": ("ALA",),
    "CHN": ("HKG", "MAC"), "MAR": ("ESH",),
}  # fmt: skip


def _list_boxes(code: str) -> tuple[Box, ...]:
    """Return the box of a country, of its territories and of states that left it; empty if its own box is not known."""
    countries = load_countries()
    parts = (code, *_LEFT.get(code, ()), *_TERRITORIES.get(code, ()))
    found = (countries[part].box for part in parts if part in countries)
    return tuple(box for box in found if box) if code in countries and countries[code].box else ()


@cache
def list_numbers() -> dict[str, tuple[Box, ...]]:
    """Return the boxes by the number of Gleditsch and Ward. Several countries may share a number."""
    found: dict[str, tuple[Box, ...]] = {}
    for code, number in load_gleditsch_ward().items():
        if boxes := _list_boxes(code):
            found[str(number)] = (*found.get(str(number), ()), *boxes)
    return found


@cache
def list_names() -> dict[str, tuple[Box, ...]]:
    """Return the boxes by the English name of the country."""
    found: dict[str, tuple[Box, ...]] = {}
    for code, country in load_countries().items():
        if boxes := _list_boxes(code):
            found |= dict.fromkeys((country.name, *_NAMES.get(code, ())), boxes)
    return found


def make_point_rule(table: str, country: str, boxes: Boxes) -> Rule:
    """Make the rule that the point of a row is in its country.

    Args:
        table: Name of the table, which has `latitude` and `longitude`.
        country: Column that names the country.
        boxes: Boxes of the countries.
    """

    def check(frames: Frames) -> Frame:
        known = frames[table].filter(~_col("latitude").is_null() & ~_col("longitude").is_null())
        point = _col("latitude"), _col("latitude"), _col("longitude"), _col("longitude")
        return known.with_columns(_is_inside(country, boxes, point).alias(VERDICT))

    def group_check(frames: Frames) -> Frame:
        """Judge the outermost points of each country."""
        known = frames[table].filter(~_col("latitude").is_null() & ~_col("longitude").is_null())
        outer = known.group_by(country).agg(
            _col(ROW).count().alias(TIMES), _col("latitude").min().alias("south"), _col("latitude").max().alias("north"),
            _col("longitude").min().alias("west"), _col("longitude").max().alias("east"),
        )  # fmt: skip
        corners = _col("south"), _col("north"), _col("west"), _col("east")
        return outer.with_columns(_is_inside(country, boxes, corners).alias(VERDICT))

    def explain(rows: list[Row], _: Frames) -> list[Row]:
        for row in rows:
            box = boxes[row[country]][0]
            row |= {
                "south": box.south,
                "north": box.north,
                "west": box.west,
                "east": box.east,
                "clue": _find_clue(row, boxes[row[country]]),
            }
        return rows

    return Rule(
        id=f"{table}.point-in-country", number=38, table=table, severity="warning", fields=("latitude", "longitude", country),
        check=check, group_check=group_check, explain=explain,
        message=f"{{latitude}}, {{longitude}} lies outside {country} {{{country}}}, which runs from {{south}} to {{north}} north and from {{west}} to {{east}} east",
        hint="{clue}Compare the point with the place; events at sea and across a border may be right.",
        why="Exchanged coordinates and lost signs are the commonest faults of points, and they put the dead in another country.",
    )  # fmt: skip


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
