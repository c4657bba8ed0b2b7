"""Tech for Palestine: daily tables of people killed and injured, and of buildings.

The tables cover Gaza, the West Bank and Lebanon; buildings are for Gaza.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import polars as pl

from conflictdata.datasets import daily
from conflictdata.datasets.compiled import get_constraints
from conflictdata.datasets.converter import NO_PERPETRATORS, Convert, Dataset, DraftTables, SourceFile, TableConversion
from conflictdata.datasets.daily import CountColumn, Toll, TollSeries
from conflictdata.datasets.profile import Profile, ProfileTable
from conflictdata.datasets.rules.palestine import BUILDINGS, DAY, GAZA, LEBANON, WEST_BANK
from conflictdata.readers.day_forms import ISO, MIDNIGHT

DAYS = (ISO, MIDNIGHT)  # the publisher's JSON and CSV have only the day; other programs add midnight


def _list_old_names(table: str) -> dict[str, str]:
    """Return our column per name that releases had until 2024, with `martyred` for `killed`."""
    names = [c.column for c in get_constraints(table)]
    return {name.replace("killed", "martyred"): name for name in names if "killed" in name}


PROFILE = Profile(
    name="palestine",
    title="Palestine Datasets of Tech for Palestine",
    licence="Unlicense",
    citation="Tech for Palestine. Palestine Datasets. https://data.techforpalestine.org/",
    url="https://data.techforpalestine.org/docs/datasets/",
    tables=(
        *(
            ProfileTable(
                table, f"{place}, Tech for Palestine", needs=(DAY,), day_forms=DAYS, aliases=_list_old_names(table)
            )
            for table, place in ((GAZA, "Gaza"), (WEST_BANK, "West Bank"), (LEBANON, "Lebanon"))
        ),
        ProfileTable(BUILDINGS, "Buildings in Gaza, Tech for Palestine", needs=(DAY,), day_forms=DAYS),
    ),
    note="ext_ columns are filled in by the makers, the others reported; killed counts those recorded that day, "
    "recovered bodies and late approvals among them. The lists of names are personal data and have no profile.",
)


_FIRST = dt.date(2023, 10, 7)


_NOBODY = "unspecified"


# Claimant per value of the columns `report_source` and `flash_source`.
_CLAIMANTS = {
    "palestine_gaza": {"mohtel": "gaza_moh", "gmotel": "gaza_gmo", "un": "un_ocha", "unocha": "un_ocha"},
    "palestine_west_bank": {"un": "un_ocha"},
    # OCHA relays the ministry's numbers.
    "palestine_lebanon": {
        "mohtel": "lebanon_moph",
        "moph": "lebanon_moph",
        "moph_lb": "lebanon_moph",
        "un": "un_ocha",
        "ocha": "lebanon_moph",
        "who": "lebanon_moph",
    },
}


def _map_claimant(table: str, column: str) -> pl.Expr:
    return pl.col(column).replace_strict(_CLAIMANTS[table], default=_NOBODY, return_dtype=pl.String).fill_null(_NOBODY)


def _count_killed(path: str, column: str, **attributes: str) -> CountColumn:
    return CountColumn(f"killed.{path}" if path else "killed", column, "killed", attributes=attributes)


def _count_injured(path: str, column: str, **attributes: str) -> CountColumn:
    return CountColumn(f"injured.{path}" if path else "injured", column, "injured", attributes=attributes)


def _count_displaced(path: str, column: str, unit: str = "persons", **attributes: str) -> CountColumn:
    return CountColumn(path, column, "displaced", unit, attributes)


_RECORDED = "Counts those recorded, whenever they died: recovered bodies and late approvals among them."


_GAZA_TOLLS = (
    Toll("so_far", (
        _count_killed("", "killed_cum"), _count_killed("children", "killed_children_cum", age="child"),
        _count_killed("women", "killed_women_cum", sex="female", age="adult"),
        _count_killed("health_workers", "med_killed_cum", role="health_worker"),
        _count_killed("journalists", "press_killed_cum", role="journalist"),
        _count_killed("rescuers", "civdef_killed_cum", role="rescuer"),
        _count_killed("aid_seekers", "aid_seeker_killed_cum", role="aid_seeker"),
        _count_injured("", "injured_cum"), _count_injured("aid_seekers", "aid_seeker_injured_cum", role="aid_seeker"),
    )),
    Toll("of_hunger_so_far", (
        CountColumn("killed", "famine_cum", "killed", attributes={"cause": "indirect", "label": "of hunger"}),
        _count_killed("children", "child_famine_cum", age="child"),
    ), note="Deaths of hunger are counted apart.", is_singled_out=True),
    Toll("of_the_day", (
        _count_killed("", "killed"), _count_killed("recovered", "killed_recovered", label="bodies recovered"),
        _count_killed("succumbed", "killed_succumbed", label="died of earlier injuries"),
        _count_killed("approved", "killed_committee", label="approved by the committee"),
        _count_killed("in_truce", "killed_truce_new", label="newly killed in the truce"),
        _count_injured("", "injured"),
    ), is_running=False, basis="recorded", note=_RECORDED),
)  # fmt: skip


def _count_killed_and_injured(running: str, before: str = "") -> tuple[CountColumn, ...]:
    """Return the columns of killed and injured people, and of the children among them."""
    return (
        _count_killed("", f"{before}killed{running}"), _count_killed("children", f"{before}killed_children{running}", age="child"),
        _count_injured("", f"{before}injured{running}"), _count_injured("children", f"{before}injured_children{running}", age="child"),
    )  # fmt: skip


_WEST_BANK_TOLLS = (
    Toll("so_far", _count_killed_and_injured("_cum")),
    Toll("of_the_day", _count_killed_and_injured(""), is_running=False, basis="recorded"),
    Toll("verified_so_far", _count_killed_and_injured("_cum", "verified."), claimant=pl.lit("un_ocha"), note="Verified by OCHA."),
    Toll("verified_of_the_day", _count_killed_and_injured("", "verified."), is_running=False, claimant=pl.lit("un_ocha"), note="Verified by OCHA."),
    Toll("displaced_so_far", (
        _count_displaced("displaced", "displaced_persons_cum"), _count_displaced("displaced.children", "displaced_children_cum", age="child"),
        _count_displaced("displaced_families", "displaced_households_cum", "families"),
    )),
)  # fmt: skip


_LEBANON_TOLLS = (
    Toll("so_far", (_count_killed("", "killed_cum"), _count_injured("", "injured_cum"))),
    Toll("of_the_day", (_count_killed("", "killed"), _count_injured("", "injured")), is_running=False, basis="recorded", note=_RECORDED),
)  # fmt: skip


def _make_convert(tolls: tuple[Toll, ...], series: TollSeries) -> Convert:
    def convert(rows: pl.DataFrame, page: SourceFile, beside: Mapping[str, pl.DataFrame]) -> DraftTables:  # noqa: ARG001
        return {
            "claims": daily.build_claims(rows, tolls, series), "figures": daily.build_figures(rows, tolls),
            "claim_perpetrators": NO_PERPETRATORS,
        }  # fmt: skip

    return convert


_DERIVED = ("ext_ columns", "the makers filled them in where nothing was reported; they are nobody's claim")


_ATTACKS = "they count attacks, not people"


def _make_table(
    name: str, tolls: tuple[Toll, ...], series: TollSeries, *omitted: tuple[str, str], needs: tuple[str, ...] = ()
) -> TableConversion:
    scopes = {True: "running toll since the first day", False: "of the days that the row covers"}
    becomes = tuple(
        (
            ", ".join(n.column for n in toll.numbers),
            f"a claim `{toll.word}`, {scopes[toll.is_running]}, `basis` {toll.basis}",
        )
        for toll in tolls
    )
    source = ("report_source, flash_source", "`claimant_id`; where they name nobody, `unspecified`")
    return TableConversion(
        convert=_make_convert(tolls, series), key=(DAY,), needs=needs, days=(DAY,), duplicate_rule=f"{name}.day-unique",
        becomes=(*becomes, source, (DAY, "`as_of`, and the end of the window")), omitted=omitted,
    )  # fmt: skip


_TABLES = {
    "palestine_gaza": _make_table(
        "palestine_gaza", _GAZA_TOLLS,
        TollSeries(DAY, _FIRST, "gaza_2023", "gaza_strip", _map_claimant("palestine_gaza", "report_source"), "report_period"),
        _DERIVED, ("massacres_cum", _ATTACKS),
    ),
    "palestine_west_bank": _make_table(
        "palestine_west_bank", _WEST_BANK_TOLLS,
        TollSeries(DAY, _FIRST, "west_bank_2023", "west_bank", _map_claimant("palestine_west_bank", "flash_source")),
        ("settler_attacks_cum", _ATTACKS),
    ),
    "palestine_lebanon": _make_table(
        "palestine_lebanon", _LEBANON_TOLLS,
        TollSeries(DAY, dt.date(2023, 10, 8), "lebanon_2024", "lebanon", _map_claimant("palestine_lebanon", "report_source"), "report_period"),
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
