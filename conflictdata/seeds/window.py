"""Windows of time as people write them: `since`, `until`, `during`, `standing`, `projected`."""

from __future__ import annotations

from conflictdata.readers.records import Cell
from conflictdata.readers.yaml import Node
from conflictdata.seeds.walker import Walker

KEYS = ("since", "until", "during", "standing", "projected")
_SCOPE = {"since": "cumulative", "during": "period", "standing": "stock", "projected": "projection"}


def span(cell: Cell) -> tuple[Cell, Cell]:
    """`D/E` as its two days, `D` as that day twice."""
    first, slash, last = cell.text.partition("/")
    if not slash:
        return cell, cell
    return Cell(first, cell.line, cell.column), Cell(last, cell.line, cell.column + len(first) + 1)


def read_window(walker: Walker, given: dict[str, Node], event: bool, as_of: Cell | None, at: Node) -> dict[str, Cell]:
    """The window of a claim as `scope`, `period_start` and `period_end`."""
    words = [word for word in _SCOPE if word in given]
    if len(words) > 1:
        walker.report("seed.window", f"a claim has one window; this one has {' and '.join(words)}", given[words[1]])
        return {}
    if not words:
        if event:
            if "until" in given:
                walker.report("seed.window", "`until` goes with `since` only", given["until"])
            return {"scope": Cell("event")}
        walker.report("seed.window", "the claim has no window", at)
        return {}
    word = words[0]
    cell = walker.cell(given[word], word)
    if cell is None:
        return {}
    start, end = span(cell)
    if word == "since":
        if "/" in cell.text:
            hint = f"Write `since: {start.text}` and `until: {end.text}`."
            walker.report("seed.window", "`since` holds one day", given["since"], value=cell.text, hint=hint)
        until = walker.cell(given["until"], "until") if "until" in given else as_of
        end = until or Cell("")
    elif "until" in given:
        walker.report("seed.window", "`until` goes with `since` only", given["until"])
    # Beside `event`, `during` gives the event's days as this page has them.
    scope = "event" if event and word == "during" else _SCOPE[word]
    return {"scope": Cell(scope, cell.line, cell.column), "period_start": start, "period_end": end}


def read_own_window(walker: Walker, given: dict[str, Node]) -> dict[str, Cell]:
    """The window of a figure, where it differs from the claim's."""
    cells: dict[str, Cell] = {}
    if "during" in given and (cell := walker.cell(given["during"], "during")):
        cells["period_start"], cells["period_end"] = span(cell)
    for word, column in (("since", "period_start"), ("until", "period_end")):
        if word in given and (cell := walker.cell(given[word], word)):
            cells[column] = cell
    return cells
