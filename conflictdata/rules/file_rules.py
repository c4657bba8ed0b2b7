"""Rules of files of any format, checked while files are read."""

from __future__ import annotations

from conflictdata.findings import Finding, Place, Severity
from conflictdata.rules import format_rules, seed_figure_rules, seed_rules
from conflictdata.rules.texts import Example, RuleText

TEXTS = (
    RuleText(
        id="file.unreadable",
        hint="Check that the file is there and may be read.",
        why="Nothing can be said of a file that cannot be read.",
        example=Example(
            "A file can be opened and read",
            bad={
                "sources/war/paper-2024-06-03.yaml": "<a folder>",
            },
            good={
                "sources/war/paper-2024-06-03.yaml": """
                    publisher: paper
                    url: https://example.org/news/3
                    published: 2024-06-03
                    language: en
                    access: title
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
        id="file.not-read",
        hint="Rename or move it as docs/seeds-reference.md says, or keep it outside the seeds.",
        why="A page under a wrong name would be missing from the data, and nobody would know.",
        example=Example(
            "Every file of the seeds is read",
            bad={
                "sources/war/paper-2024-06-03.yml": """
                    publisher: paper
                    url: https://example.org/news/3
                    published: 2024-06-03
                    language: en
                    access: title
                    claims:
                      1:
                        claimant: observatory
                        during: 2024-06-02
                        as_of: 2024-06-02
                        location: town
                        killed: 8
                    """,
            },
            good={
                "sources/war/paper-2024-06-03.yaml": """
                    publisher: paper
                    url: https://example.org/news/3
                    published: 2024-06-03
                    language: en
                    access: title
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
        id="file.empty",
        hint="Write the page into it, or remove the file.",
        why="An empty file is usually a save that went wrong.",
        example=Example(
            "A file holds something",
            bad={
                "sources/war/paper-2024-06-03.yaml": "",
            },
            good={
                "sources/war/paper-2024-06-03.yaml": """
                    publisher: paper
                    url: https://example.org/news/3
                    published: 2024-06-03
                    language: en
                    access: title
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
        id="file.size",
        hint="Split it: one file holds one page.",
        why="No page needs so much; a huge file is a mistake or an attack, and is not read.",
        example=Example(
            "A seed file has at most 2,000,000 bytes",
            bad={
                "page": "note: Read twice<. x 2000000>",
            },
            good={
                "page": "note: Read twice.",
            },
        ),
    ),
    RuleText(
        id="file.binary",
        hint="Save it as UTF-8 text.",
        why="The file holds bytes that no text has.",
        example=Example(
            "A file is text",
            bad={
                "page": "note: Read twice.<U+0000>",
            },
            good={
                "page": "note: Read twice.",
            },
        ),
    ),
    RuleText(
        id="file.encoding",
        hint="Save it as UTF-8.",
        why="Bytes that are not UTF-8 read as other letters on another machine.",
        example=Example(
            "A file is UTF-8",
            bad={
                "page": "note: By the agency's bureau in Orl<byte E9>ans.",
            },
            good={
                "page": "note: By the agency's bureau in Orléans.",
            },
        ),
    ),
    RuleText(
        id="file.byte-order-mark",
        hint="Save it as UTF-8 without byte-order mark.",
        why="The mark becomes a part of the first column's or key's name.",
        example=Example(
            "A file starts with its first character",
            bad={
                "page": "<U+FEFF>publisher: paper",
            },
            good={
                "page": "publisher: paper",
            },
        ),
    ),
    RuleText(
        id="file.line-ending",
        hint="Use \\n at the end of lines (Unix line endings).",
        why="With other endings every line of the file differs in a diff, and hashes differ between systems.",
        example=Example(
            "Lines end in a line feed alone",
            bad={
                "claim": """
                    killed: 8<U+000D>
                    injured: 20<U+000D>
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
        id="file.tab",
        hint="Use spaces.",
        why="A tab is as wide as each editor pleases, so that the tree reads differently to each.",
        example=Example(
            "A file is indented by spaces, and holds no tab",
            bad={
                "claim": "killed: {n: 8,<U+0009>who: civilians}",
            },
            good={
                "claim": "killed: {n: 8, who: civilians}",
            },
        ),
    ),
    RuleText(
        id="file.control-character",
        hint="Delete the character.",
        why="It is not visible, and makes equal texts unequal.",
        example=Example(
            "A file holds no characters that cannot be seen",
            bad={
                "claim": "method: Counts people identified by<U+200B> name.",
            },
            good={
                "claim": "method: Counts people identified by name.",
            },
        ),
    ),
    RuleText(
        id="file.normal-form",
        hint="Type the character again, or save the file in Unicode normal form C.",
        why="Two texts that look alike would not be equal: a name with its accents apart matches no other.",
        example=Example(
            "An accent and its letter are one character",
            bad={
                "page": "note: By the agency's bureau in Orle<U+0301>ans.",
            },
            good={
                "page": "note: By the agency's bureau in Orléans.",
            },
        ),
    ),
    RuleText(
        id="file.bidi",
        hint="Delete the character.",
        why="A direction override shows a reader another text or number than the one stored.",
        example=Example(
            "A file holds no characters that turn the direction of text",
            bad={
                "claim": "killed: {n: 17, label: guests of the wedding <U+202E>(71 dead)}",
            },
            good={
                "claim": "killed: {n: 17, label: guests of the wedding}",
            },
        ),
    ),
    RuleText(
        id="file.merge-mark",
        hint="Keep one of the two versions, or both, and delete the lines with <<<<<<<, ======= and >>>>>>>.",
        why="The file holds two versions of its records, and nobody has said which one is right.",
        example=Example(
            "A file holds no marks of a merge that was not finished",
            bad={
                "page": """
                    <<<<<<< HEAD
                    note: Read twice.
                    =======
                    note: Read once.
                    >>>>>>> corrections
                    """,
            },
            good={
                "page": "note: Read twice.",
            },
        ),
    ),
    RuleText(
        id="feed.missing-column",
        hint="Give the file with the columns that its makers publish.",
        why="The rules that make this dataset worth trusting need the column. Without it they say nothing, and a wrong number passes.",
        example=Example(
            "A file of another dataset has the columns that its main rules need",
            unseen="It is said of files of other datasets, which have no example here.",
        ),
    ),
    RuleText(
        id="feed.day-column",
        hint="Give the file as its makers publish it, or write each day as YYYY-MM-DD.",
        why="A spreadsheet that exchanges day and month, or a program that changes the time zone, writes other days than the release has, and every one of them looks right.",
        example=Example(
            "A column of days is in the forms that its makers publish",
            unseen="It is said of files of other datasets, which have no example here.",
        ),
    ),
    RuleText(
        id="feed.row-unreadable",
        hint="Delete the row, or put each of its cells into its own column.",
        why="Labels below the header, a line of dashes and a row whose cells moved are not records. Each of their cells breaks a rule, and all of them for one reason.",
        example=Example(
            "Most cells of a row can be read",
            unseen="It is said of files of other datasets, which have no example here.",
        ),
    ),
    RuleText(
        id="feed.records-removed",
        hint="Check that the download is complete. If the release removes so many, allow it with --accept-removals. If the files are a part of the dataset, give --part.",
        why="A file that was cut off looks like a release without these records: their claims would be retracted.",
        example=Example(
            "A release keeps at least 95 % of the active records",
            unseen="It is said of an import over an older one, which has no example here.",
        ),
    ),
    RuleText(
        id="report.incomplete",
        hint="Leave out --engine spark: the other engines evaluate all rules of a table, whatever its size.",
        why="On Spark the rules that compare records of one of our tables are not evaluated, such as whether parts add up to their total. A report without these rules must not pass for a clean one.",
        example=Example(
            "All rules that a table allows are evaluated",
            unseen="Any check of figures.csv on Spark reports it, also for a table without a fault. polars, DuckDB and pandas evaluate all rules that need no other table. docs/large.md says more.",
        ),
    ),
)

_ALL = (*TEXTS, *format_rules.TEXTS, *seed_rules.TEXTS, *seed_figure_rules.TEXTS)
PROBLEMS: dict[str, RuleText] = {text.id: text for text in _ALL}


def make_file_finding(
    id: str,  # noqa: A002
    message: str,
    place: Place,
    *,
    value: str = "",
    hint: str = "",
    severity: Severity = "error",
) -> Finding:
    """Return a finding for one of these problems.

    Args:
        id: Id of the problem.
        message: What is wrong in this file.
        place: Position in the file.
        value: The text that is wrong.
        hint: How to fix it; by default the hint of the problem.
        severity: `warning` for what a reader may pass over.
    """
    return Finding(id, severity, message, hint or PROBLEMS[id].hint, value=value, place=place)


def make_unreadable_finding(fault: Exception, place: Place) -> Finding:
    """Return the finding `file.unreadable` for a fault, whose words after a semicolon are the hint."""
    message, _, fix = str(fault).partition("; ")
    return make_file_finding("file.unreadable", message, place, hint=f"{fix[:1].upper()}{fix[1:]}." if fix else "")
