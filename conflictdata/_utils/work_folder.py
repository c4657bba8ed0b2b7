"""Temporary folders that are always cleared: at the end, after an interrupt, and by the next run after a kill."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from conflictdata._utils.atomic_write import lock_path
from conflictdata._utils.paths import PREFIX

_NAME = re.compile(rf"{PREFIX}(?P<process>[0-9]+)-")


@contextlib.contextmanager
def open_work_folder() -> Iterator[Path]:
    """Yield an empty temporary folder, and delete it at the end. Delete those of killed runs first."""
    clear_work_folders()
    with tempfile.TemporaryDirectory(prefix=f"{PREFIX}{os.getpid()}-") as name:
        lock = lock_path(Path(name))
        try:
            yield Path(name)
        finally:
            if lock is not None:
                os.close(lock)


def clear_work_folders() -> None:
    """Delete the temporary folders of killed runs: no process holds their lock, and none has their number."""
    with contextlib.suppress(OSError), os.scandir(tempfile.gettempdir()) as entries:
        for entry in entries:
            found = _NAME.match(entry.name)
            if found and entry.is_dir(follow_symlinks=False) and not _is_running(int(found["process"])):
                _clear(Path(entry.path))


def _clear(folder: Path) -> None:
    with contextlib.suppress(OSError):
        lock = lock_path(folder)
        if lock is not None:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)


def _is_running(process: int) -> bool:
    """Return whether a process exists. On Windows nobody can ask without harm, so each counts as running."""
    if os.name == "nt":
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True
