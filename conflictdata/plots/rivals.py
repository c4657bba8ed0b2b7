"""Rival claims on one scale: one row per statement, the number before its mark, the gap below."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

from conflictdata.analysis.columns import make_frame
from conflictdata.analysis.compare import REASONS, CompareTarget, find_target, list_rivals
from conflictdata.analysis.points import PointQuery, make_query
from conflictdata.analysis.records import Data, Records, read_records
from conflictdata.analysis.refused import Refused
from conflictdata.findings import UsageError
from conflictdata.plots.look import Spec, choose_mark, draw_caption, draw_key, draw_points, draw_text, finish, wrap
from conflictdata.plots.over_time import write_long_day
from conflictdata.plots.picture import (
    Picture,
    check_width,
    choose_palette,
    describe_origin,
    name_collection,
    write_options,
)

_ROW, _TALL_ROW = 42, 78
_NARROW = 560
_MOST_EVENTS = 6
_SHOWN = ("claimant", "as_of", "wording", "low", "high", "population", "comparable", "gap_max", "pages", "claims")
_RANKED = ("same", "narrower_group")


def compare(
    event: str | Sequence[str] | None = None,
    *,
    place: str | None = None,
    since: Any = None,
    until: Any = None,
    group: str | None = None,
    outcome: str = "killed",
    unit: str = "persons",
    scheme: str = "light",
    width: int = 860,
    data: Data = None,
    collection: str | None = None,
) -> Picture:
    """Draw what each claimant says of an event, side by side on one scale.

    Rows are sorted by number; no claimant comes first by rank. Claims that count something else are not drawn, and the
    caption says how many there are.

    Args:
        event: Id or name of an event, or a list of at most six, which share the scale.
        place: Instead of an event: a place, with `since` and `until`.
        since: First day at the place.
        until: Last day at the place.
        group: The people, as in `cd.compare`. Default: all.
        outcome: Outcome, such as `killed`.
        unit: Unit, such as `persons`.
        scheme: `light` or `dark`.
        width: Width in pixels.
        data: A version, or DataFrames by table name. Default: the installed data.
        collection: A name from `cd.collections()`. Default: the curated records.

    Returns:
        A `Picture`. It shows itself in a notebook; `save` writes SVG, PNG or HTML; `table` has the rows.

    Raises:
        Refused: If nobody gives a number (`no-number`), or no figure counts the group (`no-group`).
        UsageError: If a name, a day, the scheme or the width is unknown, or the extra `plot` is not installed.

    Examples:
        >>> import conflictdata as cd
        >>> cd.plots.compare("2024-12-01-idlib-strikes").save("strikes.png")  # doctest: +SKIP
    """
    palette, width, events = choose_palette(scheme), check_width(width), _list_events(event)
    records = read_records(data, collection)
    query, options = make_query(records, group, outcome, unit, "stated"), write_options(outcome, unit, group)
    targets = [find_target(records, one, place, since, until) for one in events]
    panels = [_make_panel(records, target, query, options) for target in targets]
    spec = _draw(records, panels, outcome, group, palette, width)
    return Picture(spec, make_frame("compare", [row for _, rows, _ in panels for row in rows], records.origin), _SHOWN)


_Panel = tuple[str, list[Spec], str]


def _list_events(event: str | Sequence[str] | None) -> Sequence[str | None]:
    """Return the events to draw; one that is None for a place.

    Raises:
        UsageError: If there are none, or too many.
    """
    events: Sequence[str | None] = [event] if event is None or isinstance(event, str) else list(event)
    if not 0 < len(events) <= _MOST_EVENTS:
        raise UsageError(f"event is an event, or a list of one to {_MOST_EVENTS}")
    return events


def _make_panel(records: Records, target: CompareTarget, query: PointQuery, options: Sequence[str]) -> _Panel:
    """Return the title, the rows and the command line of one event or place.

    Raises:
        Refused: If nobody gives a number.
    """
    rows = list_rivals(records, target, query)
    if not any(row["comparable"] in _RANKED for row in rows):
        message = f"nobody gives a number of the {query.outcome} of just this."
        raise Refused(["no-number"], message, choices=["another outcome"])
    about = records.events[target.event]["summary"].rstrip(".") if target.event else records.name_place(target.place)
    day = " to ".join(dict.fromkeys(write_long_day(one) for one in target.window))
    first, last = target.window
    which = f"--event {target.event}" if target.event else f"--place {target.place} --since {first} --until {last}"
    return f"{about}, {day}", rows, " ".join([which, *options])


def _draw(
    records: Records, panels: list[_Panel], outcome: str, group: str | None, palette: dict[str, str], width: int
) -> Spec:
    ranked = [[row for row in rows if row["comparable"] in _RANKED] for _, rows, _ in panels]
    numbers = [n for rows in ranked for row in rows for n in (row["n"], row["high"]) if n is not None]
    top, step = choose_scale(max(numbers, default=1))
    left = 0 if width < _NARROW else min(320, int(width * 0.45))
    inner = width - left - 80
    people = f" ({group.replace('_', ' ')})" if group else ""
    what = f"Who says how many were {outcome.replace('_', ' ')}{people}"
    heads = [name for name, _, _ in panels]
    blocks: list[Spec] = []
    marks = {mark for rows in ranked for row in rows if (mark := choose_mark(row["qualifiers"]))}
    blocks.append(draw_key(marks, palette, width - 40, start=-left))
    for (name, _, _), rows in zip(panels, ranked, strict=True):
        panel = _draw_panel(records, rows, (top, step), palette, (left, inner))
        if len(panels) > 1:
            panel["title"] = {
                "text": wrap(name, width),
                "anchor": "start",
                "frame": "group",
                "fontSize": 15,
                "offset": 14,
                "dx": -left,
            }
        blocks.append(panel)
    title = what if len(panels) > 1 else wrap(f"{heads[0]}: {outcome.replace('_', ' ')}{people}", int(width * 0.6))
    blocks.append(draw_caption(_write_caption(records, panels, width - 40), palette, start=-left))
    rows_in_words = "; ".join(
        f"{name}: {_list_in_words(records, rows)}" for name, rows in zip(heads, ranked, strict=True)
    )
    spec = finish(blocks, palette, "", f"{what}. {rows_in_words}.{name_collection(records)}", spacing=16)
    spec["title"] |= {"text": title, "dx": -left}
    return spec


def _list_in_words(records: Records, rows: Sequence[Spec]) -> str:
    return ", ".join(f"{records.name_actor(row['claimant'])} {row['wording']}" for row in rows)


def choose_scale(highest: int) -> tuple[int, int]:
    """Return the end of a scale from 0, and its step: 4 to 6 steps of 1, 2 or 5 times a power of ten."""
    size = 10 ** max(0, math.floor(math.log10(max(highest, 1))) - 1)
    steps = sorted({max(1, factor * size) for factor in (1, 2, 5, 10, 20, 50)})
    step = next(step for step in steps if highest < step * 6)
    return max(4, highest // step + 1) * step, step


def _draw_panel(
    records: Records, rows: Sequence[Spec], scale: tuple[int, int], palette: dict[str, str], widths: tuple[int, int]
) -> Spec:
    """Return the rows of one event: claimant and day, the number, its mark on the scale, and the gap."""
    (top, step), (left, inner) = scale, widths
    values = [_describe_row(records, row, i, stacked=not left) for i, row in enumerate(rows)]
    drawn = [value for value in values if value["mark"]]
    gap = _find_gap(rows)
    tall = _ROW if left else _TALL_ROW
    height = tall * len(rows) + _ROW * bool(gap)
    y: Spec = {
        "field": "y",
        "type": "quantitative",
        "scale": {"domain": [0, height], "reverse": True, "nice": False},
        "axis": None,
    }
    ticks = list(range(0, top + 1, step))
    axis = {
        "values": ticks,
        "orient": "top",
        "domain": False,
        "ticks": False,
        "title": None,
        "labelPadding": 6,
        "format": ",d",
    }
    x: Spec = {"field": "n", "type": "quantitative", "scale": {"domain": [0, top], "nice": False}, "axis": axis}
    position = {"x": x, "y": y}
    layers = [
        _draw_lead([value for value in drawn if value["mark"] != "below"], position, palette),
        *_draw_ranges(drawn, position, palette),
    ]
    layers += [
        draw_points(mark, [value for value in drawn if value["mark"] == mark], position, palette, upright=True)
        for mark in sorted({value["mark"] for value in drawn})
    ]  # fmt: skip
    layers += _draw_words(values, y, palette, left, inner)
    if gap:
        layers += _draw_gap(gap, position, palette, tall * len(rows) + _ROW / 2, left, inner / top)
    return {"width": inner, "height": height, "layer": layers}


def _describe_row(records: Records, row: Spec, index: int, *, stacked: bool) -> Spec:
    crowd = row["population"] if row["population"] not in (None, "everybody") else ""
    day = row["as_of"]
    facts = [f"{day.day} {day:%b %Y}", f"{row['pages']} page{'' if row['pages'] == 1 else 's'}", crowd]
    return {
        "n": row["n"], "y": index * _TALL_ROW + 58 if stacked else index * _ROW + _ROW / 2, "high": row["high"], "mark": choose_mark(row["qualifiers"]) if row["n"] is not None else "",
        "name": records.name_actor(row["claimant"]), "facts": ", ".join(fact for fact in facts if fact), "wording": row["wording"],
    }  # fmt: skip


def _draw_words(values: Sequence[Spec], y: Spec, palette: dict[str, str], left: int, inner: int) -> list[Spec]:
    """Return the claimant with day and pages below, and the number with its word before the mark, or above it."""
    ink, soft = {"color": palette["ink"], "fontSize": 14}, {"color": palette["soft"], "fontSize": 12}
    bold = {**ink, "align": "right", "fontWeight": 600}
    places: dict[str, dict[str, Any]] = {
        "name": {**ink, "x": -left, "dy": -8 if left else -38},
        "facts": {**soft, "x": -left, "dy": 9 if left else -20},
        "wording": {**bold, "x": -14} if left else {**bold, "x": inner, "dy": -38},
    }
    return [
        draw_text([{"y": value["y"], "text": value[field]} for value in values], {"y": y}, **place)
        for field, place in places.items()
    ]


def _draw_lead(values: Sequence[Spec], position: Spec, palette: dict[str, str]) -> Spec:
    return {
        "data": {"values": [{**value, "zero": 0} for value in values]},
        "mark": {"type": "rule", "stroke": palette["lead"], "strokeWidth": 1},
        "encoding": {**position, "x": {**position["x"], "field": "zero"}, "x2": {"field": "n"}},
    }


def _draw_ranges(values: Sequence[Spec], position: Spec, palette: dict[str, str]) -> list[Spec]:
    """Return the layers of from-to numbers: two ticks joined."""
    ranges = [value for value in values if value["mark"] == "tick" and value["high"] is not None]
    if not ranges:
        return []
    ends = [{**value, "n": value["high"]} for value in ranges]
    line = {
        "data": {"values": ranges},
        "mark": {"type": "rule", "stroke": palette["ink"], "strokeWidth": 2},
        "encoding": {**position, "x2": {"field": "high"}},
    }
    return [line, draw_points("tick", ends, position, palette, upright=True)]


def _find_gap(rows: Sequence[Spec]) -> Spec | None:
    """Return the largest gap: its ends and its words."""
    widest = max((row for row in rows if row["gap_max"]), key=lambda row: (row["gap_max"], row["n"] or 0), default=None)
    if widest is None:
        return None
    end = widest["low"] if widest["low"] is not None else widest["n"]
    least = "at least " if widest["gap_open"] else ""
    return {
        "from": end - widest["gap_max"],
        "to": end,
        "open": widest["gap_open"],
        "text": f"{least}{widest['gap_max']:,}",
    }


def _draw_gap(gap: Spec, position: Spec, palette: dict[str, str], y: float, left: int, scale: float) -> list[Spec]:
    """Return a dimension line: two ticks, heads inwards, or an open arrow if the higher number is open above."""
    ends = [{"n": gap["from"], "to": gap["to"], "y": y}]
    pixels = (gap["to"] - gap["from"]) * scale
    heads = "M0,-1.2L0,1.2M0.2,0L1.9,-0.65L1.9,0.65Z", "M0,-1.2L0,1.2M-0.2,0L-1.9,-0.65L-1.9,0.65Z"
    line: Spec = {
        "data": {"values": ends},
        "mark": {"type": "rule", "stroke": palette["ink"], "strokeWidth": 1.5},
        "encoding": {**position, "x2": {"field": "to"}},
    }
    layers = [line]
    for path, value in zip(heads, (gap["from"], gap["to"]), strict=True):
        shown = draw_points("above", [{"n": value, "y": y}], position, palette)
        shown["mark"] |= {"shape": path, "strokeWidth": 1.5}
        layers.append(shown)
    if gap["open"]:
        layers.append(draw_points("above", [{"n": gap["to"], "y": y}], position, palette, upright=True))
    words = {"color": palette["ink"], "fontSize": 14}
    beside: dict[str, Any] = {"x": -14, "align": "right"}
    if left:
        layers.append(draw_text([{"y": y, "text": "Gap"}], {"y": position["y"]}, x=-left, **words))
    else:
        beside = {"x": position["x"]["scale"]["domain"][1] * scale, "align": "right", "dy": -16}
    text = gap["text"] if left else f"gap {gap['text']}"
    layers.append(draw_text([{"y": y, "text": text}], {"y": position["y"]}, fontWeight=600, **words, **beside))
    return layers if pixels >= 1 else []


def _write_caption(records: Records, panels: Sequence[_Panel], width: int) -> list[str]:
    rows = [row for _, found, _ in panels for row in found]
    left = Counter(row["comparable"] for row in rows if row["comparable"] not in _RANKED)
    claims = {claim for row in rows if row["comparable"] in _RANKED for claim in str(row["claims"]).split("|")}
    pages = len({row.source_id for row in records.rows if row.claim_id in claims})
    notes = "Each row is what one claimant says; below it the day up to which it counted, and the pages that carry it."
    if any(row["population"] not in (None, "everybody") for row in rows if row["comparable"] in _RANKED):
        notes += " A count of civilians alone is at most a part of all."
    for reason, number in left.most_common():
        notes += f" Not drawn: {number} number{'' if number == 1 else 's'} ({REASONS[reason]})."
    commands = [f"compare {options}" for _, _, options in panels]
    return [
        *wrap(notes, width),
        *(line for text in describe_origin(commands, pages, records) for line in wrap(text, width)),
    ]
