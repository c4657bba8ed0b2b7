"""Russian losses as Ukraine's General Staff claims them: a running toll of soldiers, one claim a day, with its corrections."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from conflictdata.importing import daily
from conflictdata.importing.daily import Number, Series, Toll
from conflictdata.importing.dataset import NO_PERPETRATORS, Dataset, Draft, Page, Table
from conflictdata.importing.ukraine_2022 import FIRST, MIT, RUSSIA, UKRAINE, WAR

_WORDS = {"about": "about", "more": "more_than"}  # by what `personnel*` says
_RUSSIANS = {"actor_id": "russia"}
_WORD = pl.col("personnel*").replace_strict(_WORDS, default=None, return_dtype=pl.String).fill_null("exact")
# "About none" says nothing.
_SAID = pl.when(pl.col("personnel") > 0).then(_WORD).otherwise(pl.lit("exact"))

_TOLLS = (
    Toll("so_far", (
        Number("losses_unspecified", "personnel", "losses_unspecified", says=_RUSSIANS, qualifier=_SAID),
        Number("captured", "POW", "captured", says=_RUSSIANS),
    )),
)  # fmt: skip
_SERIES = Series("date", FIRST, "ukraine_2022", "ukraine", pl.lit("ukraine_genstaff"))


def convert(rows: pl.DataFrame, page: Page, beside: Mapping[str, pl.DataFrame]) -> Draft:  # noqa: ARG001 - one signature
    """Typed rows of the table of personnel to drafts."""
    return {
        "claims": _corrected(daily.claims(rows, _TOLLS, _SERIES), beside.get("ukraine_correction")),
        "figures": daily.figures(rows, _TOLLS),
        "claim_perpetrators": NO_PERPETRATORS,
    }


def _corrected(claims: pl.DataFrame, corrections: pl.DataFrame | None) -> pl.DataFrame:
    """The claim of a day with a correction takes the place of the claim before it: its sum holds changes of earlier days."""
    if corrections is None:
        return claims
    by = corrections.filter(pl.col("personnel").fill_null(0) != 0).unique("date", keep="first", maintain_order=True)
    said = pl.concat_str([
        pl.lit("Corrected by the claimant: the toll of "), pl.col("date").cast(pl.String), pl.lit(" holds a change of earlier sums by "),
        pl.when(pl.col("personnel") > 0).then(pl.lit("+")).otherwise(pl.lit("")), pl.col("personnel").cast(pl.String), pl.lit("."),
    ])  # fmt: skip
    before = claims.sort("as_of").with_columns(earlier=pl.col("key").shift(1))
    both = before.join(by.select(as_of="date", why=said), on="as_of", how="left", maintain_order="left")
    return both.with_columns(corrects=pl.when(pl.col("why").is_not_null()).then("earlier")).drop("earlier")


TABLE = Table(
    convert=convert, key=("date",), needs=("personnel",), days=("date",), repeated="ukraine_personnel.day-unique",
    becomes=(
        ("date", "`as_of`, and the end of a running toll since 24 February 2022"),
        ("personnel", "the total, `losses_unspecified`: the General Staff's word covers the killed and the wounded"),
        ("personnel*", "`qualifier`: `about`, or `more_than` for more"),
        ("POW", "a total of `captured`, while the table has it"),
        ("corrections, personnel", "`supersedes` and `revision_reason`: the claim of that day takes the place of the one before it"),
    ),
    left_out=(
        ("day", "it follows from the date"),
        ("corrections, all other columns; the table of equipment", "they count equipment, not people"),
    ),
)  # fmt: skip

DATASET = Dataset(
    profile="ukraine",
    publisher={"actor_id": "ukraine_losses_dataset", "name": "2022 Ukraine Russia War Dataset", "kind": "monitor"},
    licence=MIT,
    terms="Keep the licence's notice and cite the dataset; say that the data were converted.",
    tables={"ukraine_personnel": TABLE},
    beside=("ukraine_correction",),
    not_people={"ukraine_equipment": "equipment"},
    actors=(
        {"actor_id": "ukraine_genstaff", "name": "General Staff of Ukraine", "kind": "government_body", "country": "UKR"},
        RUSSIA,
    ),
    locations=(UKRAINE,),
    conflicts=(WAR,),
)  # fmt: skip
