"""What the importers of events share: rows of which each is one event and one claim about it, at a point."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from conflictdata.datasets._text import clean_text
from conflictdata.datasets.converter import SourceFile


def build_locations(rows: pl.DataFrame, *, admin1: str) -> pl.DataFrame:
    """Each place once, as the row with the first key has it.

    Args:
        rows: rows with places (`add_places`), with `key` and `country_code`.
        admin1: the column with the name of the first-order division.
    """
    first = rows.sort("key").unique("location_id", keep="first", maintain_order=True)
    return first.select(
        "location_id", "latitude", "longitude", "precision", "kind", name="place",
        admin1=clean_text(pl.col(admin1)), country="country_code",
    )  # fmt: skip


def build_event_actors(rows: pl.DataFrame, sides: str, role: pl.Expr) -> pl.DataFrame:
    """The sides of each event that are known; `sides` are the ends of the columns with their ids, such as `ab`."""
    each = [rows.select("event_id", actor_id=f"actor_{side}", role=role) for side in sides]
    return pl.concat(each).drop_nulls("actor_id").unique(maintain_order=True)


def build_claims(
    rows: pl.DataFrame, page: SourceFile, claimant: str, *, days: tuple[str, Mapping[str, str]], **more: pl.Expr
) -> pl.DataFrame:
    """One claim for each row, about its event.

    Args:
        rows: rows with `key` and the ids of the event, its conflict and its place.
        page: what the claims stand on.
        claimant: the id of the claimant.
        days: the column that says how sure the days are, and our word for each of its codes.
        more: the other columns, over the row.
    """
    column, words = days
    return rows.select(
        "key", "event_id", "conflict_id", "location_id", claimant_id=pl.lit(claimant), scope=pl.lit("event"),
        basis=pl.lit("occurred"), period_precision=pl.col(column).replace_strict(words, return_dtype=pl.String),
        as_of=pl.lit(page.published_on), as_of_precision=pl.lit("day" if page.is_release_date else "approximate"), **more,
    )  # fmt: skip
