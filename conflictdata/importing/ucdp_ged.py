"""UCDP GED: a row is an event and one claim by UCDP, with the dead of each side as parts of its best estimate."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from conflictdata.importing import events
from conflictdata.importing.dataset import Dataset, Draft, Page, Table
from conflictdata.importing.places import country_of_number, placed
from conflictdata.importing.texts import cleaned, joined_text, slug
from conflictdata.package.about import CC_BY

UCDP = {
    "actor_id": "ucdp", "name": "Uppsala Conflict Data Program", "kind": "monitor", "country": "SWE",
    "note": "Codes events of organised violence from news and reports of others.",
}  # fmt: skip
_SPAN = {"1": "day", "2": "approximate", "3": "approximate", "4": "month", "5": "approximate"}  # by date_prec
_ONE_SIDED = pl.col("type_of_violence") == "3"
_PLACE = ("where_coordinates", "adm_1", "country_id", "country", "latitude", "longitude", "where_prec")


def convert(rows: pl.DataFrame, page: Page, beside: Mapping[str, pl.DataFrame]) -> Draft:  # noqa: ARG001 - one signature
    """Typed rows of GED to drafts."""
    known = _sides(_conflicts(rows)).with_columns(pl.col("where_prec").fill_null("5"))
    known = placed(known, "ucdp", name="where_coordinates", precision="where_prec", by=_PLACE)
    known = known.with_columns(
        key=pl.col("id"), country_code=country_of_number(known), event_id=_event_id(),
        date_prec=pl.col("date_prec").fill_null(_precision()),
    )  # fmt: skip
    return {
        "conflicts": _registered_conflicts(known), "actors": _actors(known), "locations": events.locations(known, admin1="adm_1"),
        "events": _events(known), "event_actors": _event_actors(known), "claims": _claims(known, page),
        "claim_perpetrators": known.filter(_ONE_SIDED & pl.col("actor_a").is_not_null()).select("key", actor_id="actor_a"),
        "figures": _figures(known),
    }  # fmt: skip


def _event_id() -> pl.Expr:
    return pl.concat_str([pl.col("date_start").cast(pl.String), pl.lit("-ucdp-"), pl.col("id")])


def _precision() -> pl.Expr:
    """The code that follows from the days, as it does in every release."""
    days = (pl.col("date_end") - pl.col("date_start")).dt.total_days() + 1
    code = pl.when(days <= 1).then(pl.lit("1")).when(days <= 6).then(pl.lit("2")).when(days == 7).then(pl.lit("3"))
    return code.when(days <= 31).then(pl.lit("4")).otherwise(pl.lit("5"))


def _id(number: str, name: str) -> pl.Expr:
    """UCDP's number as an id; the name's letters where the file has no number."""
    return pl.when(pl.col(name).is_not_null()).then(
        pl.concat_str([pl.lit("ucdp_"), pl.coalesce(pl.col(number), slug(pl.col(name)))])
    )


def _conflicts(rows: pl.DataFrame) -> pl.DataFrame:
    name = pl.coalesce("conflict_name", "dyad_name", pl.lit("Conflict without a name"))
    return rows.with_columns(conflict_name=name).with_columns(conflict_id=_id("conflict_new_id", "conflict_name"))


def _sides(rows: pl.DataFrame) -> pl.DataFrame:
    """`actor_a`, `actor_b`: ids of the sides. Civilians are no actor: nobody fights under that name."""
    side_b = pl.when(~_ONE_SIDED).then("side_b")
    return rows.with_columns(side_b=side_b).with_columns(
        actor_a=_id("side_a_new_id", "side_a"), actor_b=_id("side_b_new_id", "side_b")
    )


def _registered_conflicts(rows: pl.DataFrame) -> pl.DataFrame:
    codes = pl.col("country_code").drop_nulls().unique().sort().str.join(" ")
    found = rows.sort("id").group_by("conflict_id", maintain_order=True).agg(
        pl.col("conflict_name").first(), pl.col("conflict_new_id").first(), pl.col("date_start").min(), countries=codes
    )  # fmt: skip
    return found.select(
        "conflict_id", "date_start", name=cleaned(pl.col("conflict_name")),
        countries=pl.when(pl.col("countries") != "").then("countries"),
        ucdp_id=pl.col("conflict_new_id").str.strip_chars_start("0"),
    )  # fmt: skip


def _actors(rows: pl.DataFrame) -> pl.DataFrame:
    sides = pl.concat(
        [rows.select("id", actor_id=f"actor_{s}", name=f"side_{s}", number=f"side_{s}_new_id") for s in "ab"]
    ).drop_nulls("actor_id")
    first = sides.sort("id").unique("actor_id", keep="first", maintain_order=True)
    state = pl.col("name").str.starts_with("Government of")
    return first.select(
        "actor_id", name=cleaned(pl.col("name")), ucdp_id=pl.col("number").str.strip_chars_start("0"),
        kind=pl.when(state).then(pl.lit("state")).otherwise(pl.lit("armed_group")),
    )  # fmt: skip


def _events(rows: pl.DataFrame) -> pl.DataFrame:
    between = pl.concat_str([cleaned(pl.col("side_a"), 80), cleaned(pl.col("side_b"), 80)], separator=" and ")
    against = pl.concat_str([pl.lit("Violence of "), cleaned(pl.col("side_a"), 80), pl.lit(" against civilians")])
    what = pl.when(_ONE_SIDED).then(against).otherwise(pl.concat_str([pl.lit("Fighting between "), between]))
    at = pl.concat_str(
        [what.fill_null("Organised violence"), pl.lit(", "), pl.col("place").str.slice(0, 80), pl.lit(".")]
    )
    return rows.select(
        "key", "event_id", "conflict_id", "date_start", "date_end", "location_id", date_precision="date_prec",
        event_type=pl.when(_ONE_SIDED).then(pl.lit("attack_on_civilians")).otherwise(pl.lit("battle")), summary=at,
    )  # fmt: skip


def _event_actors(rows: pl.DataFrame) -> pl.DataFrame:
    """Side A of one-sided violence acts; who began a fight UCDP does not say."""
    role = pl.when(_ONE_SIDED).then(pl.lit("initiator")).otherwise(pl.lit("party"))
    return events.event_actors(rows, "ab", role)


def _claims(rows: pl.DataFrame, page: Page) -> pl.DataFrame:
    blamed = _ONE_SIDED & pl.col("actor_a").is_not_null()
    note = joined_text({"source_office": "UCDP's sources:", "source_original": "who told them:"})
    return events.claims(
        rows, page, "ucdp", days=("date_prec", _SPAN), number=pl.col("id").str.strip_chars_start("0"),
        perpetrator_certainty=pl.when(blamed).then(pl.lit("stated")), note=note,
    )  # fmt: skip


def _figures(rows: pl.DataFrame) -> pl.DataFrame:
    exact = (pl.col("low") == pl.col("best")) & (pl.col("high") == pl.col("best"))
    alone = pl.col("low").is_null() & pl.col("high").is_null()  # a file that was cut down to its best estimates
    total = rows.select(
        "key", "best", path=pl.lit("killed"), relation=pl.lit("total"),
        low=pl.when(alone).then("best").otherwise("low"), high=pl.when(alone).then("best").otherwise("high"),
        qualifier=pl.when(exact | alone).then(pl.lit("exact")).otherwise(pl.lit("range")),
    )  # fmt: skip
    same = pl.col("actor_a") == pl.col("actor_b")
    whose = {
        "side_a": ("deaths_a", pl.col("actor_a"), None), "side_b": ("deaths_b", pl.col("actor_b"), None),
        "civilians": ("deaths_civilians", pl.lit(None, pl.String), "civilian"),
        "unknown": ("deaths_unknown", pl.lit(None, pl.String), "unknown"),
    }  # fmt: skip
    parts = [
        rows.select(
            "key", pl.col(column).alias("low"), pl.col(column).alias("best"), pl.col(column).alias("high"),
            path=pl.lit(f"killed.{name}"), relation=pl.lit("part"), axis=pl.lit("party"), actor_id=actor,
            person_status=pl.lit(status, pl.String), qualifier=pl.lit("exact"),
            # A side that has no name of its own, or the other's.
            label=pl.when(same.fill_null(value=False) | actor.is_null()).then(pl.lit(name.replace("_", " ")))
            if name.startswith("side") else pl.lit(None, pl.String),
        )
        for name, (column, actor, status) in whose.items()
    ]  # fmt: skip
    listed = pl.concat(parts).drop_nulls("best")
    # Civilians have a part of their own; one-sided violence has no second side whose dead could be counted.
    listed = listed.filter(
        ~((pl.col("path") == "killed.side_b") & pl.col("actor_id").is_null() & (pl.col("best") == 0))
    )
    kind = {"outcome": pl.lit("killed"), "unit": pl.lit("persons")}
    return pl.concat([total, listed], how="diagonal").with_columns(**kind)


TABLE = Table(
    convert=convert, key=("id",), needs=("type_of_violence", "best"), days=("date_start", "date_end"),
    repeated="ucdp_ged.id-unique",
    aside=(
        "relid", "code_status", "dyad_name", "region", "adm_2", "where_description", "source_article", "source_date",
        "source_headline",
    ),
    becomes=(
        ("id", "`crosswalk` (scheme `ucdp_ged`), the end of `event_id`, the number of the claim"),
        ("best, low, high", "the total: `exact` where the three are one number, else `range` with the best estimate in `best`"),
        ("deaths_a, deaths_b, deaths_civilians, deaths_unknown", "parts of the total by `party`"),
        ("type_of_violence", "`event_type`: 3 is `attack_on_civilians`, 1 and 2 are `battle`, whatever the weapon"),
        ("side_a, side_b and their ids", "`actors` (`ucdp_id`), `event_actors`: `party`; side A of one-sided violence `initiator`"),
        ("conflict_new_id, conflict_name", "`conflicts`"),
        ("date_start, date_end, date_prec", "`events`"),
        ("latitude, longitude, where_prec, where_coordinates, adm_1, country_id", "`locations`"),
        ("source_office, source_original", "`note` of the claim: UCDP says who told it, and vouches itself"),
    ),
    left_out=(
        ("source_article, source_headline", "texts of others, in which private persons are named"),
        ("source_date, number_of_sources", "they count articles, not people"),
        ("geom_wkt, priogrid_gid, year, active_year, region, dyad columns, gwno columns", "they follow from columns that are carried"),
        ("where_description, adm_2", "the point and the first-order division are carried"),
        ("event_clarity, code_status, relid, _dset_id columns", "how UCDP worked; the id leads back to them"),
    ),
)  # fmt: skip

DATASET = Dataset(
    profile="ucdp-ged", publisher=UCDP, licence=CC_BY, tables={"ucdp_ged": TABLE},
    terms="Name UCDP and cite the articles below; say that the data were converted.",
)  # fmt: skip
