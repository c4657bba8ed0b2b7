"""A table of figures of any length: the published figures, repeated under new pages.

    python bench/figuresdata.py --rows 10000000 --faults 100 --to figures.csv [--shuffle]

Pages whose figures have a finding without the other tables are left out. So a table without faults is clean. A fault adds a million to
one part of a list. At most one claim in each copy of the table has two faults. Blocks of rows are shuffled one by one.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

_COPIES = 150  # copies of the table that are made at once
_HEAD, _TAIL = (
    r"^(.*?)-\d{4}-\d{2}-\d{2}",
    r"(-\d{4}-\d{2}-\d{2}.*)$",
)  # of an id: before the day of the page, and from it


def read_clean_figures() -> pl.DataFrame:
    """Return the published figures of the pages without a finding, as text."""
    import polars as pl

    import conflictdata as cd

    path = cd.path("figures", format="csv")
    found = [f.record.partition(".")[0] for f in cd.validate(path).findings]
    return pl.read_csv(path, infer_schema=False).filter(~pl.col("claim_id").str.extract(r"^([^.]*)").is_in(found))


def list_parts(figures: pl.DataFrame) -> list[int]:
    """Return the row of one part per claim, whose number a fault changes."""
    import polars as pl

    exact = (pl.col("relation") == "part") & (pl.col("qualifier") == "exact") & (pl.col("low") == pl.col("high"))
    rows = figures.with_row_index().filter(
        exact & ~pl.col("figure_id").is_in(figures["parent_id"].drop_nulls().implode())
    )
    return rows.unique("claim_id", maintain_order=True)["index"].to_list()


def make_blocks(rows: int, faults: int) -> Iterator[pl.DataFrame]:
    """Yield the table in blocks of whole copies."""
    import polars as pl

    figures = read_clean_figures()
    parts, copies = list_parts(figures), -(-rows // figures.height)
    for first in range(0, copies, _COPIES):
        some = range(first, min(first + _COPIES, copies))
        block = pl.DataFrame({"copy": list(some)}).join(figures, how="cross", maintain_order="left_right")
        ids = [
            pl.concat_str(
                [
                    pl.col(c).str.extract(_HEAD),
                    pl.lit("x"),
                    "copy",
                    pl.col(c).str.extract(_TAIL),
                ]
            )
            for c in ("figure_id", "claim_id", "parent_id")
        ]
        broken = [
            n * figures.height + parts[k]
            for n, copy in enumerate(some)
            for k in range(count_faults(copy, copies, faults))
        ]
        numbers = [pl.col(c).cast(pl.Int64) + 1_000_000 for c in ("low", "best", "high")]
        changed = [
            pl.when(pl.col("index").is_in(broken)).then(n).otherwise(c).cast(pl.String).alias(c)
            for n, c in zip(numbers, ("low", "best", "high"), strict=True)
        ]
        yield block.with_row_index().with_columns(*ids).with_columns(changed).drop("copy", "index")


def count_faults(copy: int, copies: int, faults: int) -> int:
    """Return the number of faults of one copy, such that all copies together have them all."""
    return faults * (copy + 1) // copies - faults * copy // copies


def main() -> None:
    """Write the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rows", type=int, required=True)
    options.add_argument("--faults", type=int, default=0)
    options.add_argument("--to", type=Path, required=True)
    options.add_argument("--shuffle", action="store_true")
    chosen = options.parse_args()
    chosen.to.parent.mkdir(parents=True, exist_ok=True)
    with chosen.to.open("wb") as file:
        for number, block in enumerate(make_blocks(chosen.rows, chosen.faults)):
            shuffled = block.sample(fraction=1, shuffle=True, seed=number) if chosen.shuffle else block
            shuffled.write_csv(file, include_header=number == 0)


if __name__ == "__main__":
    main()
