"""Rules of notes: no number of casualties without its record, and nobody's name.

Notes are in English. The number rule is one expression. Names are looked for in Python, in the few notes that may
hold one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

import narwhals.stable.v1 as nw

from conflictdata.rules._helpers import Lazy
from conflictdata.rules.base import VERDICT, Example, Frames, Row, Rule, rule
from conflictdata.schema.quantities import is_filled

# Tables whose notes are written by the reader of a page, and their keys.
_NOTED = {"sources": "source_id", "events": "event_id", "claims": "claim_id"}

# A claim, figure, page or event by its id, or a claim of the same page by its number. The mark replaces it.
_RECORD = (
    r"[a-z0-9_]+-[0-9]{4}-[0-9]{2}-[0-9]{2}(?:-[0-9]+)?(?:\.[0-9]+)?(?:\.[a-z][a-z0-9_]*)*|"
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:-[a-z0-9]+)+|(?i:claims? [0-9]+)"
)
_MARK = "¶"
# What is taken out of a note, in this order: `2 December`, records, sentences with a record.
_REPLACED = {
    "[0-9]{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*": "",
    _RECORD: _MARK,
    f"[^.!?]*{_MARK}[^.!?]*": "",
}
_NUMBER = "[0-9]{1,3}(?:,[0-9]{3})*"
_OUTCOME = "(?:killed|dead|deaths?|died|injured|injuries|wounded|bodies|casualties|fatalities|missing|detained|abducted|captured|displaced)"
_BOUND = "(?:at least |about |some |over |more than |nearly |up to )?"
# `12 civilians killed`, `killed at least 12`. Not `the 12 killed`, which is a number that has been coded.
_COUNT = (
    rf"(?i)(?:^|[^0-9a-z,. -]|[^e] |[^h]e ){_NUMBER}(?: [a-z-]+){{0,2}} {_OUTCOME}(?:[^a-z]|$)|"
    rf"(?:^|[^a-z]){_OUTCOME} {_BOUND}{_NUMBER}(?:[^0-9a-z-]|$)"
)

_WORD = r"[A-ZÀ-Þ][\w'’-]*\w"
_PARTICLE = "(?:al-|el-|bin |ibn |de |van |von |der )*"
_AGE = r"(?:1[01][0-9]|[1-9]?[0-9])"
# `Jane Doe, 34,`, `Jane Doe (34)`, `Jane Doe, aged 34`, `Jane Doe, a 34-year-old`, `34-year-old Jane Doe`.
_NAMES = (
    rf"({_PARTICLE}{_WORD} {_PARTICLE}{_WORD})(?:, (?:aged?|who was) {_AGE}\b|,? \((?:aged? )?{_AGE}\)|, {_AGE}(?:[,;.]|$)|"
    rf",? \(?(?:an? )?{_AGE}[ -]years?[ -]old)",
    rf"{_AGE}-year-old ({_PARTICLE}{_WORD} {_PARTICLE}{_WORD})",
)
MAYBE_NAMED = r"[a-z], [0-9]{1,3}(?:[,;.]|$)|[a-z],? \([0-9]{1,3}\)|aged? [0-9]|[0-9][ -]years?[ -]old"
_REGISTERS = {
    "actors": ("name", "short_name"), "aliases": ("alias",), "locations": ("name", "admin1"), "conflicts": ("name",),
    "common_names": ("name",),
}  # fmt: skip


def _has_no_count() -> nw.Expr:
    """Return whether each sentence with a number of casualties names a record."""
    rest = nw.col("note")
    for pattern, text in _REPLACED.items():
        rest = rest.str.replace_all(pattern, text)
    return ~rest.str.contains(_COUNT).fill_null(False)


def _explain_count(rows: list[Row], frames: Frames) -> list[Row]:  # noqa: ARG001 - the row is enough
    """Add `count`, the words with the number."""
    explained = []
    for row in rows:
        rest = row["note"]
        for pattern, text in _REPLACED.items():
            rest = re.sub(pattern, text, rest)
        hit = re.search(_COUNT, rest)
        assert hit is not None
        words = re.search(f"(?i){_NUMBER} .*{_OUTCOME}|{_OUTCOME}.*[0-9]", hit[0])
        assert words is not None
        explained.append(row | {"count": words[0]})
    return explained


def _find_names(note: str) -> list[str]:
    return [hit[1] for pattern in _NAMES for hit in re.finditer(pattern, note)]


def hide_names(note: str) -> str:
    """Replace a person's name before an age by `[name]`."""
    hits = {hit.span(1) for pattern in _NAMES for hit in re.finditer(pattern, note)}
    for start, end in sorted(hits, reverse=True):
        note = f"{note[:start]}[name]{note[end:]}"
    return note


def _list_registered_names(frames: Frames) -> str:
    """Return every name of the registers in small letters, one per line."""
    columns = [(table, column) for table, names in _REGISTERS.items() for column in names]
    found = [frames[table].select(column).collect().to_polars()[column].drop_nulls() for table, column in columns]
    return "\n".join(name.lower() for names in found for name in names)


