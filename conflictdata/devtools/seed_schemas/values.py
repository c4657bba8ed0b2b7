"""Schemas of single values, as an editor sees them.

Everything in a seed is text to the reader, but an editor reads YAML 1.2: `727` is a whole number to it, `1948` too where
it is the label of a group, and only the rest is text. So a number is allowed wherever its text would be. `enumDescriptions`
and `patternErrorMessage` are no part of JSON Schema: the YAML language server shows them, and others pass over them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from conflictdata.rules._urls import HTTP_WITHOUT_LOGIN, URN
from conflictdata.schema import fields
from conflictdata.schema.columns import Constraint, load_constraints
from conflictdata.schema.pattern_hints import form_of, form_of_pattern
from conflictdata.schema.vocabularies import VOCABULARIES

Schema = dict[str, Any]

# The days that exist from 1900 on, leap years as they fall.
_LEAP = r"(?:(?:19|[2-9][0-9])(?:0[48]|[2468][048]|[13579][26])|(?:[2468][048]|[3579][26])00)-02-29"
_YEAR = r"(?:19|[2-9][0-9])[0-9]{2}"
_MONTH = r"(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))"
DAY = rf"(?:{_YEAR}-{_MONTH}|{_LEAP})"

# Characters that cannot be seen, as `check.cells` has them: no text holds one.
_HIDDEN = r"\u0000-\u001f\u007f-\u009f\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069"
_TODO = r"(?!TODO\b)"  # what a scaffold leaves open
_LAST = rf"[^\s{_HIDDEN}]"


def match_whole(pattern: str) -> str:
    """A pattern that the whole text matches."""
    return f"^(?:{pattern})$"


def define_pattern(pattern: str, form: str, example: str = "") -> Schema:
    """Text of a form; `form` says which, in the words of a message."""
    schema: Schema = {"type": "string", "pattern": match_whole(pattern), "patternErrorMessage": form}
    return {**schema, "examples": [example]} if example else schema


def define_names(pattern: str, form: str) -> Schema:
    """The form of the keys of a block."""
    return {"pattern": match_whole(pattern), "patternErrorMessage": form}


def define_day() -> Schema:
    """A day."""
    return define_pattern(DAY, "Write a day that exists as YYYY-MM-DD.", "2024-12-05")


def define_one_day() -> Schema:
    """A day, which may be written as a span of that day alone."""
    return define_pattern(rf"({DAY})(?:/\1)?", "Write one day that exists as YYYY-MM-DD.", "2024-12-05")


def define_days() -> Schema:
    """A day, or the first and the last of several."""
    form = "Write a day as YYYY-MM-DD, or the first and the last with / between: 2024-11-27/2024-12-05."
    return define_pattern(rf"{DAY}(?:/{DAY})?", form, "2024-11-27/2024-12-05")


def define_words(terms: Mapping[str, str]) -> Schema:
    """One of some words, each with its meaning."""
    schema: Schema = {"enum": list(terms), "enumDescriptions": list(terms.values())}
    if any(term.isdigit() for term in terms):
        schema["enum"] += [int(term) for term in terms]
        schema["enumDescriptions"] *= 2
    else:
        schema = {"type": "string", **schema}
    return schema


def define_text(longest: int) -> Schema:
    """Free text on one line. An editor sees a number where the text is one."""
    first = rf"[^\s=+@\-{_HIDDEN}]"
    form = "Text on one line that starts and ends with no space, and with none of = + - @."
    pattern = rf"^{_TODO}{first}(?:[^{_HIDDEN}]*{_LAST})?$"
    return {
        "type": ["string", "number"], "pattern": pattern, "patternErrorMessage": form, "maxLength": longest, "minimum": 0,
    }  # fmt: skip


def define_address() -> Schema:
    """An address, http(s) or urn."""
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
        case "url":
            return define_address()
        case "id":
            return define_pattern(c.pattern, form_of(c).rule, c.example)
        case "text":
            return define_text(c.longest)
    raise NotImplementedError(f"a column of kind {c.kind} in a seed: {c.column}")


def define_column(table: str, name: str) -> Schema:
    """The value of one column of a table."""
    constraint = next(c for c in load_constraints(table) if c.column == name)
    return {"description": constraint.description, **_define_constraint(constraint)}


def define_columns(table: str, keys: Mapping[str, str], defaults: Mapping[str, str] | None = None) -> dict[str, Schema]:
    """The values under keys that fill columns of one table.

    Args:
        table: the table.
        keys: key in the seed: column.
        defaults: column: what it holds where the key is left out.
    """
    properties = {key: define_column(table, name) for key, name in keys.items()}
    for key, name in keys.items():
        if defaults and name in defaults:
            properties[key]["default"] = defaults[name]
    return properties


def define_identifier(pattern: str, description: str, example: str) -> Schema:
    """A key of a record."""
    return {"description": description, **define_pattern(pattern, form_of_pattern(pattern).rule, example)}


def define_actor(description: str, example: str) -> Schema:
    """The key of an actor. Which there are changes with every contribution: `validate` says whether it is one."""
    return define_identifier(fields.ID, description, example)


def define_one_or_more(single: Schema) -> Schema:
    """A value, or a list in which each stands once."""
    value = {key: item for key, item in single.items() if key != "description"}
    several = {"type": "array", "items": value, "minItems": 1, "uniqueItems": True}
    return {"description": single["description"], "anyOf": [value, several]}


def define_block(properties: Mapping[str, Schema], required: Iterable[str] = (), **more: Any) -> Schema:
    """A block of `key: value` lines, with no other keys."""
    needed = list(required)
    return {
        "type": "object",
        **({"required": needed} if needed else {}),
        "properties": dict(properties),
        "additionalProperties": False,
        **more,
    }


def make_reference(name: str, description: str = "") -> Schema:
    """A definition of the same schema, with words of its own."""
    # Beside `$ref`, draft-07 reads nothing.
    pointer = {"$ref": f"#/definitions/{name}"}
    return {"description": description, "allOf": [pointer]} if description else pointer


def define_identifiers() -> Schema:
    """Keys in other schemes: `{ucdp_ged: 141599}`."""
    key = {"description": "The key there.", **define_text(fields.TEXT_LIMIT)}
    match = define_column("crosswalk", "match")
    single = {"anyOf": [key, define_block({"id": key, "match": match}, ["id"])]}
    return {
        "description": "Keys of this record in other schemes, such as {ucdp_ged: 141599}; a list where there are several.",
        "type": "object",
        "propertyNames": define_names(fields.ID, "A scheme has small letters, digits and _ alone."),
        "additionalProperties": {"anyOf": [*single["anyOf"], {"type": "array", "items": single, "minItems": 1}]},
    }
