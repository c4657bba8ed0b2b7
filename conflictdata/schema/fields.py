"""Constructors of columns, one for each kind of column.

A constructor returns a pandera `Field`. Its checks are the constraints of the column. Its metadata hold what
the exporters need: kind, example, vocabulary, target of a foreign key. This is the only description of a column.
"""

from __future__ import annotations

from typing import Any

from conflictdata.schema.vocabularies import Vocabulary

# `[0-9]`, never `\d`, which matches the digits of other scripts. `\Z`, never `$`, because pandera uses re.match.
ID = r"[a-z0-9][a-z0-9_]*"
DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
SOURCE_ID = rf"{ID}-{DAY}(?:-[0-9]+)?"
CLAIM_ID = rf"{SOURCE_ID}\.[1-9][0-9]*"
FIGURE_ID = rf"{CLAIM_ID}(?:\.{ID}){{1,9}}"
EVENT_ID = rf"{DAY}-[a-z0-9]+(?:-[a-z0-9]+)*"
TOLL_ID = rf"{ID}\.{ID}\.{DAY}(?:\.{ID}){{0,2}}"
SERIES_ID = rf"{ID}\.{ID}\.{ID}\.{DAY}"
COUNTRY = r"[A-Z]{3}"
SHA256 = r"[0-9a-f]{64}"
WIKIDATA = r"Q[1-9][0-9]*"
LANGUAGE = r"[a-z]{2,3}"

TEXT_LIMIT = 280
NOTE_LIMIT = 2000
EARLIEST = "1900-01-01"


def _make_field(
    kind: str, description: str, example: str, *, required: bool, info: dict[str, Any], **checks: Any
) -> Any:
    import pandera.pandas as pa  # slow to import, and users of the patterns above do not need it

    metadata = {"kind": kind, "example": example, "checks": checks, **info}
    return pa.Field(description=description, nullable=not required, coerce=True, metadata=metadata, **checks)


def key(pattern: str, description: str, example: str) -> Any:
    """Define a text key, or one column of a key. Always required.

    The whole cell matches `pattern`.
    """
    return _make_field("id", description, example, required=True, info={}, str_matches=pattern + r"\Z")


def reference(table: str, pattern: str, description: str, example: str, *, required: bool = False) -> Any:
    """Define a foreign key: the key of a record of `table`."""
    return _make_field(
        "id", description, example, required=required, info={"references": table}, str_matches=pattern + r"\Z"
    )


def code(pattern: str, description: str, example: str, *, required: bool = False) -> Any:
    """Define a code of another scheme. The whole cell matches `pattern`."""
    return _make_field("id", description, example, required=required, info={}, str_matches=pattern + r"\Z")


def term(vocabulary: Vocabulary, description: str, example: str, *, required: bool = False) -> Any:
    """Define a column with words of a closed vocabulary."""
    info = {"vocabulary": vocabulary.name}
    return _make_field("term", description, example, required=required, info=info, isin=list(vocabulary.values))


def text(description: str, example: str, *, required: bool = False, limit: int = TEXT_LIMIT) -> Any:
    """Define free text on one line, with at most `limit` characters."""
    return _make_field(
        "text", description, example, required=required, info={}, str_length={"min_value": 1, "max_value": limit}
    )


def url(description: str, example: str, *, required: bool = False) -> Any:
    """Define a web address. A rule of the table `sources` checks its form."""
    return _make_field(
        "url", description, example, required=required, info={}, str_length={"min_value": 1, "max_value": 2000}
    )


def day(description: str, example: str, *, required: bool = False) -> Any:
    """Define a calendar day, ISO 8601."""
    return _make_field("date", description, example, required=required, info={}, ge=EARLIEST)


def people(description: str, example: str) -> Any:
    """Define a whole number of people (or of another unit). Empty is not zero."""
    return _make_field("count", description, example, required=False, info={"unit": "persons"}, ge=0)


def whole_number(description: str, example: str) -> Any:
    """Define a whole number of other things, such as steps or rows."""
    return _make_field("count", description, example, required=False, info={}, ge=0)


def number(description: str, example: str, low: float, high: float, unit: str, *, required: bool = False) -> Any:
    """Define a real number between `low` and `high`. Never used for people."""
    check = {"min_value": low, "max_value": high}
    return _make_field("number", description, example, required=required, info={"unit": unit}, in_range=check)


def read_info(column: Any) -> dict[str, Any]:
    """Return the metadata of a pandera column that a constructor above made.

    Returns:
        The keys kind, example and checks (arguments by name), and if defined vocabulary, references and unit.
    """
    return dict(column.metadata or {})
