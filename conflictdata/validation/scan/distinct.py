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
from conflictdata.validation.scan.prefilter import word_tests

_REPEATS = 8  # rows to a text, below which all rows are looked at, in all that follow
_AGREE = 2  # the same for the rows that a rule reads, below which it is asked of all
_SAYING = 10_000  # rows of a block, below which it says nothing of those that follow
_FINE = 10_000  # texts or rows that are remembered
_ASKED = "asked:"


def verdicts(rule: Rule) -> pl.Expr:
    """What a row rule says whose rows repeat (`Rule.repeats`)."""
    return pl.struct(rule.fields).map_batches(_Rows(rule).verdicts, return_dtype=pl.Boolean, is_elementwise=True)


class _Rows:
    """A rule, and what it said of the rows that it was asked about: to be asked at all takes some milliseconds."""

    def __init__(self, rule: Rule) -> None:
        self._check = cast("nw.Expr", rule.check).alias(VERDICT)
        self._same: dict[str, Any] = {"on": list(rule.fields), "nulls_equal": True, "maintain_order": "left"}
        self._said: pl.DataFrame | None = None  # rows with `VERDICT`, and `_ASKED`, which is true

    def verdicts(self, cells: pl.Series) -> pl.Series:
        """What it says of each row of a block; the engine asks from several threads, which at worst remember less."""
        # No cell is NaN, which would equal no other: what is not finite is read as missing.
        rows = cells.struct.unnest()
        different = rows.unique()
        if len(different) * _AGREE > len(rows):
            return self._asked(rows)
        said = self._of(different)
        others = said.filter(~pl.col(VERDICT).fill_null(value=False))
        if not len(others):
            return pl.repeat(value=True, n=len(rows), dtype=pl.Boolean, eager=True)
        each = rows.join(others, how="left", **self._same)
        return each.select(pl.when(_ASKED).then(VERDICT).otherwise(statement=True)).to_series()

    def _of(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Different rows with what it says of them, from memory where it was asked before."""
        known = self._said
        if known is None:
            self._said = self._judged(rows)
            return self._said
        said = rows.join(known, how="left", **self._same)
        new = said.filter(pl.col(_ASKED).is_null())
        if not len(new):
            return said
        judged = self._judged(new.select(rows.columns))
        if len(known) + len(judged) <= _FINE:
            self._said = known.vstack(judged)
        return said.filter(_ASKED).vstack(judged)

    def _judged(self, rows: pl.DataFrame) -> pl.DataFrame:
        return rows.with_columns(self._asked(rows).alias(VERDICT), pl.lit(value=True).alias(_ASKED))

    def _asked(self, rows: pl.DataFrame) -> pl.Series:
        return nw.from_native(rows, eager_only=True).select(self._check).to_native().to_series()


class Texts:
    """The columns of texts of a file.

    Args:
        columns: what each column may hold, and the column that has it, or the numbers that are its texts.
    """

    def __init__(self, columns: Iterable[tuple[Constraint, str]]) -> None:
        self._columns = {name: _Column(c) for c, name in columns if word_tests(c)}

    def odd(self, batch: pl.DataFrame) -> pl.Series | None:
        """In which rows a text looks wrong (`screen.word_tests`); None where none does."""
        found = [column.odd(batch[name]) for name, column in self._columns.items()]
        wrong = [rows for rows in found if rows is not None]
        return reduce(or_, wrong) if wrong else None


class _Column:
    """A column of texts, and which of them were found fine: what holds nothing new is only looked up in a set."""

    def __init__(self, c: Constraint) -> None:
        self._test = nw.any_horizontal(*word_tests(c), ignore_nulls=True).alias(c.column)
        self._name = c.column
        self._fine: set[Any] = set()
        self._repeats = True

    def odd(self, texts: pl.Series) -> pl.Series | None:
        """Which of these look wrong; None where none does."""
        if not self._repeats:
            return self._wrong(texts)
        different = texts.unique()
        if len(different) * _REPEATS > len(texts):
            self._repeats = len(texts) < _SAYING
            return self._wrong(texts)
        unknown = set(different.to_list()) - self._fine
        if not unknown:
            return None
        new = pl.Series(list(unknown), dtype=texts.dtype)
        wrong = self._wrong(new)
        if len(self._fine) + len(new) <= _FINE:
            self._fine |= unknown if wrong is None else set(new.filter(~wrong).to_list())
        return None if wrong is None else texts.is_in(new.filter(wrong).implode()).fill_null(value=False)

    def _wrong(self, texts: pl.Series) -> pl.Series | None:
        frame = nw.from_native(texts.cast(pl.String).alias(self._name).to_frame(), eager_only=True)
        wrong = frame.select(self._test).to_native().to_series().fill_null(value=False)
        return wrong if wrong.any() else None
