"""Countries: ISO 3166-1 codes, names, and a bounding box of each.

`countries.csv` has one row per country: `alpha3`, `alpha2`, `name`, `west`, `south`, `east`, `north` (degrees,
WGS 84, rounded outwards to a tenth; all four empty if no box is known). Codes and names follow ISO 3166-1; `XKX`
and `XK` are not ISO codes but the user-assigned ones in common use for Kosovo. The boxes were computed once from
Natural Earth 4.1 at 1:10m (public domain). They contain all land with the country's own code: Réunion, for
example, is not in the box of France.

- **Across 180 degrees** (FJI, KIR, NZL, RUS, UMI, USA) `west` is greater than `east`: the box runs from `west`
  through 180 to `east`. Antarctica's box has the full width.
- **Disputed land** is in the box of every state that a record may give for it, because a box detects typing
  errors and does not draw borders: Crimea in UKR and RUS, the Golan in SYR and ISR, Kosovo in SRB and XKX,
  Kashmir in IND and PAK, Somaliland in SOM, northern Cyprus in CYP.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources
from typing import NamedTuple


class Box(NamedTuple):
    """Bounding box in degrees. If `west` exceeds `east`, it crosses 180 degrees."""

    west: float
    south: float
    east: float
    north: float


class Country(NamedTuple):
    """Country with its codes, its English name, and its box if known."""

    alpha3: str
    alpha2: str
    name: str
    box: Box | None


def _parse_country(row: dict[str, str]) -> Country:
    sides = [row[side] for side in Box._fields]
    return Country(row["alpha3"], row["alpha2"], row["name"], Box(*map(float, sides)) if all(sides) else None)


@cache
def load_countries() -> dict[str, Country]:
    """Return every country by its alpha-3 code, in order of the codes."""
    text = resources.files(__package__).joinpath("countries.csv").read_text(encoding="utf-8")
    return {row["alpha3"]: _parse_country(row) for row in csv.DictReader(text.splitlines())}


@cache
def load_gleditsch_ward() -> dict[str, int]:
    """Return the Gleditsch and Ward state number of each country by alpha-3 code.

    UCDP uses these numbers. It counts Palestine under Israel, 666.
    """
    text = resources.files(__package__).joinpath("gleditsch_ward.csv").read_text(encoding="utf-8")
    return {row["alpha3"]: int(row["gwno"]) for row in csv.DictReader(text.splitlines())}


# Names in common use beside those of the list, and those of UCDP and ACLED.
_OTHER_NAMES = {
    "BOSNIA-HERZEGOVINA": "BIH", "BRUNEI": "BRN", "BURMA": "MMR", "CAPE VERDE": "CPV", "CZECH REPUBLIC": "CZE",
    "DEMOCRATIC REPUBLIC OF CONGO": "COD", "DEMOCRATIC REPUBLIC OF THE CONGO": "COD", "DR CONGO": "COD", "EAST TIMOR": "TLS",
    "EL": "GRC", "IVORY COAST": "CIV", "MACEDONIA": "MKD", "MACEDONIA, FYR": "MKD", "MICRONESIA": "FSM", "PALESTINE": "PSE",
    "REPUBLIC OF THE CONGO": "COG", "RUSSIA": "RUS", "SWAZILAND": "SWZ", "TURKEY": "TUR", "UK": "GBR",
    "UNITED STATES OF AMERICA": "USA",
}  # fmt: skip


@cache
def guess_country(text: str) -> str:
    """Return the alpha-3 code for an alpha-2 code or an English name, or "".

    Capitals do not matter. A name may have an older one in brackets: `Russia (Soviet Union)`.
    """
    plain = text.strip().upper()
    if plain in _OTHER_NAMES:
        return _OTHER_NAMES[plain]
    names = ((c.alpha3, c.alpha2, c.name.upper()) for c in load_countries().values())
    found = next((alpha3 for alpha3, alpha2, name in names if plain in (alpha3, alpha2, name)), "")
    return found or (guess_country(plain.partition(" (")[0]) if " (" in plain else "")
