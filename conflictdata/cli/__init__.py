"""The command line: read arguments, call one function, print, exit.

There is one module per command. Exit codes: 0 clean; 1 findings of severity error; 2 usage, or input that cannot be
read. Results go to stdout, progress and errors to stderr. Typer takes longer to load than `find` and `ask` take to
run, so these run without it.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from conflictdata.cli._shared import CLEAN, UNUSABLE
from conflictdata.findings import ConflictDataError, UsageError

if TYPE_CHECKING:
    from conflictdata.cli.commands import app

__all__ = ["app", "main"]


def __getattr__(name: str) -> Any:
    if name != "app":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from conflictdata.cli.commands import app

    return app


def _run_guarded(run: Callable[[], Any]) -> int:
    """Run a function; turn expected exceptions into an exit code and one line."""
    try:
        run()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else UNUSABLE
    except (UsageError, ConflictDataError) as fault:
        _print_error(str(fault))
        return UNUSABLE
    except BrokenPipeError:
        sys.stderr.close()
        return CLEAN
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130
    except OSError as fault:
        what = f"{fault.filename}: " if fault.filename else ""
        _print_error(f"{what}{fault.strerror or fault}")
        return UNUSABLE
    return CLEAN


def _print_error(message: str) -> None:
    from rich.console import Console
    from rich.text import Text

    errors = Console(stderr=True, highlight=False)
    errors.print(Text.assemble(("error", "bold red"), f": {message}"), soft_wrap=True)


def main() -> None:
    """Run the program."""
    # A run is short, and the cyclic garbage collector would take a tenth of it.
    gc.set_threshold(50_000)
    code = _run_guarded(_choose_program())
    gc.freeze()
    sys.exit(code)


def _choose_program() -> Callable[[], Any]:
    if sys.argv[1:2] in (["find"], ["ask"], ["plot"]):
        from importlib import import_module

        run = import_module(f"conflictdata.cli.{sys.argv[1]}").run
        return lambda: run(sys.argv[2:])
    from conflictdata.cli.commands import app

    return app
