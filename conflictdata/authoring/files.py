"""Seed files on the disk: which ones a path means, and writing one whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from conflictdata._utils.paths import display_path
from conflictdata.findings import UsageError
from conflictdata.seeds import REFERENCE, is_seeds
from conflictdata.seeds.files import list_seed_files

YAML = (".yaml", ".yml")
_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK}  # file systems without hard links


def find_seeds_folder(path: Path) -> Path | None:
    """The folder of seeds that a path is, or lies in; None for none."""
    absolute = path.resolve()
    return next(
        (f for f in (absolute, *absolute.parents) if f.is_dir() and is_seeds(f) and f.name != "reference"), None
    )


def resolve_seed_files(paths: Sequence[Path]) -> list[Path]:
    """The seed files that paths mean, each once: a file itself, a folder all seed files in it.

    Raises:
        UsageError: a path is not there, or is neither a seed file nor a folder of them.
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
            raise UsageError(f"{display_path(path)} is no seed file (YAML or CSV)")
        yield path
        return
    folder = find_seeds_folder(path)
    if folder is None:
        raise UsageError(
            f"{display_path(path)} is no folder of seeds (one with reference/ and sources/), and lies in none"
        )
    inside = path.resolve()
    for file in _list_seed_files(folder):
        if inside in file.parents:
            # Named as the folder was given.
            yield path / file.relative_to(inside)


def _list_seed_files(folder: Path) -> Iterator[Path]:
    """The files of a folder of seeds. A link that leads out of it is left out: what lies elsewhere is not its own."""
    tables = [folder / "reference" / f"{table}.csv" for table in REFERENCE]
    ledgers = [folder / name for name in ("retired.csv", "waivers.yaml", "release.yaml")]
    for file in (*tables, *(Path(seed.path) for seed in list_seed_files(folder)), *ledgers):
        if file.is_file() and (not file.is_symlink() or folder in file.resolve().parents):
            yield file


def replace_seed_file(path: Path, content: bytes) -> None:
    """Write a file in one step, with the mode that it had. Where it is a link, the file that it leads to is written.

    Raises:
        UsageError: it cannot be written; what was there is unchanged.
    """
    target = path.resolve()
    with _report_failures(path), _write_temporary_file(target, content) as fresh:
        fresh.chmod(target.stat().st_mode & 0o7777)
        fresh.replace(target)


def create_seed_file(path: Path, content: bytes) -> None:
    """Write a new file in one step; the folders above it are made.

    Raises:
        UsageError: something stands there already, or it cannot be written.
    """
    with _report_failures(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with _write_temporary_file(path, content) as fresh:
            fresh.chmod(0o666 & ~_read_umask())
            _link_new_file(fresh, path)


def _link_new_file(fresh: Path, path: Path) -> None:
    """Give a whole file a name that nothing has."""
    try:
        try:
            os.link(fresh, path)
        except OSError as fault:
            if fault.errno not in _NO_LINKS:
                raise
            path.touch(exist_ok=False)
            fresh.replace(path)
    except FileExistsError:
        raise UsageError(f"{path} is there already, and stays as it is") from None


@contextlib.contextmanager
def _write_temporary_file(target: Path, content: bytes) -> Iterator[Path]:
    """A new file with this content, durable, in the folder of the target; it is gone at the end."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".new")
    fresh = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        yield fresh
    finally:
        fresh.unlink(missing_ok=True)


@contextlib.contextmanager
def _report_failures(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as fault:
        reason = fault.strerror or str(fault)
        message = f"{path} cannot be written: {reason[:1].lower()}{reason[1:]}; what was there is unchanged"
        raise UsageError(message) from fault


def _read_umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
