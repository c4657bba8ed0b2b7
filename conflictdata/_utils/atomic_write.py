"""Replace a folder or file completely or not at all.

This holds even if the process is killed. The new folder is written next to the old one and flushed to
disk. Then the two are swapped. Linux swaps them in one step (`renameat2` with RENAME_EXCHANGE). Other
systems need two renames. If a run is killed between them, the old folder is complete under `.<name>.old`,
and the next run restores it.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import glob
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from conflictdata.findings import UsageError

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_UNSUPPORTED = {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP}


def replace_folder(
    fill: Callable[[Path], None], out: Path, check: Callable[[Path], None], *, durable: bool = True
) -> None:
    """Replace `out` with a folder that contains exactly the files `fill` writes.

    Args:
        fill: Writes the files into the folder it is called with.
        out: The folder to replace. It and its parents are created if they do not exist.
        check: Called with the existing folder before it is replaced. Raises to keep it.
        durable: Flush every file to disk first. Not needed for thousands of files that can be built again.

    Raises:
        UsageError: If the folder cannot be written. The old folder is unchanged, and no temporary
            file is left.
    """
    with _report_failures(out):
        check_name(out)
        target = out.resolve()
        if target.exists() and not target.is_dir():
            raise UsageError(f"{out} is a file, not a folder")
        target.parent.mkdir(parents=True, exist_ok=True)
        _recover(target)
        if target.exists():
            check(target)
        remove_leftovers(target)
        with open_new_folder(target) as fresh:
            fill(fresh)
            if durable:
                _make_durable(fresh)
            _swap(fresh, target)
            _flush_to_disk(target.parent)


def replace_file(path: Path, content: bytes) -> None:
    """Write a file in one step, so that readers see the old or the new content. An existing file keeps its mode.

    Raises:
        UsageError: If the file cannot be written. The old file is unchanged.
    """
    check_name(path)
    with _report_failures(path), write_new_file(path) as fresh:
        _write_file(fresh, content)
        if path.exists():
            fresh.chmod(path.stat().st_mode & 0o7777)


def create_file(path: Path, content: bytes) -> None:
    """Write a new file in one step, and create its folders.

    Raises:
        UsageError: If the file exists already, or cannot be written.
    """
    check_name(path)
    if os.path.lexists(path):
        raise UsageError(f"{path} exists already; it was not changed")
    with _report_failures(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(exist_ok=False)  # from here on, no other process creates it
    try:
        replace_file(path, content)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


@contextlib.contextmanager
def write_new_file(path: Path) -> Iterator[Path]:
    """Yield an empty file that replaces `path` at the end, unless an error occurs.

    After an error the new file is deleted. Leftover files of killed runs are deleted first.
    """
    remove_leftovers(path)
    fresh = path.with_name(f".{path.name}.new-{os.getpid()}")
    try:
        fresh.touch()
        with _lock_new_file(fresh):
            yield fresh
            fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def check_name(out: Path) -> None:
    """Refuse a name that is not UTF-8 before anything is written: libraries cannot open such a file.

    Raises:
        UsageError: If it is not.
    """
    try:
        str(out).encode()
    except UnicodeEncodeError:
        raise UsageError(f"{str(out)!a} is not a name in UTF-8; name another path") from None


@contextlib.contextmanager
def _report_failures(out: Path) -> Iterator[None]:
    try:
        yield
    except OSError as fault:
        # Arrow and polars wrap the system's message in their own words.
        reason = os.strerror(fault.errno) if fault.errno else str(fault)
        raise UsageError(
            f"{out} cannot be written: {reason[:1].lower()}{reason[1:]}; what was there is unchanged"
        ) from fault


@contextlib.contextmanager
def open_new_folder(target: Path) -> Iterator[Path]:
    """Yield a new folder next to the target. At the end, delete it if it still exists."""
    fresh = target.with_name(f".{target.name}.new-{os.getpid()}")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir()
    with _lock_new_file(fresh):
        try:
            yield fresh
        finally:
            shutil.rmtree(fresh, ignore_errors=True)


@contextlib.contextmanager
def _lock_new_file(fresh: Path) -> Iterator[None]:
    lock = lock_path(fresh)
    try:
        yield
    finally:
        if lock is not None:
            os.close(lock)


def lock_path(path: Path) -> int | None:
    """Lock a file or folder until the process ends.

    Returns:
        The handle of the lock. None if another process holds it, or if the system has no locks.
    """
    if fcntl is None:
        return None
    handle = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle


def remove_leftovers(target: Path) -> None:
    """Delete the files of killed runs next to the target. Live runs hold a lock."""
    for stale in target.parent.glob(f".{glob.escape(target.name)}.new-*"):
        with contextlib.suppress(FileNotFoundError):  # the run that wrote it has just ended
            lock = lock_path(stale)
            if lock is not None:
                shutil.rmtree(stale, ignore_errors=True) if stale.is_dir() else stale.unlink()
                os.close(lock)
    shutil.rmtree(_list_leftovers(target), ignore_errors=True)


def _list_leftovers(target: Path) -> Path:
    return target.with_name(f".{target.name}.old")


def _recover(target: Path) -> None:
    """Restore the old folder of a run that was killed between its two renames."""
    if not target.exists() and _list_leftovers(target).is_dir():
        _list_leftovers(target).rename(target)


def _make_durable(folder: Path) -> None:
    """Flush all files of a folder to disk before it replaces another folder."""
    for path in [*folder.rglob("*"), folder]:
        _flush_to_disk(path)


def _write_file(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _flush_to_disk(path: Path) -> None:
    """Flush a file, or the names in a folder, to disk."""
    if os.name == "nt":  # Windows cannot open folders
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _swap(fresh: Path, target: Path) -> None:
    if not target.exists():
        fresh.rename(target)
    elif not _swap_folders(fresh, target):
        target.rename(_list_leftovers(target))
        fresh.rename(target)
        shutil.rmtree(_list_leftovers(target), ignore_errors=True)


def _swap_folders(one: Path, other: Path) -> bool:
    """Swap two folders in one step. Return False if the system cannot do it."""
    renameat2 = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None) if sys.platform == "linux" else None
    if renameat2 is None:
        return False
    if renameat2(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0:
        return True
    code = ctypes.get_errno()
    if code in _UNSUPPORTED:
        return False
    raise OSError(code, os.strerror(code), str(other))
