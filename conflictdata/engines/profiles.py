"""The plans of other people's datasets: what a profile says of a table, for the engines."""

from __future__ import annotations

import datetime as dt
from functools import partial

from conflictdata.engines.plan import Plan
from conflictdata.feeds.profile import FeedTable

KEY_RULE = "id-unique"  # how the rule is named that a key stands once


def plan_of_feed(table: FeedTable, released_on: dt.date) -> Plan:
    """The plan of a table of a profile.

    Args:
        table: the table.
        released_on: the day up to which things may have happened.
    """
    import polars as pl

    from conflictdata.feeds.readings import canonical

    once = next((r for r in table.rules if r.id == f"{table.name}.{KEY_RULE}" and r.fields == table.key), None)
    return Plan(
        table.name, table.columns, table.key,
        rules=tuple(rule for rule in table.rules if rule is not once),
        partial=True, own_names=table.canonical, canonical=partial(canonical, table),
        always=table.has_own_texts, key_rule=once, is_unique=once is not None,
        frames={"release": pl.DataFrame({"released_on": [released_on]}, schema={"released_on": pl.Date})},
    )  # fmt: skip
