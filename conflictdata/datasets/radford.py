"""Radford et al. 2023, replication data: losses in Ukraine by several sources."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import narwhals.stable.v1 as nw
import polars as pl

from conflictdata.datasets._helpers import ROW, list_present, make_empty_result, mark_duplicates
from conflictdata.datasets.converter import NO_PERPETRATORS, Dataset, DraftTables, SourceFile, TableConversion
from conflictdata.datasets.daily import split_bounds
from conflictdata.datasets.profile import Profile, ProfileTable
from conflictdata.datasets.ukraine import MIT, RUSSIA, UKRAINE, WAR, WAR_START
from conflictdata.readers.normalize import RAW
from conflictdata.rules.base import VERDICT, Frames, Row, Rule

TABLE = "radford"


EXPONENT = r"^[0-9]+(?:\.[0-9]+)?[eE]\+?[0-9]+$"


_CLAIM = ["days", "claim_source", "loss_type"]


_ALL = (*_CLAIM, "loss_count", "time_frame", "loss_country", "minimum", "maximum", "category", "source_target")


_col = nw.col


def _check_digits(frames: Frames) -> nw.LazyFrame[Any]:
    frame = frames[TABLE]
    raw = RAW + "loss_count"
    if not list_present(frame, [raw]):
        return make_empty_result(frame)
    known = frame.filter(~_col(raw).is_null() & ~_col("loss_count").is_null())
    return known.with_columns((~_col(raw).str.contains(EXPONENT)).alias(VERDICT))


def _explain_digits(rows: list[Row], _: Frames) -> list[Row]:
    for row in rows:
        row |= {"written": row[RAW + "loss_count"], "number": f"{row['loss_count']:,}"}
    return rows


def _check_not_repeated(frames: Frames) -> nw.LazyFrame[Any]:
    frame = frames[TABLE]
    return mark_duplicates(frame, list_present(frame, _ALL))


def _check_one_value(frames: Frames) -> nw.LazyFrame[Any]:
    """Check that each source has one running toll per day and type of loss.

    Returns one row per source, day and type.
    """
    toll = frames[TABLE].filter((_col("time_frame") == "Cumulative") & ~_col("loss_count").is_null())
    values = toll.group_by(*_CLAIM).agg(
        _col("loss_count").min().alias("least"), _col("loss_count").max().alias("most"),
        _col("loss_count").n_unique().alias("different"), _col(ROW).min(),
    )  # fmt: skip
    return values.with_columns((_col("least") == _col("most")).alias(VERDICT))


RULES = (
    Rule(
        id="radford.row-not-repeated", number=27, table=TABLE, severity="warning", fields=tuple(_CLAIM), check=_check_not_repeated,
        message="the same row appears {times} times: day {days}, {claim_source}, {loss_type}", hint="Count it once, unless two reports are meant.",
        why="Two rows that are the same in all columns are one claim twice, or two reports of one claim; nothing tells which.",
    ),
    Rule(
        id="radford.count-in-digits", number=1, table=TABLE, severity="warning", fields=("loss_count",), check=_check_digits, explain=_explain_digits,
        message="loss_count is written {written}, read as {number}", hint="Write numbers in digits; R does with options(scipen = 999).",
        why="An exponent shows that the number went through a program that rounds what it prints; other readers take it as text.",
    ),
    Rule(
        id="radford.one-value-a-day", number=28, table=TABLE, severity="warning", fields=("loss_count", *_CLAIM, "time_frame"), check=_check_one_value,
        message="day {days}, {claim_source}, {loss_type}: {different} different running tolls, {least} to {most}", hint="Read them as a range of what was said that day.",
        why="A source has one running toll of one loss at a time. Several of one day are corrections, other sources of the same side, or slips.",
    ),
    Rule(
        id="radford.one-bound-alone", number=3, table=TABLE, severity="error", fields=("minimum", "maximum"),
        check=~((_col("minimum") == "1") & (_col("maximum") == "1")),
        message="the number is flagged as minimum and as maximum", hint="Keep the flag that the source's words support.",
        why="A number is a lower bound, an upper bound or neither.",
    ),
    Rule(
        id="radford.type-fits-parts", number=0, table=TABLE, severity="error", fields=("loss_type", "category", "loss_country"),
        check=nw.concat_str("category", "loss_country", separator="-") == _col("loss_type"),
        message="loss_type is {loss_type!r}, but category and loss_country are {category!r} and {loss_country!r}", hint="Correct the one that is wrong.",
        why="The type is its category and its country, written together.",
    ),
)  # fmt: skip


PROFILE = Profile(
    name="radford",
    title="Replication data of Radford et al. 2023, Estimating conflict losses and reporting biases",
    licence="MIT",
    citation="Radford, Benjamin J., et al. 2023. Estimating conflict losses and reporting biases. PNAS 120 (34).",
    url="https://doi.org/10.1073/pnas.2307372120",
    tables=(ProfileTable(TABLE, RULES, needs=("days", "loss_count", "loss_type"), number_forms=(EXPONENT,)),),
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
