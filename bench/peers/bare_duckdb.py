"""No check at all: DuckDB reads every column of the file and hashes it."""

import common
import duckdb

path = common.file()
sums = ", ".join(f"sum(hash({name}))" for name in common.COLUMNS)
kinds = (
    dict.fromkeys(common.TEXTS, "VARCHAR") | dict.fromkeys(common.DAYS, "DATE") | dict.fromkeys(common.REALS, "DOUBLE")
)
types = {name: kinds.get(name, "BIGINT") for name in common.COLUMNS}
source = f"read_csv('{path}', columns = {types}, header = true)" if common.is_csv(path) else f"read_parquet('{path}')"
print(sum(duckdb.sql(f"SELECT {sums} FROM {source}").fetchall()[0]))
common.answer({})
