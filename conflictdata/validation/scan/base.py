"""What an engine must offer, and the frame that all of them work through."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from conflictdata.validation.evaluate import add_row_verdicts, name_verdict_column
from conflictdata.validation.plan import Plan, Reference
from conflictdata.validation.scan.prefilter import flag_suspicious_cells

if TYPE_CHECKING:
    import narwhals.stable.v1 as nw
    import polars as pl

    from conflictdata.validation.scan.files import Part

ROW = "row:"  # the number of a row in its file, from 0; the colon keeps it apart from columns
PART = "part:"  # the number of its file
EXTRA = "extra:"  # a column for cells of a CSV beyond those of the header
BROKEN = "broken:"  # true where a cell of the row looks wrong
FLAGGED = "flagged:"  # true where the row looks wrong or fails a rule


def name_raw_column(column: str) -> str:
    """Return the column that holds the text of a cell next to its value."""
    return f"raw:{column}"


@dataclass
class Batch:
    """Some rows of a file, worked through.

    Attributes:
        rows: how many they were.
        valid: by rule, how often it said true.
        unknown: by rule, how often it said neither true nor false.
        flagged: the rows that look wrong or fail a rule, with `ROW`, their columns and the verdicts.
        extra: rows with more cells than the header has.
        short: rows whose last cell is empty, which may lack cells.
        weight: the bytes that the cells, as they were understood, take in a CSV; None if they are not weighed.
    """

    rows: int
    valid: dict[str, int]
    unknown: dict[str, int]
    flagged: pl.DataFrame
    extra_cells: int = 0
    missing_cells: int = 0
    weight: int | None = None


@dataclass(frozen=True)
class DuplicateKey:
    """A row whose key is in an earlier row.

    Attributes:
        key: the key, one value a column.
        times: how many rows have it.
        first: the part and the row that have it first.
        here: the part and the row.
    """

    key: tuple[Any, ...]
    times: int
    first_location: tuple[int, int]
    location: tuple[int, int]


class ReadError(Exception):
    """The engine cannot read a file; it may be that a line is malformed."""


class ScanEngine(Protocol):
    """What an engine must offer; `conflictdata.validation.scan` says it in words."""

    name: str
    weighs: bool  # whether it can read whole numbers as such and say what the rows weigh
    counts_cells: bool  # whether its batches tell rows with too many cells, and those that may have too few

    def iterate_blocks(self, part: Part, columns: Sequence[str]) -> Iterator[pl.DataFrame]:
        """Yield some columns of a file as they are in it, a block of rows at a time. Spark has no such method."""
        ...

    def scan_rows(self, part: Part, plan: Plan) -> nw.LazyFrame[Any]:
        """Read one file as a lazy frame: `ROW`, the columns in their types, and the text of those that are not text."""
        ...

    def iterate_batches(self, part: Part, plan: Plan) -> Iterator[Batch]:
        """Yield the rows of a file, judged once: their counts, and the rows that failed."""
        ...

    def forget(self, part: Part) -> None:
        """Forget what was remembered of a file, which is read again."""
        ...

    def find_duplicate_keys(self, parts: Sequence[Part], plan: Plan) -> Iterator[DuplicateKey]:
        """Find the rows whose key is in an earlier row, in order; a key with an empty cell is none."""
        ...

    def count_empty_keys(self) -> int:
        """Count the rows with an empty cell in their key."""
        ...

    def find_near_duplicates(self, parts: Sequence[Part], plan: Plan, columns: tuple[str, ...]) -> pl.DataFrame:
        """Find the rows (`PART`, `ROW`) that may be alike another one in some columns, empty cells among them: all that are, and few others."""
        ...

    def find_unresolved(
        self, parts: Sequence[Part], plan: Plan, reference: Reference
    ) -> Iterator[tuple[int, dict[str, Any]]]:
        """Find the part and the row (`ROW`, key, the column) of each cell that names what does not exist, in order."""
        ...

    def wrap_frame(self, frame: pl.DataFrame) -> nw.LazyFrame[Any]:
        """Wrap a frame in memory as one of this engine."""
        ...

    def collect_frame(self, frame: nw.LazyFrame[Any]) -> pl.DataFrame:
        """Collect a lazy frame of this engine into memory."""
        ...


def add_verdicts_and_flag(frame: nw.LazyFrame[Any], part: Part, plan: Plan) -> nw.LazyFrame[Any]:
    """Return the frame of `ScanEngine.scan_rows` with the verdicts of the row rules, `BROKEN` and `FLAGGED`."""
    return add_flag(add_verdicts(frame, part, plan), plan)


def add_verdicts(
    frame: nw.LazyFrame[Any], part: Part, plan: Plan, *, texts: bool = True, cacheable: bool = True
) -> nw.LazyFrame[Any]:
    """Return the frame of `ScanEngine.scan_rows` with the verdicts of the row rules and `BROKEN`.

    Args:
        frame: the frame.
        part: the file.
        plan: what it is checked for.
        texts: whether texts are looked at; false where the engine does so by itself (`prefilter.make_text_tests`).
        cacheable: whether rules are asked whose rows repeat; the same (`Rule.cacheable`).
    """
    rules = [r for r in plan.row_rules if cacheable or not r.cacheable]
    judged = add_row_verdicts(frame, rules)
    named = [
        is_resolved(r).alias(name_verdict_column(r.format_rule_id(plan.table))) for r in select_short_references(plan)
    ]
    suspicious = flag_suspicious_cells(plan.columns, part.is_text, texts=texts)
    added = {name for r in rules for name in r.optional} - {c.column for c in plan.columns}
    return judged.with_columns(*named, suspicious.alias(BROKEN)).drop(*added)


def add_flag(frame: nw.LazyFrame[Any], plan: Plan) -> nw.LazyFrame[Any]:
    """Return a frame of `add_verdicts` with `FLAGGED`."""
    import narwhals.stable.v1 as nw

    failed = [~nw.col(name) for name in list_verdict_columns(plan)]
    return frame.with_columns(nw.any_horizontal(nw.col(BROKEN), *failed, ignore_nulls=True).alias(FLAGGED))


MAX_LISTED = 10_000  # names that an expression may list; more are looked up by a join


def select_short_references(plan: Plan) -> list[Reference]:
    """Return the references with at most `MAX_LISTED` known names: an expression lists them."""
    return [r for r in plan.references if r.known is not None and len(r.known) <= MAX_LISTED]


def select_joined_references(plan: Plan) -> list[Reference]:
    """Return the references that a join must look up."""
    return [r for r in plan.references if r not in select_short_references(plan)]


def is_resolved(reference: Reference) -> nw.Expr:
    """Return an expression: true where the cell names a known record, null where it is empty."""
    import narwhals.stable.v1 as nw

    column = nw.col(reference.column)
    return nw.when(~column.is_null()).then(column.is_in(list(reference.known or ())))


def list_verdict_columns(plan: Plan) -> list[str]:
    """Return the columns of verdicts, by rule."""
    return [name_verdict_column(r.id) for r in plan.row_rules] + [
        name_verdict_column(r.format_rule_id(plan.table)) for r in select_short_references(plan)
    ]
