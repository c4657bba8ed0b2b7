"""Where this package keeps files on a machine: `CONFLICTDATA_HOME`, or the user's cache folder."""

from __future__ import annotations

import os
from pathlib import Path


def find_cache_folder() -> Path:
    """The folder; it need not be there yet."""
    given = os.environ.get("CONFLICTDATA_HOME")
    if given:
        return Path(given).expanduser()
    from platformdirs import user_cache_path

    return user_cache_path("conflictdata", appauthor=False)


def display_path(path: Path) -> str:
    """A path as findings print it: relative to the working folder where it lies inside."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()
