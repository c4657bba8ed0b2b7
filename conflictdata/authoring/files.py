"""Find seed files on disk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from conflictdata._utils.paths import display_path
from conflictdata.findings import UsageError
from conflictdata.seeds import REFERENCE, is_seeds
from conflictdata.seeds.files import list_seed_files

YAML = (".yaml", ".yml")


def find_seeds_folder(path: Path) -> Path | None:
    """Return the seeds folder that a path is, or is in; None if there is none."""
    absolute = path.resolve()
    return next(
        (f for f in (absolute, *absolute.parents) if f.is_dir() and is_seeds(f) and f.name != "reference"), None
    )


def resolve_seed_files(paths: Sequence[Path]) -> list[Path]:
    """Return the seed files that paths refer to, each once.

    A folder means all seed files in it.

    Raises:
        UsageError: If a path does not exist, or is neither a seed file nor in a seeds folder.
    """
    files: dict[Path, Path] = {}
    for path in paths:
        for file in _iterate_seed_files(path):
            files.setdefault(file.resolve(), file)
    return list(files.values())


def _iterate_seed_files(path: Path) -> Iterator[Path]:
    if not path.exists():
        raise UsageError(f"{path} does not exist")
    if path.is_file():
        if path.suffix not in (*YAML, ".csv"):
            raise UsageError(f"{display_path(path)} is not a seed file (YAML or CSV)")
        yield path
        return
    folder = find_seeds_folder(path)
    if folder is None:
        raise UsageError(
            f"{display_path(path)} is not a seeds folder (one with reference/ and sources/), and not in one"
        )
    absolute = path.resolve()
    for file in _list_seed_files(folder):
        if absolute in file.parents:
            # Keep the form of the path: relative stays relative.
            yield path / file.relative_to(absolute)


def _list_seed_files(folder: Path) -> Iterator[Path]:
    """Yield the files of a seeds folder, except links to files outside it."""
    tables = [folder / "reference" / f"{table}.csv" for table in REFERENCE]
    ledgers = [folder / name for name in ("retired.csv", "waivers.yaml", "release.yaml")]
    for file in (*tables, *(Path(seed.path) for seed in list_seed_files(folder)), *ledgers):
        if file.is_file() and (not file.is_symlink() or folder in file.resolve().parents):
            yield file
