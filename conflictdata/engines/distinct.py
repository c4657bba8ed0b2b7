"""Texts that look wrong, and rules that are dear, on polars: each different text or row of a block is looked at once."""

from __future__ import annotations

from typing import Any, cast

import narwhals.stable.v1 as nw
import polars as pl

from conflictdata.engines.screen import word_tests
from conflictdata.schema.constraints import Constraint
from conflictdata.schema.rules.base import VERDICT, Rule

_REPEATS = 8  # rows to a text, below which all rows are looked at, in all that follow
_AGREE = 2  # the same for the rows that a rule reads, below which it is asked of all
_SAYING = 10_000  # rows of a block, below which it says nothing of those that follow
_FINE = 10_000  # texts that are remembered as fine


def odd(c: Constraint, column: str) -> pl.Expr:
    """True where a text looks wrong (`screen.word_tests`).

    Args:
        c: what the texts may be.
        column: the column that holds them, or the numbers that they are.
    """
    return pl.col(column).map_batches(_Column(c).odd, return_dtype=pl.Boolean, is_elementwise=True)


def verdicts(rule: Rule) -> pl.Expr:
    """What a row rule says whose rows repeat (`Rule.repeats`)."""
    return pl.struct(rule.fields).map_batches(_Rows(rule).verdicts, return_dtype=pl.Boolean, is_elementwise=True)


class _Rows:
    """A rule, and what it said of the rows that it was asked about: to be asked at all takes some milliseconds."""

    def __init__(self, rule: Rule) -> None:
        self._check = cast("nw.Expr", rule.check).alias(VERDICT)
        self._said: dict[tuple[Any, ...], bool | None] = {}

    def verdicts(self, cells: pl.Series) -> pl.Series:
        """What it says of each row of a block; the engine asks from several threads, which at worst remember less."""
        rows = cells.struct.unnest()
        different = rows.unique()
        if len(different) * _AGREE > len(rows):
            return self._asked(rows)
        said, each = self._said, different.rows()
        if unknown := [row for row in each if row not in said]:
            new = pl.DataFrame(unknown, schema=rows.schema, orient="row")
            said = {**said, **dict(zip(unknown, self._asked(new).to_list(), strict=True))}
            self._said = said if len(said) <= _FINE else self._said
        true = pl.repeat(value=True, n=len(rows), dtype=pl.Boolean, eager=True)
        first = [row[0] for row in each if said[row] is not True]
        if not first:
            return true
        # No cell is NaN, which would equal no other: what is not finite is read as missing.
        at = rows.to_series().is_in(pl.Series(first, dtype=rows.dtypes[0]).implode(), nulls_equal=True).arg_true()
        return true.scatter(at, pl.Series([said[row] for row in rows[at].rows()], dtype=pl.Boolean))

    def _asked(self, rows: pl.DataFrame) -> pl.Series:
        return nw.from_native(rows, eager_only=True).select(self._check).to_native().to_series()


class _Column:
    """A column of texts, and which of them were found fine.

    What polars does to one series by way of an expression takes a tenth of a millisecond and more, which is much for a block
    of a few thousand rows that holds nothing new: such a block is only looked up in a set.
    """

    def __init__(self, c: Constraint) -> None:
        self._test = nw.any_horizontal(*word_tests(c), ignore_nulls=True).alias(c.column)
        self._name = c.column
        self._fine: frozenset[Any] = frozenset()
        self._none = pl.Series(dtype=pl.Boolean)  # false, as often as the longest block has rows
        self._repeats = True

    def odd(self, texts: pl.Series) -> pl.Series:
        """Which of these look wrong; the engine asks from several threads, which at worst remember less."""
        if not self._repeats:
            return self._tested(texts)
        different = texts.unique()
        if len(different) * _REPEATS > len(texts):
            self._repeats = len(texts) < _SAYING
            return self._tested(texts)
        unknown = set(different.to_list()) - self._fine
        if not unknown:
            return self._nowhere(len(texts))
        new = pl.Series(list(unknown), dtype=texts.dtype)
        wrong = self._tested(new)
        if len(self._fine) + len(new) <= _FINE:
            self._fine |= set(new.filter(~wrong).to_list())
        if not wrong.any():
            return self._nowhere(len(texts))
        return texts.is_in(new.filter(wrong).implode()).fill_null(value=False)

    def _nowhere(self, rows: int) -> pl.Series:
        """False in each of so many rows."""
        none = self._none
        if len(none) < rows:
            self._none = none = pl.repeat(value=False, n=rows, dtype=pl.Boolean, eager=True)
        return none.head(rows)

    def _tested(self, texts: pl.Series) -> pl.Series:
        frame = nw.from_native(texts.cast(pl.String).alias(self._name).to_frame(), eager_only=True)
        return frame.select(self._test).to_native().to_series().fill_null(value=False)
