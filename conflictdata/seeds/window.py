"""Windows of time as people write them: `since`, `until`, `during`, `standing`, `projected`."""

from __future__ import annotations

from conflictdata.readers.records import Cell
from conflictdata.readers.yaml import Node
from conflictdata.seeds.walker import Walker

KEYS = ("since", "until", "during", "standing", "projected")
_SCOPE = {"since": "cumulative", "during": "period", "standing": "stock", "projected": "projection"}


def split_span(cell: Cell) -> tuple[Cell, Cell]:
    """`D/E` as its two days, `D` as that day twice."""
    first, slash, last = cell.text.partition("/")
    if not slash:
        return cell, cell
    return Cell(first, cell.line, cell.column), Cell(last, cell.line, cell.column + len(first) + 1)


def read_window(walker: Walker, nodes: dict[str, Node], event: bool, as_of: Cell | None, at: Node) -> dict[str, Cell]:
    """The window of a claim as `scope`, `period_start` and `period_end`."""
    words = [word for word in _SCOPE if word in nodes]
    if len(words) > 1:
        walker.report("seed.window", f"a claim has one window; this one has {' and '.join(words)}", nodes[words[1]])
        return {}
    if not words:
        if event:
            if "until" in nodes:
                walker.report("seed.window", "`until` goes with `since` only", nodes["until"])
            return {"scope": Cell("event")}
        walker.report("seed.window", "the claim has no window", at)
        return {}
    word = words[0]
    cell = walker.read_cell(nodes[word], word)
    if cell is None:
        return {}
    start, end = split_span(cell)
    if word == "since":
        if "/" in cell.text:
            hint = f"Write `since: {start.text}` and `until: {end.text}`."
            walker.report("seed.window", "`since` holds one day", nodes["since"], value=cell.text, hint=hint)
        until = walker.read_cell(nodes["until"], "until") if "until" in nodes else as_of
        end = until or Cell("")
    elif "until" in nodes:
        walker.report("seed.window", "`until` goes with `since` only", nodes["until"])
    # Beside `event`, `during` gives the event's days as this page has them.
    scope = "event" if event and word == "during" else _SCOPE[word]
    return {"scope": Cell(scope, cell.line, cell.column), "period_start": start, "period_end": end}


def read_figure_window(walker: Walker, nodes: dict[str, Node]) -> dict[str, Cell]:
    """The window of a figure, where it differs from the claim's."""
    cells: dict[str, Cell] = {}
    if "during" in nodes and (cell := walker.read_cell(nodes["during"], "during")):
        cells["period_start"], cells["period_end"] = split_span(cell)
    for word, column in (("since", "period_start"), ("until", "period_end")):
        if word in nodes and (cell := walker.read_cell(nodes[word], word)):
            cells[column] = cell
    return cells
