"""Countries: their ISO 3166-1 codes, names, and a box around each.

`countries.csv` has one row a country: `alpha3`, `alpha2`, `name`, `west`, `south`, `east`, `north` (degrees, WGS 84, rounded
outwards to a tenth; all four empty where no box is known). Codes and names follow ISO 3166-1; `XKX` and `XK` are not ISO
codes but the user-assigned ones in common use for Kosovo. The boxes were worked out once from Natural Earth 4.1 at 1:10m
(public domain) and hold all land that has the country's own code: Réunion, say, is not in the box of France.

- **Across 180 degrees** (FJI, KIR, NZL, RUS, UMI, USA) `west` is greater than `east`: the box runs from `west` through 180 to
  `east`. Antarctica's box is the full width.
- **Disputed land** is in the box of every state that the record may name for it, for a box is there to catch a slip of
  the pen, not to draw a border: Crimea in UKR as in RUS, the Golan in SYR as in ISR, Kosovo in SRB as in XKX, Kashmir in
  IND as in PAK, Somaliland in SOM, northern Cyprus in CYP.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources
from typing import NamedTuple


class Box(NamedTuple):
    """A box in degrees; where `west` is greater than `east` it runs across 180 degrees."""

    west: float
    south: float
    east: float
    north: float


class Country(NamedTuple):
    """A country: codes, English name, and its box, where one is known."""

    alpha3: str
    alpha2: str
    name: str
    box: Box | None


def _parse_country(row: dict[str, str]) -> Country:
    sides = [row[side] for side in Box._fields]
    return Country(row["alpha3"], row["alpha2"], row["name"], Box(*map(float, sides)) if all(sides) else None)


@cache
def load_countries() -> dict[str, Country]:
    """Every country by its code, in order of the codes."""
    text = resources.files(__package__).joinpath("countries.csv").read_text(encoding="utf-8")
    return {row["alpha3"]: _parse_country(row) for row in csv.DictReader(text.splitlines())}


@cache
def load_gleditsch_ward() -> dict[str, int]:
    """State numbers of Gleditsch and Ward (as UCDP uses them) by ISO code; UCDP counts Palestine under Israel, 666."""
    text = resources.files(__package__).joinpath("gleditsch_ward.csv").read_text(encoding="utf-8")
    return {row["alpha3"]: int(row["gwno"]) for row in csv.DictReader(text.splitlines())}


@cache
def guess_country(text: str) -> str:
    """The code of three letters that is meant by one of two letters, small letters, or an English name; else empty."""
    plain = text.strip().upper()
    plain = {"UK": "GB", "EL": "GR"}.get(plain, plain)
    names = ((c.alpha3, c.alpha2, c.name.upper()) for c in load_countries().values())
    return next((alpha3 for alpha3, alpha2, name in names if plain in (alpha3, alpha2, name)), "")
