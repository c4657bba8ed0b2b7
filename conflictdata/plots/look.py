"""Colours, fonts and marks of the pictures, as Vega-Lite."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

Spec = dict[str, Any]

_LETTER = 7.2  # mean width of a letter of size 13, in pixels

FONT = "Public Sans, system-ui, Segoe UI, DejaVu Sans, sans-serif"
PALETTES: dict[str, dict[str, str]] = {
    "light": {
        "paper": "#fdfdfc", "ink": "#1a1d21", "soft": "#545a61", "edge": "#767c83", "lead": "#a9afb5", "rule": "#d5d8da",
    },
    "dark": {
        "paper": "#15181b", "ink": "#e9e7e2", "soft": "#abb0b6", "edge": "#868d94", "lead": "#5d646b", "rule": "#363b41",
    },
}  # fmt: skip

# Shapes in units of a tenth of their tick's half, for points of size 100: one unit is 5 pixels.
_DOT = "circle"
SHAPES: dict[str, str] = {
    "exact": _DOT,
    "about": _DOT,
    "sum": "diamond",
    "above": "M-1.6,0L1.6,0M0,0L0,-4.8M-0.65,-2.6L0,-4.8L0.65,-2.6Z",
    "below": "M-1.6,0L1.6,0M0,0L0,4.8M-0.65,2.6L0,4.8L0.65,2.6Z",
    "above_right": "M0,-1.6L0,1.6M0,0L4.8,0M2.6,-0.65L4.8,0L2.6,0.65Z",
    "below_left": "M0,-1.6L0,1.6M0,0L-4.8,0M-2.6,-0.65L-4.8,0L-2.6,0.65Z",
    "tick": "M-1.6,0L1.6,0",
    "tick_upright": "M0,-1.6L0,1.6",
}
_SIZES = {"exact": 79, "about": 79, "sum": 84}  # dots of radius 5, a diamond 13 wide
_WORDS = {
    "exact": "exact", "above": "at least, more than: open above", "below": "up to, nearly", "about": "about: no bounds",
    "sum": "our sum of printed parts", "tick": "from-to",
}  # fmt: skip
_UPRIGHT = {"above": "above_right", "below": "below_left", "tick": "tick_upright"}


def choose_mark(qualifiers: str | None, *, derived: bool = False) -> str:
    """Return the mark of a statement by its qualifiers, "" if it has no number to draw."""
    words = (qualifiers or "").split("|")
    if derived and words == ["exact"]:
        return "sum"
    if "at_least" in words or "more_than" in words:
        return "above"
    if "exact" in words:
        return "exact"
    if "range" in words:
        return "tick"
    if "up_to" in words or "nearly" in words:
        return "below"
    return "about" if "about" in words else ""


def draw_points(
    mark: str,
    values: Sequence[Spec],
    encoding: Spec,
    palette: dict[str, str],
    *,
    faint: bool = False,
    upright: bool = False,
) -> Spec:
    """Return a layer of marks of one kind.

    Args:
        mark: The mark.
        values: The rows to draw.
        encoding: Their positions.
        palette: The colours.
        faint: Draw them smaller and in the colour of edges.
        upright: The scale is horizontal, so that arrows point to the right.
    """
    colour = palette["edge" if faint else "ink"]
    shape = SHAPES[_UPRIGHT.get(mark, mark)] if upright else SHAPES[mark]
    size = _SIZES.get(mark, 100) * (0.36 if faint else 1)
    filled = mark in ("exact", "sum")
    return {
        "data": {"values": list(values)},
        "mark": {
            "type": "point", "shape": shape, "size": size, "opacity": 1, "filled": False, "stroke": colour,
            "strokeWidth": 1.5 if faint else 2, "clip": False,
            "fill": colour if filled or mark in ("above", "below") else palette["paper"],
        },
        "encoding": encoding,
    }  # fmt: skip


def draw_text(values: Sequence[Spec], encoding: Spec, **mark: Any) -> Spec:
    """Return a layer of text from the field `text`."""
    return {
        "data": {"values": list(values)},
        "mark": {"type": "text", "align": "left", "baseline": "middle", "limit": 0, **mark},
        "encoding": {**encoding, "text": {"field": "text", "type": "nominal"}},
    }


def draw_key(marks: Iterable[str], palette: dict[str, str], width: int, *, note: str = "", start: int = 0) -> Spec:
    """Return the explanation of the marks of a picture, and only these.

    Args:
        marks: The marks of the picture.
        palette: The colours.
        width: Pixels after which a new line begins.
        note: Words after the marks.
        start: Position of the first mark in pixels.
    """
    shown = [(mark, _WORDS[mark]) for mark in _WORDS if mark in set(marks)] + ([("", note)] if note else [])
    layers, words = [], []
    x, y = 0.0, 8
    for mark, text in shown:
        lead = 0 if not mark else 34 if mark in ("above", "below") else 14
        if x and x + lead + _LETTER * len(text) > width:
            x, y = 0.0, y + 20
        at = x + 8 + start + (24 if mark == "below" else 0)
        if mark:
            layers.append(draw_points(mark, [{"x": at, "y": y}], _at_pixels(), palette, upright=True))
        words.append({"x": x + 8 + start + lead, "y": y, "text": text})
        x += lead + _LETTER * len(text) + 26
    layers.append(draw_text(words, _at_pixels(), fontSize=13, color=palette["soft"]))
    return {"height": y + 8, "width": 1, "layer": layers}


def _at_pixels() -> Spec:
    return {axis: {"field": axis, "type": "quantitative", "scale": None, "axis": None} for axis in ("x", "y")}


def finish(
    rows: Sequence[Spec], palette: dict[str, str], title: str | list[str], description: str, spacing: int = 18
) -> Spec:
    """Return the specification of a picture made of rows, with its title."""
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "description": description,
        "background": palette["paper"],
        "padding": 16,
        "title": {"text": title, "anchor": "start", "frame": "group", "offset": 12, "fontSize": 18, "fontWeight": 600},
        "vconcat": list(rows),
        "spacing": spacing,
        "resolve": {"scale": {"x": "independent", "y": "independent"}},
        "config": {
            "font": FONT,
            "view": {"stroke": None},
            "title": {"color": palette["ink"], "subtitleColor": palette["soft"]},
            "text": {"color": palette["ink"], "fontSize": 14},
            "axis": {"labelColor": palette["soft"], "labelFontSize": 13, "titleColor": palette["soft"], "gridColor": palette["rule"],
                     "domainColor": palette["ink"], "tickColor": palette["edge"]},
            "concat": {"spacing": spacing},
        },
    }  # fmt: skip


def draw_caption(lines: Sequence[str], palette: dict[str, str], start: int = 0) -> Spec:
    """Return the lines below a picture, from a position in pixels on."""
    values = [{"x": start, "y": 8 + 18 * i, "text": line} for i, line in enumerate(lines)]
    return {
        "height": 18 * len(lines),
        "width": 1,
        "layer": [draw_text(values, _at_pixels(), fontSize=13, color=palette["soft"])],
    }


def wrap(text: str, width: int) -> list[str]:
    """Return a text in lines that fit a width in pixels."""
    import textwrap

    return textwrap.wrap(text, max(30, int(width / 6.9)), break_long_words=False, break_on_hyphens=False) or [""]
