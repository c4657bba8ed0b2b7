"""Schemas of the numbers under an outcome: quantities, figures, lists."""

from __future__ import annotations

from conflictdata.devtools.seed_schemas import values
from conflictdata.devtools.seed_schemas.values import Schema, make_reference
from conflictdata.schema import fields
from conflictdata.schema.quantities import NEVER_ZERO
from conflictdata.schema.vocabularies import AXIS, OUTCOME, QUALIFIER, UNIT
from conflictdata.seeds.figures import LISTS, PLAIN_ATTRIBUTES
from conflictdata.seeds.group_words import GROUPS
from conflictdata.seeds.quantity import BARE_WORDS, LARGEST_NUMBER, WORDS

_POSITIVE = r"(?:[1-9][0-9]{0,9}|10000000000)"
_COUNT = rf"(?:0|{_POSITIVE})"
_SHARE = r"(?:100(?:\.0+)?|(?:0|[1-9][0-9]?)(?:\.[0-9]+)?)%"
_FORM = "Write a quantity: 727, at least 727, more than 300, about 600, nearly 100, up to 600, 100 to 200; digits without separators."

assert LARGEST_NUMBER == 10_000_000_000

_KEYS = {  # keys without a column that describes them
    "n": "The quantity: 727, at least 727, about 600, 100 to 200, dozens, 62%, unstated. Left out: unstated.",
    "who": "A group word for a figure whose name is none.",
    "since": "First day of the figure's own window, where it differs from the claim's.",
    "until": "Last day of the figure's own window.",
    "during": "The figure's own window, where it differs from the claim's: a day, or the first and the last.",
    "including": "Some of them ('including', 'of whom', 'among them'). They may overlap, and are never added up.",
    "besides": "People outside the number ('another 15', 'in addition').",
}


def _list_bare_words() -> dict[str, str]:
    return {word: QUALIFIER[qualifier].definition for word, qualifier in BARE_WORDS.items()}


def _build_count_pattern() -> str:
    numbers = [_COUNT if q not in NEVER_ZERO else _POSITIVE for q, _ in WORDS.values()]
    prefixed = [f"{words} {n}" if words else n for words, n in zip(WORDS, numbers, strict=True)]
    return "|".join([*prefixed, f"{_COUNT} to {_COUNT}"])


def _define_quantity(forms: str) -> Schema:
    number = {"type": ["integer", "string"], "minimum": 0, "maximum": LARGEST_NUMBER, "examples": ["at least 727"]}
    form = {"pattern": values.match_whole(forms), "patternErrorMessage": _FORM}
    return {"description": _KEYS["n"], "anyOf": [number | form, values.define_words(_list_bare_words())]}


def _build_share_pattern() -> str:
    prefix = "|".join(words for words in WORDS if words)
    return f"{_build_count_pattern()}|(?:(?:{prefix}) )?{_SHARE}"


def _describe_group(word: str) -> str:
    return ", ".join(f"{column}: {value}" for column, value in GROUPS[word].items())


def _define_lists() -> dict[str, Schema]:
    lists = {}
    for key, (_, axis) in LISTS.items():
        about = f"A complete list: the page's words leave nobody out. {AXIS[axis].definition}" if axis else _KEYS[key]
        lists[key] = make_reference("list", about)
    return lists


def make_definitions() -> dict[str, Schema]:
    """Make the shared definitions that figures need.

    These are `quantity`, `share`, `figure`, `total`, `attributes` and `list`.
    """
    attributes = values.define_columns("figures", PLAIN_ATTRIBUTES)
    window = {
        "since": {"description": _KEYS["since"], **values.define_day()},
        "until": {"description": _KEYS["until"], **values.define_day()},
        "during": {"description": _KEYS["during"], **values.define_days()},
    }
    who = {"description": _KEYS["who"], **values.define_words({word: _describe_group(word) for word in GROUPS})}
    keys = {"n": make_reference("share"), **attributes, **window, "who": who, **_define_lists()}
    return {
        "quantity": _define_quantity(_build_count_pattern()),
        "share": _define_quantity(_build_share_pattern()),
        "attributes": values.define_block(keys),
        "figure": {"anyOf": [make_reference("share"), make_reference("attributes")]},
        "total": {
            "anyOf": [
                make_reference("quantity"),
                {"allOf": [make_reference("attributes"), {"properties": {"n": make_reference("quantity")}}]},
            ]
        },
        "list": {
            "type": "object",
            "propertyNames": values.define_names(fields.ID, "A name has small letters, digits and _ alone."),
            "properties": {
                word: make_reference("figure", f"A group word: {_describe_group(word)}.") for word in GROUPS
            },
            "additionalProperties": make_reference("figure"),
        },
    }


def define_outcomes() -> dict[str, Schema]:
    """Define the keys of a claim that contain figures."""
    return {term.term: make_reference("total", term.definition) for term in OUTCOME.terms}


def define_outcomes_in_units() -> dict[str, Schema]:
    """Define outcomes with a unit in brackets, as patterns of keys."""
    named = f"({'|'.join(OUTCOME.values)}) \\(({'|'.join(UNIT.values)})\\)"
    return {f"^{named}$": make_reference("total", "An outcome counted in another unit than persons.")}


def require_outcome() -> list[Schema]:
    """Return alternatives of which one holds if a claim has a figure."""
    # JSON Schema cannot require a pattern, so list each name.
    plain = [{"required": [outcome]} for outcome in OUTCOME.values]
    return plain + [{"required": [f"{outcome} ({unit})"]} for outcome in OUTCOME.values for unit in UNIT.values]
