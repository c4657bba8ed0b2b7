"""The command line: read arguments, call one function, print, exit.

There is one module per command or family of commands. Exit codes: 0 clean; 1 errors, differences or a refusal; 2 usage, input that cannot
be read, or an unforeseen fault (docs/exit-codes.md). Results go to stdout, progress and errors to stderr. Typer takes longer to load than `find` and `ask` take to
run, so these run without it.
"""

from __future__ import annotations

import gc
import io
import os
import signal
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from conflictdata.cli._shared import CLEAN, UNUSABLE, read_width
from conflictdata.cli._streams import guard_streams
from conflictdata.findings import ConflictDataError, UsageError
from conflictdata.registers.folding import escape_hidden

if TYPE_CHECKING:
    from conflictdata.cli.commands import app

__all__ = ["app", "main"]

DEBUG = "CONFLICTDATA_DEBUG"  # 1: print tracebacks


def __getattr__(name: str) -> Any:
    if name != "app":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from conflictdata.cli.commands import app

    return app


def _run_guarded(run: Callable[[], Any]) -> int:
    """Run a function. Return its exit code, and print an error in one line (docs/exit-codes.md)."""
    try:
        run()
    except SystemExit as end:
        return _read_code(end)
    except (UsageError, ConflictDataError) as fault:
        return _refuse(fault, *getattr(fault, "lines", [str(fault)]))
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130
    except OSError as fault:
        what = f"{fault.filename}: " if fault.filename else ""
        return _refuse(fault, f"{what}{fault.strerror or fault}")
    except BaseException as fault:  # a panic of a library in Rust is not an Exception
        kind, text = type(fault).__name__, (str(fault).splitlines() or [""])[0]
        return _refuse(fault, f"unforeseen fault: {kind}: {text[:500]}; run it again with {DEBUG}=1, and report it")
    return CLEAN


def _read_code(end: SystemExit) -> int:
    if isinstance(end.code, int):
        return end.code
    return CLEAN if end.code is None else UNUSABLE


def _refuse(fault: BaseException, *lines: str) -> int:
    """Print an error, and with CONFLICTDATA_DEBUG=1 its traceback before it."""
    if os.environ.get(DEBUG) == "1":
        import traceback

        traceback.print_exception(fault)
    _print_error("\n".join(map(escape_hidden, lines)))
    return UNUSABLE


def _print_error(message: str) -> None:
    from rich.console import Console
    from rich.text import Text

    if isinstance(sys.stderr, io.TextIOWrapper):  # a terminal may not know all letters
        sys.stderr.reconfigure(errors="backslashreplace")
    errors = Console(stderr=True, highlight=False)
    errors.print(Text.assemble(("error", "bold red"), f": {message}"), soft_wrap=True)


def main() -> None:
    """Run the program."""
    # A run is short, and the cyclic garbage collector would take a tenth of it.
    gc.set_threshold(50_000)
    output, _ = guard_streams()
    _stop_on_signals()
    if width := read_width():  # libraries fail at 0 and at 100,000 columns
        os.environ["COLUMNS"] = str(width)
    code = _run_guarded(_run_program)
    sys.stdout.flush()
    if output.is_lost and output.fault is not None:
        _print_error(f"standard output cannot be written: {output.fault.strerror}")
        code = UNUSABLE
    sys.stderr.flush()
    gc.freeze()
    sys.exit(code)


def _stop_on_signals() -> None:
    """End the program in order on SIGTERM and SIGHUP, so that its temporary files are deleted."""

    def stop(number: int, _: Any) -> None:
        signal.signal(number, signal.SIG_IGN)
        raise SystemExit(128 + number)

    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, stop)


def _run_program() -> None:
    _choose_program()()


def _choose_program() -> Callable[[], Any]:
    if sys.argv[1:2] in (["find"], ["ask"], ["plot"]):
        from importlib import import_module

        run = import_module(f"conflictdata.cli.{sys.argv[1]}").run
        return lambda: run(sys.argv[2:])
    from conflictdata.cli.commands import app

    return app
