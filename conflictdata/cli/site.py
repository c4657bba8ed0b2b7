"""The commands `conflictdata site build` and `conflictdata site serve`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from conflictdata.cli._shared import print_line, print_note

site = typer.Typer(help="Build the site of static pages, and view it.", no_args_is_help=True)
FOLDER = Path("build/site")


@site.command("build")
def build(
    out: Annotated[Path, typer.Option("--out", help="Folder to write. A site built before is replaced.")] = FOLDER,
    versions: Annotated[
        Path | None,
        typer.Option(metavar="REGISTRY", help="Folder of released versions. Adds a page per version with its changes."),
    ] = None,
    address: Annotated[
        str, typer.Option(metavar="URL", help="Web address of the site, with a slash at its end. Adds a sitemap.")
    ] = "",
    pictures: Annotated[bool, typer.Option("--pictures/--no-pictures", help="Draw tolls over time.")] = True,
) -> None:
    """Build the site of the installed data: a page per conflict, toll, event, source, claimant and place.

    Example: [bold]conflictdata site build --out build/site[/bold]
    """
    from conflictdata import loading
    from conflictdata.site import SiteOptions, build_site
    from conflictdata.site.permalinks import read_withdrawn

    collections = {name: loading.bundle(None, name) for name in loading.collections()}
    options = SiteOptions(versions, address, pictures, loading.DATA, tuple(read_withdrawn()), collections)
    summary = build_site(loading.bundle(), out, options)
    for note in summary.notes:
        print_note(f"note: {note}")
    print_line(f"{summary.pages:,} pages: {out / 'index.html'}")


@site.command("serve")
def serve(
    folder: Annotated[Path, typer.Argument(help="Folder of a built site.")] = FOLDER,
    port: Annotated[int, typer.Option(help="Port to listen on; 0 takes a free one.")] = 8000,
) -> None:
    """Serve a built site on this machine only, until Ctrl-C.

    Example: [bold]conflictdata site serve build/site[/bold]
    """
    from conflictdata.site.serve import HOST, open_server

    with open_server(folder, port) as server:
        typer.echo(f"http://{HOST}:{server.server_port}/  (Ctrl-C stops it)")
        server.serve_forever()
