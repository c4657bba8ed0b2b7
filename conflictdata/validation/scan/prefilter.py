"""Which cells look wrong: one cheap test a cell, for all rows, that lets no wrong cell pass.

What is wrong with a cell, and in which words, is said by `validation.cells`, which is asked about the rows that these tests
catch. A right cell that is caught costs a little time and is let go there; a wrong cell that is not caught would be lost.
The tests are narwhals expressions, the same on every engine.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from conflictdata.schema.cell_forms import FORMULA, HIDDEN, MIXED_SCRIPTS, OUTER_SPACE
from conflictdata.schema.columns import Constraint

if TYPE_CHECKING:
    import narwhals.stable.v1 as nw

TEXT_KINDS = frozenset({"id", "term", "text", "prose", "url"})
UNTIDY = f"{HIDDEN}|{OUTER_SPACE}"
UNTIDY_TEXT = f"{UNTIDY}|{FORMULA}|{MIXED_SCRIPTS}"


def flag_suspicious_cells(columns: Sequence[Constraint], is_text: frozenset[str], *, texts: bool = True) -> nw.Expr:
    """Return an expression: true where any cell of a row looks wrong.

    Args:
        columns: what the columns may hold.
        is_text: the columns that the file holds as text. The others hold a type of their own.
        texts: whether texts are looked at; false where the engine does so by itself (`make_text_tests`).
    """
    import narwhals.stable.v1 as nw

    tests = [test for c in columns for test in _make_tests(c, read_from_text=c.column in is_text)]
    tests += [test for c in columns for test in make_text_tests(c)] if texts else []
    if not tests:
        return nw.lit(False)
    return nw.any_horizontal(*tests, ignore_nulls=True)


def _make_tests(c: Constraint, *, read_from_text: bool) -> list[nw.Expr]:
    import narwhals.stable.v1 as nw

    value = nw.col(c.column)
    found = [value.is_null()] if c.required else []
    if c.kind in TEXT_KINDS:
        return found
    if not c.required:
        found += [value.is_null() & ~nw.col(f"raw:{c.column}").is_null()] if read_from_text else []
    return found + _make_range_tests(c)


def make_text_tests(c: Constraint, *, guarded: bool = False) -> list[nw.Expr]:
    """Return the tests of a text, each true where it looks wrong; none for a column that holds none, or prose.

    Args:
        c: what the column may hold.
        guarded: whether the pattern for untidy texts is asked only where a cheap test says that it may match: for Java,
            whose patterns take some microseconds.
    """
    import narwhals.stable.v1 as nw

    text = nw.col(c.column)
    if c.kind not in TEXT_KINDS or c.kind == "prose":
        return []
    if c.terms:
        return [~text.is_in(list(c.terms))]
    pattern = UNTIDY_TEXT if c.kind == "text" else UNTIDY
    untidy = text.str.contains(pattern)
    tests = [_is_unusual(text) & untidy if guarded else untidy]
    if c.longest:
        tests.append(text.str.len_chars() > c.longest)
    if c.pattern:
        tests.append(~text.str.contains(rf"^(?:{c.pattern})\z"))
    return tests


def _is_unusual(text: nw.Expr) -> nw.Expr:
    """True where a text may be untidy: it has more than printable ASCII, or begins or ends with what it should not."""
    import narwhals.stable.v1 as nw

    edges = [text.str.starts_with(sign) for sign in " =+-@"]
    return nw.any_horizontal(text.str.contains("[^ -~]"), text.str.ends_with(" "), *edges, ignore_nulls=False)


def _make_range_tests(c: Constraint) -> list[nw.Expr]:
    import narwhals.stable.v1 as nw

    value = nw.col(c.column)
    if c.low is None:
        return []
    low = nw.lit(_parse_day(c.low)) if c.kind == "date" else c.low
    return [value < low] if c.high is None else [value < low, value > c.high]


def _parse_day(text: object) -> dt.date:
    return dt.date.fromisoformat(str(text))
