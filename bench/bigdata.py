"""The data for big.py, made once and kept.

    python bench/bigdata.py table --rows 10000000 --to FILE.parquet   the made-up table of tests/bigtable.py, in one file
    python bench/bigdata.py parts --rows 300000000 --to FOLDER        the same in many Parquet files
    python bench/bigdata.py ged --rows 2000000 --to FILE.parquet      the local rows of UCDP GED, repeated

Rows are made block by block, each from its own seed. So a table of any length needs the memory of one block and is the
same every time. 100 faults are spread evenly over the whole table. Ten of them are duplicates of keys half a table earlier.
A file next to the data (`.made`) marks it as complete.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

ROOT = Path(__file__).resolve().parents[1]
GED = ROOT.parent / "shared" / "data" / "ucdp_ged"
BLOCK = 2_000_000  # rows per block, and per file of `parts`
START = 100_000  # the first id
VERSION = 1  # of the data; a new number makes all data again


def make_blocks(rows: int, block: int = BLOCK) -> Iterator[tuple[pl.DataFrame, list[tuple[str, str]]]]:
    """Yield the table in pieces, each with rule and record of its faults."""
    sys.path.insert(0, str(ROOT / "tests"))
    import bigtable

    for number, first in enumerate(range(0, rows, block)):
        piece = bigtable.make_rows(min(block, rows - first), start=START + first, seed=number + 1)
        yield bigtable.add_faults(piece, first=first, total=rows)


def make_parts(folder: Path, rows: int, block: int = BLOCK) -> None:
    """Write the table as many Parquet files."""
    folder.mkdir(parents=True, exist_ok=True)
    faults: list[tuple[str, str]] = []
    for number, (piece, expected) in enumerate(make_blocks(rows, block)):
        piece.write_parquet(folder / f"made_up-{number:04}.parquet")
        faults += expected
    mark(folder, rows=rows, faults=sorted(faults))


def make_table(file: Path, rows: int, block: int = BLOCK) -> None:
    """Write the table as one file, CSV or Parquet by its name."""
    import polars as pl

    parts = file.parent / f"parts-{rows}"
    if not is_made(parts):
        make_parts(parts, rows, block)
    scan = pl.scan_parquet(parts / "*.parquet")
    scan.sink_csv(file, float_scientific=False) if file.suffix == ".csv" else scan.sink_parquet(file)
    mark(file, **read_mark(parts))


def make_ged(file: Path, rows: int) -> None:
    """Write the local rows of GED repeatedly, until there are enough.

    Each copy has other ids and place names, so that no two rows are equal.
    """
    import polars as pl
    import pyarrow.parquet as pq

    read = [pl.read_csv(path, infer_schema_length=None) for path in sorted(GED.glob("*.csv"))]
    real = pl.concat(read, how="diagonal_relaxed").unique("id", keep="first", maintain_order=True)
    times = -(-rows // real.height)
    step = 10 ** len(str(real["id"].max()))
    writer = None
    for copy in range(times):
        place = pl.col("where_coordinates") + (f" ({copy})" if copy else "")
        table = real.with_columns(pl.col("id") + copy * step, place).to_arrow()
        writer = writer or pq.ParquetWriter(file, table.schema, compression="zstd")
        writer.write_table(table)
    assert writer is not None
    writer.close()
    mark(file, rows=real.height * times, faults=[])


def get_marker(made: Path) -> Path:
    """Return the file that marks data as complete."""
    return made.with_name(f"{made.name}.made")


def mark(path: Path, **facts: Any) -> None:
    """Mark data as complete, with facts about it."""
    get_marker(path).write_text(json.dumps({"version": VERSION, **facts}))


def read_mark(path: Path) -> dict[str, Any]:
    """Return the facts about data: `rows`, and `faults` as pairs of rule and record."""
    facts: dict[str, Any] = json.loads(get_marker(path).read_text())
    del facts["version"]
    return facts


def is_made(path: Path) -> bool:
    """Return whether data exists, is complete, and has this version."""
    return (
        path.exists() and get_marker(path).exists() and json.loads(get_marker(path).read_text())["version"] == VERSION
    )


def main() -> None:
    """Make the data if it does not exist."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("what", choices=["table", "parts", "ged"])
    options.add_argument("--rows", type=int, required=True)
    options.add_argument("--to", type=Path, required=True)
    options.add_argument("--block", type=int, default=BLOCK)
    chosen = options.parse_args()
    if is_made(chosen.to):
        return
    chosen.to.parent.mkdir(parents=True, exist_ok=True)
    if chosen.what == "ged":
        make_ged(chosen.to, chosen.rows)
    else:
        {"table": make_table, "parts": make_parts}[chosen.what](chosen.to, chosen.rows, chosen.block)
    os.sync()  # pending writes would slow the measured commands


if __name__ == "__main__":
    main()
