"""Whole numbers of a CSV as its reader reads them, which is fast and lenient, and the proof that none was written otherwise.

A reader takes `012`, `+5`, ` 5` and `-0` for the numbers that they look like. Each of these is longer than the number in its one form. So
if all cells of a file in their one form, with commas and line ends, take just as many bytes as the file has, every number was in
that form. Where the file is heavier, it is read once more, as text.
"""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from conflictdata.schema.quantities import LARGEST_COUNT
from conflictdata.validation.plan import Plan
from conflictdata.validation.scan.base import EXTRA, ReadError, name_raw_column
from conflictdata.validation.scan.files import Part


def typed(part: Part, plan: Plan) -> Part:
    """Return a CSV whose whole numbers are read as such; unchanged if it has columns that the plan does not look at."""
    kinds = {c.column: c.kind for c in plan.columns}
    if not set(part.columns) <= set(kinds):
        return part
    counts = frozenset(column for column in part.columns if kinds[column] == "count")
    return replace(part, typed=counts, is_text=part.is_text - counts)


def body(part: Part) -> int:
    """Return the bytes of a CSV after its header, with the end of its last line."""
    with part.path.open("rb") as file:
        head = sum(len(file.readline()) for _ in range(part.skipped))
        size = part.path.stat().st_size
        file.seek(max(head, size - 1))
        ended = file.read(1) in (b"\n", b"")
    return size - head + (0 if ended else len(_ending(part)))


def _ending(part: Part) -> bytes:
    with part.path.open("rb") as file:
        return b"\r\n" if file.readline().endswith(b"\r\n") else b"\n"


def weight(batch: pl.DataFrame, part: Part) -> int:
    """Return the bytes that some rows take as they were understood.

    Raises:
        Unreadable: a number is larger than any that is read from text.
    """
    size = batch.height * (len(part.columns) - 1 + len(_ending(part)))
    texts = [
        name_raw_column(c) if name_raw_column(c) in batch.columns else c for c in part.columns if c not in part.typed
    ]
    if EXTRA in batch.columns:
        texts.append(EXTRA)
    size += sum(int(batch[name].str.len_bytes().sum()) for name in texts)
    return size + sum(_digits(batch[name]) for name in part.columns if name in part.typed)


def _digits(numbers: pl.Series) -> int:
    """The digits and signs of whole numbers."""
    known = numbers.drop_nulls() if numbers.null_count() else numbers
    if not len(known):
        return 0
    least, most = int(known.min()), int(known.max())  # type: ignore[arg-type]
    if max(-least, most) > LARGEST_COUNT:
        raise ReadError("a number of more than 18 digits")
    size = len(known)
    if least < 0:
        size += int((known < 0).sum())
        known = known.abs()
    power = 10
    while power <= max(-least, most):
        size += int((known >= power).sum())
        power *= 10
    return size
