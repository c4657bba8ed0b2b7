"""The environment in which a version was made. It decides over bytes, not over data, and is published to be had again.

`requirements/release.lock` fixes all of it; see docs/releases.md.
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

_OWN = re.compile(r"[A-Za-z0-9._-]+")  # the name at the start of a requirement


def render_environment() -> str:
    """The environment of this process, as `environment.json`: the package, Python, zlib, and each library that it asks for."""
    document = {"environment_version": FORM, **_read_versions()}
    return json.dumps(document, indent=1) + "\n"


def _read_versions() -> dict[str, str]:
    """Versions by name. Python's last number is left out: it changes no byte."""
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    own = {"conflictdata": __version__, "python": python, "zlib": zlib.ZLIB_RUNTIME_VERSION}
    return {**own, **{name: metadata.version(name) for name in sorted(_list_libraries())}}


def _list_libraries() -> Iterator[str]:
    for line in metadata.requires("conflictdata") or []:
        name = _OWN.match(line)
        if name and "extra ==" not in line:
            yield name.group().lower()


def read_recorded(folder: Path) -> str | None:
    """What a version says of its environment; None for one that says nothing."""
    try:
        return (folder / NAME).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def compare_environments(said: str | None) -> list[str]:
    """What is another here than it was where a version was made, in words; empty where nothing is.

    Args:
        said: the text of the version's `environment.json`.
    """
    try:
        recorded = json.loads(said or "{}")
        recorded = {name: str(number) for name, number in recorded.items() if name != "environment_version"}
    except (ValueError, AttributeError, RecursionError):
        return [f"its {NAME} cannot be read"]
    here = _read_versions()
    changed = [name for name in recorded if recorded[name] != here.get(name)]
    return [f"{name} was {recorded[name]} and is {here.get(name, 'missing')} here" for name in changed]
