"""Replacing a folder: all of it or nothing, also where the process is killed in the middle.

The new folder is written beside the old one and made durable, and then the two change places. Linux does this in
one step (`renameat2` with RENAME_EXCHANGE). Elsewhere it takes two renames; a run that dies between them leaves the
old folder whole under `.<name>.old`, and the next run puts it back before anything else.
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


def replace_folder(fill: Callable[[Path], None], out: Path, check: Callable[[Path], None]) -> None:
    """Make `out` a folder with just the files that `fill` writes.

    Args:
        fill: writes the files into the folder that it is given.
        out: the folder; it, and those above it, are made where they are not there.
        check: called with the folder that is to go; raises where it must stay.

    Raises:
        UsageError: the folder cannot be written. What was there is still there, whole, and nothing is left beside it.
    """
    with _report_failures(out):
        target = out.resolve()
        if target.exists() and not target.is_dir():
            raise UsageError(f"{out} is a file, not a folder")
        target.parent.mkdir(parents=True, exist_ok=True)
        _recover(target)
        if target.exists():
            check(target)
        _remove_leftovers(target)
        with _open_temporary_folder(target) as fresh:
            fill(fresh)
            _make_durable(fresh)
            _swap(fresh, target)
            _flush_to_disk(target.parent)


def replace_file(path: Path, content: bytes) -> None:
    """Write a file in one step: readers see the old content or the new.

    Raises:
        UsageError: the file cannot be written.
    """
    with _report_failures(path), write_new_file(path) as fresh:
        _write_file(fresh, content)


@contextlib.contextmanager
def write_new_file(path: Path) -> Iterator[Path]:
    """An empty file beside another one, which takes its place at the end; where something fails, nothing is left of it.

    What killed runs left there before is removed.
    """
    _remove_leftovers(path)
    fresh = path.with_name(f".{path.name}.new-{os.getpid()}")
    try:
        fresh.touch()
        with _lock_new_file(fresh):
            yield fresh
            fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


@contextlib.contextmanager
def _report_failures(out: Path) -> Iterator[None]:
    try:
        yield
    except OSError as fault:
        # Arrow and polars put words of their own around the system's.
        reason = os.strerror(fault.errno) if fault.errno else str(fault)
        raise UsageError(
            f"{out} cannot be written: {reason[:1].lower()}{reason[1:]}; what was there is unchanged"
        ) from fault


@contextlib.contextmanager
def _open_temporary_folder(target: Path) -> Iterator[Path]:
    """A new folder beside the target; whatever stands under its name at the end is removed."""
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
    lock = _lock(fresh)
    try:
        yield
    finally:
        if lock is not None:
            os.close(lock)


def _lock(path: Path) -> int | None:
    """Mark a file or folder as in use until the process ends, however it ends; None where it is in use, or marks are not known."""
    if fcntl is None:
        return None
    handle = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle


def _remove_leftovers(target: Path) -> None:
    """Remove what killed runs left beside the target; a run that is still going on holds a lock on its own."""
    for stale in target.parent.glob(f".{glob.escape(target.name)}.new-*"):
        with contextlib.suppress(FileNotFoundError):  # its run has just ended
            lock = _lock(stale)
            if lock is not None:
                shutil.rmtree(stale, ignore_errors=True) if stale.is_dir() else stale.unlink()
                os.close(lock)
    shutil.rmtree(_list_leftovers(target), ignore_errors=True)


def _list_leftovers(target: Path) -> Path:
    return target.with_name(f".{target.name}.old")


def _recover(target: Path) -> None:
    """Put back the folder of a run that was killed between its two renames."""
    if not target.exists() and _list_leftovers(target).is_dir():
        _list_leftovers(target).rename(target)


def _make_durable(folder: Path) -> None:
    """Have everything in a folder on the disk before it takes another's place."""
    for path in [*folder.rglob("*"), folder]:
        _flush_to_disk(path)


def _write_file(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _flush_to_disk(path: Path) -> None:
    """Make a file, or the names in a folder, durable."""
    if os.name == "nt":  # Windows opens no folders
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
    """Let two folders change places in one step; False where the system cannot."""
    renameat2 = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None) if sys.platform == "linux" else None
    if renameat2 is None:
        return False
    if renameat2(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0:
        return True
    code = ctypes.get_errno()
    if code in _UNSUPPORTED:
        return False
    raise OSError(code, os.strerror(code), str(other))
