"""Forms of keys and codes in words: the name of the form, and how to write it.

No text here contains an example of a key: a reader in a hurry could copy it as the answer.
"""

from __future__ import annotations

from typing import NamedTuple

from conflictdata.schema import fields
from conflictdata.schema.cell_forms import NUMBER_KEY
from conflictdata.schema.columns import Constraint

NOUNS = {
    "actors": "an actor id", "locations": "a location id", "conflicts": "a conflict id", "sources": "a source id",
    "events": "an event id", "claims": "a claim id", "figures": "a figure id", "tolls": "a toll id",
}  # fmt: skip


class KeyForm(NamedTuple):
    """Form of a key or code in words.

    Attributes:
        noun: Name of the form with its article, such as `an ISO 639 code`.
        rule: How to write it, as a sentence.
    """

    noun: str
    rule: str


_DIGITS = "Write the digits 0-9 alone."
_NUMBER_LIST = KeyForm("a number, or a list of numbers", "Write the digits 0-9, with commas between several numbers.")

# By pattern. `form_of` replaces the noun if the column holds ids of one table.
_FORMS = {
    fields.ID: KeyForm("an id", "An id has small letters, digits and _."),
    fields.SOURCE_ID: KeyForm("a source id", "A source id is <publisher>-<day of publication>, with -2 for a second page of that day."),
    fields.CLAIM_ID: KeyForm("a claim id", "A claim id is <source id>.<number of the claim>."),
    fields.FIGURE_ID: KeyForm("a figure id", "A figure id is <claim id>.<outcome>, and .<name> for each level below, at most eight."),
    fields.EVENT_ID: KeyForm("an event id", "An event id is <first day>-<words>, in small letters with - between."),
    fields.TOLL_ID: KeyForm("a toll id", "A toll id is <claimant>.<conflict>.<first day>, then .<population> and .<place> where it needs them."),
    fields.SERIES_ID: KeyForm("a series id of version 1", "A series id of version 1 is <claimant>.<conflict>.<place>.<first day>."),
    fields.COUNTRY: KeyForm("an ISO 3166-1 code", "Write the three capital letters of ISO 3166-1 alpha-3."),
    fields.LANGUAGE: KeyForm("an ISO 639 code", "Write a code of small letters. The code for English is 'en'."),
    fields.SHA256: KeyForm("a SHA-256", "A SHA-256 has 64 characters: 0-9 and a-f."),
    fields.WIKIDATA: KeyForm("a Wikidata id", "A Wikidata id is Q and a number."),
    "[1-9][0-9]*": KeyForm("a UCDP id", _DIGITS),
    # Imported datasets.
    NUMBER_KEY: KeyForm("a number", _DIGITS),
    "[0-9]+": KeyForm("a number", _DIGITS),
    "[0-9]{1,3}": KeyForm("a numeric ISO 3166-1 code", "Write one to three digits."),
    "(?:, ?)*[0-9]+(?:(?:, ?)+[0-9]+)*": _NUMBER_LIST,
    f"{NUMBER_KEY}(?:, ?{NUMBER_KEY})*": _NUMBER_LIST,
    "[1-4](?:, ?[1-4])*": KeyForm("a type of conflict of UCDP", "Write the digits 1 to 4, with commas between several types."),
    "[1-5](?:, ?[1-5])*": KeyForm("a region of UCDP", "Write the digits 1 to 5, with commas between several regions."),
    "-?[0-9]+": KeyForm("a number", _DIGITS),
    "[0-9]{12}": KeyForm("a GTD event id", "Write the twelve digits; a spreadsheet shortens them."),
    "[A-Z]{3}": KeyForm("an ISO 3166-1 code", "Write the three capital letters of ISO 3166-1 alpha-3."),
    "(?:[A-Z]{3}[0-9]+|[0-9]+[A-Z]{3})": KeyForm("an ACLED event id", "Write three capital letters and a number."),
}  # fmt: skip


def describe_pattern(pattern: str) -> KeyForm:
    """Return the form that a pattern requires."""
    return _FORMS.get(pattern) or KeyForm("of that form", f"The form is {pattern}.")


def describe_form(c: Constraint) -> KeyForm:
    """Return the form that a column requires."""
    form = describe_pattern(c.pattern)
    return form._replace(noun=NOUNS.get(find_named_table(c), form.noun))


def find_named_table(c: Constraint) -> str:
    """Return the table whose ids a column holds, as a foreign key or as its own key.

    Returns "" for a code, and for a column with ids of several tables.
    """
    return c.references or {f"{noun.split()[1]}_id": table for table, noun in NOUNS.items()}.get(c.column, "")
