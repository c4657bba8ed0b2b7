"""Unpack a possibly hostile zip: check everything before anything is written."""

from __future__ import annotations

import shutil
import stat
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from conflictdata.findings import UsageError
from conflictdata.registry.index import is_safe

CHUNK = 1 << 20


@dataclass(frozen=True)
class Limits:
    """The limits of an archive.

    Attributes:
        members: Number of files.
        size: Bytes of all files together, unpacked.
        ratio: Unpacked bytes per packed byte, of each large member and of all small ones (1 MiB) together. Deflate reaches
            1,000 on zeros, text rarely 30.
    """

    members: int = 1_000
    size: int = 64 << 30
    ratio: int = 250


def extract(archive: Path, into: Path, limits: Limits = Limits()) -> list[str]:
    """Unpack a zip.

    Checks names, kinds and sizes before it writes anything. A member that is longer than its header says is refused
    while it is read.

    Args:
        archive: The zip.
        into: An empty folder.
        limits: Limits of the archive.

    Returns:
        The paths of its files, in order.

    Raises:
        UsageError: If the file is not a zip or is damaged, a member is not a plain file inside the folder, or the
            archive exceeds the limits.
    """
    try:
        with zipfile.ZipFile(archive) as packed:
            members = [m for m in packed.infolist() if not m.is_dir()]
            _check(archive, packed.infolist(), limits)
            for member in members:
                _write(packed, member, into / member.filename)
            return [m.filename for m in members]
    except UsageError:
        raise
    except OSError as fault:
        raise UsageError(f"{fault.filename or archive}: {fault.strerror or fault}") from None
    except Exception as fault:
        # BadZipFile, zlib.error, UnicodeDecodeError and others: zipfile does not catch what damaged bytes cause.
        reason = (str(fault).splitlines() or [type(fault).__name__])[0]
        raise UsageError(
            f"{archive} is not a whole zip: {reason}; fetch it again from where it was published"
        ) from None


def _check(archive: Path, members: Iterable[zipfile.ZipInfo], limits: Limits) -> None:
    listed = list(members)
    if len(listed) > limits.members:
        raise UsageError(f"{archive} has {len(listed):,} members, more than {limits.members:,}")
    seen: dict[str, str] = {}
    for member in listed:
        _check_member(archive, member, limits)
        key = member.filename.rstrip("/").casefold()  # some systems ignore case in file names
        if key in seen:
            raise UsageError(f"{archive}: {member.filename!r} and {seen[key]!r} would be one file")
        seen[key] = member.filename
    small = [m for m in listed if m.file_size <= CHUNK]
    unpacked, stored = sum(m.file_size for m in small), sum(m.compress_size for m in small)
    if unpacked > CHUNK and unpacked > limits.ratio * max(stored, 1):
        raise UsageError(
            f"{archive}: {len(small):,} small members unpack from {stored:,} to {unpacked:,} bytes, which no table does"
        )
    total = sum(m.file_size for m in listed)
    if total > limits.size:
        raise UsageError(f"{archive} unpacks to {total:,} bytes, more than {limits.size:,}")


def _check_member(archive: Path, member: zipfile.ZipInfo, limits: Limits) -> None:
    name = member.orig_filename  # the complete name: `filename` is cut at a zero byte
    if not is_safe(name.rstrip("/")):
        raise UsageError(f"{archive}: the member {name!r} is not a path inside the folder")
    kind = stat.S_IFMT(member.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise UsageError(f"{archive}: the member {name!r} is a link or a device, not a file")
    if member.flag_bits & 1:
        raise UsageError(f"{archive}: the member {name!r} is encrypted")
    if member.file_size > CHUNK and member.file_size > limits.ratio * max(member.compress_size, 1):
        raise UsageError(
            f"{archive}: the member {name!r} unpacks from {member.compress_size:,} to {member.file_size:,} bytes, which no table does"
        )


def _write(packed: zipfile.ZipFile, member: zipfile.ZipInfo, to: Path) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    with packed.open(member) as source, to.open("xb") as out:
        # zipfile stops at the declared size; the checksum fails if there is more.
        shutil.copyfileobj(source, out, CHUNK)
