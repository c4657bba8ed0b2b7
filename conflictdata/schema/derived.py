"""Columns of figures that are computed from others: whom a total counts, and the running toll that it is a point of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import narwhals.stable.v1 as nw

if TYPE_CHECKING:
    import polars as pl

Frame = nw.LazyFrame[Any]

SINGLED_OUT = "singled_out"  # the one population that is typed
DERIVED_COLUMNS = ("population", "population_detail", "toll_id")

_AGE_AND_SEX = {
    ("adult", "male"): "men", ("adult", "female"): "women", ("child", "male"): "boys", ("child", "female"): "girls",
}  # fmt: skip
_COMBATANTS = ("armed_forces", "fighter", "combatant")
# What a figure and a toll have in common, if the figure is a point of the toll.
_SAME = ("claimant_id", "conflict_id", "date_start", "counted", "location_id")


def _is_filled(column: str) -> nw.Expr:
    return ~nw.col(column).is_null()


def _derive_population() -> tuple[nw.Expr, nw.Expr]:
    """Return `population` and `population_detail` of a total."""
    age_sex = nw.coalesce(nw.concat_str([nw.col("age"), nw.col("sex")], separator="_"), "age", "sex")
    for (age, sex), word in _AGE_AND_SEX.items():
        age_sex = nw.when((nw.col("age") == age) & (nw.col("sex") == sex)).then(nw.lit(word)).otherwise(age_sex)
    status = nw.col("person_status")
    by_status = (
        nw.when(status == "civilian").then(nw.lit("civilians")).when(status.is_in(_COMBATANTS)).then(nw.lit("combatants"))
        .when(status == "unknown").then(nw.lit("unknown")).otherwise(nw.lit("everybody"))
    )  # fmt: skip
    grouped = _is_filled("age") | _is_filled("sex")
    population = (
        nw.when(nw.col("population") == SINGLED_OUT).then(nw.lit(SINGLED_OUT)).when(_is_filled("role")).then(nw.lit("role"))
        .when(grouped).then(nw.lit("demographic")).when(_is_filled("actor_id")).then(nw.lit("one_side")).otherwise(by_status)
    )  # fmt: skip
    detail = (
        nw.when(_is_filled("role")).then(nw.col("role")).when(grouped).then(age_sex)
        .when(_is_filled("actor_id")).then(nw.col("actor_id"))
    )  # fmt: skip
    return population, detail


def derive_populations(figures: Frame) -> Frame:
    """Fill `population` and `population_detail` of the totals. Other figures have none."""
    is_total = nw.col("parent_id").is_null()
    population, detail = _derive_population()
    return figures.with_columns(
        population=nw.when(is_total).then(population), population_detail=nw.when(is_total).then(detail)
    )


def fit_tolls(tables: Mapping[str, Frame]) -> Frame:
    """Return the tolls that each total of a running claim fits.

    A toll fits if it has the claim's claimant, conflict and first day, counts the same people and lists the place.

    Returns:
        `figure_id`, `claim_id`, `counted` (whom the total counts), `toll_id`, and `place_count`, the number of places that
        the toll lists. A total that fits no toll has one row without these two.
    """
    claims = tables["claims"].filter((nw.col("scope") == "cumulative") & _is_filled("period_start"))
    known = claims.select("claim_id", "claimant_id", "conflict_id", date_start="period_start", _place="location_id")
    counted = nw.coalesce("population_detail", "population")
    totals = derive_populations(tables["figures"]).filter(
        nw.col("parent_id").is_null() & _is_filled("claim_id") & (nw.col("population") != SINGLED_OUT)
    )
    points = totals.select("figure_id", "claim_id", "location_id", counted=counted).join(
        known, on="claim_id", how="inner"
    )
    points = points.with_columns(location_id=nw.coalesce("location_id", "_place")).drop("_place")
    places = tables["toll_places"].select("toll_id", "location_id").unique()
    places = places.filter(_is_filled("toll_id") & _is_filled("location_id"))
    sizes = places.group_by("toll_id").agg(place_count=nw.len())
    tolls = tables["tolls"].select("toll_id", "claimant_id", "conflict_id", "date_start", counted="population")
    listed = tolls.join(places.select("toll_id", "location_id"), on="toll_id", how="inner").join(
        sizes, on="toll_id", how="left"
    )
    return points.join(listed, on=list(_SAME), how="left").select(
        "figure_id", "claim_id", "counted", "toll_id", "place_count"
    )


def choose_tolls(fits: Frame) -> Frame:
    """Return the toll of each total, where the model leaves no choice: `figure_id` and `chosen`.

    Of several tolls, the one whose only place is that of the claim wins.
    """
    known = fits.filter(_is_filled("toll_id"))
    sole = (
        known.filter(nw.col("place_count") == 1).group_by("figure_id").agg(sole=nw.col("toll_id").min(), soles=nw.len())
    )
    every = known.group_by("figure_id").agg(first=nw.col("toll_id").min(), fits=nw.len())
    both = every.join(sole, on="figure_id", how="left")
    chosen = nw.when(nw.col("fits") == 1).then(nw.col("first")).when(nw.col("soles") == 1).then(nw.col("sole"))
    return both.select("figure_id", chosen=chosen)


def derive_figures(tables: Mapping[str, Frame]) -> Frame:
    """Return the figures with their derived columns. A toll that is named in the seeds stays.

    Args:
        tables: `figures`, `claims`, `tolls` and `toll_places`.
    """
    chosen = choose_tolls(fit_tolls(tables)).group_by("figure_id").agg(chosen=nw.col("chosen").min())
    figures = derive_populations(tables["figures"]).join(chosen, on="figure_id", how="left")
    return figures.with_columns(toll_id=nw.coalesce("toll_id", "chosen")).drop("chosen")


_ROW = "@row"


def fill_figures(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return the figures with their derived columns (`derive_figures`), in the order of the rows.

    Args:
        tables: `figures`, `claims`, `tolls` and `toll_places`, as polars frames.
    """
    frames = {**tables, "figures": tables["figures"].with_row_index(_ROW)}
    derived = derive_figures({table: nw.from_native(frame.lazy()) for table, frame in frames.items()})
    return derived.collect().to_polars().sort(_ROW).select(tables["figures"].columns)
