"""Typing errors that turn one number or day into another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

EXCHANGED = "two digits exchanged"
OTHER = "one digit changed"
LONGER = "one 0 too many"
SHORTER = "one 0 too few"


def describe_digit_slip(coded: int, intended: int) -> str:
    """Return the typing error that turns `intended` into `coded`, in words, or "".

    One error is one changed digit (in a number of at least two), two neighbouring digits exchanged, or one 0 too
    many or too few.
    """
    a, b = str(coded), str(intended)
    if coded == intended or min(coded, intended) < 1:
        return ""
    if a == b + "0" or b == a + "0":
        return LONGER if len(a) > len(b) else SHORTER
    differ = [i for i in range(len(a)) if a[i] != b[i]] if len(a) == len(b) else []
    if len(differ) == 1:
        return OTHER if len(a) > 1 else ""
    neighbours = len(differ) == 2 and differ[1] == differ[0] + 1
    return EXCHANGED if neighbours and sorted(a) == sorted(b) else ""


def list_possible_numbers(coded: int) -> list[int]:
    """Return every number that one typing error turns into `coded`, sorted."""
    digits = str(coded)
    other = {digits[:i] + d + digits[i + 1 :] for i in range(len(digits)) for d in "0123456789"}
    turned = {digits[:i] + digits[i + 1] + digits[i] + digits[i + 2 :] for i in range(len(digits) - 1)}
    zeros = {digits.removesuffix("0"), digits + "0"}
    numbers = {int(n) for n in other | turned | zeros if n and not n.startswith("0")}
    return sorted(numbers - {coded})


def _iterate_possible_days(day: dt.date) -> Iterator[tuple[dt.date, str]]:
    for year in (day.year + 1, day.year - 1):
        try:
            yield day.replace(year=year), "another year"
        except ValueError:
            continue  # 29 February
    if day.day <= 12 and day.day != day.month:
        yield dt.date(day.year, day.day, day.month), "month and day exchanged"


def find_day_slip(day: dt.date, first: dt.date, last: dt.date) -> tuple[dt.date, str] | None:
    """Return the latest day in a span that one typing error turns into `day`.

    One error is the year before or after, or month and day exchanged.

    Returns:
        The intended day from `first` to `last`, and the error in words. None if no error fits.
    """
    matches = [(intended, slip) for intended, slip in _iterate_possible_days(day) if first <= intended <= last]
    return max(matches, default=None)


def describe_day_slip(day: dt.date, other: str) -> str:
    """Return the typing error between two days as ` (another year)`, or ""."""
    error = next((slip for intended, slip in _iterate_possible_days(day) if str(intended) == other), "")
    return f" ({error})" if error else ""
