"""Tech for Palestine: daily tables of killed and injured in Gaza, the West Bank and Lebanon, and of buildings in Gaza."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import narwhals.stable.v1 as nw
import polars as pl

from conflictdata.datasets import _running_totals, daily
from conflictdata.datasets.compiled import constraints
from conflictdata.datasets.converter import NO_PERPETRATORS, Convert, Dataset, Draft, Page, Table
from conflictdata.datasets.daily import Number, Series, Toll
from conflictdata.datasets.profile import FeedTable, Profile
from conflictdata.readers.day_forms import ISO, MIDNIGHT
from conflictdata.rules.base import Rule

GAZA, WEST_BANK, LEBANON, BUILDINGS = (
    "palestine_gaza", "palestine_west_bank", "palestine_lebanon", "palestine_infrastructure",
)  # fmt: skip


DAY = "report_date"


DAYS = (ISO, MIDNIGHT)  # the JSON and the CSV of the makers have the day alone; programs that pass it on add midnight


def _running(table: str) -> tuple[str, ...]:
    """The columns of a table that count since the first day."""
    names = [c.column for c in constraints(table) if c.kind == "count"]
    return tuple(names) if table == BUILDINGS else tuple(name for name in names if name.endswith("_cum"))


def _daily(table: str) -> tuple[Rule, ...]:
    columns = _running(table)
    return (
        _running_totals.day_unique(table, DAY),
        _running_totals.days_in_order(table, DAY),
        _running_totals.falls(table, columns, DAY),
        _running_totals.restarts(table, columns, DAY),
    )


def _differences(table: str, *daily: str) -> tuple[Rule, ...]:
    return tuple(_running_totals.difference(table, name, f"{name}_cum", DAY, "report_period") for name in daily)


def _whole_days(table: str) -> Rule:
    return Rule(
        id=f"{table}.period-whole-days", number=0, table=table, severity="warning", fields=("report_period",),
        check=nw.col("report_period").is_in([24 * days for days in range(15)]),
        message="report_period is {report_period} hours, which is no whole number of days up to two weeks", hint="Compare with the report of that day.",
        why="Reports cover 24 hours, or the days since the last one; 0 means that there was none.",
    )  # fmt: skip


_GAZA = (
    *_daily(GAZA),
    *_differences(GAZA, "killed", "injured", "ext_killed", "ext_injured"),
    *(
        _running_totals.subset(GAZA, f"{part}_cum", "killed_cum")
        for part in ("killed_children", "killed_women", "med_killed", "press_killed", "civdef_killed", "aid_seeker_killed")
    ),
    _running_totals.subset(GAZA, "aid_seeker_injured_cum", "injured_cum"),
    _running_totals.subset(GAZA, "child_famine_cum", "famine_cum"),
    _running_totals.subset(GAZA, "killed_recovered", "killed"),
    _running_totals.together(GAZA, ("killed_children_cum", "killed_women_cum"), "killed_cum"),
    *(_running_totals.same(GAZA, f"ext_{name}", name) for name in ("killed_cum", "injured_cum")),
    _whole_days(GAZA),
)  # fmt: skip


_WEST_BANK = (
    *_daily(WEST_BANK),
    *_differences(
        WEST_BANK, "verified.killed", "verified.injured", "verified.killed_children", "verified.injured_children",
        "killed", "injured", "killed_children", "injured_children",
    ),
    _running_totals.subset(WEST_BANK, "killed_children_cum", "killed_cum"),
    _running_totals.subset(WEST_BANK, "injured_children_cum", "injured_cum"),
    _running_totals.subset(WEST_BANK, "verified.killed_children_cum", "verified.killed_cum"),
    _running_totals.subset(WEST_BANK, "verified.injured_children_cum", "verified.injured_cum"),
)  # fmt: skip


_LEBANON = (*_daily(LEBANON), *_differences(LEBANON, "killed", "injured"), _whole_days(LEBANON))


_BUILDINGS = (
    *_daily(BUILDINGS),
    *(
        _running_totals.same(BUILDINGS, c.column, c.column.replace("ext_", ""))
        for c in constraints(BUILDINGS)
        if ".ext_" in c.column
    ),
)


PROFILE = Profile(
    name="palestine",
    title="Palestine Datasets of Tech for Palestine",
    licence="Unlicense",
    citation="Tech for Palestine. Palestine Datasets. https://data.techforpalestine.org/",
    url="https://data.techforpalestine.org/docs/datasets/",
    tables=(
        FeedTable(GAZA, _GAZA, needs=(DAY,), day_forms=DAYS),
        FeedTable(WEST_BANK, _WEST_BANK, needs=(DAY,), day_forms=DAYS),
        FeedTable(LEBANON, _LEBANON, needs=(DAY,), day_forms=DAYS),
        FeedTable(BUILDINGS, _BUILDINGS, needs=(DAY,), day_forms=DAYS),
    ),
    note="ext_ columns are filled in by the makers, the others reported; killed counts those recorded that day, "
    "recovered bodies and late approvals among them. The lists of names are personal data and have no profile.",
)


_FIRST = dt.date(2023, 10, 7)


_DAY = "report_date"


_NOBODY = "unspecified"


# By what the columns `report_source` and `flash_source` say, the claimant.
_CLAIMANTS = {
    "palestine_gaza": {"mohtel": "gaza_moh", "gmotel": "gaza_gmo", "un": "un_ocha"},
    "palestine_west_bank": {"un": "un_ocha"},
    "palestine_lebanon": {"mohtel": "lebanon_moph", "moph": "lebanon_moph", "un": "un_ocha"},
}


def _claimant(table: str, column: str) -> pl.Expr:
    return pl.col(column).replace_strict(_CLAIMANTS[table], default=_NOBODY, return_dtype=pl.String).fill_null(_NOBODY)


def _killed(path: str, column: str, **says: str) -> Number:
    return Number(f"killed.{path}" if path else "killed", column, "killed", says=says)


def _injured(path: str, column: str, **says: str) -> Number:
    return Number(f"injured.{path}" if path else "injured", column, "injured", says=says)


def _displaced(path: str, column: str, unit: str = "persons", **says: str) -> Number:
    return Number(path, column, "displaced", unit, says)


_RECORDED = "Counts those recorded, whenever they died: recovered bodies and late approvals among them."


_GAZA_TOLLS = (
    Toll("so_far", (
        _killed("", "killed_cum"), _killed("children", "killed_children_cum", age="child"),
        _killed("women", "killed_women_cum", sex="female", age="adult"),
        _killed("health_workers", "med_killed_cum", role="health_worker"),
        _killed("journalists", "press_killed_cum", role="journalist"),
        _killed("rescuers", "civdef_killed_cum", role="rescuer"),
        _killed("aid_seekers", "aid_seeker_killed_cum", role="aid_seeker"),
        _injured("", "injured_cum"), _injured("aid_seekers", "aid_seeker_injured_cum", role="aid_seeker"),
    )),
    Toll("of_hunger_so_far", (
        Number("killed", "famine_cum", "killed", says={"cause": "indirect", "label": "of hunger"}),
        _killed("children", "child_famine_cum", age="child"),
    ), note="Deaths of hunger are counted apart."),
    Toll("of_the_day", (
        _killed("", "killed"), _killed("recovered", "killed_recovered", label="bodies recovered"),
        _killed("succumbed", "killed_succumbed", label="died of earlier injuries"),
        _killed("approved", "killed_committee", label="approved by the committee"),
        _killed("in_truce", "killed_truce_new", label="newly killed in the truce"),
        _injured("", "injured"),
    ), is_running=False, basis="recorded", note=_RECORDED),
)  # fmt: skip


def _both(running: str, before: str = "") -> tuple[Number, ...]:
    """Killed and injured, and the children among them."""
    return (
        _killed("", f"{before}killed{running}"), _killed("children", f"{before}killed_children{running}", age="child"),
        _injured("", f"{before}injured{running}"), _injured("children", f"{before}injured_children{running}", age="child"),
    )  # fmt: skip


_WEST_BANK_TOLLS = (
    Toll("so_far", _both("_cum")),
    Toll("of_the_day", _both(""), is_running=False, basis="recorded"),
    Toll("verified_so_far", _both("_cum", "verified."), claimant=pl.lit("un_ocha"), note="Verified by OCHA."),
    Toll("verified_of_the_day", _both("", "verified."), is_running=False, claimant=pl.lit("un_ocha"), note="Verified by OCHA."),
    Toll("displaced_so_far", (
        _displaced("displaced", "displaced_persons_cum"), _displaced("displaced.children", "displaced_children_cum", age="child"),
        _displaced("displaced_families", "displaced_households_cum", "families"),
    )),
)  # fmt: skip


_LEBANON_TOLLS = (
    Toll("so_far", (_killed("", "killed_cum"), _injured("", "injured_cum"))),
    Toll("of_the_day", (_killed("", "killed"), _injured("", "injured")), is_running=False, basis="recorded", note=_RECORDED),
)  # fmt: skip


def _converted(tolls: tuple[Toll, ...], series: Series) -> Convert:
    def convert(rows: pl.DataFrame, page: Page, beside: Mapping[str, pl.DataFrame]) -> Draft:  # noqa: ARG001
        return {
            "claims": daily.claims(rows, tolls, series), "figures": daily.figures(rows, tolls),
            "claim_perpetrators": NO_PERPETRATORS,
        }  # fmt: skip

    return convert


_DERIVED = ("ext_ columns", "the makers filled them in where nothing was reported; they are nobody's claim")


_ATTACKS = "they count attacks, not people"


def _table(
    name: str, tolls: tuple[Toll, ...], series: Series, *left_out: tuple[str, str], needs: tuple[str, ...] = ()
) -> Table:
    scopes = {True: "running toll since the first day", False: "of the days that the row covers"}
    becomes = tuple(
        (
            ", ".join(n.column for n in toll.numbers),
            f"a claim `{toll.word}`, {scopes[toll.is_running]}, `basis` {toll.basis}",
        )
        for toll in tolls
    )
    source = ("report_source, flash_source", "`claimant_id`; where they name nobody, `unspecified`")
    return Table(
        convert=_converted(tolls, series), key=(_DAY,), needs=needs, days=(_DAY,), repeated=f"{name}.day-unique",
        becomes=(*becomes, source, (_DAY, "`as_of`, and the end of the window")), left_out=left_out,
    )  # fmt: skip


_TABLES = {
    "palestine_gaza": _table(
        "palestine_gaza", _GAZA_TOLLS,
        Series(_DAY, _FIRST, "gaza_2023", "gaza_strip", _claimant("palestine_gaza", "report_source"), "report_period"),
        _DERIVED, ("massacres_cum", _ATTACKS),
    ),
    "palestine_west_bank": _table(
        "palestine_west_bank", _WEST_BANK_TOLLS,
        Series(_DAY, _FIRST, "west_bank_2023", "west_bank", _claimant("palestine_west_bank", "flash_source")),
        ("settler_attacks_cum", _ATTACKS),
    ),
    "palestine_lebanon": _table(
        "palestine_lebanon", _LEBANON_TOLLS,
        Series(_DAY, dt.date(2023, 10, 8), "lebanon_2024", "lebanon", _claimant("palestine_lebanon", "report_source"), "report_period"),
        _DERIVED,
    ),
}  # fmt: skip


DATASET = Dataset(
    profile="palestine",
    publisher={"actor_id": "tech_for_palestine", "name": "Tech for Palestine", "kind": "monitor"},
    licence={"name": "Unlicense", "title": "The Unlicense", "path": "https://unlicense.org/"},
    terms="Dedicated to the public domain by its makers; name them all the same, and say that the data were converted.",
    tables=_TABLES,
    not_people={"palestine_infrastructure": "buildings"},
    actors=(
        {"actor_id": "gaza_moh", "name": "Ministry of Health in Gaza", "kind": "health_authority", "country": "PSE"},
        {"actor_id": "gaza_gmo", "name": "Gaza Government Media Office", "kind": "government_body", "country": "PSE"},
        {"actor_id": "lebanon_moph", "name": "Lebanon Ministry of Public Health", "kind": "health_authority", "country": "LBN"},
        {"actor_id": "un_ocha", "name": "UN Office for the Coordination of Humanitarian Affairs", "kind": "united_nations"},
        {"actor_id": _NOBODY, "name": "Not stated in the table", "kind": "unspecified"},
    ),
    locations=(
        {"location_id": "gaza_strip", "name": "Gaza Strip", "kind": "area", "country": "PSE", "latitude": 31.42, "longitude": 34.36, "precision": "5"},
        {"location_id": "west_bank", "name": "West Bank", "kind": "area", "country": "PSE", "latitude": 32.0, "longitude": 35.25, "precision": "5"},
        {"location_id": "lebanon", "name": "Lebanon", "kind": "country", "country": "LBN", "latitude": 33.9, "longitude": 35.8, "precision": "6"},
    ),
    conflicts=(
        {"conflict_id": "gaza_2023", "name": "War in the Gaza Strip, from 2023", "date_start": _FIRST, "countries": "ISR PSE"},
        {"conflict_id": "west_bank_2023", "name": "Violence in the West Bank, from October 2023", "date_start": _FIRST, "countries": "ISR PSE"},
        {"conflict_id": "lebanon_2024", "name": "War between Israel and Hezbollah, from 2023", "date_start": dt.date(2023, 10, 8), "countries": "ISR LBN"},
    ),
)  # fmt: skip
