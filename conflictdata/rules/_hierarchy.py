"""Chains of records that name another record of the same table, and must end."""

from __future__ import annotations

import narwhals.stable.v1 as nw

from conflictdata.rules._helpers import Lazy
from conflictdata.rules.base import VERDICT
from conflictdata.schema.quantities import is_filled


def _select_links(frame: Lazy, key: str, parent: str) -> Lazy:
    # Another rule reports duplicate keys. Here they must not multiply the rows.
    named = frame.select(at=nw.col(key), above=nw.col(parent)).filter(is_filled("at") & is_filled("above"))
    return named.group_by("at").agg(nw.col("above").min())


def _choose_first(one: str, other: str) -> nw.Expr:
    return nw.when(nw.col(other) < nw.col(one)).then(nw.col(other)).otherwise(nw.col(one))


def _walk_up(walk: Lazy, links: Lazy) -> Lazy:
    """Take one step up: `at` moves to the next record, or to null at the end.

    A chain that has returned to its start does not move.
    """
    on = walk.join(links, on="at", how="left")
    closed = nw.col("closed") | (nw.col("above") == nw.col("start")).fill_null(False)
    longer = nw.concat_str([nw.col("path"), nw.col("above")], separator=" > ")
    path = nw.when(~nw.col("closed") & is_filled("above")).then(longer).otherwise(nw.col("path"))
    at = nw.when(nw.col("closed")).then(nw.col("at")).otherwise(nw.col("above"))
    # Once it is closed, it has passed every record of its circle.
    lower = (nw.col("above") < nw.col("least")).fill_null(False)
    least = nw.when(lower).then(nw.col("above")).otherwise(nw.col("least"))
    return on.select("start", at=at, path=path, closed=closed, least=least)


def check_chains(frame: Lazy, key: str, parent: str, steps: int) -> Lazy:
    """Check whether the chain of each record ends within a number of steps.

    Args:
        frame: The table.
        key: Its key column.
        parent: The column that names another record of the table.
        steps: Maximum length of a chain.

    Returns:
        Columns `key`, `path` (`a > b > a`) and the verdict. The verdict is false for the smallest key of each
        cycle, and for chains that are too long. It is null for the other records of a cycle, and for chains that
        lead into it.
    """
    links = _select_links(frame, key, parent).collect().lazy()
    first = nw.concat_str([nw.col("at"), nw.col("above")], separator=" > ")
    walk = links.select(
        start="at", at="above", path=first, closed=nw.col("at") == nw.col("above"), least=_choose_first("at", "above")
    )
    for _ in range(steps):
        walked = _walk_up(walk, links).collect()
        walk = walked.lazy()
        if not len(walked.filter(is_filled("at") & ~nw.col("closed"))):
            break  # every chain has ended or returned to its start
    circle = walk.filter(nw.col("closed")).select(at="start", circular=nw.lit(True))
    verdict = (
        nw.when(nw.col("closed") & (nw.col("start") == nw.col("least"))).then(nw.lit(False))
        .when(~is_filled("circular")).then(~is_filled("at"))
    )  # fmt: skip
    return walk.join(circle, on="at", how="left").select(nw.col("start").alias(key), "path", verdict.alias(VERDICT))
