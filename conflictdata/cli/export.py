"""The command `conflictdata export`."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from conflictdata.cli._shared import print_line, print_note
from conflictdata.export import FORMATS


class FormatName(str, Enum):
    """Formats of other tools."""

    _ignore_ = "form"
    for form in FORMATS:
        vars()[form] = form


def export(
    form: Annotated[
        FormatName, typer.Argument(metavar="FORMAT", help=f"One of {', '.join(f.value for f in FormatName)}.")
    ],
    to: Annotated[Path, typer.Option("--to", help="The file to write.")],
    tables: Annotated[
        str, typer.Option("--tables", "--table", help="Tables, separated by commas; all where none is given.")
    ] = "",
    version: Annotated[str, typer.Option(help="The version of the data; the installed one where not given.")] = "",
    collection: Annotated[
        str, typer.Option("--collection", metavar="NAME", help="Export this collection, such as gaza_daily.")
    ] = "",
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
) -> None:
    """Write the data in another format.

    Example: [bold]conflictdata export sqlite --to conflictdata.sqlite[/bold]
    """
    from conflictdata import export as formats
    from conflictdata import loading

    chosen = [t.strip() for t in tables.split(",") if t.strip()]
    remarks = formats.export(
        form.value, to, loading.bundle(version or None, collection or None), tables=chosen, force=force
    )
    for remark in remarks:
        print_note(f"note: {remark}")
    if collection:
        print_note(f"note: {loading.read_package(version or None, collection)['caution']}")
    print_line(f"written: {to}")
