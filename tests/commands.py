"""The command line in the process of the tests: the same program, without the second that it takes to start one.

What a process of its own is about (signals, pipes, encodings, what is loaded) is tested in one.
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
    """Warnings as Python has them: pytest makes errors of them, and a program prints them."""
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
    """`conflictdata` with these arguments: its exit code, and what it printed.

    Args:
        args: the arguments.
        cwd: the folder that it runs in.
        given: what it reads from stdin.
        env: what stands in the environment besides what is there.
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
