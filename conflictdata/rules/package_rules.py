"""Rules of built packages, checked by `conflictdata verify`."""

from __future__ import annotations

from conflictdata.rules.texts import Example, RuleText

FRICTIONLESS = "package.frictionless"

_REBUILD_HINT = "Build the package again with `conflictdata publish`; its files are not edited by hand."

FRICTIONLESS_HINT = "If somebody edited the package, build it again with `conflictdata publish`. If nobody did, its schemas and our rules disagree: please report it."

TEXTS = (
    RuleText(
        id="release.files-match-descriptor",
        hint=_REBUILD_HINT,
        why="A file that is not the one described was changed, or lost, after the package was built; its readers cannot tell.",
        example=Example(
            "Files of a package have the bytes, hashes and rows that its descriptor says",
            bad={
                "package": "csv/figures.csv: ,exact,8,8,8, becomes ,exact,18,18,18,",
            },
            good={
                "package": "nothing is changed by hand",
            },
            also=("release.csv-equals-parquet",),
        ),
    ),
    RuleText(
        id="release.csv-equals-parquet",
        hint=_REBUILD_HINT,
        why="Two forms of one table that differ give two answers to one question.",
        example=Example(
            "The CSV and the Parquet file of a table hold the same rows",
            bad={
                "package": "csv/figures.csv: ,exact,8,8,8, becomes ,exact,9,9,9,",
            },
            good={
                "package": "nothing is changed by hand",
            },
            also=("release.files-match-descriptor",),
        ),
    ),
    RuleText(
        id="release.docs-match-vocabularies",
        hint=_REBUILD_HINT,
        why="A schema that says another thing than the rules lets wrong data pass elsewhere, and refuses right data.",
        example=Example(
            "The data dictionary explains each column and word of the schemas",
            bad={
                "package": "README.md: | **`other_id`** | becomes | **`other`** |",
            },
            good={
                "package": "nothing is changed by hand",
            },
            also=("release.files-match-descriptor",),
        ),
    ),
    RuleText(
        id=FRICTIONLESS,
        hint=FRICTIONLESS_HINT,
        why="Other programs read the package by its descriptor and schemas, not by our rules. What only they refuse is a fault of the package, or a hole in our checks.",
        example=Example(
            "The library frictionless finds no error in a package",
            bad={
                "package": 'datapackage.json: "created": "2024-07-01T00:00:00Z" becomes "created": "1 July 2024"',
            },
            good={
                "package": "nothing is changed by hand",
            },
        ),
    ),
)
