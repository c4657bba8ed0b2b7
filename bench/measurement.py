"""Measure a command as a whole process: seconds, memory and disk."""

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

_EVERY = 0.1  # seconds between two measurements of the disk


@dataclass(frozen=True)
class Run:
    """One run of a command.

    Attributes:
        seconds: Time from start to end.
        megabytes: Most memory at one time (resident set size).
        disk: Most bytes in its folder for temporary files, measured ten times per second.
        answer: The last line of its output, if it is a JSON object.
    """

    seconds: float
    megabytes: float
    disk: int
    answer: dict[str, Any]


def run_once(
    command: Sequence[str], *, good: Sequence[int] = (0,), environment: Mapping[str, str] | None = None
) -> Run:
    """Run a command and measure it.

    The calling process must be small, because a child begins with the size of its parent.

    Args:
        command: The command.
        good: Accepted exit codes.
        environment: Additional environment variables.

    Raises:
        SystemExit: If the command fails.
    """
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        watched = _Disk(Path(folder))
        variables = {**os.environ, "TMPDIR": folder, **(environment or {})}
        # Installed packages are compiled at installation; this checkout is compiled in its first run, unless this forbids it.
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
        # Exit code 1 may be accepted, but Python also uses it for an exception.
        if process.returncode not in good or "Traceback (most recent call last)" in errors:
            raise SystemExit(f"{' '.join(command)} ended with {process.returncode}:\n{errors[-3000:]}")
        return Run(seconds, usage.ru_maxrss / 1024, watched.most, _read_last_line(out))


def _read_last_line(out: Any) -> dict[str, Any]:
    """Return the last line of a command's output."""
    out.seek(max(0, out.seek(0, os.SEEK_END) - 1_000_000))
    lines = out.read().decode().strip().splitlines()
    try:
        answer = json.loads(lines[-1]) if lines else {}
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


class _Disk(threading.Thread):
    """A thread that measures a folder repeatedly and keeps the maximum."""

    def __init__(self, folder: Path) -> None:
        super().__init__(daemon=True)
        self.folder, self.most, self._end = folder, 0, threading.Event()

    def run(self) -> None:
        """Measure until `stop`."""
        while not self._end.wait(_EVERY):
            self.most = max(self.most, _measure_folder(self.folder))

    def stop(self) -> None:
        """End the thread."""
        self._end.set()
        self.join()


def _measure_folder(folder: Path) -> int:
    """Return the disk space of the files below a folder; files may disappear."""
    total = 0
    for folder_path, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.stat(os.path.join(folder_path, name)).st_blocks * 512
            except OSError:
                continue
    return total