def _check_names(frames: Frames, table: str) -> Lazy:
    """Check that no note has a name and an age, if no register has the name."""
    key = _NOTED[table]
    notes = frames[table].filter(is_filled("note") & is_filled(key)).select(key, "note")
    suspected = notes.filter(nw.col("note").str.contains(MAYBE_NAMED)).select("note").collect().to_polars()["note"]
    named = {note: names for note in suspected if (names := _find_names(note))}
    registered = _list_registered_names(frames) if named else ""
    bad = [note for note, names in named.items() if any(name.lower() not in registered for name in names)]
    return notes.with_columns((~nw.col("note").is_in(bad) if bad else is_filled("note")).alias(VERDICT))


def _point_at_note(rows: list[Row], frames: Frames) -> list[Row]:  # noqa: ARG001 - the row is enough
    """Add `spot`. The message does not repeat the name."""
    return [row | {"spot": "note"} for row in rows]


def _make_count_rule(table: str) -> Rule:
    return rule(
        f"{table}.note-without-count",
        "warning",
        ("note",),
        message="the note says `{count}` in a sentence that names no record",
        hint="Code the number as a claim, or name the claim that has it in the same sentence: its id, or `claim 2`.",
        why=(
            "A number in a note is a claim in prose: it has no claimant, no window and no phrase, nothing compares it, and no "
            "reader of the tables finds it. With the id of a record in its sentence it is a remark about that record."
        ),
        explain=_explain_count,
        found="{count}",
        example=_EXAMPLES[f"{table}.note-without-count"],
    )(_has_no_count())


def _make_name_rule(table: str) -> Rule:
    check: Callable[[Frames], Lazy] = partial(_check_names, table=table)
    return rule(
        f"{table}.note-without-name",
        "error",
        (_NOTED[table], "note"),
        message="the note seems to have a person's name and age",
        hint="Leave the name out: a role or a rank is enough. If it is an actor or a place, add it to its register.",
        why=(
            "Names of private persons are never in the data, dead or alive (docs/harm.md): not of victims, relatives, witnesses or "
            "soldiers. Two words with capitals that no register has, with an age after them, are nearly always a name."
        ),
        requires_tables=tuple(_REGISTERS),
        explain=_point_at_note,
        example=_EXAMPLES[f"{table}.note-without-name"],
    )(check)


_EXAMPLES = {
    "sources.note-without-count": Example(
        "A number of dead or injured in a note of a page names its record",
        bad={
            "page": "note: The headline has 12 people killed.",
        },
        good={
            "page": "note: The headline has 12 people killed, as paper-2024-06-01.1 has it.",
        },
    ),
    "events.note-without-count": Example(
        "A number of dead or injured in a note of an event names its record",
        bad={
            "events": """
                2024-06-02-siege:
                  type: battle
                  date: 2024-06-02
                  location: town
                  summary: The army closes the roads to the town.
                  said: {paper-2024-06-02: observatory}
                  note: The headline has 12 people killed.
                """,
        },
        good={
            "events": """
                2024-06-02-siege:
                  type: battle
                  date: 2024-06-02
                  location: town
                  summary: The army closes the roads to the town.
                  said: {paper-2024-06-02: observatory}
                  note: The headline has 12 people killed, as paper-2024-06-01.1 has it.
                """,
        },
    ),
    "claims.note-without-count": Example(
        "A number of dead or injured in a note of a claim names its record",
        bad={
            "claim": """
                note: The headline has 12 people killed.
                killed: 8
                """,
        },
        good={
            "claim": """
                note: The headline has 12 people killed, as paper-2024-06-01.1 has it.
                killed: 8
                """,
        },
    ),
    "sources.note-without-name": Example(
        "A note of a page names no private person",
        bad={
            "page": 'note: "Jane Doe, 34, is one of them."',
        },
        good={
            "page": "note: A teacher is one of them.",
        },
    ),
    "events.note-without-name": Example(
        "A note of an event names no private person",
        bad={
            "events": """
                2024-06-02-siege:
                  type: battle
                  date: 2024-06-02
                  location: town
                  summary: The army closes the roads to the town.
                  said: {paper-2024-06-02: observatory}
                  note: "Jane Doe, 34, is one of them."
                """,
        },
        good={
            "events": """
                2024-06-02-siege:
                  type: battle
                  date: 2024-06-02
                  location: town
                  summary: The army closes the roads to the town.
                  said: {paper-2024-06-02: observatory}
                  note: A teacher is one of them.
                """,
        },
    ),
    "claims.note-without-name": Example(
        "A note of a claim names no private person",
        bad={
            "claim": """
                note: "Jane Doe, 34, is one of them."
                killed: 8
                """,
        },
        good={
            "claim": """
                note: A teacher is one of them.
                killed: 8
                """,
        },
    ),
}


RULES: tuple[Rule, ...] = (
    *(_make_count_rule(table) for table in _NOTED),
    *(_make_name_rule(table) for table in _NOTED),
)
