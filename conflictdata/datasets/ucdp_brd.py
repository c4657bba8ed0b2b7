"""UCDP Battle-Related Deaths Dataset: people killed in battle, by dyad and year or by conflict and year."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import polars as pl

from conflictdata.datapackage.about import CC_BY
from conflictdata.datasets import _ucdp_yearly as yearly
from conflictdata.datasets._text import clean_text
from conflictdata.datasets.converter import NO_PERPETRATORS, Dataset, DraftTables, SourceFile, TableConversion
from conflictdata.datasets.profile import Profile, ProfileTable
from conflictdata.datasets.rules.ucdp_yearly import BATTLE_DEATHS
from conflictdata.datasets.ucdp_ged import UCDP

DYADS, CONFLICTS = "ucdp_brd", "ucdp_brd_conflict"

_KEYS = {DYADS: "dyad_id", CONFLICTS: "conflict_id"}


_OLD_NAMES = {"bdbest": "bd_best", "bdlow": "bd_low", "bdhigh": "bd_high", "location": "location_inc", "sidea": "side_a", "sideb": "side_b"}  # fmt: skip

PROFILE = Profile(
    name="ucdp-brd",
    title="UCDP Battle-Related Deaths Dataset",
    licence="CC BY 4.0",
    citation=yearly.CITATION,
    url=yearly.URL,
    tables=(
        ProfileTable(
            DYADS, "UCDP battle-related deaths by dyad", needs=("dyad_id", "year", "bd_best"), missing=yearly.MISSING, aliases=_OLD_NAMES
        ),
        ProfileTable(
            CONFLICTS, "UCDP battle-related deaths by conflict", needs=("conflict_id", "year", "bd_best"), absent=("dyad_id",),
            missing=yearly.MISSING, aliases=_OLD_NAMES,
        ),
    ),
    note="Deaths in battle alone: one-sided violence and non-state conflict are datasets of their own.",
)  # fmt: skip


def convert(
    rows: pl.DataFrame, page: SourceFile, beside: Mapping[str, pl.DataFrame], *, table: str  # noqa: ARG001 - one signature
) -> DraftTables:  # fmt: skip
    """Convert typed rows to draft tables."""
    place = pl.coalesce("battle_location", "location_inc")
    known = yearly.add_places(rows.with_columns(where=place), "where")
    known = known.with_columns(
        number=pl.col("conflict_id"), conflict_id=pl.concat_str([pl.lit("ucdp_"), pl.col("conflict_id")])
    )
    about = pl.when(pl.col("incompatibility") == "1").then(pl.coalesce("territory_name", pl.lit("Territory")))
    name = pl.concat_str([pl.col("location_inc"), about.otherwise(pl.lit("Government"))], separator=": ")
    sides = pl.concat_str(
        [pl.lit("Deaths in battle between "), pl.col("side_a"), pl.lit(" and "), pl.col("side_b"), pl.lit(".")]
    )
    # Two dyads of one conflict may have the same number in one year: the label says whose dead they are.
    label = clean_text(pl.concat_str([pl.col("side_a"), pl.col("side_b")], separator=" - "), 80)
    return {
        "conflicts": yearly.build_conflicts(known, name, "number"),
        "locations": yearly.build_locations(known),
        "claims": yearly.build_claims(known, page, yearly.make_number("dyad_id" if table == DYADS else "number"), note=sides.str.slice(0, 280)),
        "figures": yearly.build_figures(known, BATTLE_DEATHS, label=label), "claim_perpetrators": NO_PERPETRATORS,
    }  # fmt: skip


def _make_conversion(table: str) -> TableConversion:
    return TableConversion(
        convert=partial(convert, table=table), key=(_KEYS[table], "year"), needs=("conflict_id", "bd_best"), days=("year_end",),
        duplicate_rule=f"{table}.row-unique", prepare=yearly.add_year_end,
        becomes=(
            *yearly.list_becomes(_KEYS[table], BATTLE_DEATHS, "battle_location, location_inc"),
            ("location_inc, incompatibility, territory_name", "name of the conflict"), ("side_a, side_b", "`note` of the claim"),
        ),
        omitted=(
            ("side_a_2nd, side_b_2nd, gwno columns", "states that sent troops; our claims have no place for them"),
            ("type_of_conflict, region, version", "they follow from the sides and places"),
        ),
    )  # fmt: skip


DATASET = Dataset(
    profile="ucdp-brd", publisher=UCDP, licence=CC_BY, tables={table: _make_conversion(table) for table in _KEYS},
    terms="Name UCDP and cite the articles below; say that the data were converted.",
)  # fmt: skip
