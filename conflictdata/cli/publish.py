"""The command `conflictdata publish`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from conflictdata.cli._bar import show_progress
from conflictdata.cli._shared import FINDINGS, TEXT, print_line, print_note, show


def publish(
    seeds: Annotated[Path, typer.Argument(help="The folder of seeds.")] = Path("seeds"),
    out: Annotated[Path, typer.Option("--out", help="Where the package goes.")] = Path("build/package"),
    repository: Annotated[
        bool,
        typer.Option(
            "--repository",
            help="Update the copy in this repository instead: conflictdata/data, schemas/, datapackage.json.",
        ),
    ] = False,
) -> None:
    """Check the seeds and build the data package. Writes nothing if there is an error.

    Example: [bold]conflictdata publish --out build/package[/bold]
    """
    from conflictdata.devtools.generate import publish_repository
    from conflictdata.release.publish import publish_seeds

    build = publish_repository if repository else publish_seeds
    report, folder = build(seeds, Path() if repository else out, progress=show_progress)
    if folder is None:
        show(report, TEXT, errors_only=True)
        print_note("not published: fix the errors above first")
        raise typer.Exit(FINDINGS)
    from conflictdata.reporters.common import format_summary

    for line in format_summary(report):
        print_line(line)
    print_line(f"published: {folder}")
