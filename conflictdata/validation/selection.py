"""Selected files of a folder of seeds: all rules over the whole folder, reported for these files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

import polars as pl

from conflictdata.findings import Tally
from conflictdata.readers.records import RecordDraft
from conflictdata.schema.columns import list_key_columns
from conflictdata.validation.cells import CellFault


class Selection:
    """The records of the selected files.

    Attributes:
        counts: Number of selected records, by table.
    """

    def __init__(self, draft: RecordDraft, files: Collection[str], tables: Iterable[str]) -> None:
        self._masks = {table: draft.is_in_files(files, table) for table in tables}
        self.counts = {table: int(mask.sum()) for table, mask in self._masks.items()}

    def select_keys(self, tables: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
        """Return the distinct keys of the selected records, by table."""
        return {
            table: frame.filter(self._masks[table]).select(list_key_columns(table)).unique()
            for table, frame in tables.items()
        }

    def select_tallies(self, table: str, tallies: Mapping[str, Tally], faults: Iterable[CellFault]) -> dict[str, Tally]:
        """Return the tallies of the selected cells, from those of all cells of a table."""
        mask = self._masks[table]
        invalid = Counter(fault.rule for fault in faults if mask[fault.row])
        selected = {}
        for rule, tally in tallies.items():
            # A cell rule tests the same number of cells in every record.
            cells = (tally.valid + tally.invalid) * self.counts[table] // max(1, len(mask))
            selected[rule] = Tally(cells - invalid[rule], invalid[rule])
        return selected
