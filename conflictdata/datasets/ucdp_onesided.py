"""UCDP One-sided Violence Dataset: civilians killed, by actor and year."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from conflictdata.datapackage.about import CC_BY
from conflictdata.datasets import _ucdp_yearly as yearly
from conflictdata.datasets.converter import Dataset, DraftTables, SourceFile, TableConversion
from conflictdata.datasets.profile import Profile, ProfileTable
from conflictdata.datasets.rules.ucdp_yearly import FATALITIES
from conflictdata.datasets.ucdp_ged import UCDP

TABLE = "ucdp_onesided"

PROFILE = Profile(
    name="ucdp-onesided",
    title="UCDP One-sided Violence Dataset",
    licence="CC BY 4.0",
    citation="Eck, Kristine, and Lisa Hultman. 2007. Violence against civilians in war. Journal of Peace Research 44 (2). " + yearly.CITATION,
    url=yearly.URL,
    tables=(
        ProfileTable(
            TABLE, "UCDP one-sided violence", needs=("actor_id", "year", "best_fatality_estimate"), missing=yearly.MISSING,
            aliases={"gwno_loc": "gwno_location", "gwno_a": "gwnoa"},
        ),
    ),
    note="Civilians killed on purpose by an organised actor; deaths in battle are another dataset.",
)  # fmt: skip

_ACTOR = pl.concat_str([pl.lit("ucdp_"), pl.col("actor_id")])
_IS_STATE = (pl.col("is_government_actor") == "1") | pl.col("actor_name").str.starts_with("Government of")


def convert(rows: pl.DataFrame, page: SourceFile, beside: Mapping[str, pl.DataFrame]) -> DraftTables:  # noqa: ARG001 - one signature
    """Convert typed rows to draft tables."""
    known = yearly.add_places(rows, "location").with_columns(number=pl.coalesce("conflict_id", "actor_id"))
    known = known.with_columns(conflict_id=pl.concat_str([pl.lit("ucdp_"), pl.col("number")]))
    name = pl.concat_str([pl.col("actor_name"), pl.lit(" - Civilians")])
    return {
        "conflicts": yearly.build_conflicts(known, name, "number"),
        "actors": yearly.build_actors(known, "actor_id", "actor_name", _IS_STATE),
        "locations": yearly.build_locations(known),
        "claims": yearly.build_claims(known, page, yearly.make_number("actor_id"), perpetrator_certainty=pl.lit("stated")),
        "figures": yearly.build_figures(known, FATALITIES, person_status=pl.lit("civilian")),
        "claim_perpetrators": known.select(key="row_key", actor_id=_ACTOR),
    }  # fmt: skip


CONVERSION = TableConversion(
    convert=convert, key=("actor_id", "year"), needs=("best_fatality_estimate", "actor_name"), days=("year_end",),
    duplicate_rule="ucdp_onesided.row-unique", prepare=yearly.add_year_end,
    becomes=(
        *yearly.list_becomes("actor_id", FATALITIES, "location"),
        ("actor_id, actor_name, is_government_actor", "`actors`, and the perpetrator of the claim"),
    ),
    omitted=(
        ("actor_name_fulltext, actor_name_mothertongue, coalition_components", "other names; the id leads back to them"),
        ("dyad_id, gwno columns, region, version", "they follow from the actor and the places"),
    ),
)  # fmt: skip

DATASET = Dataset(
    profile="ucdp-onesided", publisher=UCDP, licence=CC_BY, tables={TABLE: CONVERSION},
    terms="Name UCDP and cite the articles below; say that the data were converted.",
)  # fmt: skip
