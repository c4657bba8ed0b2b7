"""The command `conflictdata new`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from conflictdata.cli._bar import show_progress
from conflictdata.cli._shared import print_line, print_note


def new(
    target: Annotated[
        str,
        typer.Argument(metavar="URL|ID", help="Address or id of a page, such as telesur_english-2024-12-05."),
    ],
    conflict: Annotated[str, typer.Option(help="Id of the conflict.")] = "",
    publisher: Annotated[str, typer.Option(help="Actor id of the publisher. Default: guessed from the address.")] = "",
    published: Annotated[str, typer.Option(help="Day of publication, such as 2024-12-05.")] = "",
    language: Annotated[str, typer.Option(help="ISO 639 code of the language, such as en.")] = "",
    claimant: Annotated[str, typer.Option(help="Actor id of the claimant.")] = "",
    seeds: Annotated[Path, typer.Option(help="The seeds folder.")] = Path("seeds"),
    stdout: Annotated[bool, typer.Option("--stdout", help="Print the file instead of writing it.")] = False,
) -> None:
    """Create the file for a page: every field is explained, and TODO marks what you decide.

    Given the id of an existing page, add a claim to it. Nothing is downloaded, and no file is overwritten.

    Example: [bold]conflictdata new https://example.org/2024/12/05/news --conflict syria_2024_offensive[/bold]
    """
    from conflictdata._utils.atomic_write import create_file, replace_file
    from conflictdata.authoring import index
    from conflictdata.authoring.new import NewPageRequest, prepare_file

    request = NewPageRequest(target, conflict, publisher, published, language, claimant)
    made = prepare_file(request, index.read_index(seeds, progress=show_progress))
    for remark in made.remarks:
        print_note(remark)
    if stdout:
        sys.stdout.write(made.text)
        return
    if made.exists:
        replace_file(made.path.resolve(), made.text.encode())
    else:
        create_file(made.path, made.text.encode())
    print_line(made.path)
    print_note(f"next: replace each TODO in it, then run `conflictdata validate {made.path}`")
