"""Arguments of the operations: names to ids, days, outcomes; numbers with the words that belong to them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from conflictdata._utils.suggest import ask_whether, find_closest
from conflictdata.analysis.records import Records
from conflictdata.analysis.refused import Refused
from conflictdata.findings import UsageError
from conflictdata.registers.folding import escape_hidden
from conflictdata.schema import vocabularies

READING_KINDS = ("stated", "counted")
_TABLES = {"actor": "actors", "place": "places", "event": "events", "conflict": "conflicts", "toll": "tolls"}
_MARKS = {
    "exact": "{}", "at_least": "at least {}", "more_than": "more than {}", "about": "about {}", "nearly": "nearly {}",
    "up_to": "up to {}",
}  # fmt: skip


def find_record(records: Records, kind: str, text: str) -> str:
    """Return the id of an actor, place, event, conflict or toll by its id or a name.

    Raises:
        UsageError: If no record, or more than one, has that name. The message shows the nearest.
    """
    known: dict[str, Any] = getattr(records, _TABLES[kind])
    if text in known:
        return text
    if not isinstance(text, str) or not text.strip():
        raise UsageError(f"{kind} is {text!r}; write an id or a name")
    for finder in records.finders:
        if (found := finder.find_id(text, kind)) and found in known:
            return str(found)
    matches = (match for finder in records.finders for match in finder.find_nearest(text, kind=kind))
    nearest = list({match.id: match for match in matches if match.id in known}.values())
    if not nearest and records.collection:
        raise UsageError(_offer_records(records, kind, text, known))
    hint = ask_whether(*(f"{match.id} ({match.name})" for match in nearest))
    hint = hint or f"`conflictdata find NAME --kind {kind}` looks one up."
    raise UsageError(f"there is no {kind} {escape_hidden(text[:60])!r}. {hint}")


def _offer_records(records: Records, kind: str, text: str, known: Iterable[str]) -> str:
    """Return the message that a collection, which has few records, has none of this name."""
    offer = f"It has: {', '.join(sorted(known))}." if known else "It has none at all."
    return f"there is no {kind} {escape_hidden(text[:60])!r} in the collection {records.collection}. {offer}"


def read_day(name: str, value: Any) -> dt.date:
    """Return a day.

    Args:
        name: Name of the argument, for the message.
        value: A date, a datetime or a text such as 2024-12-01.

    Raises:
        UsageError: If it is not a day.
    """
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    try:
        if len(str(value)) != len("2024-12-01"):
            raise ValueError
        return dt.date.fromisoformat(str(value))
    except ValueError:
        raise UsageError(f"{name} is {escape_hidden(str(value)[:40])!r}, not a day; write it as 2024-12-01") from None


def read_window(since: Any, until: Any) -> tuple[dt.date, dt.date]:
    """Return the first and the last day of a window.

    Raises:
        Refused: If it ends before it begins.
    """
    first, last = read_day("since", since), read_day("until", until)
    if last < first:
        raise Refused(
            ["impossible-window"],
            f"the window ends on {last}, before it begins on {first}.",
            choices=[f"since={last} and until={first}"],
        )
    return first, last


_TERMS = {"outcome": vocabularies.OUTCOME, "unit": vocabularies.UNIT, "basis": vocabularies.BASIS}


def check_term(name: str, value: Any) -> str:
    """Return an outcome, a unit or a basis.

    Args:
        name: `outcome`, `unit` or `basis`.
        value: The word.

    Raises:
        Refused: If there are several.
        UsageError: If the word does not exist. The message suggests the nearest.
    """
    known = [term.term for term in _TERMS[name].terms]
    words = (
        [str(word) for word in value]
        if isinstance(value, list | tuple | set)
        else str(value).replace("+", ",").split(",")
    )
    words = [word.strip() for word in words]
    if len(words) > 1 and all(word in known for word in words):
        raise Refused(
            [name],
            f"an answer has one {name}, not {', '.join(words)}.",
            [{"code": name, name: word} for word in words],
            [f"{name}={word}" for word in words],
        )
    if words[0] not in known or len(words) > 1:
        wrong = next((word for word in words if word not in known), words[0])
        hint = ask_whether(find_closest(wrong, known)) or f"There are: {', '.join(known)}."
        raise UsageError(f"there is no {name} {escape_hidden(wrong[:40])!r}. {hint}")
    return words[0]


def check_reading(reading: str) -> str:
    """Return a reading.

    Raises:
        UsageError: If the reading does not exist.
    """
    if reading not in READING_KINDS:
        raise UsageError(f"there is no reading {str(reading)[:40]!r}. There are: {', '.join(READING_KINDS)}.")
    return reading


def write_number(qualifier: str, n: int | None, high: int | None = None, share: float | None = None) -> str:
    """Return a number with the word that belongs to it, such as "at least 1,420"."""
    if qualifier == "range":
        return f"{n:,} to {high:,}"
    if n is None:
        if share is not None:
            return f"{share:g} %"
        return "number not stated" if qualifier == "unstated" else qualifier
    return _MARKS.get(qualifier, "{}").format(f"{n:,}")


def join(values: Iterable[str | None]) -> str | None:
    """Return the different values in order, joined by `|`; None if there are none."""
    return "|".join(dict.fromkeys(value for value in values if value)) or None
