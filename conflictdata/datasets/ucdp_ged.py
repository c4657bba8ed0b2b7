"""UCDP Georeferenced Event Dataset: one row per event with at least one death."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from conflictdata.datapackage.about import CC_BY
from conflictdata.datasets import _event_records
from conflictdata.datasets._places import add_places, find_country_by_number
from conflictdata.datasets._text import clean_text, join_texts, make_slug
from conflictdata.datasets.converter import Dataset, DraftTables, SourceFile, TableConversion
from conflictdata.datasets.profile import Profile, ProfileTable

# Names of releases before 5.0, and of the API's candidates.
_OLD_NAMES = {
    "best_est": "best", "low_est": "low", "high_est": "high", "conflict_id": "conflict_new_id", "dyad_id": "dyad_new_id",
    "side_a_id": "side_a_new_id", "side_b_id": "side_b_new_id", "sources": "number_of_sources",
}  # fmt: skip


PROFILE = Profile(
    name="ucdp-ged",
    title="UCDP Georeferenced Event Dataset",
    licence="CC BY 4.0",
    citation="Sundberg, Ralph, and Erik Melander. 2013. Introducing the UCDP Georeferenced Event Dataset. Journal of Peace Research 50 (4). And the article that the release names (Davies et al.).",
    url="https://ucdp.uu.se/downloads/",
    # CSV files have the day, from 18.1 on with midnight; the API has `2020-01-05T00:00:00`.
    tables=(
        ProfileTable(
            "ucdp_ged",
            "UCDP GED",
            core=("ucdp_ged.low-best-high", "ucdp_ged.parts-sum-to-best"),
            aliases=_OLD_NAMES,
        ),
    ),
    note="Column sets differ from release to release; number_of_sources is -1 in older rows; fields may hold line breaks; relid's prefix is not the country.",
)


UCDP = {
    "actor_id": "ucdp", "name": "Uppsala Conflict Data Program", "kind": "monitor", "country": "SWE",
    "note": "Codes events of organised violence from news and reports of others.",
}  # fmt: skip


_SPAN = {"1": "day", "2": "approximate", "3": "approximate", "4": "month", "5": "approximate"}  # by date_prec


_ONE_SIDED = pl.col("type_of_violence") == "3"


_PLACE = ("where_coordinates", "adm_1", "country_id", "country", "latitude", "longitude", "where_prec")


def convert(rows: pl.DataFrame, page: SourceFile, beside: Mapping[str, pl.DataFrame]) -> DraftTables:  # noqa: ARG001 - one signature
    """Convert typed rows of GED to draft tables."""
    known = _add_actors(_add_conflict_ids(rows)).with_columns(pl.col("where_prec").fill_null("5"))
    known = add_places(known, "ucdp", name="where_coordinates", precision="where_prec", by=_PLACE)
    known = known.with_columns(
        key=pl.col("id"), country_code=find_country_by_number(known), event_id=_make_event_id(),
        date_prec=pl.col("date_prec").fill_null(_derive_precision()),
    )  # fmt: skip
    return {
        "conflicts": _build_conflicts(known), "actors": _build_actors(known), "locations": _event_records.build_locations(known, admin1="adm_1"),
        "events": _build_events(known), "event_actors": _build_event_actors(known), "claims": _build_claims(known, page),
        "claim_perpetrators": known.filter(_ONE_SIDED & pl.col("actor_a").is_not_null()).select("key", actor_id="actor_a"),
        "figures": _build_figures(known),
    }  # fmt: skip


def _make_event_id() -> pl.Expr:
    return pl.concat_str([pl.col("date_start").cast(pl.String), pl.lit("-ucdp-"), pl.col("id")])


def _derive_precision() -> pl.Expr:
    """Compute the code from the days, as in every release."""
    days = (pl.col("date_end") - pl.col("date_start")).dt.total_days() + 1
    code = pl.when(days <= 1).then(pl.lit("1")).when(days <= 6).then(pl.lit("2")).when(days == 7).then(pl.lit("3"))
    return code.when(days <= 31).then(pl.lit("4")).otherwise(pl.lit("5"))


def _make_id(number: str, name: str) -> pl.Expr:
    """Make an id from UCDP's number, or from the name if the file has no number."""
    return pl.when(pl.col(name).is_not_null()).then(
        pl.concat_str([pl.lit("ucdp_"), pl.coalesce(pl.col(number), make_slug(pl.col(name)))])
    )


