"""The running tolls of an import: each place that a claimant counts from one day on is a toll of its own."""

from __future__ import annotations

from collections.abc import Mapping

import narwhals.stable.v1 as nw
import polars as pl

from conflictdata.importer.draft import complete_table
from conflictdata.rules.tolls import NOBODY
from conflictdata.schema.derived import SINGLED_OUT, derive_populations, fill_figures

_TOLL = ("claimant_id", "conflict_id", "date_start", "population")


def add_tolls(tables: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Return `tolls` and `toll_places` for all running claims, and `figures` with their derived columns."""
    totals = _derive_populations(tables["figures"]).filter(
        pl.col("parent_id").is_null() & (pl.col("population") != SINGLED_OUT)
    )
    running = tables["claims"].filter(
        (pl.col("scope") == "cumulative") & pl.col("period_start").is_not_null() & ~pl.col("claimant_id").is_in(NOBODY)
    )
    points = totals.select(
        "claim_id", own="location_id", population=pl.coalesce("population_detail", "population")
    ).join(
        running.select("claim_id", "claimant_id", "conflict_id", "location_id", date_start="period_start"),
        on="claim_id",
    )
    counted = points.select(*_TOLL, location_id=pl.coalesce("own", "location_id")).unique().sort(*_TOLL, "location_id")
    known = _name_tolls(counted, tables["actors"], tables["locations"])
    added = {t: complete_table(t, known).unique(maintain_order=True) for t in ("tolls", "toll_places")}
    return {**added, "figures": fill_figures({**tables, **added})}


def _derive_populations(figures: pl.DataFrame) -> pl.DataFrame:
    derived: pl.DataFrame = derive_populations(nw.from_native(figures.lazy())).collect().to_native()
    return derived


def _name_tolls(counted: pl.DataFrame, actors: pl.DataFrame, locations: pl.DataFrame) -> pl.DataFrame:
    """Add `toll_id` and `name`. The first place of a claimant needs no place in the id."""
    day = pl.col("date_start").cast(pl.String)
    people = pl.when(pl.col("population") != "everybody").then("population")
    place = pl.when(pl.int_range(pl.len()).over(_TOLL) > 0).then("location_id")
    named = counted.join(
        actors.select(claimant_id="actor_id", claimant="name"), on="claimant_id", how="left", maintain_order="left"
    )
    named = named.join(
        actors.select(population="actor_id", people="name"), on="population", how="left", maintain_order="left"
    )
    named = named.join(
        locations.select("location_id", place="name"), on="location_id", how="left", maintain_order="left"
    )
    return named.with_columns(
        toll_id=pl.concat_str(["claimant_id", "conflict_id", day, people, place], separator=".", ignore_nulls=True),
        name=pl.format(
            "{}: {} in {} since {}",
            pl.coalesce("claimant", "claimant_id"),
            pl.coalesce("people", "population"),
            pl.coalesce("place", "location_id"),
            day,
        ).str.slice(0, 280),
    )
