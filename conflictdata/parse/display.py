"""The reading on a terminal: doubts first, then the text with its numbers marked, then the tree."""

from __future__ import annotations

from rich.console import Console, Group
from rich.text import Text
from rich.tree import Tree

from conflictdata.parse.model import Draft, Reading
from conflictdata.parse.seed import quantity

_STYLES = {
    "killed": "bold red",
    "injured": "bold yellow",
    "missing": "bold magenta",
    "displaced": "bold cyan",
    "killed_or_injured": "bold red",
}
_SHOWN = 40  # doubts


def show(reading: Reading, console: Console) -> None:
    """Prints a reading."""
    console.print(Group(_doubts(reading), _article(reading), *_trees(reading)), soft_wrap=True)


def _style(d: Draft) -> str:
    return _STYLES.get(d.outcome, "bold blue")


def _clean(text: str) -> str:
    """The text with control characters made blank: a page must not steer the terminal."""
    return "".join(c if c.isprintable() or c == "\n" else " " for c in text)


def _doubts(reading: Reading) -> Text:
    out = Text()
    if reading.doubts:
        out.append(f"{len(reading.doubts)} doubts\n", "bold")
    for d in reading.doubts[:_SHOWN]:
        out.append(f"  {d.start}-{d.end} ", "dim")
        out.append(_clean(d.text).replace("\n", " "), "italic")
        out.append(f": {_clean(d.reason)}\n")
    if len(reading.doubts) > _SHOWN:
        out.append(f"  and {len(reading.doubts) - _SHOWN} more\n", "dim")
    return out


def _article(reading: Reading) -> Text:
    out = Text(_clean(reading.document.text))
    for d in reading.drafts:
        out.stylize(_style(d) + " reverse", d.start, d.end)
    out.append("\n")
    return out


def _trees(reading: Reading) -> list[Tree | Text]:
    if not reading.drafts:
        return [Text("no casualty claim found", "dim")]
    nodes: dict[int, Tree] = {}
    roots: list[Tree | Text] = []
    waiting = list(range(len(reading.drafts)))
    for i in sorted(waiting, key=lambda k: _depth(reading.drafts, k)):
        d = reading.drafts[i]
        if d.parent is None:
            nodes[i] = Tree(_label(d, top=True), guide_style="dim")
            roots.append(nodes[i])
        else:
            nodes[i] = nodes[d.parent].add(_label(d, top=False))
    return roots


def _depth(drafts: list[Draft], i: int) -> int:
    depth, seen = 0, {i}
    parent = drafts[i].parent
    while parent is not None and parent not in seen:
        seen.add(parent)
        depth, parent = depth + 1, drafts[parent].parent
    return depth


def _label(d: Draft, *, top: bool) -> Text:
    out = Text()
    out.append(f"{d.outcome} " if top else "", _style(d))
    out.append(quantity(d), "bold")
    who = d.actor or d.group.word or d.noun or d.group.category
    out.append(f" {_clean(who)}")
    if d.relation in ("part", "additional"):
        out.append(f" ({d.relation})", "dim")
    if top:
        out.append(f"  {_clean(d.claimant_id or d.claimant or 'unspecified')}", "green")
        days = " to ".join(dict.fromkeys(x.isoformat() for x in (d.window.start, d.window.end) if x))
        out.append(f"  {d.window.kind} {days}".rstrip(), "dim")
        out.append(f"  {d.location}" if d.location else "", "dim")
    out.append(f"  [{d.start}-{d.end}]", "dim")
    return out
