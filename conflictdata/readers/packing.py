"""Packed files: the form of a table by the name of its file, and its bytes, unpacked from .gz, .zst or .zip."""

from __future__ import annotations

import glob
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from conflictdata._utils.paths import display_path
from conflictdata.findings import UsageError

BLOCK = 1 << 22
LARGEST_JSON = 200_000_000  # bytes of JSON; more are given as CSV or Parquet
MAX_RATIO, MIN_BOMB = 300, 1 << 28
_MAX_GZIP = 1032  # bytes of text per byte that gzip can reach
_PACKED_TIMES = 8  # bytes of text per byte, packed by zstd
PACKED_SUFFIXES = (".gz", ".zst", ".zip")
# By suffix in small letters, the form of a table.
FORMATS = {
    ".csv": "csv", ".tsv": "csv", ".txt": "csv", ".parquet": "parquet",
    ".json": "json", ".ndjson": "json", ".jsonl": "json",
}  # fmt: skip


def detect_format(path: Path) -> str:
    """Return `csv`, `parquet` or `json` by the name of a file, of a zip by that of its table; "" for another file."""
    name = Path(path.name.lower())
    if name.suffix in PACKED_SUFFIXES:
        packed = name.with_suffix("")
        return FORMATS.get(packed.suffix, _detect_member_format(path) if name.suffix == ".zip" else "")
    return FORMATS.get(name.suffix, "")


def _detect_member_format(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            tables = _list_tables(_list_members(archive))
    except (OSError, zipfile.BadZipFile, NotImplementedError):
        return "csv"
    return FORMATS.get(Path(tables[0].filename.lower()).suffix, "csv") if len(tables) == 1 else "csv"


def is_packed(path: Path) -> bool:
    """Return whether a file is packed, by its name."""
    return path.suffix.lower() in PACKED_SUFFIXES


def strip_suffixes(path: Path) -> str:
    """Return the name of a file without the suffixes of its form: `figures` for `figures.csv.gz`."""
    name = path.name
    for suffixes in (PACKED_SUFFIXES, FORMATS):
        if Path(name).suffix.lower() in suffixes:
            name = name[: -len(Path(name).suffix)]
    return name


class UnpackError(UsageError):
    """A packed file is damaged, or is none."""


@contextmanager
def open_bytes(path: Path) -> Iterator[IO[bytes]]:
    """Open the bytes of a file, unpacked.

    Raises:
        UsageError: The file cannot be opened, is not a regular file, is damaged, ends too early, or is a zip of several files; also
            while it is read.
    """
    try:
        with _open(path) as stream:
            yield stream
    except UsageError:
        raise
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, RuntimeError, NotImplementedError) as fault:
        reason = (str(getattr(fault, "strerror", None) or fault).splitlines() or ["it is damaged"])[0]
        if is_packed(path):
            raise UnpackError(
                f"{display_path(path)} cannot be unpacked: {reason}; check that the download is complete"
            ) from fault
        raise UsageError(f"{display_path(path)} cannot be read: {reason}") from fault


def _open(path: Path) -> IO[bytes]:
    if not stat.S_ISREG(os.stat(path).st_mode):
        raise UsageError(f"{display_path(path)} is not a regular file")
    match path.suffix.lower():
        case ".gz":
            import gzip

            return gzip.open(path, "rb")  # type: ignore[return-value]
        case ".zst":
            import pyarrow as pa

            stream: IO[bytes] = pa.CompressedInputStream(str(path), "zstd")
            return stream
        case ".zip":
            return _open_zip(path)
    return path.open("rb")


def _open_zip(path: Path) -> IO[bytes]:
    archive = zipfile.ZipFile(path)
    members = _list_members(archive)
    tables = _list_tables(members)
    if len(tables) != 1:
        shown = tables or members
        names = ", ".join(m.filename[:80] for m in shown[:5]) + (", ..." if len(shown) > 5 else "")
        what = "tables" if tables else "files"
        if not shown:
            raise UsageError(f"{display_path(path)} holds no file; check that the download is complete")
        raise UsageError(
            f"{display_path(path)} holds {len(shown):,} {what} ({names}); unpack it, and name the table that is meant"
        )
    return archive.open(tables[0])


