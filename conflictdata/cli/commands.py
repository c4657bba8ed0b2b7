"""The commands of the program, in the order of `--help`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import typer

from conflictdata.cli._shared import CLEAN, print_line
from conflictdata.cli.ask import run as run_ask
from conflictdata.cli.cite import cite
from conflictdata.cli.diff import diff
from conflictdata.cli.explain import explain
from conflictdata.cli.export import export
from conflictdata.cli.fetch import fetch, versions
from conflictdata.cli.find import run
from conflictdata.cli.fmt import fmt
from conflictdata.cli.form import form
from conflictdata.cli.import_ import import_
from conflictdata.cli.new import new
from conflictdata.cli.parse import parse
from conflictdata.cli.plot import run as run_plot
from conflictdata.cli.publish import publish
from conflictdata.cli.release import release
from conflictdata.cli.site import site
from conflictdata.cli.tables import describe, list_tables, show
from conflictdata.cli.validate import validate
from conflictdata.cli.verify import verify

app = typer.Typer(
    name="conflictdata",
    help="Read, compare, check and publish casualty claims in armed conflicts.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(is_requested: bool) -> None:
    if is_requested:
        from conflictdata import __version__, loading

        print_line(f"conflictdata {__version__}, data {loading.read_package()['version']}")
        raise typer.Exit(CLEAN)


@app.callback()
def start(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the versions of program and data."
        ),
    ] = False,
) -> None:
    """Read, compare, check and publish casualty claims in armed conflicts."""


def find(context: typer.Context) -> None:
    """Find the id of an actor, a place, an event, a conflict or a toll by its name.

    Example: [bold]conflictdata find Syrian Observatory --kind actor[/bold]
    """
    run(context.args)


def ask(context: typer.Context) -> None:
    """Ask the claims: how a toll rose, who says what about an event, what may be added up.

    Example: [bold]conflictdata ask compare --event 2024-12-01-idlib-strikes[/bold]
    """
    run_ask(context.args)


def plot(context: typer.Context) -> None:
    """Draw a toll over time, or rival claims side by side, as SVG, PNG or HTML.

    Example: [bold]conflictdata plot compare --event 2024-12-01-idlib-strikes --out strikes.svg[/bold]
    """
    run_plot(context.args)


# The commands in the order of `--help`, by purpose.
COMMANDS: dict[str, dict[str, Callable[..., None]]] = {
    "Use the data": {
        "list": list_tables,
        "describe": describe,
        "show": show,
        "find": find,
        "ask": ask,
        "plot": plot,
        "cite": cite,
        "export": export,
        "import": import_,
        "versions": versions,
        "fetch": fetch,
    },
    "Check and publish": {
        "validate": validate,
        "explain": explain,
        "diff": diff,
        "publish": publish,
        "release": release,
        "verify": verify,
    },
    "Contribute": {"new": new, "fmt": fmt, "parse": parse, "form": form},
}
# `find`, `ask` and `plot` read their own arguments.
_OPTIONS: dict[str, dict[str, Any]] = {
    name: {"add_help_option": False, "context_settings": {"allow_extra_args": True, "ignore_unknown_options": True}}
    for name in ("find", "ask", "plot")
}
for panel, family in COMMANDS.items():
    for name, command in family.items():
        app.command(name, rich_help_panel=panel, **_OPTIONS.get(name, {}))(command)
app.add_typer(site, name="site", rich_help_panel="Use the data")
