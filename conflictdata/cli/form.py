"""The command `conflictdata form`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from conflictdata.findings import UsageError


def form(
    file: Annotated[Path, typer.Argument(help="The body of the issue as Markdown, or - for standard input.")],
    seeds: Annotated[Path, typer.Option("--seeds", help="The folder of seeds.")] = Path("seeds"),
    out: Annotated[Path, typer.Option("--out", help="Where the draft goes, a new file, or - to print it.")] = Path("-"),
) -> None:
    """Turn a filled form, "Add a source" or "Correct a figure", into a draft for a person to finish.

    Example: [bold]conflictdata form issue.md --out draft.yaml[/bold]
    """
    from conflictdata.authoring import issue_form_correction, issue_form_source
    from conflictdata.authoring.files import create_seed_file
    from conflictdata.authoring.issue_form import CORRECT, read_form

    filled = read_form(_read_form(file))
    compose = issue_form_correction.draft_correction if filled.form is CORRECT else issue_form_source.draft_source
    draft = compose(filled, seeds)
    if str(out) == "-":
        sys.stdout.write(draft)
    else:
        create_seed_file(out, draft.encode())
        typer.echo(f"draft: {out}", err=True)


def _read_form(file: Path) -> bytes:
    """Read a form, up to the size limit of forms."""
    from conflictdata.authoring.issue_form import LIMIT

    if str(file) == "-":
        return sys.stdin.buffer.read(LIMIT + 1)
    if not file.is_file():
        raise UsageError(f"{file} does not exist" if not file.exists() else f"{file} is no file")
    with file.open("rb") as opened:
        return opened.read(LIMIT + 1)
