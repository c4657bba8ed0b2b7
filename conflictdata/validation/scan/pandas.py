"""The rules on pandas, with Arrow types: a block of rows at a time, read by polars."""

from __future__ import annotations

from collections.abc import Iterator

import narwhals.stable.v1 as nw
import polars as pl

from conflictdata.validation.evaluate import wrap_frame
from conflictdata.validation.plan import Plan
from conflictdata.validation.scan.base import Batch, ReadError, add_flag, add_verdicts, list_verdict_columns
from conflictdata.validation.scan.files import Part
from conflictdata.validation.scan.polars import PolarsEngine, make_batch

_ROWS = 1 << 16


class PandasEngine(PolarsEngine):
    """pandas: for comparison, and where it is what one trusts."""

    name = "pandas"
    weighs = False

    def iterate_batches(self, part: Part, plan: Plan) -> Iterator[Batch]:
        """Yield the rows of a file, judged once."""
        typed = self.scan_rows(part, plan).to_native()
        names = list_verdict_columns(plan)
        try:
            for block in typed.collect_batches(chunk_size=_ROWS, maintain_order=True, engine="streaming"):
                self._remember(part, plan, block)
                frame = add_verdicts(wrap_frame(block, "pandas"), part, plan).collect().to_polars()
                # pandas gives a column of nothing but nulls no type.
                types = {**block.schema, **dict.fromkeys(set(frame.columns) - set(block.columns), pl.Boolean)}
                done = add_flag(nw.from_native(frame.cast(types).lazy()), plan).to_native().collect()
                yield make_batch(done, names, part, plan)
        except pl.exceptions.PolarsError as fault:
            raise ReadError(str(fault).splitlines()[0]) from fault
