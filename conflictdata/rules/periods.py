"""Rules of spans of days outside claims and events: first day before last."""

from __future__ import annotations

import narwhals.stable.v1 as nw

from conflictdata.rules.base import Rule

_WHY = "A span that ends before it starts holds no day: everything that asks whether a day lies in it answers no."


def _make_order_rule(table: str, first: str, last: str, number: int) -> Rule:
    return Rule(
        id=f"{table}.days-in-order",
        number=number,
        table=table,
        severity="error",
        fields=(first, last),
        check=nw.col(first).is_null() | nw.col(last).is_null() | (nw.col(first) <= nw.col(last)),
        message=f"{first} is {{{first}}}, after {last}, {{{last}}}",
        hint="Exchange the two days, or correct the wrong one.",
        why=_WHY,
    )


RULES: tuple[Rule, ...] = (
    _make_order_rule("actors", "active_from", "active_to", 34),
    _make_order_rule("conflicts", "date_start", "date_end", 29),
    _make_order_rule("figures", "period_start", "period_end", 18),
)
