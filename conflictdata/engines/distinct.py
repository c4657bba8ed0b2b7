"""Texts that look wrong, found on polars by looking at each different text of a block once: names and codes repeat."""

from __future__ import annotations

import narwhals.stable.v1 as nw
import polars as pl

from conflictdata.engines.screen import word_tests
from conflictdata.schema.constraints import Constraint

_REPEATS = 8  # rows to a text, below which all rows are looked at, in all that follow
_SAYING = 10_000  # rows of a block, below which it says nothing of those that follow
_FINE = 10_000  # texts that are remembered as fine


def odd(c: Constraint, column: str) -> pl.Expr:
    """True where a text looks wrong (`screen.word_tests`).

    Args:
        c: what the texts may be.
        column: the column that holds them, or the numbers that they are.
    """
    return pl.col(column).map_batches(_Column(c).odd, return_dtype=pl.Boolean, is_elementwise=True)


class _Column:
    """A column of texts, and which of them were found fine."""

    def __init__(self, c: Constraint) -> None:
        self._test = nw.any_horizontal(*word_tests(c), ignore_nulls=True).alias(c.column)
        self._name = c.column
        self._fine: pl.Series | None = None
        self._repeats = True

    def odd(self, texts: pl.Series) -> pl.Series:
        """Which of these look wrong; the engine asks from several threads, which at worst remember less."""
        if not self._repeats:
            return self._tested(texts)
        different = texts.unique()
        if len(different) * _REPEATS > len(texts):
            self._repeats = len(texts) < _SAYING
            return self._tested(texts)
        fine = self._fine if self._fine is not None else different.clear()
        new = different.filter(~different.is_in(fine.implode())) if len(fine) else different
        wrong = self._tested(new) if len(new) else pl.Series(dtype=pl.Boolean)
        if len(new) and len(fine) + len(new) <= _FINE:
            self._fine = pl.concat([fine, new.filter(~wrong)])
        if not wrong.any():
            return pl.repeat(value=False, n=len(texts), dtype=pl.Boolean, eager=True)
        return texts.is_in(new.filter(wrong).implode()).fill_null(value=False)

    def _tested(self, texts: pl.Series) -> pl.Series:
        frame = nw.from_native(texts.cast(pl.String).alias(self._name).to_frame(), eager_only=True)
        return frame.select(self._test).to_native().to_series().fill_null(value=False)
