"""Rules as text for a terminal, without styles if the output is not a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from rich.console import Console
from rich.text import Text

from conflictdata.reporters.rule_markdown import FOLDER, format_waiver
from conflictdata.rules.explanations import ExampleFinding, ExamplePart, Explanation, group_explanations

WIDEST = 100  # characters per line of prose

_STYLES = {"error": "bold red", "warning": "bold yellow"}


def render(item: Explanation, console: Console) -> None:
    """Print the explanation of one rule."""
    head = Text.assemble((item.id, "bold cyan"), "  ", (item.severity, _STYLES[item.severity]))
    head.append(", can be waived" if item.waivable else ", never waived", style="dim")
    if item.imported:
        head.append(f"; of imported records: {item.imported}", style="dim")
    console.print(head, soft_wrap=True)
    console.print(Text(f"{item.title}."), soft_wrap=True)
    _print_heading(console, "Why")
    _print_prose(console, item.why)
    if item.reads:
        _print_heading(console, "Reads")
        for table, columns in item.reads.items():
            _print_prose(console, f"{table}: {', '.join(columns)}")
        if item.needs:
            _print_prose(console, f"for comparison: {', '.join(item.needs)}")
    if item.finding:
        _print_heading(console, "Bad", "red")
        _print_example(console, item.bad)
        _print_message(console, item, item.finding)
        _print_heading(console, "Good", "green")
        _print_example(console, item.good)
    else:
        _print_heading(console, "Example")
        _print_prose(console, item.unseen)
    _print_heading(console, "Fix")
    _print_prose(console, item.fix)
    if item.waivable:
        _print_heading(console, "Waive")
        _print_prose(
            console, "Where the page itself says so, in seeds/waivers.yaml (docs/waivers.md says who decides):"
        )
        _print_code(console, "\n".join(format_waiver(item)))
    console.print()
    console.print(Text(f"{FOLDER}/{item.id}.md", style="dim"), soft_wrap=True)


def _print_heading(console: Console, word: str, style: str = "") -> None:
    console.print()
    console.print(Text(word, style=f"bold {style}".strip()))


def _print_prose(console: Console, words: str) -> None:
    margin = " " * 2
    lines = textwrap.wrap(words, min(console.width, WIDEST), initial_indent=margin, subsequent_indent=margin)
    console.print(Text("\n".join(lines)), soft_wrap=True)


def _print_code(console: Console, text: str) -> None:
    for line in text.splitlines():
        # Not wrapped, so that readers can copy it.
        console.print(Text(f"    {line}"), soft_wrap=True)


def _print_example(console: Console, pieces: Iterable[ExamplePart]) -> None:
    for piece in pieces:
        ending = ":" if piece.text else ", with nothing in it"
        console.print(Text(f"  {piece.where}{ending}", style="dim"), soft_wrap=True)
        _print_code(console, piece.text)


def _print_message(console: Console, item: Explanation, message: ExampleFinding) -> None:
    console.print(Text(f"  gives, at line {message.line} of it:" if message.line else "  gives:", style="dim"))
    text = Text("    ")
    text.append(item.severity, style=_STYLES[item.severity])
    text.append(f"[{message.rule}] ", style="cyan")
    text.append(message.message)
    console.print(text, soft_wrap=True)


def render_list(listed: Iterable[Explanation], console: Console) -> None:
    """Print the rules by table, one line each."""
    explanations = list(listed)
    width = max(len(item.id) for item in explanations)
    for _, members in group_explanations(explanations):
        console.print(Text(members[0].heading, style="bold"))
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