def _add_conflict_ids(rows: pl.DataFrame) -> pl.DataFrame:
    name = pl.coalesce("conflict_name", "dyad_name", pl.lit("Conflict without a name"))
    return rows.with_columns(conflict_name=name).with_columns(conflict_id=_make_id("conflict_new_id", "conflict_name"))


def _add_actors(rows: pl.DataFrame) -> pl.DataFrame:
    """Add `actor_a` and `actor_b`, the ids of the sides.

    Civilians are not an actor: nobody fights under that name.
    """
    side_b = pl.when(~_ONE_SIDED).then("side_b")
    return rows.with_columns(side_b=side_b).with_columns(
        actor_a=_make_id("side_a_new_id", "side_a"), actor_b=_make_id("side_b_new_id", "side_b")
    )


def _build_conflicts(rows: pl.DataFrame) -> pl.DataFrame:
    codes = pl.col("country_code").drop_nulls().unique().sort().str.join(" ")
    conflicts = rows.sort("id").group_by("conflict_id", maintain_order=True).agg(
        pl.col("conflict_name").first(), pl.col("conflict_new_id").first(), pl.col("date_start").min(), countries=codes
    )  # fmt: skip
    return conflicts.select(
        "conflict_id", "date_start", name=clean_text(pl.col("conflict_name")),
        countries=pl.when(pl.col("countries") != "").then("countries"),
        ucdp_id="conflict_new_id",
    )  # fmt: skip


def _build_actors(rows: pl.DataFrame) -> pl.DataFrame:
    sides = pl.concat(
        [rows.select("id", actor_id=f"actor_{s}", name=f"side_{s}", number=f"side_{s}_new_id") for s in "ab"]
    ).drop_nulls("actor_id")
    first = sides.sort("id").unique("actor_id", keep="first", maintain_order=True)
    state = pl.col("name").str.starts_with("Government of")
    return first.select(
        "actor_id", name=clean_text(pl.col("name")), ucdp_id="number",
        kind=pl.when(state).then(pl.lit("state")).otherwise(pl.lit("armed_group")),
    )  # fmt: skip


def _build_events(rows: pl.DataFrame) -> pl.DataFrame:
    between = pl.concat_str([clean_text(pl.col("side_a"), 80), clean_text(pl.col("side_b"), 80)], separator=" and ")
    against = pl.concat_str([pl.lit("Violence of "), clean_text(pl.col("side_a"), 80), pl.lit(" against civilians")])
    what = pl.when(_ONE_SIDED).then(against).otherwise(pl.concat_str([pl.lit("Fighting between "), between]))
    at = pl.concat_str(
        [what.fill_null("Organised violence"), pl.lit(", "), pl.col("place").str.slice(0, 80), pl.lit(".")]
    )
    return rows.select(
        "key", "event_id", "conflict_id", "date_start", "date_end", "location_id", date_precision="date_prec",
        event_type=pl.when(_ONE_SIDED).then(pl.lit("attack_on_civilians")).otherwise(pl.lit("battle")), summary=at,
    )  # fmt: skip


