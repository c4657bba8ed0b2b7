"""Rules of waivers, checked after the rules of the records."""

from __future__ import annotations

from conflictdata.rules.texts import Example, RuleText

_HINT = "Correct the waiver, or remove it."

TEXTS = (
    RuleText(
        id="flags.rule-exists",
        hint=_HINT,
        why="A waiver for a rule that does not exist hides nothing, and looks as if it did.",
        example=Example(
            "A waiver names a rule that there is",
            bad={
                "claim": "killed: {n: 9, by sex: {men: 5, women: 4}}",
                "waivers.yaml": """
                    - rule: figures.parts-cover-parents
                      record: paper-2024-06-02.1.killed
                      found: 8 for 9
                      reason: The page contradicts itself.
                      by: maintainers
                      on: 2024-06-20
                    """,
            },
            good={
                "claim": "killed: {n: 9, by sex: {men: 5, women: 3}}",
                "waivers.yaml": """
                    - rule: figures.parts-cover-parent
                      record: paper-2024-06-02.1.killed
                      found: 8 for 9
                      reason: The page contradicts itself.
                      by: maintainers
                      on: 2024-06-20
                    """,
            },
        ),
    ),
    RuleText(
        id="flags.record-exists",
        hint=_HINT,
        why="A waiver for a record that is gone would wait for a new one of that name.",
        example=Example(
            "A waiver names a record that there is",
            bad={
                "waivers.yaml": """
                    - rule: figures.parts-cover-parent
                      record: paper-2024-06-02.7.killed
                      reason: The page contradicts itself.
                      by: maintainers
                      on: 2024-06-20
                    """,
            },
            good={
                "claim": "killed: {n: 9, by sex: {men: 5, women: 3}}",
                "waivers.yaml": """
                    - rule: figures.parts-cover-parent
                      record: paper-2024-06-02.1.killed
                      found: 8 for 9
                      reason: The page contradicts itself.
                      by: maintainers
                      on: 2024-06-20
                    """,
            },
        ),
    ),
    RuleText(
        id="flags.waivable",
        hint=_HINT,
        why="Types, keys and integrity have no exceptions: software relies on them.",
        example=Example(
            "A waiver is for a rule that may be waived",
            bad={
                "claim": """
                    supersedes: paper-2024-06-01.1
                    event: 2024-06-01-raid
                    location: town
                    killed: 9
                    """,
                "waivers.yaml": """
                    - rule: claims.correction-has-reason
                      record: paper-2024-06-02.1
                      reason: The page gives none.
                      by: maintainers
                      on: 2024-06-20
                    """,
            },
            good={
                "claim": """
                    supersedes: paper-2024-06-01.1
                    reason: A ninth person died in hospital.
                    event: 2024-06-01-raid
                    location: town
                    killed: 9
                    """,
            },
            also=("claims.correction-has-reason",),
        ),
    ),
    RuleText(
        id="flags.used",
        hint=_HINT,
        why="A waiver that nothing needs would hide the next true fault.",
        example=Example(
            "A waiver covers a finding that is really there",
            bad={
                "claim": "killed: {n: 9, by sex: {men: 5, women: 4}}",
            },
            good={
                "claim": "killed: {n: 9, by sex: {men: 5, women: 3}}",
            },
            both={
                "waivers.yaml": """
                    - rule: figures.parts-cover-parent
                      record: paper-2024-06-02.1.killed
                      found: 8 for 9
                      reason: The page contradicts itself.
                      by: maintainers
                      on: 2024-06-20
                    """,
            },
        ),
    ),
    RuleText(
        id="flags.found-given",
        hint=_HINT,
        why="A waiver that does not say which values it covers would also cover the next slip in the same record.",
        example=Example(
            "A waiver says which values it covers",
            bad={
                "claim": "killed: {n: 9, by sex: {men: 5, women: 3}}",
                "waivers.yaml": """
                    - rule: figures.parts-cover-parent
                      record: paper-2024-06-02.1.killed
                      reason: The page contradicts itself.
                      by: maintainers
                      on: 2024-06-20
                    """,
            },
            good={
                "claim": "killed: {n: 9, by sex: {men: 5, women: 3}}",
                "waivers.yaml": """
                    - rule: figures.parts-cover-parent
                      record: paper-2024-06-02.1.killed
                      found: 8 for 9
                      reason: The page contradicts itself.
                      by: maintainers
                      on: 2024-06-20
                    """,
            },
        ),
    ),
    RuleText(
        id="flags.found-fits",
        hint=_HINT,
        why="Somebody compared these values with the page, and no others. With other values somebody has to look again.",
        example=Example(
            "A waiver covers the values that it was given for, and no others",
            bad={
                "claim": "killed: {n: 90, by sex: {men: 5, women: 3}}",
            },
            good={
                "claim": "killed: {n: 9, by sex: {men: 5, women: 3}}",
            },
            both={
                "waivers.yaml": """
                    - rule: figures.parts-cover-parent
                      record: paper-2024-06-02.1.killed
                      found: 8 for 9
                      reason: The page contradicts itself.
                      by: maintainers
                      on: 2024-06-20
                    """,
            },
            also=("figures.parts-cover-parent",),
        ),
    ),
)

WAIVER_RULES: dict[str, RuleText] = {text.id: text for text in TEXTS}
