"""ACLED event exports. ACLED's terms forbid to include any row of them."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from conflictdata.datasets import _event_records
from conflictdata.datasets._places import add_places, find_country_by_name, keep_known_codes
from conflictdata.datasets._text import add_ids, clean_text, join_texts, make_slug
from conflictdata.datasets.converter import NO_PERPETRATORS, Dataset, DraftTables, SourceFile, TableConversion
from conflictdata.datasets.profile import Profile, ProfileTable
from conflictdata.readers.day_forms import ISO, MIDNIGHT, MONTH_IN_WORDS, MONTH_IN_WORDS_DASHED, SLASHED

# The export tool writes `28 December 2022`, the API `2022-12-28`; the FAQ says dd-mmmm-yyyy. Exports until 2017 have
# `28/12/2022`, which a spreadsheet with American settings changes to `12/28/2022`.
DAYS = (ISO, MIDNIGHT, MONTH_IN_WORDS, MONTH_IN_WORDS_DASHED, SLASHED)


# Names of exports until 2017, and of files that geographic software cut to ten letters.
_OLD_NAMES = {
    "ally_actor_1": "assoc_actor_1", "ally_actor_2": "assoc_actor_2", "event_id": "event_id_cnty", "event_id_c": "event_id_cnty",
    "time_preci": "time_precision", "sub_event_": "sub_event_type", "assoc_acto": "assoc_actor_1", "assoc_ac_1": "assoc_actor_2",
    "interactio": "interaction", "geo_precis": "geo_precision", "source_sca": "source_scale", "disorder_t": "disorder_type",
}  # fmt: skip


PROFILE = Profile(
    name="acled",
    title="Armed Conflict Location & Event Data",
    licence="ACLED's terms of use: not to be passed on, nor used to build a similar dataset",
    citation="Raleigh, Clionadh, et al. 2010. Introducing ACLED: An Armed Conflict Location and Event Dataset. Journal of Peace Research 47 (5).",
    url="https://acleddata.com/",
    tables=(ProfileTable("acled", "ACLED", needs=("event_id_cnty",), day_forms=DAYS, aliases=_OLD_NAMES),),
    note="The package checks and converts your own export on your machine, and ships no row of it.",
)


# Our event type per sub-event. `political` for everything that is not violence.
EVENT_TYPES = {
    "Armed clash": "battle", "Government regains territory": "territory_capture",
    "Non-state actor overtakes territory": "territory_capture", "Non-violent transfer of territory": "territory_capture",
    "Shelling/artillery/missile attack": "shelling", "Air/drone strike": "airstrike", "Suicide bomb": "suicide_attack",
    "Remote explosive/landmine/IED": "explosive_device", "Grenade": "explosive_device", "Chemical weapon": "chemical_attack",
    "Attack": "attack_on_civilians", "Sexual violence": "attack_on_civilians",
    "Excessive force against protesters": "attack_on_civilians", "Mob violence": "attack_on_civilians",
    "Abduction/forced disappearance": "abduction", "Arrests": "detention",
}  # fmt: skip


# Our event type per event type, for rows without a sub-event, as in releases until 2018.
_BY_TYPE = {
    "Battles": "battle", "Explosions/Remote violence": "shelling", "Violence against civilians": "attack_on_civilians",
    "Battle-No change of territory": "battle", "Battle-Government regains territory": "territory_capture",
    "Battle-Non-state actor overtakes territory": "territory_capture", "Battle-Non-state actors overtake territory": "territory_capture",
    "Non-violent transfer of territory": "territory_capture", "Remote violence": "shelling", "Violence Against Civilians": "attack_on_civilians",
}  # fmt: skip


# Kind of actor per code of `inter1` and `inter2`: numbers (older exports) or words.
_KINDS = {
    "1": "armed_forces", "State forces": "armed_forces", "2": "armed_group", "Rebel group": "armed_group",
    "3": "militia", "Political militia": "militia", "4": "militia", "Identity militia": "militia",
    "7": "community", "Civilians": "community", "8": "coalition", "External/Other forces": "coalition",
}  # fmt: skip


_DATES = {"1": "1", "2": "3", "3": "4"}  # time_precision


_PLACES = {"1": "1", "2": "3", "3": "4"}  # geo_precision


_DAYS = {"1": "day", "3": "approximate", "4": "month"}


_WHERE = ("location", "admin1", "admin2", "country", "latitude", "longitude", "geo_precision")


def convert(rows: pl.DataFrame, page: SourceFile, beside: Mapping[str, pl.DataFrame]) -> DraftTables:  # noqa: ARG001 - one signature
    """Convert typed rows of an export to draft tables."""
    known = rows.with_columns(
        key=pl.col("event_id_cnty"), date_precision=_map_codes("time_precision", _DATES), geo_precision=_map_codes("geo_precision", _PLACES),
        country_code=pl.coalesce(keep_known_codes("iso3"), find_country_by_name(rows, "country")),
        country=pl.col("country").fill_null("Country without a name"),
    )  # fmt: skip
    known = add_places(known, "acled", name="location", precision="geo_precision", by=_WHERE)
    known = _add_actors(known).with_columns(
        conflict_id=pl.concat_str([pl.lit("acled_"), make_slug(pl.col("country"))]),
        event_id=pl.concat_str([pl.col("event_date").cast(pl.String), pl.lit("-acled-"), pl.col("key").str.to_lowercase()]),
    )  # fmt: skip
    return {
        "conflicts": _build_conflicts(known), "actors": _build_actors(known), "locations": _event_records.build_locations(known, admin1="admin1"), "events": _build_events(known),
        "event_actors": _build_event_actors(known), "claims": _build_claims(known, page), "figures": _build_figures(known),
        "claim_perpetrators": NO_PERPETRATORS,
    }  # fmt: skip


def _map_codes(column: str, codes: Mapping[str, str]) -> pl.Expr:
    return pl.col(column).fill_null("1").replace_strict(codes, return_dtype=pl.String)


def _add_actors(rows: pl.DataFrame) -> pl.DataFrame:
    for side in ("1", "2"):
        identified = add_ids(rows, "_id", "acled", f"actor{side}", (f"actor{side}",))
        actor = pl.when(pl.col(f"actor{side}").is_not_null()).then("_id")
        rows = identified.with_columns(actor.alias(f"actor_{side}")).drop("_id")
    return rows


def _build_conflicts(rows: pl.DataFrame) -> pl.DataFrame:
    conflicts = rows.sort("key").group_by("conflict_id", maintain_order=True).agg(
        pl.col("country", "country_code").first(), date_start=pl.col("event_date").min()
    )  # fmt: skip
    name = pl.concat_str([pl.lit("Events in "), clean_text(pl.col("country"), 200)])
    return conflicts.select("conflict_id", "date_start", name=name, countries="country_code")


def _build_actors(rows: pl.DataFrame) -> pl.DataFrame:
    sides = pl.concat(
        [rows.select("key", actor_id=f"actor_{s}", name=f"actor{s}", inter=f"inter{s}") for s in "12"]
    ).drop_nulls("actor_id")
    kind = pl.col("inter").replace_strict(_KINDS, default="unnamed", return_dtype=pl.String)
    first = sides.sort("key").unique("actor_id", keep="first", maintain_order=True)
    return first.select(
        "actor_id", name=clean_text(pl.col("name")).fill_null("Actor without a name"), kind=kind.fill_null("unnamed")
    )


def _build_events(rows: pl.DataFrame) -> pl.DataFrame:
    by_type = pl.col("event_type").replace_strict(_BY_TYPE, default="political", return_dtype=pl.String)
    by_sub = pl.col("sub_event_type").replace_strict(EVENT_TYPES, default="political", return_dtype=pl.String)
    what = pl.coalesce("sub_event_type", "event_type")
    return rows.select(
        "key", "event_id", "conflict_id", "location_id", "date_precision", date_start="event_date", date_end="event_date",
        event_type=pl.when(pl.col("sub_event_type").is_null()).then(by_type).otherwise(by_sub),
        summary=pl.concat_str([what, pl.lit(", "), pl.col("place").str.slice(0, 120), pl.lit(".")]),
    )  # fmt: skip


def _build_event_actors(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the two actors without a direction: ACLED does not say who began."""
    return _event_records.build_event_actors(rows, "12", pl.lit("party"))


