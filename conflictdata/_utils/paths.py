"""The cache folder of the package, and the form of paths in findings."""

from __future__ import annotations

import os
from pathlib import Path

STDIN = "-"  # the argument that means standard input, and the name of its copy
PREFIX = "conflictdata-"  # begins the names of temporary folders


def find_cache_folder() -> Path:
    """Return the cache folder: `CONFLICTDATA_HOME`, else the user's. It may not exist."""
    configured = os.environ.get("CONFLICTDATA_HOME")
    if configured:
        return Path(configured).expanduser()
    from platformdirs import user_cache_path

    return user_cache_path("conflictdata", appauthor=False)


def display_path(path: Path) -> str:
    """Return a path as findings print it: relative to the working folder if inside it; words for the copy of standard input."""
    if path.name == STDIN and path.parent.name.startswith(PREFIX):
        return "standard input"
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()
