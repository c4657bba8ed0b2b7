"""`index.json`: the versions of a registry, and size and hash of each file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from conflictdata.findings import UsageError

NAME = "index.json"
LONGEST = 64  # characters of a version
FORM = 1  # version of the file format; later ones are refused

_VERSION = re.compile(r"(?:0|[1-9][0-9]*)(?:\.(?:0|[1-9][0-9]*)){2}\Z")
_SHA256 = re.compile(r"[0-9a-f]{64}\Z")
_PART = re.compile(r"[A-Za-z0-9._][A-Za-z0-9._ +-]*\Z")


@dataclass(frozen=True)
class File:
    """A file of a version: its size in bytes, and its SHA-256 in hexadecimal."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Entry:
    """A version.

    Attributes:
        version: `major.minor.patch`.
        released: ISO day.
        files: Files by path in the version's folder.
    """

    version: str
    released: str
    files: Mapping[str, File]

    def as_dict(self) -> dict[str, Any]:
        """Return the entry in the form of the index."""
        return {
            "version": self.version,
            "released": self.released,
            "descriptor": f"{self.version}/datapackage.json",
            "files": [
                {"path": f"{self.version}/{path}", "bytes": file.size, "sha256": file.sha256}
                for path, file in self.files.items()
            ],
        }


def order(version: str) -> tuple[int, ...]:
    """Return a version as a sort key: 1.10.0 comes after 1.9.0."""
    return tuple(map(int, version.split(".")))


def is_version(text: Any) -> bool:
    """Return whether a text is three numbers such as 1.2.0."""
    return isinstance(text, str) and len(text) <= LONGEST and bool(_VERSION.match(text))


def is_safe(path: Any) -> bool:
    """Return whether a path stays in its folder on every system.

    Only plain names are safe: no `..`, no drive, no backslash.
    """
    return (
        isinstance(path, str)
        and bool(path)
        and all(_PART.match(part) and part not in (".", "..") and part.strip() == part for part in path.split("/"))
        and not PurePosixPath(path).is_absolute()
    )


def write(entries: Iterable[Entry]) -> str:
    """Return the text of an index, versions in ascending order."""
    listed = sorted(entries, key=lambda entry: order(entry.version))
    document = {"index_version": FORM, "name": "conflictdata", "versions": [entry.as_dict() for entry in listed]}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def read(content: bytes, where: str) -> dict[str, Entry]:
    """Read an index. Return the entries by version, in ascending order.

    Args:
        content: Contents of the file.
        where: Address of the file, for messages.

    Raises:
        UsageError: If the file is not an index, or names a file outside its version's folder.
    """
    try:
        document = json.loads(content)
        if document["index_version"] != FORM:
            raise UsageError(
                f"{where} has the form {document['index_version']!r}; this version of conflictdata reads {FORM}"
            )
        entries = [_parse_entry(item) for item in document["versions"]]
    except UsageError:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as fault:
        raise UsageError(f"{where} is not an index of versions ({_describe_fault(fault)})") from None
    return {entry.version: entry for entry in sorted(entries, key=lambda entry: order(entry.version))}


def _describe_fault(fault: Exception) -> str:
    return f"{fault} is missing" if isinstance(fault, KeyError) else str(fault) or type(fault).__name__


def _parse_entry(item: Mapping[str, Any]) -> Entry:
    version = item["version"]
    if not is_version(version):
        raise ValueError(f"{str(version)[:LONGEST]!r} is not a version")
    files: dict[str, File] = {}
    for listed in item["files"]:
        path, size, sha256 = listed["path"], listed["bytes"], listed["sha256"]
        inner = path.removeprefix(f"{version}/") if isinstance(path, str) else path
        if not is_safe(inner) or inner == path:
            raise ValueError(f"{path!r} is not a path inside {version}/")
        if type(size) is not int or size < 0 or not (isinstance(sha256, str) and _SHA256.match(sha256)):
            raise ValueError(f"{path} has no size and SHA-256")
        files[inner] = File(size, sha256)
    return Entry(version, str(item["released"]), files)
