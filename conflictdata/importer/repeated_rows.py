"""Rows of one key that differ: nothing shows which of them is the maker's."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import polars as pl

from conflictdata.datasets._helpers import ROW
from conflictdata.findings import Finding
from conflictdata.readers.normalize import drop_missing
from conflictdata.validation.dataset_files import MappedTable

_SHOWN = 4  # columns that a message names
_NUMBERS = ("count", "number")


def find_differing(
    given: MappedTable, key: Sequence[str], aside: Collection[str], bad: Collection[int]
) -> list[Finding]:
    """Find the rows that repeat the key of an earlier one and differ from it.

    Two rows differ if a number differs, or the text or day of a column that becomes part of a claim. Of a row that is left
    out for another reason only the numbers are compared: the day that cannot be read is a finding of its own.

    Args:
        given: the file in its types.
        key: the columns that name a row. They are filled in every row that is compared.
        aside: columns of text that become part of no claim.
        bad: rows that are left out for another reason.
    """
    if not set(key) <= set(given.names):
        return []
    joined = pl.concat_str([pl.col(c).cast(pl.String) for c in key], separator="|")
    keys = given.values.select(ROW, key=joined).drop_nulls("key")
    repeated = keys.filter(pl.col("key").is_duplicated())
    if repeated.is_empty():
        return []
    texts = _make_comparable(given, repeated[ROW].to_list(), [c for c in given.names if c not in {*key, *aside}])
    numbers = {c.column for c in given.columns if c.kind in _NUMBERS}
    first: dict[str, int] = {}
    found = []
    for row, name in repeated.iter_rows():
        earlier = first.setdefault(name, row)
        whole = not {row, earlier} & set(bad)
        differ = [c for c, a in texts[earlier].items() if a != texts[row][c] and (whole or c in numbers)]
        if differ:
            found.append(_make_finding(given, name, earlier, row, differ, texts))
    return found


def _make_comparable(given: MappedTable, rows: Sequence[int], columns: Sequence[str]) -> dict[int, dict[str, str]]:
    """Write the cells of each row as texts that are equal if the cells mean the same; unread cells as in the file."""
    of = {c.column: c for c in given.columns}
    written = given.sheet.frame.select(pl.col(given.names[c]).alias(c) for c in columns)[rows]
    as_written = written.select(drop_missing(given.table, of[c]).alias(f"written {c}") for c in columns)
    values = given.values.select(pl.col(c).cast(pl.String) for c in columns)[rows]
    both = pl.concat([values, as_written], how="horizontal")
    texts = (pl.coalesce(c, f"written {c}") for c in columns)
    plain = both.select(t.str.replace_all(r"\s+", " ").str.strip_chars().fill_null("") for t in texts)
    return dict(zip(rows, plain.to_dicts(), strict=True))


def _make_finding(
    given: MappedTable, key: str, earlier: int, row: int, differ: Sequence[str], texts: dict[int, dict[str, str]]
) -> Finding:
    rule = next(r for r in given.table.rules if r.id.endswith(("-unique", "-repeated")))
    at, before = (_say_where(given, r) for r in (row, earlier))
    pairs = [f"{c} is {texts[earlier][c] or 'empty'} and {texts[row][c] or 'empty'}" for c in differ[:_SHOWN]]
    more = f", and {len(differ) - _SHOWN} more columns differ" if len(differ) > _SHOWN else ""
    message = f"{before} and {at} are both {key} and differ: {', '.join(pairs)}{more}"
    value = given.get_text(row, differ[0])
    return Finding(
        rule.id, "error", message, rule.hint, given.table.name, key, tuple(differ), value, given.place(row, differ[0])
    )


def _say_where(given: MappedTable, row: int) -> str:
    line = given.sheet.place(row).line
    return f"line {line}" if line else f"row {row + 1}"
