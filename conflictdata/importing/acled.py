"""ACLED: a user's own export becomes events with one claim each, on the user's machine. Its terms forbid passing them on."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from conflictdata.importing import events
from conflictdata.importing.dataset import NO_PERPETRATORS, Dataset, Draft, Page, Table
from conflictdata.importing.places import country_of_name, known_codes, placed
from conflictdata.importing.texts import cleaned, joined_text, named, slug

# By sub-event, our type of event; `political` for what is no violence.
EVENT_TYPES = {
    "Armed clash": "battle", "Government regains territory": "territory_capture",
    "Non-state actor overtakes territory": "territory_capture", "Non-violent transfer of territory": "territory_capture",
    "Shelling/artillery/missile attack": "shelling", "Air/drone strike": "airstrike", "Suicide bomb": "suicide_attack",
    "Remote explosive/landmine/IED": "explosive_device", "Grenade": "explosive_device", "Chemical weapon": "chemical_attack",
    "Attack": "attack_on_civilians", "Sexual violence": "attack_on_civilians",
    "Excessive force against protesters": "attack_on_civilians", "Mob violence": "attack_on_civilians",
    "Abduction/forced disappearance": "abduction", "Arrests": "detention",
}  # fmt: skip
# Where a row has no sub-event.
_BY_TYPE = {
    "Battles": "battle", "Explosions/Remote violence": "shelling", "Violence against civilians": "attack_on_civilians",
}  # fmt: skip
# By `inter1` and `inter2`, in numbers (older exports) and words.
_KINDS = {
    "1": "armed_forces", "State forces": "armed_forces", "2": "armed_group", "Rebel group": "armed_group",
    "3": "militia", "Political militia": "militia", "4": "militia", "Identity militia": "militia",
    "7": "community", "Civilians": "community", "8": "coalition", "External/Other forces": "coalition",
}  # fmt: skip
_DATES = {"1": "1", "2": "3", "3": "4"}  # time_precision
_PLACES = {"1": "1", "2": "3", "3": "4"}  # geo_precision
_DAYS = {"1": "day", "3": "approximate", "4": "month"}
_WHERE = ("location", "admin1", "admin2", "country", "latitude", "longitude", "geo_precision")


def convert(rows: pl.DataFrame, page: Page, beside: Mapping[str, pl.DataFrame]) -> Draft:  # noqa: ARG001 - one signature
    """Typed rows of an export to drafts."""
    known = rows.with_columns(
        key=pl.col("event_id_cnty"), date_precision=_coded("time_precision", _DATES), geo_precision=_coded("geo_precision", _PLACES),
        country_code=pl.coalesce(known_codes("iso3"), country_of_name(rows, "country")),
        country=pl.col("country").fill_null("Country without a name"),
    )  # fmt: skip
    known = placed(known, "acled", name="location", precision="geo_precision", by=_WHERE)
    known = _sides(known).with_columns(
        conflict_id=pl.concat_str([pl.lit("acled_"), slug(pl.col("country"))]),
        event_id=pl.concat_str([pl.col("event_date").cast(pl.String), pl.lit("-acled-"), pl.col("key").str.to_lowercase()]),
    )  # fmt: skip
    return {
        "conflicts": _conflicts(known), "actors": _actors(known), "locations": events.locations(known, admin1="admin1"), "events": _events(known),
        "event_actors": _event_actors(known), "claims": _claims(known, page), "figures": _figures(known),
        "claim_perpetrators": NO_PERPETRATORS,
    }  # fmt: skip


def _coded(column: str, codes: Mapping[str, str]) -> pl.Expr:
    return pl.col(column).fill_null("1").replace_strict(codes, return_dtype=pl.String)


def _sides(rows: pl.DataFrame) -> pl.DataFrame:
    for side in ("1", "2"):
        identified = named(rows, "_id", "acled", f"actor{side}", (f"actor{side}",))
        actor = pl.when(pl.col(f"actor{side}").is_not_null()).then("_id")
        rows = identified.with_columns(actor.alias(f"actor_{side}")).drop("_id")
    return rows


def _conflicts(rows: pl.DataFrame) -> pl.DataFrame:
    found = rows.sort("key").group_by("conflict_id", maintain_order=True).agg(
        pl.col("country", "country_code").first(), date_start=pl.col("event_date").min()
    )  # fmt: skip
    name = pl.concat_str([pl.lit("Events in "), cleaned(pl.col("country"), 200)])
    return found.select("conflict_id", "date_start", name=name, countries="country_code")


def _actors(rows: pl.DataFrame) -> pl.DataFrame:
    sides = pl.concat(
        [rows.select("key", actor_id=f"actor_{s}", name=f"actor{s}", inter=f"inter{s}") for s in "12"]
    ).drop_nulls("actor_id")
    kind = pl.col("inter").replace_strict(_KINDS, default="unnamed", return_dtype=pl.String)
    first = sides.sort("key").unique("actor_id", keep="first", maintain_order=True)
    return first.select(
        "actor_id", name=cleaned(pl.col("name")).fill_null("Actor without a name"), kind=kind.fill_null("unnamed")
    )


def _events(rows: pl.DataFrame) -> pl.DataFrame:
    by_type = pl.col("event_type").replace_strict(_BY_TYPE, default="political", return_dtype=pl.String)
    by_sub = pl.col("sub_event_type").replace_strict(EVENT_TYPES, default="political", return_dtype=pl.String)
    what = pl.coalesce("sub_event_type", "event_type")
    return rows.select(
        "key", "event_id", "conflict_id", "location_id", "date_precision", date_start="event_date", date_end="event_date",
        event_type=pl.when(pl.col("sub_event_type").is_null()).then(by_type).otherwise(by_sub),
        summary=pl.concat_str([what, pl.lit(", "), pl.col("place").str.slice(0, 120), pl.lit(".")]),
    )  # fmt: skip


def _event_actors(rows: pl.DataFrame) -> pl.DataFrame:
    """The two actors in no direction: ACLED does not say who began."""
    return events.event_actors(rows, "12", pl.lit("party"))


def _claims(rows: pl.DataFrame, page: Page) -> pl.DataFrame:
    note = joined_text({"source": "ACLED's sources:"})
    return events.claims(rows, page, "acled", days=("date_precision", _DAYS), number=pl.col("row:") + 1, note=note)


def _figures(rows: pl.DataFrame) -> pl.DataFrame:
    number = pl.col("fatalities")
    return rows.select(
        "key", path=pl.lit("killed"), relation=pl.lit("total"), outcome=pl.lit("killed"), unit=pl.lit("persons"),
        qualifier=pl.lit("exact"), low=number, best=number, high=number,
    )  # fmt: skip


TABLE = Table(
    convert=convert, key=("event_id_cnty",), needs=("event_type", "fatalities"), days=("event_date",),
    repeated="acled.id-unique",
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
    left_out=(
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
    tables={"acled": TABLE},
)  # fmt: skip
