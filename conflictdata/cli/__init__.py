"""The command line: read arguments, call one function, print, exit.

There is one module per command. Exit codes: 0 clean; 1 findings of severity error; 2 usage, or input that cannot be
read. Results go to stdout, progress and errors to stderr.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from typing import Any

import typer
from rich.console import Console
from rich.text import Text

from conflictdata.cli._shared import CLEAN, UNUSABLE
from conflictdata.cli.cite import cite
from conflictdata.cli.diff import diff
from conflictdata.cli.explain import explain
from conflictdata.cli.export import export
from conflictdata.cli.fetch import fetch, versions
from conflictdata.cli.fmt import fmt
from conflictdata.cli.form import form
from conflictdata.cli.import_ import import_
from conflictdata.cli.new import new
from conflictdata.cli.parse import parse
from conflictdata.cli.publish import publish
from conflictdata.cli.release import release
from conflictdata.cli.tables import describe, list_tables, show
from conflictdata.cli.validate import validate
from conflictdata.cli.verify import verify
from conflictdata.findings import ConflictDataError, UsageError

app = typer.Typer(
    name="conflictdata",
    help="Casualty claims in armed conflicts: check, publish and load them.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)

# The commands in the order of `--help`, by purpose.
COMMANDS: dict[str, dict[str, Callable[..., None]]] = {
    "Use the data": {
        "list": list_tables,
        "describe": describe,
        "show": show,
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
for panel, family in COMMANDS.items():
    for name, command in family.items():
        app.command(name, rich_help_panel=panel)(command)


def _run_guarded(run: Callable[[], Any]) -> int:
    """Run a function; turn expected exceptions into an exit code and one line."""
    errors = Console(stderr=True, highlight=False)
    try:
        run()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else UNUSABLE
    except (UsageError, ConflictDataError) as fault:
        errors.print(Text.assemble(("error", "bold red"), f": {fault}"), soft_wrap=True)
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
    """Run the program."""
    # A run is short, and the cyclic garbage collector would take a tenth of it.
    gc.set_threshold(50_000)
    code = _run_guarded(app)
    gc.freeze()
    sys.exit(code)
