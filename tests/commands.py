"""Run the command line in the test process.

This saves a second of start-up per call. Signals, pipes, encodings and lazy imports are tested in separate processes.
"""

from __future__ import annotations

import io
import os
import sys
import warnings
from collections.abc import Iterator, Mapping
from contextlib import chdir, contextmanager, nullcontext, redirect_stderr, redirect_stdout
from pathlib import Path
from subprocess import CompletedProcess
from unittest import mock

from conflictdata.cli import _run_guarded, app

PLAIN = {"NO_COLOR": "1", "COLUMNS": "160", "TERM": "dumb"}


@contextmanager
def _reset_warnings() -> Iterator[None]:
    """Print warnings, as outside pytest, which turns them into errors."""
    with warnings.catch_warnings():
        warnings.simplefilter("default")
        for quiet in (DeprecationWarning, PendingDeprecationWarning, ImportWarning, ResourceWarning):
            warnings.simplefilter("ignore", quiet)
        yield


def _make_stream() -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)


def _read_stream(stream: io.TextIOWrapper) -> str:
    stream.flush()
    content = stream.buffer.getvalue()  # type: ignore[attr-defined]
    return str(content.decode("utf-8"))


def run(
    *args: str | Path, cwd: Path | None = None, given: str | None = None, env: Mapping[str, str] = PLAIN
) -> CompletedProcess[str]:
    """Run `conflictdata` with these arguments.

    Args:
        args: Arguments.
        cwd: Working directory.
        given: Input on stdin.
        env: Additional environment variables.

    Returns:
        The exit code and the output.
    """
    words = ["conflictdata", *map(str, args)]
    out, errors = _make_stream(), _make_stream()
    stdin = io.TextIOWrapper(io.BytesIO((given or "").encode()), encoding="utf-8")
    with (
        mock.patch.dict(os.environ, env), mock.patch.object(sys, "argv", words), mock.patch.object(sys, "stdin", stdin),
        chdir(cwd) if cwd else nullcontext(), redirect_stdout(out), redirect_stderr(errors), _reset_warnings(),
    ):  # fmt: skip
        code = _run_guarded(app)
    return CompletedProcess(words, code, _read_stream(out), _read_stream(errors))
