"""UCDP Non-state Conflict Dataset: people killed in fighting between groups of which none is a state, by dyad and year."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from conflictdata.datapackage.about import CC_BY
from conflictdata.datasets import _ucdp_yearly as yearly
from conflictdata.datasets.converter import NO_PERPETRATORS, Dataset, DraftTables, SourceFile, TableConversion
from conflictdata.datasets.profile import Profile, ProfileTable
from conflictdata.datasets.rules.ucdp_yearly import FATALITIES
from conflictdata.datasets.ucdp_ged import UCDP

TABLE = "ucdp_nonstate"

# Names of release 17.1.
_OLD_NAMES = {
    "fatbest": "best_fatality_estimate", "fatlow": "low_fatality_estimate", "fathigh": "high_fatality_estimate", "gwnoloc": "gwno_location",
}  # fmt: skip

PROFILE = Profile(
    name="ucdp-nonstate",
    title="UCDP Non-state Conflict Dataset",
    licence="CC BY 4.0",
    citation="Sundberg, Ralph, Kristine Eck, and Joakim Kreutz. 2012. Introducing the UCDP Non-State Conflict Dataset. Journal of Peace Research 49 (2). " + yearly.CITATION,
    url=yearly.URL,
    tables=(
        ProfileTable(
            TABLE, "UCDP non-state conflict", needs=("dyad_id", "year", "best_fatality_estimate"), absent=("actor_id",),
            missing=yearly.MISSING, aliases=_OLD_NAMES,
        ),
    ),
    note="Neither side is the government of a state.",
)  # fmt: skip


def convert(rows: pl.DataFrame, page: SourceFile, beside: Mapping[str, pl.DataFrame]) -> DraftTables:  # noqa: ARG001 - one signature
    """Convert typed rows to draft tables."""
    known = yearly.add_places(rows, "location").with_columns(number=pl.coalesce("conflict_id", "dyad_id"))
    known = known.with_columns(conflict_id=pl.concat_str([pl.lit("ucdp_"), pl.col("number")]))
    sides = pl.concat_str([pl.col("side_a_name"), pl.col("side_b_name")], separator=" - ")
    between = pl.concat_str(
        [pl.lit("Fighting between "), pl.col("side_a_name"), pl.lit(" and "), pl.col("side_b_name"), pl.lit(".")]
    )
    return {
        "conflicts": yearly.build_conflicts(known, sides, "number"),
        "locations": yearly.build_locations(known),
        "claims": yearly.build_claims(known, page, yearly.make_number("dyad_id"), note=between.str.slice(0, 280)),
        "figures": yearly.build_figures(known, FATALITIES), "claim_perpetrators": NO_PERPETRATORS,
    }  # fmt: skip


CONVERSION = TableConversion(
    convert=convert, key=("dyad_id", "year"), needs=("best_fatality_estimate",), days=("year_end",),
    duplicate_rule="ucdp_nonstate.row-unique", prepare=yearly.add_year_end,
    becomes=(
        *yearly.list_becomes("dyad_id", FATALITIES, "location"),
        ("side_a_name, side_b_name", "name of the conflict, `note` of the claim"),
    ),
    omitted=(
        ("start_date, start_date2, ep_end_date and their precisions", "they are of the episode, not of the count"),
        ("names in full and in the group's language, components, allies, org", "the id leads back to them"),
        ("gwno columns, region, version", "they follow from the places"),
    ),
)  # fmt: skip

DATASET = Dataset(
    profile="ucdp-nonstate", publisher=UCDP, licence=CC_BY, tables={TABLE: CONVERSION},
    terms="Name UCDP and cite the articles below; say that the data were converted.",
)  # fmt: skip
