"""Names and order of the files in a folder of seeds."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from conflictdata._utils.paths import display_path
from conflictdata.schema.columns import list_tables

REQUIRED = ("actors", "aliases", "locations", "conflicts")
# The tables written as CSV in `reference/`.
REFERENCE = (*REQUIRED, "location_members", "conflict_actors", "common_names", "tolls", "toll_places", "tolls_1_1")


LEDGERS = ("waivers.yaml", "retired.csv", "release.yaml")

# Files of a collection, in `collections/<name>/` (`seeds.collections`).
COLLECTIONS = "collections"
RECIPE, MANIFEST, LICENCE_TEXT = "recipe.yaml", "records.json", "LICENSE.txt"
PACKED_CSV = ".csv.gz"


class SeedFile(NamedTuple):
    """An event file or a page.

    Attributes:
        name: Path in the folder of seeds, such as `sources/war/paper-2024-06-02.yaml`.
        shown: Path as findings print it.
        path: Path that starts with the folder as the caller gave it.
    """

    name: str
    shown: str
    path: str

    @property
    def stem(self) -> str:
        """Return the file name without its ending: a source id, or a conflict id."""
        return self.name.rpartition("/")[2].removesuffix(".yaml")

    @property
    def is_page(self) -> bool:
        """Return whether the file is a page and not an event file."""
        return self.name.startswith("sources/")

    @property
    def conflict(self) -> str:
        """Return the conflict: the folder of a page, or the name of an event file."""
        return self.name.split("/")[1] if self.is_page else self.stem


def is_seeds(folder: Path) -> bool:
    """Return whether a folder has the structure of `seeds/`."""
    return (folder / "reference").is_dir() or (folder / "sources").is_dir()


def is_read(parts: Sequence[str]) -> bool:
    """Return whether a file is read, by the parts of its path in the seeds folder."""
    match tuple(parts):
        case (name,):
            return name in LEDGERS
        case ("reference", name):
            return name in {f"{table}.csv" for table in REFERENCE}
        case ("events", name) | ("sources", _, name):
            return name.endswith(".yaml")
        case ("collections", _, name):
            is_table = name.endswith(PACKED_CSV) and name.removesuffix(PACKED_CSV) in list_tables()
            return is_table or name in (RECIPE, MANIFEST, LICENCE_TEXT)
    return False


def list_seed_files(folder: Path) -> list[SeedFile]:
    """Return the event files, then the pages of each conflict, sorted by name."""
    files = list(_iterate_folder(folder / "events", "events"))
    if (folder / "sources").is_dir():
        with os.scandir(folder / "sources") as entries:
            conflicts = sorted(entry.name for entry in entries if entry.is_dir())
        for conflict in conflicts:
            files += _iterate_folder(folder / "sources" / conflict, f"sources/{conflict}")
    return files


def _iterate_folder(folder: Path, name: str) -> Iterator[SeedFile]:
    """Yield the YAML files of one folder, sorted by name.

    `display_path` makes a system call per path. So it is called once for the folder, and again only for links.
    """
    if not folder.is_dir():
        return
    with os.scandir(folder) as entries:
        files = sorted((entry.name, entry.is_symlink()) for entry in entries if entry.name.endswith(".yaml"))
    path, parent = f"{folder}{os.sep}", display_path(folder)
    start = "" if parent == "." else f"{parent}/"
    for file, is_link in files:
        print_as = display_path(folder / file) if is_link else f"{start}{file}"
        yield SeedFile(f"{name}/{file}", print_as, f"{path}{file}")
