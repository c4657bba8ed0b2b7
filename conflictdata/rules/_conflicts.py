"""The countries and records of conflicts, for the rules of several modules."""

from __future__ import annotations

import narwhals.stable.v1 as nw

from conflictdata.rules._helpers import Lazy
from conflictdata.rules.base import Frames, share
from conflictdata.schema.quantities import is_filled

CODE_STEP = 4  # three letters and a space


LIST_OF_CODES = "^[A-Z]{3}(?: [A-Z]{3})*$"  # another rule reports other lists


def select_records(frames: Frames, table: str, *columns: str) -> Lazy:
    """Return the records of a table that have all these columns. Rows that are equal count once."""
    frame = frames[table].select(*columns).unique()
    return frame.filter(nw.all_horizontal(*(is_filled(column) for column in columns)))


@share
def list_countries(frames: Frames) -> Lazy:
    """Return one row per conflict and country: `conflict_id`, `country`, `inside` (always true)."""
    listed = select_records(frames, "conflicts", "conflict_id", "countries")
    listed = listed.filter(nw.col("countries").str.contains(LIST_OF_CODES))
    lengths = listed.select(length=nw.col("countries").str.len_chars()).collect()["length"].to_list()
    # No engine but polars explodes a split text.
    codes = [
        listed.select("conflict_id", country=nw.col("countries").str.slice(start, 3))
        for start in range(0, max(lengths, default=1), CODE_STEP)
    ]
    pairs = nw.concat(codes).filter(nw.col("country") != "").unique()
    return pairs.with_columns(inside=nw.lit(value=True))
