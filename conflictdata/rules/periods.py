"""Rules of spans of days outside claims and events: first day before last."""

from __future__ import annotations

import narwhals.stable.v1 as nw

from conflictdata.rules.base import Example, Rule, rule

_WHY = "A span that ends before it starts holds no day: everything that asks whether a day lies in it answers no."


def _make_order_rule(table: str, first: str, last: str) -> Rule:
    return rule(
        f"{table}.days-in-order",
        "error",
        (first, last),
        message=f"{first} is {{{first}}}, after {last}, {{{last}}}",
        hint="Exchange the two days, or correct the wrong one.",
        why=_WHY,
        example=_EXAMPLES[f"{table}.days-in-order"],
    )(nw.col(first).is_null() | nw.col(last).is_null() | (nw.col(first) <= nw.col(last)))


_EXAMPLES = {
    "actors.days-in-order": Example(
        "An actor begins to exist before it ends",
        bad={
            "actors": """
                actor_id,name,kind,country,parent_id,active_from,active_to,wikidata,ucdp_id,note
                hts,Hayat Tahrir al-Sham,armed_group,SYR,,2025-01-29,2017-01-28,,,
                """,
        },
        good={
            "actors": """
                actor_id,name,kind,country,parent_id,active_from,active_to,wikidata,ucdp_id,note
                hts,Hayat Tahrir al-Sham,armed_group,SYR,,2017-01-28,2025-01-29,,,
                """,
        },
    ),
    "conflicts.days-in-order": Example(
        "A conflict begins before it ends",
        bad={
            "conflicts": """
                conflict_id,name,date_start,date_end,countries,ucdp_id,wikidata
                border_war,A border war,2024-12-08,2024-01-01,SYR LBN,,
                """,
        },
        good={
            "conflicts": """
                conflict_id,name,date_start,date_end,countries,ucdp_id,wikidata
                border_war,A border war,2024-01-01,2024-12-08,SYR LBN,,
                """,
        },
    ),
    "figures.days-in-order": Example(
        "The window of a figure starts before it ends",
        bad={
            "claim": """
                during: 2024-05-27/2024-06-02
                killed:
                  n: 8
                  including:
                    first_days: {n: 3, during: 2024-05-29/2024-05-27}
                """,
        },
        good={
            "claim": """
                during: 2024-05-27/2024-06-02
                killed:
                  n: 8
                  including:
                    first_days: {n: 3, during: 2024-05-27/2024-05-29}
                """,
        },
    ),
}


RULES: tuple[Rule, ...] = (
    _make_order_rule("actors", "active_from", "active_to"),
    _make_order_rule("conflicts", "date_start", "date_end"),
    _make_order_rule("figures", "period_start", "period_end"),
)
