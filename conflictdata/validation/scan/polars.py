"""The rules on polars streaming: the files are read in batches, and what is right is forgotten again."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import narwhals.stable.v1 as nw
import polars as pl

from conflictdata.schema.cell_forms import ISO_DAY, REAL
from conflictdata.schema.columns import Constraint
from conflictdata.validation.evaluate import name_verdict_column
from conflictdata.validation.plan import Plan, Reference
from conflictdata.validation.scan import distinct, duplicate_keys, strict_integers
from conflictdata.validation.scan.base import (
    BROKEN,
    EXTRA,
    FLAGGED,
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
from conflictdata.validation.scan.prefilter import TEXT_KINDS
from conflictdata.validation.scan.row_groups import collect_streaming, set_prefetch

_ROWS = 1 << 16  # rows of a batch


class PolarsEngine:
    """polars, streaming."""

    name = "polars"
    weighs = True
    counts_cells = True

    def __init__(self, memory: int | None = None, work: Path | None = None) -> None:
        self._memory, self._work = memory, work
        self._keys = duplicate_keys.RowCodes("keys", memory, work)
        self._near_duplicates: dict[tuple[str, ...], duplicate_keys.RowCodes] = {}

    def scan(self, part: Part) -> pl.LazyFrame:
        """Read one file unchanged, with `ROW` and, for a CSV, `EXTRA`."""
        if part.is_csv:
            schema = {c: pl.Int64() if c in part.typed else pl.String() for c in (*part.columns, EXTRA)}
            frame = pl.scan_csv(
                part.path, schema=schema, has_header=False, skip_lines=part.skipped, row_index_name=ROW,
                truncate_ragged_lines=True, missing_columns="insert", glob=False,
            )  # fmt: skip
        else:
            frame = pl.scan_parquet(part.path, row_index_name=ROW, hive_partitioning=False, glob=False)
            renamed = {old: new for old, new in zip(part.original_names, part.columns, strict=True) if old != new}
            frame = frame.rename(renamed) if renamed else frame
        constants = {name: value for name, value in part.constants.items() if name not in part.columns}
        return frame.with_columns(pl.col(ROW).cast(pl.Int64), **{n: pl.lit(v) for n, v in constants.items()})

    def iterate_blocks(self, part: Part, columns: Sequence[str]) -> Iterator[pl.DataFrame]:
        """Yield some columns of a file as they are in it, a block of rows at a time."""
        try:
            with set_prefetch(1):
                rows = self.scan(part).select(columns)
                yield from rows.collect_batches(chunk_size=_ROWS, maintain_order=True, engine="streaming")
        except pl.exceptions.PolarsError as fault:
            raise ReadError(str(fault).splitlines()[0]) from fault

    def scan_rows(self, part: Part, plan: Plan) -> nw.LazyFrame[Any]:
        """Read one file as a lazy frame, typed."""
        return nw.from_native(self._build_typed(part, plan))

    def _build_typed(self, part: Part, plan: Plan, *more: pl.Expr) -> pl.LazyFrame:
        extra = [EXTRA] if part.is_csv else []
        columns = [column for c in plan.columns for column in build_columns(c, part)]
        return self.scan(part).select(ROW, *extra, *columns, *more)

    def iterate_batches(self, part: Part, plan: Plan) -> Iterator[Batch]:
        """Yield the rows of a file, judged once."""
        frame = add_flag(nw.from_native(self._add_verdicts(part, plan)), plan).to_native()
        names = list_verdict_columns(plan)
        later = {c.column for c in select_late(part, plan)}
        texts = distinct.TextColumns(
            (c, _name_own_column(c.column) if c.column in later else c.column) for c in plan.columns
        )
        try:
            with set_prefetch(1):
                for batch in frame.collect_batches(chunk_size=_ROWS, maintain_order=True, engine="streaming"):
                    self._remember(part, plan, batch)
                    suspicious = texts.find_suspicious(batch)
                    marked = batch if suspicious is None else batch.with_columns(batch[FLAGGED] | suspicious)
                    done = make_batch(marked, names, part, plan)
                    yield replace(done, flagged=write_late_texts(done.flagged, part, plan))
        except pl.exceptions.PolarsError as fault:
            raise ReadError(str(fault).splitlines()[0]) from fault

    def _add_verdicts(self, part: Part, plan: Plan) -> pl.LazyFrame:
        """The rows with their verdicts; columns that are `late` as they stand in the file, and as text no more."""
        later = select_late(part, plan)
        scanned = self._build_typed(part, plan, *(pl.col(c.column).alias(_name_own_column(c.column)) for c in later))
        # The blocks of a CSV are too small for looking at each different row once to pay.
        rows = add_verdicts(nw.from_native(scanned), part, plan, texts=False, cacheable=part.is_csv).to_native()
        cached = [
            distinct.evaluate_cached(r).alias(name_verdict_column(r.id))
            for r in plan.row_rules
            if r.cacheable and not part.is_csv
        ]
        return cast("pl.LazyFrame", rows.with_columns(cached).drop(c.column for c in later))

    def _remember(self, part: Part, plan: Plan, batch: pl.DataFrame) -> None:
        """Remember what is needed of all rows to tell which are alike."""
        if plan.key and plan.is_unique:
            self._keys.add(part, duplicate_keys.hash_keys(batch, plan))
        for number, columns in enumerate(plan.near_duplicate_columns):
            if columns not in self._near_duplicates:
                self._near_duplicates[columns] = duplicate_keys.RowCodes(f"alike-{number}", self._memory, self._work)
            self._near_duplicates[columns].add(part, duplicate_keys.hash_rows(batch, columns))

    def forget(self, part: Part) -> None:
        """Forget the rows of a file, which is read again."""
        for codes in (self._keys, *self._near_duplicates.values()):
            codes.forget(part)

    def find_duplicate_keys(self, parts: Sequence[Part], plan: Plan) -> Iterator[DuplicateKey]:
        """Find the keys that occur more than once."""
        return duplicate_keys.find_duplicate_keys(self._keys, parts, plan, self)

    def count_empty_keys(self) -> int:
        """Count the rows with an empty cell in their key."""
        return self._keys.empty

    def find_near_duplicates(self, parts: Sequence[Part], plan: Plan, columns: tuple[str, ...]) -> pl.DataFrame:  # noqa: ARG002 - one signature for all engines
        """Find the rows that may be alike another one."""
        return self._near_duplicates[columns].find_duplicate_codes().select(PART, ROW)

    def find_unresolved(
        self, parts: Sequence[Part], plan: Plan, reference: Reference
    ) -> Iterator[tuple[int, dict[str, Any]]]:
        """Yield the cells that name what does not exist."""
        if reference.known is not None:
            known = pl.LazyFrame({reference.column: list(reference.known)})
        else:
            (key,) = plan.key
            each = [
                self.scan_rows(p, plan.restrict_to(p.all_columns))
                .to_native()
                .select(pl.col(key).alias(reference.column))
                for p in parts
            ]
            known = pl.concat(each).unique()
        names = list(dict.fromkeys([ROW, *plan.key, reference.column]))
        for part in parts:
            rows = (
                self.scan_rows(part, plan.restrict_to(part.all_columns))
                .to_native()
                .select(names)
                .filter(pl.col(reference.column).is_not_null())
            )
            missing = collect_streaming(rows.join(known, on=reference.column, how="anti")).sort(ROW)
            yield from ((part.number, row) for row in missing.iter_rows(named=True))

    def wrap_frame(self, frame: pl.DataFrame) -> nw.LazyFrame[Any]:
        """Wrap a frame in memory as one of this engine."""
        return nw.from_native(frame.lazy())

    def collect_frame(self, frame: Any) -> pl.DataFrame:
        """Collect a lazy frame of this engine into memory."""
        return collect_streaming(frame.to_native())


def _name_own_column(column: str) -> str:
    """A column as in the file, next to its text."""
    return f"own:{column}"


def select_late(part: Part, plan: Plan) -> list[Constraint]:
    """Return the texts that a Parquet file holds as numbers: they are written as text only where a rule reads them, and in the rows that failed."""
    early = {*plan.key, *(name for columns in plan.near_duplicate_columns for name in columns)}
    return [
        c
        for c in plan.columns
        if c.kind in TEXT_KINDS
        and not part.has_raw
        and c.column not in early
        and part.types.get(c.column, pl.String()).is_integer()
    ]


def write_late_texts(rows: pl.DataFrame, part: Part, plan: Plan) -> pl.DataFrame:
    """Return rows with the texts that were put off (`late`)."""
    later = select_late(part, plan)
    named = rows.rename({_name_own_column(c.column): c.column for c in later})
    return named.with_columns(cast_to_text(c, part.types[c.column]).alias(c.column) for c in later)


def iterate_texts(part: Part, plan: Plan) -> Iterator[pl.DataFrame]:
    """Yield the columns of a plan as text, a block of rows at a time."""
    types = ((c, part.types.get(c.column, pl.String())) for c in plan.columns)
    columns = [
        (pl.col(c.column) if dtype == pl.String else cast_to_text(c, dtype)).alias(c.column) for c, dtype in types
    ]
    texts = PolarsEngine().scan(part).select(columns)
    with set_prefetch(1):
        yield from texts.collect_batches(chunk_size=_ROWS, maintain_order=True, engine="streaming")


def make_batch(batch: pl.DataFrame, names: list[str], part: Part, plan: Plan) -> Batch:
    """Count the verdicts of a batch of rows, and keep the flagged rows."""
    # What polars filters keeps the room of all that it was filtered from, and its texts the whole batch's: rows that are taken
    # by their number, and texts that are rewritten, do not.
    at = batch[FLAGGED].fill_null(value=False).arg_true()
    flagged = batch[at].with_columns(pl.col(pl.String) + "") if len(at) else batch.clear()
    flagged = flagged.drop(FLAGGED, BROKEN, *([EXTRA] if part.is_csv else []))
    # A row that fails a rule is flagged: what is neither among those nor unknown is valid.
    unknown = {name: batch[name].null_count() for name in names}
    failed = {name: int((~flagged[name]).sum() or 0) for name in names}
    valid = {name: batch.height - unknown[name] - failed[name] for name in names}
    extra = batch.height - batch[EXTRA].null_count() if part.is_csv else 0
    seen = set(part.columns) <= {c.column for c in plan.columns}
    weight = strict_integers.weight(batch, part) if part.is_csv and seen else None
    return Batch(batch.height, valid, unknown, flagged, extra, _count_missing_cells(batch, part, seen=seen), weight)


def _count_missing_cells(batch: pl.DataFrame, part: Part, *, seen: bool) -> int:
    """How many rows have an empty last cell, which may be no cell at all; all rows if not all columns are looked at."""
    if not part.is_csv:
        return 0
    if not seen:
        return batch.height
    last = part.columns[-1]
    return batch[name_raw_column(last) if name_raw_column(last) in batch.columns else last].null_count()


def build_columns(c: Constraint, part: Part) -> list[pl.Expr]:
    """Return the column in its type, and its text where it is read from text."""
    if c.column not in part.is_text:
        kind = {"count": pl.Int64, "number": pl.Float64, "date": pl.Date}[c.kind]
        return [pl.col(c.column).cast(kind)]
    dtype = part.types.get(c.column, pl.String())
    written = pl.col(name_raw_column(c.column)) if part.has_raw else pl.col(c.column).alias(name_raw_column(c.column))
    if c.kind == "number" and dtype.is_float():
        finite = pl.when(pl.col(c.column).is_finite()).then(pl.col(c.column).cast(pl.Float64))
        return [finite.alias(c.column), written]
    text = pl.col(c.column) if dtype == pl.String else cast_to_text(c, dtype)
    if c.kind in TEXT_KINDS:
        return [text.alias(c.column), *([written] if part.has_raw else [])]
    return [_parse_value(c, text).alias(c.column), written]


def cast_to_text(c: Constraint, dtype: Any) -> pl.Expr:
    """Return a column of another type as text in canonical form, where it has one."""
    column = pl.col(c.column)
    if c.kind == "date" and isinstance(dtype, pl.Datetime):
        midnight = column == column.dt.truncate("1d")
        return pl.when(midnight).then(column.dt.strftime("%Y-%m-%d")).otherwise(column.cast(pl.String))
    if c.kind != "number" and dtype.is_float():
        whole = column == column.round(0)
        count = column.cast(pl.Int64, strict=False).cast(pl.String)
        return pl.when(whole).then(count).otherwise(column.cast(pl.String))
    if c.kind == "number" and dtype.is_float():
        return column.map_elements(format_number, return_dtype=pl.String)
    return column.cast(pl.String)


def format_number(value: float) -> str:
    """Return a number without an exponent, which is how cells are written."""
    if not math.isfinite(value):
        return str(value)
    text = format(Decimal(repr(value)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _parse_value(c: Constraint, text: pl.Expr) -> pl.Expr:
    """The value of a text; null where it cannot be read."""
    if c.kind == "date":
        day = pl.when(text.str.contains(ISO_DAY)).then(text)
        return day.str.to_date("%Y-%m-%d", strict=False, cache=False)  # looking a day up takes longer than reading it
    if c.kind == "number":
        return pl.when(text.str.contains(REAL)).then(text).cast(pl.Float64, strict=False)
    # What a pattern would say of a whole number in canonical form, in half the time: the cast takes digits with a sign alone,
    # so that only needless zeros and plus signs are left to find, which the first bytes show.
    number = text.cast(pl.Int64, strict=False)
    plain = (text >= "1") | (text == "0") | ((text >= "-1") & (text < "-:"))
    return pl.when(plain & (number.abs() < 10**18)).then(number)
