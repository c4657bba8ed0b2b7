"""The cache of versions on this machine, under `CONFLICTDATA_HOME`.

A file in the cache is complete or missing.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache as remembered
from pathlib import Path

from conflictdata._utils.atomic_write import write_new_file
from conflictdata._utils.paths import find_cache_folder
from conflictdata.findings import UsageError
from conflictdata.registry import index
from conflictdata.registry.index import Entry, File

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]


@dataclass(frozen=True)
class Cache:
    """A cache.

    Attributes:
        root: Its folder. It may be missing.
    """

    root: Path

    @classmethod
    def open_default(cls) -> Cache:
        """Return the cache of the current user."""
        return cls(find_cache_folder() / "releases")

    def locate_folder(self, version: str) -> Path:
        """Return the folder of a version.

        Raises:
            UsageError: If the text is not a version.
        """
        if not index.is_version(version):
            raise UsageError(f"{version!r} is not a version: write three numbers such as 1.2.0")
        return self.root / version

    def index(self) -> dict[str, Entry]:
        """Return the entries seen so far, in ascending order of version.

        The first entry seen for a version stays valid.
        """
        file = self.root / index.NAME
        try:
            content = file.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return {}
        except OSError as fault:
            raise UsageError(f"{file} cannot be read: {fault.strerror}") from None
        try:
            return index.read(content, str(file))
        except UsageError as fault:
            raise UsageError(f"{fault}; it is the cache's own, and may be removed") from None

    def remember(self, seen: Mapping[str, Entry]) -> dict[str, Entry]:
        """Add the versions of a registry to those seen so far.

        Returns:
            All versions, in ascending order.

        Raises:
            UsageError: If a version has changed. Versions are immutable, so this is tampering or a mistake.
        """
        with self.lock_version(index.NAME):
            before = self.index()
            for version in seen.keys() & before.keys():
                _check_same(before[version], seen[version])
            whole = {**before, **seen}
            if whole != before:
                _write(self.root / index.NAME, index.write(whole.values()).encode())
        return self.index() if whole != before else before

    def accept_entry(self, entry: Entry) -> None:
        """Replace the stored entry of a version by the registry's.

        Cached files that differ from the new entry are deleted.
        """
        folder = self.locate_folder(entry.version)
        with self.lock_version(entry.version), self.lock_version(index.NAME):
            _write(self.root / index.NAME, index.write({**self.index(), entry.version: entry}.values()).encode())
            for file in [f for f in folder.rglob("*") if f.is_file()]:
                published = entry.files.get(file.relative_to(folder).as_posix())
                if published is None or _hash_file(file) != published.sha256:
                    file.unlink()

    def has(self, entry: Entry, path: str) -> bool:
        """Return whether a file is in the cache."""
        return (self.locate_folder(entry.version) / path).is_file()

    def check_file(self, entry: Entry, path: str) -> Path:
        """Return the path of a cached file after checking its hash.

        Raises:
            UsageError: If the hash differs from the index. The message has both hashes and the command that replaces
                the file.
        """
        file, expected = self.locate_folder(entry.version) / path, entry.files[path]
        stamp = file.stat()
        actual = _hash_once(file, stamp.st_size, stamp.st_mtime_ns)
        if actual != expected.sha256:
            raise UsageError(
                f"{file} is not what was published: its SHA-256 is {actual}, and should be {expected.sha256}; "
                f"`conflictdata fetch {entry.version} --again` clears and fetches it"
            )
        return file

    @contextlib.contextmanager
    def lock_version(self, name: str) -> Iterator[None]:
        """Lock out other processes while writing. The lock ends with the process.

        Raises:
            UsageError: If the cache cannot be written.
        """
        with report_write_failures(self.root):
            self.root.mkdir(parents=True, exist_ok=True)
            handle = os.open(self.root / f".{name}.lock", os.O_RDWR | os.O_CREAT, 0o644)
        try:
            if fcntl is not None:
                fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)


@contextlib.contextmanager
def report_write_failures(where: Path) -> Iterator[None]:
    """Turn errors of writing into a message.

    Raises:
        UsageError: If a file cannot be written.
    """
    try:
        yield
    except OSError as fault:
        reason = fault.strerror or str(fault)
        raise UsageError(
            f"{where} cannot be written: {reason[:1].lower()}{reason[1:]}; what was in the cache is unchanged. "
            "CONFLICTDATA_HOME names another folder"
        ) from fault


@remembered
def _hash_once(file: Path, size: int, modified: int) -> str:  # noqa: ARG001 - a changed file has another cache key
    """Return the SHA-256 of a file, computed once per process.

    A file of 1.5 GB takes a second.
    """
    return _hash_file(file)


def _hash_file(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _check_same(before: Entry, now: Entry) -> None:
    changed = [p for p in before.files if p in now.files and before.files[p].sha256 != now.files[p].sha256]
    missing = [p for p in before.files if p not in now.files]
    if not changed and not missing:
        return
    path = (changed or missing)[0]
    old, new = before.files[path], now.files.get(path, File(0, "missing"))
    raise UsageError(
        f"the registry has changed version {before.version}, which never changes: the SHA-256 of {path} was {old.sha256} "
        f"and is {new.sha256}. Ask who runs it; `conflictdata fetch {before.version} --again` believes the new one"
    )


def _write(file: Path, content: bytes) -> None:
    with report_write_failures(file.parent), write_new_file(file) as fresh, fresh.open("wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
