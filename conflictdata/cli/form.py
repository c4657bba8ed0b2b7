"""The command `conflictdata form`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from conflictdata.cli._shared import print_note
from conflictdata.cli._streams import open_stdin
from conflictdata.findings import UsageError


def form(
    file: Annotated[Path, typer.Argument(help="The answers of the form as JSON, or - for standard input.")],
    seeds: Annotated[Path, typer.Option("--seeds", help="The seeds folder.")] = Path("seeds"),
    out: Annotated[Path, typer.Option("--out", help="A new file for the draft, or - to print it.")] = Path("-"),
) -> None:
    """Turn a completed form, "Add a source" or "Correct a figure", into a draft for a person to finish.

    Example: [bold]conflictdata form issue.json --out draft.yaml[/bold]
    """
    from conflictdata._utils.atomic_write import create_file
    from conflictdata.authoring import issue_form_correction, issue_form_source
    from conflictdata.authoring.issue_form import CORRECT, read_form

    response = read_form(_read_form(file))
    is_correction = response.form is CORRECT
    draft = (issue_form_correction.draft_correction if is_correction else issue_form_source.draft_source)(
        response, seeds
    )
    if str(out) == "-":
        sys.stdout.write(draft)
    else:
        create_file(out, draft.encode())
        print_note(f"draft: {out}")


def _read_form(file: Path) -> bytes:
    """Read a form, up to the size limit of forms."""
    from conflictdata.authoring.issue_form import LIMIT

    if str(file) == "-":
        return open_stdin().read(LIMIT + 1)
    if not file.is_file():
        raise UsageError(f"{file} does not exist" if not file.exists() else f"{file} is not a file")
    with file.open("rb") as opened:
        return opened.read(LIMIT + 1)
