"""The command `conflictdata verify`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from conflictdata.cli._shared import CLEAN, FINDINGS, LIST_OF_FORMS, TEXT, Format, show


def verify(
    target: Annotated[str, typer.Argument(help="A released version or a registry: a folder, a zip, or a web address.")],
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Make the version again from the seeds, and compare every byte.")
    ] = False,
    seeds: Annotated[Path, typer.Option(help="With --rebuild: the seeds of that version.")] = Path("seeds"),
    changelog: Annotated[Path, typer.Option(help="With --rebuild: the changelog of that version.")] = Path(
        "CHANGELOG.md"
    ),
    form: Annotated[Format, typer.Option("--format", metavar="FORM", help=LIST_OF_FORMS)] = TEXT,
) -> None:
    """Check a released version: hashes, sizes, rows, CSV against Parquet, keys, rules.

    Example: [bold]conflictdata verify conflictdata-1.0.0.zip[/bold]
    """
    from conflictdata.release import environment
    from conflictdata.release import verify as verifying

    if rebuild:
        report = verifying.rebuild(Path(target), seeds, changelog)
        if report.ok:
            typer.echo(f"the seeds give the same {report.files} files, byte for byte")
            for other in environment.compare_environments(environment.read_recorded(Path(target))):
                typer.echo(f"in another environment: {other}")
            raise typer.Exit(CLEAN)
    else:
        report = verifying.verify(target)
    show(report, form, errors_only=True)  # warnings were published with the version
    raise typer.Exit(CLEAN if report.ok else FINDINGS)
