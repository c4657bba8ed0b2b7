"""A comparison in the forms that people and machines read."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from conflictdata.comparison.result import Diff
from conflictdata.findings import UsageError

FORMS = ("text", "json", "markdown", "html")
CAP = 50  # rows on a page


def render(diff: Diff, form: str, *, cap: int | None = CAP, whole: str = "") -> Iterator[str]:
    """A comparison in one of `FORMS`, piece by piece, so that a large one need not be held in memory.

    Args:
        diff: the comparison.
        form: `text`, `json` (everything), `markdown` (for a comment) or `html` (one self-contained page that has
            everything, what is beyond `cap` folded away).
        cap: rows that text and Markdown show, and that the page shows at once; None for all.
        whole: name of the file that holds everything, for the line that says how many rows are left out.

    Raises:
        UsageError: there is no such form.
    """
    from importlib import import_module

    if form not in FORMS:
        raise UsageError(f"there is no form {form!r}; there are {', '.join(FORMS)}")
    chunks: Callable[..., Iterator[str]] = import_module(f"{__name__}.{form}").render_chunks
    yield from chunks(diff, cap=cap, whole=whole)
