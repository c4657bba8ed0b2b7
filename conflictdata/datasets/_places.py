"""Places of other datasets as our locations."""

from __future__ import annotations

import polars as pl

from conflictdata.datasets._text import add_ids, clean_text
from conflictdata.schema.countries import guess_country, load_countries, load_gleditsch_ward

# What kind of place each precision of UCDP is.
_KINDS = {
    "1": "settlement", "2": "settlement", "3": "area", "4": "admin1", "5": "area", "6": "country", "7": "area",
}  # fmt: skip


def add_places(rows: pl.DataFrame, prefix: str, *, name: str, precision: str, by: tuple[str, ...]) -> pl.DataFrame:
    """Rows with `location_id`, `place` (its name), `precision` and `kind`.

    Args:
        rows: the rows.
        prefix: how the ids begin.
        name: the column with the name of the place.
        precision: the column with its precision, as UCDP has it.
        by: the columns that tell one place from another.
    """
    called = pl.coalesce(clean_text(pl.col(name)), clean_text(pl.col("country")), pl.lit("Place without a name"))
    known = rows.with_columns(
        place=called, precision=pl.col(precision), kind=pl.col(precision).replace_strict(_KINDS, return_dtype=pl.String)
    )
    return add_ids(known, "location_id", prefix, "place", by)


def find_country_by_number(rows: pl.DataFrame) -> pl.Expr:
    """The ISO code of the columns `country_id` (Gleditsch and Ward) and `country`; empty where neither is known."""
    codes = {
        str(number): code for code, number in load_gleditsch_ward().items() if code != "PSE"
    }  # 666 is Israel first
    by_number = pl.col("country_id").replace_strict(codes, default=None, return_dtype=pl.String)
    return pl.coalesce(by_number, find_country_by_name(rows, "country"))


def find_country_by_name(rows: pl.DataFrame, column: str) -> pl.Expr:
    """The ISO code of a column with names of countries; `Russia (Soviet Union)` is looked up without its brackets."""
    codes = {}
    for name in rows[column].drop_nulls().unique():
        code = guess_country(name) or guess_country(name.partition(" (")[0])
        if code:
            codes[name] = code
    return pl.col(column).replace_strict(codes, default=None, return_dtype=pl.String)


def keep_known_codes(column: str) -> pl.Expr:
    """The column where it holds an ISO code of three letters."""
    return pl.when(pl.col(column).is_in(list(load_countries()))).then(column)
