"""The bounding boxes of countries, by the names and numbers that datasets have for them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from conflictdata.schema.countries import Box, load_countries, load_gleditsch_ward

MARGIN = 0.5  # degrees (about 55 km) that a point may be outside the box: borders, coasts, rounding

Boxes = Mapping[str, tuple[Box, ...]]  # by the text of a cell that names the country

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
