"""Helpers for datasets in which each row is one event at a point, and one claim."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from conflictdata.datasets._text import clean_text
from conflictdata.datasets.converter import SourceFile


def build_locations(rows: pl.DataFrame, *, admin1: str) -> pl.DataFrame:
    """Return each place once, from its row with the smallest key.

    Args:
        rows: Rows with places (`add_places`), `key` and `country_code`.
        admin1: Column with the name of the first-order division.
    """
    first = rows.sort("key").unique("location_id", keep="first", maintain_order=True)
    return first.select(
        "location_id", "latitude", "longitude", "precision", "kind", name="place",
        admin1=clean_text(pl.col(admin1)), country="country_code",
    )  # fmt: skip


def build_event_actors(rows: pl.DataFrame, sides: str, role: pl.Expr) -> pl.DataFrame:
    """Return the known sides of each event.

    Args:
        rows: Rows with `event_id` and a column `actor_<side>` per side.
        sides: The suffixes of these columns, such as `ab`.
        role: The role of an actor, computed from the row.
    """
    each = [rows.select("event_id", actor_id=f"actor_{side}", role=role) for side in sides]
    return pl.concat(each).drop_nulls("actor_id").unique(maintain_order=True)


def build_claims(
    rows: pl.DataFrame, page: SourceFile, claimant: str, *, days: tuple[str, Mapping[str, str]], **more: pl.Expr
) -> pl.DataFrame:
    """Return one claim per row, about the row's event.

    Args:
        rows: Rows with `key` and the ids of the event, its conflict and its place.
        page: Source of the claims.
        claimant: Id of the claimant.
        days: Column with the precision of the days, and our word for each of its codes.
        more: The other columns, computed from the row.
    """
    column, words = days
    return rows.select(
        "key", "event_id", "conflict_id", "location_id", claimant_id=pl.lit(claimant), scope=pl.lit("event"),
        basis=pl.lit("occurred"), period_precision=pl.col(column).replace_strict(words, return_dtype=pl.String),
        as_of=pl.lit(page.published_on), as_of_precision=pl.lit("day" if page.is_release_date else "approximate"), **more,
    )  # fmt: skip
