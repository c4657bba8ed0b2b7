"""The commands `conflictdata list`, `describe` and `show`."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from conflictdata.cli._shared import open_console


def list_tables() -> None:
    """List the tables of the installed data.

    Example: [bold]conflictdata list[/bold]
    """
    from rich.table import Table

    from conflictdata import loading

    shown = Table(box=None, pad_edge=False)
    for heading in ("table", "rows", "what it holds"):
        shown.add_column(heading, justify="right" if heading == "rows" else "left")
    for name in loading.tables():
        about = loading.describe(name)
        shown.add_row(name, f"{about.rows:,}", about.title)
    open_console().print(shown)


def describe(table: Annotated[str, typer.Argument(help="A table, such as casualties.")]) -> None:
    """Describe a table: its columns, their types and what they mean.

    Example: [bold]conflictdata describe casualties[/bold]
    """
    from conflictdata import loading

    typer.echo(str(loading.describe(table)))


def show(
    table: Annotated[str, typer.Argument(help="A table, such as casualties.")],
    rows: Annotated[int, typer.Option("--rows", "-n", min=1, help="How many rows.")] = 10,
    columns: Annotated[str, typer.Option(help="Columns, separated by commas.")] = "",
) -> None:
    """Show the first rows of a table.

    Example: [bold]conflictdata show casualties --columns claimant,path,low,best,high -n 5[/bold]
    """
    import polars as pl

    from conflictdata import loading

    names = [c.strip() for c in columns.split(",") if c.strip()] or None
    frame: Any = loading.load(table, engine="polars", columns=names)
    width = open_console().width
    with pl.Config(
        tbl_rows=rows,
        tbl_cols=-1 if names else max(4, width // 16),
        tbl_width_chars=width,
        fmt_str_lengths=60,
        tbl_hide_dataframe_shape=True,
    ):
        typer.echo(str(frame.head(rows)))
    typer.echo(f"{min(rows, frame.height)} of {frame.height:,} rows")
