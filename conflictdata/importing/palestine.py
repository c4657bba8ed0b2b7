"""Tech for Palestine: daily tables of Gaza, the West Bank and Lebanon. What is reported is a claim; `ext_` columns are not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import polars as pl

from conflictdata.importing import daily
from conflictdata.importing.daily import Number, Series, Toll
from conflictdata.importing.dataset import NO_PERPETRATORS, Convert, Dataset, Draft, Page, Table

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

_GAZA = (
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


_WEST_BANK = (
    Toll("so_far", _both("_cum")),
    Toll("of_the_day", _both(""), is_running=False, basis="recorded"),
    Toll("verified_so_far", _both("_cum", "verified."), claimant=pl.lit("un_ocha"), note="Verified by OCHA."),
    Toll("verified_of_the_day", _both("", "verified."), is_running=False, claimant=pl.lit("un_ocha"), note="Verified by OCHA."),
    Toll("displaced_so_far", (
        _displaced("displaced", "displaced_persons_cum"), _displaced("displaced.children", "displaced_children_cum", age="child"),
        _displaced("displaced_families", "displaced_households_cum", "families"),
    )),
)  # fmt: skip

_LEBANON = (
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
        "palestine_gaza", _GAZA,
        Series(_DAY, _FIRST, "gaza_2023", "gaza_strip", _claimant("palestine_gaza", "report_source"), "report_period"),
        _DERIVED, ("massacres_cum", _ATTACKS),
    ),
    "palestine_west_bank": _table(
        "palestine_west_bank", _WEST_BANK,
        Series(_DAY, _FIRST, "west_bank_2023", "west_bank", _claimant("palestine_west_bank", "flash_source")),
        ("settler_attacks_cum", _ATTACKS),
    ),
    "palestine_lebanon": _table(
        "palestine_lebanon", _LEBANON,
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
