"""The command `conflictdata export`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from conflictdata.cli._shared import join_words, print_line, print_note
from conflictdata.export import FORMATS


def export(
    form: Annotated[str, typer.Argument(metavar="FORMAT", help=f"{join_words(FORMATS)}.")],
    to: Annotated[Path, typer.Option("--to", help="The file to write.")],
    tables: Annotated[str, typer.Option("--tables", "--table", help="Tables, separated by commas. Default: all.")] = "",
    version: Annotated[str, typer.Option(help="Version of the data. Default: the installed one.")] = "",
    collection: Annotated[
        str, typer.Option("--collection", metavar="NAME", help="Export this collection, such as gaza_daily.")
    ] = "",
    force: Annotated[bool, typer.Option("--force", help="Replace an existing file.")] = False,
) -> None:
    """Write the data in another format.

    Example: [bold]conflictdata export sqlite --to conflictdata.sqlite[/bold]
    """
    from conflictdata import export as formats
    from conflictdata import loading

    known = loading.require_known("format", form, FORMATS)
    chosen = [t.strip() for t in tables.split(",") if t.strip()]
    remarks = formats.export(known, to, loading.bundle(version or None, collection or None), tables=chosen, force=force)
    for remark in remarks:
        print_note(f"note: {remark}")
    if collection:
        print_note(f"note: {loading.read_package(version or None, collection)['caution']}")
    print_line(f"written: {to}")
