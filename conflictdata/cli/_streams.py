"""Standard streams that are closed, full, or no longer read: the program runs on, and its exit code stays true."""

from __future__ import annotations

import errno
import io
import os
import sys
from typing import IO, Any, TextIO

from conflictdata.findings import UsageError

_GONE = (errno.EPIPE, errno.EINVAL) if os.name == "nt" else (errno.EPIPE,)


class OutputFile(io.FileIO):
    """The file of a standard stream. It drops what cannot be written, and keeps the reason.

    Attributes:
        fault: The first error. None: everything was written.
    """

    def __init__(self, number: int) -> None:
        super().__init__(number, "wb", closefd=False)
        self.fault: OSError | None = None

    def write(self, data: Any) -> int:
        """Write bytes; after an error, drop them."""
        size = memoryview(data).nbytes
        if self.fault is not None:
            return size
        try:
            return super().write(data) or 0
        except OSError as fault:
            self.fault = fault
            return size

    @property
    def is_lost(self) -> bool:
        """Return whether output was lost that somebody wanted: a full disk, and not a reader that has gone."""
        return self.fault is not None and self.fault.errno not in _GONE


def guard_streams() -> tuple[OutputFile, OutputFile]:
    """Replace stdout and stderr by streams that never raise. Keep the numbers of closed streams from other files.

    Returns:
        The files of stdout and stderr.
    """
    for stream in ("stdin", "stdout", "stderr"):
        if getattr(sys, stream) is None:
            os.open(os.devnull, os.O_RDWR)  # it gets the lowest number that is free: that of the closed stream
    out, sys.stdout = _guard(sys.stdout, 1)
    errors, sys.stderr = _guard(sys.stderr, 2)
    return out, errors


def _guard(stream: TextIO | None, number: int) -> tuple[OutputFile, TextIO]:
    file = OutputFile(number)
    if os.name == "nt" and stream is not None and stream.isatty():  # Windows writes to its terminal in another way
        return file, stream
    encoding, errors = ("utf-8", "backslashreplace") if stream is None else (stream.encoding, stream.errors)
    at_once = bool(getattr(stream, "write_through", False))
    by_line = number == 2 or bool(getattr(stream, "line_buffering", False))
    wrapped = io.TextIOWrapper(
        io.BufferedWriter(file), encoding=encoding, errors=errors, line_buffering=by_line, write_through=at_once
    )
    return file, wrapped


def is_reader_gone() -> bool:
    """Return whether nobody reads stdout any more, so that a command with an endless output may stop."""
    raw = getattr(getattr(sys.stdout, "buffer", None), "raw", None)
    return isinstance(raw, OutputFile) and raw.fault is not None


def open_stdin() -> IO[bytes]:
    """Return the bytes of standard input.

    Raises:
        UsageError: If it is closed.
    """
    if sys.stdin is None:
        raise UsageError("standard input is closed, so - names nothing; name a file, or pipe a text into the command")
    return sys.stdin.buffer
