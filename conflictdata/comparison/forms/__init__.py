"""Output formats of a comparison: text, JSON, Markdown and HTML."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from conflictdata.comparison.result import Diff
from conflictdata.findings import UsageError

FORMS = ("text", "json", "markdown", "html")
CAP = 50  # rows on a page


def render(diff: Diff, form: str, *, cap: int | None = CAP, whole: str = "") -> Iterator[str]:
    """Render a comparison in one of `FORMS`, in chunks, to save memory.

    Args:
        diff: The comparison.
        form: `text`, `json` (everything), `markdown` (for a comment) or `html` (one self-contained page with
            everything; rows beyond `cap` are folded).
        cap: Number of rows to show in text and Markdown, and to unfold on the page. None: all.
        whole: Name of a file with all rows, for the line that counts the omitted ones.

    Yields:
        The text, in chunks.

    Raises:
        UsageError: If the form does not exist.
    """
    from importlib import import_module

    if form not in FORMS:
        raise UsageError(f"there is no form {form!r}; there are {', '.join(FORMS)}")
    chunks: Callable[..., Iterator[str]] = import_module(f"{__name__}.{form}").render_chunks
    yield from chunks(diff, cap=cap, whole=whole)
