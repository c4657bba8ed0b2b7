"""Show a parse result in a terminal: review notes, marked text, trees."""

from __future__ import annotations

from rich.console import Console, Group
from rich.text import Text
from rich.tree import Tree

from conflictdata.parse.model import DraftFigure, ParseResult, ReviewNote
from conflictdata.parse.seed import format_draft_quantity

_STYLES = {
    "killed": "bold red",
    "injured": "bold yellow",
    "missing": "bold magenta",
    "displaced": "bold cyan",
    "killed_or_injured": "bold red",
}
_MAX_NOTES = 40


def print_result(result: ParseResult, console: Console, *, minor: bool = False) -> None:
    """Print a parse result to a console.

    Args:
        result: The parse result.
        console: The console.
        minor: Whether dates, ages and the like are listed among the doubts.
    """
    console.print(
        Group(_format_notes(result.list_notes(minor=minor)), _render_article(result), *_build_trees(result)),
        soft_wrap=True,
    )


def _choose_style(d: DraftFigure) -> str:
    return _STYLES.get(d.outcome, "bold blue")


def _clean_text(text: str) -> str:
    """Replace control characters, so that a page cannot control the terminal."""
    return "".join(c if c.isprintable() or c == "\n" else " " for c in text)


def _format_notes(notes: list[ReviewNote]) -> Text:
    out = Text()
    if notes:
        out.append(f"{len(notes)} {'doubt' if len(notes) == 1 else 'doubts'}\n", "bold")
    for d in notes[:_MAX_NOTES]:
        out.append(f"  {d.start}-{d.end} ", "dim")
        out.append(_clean_text(d.text).replace("\n", " "), "italic")
        out.append(f": {_clean_text(d.reason)}\n")
    if len(notes) > _MAX_NOTES:
        out.append(f"  and {len(notes) - _MAX_NOTES} more\n", "dim")
    return out


def _render_article(result: ParseResult) -> Text:
    out = Text(_clean_text(result.document.text))
    for d in result.drafts:
        out.stylize(_choose_style(d) + " reverse", d.start, d.end)
    out.append("\n")
    return out


def _build_trees(result: ParseResult) -> list[Tree | Text]:
    if not result.drafts:
        return [Text("no casualty claim found", "dim")]
    nodes: dict[int, Tree] = {}
    roots: list[Tree | Text] = []
    waiting = list(range(len(result.drafts)))
    for i in sorted(waiting, key=lambda k: _measure_depth(result.drafts, k)):
        d = result.drafts[i]
        if d.parent is None:
            nodes[i] = Tree(_format_label(d, top=True), guide_style="dim")
            roots.append(nodes[i])
        else:
            nodes[i] = nodes[d.parent].add(_format_label(d, top=False))
    return roots


def _measure_depth(drafts: list[DraftFigure], i: int) -> int:
    depth, visited = 0, {i}
    parent = drafts[i].parent
    while parent is not None and parent not in visited:
        visited.add(parent)
        depth, parent = depth + 1, drafts[parent].parent
    return depth


def _format_label(d: DraftFigure, *, top: bool) -> Text:
    out = Text()
    out.append(f"{d.outcome} " if top else "", _choose_style(d))
    out.append(format_draft_quantity(d), "bold")
    who = d.actor or d.group.word or d.noun or d.group.category
    out.append(f" {_clean_text(who)}")
    if d.relation in ("part", "additional"):
        out.append(f" ({d.relation})", "dim")
    if top:
        out.append(f"  {_clean_text(d.claimant_id or d.claimant or 'unspecified')}", "green")
        days = " to ".join(dict.fromkeys(x.isoformat() for x in (d.window.start, d.window.end) if x))
        out.append(f"  {d.window.kind} {days}".rstrip(), "dim")
        out.append(f"  {d.location}" if d.location else "", "dim")
    out.append(f"  [{d.start}-{d.end}]", "dim")
    return out
