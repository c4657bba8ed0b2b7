"""The YAML files of a folder of seeds, in order."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from conflictdata._utils.paths import display_path

REFERENCE = ("actors", "aliases", "locations", "conflicts")  # tables that are written as CSV, in `reference/`


LEDGERS = ("waivers.yaml", "retired.csv", "release.yaml")


class SeedFile(NamedTuple):
    """A file of events or a page.

    Attributes:
        name: its path in the folder of seeds, such as `sources/war/paper-2024-06-02.yaml`.
        shown: its path as findings print it.
        path: its path as the folder was given.
        is_link: whether it is a link to another file.
    """

    name: str
    shown: str
    path: str
    is_link: bool = False

    @property
    def stem(self) -> str:
        """The name of the file without its ending: a source id, or a conflict."""
        return self.name.rpartition("/")[2].removesuffix(".yaml")

    @property
    def is_page(self) -> bool:
        """True for a page, false for a file of events."""
        return self.name.startswith("sources/")

    @property
    def conflict(self) -> str:
        """The conflict that it belongs to: a page's folder, the name of a file of events."""
        return self.name.split("/")[1] if self.is_page else self.stem


def is_seeds(folder: Path) -> bool:
    """True for a folder in the shape of `seeds/`."""
    return (folder / "reference").is_dir() or (folder / "sources").is_dir()


def is_read(parts: Sequence[str]) -> bool:
    """Tell whether a file is read, by the parts of its path in the folder of seeds."""
    match tuple(parts):
        case (name,):
            return name in LEDGERS
        case ("reference", name):
            return name in {f"{table}.csv" for table in REFERENCE}
        case ("events", name) | ("sources", _, name):
            return name.endswith(".yaml")
    return False


def list_seed_files(folder: Path) -> list[SeedFile]:
    """The files of events, then the pages of each conflict, each in order of their names."""
    found = list(_iterate_folder(folder / "events", "events"))
    if (folder / "sources").is_dir():
        with os.scandir(folder / "sources") as entries:
            conflicts = sorted(entry.name for entry in entries if entry.is_dir())
        for conflict in conflicts:
            found += _iterate_folder(folder / "sources" / conflict, f"sources/{conflict}")
    return found


def _iterate_folder(folder: Path, name: str) -> Iterator[SeedFile]:
    """The files of one folder. `shown` asks the system about each path: once a folder is enough where nothing is a link."""
    if not folder.is_dir():
        return
    with os.scandir(folder) as entries:
        files = sorted((entry.name, entry.is_symlink()) for entry in entries if entry.name.endswith(".yaml"))
    path, parent = f"{folder}{os.sep}", display_path(folder)
    start = "" if parent == "." else f"{parent}/"
    for file, is_link in files:
        print_as = display_path(folder / file) if is_link else f"{start}{file}"
        yield SeedFile(f"{name}/{file}", print_as, f"{path}{file}", is_link)
