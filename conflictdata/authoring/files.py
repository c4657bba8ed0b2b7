"""Find seed files on disk, and write them whole or not at all."""

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
            raise UsageError(f"{display_path(path)} is no seed file (YAML or CSV)")
        yield path
        return
    folder = find_seeds_folder(path)
    if folder is None:
        raise UsageError(
            f"{display_path(path)} is no folder of seeds (one with reference/ and sources/), and lies in none"
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


def replace_seed_file(path: Path, content: bytes) -> None:
    """Replace a file in one step, and keep its mode. Links are followed.

    Raises:
        UsageError: If it cannot be written. The old file is then unchanged.
    """
    target = path.resolve()
    with _report_failures(path), _write_temporary_file(target, content) as temporary:
        temporary.chmod(target.stat().st_mode & 0o7777)
        temporary.replace(target)


def create_seed_file(path: Path, content: bytes) -> None:
    """Write a new file in one step, and create its folders.

    Raises:
        UsageError: If the file exists already, or cannot be written.
    """
    with _report_failures(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with _write_temporary_file(path, content) as temporary:
            temporary.chmod(0o666 & ~_read_umask())
            _link_new_file(temporary, path)


def _link_new_file(temporary: Path, path: Path) -> None:
    """Give a completely written file its name, unless the name exists already."""
    try:
        try:
            os.link(temporary, path)
        except OSError as fault:
            if fault.errno not in _NO_LINKS:
                raise
            path.touch(exist_ok=False)
            temporary.replace(path)
    except FileExistsError:
        raise UsageError(f"{path} is there already, and stays as it is") from None


@contextlib.contextmanager
def _write_temporary_file(target: Path, content: bytes) -> Iterator[Path]:
    """Write a durable temporary file next to the target.

    The file is deleted on exit if it still has its temporary name.
    """
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".new")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)


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
