"""The rules on DuckDB: memory under a limit that the user sets, what does not fit on disk."""

from __future__ import annotations

import glob
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import narwhals.stable.v1 as nw
import polars as pl

from conflictdata.findings import UsageError
from conflictdata.schema.cell_forms import ISO_DAY, REAL, WHOLE
from conflictdata.schema.columns import Constraint
from conflictdata.validation.plan import Plan, Reference
from conflictdata.validation.scan.base import (
    BROKEN,
    FLAGGED,
    PART,
    ROW,
    Batch,
    DuplicateKey,
    ReadError,
    add_verdicts_and_flag,
    list_verdict_columns,
    name_raw_column,
)
from conflictdata.validation.scan.files import Part
from conflictdata.validation.scan.prefilter import TEXT_KINDS

if TYPE_CHECKING:
    import duckdb

_MAX_INLINE = 2_000  # rows that failed that come with the counts; more are fetched by a second look
_ROWS = 1 << 16  # rows of a batch of those
_TYPES = {"count": "BIGINT", "number": "DOUBLE", "date": "DATE"}


def _quote_name(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'


def _quote_text(value: object) -> str:
    return "'" + str(value).replace("'", "''") + "'"


class DuckdbEngine:
    """DuckDB."""

    name = "duckdb"
    weighs = False
    counts_cells = False

    def __init__(self, memory: int | None = None, work: Path | None = None) -> None:
        try:
            import duckdb
        except ImportError as missing:
            raise UsageError("the engine duckdb is not installed: pip install duckdb") from missing
        self._error = duckdb.Error
        self.connection = duckdb.connect()
        settings = {"preserve_insertion_order": "true", "enable_progress_bar": "false"}
        if memory:
            settings["memory_limit"] = f"{memory // 1_000_000} MB"
        if work:
            settings["temp_directory"] = str(work)
        for setting, value in settings.items():
            self.connection.execute(f"SET {setting} = {_quote_text(value)}")
        self._empty = 0

    def _build_source_query(self, part: Part) -> str:
        """Return one file, unchanged, as SQL, with `ROW`."""
        # DuckDB takes every path for a pattern, and one that begins with `~` for a home.
        path = _quote_text(glob.escape(str(part.path.absolute())))
        if part.is_csv:
            columns = "{" + ", ".join(f"{_quote_text(c)}: 'VARCHAR'" for c in part.columns) + "}"
            source = (
                f"read_csv({path}, columns = {columns}, auto_detect = false, header = false, skip = {part.skipped}, "
                "delim = ',', quote = '\"', escape = '\"', max_line_size = 100000000, nullstr = '')"
            )
            row = "row_number() OVER () - 1"
        else:
            source, row = f"read_parquet({path}, file_row_number = true, hive_partitioning = false)", "file_row_number"
        constants = (
            f", {_quote_text(v)} AS {_quote_name(n)}" for n, v in part.constants.items() if n not in part.columns
        )
        originals = part.columns if part.is_csv else part.original_names
        names = ", ".join(
            f"{_quote_name(old)} AS {_quote_name(new)}" for old, new in zip(originals, part.columns, strict=True)
        )
        return f"SELECT CAST({row} AS BIGINT) AS {_quote_name(ROW)}, {names}{''.join(constants)} FROM {source}"

    def iterate_blocks(self, part: Part, columns: Sequence[str]) -> Iterator[pl.DataFrame]:
        """Yield some columns of a file as they are in it, a block of rows at a time."""
        names = ", ".join(map(_quote_name, columns))
        try:
            rows = self.connection.sql(f"SELECT {names} FROM ({self._build_source_query(part)})")
            for block in rows.to_arrow_reader(_ROWS):
                yield pl.DataFrame(pl.from_arrow(block))
        except self._error as fault:
            raise ReadError(str(fault).splitlines()[0]) from fault

    def read_relation(self, part: Part, plan: Plan) -> duckdb.DuckDBPyRelation:
        """Read one file, typed."""
        columns = [_quote_name(ROW), *(column for c in plan.columns for column in build_columns(c, part))]
        return self.connection.sql(f"SELECT {', '.join(columns)} FROM ({self._build_source_query(part)})")

    def scan_rows(self, part: Part, plan: Plan) -> nw.LazyFrame[Any]:
        """Read one file as a lazy frame, typed."""
        return cast("nw.LazyFrame[Any]", nw.from_native(self.read_relation(part, plan)))

    def iterate_batches(self, part: Part, plan: Plan) -> Iterator[Batch]:
        """Yield the rows of a file, judged once: counts, and the rows that failed, in one look where they are few."""
        names = list_verdict_columns(plan)
        counts = [f"count(*) FILTER ({_quote_name(n)}), count({_quote_name(n)})" for n in names]
        try:
            relation = add_verdicts_and_flag(self.scan_rows(part, plan), part, plan).to_native()
            kept = [c for c in relation.columns if c not in (FLAGGED, BROKEN)]
            row = ", ".join(f"{_quote_name(c)} := {_quote_name(c)}" for c in kept)
            few = f"min_by(struct_pack({row}), {_quote_name(ROW)}, {_MAX_INLINE}) FILTER ({_quote_name(FLAGGED)})"
            look = ", ".join(["count(*)", f"count(*) FILTER ({_quote_name(FLAGGED)})", *counts, f"{few} AS few"])
            table = relation.aggregate(look).pl()
            total, flagged, *verdict_counts = table.drop("few").row(0)
            valid = dict(zip(names, verdict_counts[::2], strict=True))
            unknown = {name: total - n for name, n in zip(names, verdict_counts[1::2], strict=True)}
            if flagged <= _MAX_INLINE:
                failed = table.select("few").explode("few").unnest("few") if flagged else _make_empty(relation, kept)
                yield Batch(total, valid, unknown, failed.sort(ROW) if flagged else failed)
                return
            yield Batch(total, valid, unknown, _make_empty(relation, kept))
            failing = relation.filter(_quote_name(FLAGGED)).select(*map(_quote_name, kept)).order(_quote_name(ROW))
            for chunk in failing.to_arrow_reader(_ROWS):
                yield Batch(0, dict.fromkeys(names, 0), dict.fromkeys(names, 0), pl.DataFrame(pl.from_arrow(chunk)))
        except self._error as fault:
            raise ReadError(str(fault).splitlines()[0]) from fault

    def forget(self, part: Part) -> None:
        """Nothing is remembered of a file."""

    def _build_rows_query(self, parts: Sequence[Part], plan: Plan, names: Sequence[str]) -> str:
        """The rows of all files with these columns, as SQL."""
        each = [
            f"SELECT CAST({p.number} AS BIGINT) AS {_quote_name(PART)}, {', '.join(map(_quote_name, names))} "
            f"FROM ({self.read_relation(p, plan.restrict_to(p.all_columns)).sql_query()})"
            for p in parts
        ]
        return " UNION ALL ".join(each)

    def find_duplicate_keys(self, parts: Sequence[Part], plan: Plan) -> Iterator[DuplicateKey]:
        """Yield the rows whose key an earlier row has."""
        keys = [_quote_name(k) for k in plan.key]
        filled = " AND ".join(f"{k} IS NOT NULL" for k in keys)
        rows, key = self._build_rows_query(parts, plan, [ROW, *plan.key]), ", ".join(keys)
        each = self._build_rows_query(parts, plan, plan.key)
        self._empty = self._query_number(f"SELECT count(*) FROM ({each}) WHERE NOT ({filled})")
        self.connection.execute(
            f"CREATE OR REPLACE TEMP TABLE twice AS SELECT {key}, count(*) AS times FROM ({each}) WHERE {filled} "
            f"GROUP BY {key} HAVING count(*) > 1"
        )
        if not self._query_number("SELECT count(*) FROM twice"):
            return
        part, row = _quote_name(PART), _quote_name(ROW)
        first = ", ".join(f"first({c}) OVER same AS first_{n}" for n, c in enumerate((part, row)))
        found = (
            f"SELECT {key}, times, first_0, first_1, {part}, {row} FROM (SELECT {key}, times, {part}, {row}, {first} "
            f"FROM ({rows}) JOIN twice USING ({key}) WINDOW same AS (PARTITION BY {key} ORDER BY {part}, {row})) "
            f"WHERE ({part}, {row}) <> (first_0, first_1) ORDER BY {part}, {row}"
        )
        for *key_, times, first_part, first_row, at, row_number in self._iterate_rows(found):
            yield DuplicateKey(tuple(key_), times, (first_part, first_row), (at, row_number))

    def find_near_duplicates(self, parts: Sequence[Part], plan: Plan, columns: tuple[str, ...]) -> pl.DataFrame:
        """Find the rows that may be alike another one."""
        each = []
        for part in parts:
            cells = ", ".join(_quote_name(c) if c in part.all_columns else "NULL" for c in columns)
            rows = self.read_relation(part, plan.restrict_to(part.all_columns)).sql_query()
            each.append(
                f"SELECT CAST({part.number} AS BIGINT) AS {_quote_name(PART)}, {_quote_name(ROW)}, hash({cells}) AS code FROM ({rows})"
            )
        codes = " UNION ALL ".join(each)
        twice = f"SELECT code FROM ({codes}) GROUP BY code HAVING count(*) > 1"
        found = self.connection.sql(
            f"SELECT {_quote_name(PART)}, {_quote_name(ROW)} FROM ({codes}) WHERE code IN ({twice})"
        )
        return pl.DataFrame(found.pl())

    def _query_number(self, query: str) -> int:
        return int(self.connection.sql(query).fetchall()[0][0])

    def _iterate_rows(self, query: str) -> Iterator[tuple[Any, ...]]:
        """The rows of an answer, a block at a time."""
        for chunk in self.connection.sql(query).to_arrow_reader(_ROWS):
            yield from pl.DataFrame(pl.from_arrow(chunk)).iter_rows()

    def count_empty_keys(self) -> int:
        """Count the rows with an empty cell in their key."""
        return self._empty

    def find_unresolved(
        self, parts: Sequence[Part], plan: Plan, reference: Reference
    ) -> Iterator[tuple[int, dict[str, Any]]]:
        """Yield the cells that name what does not exist."""
        column = _quote_name(reference.column)
        if reference.known is None:
            known = f"SELECT {_quote_name(plan.key[0])} AS name FROM ({self._build_rows_query(parts, plan, plan.key)})"
        else:
            names = pl.DataFrame({"name": list(reference.known)})
            self.connection.register("known_names", names.to_arrow())
            known = "SELECT name FROM known_names"
        columns = list(dict.fromkeys([ROW, *plan.key, reference.column]))
        rows = self._build_rows_query(parts, plan, columns)
        order = f"{_quote_name(PART)}, {_quote_name(ROW)}"
        missing = (
            f"SELECT * FROM ({rows}) WHERE {column} IS NOT NULL AND NOT EXISTS "
            f"(SELECT 1 FROM ({known}) WHERE name = {column}) ORDER BY {order}"
        )
        yield from ((part, dict(zip(columns, row, strict=True))) for part, *row in self._iterate_rows(missing))

    def wrap_frame(self, frame: pl.DataFrame) -> nw.LazyFrame[Any]:
        """Wrap a frame in memory as one of this engine."""
        return cast("nw.LazyFrame[Any]", nw.from_native(self.connection.from_arrow(frame.to_arrow())))

    def collect_frame(self, frame: Any) -> pl.DataFrame:
        """Collect a lazy frame of this engine into memory."""
        return pl.DataFrame(frame.to_native().pl())


def _make_empty(relation: duckdb.DuckDBPyRelation, names: Sequence[str]) -> pl.DataFrame:
    return pl.DataFrame(relation.limit(0).pl()).select(names)


def build_columns(c: Constraint, part: Part) -> list[str]:
    """Return the column in its type, as SQL, and its text where it is read from text."""
    written = (
        _quote_name(name_raw_column(c.column))
        if part.has_raw
        else f"{_quote_name(c.column)} AS {_quote_name(name_raw_column(c.column))}"
    )
    name, dtype = _quote_name(c.column), part.types.get(c.column, pl.String())
    if c.column not in part.is_text:
        return [f"CAST({name} AS {_TYPES[c.kind]}) AS {name}"]
    if c.kind == "number" and dtype.is_float():
        return [f"CASE WHEN isfinite({name}) THEN CAST({name} AS DOUBLE) END AS {name}", written]
    text = name if dtype == pl.String else _cast_to_text(c, dtype)
    if c.kind in TEXT_KINDS:
        return [f"{text} AS {name}", *([written] if part.has_raw else [])]
    form = {"count": WHOLE, "number": REAL, "date": ISO_DAY}[c.kind]
    value = f"CASE WHEN regexp_matches({text}, {_quote_text(form)}) THEN TRY_CAST({text} AS {_TYPES[c.kind]}) END"
    return [f"{value} AS {name}", written]


def _cast_to_text(c: Constraint, dtype: Any) -> str:
    name = _quote_name(c.column)
    if c.kind == "date" and isinstance(dtype, pl.Datetime):
        return f"CASE WHEN {name} = date_trunc('day', {name}) THEN strftime({name}, '%Y-%m-%d') END"
    if c.kind != "number" and dtype.is_float():
        return f"CASE WHEN {name} = round({name}) THEN CAST(TRY_CAST({name} AS BIGINT) AS VARCHAR) END"
    return f"CAST({name} AS VARCHAR)"
