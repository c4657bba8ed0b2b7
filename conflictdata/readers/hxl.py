"""The row of HXL tags in a table, such as `#date+start`. It describes the columns and is not a record."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

import polars as pl

FIRST_ROWS = 25  # in which the tags must be, as the HXL standard has it
# Names of the index of pandas, and those that pandas, polars and R give to a column without a name.
_INDEX = re.compile(r"|index|__index_level_\d+__|Unnamed: \d+|column_\d+|\.\.\.\d+|X")
_TAG = re.compile(r"#[A-Za-z][\w+ ]*\Z")


def is_tag_row(cells: Sequence[str | None], nameless: Collection[int] = ()) -> bool:
    """Return whether all filled cells of a row are HXL tags.

    Args:
        cells: The cells.
        nameless: Indexes of columns without a name, such as the index that pandas writes; their cells are passed over.
    """
    filled = [cell.strip() for n, cell in enumerate(cells) if cell and cell.strip() and n not in nameless]
    return bool(filled) and len(filled) >= min(2, len(cells)) and all(map(_TAG.match, filled))


def find_tag_row(frame: pl.DataFrame) -> int | None:
    """Return the number of the row of tags among the first rows of a frame; None if there is none."""
    index = [n for n, name in enumerate(frame.columns) if _INDEX.fullmatch(name)]
    for number, cells in enumerate(frame.head(FIRST_ROWS).iter_rows()):
        if is_tag_row([cell if cell is None else str(cell) for cell in cells], index):
            return number
    return None
