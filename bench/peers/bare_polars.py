"""No check at all: polars reads every column of the file and hashes it. What all others are compared with."""

import common
import polars as pl

sums = common.polars_scan(common.file()).select(pl.all().hash().sum()).collect(engine="streaming")
print(sums.sum_horizontal().item())
common.answer({})
