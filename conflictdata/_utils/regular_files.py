"""Read regular files only, and not more of them than a limit: a device has no end, and a FIFO makes a reader wait."""

from __future__ import annotations

import io
import os
import stat
from pathlib import Path

_BLOCK = 1 << 20
_NO_WAIT = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class NotRegularError(OSError):
    """The path is a folder, a device, a FIFO or a socket."""


def open_regular(path: Path | str) -> io.BufferedReader:
    """Open a regular file to read its bytes. Never waits for a writer.

    Raises:
        NotRegularError: If it is another kind of file.
        OSError: If it cannot be opened.
    """
    handle = os.open(path, os.O_RDONLY | _NO_WAIT)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise NotRegularError(0, "it is not a regular file", os.fspath(path))
    return io.BufferedReader(io.FileIO(handle, "rb"), _BLOCK)


def read_at_most(path: Path | str, limit: int) -> bytes:
    """Return the bytes of a regular file, at most `limit` and one more. The size that the system gives is not trusted.

    Raises:
        NotRegularError: If it is another kind of file.
        OSError: If it cannot be read.
    """
    blocks: list[bytes] = []
    left = limit + 1
    with open_regular(path) as opened:
        while left > 0 and (block := opened.read(min(left, _BLOCK))):
            blocks.append(block)
            left -= len(block)
    return b"".join(blocks)


def find_repository(folder: Path) -> Path:
    """Return the repository that holds a folder; without one, the folder that holds it."""
    real = folder.resolve()
    return next((above for above in (real, *real.parents) if (above / ".git").exists()), real.parent)


def leads_out(path: Path | str, root: Path) -> bool:
    """Return whether a path leads out of a folder, through any link."""
    return not Path(os.path.realpath(path)).is_relative_to(root)
