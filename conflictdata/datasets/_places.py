"""Convert places of third-party datasets to our locations."""

from __future__ import annotations

import polars as pl

from conflictdata.datasets._text import add_ids, clean_text
from conflictdata.schema.countries import guess_country, load_countries, load_gleditsch_ward

# Kind of place per precision of UCDP.
_KINDS = {
    "1": "settlement", "2": "settlement", "3": "area", "4": "admin1", "5": "area", "6": "country", "7": "area",
}  # fmt: skip


def add_places(rows: pl.DataFrame, prefix: str, *, name: str, precision: str, by: tuple[str, ...]) -> pl.DataFrame:
    """Add `location_id`, `place` (its name), `precision` and `kind` to rows.

    Args:
        rows: The rows.
        prefix: Prefix of the ids.
        name: Column with the name of the place.
        precision: Column with its precision, in UCDP's codes.
        by: Columns that identify a place.
    """
    called = pl.coalesce(clean_text(pl.col(name)), clean_text(pl.col("country")), pl.lit("Place without a name"))
    known = rows.with_columns(
        place=called, precision=pl.col(precision), kind=pl.col(precision).replace_strict(_KINDS, return_dtype=pl.String)
    )
    return add_ids(known, "location_id", prefix, "place", by)


def find_country_by_number(rows: pl.DataFrame) -> pl.Expr:
    """Return the ISO code for `country_id` (Gleditsch and Ward), else for `country`.

    It is null if neither is known.
    """
    codes = {
        str(number): code for code, number in load_gleditsch_ward().items() if code != "PSE"
    }  # Israel and PSE share number 666
    by_number = pl.col("country_id").replace_strict(codes, default=None, return_dtype=pl.String)
    return pl.coalesce(by_number, find_country_by_name(rows, "country"))


def find_country_by_name(rows: pl.DataFrame, column: str) -> pl.Expr:
    """Return the ISO code for a column of country names."""
    codes = {name: code for name in rows[column].drop_nulls().unique() if (code := guess_country(name))}
    return pl.col(column).replace_strict(codes, default=None, return_dtype=pl.String)


def keep_known_codes(column: str) -> pl.Expr:
    """Return the column, with null for texts that are not three-letter ISO codes."""
    return pl.when(pl.col(column).is_in(list(load_countries()))).then(column)
