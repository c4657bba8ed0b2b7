"""A comparison as one self-contained HTML page.

The page has no scripts and loads nothing. The template engine escapes all text.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from conflictdata import reporters
from conflictdata.comparison.forms import page
from conflictdata.comparison.forms.text import format_schema_change
from conflictdata.comparison.result import Diff
from conflictdata.reporters.common import escape_hidden

if TYPE_CHECKING:
    from jinja2 import Template

_TEMPLATES = Path(__file__).parent / "templates"
_SHARED = Path(reporters.__file__).parent / "templates"


def render_chunks(diff: Diff, *, cap: int | None = 50, whole: str = "") -> Iterator[str]:  # noqa: ARG001 - has everything
    """Render the page in chunks, with at most `cap` rows unfolded."""
    yield from _load_template().generate(
        diff=diff,
        page=page,
        sections=page.build_sections(diff, cap),
        rest=lambda section: _iterate_rest(diff, section),
        schema_words=format_schema_change,
    )


def _iterate_rest(diff: Diff, section: page.ChangeSection) -> Iterator[page.ChangeGroup]:
    """Yield the rows of a section that are folded."""
    kinds = dict(page.SECTIONS)[section.title]
    return page.group_changes(islice(page.iterate_independent_changes(diff, kinds), section.total - section.rest, None))


@cache
def _load_template() -> Template:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader([_TEMPLATES, _SHARED], encoding="utf-8"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["visible"] = escape_hidden
    return environment.get_template("diff.html.jinja")
