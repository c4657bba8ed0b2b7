"""Rules of the reasons for corrections and retractions."""

from __future__ import annotations

import narwhals.stable.v1 as nw

from conflictdata.rules.base import Example, rule
from conflictdata.schema.quantities import is_filled

_WHY_REASON = (
    "Readers who used the old number must be able to see why it no longer holds. A number that changes or vanishes without "
    "a word is the first thing that doubters of the data point at."
)


@rule(
    "claims.correction-has-reason",
    "error",
    ("revision_reason", "supersedes"),
    message="the claim corrects {supersedes}, and revision_reason is empty",
    hint="Say under `reason:` why the number was corrected.",
    why=_WHY_REASON,
    after=("claims.supersedes-window",),
    example=Example(
        "A correction says why",
        bad={
            "claim": """
                event: 2024-06-01-raid
                location: town
                supersedes: paper-2024-06-01.1
                killed: 9
                """,
        },
        good={
            "claim": """
                event: 2024-06-01-raid
                location: town
                supersedes: paper-2024-06-01.1
                reason: A ninth person died in hospital.
                killed: 9
                """,
        },
    ),
)
def _check_correction_has_reason() -> nw.Expr:
    return nw.col("supersedes").is_null() | is_filled("revision_reason")


@rule(
    "claims.retraction-has-reason",
    "error",
    ("revision_reason", "status"),
    message="the claim is retracted, and revision_reason is empty",
    hint="Say under `reason:` who took it back, and how.",
    why=_WHY_REASON,
    example=Example(
        "A retraction says why",
        bad={
            "claim": """
                status: retracted
                killed: 8
                """,
        },
        good={
            "claim": """
                status: retracted
                reason: The paper took the number back on 2024-06-04.
                killed: 8
                """,
        },
    ),
)
def _check_retraction_has_reason() -> nw.Expr:
    return (nw.col("status") != "retracted") | is_filled("revision_reason")
