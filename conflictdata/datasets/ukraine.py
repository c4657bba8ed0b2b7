"""Russian losses according to Ukraine's General Staff: personnel and equipment.

A third table has the publisher's corrections.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from conflictdata.datasets import daily
from conflictdata.datasets.converter import NO_PERPETRATORS, Dataset, DraftTables, SourceFile, TableConversion
from conflictdata.datasets.daily import CountColumn, Toll, TollSeries
from conflictdata.datasets.profile import Profile, ProfileTable
from conflictdata.datasets.rules.ukraine import CORRECTION, DAY, EQUIPMENT, LOSSES, PERSONNEL, WAR_START
from conflictdata.readers.day_forms import ISO, MIDNIGHT

RUSSIA = {"actor_id": "russia", "name": "Russian armed forces", "kind": "armed_forces", "country": "RUS", "ucdp_id": "57"}  # fmt: skip


UKRAINE = {
    "location_id": "ukraine", "name": "Ukraine", "kind": "country", "country": "UKR",
    "latitude": 48.4, "longitude": 31.2, "precision": "6",
}  # fmt: skip


WAR = {
    "conflict_id": "ukraine_2022", "name": "War in Ukraine, from 2022", "date_start": WAR_START, "countries": "RUS UKR",
    "ucdp_id": "13243",
}  # fmt: skip


MIT = {"name": "MIT", "title": "MIT License", "path": "https://opensource.org/license/mit"}


DAYS = (ISO, MIDNIGHT)  # the publisher's JSON and CSV have only the day; other programs add midnight


# Other names of the columns: of the API of russianwarship.rip, of minusrus.com, and of files made from the General Staff's posts.
_ALIASES = {
    name: column
    for column, names in {
        "date": ("report_date",),
        "personnel": ("personnel_units", "military personnel", "personnel_losses", "troops", "soldiers"),
        "POW": ("captive", "prisoners", "prisoners of war"),
        "aircraft": ("planes", "airplanes", "aircrafts", "military aircraft"),
        "helicopter": ("helicopters",),
        "tank": ("tanks",),
        "APC": ("apv", "apcs", "afv", "acv", "armoured_fighting_vehicles", "armored fighting vehicles", "armoured personnel vehicles", "armored combat vehicles"),
        "field artillery": ("artillery", "artillery_systems"),
        "MRL": ("mlrs", "mrls"),
        "anti-aircraft warfare": ("aaws", "aa_warfare_systems", "anti-aircraft", "anti-aircraft warfare systems", "air defence", "air defense"),
        "drone": ("uav", "uavs", "uav_systems", "drones", "uav operational-tactical level"),
        "naval ship": ("boats", "ships", "warships", "warships_cutters", "warships / boats", "naval ships"),
        "submarines": ("submarine",),
        "special equipment": ("se", "special_military_equip"),
        "mobile SRBM system": ("atgm_srbm_systems", "srbm"),
        "vehicles and fuel tanks": ("vehicles", "vehicles_fuel_tanks", "vehicles & fuel tanks"),
        "cruise missiles": ("missiles",),
        "military auto": ("military vehicles",),
        "fuel tank": ("fuel tanks", "tankers"),
        "ground robotic systems": ("ground robots", "ugv"),
        "personnel*": ("*personnel",),
    }.items()
    for name in names
}  # fmt: skip


PROFILE = Profile(
    name="ukraine",
    title="2022 Ukraine Russia War Dataset",
    licence="MIT",
    citation="Ivaniuk, Petro. 2022 Ukraine Russia War Dataset. https://github.com/PetroIvaniuk/2022-Ukraine-Russia-War-Dataset",
    url="https://github.com/PetroIvaniuk/2022-Ukraine-Russia-War-Dataset",
    tables=(
        ProfileTable(
            PERSONNEL,
            "Russian personnel losses",
            needs=(DAY, "personnel"),
            absent=("tank",),
            day_forms=DAYS,
            aliases=_ALIASES,
        ),
        ProfileTable(
            EQUIPMENT,
            "Russian equipment losses",
            needs=(DAY, "tank"),
            absent=("personnel",),
            day_forms=DAYS,
            aliases=_ALIASES,
        ),
        ProfileTable(
            LOSSES,
            "Russian losses of personnel and equipment",
            needs=(DAY, "tank", "personnel"),
            day_forms=DAYS,
            aliases=_ALIASES,
        ),
        ProfileTable(
            CORRECTION,
            "Corrections of Russian losses",
            needs=(DAY,),
            file_word="correction",
            day_forms=DAYS,
            aliases=_ALIASES,
        ),
    ),
    note="personnel* says about or more: the number is approximate, or a lower bound. Corrections stand in a file of their own.",
)


# Qualifier per value of `personnel*`.
_WORDS = {
    "about": "about", "around": "about", "more": "more_than", "more than": "more_than", "over": "more_than",
    "at least": "at_least", "almost": "nearly", "nearly": "nearly", "up to": "up_to",
}  # fmt: skip


_RUSSIANS = {"actor_id": "russia"}


_WORD = pl.col("personnel*").replace_strict(_WORDS, default=None, return_dtype=pl.String).fill_null("exact")


# "About 0" has no meaning.
_QUALIFIER = pl.when(pl.col("personnel") > 0).then(_WORD).otherwise(pl.lit("exact"))


_TOLLS = (
    Toll("so_far", (
        CountColumn("losses_unspecified", "personnel", "losses_unspecified", attributes=_RUSSIANS, qualifier=_QUALIFIER),
        CountColumn("captured", "POW", "captured", attributes=_RUSSIANS),
    )),
)  # fmt: skip


_SERIES = TollSeries("date", WAR_START, "ukraine_2022", "ukraine", pl.lit("ukraine_genstaff"))


def convert(rows: pl.DataFrame, page: SourceFile, beside: Mapping[str, pl.DataFrame]) -> DraftTables:  # noqa: ARG001 - one signature
    """Convert typed rows of the table of personnel to draft tables."""
    return {
        "claims": _apply_corrections(daily.build_claims(rows, _TOLLS, _SERIES), beside.get("ukraine_correction")),
        "figures": daily.build_figures(rows, _TOLLS),
        "claim_perpetrators": NO_PERPETRATORS,
    }


def _apply_corrections(claims: pl.DataFrame, corrections: pl.DataFrame | None) -> pl.DataFrame:
    """Make the claim of a day with a correction supersede the claim before it.

    Its total includes changes of earlier days.
    """
    if corrections is None:
        return claims
    by = corrections.filter(pl.col("personnel").fill_null(0) != 0).unique("date", keep="first", maintain_order=True)
    reason = pl.concat_str([
        pl.lit("Corrected by the claimant: the toll of "), pl.col("date").cast(pl.String), pl.lit(" holds a change of earlier sums by "),
        pl.when(pl.col("personnel") > 0).then(pl.lit("+")).otherwise(pl.lit("")), pl.col("personnel").cast(pl.String), pl.lit("."),
    ])  # fmt: skip
    before = claims.sort("as_of").with_columns(earlier=pl.col("key").shift(1))
    both = before.join(by.select(as_of="date", why=reason), on="as_of", how="left", maintain_order="left")
    return both.with_columns(corrects=pl.when(pl.col("why").is_not_null()).then("earlier")).drop("earlier")


def _make_conversion(table: str) -> TableConversion:
    return replace(_CONVERSION, duplicate_rule=f"{table}.day-unique")


_CONVERSION = TableConversion(
    convert=convert, key=("date",), needs=("personnel",), days=("date",), duplicate_rule="ukraine_personnel.day-unique",
    becomes=(
        ("date", "`as_of`, and the end of a running toll since 24 February 2022"),
        ("personnel", "the total, `losses_unspecified`: the General Staff's word covers the killed and the wounded"),
        ("personnel*", "`qualifier`: `about`, `more_than` for more, `nearly` for almost"),
        ("POW", "a total of `captured`, while the table has it"),
        ("corrections, personnel", "`supersedes` and `revision_reason`: the claim of that day takes the place of the one before it"),
    ),
    omitted=(
        ("day", "it follows from the date"),
        ("all columns of equipment, in whichever table", "they count equipment, not people"),
    ),
)  # fmt: skip


DATASET = Dataset(
    profile="ukraine",
    publisher={"actor_id": "ukraine_losses_dataset", "name": "2022 Ukraine Russia War Dataset", "kind": "monitor"},
    licence=MIT,
    terms="Keep the licence's notice and cite the dataset; say that the data were converted.",
    tables={table: _make_conversion(table) for table in (PERSONNEL, LOSSES)},
    beside=("ukraine_correction",),
    not_people={"ukraine_equipment": "equipment"},
    actors=(
        {"actor_id": "ukraine_genstaff", "name": "General Staff of Ukraine", "kind": "government_body", "country": "UKR"},
        RUSSIA,
    ),
    locations=(UKRAINE,),
    conflicts=(WAR,),
)  # fmt: skip
