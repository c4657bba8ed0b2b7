"""Rows of other datasets many of whose cells cannot be read: one finding per row, whatever the number of its cells.

Labels or units below the header, a rule of dashes, cells that moved into other columns have one cause each.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from conflictdata.schema.columns import Constraint
from conflictdata.validation.cells import CellFault

ROW_UNREADABLE = "feed.row-unreadable"
LEAST, SHARE = 4, 1 / 3  # cells of a row that cannot be read and are no slips, and their share of those that are judged
_HINT = "It may hold labels, units or the cells of other columns. Delete it, or put each cell into its own column."


def join_faults(
    faults: Sequence[CellFault], columns: Sequence[Constraint], texts: pl.DataFrame
) -> tuple[list[CellFault], list[CellFault]]:
    """Return the faults with one for each row many of whose cells cannot be read, and the faults that these replace.

    Args:
        faults: The faults of cells.
        columns: What the columns may hold.
        texts: Their texts; missing cells null.
    """
    by_row: dict[int, list[CellFault]] = {}
    for fault in faults:
        by_row.setdefault(fault.row, []).append(fault)
    typed = texts.select(c.column for c in columns if c.kind != "prose")
    odd = {row: joined for row, found in by_row.items() if (joined := _join_row(found, typed))}
    replaced = [fault for fault in faults if fault.row in odd]
    return [*odd.values(), *(fault for fault in faults if fault.row not in odd)], replaced


def _join_row(faults: Sequence[CellFault], typed: pl.DataFrame) -> CellFault | None:
    if len(faults) < LEAST:
        return None
    row = faults[0].row
    judged = sum(cell is not None for cell in typed.row(row)) + sum(not fault.value for fault in faults)
    if len(faults) < judged * SHARE:
        return None
    first = next((fault for fault in faults if fault.value), faults[0])
    example = f"{first.value!r} in {first.column}" if first.value else f"no {first.column}"
    message = f"the row is not read: {len(faults)} of its {judged} keys, codes, numbers and days are empty or of another form, such as {example}"
    return CellFault(row, first.column, ROW_UNREADABLE, first.value, message, _HINT)
