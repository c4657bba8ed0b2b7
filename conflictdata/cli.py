"""The command line: read arguments, call one function, render, exit.

Exit codes: 0 clean; 1 findings of severity error; 2 usage, or input that cannot be read.
Results go to stdout, progress and errors to stderr.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from conflictdata.findings import ConflictDataError, Report, UsageError
from conflictdata.parse.command import parse

app = typer.Typer(
    name="conflictdata",
    help="Casualty claims in armed conflicts: check, publish and load them.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)

CLEAN, FINDINGS, UNUSABLE = 0, 1, 2


class Format(str, Enum):
    """Forms of a report."""

    text = "text"
    json = "json"


class EngineName(str, Enum):
    """What the rules run on."""

    polars = "polars"
    pandas = "pandas"


def _out() -> Console:
    return Console(highlight=False)


def _bar(paths: Iterable[Path]) -> Iterable[Path]:
    """The paths, with a bar on stderr where it is a terminal and there are many."""
    listed = list(paths)
    if len(listed) < 500 or not sys.stderr.isatty():
        return listed
    from rich.progress import track

    return _tracked(track(listed, "Reading seeds", console=Console(stderr=True), transient=True))


def _tracked(paths: Iterable[Path]) -> Iterator[Path]:
    yield from paths


def _show(report: Report, form: Format, *, quiet: bool) -> None:
    if form is Format.json:
        from conflictdata.report import json

        print(json.render(report))
    else:
        from conflictdata.report import text

        text.render(report, _out(), quiet=quiet)


@app.command()
def validate(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Seeds, seed files, tables (CSV, Parquet) or a built package.")
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="How to print the report.")] = Format.text,
    engine: Annotated[
        EngineName, typer.Option(help="What the rules run on; the findings are the same.")
    ] = EngineName.polars,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print errors only.")] = False,
) -> None:
    """Check records against all rules.

    Example: [bold]conflictdata validate seeds/[/bold]
    """
    from conflictdata import validation

    report = validation.validate(*(paths or []), engine=engine.value, progress=_bar)
    _show(report, form, quiet=quiet)
    raise typer.Exit(CLEAN if report.ok else FINDINGS)


@app.command()
def publish(
    seeds: Annotated[Path, typer.Argument(help="The folder of seeds.")] = Path("seeds"),
    out: Annotated[Path, typer.Option("--out", help="Where the package goes.")] = Path("build/package"),
    repository: Annotated[
        bool,
        typer.Option(
            "--repository",
            help="Renew the copy in this repository instead: conflictdata/data, schemas/, datapackage.json.",
        ),
    ] = False,
) -> None:
    """Check the seeds and build the data package. Nothing is written while an error stands.

    Example: [bold]conflictdata publish --out build/package[/bold]
    """
    from conflictdata.publishing import publish_repository, publish_seeds

    build = publish_repository if repository else publish_seeds
    report, folder = build(seeds, Path() if repository else out, progress=_bar)
    if folder is None:
        _show(report, Format.text, quiet=True)
        Console(stderr=True).print("[bold red]not published[/]: mend the errors above first", soft_wrap=True)
        raise typer.Exit(FINDINGS)
    from conflictdata.report.text import summary

    for line in summary(report):
        typer.echo(line)
    typer.echo(f"published: {folder}")


@app.command("list")
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
    _out().print(shown)


@app.command()
def describe(table: Annotated[str, typer.Argument(help="A table, such as casualties.")]) -> None:
    """Describe a table: its columns, their types and what they mean.

    Example: [bold]conflictdata describe casualties[/bold]
    """
    from conflictdata import loading

    typer.echo(str(loading.describe(table)))


@app.command()
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

    wanted = [c.strip() for c in columns.split(",") if c.strip()] or None
    frame: Any = loading.load(table, engine="polars", columns=wanted)
    width = _out().width
    with pl.Config(
        tbl_rows=rows,
        tbl_cols=-1 if wanted else max(4, width // 16),
        tbl_width_chars=width,
        fmt_str_lengths=60,
        tbl_hide_dataframe_shape=True,
    ):
        typer.echo(str(frame.head(rows)))
    typer.echo(f"{min(rows, frame.height)} of {frame.height:,} rows")


app.command()(parse)


def _guarded(run: Callable[[], Any]) -> int:
    """Run, and turn whatever was foreseen into an exit code and one line."""
    errors = Console(stderr=True, highlight=False)
    try:
        run()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else UNUSABLE
    except (UsageError, ConflictDataError) as fault:
        errors.print(f"[bold red]error[/]: {fault!s}", soft_wrap=True, markup=True)
        return UNUSABLE
    except BrokenPipeError:
        sys.stderr.close()
        return CLEAN
    except KeyboardInterrupt:
        errors.print("stopped")
        return 130
    except OSError as fault:
        what = f"{fault.filename}: " if fault.filename else ""
        errors.print(f"error: {what}{fault.strerror or fault}", markup=False, soft_wrap=True)
        return UNUSABLE
    return CLEAN


def main() -> None:
    """The program."""
    sys.exit(_guarded(app))


if __name__ == "__main__":
    main()
