"""Published versions: a registry that contains them, and a cache on this machine.

A registry is a folder or a web address (`CONFLICTDATA_REGISTRY`) with an `index.json` that lists the files of every
version with their sizes and hashes. A file is fetched into the cache (`CONFLICTDATA_HOME`) on first use, and its
SHA-256 is checked. A version never changes: an entry that differs from the one seen before is reported and not used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from conflictdata.findings import UsageError
from conflictdata.registry.cache import Cache
from conflictdata.registry.index import Entry
from conflictdata.registry.remote import Remote, is_offline

Watch = Callable[[str, int], None]  # called with the path of a file and the number of bytes received


def locate_file(version: str, path: str) -> Path:
    """Return the cached path of a file, fetching it if missing.

    Args:
        version: Such as `1.2.0`.
        path: Path in the version's folder, such as `parquet/claims.parquet`.

    Raises:
        UsageError: If the version or file does not exist, it cannot be fetched, or its hash differs from the index.
    """
    cache = Cache.open_default()
    entry = _find_entry(cache, version)
    return _fetch_file(cache, entry, path, None)


def fetch(version: str, *, paths: Sequence[str] = (), again: bool = False, watch: Watch | None = None) -> Path:
    """Fetch a version into the cache.

    Args:
        version: Such as `1.2.0`.
        paths: Paths of files, or of folders with a slash at their end. Empty: all files.
        again: Read the registry's index again, and delete cached files that differ from it.
        watch: Progress callback.

    Returns:
        The version's folder in the cache.

    Raises:
        UsageError: As for `locate_file`.
    """
    cache = Cache.open_default()
    entry = _refresh_entry(cache, version) if again else _find_entry(cache, version)
    for path in select_files(entry, paths):
        _fetch_file(cache, entry, path, watch)
    return cache.locate_folder(version)


def select_files(entry: Entry, paths: Sequence[str]) -> list[str]:
    """Return the files of a version that match the paths or folders, in order."""
    if not paths:
        return list(entry.files)
    return [p for p in entry.files if any(p == w or (w.endswith("/") and p.startswith(w)) for w in paths)]


def read_entry(version: str) -> Entry:
    """Return the index entry of a version.

    Raises:
        UsageError: As for `locate_file`.
    """
    return _find_entry(Cache.open_default(), version)


def list_known_versions() -> dict[str, Entry]:
    """Return all versions in the cache and the registry, in ascending order.

    The registry is used only if one is set.

    Raises:
        UsageError: If the registry cannot be reached, or changed a version.
    """
    cache = Cache.open_default()
    remote = Remote.from_environment()
    if remote is None or is_offline():
        return cache.index()
    return cache.remember(remote.index())


def _find_entry(cache: Cache, version: str) -> Entry:
    """Return the entry of a version, from the cache if possible, else the registry."""
    cache.locate_folder(version)  # refuses an invalid version before it is used in a path
    entry = cache.index().get(version)
    if entry is not None:
        return entry
    remote = _require_remote(f"version {version} is not in the cache ({cache.root})", f"conflictdata fetch {version}")
    with cache.lock_version(version):  # of several processes, one fetches the index
        entry = cache.index().get(version) or cache.remember(remote.index()).get(version)
    if entry is None:
        raise UsageError(f"there is no version {version!r} in {remote.address}; it has {_list_files(cache.index())}")
    return entry


def _refresh_entry(cache: Cache, version: str) -> Entry:
    remote = _require_remote(f"version {version} is to be fetched again", f"conflictdata fetch {version} --again")
    entries = remote.index()
    if version not in entries:
        raise UsageError(f"there is no version {version!r} in {remote.address}; it has {_list_files(entries)}")
    cache.accept_entry(entries[version])
    return entries[version]


def _fetch_file(cache: Cache, entry: Entry, path: str, watch: Watch | None) -> Path:
    """Return a cached file after checking its hash, fetching it if missing."""
    if path not in entry.files:
        raise UsageError(f"version {entry.version} has no file {path}; it has {_list_files(entry.files)}")
    if not cache.has(entry, path):
        missing = f"{path} of version {entry.version} is not in the cache ({cache.root})"
        remote = _require_remote(missing, f"conflictdata fetch {entry.version}")
        with cache.lock_version(entry.version):
            if not cache.has(entry, path):
                remote.fetch_file(entry, path, cache.locate_folder(entry.version), watch)
    return cache.check_file(entry, path)


def _require_remote(what: str, command: str) -> Remote:
    if is_offline():
        raise UsageError(f"{what}, and CONFLICTDATA_OFFLINE is set; without it, `{command}` fetches it")
    remote = Remote.from_environment()
    if remote is None:
        raise UsageError(
            f"{what}, and no registry is set: export CONFLICTDATA_REGISTRY=<web address or folder with an index.json>, "
            f"then `{command}`"
        )
    return remote


def _list_files(names: Iterable[str]) -> str:
    listed = list(names)
    return ", ".join(listed[:12]) + (" ..." if len(listed) > 12 else "") if listed else "none"
