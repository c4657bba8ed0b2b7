"""Rules of sources: the id and the copies of a page, and whether a record uses it."""

from __future__ import annotations

import datetime as dt
import re

import narwhals.stable.v1 as nw

from conflictdata.rules import _typos
from conflictdata.rules._helpers import Lazy
from conflictdata.rules._urls import replace_pattern
from conflictdata.rules.base import VERDICT, Example, Frames, Row, Rule, rule
from conflictdata.schema.languages import load_code_corrections, load_languages
from conflictdata.schema.quantities import is_filled

_PARTS_OF_ID = re.compile(r"(?P<publisher>.*)-(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})(?:-[0-9]+)?\Z")


def _explain_id(rows: list[Row], frames: Frames) -> list[Row]:
    """Add `clue` and `spot`: which value differs from the id, and how."""
    claims = frames["claims"].filter(nw.col("source_id").is_in([row["source_id"] for row in rows]))
    claim_rows = claims.select("source_id", "claimant_id", "as_of").collect().to_arrow().to_pylist()
    explained = []
    for row in rows:
        mine = [claim for claim in claim_rows if claim["source_id"] == row["source_id"]]
        parts = _PARTS_OF_ID.match(row["source_id"])
        publisher, day = (parts["publisher"], parts["day"]) if parts else ("", "")
        clue, spot = "", "publisher_id"
        if publisher != row["publisher_id"]:
            clue = f"The file's name says {publisher}, and `publisher:` {row['publisher_id']}. "
            if publisher in {claim["claimant_id"] for claim in mine}:
                clue += f"A claim on the page has {publisher} as its claimant: the two may have changed places. "
        elif day != str(row["published_on"]):
            slip = _typos.describe_day_slip(row["published_on"], day)
            clue = f"The file's name says {day}, and `published:` {row['published_on']}{slip}. "
            spot = (
                "" if _is_better_fit(row["published_on"], day, [claim["as_of"] for claim in mine]) else "published_on"
            )
        explained.append(row | {"clue": clue, "spot": spot})
    return explained


def _is_better_fit(published: dt.date, day: str, as_of: list[dt.date | None]) -> bool:
    """Return whether the claims fit `published:` but not the day in the file name.

    Compares the latest as-of day of the page's claims.
    """
    days = [d for d in as_of if d]
    named = dt.date.fromisoformat(day) if _typos.describe_day_slip(published, day) else published
    return bool(days) and max(days) > named + dt.timedelta(days=1) and max(days) <= published + dt.timedelta(days=1)


def _make_language_rule(table: str) -> Rule:
    code = nw.col("language")
    long = code.str.len_chars() == 3  # a language without a two-letter code
    return rule(
        f"{table}.language-is-code",
        "error",
        ("language",),
        message="{language} is not the code of a language",
        hint="{clue}Use ISO 639: two letters where the language has them (en, ar, uk), else three.",
        why=(
            "Readers select pages by language, and number words are looked up by it. A country's code, or three letters for a "
            "language that has two, makes a language of its own."
        ),
        explain=_explain_language,
        example=_EXAMPLES[f"{table}.language-is-code"],
    )(
        nw.when(is_filled("language")).then(
            code.is_in(list(load_languages())) | (long & ~code.is_in(list(load_code_corrections())))
        )
    )


def _explain_language(rows: list[Row], frames: Frames) -> list[Row]:  # noqa: ARG001 - the row is enough
    """Add `clue`: the code probably meant."""
    meant = [(row, load_code_corrections().get(row["language"], "")) for row in rows]
    return [row | {"clue": f"{load_languages()[code]} is {code}. " if code else ""} for row, code in meant]


_EXAMPLES = {
    "sources.language-is-code": Example(
        "The language of a page is a code of ISO 639",
        bad={
            "page": "language: jp",
        },
        good={
            "page": "language: ja",
        },
    ),
    "aliases.language-is-code": Example(
        "The language of an alias is a code of ISO 639",
        bad={
            "aliases": """
                entity_kind,entity_id,alias,language
                actor,observatory,Syrian Observatory,eng
                """,
        },
        good={
            "aliases": """
                entity_kind,entity_id,alias,language
                actor,observatory,Syrian Observatory,en
                """,
        },
    ),
}


@rule(
    "sources.copied-from-another",
    "warning",
    ("copied_from", "publisher_id"),
    message="the page of {publisher_id} is copied from {copied_from}, which is its publisher",
    hint="Name the publisher of the copied text, or leave `copied_from:` out.",
    why="A page that copies itself looks like a second carrier of one text, and the text that it was taken from has no name.",
    waivable=True,
    found="{copied_from}, page of {publisher_id}",
    example=Example(
        "A page is not copied from its own publisher",
        bad={
            "page": """
                kind: copy
                copied_from: paper
                """,
        },
        good={
            "page": """
                kind: copy
                copied_from: agency
                """,
        },
    ),
)
def _check_copied_from_another() -> nw.Expr:
    return nw.col("copied_from").is_null() | (nw.col("copied_from") != nw.col("publisher_id"))


