"""What UCDP's yearly datasets share: the conversion of a row to a claim about a year."""

from __future__ import annotations

import polars as pl

from conflictdata.datasets._text import add_ids, clean_text
from conflictdata.datasets.converter import SourceFile
from conflictdata.datasets.rules.ucdp_yearly import Bounds
from conflictdata.schema.countries import guess_country

CITATION = "Davies, Shawn, et al. Organized violence. Journal of Peace Research; the article of the year that the release names."
URL = "https://ucdp.uu.se/downloads/"
MISSING = ("-99",)  # in release 17.1: an estimate that is not known, an end that is not known yet


def add_year_end(rows: pl.DataFrame) -> pl.DataFrame:
    """Add the last day of the year, as of which the row counts."""
    return rows.with_columns(year_end=pl.date(pl.col("year"), 12, 31))


def add_places(rows: pl.DataFrame, column: str) -> pl.DataFrame:
    """Add `location_id`, `place` and `country_code`, empty for several countries."""
    rows = rows.with_columns(place=pl.coalesce(clean_text(pl.col(column)), pl.lit("Place without a name")))
    codes = {name: found for name in rows["place"].unique() if (found := guess_country(name))}
    code = pl.col("place").replace_strict(codes, default=None, return_dtype=pl.String)
    return add_ids(rows.with_columns(country_code=code), "location_id", "ucdp", "place", ("place",))


def list_codes(names: str) -> str:
    """Return the ISO codes of countries separated by commas, joined by a space."""
    codes = {guess_country(name.strip()) for name in names.split(",")}
    return " ".join(sorted(code for code in codes if code))


def build_locations(rows: pl.DataFrame) -> pl.DataFrame:
    """Return each place once. Countries have no point."""
    several = pl.col("place").str.contains(", ", literal=True)
    kind = pl.when(several).then(pl.lit("area")).otherwise(pl.lit("country"))
    precision = pl.when(several).then(pl.lit("5")).otherwise(pl.lit("6"))
    each = rows.unique("location_id", keep="first", maintain_order=True)
    return each.select("location_id", name="place", kind=kind, country="country_code", precision=precision)


def build_conflicts(rows: pl.DataFrame, name: pl.Expr, ids: str) -> pl.DataFrame:
    """Return each conflict once: its name, its first year in the file, its countries."""
    named = rows.with_columns(_name=clean_text(name)).sort("year", "row_key")
    grouped = named.group_by("conflict_id", maintain_order=True).agg(
        pl.col("_name").first(), pl.col(ids).first().alias("number"), pl.col("year").min(),
        pl.col("place").unique().sort().str.join(", "),
    )  # fmt: skip
    codes = grouped["place"].map_elements(list_codes, return_dtype=pl.String)
    return grouped.with_columns(codes.alias("codes")).select(
        "conflict_id", name=pl.col("_name").fill_null("Conflict without a name"), date_start=pl.date(pl.col("year"), 1, 1),
        countries=pl.when(pl.col("codes") != "").then("codes"), ucdp_id="number",
    )  # fmt: skip


def build_actors(rows: pl.DataFrame, id_: str, name: str, state: pl.Expr) -> pl.DataFrame:
    """Return each actor once."""
    first = rows.drop_nulls([id_, name]).sort("row_key").unique(id_, keep="first", maintain_order=True)
    kind = pl.when(state).then(pl.lit("state")).otherwise(pl.lit("armed_group"))
    actor_id = pl.concat_str([pl.lit("ucdp_"), pl.col(id_)])
    return first.select(actor_id=actor_id, name=clean_text(pl.col(name)), kind=kind, ucdp_id=pl.col(id_))


def build_claims(rows: pl.DataFrame, page: SourceFile, number: pl.Expr, **more: pl.Expr) -> pl.DataFrame:
    """Return a claim per row, about its year."""
    return rows.select(
        "conflict_id", "location_id", key="row_key", number=number, claimant_id=pl.lit("ucdp"), event_id=pl.lit(None, pl.String),
        scope=pl.lit("period"), basis=pl.lit("occurred"), period_start=pl.date(pl.col("year"), 1, 1), period_end="year_end",
        period_precision=pl.lit("day"), as_of=pl.lit(page.published_on),
        as_of_precision=pl.lit("day" if page.is_release_date else "approximate"), **more,
    )  # fmt: skip


def make_number(column: str) -> pl.Expr:
    """Return the number of a claim on its page: a key, or the first of several, and the year."""
    return pl.concat_str([pl.col(column).str.extract("^([0-9]+)"), pl.col("year").cast(pl.String)])


def build_figures(rows: pl.DataFrame, bounds: Bounds, **more: pl.Expr) -> pl.DataFrame:
    """Return the total of each row: exact if the three estimates are one number, else a range with the best estimate.

    A bound that is not known is the best estimate.
    """
    best = pl.col(bounds[1])
    low, high = pl.coalesce(bounds[0], best), pl.coalesce(bounds[2], best)
    return rows.select(
        key="row_key", path=pl.lit("killed"), relation=pl.lit("total"), outcome=pl.lit("killed"), unit=pl.lit("persons"),
        low=low, best=best, high=high,
        qualifier=pl.when((low == best) & (high == best)).then(pl.lit("exact")).otherwise(pl.lit("range")), **more,
    )  # fmt: skip


def list_becomes(key: str, bounds: Bounds, location: str) -> tuple[tuple[str, str], ...]:
    """Return what becomes of the columns that all these datasets have."""
    return (
        (f"{key}, year", "`crosswalk`, the number of the claim; the window is the whole year"),
        (
            ", ".join(bounds),
            "the total: `exact` if the three are one number, else `range` with the best estimate in `best`; a missing bound is the best estimate",
        ),
        (location, "`locations`, without a point; several countries are one place of kind `area`"),
        ("conflict_id", "`conflicts` (`ucdp_id`)"),
    )
