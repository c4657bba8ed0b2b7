"""A command as a whole process: its seconds, the most memory it had, and the most disk that it took."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_EVERY = 0.1  # seconds between two looks at the disk


@dataclass(frozen=True)
class Run:
    """One run of a command.

    Attributes:
        seconds: from its start to its end.
        megabytes: the most memory that it had at one time (resident set, as the system counts it).
        disk: the most bytes in its folder for temporary files, as far as looks ten times a second tell.
        said: the last line that it printed, where that is JSON.
    """

    seconds: float
    megabytes: float
    disk: int
    said: dict[str, Any]


def run_once(
    command: Sequence[str], *, good: Sequence[int] = (0,), environment: Mapping[str, str] | None = None
) -> Run:
    """Run a command. This process must be small, for a child begins with the size of its parent.

    Args:
        command: what to run.
        good: exit codes that are no failure.
        environment: variables beside those of this process.

    Raises:
        SystemExit: it failed.
    """
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        watched = _Disk(Path(folder))
        variables = {**os.environ, "TMPDIR": folder, **(environment or {})}
        # What is installed is compiled when it is installed; this checkout is when it first runs, unless it may not be.
        variables.pop("PYTHONDONTWRITEBYTECODE", None)
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=out, stderr=err, env=variables, cwd=folder)
        watched.start()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        watched.stop()
        err.seek(0)
        errors = err.read().decode("utf-8", "replace")
        # Exit code 1 may be good, and is what Python gives for an exception too.
        if process.returncode not in good or "Traceback (most recent call last)" in errors:
            raise SystemExit(f"{' '.join(command)} ended with {process.returncode}:\n{errors[-3000:]}")
        return Run(seconds, usage.ru_maxrss / 1024, watched.most, _read_last_line(out))


def _read_last_line(out: Any) -> dict[str, Any]:
    """The last line of what a command printed."""
    out.seek(max(0, out.seek(0, os.SEEK_END) - 1_000_000))
    lines = out.read().decode().strip().splitlines()
    try:
        said = json.loads(lines[-1]) if lines else {}
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


class _Disk(threading.Thread):
    """Looks at a folder again and again, and keeps the most bytes that its files had."""

    def __init__(self, folder: Path) -> None:
        super().__init__(daemon=True)
        self.folder, self.most, self._end = folder, 0, threading.Event()

    def run(self) -> None:
        """Look until it is over."""
        while not self._end.wait(_EVERY):
            self.most = max(self.most, _measure_folder(self.folder))

    def stop(self) -> None:
        """It is over."""
        self._end.set()
        self.join()


def _measure_folder(folder: Path) -> int:
    """The bytes that the files below a folder take on the disk; files may go meanwhile."""
    total = 0
    for here, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.stat(os.path.join(here, name)).st_blocks * 512
            except OSError:
                continue
    return total
