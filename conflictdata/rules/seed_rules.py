"""Rules of the grammar of seeds: files, keys and ids, checked while seeds are read."""

from __future__ import annotations

from conflictdata.rules.texts import Example, RuleText

TEXTS = (
    RuleText(
        id="seed.shape",
        hint="Compare the place with docs/seeds-reference.md.",
        why="The reader expects another form here.",
        example=Example(
            "A key holds what the grammar has there, a value or a block",
            bad={
                "claim": """
                    killed:
                      - civilians: 5
                      - soldiers: 3
                    """,
            },
            good={
                "claim": """
                    killed:
                      n: 8
                      by party:
                        civilians: 5
                        soldiers: 3
                    """,
            },
        ),
    ),
    RuleText(
        id="seed.unknown-key",
        hint="See docs/seeds-reference.md for the keys.",
        why="A key that is not known is most often a slip, and what it holds would be lost.",
        example=Example(
            "Every key is one of the grammar",
            bad={
                "claim": "killed: {n: 8, include: {children: 2}}",
            },
            good={
                "claim": "killed: {n: 8, including: {children: 2}}",
            },
        ),
    ),
    RuleText(
        id="seed.missing-key",
        hint="Add the key.",
        why="The record is not complete without it.",
        example=Example(
            "A page, a claim and an event have the keys that they need",
            bad={
                "claims": """
                    1:
                      claimant: observatory
                      during: 2024-06-01
                      as_of: 2024-06-01
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
        id="seed.empty-value",
        hint="Fill it in, or remove the key where it need not be there.",
        why="An empty value is neither silence nor zero.",
        example=Example(
            "A key has a value",
            bad={
                "claim": """
                    via:
                    killed: 8
                    """,
            },
            good={
                "claim": "killed: 8",
            },
        ),
    ),
    RuleText(
        id="seed.todo",
        hint="Fill in what the page says. Where it says nothing, delete the line, unless docs/seeds-reference.md asks for it.",
        why="A scaffold marks with TODO what only a reader of the page can decide; a TODO is not data.",
        example=Example(
            "What a scaffold leaves open is filled in",
            bad={
                "claim": """
                    via: TODO
                    killed: 8
                    """,
            },
            good={
                "claim": """
                    via: agency
                    killed: 8
                    """,
            },
        ),
    ),
    RuleText(
        id="seed.file-name",
        hint="Rename the file to <publisher>-<published>.yaml, in small letters (a second page of one day: -2).",
        why="The file's name is the source's id.",
        example=Example(
            "The file's name is the page's id, publisher and day",
            bad={
                "sources/war/Paper 3 June.yaml": """
                    publisher: paper
                    url: https://example.org/news/3
                    published: 2024-06-03
                    language: en
                    access: full_text
                    """,
            },
            good={
                "sources/war/paper-2024-06-03.yaml": """
                    publisher: paper
                    url: https://example.org/news/3
                    published: 2024-06-03
                    language: en
                    access: full_text
                    claims:
                      1:
                        claimant: observatory
                        during: 2024-06-02
                        as_of: 2024-06-02
                        location: town
                        killed: 8
                    """,
            },
        ),
    ),
    RuleText(
        id="seed.duplicate-source",
        hint="Give the second page of a day the ending -2.",
        why="Two files would write the same claims' ids.",
        example=Example(
            "No two files have one name, whatever their folders",
            bad={
                "page": "url: https://example.org/news/2",
                "sources/war_of_1998/paper-2024-06-02.yaml": """
                    publisher: paper
                    url: https://example.org/news/2b
                    published: 2024-06-02
                    language: en
                    access: full_text
                    """,
            },
            good={
                "page": "url: https://example.org/news/2",
                "sources/war/paper-2024-06-02-2.yaml": """
                    publisher: paper
                    url: https://example.org/news/2b
                    published: 2024-06-02
                    language: en
                    access: full_text
                    claims:
                      1:
                        claimant: observatory
                        during: 2024-06-02
                        as_of: 2024-06-02
                        location: town
                        injured: 20
                    """,
            },
        ),
    ),
    RuleText(
        id="seed.missing-table",
        hint="Add the file, or check the path.",
        why="The records that refer to it cannot be checked.",
        example=Example(
            "The four reference tables are there",
            bad={
                "reference/": """
                    actors.csv
                    aliases.csv
                    conflicts.csv
                    """,
            },
            good={
                "reference/": """
                    actors.csv
                    aliases.csv
                    conflicts.csv
                    locations.csv
                    """,
            },
        ),
    ),
    RuleText(
        id="seed.order",
        hint="Move the event: the events of a file are in the order of their ids.",
        why="In order of the days a reader finds an event, and sees whether it is there already.",
        example=Example(
            "Events are in the order of their ids",
            bad={
                "events": """
                    2024-06-02-siege:
                      type: battle
                      date: 2024-06-02
                      location: town
                      summary: The army closes the roads to the town.
                      said: {paper-2024-06-02: observatory}
                    2024-06-02-raid:
                      type: attack_on_civilians
                      date: 2024-06-02
                      location: village
                      summary: A raid on a village.
                      said: {paper-2024-06-02: observatory}
                    """,
            },
            good={
                "events": """
                    2024-06-02-raid:
                      type: attack_on_civilians
                      date: 2024-06-02
                      location: village
                      summary: A raid on a village.
                      said: {paper-2024-06-02: observatory}
                    2024-06-02-siege:
                      type: battle
                      date: 2024-06-02
                      location: town
                      summary: The army closes the roads to the town.
                      said: {paper-2024-06-02: observatory}
                    """,
            },
        ),
    ),
    RuleText(
        id="seed.retired-id",
        hint="Give the record a new id; an id is never used twice.",
        why="Somebody may have cited the old record by it.",
        example=Example(
            "An id that was withdrawn is not used again",
            bad={
                "retired.csv": """
                    id,replaced_by,on,reason
                    paper-2024-06-02.1,,2024-06-20,The page was read wrongly.
                    """,
                "claims": """
                    1:
                      claimant: observatory
                      during: 2024-06-01
                      as_of: 2024-06-01
                      location: town
                      killed: 8
                    """,
            },
            good={
                "retired.csv": """
                    id,replaced_by,on,reason
                    paper-2024-06-02.1,,2024-06-20,The page was read wrongly.
                    """,
                "claims": """
                    2:
                      claimant: observatory
                      during: 2024-06-01
                      as_of: 2024-06-01
                      location: town
                      killed: 8
                    """,
            },
        ),
    ),
)
