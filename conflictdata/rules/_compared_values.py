"""What a waiver repeats: the values that a rule compared, as a short text (`Rule.found`).

A waiver holds the text letter for letter. So nothing here is shared with messages, which may be reworded, and a change of a text
makes every waiver that holds it an error.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from typing import Any

from conflictdata.rules.base import Row, Rule

LONGEST = 280  # characters, as in the texts of the tables
_MARK = 8  # characters of the hash that ends a longer text

_WORDS = {
    "exact": "", "at_least": "at least ", "more_than": "more than ", "about": "about ", "nearly": "nearly ", "up_to": "up to ",
}  # fmt: skip


class _Shown(dict[str, Any]):
    """A row for a template: an empty cell is `nothing`."""

    def __getitem__(self, name: str) -> Any:
        value = super().__getitem__(name)
        return "nothing" if value is None else value


def make_found(rule: Rule, row: Row) -> str:
    """Return the values that a rule compared in a row that failed it, or "" for a rule that is never waived.

    Args:
        rule: The rule.
        row: The judged row, with the columns that `Rule.explain` adds.
    """
    if not rule.may_be_waived:
        return ""
    made = rule.found(row) if callable(rule.found) else rule.found.format_map(_Shown(row))
    text = " ".join(made.split())  # as `conflictdata fmt` leaves it
    if len(text) <= LONGEST:
        return text
    mark = hashlib.sha256(text.encode()).hexdigest()[:_MARK]
    return f"{text[: LONGEST - _MARK - 2]}… {mark}"


def write_quantity(row: Mapping[str, Any], of: str = "") -> str:
    """Write a figure's number as a seed does: `1311`, `at least 727`, `5 to 8`, `62%`, `dozens`.

    Args:
        row: A row with the columns of a number: qualifier, low, best, high, and share where it may be one.
        of: Prefix of these columns.
    """
    word = str(row[f"{of}qualifier"])
    low, best, high = (row[f"{of}{column}"] for column in ("low", "best", "high"))
    if word == "range":
        return f"{low} to {high}"
    share = row.get(f"{of}share")
    number = f"{share:g}%" if share is not None else next((n for n in (best, low, high) if n is not None), None)
    return word if number is None else f"{_WORDS.get(word, f'{word} ')}{number}"


def write_sum(low: int, high: int | None) -> str:
    """Write a sum with its bounds: `1306`, `5 to 8`, or `at least 10` without an upper bound."""
    if high is None:
        return f"at least {low}"
    return str(low) if low == high else f"{low} to {high}"


def write_days(first: dt.date | None, last: dt.date | None) -> str:
    """Write a span of days: `2024-11-27/2024-12-05`, `2024-11-27`, or `2024-11-27/..` with an open end."""
    if first == last:
        return str(first)
    return f"{first or '..'}/{last or '..'}"
