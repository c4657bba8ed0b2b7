"""The command `conflictdata release`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from conflictdata.cli._bar import show_progress
from conflictdata.cli._shared import FINDINGS, print_line, print_note

if TYPE_CHECKING:
    from conflictdata.comparison.result import Diff


def release(
    version: Annotated[str, typer.Argument(help="The version, such as 1.1.0.")],
    to: Annotated[Path, typer.Option("--to", help="The registry: a folder that a static web server can serve.")],
    seeds: Annotated[Path, typer.Option(help="The folder of seeds.")] = Path("seeds"),
    changelog: Annotated[Path, typer.Option(help="The changelog, with an entry for this version.")] = Path(
        "CHANGELOG.md"
    ),
) -> None:
    """Publish a new version, checked and compared with the one before. A published version never changes.

    Example: [bold]conflictdata release 1.1.0 --to site[/bold]
    """
    from conflictdata.release.release import release as released

    outcome = released(version, to, seeds=seeds, changelog=changelog, progress=show_progress)
    for refusal in outcome.refusals:
        print_note(f"refused: {refusal}")
    if outcome.folder is None:
        print_note("nothing was written")
        raise typer.Exit(FINDINGS)
    from conflictdata.reporters.common import format_summary

    for line in format_summary(outcome.report):
        print_line(line)
    changes = outcome.changes
    typer.echo(
        "the first version"
        if changes is None
        else f"{changes.bump} against {changes.old.version}: {_count_rows(changes)}"
    )
    print_line(f"released: {outcome.folder}")


def _count_rows(changes: Diff) -> str:
    removed, altered, added = changes.total("removed"), changes.total("corrected", "replaced"), changes.total("added")
    return f"{removed:,} rows removed, {altered:,} corrected, {added:,} added"
