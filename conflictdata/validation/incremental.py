"""Checking some files in the light of the others: the findings are those of the whole folder, the work is that of the files.

A rule that is asked within a page sees only the pages that are wanted, and those that are not known to be quiet: pages in
which no cell is wrong and of which no such rule has found anything so far. Every other rule sees everything; it is left out
where it is known to be silent: it sees no page, and has found nothing beside them. So all that fails anywhere is known, as it
must be to tell what follows from what.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import narwhals
import polars as pl

from conflictdata.findings import Tally
from conflictdata.readers.records import RecordDraft
from conflictdata.rules.base import Rule
from conflictdata.schema.columns import list_key_columns, load_constraints
from conflictdata.seeds.cache import Known
from conflictdata.validation.cells import CellFault, Naming, cast_column, check_cells

# The tables of which every record stands on a page, and names that page in its key.
OF_PAGES = ("sources", "claims", "claim_events", "claim_perpetrators", "claim_links", "figures")
# The other tables that a rule within a page may look at, and the views of them.
_TABLES_BESIDE = (
    "conflicts",
    "actors",
    "conflict_actors",
    "locations",
    "location_members",
    "aliases",
    "common_names",
    "events",
    "event_actors",
    "event_sources",
    "tolls",
    "toll_places",
    "tolls_1_1",
)
BESIDE_PAGES = frozenset({*_TABLES_BESIDE, "actor_ancestors", "location_ancestors"})


def is_within_page(rule: Rule) -> bool:
    """True where the rule holds no record of a page against one of another page."""
    return rule.table in OF_PAGES and (rule.within_page or (rule.is_row_rule and rule.view in ("", rule.table)))


def context(texts: Mapping[str, pl.DataFrame]) -> str:
    """SHA-256 of all that decides, beside the page itself, what the rules within pages say of it, and what those beside pages say."""
    digest = hashlib.sha256(_rules().encode())
    for table in _TABLES_BESIDE:
        if table in texts:
            digest.update(f"\0{table}\0".encode())
            digest.update(texts[table].write_csv(quote_style="always").encode())
    return digest.hexdigest()


@cache
def _rules() -> str:
    """SHA-256 of the code of the checks, and of the library that they are written in."""
    package = Path(__file__).parents[1]
    digest = hashlib.sha256(narwhals.__version__.encode())
    for file in sorted([*package.glob("validation/*.py"), *package.glob("rules/*.py")]):
        digest.update(file.read_bytes())
    return digest.hexdigest()


class Wanted:
    """The records that stand in the wanted files, and those near them.

    Args:
        draft: what was read.
        files: the names of the wanted files, as findings print them.
        known: what is quiet, and which rules are silent.
        tables: the tables that are checked.

    Attributes:
        heights: how many records are wanted, by table.
        silent: the rules that are known to be silent.
    """

    def __init__(self, draft: RecordDraft, files: Collection[str], known: Known, tables: Collection[str]) -> None:
        quiet = known.quiet - set(files)
        self._masks = {table: draft.is_in_files(files, table) for table in tables}
        self._near = {table: ~draft.is_in_files(quiet, table) for table in OF_PAGES if table in tables}
        self.heights = {table: int(mask.sum()) for table, mask in self._masks.items()}
        self.silent = known.silent

    def keys(self, tables: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
        """The keys of the wanted records, by table."""
        return {
            table: frame.filter(self._masks[table]).select(list_key_columns(table)).unique()
            for table, frame in tables.items()
        }

    def near(self, tables: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
        """The tables without the pages that are quiet and not wanted."""
        return {t: frame.filter(self._near[t]) if t in self._near else frame for t, frame in tables.items()}

    def check_cells(
        self, table: str, text: pl.DataFrame, naming: Naming | None = None
    ) -> tuple[pl.DataFrame, list[CellFault], dict[str, Tally]]:
        """As `cells.check_cells`, with the faults of all that is not quiet, and the tallies of what is wanted."""
        near = self._near.get(table, pl.repeat(True, text.height, eager=True))
        rows = near.arg_true()
        values, found, tallies = check_cells(table, text.filter(near), naming)
        faults = [replace(fault, row=rows[fault.row]) for fault in found]
        if len(rows) < text.height:
            values = text.lazy().select(cast_column(c).alias(c.column) for c in load_constraints(table)).collect()
        return values, faults, self._share(table, len(rows), tallies, faults)

    def _share(
        self, table: str, judged: int, tallies: Mapping[str, Tally], faults: list[CellFault]
    ) -> dict[str, Tally]:
        """Of the tallies of the cells of so many rows, those of the wanted rows."""
        mask = self._masks[table]
        broken = Counter(fault.rule for fault in faults if mask[fault.row])
        found = {}
        for rule, tally in tallies.items():
            cells = (tally.valid + tally.invalid) * self.heights[table] // max(1, judged)
            found[rule] = Tally(cells - broken[rule], broken[rule])
        return found
