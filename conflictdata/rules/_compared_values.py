"""Text of the values that a rule compared (`Rule.found`), which a waiver repeats.

A waiver contains this text letter for letter. So messages, which may be reworded, are not used here. A changed
text makes every waiver that contains it invalid.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from typing import Any

from conflictdata.rules.base import Row, Rule

LONGEST = 280  # characters, like the texts of the tables
_MARK = 8  # characters of the hash at the end of a longer text

_WORDS = {
    "exact": "", "at_least": "at least ", "more_than": "more than ", "about": "about ", "nearly": "nearly ", "up_to": "up to ",
}  # fmt: skip


class _Shown(dict[str, Any]):
    """Row for a template. An empty cell gives `nothing`."""

    def __getitem__(self, name: str) -> Any:
        value = super().__getitem__(name)
        return "nothing" if value is None else value


def make_found(rule: Rule, row: Row) -> str:
    """Return the values that a rule compared in a row that failed it.

    Args:
        rule: The rule.
        row: The failed row, with the columns that `Rule.explain` adds.

    Returns:
        The text, shortened with a hash if it is too long; "" for a rule that cannot be waived.
    """
    if not rule.may_be_waived:
        return ""
    compared = rule.found(row) if callable(rule.found) else rule.found.format_map(_Shown(row))
    text = " ".join(compared.split())  # the form that `conflictdata fmt` gives it
    if len(text) <= LONGEST:
        return text
    mark = hashlib.sha256(text.encode()).hexdigest()[:_MARK]
    return f"{text[: LONGEST - _MARK - 2]}… {mark}"


def write_quantity(row: Mapping[str, Any], of: str = "") -> str:
    """Return a figure's number as a seed writes it: `1311`, `at least 727`, `dozens`.

    Args:
        row: A row with the columns qualifier, low, best, high, and share if it may be a share.
        of: Prefix of these columns.
    """
    word = str(row[f"{of}qualifier"])
    low, best, high = (row[f"{of}{column}"] for column in ("low", "best", "high"))
    if word == "range":
        return f"{low} to {high}"
    share = row.get(f"{of}share")
    number = f"{share:g}%" if share is not None else next((n for n in (best, low, high) if n is not None), None)
    return word.replace("_", " ") if number is None else f"{_WORDS.get(word, f'{word} ')}{number}"


def write_sum(low: int, high: int | None) -> str:
    """Return a sum with its bounds: `1306`, `5 to 8`, or `at least 10` if unbounded."""
    if high is None:
        return f"at least {low}"
    return str(low) if low == high else f"{low} to {high}"


def write_days(first: dt.date | None, last: dt.date | None) -> str:
    """Return a span of days: `2024-11-27`, `2024-11-27/2024-12-05` or `2024-11-27/..`."""
    if first == last:
        return str(first)
    return f"{first or '..'}/{last or '..'}"
