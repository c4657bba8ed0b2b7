"""Published versions: a registry that holds them, and a cache on this machine.

A registry is a folder or a web address (`CONFLICTDATA_REGISTRY`) with an `index.json` that lists the files of every
version with their sizes and hashes. Files come into the cache (`CONFLICTDATA_HOME`) when they are first asked for, each
checked by its SHA-256. A version never changes; whatever says otherwise is reported and not believed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from conflictdata.findings import UsageError
from conflictdata.registry.cache import Cache
from conflictdata.registry.index import Entry
from conflictdata.registry.remote import Remote, is_offline

Watch = Callable[[str, int], None]  # called with a file's path and bytes that have come


def locate_file(version: str, path: str) -> Path:
    """Where a file of a version lies in the cache; it is fetched where it is not there.

    Args:
        version: such as `1.2.0`.
        path: of the file in the version's folder, such as `parquet/claims.parquet`.

    Raises:
        UsageError: there is no such version or file, it cannot be fetched, or it is not what the index says.
    """
    cache = Cache.open_default()
    entry = _find_entry(cache, version)
    return _fetch_file(cache, entry, path, None)


def fetch(version: str, *, paths: Sequence[str] = (), again: bool = False, watch: Watch | None = None) -> Path:
    """Bring a version into the cache.

    Args:
        version: such as `1.2.0`.
        paths: paths of files, or of folders with a slash at their end; all files where none is given.
        again: ask the registry anew, and drop what differs from what it says now.
        watch: told of progress.

    Returns:
        The version's folder in the cache.

    Raises:
        UsageError: as `located`.
    """
    cache = Cache.open_default()
    entry = _refresh_entry(cache, version) if again else _find_entry(cache, version)
    for path in select_files(entry, paths):
        _fetch_file(cache, entry, path, watch)
    return cache.locate_folder(version)


def select_files(entry: Entry, paths: Sequence[str]) -> list[str]:
    """List the files of a version that are or begin with one of some paths, in order."""
    if not paths:
        return list(entry.files)
    return [p for p in entry.files if any(p == w or (w.endswith("/") and p.startswith(w)) for w in paths)]


def read_entry(version: str) -> Entry:
    """What the index says of a version.

    Raises:
        UsageError: as `located`.
    """
    return _find_entry(Cache.open_default(), version)


def list_known_versions() -> dict[str, Entry]:
    """All versions that the cache and the registry know, in ascending order; the registry is asked where one is set.

    Raises:
        UsageError: the registry cannot be reached, or changed a version.
    """
    cache = Cache.open_default()
    remote = Remote.from_environment()
    if remote is None or is_offline():
        return cache.index()
    return cache.remember(remote.index())


def _find_entry(cache: Cache, version: str) -> Entry:
    """A version's entry: from the cache, which believes what it has seen, else from the registry."""
    cache.locate_folder(version)  # refuses what is no version, before it names a file
    found = cache.index().get(version)
    if found is not None:
        return found
    remote = _require_remote(f"version {version} is not in the cache ({cache.root})", f"conflictdata fetch {version}")
    with cache.lock_version(version):  # of many processes, one asks
        found = cache.index().get(version) or cache.remember(remote.index()).get(version)
    if found is None:
        raise UsageError(f"there is no version {version!r} in {remote.address}; it has {_list_files(cache.index())}")
    return found


def _refresh_entry(cache: Cache, version: str) -> Entry:
    remote = _require_remote(f"version {version} is to be fetched again", f"conflictdata fetch {version} --again")
    found = remote.index()
    if version not in found:
        raise UsageError(f"there is no version {version!r} in {remote.address}; it has {_list_files(found)}")
    cache.accept_entry(found[version])
    return found[version]


def _fetch_file(cache: Cache, entry: Entry, path: str, watch: Watch | None) -> Path:
    """A file of the cache that is what the index says; fetched where it is missing."""
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
