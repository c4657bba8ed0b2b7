"""Entries for a terminal: rich text, plain where there is no terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from rich.console import Console
from rich.text import Text

from conflictdata.reporters.rule_markdown import FOLDER, waiver
from conflictdata.rules.explanations import GROUPS, Entry, Shown, Told, groups

WIDEST = 100  # characters of a line of prose

_STYLES = {"error": "bold red", "warning": "bold yellow"}


def render(item: Entry, console: Console) -> None:
    """Print one entry."""
    head = Text.assemble((item.id, "bold cyan"), "  ", (item.severity, _STYLES[item.severity]))
    head.append(", can be waived" if item.waivable else ", never waived", style="dim")
    if item.imported:
        head.append(f"; of imported records: {item.imported}", style="dim")
    console.print(head, soft_wrap=True)
    console.print(Text(f"{item.title}."), soft_wrap=True)
    _heading(console, "Why")
    _words(console, item.why)
    if item.reads:
        _heading(console, "Reads")
        for table, columns in item.reads.items():
            _words(console, f"{table}: {', '.join(columns)}")
        if item.needs:
            _words(console, f"for comparison: {', '.join(item.needs)}")
    if item.told:
        _heading(console, "Bad", "red")
        _pieces(console, item.bad)
        _told(console, item, item.told)
        _heading(console, "Good", "green")
        _pieces(console, item.good)
    else:
        _heading(console, "Example")
        _words(console, item.unseen)
    _heading(console, "Fix")
    _words(console, item.fix)
    if item.waivable:
        _heading(console, "Waive")
        _words(console, "Where the page itself says so, in seeds/waivers.yaml (docs/waivers.md says who decides):")
        _code(console, "\n".join(waiver(item)))
    console.print()
    console.print(Text(f"{FOLDER}/{item.id}.md", style="dim"), soft_wrap=True)


def _heading(console: Console, word: str, style: str = "") -> None:
    console.print()
    console.print(Text(word, style=f"bold {style}".strip()))


def _words(console: Console, words: str) -> None:
    margin = " " * 2
    lines = textwrap.wrap(words, min(console.width, WIDEST), initial_indent=margin, subsequent_indent=margin)
    console.print(Text("\n".join(lines)), soft_wrap=True)


def _code(console: Console, text: str) -> None:
    for line in text.splitlines():
        # Not wrapped: what is shown can be copied.
        console.print(Text(f"    {line}"), soft_wrap=True)


def _pieces(console: Console, pieces: Iterable[Shown]) -> None:
    for piece in pieces:
        ending = ":" if piece.text else ", with nothing in it"
        console.print(Text(f"  {piece.where}{ending}", style="dim"), soft_wrap=True)
        _code(console, piece.text)


def _told(console: Console, item: Entry, told: Told) -> None:
    console.print(Text(f"  gives, at line {told.line} of it:" if told.line else "  gives:", style="dim"))
    said = Text("    ")
    said.append(item.severity, style=_STYLES[item.severity])
    said.append(f"[{told.rule}] ", style="cyan")
    said.append(told.message)
    console.print(said, soft_wrap=True)


def render_list(listed: Iterable[Entry], console: Console) -> None:
    """Print entries by table, one line each."""
    known = list(listed)
    width = max(len(item.id) for item in known)
    for group, members in groups(known):
        console.print(Text(GROUPS.get(group, group), style="bold"))
        for item in members:
            line = Text.assemble(
                (f"  {item.id:<{width}}  ", "cyan"),
                (f"{item.severity:<7}  ", _STYLES[item.severity]),
                (f"{'waivable' if item.waivable else '':<8}  ", "dim"),
                item.title,
            )
            console.print(line, soft_wrap=True)
        console.print()
    closing = "conflictdata explain RULE says why, with an example; conflictdata explain TABLE lists one table"
    console.print(Text(closing, style="dim"), soft_wrap=True)
