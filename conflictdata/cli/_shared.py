"""Helpers of several commands: consoles, exit codes, the bar, printing a report."""

from __future__ import annotations

import datetime as dt
import io
import os
import sys
from collections.abc import Collection, Iterable
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from conflictdata._utils.regular_files import read_at_most
from conflictdata.cli._bar import show_progress
from conflictdata.findings import Report, UsageError
from conflictdata.registers.folding import escape_hidden
from conflictdata.reporters import FORMS

if TYPE_CHECKING:
    from rich.console import Console

__all__ = [
    "CLEAN",
    "FINDINGS",
    "LIST_OF_FORMS",
    "TEXT",
    "UNUSABLE",
    "Format",
    "open_console",
    "parse_day",
    "print_line",
    "print_note",
    "read_utf8",
    "show",
    "show_progress",
]

CLEAN, FINDINGS, UNUSABLE = 0, 1, 2
LARGEST = 200_000_000  # bytes of a text
NARROWEST, WIDEST = 20, 1_000  # columns of a terminal


class Format(str, Enum):
    """Formats of a report."""

    _ignore_ = "form"
    for form in FORMS:
        vars()[form] = form


TEXT = Format("text")


def join_words(words: Iterable[str]) -> str:
    """Return words as a list in a sentence: `a, b or c`."""
    *first, last = words
    return f"{', '.join(first)} or {last}"


LIST_OF_FORMS = f"{join_words(FORMS)}."


def open_console() -> Console:
    """Return the console for results."""
    # A terminal that cannot encode a name must not abort a check.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    from rich.console import Console

    return Console(highlight=False, width=read_width())


def read_width() -> int | None:
    """Return the width of the terminal that COLUMNS gives, within reason; None if it gives none."""
    text = os.environ.get("COLUMNS", "")
    return min(max(int(text[:9]), NARROWEST), WIDEST) if text.isascii() and text.isdigit() else None


def print_note(text: str) -> None:
    """Print a line to stderr, with hidden characters written out."""
    if isinstance(sys.stderr, io.TextIOWrapper):
        sys.stderr.reconfigure(errors="backslashreplace")
    print(escape_hidden(text), file=sys.stderr)


def print_line(text: object) -> None:
    """Print a line to stdout, with hidden characters written out."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    print(escape_hidden(str(text)))


def read_utf8(file: Path) -> str:
    """Return the text of a file.

    Raises:
        UsageError: If it is not a regular file in UTF-8, or larger than 200 MB.
    """
    try:
        data = read_at_most(file, LARGEST)
        if len(data) > LARGEST:
            raise UsageError(f"{file} is larger than {LARGEST:,} bytes")
        return data.decode("utf-8")
    except UnicodeDecodeError as fault:
        raise UsageError(f"{file} is not UTF-8: byte 0x{data[fault.start]:02x} at offset {fault.start:,}") from None


def describe_unknown_form(name: str, known: Collection[str]) -> str:
    """Return a message that `--report` has no such form, with the known forms."""
    from conflictdata._utils.suggest import ask_whether, find_close

    guess = f"{ask_whether(*find_close(name, known, least=0.6))} ".lstrip()
    return f"--report: there is no form {name!r}. {guess}Forms: {', '.join(known)}"


def show(report: Report, form: Format, *, errors_only: bool = False, concise: bool = False) -> None:
    """Print a report to stdout. `errors_only` and `concise` affect only the text format."""
    if form is TEXT:
        from conflictdata.reporters import text
        from conflictdata.reporters.excerpt import Excerpts

        console = open_console()
        text.render(report, console, errors_only=errors_only, concise=concise, excerpts=Excerpts(console.width))
    else:
        from conflictdata.reporters import render

        # Programs read the other formats, always as UTF-8.
        sys.stdout.flush()
        sys.stdout.buffer.write(render(report, form.value).encode())
        sys.stdout.buffer.flush()


def parse_day(text: str | None) -> dt.date | None:
    """Return the day of `--released`.

    Raises:
        UsageError: If the text is not a day.
    """
    try:
        return None if text is None else dt.date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"--released {text}: write the day as 2025-06-30") from None
