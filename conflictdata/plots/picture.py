"""A picture: shown in a notebook, saved as SVG, PNG or HTML, or taken on as an Altair chart."""

from __future__ import annotations

import html
import os
import re
import shlex
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conflictdata._utils.suggest import ask_whether, find_close
from conflictdata.findings import UsageError

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

    from conflictdata.analysis.records import Records

_NEEDED = "pictures need Altair and vl-convert: pip install altair vl-convert-python"


class Picture:
    """A picture of an answer, with the answer itself.

    Attributes:
        spec: The picture as a Vega-Lite specification.
        table: The rows that it draws, with all their columns.
        description: The picture in a sentence.
    """

    def __init__(self, spec: dict[str, Any], table: pd.DataFrame, columns: Sequence[str]) -> None:
        self.spec = spec
        self.table = table
        self.description = str(spec["description"])
        self._columns = list(columns)

    def __repr__(self) -> str:
        return f"Picture({self.description!r})"

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:  # noqa: ARG002 - IPython's call
        return {"image/svg+xml": self.to_svg(), "text/plain": repr(self)}

    def to_altair(self) -> alt.Chart:
        """Return the picture as an Altair chart, to change it.

        Raises:
            UsageError: If Altair is not installed.
        """
        try:
            import altair
        except ImportError:
            raise UsageError(_NEEDED) from None
        chart: alt.Chart = altair.Chart.from_dict(self.spec)
        return chart

    def to_svg(self) -> str:
        """Return the picture as SVG, without styles, scripts and addresses.

        Raises:
            UsageError: If vl-convert is not installed.
        """
        return self._svg

    @cached_property
    def _svg(self) -> str:
        svg: str = _load_converter().vegalite_to_svg(self.spec, vl_version="6.1", show_warnings=False)
        bare = re.sub(r' (?:role|aria-label|aria-roledescription|aria-hidden)="[^"]*"', "", svg)
        return bare.replace("<svg ", f'<svg role="img" aria-label="{html.escape(self.description)}" ', 1)

    def to_png(self, scale: float = 2) -> bytes:
        """Return the picture as PNG.

        Args:
            scale: Pixels per unit of the drawing.

        Raises:
            UsageError: If vl-convert is not installed.
        """
        png: bytes = _load_converter().svg_to_png(self.to_svg(), scale=scale)
        return png

    def to_html(self) -> str:
        """Return a page with the picture and its table, which needs no network."""
        table = self.table[self._columns].astype(object)
        table = table.where(table.notna(), "")
        head = "".join(f"<th>{html.escape(column.replace('_', ' '))}</th>" for column in self._columns)
        rows = "".join(
            "<tr>" + "".join(f"<td>{html.escape(_write(cell))}</td>" for cell in row) + "</tr>"
            for row in table.to_numpy()
        )
        title = html.escape(" ".join(self.spec["title"]["text"]))
        return (
            f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>\n<body>\n<figure>\n'
            f"{self.to_svg()}\n<figcaption>{html.escape(self.description)}</figcaption>\n</figure>\n"
            f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>{rows}</tbody>\n</table>\n</body></html>\n"
        )

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the picture to a file; its ending says how: .svg, .png or .html.

        Raises:
            UsageError: If the ending is none of these, or the folder does not exist.
        """
        file = Path(path)
        ending = file.suffix.lower().lstrip(".")
        makers: dict[str, Callable[[], bytes]] = {
            "svg": lambda: self.to_svg().encode(), "png": self.to_png, "html": lambda: self.to_html().encode()
        }  # fmt: skip
        if ending not in makers:
            hint = ask_whether(*find_close(ending, makers, least=0.5)) or "Write .svg, .png or .html."
            raise UsageError(f"{file.name}: there is no picture format {ending!r}. {hint}")
        if not file.parent.is_dir():
            raise UsageError(f"{file.parent} is not a folder")
        file.write_bytes(makers[ending]())
        return file


def _write(cell: Any) -> str:
    return f"{cell:%Y-%m-%d}" if hasattr(cell, "strftime") else str(cell)


def _load_converter() -> Any:
    try:
        import vl_convert
    except ImportError:
        raise UsageError(_NEEDED) from None
    return vl_convert


def choose_palette(scheme: str) -> dict[str, str]:
    """Return the colours of a scheme.

    Raises:
        UsageError: If it is neither `light` nor `dark`.
    """
    from conflictdata.plots.look import PALETTES

    if scheme not in PALETTES:
        raise UsageError(f"there is no scheme {str(scheme)[:40]!r}. There are: {', '.join(PALETTES)}.")
    return PALETTES[scheme]


def check_width(width: int) -> int:
    """Return a width in pixels.

    Raises:
        UsageError: If it is not a whole number from 320 to 2,000.
    """
    if not isinstance(width, int) or not 320 <= width <= 2000:
        raise UsageError(f"width is {width!r}; give a whole number from 320 to 2000")
    return width


def describe_origin(commands: Sequence[str], pages: int, records: Records) -> list[str]:
    """Return the lines on collection and caution, version, licence, pages, and how to cite."""
    from conflictdata import loading

    licence = loading.read_package(records.version or None, records.collection or None)["licenses"][0]["name"]
    named = f"conflictdata {records.version}, {licence}" if records.version else "Your own data"
    lines = [f"{named}. {pages:,} page{'' if pages == 1 else 's'}. To see and cite them:"]
    option = ""
    if records.collection:
        lines.insert(0, f"Collection {records.collection}: {records.title}. {records.caution}")
        option = f" --collection {records.collection}"
    return [*lines, *(f"conflictdata ask {command}{option} --cite" for command in commands)]


def write_options(outcome: str, unit: str, group: str | None) -> list[str]:
    """Return the options of `conflictdata ask` for what is not its default."""
    chosen = {"outcome": (outcome, "killed"), "unit": (unit, "persons"), "group": (group or "", "")}
    return [f"--{name} {shlex.quote(value)}" for name, (value, default) in chosen.items() if value != default]


def name_collection(records: Records) -> str:
    """Return the words on its collection for the description of a picture; "" for the curated records."""
    return f" Collection {records.collection}: {records.title}. {records.caution}" if records.collection else ""
