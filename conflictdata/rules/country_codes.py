"""Rules of country codes."""

from __future__ import annotations

import narwhals.stable.v1 as nw

from conflictdata.rules._helpers import Lazy
from conflictdata.rules.base import VERDICT, Example, Frames, Row, Rule, rule
from conflictdata.schema.countries import guess_country, load_countries
from conflictdata.schema.quantities import is_filled

_CODES = tuple(load_countries())


_ONE_CODE = "(?:" + "|".join(_CODES) + ")"


def _explain_country(rows: list[Row], frames: Frames) -> list[Row]:  # noqa: ARG001 - the row is enough
    """Add `clue`: the codes probably meant."""
    explained = []
    for row in rows:
        words = str(row.get("country") or row.get("countries")).replace(",", " ").split()
        codes = [guess_country(word) for word in words]
        explained.append(row | {"clue": f"Did you mean {' '.join(codes)}? " if codes and all(codes) else ""})
    return explained


_WHY_CODE = (
    "Countries are joined by this code to every other dataset. A code that no list has (a withdrawn one, or two letters "
    "out of three) drops the record from every count by country."
)


def _make_country_rule(table: str) -> Rule:
    return rule(
        f"{table}.country-is-code",
        "error",
        ("country",),
        message="{country} is not a country code",
        hint="{clue}Use ISO 3166-1 alpha-3, three letters (SYR, PSE, COD); XKX for Kosovo.",
        why=_WHY_CODE,
        explain=_explain_country,
        example=_EXAMPLES[f"{table}.country-is-code"],
    )(nw.col("country").is_null() | nw.col("country").is_in(_CODES))


_EXAMPLES = {
    "locations.country-is-code": Example(
        "The country is a code of ISO 3166-1",
        bad={
            "locations": """
                location_id,name,kind,country,admin1,parent_id,latitude,longitude,precision,note
                gaza,Gaza Strip,area,GAZ,,,31.4,34.4,5,
                """,
        },
        good={
            "locations": """
                location_id,name,kind,country,admin1,parent_id,latitude,longitude,precision,note
                gaza,Gaza Strip,area,PSE,,,31.4,34.4,5,
                """,
        },
    ),
    "actors.country-is-code": Example(
        "The country is a code of ISO 3166-1",
        bad={
            "actors": """
                actor_id,name,kind,country,parent_id,active_from,active_to,wikidata,ucdp_id,note
                white_helmets,White Helmets,aid_organisation,SIR,,,,,,
                """,
        },
        good={
            "actors": """
                actor_id,name,kind,country,parent_id,active_from,active_to,wikidata,ucdp_id,note
                white_helmets,White Helmets,aid_organisation,SYR,,,,,,
                """,
        },
    ),
}


@rule(
    "conflicts.countries-are-codes",
    "error",
    ("countries",),
    message="{countries} is not a list of country codes",
    hint="{clue}Use ISO 3166-1 alpha-3, three letters each, with one space between: `SYR LBN`.",
    why=_WHY_CODE,
    explain=_explain_country,
    example=Example(
        "The countries are codes of ISO 3166-1 with a space between them",
        bad={
            "conflicts": """
                conflict_id,name,date_start,date_end,countries,ucdp_id,wikidata
                border_war,A border war,2024-01-01,,"SYR,LBN",,
                """,
        },
        good={
            "conflicts": """
                conflict_id,name,date_start,date_end,countries,ucdp_id,wikidata
                border_war,A border war,2024-01-01,,SYR LBN,,
                """,
        },
    ),
)
def _check_countries_are_codes() -> nw.Expr:
    return nw.col("countries").is_null() | nw.col("countries").str.contains(f"^{_ONE_CODE}(?: {_ONE_CODE})*$")


@rule(
    "locations.country-fits-parent",
    "warning",
    ("country", "parent_id"),
    message="the country is {country}, and {parent_id}, which holds the place, is in {parent_country}",
    hint="Correct the country or the parent; an area across borders has no country.",
    why="A place lies where the wider place lies. Where the codes differ, sums by country and sums along the tree disagree.",
    waivable=True,
    found="{country}, {parent_id} in {parent_country}",
    after=("*.key-unique", "*-resolves"),
    invalidates=("country",),
    example=Example(
        "A place lies in the country of the wider place",
        bad={
            "locations": """
                location_id,name,kind,country,admin1,parent_id,latitude,longitude,precision,note
                ford,A ford,site,LBN,Hama,hama,,,1,
                """,
        },
        good={
            "locations": """
                location_id,name,kind,country,admin1,parent_id,latitude,longitude,precision,note
                ford,A ford,site,SYR,Hama,hama,,,1,
                """,
        },
    ),
)
def _check_country_of_parent(frames: Frames) -> Lazy:
    places = frames["locations"]
    parents = places.select(parent_id="location_id", parent_country="country").unique()
    held = places.filter(is_filled("parent_id") & is_filled("country")).select("location_id", "country", "parent_id")
    both = held.join(parents, on="parent_id", how="inner").filter(is_filled("parent_country"))
    # Another rule reports invalid codes.
    codes = nw.col("country").is_in(_CODES) & nw.col("parent_country").is_in(_CODES)
    verdict = nw.when(codes).then(nw.col("country") == nw.col("parent_country"))
    return both.with_columns(verdict.alias(VERDICT))


RULES: tuple[Rule, ...] = (
    _make_country_rule("locations"),
    _make_country_rule("actors"),
)
