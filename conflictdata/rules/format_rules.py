"""Rules of the formats YAML, CSV and JSON, checked while files are read."""

from __future__ import annotations

from conflictdata.rules.texts import Example, RuleText

TEXTS = (
    RuleText(
        id="yaml.syntax",
        hint="Compare the line with docs/seeds-reference.md.",
        why="The file cannot be read from here on.",
        example=Example(
            "A seed is YAML",
            bad={
                "claim": "killed: {n: 8, who: civilians",
            },
            good={
                "claim": "killed: {n: 8, who: civilians}",
            },
        ),
    ),
    RuleText(
        id="yaml.duplicate-key",
        hint="Keep one of the two, or give the second a name of its own.",
        why="A common reader of YAML silently keeps the last one; a figure would vanish.",
        example=Example(
            "A key occurs once in its block",
            bad={
                "claim": """
                    killed: 8
                    injured: 20
                    killed: 9
                    """,
            },
            good={
                "claim": """
                    killed: 8
                    injured: 20
                    """,
            },
        ),
    ),
    RuleText(
        id="yaml.anchor",
        hint="Write the value out in both places.",
        why="Anchors and aliases let one line change several figures.",
        example=Example(
            "A seed has no anchors and aliases",
            bad={
                "claim": """
                    killed: &toll 8
                    injured: *toll
                    """,
            },
            good={
                "claim": """
                    killed: 8
                    injured: 8
                    """,
            },
        ),
    ),
    RuleText(
        id="yaml.tag",
        hint="Remove the tag.",
        why="Everything in a seed is text; its type comes from the column.",
        example=Example(
            "A seed has no tags",
            bad={
                "claim": "killed: !!int 8",
            },
            good={
                "claim": "killed: 8",
            },
        ),
    ),
    RuleText(
        id="yaml.depth",
        hint="Flatten the tree: a figure lies at most 8 deep.",
        why="No page divides its numbers so deeply; a deep file is a mistake or an attack.",
        example=Example(
            "A seed is nested at most 24 deep",
            bad={
                "claim": """
                    killed: {a: {b: {c: {d: {e: {f: {g: {h: {i: {j: {k: {l: {m: {n: {o: {p: {q: {r: {s: {t: {u: {v: {w: 8}}}}}}}}}}}}}}}}}}}}}}}
                    """,
            },
            good={
                "claim": "killed: {n: 8, including: {men: 1}}",
            },
        ),
    ),
    RuleText(
        id="yaml.documents",
        hint="Keep one document, without `---` or `...` between.",
        why="One file holds one page.",
        example=Example(
            "A file holds one document",
            bad={
                "page": """
                    note: Read twice.
                    ---
                    licence: CC-BY-4.0
                    """,
            },
            good={
                "page": """
                    note: Read twice.
                    licence: CC-BY-4.0
                    """,
            },
        ),
    ),
    RuleText(
        id="csv.syntax",
        hint='Quote the cell with ", and double a quote inside it.',
        why="The cells after the fault may be read into wrong columns.",
        example=Example(
            "A table is CSV as RFC 4180 has it",
            bad={
                "aliases": """
                    entity_kind,entity_id,alias,language
                    actor,observatory,"The "London" observatory",en
                    """,
            },
            good={
                "aliases": """
                    entity_kind,entity_id,alias,language
                    actor,observatory,"The ""London"" observatory",en
                    """,
            },
        ),
    ),
    RuleText(
        id="csv.order",
        hint="Move the row: the rows are in the order of their keys.",
        why="In a sorted table a change of one record is a change of one line, and two people's additions seldom meet.",
        example=Example(
            "Rows are in the order of their keys",
            bad={
                "aliases": """
                    entity_kind,entity_id,alias,language
                    actor,rebels,Rebel army,en
                    actor,observatory,SOHR,
                    """,
            },
            good={
                "aliases": """
                    entity_kind,entity_id,alias,language
                    actor,observatory,SOHR,
                    actor,rebels,Rebel army,en
                    """,
            },
        ),
    ),
    RuleText(
        id="csv.separator",
        hint="Save it with commas between the cells.",
        why="Programs that expect commas read the whole row as one cell, and a comma in a text then breaks it.",
        example=Example(
            "Cells are separated by commas",
            unseen="It is said of whole tables, such as a CSV that a spreadsheet saved with semicolons; the examples here are single rows.",
        ),
    ),
    RuleText(
        id="csv.header",
        hint="Keep one first line with a name for each column.",
        why="The header says what the cells mean. Under a wrong or a second header they mean something else.",
        example=Example(
            "A table has one header, in its first line, with a name for each column",
            unseen="It is said of whole tables, such as a download with a title above its header; the examples here are single rows.",
        ),
    ),
    RuleText(
        id="csv.width",
        hint="Give the row as many cells as the header has.",
        why="The cells of this row would be in wrong columns.",
        example=Example(
            "A row has as many cells as the header",
            bad={
                "aliases": """
                    entity_kind,entity_id,alias,language
                    actor,observatory,Observatory
                    """,
            },
            good={
                "aliases": """
                    entity_kind,entity_id,alias,language
                    actor,observatory,Observatory,en
                    """,
            },
        ),
    ),
    RuleText(
        id="json.syntax",
        hint="Check that the download is complete; `python -m json.tool FILE` says the same.",
        why="The file cannot be read from here on.",
        example=Example(
            "A file of another dataset is JSON to its end",
            unseen="It is said of files of other datasets, which have no example here.",
        ),
    ),
    RuleText(
        id="json.shape",
        hint="Give a JSON list of objects, one a record.",
        why="What is not an object has no columns.",
        example=Example(
            "A JSON file of another dataset is a list of objects",
            unseen="It is said of files of other datasets, which have no example here.",
        ),
    ),
)
