"""Texts that look wrong, and rules that are dear, on polars: each different text or row of a block is looked at once."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any, cast

import narwhals.stable.v1 as nw
import polars as pl

from conflictdata.rules.base import VERDICT, Rule
from conflictdata.schema.columns import Constraint
from conflictdata.validation.scan.prefilter import make_text_tests

_MIN_REPEATS = 8  # rows to a text, below which all rows are looked at, in all that follow
_MIN_AGREEING = 2  # the same for the rows that a rule reads, below which it is asked of all
_MIN_SAMPLE = 10_000  # rows of a block, below which it says nothing of those that follow
_MAX_CACHED = 10_000  # texts or rows that are remembered
_EVALUATED = "asked:"


def evaluate_cached(rule: Rule) -> pl.Expr:
    """Return what a row rule says whose rows repeat (`Rule.repeats`)."""
    return pl.struct(rule.fields).map_batches(_CachedRule(rule).evaluate, return_dtype=pl.Boolean, is_elementwise=True)


class _CachedRule:
    """A rule, and what it said of the rows that it was asked about: to be asked at all takes some milliseconds."""

    def __init__(self, rule: Rule) -> None:
        self._check = cast("nw.Expr", rule.check).alias(VERDICT)
        self._join_options: dict[str, Any] = {"on": list(rule.fields), "nulls_equal": True, "maintain_order": "left"}
        self._cache: pl.DataFrame | None = None  # rows with `VERDICT`, and `_ASKED`, which is true

    def evaluate(self, cells: pl.Series) -> pl.Series:
        """Return what it says of each row of a block; the engine asks from several threads, which at worst remember less."""
        # No cell is NaN, which would equal no other: what is not finite is read as missing.
        rows = cells.struct.unnest()
        different = rows.unique()
        if len(different) * _MIN_AGREEING > len(rows):
            return self._evaluate_rows(rows)
        evaluated = self._evaluate_distinct(different)
        others = evaluated.filter(~pl.col(VERDICT).fill_null(value=False))
        if not len(others):
            return pl.repeat(value=True, n=len(rows), dtype=pl.Boolean, eager=True)
        each = rows.join(others, how="left", **self._join_options)
        return each.select(pl.when(_EVALUATED).then(VERDICT).otherwise(statement=True)).to_series()

    def _evaluate_distinct(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Different rows with what it says of them, from memory where it was asked before."""
        known = self._cache
        if known is None:
            self._cache = self._add_verdicts(rows)
            return self._cache
        joined = rows.join(known, how="left", **self._join_options)
        new = joined.filter(pl.col(_EVALUATED).is_null())
        if not len(new):
            return joined
        judged = self._add_verdicts(new.select(rows.columns))
        if len(known) + len(judged) <= _MAX_CACHED:
            self._cache = known.vstack(judged)
        return joined.filter(_EVALUATED).vstack(judged)

    def _add_verdicts(self, rows: pl.DataFrame) -> pl.DataFrame:
        return rows.with_columns(self._evaluate_rows(rows).alias(VERDICT), pl.lit(value=True).alias(_EVALUATED))

    def _evaluate_rows(self, rows: pl.DataFrame) -> pl.Series:
        return nw.from_native(rows, eager_only=True).select(self._check).to_native().to_series()


class TextColumns:
    """The columns of texts of a file.

    Args:
        columns: what each column may hold, and the column that has it, or the numbers that are its texts.
    """

    def __init__(self, columns: Iterable[tuple[Constraint, str]]) -> None:
        self._columns = {name: _TextColumn(c) for c, name in columns if make_text_tests(c)}

    def find_suspicious(self, batch: pl.DataFrame) -> pl.Series | None:
        """Return in which rows a text looks wrong (`screen.word_tests`); None where none does."""
        found = [column.find_suspicious(batch[name]) for name, column in self._columns.items()]
        wrong = [rows for rows in found if rows is not None]
        return reduce(or_, wrong) if wrong else None


class _TextColumn:
    """A column of texts, and which of them were found fine: what holds nothing new is only looked up in a set."""

    def __init__(self, c: Constraint) -> None:
        self._test = nw.any_horizontal(*make_text_tests(c), ignore_nulls=True).alias(c.column)
        self._name = c.column
        self._fine: set[Any] = set()
        self._repeats = True

    def find_suspicious(self, texts: pl.Series) -> pl.Series | None:
        """Which of these look wrong; None where none does."""
        if not self._repeats:
            return self._test_texts(texts)
        different = texts.unique()
        if len(different) * _MIN_REPEATS > len(texts):
            self._repeats = len(texts) < _MIN_SAMPLE
            return self._test_texts(texts)
        unknown = set(different.to_list()) - self._fine
        if not unknown:
            return None
        new = pl.Series(list(unknown), dtype=texts.dtype)
        wrong = self._test_texts(new)
        if len(self._fine) + len(new) <= _MAX_CACHED:
            self._fine |= unknown if wrong is None else set(new.filter(~wrong).to_list())
        return None if wrong is None else texts.is_in(new.filter(wrong).implode()).fill_null(value=False)

    def _test_texts(self, texts: pl.Series) -> pl.Series | None:
        frame = nw.from_native(texts.cast(pl.String).alias(self._name).to_frame(), eager_only=True)
        wrong = frame.select(self._test).to_native().to_series().fill_null(value=False)
        return wrong if wrong.any() else None
