"""Rule 51: every change since the last release is in the diff. Counted once more, in another way than the diff counts."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from conflictdata.comparing import Diff
from conflictdata.comparing.model import KINDS

Tables = Mapping[str, pl.DataFrame]


def unsaid(changes: Diff, old: Tables, new: Tables) -> list[str]:
    """Tables of which the diff says fewer rows than differ; empty where it says all.

    Args:
        changes: the diff.
        old: the tables before.
        new: the tables now.
    """
    faults = []
    for table in sorted(old.keys() & new.keys()):
        counts = changes.counts.get(table) or dict.fromkeys(KINDS, 0)
        following = changes.rows[table].following if table in changes.rows else 0
        altered = counts["corrected"] + counts["replaced"] + following
        for what, one, other, own in (
            ("gone", old[table], new[table], counts["removed"]),
            ("new", new[table], old[table], counts["added"]),
        ):
            differ, said = _alone(one, other), altered + own
            if differ > said:
                faults.append(f"{differ:,} rows of {table} are {what}, and the diff says {said:,}")
    return faults


def _alone(one: pl.DataFrame, other: pl.DataFrame) -> int:
    """Rows that the other table has nowhere, whole as they are."""
    columns = [c for c in one.columns if c in other.columns]
    return one.join(other, on=columns, how="anti", nulls_equal=True).height
