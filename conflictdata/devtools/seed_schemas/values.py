"""Schemas of single values, as an editor sees them.

The reader of seeds treats every value as text, but an editor reads YAML 1.2: to it, `727` is a whole number, and so is
`1948` as the label of a group. So the schemas allow a number wherever its text is allowed. `enumDescriptions` and
`patternErrorMessage` are not part of JSON Schema: the YAML language server shows them, and other tools ignore them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from conflictdata.registers.match import KIND_OF_TABLE
from conflictdata.rules._urls import HTTP_WITHOUT_LOGIN, URN
from conflictdata.schema import fields
from conflictdata.schema.columns import Constraint, load_constraints
from conflictdata.schema.pattern_hints import describe_form, describe_pattern
from conflictdata.schema.vocabularies import VOCABULARIES

Schema = dict[str, Any]

# The days of the calendar from 1900 on, including leap days.
_LEAP = r"(?:(?:19|[2-9][0-9])(?:0[48]|[2468][048]|[13579][26])|(?:[2468][048]|[3579][26])00)-02-29"
_YEAR = r"(?:19|[2-9][0-9])[0-9]{2}"
_MONTH = r"(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))"
DAY = rf"(?:{_YEAR}-{_MONTH}|{_LEAP})"

# Hidden characters, as in `schema.cell_forms.HIDDEN`: no text may contain one.
_HIDDEN = r"\u0000-\u001f\u007f-\u009f\u00ad\u200b\u200e\u200f\u2060\ufeff\u202a-\u202e\u2066-\u2069"
_TODO = r"(?!TODO\b)"  # what a scaffold leaves to fill in
_LAST = rf"[^\s{_HIDDEN}]"


def match_whole(pattern: str) -> str:
    """Make a pattern match the whole text."""
    return f"^(?:{pattern})$"


def define_pattern(pattern: str, form: str, example: str = "") -> Schema:
    """Define a text with a pattern; `form` describes the pattern in messages."""
    schema: Schema = {"type": "string", "pattern": match_whole(pattern), "patternErrorMessage": form}
    return {**schema, "examples": [example]} if example else schema


def define_names(pattern: str, form: str) -> Schema:
    """Define the pattern of the keys of a block."""
    return {"pattern": match_whole(pattern), "patternErrorMessage": form}


def define_day() -> Schema:
    """Define a day."""
    return define_pattern(DAY, "Write a day that exists as YYYY-MM-DD.", "2024-12-05")


def define_one_day() -> Schema:
    """Define a day, which may also be written as a span of that one day."""
    return define_pattern(rf"({DAY})(?:/\1)?", "Write one day that exists as YYYY-MM-DD.", "2024-12-05")


def define_days() -> Schema:
    """Define a day, or the first and the last of several days."""
    form = "Write a day as YYYY-MM-DD, or the first and the last with / between: 2024-11-27/2024-12-05."
    return define_pattern(rf"{DAY}(?:/{DAY})?", form, "2024-11-27/2024-12-05")


def define_words(terms: Mapping[str, str]) -> Schema:
    """Define a choice of words, each with its meaning."""
    schema: Schema = {"enum": list(terms), "enumDescriptions": list(terms.values())}
    if any(term.isdigit() for term in terms):
        schema["enum"] += [int(term) for term in terms]
        schema["enumDescriptions"] *= 2
    else:
        schema = {"type": "string", **schema}
    return schema


def define_text(longest: int) -> Schema:
    """Define free text on one line, including text that an editor reads as a number."""
    first = rf"[^\s=+@\-{_HIDDEN}]"
    form = "Text on one line that starts and ends with no space, and with none of = + - @."
    pattern = rf"^{_TODO}{first}(?:[^{_HIDDEN}]*{_LAST})?$"
    return {
        "type": ["string", "number"], "pattern": pattern, "patternErrorMessage": form, "maxLength": longest, "minimum": 0,
    }  # fmt: skip


def define_address() -> Schema:
    """Define an address: http, https or urn."""
    form = "Write an address: http(s)://..., without a user's name, or urn:document:<file name>."
    return {
        "type": "string", "pattern": rf"{HTTP_WITHOUT_LOGIN}|{URN}", "patternErrorMessage": form, "maxLength": 2000,
    }  # fmt: skip


def _define_constraint(c: Constraint) -> Schema:
    match c.kind:
        case "date":
            return define_day()
        case "term":
            return define_words({t.term: t.definition for t in VOCABULARIES[c.vocabulary].terms})
        case "count":
            return {
                "type": ["integer", "string"], "pattern": match_whole("0|[1-9][0-9]{0,17}"), "minimum": 0,
                "patternErrorMessage": "Write a whole number in digits.",
            }  # fmt: skip
        case "url":
            return define_address()
        case "id":
            return define_pattern(c.pattern, f"{describe_form(c).rule}{_explain_find(c.references)}", c.example)
        case "text":
            return define_text(c.longest)
    raise NotImplementedError(f"a column of kind {c.kind} in a seed: {c.column}")


def define_column(table: str, name: str) -> Schema:
    """Define the value of a column of a table."""
    constraint = next(c for c in load_constraints(table) if c.column == name)
    return {"description": constraint.description, **_define_constraint(constraint)}


def define_columns(table: str, keys: Mapping[str, str], defaults: Mapping[str, str] | None = None) -> dict[str, Schema]:
    """Define the values of keys that fill columns of one table.

    Args:
        table: The table.
        keys: Column by key in the seed.
        defaults: Value by column, if the key is omitted.
    """
    properties = {key: define_column(table, name) for key, name in keys.items()}
    for key, name in keys.items():
        if defaults and name in defaults:
            properties[key]["default"] = defaults[name]
    return properties


def define_identifier(pattern: str, description: str, example: str) -> Schema:
    """Define the id of a record."""
    return {"description": description, **define_pattern(pattern, describe_pattern(pattern).rule, example)}


def define_actor(description: str, example: str) -> Schema:
    """Define the id of an actor.

    Contributions add actors all the time, so the schema does not list them: `validate` checks whether the actor exists.
    """
    form = f"{describe_pattern(fields.ID).rule}{_explain_find('actors')}"
    return {"description": description, **define_pattern(fields.ID, form, example)}


def _explain_find(table: str) -> str:
    """Return a sentence that says how to look up an id; "" for the ids of pages, claims and figures."""
    kind = KIND_OF_TABLE.get(table)
    return f" To look it up: conflictdata find NAME --kind {kind} --seeds seeds" if kind else ""


def define_one_or_more(single: Schema) -> Schema:
    """Define a value, or a list of such values without duplicates."""
    value = {key: item for key, item in single.items() if key != "description"}
    several = {"type": "array", "items": value, "minItems": 1, "uniqueItems": True}
    return {"description": single["description"], "anyOf": [value, several]}


def define_block(properties: Mapping[str, Schema], required: Iterable[str] = (), **more: Any) -> Schema:
    """Define a block of `key: value` lines that allows no other keys."""
    needed = list(required)
    return {
        "type": "object",
        **({"required": needed} if needed else {}),
        "properties": dict(properties),
        "additionalProperties": False,
        **more,
    }


def make_reference(name: str, description: str = "") -> Schema:
    """Make a reference to a definition of the same schema, with its own description."""
    # draft-07 ignores all keys next to `$ref`.
    pointer = {"$ref": f"#/definitions/{name}"}
    return {"description": description, "allOf": [pointer]} if description else pointer


def define_identifiers() -> Schema:
    """Define ids in other schemes: `{ucdp_ged: 141599}`."""
    key = {"description": "The key there.", **define_text(fields.TEXT_LIMIT)}
    match = define_column("crosswalk", "match")
    single = {"anyOf": [key, define_block({"id": key, "match": match}, ["id"])]}
    return {
        "description": "Keys of this record in other schemes, such as {ucdp_ged: 141599}; a list where there are several.",
        "type": "object",
        "propertyNames": define_names(fields.ID, "A scheme has small letters, digits and _ alone."),
        "additionalProperties": {"anyOf": [*single["anyOf"], {"type": "array", "items": single, "minItems": 1}]},
    }
