"""The rules on Spark: the same expressions, in one job for all files that are alike, on the workers of a cluster.

Nothing of ours runs on a worker, and no Python: what a rule says becomes an expression of Spark's own.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import narwhals.stable.v1 as nw
import polars as pl

from conflictdata.findings import UsageError
from conflictdata.validation.plan import Plan, Reference
from conflictdata.validation.scan.base import (
    BROKEN,
    PART,
    ROW,
    Batch,
    Repeated,
    Unreadable,
    flagged,
    raw,
    ruled,
    verdict_names,
)
from conflictdata.validation.scan.files import Part
from conflictdata.validation.scan.prefilter import word_tests
from conflictdata.validation.scan.spark import session as spark_session

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame, SparkSession

    from conflictdata.validation.scan.spark.evaluate import Judged

_Held = tuple["Judged", list[Part]]


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
        self._started = spark_session.sister(session) if session else spark_session.start(master, memory)
        self._open.callback(self._started.stop)
        from conflictdata.validation.scan.spark.files import Files

        supply()
        self.session = self._started.session
        folder = work or Path(self._open.enter_context(tempfile.TemporaryDirectory(prefix="conflictdata-")))
        self._files = Files(self.session, folder)
        self._all: list[Part] = []
        self._held: dict[int, _Held] = {}
        self._empty = 0

    def close(self) -> None:
        """Stop Spark, where it was started for this engine."""
        for answer, _ in self._held.values():
            _quietly(answer.drop)
        self._held = {}
        self._open.close()

    def expect(self, parts: Sequence[Part]) -> None:
        """Be told of all files before the first is asked for: those that are alike are judged in one job."""
        self._all = list(parts)

    def rows(self, part: Part, plan: Plan) -> nw.LazyFrame[Any]:
        """One file as a lazy frame, typed."""
        frame = self._files.frame([self._files.ready(part)], plan)
        return cast("nw.LazyFrame[Any]", nw.from_native(frame.drop(PART)))

    def together(self, parts: Sequence[Part], plan: Plan, starts: Sequence[int]) -> nw.LazyFrame[Any]:
        """All files as one lazy frame, typed, with `ROW` counted on from file to file."""
        names = [n for c in plan.columns for n in (c.column, raw(c.column))]
        whole = self._union(parts, plan, [ROW, *names])
        table = self._native(pl.DataFrame({PART: [p.number for p in parts], "start:": list(starts)}))
        from pyspark.sql import functions as F  # noqa: N812 - its usual name

        counted = whole.join(F.broadcast(table), on=PART)
        row = (_col(ROW) + _col("start:")).alias(ROW)
        kept = [_col(n) for n in whole.columns if n not in (PART, ROW)]
        return cast("nw.LazyFrame[Any]", nw.from_native(counted.select(row, *kept)))

    def _union(self, parts: Sequence[Part], plan: Plan, names: Sequence[str]) -> DataFrame:
        """All files with `PART` and those of these columns that any has; a column that a file lacks is empty."""
        from pyspark.sql import functions as F  # noqa: N812 - its usual name

        each = [self._files.frame(g, plan.seen(g[0].all_columns)) for g in self._files.groups(parts)]
        types = {field.name: field.dataType for frame in each for field in frame.schema.fields}
        wanted = [n for n in (PART, *names) if n in types]
        full = [
            frame.select(*(_col(n) if n in frame.columns else F.lit(None).cast(types[n]).alias(n) for n in wanted))
            for frame in each
        ]
        return reduce(lambda one, other: one.unionAll(other), full)

    def batches(self, part: Part, plan: Plan) -> Iterator[Batch]:
        """The rows of a file, judged once, together with those of the files that are alike."""
        with _faults(Unreadable):
            if part.number not in self._held:
                self._judge(part, plan)
            answer, parts = self._held.pop(part.number)
            here = next(p for p in parts if p.number == part.number)
            yield from answer.batches(part.number, self._files.before(here) if here.is_csv else ())
            if not any(held is answer for held, _ in self._held.values()):
                answer.drop()

    def _judge(self, part: Part, plan: Plan) -> None:
        """Judge a file and those of the files to come that are alike."""
        from conflictdata.validation.scan.spark.evaluate import Judged
        from conflictdata.validation.scan.spark.files import kind

        ready = self._files.ready(part)
        at = next((n for n, p in enumerate(self._all) if (p.number, p.path) == (part.number, part.path)), None)
        ahead = [] if at is None or ready is not part else self._all[at + 1 :]
        parts = [ready, *(p for p in ahead if kind(p) == kind(ready) and self._files.ready(p) is p)]
        rows = ruled(nw.from_native(self._files.frame(parts, plan, placed=False)), ready, plan, words=False)
        words = [test for c in plan.columns for test in word_tests(c, guarded=True)]
        if words:
            rows = rows.with_columns(nw.any_horizontal(nw.col(BROKEN), *words, ignore_nulls=True).alias(BROKEN))
        frame = flagged(rows, plan).to_native()
        answer = Judged(frame, verdict_names(plan))
        if ready.is_csv:
            self._files.count(parts, answer.lines())
        self._held |= {p.number: (answer, parts) for p in parts}

    def forget(self, part: Part) -> None:
        """Forget what was said of a file, which is read anew."""
        self._held.pop(part.number, None)

    def repeated(self, parts: Sequence[Part], plan: Plan) -> Iterator[Repeated]:
        """The rows whose key stands in an earlier row: only keys are moved between workers."""
        from pyspark.sql import Window
        from pyspark.sql import functions as F  # noqa: N812 - its usual name

        with _faults(UsageError):
            keys = [_col(k) for k in plan.key]
            empty = reduce(lambda one, other: one | other, (key.isNull() for key in keys))
            rows = self._union(parts, plan, [ROW, *plan.key])
            counted = (
                rows.groupBy(*keys).agg(F.count("*").alias("times:")).where(empty | (_col("times:") > 1)).persist()
            )
            try:
                none, twice = counted.agg(F.sum(F.when(empty, _col("times:"))), F.count_if(~empty)).collect()[0]
                self._empty = int(none or 0)
                if not twice:
                    return
                same = Window.partitionBy(*keys).orderBy(_col(PART), _col(ROW))
                first = [F.first(_col(n)).over(same).alias(f"first:{n}") for n in (PART, ROW)]
                found = rows.join(counted.where(~empty), on=list(plan.key)).select("*", *first)
                later = (_col(PART) != _col(f"first:{PART}")) | (_col(ROW) != _col(f"first:{ROW}"))
                columns = [*keys, *map(_col, ("times:", f"first:{PART}", f"first:{ROW}", PART, ROW))]
                for row in found.where(later).select(*columns).orderBy(_col(PART), _col(ROW)).toLocalIterator():
                    *key, times, first_part, first_row, at, here = row
                    yield Repeated(tuple(key), times, (first_part, first_row), (at, here))
            finally:
                _quietly(counted.unpersist)

    def empty_keys(self) -> int:
        """How many rows have an empty cell in their key."""
        return self._empty

    def alike(self, parts: Sequence[Part], plan: Plan, columns: tuple[str, ...]) -> pl.DataFrame:
        """The rows that may be alike another one."""
        from pyspark.sql import functions as F  # noqa: N812 - its usual name

        with _faults(UsageError):
            there = [c for c in columns if any(c in p.all_columns for p in parts)]
            rows = self._union(parts, plan, [ROW, *there])
            codes = rows.select(_col(PART), _col(ROW), F.xxhash64(*map(_col, there)).alias("code:"))
            twice = codes.groupBy(_col("code:")).count().where(_col("count") > 1).select(_col("code:"))
            found = codes.join(twice, on="code:", how="left_semi").select(_col(PART), _col(ROW))
            return pl.DataFrame(pl.from_arrow(found.toArrow()))

    def unresolved(
        self, parts: Sequence[Part], plan: Plan, reference: Reference
    ) -> Iterator[tuple[int, dict[str, Any]]]:
        """The cells that name what is not there."""
        with _faults(UsageError):
            column = reference.column
            wanted = list(dict.fromkeys([ROW, *plan.key, column]))
            rows = self._union(parts, plan, wanted).where(_col(column).isNotNull())
            if reference.known is None:
                known = self._union(parts, plan, plan.key).select(_col(plan.key[0]).alias("known:"))
            else:
                known = self._native(pl.DataFrame({"known:": list(reference.known)}))
            missing = rows.join(known, _col(column) == _col("known:"), how="left_anti")
            for row in missing.orderBy(_col(PART), _col(ROW)).toLocalIterator():
                yield row[PART], {n: row[n] for n in wanted}

    def _native(self, frame: pl.DataFrame) -> DataFrame:
        from conflictdata.validation.scan.spark.files import in_memory

        return in_memory(self.session, frame)

    def wrapped(self, frame: pl.DataFrame) -> nw.LazyFrame[Any]:
        """A frame in memory as one of this engine."""
        return cast("nw.LazyFrame[Any]", nw.from_native(self._native(frame)))

    def collected(self, frame: Any) -> pl.DataFrame:
        """What a lazy frame of this engine holds."""
        with _faults(UsageError):
            return pl.DataFrame(pl.from_arrow(frame.to_native().toArrow()))


def _col(column: str) -> Column:
    from conflictdata.validation.scan.spark.cells import name

    return name(column)


def _quietly(step: Callable[[], object]) -> None:
    """Do what frees something, which may be gone already with the worker that had it."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    with suppress(PySparkException, Py4JError, OSError):
        step()


@contextmanager
def _faults(told: type[Exception]) -> Iterator[None]:
    """What Spark says of a fault, in one line."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except (PySparkException, Py4JError, ConnectionError) as fault:
        short = spark_session.short(fault)
        raise told(short if told is Unreadable else f"Spark failed: {short}") from fault


def supply() -> None:
    """Give narwhals the minutes of a duration on Spark, where it has none of its own."""
    from narwhals._spark_like.expr_dt import SparkLikeExprDateTimeNamespace as Times
    from narwhals._utils import not_implemented

    if isinstance(vars(Times).get("total_minutes"), not_implemented):
        Times.total_minutes = _total_minutes  # type: ignore[assignment]


def _total_minutes(self: Any) -> Any:
    from pyspark.sql import functions as F  # noqa: N812 - its usual name

    def minutes(gap: Any) -> Any:
        # The parts of an interval have its sign.
        days, hours, rest = (F.extract(F.lit(unit), gap) for unit in ("DAY", "HOUR", "MINUTE"))
        return days.cast("bigint") * 1440 + hours * 60 + rest

    return self.compliant._with_elementwise(minutes)
