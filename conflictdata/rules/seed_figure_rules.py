"""Rules of the grammar of seeds: claims and figures, checked while seeds are read."""

from __future__ import annotations

from conflictdata.rules.texts import Example, RuleText

TEXTS = (
    RuleText(
        id="seed.claim-number",
        hint="Number the claims of a page 1, 2, 3; a number never changes.",
        why="The number is a part of the claim's id.",
        example=Example(
            "Claims are numbered 1, 2, 3",
            bad={
                "claims": """
                    first:
                      claimant: observatory
                      during: 2024-06-01
                      as_of: 2024-06-01
                      location: town
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
                      killed: 8
                    """,
            },
        ),
    ),
    RuleText(
        id="seed.no-figures",
        hint="Add a figure, such as `killed: 8`.",
        why="A claim without a number says nothing that the data can hold.",
        example=Example(
            "A claim has a figure",
            bad={
                "claims": """
                    1:
                      claimant: observatory
                      during: 2024-06-01
                      as_of: 2024-06-01
                      location: town
                    """,
            },
            good={
                "claims": """
                    1:
                      claimant: observatory
                      during: 2024-06-01
                      as_of: 2024-06-01
                      location: town
                      killed: 8
                    """,
            },
        ),
    ),
    RuleText(
        id="seed.window",
        hint="Give one of `since:` (a running toll from that day on), `during:` (a day, or first/last), `event:`, `standing:` (a level on a day), `projected:`.",
        why="The window says what the number counts.",
        example=Example(
            "A claim has one window, or is about an event",
            bad={
                "claim": """
                    since: 2024-05-01
                    during: 2024-06-01
                    killed: 8
                    """,
            },
            good={
                "claim": """
                    since: 2024-05-01
                    killed: 8
                    """,
            },
        ),
    ),
    RuleText(
        id="seed.quantity",
        hint="Write a quantity as in docs/seeds-reference.md: 727, at least 727, 100 to 200, dozens, unstated.",
        why="A number that is not understood must not be guessed.",
        example=Example(
            "A quantity is written in one of the forms of the grammar",
            bad={
                "claim": "displaced: 48,000",
            },
            good={
                "claim": "displaced: about 48000",
            },
        ),
    ),
    RuleText(
        id="seed.name",
        hint="Use a group word, an actor, or give the group a label.",
        why="A typing error would make a new group.",
        example=Example(
            "A figure's name is a group word, an actor, or comes with words on who it is",
            bad={
                "claim": """
                    killed:
                      n: 8
                      including:
                        wedding_guests: 3
                    """,
            },
            good={
                "claim": """
                    killed:
                      n: 8
                      including:
                        wedding_guests: {n: 3, label: guests of a wedding}
                    """,
            },
        ),
    ),
    RuleText(
        id="seed.duplicate-name",
        hint="Give the two figures different names.",
        why="A figure's id is its path; two would be one.",
        example=Example(
            "Names under one figure differ, across its lists",
            bad={
                "claim": """
                    killed:
                      n: 8
                      including:
                        children: 2
                      besides:
                        children: 1
                    """,
            },
            good={
                "claim": """
                    killed:
                      n: 8
                      including:
                        children: 2
                      besides:
                        children_found_later: {n: 1, age: child}
                    """,
            },
        ),
    ),
    RuleText(
        id="seed.outcome",
        hint="Use an outcome and a unit of docs/seeds-reference.md.",
        why="A number must say what happened to whom.",
        example=Example(
            "An outcome and its unit are words of the vocabularies",
            bad={
                "claim": """
                    killed: 8
                    injured (treatments): 20
                    """,
            },
            good={
                "claim": """
                    killed: 8
                    injured (cases): 20
                    """,
            },
        ),
    ),
)
