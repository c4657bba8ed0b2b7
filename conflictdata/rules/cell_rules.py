"""Rules of single cells: form, type, vocabulary, pattern and range.

Messages and hints are templates over the value, the column and what the column allows (`validation.cells`).
"""

from __future__ import annotations

from conflictdata.rules.texts import Example, RuleText

MIXED = "cells.mixed-scripts"  # about typing errors, so not checked in records of imported datasets

TEXTS = (
    RuleText(
        id="cells.required",
        message="{column} is empty",
        hint="Fill it in: {description}",
        why="The record means nothing without it.",
        example=Example(
            "A column that every record needs is filled",
            bad={
                "actors": """
                    actor_id,name,kind,country,parent_id,active_from,active_to,wikidata,ucdp_id,note
                    red_cross,,aid_organisation,,,,,,,
                    """,
            },
            good={
                "actors": """
                    actor_id,name,kind,country,parent_id,active_from,active_to,wikidata,ucdp_id,note
                    red_cross,Red Cross,aid_organisation,,,,,,,
                    """,
            },
        ),
    ),
    RuleText(
        id="cells.hidden-character",
        message="{value!r} in {column} holds a character that cannot be seen, or an emoji",
        hint="Delete the character.",
        why="It makes equal texts unequal, or shows a reader another text than the one stored.",
        example=Example(
            "A cell holds no characters that cannot be seen",
            bad={
                "aliases": """
                    entity_kind,entity_id,alias,language
                    actor,observatory,"The observatory,
                    London",en
                    """,
            },
            good={
                "aliases": """
                    entity_kind,entity_id,alias,language
                    actor,observatory,"The observatory, London",en
                    """,
            },
        ),
    ),
    RuleText(
        id="cells.outer-space",
        message="{value!r} in {column} starts or ends with a space",
        hint="Remove the space.",
        why="A key with a space matches no other.",
        example=Example(
            "A cell starts and ends with a character that can be seen",
            bad={
                "claim": """
                    location: "town "
                    killed: 8
                    """,
            },
            good={
                "claim": """
                    location: town
                    killed: 8
                    """,
            },
        ),
    ),
    RuleText(
        id="cells.formula",
        message="{value!r} in {column} starts like a formula",
        hint="Delete the sign, or begin the text with another one.",
        why="A spreadsheet would run it.",
        example=Example(
            "A text does not start like a formula",
            bad={
                "claim": 'killed: {n: 8, label: "=guests of a wedding"}',
            },
            good={
                "claim": "killed: {n: 8, label: guests of a wedding}",
            },
        ),
    ),
    RuleText(
        id=MIXED,
        message="{value!r} in {column} has letters of two scripts in one word",
        hint="Type the word again: a Cyrillic or Greek letter looks like a Latin one.",
        why="It looks right, and no search finds it.",
        example=Example(
            "A word has letters of one script",
            bad={
                "claim": "killed: {n: 8, label: guests of the w<U+0435>dding}",
            },
            good={
                "claim": "killed: {n: 8, label: guests of the wedding}",
            },
        ),
    ),
    RuleText(
        id="cells.length",
        message="{column} has {length} characters, more than {limit}",
        hint="Shorten it.",
        why="Long text belongs to the source, not to a table.",
        example=Example(
            "A text is no longer than its column allows",
            bad={
                "claim": """
                    method: Counts people <by name and by neighbour and x 15> by name.
                    killed: 8
                    """,
            },
            good={
                "claim": """
                    method: Counts people by name.
                    killed: 8
                    """,
            },
        ),
    ),
    RuleText(
        id="cells.date",
        message="{value!r} in {column} is not a day",
        hint="Write a day that exists as YYYY-MM-DD{suggestion}.",
        why="Other forms are read as different days in different countries.",
        example=Example(
            "A day is written YYYY-MM-DD and exists",
            bad={
                "page": "accessed: 2024-6-12",
            },
            good={
                "page": "accessed: 2024-06-12",
            },
        ),
    ),
    RuleText(
        id="cells.number",
        message="{value!r} in {column} is not a number in canonical form",
        hint="Write it with the digits 0-9 and a point alone, such as {example}{suggestion}.",
        why="1e5, 1_000 and 012 are read as different numbers by different programs.",
        example=Example(
            "A number is written in digits, with a point where it has a fraction",
            bad={
                "locations": """
                    location_id,name,kind,country,admin1,parent_id,latitude,longitude,precision,note
                    ford,A ford,site,SYR,Hama,hama,"35,2",36.7,1,
                    """,
            },
            good={
                "locations": """
                    location_id,name,kind,country,admin1,parent_id,latitude,longitude,precision,note
                    ford,A ford,site,SYR,Hama,hama,35.2,36.7,1,
                    """,
            },
        ),
    ),
    RuleText(
        id="cells.whole",
        message="{value!r} in {column} is not a whole number",
        hint="Write the digits 0-9 alone: no sign, separator, point or exponent{suggestion}.",
        why="People are counted in whole numbers; other forms are read as different numbers by different programs.",
        example=Example(
            "People are counted in whole numbers, written in digits alone",
            bad={
                "figures.csv": """
                    figure_id,outcome,qualifier,low,best,high
                    paper-2024-06-02.1.displaced,displaced,about,,"48,000",
                    """,
            },
            good={
                "figures.csv": """
                    figure_id,outcome,qualifier,low,best,high
                    paper-2024-06-02.1.displaced,displaced,about,,48000,
                    """,
            },
        ),
    ),
    RuleText(
        id="cells.term",
        message="{value!r} is not in the vocabulary of {column}",
        hint="{nearest}Use one of: {terms}.",
        why="The vocabulary is closed, so that one word has one meaning.",
        example=Example(
            "A coded word is one of its vocabulary",
            bad={
                "claim": """
                    basis: Recorded
                    killed: 8
                    """,
            },
            good={
                "claim": """
                    basis: recorded
                    killed: 8
                    """,
            },
        ),
    ),
    RuleText(
        id="cells.pattern",
        message="{typed} is {value!r}, not {noun}",
        hint="{form}",
        why="A key of another form matches nothing.",
        example=Example(
            "A key or a code has its form",
            bad={
                "page": "language: English",
            },
            good={
                "page": "language: en",
            },
        ),
    ),
    RuleText(
        id="cells.range",
        message="{value} in {column} is out of range ({range})",
        hint="Check the number.",
        why="No true value lies there.",
        example=Example(
            "A number or a day lies where a true one can lie",
            bad={
                "locations": """
                    location_id,name,kind,country,admin1,parent_id,latitude,longitude,precision,note
                    ford,A ford,site,SYR,Hama,hama,352,36.7,1,
                    """,
            },
            good={
                "locations": """
                    location_id,name,kind,country,admin1,parent_id,latitude,longitude,precision,note
                    ford,A ford,site,SYR,Hama,hama,35.2,36.7,1,
                    """,
            },
        ),
    ),
)

CELL_RULES: dict[str, RuleText] = {text.id: text for text in TEXTS}
