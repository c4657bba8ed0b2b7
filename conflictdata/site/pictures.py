"""Pictures of tolls over time, drawn by `conflictdata.plots` where it is there.

This is the one place where the site asks for them. Without the module, pages have their tables and row pictures only.
"""

from __future__ import annotations

import importlib
import importlib.util
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from markupsafe import Markup

from conflictdata.analysis.records import Records
from conflictdata.findings import UsageError
from conflictdata.site.records import Row, SiteTables
from conflictdata.site.sentences import order_roots
from conflictdata.site.statements import PrintedStatement

LIBRARIES = {"altair": "altair", "vl_convert": "vl-convert-python"}
WIDTHS = (860, 358)
DAYS = 3  # a toll of fewer days has no picture
Draw = Callable[[Row], "TollDrawing | None"]
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


# What the page sets by itself, or what changes nothing; and numbers longer than a screen can show.
_NEEDLESS = re.compile(
    r' (?:font-family|class|xmlns:xlink|version|pointer-events|stroke-miterlimit)="[^"]*"| (?:opacity|fill-opacity)="1"|<path(?: class="[^"]*")? d="M0,0h0v0h0Z"/>'
)
_LONG = re.compile(r"-?\d+\.\d{3,}")
_GEOMETRY = re.compile(r' (?:d|transform|x|y|x1|x2|y1|y2|width|height|viewBox|stroke-width)="[^"]*"(?=[^<>]*>)')


@dataclass(frozen=True)
class TollDrawing:
    """A drawing of a toll over time.

    Attributes:
        wide: SVG for wide screens.
        narrow: SVG for phones.
        caption: What it shows, in a sentence.
        source: The wide drawing with its own colours, for the preview.
    """

    wide: Markup
    narrow: Markup
    caption: str
    source: str = ""


@dataclass
class Drawings:
    """The pictures of a site, each drawn once.

    Attributes:
        draw: Function that draws a toll, or returns None.
        note: Why nothing is drawn though pictures are wanted. Otherwise empty.
    """

    draw: Draw
    note: str = ""
    _drawn: dict[str, TollDrawing | None] = field(default_factory=dict)

    @property
    def is_drawing(self) -> bool:
        """Whether pictures are drawn."""
        return self.draw is not draw_nothing

    def find(self, toll: Row) -> TollDrawing | None:
        """Return the picture of a toll. None if it has none."""
        if toll["toll_id"] not in self._drawn:
            self._drawn[toll["toll_id"]] = self.draw(toll)
        return self._drawn[toll["toll_id"]]

    def list_drawn(self) -> dict[str, TollDrawing]:
        """Return the pictures that were drawn, by toll."""
        return {toll: picture for toll, picture in self._drawn.items() if picture is not None}


def draw_nothing(toll: Row) -> TollDrawing | None:
    """Return no picture: for a site without pictures."""
    del toll
    return None


def choose_drawings(records: SiteTables, *, with_pictures: bool) -> Drawings:
    """Return the pictures of a site: drawn by `conflictdata.plots`, or none.

    Raises:
        UsageError: If the libraries that draw are not installed.
    """
    if not with_pictures:
        return Drawings(draw_nothing)
    if importlib.util.find_spec("conflictdata.plots") is None:
        return Drawings(draw_nothing, "no pictures over time: this version of conflictdata has no conflictdata.plots")
    missing = [name for module, name in LIBRARIES.items() if importlib.util.find_spec(module) is None]
    if missing:
        names = " ".join(missing)
        raise UsageError(
            f"pictures need {' and '.join(missing)}: pip install {names}. Or leave them out: --no-pictures"
        )
    return Drawings(partial(draw_toll, records))


def draw_toll(records: SiteTables, toll: Row) -> TollDrawing | None:
    """Return the picture of a toll of three or more days. None for a shorter one, or one without numbers."""
    totals = [row for row in records.totals_by_toll.get(toll["toll_id"], ()) if has_number(row)]
    if len({row["as_of"] for row in totals}) < DAYS:
        return None
    return _draw_both(toll, order_roots(totals)[0], records.counts)


def draw_months(
    records: SiteTables, toll: Row, statements: Sequence[PrintedStatement], caption: str
) -> TollDrawing | None:
    """Return the picture of a few numbers of a long toll, such as the last ones of its months.

    Args:
        records: The tables.
        toll: The toll.
        statements: The numbers to draw, of one outcome and unit.
        caption: Words below the picture.
    """
    if len({statement.as_of for statement in statements}) < DAYS:
        return None
    kept = {row["figure_id"] for statement in statements for row in statement.rows}
    counts = records.counts
    rows = [row for row in counts.tables["casualties"] if row["figure_id"] in kept]
    return _draw_both(toll, statements[0].rows[0], Records({**counts.tables, "casualties": rows}), caption=caption)


def _draw_both(toll: Row, first: Row, counts: Records, **words: str) -> TollDrawing | None:
    """Return a drawing for wide screens and one for phones. None if the numbers do not make a picture."""
    options = {"outcome": first["outcome"], "unit": first["unit"], "data": counts, **words}
    plots: Any = importlib.import_module("conflictdata.plots")
    try:
        wide, narrow = (plots.timeline(toll["toll_id"], width=width, **options) for width in WIDTHS)
    except ValueError:  # a refusal: the numbers do not make a picture
        return None
    source = wide.to_svg()
    return TollDrawing(embed_svg(source), embed_svg(narrow.to_svg()), str(wide.description), source)


def has_number(row: Row) -> bool:
    """Return whether a figure has a number."""
    return any(row[column] is not None for column in ("low", "best", "high"))


def write_preview(picture: TollDrawing, path: Path) -> None:
    """Write a picture as PNG, for programs that preview a link."""
    converter: Any = importlib.import_module("vl_convert")
    path.write_bytes(converter.svg_to_png(picture.source, scale=1.5))


def _shorten_numbers(attribute: re.Match[str]) -> str:
    """Return an attribute with short numbers. Words keep theirs: an id may hold 2023.2023-10-07."""
    return _LONG.sub(lambda hit: f"{float(hit[0]):.2f}".rstrip("0").rstrip("."), attribute[0])


def embed_svg(text: str) -> Markup:
    """Return a drawing for a page: its colours become the tokens of the stylesheet, its fonts those of the page.

    Raises:
        ValueError: If the drawing holds a script, a style or a reference to another file.
    """
    if _UNSAFE.search(text):
        raise ValueError("the drawing holds a script, a style or a foreign part")
    body = _NEEDLESS.sub("", text[text.find("<svg") :])
    body = _GEOMETRY.sub(_shorten_numbers, body)
    for value, token in TOKENS.items():
        body = re.sub(re.escape(value), f"var(--{token})", body, flags=re.IGNORECASE)
    return Markup(body)
