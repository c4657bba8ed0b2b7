"""A memory on the disk: one zip of Parquet tables, replaced as a whole. It holds data alone, nothing that is run."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import time
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from conflictdata._utils.paths import find_cache_folder
from conflictdata.readers.records import FILE, PLACES, make_record_schema

LARGEST = 200_000_000  # bytes of one memory
MOST = 8  # memories; the one that was not renewed for longest goes first
ABANDONED = 3600  # seconds after which a half-written file is that of a run that was killed
DOUBTFUL = 2_000_000_000  # nanoseconds: the coarsest times that a file system keeps

_UNREADABLE = (
    OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError, NotImplementedError, zipfile.BadZipFile,
    pl.exceptions.PolarsError, pl.exceptions.PanicException,
)  # fmt: skip
_ABOUT = "about.json"
_FILES = "files.parquet"
_COLUMNS: dict[str, Any] = {
    "name": pl.String, "size": pl.Int64, "modified": pl.Int64, "changed": pl.Int64, "inode": pl.UInt64,
    "checked": pl.Int64, "sha256": pl.String, "words": pl.List(pl.String),
}  # fmt: skip


class Mark(NamedTuple):
    """By what a file is known again. Times are nanoseconds; `checked` is the moment before its bytes were read."""

    size: int
    modified: int
    changed: int
    inode: int
    checked: int
    sha256: str

    @classmethod
    def of(cls, status: os.stat_result, checked: int, data: bytes) -> Mark:
        """The mark of a file whose status was asked for after `checked`, and its bytes read after that."""
        times = status.st_mtime_ns, status.st_ctime_ns
        return cls(status.st_size, *times, status.st_ino, checked, hashlib.sha256(data).hexdigest())

    def fits(self, status: os.stat_result) -> bool:
        """True where the system says that the file is as it was, and its times were old enough then to tell."""
        same = (status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino) == self[:4]
        return same and max(self.modified, self.changed) + DOUBTFUL < self.checked


@dataclass(frozen=True)
class Stored:
    """What is remembered.

    Attributes:
        files: the mark of each file, by its name in the folder.
        words: of each of these files, in the same order, all texts that stand in it.
        records: the records of the files as columns, by table.
        names: the names that the files could use.
        quiet: the files in which no cell is wrong, and of which no rule within a page has found anything.
        silent: the rules that look at none of these files and found nothing.
        context: by what the files were checked, and beside what.
    """

    files: dict[str, Mark]
    words: pl.Series
    records: dict[str, pl.DataFrame]
    names: dict[str, Any]
    quiet: frozenset[str]
    silent: frozenset[str]
    context: str


def place(folder: Path) -> Path:
    """Where the memory of a folder of seeds lies."""
    name = hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:32]
    return find_cache_folder() / "readings" / f"{name}.zip"


@cache
def reader() -> str:
    """SHA-256 of the code that reads, and of the libraries that it stands on: another reader may read otherwise."""
    package = Path(__file__).parents[1]
    digest = hashlib.sha256(f"{pl.__version__} {_yaml_version()}".encode())
    for file in sorted([*package.glob("readers/*.py"), *package.glob("seeds/*.py"), *package.glob("schema/*.py")]):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _yaml_version() -> str:
    import yaml

    return str(yaml.__version__)


def load(path: Path) -> Stored | None:
    """A memory; None where there is none, it cannot be read, or another reader made it."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
        with zipfile.ZipFile(BytesIO(data)) as archive:
            about = json.loads(_member(archive, _ABOUT))
            if about["reader"] != reader():
                return None
            files = _parquet(_member(archive, _FILES), _COLUMNS)
            records = {t: _parquet(_member(archive, f"{t}.parquet"), make_record_schema(t)) for t in about["tables"]}
        for table, frame in records.items():
            _check(table, frame, files.height)
        marks = {name: Mark(*mark) for name, *mark in files.drop("words").iter_rows()}
        quiet, silent = frozenset(about["quiet"]), frozenset(about["silent"])
        return Stored(marks, files["words"], records, about["names"], quiet, silent, str(about["context"]))
    except _UNREADABLE:
        return None


def _member(archive: zipfile.ZipFile, name: str) -> bytes:
    info = archive.getinfo(name)
    if info.compress_type != zipfile.ZIP_STORED or info.file_size > LARGEST:
        raise ValueError(f"{name} is not stored as it is")
    return archive.read(info)


def _parquet(data: bytes, columns: Mapping[str, Any]) -> pl.DataFrame:
    frame = pl.read_parquet(BytesIO(data))
    if dict(frame.schema) != dict(columns):
        raise ValueError("other columns than a memory has")
    return frame


def _check(table: str, frame: pl.DataFrame, files: int) -> None:
    """Raise `ValueError` where a record stands in no file, or its places are not one for each cell."""
    width = 2 * (frame.width - 1)
    fits = (pl.col(FILE) < files).fill_null(value=False) & (pl.col(PLACES).list.len() == width).fill_null(value=False)
    if not frame.select(fits.all()).item():
        raise ValueError(f"{table}: a record of no file, or without its places")


def save(path: Path, stored: Stored) -> None:
    """Put a memory in the place of the one that is there. Where it cannot be written, the old one stays, or none."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    content = _content(stored)
    if sum(map(len, content.values())) > LARGEST:
        return
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with zipfile.ZipFile(fresh, "w", zipfile.ZIP_STORED) as archive:
                for name, data in content.items():
                    archive.writestr(name, data)
            fresh.replace(path)
        finally:
            fresh.unlink(missing_ok=True)
        _tidy(path)


def _content(stored: Stored) -> dict[str, bytes]:
    about = {
        "reader": reader(),
        "tables": list(stored.records),
        "names": stored.names,
        "quiet": sorted(stored.quiet),
        "silent": sorted(stored.silent),
        "context": stored.context,
    }
    marks = [(name, *mark) for name, mark in stored.files.items()]
    schema = {name: dtype for name, dtype in _COLUMNS.items() if name != "words"}
    files = pl.DataFrame(marks, schema=schema, orient="row").with_columns(stored.words.alias("words"))
    frames = {_FILES: files, **{f"{table}.parquet": frame for table, frame in stored.records.items()}}
    return {_ABOUT: json.dumps(about).encode(), **{name: _bytes(frame) for name, frame in frames.items()}}


def _bytes(frame: pl.DataFrame) -> bytes:
    out = BytesIO()
    frame.write_parquet(out, compression="zstd", compression_level=1)
    return out.getvalue()


def _tidy(path: Path) -> None:
    """Remove what killed runs left half-written, and the oldest memories where there are many."""
    there = [(entry.stat().st_mtime, entry) for entry in _files(path.parent)]
    half = [(since, entry) for since, entry in there if entry.name.startswith(".")]
    for since, entry in half:
        if since < time.time() - ABANDONED:
            entry.unlink(missing_ok=True)
    whole = sorted((found for found in there if found not in half), reverse=True)
    for _, entry in whole[MOST:]:
        entry.unlink(missing_ok=True)


def _files(folder: Path) -> Iterator[Path]:
    """Our files in the folder of memories."""
    for entry in folder.iterdir():
        if ".zip" in entry.name and entry.is_file():
            yield entry
