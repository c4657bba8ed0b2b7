"""Progress bars of long tasks: on stderr, on a terminal, after a short delay."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from rich.progress import Progress

PATIENCE = 0.5  # seconds before a bar appears

Item = TypeVar("Item")


def show_progress(items: Iterable[Item]) -> Iterable[Item]:
    """Iterate over items with a progress bar.

    The bar shows what is done with the items (`seeds.Work`), how many are done, and the rate.
    """
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        return items
    return _track_items(items, getattr(items, "what", "Reading seeds"), getattr(items, "unit", "files"))


def _track_items(items: Iterable[Item], what: str, unit: str) -> Iterator[Item]:
    listed, begun = list(items), time.monotonic()
    progress: Progress | None = None
    try:
        for number, item in enumerate(listed):
            if progress is None and time.monotonic() - begun > PATIENCE:
                progress = _make_progress(unit)
                progress.start()
                task = progress.add_task(what, total=len(listed), rate="")
            if progress is not None:
                elapsed = time.monotonic() - begun
                progress.update(task, completed=number, rate=f"{number / elapsed:,.0f}/s")
            yield item
    finally:
        if progress is not None:
            progress.stop()


def _make_progress(unit: str) -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns: tuple[Any, ...] = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:,.0f}/{task.total:,.0f} " + unit),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    return Progress(*columns, console=Console(stderr=True), transient=True)


@contextmanager
def make_rows_progress() -> Iterator[Callable[[int, int], None] | None]:
    """Yield a function that shows numbers of rows and files; None off a terminal."""
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn

    columns = (SpinnerColumn(), TextColumn("Checking: {task.fields[said]}"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task, begun = progress.add_task("", total=None, said="..."), time.monotonic()

        def show_rows(rows: int, files: int) -> None:
            rate = rows / max(1e-3, time.monotonic() - begun)
            done = f", {files:,} files done" if files else ""
            progress.update(task, said=f"{rows:,} rows, {rate:,.0f} a second{done}")

        yield show_rows
