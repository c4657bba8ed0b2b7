"""Following a column that names another record of the same table: chains that must end."""

from __future__ import annotations

import narwhals.stable.v1 as nw

from conflictdata.rules._helpers import Lazy, is_filled
from conflictdata.rules.base import VERDICT


def _select_links(frame: Lazy, key: str, parent: str) -> Lazy:
    # A key that stands twice is another rule's finding; here it must not double the rows.
    named = frame.select(at=nw.col(key), above=nw.col(parent)).filter(is_filled("at") & is_filled("above"))
    return named.group_by("at").agg(nw.col("above").min())


def _choose_first(one: str, other: str) -> nw.Expr:
    return nw.when(nw.col(other) < nw.col(one)).then(nw.col(other)).otherwise(nw.col(one))


def _walk_up(walk: Lazy, links: Lazy) -> Lazy:
    """One step up: `at` moves to the record above and is null at the end; a chain that has closed stays."""
    on = walk.join(links, on="at", how="left")
    closed = nw.col("closed") | (nw.col("above") == nw.col("start")).fill_null(False)
    longer = nw.concat_str([nw.col("path"), nw.col("above")], separator=" > ")
    path = nw.when(~nw.col("closed") & is_filled("above")).then(longer).otherwise(nw.col("path"))
    at = nw.when(nw.col("closed")).then(nw.col("at")).otherwise(nw.col("above"))
    lower = ~nw.col("closed") & (nw.col("above") < nw.col("least")).fill_null(False)
    least = nw.when(lower).then(nw.col("above")).otherwise(nw.col("least"))
    return on.select("start", at=at, path=path, closed=closed, least=least)


def check_chains(frame: Lazy, key: str, parent: str, steps: int) -> Lazy:
    """Each record that names another one: does its chain end within so many steps?

    Args:
        frame: the table.
        key: its key.
        parent: the column that names another record of it.
        steps: how long a chain may be.

    Returns:
        `key`, `path` (`a > b > a`) and the verdict: false once for each circle, at the first of its keys, and where the
        chain is too long; null for the others of the circle and for whatever merely leads into it.
    """
    links = _select_links(frame, key, parent)
    first = nw.concat_str([nw.col("at"), nw.col("above")], separator=" > ")
    walk = links.select(
        start="at", at="above", path=first, closed=nw.col("at") == nw.col("above"), least=_choose_first("at", "above")
    )
    for _ in range(steps):
        walk = _walk_up(walk, links)
    circle = walk.filter(nw.col("closed")).select(at="start", circular=nw.lit(True))
    verdict = (
        nw.when(nw.col("closed") & (nw.col("start") == nw.col("least"))).then(nw.lit(False))
        .when(~nw.col("closed") & ~is_filled("circular")).then(~is_filled("at"))
    )  # fmt: skip
    return walk.join(circle, on="at", how="left").select(nw.col("start").alias(key), "path", verdict.alias(VERDICT))
