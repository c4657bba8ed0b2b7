"""Which cells look wrong: one cheap test a cell, for all rows, that lets no wrong cell pass.

What is wrong with a cell, and in which words, is said by `check.cells`, which is asked about the rows that these tests
catch. A right cell that is caught costs a little time and is let go there; a wrong cell that is not caught would be lost.
The tests are narwhals expressions, the same on every engine.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from conflictdata.check.cells import FORMULA, HIDDEN, OUTER_SPACE
from conflictdata.schema.constraints import Constraint

if TYPE_CHECKING:
    import narwhals.stable.v1 as nw

TEXT_KINDS = frozenset({"id", "term", "text", "prose", "url"})
UNTIDY = f"{HIDDEN}|{OUTER_SPACE}"
UNTIDY_TEXT = f"{UNTIDY}|{FORMULA}"


def looks_broken(columns: Sequence[Constraint], is_text: frozenset[str]) -> nw.Expr:
    """True where any cell of a row looks wrong.

    Args:
        columns: what the columns may hold.
        is_text: the columns that the file holds as text. The others hold a type of their own.
    """
    import narwhals.stable.v1 as nw

    tests = [test for c in columns for test in _tests(c, read_from_text=c.column in is_text)]
    if not tests:
        return nw.lit(False)
    return nw.any_horizontal(*tests, ignore_nulls=True)


def _tests(c: Constraint, *, read_from_text: bool) -> list[nw.Expr]:
    import narwhals.stable.v1 as nw

    value = nw.col(c.column)
    found = [value.is_null()] if c.required else []
    if c.kind in TEXT_KINDS:
        return found + _text_tests(c)
    if not c.required:
        found += [value.is_null() & ~nw.col(f"raw:{c.column}").is_null()] if read_from_text else []
    return found + _range_tests(c)


def _text_tests(c: Constraint) -> list[nw.Expr]:
    import narwhals.stable.v1 as nw

    text = nw.col(c.column)
    if c.kind == "prose":
        return []
    if c.terms:
        return [~text.is_in(list(c.terms))]
    tests = [text.str.contains(UNTIDY_TEXT if c.kind == "text" else UNTIDY)]
    if c.longest:
        tests.append(text.str.len_chars() > c.longest)
    if c.pattern:
        tests.append(~text.str.contains(rf"^(?:{c.pattern})\z"))
    return tests


def _range_tests(c: Constraint) -> list[nw.Expr]:
    import narwhals.stable.v1 as nw

    value = nw.col(c.column)
    if c.low is None:
        return []
    low = nw.lit(_day(c.low)) if c.kind == "date" else c.low
    return [value < low] if c.high is None else [value < low, value > c.high]


def _day(text: object) -> dt.date:
    return dt.date.fromisoformat(str(text))