def _build_event_actors(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the sides of each event.

    Side A of one-sided violence is the initiator. The others are parties, because UCDP does not say who began a fight.
    """
    role = pl.when(_ONE_SIDED).then(pl.lit("initiator")).otherwise(pl.lit("party"))
    return _event_records.build_event_actors(rows, "ab", role)


def _build_claims(rows: pl.DataFrame, page: SourceFile) -> pl.DataFrame:
    is_attributed = _ONE_SIDED & pl.col("actor_a").is_not_null()
    note = join_texts({"source_office": "UCDP's sources:", "source_original": "their informants:"})
    return _event_records.build_claims(
        rows, page, "ucdp", days=("date_prec", _SPAN), number=pl.col("id"),
        perpetrator_certainty=pl.when(is_attributed).then(pl.lit("stated")), note=note,
    )  # fmt: skip


def _build_figures(rows: pl.DataFrame) -> pl.DataFrame:
    # A file may have only the best estimates.
    low, high = pl.coalesce("low", "best"), pl.coalesce("high", "best")
    exact = (low == pl.col("best")) & (high == pl.col("best"))
    total = rows.select(
        "key", "best", path=pl.lit("killed"), relation=pl.lit("total"), low=low, high=high,
        qualifier=pl.when(exact).then(pl.lit("exact")).otherwise(pl.lit("range")),
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
            # A label for a side without a name, or with the name of the other.
            label=pl.when(same.fill_null(value=False) | actor.is_null()).then(pl.lit(name.replace("_", " ")))
            if name.startswith("side") else pl.lit(None, pl.String),
        )
        for name, (column, actor, status) in whose.items()
    ]  # fmt: skip
    listed = pl.concat(parts).drop_nulls("best")
    # In one-sided violence the second side is civilians, who have their own part.
    listed = listed.filter(
        ~((pl.col("path") == "killed.side_b") & pl.col("actor_id").is_null() & (pl.col("best") == 0))
    )
    kind = {"outcome": pl.lit("killed"), "unit": pl.lit("persons")}
    return pl.concat([total, listed], how="diagonal").with_columns(**kind)


CONVERSION = TableConversion(
    convert=convert, key=("id",), needs=("type_of_violence", "best"), days=("date_start", "date_end"),
    duplicate_rule="ucdp_ged.id-unique",
    aside=(
        "relid", "code_status", "dyad_name", "region", "adm_2", "where_description", "source_article", "source_date",
        "source_headline",
    ),
    becomes=(
        ("id", "`crosswalk` (scheme `ucdp_ged`), the end of `event_id`, the number of the claim"),
        ("best, low, high", "the total: `exact` if the three are one number, else `range` with the best estimate in `best`; a missing bound is the best estimate"),
        ("deaths_a, deaths_b, deaths_civilians, deaths_unknown", "parts of the total by `party`"),
        ("type_of_violence", "`event_type`: 3 is `attack_on_civilians`, 1 and 2 are `battle`, whatever the weapon"),
        ("side_a, side_b and their ids", "`actors` (`ucdp_id`), `event_actors`: `party`; side A of one-sided violence `initiator`"),
        ("conflict_new_id, conflict_name", "`conflicts`"),
        ("date_start, date_end, date_prec", "`events`"),
        ("latitude, longitude, where_prec, where_coordinates, adm_1, country_id", "`locations`"),
        ("source_office, source_original", "`note` of the claim: UCDP names its informants, and vouches itself"),
    ),
    omitted=(
        ("source_article, source_headline", "texts of others, in which private persons are named"),
        ("source_date, number_of_sources", "they count articles, not people"),
        ("geom_wkt, priogrid_gid, year, active_year, region, dyad columns, gwno columns", "they follow from columns that are carried"),
        ("where_description, adm_2", "the point and the first-order division are carried"),
        ("event_clarity, code_status, relid, _dset_id columns", "how UCDP worked; the id leads back to them"),
    ),
)  # fmt: skip


DATASET = Dataset(
    profile="ucdp-ged", publisher=UCDP, licence=CC_BY, tables={"ucdp_ged": CONVERSION},
    terms="Name UCDP and cite the articles below; say that the data were converted.",
)  # fmt: skip
