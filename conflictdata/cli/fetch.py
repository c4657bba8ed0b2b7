"""The commands `conflictdata fetch` and `conflictdata versions`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from conflictdata.cli._shared import open_console, print_line
from conflictdata.findings import UsageError
from conflictdata.registers.folding import escape_hidden

if TYPE_CHECKING:
    from conflictdata.registry.client import Watch


def fetch(
    version: Annotated[str, typer.Argument(help="A version, such as 1.0.0.")],
    everything: Annotated[
        bool,
        typer.Option(
            "--everything", help="Also the CSV files, the zip and the metadata. Default: only what loading needs."
        ),
    ] = False,
    collection: Annotated[
        str, typer.Option("--collection", metavar="NAME", help="Fetch this collection too, such as gaza_daily.")
    ] = "",
    again: Annotated[
        bool, typer.Option("--again", help="Download again, and replace cached files that differ from the registry.")
    ] = False,
) -> None:
    """Download a published version, to use it offline.

    The registry is CONFLICTDATA_REGISTRY, a web address or a folder; the cache is CONFLICTDATA_HOME.

    Example: [bold]conflictdata fetch 1.0.0[/bold]
    """
    from conflictdata.registry import client

    needed = ("datapackage.json", "parquet/", "schemas/")
    inside = [f"collections/{collection}/{path}" for path in (*needed, "LICENSE.txt")] if collection else []
    prefixes = () if everything else (*needed, *inside)
    if again:
        client.fetch(version, paths=("datapackage.json",), again=True)
    entry = client.read_entry(version)
    if collection and not client.select_files(entry, inside):
        known = sorted({path.split("/")[1] for path in entry.files if path.startswith("collections/")})
        has = ", ".join(known) or "none; the data have collections from 2.1.0 on"
        raise UsageError(f"version {version} has no collection {collection!r}; it has {has}")
    paths = client.select_files(entry, prefixes)
    with _show_bytes(sum(entry.files[p].size for p in paths)) as watch:
        folder = client.fetch(version, paths=prefixes, watch=watch)
    print_line(f"{len(paths)} files of version {version} are in {folder}")


def versions() -> None:
    """List the versions of the data: the installed one, those in the cache, and those of the registry.

    Example: [bold]conflictdata versions[/bold]
    """
    from rich.table import Table

    from conflictdata import loading
    from conflictdata.registry import client
    from conflictdata.registry.cache import Cache

    installed, cache, listed = loading.read_package(), Cache.open_default(), client.list_known_versions()
    shown = Table(box=None, pad_edge=False)
    for heading in ("version", "released", "where"):
        shown.add_column(heading)
    for version in loading.versions():
        places = ["installed"] if version == installed["version"] else []
        places += ["cached"] if (cache.locate_folder(version) / "datapackage.json").is_file() else []
        places += ["registry"] if version in listed and not places else []
        day = listed[version].released if version in listed else str(installed["created"])[:10]
        shown.add_row(*map(escape_hidden, (version, day, ", ".join(places))))
    open_console().print(shown)


@contextmanager
def _show_bytes(size: int) -> Iterator[Watch | None]:
    """Show a progress bar of bytes on stderr if it is a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("Fetching", total=size)
        yield lambda path, came: progress.update(task, advance=came, description=path)
