"""Rules of what belongs to a claim: its page, its figures, its perpetrators and its links."""

from __future__ import annotations

import narwhals.stable.v1 as nw

from conflictdata.rules._helpers import Lazy
from conflictdata.rules.base import VERDICT, Example, Frames, rule
from conflictdata.schema.quantities import is_filled


def _count_named(rows: Lazy, column: str, name: str) -> Lazy:
    """Return the claims that have rows with this column filled, and how many."""
    # As text: pandas would turn 1 into 1.0 if a join leaves some claims without a number.
    counted = rows.filter(is_filled("claim_id") & is_filled(column)).group_by("claim_id").agg(rows=nw.len())
    return counted.select("claim_id", nw.col("rows").cast(nw.String).alias(name))


def _join_perpetrators(frames: Frames) -> Lazy:
    """Return claims with the numbers of perpetrators, and of figures with one."""
    named = _count_named(frames["claim_perpetrators"], "actor_id", "named")
    on_figures = _count_named(frames["figures"], "perpetrator_id", "on_figures")
    claims = frames["claims"].select("claim_id", "perpetrator_certainty")
    return claims.join(named, on="claim_id", how="left").join(on_figures, on="claim_id", how="left")


@rule(
    "claims.has-figures",
    "error",
    ("claim_id",),
    message="the claim {claim_id} has no figure",
    hint="Add its numbers under an outcome (`killed:`); a statement without any number belongs to an event (`said:`).",
    why="A claim says how many people were hit. Without a figure it says nothing that the data could hold.",
    requires_tables=("figures",),
    example=Example(
        "A claim has a figure",
        bad={
            "claims.csv": """
                claim_id,claimant_id
                paper-2024-06-02.1,observatory
                paper-2024-06-02.2,ministry
                """,
            "figures.csv": """
                figure_id,claim_id,outcome,qualifier,low,best,high
                paper-2024-06-02.1.killed,paper-2024-06-02.1,killed,exact,8,8,8
                """,
        },
        good={
            "claims.csv": """
                claim_id,claimant_id
                paper-2024-06-02.1,observatory
                paper-2024-06-02.2,ministry
                """,
            "figures.csv": """
                figure_id,claim_id,outcome,qualifier,low,best,high
                paper-2024-06-02.1.killed,paper-2024-06-02.1,killed,exact,8,8,8
                paper-2024-06-02.2.killed,paper-2024-06-02.2,killed,exact,9,9,9
                """,
        },
    ),
)
def _check_has_figures(frames: Frames) -> Lazy:
    counted = frames["figures"].filter(is_filled("claim_id")).group_by("claim_id").agg(figures=nw.len())
    claims = frames["claims"].select("claim_id").join(counted, on="claim_id", how="left")
    return claims.with_columns(is_filled("figures").alias(VERDICT))


@rule(
    "claims.perpetrator-has-certainty",
    "error",
    ("perpetrator_certainty",),
    message="perpetrators named: {named}, and perpetrator_certainty is empty",
    hint="Say how firmly they are named: stated, alleged, disputed, denied or undetermined.",
    why="Who did it is always somebody's word. Without the degree of certainty an accusation reads as a fact.",
    requires_tables=("claim_perpetrators", "figures"),
    example=Example(
        "A named perpetrator has a certainty",
        bad={
            "claims.csv": """
                claim_id,perpetrator_certainty
                paper-2024-06-02.1,
                """,
        },
        good={
            "claims.csv": """
                claim_id,perpetrator_certainty
                paper-2024-06-02.1,stated
                """,
        },
        both={
            "claim_perpetrators.csv": """
                claim_id,actor_id
                paper-2024-06-02.1,rebels
                """,
            "figures.csv": """
                figure_id,claim_id,outcome,qualifier,low,best,high
                paper-2024-06-02.1.killed,paper-2024-06-02.1,killed,exact,8,8,8
                """,
        },
    ),
)
def _check_perpetrator_certainty(frames: Frames) -> Lazy:
    claims = _join_perpetrators(frames).filter(is_filled("named"))
    return claims.with_columns(is_filled("perpetrator_certainty").alias(VERDICT))


@rule(
    "claims.certainty-has-perpetrator",
    "warning",
    ("perpetrator_certainty",),
    message="perpetrator_certainty is {perpetrator_certainty}, and no perpetrator is named",
    hint="Name the perpetrator, or leave the certainty empty.",
    why=(
        "A certainty without a party is a name that got lost on the way, or a word too much. A reader who selects the "
        "claims that accuse somebody finds this one, and nobody in it."
    ),
    requires_tables=("claim_perpetrators", "figures"),
    waivable=True,
    found="{perpetrator_certainty}, nobody named",
    example=Example(
        "A certainty has a named perpetrator",
        bad={
            "claim": """
                certainty: alleged
                killed: 8
                """,
        },
        good={
            "claim": """
                perpetrator: rebels
                certainty: alleged
                killed: 8
                """,
        },
    ),
)
def _check_certainty_perpetrator(frames: Frames) -> Lazy:
    # Disputed and undetermined attributions need no perpetrator.
    firm = nw.col("perpetrator_certainty").is_in(["stated", "alleged", "denied"])
    claims = _join_perpetrators(frames).filter(firm)
    return claims.with_columns((is_filled("named") | is_filled("on_figures")).alias(VERDICT))


@rule(
    "claims.id-is-page",
    "error",
    ("claim_id", "source_id"),
    message="the claim {claim_id} says that it is on the page {source_id}",
    hint="A claim's id is <source id>.<number>: correct the one or the other.",
    why="The id carries the page, and people quote ids. An id that names another page sends them to the wrong source.",
    example=Example(
        "A claim's id is its page's id and a number",
        bad={
            "claims.csv": """
                claim_id,source_id
                paper-2024-06-02.1,paper-2024-06-01
                """,
        },
        good={
            "claims.csv": """
                claim_id,source_id
                paper-2024-06-02.1,paper-2024-06-02
                """,
        },
    ),
)
def _check_id_is_page() -> nw.Expr:
    return nw.col("claim_id").str.replace_all(r"\.[0-9]+$", "") == nw.col("source_id")


@rule(
    "claim_links.two-claims",
    "error",
    ("other_id", "claim_id"),
    message="the claim {claim_id} is linked ({kind}) to itself",
    hint="Name the other claim, or delete the link.",
    why="A claim that contradicts or contains itself says nothing; the claim that was meant stays unlinked.",
    example=Example(
        "A link leads from one claim to another",
        bad={
            "claims": """
                1:
                  claimant: observatory
                  during: 2024-06-01
                  as_of: 2024-06-01
                  location: town
                  conflicts_with: paper-2024-06-02.1
                  killed: 8
                """,
        },
        good={
            "claims": """
                1:
                  claimant: observatory
                  during: 2024-06-01
                  as_of: 2024-06-01
                  location: town
                  conflicts_with: paper-2024-06-01.1
                  killed: 8
                """,
        },
    ),
)
def _check_two_claims() -> nw.Expr:
    return nw.col("claim_id") != nw.col("other_id")