def _list_members(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """Return the files of a zip, without those that systems add."""
    named = [m for m in archive.infolist() if not m.is_dir() and not m.filename.startswith("__MACOSX/")]
    return [m for m in named if not Path(m.filename).name.startswith(".")]


def _list_tables(members: Sequence[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
    """Return the tables among the files of a zip: makers pack a codebook and a licence with them."""
    if len(members) == 1:
        return list(members)
    known = [m for m in members if FORMATS.get(Path(m.filename.lower()).suffix)]
    return [m for m in known if not m.filename.lower().endswith(".txt")] or known


def iterate_blocks(path: Path) -> Iterator[bytes]:
    """Yield the bytes of a file, unpacked, in blocks.

    Raises:
        UsageError: As `open_bytes`; or the file unpacks to more than `MAX_RATIO` times its size, as no table does.
    """
    done, limit = 0, max(MIN_BOMB, path.stat().st_size * MAX_RATIO) if path.is_file() else MIN_BOMB
    with open_bytes(path) as stream:
        while block := stream.read(BLOCK):
            done += len(block)
            if done > limit and is_packed(path):
                raise UnpackError(
                    f"{display_path(path)} unpacks to more than {MAX_RATIO} times its size, as no table does; unpack it yourself"
                )
            yield block


def estimate_size(path: Path) -> int:
    """Return the number of bytes of a file, unpacked, as the file says; of one that does not say it, as files of its kind have."""
    size = path.stat().st_size
    match path.suffix.lower():
        case ".gz":
            with path.open("rb") as opened:
                opened.seek(max(0, size - 4))
                length = int.from_bytes(opened.read(4), "little")
            return length if size < length < size * _MAX_GZIP else size  # a damaged file says anything
        case ".zip":
            try:
                with zipfile.ZipFile(path) as archive:
                    return sum(member.file_size for member in archive.infolist())
            except (zipfile.BadZipFile, OSError):
                return size
        case ".zst":
            return size * _PACKED_TIMES
    return size


def read_start(path: Path, size: int) -> bytes:
    """Return the first bytes of a file, unpacked.

    Raises:
        UsageError: As `open_bytes`.
    """
    with open_bytes(path) as stream:
        return stream.read(size)


def parse_constants(path: Path, root: Path) -> dict[str, str]:
    """Return the columns that the names of folders give: `year=2024` gives every row the year 2024."""
    try:
        folders = path.relative_to(root).parts[:-1]
    except ValueError:
        folders = path.parts[:-1]
    pairs = (name.partition("=") for name in folders if "=" in name)
    return {name: value for name, _, value in pairs if value != "__HIVE_DEFAULT_PARTITION__"}


def find_files(target: str | Path) -> list[tuple[Path, Path]]:
    """Find the files that a path means, each with the folder that it was found from.

    Args:
        target: A file, a folder (every CSV and Parquet file below it), or a pattern such as `ged/*.csv.gz`, used if no such path
            exists.

    Raises:
        UsageError: Nothing is there.
    """
    if "://" in str(target) or re.match(r"(s3a?|hdfs|gs|abfss?|https?):/", str(target)):
        raise UsageError(f"{target} is an address; mount the store that it is in, or name a copy (docs/large.md)")
    path = Path(target)
    if path.is_dir():
        matches = [p for p in path.rglob("*") if p.is_file() and is_part(p)]
        root = path
    elif path.exists():
        matches, root = [path], path.parent
    else:
        root, pattern = _split_pattern(path)
        matches = [p for name in glob.glob(pattern, root_dir=root, recursive=True) if (p := root / name).is_file()]
    if not matches:
        is_pattern = path.is_dir() or glob.has_magic(str(path))
        raise UsageError(f"{target} {'holds no CSV, JSON or Parquet file' if is_pattern else 'does not exist'}")
    return [(match, root) for match in sorted(matches)]


def is_part(path: Path) -> bool:
    """Return whether a file in a folder is a table, by its name: no hidden file, and no text such as a README."""
    return bool(detect_format(path)) and path.suffix.lower() != ".txt" and not path.name.startswith((".", "_"))


def _split_pattern(path: Path) -> tuple[Path, str]:
    """Split a path that does not exist into the longest folder that does, which is never a pattern, and the rest."""
    root = next((folder for folder in path.parents if folder.is_dir()), Path(path.anchor))
    return root, str(path.relative_to(root))
