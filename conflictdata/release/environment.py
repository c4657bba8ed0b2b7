"""The environment in which a version was made.

It affects the bytes of the files, not the data. It is published so that the bytes can be reproduced;
`requirements/release.lock` fixes all of it. See docs/releases-reference.md.
"""

from __future__ import annotations

import json
import re
import sys
import zlib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from conflictdata import __version__

NAME = "environment.json"
FORM = 1
LOCK = "requirements/release.lock"

_REQUIREMENT_NAME = re.compile(r"[A-Za-z0-9._-]+")  # the name at the start of a requirement


def render_environment() -> str:
    """Return the current environment as `environment.json`.

    It lists the versions of the package, of Python, of zlib and of each required library.
    """
    document = {"environment_version": FORM, **_read_versions()}
    return json.dumps(document, indent=1) + "\n"


def _read_versions() -> dict[str, str]:
    """Return the versions by name.

    Python's patch number is left out, because it changes no byte.
    """
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    versions = {"conflictdata": __version__, "python": python, "zlib": zlib.ZLIB_RUNTIME_VERSION}
    return {**versions, **{name: metadata.version(name) for name in sorted(_list_libraries())}}


def _list_libraries() -> Iterator[str]:
    for line in metadata.requires("conflictdata") or []:
        name = _REQUIREMENT_NAME.match(line)
        if name and "extra ==" not in line:
            yield name.group().lower()


def read_recorded(folder: Path) -> str | None:
    """Read the `environment.json` of a version; None if there is none."""
    try:
        return (folder / NAME).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def compare_environments(recorded_text: str | None) -> list[str]:
    """Describe how the current environment differs from that of a version.

    Args:
        recorded_text: The text of the version's `environment.json`.

    Returns:
        One sentence per difference. An empty list means that there is none.
    """
    try:
        recorded = json.loads(recorded_text or "{}")
        recorded = {name: str(number) for name, number in recorded.items() if name != "environment_version"}
    except (ValueError, AttributeError, RecursionError):
        return [f"its {NAME} cannot be read"]
    current = _read_versions()
    changed = [name for name in recorded if recorded[name] != current.get(name)]
    return [f"{name} was {recorded[name]} and is {current.get(name, 'missing')} here" for name in changed]
