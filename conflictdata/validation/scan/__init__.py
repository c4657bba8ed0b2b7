"""One big table, checked in one pass: polars streaming, DuckDB, pandas or Spark, with the same findings.

`run.check_table` takes files and a `Plan` (columns, rules, keys) and returns a `Report`. What differs from engine to engine is
small: an engine is a class with a few methods (`base.ScanEngine`):

- `scan_rows(part, plan)`: one file as a lazy frame of narwhals: `ROW`, the number of the row in its file from 0; every column
  of the plan that the file has, in its type, null where the cell cannot be read; and, where the file holds text, the
  text of the columns that are not text (`base.name_raw_column`).
- `iterate_batches(part, plan)`: that frame with a few boolean columns added (`base.add_verdicts_and_flag`), passed over
  once. It yields `Batch`: the number of rows, how often each verdict was true and null, and the rows that failed any.
- `find_duplicate_keys(parts, plan)`: the rows whose key an earlier row has, in bounded memory.
- `find_unresolved(parts, plan, reference)`: the cells that name a missing record, where the names are too many for a list.

Three more are optional: `expect(parts)`, to know all files before the first is checked; `together(parts, plan, starts)`,
all files as one frame; and `close()`, which is called where the engine was made by its name.

Everything else is common: `files` unpacks files, `csv_structure` finds the malformed lines of a CSV, `prefilter` flags
suspicious cells, `verdicts` checks the few flagged rows once more, exactly, and words the findings, and `scanned_table`
compares the rows with one another.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# By name, the module and class of each engine, loaded when it is asked for.
ENGINES = {
    "polars": "conflictdata.validation.scan.polars:PolarsEngine",
    "duckdb": "conflictdata.validation.scan.duckdb:DuckdbEngine",
    "pandas": "conflictdata.validation.scan.pandas:PandasEngine",
    "spark": "conflictdata.validation.scan.spark.engine:SparkEngine",
}
EMBEDDED = ("polars", "duckdb", "pandas")  # those that run in this process


@dataclass
class ScanOptions:
    """Options of a scan.

    Attributes:
        memory: Number of bytes that may be used.
        findings: Parquet file for all findings.
        watch: Function that is called with the rows and the files that are done.
        spark_master: For Spark, the address of the master.
        flags: Flags that cover findings, a DataFrame or a file; None to look for them.
        is_written: Whether the file of findings has been written.
    """

    memory: int | None = None
    findings: Path | None = None
    watch: Callable[[int, int], None] | None = None
    spark_master: str | None = None
    flags: Any = None
    is_written: bool = False
