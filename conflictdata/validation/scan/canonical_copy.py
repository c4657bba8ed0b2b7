"""A copy of a file with its cells in canonical form, and what is wrong with its columns of days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path

import polars as pl

from conflictdata.findings import Place
from conflictdata.readers.day_forms import DayCounter
from conflictdata.readers.normalize import drop_missing
from conflictdata.schema.columns import Constraint
from conflictdata.validation.day_columns import judge_days
from conflictdata.validation.odd_columns import OddColumn, join_columns
from conflictdata.validation.plan import Plan
from conflictdata.validation.scan.base import name_raw_column
from conflictdata.validation.scan.csv_locations import CellLocator
from conflictdata.validation.scan.files import Part
from conflictdata.validation.scan.polars import iterate_texts
from conflictdata.validation.whole_columns import CellCount, count_cells, make_whole_column

_COUNTED = 100_000  # rows that are counted at once
Counters = dict[str, DayCounter]


def write_canonical_copy(part: Part, plan: Plan, work: Path) -> tuple[Part, Counters]:
    """Write a file with its cells in canonical form and as they were, as Parquet, in batches.

    Returns:
        The copy, and for each column of days its cells that are not read.
    """
    import pyarrow.parquet as pq

    assert plan.normalize is not None
    assert plan.forms is not None
    target, seen = work / f"{part.number}-canonical.parquet", plan.restrict_to(part.all_columns)
    days = {c: DayCounter(plan.forms.day_forms) for c in seen.columns if c.kind == "date"}
    writer = None
    empty = pl.DataFrame(
        schema={c.column: pl.String() for c in seen.columns}
    )  # a file may have no row that is a record
    for batch in chain(iterate_texts(part, seen), [empty]):
        cells = plan.normalize(seen.columns, batch)
        for c, counter in days.items():
            counter.add(batch.select(drop_missing(plan.forms, c)).to_series())
        table = pl.concat([cells, batch.rename(name_raw_column)], how="horizontal").to_arrow()
        writer = writer or pq.ParquetWriter(target, table.schema, compression="lz4")
        writer.write_table(table)
    assert writer is not None
    writer.close()
    names = [c.column for c in seen.columns]
    columns = (*names, *map(name_raw_column, names))
    types = dict.fromkeys(columns, pl.String())
    made = Part(part.number, target, part.name, columns, columns, types, has_raw=True)
    made = replace(made, is_text=frozenset(names))
    return made, {c.column: counter for c, counter in days.items() if counter.found}


def judge_day_columns(copy: Part, counters: Counters, plan: Plan, locator: CellLocator) -> list[OddColumn]:
    """Judge the columns of days of a copy."""
    assert plan.forms is not None
    odd = []
    for column, counter in counters.items():

        def locate(row: int, column: str = column) -> Place:
            return locator.locate_cells([(row, column)])[row, column]

        odd.append(
            judge_days(
                column,
                counter.found,
                counter.filled,
                forms=plan.forms.day_forms,
                table=plan.table,
                record=_read_key(copy, plan, counter.found[0].rows[0]),
                locate=locate,
            )
        )
    return join_columns(odd)


def judge_whole_columns(copy: Part, columns: Sequence[Constraint], plan: Plan, locator: CellLocator) -> list[OddColumn]:
    """Find the columns of a copy most of whose cells break one rule."""
    import pyarrow.parquet as pq

    counts: dict[str, CellCount] = {}
    with pq.ParquetFile(copy.path) as file:
        for batch in file.iter_batches(_COUNTED, columns=[c.column for c in columns]):
            block = pl.from_arrow(batch)
            assert isinstance(block, pl.DataFrame)
            count_cells(columns, block, counts)
    found = []
    for c in columns:
        count = counts.get(c.column, CellCount())
        if rule := count.find_common_rule():
            row = count.first[rule][0]
            place = locator.locate_cells([(row, c.column)])[row, c.column]
            record = _read_key(copy, plan, row)
            found.append(make_whole_column(c, count, table=plan.table, record=record, place=place))
    return join_columns(found)


def _read_key(copy: Part, plan: Plan, row: int) -> str:
    if not plan.key or not set(plan.key) <= set(copy.columns):
        return f"row {row + 1}"
    cells = pl.scan_parquet(copy.path, glob=False).select(map(name_raw_column, plan.key)).slice(row, 1).collect().row(0)
    return "|".join(cells) if all(cells) else f"row {row + 1}"


def clear_columns(copy: Part, columns: list[str]) -> Part:
    """Empty columns of a copy, of which no cell is read."""
    target = copy.path.with_name(f"{copy.path.stem}-cleared.parquet")
    names = [n for column in columns for n in (column, name_raw_column(column))]
    rows = pl.scan_parquet(copy.path, glob=False)
    rows.with_columns(pl.lit(None, dtype=pl.String).alias(n) for n in names).sink_parquet(target)
    return replace(copy, path=target)


def write_slim_copy(part: Part, plan: Plan, work: Path) -> Part:
    """Write the columns of a plan of a CSV as Parquet, with their texts: each rule on all rows reads a few of them."""
    import pyarrow.parquet as pq

    target, seen = work / f"{part.number}-slim.parquet", plan.restrict_to(part.columns)
    texts = iterate_texts(replace(part, typed=frozenset()), seen)
    writer = None
    for batch in texts:
        table = batch.to_arrow()
        writer = writer or pq.ParquetWriter(target, table.schema, compression="lz4")
        writer.write_table(table)
    if writer is None:
        return part
    writer.close()
    names = tuple(c.column for c in seen.columns)
    types = dict.fromkeys(names, pl.String())
    return replace(
        part, path=target, columns=names, original_names=names, types=types, typed=frozenset(), is_text=frozenset(names)
    )
