"""The rules on Spark: the same expressions, in one job for all files that are alike, on the workers of a cluster.

Nothing of ours runs on a worker, and no Python: what a rule says becomes an expression of Spark's own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import narwhals.stable.v1 as nw
import polars as pl

from conflictdata._utils.work_folder import open_work_folder
from conflictdata.findings import UsageError
from conflictdata.validation.plan import Plan, Reference
from conflictdata.validation.scan.base import (
    BROKEN,
    PART,
    ROW,
    Batch,
    DuplicateKey,
    ReadError,
    add_flag,
    add_verdicts,
    list_verdict_columns,
    name_raw_column,
)
from conflictdata.validation.scan.files import Part
from conflictdata.validation.scan.prefilter import make_text_tests
from conflictdata.validation.scan.spark import session as spark_session

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame, SparkSession

    from conflictdata.validation.scan.spark.evaluate import EvaluatedRows


_HeldResult = tuple["EvaluatedRows", list[Part]]


class SparkEngine:
    """Spark.

    Args:
        memory: bytes for each executor, or for this machine where the master is local.
        work: a folder for copies of files, which the workers can read.
        master: the address of the master.
        session: a session to work in, instead of one on `master`. It stays as it is, and open: the work is done in a sister
            of it, whose settings are our own.
    """

    name = "spark"
    weighs = False
    counts_cells = True

    def __init__(
        self,
        memory: int | None = None,
        work: Path | None = None,
        master: str | None = None,
        session: SparkSession | None = None,
    ) -> None:
        self._open = ExitStack()
        self._started = (
            spark_session.open_sister_session(session) if session else spark_session.start_session(master, memory)
        )
        self._open.callback(self._started.stop)
        from conflictdata.validation.scan.spark.files import SparkFiles

        patch_narwhals()
        self.session = self._started.session
        folder = work or self._open.enter_context(open_work_folder())
        self._files = SparkFiles(self.session, folder)
        self._all: list[Part] = []
        self._held: dict[int, _HeldResult] = {}
        self._empty = 0

    def close(self) -> None:
        """Stop Spark, where it was started for this engine."""
        for result, _ in self._held.values():
            _ignore_errors(result.drop)
        self._held = {}
        self._open.close()

    def expect(self, parts: Sequence[Part]) -> None:
        """Receive all files before the first is asked for. Those that are alike are checked in one job."""
        self._all = list(parts)

    def scan_rows(self, part: Part, plan: Plan) -> nw.LazyFrame[Any]:
        """Read one file as a lazy frame, typed."""
        frame = self._files.read_frame([self._files.prepare(part)], plan)
        return cast("nw.LazyFrame[Any]", nw.from_native(frame.drop(PART)))

    def together(self, parts: Sequence[Part], plan: Plan, starts: Sequence[int]) -> nw.LazyFrame[Any]:
        """Return all files as one lazy frame, typed, with `ROW` counted on from file to file."""
        names = [n for c in plan.columns for n in (c.column, name_raw_column(c.column))]
        whole = self._combine_files(parts, plan, [ROW, *names])
        table = self._convert_frame(pl.DataFrame({PART: [p.number for p in parts], "start:": list(starts)}))
        from pyspark.sql import functions as F  # noqa: N812 - its usual name

        counted = whole.join(F.broadcast(table), on=PART)
        row = (_get_column(ROW) + _get_column("start:")).alias(ROW)
        kept = [_get_column(n) for n in whole.columns if n not in (PART, ROW)]
        return cast("nw.LazyFrame[Any]", nw.from_native(counted.select(row, *kept)))

    def _combine_files(self, parts: Sequence[Part], plan: Plan, names: Sequence[str]) -> DataFrame:
        """All files with `PART` and those of these columns that any has; a column that a file lacks is empty."""
        from pyspark.sql import functions as F  # noqa: N812 - its usual name

        each = [self._files.read_frame(g, plan.restrict_to(g[0].all_columns)) for g in self._files.group_parts(parts)]
        types = {field.name: field.dataType for frame in each for field in frame.schema.fields}
        columns = [n for n in (PART, *names) if n in types]
        full = [
            frame.select(
                *(_get_column(n) if n in frame.columns else F.lit(None).cast(types[n]).alias(n) for n in columns)
            )
            for frame in each
        ]
        return reduce(lambda one, other: one.unionAll(other), full)

    def iterate_batches(self, part: Part, plan: Plan) -> Iterator[Batch]:
        """Yield the rows of a file, judged once, together with those of the files that are alike."""
        with _translate_errors(ReadError):
            if part.number not in self._held:
                self._evaluate(part, plan)
            result, parts = self._held.pop(part.number)
            held_part = next(p for p in parts if p.number == part.number)
            yield from result.iterate_batches(
                part.number, self._files.get_offsets(held_part) if held_part.is_csv else ()
            )
            if not any(held is result for held, _ in self._held.values()):
                result.drop()

    def _evaluate(self, part: Part, plan: Plan) -> None:
        """Judge a file and those of the files to come that are alike."""
        from conflictdata.validation.scan.spark.evaluate import EvaluatedRows
        from conflictdata.validation.scan.spark.files import derive_kind

        ready = self._files.prepare(part)
        at = next((n for n, p in enumerate(self._all) if (p.number, p.path) == (part.number, part.path)), None)
        ahead = [] if at is None or ready is not part else self._all[at + 1 :]
        parts = [ready, *(p for p in ahead if derive_kind(p) == derive_kind(ready) and self._files.prepare(p) is p)]
        rows = add_verdicts(nw.from_native(self._files.read_frame(parts, plan, placed=False)), ready, plan, texts=False)
        words = [test for c in plan.columns for test in make_text_tests(c, guarded=True)]
        if words:
            rows = rows.with_columns(nw.any_horizontal(nw.col(BROKEN), *words, ignore_nulls=True).alias(BROKEN))
        frame = add_flag(rows, plan).to_native()
        result = EvaluatedRows(frame, list_verdict_columns(plan))
        if ready.is_csv:
            self._files.record_line_counts(parts, result.count_lines())
        self._held |= {p.number: (result, parts) for p in parts}

    def forget(self, part: Part) -> None:
        """Forget the results of a file, which is read again."""
        self._held.pop(part.number, None)

    def find_duplicate_keys(self, parts: Sequence[Part], plan: Plan) -> Iterator[DuplicateKey]:
        """Yield the rows whose key an earlier row has; only keys are moved between workers."""
        from pyspark.sql import Window
        from pyspark.sql import functions as F  # noqa: N812 - its usual name

        with _translate_errors(UsageError):
            keys = [_get_column(k) for k in plan.key]
            empty = reduce(lambda one, other: one | other, (key.isNull() for key in keys))
            rows = self._combine_files(parts, plan, [ROW, *plan.key])
            counted = (
                rows.groupBy(*keys)
                .agg(F.count("*").alias("times:"))
                .where(empty | (_get_column("times:") > 1))
                .persist()
            )
            try:
                none, twice = counted.agg(F.sum(F.when(empty, _get_column("times:"))), F.count_if(~empty)).collect()[0]
                self._empty = int(none or 0)
                if not twice:
                    return
                same = Window.partitionBy(*keys).orderBy(_get_column(PART), _get_column(ROW))
                first = [F.first(_get_column(n)).over(same).alias(f"first:{n}") for n in (PART, ROW)]
                found = rows.join(counted.where(~empty), on=list(plan.key)).select("*", *first)
                later = (_get_column(PART) != _get_column(f"first:{PART}")) | (
                    _get_column(ROW) != _get_column(f"first:{ROW}")
                )
                columns = [*keys, *map(_get_column, ("times:", f"first:{PART}", f"first:{ROW}", PART, ROW))]
                for row in (
                    found.where(later).select(*columns).orderBy(_get_column(PART), _get_column(ROW)).toLocalIterator()
                ):
                    *key, times, first_part, first_row, at, row_number = row
                    yield DuplicateKey(tuple(key), times, (first_part, first_row), (at, row_number))
            finally:
                _ignore_errors(counted.unpersist)

    def count_empty_keys(self) -> int:
        """Count the rows with an empty cell in their key."""
        return self._empty

    def find_near_duplicates(self, parts: Sequence[Part], plan: Plan, columns: tuple[str, ...]) -> pl.DataFrame:
        """Find the rows that may be alike another one."""
        from pyspark.sql import functions as F  # noqa: N812 - its usual name

        with _translate_errors(UsageError):
            present = [c for c in columns if any(c in p.all_columns for p in parts)]
            rows = self._combine_files(parts, plan, [ROW, *present])
            codes = rows.select(
                _get_column(PART), _get_column(ROW), F.xxhash64(*map(_get_column, present)).alias("code:")
            )
            twice = (
                codes.groupBy(_get_column("code:")).count().where(_get_column("count") > 1).select(_get_column("code:"))
            )
            found = codes.join(twice, on="code:", how="left_semi").select(_get_column(PART), _get_column(ROW))
            return pl.DataFrame(pl.from_arrow(found.toArrow()))

    def find_unresolved(
        self, parts: Sequence[Part], plan: Plan, reference: Reference
    ) -> Iterator[tuple[int, dict[str, Any]]]:
        """Yield the cells that name what does not exist."""
        with _translate_errors(UsageError):
            column = reference.column
            names = list(dict.fromkeys([ROW, *plan.key, column]))
            rows = self._combine_files(parts, plan, names).where(_get_column(column).isNotNull())
            if reference.known is None:
                known = self._combine_files(parts, plan, plan.key).select(_get_column(plan.key[0]).alias("known:"))
            else:
                known = self._convert_frame(pl.DataFrame({"known:": list(reference.known)}))
            missing = rows.join(known, _get_column(column) == _get_column("known:"), how="left_anti")
            for row in missing.orderBy(_get_column(PART), _get_column(ROW)).toLocalIterator():
                yield row[PART], {n: row[n] for n in names}

    def _convert_frame(self, frame: pl.DataFrame) -> DataFrame:
        from conflictdata.validation.scan.spark.files import convert_to_spark

        return convert_to_spark(self.session, frame)

    def wrap_frame(self, frame: pl.DataFrame) -> nw.LazyFrame[Any]:
        """Wrap a frame in memory as one of this engine."""
        return cast("nw.LazyFrame[Any]", nw.from_native(self._convert_frame(frame)))

    def collect_frame(self, frame: Any) -> pl.DataFrame:
        """Collect a lazy frame of this engine into memory."""
        with _translate_errors(UsageError):
            return pl.DataFrame(pl.from_arrow(frame.to_native().toArrow()))


def _get_column(column: str) -> Column:
    from conflictdata.validation.scan.spark.cells import get_column

    return get_column(column)


def _ignore_errors(step: Callable[[], object]) -> None:
    """Do what frees something, which may be gone already with the worker that had it."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    with suppress(PySparkException, Py4JError, OSError):
        step()


@contextmanager
def _translate_errors(error_type: type[Exception]) -> Iterator[None]:
    """What Spark says of a fault, in one line."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except (PySparkException, Py4JError, ConnectionError) as fault:
        short = spark_session.shorten_fault(fault)
        raise error_type(short if error_type is ReadError else f"Spark failed: {short}") from fault


def patch_narwhals() -> None:
    """Give narwhals the minutes of a duration on Spark, where it has none of its own."""
    from narwhals._spark_like.expr_dt import SparkLikeExprDateTimeNamespace as Times
    from narwhals._utils import not_implemented

    if isinstance(vars(Times).get("total_minutes"), not_implemented):
        Times.total_minutes = _compute_total_minutes  # type: ignore[assignment]


def _compute_total_minutes(self: Any) -> Any:
    from pyspark.sql import functions as F  # noqa: N812 - its usual name

    def compute_minutes(gap: Any) -> Any:
        # The parts of an interval have its sign.
        days, hours, rest = (F.extract(F.lit(unit), gap) for unit in ("DAY", "HOUR", "MINUTE"))
        return days.cast("bigint") * 1440 + hours * 60 + rest

    return self.compliant._with_elementwise(compute_minutes)
