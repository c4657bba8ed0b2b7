"""The tree of numbers under an outcome: quantities, figures, lists."""

from __future__ import annotations

from conflictdata.devtools.seed_schemas import values
from conflictdata.devtools.seed_schemas.values import Schema, refer
from conflictdata.schema import fields
from conflictdata.schema.quantities import NEVER_ZERO
from conflictdata.schema.vocabularies import AXIS, OUTCOME, QUALIFIER, UNIT
from conflictdata.seeds.figures import LISTS, PLAIN
from conflictdata.seeds.group_words import GROUPS
from conflictdata.seeds.quantity import BARE, MOST, WORDS

_POSITIVE = r"(?:[1-9][0-9]{0,9}|10000000000)"
_COUNT = rf"(?:0|{_POSITIVE})"
_SHARE = r"(?:100(?:\.0+)?|(?:0|[1-9][0-9]?)(?:\.[0-9]+)?)%"
_FORM = "Write a quantity: 727, at least 727, more than 300, about 600, nearly 100, up to 600, 100 to 200; digits without separators."

assert MOST == 10_000_000_000

_KEYS = {  # what no column says
    "n": "The quantity: 727, at least 727, about 600, 100 to 200, dozens, 62%, unstated. Left out: unstated.",
    "who": "A group word for a figure whose name is none.",
    "since": "First day of the figure's own window, where it differs from the claim's.",
    "until": "Last day of the figure's own window.",
    "during": "The figure's own window, where it differs from the claim's: a day, or the first and the last.",
    "including": "Some of them ('including', 'of whom', 'among them'). They may overlap, and are never added up.",
    "besides": "People outside the number ('another 15', 'in addition').",
}


def _words() -> dict[str, str]:
    return {word: QUALIFIER[word].definition for word in QUALIFIER.values if word in BARE}


def _forms() -> str:
    numbers = [_COUNT if q not in NEVER_ZERO else _POSITIVE for q, _ in WORDS.values()]
    prefixed = [f"{words} {n}" if words else n for words, n in zip(WORDS, numbers, strict=True)]
    return "|".join([*prefixed, f"{_COUNT} to {_COUNT}"])


def _quantity(forms: str) -> Schema:
    number = {"type": ["integer", "string"], "minimum": 0, "maximum": MOST, "examples": ["at least 727"]}
    form = {"pattern": values.whole(forms), "patternErrorMessage": _FORM}
    return {"description": _KEYS["n"], "anyOf": [number | form, values.words(_words())]}


def _shares() -> str:
    prefix = "|".join(words for words in WORDS if words)
    return f"{_forms()}|(?:(?:{prefix}) )?{_SHARE}"


def _group(word: str) -> str:
    return ", ".join(f"{column}: {value}" for column, value in GROUPS[word].items())


def _lists() -> dict[str, Schema]:
    found = {}
    for key, (_, axis) in LISTS.items():
        about = f"A complete list: the page's words leave nobody out. {AXIS[axis].definition}" if axis else _KEYS[key]
        found[key] = refer("list", about)
    return found


def definitions() -> dict[str, Schema]:
    """The definitions that figures need: `quantity`, `share`, `figure`, `total`, `attributes`, `list`."""
    attributes = values.columns("figures", PLAIN)
    window = {
        "since": {"description": _KEYS["since"], **values.day()},
        "until": {"description": _KEYS["until"], **values.day()},
        "during": {"description": _KEYS["during"], **values.days()},
    }
    who = {"description": _KEYS["who"], **values.words({word: _group(word) for word in GROUPS})}
    keys = {"n": refer("share"), **attributes, **window, "who": who, **_lists()}
    return {
        "quantity": _quantity(_forms()),
        "share": _quantity(_shares()),
        "attributes": values.block(keys),
        "figure": {"anyOf": [refer("share"), refer("attributes")]},
        "total": {
            "anyOf": [
                refer("quantity"),
                {"allOf": [refer("attributes"), {"properties": {"n": refer("quantity")}}]},
            ]
        },
        "list": {
            "type": "object",
            "propertyNames": values.names(fields.ID, "A name has small letters, digits and _ alone."),
            "properties": {word: refer("figure", f"A group word: {_group(word)}.") for word in GROUPS},
            "additionalProperties": refer("figure"),
        },
    }


def outcomes() -> dict[str, Schema]:
    """The keys of a claim that hold figures."""
    return {term.term: refer("total", term.definition) for term in OUTCOME.terms}


def outcomes_in_units() -> dict[str, Schema]:
    """The same with a unit in brackets, as a pattern of keys."""
    named = f"({'|'.join(OUTCOME.values)}) \\(({'|'.join(UNIT.values)})\\)"
    return {f"^{named}$": refer("total", "An outcome counted in another unit than persons.")}


def has_outcome() -> list[Schema]:
    """One of these holds where a claim has a figure."""
    # A pattern cannot be required: each name is spelt out.
    plain = [{"required": [outcome]} for outcome in OUTCOME.values]
    return plain + [{"required": [f"{outcome} ({unit})"]} for outcome in OUTCOME.values for unit in UNIT.values]