def _build_claims(rows: pl.DataFrame, page: SourceFile) -> pl.DataFrame:
    note = join_texts({"source": "ACLED's sources:"})
    return _event_records.build_claims(
        rows, page, "acled", days=("date_precision", _DAYS), number=pl.col("row:") + 1, note=note
    )


def _build_figures(rows: pl.DataFrame) -> pl.DataFrame:
    number = pl.col("fatalities")
    return rows.select(
        "key", path=pl.lit("killed"), relation=pl.lit("total"), outcome=pl.lit("killed"), unit=pl.lit("persons"),
        qualifier=pl.lit("exact"), low=number, best=number, high=number,
    )  # fmt: skip


CONVERSION = TableConversion(
    convert=convert, key=("event_id_cnty",), needs=("event_type", "fatalities"), days=("event_date",),
    duplicate_rule="acled.id-unique",
    aside=(
        "disorder_type", "assoc_actor_1", "assoc_actor_2", "civilian_targeting", "region", "admin3", "source_scale", "notes",
        "tags",
    ),
    becomes=(
        ("event_id_cnty", "`crosswalk` (scheme `acled`), the end of `event_id`"),
        ("fatalities", "the total of people killed, `exact`; 0 is ACLED's 0, which holds what nobody reported"),
        ("event_date, time_precision", "`events`: one day, `date_precision` 1 for 1, 3 for 2, 4 for 3"),
        ("event_type, sub_event_type", "`event_type`; protests and most strategic developments are `political`"),
        ("actor1, actor2, inter1, inter2", "`actors`, and `event_actors` as `party`: ACLED gives no direction"),
        ("location, admin1, latitude, longitude, geo_precision", "`locations`: precision 1 for 1, 3 for 2, 4 for 3"),
        ("country, iso3", "`conflicts`, one a country: ACLED has no conflicts"),
        ("source", "`note` of the claim"),
    ),
    omitted=(
        ("notes", "text of ACLED's, in which private persons may be named"),
        ("assoc_actor_1, assoc_actor_2, civilian_targeting, tags, source_scale", "our tables have no place for them"),
        ("disorder_type, interaction, region, iso, year, timestamp, population columns", "they follow from others, or count no victims"),
    ),
)  # fmt: skip


DATASET = Dataset(
    profile="acled",
    publisher={"actor_id": "acled", "name": "Armed Conflict Location & Event Data", "kind": "monitor", "country": "USA"},
    licence={
        "name": "acled-terms", "title": "ACLED's terms of use: no redistribution", "path": "https://acleddata.com/eula",
    },
    terms=(
        "**Not to be passed on.** ACLED's terms of use hold for this package as for the export that it was made from: keep it to "
        "yourself, do not publish it, and do not build or benchmark a similar dataset with it. Attribute ACLED in what you publish."
    ),
    tables={"acled": CONVERSION},
)  # fmt: skip
