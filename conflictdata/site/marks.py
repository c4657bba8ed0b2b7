"""Marks and row pictures: small SVG drawings, one per table row.

Shape shows the qualifier; the words next to a mark carry it. All coordinates are numbers of ours, so the drawings need
no escaping.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

if TYPE_CHECKING:
    from conflictdata.analysis.bounds import Bounds
    from conflictdata.site.statements import Gap, PrintedStatement

TICK = "M0-8V8"
PATHS = {
    "up": f'<path class="m" d="{TICK}M0 0H24M17.5-5.5L24 0L17.5 5.5"/>',
    "down": f'<path class="m" d="{TICK}M0 0H-24M-17.5-5.5L-24 0L-17.5 5.5"/>',
    "exact": '<circle class="f" r="5"/>',
    "about": '<circle class="h" r="5"/>',
    "sum": '<path class="f" d="M0-6.5L6.5 0L0 6.5L-6.5 0Z"/>',
    "tick": f'<path class="m" d="{TICK}"/>',
}
KEYS = {
    "exact": "exact",
    "up": "at least, more than: open above",
    "down": "up to, nearly: open below",
    "about": "about: no bounds",
    "range": "from … to",
    "words": "a word, no number",
}
ROOM = 18  # characters of a number that fit between the marks of a gap, in percent of the scale


@dataclass(frozen=True)
class Scale:
    """The axis of a table's pictures, from 0.

    Attributes:
        step: Distance of two grid lines.
        steps: Number of steps, 4 to 6.
    """

    step: int
    steps: int

    @property
    def end(self) -> int:
        """The last number of the axis."""
        return self.step * self.steps

    def place(self, number: int) -> str:
        """Return the position of a number, in percent."""
        return f"{100 * number / self.end:.2f}%"

    @property
    def ticks(self) -> list[int]:
        """The numbers of the grid lines."""
        return [self.step * i for i in range(self.steps + 1)]


def choose_scale(largest: int) -> Scale:
    """Return the scale whose end is nearest above a number: 4 to 6 equal steps of 1, 2 or 5 x 10^n."""
    best = Scale(1, 4)
    power = 1
    for exponent in range(19):
        power = 10**exponent
        fitting = [Scale(power * m, steps) for m in (1, 2, 5) for steps in (4, 5, 6) if power * m * steps >= largest]
        if fitting:
            best = min(fitting, key=lambda scale: (scale.end, scale.steps))
            break
    return best


def draw_axis(scale: Scale) -> Markup:
    """Return the numbers of a scale, for the head of a table."""
    texts = []
    for i, tick in enumerate(scale.ticks):
        anchor = "start" if i == 0 else "middle"
        texts.append(f'<text x="{scale.place(tick)}" y="12" text-anchor="{anchor}">{_shorten_number(tick)}</text>')
    label = f"scale from 0 to {scale.end:,}"
    return Markup(f'<svg class="iv" role="img" aria-label="{label}">{"".join(texts)}</svg>')


def _shorten_number(number: int) -> str:
    """Return a number of an axis: long ones in millions or thousands, so that they do not run into each other."""
    if number >= 1_000_000:
        return f"{number / 1_000_000:g} m"
    if number >= 10_000:
        return f"{number / 1_000:g} k"
    return f"{number:,}"


def draw_statement(statement: PrintedStatement, scale: Scale) -> Markup:
    """Return the picture of a statement: a line from 0, and the mark of its qualifier."""
    bounds, mark = statement.bounds, statement.mark
    if mark == "words" or statement.size is None:
        return Markup("")
    if mark == "range" and bounds.low is not None and bounds.high is not None:
        low, high = scale.place(bounds.low), scale.place(bounds.high)
        body = (
            _draw_lead(low)
            + f'<line class="m" x1="{low}" x2="{high}" y1="19" y2="19"/>'
            + _pin(low, "tick")
            + _pin(high, "tick")
        )
        return _wrap_row(body)
    at = scale.place(statement.size)
    lead = "" if mark == "down" else _draw_lead(at)
    return _wrap_row(lead + _pin(at, mark))


def draw_gap(gap: Gap, scale: Scale) -> Markup:
    """Return the dimension line of a gap. If it is open, it ends in the open arrow."""
    low, high = scale.place(gap.low), scale.place(gap.high)
    line = f'<line class="m" x1="{low}" x2="{high}" y1="19" y2="19"/>'
    left = f'<svg x="{low}" y="19" overflow="visible"><path class="m" d="{TICK}M6-4L0 0L6 4"/></svg>'
    right = (
        _pin(high, "up")
        if gap.open
        else f'<svg x="{high}" y="19" overflow="visible"><path class="m" d="{TICK}M-6-4L0 0L-6 4"/></svg>'
    )
    share = 100 * gap.size / scale.end
    if share >= ROOM:
        middle = f"{100 * (gap.low + gap.high) / 2 / scale.end:.2f}%"
        text = f'<text class="t" x="{middle}" y="24" text-anchor="middle">{gap.size:,}</text>'
    else:
        shift = 34 if gap.open else 10
        text = f'<svg x="{high}" y="19" overflow="visible"><text class="t" x="{shift}" y="5">{gap.size:,}</text></svg>'
    return _wrap_row(line + left + right + text)


def draw_mark(name: str) -> Markup:
    """Return a mark of the sprite, for lists and keys."""
    return Markup(f'<svg class="q-i" aria-hidden="true" focusable="false"><use href="#q-{name}"/></svg>')


def choose_bounds_mark(bounds: Bounds) -> str:
    """Return the mark of bounds: closed, open above, open below, or none."""
    if bounds.low is not None and bounds.high is not None:
        return "exact" if bounds.low == bounds.high else "range"
    return "up" if bounds.low is not None else "down" if bounds.high is not None else "about"


def _draw_lead(at: str) -> str:
    return f'<line class="lead-l" x1="0" x2="{at}" y1="19" y2="19"/>'


def _pin(at: str, path: str) -> str:
    return f'<svg x="{at}" y="19" overflow="visible">{PATHS[path]}</svg>'


def _wrap_row(body: str) -> Markup:
    return Markup(f'<svg class="iv" aria-hidden="true" focusable="false">{body}</svg>')
