"""Find rows with the same key that differ: nothing shows which one is right."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import polars as pl

from conflictdata.datasets._helpers import ROW
from conflictdata.findings import Finding
from conflictdata.readers.normalize import drop_missing
from conflictdata.validation.dataset_files import MappedTable

_SHOWN = 4  # most columns that a message names
_NUMBERS = ("count", "number")


def find_differing(
    mapped: MappedTable, key: Sequence[str], aside: Collection[str], bad: Collection[int]
) -> list[Finding]:
    """Find the rows that repeat the key of an earlier row and differ from it.

    Two rows differ if a number differs, or the text or day of a column that becomes part of a claim. If one of the rows
    is left out for another reason, only numbers are compared, because its unreadable day has its own finding.

    Args:
        mapped: The file, typed.
        key: Columns that identify a row. Rows with an empty key are not compared.
        aside: Text columns that become part of no claim.
        bad: Numbers of the rows that are left out for another reason.
    """
    if not set(key) <= set(mapped.names):
        return []
    joined = pl.concat_str([pl.col(c).cast(pl.String) for c in key], separator="|")
    keys = mapped.values.select(ROW, key=joined).drop_nulls("key")
    repeated = keys.filter(pl.col("key").is_duplicated())
    if repeated.is_empty():
        return []
    texts = _make_comparable(mapped, repeated[ROW].to_list(), [c for c in mapped.names if c not in {*key, *aside}])
    numbers = {c.column for c in mapped.columns if c.kind in _NUMBERS}
    first: dict[str, int] = {}
    findings = []
    for row, name in repeated.iter_rows():
        earlier = first.setdefault(name, row)
        whole = not {row, earlier} & set(bad)
        differ = [c for c, a in texts[earlier].items() if a != texts[row][c] and (whole or c in numbers)]
        if differ:
            findings.append(_make_finding(mapped, name, earlier, row, differ, texts))
    return findings


def _make_comparable(mapped: MappedTable, rows: Sequence[int], columns: Sequence[str]) -> dict[int, dict[str, str]]:
    """Return the cells of each row as texts that are equal if the cells are equal.

    Unreadable cells are compared as they are in the file.
    """
    columns_by_name = {c.column: c for c in mapped.columns}
    written = mapped.sheet.frame.select(pl.col(mapped.names[c]).alias(c) for c in columns)[rows]
    as_written = written.select(drop_missing(mapped.table, columns_by_name[c]).alias(f"written {c}") for c in columns)
    values = mapped.values.select(pl.col(c).cast(pl.String) for c in columns)[rows]
    both = pl.concat([values, as_written], how="horizontal")
    texts = (pl.coalesce(c, f"written {c}") for c in columns)
    plain = both.select(t.str.replace_all(r"\s+", " ").str.strip_chars().fill_null("") for t in texts)
    return dict(zip(rows, plain.to_dicts(), strict=True))


def _make_finding(
    mapped: MappedTable, key: str, earlier: int, row: int, differ: Sequence[str], texts: dict[int, dict[str, str]]
) -> Finding:
    rule = next(r for r in mapped.table.rules if r.id.endswith(("-unique", "-repeated")))
    place, earlier_place = (_format_place(mapped, r) for r in (row, earlier))
    pairs = [f"{c} is {texts[earlier][c] or 'empty'} and {texts[row][c] or 'empty'}" for c in differ[:_SHOWN]]
    more = f", and {len(differ) - _SHOWN} more columns differ" if len(differ) > _SHOWN else ""
    message = f"{earlier_place} and {place} are both {key} and differ: {', '.join(pairs)}{more}"
    value = mapped.get_text(row, differ[0])
    return Finding(
        rule.id,
        "error",
        message,
        rule.hint,
        mapped.table.name,
        key,
        tuple(differ),
        value,
        mapped.place(row, differ[:1]),
    )


def _format_place(mapped: MappedTable, row: int) -> str:
    line = mapped.sheet.place(row).line
    return f"line {line}" if line else f"row {row + 1}"
