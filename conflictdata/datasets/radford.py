"""Radford et al. 2023, replication data: losses in Ukraine by several sources."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from conflictdata.datasets.converter import NO_PERPETRATORS, Dataset, DraftTables, SourceFile, TableConversion
from conflictdata.datasets.daily import split_bounds
from conflictdata.datasets.profile import Profile, ProfileTable
from conflictdata.datasets.rules.radford import EXPONENT
from conflictdata.datasets.rules.ukraine import WAR_START
from conflictdata.datasets.ukraine import MIT, RUSSIA, UKRAINE, WAR

PROFILE = Profile(
    name="radford",
    title="Replication data of Radford et al. 2023, Estimating conflict losses and reporting biases",
    licence="MIT",
    citation="Radford, Benjamin J., et al. 2023. Estimating conflict losses and reporting biases. PNAS 120 (34).",
    url="https://doi.org/10.1073/pnas.2307372120",
    tables=(
        ProfileTable(
            "radford", "Radford et al. 2023", needs=("days", "loss_count", "loss_type"), number_forms=(EXPONENT,)
        ),
    ),
)


_CLAIMANTS = {
    "UA Source": "ukrainian_sources", "RU Source": "russian_sources", "US Source": "us_sources", "GB Source": "british_sources",
    "United Nations": "united_nations", "OSI": "open_source_intelligence",
}  # fmt: skip


_OUTCOMES = {"Deaths": "killed", "Injuries": "injured", "Casualties": "killed_or_injured"}


_FORCES = {"Russia": "russia", "Ukraine": "ukraine_forces"}


_KEY = ("days", "claim_source", "loss_type", "time_frame", "loss_count", "minimum", "maximum")


_TYPE = r"^(Military|Civilian) (Deaths|Injuries|Casualties)-(.*)$"


def convert(rows: pl.DataFrame, page: SourceFile, beside: Mapping[str, pl.DataFrame]) -> DraftTables:  # noqa: ARG001 - one signature
    """Convert typed rows to draft tables. Rows of equipment are left out."""
    people = _select_people(rows)
    running = pl.col("time_frame") == "Cumulative"
    claims = people.select(
        key="row_key", number=pl.col("row:") + 1,
        claimant_id=pl.col("claim_source").replace_strict(_CLAIMANTS, default="unspecified", return_dtype=pl.String),
        conflict_id=pl.lit("ukraine_2022"), location_id=pl.lit("ukraine"), event_id=pl.lit(None, pl.String),
        scope=pl.when(running).then(pl.lit("cumulative")).otherwise(pl.lit("period")), basis=pl.lit("occurred"),
        period_start=pl.when(running).then(pl.lit(WAR_START)).otherwise("day"), period_end="day", as_of="day",
        period_precision=pl.lit("day"), as_of_precision=pl.lit("day"),
    )  # fmt: skip
    return {
        "claims": claims, "figures": _build_figures(people),
        "claim_perpetrators": NO_PERPETRATORS,
    }  # fmt: skip


def _select_people(rows: pl.DataFrame) -> pl.DataFrame:
    """Select rows that count people; add `day`, `who`, `outcome`, `side` and `words`."""
    flag = {name: pl.col(name) == "1" for name in ("minimum", "maximum")}
    some = pl.col("loss_count") > 0  # "at least 0" has no meaning
    words = pl.when(some & flag["minimum"]).then(pl.lit("at_least")).when(some & flag["maximum"]).then(pl.lit("up_to"))
    kind = pl.col("loss_type")
    return rows.filter(kind.str.contains(_TYPE)).with_columns(
        day=pl.lit(WAR_START) + pl.duration(days=pl.col("days") - 1), who=kind.str.extract(_TYPE, 1),
        outcome=kind.str.extract(_TYPE, 2).replace_strict(_OUTCOMES, return_dtype=pl.String),
        side=kind.str.extract(_TYPE, 3), words=words.otherwise(pl.lit("exact")),
    )  # fmt: skip


def _build_figures(people: pl.DataFrame) -> pl.DataFrame:
    soldiers = pl.col("who") == "Military"
    force = pl.col("side").replace_strict(_FORCES, default=None, return_dtype=pl.String)
    nation = pl.concat_str([pl.lit("of "), pl.col("side")])
    return people.select(
        "outcome", key="row_key", path="outcome", relation=pl.lit("total"), unit=pl.lit("persons"),
        actor_id=pl.when(soldiers).then(force),
        person_status=pl.when(soldiers).then(pl.lit("armed_forces")).otherwise(pl.lit("civilian")),
        label=pl.when(~soldiers | force.is_null()).then(nation), qualifier="words",
        **split_bounds(pl.col("loss_count"), pl.col("words")),
    )  # fmt: skip


def count_omitted(rows: pl.DataFrame) -> dict[str, int]:
    """Return the number of rows that count equipment."""
    count = rows.filter(~pl.col("loss_type").str.contains(_TYPE)).height
    return {"they count equipment, not people": count} if count else {}


CONVERSION = TableConversion(
    convert=convert, key=_KEY, needs=(), days=("day",), duplicate_rule="radford.row-not-repeated", count_omitted=count_omitted,
    prepare=lambda rows: rows.with_columns(day=pl.lit(WAR_START) + pl.duration(days=pl.col("days") - 1)),
    becomes=(
        ("days", "`as_of`: day 1 is 24 February 2022"),
        ("claim_source", "`claimant_id`: a kind of source, as the article names them"),
        ("loss_type, category, loss_country", "`outcome`, `person_status` and, of soldiers, `actor_id`"),
        ("time_frame", "a running toll since the first day, or the day alone"),
        ("loss_count, minimum, maximum", "the total: `at_least`, `up_to` or `exact`; `1e+05` is 100000"),
    ),
    omitted=(
        ("rows of tanks, jets and other equipment", "they count no people"),
        ("rows that repeat another one", "nothing tells whether two reports are meant"),
        ("source_target", "it follows from columns that are carried"),
    ),
)  # fmt: skip


DATASET = Dataset(
    profile="radford",
    publisher={"actor_id": "radford_et_al", "name": "Radford et al. 2023", "kind": "monitor", "note": "Replication data of an article in PNAS."},
    licence=MIT,
    terms="Keep the licence's notice and cite the article; say that the data were converted.",
    tables={"radford": CONVERSION},
    actors=(
        {"actor_id": "ukrainian_sources", "name": "Ukrainian sources", "kind": "unnamed", "country": "UKR"},
        {"actor_id": "russian_sources", "name": "Russian sources", "kind": "unnamed", "country": "RUS"},
        {"actor_id": "us_sources", "name": "US sources", "kind": "unnamed", "country": "USA"},
        {"actor_id": "british_sources", "name": "British sources", "kind": "unnamed", "country": "GBR"},
        {"actor_id": "united_nations", "name": "United Nations", "kind": "united_nations"},
        {"actor_id": "open_source_intelligence", "name": "Open-source investigators", "kind": "unnamed"},
        {"actor_id": "unspecified", "name": "Not stated in the table", "kind": "unspecified"},
        RUSSIA,
        {"actor_id": "ukraine_forces", "name": "Ukrainian armed forces", "kind": "armed_forces", "country": "UKR", "ucdp_id": "61"},
    ),
    locations=(UKRAINE,),
    conflicts=(WAR,),
)  # fmt: skip
