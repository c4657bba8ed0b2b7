"""Russian losses according to Ukraine's General Staff: personnel and equipment.

A third table has the publisher's corrections.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import narwhals.stable.v1 as nw
import polars as pl

from conflictdata.datasets import _running_totals, daily
from conflictdata.datasets._helpers import SPOT, count_days, list_present, make_empty_result, make_not_in_future_rule
from conflictdata.datasets._spikes import make_spike_rule
from conflictdata.datasets.compiled import get_constraints
from conflictdata.datasets.converter import NO_PERPETRATORS, Dataset, DraftTables, SourceFile, TableConversion
from conflictdata.datasets.daily import CountColumn, Toll, TollSeries
from conflictdata.datasets.profile import Profile, ProfileTable
from conflictdata.readers.day_forms import ISO, MIDNIGHT
from conflictdata.rules.base import VERDICT, Frames, Row, Rule

WAR_START = dt.date(2022, 2, 24)


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


PERSONNEL, EQUIPMENT, CORRECTION = "ukraine_personnel", "ukraine_equipment", "ukraine_correction"
LOSSES = "ukraine_losses"  # personnel and equipment joined by the day


DAY = "date"


DAYS = (ISO, MIDNIGHT)  # the publisher's JSON and CSV have only the day; other programs add midnight


FIRST = dt.date(2022, 2, 24)


_LOST = tuple(c.column for c in get_constraints(EQUIPMENT) if c.kind == "count" and c.column != "day")


_APART, _MERGED = ("military auto", "fuel tank"), "vehicles and fuel tanks"


_col = nw.col


def _read_corrections(frames: Frames) -> dict[dt.date, dict[str, Any]]:
    if CORRECTION not in frames:
        return {}
    return {row[DAY]: row for row in frames[CORRECTION].collect().rows(named=True)}


def _explain_fall(rows: list[Row], frames: Frames) -> list[Row]:
    """Add the correction of a fall: of its day, or of the day before."""
    corrections = _read_corrections(frames)
    for row in rows:
        by = (corrections.get(row[DAY]) or {}).get(row[SPOT])
        earlier = (corrections.get(row[DAY] - dt.timedelta(days=1)) or {}).get(row[SPOT])
        if by:
            row["correction"] = f"; a correction of that day says {by:+}"
        elif earlier:
            row["correction"] = f"; no correction of that day says so, one of the day before says {earlier:+}"
        else:
            row["correction"] = "; no correction of that day says so" if corrections else ""
    return rows


def _make_day_fits_rule(table: str) -> Rule:
    def explain(rows: list[Row], _: Frames) -> list[Row]:
        for row in rows:
            row["wanted"] = (row[DAY] - FIRST).days + 1
        return rows

    return Rule(
        id=f"{table}.day-fits-date", number=0, table=table, severity="warning", fields=("day", DAY), explain=explain,
        check=count_days(nw.lit(FIRST), _col(DAY)) + 1 == _col("day"),
        message="day is {day}, but {date} is day {wanted}", hint="24 February 2022 is day 1; correct the one that is wrong.",
        why="Day and date say the same. Where they differ, one row was shifted against the others.",
    )  # fmt: skip


def _check_vehicles_once(frames: Frames, table: str) -> nw.LazyFrame[Any]:
    frame = frames[table]
    apart = list_present(frame, _APART)
    if not apart or _MERGED not in frame.collect_schema().names():
        return make_empty_result(frame)
    alone = nw.all_horizontal(*(_col(name).is_null() for name in apart), ignore_nulls=False)
    return frame.with_columns((alone | _col(_MERGED).is_null()).alias(VERDICT))


def _check_equipment_day(frames: Frames) -> nw.LazyFrame[Any]:
    """Check that each correction has its day in the table of equipment."""
    days = frames[EQUIPMENT].select(_col(DAY), nw.lit(True).alias("there")).unique()
    rows = frames[CORRECTION].filter(~_col(DAY).is_null())
    return rows.join(days, on=DAY, how="left").with_columns(_col("there").fill_null(False).alias(VERDICT))


def _make_daily_rules(table: str) -> tuple[Rule, ...]:
    return (
        _running_totals.make_day_unique_rule(table, DAY),
        _running_totals.make_days_in_order_rule(table, DAY),
        _make_day_fits_rule(table),
        make_not_in_future_rule(table, DAY),
    )


def _make_vehicles_rule(table: str) -> Rule:
    return Rule(
        id=f"{table}.vehicles-counted-once", number=0, table=table, severity="error", fields=(_MERGED,), check=lambda frames: _check_vehicles_once(frames, table),
        message="vehicles are counted both together ({vehicles and fuel tanks}) and apart", hint="Since 1 May 2022 both are counted together; keep one.",
        why="`military auto` and `fuel tank` were merged into one column after 65 days; a row with both counts them twice.",
    )  # fmt: skip


_PEOPLE = ("personnel", "POW")


_BY_CORRECTION = (
    "A correction explains the fall: take it as a revision of earlier days. Without one, ask which number is meant."
)


def _make_toll_rules(table: str, columns: tuple[str, ...], **decrease: Any) -> tuple[Rule, ...]:
    return (
        *_make_daily_rules(table),
        _running_totals.make_gap_rule(table, DAY),
        make_spike_rule(table, columns, DAY),
        _running_totals.make_decrease_rule(table, columns, DAY, **decrease),
        _running_totals.make_reset_rule(table, columns, DAY),
    )


_PERSONNEL = _make_toll_rules(PERSONNEL, _PEOPLE)


_EQUIPMENT = (
    *_make_toll_rules(EQUIPMENT, _LOST, explain=_explain_fall, hint=_BY_CORRECTION), _make_vehicles_rule(EQUIPMENT),
)  # fmt: skip


_BOTH = (
    *_make_toll_rules(LOSSES, (*_PEOPLE, *_LOST), explain=_explain_fall, hint=_BY_CORRECTION), _make_vehicles_rule(LOSSES),
)  # fmt: skip


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


_CORRECTION = (
    *_make_daily_rules(CORRECTION),
    Rule(
        id="ukraine_correction.day-is-reported", number=0, table=CORRECTION, severity="warning", fields=(DAY,), requires_tables=(EQUIPMENT,), check=_check_equipment_day,
        message="a correction of {date}, of which the table of equipment has no row", hint="Take both files from the same day.",
        why="A correction says by how much that day's numbers include changes of earlier days.",
    ),
)  # fmt: skip


PROFILE = Profile(
    name="ukraine",
    title="2022 Ukraine Russia War Dataset",
    licence="MIT",
    citation="Ivaniuk, Petro. 2022 Ukraine Russia War Dataset. https://github.com/PetroIvaniuk/2022-Ukraine-Russia-War-Dataset",
    url="https://github.com/PetroIvaniuk/2022-Ukraine-Russia-War-Dataset",
    tables=(
        ProfileTable(
            PERSONNEL, _PERSONNEL, needs=(DAY, "personnel"), absent=("tank",), day_forms=DAYS, aliases=_ALIASES
        ),
        ProfileTable(
            EQUIPMENT, _EQUIPMENT, needs=(DAY, "tank"), absent=("personnel",), day_forms=DAYS, aliases=_ALIASES
        ),
        ProfileTable(LOSSES, _BOTH, needs=(DAY, "tank", "personnel"), day_forms=DAYS, aliases=_ALIASES),
        ProfileTable(CORRECTION, _CORRECTION, needs=(DAY,), file_word="correction", day_forms=DAYS, aliases=_ALIASES),
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
