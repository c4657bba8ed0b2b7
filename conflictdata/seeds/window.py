"""Time windows as seeds write them: `since`, `until`, `during` and others."""

from __future__ import annotations

import re

from conflictdata.readers.records import Cell
from conflictdata.readers.yaml import Node
from conflictdata.seeds.walker import Walker

KEYS = ("since", "until", "during", "standing", "projected")
_SCOPE = {"since": "cumulative", "during": "period", "standing": "stock", "projected": "projection"}

# Two days with another mark between them than a slash.
_TWO_DAYS = re.compile(
    r"(?P<first>\d{4}-\d\d-\d\d)(?: ?(?:-|–|—|,|;|\.\.+) ?| to | until | and | / )(?P<last>\d{4}-\d\d-\d\d)"
)


def has_slash(walker: Walker, node: Node, word: str, cell: Cell) -> bool:
    """Return whether a span has no other mark than the slash between its days. Report the others.

    Args:
        walker: The reader of the file.
        node: The span.
        word: Key of the span.
        cell: Text of the span.
    """
    if not (hit := _TWO_DAYS.fullmatch(cell.text)):
        return True
    hint = f"Write `{word}: {hit['first']}/{hit['last']}`."
    walker.report("seed.window", "a slash without spaces separates two days", node, value=cell.text, hint=hint)
    return False


def split_span(cell: Cell) -> tuple[Cell, Cell]:
    """Return the first and last day of `D/E`. For one day `D`, return it twice."""
    first, slash, last = cell.text.partition("/")
    if not slash:
        return cell, cell
    return Cell(first, cell.line, cell.column), Cell(last, cell.line, cell.column + len(first) + 1)


def read_window(walker: Walker, nodes: dict[str, Node], event: bool, as_of: Cell | None, at: Node) -> dict[str, Cell]:
    """Return the window of a claim as `scope`, `period_start` and `period_end`.

    Args:
        walker: The reader of the file.
        nodes: Values of the claim, by key.
        event: Whether the claim belongs to an event.
        as_of: The day of the count, which ends a `since` window without `until`.
        at: The node of the finding for a missing window.
    """
    words = [word for word in _SCOPE if word in nodes]
    if len(words) > 1:
        walker.report("seed.window", f"a claim has one window; this one has {' and '.join(words)}", nodes[words[1]])
        return {}
    if not words:
        if event:
            if "until" in nodes:
                walker.report("seed.window", "`until` goes with `since` only", nodes["until"])
            named = nodes["event"]
            return {"scope": Cell("event", named.line, named.column)}
        walker.report("seed.window", "the claim has no window", at)
        return {}
    word = words[0]
    cell = walker.read_cell(nodes[word], word)
    if cell is None or not has_slash(walker, nodes[word], word, cell):
        return {}
    start, end = split_span(cell)
    if word == "since":
        if "/" in cell.text:
            hint = f"Write `since: {start.text}` and `until: {end.text}`."
            walker.report("seed.window", "`since` holds one day", nodes["since"], value=cell.text, hint=hint)
        end = (walker.find_cell(nodes, "until") if "until" in nodes else as_of) or Cell("")
    elif "until" in nodes:
        walker.report("seed.window", "`until` goes with `since` only", nodes["until"])
    # If the claim has an `event`, `during` gives the days of the event according to this page.
    scope = "event" if event and word == "during" else _SCOPE[word]
    return {"scope": Cell(scope, cell.line, cell.column), "period_start": start, "period_end": end}


def read_figure_window(walker: Walker, nodes: dict[str, Node]) -> dict[str, Cell]:
    """Return the window of a figure, if it differs from the claim's."""
    cells: dict[str, Cell] = {}
    cell = walker.find_cell(nodes, "during")
    if cell and has_slash(walker, nodes["during"], "during", cell):
        cells["period_start"], cells["period_end"] = split_span(cell)
    for word, column in (("since", "period_start"), ("until", "period_end")):
        if cell := walker.find_cell(nodes, word):
            cells[column] = cell
    return cells