@rule(
    "sources.used",
    "warning",
    ("source_id",),
    message="no claim and no event rests on {source_id}",
    hint="Code what the page says, or delete its file.",
    why="An unused page is work begun and forgotten, or the trace of a claim that was moved and left its source behind.",
    requires_tables=("claims", "event_sources"),
    waivable=True,
    found="no claim, no event",
    reverse_reference="source_id",
    example=Example(
        "A claim or an event rests on each page",
        bad={
            "sources/war/paper-2024-06-03.yaml": """
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
                claims: {1: {claimant: observatory, during: 2024-06-02, as_of: 2024-06-02, location: town, injured: 20}}
                """,
        },
    ),
)
def _check_used(frames: Frames) -> Lazy:
    naming = [frames[table].select("source_id") for table in ("claims", "event_sources")]
    used = nw.concat(naming).unique().with_columns(used=nw.lit(True))
    pages = frames["sources"].select("source_id", "publisher_id").join(used, on="source_id", how="left")
    return pages.with_columns(is_filled("used").alias(VERDICT))


@rule(
    "sources.selection-has-note",
    "error",
    ("coverage", "note"),
    message="the coverage is selected, and there is no note",
    hint="Say in `note:` which statements are left out, and why; or code them, with `coverage: complete`.",
    why="A reader counts on what a page says being there. What is left out without a reason looks like what the page does not say.",
    example=Example(
        "A page that is coded in part says why",
        bad={
            "page": "coverage: selected",
        },
        good={
            "page": """
                coverage: selected
                note: Its tables by province are left out; the sums are coded.
                """,
        },
    ),
)
def _check_selection_has_note() -> nw.Expr:
    return (nw.col("coverage") != "selected") | is_filled("note")


@rule(
    "sources.id-is-page",
    "error",
    ("source_id", "publisher_id", "published_on"),
    message="the id is {source_id}, and publisher and day make it {expected}",
    hint="{clue}Correct the one that is wrong: rename the file, or change the line; a second page of one day ends in -2.",
    why="The id is read as publisher and day, by people and in file names. An id that says otherwise misleads them.",
    explain=_explain_id,
    invalidates=("published_on", "publisher_id"),
    affects="page",
    example=Example(
        "The page's id is its publisher and its day",
        bad={
            "page": """
                publisher: paper
                published: 2024-06-03
                """,
        },
        good={
            "page": """
                publisher: paper
                published: 2024-06-02
                """,
        },
    ),
)
def _check_page_id(frames: Frames) -> Lazy:
    parts = [nw.col("publisher_id"), nw.col("published_on").cast(nw.String)]
    pages = frames["sources"].select(
        "source_id", "publisher_id", "published_on", expected=nw.concat_str(parts, separator="-")
    )
    whole = nw.col("source_id") == nw.col("expected")
    numbered = replace_pattern(nw.col("source_id"), r"-[0-9]+$") == nw.col("expected")
    return pages.with_columns((whole | numbered).alias(VERDICT))


@rule(
    "sources.document-once",
    "error",
    ("sha256", "url"),
    message="the document is {first} already (same SHA-256), and is recorded here as {source_id} again",
    hint="Move the claims to {first} and delete this one; if the documents differ, correct the hash.",
    why=(
        "The hash is that of the document as it was read: two pages with one hash are one document under two addresses. "
        "It would be counted as two witnesses."
    ),
    example=Example(
        "A document is coded once",
        bad={
            "page": "sha256: b3b428d404d6609fd7438d464245f18c4e0ea0f7054f91ad10c79c7a270b6f36",
            "sources/war/paper-2024-06-03.yaml": """
                publisher: paper
                url: https://example.org/news/3
                published: 2024-06-03
                language: en
                access: full_text
                sha256: b3b428d404d6609fd7438d464245f18c4e0ea0f7054f91ad10c79c7a270b6f36
                claims: {1: {claimant: observatory, during: 2024-06-02, as_of: 2024-06-02, location: town, injured: 20}}
                """,
        },
        good={
            "page": "sha256: b3b428d404d6609fd7438d464245f18c4e0ea0f7054f91ad10c79c7a270b6f36",
            "sources/war/paper-2024-06-03.yaml": """
                publisher: paper
                url: https://example.org/news/3
                published: 2024-06-03
                language: en
                access: full_text
                sha256: 9ac028d404d6609fd7438d464245f18c4e0ea0f7054f91ad10c79c7a270b6f36
                claims: {1: {claimant: observatory, during: 2024-06-02, as_of: 2024-06-02, location: town, injured: 20}}
                """,
        },
    ),
)
def _check_document_once(frames: Frames) -> Lazy:
    pages = frames["sources"].filter(is_filled("sha256") & is_filled("source_id")).select("source_id", "sha256", "url")
    first = pages.group_by("sha256").agg(first=nw.col("source_id").min())
    return pages.join(first, on="sha256", how="left").with_columns(
        (nw.col("source_id") == nw.col("first")).alias(VERDICT)
    )


RULES: tuple[Rule, ...] = (
    _make_language_rule("sources"),
    _make_language_rule("aliases"),
)
