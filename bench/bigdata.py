"""The data that big.py measures on, made once and kept.

    python bench/bigdata.py table --rows 10000000 --to FILE.parquet   the made-up table of tests/bigtable.py, in one file
    python bench/bigdata.py parts --rows 300000000 --to FOLDER        the same in many Parquet files
    python bench/bigdata.py ged --rows 2000000 --to FILE.parquet      the rows of UCDP GED at hand, repeated

Rows are made a block at a time from a seed for each block, so that a table of any length takes the memory of one block
and is the same every time. 100 faults are spread evenly over the whole table; ten of them are keys that stand half a
table earlier too. A file beside the data (`.made`) says that it is whole.
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
BLOCK = 2_000_000  # rows of a block, and of a file of many
START = 100_000  # the first id
VERSION = 1  # of what is made; another number makes it anew


def blocks(rows: int, block: int = BLOCK) -> Iterator[tuple[pl.DataFrame, list[tuple[str, str]]]]:
    """The table in pieces, each with the rule and the record of each of its faults."""
    sys.path.insert(0, str(ROOT / "tests"))
    import bigtable

    for number, first in enumerate(range(0, rows, block)):
        piece = bigtable.make_rows(min(block, rows - first), start=START + first, seed=number + 1)
        yield bigtable.add_faults(piece, first=first, total=rows)


def make_parts(folder: Path, rows: int, block: int = BLOCK) -> None:
    """Write the table as many Parquet files."""
    folder.mkdir(parents=True, exist_ok=True)
    faults: list[tuple[str, str]] = []
    for number, (piece, expected) in enumerate(blocks(rows, block)):
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
    mark(file, **made(parts))


def make_ged(file: Path, rows: int) -> None:
    """Write the rows of GED at hand as often as it takes, each time with other ids, and with other names of places, so
    that no copy is like another row."""
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


def marker(made: Path) -> Path:
    """The file that says that data is whole."""
    return made.with_name(f"{made.name}.made")


def mark(path: Path, **said: Any) -> None:
    """Say that data is whole."""
    marker(path).write_text(json.dumps({"version": VERSION, **said}))


def made(path: Path) -> dict[str, Any]:
    """What is said of data: `rows`, and `faults` as pairs of rule and record."""
    said: dict[str, Any] = json.loads(marker(path).read_text())
    del said["version"]
    return said


def is_made(path: Path) -> bool:
    """Whether data is there, whole, and of this version."""
    return path.exists() and marker(path).exists() and json.loads(marker(path).read_text())["version"] == VERSION


def main() -> None:
    """Make what is not there."""
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
    os.sync()  # what is still to be written would slow what is measured


if __name__ == "__main__":
    main()
