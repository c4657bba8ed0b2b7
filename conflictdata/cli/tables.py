"""The commands `conflictdata list`, `describe` and `show`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from conflictdata.cli._shared import open_console, print_line
from conflictdata.registers.folding import escape_hidden

if TYPE_CHECKING:
    import polars as pl
    from rich.table import Table


Collection = Annotated[str, typer.Option("--collection", metavar="NAME", help="A collection, such as gaza_daily.")]


class TableFormat(str, Enum):
    """Formats of a list or a description."""

    text = "text"
    json = "json"
    markdown = "markdown"


Form = Annotated[TableFormat, typer.Option("--format", metavar="FORM", help="text, json or markdown.")]


def list_tables(collection: Collection = "", form: Form = TableFormat.text) -> None:
    """List the tables of the installed data, and its collections.

    Example: [bold]conflictdata list[/bold]
    """
    from conflictdata import loading

    listed = [
        loading.describe(name, collection=collection or None) for name in loading.tables(collection=collection or None)
    ]
    if form is not TableFormat.text:
        rows = [{"table": item.name, "rows": item.rows, "key": list(item.key), "title": item.title} for item in listed]
        others = [] if collection else [_describe_collection(name) for name in loading.collections()]
        _print_rows(form, {"tables": rows, "collections": others})
        return
    from rich.table import Table

    shown = Table(box=None, pad_edge=False)
    for heading in ("table", "rows", "what it holds"):
        shown.add_column(heading, justify="right" if heading == "rows" else "left")
    for about in listed:
        shown.add_row(about.name, f"{about.rows:,}", escape_hidden(about.title))
    console = open_console()
    if collection:
        _print_collection(collection)
    console.print(shown)
    if not collection and loading.collections():
        console.print()
        console.print(_list_collections())


def _print_rows(form: TableFormat, lists: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    """Print lists of rows: as one JSON object, or as one Markdown table per list that has rows."""
    if form is TableFormat.json:
        import json

        print(json.dumps(lists, ensure_ascii=True, indent=2))
        return
    blocks = []
    for rows in lists.values():
        if rows:
            table = [list(rows[0]), ["---"] * len(rows[0]), *([_write_cell(v) for v in row.values()] for row in rows)]
            blocks.append("\n".join(f"| {' | '.join(cells)} |" for cells in table))
    open_console()  # a terminal may not know all letters
    print("\n\n".join(blocks))


def _write_cell(value: Any) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, list | dict) else "" if value is None else str(value)
    return escape_hidden(text).replace("|", "\\|")


def _describe_collection(name: str) -> dict[str, Any]:
    from conflictdata import loading

    package = loading.read_package(None, name)
    claims = next(r["rows"] for r in package["resources"] if r["name"] == "claims")
    return {"collection": name, "claims": claims, "licence": package["licenses"][0]["name"], "title": package["title"]}


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
        about = _describe_collection(name)
        shown.add_row(name, f"{about['claims']:,}", about["licence"], escape_hidden(about["title"]))
    return shown


def describe(
    table: Annotated[str, typer.Argument(help="A table, such as casualties.")],
    column: Annotated[str, typer.Argument(help="Only this column, such as low.")] = "",
    collection: Collection = "",
    form: Form = TableFormat.text,
) -> None:
    """Describe a table or one column: types, meanings and allowed words.

    Example: [bold]conflictdata describe casualties[/bold]

    One column: [bold]conflictdata describe casualties low[/bold]
    """
    from conflictdata import loading

    described = loading.describe(table, collection=collection or None)
    if column:
        known = loading.require_known("column", column, [item.name for item in described.columns])
        described = described.select_column(known)
    if form is not TableFormat.text:
        rows = [asdict(item) for item in described.columns]
        about = {"table": table, "rows": described.rows, "key": list(described.key), "text": described.text}
        _print_rows(form, {"columns": rows} if form is TableFormat.markdown else {"tables": [about], "columns": rows})
        return
    if collection:
        _print_collection(collection)
    open_console()
    typer.echo(str(described))


def show(
    table: Annotated[str, typer.Argument(help="A table, such as casualties.")],
    rows: Annotated[int, typer.Option("--rows", "-n", min=1, help="How many rows.")] = 10,
    columns: Annotated[str, typer.Option(metavar="NAMES", help="Columns, separated by commas.")] = "",
    where: Annotated[
        list[str] | None,
        typer.Option(
            "--where",
            metavar="COLUMN=VALUE",
            help="Only rows with this value. Also !=, >, >=, < and <=; COLUMN= for an empty cell. Repeatable: all must hold.",
        ),
    ] = None,
    collection: Collection = "",
) -> None:
    """Show the first rows of a table.

    Example: [bold]conflictdata show casualties --columns claimant,path,low,best,high -n 5[/bold]

    Some rows: [bold]conflictdata show casualties --where claimant_id=sohr --where 'as_of>=2024-12-08'[/bold]
    """
    import polars as pl

    from conflictdata import loading
    from conflictdata.cli._conditions import parse_condition, select_rows, suggest_values

    names = [loading.require_known("column", name, _list_columns(table, collection)) for name in _split(columns)]
    conditions = [parse_condition(text) for text in where or []]
    everything: Any = loading.load(table, engine="polars", collection=collection or None)
    chosen = select_rows(everything, conditions)
    frame = chosen.select(names) if names else chosen
    inside = f" of the collection {collection}" if collection else ""
    if conditions and frame.is_empty():
        print_line(f"no row of {everything.height:,} matches{inside}")
        for remark in suggest_values(everything, conditions):
            print_line(remark)
        return
    width = open_console().width
    with pl.Config(
        tbl_rows=rows,
        tbl_cols=-1 if names else max(4, width // 16),
        tbl_width_chars=width,
        fmt_str_lengths=60,
        tbl_hide_dataframe_shape=True,
    ):
        typer.echo(str(_escape_cells(frame.head(rows))))
    typer.echo(f"{min(rows, frame.height)} of {frame.height:,} {'matching ' if conditions else ''}rows{inside}")
    if collection:
        typer.echo(loading.read_package(None, collection)["caution"])


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _list_columns(table: str, collection: str) -> list[str]:
    from conflictdata import loading

    return [item.name for item in loading.describe(table, collection=collection or None).columns]


def _escape_cells(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a frame with hidden characters and line breaks of its texts written out."""
    import polars as pl

    texts = [name for name, kind in frame.schema.items() if kind == pl.String]
    return frame.with_columns(pl.col(name).map_elements(escape_hidden, return_dtype=pl.String) for name in texts)
