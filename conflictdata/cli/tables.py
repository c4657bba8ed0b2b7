"""The commands `conflictdata list`, `describe` and `show`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from conflictdata.cli._shared import open_console

if TYPE_CHECKING:
    from rich.table import Table


Collection = Annotated[
    str, typer.Option("--collection", metavar="NAME", help="A collection, such as gaza_daily; see conflictdata list.")
]


def list_tables(collection: Collection = "") -> None:
    """List the tables of the installed data, and its collections.

    Example: [bold]conflictdata list[/bold]
    """
    from rich.table import Table

    from conflictdata import loading

    shown = Table(box=None, pad_edge=False)
    for heading in ("table", "rows", "what it holds"):
        shown.add_column(heading, justify="right" if heading == "rows" else "left")
    for name in loading.tables(collection=collection or None):
        about = loading.describe(name, collection=collection or None)
        shown.add_row(name, f"{about.rows:,}", about.title)
    console = open_console()
    if collection:
        _print_collection(collection)
    console.print(shown)
    if not collection and loading.collections():
        console.print()
        console.print(_list_collections())


def _print_collection(name: str) -> None:
    from conflictdata import loading

    package = loading.read_package(None, name)
    licence = package["licenses"][0]["name"]
    typer.echo(f"{name}: {package['title']} ({licence}, from {package['contributors'][0]['title']})")
    typer.echo(f"{package['caution']}\n")


def _list_collections() -> Table:
    """Return the collections of the installed data: parsed records of other makers."""
    from rich.table import Table

    from conflictdata import loading

    shown = Table(box=None, pad_edge=False)
    for heading in ("collection", "claims", "licence", "parsed records of other makers"):
        shown.add_column(heading, justify="right" if heading == "claims" else "left")
    for name in loading.collections():
        package = loading.read_package(None, name)
        claims = next(r["rows"] for r in package["resources"] if r["name"] == "claims")
        shown.add_row(name, f"{claims:,}", package["licenses"][0]["name"], package["title"])
    return shown


def describe(
    table: Annotated[str, typer.Argument(help="A table, such as casualties.")], collection: Collection = ""
) -> None:
    """Describe a table: its columns, their types and what they mean.

    Example: [bold]conflictdata describe casualties[/bold]
    """
    from conflictdata import loading

    described = loading.describe(table, collection=collection or None)
    if collection:
        _print_collection(collection)
    typer.echo(str(described))


def show(
    table: Annotated[str, typer.Argument(help="A table, such as casualties.")],
    rows: Annotated[int, typer.Option("--rows", "-n", min=1, help="How many rows.")] = 10,
    columns: Annotated[str, typer.Option(help="Columns, separated by commas.")] = "",
    collection: Collection = "",
) -> None:
    """Show the first rows of a table.

    Example: [bold]conflictdata show casualties --columns claimant,path,low,best,high -n 5[/bold]
    """
    import polars as pl

    from conflictdata import loading

    names = [c.strip() for c in columns.split(",") if c.strip()] or None
    frame: Any = loading.load(table, engine="polars", columns=names, collection=collection or None)
    width = open_console().width
    with pl.Config(
        tbl_rows=rows,
        tbl_cols=-1 if names else max(4, width // 16),
        tbl_width_chars=width,
        fmt_str_lengths=60,
        tbl_hide_dataframe_shape=True,
    ):
        typer.echo(str(frame.head(rows)))
    where = f" of the collection {collection}" if collection else ""
    typer.echo(f"{min(rows, frame.height)} of {frame.height:,} rows{where}")
    if collection:
        typer.echo(loading.read_package(None, collection)["caution"])
