"""Pictures of tolls over time, drawn by `conflictdata.plots` where it is there.

This is the one place where the site asks for them. Without the module, pages have their tables and row pictures only.
"""

from __future__ import annotations

import importlib
import importlib.util
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from markupsafe import Markup

from conflictdata.findings import UsageError
from conflictdata.site.records import Records, Row

LIBRARIES = {"altair": "altair", "vl_convert": "vl-convert-python"}
Draw = Callable[[Row], "Picture | None"]
# The palette of the drawings, by the tokens of the stylesheet: one drawing serves light and dark.
TOKENS = {
    "#1a1d21": "ink",
    "#545a61": "soft",
    "#767c83": "edge",
    "#d5d8da": "rule",
    "#a9afb5": "lead",
    "#fdfdfc": "paper",
    "#f2f3f1": "wash",
    "#1d4f7c": "link",
}
_UNSAFE = re.compile(r"<script|<foreignObject|\son\w+=|javascript:|<image|<use|\sstyle=|<style", re.IGNORECASE)


@dataclass(frozen=True)
class Picture:
    """A drawing of a toll over time.

    Attributes:
        wide: SVG for wide screens.
        narrow: SVG for phones.
        caption: What it shows, in a sentence.
    """

    wide: Markup
    narrow: Markup
    caption: str


def draw_nothing(toll: Row) -> Picture | None:
    """Return no picture: for a site without pictures."""
    del toll
    return None


def choose_drawing(records: Records, *, wanted: bool) -> tuple[Draw, str]:
    """Return the function that draws a toll, and a note if it draws nothing though pictures are wanted.

    Raises:
        UsageError: If the libraries that draw are not installed.
    """
    if not wanted:
        return draw_nothing, ""
    if importlib.util.find_spec("conflictdata.plots") is None:
        return draw_nothing, "no pictures over time: this version of conflictdata has no conflictdata.plots"
    missing = [name for module, name in LIBRARIES.items() if importlib.util.find_spec(module) is None]
    if missing:
        raise UsageError(
            f"pictures need {' and '.join(missing)}: pip install {' '.join(missing)}. Or leave them out: --no-pictures"
        )
    return partial(draw_toll, records), ""


def draw_toll(records: Records, toll: Row) -> Picture | None:
    """Return the picture of a toll of three or more days. None for a shorter one, or one without numbers."""
    totals = [
        row for row in records.totals_by_toll.get(toll["toll_id"], ()) if row["low"] or row["best"] or row["high"]
    ]
    if len({row["as_of"] for row in totals}) < 3:
        return None
    plots: Any = importlib.import_module("conflictdata.plots")
    drawing = plots.draw_toll(toll["toll_id"], records.bundle)
    return Picture(embed_svg(drawing.wide), embed_svg(drawing.narrow), str(drawing.caption))


def embed_svg(text: str) -> Markup:
    """Return a drawing for a page: its colours become the tokens of the stylesheet.

    Raises:
        ValueError: If the drawing holds a script, a style or a reference to another file.
    """
    if _UNSAFE.search(text):
        raise ValueError("the drawing holds a script, a style or a foreign part")
    start = text.find("<svg")
    body = text[start:]
    for value, token in TOKENS.items():
        body = re.sub(re.escape(value), f"var(--{token})", body, flags=re.IGNORECASE)
    return Markup(body)
